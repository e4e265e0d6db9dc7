//! Terms as they stand in the text: which are plainly legal, and what escapes mean.
//!
//! What these functions accept, oxttl accepts with the same meaning; what they leave, it decides.

use memchr::memchr2;
use oxrdf::{Literal, LiteralRef, NamedNodeRef, Term};

use crate::vocab::{rdf, xsd};

/// A byte that means only itself in the path of an IRI: unreserved, sub-delimiters, `:`, `@` and `/`.
const IN_PATH: u8 = 1;
/// A byte of a host's name.
const IN_HOST: u8 = 2;
/// A byte of a blank node's label, or of a local name, that needs no second look.
const IN_NAME: u8 = 4;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let at = byte as usize;
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            table[at] = IN_PATH | IN_HOST | IN_NAME;
        } else if byte == b'_' {
            table[at] = IN_PATH | IN_NAME;
        } else if byte == b'.' {
            table[at] = IN_PATH | IN_HOST;
        } else if matches!(
            byte,
            b'~' | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
                | b'/'
        ) {
            table[at] = IN_PATH;
        }
        byte += 1;
    }
    table
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// Bytes at the beginning of `bytes` that are names of nodes without a second look.
pub(super) fn name_length(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| !is(*byte, IN_NAME));
    end.unwrap_or(bytes.len())
}

/// Whether `iri` is absolute and legal by RFC 3987. Web addresses of plain letters are seen at once.
pub(super) fn is_iri(iri: &str) -> bool {
    is_plain_iri(iri.as_bytes()) || oxiri::Iri::parse(iri).is_ok()
}

fn is_plain_iri(iri: &[u8]) -> bool {
    let rest = iri
        .strip_prefix(b"http://")
        .or_else(|| iri.strip_prefix(b"https://"));
    let Some(rest) = rest else {
        return false;
    };
    let host = rest.iter().position(|byte| !is(*byte, IN_HOST));
    let Some(path) = host.filter(|at| *at > 0).map(|at| &rest[at..]) else {
        return false;
    };
    if path.first() != Some(&b'/') {
        return false;
    }
    match path.iter().position(|byte| !is(*byte, IN_PATH)) {
        None => true,
        Some(at) => path[at] == b'#' && path[at + 1..].iter().all(|byte| is(*byte, IN_PATH)),
    }
}

/// The number of bytes up to the quotation mark that ends a string on one line, and whether there are
/// escapes in it; `None` where none does.
pub(super) fn string_end(bytes: &[u8], quote: u8) -> Option<(usize, bool)> {
    let mut at = 0;
    let mut has_escapes = false;
    loop {
        at += memchr2(quote, b'\\', &bytes[at..])?;
        if bytes[at] == quote {
            return Some((at, has_escapes));
        }
        has_escapes = true;
        at += 2;
        if at > bytes.len() {
            return None;
        }
    }
}

/// Appends what `text` means with its escapes; `None` where one is none.
pub(super) fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let kind = escape.chars().next()?;
        let digits = match kind {
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let number = escape.get(1..=digits)?;
            if !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            out.push(char::from_u32(u32::from_str_radix(number, 16).ok()?)?);
        } else {
            out.push(match kind {
                't' => '\t',
                'b' => '\u{8}',
                'n' => '\n',
                'r' => '\r',
                'f' => '\u{c}',
                '"' | '\'' | '\\' => kind,
                _ => return None,
            });
        }
        rest = escape.get(kind.len_utf8() + digits..)?;
    }
    out.push_str(rest);
    Some(())
}

/// Language tags that were seen to be legal, as they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Languages(Vec<String>);

impl Languages {
    /// More are not remembered.
    const MOST: usize = 64;

    /// Whether `written` is a language tag.
    pub(super) fn is_tag(&mut self, written: &str) -> bool {
        if self.0.iter().any(|it| it == written) {
            return true;
        }
        if Literal::new_language_tagged_literal("", written).is_err() {
            return false;
        }
        if self.0.len() >= Self::MOST {
            self.0.clear();
        }
        self.0.push(written.to_owned());
        true
    }

