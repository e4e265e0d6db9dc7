//! Names as plain words.

use super::figure::Figure;

/// `name` as a part of an id or class: ASCII letters, digits, `-`, `_` and `.` stay; others become
/// `_` and their number in hexadecimal, so that different names stay different.
pub(super) fn identifier(name: &str) -> String {
    let mut identifier = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
            identifier.push(c);
        } else {
            identifier.push_str(&format!("_{:x}", u32::from(c)));
        }
    }
    identifier
}

/// The figure with plain words for ids, classes and slots, whatever the graph calls them.
pub(super) fn with_plain_words(mut figure: Figure) -> Figure {
    let plain = |word: &mut String| *word = identifier(word);
    plain(&mut figure.name);
    for cluster in &mut figure.clusters {
        plain(&mut cluster.id);
    }
    for node in &mut figure.nodes {
        plain(&mut node.id);
        plain(&mut node.class);
        for detail in &mut node.details {
            plain(&mut detail.slot);
        }
    }
    for edge in &mut figure.edges {
        plain(&mut edge.id);
        plain(&mut edge.slot);
    }
    for class in &mut figure.legend.classes {
        plain(&mut class.class);
    }
    figure
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn identifiers_are_plain(name in any::<String>()) {
            let identifier = identifier(&name);
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            prop_assert!(identifier.chars().all(is_plain));
        }
    }
}
