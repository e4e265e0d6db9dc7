//! Labels that fit into a box.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Longest line of a name, in columns; a Chinese character takes two.
const COLUMNS: usize = 28;
/// Most lines of one name.
const LINES: usize = 5;
/// What a line costs that begins in the middle of a Chinese phrase, in columns of raggedness, squared.
const MID_PHRASE: usize = 4;
/// What a last line of one or two columns costs.
const ORPHAN: usize = 400;

/// Breaks a name into lines of at most [`COLUMNS`]; what does not fit into [`LINES`] ends in an
/// ellipsis.
pub(super) fn wrap(text: &str) -> Vec<String> {
    wrap_to(text, COLUMNS, LINES)
}

/// Breaks `text` into as few lines of at most `columns` as will do, of about equal length: between
/// words, and between any two characters that are two columns wide. What does not fit into `lines`
/// ends in an ellipsis. White space becomes single blanks.
pub(super) fn wrap_to(text: &str, columns: usize, lines: usize) -> Vec<String> {
    let text = one_line(text);
    let pieces = pieces(&text, columns);
    let mut wrapped = greedy(&pieces, columns);
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            while last.width() >= columns {
                last.pop();
            }
            last.truncate(last.trim_end().len());
            last.push('…');
        }
        return wrapped;
    }
    balanced(&pieces, columns, wrapped.len())
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    line
}

/// Fills each line as far as it goes.
fn greedy(pieces: &[&str], columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        if !line.is_empty() && line.width() + piece.trim_end().width() > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// `count` lines, as even as they can be.
fn balanced(pieces: &[&str], columns: usize, count: usize) -> Vec<String> {
    if count < 2 {
        return greedy(pieces, columns);
    }
    let total: usize = pieces.iter().map(|piece| piece.width()).sum();
    let ideal = total.div_ceil(count);
    // best[l][p]: cost of the first `p` pieces on `l` lines, and where the last of these begins.
    let mut best: Vec<Vec<Option<(usize, usize)>>> = vec![vec![None; pieces.len() + 1]; count + 1];
    best[0][0] = Some((0, 0));
    for line in 1..=count {
        for end in line..=pieces.len() {
            let mut width = 0;
            for start in (line - 1..end).rev() {
                let piece = pieces[start];
                width += if start + 1 == end {
                    piece.trim_end().width()
                } else {
                    piece.width()
                };
                if width > columns {
                    break;
                }
                let Some((before, _)) = best[line - 1][start] else {
                    continue;
                };
                let cost = before + break_cost(pieces, start, end, width, ideal);
                if best[line][end].is_none_or(|(known, _)| cost < known) {
                    best[line][end] = Some((cost, start));
                }
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = pieces.len();
    for line in (1..=count).rev() {
        let Some((_, start)) = best[line][end] else {
            return greedy(pieces, columns);
        };
        lines.push(pieces[start..end].concat().trim_end().to_owned());
        end = start;
    }
    lines.reverse();
    lines
}

/// What it costs that the pieces from `start` to `end` are a line of `width`.
fn break_cost(pieces: &[&str], start: usize, end: usize, width: usize, ideal: usize) -> usize {
    let ragged = width.abs_diff(ideal).pow(2);
    let orphan = if width <= 2 { ORPHAN } else { 0 };
    let is_mid_phrase = start > 0
        && pieces[start - 1].chars().last().is_some_and(is_wide)
        && !pieces[start - 1].chars().last().is_some_and(ends_phrase)
        && !pieces[start].starts_with(is_opening)
        && end > start;
    ragged + orphan + if is_mid_phrase { MID_PHRASE } else { 0 }
}

/// Words with the blank behind them, and wide characters one by one; closing marks stay with what
/// they close. A word longer than a line is cut.
fn pieces(text: &str, columns: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut width = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let own = c.width().unwrap_or(0);
        let breaks = previous.is_some_and(|before| {
            before == ' '
                || ((is_wide(before) || is_wide(c)) && !is_closing(c) && !is_opening(before))
        });
        if c != ' ' && (breaks || width + own > columns) {
            pieces.push(&text[start..at]);
            start = at;
            width = 0;
        }
        width += own;
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Whether a Chinese name may well break behind this character.
fn ends_phrase(c: char) -> bool {
    is_closing(c)
        || matches!(
            c,
            '省' | '市' | '区' | '县' | '和' | '与' | '暨' | '及' | '的'
        )
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
    use proptest::prelude::*;

    #[test]
    fn lines_break_where_people_would() {
        assert_eq!(wrap(""), Vec::<String>::new());
        assert_eq!(wrap("成都市"), ["成都市"]);
        assert_eq!(
            wrap("成都国际铁路港经济技术开发区管委会"),
            ["成都国际铁路港经济", "技术开发区管委会"]
        );
        assert_eq!(
            wrap("Chongqing Municipal Development and Reform Commission"),
            [
                "Chongqing Municipal",
                "Development and",
                "Reform Commission"
            ]
        );
        assert_eq!(wrap("one\ntwo\t three"), ["one two three"]);
        assert_eq!(wrap(&"a".repeat(30)), ["a".repeat(28), "aa".to_owned()]);
    }

    #[test]
    fn no_character_is_left_alone_on_the_last_line() {
        assert_eq!(
            wrap_to("重庆市公共资源交易中", 18, 3),
            ["重庆市公共", "资源交易中"]
        );
        assert_eq!(wrap_to("甲甲甲甲甲甲甲乙", 14, 3), ["甲甲甲甲", "甲甲甲乙"]);
    }

    #[test]
    fn what_is_too_long_is_cut_visibly() {
        let lines = wrap(&"长".repeat(200));
        assert_eq!(lines.len(), LINES);
        assert!(lines[LINES - 1].ends_with('…'));
        assert!(lines.iter().all(|line| line.width() <= COLUMNS));
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

    proptest! {
        #[test]
        fn nothing_is_lost_but_blanks(text in "[a-z甲乙（）、 ]{0,80}") {
            let solid = |text: &str| text.replace(' ', "");
            let lines = wrap_to(&text, 12, 40);
            prop_assert_eq!(solid(&lines.concat()), solid(&text));
        }
    }
}
