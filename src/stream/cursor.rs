//! Tokens of Turtle.

use memchr::{memchr, memchr2, memmem};
use oxrdf::NamedNodeRef;

use super::term::{name_length, string_end};
use crate::vocab::xsd;

/// Why a statement is not read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stop {
    /// The text ends before it.
    More,
    /// It is left to oxttl.
    Unusual,
}

/// A place in a text. What it reads must be followed by something, or [`Stop::More`] is the answer.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    /// At the beginning of `text`.
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes before the place.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    /// Goes on.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// The byte so many after the place.
    pub(super) fn peek(&self, ahead: usize) -> Result<u8, Stop> {
        self.text.get(self.at + ahead).copied().ok_or(Stop::More)
    }

    /// Goes to the next token, past blanks and comments, and gives its first byte.
    pub(super) fn token(&mut self) -> Result<u8, Stop> {
        loop {
            match self.peek(0)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' => {
                    let end = memchr2(b'\n', b'\r', self.rest()).ok_or(Stop::More)?;
                    self.at += end;
                }
                byte => return Ok(byte),
            }
        }
    }

    /// Letters.
    pub(super) fn word(&mut self) -> Result<&'t [u8], Stop> {
        let rest = self.rest();
        let end = rest.iter().position(|byte| !byte.is_ascii_alphabetic());
        let word = &rest[..end.ok_or(Stop::More)?];
        self.at += word.len();
        Ok(word)
    }

    /// Whether `PREFIX` or `BASE` follows, as SPARQL has them.
    pub(super) fn is_sparql_directive(&self) -> Result<bool, Stop> {
        let mut ahead = Self { ..*self };
        let word = ahead.word()?;
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        Ok((is(b"prefix") || is(b"base")) && ahead.peek(0)?.is_ascii_whitespace())
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self) -> Result<Option<&'t [u8]>, Stop> {
        for value in [&b"true"[..], b"false"] {
            if self.rest().starts_with(value) {
                let next = self.peek(value.len())?;
                if ends_token(next) || (next == b'.' && ends_token(self.peek(value.len() + 1)?)) {
                    let value = &self.rest()[..value.len()];
                    self.at += value.len();
                    return Ok(Some(value));
                }
            }
        }
        Ok(None)
    }

    /// A prefix, and goes past the colon.
    pub(super) fn prefix(&mut self) -> Result<&'t [u8], Stop> {
        let rest = self.rest();
        let length = name_length(rest);
        let prefix = &rest[..length];
        match rest.get(length) {
            None => return Err(Stop::More),
            Some(b':') => {}
            Some(_) => return Err(Stop::Unusual),
        }
        if !prefix.is_empty() && !prefix[0].is_ascii_alphabetic() {
            return Err(Stop::Unusual);
        }
        self.at += length + 1;
        Ok(prefix)
    }

    /// Label of a blank node, or the local part of a name: letters of ASCII and of Chinese, digits, `-`,
    /// `_`, and dots within.
    pub(super) fn name(&mut self) -> Result<&'t [u8], Stop> {
        let rest = self.rest();
        let mut end = 0;
        loop {
            end += name_length(&rest[end..]);
            match rest.get(end) {
                None => return Err(Stop::More),
                Some(b'.') => {
                    let dots = rest[end..].iter().take_while(|byte| **byte == b'.').count();
                    match rest.get(end + dots) {
                        None => return Err(Stop::More),
                        // No name begins with a dot.
                        Some(_) if end == 0 && !ends_token(rest[dots]) => {
                            return Err(Stop::Unusual);
                        }
                        Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => end += dots,
                        Some(byte) if ends_token(*byte) && dots == 1 => break,
                        Some(_) => return Err(Stop::Unusual),
                    }
                }
                Some(byte) if ends_token(*byte) => break,
                Some(0xE3..=0xE9) => end += chinese(&rest[end..])?,
                Some(_) => return Err(Stop::Unusual),
            }
        }
        if rest.first() == Some(&b'-') {
            return Err(Stop::Unusual);
        }
        self.at += end;
        Ok(&rest[..end])
    }

    /// A string from its opening mark to its closing one, what is between them, and whether that has
    /// escapes.
    pub(super) fn string(&mut self, quote: u8) -> Result<(&'t [u8], bool), Stop> {
        let rest = self.rest();
        let mark = [quote; 3];
        if rest.len() < 3 {
            return Err(Stop::More);
        }
        if rest.starts_with(&mark) {
            return self.long_string(&rest[3..], &mark);
        }
        let (end, has_escapes) = string_end(&rest[1..], quote).ok_or(Stop::More)?;
        let value = &rest[1..=end];
        if memchr2(b'\n', b'\r', value).is_some() {
            return Err(Stop::Unusual);
        }
        self.at += end + 2;
        Ok((value, has_escapes))
    }

    fn long_string(&mut self, text: &'t [u8], mark: &[u8; 3]) -> Result<(&'t [u8], bool), Stop> {
        let mut end = 0;
        loop {
            end += memmem::find(&text[end..], mark).ok_or(Stop::More)?;
            let slashes = text[..end]
                .iter()
                .rev()
                .take_while(|it| **it == b'\\')
                .count();
            if slashes % 2 == 0 {
                break;
            }
            // The first of the three is escaped.
            end += 1;
        }
        let next = text.get(end + 3).ok_or(Stop::More)?;
        let value = &text[..end];
        if *next == mark[0] || memchr(b'\r', value).is_some() {
            return Err(Stop::Unusual);
        }
        self.at += end + 6;
        Ok((value, memchr(b'\\', value).is_some()))
    }

    /// A number and its datatype.
    pub(super) fn number(&mut self) -> Result<(&'t [u8], NamedNodeRef<'static>), Stop> {
        let rest = self.rest();
        let digits = |from: usize| {
            let rest = rest.get(from..).unwrap_or_default();
            rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let at = |place: usize| rest.get(place).copied().ok_or(Stop::More);
        let whole = usize::from(matches!(at(0)?, b'+' | b'-'));
        let mut end = whole + digits(whole);
        let mut count = end - whole;
        let mut datatype = xsd::INTEGER;
        if at(end)? == b'.' && at(end + 1)?.is_ascii_digit() {
            let fraction = digits(end + 1);
            count += fraction;
            end += 1 + fraction;
            datatype = xsd::DECIMAL;
        }
        if matches!(at(end)?, b'e' | b'E') {
            let sign = usize::from(matches!(at(end + 1)?, b'+' | b'-'));
            let exponent = digits(end + 1 + sign);
            if exponent == 0 {
                return Err(Stop::Unusual);
            }
            end += 1 + sign + exponent;
            datatype = xsd::DOUBLE;
        }
        let next = at(end)?;
        let ends = ends_token(next) || (next == b'.' && ends_token(at(end + 1)?));
        if count == 0 || !ends {
            return Err(Stop::Unusual);
        }
        self.at += end;
        Ok((&rest[..end], datatype))
    }
}

/// Whether no name or number goes on with this byte.
fn ends_token(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b',' | b';' | b']' | b')' | b'#'
    )
}

/// Bytes of the Chinese letter with which `text` begins.
fn chinese(text: &[u8]) -> Result<usize, Stop> {
    let letter = text.get(..3).ok_or(Stop::More)?;
    match std::str::from_utf8(letter)
        .ok()
        .and_then(|it| it.chars().next())
    {
        Some('\u{3400}'..='\u{9fff}') => Ok(3),
        _ => Err(Stop::Unusual),
    }
}
