//! Tables for people: columns by display width, folded to fit the terminal.

use comfy_table::{ContentArrangement, Row, Table, presets};
use terminal_size::{Width, terminal_size};

/// Rows of cells under a line of heads; folded to the terminal's width where there is one.
pub(crate) fn render<R: Into<Row>>(heads: impl Into<Row>, rows: Vec<R>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(heads);
    if let Some((Width(width), _)) = terminal_size() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
    }
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The same as a table of GitHub's Markdown.
pub(crate) fn markdown(heads: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(heads);
    text.push_str(&line(&vec!["---".to_owned(); heads.len()]));
    for row in rows {
        text.push_str(&line(row));
    }
    text
}
