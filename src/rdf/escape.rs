//! The one way in which strings are escaped in Turtle and N-Triples.

use std::io::Write;

/// Appends `text` as it stands between double quotes.
///
/// As [RDF 1.2's canonical N-Triples](https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples)
/// has it: quotation mark, backslash and control characters are escaped, everything else stands as
/// it is.
pub(super) fn append_quoted(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if !needs_escapes(bytes) {
        out.extend_from_slice(bytes);
        return;
    }
    let mut plain = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0x08 => b"\\b",
            0x0C => b"\\f",
            0x00..=0x1F | 0x7F => b"",
            _ => continue,
        };
        out.extend_from_slice(&bytes[plain..at]);
        if escape.is_empty() {
            // Writing to a vector does not fail.
            drop(write!(out, "\\u{byte:04X}"));
        } else {
            out.extend_from_slice(escape);
        }
        plain = at + 1;
    }
    out.extend_from_slice(&bytes[plain..]);
}

/// Whether any byte would be escaped. Without a way out in between, so that many are looked at at once.
fn needs_escapes(bytes: &[u8]) -> bool {
    let any = |bytes: &[u8]| {
        bytes.iter().fold(false, |any, byte| {
            any | (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\') | (*byte == 0x7F)
        })
    };
    let (blocks, rest) = bytes.as_chunks::<16>();
    // Looking at some bytes twice costs less than at a few by themselves.
    let found = match bytes.last_chunk::<16>() {
        Some(last) => any(last),
        None => any(rest),
    };
    blocks.iter().fold(found, |found, block| found | any(block))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::append_quoted;

    #[test]
    fn what_would_end_or_break_a_string_is_escaped() {
        for (text, escaped) in [
            ("", ""),
            ("重庆", "重庆"),
            ("a\"b\\c", "a\\\"b\\\\c"),
            ("\n\r\t\u{8}\u{c}", "\\n\\r\\t\\b\\f"),
            ("\0\u{1f}\u{7f}\u{80}", "\\u0000\\u001F\\u007F\u{80}"),
            (
                "a text of two blocks of\t16 bytes",
                "a text of two blocks of\\t16 bytes",
            ),
        ] {
            let mut out = Vec::new();
            append_quoted(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), escaped);
        }
    }

    proptest! {
        #[test]
        fn texts_of_any_length_are_escaped(text in "[ -~甲é]{0,70}[\"\\\\\t\n\\x7f]?[ -~甲]{0,40}") {
            let mut out = Vec::new();
            append_quoted(&mut out, &text);
            let escaped: String = text.chars().map(|char| match char {
                '"' | '\\' => format!("\\{char}"),
                '\t' => "\\t".to_owned(),
                '\n' => "\\n".to_owned(),
                '\u{7f}' => "\\u007F".to_owned(),
                _ => char.to_string(),
            }).collect();
            prop_assert_eq!(String::from_utf8(out).unwrap(), escaped);
        }
    }
}
