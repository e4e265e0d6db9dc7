//! Spellings that mean the same made one.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` without what people type differently: width, case, accents, punctuation, white space.
///
/// Only letters and digits are left, and one space where two words meet that are not Chinese. A
/// text that has neither letters nor digits keeps its signs.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// The same, at the end of `folded`.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    let start = folded.len();
    if text.chars().all(is_whole) {
        fold_characters(text.chars(), folded);
    } else {
        fold_characters(text.nfkd(), folded);
    }
    if folded.len() == start {
        let signs = text.chars().flat_map(char::to_lowercase);
        folded.extend(signs.filter(|c| !c.is_whitespace() && !c.is_control()));
    }
}

/// Whether nothing but a sign comes out of decomposing `c`: ASCII, Chinese characters, and the
/// punctuation between them.
fn is_whole(c: char) -> bool {
    c.is_ascii()
        || is_common_han(c)
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{301B}')
        || matches!(c, '（' | '）' | '，' | '：' | '；' | '！' | '？')
}

/// Folds what is decomposed already.
fn fold_characters(text: impl Iterator<Item = char>, folded: &mut String) {
    let mut last = None;
    let mut is_gap = false;
    for c in text {
        let is_common = c.is_ascii_alphanumeric() || is_common_han(c);
        if !is_common && !c.is_alphanumeric() {
            is_gap |= c.is_ascii() || !is_combining_mark(c);
            continue;
        }
        if is_gap && last.is_some_and(|last| !is_han(last)) && !is_han(c) {
            folded.push(' ');
        }
        if is_common {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
        last = Some(c);
        is_gap = false;
    }
}

/// Whether `c` is one of the Chinese characters that nearly all names are written with.
fn is_common_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Whether `c` is a Chinese character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_become_one() {
        for (one, other) in [
            ("金凤 实验室", "金凤实验室"),
            ("“甲”市（乙）", "\"甲\"市(乙)"),
            ("ＡＩ＋", "ai"),
            ("Jinfeng  Laboratory", "jinfeng-laboratory"),
            ("chéng dū", "Cheng Du"),
            ("e\u{301}té", "ÉTÉ"),
            ("R\u{26}D", "r d"),
            ("甲\u{0}市\u{200B}", "甲市"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn words_stay_apart_and_signs_stay() {
        assert_eq!(fold(" R&D  in 甲 市 A 1 "), "r d in甲市a 1");
        assert_eq!(fold("🌉 🚄"), "🌉🚄");
        assert_eq!(fold("\u{301}"), "\u{301}");
        assert_eq!(fold(".*"), ".*");
        assert_eq!(fold(" \t\u{0}\u{3000}"), "");
    }
}
