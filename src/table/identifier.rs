//! Ids of tables: CURIEs and IRIs, checked once and never put together before they are written.

use std::borrow::Cow;

use super::fault::FaultKind;
use crate::prefix::{PrefixMap, has_plain_ends, is_absolute_iri};
use crate::suggest;

/// A prefix and what it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Namespace {
    /// The prefix with its colon.
    prefix: String,
    /// Its first bytes, the others zero.
    first: u64,
    /// Ones where `first` has bytes of the prefix.
    mask: u64,
    /// The beginning of IRIs.
    iri: String,
    /// Whether any run of plain characters after it makes a legal IRI.
    is_open: bool,
    /// Whether Turtle shortens what begins with it to this prefix and no other.
    is_canonical: bool,
}

/// The prefixes of tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Namespaces {
    all: Vec<Namespace>,
    map: PrefixMap,
}

/// A legal IRI, as it stood in the table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Identifier<'a> {
    /// A CURIE.
    Curie(Curie<'a>),
    /// An absolute IRI.
    Iri(Cow<'a, str>),
}

/// A declared prefix and a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Curie<'a> {
    namespace: &'a Namespace,
    /// As it stood in the table, prefix included.
    text: &'a str,
}

/// Why a text is no identifier.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct IdentifierFault {
    pub(super) kind: FaultKind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Namespaces {
    pub(super) fn new(map: PrefixMap) -> Self {
        let all = map
            .iter()
            .map(|(prefix, iri)| {
                let prefix_with_colon = format!("{prefix}:");
                let (first, mask) = first_bytes(&prefix_with_colon);
                Namespace {
                    prefix: prefix_with_colon,
                    first,
                    mask,
                    iri: iri.to_owned(),
                    is_open: is_open(iri),
                    is_canonical: map.iter().all(|(other, namespace)| {
                        other == prefix
                            || !namespace.starts_with(iri)
                            || (namespace == iri && prefix < other)
                    }),
                }
            })
            .collect();
        Self { all, map }
    }

    /// The identifier that `text` is. `recent` is where the last one of the same column was found.
    #[inline]
    pub(super) fn resolve<'a>(
        &'a self,
        text: &'a str,
        recent: &mut usize,
    ) -> Result<Identifier<'a>, IdentifierFault> {
        let recent_one = self.all.get(*recent);
        match recent_one.and_then(|it| it.legal_curie(text)) {
            Some(curie) => Ok(Identifier::Curie(curie)),
            None => self.resolve_other(text, recent),
        }
    }

    /// The CURIE that `text` is, all of whose bytes are [plain](super::field_ends::is_plain), if it is of
    /// the prefix found at `recent` and so seen at once to be legal.
    #[inline(always)]
    pub(super) fn plain_curie<'a>(
        &'a self,
        text: &'a str,
        recent: usize,
    ) -> Option<Identifier<'a>> {
        let namespace = self.all.get(recent)?;
        namespace.curie(text).map(Identifier::Curie)
    }

    /// The identifier of another prefix than the last, or that needs a second look.
    #[inline(never)]
    fn resolve_other<'a>(
        &'a self,
        text: &'a str,
        recent: &mut usize,
    ) -> Result<Identifier<'a>, IdentifierFault> {
        let mut all = self.all.iter().enumerate();
        let found = all.find(|(_, namespace)| text.starts_with(&namespace.prefix));
        let Some((at, namespace)) = found else {
            return self.resolve_undeclared(text);
        };
        *recent = at;
        if let Some(curie) = namespace.legal_curie(text) {
            return Ok(Identifier::Curie(curie));
        }
        let identifier = Identifier::Curie(Curie { namespace, text });
        if is_absolute_iri(&identifier.to_iri()) {
            Ok(identifier)
        } else {
            Err(not_an_iri(text))
        }
    }

    /// An absolute IRI, as [`PrefixMap::expand`] has it.
    fn resolve_undeclared<'a>(&self, text: &'a str) -> Result<Identifier<'a>, IdentifierFault> {
        match text.split_once(':') {
            None => Err(not_an_iri(text)),
            Some((prefix, local))
                if !local.starts_with("//") && !matches!(prefix, "urn" | "mailto" | "tag") =>
            {
                Err(self.unknown_prefix(prefix))
            }
            Some(_) if is_absolute_iri(text) => Ok(Identifier::Iri(Cow::Borrowed(text))),
            Some(_) => Err(not_an_iri(text)),
        }
    }

    fn unknown_prefix(&self, prefix: &str) -> IdentifierFault {
        let known = self.map.iter().map(|(prefix, _)| prefix);
        let hint = match suggest::nearest(prefix, known) {
            Some(name) => format!("did you mean `{name}:`?"),
            None => format!("declare it: --prefix '{prefix}=IRI', or [prefixes] of the mapping"),
        };
        IdentifierFault {
            kind: FaultKind::UnknownPrefix,
            message: format!("unknown prefix `{prefix}`"),
            hint: Some(hint),
        }
    }
}

