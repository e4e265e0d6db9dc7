//! Heads and rows of text, in every syntax that has tables.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use terminal_size::terminal_size;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns between two columns.
const GAP: u16 = 2;

/// A column of texts is no narrower than this, if they are as long.
const LEAST_TEXT: u16 = 8;

/// Rows of cells under a line of heads; every row is as long as the heads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Grid {
    /// A grid with these heads.
    pub(crate) fn new<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) -> Self {
        Self {
            heads: heads.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }

    /// For people: columns by display width, folded to the terminal's width where there is one.
    pub(crate) fn table(&self) -> String {
        self.folded_to(terminal_size().map(|(width, _)| width.0))
    }

    fn folded_to(&self, width: Option<u16>) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(&self.heads);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| printable(cell)));
        }
        let least = width.and_then(|width| self.least_widths(width));
        for (at, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, GAP));
            if let Some(least) = least.as_ref().and_then(|it| it.get(at)) {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*least)));
            }
        }
        let mut text = String::new();
        for line in table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// How wide columns must be, with what stands between them, for no word to be broken that can be
    /// copied: slugs, numbers, heads. Where there is no room for all, long ones are broken.
    fn least_widths(&self, width: u16) -> Option<Vec<u16>> {
        let widths: Vec<u16> = (0..self.heads.len())
            .map(|at| {
                let cells = self.rows.iter().filter_map(|row| row.get(at));
                let cells = cells.chain(self.heads.get(at));
                let wanted =
                    cells.map(|cell| longest_word(cell).max(width_of(cell).min(LEAST_TEXT)));
                wanted.max().unwrap_or(0)
            })
            .collect();
        let shortened = [u16::MAX, 24, 20, 16, 12, 10].map(|most| {
            let shorter = widths.iter().map(|it| *it.min(&most));
            shorter.collect::<Vec<u16>>()
        });
        let heads = self.heads.iter().map(|head| width_of(head)).collect();
        shortened.into_iter().chain([heads]).find_map(|widths| {
            let least = widths.into_iter().map(|it| it.saturating_add(GAP));
            let sum = least.clone().fold(0, u16::saturating_add);
            (sum <= width).then(|| least.collect())
        })
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
        for row in &self.rows {
            text.push_str(&line(row.iter().map(|it| escape_markdown(it)).collect()));
        }
        text
    }
}

fn width_of(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Width of the longest word; between Chinese characters a line may end anywhere.
fn longest_word(text: &str) -> u16 {
    let words = text.split(|c: char| c.is_whitespace() || c.width() == Some(2));
    words.map(width_of).max().unwrap_or(0)
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
    fn slugs_and_heads_stay_whole_where_there_is_room() {
        let rows = vec![[
            "重庆成都双核联动推进公共服务一体化".to_owned(),
            "1".to_owned(),
            "public-service-standards".to_owned(),
        ]];
        let table = Grid::new(["entity", "comparator", "slug"], rows).folded_to(Some(50));
        assert!(table.contains("comparator") && table.contains("public-service-standards"));
        assert!(table.lines().all(|line| line.width() <= 50), "{table}");
        let narrow = Grid::new(["one-long-word"], vec![["another-long-word".to_owned()]]);
        assert!(
            narrow
                .folded_to(Some(8))
                .lines()
                .all(|line| line.width() <= 8)
        );
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
