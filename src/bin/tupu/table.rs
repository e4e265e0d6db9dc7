//! Heads and rows of text, in every syntax that has tables.

use std::io;

use terminal_size::terminal_size_of;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// Columns between two columns.
const GAP: usize = 2;

/// A column of texts is no narrower than this, if they are as long.
const LEAST_TEXT: usize = 12;

/// Rows of cells under a line of heads; every row is as long as the heads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether a row that begins as the one above does leaves that out where people read it.
    pub(crate) is_grouped: bool,
}

impl Grid {
    /// A grid with these heads.
    pub(crate) fn new<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) -> Self {
        Self {
            heads: heads.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
            is_grouped: false,
        }
    }

    /// Leaves out the columns that are empty in every row, but for those that `stay`.
    pub(crate) fn drop_empty(&mut self, stay: impl Fn(usize) -> bool) {
        let is_kept = |at: usize| {
            let has_text = |row: &Vec<String>| row.get(at).is_some_and(|it| !it.is_empty());
            stay(at) || self.rows.iter().any(has_text)
        };
        let kept: Vec<bool> = (0..self.heads.len()).map(is_kept).collect();
        for line in std::iter::once(&mut self.heads).chain(&mut self.rows) {
            let mut kept = kept.iter();
            line.retain(|_| kept.next() == Some(&true));
        }
    }

    /// For people: columns by display width, in a terminal folded to its width; or one cell below the
    /// other, where columns would be too narrow for the words in them, or take more lines.
    pub(crate) fn table(&self) -> String {
        self.fitted_to(terminal_width())
    }

    fn fitted_to(&self, width: usize) -> String {
        let widest = self.widest(UnicodeWidthStr::width);
        if self.fits(&widest, width) {
            return self.in_columns(&widest);
        }
        let cards = self.in_cards(width);
        let columns = self.folded_widths(&widest, width);
        match columns.map(|widths| self.in_columns(&widths)) {
            Some(columns) if columns.lines().count() <= cards.lines().count() => columns,
            _ => cards,
        }
    }

    fn fits(&self, widths: &[usize], width: usize) -> bool {
        let gaps = GAP * self.heads.len().saturating_sub(1);
        widths.iter().sum::<usize>() + gaps <= width
    }

    /// How wide each column is so that all fit into `width`, the longest being folded; `None` if words
    /// would have to be broken.
    fn folded_widths(&self, most: &[usize], width: usize) -> Option<Vec<usize>> {
        let least = self.widest(|cell| longest_word(cell).max(cell.width().min(LEAST_TEXT)));
        let capped = |cap: usize| {
            let columns = least.iter().zip(most);
            let widths = columns.map(|(least, most)| cap.min(*most).max(*least));
            widths.collect::<Vec<usize>>()
        };
        let mut caps = (0..=width).rev().map(capped);
        caps.find(|widths| self.fits(widths, width))
    }

    /// The largest `size` in each column.
    fn widest(&self, size: impl Fn(&str) -> usize) -> Vec<usize> {
        let mut widest = vec![0; self.heads.len()];
        for line in std::iter::once(&self.heads).chain(&self.rows) {
            for (widest, cell) in widest.iter_mut().zip(line) {
                *widest = size(&printable(cell)).max(*widest);
            }
        }
        widest
    }

    fn in_columns(&self, widths: &[usize]) -> String {
        let mut text = String::new();
        for row in std::iter::once(self.heads.clone()).chain(self.read_rows()) {
            let cells = row.iter().zip(widths);
            let cells: Vec<Vec<String>> = cells.map(|(cell, width)| folded(cell, *width)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for at in 0..height {
                let mut line = String::new();
                let mut end = 0;
                for (cell, width) in cells.iter().zip(widths) {
                    let part = cell.get(at).map_or("", String::as_str);
                    pad(&mut line, end);
                    line.push_str(part);
                    end += width + GAP;
                }
                text.push_str(line.trim_end());
                text.push('\n');
            }
        }
        text
    }

    /// The rows as people read them in a table.
    fn read_rows(&self) -> impl Iterator<Item = Vec<String>> {
        let mut above = None;
        self.rows.iter().map(move |row| {
            let first = row.first();
            let is_repeated = self.is_grouped && first == above;
            above = first;
            let mut row = row.clone();
            if let Some(first) = row.first_mut().filter(|_| is_repeated) {
                first.clear();
            }
            row
        })
    }

    /// Each row by itself, its cells one below the other; empty ones are left out.
    fn in_cards(&self, width: usize) -> String {
        let widest = self.heads.iter().map(|head| head.width()).max();
        let margin = widest.unwrap_or(0) + GAP;
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            for (head, cell) in self.heads.iter().zip(row) {
                let lines = folded(cell, width.saturating_sub(margin));
                for (at, part) in lines.iter().filter(|it| !it.is_empty()).enumerate() {
                    let mut line = if at == 0 { head.clone() } else { String::new() };
                    pad(&mut line, margin);
                    text.push_str(&line);
                    text.push_str(part);
                    text.push('\n');
                }
            }
        }
        text
    }

    /// [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180): lines end in CR LF, what needs quotation
    /// marks has them.
    pub(crate) fn csv(&self) -> anyhow::Result<String> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in std::iter::once(&self.heads).chain(&self.rows) {
            writer.write_record(row)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?;
        Ok(String::from_utf8(bytes)?)
    }

    /// Tab-separated: no cell holds a tab or a line end.
    pub(crate) fn tsv(&self) -> String {
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().map(|cell| escape_tsv(cell)).collect();
            cells.join("\t") + "\n"
        };
        std::iter::once(&self.heads)
            .chain(&self.rows)
            .map(line)
            .collect()
    }

    /// A table as [GitHub's Markdown](https://github.github.com/gfm/#tables-extension-) has it.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let heads = self.heads.iter().map(|head| escape_markdown(head));
        let mut text = line(heads.collect());
        text.push_str(&line(vec!["---".to_owned(); self.heads.len()]));
        for row in self.read_rows() {
            text.push_str(&line(row.iter().map(|it| escape_markdown(it)).collect()));
        }
        text
    }
}

