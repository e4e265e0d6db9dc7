//! Short names for IRIs: expanding CURIEs and shortening IRIs, to legal names only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::vocab::WELL_KNOWN_PREFIXES;

/// A CURIE or IRI that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrefixError {
    /// The part before the colon is no declared prefix.
    #[error("unknown prefix `{0}`")]
    UnknownPrefix(String),
    /// Neither a CURIE nor an absolute IRI.
    #[error("`{0}` is neither a CURIE nor an absolute IRI")]
    NotAnIri(String),
    /// A prefix that Turtle does not allow.
    #[error("`{0}` is not a legal prefix")]
    IllegalPrefix(String),
}

/// A namespace with its prefix.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Namespace {
    iri: String,
    prefix: String,
    /// Bytes up to its last `/` or `#`.
    stem: usize,
}

/// Prefixes and the namespaces that they stand for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PrefixMap {
    namespaces: BTreeMap<String, String>,
    /// Namespaces, longest first.
    by_length: Vec<Namespace>,
}

impl PrefixMap {
    /// No prefixes at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// The prefixes of [`WELL_KNOWN_PREFIXES`].
    pub fn well_known() -> Self {
        let mut map = Self::default();
        for (prefix, namespace) in WELL_KNOWN_PREFIXES {
            map.put(prefix, namespace);
        }
        map
    }

    /// Declares `prefix` for `namespace`, in place of what it stood for before.
    ///
    /// # Errors
    ///
    /// When the prefix is not legal in Turtle, or the namespace is not an absolute IRI.
    pub fn insert(&mut self, prefix: &str, namespace: &str) -> Result<(), PrefixError> {
        if !is_legal_prefix(prefix) {
            return Err(PrefixError::IllegalPrefix(prefix.to_owned()));
        }
        if !is_absolute_iri(namespace) {
            return Err(PrefixError::NotAnIri(namespace.to_owned()));
        }
        self.put(prefix, namespace);
        Ok(())
    }

    fn put(&mut self, prefix: &str, namespace: &str) {
        self.namespaces
            .insert(prefix.to_owned(), namespace.to_owned());
        self.by_length = self
            .namespaces
            .iter()
            .map(|(prefix, namespace)| Namespace {
                iri: namespace.clone(),
                prefix: prefix.clone(),
                stem: stem(namespace),
            })
            .collect();
        self.by_length.sort_by(|a, b| {
            let longest_first = b.iri.len().cmp(&a.iri.len());
            longest_first.then_with(|| a.prefix.cmp(&b.prefix))
        });
    }

    /// Declares a prefix of a document, which may be empty; `false` where Turtle does not allow it.
    pub(crate) fn declare(&mut self, prefix: &str, namespace: &str) -> bool {
        if prefix.is_empty() && is_absolute_iri(namespace) {
            self.put(prefix, namespace);
            return true;
        }
        self.insert(prefix, namespace).is_ok()
    }

    /// Declares all prefixes of `other`, each in place of what it stood for before.
    pub fn merge(&mut self, other: &Self) {
        for (prefix, namespace) in other.iter() {
            self.put(prefix, namespace);
        }
    }

