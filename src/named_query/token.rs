//! Words and signs of SPARQL, told apart well enough to say where a text goes wrong.

use std::ops::Range;

/// The stretches of `text` between white space, comments and brackets; strings and IRIs are one
/// token each, as are brackets, commas and semicolons.
pub(super) fn tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = bytes[at..]
                    .iter()
                    .position(|b| matches!(b, b'\n' | b'\r'))
                    .map_or(bytes.len(), |length| at + length);
                continue;
            }
            b'{' | b'}' | b'(' | b')' | b'[' | b']' | b',' | b';' => at += 1,
            _ => at = word_end(bytes, at),
        }
        tokens.push(start..at);
    }
    tokens
}

/// Where the word that begins at `at` ends: strings and IRIs in it are skipped as wholes.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => break,
            b'{' | b'}' | b'(' | b')' | b'[' | b']' | b',' | b';' => break,
            b'#' => break,
            b'\\' => at = (at + 2).min(bytes.len()),
            b'"' | b'\'' => at = string_end(bytes, at).unwrap_or_else(|end| end),
            b'<' => at = iri_end(bytes, at).unwrap_or(at + 1),
            _ => at += 1,
        }
    }
    at
}

/// The first string that is not closed, in one of `tokens`.
pub(super) fn unclosed_string(text: &str, tokens: &[Range<usize>]) -> Option<Range<usize>> {
    tokens.iter().find_map(|token| {
        parts(text, token).find(|part| {
            let bytes = text[part.clone()].as_bytes();
            matches!(bytes.first(), Some(b'"' | b'\'')) && string_end(bytes, 0).is_err()
        })
    })
}

/// How many operators stand in a token, outside of strings, IRIs and names.
pub(super) fn operator_count(text: &str, token: &Range<usize>) -> usize {
    let has_names = text[token.clone()].contains(':');
    parts(text, token)
        .filter(|part| match &text[part.clone()] {
            "+" | "*" | "/" | "|" | "&" | "!" | "^" | "=" | "<" | ">" => true,
            "-" => !has_names,
            _ => false,
        })
        .count()
}

/// The strings, IRIs and single characters of a token.
fn parts(text: &str, token: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let (bytes, mut at, end) = (text.as_bytes(), token.start, token.end);
    std::iter::from_fn(move || {
        let start = at;
        at = match bytes.get(start).filter(|_| start < end)? {
            b'"' | b'\'' => string_end(bytes, start).unwrap_or_else(|end| end),
            b'<' => iri_end(bytes, start).unwrap_or(start + 1),
            b'\\' => text.ceil_char_boundary(start + 2),
            _ => text.ceil_char_boundary(start + 1),
        };
        Some(start..at)
    })
}

/// Where the string that begins at `at` ends; one that is not closed ends with its line, or with the
/// text, and is an error.
pub(super) fn string_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let quote = bytes[at];
    let long = [quote; 3];
    let rest = &bytes[at..];
    let is_long = rest.starts_with(&long);
    let mut length = if is_long { 3 } else { 1 };
    while let Some(&byte) = rest.get(length) {
        if byte == b'\\' {
            length += 2;
        } else if is_long && rest[length..].starts_with(&long) {
            return Ok(at + length + 3);
        } else if !is_long && byte == quote {
            return Ok(at + length + 1);
        } else if !is_long && matches!(byte, b'\n' | b'\r') {
            break;
        } else {
            length += 1;
        }
    }
    Err((at + length).min(bytes.len()))
}

/// Where the IRI that begins at `at` ends, if it is one and not a comparison.
pub(super) fn iri_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes[at + 1..].iter().position(|byte| {
        matches!(
            byte,
            0..=b' ' | b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`' | b'\\'
        )
    })?;
    (bytes[at + 1 + length] == b'>').then_some(at + length + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_iris_and_brackets_are_tokens() {
        let text = "SELECT*{?s a <http://a.example/#x>;b:c 'a # b'@en,\"\"\"x\n\"y\"\"\"} # end";
        let words: Vec<&str> = tokens(text).into_iter().map(|it| &text[it]).collect();
        assert_eq!(
            words,
            [
                "SELECT*",
                "{",
                "?s",
                "a",
                "<http://a.example/#x>",
                ";",
                "b:c",
                "'a # b'@en",
                ",",
                "\"\"\"x\n\"y\"\"\"",
                "}"
            ]
        );
        let text = "FILTER(?a<?b && ?c>1)";
        let words: Vec<&str> = tokens(text).into_iter().map(|it| &text[it]).collect();
        assert_eq!(words, ["FILTER", "(", "?a<?b", "&&", "?c>1", ")"]);
    }

    proptest! {
        #[test]
        fn every_text_has_tokens_in_order(text in any::<String>()) {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.start >= end && token.end > token.start);
                prop_assert!(text.get(token.clone()).is_some());
                let mut at = token.start;
                for part in parts(&text, &token) {
                    prop_assert!(part.start == at && text.get(part.clone()).is_some());
                    at = part.end;
                }
                prop_assert_eq!(at, token.end);
                end = token.end;
            }
        }
    }
}