/// Columns of the terminal that the answer goes to; without end where it goes elsewhere.
fn terminal_width() -> usize {
    let size = terminal_size_of(io::stdout());
    size.map_or(usize::MAX, |(width, _)| usize::from(width.0))
}

/// A line for people, in a terminal folded to its width; what does not fit on the first line goes on
/// `indent` columns further in.
pub(crate) fn wrapped(line: &str, indent: usize) -> String {
    wrapped_to(terminal_width(), line, indent)
}

fn wrapped_to(width: usize, line: &str, indent: usize) -> String {
    if printable(line).width() <= width {
        return printable(line);
    }
    let lines = folded(line, width.saturating_sub(indent));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// Fills `line` up to a display width.
fn pad(line: &mut String, width: usize) {
    let missing = width.saturating_sub(line.width());
    line.extend(std::iter::repeat_n(' ', missing));
}

/// A cell in lines of at most `width`; longer words stay whole.
fn folded(cell: &str, width: usize) -> Vec<String> {
    let cell = printable(cell);
    if cell.width() <= width {
        return vec![cell];
    }
    let mut lines = vec![String::new()];
    for word in words(&cell) {
        let is_full = |line: &String| line.width() + word.trim_end().width() > width;
        match lines
            .last_mut()
            .filter(|line| line.is_empty() || !is_full(line))
        {
            Some(line) => line.push_str(word),
            None => lines.push(word.to_owned()),
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// The parts of a text between which a line may end, each with the white space behind it: words, and
/// Chinese characters with the punctuation that belongs to them. Slugs and numbers are one word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    unicode_linebreak::linebreaks(text).filter_map(move |(end, _)| {
        let is_wide = |c: char| c.width() == Some(2);
        let before = text[..end].chars().next_back()?;
        let after = text[end..].chars().next();
        let may_end = before.is_whitespace() || is_wide(before) || after.is_none_or(is_wide);
        may_end.then(|| {
            let word = &text[start..end];
            start = end;
            word
        })
    })
}

/// Width of the longest word.
fn longest_word(text: &str) -> usize {
    let widths = words(text).map(|word| word.trim_end().width());
    widths.max().unwrap_or(0)
}

/// The text on one line and without characters that steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// The text with backslash, tab and line ends written as `\\`, `\t`, `\n` and `\r`.
fn escape_tsv(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text on one line, with what Markdown reads as markup escaped.
pub(crate) fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_to_their_place_in_every_syntax() {
        let nasty = "a|b`c\t\"d\",\ne\\<f>\r\u{1b}[31m";
        let grid = Grid::new(
            ["one", "other_one"],
            vec![[nasty.to_owned(), "甲".to_owned()]],
        );
        assert_eq!(
            grid.csv().unwrap(),
            "one,other_one\r\n\"a|b`c\t\"\"d\"\",\ne\\<f>\r\u{1b}[31m\",甲\r\n"
        );
        assert_eq!(
            grid.tsv(),
            "one\tother_one\na|b`c\\t\"d\",\\ne\\\\<f>\\r\u{1b}[31m\t甲\n"
        );
        assert_eq!(
            grid.markdown(),
            "| one | other\\_one |\n| --- | --- |\n\
             | a\\|b\\`c \"d\", e\\\\\\<f\\>  \\[31m | 甲 |\n"
        );
        assert_eq!(
            grid.table(),
            "one                     other_one\na|b`c \"d\", e\\<f>  [31m  甲\n"
        );
    }

    #[test]
    fn words_stay_whole_and_columns_fit() {
        let row = [
            "重庆成都双核联动（2024—2027年）推进公共服务".to_owned(),
            "1".to_owned(),
            "Cooperation Agreement in Remote Evaluation".to_owned(),
            "public-service-standards".to_owned(),
        ];
        let rows = vec![row.clone(), row];
        let grid = Grid::new(["entity", "comparator", "title", "slug"], rows);
        assert_eq!(
            grid.fitted_to(72),
            "entity            comparator  title             slug
重庆成都双核联动  1           Cooperation       public-service-standards
（2024—2027年）               Agreement in
推进公共服务                  Remote
                              Evaluation
重庆成都双核联动  1           Cooperation       public-service-standards
（2024—2027年）               Agreement in
推进公共服务                  Remote
                              Evaluation
"
        );
        assert_eq!(
            grid.fitted_to(60),
            "entity      重庆成都双核联动（2024—2027年）推进公共服务
comparator  1
title       Cooperation Agreement in Remote Evaluation
slug        public-service-standards

entity      重庆成都双核联动（2024—2027年）推进公共服务
comparator  1
title       Cooperation Agreement in Remote Evaluation
slug        public-service-standards
"
        );
        // A word that is too long for any line is for the terminal to break.
        assert!(grid.fitted_to(8).contains("public-service-standards"));
    }

    #[test]
    fn rows_without_a_line_of_their_own_are_told_apart() {
        let rows =
            ["甲", "乙"].map(|name| [name.to_owned(), String::new(), "very-long".to_owned()]);
        let grid = Grid::new(["name", "nothing", "slug"], rows.to_vec());
        assert_eq!(
            grid.fitted_to(20),
            "name     甲\nslug     very-long\n\nname     乙\nslug     very-long\n"
        );
    }

    #[test]
    fn columns_of_many_lines_give_way_to_cards() {
        let text = "Cooperation Agreement on Remote Evaluation of Bids in Both Cities".to_owned();
        let grid = Grid::new(["one", "other"], vec![[text.clone(), text.clone()]]);
        assert_eq!(
            grid.fitted_to(60),
            "one                            other
Cooperation Agreement on       Cooperation Agreement on
Remote Evaluation of Bids in   Remote Evaluation of Bids in
Both Cities                    Both Cities
"
        );
        assert_eq!(
            grid.fitted_to(40),
            "one    Cooperation Agreement on Remote
       Evaluation of Bids in Both Cities
other  Cooperation Agreement on Remote
       Evaluation of Bids in Both Cities
"
        );
    }

    #[test]
    fn empty_columns_are_dropped_unless_they_stay() {
        let rows = vec![["1", "", ""], ["", "", ""]].into_iter();
        let rows = rows.map(|row| row.map(str::to_owned)).collect();
        let mut grid = Grid::new(["some", "none", "asked"], rows);
        grid.drop_empty(|at| at == 2);
        assert_eq!(grid.heads, ["some", "asked"]);
        assert_eq!(grid.rows, [["1", ""], ["", ""]]);
    }

    #[test]
    fn a_line_goes_on_further_in() {
        let line = "  甲市 ─ 签署方 → Agreement on\u{1b}Evaluation";
        assert_eq!(
            wrapped_to(80, line, 4),
            "  甲市 ─ 签署方 → Agreement on Evaluation"
        );
        assert_eq!(
            wrapped_to(24, line, 4),
            "  甲市 ─ 签署方 →\n    Agreement on\n    Evaluation"
        );
    }

    #[test]
    fn a_group_begins_once() {
        let rows = vec![
            ["a".to_owned(), "1".to_owned()],
            ["a".to_owned(), "2".to_owned()],
        ];
        let mut grid = Grid::new(["name", "n"], rows);
        grid.is_grouped = true;
        assert_eq!(grid.table(), "name  n\na     1\n      2\n");
        assert_eq!(
            grid.markdown(),
            "| name | n |\n| --- | --- |\n| a | 1 |\n|  | 2 |\n"
        );
        assert_eq!(grid.tsv(), "name\tn\na\t1\na\t2\n");
    }

    #[test]
    fn columns_are_aligned_by_display_width() {
        let rows = vec![
            ["成都市".to_owned(), "1".to_owned()],
            ["ab".to_owned(), "2".to_owned()],
        ];
        let table = Grid::new(["name", "n"], rows).table();
        assert_eq!(table, "name    n\n成都市  1\nab      2\n");
    }
}