impl Namespace {
    /// The CURIE of this prefix that `text` is, if it is seen at once to be legal.
    #[inline]
    fn legal_curie<'a>(&'a self, text: &'a str) -> Option<Curie<'a>> {
        let curie = self.curie(text)?;
        (class_of(curie.local_bytes()) & IN_IRIS != 0).then_some(curie)
    }

    /// The CURIE of this prefix that `text` is. It is legal if its bytes may stand anywhere in an IRI.
    #[inline(always)]
    fn curie<'a>(&'a self, text: &'a str) -> Option<Curie<'a>> {
        (self.is_open && self.begins(text)).then_some(Curie {
            namespace: self,
            text,
        })
    }

    /// Whether `text` begins with the prefix.
    #[inline(always)]
    fn begins(&self, text: &str) -> bool {
        match text.as_bytes().first_chunk() {
            Some(first) if self.prefix.len() <= first.len() => {
                u64::from_le_bytes(*first) & self.mask == self.first
            }
            _ => text.starts_with(&self.prefix),
        }
    }
}

/// The first bytes of `text` as a number, and the same with all bits set.
fn first_bytes(text: &str) -> (u64, u64) {
    let (mut first, mut mask) = ([0; 8], [0; 8]);
    for (at, byte) in text.bytes().take(first.len()).enumerate() {
        first[at] = byte;
        mask[at] = u8::MAX;
    }
    (u64::from_le_bytes(first), u64::from_le_bytes(mask))
}

impl<'a> Curie<'a> {
    /// What stands after the colon.
    fn local(&self) -> &'a str {
        self.text
            .get(self.namespace.prefix.len()..)
            .unwrap_or_default()
    }

    #[inline]
    fn local_bytes(&self) -> &'a [u8] {
        let bytes = self.text.as_bytes();
        bytes.get(self.namespace.prefix.len()..).unwrap_or_default()
    }

    /// Whether Turtle writes it just as it stood in the table.
    fn is_turtle(&self) -> bool {
        self.namespace.is_canonical
            && class_of(self.local_bytes()) & IN_NAMES != 0
            && has_plain_ends(self.local())
    }
}

impl Identifier<'_> {
    /// The same, whose text is its own.
    pub(super) fn into_owned(self) -> Identifier<'static> {
        Identifier::Iri(Cow::Owned(self.to_iri().into_owned()))
    }

    /// The whole IRI.
    pub fn to_iri(&self) -> Cow<'_, str> {
        match self {
            Self::Curie(_) => Cow::Owned(self.parts().concat()),
            Self::Iri(iri) => Cow::Borrowed(iri),
        }
    }

    /// As it stands in the table, which for one set of prefixes means one IRI.
    #[inline]
    pub(super) fn spelling(&self) -> &str {
        match self {
            Self::Curie(curie) => curie.text,
            Self::Iri(iri) => iri,
        }
    }

    /// The whole IRI, in two parts.
    #[inline]
    pub(super) fn parts(&self) -> [&str; 2] {
        match self {
            Self::Curie(curie) => [&curie.namespace.iri, curie.local()],
            Self::Iri(iri) => [iri, ""],
        }
    }

    /// The CURIE that it is in the table, if it is one.
    #[inline]
    pub(super) fn as_curie(&self) -> Option<&str> {
        match self {
            Self::Curie(curie) => Some(curie.text),
            Self::Iri(_) => None,
        }
    }

    /// Appends the whole IRI.
    #[inline(always)]
    pub(super) fn append_iri(&self, out: &mut Vec<u8>) {
        match self {
            Self::Curie(curie) => {
                out.extend_from_slice(curie.namespace.iri.as_bytes());
                out.extend_from_slice(curie.local_bytes());
            }
            Self::Iri(iri) => out.extend_from_slice(iri.as_bytes()),
        }
    }

    /// The one spelling that the IRI has in Turtle with `prefixes`, which are those of the table.
    #[inline]
    pub(super) fn to_turtle(&self, prefixes: &PrefixMap) -> Cow<'_, str> {
        if let Self::Curie(curie) = self
            && curie.is_turtle()
        {
            return Cow::Borrowed(curie.text);
        }
        let iri = self.to_iri();
        Cow::Owned(match prefixes.shorten(&iri) {
            Some((prefix, local)) => format!("{prefix}:{local}"),
            None => format!("<{iri}>"),
        })
    }
}

