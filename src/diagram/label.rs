//! Labels that fit into a box.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Longest line, in columns; a Chinese character takes two.
const COLUMNS: usize = 28;
/// Most lines of one name.
const LINES: usize = 4;

/// Breaks `text` into lines of at most [`COLUMNS`]: between words, and between any two characters
/// that are two columns wide. What does not fit into [`LINES`] ends in an ellipsis.
pub(super) fn wrap(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let needed = line.width() + piece.trim_end().width();
        if needed > COLUMNS && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        // A word that is longer than a line is cut.
        for c in piece.chars() {
            if line.width() + c.width().unwrap_or(0) > COLUMNS && c != ' ' {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// Words with the blank behind them, and wide characters one by one; closing marks stay with what
/// they close.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let breaks = previous.is_some_and(|before| {
            before == ' '
                || ((is_wide(before) || is_wide(c)) && !is_closing(c) && !is_opening(before))
        });
        if breaks && c != ' ' {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '」' | '”' | '’'
    )
}

fn is_opening(c: char) -> bool {
    matches!(c, '（' | '《' | '「' | '“' | '‘')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_people_would() {
        assert_eq!(wrap(""), Vec::<String>::new());
        assert_eq!(wrap("成都市"), ["成都市"]);
        assert_eq!(
            wrap("成都国际铁路港经济技术开发区管委会"),
            ["成都国际铁路港经济技术开发区", "管委会"]
        );
        assert_eq!(
            wrap("Chongqing Municipal Development and Reform Commission"),
            [
                "Chongqing Municipal",
                "Development and Reform",
                "Commission"
            ]
        );
        assert_eq!(wrap(&"a".repeat(30)), ["a".repeat(28), "aa".to_owned()]);
    }

    #[test]
    fn what_is_too_long_is_cut_visibly() {
        let lines = wrap(&"长".repeat(200));
        assert_eq!(lines.len(), LINES);
        assert!(lines[LINES - 1].ends_with('…'));
    }

    #[test]
    fn marks_stay_with_their_words() {
        let lines = wrap("西部（重庆）科学城沙坪坝片区（管委会）");
        assert!(
            lines
                .iter()
                .all(|line| !line.starts_with('）') && !line.ends_with('（')),
            "{lines:?}"
        );
    }
}
