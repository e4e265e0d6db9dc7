//! What stands in a node, where a syntax has no more than lines of text for it.

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

/// The texts, each wrapped, below one another.
pub(super) fn wrapped(texts: &[String]) -> String {
    let lines: Vec<String> = texts.iter().flat_map(|text| wrap(text)).collect();
    lines.join("\n")
}

/// The texts beside one another.
pub(super) fn one_line(texts: &[String]) -> String {
    texts.join(" · ")
}
