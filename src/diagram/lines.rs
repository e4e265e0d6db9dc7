//! What stands in a node, where a syntax has no more than lines of text for it.

use unicode_width::UnicodeWidthStr;

use super::figure::Node;
use super::label::wrap;

/// Names, then literals, wrapped; a name that two languages share stands there once.
pub(super) fn node_lines(node: &Node) -> Vec<String> {
    let mut names: Vec<&str> = node.names.iter().map(String::as_str).collect();
    names.dedup();
    let mut lines: Vec<String> = names.into_iter().flat_map(wrap).collect();
    for detail in &node.details {
        lines.extend(wrap(&format!("{}: {}", detail.label, detail.value)));
    }
    lines
}

/// Width and height in pixels of a box that these lines fit into, at 11 pixels a letter.
pub(super) fn box_size(lines: &[String]) -> (usize, usize) {
    let columns = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    (7 * columns + 20, 16 * lines.len() + 14)
}

/// The texts, each wrapped, below one another.
pub(super) fn wrapped(texts: &[String]) -> String {
    let lines: Vec<String> = texts.iter().flat_map(|text| wrap(text)).collect();
    lines.join("\n")
}

/// The texts beside one another.
pub(super) fn one_line(texts: &[String]) -> String {
    texts.join(" · ")
}
