//! Ids of tables: CURIEs and IRIs, checked once and never put together before they are written.

use std::borrow::Cow;

use memchr::memchr;

use super::fault::FaultKind;
use crate::prefix::{PrefixMap, is_absolute_iri, is_plain_local_name};
use crate::rdf::turtle::append_node;
use crate::suggest;

/// A prefix and what it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Namespace {
    /// The part before the colon.
    pub prefix: String,
    /// The beginning of IRIs.
    pub iri: String,
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
    /// A prefix that is declared, and the rest.
    Curie(&'a Namespace, &'a str),
    /// An absolute IRI.
    Iri(Cow<'a, str>),
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
            .map(|(prefix, iri)| Namespace {
                prefix: prefix.to_owned(),
                iri: iri.to_owned(),
                is_open: is_open(iri),
                is_canonical: map.iter().all(|(other, namespace)| {
                    other == prefix
                        || !namespace.starts_with(iri)
                        || (namespace == iri && prefix < other)
                }),
            })
            .collect();
        Self { all, map }
    }

    pub(super) fn map(&self) -> &PrefixMap {
        &self.map
    }

    /// The identifier that `text` is. `recent` is where the last one of the same column was found.
    pub(super) fn resolve<'a>(
        &'a self,
        text: &Cow<'a, str>,
        recent: &mut usize,
    ) -> Result<Identifier<'a>, IdentifierFault> {
        let colon = memchr(b':', text.as_bytes());
        let Some((prefix, local)) = colon.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)))
        else {
            return Err(not_an_iri(text));
        };
        let Some(namespace) = self.find(prefix, recent) else {
            // As `PrefixMap::expand` has it.
            if !local.starts_with("//") && !matches!(prefix, "urn" | "mailto" | "tag") {
                return Err(self.unknown_prefix(prefix));
            }
            return if is_absolute_iri(text) {
                Ok(Identifier::Iri(text.clone()))
            } else {
                Err(not_an_iri(text))
            };
        };
        let is_plain = namespace.is_open && local.bytes().all(is_plain_iri_byte);
        if !is_plain && !is_absolute_iri(&format!("{}{local}", namespace.iri)) {
            return Err(not_an_iri(text));
        }
        Ok(match text {
            Cow::Borrowed(text) => Identifier::Curie(namespace, &text[text.len() - local.len()..]),
            Cow::Owned(_) => Identifier::Iri(Cow::Owned(format!("{}{local}", namespace.iri))),
        })
    }

    fn find(&self, prefix: &str, recent: &mut usize) -> Option<&Namespace> {
        let found = self.all.get(*recent).filter(|it| it.prefix == prefix);
        if found.is_some() {
            return found;
        }
        let at = self.all.iter().position(|it| it.prefix == prefix)?;
        *recent = at;
        self.all.get(at)
    }

    fn unknown_prefix(&self, prefix: &str) -> IdentifierFault {
        let known = self.all.iter().map(|namespace| namespace.prefix.as_str());
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

impl Identifier<'_> {
    /// The whole IRI.
    pub fn to_iri(&self) -> Cow<'_, str> {
        match self {
            Self::Curie(namespace, local) => Cow::Owned(format!("{}{local}", namespace.iri)),
            Self::Iri(iri) => Cow::Borrowed(iri),
        }
    }

    /// Appends the whole IRI.
    pub(super) fn append_iri(&self, out: &mut Vec<u8>) {
        match self {
            Self::Curie(namespace, local) => {
                out.extend_from_slice(namespace.iri.as_bytes());
                out.extend_from_slice(local.as_bytes());
            }
            Self::Iri(iri) => out.extend_from_slice(iri.as_bytes()),
        }
    }

    /// Appends the one spelling that the IRI has in Turtle with the prefixes of `namespaces`.
    pub(super) fn append_turtle(&self, namespaces: &Namespaces, out: &mut Vec<u8>) {
        if let Self::Curie(namespace, local) = self
            && namespace.is_canonical
            && is_plain_local_name(local)
        {
            out.extend_from_slice(namespace.prefix.as_bytes());
            out.push(b':');
            out.extend_from_slice(local.as_bytes());
            return;
        }
        append_node(out, namespaces.map(), &self.to_iri());
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

/// Whether `byte` may stand anywhere in the path, query and fragment of an IRI.
fn is_plain_iri_byte(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut table = [false; 256];
        let plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";
        let mut at = 0;
        while at < plain.len() {
            table[plain[at] as usize] = true;
            at += 1;
        }
        table
    };
    PLAIN[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn namespaces() -> Namespaces {
        let mut map = PrefixMap::new();
        for (prefix, iri) in [
            ("EX", "https://kg.example/"),
            ("OBO", "https://obo.example/"),
            ("A", "https://obo.example/A_"),
            ("A2", "https://obo.example/A_"),
            ("bare", "https://bare.example"),
        ] {
            map.insert(prefix, iri).unwrap();
        }
        Namespaces::new(map)
    }

    fn turtle(text: &str) -> String {
        let namespaces = namespaces();
        let mut out = Vec::new();
        namespaces
            .resolve(&Cow::Borrowed(text), &mut 0)
            .unwrap()
            .append_turtle(&namespaces, &mut out);
        String::from_utf8(out).unwrap()
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
            ("urn:", FaultKind::NotAnIri),
            ("https://a b", FaultKind::NotAnIri),
            ("ex:1", FaultKind::UnknownPrefix),
            (":1", FaultKind::UnknownPrefix),
        ] {
            let found = namespaces.resolve(&Cow::Borrowed(text), &mut 9);
            assert_eq!(found.unwrap_err().kind, kind, "{text}");
        }
    }

    proptest! {
        #[test]
        fn identifiers_are_what_the_prefix_map_says(text in "(EX|OBO|A|bare|urn|https):[ -~é甲]{0,6}") {
            let namespaces = namespaces();
            let mut recent = 0;
            let found = namespaces.resolve(&Cow::Borrowed(text.as_str()), &mut recent);
            let wanted = namespaces.map().expand(&text);
            prop_assert_eq!(found.is_ok(), wanted.is_ok());
            if let (Ok(found), Ok(wanted)) = (found, wanted) {
                prop_assert_eq!(found.to_iri(), wanted);
            }
        }
    }
}