    /// Prefixes and namespaces in the order of the prefixes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.namespaces
            .iter()
            .map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str()))
    }

    /// The namespace that `prefix` stands for.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces.get(prefix).map(String::as_str)
    }

    /// The IRI that a CURIE stands for; an absolute IRI is left as it is.
    ///
    /// # Errors
    ///
    /// When the prefix is not declared or the result is not an absolute IRI.
    pub fn expand<'a>(&self, curie_or_iri: &'a str) -> Result<Cow<'a, str>, PrefixError> {
        let Some((prefix, local)) = curie_or_iri.split_once(':') else {
            return Err(PrefixError::NotAnIri(curie_or_iri.to_owned()));
        };
        if let Some(namespace) = self.namespaces.get(prefix) {
            let iri = format!("{namespace}{local}");
            if is_absolute_iri(&iri) {
                return Ok(Cow::Owned(iri));
            }
        } else if !local.starts_with("//") && !matches!(prefix, "urn" | "mailto" | "tag") {
            return Err(PrefixError::UnknownPrefix(prefix.to_owned()));
        } else if is_absolute_iri(curie_or_iri) {
            return Ok(Cow::Borrowed(curie_or_iri));
        }
        Err(PrefixError::NotAnIri(curie_or_iri.to_owned()))
    }

    /// Prefix and local name of an IRI, where the local name needs no escape in Turtle.
    pub fn shorten<'a, 'i>(&'a self, iri: &'i str) -> Option<(&'a str, &'i str)> {
        // No local name has a slash or a hash sign, so the namespace ends behind the last one.
        let stem = stem(iri);
        self.by_length.iter().find_map(|namespace| {
            if namespace.stem != stem {
                return None;
            }
            let local = iri.strip_prefix(namespace.iri.as_str())?;
            is_plain_local_name(local).then_some((namespace.prefix.as_str(), local))
        })
    }

    /// The IRI as a CURIE, or as it is where there is none.
    pub fn compact<'i>(&self, iri: &'i str) -> Cow<'i, str> {
        match self.shorten(iri) {
            Some((prefix, local)) => Cow::Owned(format!("{prefix}:{local}")),
            None => Cow::Borrowed(iri),
        }
    }
}

/// Bytes of `iri` up to its last `/` or `#`.
fn stem(iri: &str) -> usize {
    memchr::memrchr2(b'/', b'#', iri.as_bytes()).map_or(0, |at| at + 1)
}

/// Whether `iri` is absolute and legal by RFC 3987.
pub fn is_absolute_iri(iri: &str) -> bool {
    oxiri::Iri::parse(iri).is_ok()
}

/// Whether Turtle takes `prefix` before a colon; ASCII only, since not all readers take more.
fn is_legal_prefix(prefix: &str) -> bool {
    let bytes = prefix.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.last() != Some(&b'.')
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Whether `local` is a [`PN_LOCAL`](https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL)
/// of plain ASCII, without escapes, or empty.
fn is_plain_local_name(local: &str) -> bool {
    has_plain_ends(local)
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Whether such a name may begin and end as `local` does.
pub(crate) fn has_plain_ends(local: &str) -> bool {
    let bytes = local.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else {
        return true;
    };
    (first.is_ascii_alphanumeric() || *first == b'_') && *last != b'.'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curies_expand() {
        let map = PrefixMap::well_known();
        assert_eq!(
            map.expand("schema:Place").unwrap(),
            "https://schema.org/Place"
        );
        assert_eq!(
            map.expand("https://a.example/b").unwrap(),
            "https://a.example/b"
        );
        assert_eq!(map.expand("urn:x:y").unwrap(), "urn:x:y");
        assert_eq!(
            map.expand("shcema:Place"),
            Err(PrefixError::UnknownPrefix("shcema".to_owned()))
        );
        assert!(matches!(map.expand("Place"), Err(PrefixError::NotAnIri(_))));
        assert!(matches!(
            map.expand("schema:a b"),
            Err(PrefixError::NotAnIri(_))
        ));
        assert!(matches!(
            map.expand("https://a.example/a b"),
            Err(PrefixError::NotAnIri(_))
        ));
    }

    #[test]
    fn only_legal_local_names_are_shortened() {
        let mut map = PrefixMap::new();
        map.insert("a", "https://a.example/").unwrap();
        map.insert("ab", "https://a.example/b/").unwrap();
        assert_eq!(map.shorten("https://a.example/x-1.y"), Some(("a", "x-1.y")));
        assert_eq!(map.shorten("https://a.example/b/x"), Some(("ab", "x")));
        assert_eq!(map.shorten("https://a.example/"), Some(("a", "")));
        for iri in [
            "https://a.example/x.",
            "https://a.example/-x",
            "https://a.example/x/y",
            "https://a.example/x%20y",
            "https://a.example/中",
            "https://b.example/x",
        ] {
            assert_eq!(map.shorten(iri), None, "{iri}");
        }
    }

    #[test]
    fn illegal_prefixes_are_refused() {
        let mut map = PrefixMap::new();
        for prefix in ["", "1a", "a.", "a b", "中", "a:b"] {
            assert!(
                map.insert(prefix, "https://a.example/").is_err(),
                "{prefix}"
            );
        }
        assert!(map.insert("a", "no iri").is_err());
    }
}