/// Whether `namespace` has its host behind it and ends where a name begins.
fn is_open(namespace: &str) -> bool {
    namespace.ends_with(['/', '#', '=', '_', '?'])
        && namespace
            .split_once("://")
            .is_some_and(|(_, rest)| rest.contains(['/', '#', '?']))
}

fn not_an_iri(text: &str) -> IdentifierFault {
    let shown: String = text.chars().take(40).collect();
    IdentifierFault {
        kind: FaultKind::NotAnIri,
        message: format!("`{shown}` is neither a CURIE nor an absolute IRI"),
        hint: None,
    }
}

/// Bytes that may stand anywhere in the path, query and fragment of an IRI.
const IN_IRIS: u8 = 1;
/// Bytes that may stand in a name of Turtle, if not everywhere.
const IN_NAMES: u8 = 2;

/// What all of `bytes` are.
#[inline]
fn class_of(bytes: &[u8]) -> u8 {
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        let names = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
        let others = b"~!$&'()*+,;=:@/";
        let mut at = 0;
        while at < names.len() {
            classes[names[at] as usize] = IN_IRIS | IN_NAMES;
            at += 1;
        }
        at = 0;
        while at < others.len() {
            classes[others[at] as usize] = IN_IRIS;
            at += 1;
        }
        classes
    };
    // Without a way out in between, which costs more than going on.
    bytes.iter().fold(IN_IRIS | IN_NAMES, |class, byte| {
        class & CLASSES[usize::from(*byte)]
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::field_ends::is_plain;

    fn namespaces() -> Namespaces {
        let mut map = PrefixMap::new();
        for (prefix, iri) in [
            ("EX", "https://kg.example/"),
            ("OBO", "https://obo.example/"),
            ("A", "https://obo.example/A_"),
            ("A2", "https://obo.example/A_"),
            ("bare", "https://bare.example"),
            ("longer-than-a-word", "https://long.example/"),
        ] {
            map.insert(prefix, iri).unwrap();
        }
        Namespaces::new(map)
    }

    fn turtle(text: &str) -> String {
        let namespaces = namespaces();
        let found = namespaces.resolve(text, &mut 0).unwrap();
        found.to_turtle(&namespaces.map).into_owned()
    }

    #[test]
    fn one_iri_has_one_spelling() {
        assert_eq!(turtle("EX:1"), "EX:1");
        assert_eq!(turtle("https://kg.example/1"), "EX:1");
        for same in ["A:1", "A2:1", "OBO:A_1", "https://obo.example/A_1"] {
            assert_eq!(turtle(same), "A:1", "{same}");
        }
        assert_eq!(turtle("EX:a/b"), "<https://kg.example/a/b>");
        assert_eq!(turtle("EX:甲"), "<https://kg.example/甲>");
        assert_eq!(turtle("urn:uuid:1"), "<urn:uuid:1>");
    }

    #[test]
    fn what_is_no_identifier_is_said() {
        let namespaces = namespaces();
        for (text, kind) in [
            ("", FaultKind::NotAnIri),
            ("a", FaultKind::NotAnIri),
            ("EX:a b", FaultKind::NotAnIri),
            ("EX:%", FaultKind::NotAnIri),
            ("bare::x", FaultKind::NotAnIri),
            ("https://a b", FaultKind::NotAnIri),
            ("ex:1", FaultKind::UnknownPrefix),
            (":1", FaultKind::UnknownPrefix),
        ] {
            let found = namespaces.resolve(text, &mut 9);
            assert_eq!(found.unwrap_err().kind, kind, "{text}");
        }
    }

    proptest! {
        #[test]
        fn identifiers_are_what_the_prefix_map_says(text in "(EX|OBO|A|bare|urn|https|longer-than-a-word):([ -~é甲]{0,6}|[A-Za-z0-9:/._-]{0,9})") {
            let namespaces = namespaces();
            let mut recent = 0;
            let found = namespaces.resolve(&text, &mut recent);
            let wanted = namespaces.map.expand(&text);
            prop_assert_eq!(found.is_ok(), wanted.is_ok());
            if text.bytes().all(is_plain) {
                let at_once = namespaces.plain_curie(&text, recent);
                prop_assert!(at_once.is_none() || at_once == found.clone().ok());
            }
            if let (Ok(found), Ok(wanted)) = (found, wanted) {
                prop_assert_eq!(found.to_iri(), wanted);
            }
        }
    }
}
