//! The plain text of a source document, which positions count in.
//!
//! Positions are Unicode code points, zero-based and half-open. White space means nothing when words
//! are looked for: a page breaks its lines where they are full, in the middle of names and numbers.

use std::ops::Range;

use sha2::{Digest, Sha256};

/// A plain text with its digest.
#[derive(Clone, Debug)]
pub struct SourceText {
    chars: Vec<char>,
    sha256: String,
    /// The characters that are no white space, and where each stands.
    dense: Vec<(char, u32)>,
}

/// A text that cannot be one of a source document.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Not UTF-8.
    #[error("not UTF-8 from byte {0} on")]
    InvalidUtf8(usize),
    /// More code points than positions can count.
    #[error("longer than 4,294,967,295 characters")]
    TooLong,
}

impl SourceText {
    /// The text in `bytes`, which must be UTF-8.
    ///
    /// # Errors
    ///
    /// When it is not, or is too long to have positions of 32 bits.
    pub fn new(bytes: &[u8]) -> Result<Self, TextError> {
        let text =
            std::str::from_utf8(bytes).map_err(|err| TextError::InvalidUtf8(err.valid_up_to()))?;
        let chars: Vec<char> = text.chars().collect();
        u32::try_from(chars.len()).map_err(|_| TextError::TooLong)?;
        let dense = (0..)
            .zip(&chars)
            .filter(|(_, c)| !c.is_whitespace())
            .map(|(at, c)| (*c, at))
            .collect();
        Ok(Self {
            chars,
            sha256: digest(bytes),
            dense,
        })
    }

    /// SHA-256 of its bytes in 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Number of code points.
    pub fn len(&self) -> u32 {
        u32::try_from(self.chars.len()).unwrap_or(u32::MAX)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// What stands at `range`, without white space; what lies outside the text is left out.
    pub fn dense(&self, range: Range<u32>) -> String {
        let start = self.dense.partition_point(|(_, at)| *at < range.start);
        let end = self.dense.partition_point(|(_, at)| *at < range.end);
        self.dense[start..end.max(start)]
            .iter()
            .map(|(c, _)| *c)
            .collect()
    }

    /// Where letters and digits stand within `range`; punctuation and white space say nothing by
    /// themselves.
    pub fn word_positions(&self, range: Range<u32>) -> impl Iterator<Item = u32> {
        let start = self.dense.partition_point(|(_, at)| *at < range.start);
        self.dense[start..]
            .iter()
            .take_while(move |(_, at)| *at < range.end)
            .filter(|(c, _)| c.is_alphanumeric())
            .map(|(_, at)| *at)
    }

    /// Every place where `words` stand, white space in either ignored; none for no words.
    pub fn find(&self, words: &str) -> Vec<Range<u32>> {
        let wanted: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        self.dense
            .windows(wanted.len())
            .filter(|window| window.iter().map(|(c, _)| c).eq(&wanted))
            .filter_map(|window| Some(window.first()?.1..window.last()?.1 + 1))
            .collect()
    }

    /// Positions between two digits of one number, line breaks and decimal points included.
    pub fn inside_numbers(&self) -> impl Iterator<Item = u32> {
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        self.dense
            .windows(2)
            .filter(move |pair| is_part(pair[0].0) && is_part(pair[1].0))
            .flat_map(|pair| pair[0].1 + 1..=pair[1].1)
    }

    /// Line and column of a position, both from 1, the column in code points.
    pub fn line_and_column(&self, position: u32) -> (usize, usize) {
        let before = &self.chars[..(position as usize).min(self.chars.len())];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        (line, column)
    }

    /// Why this is not the text with the digest `sha256` and `length` code points, in words.
    pub fn difference(&self, sha256: &str, length: u32) -> String {
        let text: String = self.chars.iter().collect();
        let variants = [
            ("line ends written as CR LF", text.replace("\r\n", "\n")),
            ("line ends written as LF", text.replace('\n', "\r\n")),
            (
                "a byte order mark at the beginning",
                text.trim_start_matches('\u{FEFF}').to_owned(),
            ),
            ("no line end at the end", format!("{text}\n")),
            (
                "a line end too many at the end",
                text.strip_suffix('\n').unwrap_or(&text).to_owned(),
            ),
        ];
        for (difference, variant) in variants {
            if digest(variant.as_bytes()) == sha256 {
                return format!("it is the same but for {difference}");
            }
        }
        match self.len() {
            own if own == length => {
                format!("it has {own} characters as it should, but not all of them are the same")
            }
            own => format!("it has {own} characters, not {length}"),
        }
    }
}

/// SHA-256 in 64 lower-case hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xF])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> SourceText {
        SourceText::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn words_are_found_across_line_breaks() {
        let page = text("甲市与乙\n\n市签 2. 8 万份，甲\u{3000}市。");
        let places = |words: &str| -> Vec<(u32, u32)> {
            let found = page.find(words).into_iter();
            found.map(|range| (range.start, range.end)).collect()
        };
        assert_eq!(places("乙市"), [(3, 7)]);
        assert_eq!(places("2.8万份"), [(9, 16)]);
        assert_eq!(places("甲 市"), [(0, 2), (17, 20)]);
        assert_eq!(places("丙市"), []);
        assert_eq!(places(" "), []);
        assert_eq!(places(&"甲".repeat(100)), []);
        assert_eq!(page.dense(3..9), "乙市签");
        assert_eq!(page.dense(18..99), "市。");
        assert_eq!(page.line_and_column(6), (3, 1));
        assert_eq!(page.line_and_column(0), (1, 1));
    }

    #[test]
    fn what_differs_is_said() {
        let page = text("甲\n乙\n");
        for (other, said) in [
            ("甲\r\n乙\r\n", "CR LF"),
            ("\u{FEFF}甲\n乙\n", "byte order mark"),
            ("甲\n乙", "no line end at the end"),
            ("甲\n乙\n\n", "a line end too many"),
            ("甲\n丙\n", "not all of them are the same"),
            ("甲\n", "2 characters, not 4"),
        ] {
            let found = text(other).difference(page.sha256(), page.len());
            assert!(found.contains(said), "{found}");
        }
        // printf '甲\n乙\n' | sha256sum
        assert_eq!(
            page.sha256(),
            "3e397d9ac4394ac466fdcdb046d8c5bb9a3f4f4d178824cdd21b8491c1bcddeb"
        );
    }
}
