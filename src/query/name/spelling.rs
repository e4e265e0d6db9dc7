//! How the letters that people type stand for the characters of a name.

use pinyin::{Pinyin, ToPinyinMulti};

use crate::query::fold::is_han;

/// What may stand for a character of a name. The character itself always may.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Spelling {
    /// Nothing else.
    Literal,
    /// Any of its readings, without tone.
    Pinyin,
    /// The first letter of one of its usual readings.
    Initials,
}

impl Spelling {
    /// Takes what stands for `c` off the beginning of `text`, in every way; puts what is left
    /// into `left`.
    pub(super) fn take<'t>(self, c: char, text: &'t str, left: &mut Vec<&'t str>) {
        left.extend(text.strip_prefix(c));
        match self {
            Self::Literal => {}
            Self::Pinyin => left.extend(readings(c).filter_map(|it| strip_reading(text, it))),
            Self::Initials => left.extend(initials(c).filter_map(|it| text.strip_prefix(it))),
        }
    }
}

/// First letters of the usual readings of `c`. Single letters of rare ones too would stand for too
/// many characters.
pub(super) fn initials(c: char) -> impl Iterator<Item = char> {
    const USUAL: usize = 2;
    let usual = readings(c).take(USUAL);
    usual.filter_map(|reading| reading.chars().next())
}

/// Every reading of a Chinese character, without tone, the usual ones first.
fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let known = Some(c)
        .filter(|c| is_han(*c))
        .and_then(|c| c.to_pinyin_multi());
    known.into_iter().flatten().map(Pinyin::plain)
}

/// What follows `reading` in `text`, where `ü` is typed as `u` or `v`.
fn strip_reading<'t>(text: &'t str, reading: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for letter in reading.chars() {
        let typed = rest.next()?;
        let is_same = match letter {
            'ü' => matches!(typed, 'u' | 'v'),
            'ê' => typed == 'e',
            letter => typed == letter,
        };
        if !is_same {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Folded `text` without the digits 1 to 5 after letters, which stand for tones; `None` if there
/// are none.
pub(super) fn without_tone_digits(text: &str) -> Option<String> {
    let mut last = ' ';
    let kept: String = text
        .chars()
        .filter(|c| {
            let is_tone = matches!(c, '1'..='5') && last.is_ascii_alphabetic();
            last = *c;
            !is_tone
        })
        .collect();
    (kept.len() < text.len()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(spelling: Spelling, c: char, text: &str) -> Vec<&str> {
        let mut left = Vec::new();
        spelling.take(c, text, &mut left);
        left.dedup();
        left
    }

    #[test]
    fn every_reading_counts() {
        assert_eq!(left(Spelling::Pinyin, '重', "chongqing"), ["qing"]);
        assert_eq!(left(Spelling::Pinyin, '重', "zhongyao"), ["yao"]);
        assert_eq!(left(Spelling::Pinyin, '重', "重qing"), ["qing"]);
        assert_eq!(left(Spelling::Pinyin, '旅', "lvyou"), ["you"]);
        assert_eq!(left(Spelling::Pinyin, '旅', "luyou"), ["you"]);
        assert_eq!(left(Spelling::Pinyin, '都', "cheng"), [""; 0]);
        assert_eq!(left(Spelling::Initials, '重', "cq"), ["q"]);
        assert_eq!(left(Spelling::Initials, '重', "zq"), ["q"]);
        assert_eq!(left(Spelling::Literal, '重', "cq"), [""; 0]);
        assert_eq!(left(Spelling::Pinyin, 'a', "ab"), ["b"]);
    }

    #[test]
    fn tone_digits_follow_letters() {
        assert_eq!(
            without_tone_digits("cheng2 du1").as_deref(),
            Some("cheng du")
        );
        assert_eq!(
            without_tone_digits("2027nian2").as_deref(),
            Some("2027nian")
        );
        assert_eq!(without_tone_digits("2027"), None);
    }
}