    /// The term with its language tag, which oxttl gives in lower case, as it was written elsewhere in the
    /// text.
    pub(super) fn as_written(&self, term: Term) -> Term {
        match term {
            Term::Literal(literal) => self.literal_as_written(literal).into(),
            Term::Triple(mut triple) => {
                triple.object = self.as_written(triple.object);
                triple.into()
            }
            node => node,
        }
    }

    fn literal_as_written(&self, literal: Literal) -> Literal {
        let Some(tag) = literal.language() else {
            return literal;
        };
        let Some(tag) = self.0.iter().find(|it| it.eq_ignore_ascii_case(tag)) else {
            return literal;
        };
        match literal.direction() {
            None => Literal::new_language_tagged_literal_unchecked(literal.value(), tag),
            Some(direction) => Literal::new_directional_language_tagged_literal_unchecked(
                literal.value(),
                tag,
                direction,
            ),
        }
    }
}

/// IRIs that were seen to be legal and are likely to come again, such as those of properties.
#[derive(Clone, Debug)]
pub(super) struct SeenIris(Vec<String>);

impl Default for SeenIris {
    fn default() -> Self {
        Self(vec![String::new(); Self::PLACES])
    }
}

impl SeenIris {
    const PLACES: usize = 128;

    /// As [`is_iri`].
    pub(super) fn is_iri(&mut self, iri: &str) -> bool {
        let ends = iri.len().wrapping_mul(31)
            ^ iri.bytes().rev().take(4).fold(0, |sum, byte| {
                usize::wrapping_mul(sum, 31) ^ usize::from(byte)
            });
        let place = &mut self.0[ends % Self::PLACES];
        // A place that is empty holds no IRI.
        if !place.is_empty() && place == iri {
            return true;
        }
        if !is_iri(iri) {
            return false;
        }
        place.clear();
        place.push_str(iri);
        true
    }
}

/// A literal with a datatype; `None` for those that need a language, too.
pub(super) fn typed<'t>(value: &'t str, datatype: &'t str) -> Option<LiteralRef<'t>> {
    if datatype == xsd::STRING.as_str() {
        return Some(LiteralRef::new_simple_literal(value));
    }
    let is_text =
        datatype == rdf::LANG_STRING.as_str() || datatype == rdf::DIR_LANG_STRING.as_str();
    let datatype = NamedNodeRef::new_unchecked(datatype);
    (!is_text).then(|| LiteralRef::new_typed_literal(value, datatype))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_mean_what_they_say() {
        let meaning = |text| {
            let mut out = String::new();
            unescape(text, &mut out).map(|()| out)
        };
        assert_eq!(
            meaning(r#"\t\b\n\r\f\"\'\\"#).unwrap(),
            "\t\u{8}\n\r\u{c}\"'\\"
        );
        assert_eq!(meaning(r"a\u5E02b\U0001F600").unwrap(), "a市b😀");
        for text in [
            r"\",
            r"\x",
            r"\u12",
            r"\u+123",
            r"\uD800",
            r"\U00110000",
            r"\市",
        ] {
            assert_eq!(meaning(text), None, "{text}");
        }
    }

    #[test]
    fn a_string_ends_at_the_first_mark_that_is_not_escaped() {
        assert_eq!(string_end(b"ab\" .", b'"'), Some((2, false)));
        assert_eq!(string_end(br#"a\"b" ."#, b'"'), Some((4, true)));
        assert_eq!(string_end(br#"a\\" ."#, b'"'), Some((3, true)));
        for text in [&b"ab"[..], b"ab\\", br#"ab\""#] {
            assert_eq!(string_end(text, b'"'), None);
        }
    }

    proptest! {
        #[test]
        fn a_plain_iri_is_one(iri in "https?://[a-c.:@\\[-]{0,4}[/#?]?[a-c%2/#?:@\\[市~!<>{}-]{0,8}") {
            if is_plain_iri(iri.as_bytes()) {
                prop_assert!(oxiri::Iri::parse(iri.as_str()).is_ok());
            }
        }
    }
}
