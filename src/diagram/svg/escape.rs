//! What data may become in an SVG.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::escape_xml;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_comes_back_from_xml(text in any::<String>()) {
            let xml = format!("<a b=\"{0}\">{0}</a>", escape_xml(&text));
            let read = roxmltree::Document::parse(&xml).unwrap();
            let expected: String = text
                .chars()
                .map(|c| match c {
                    '\t' | '\n' | '\r' => c,
                    '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
                    c => c,
                })
                .collect();
            let root = read.root_element();
            prop_assert_eq!(root.attribute("b"), Some(expected.as_str()));
            prop_assert_eq!(root.text().unwrap_or_default(), expected.as_str());
            prop_assert_eq!(root.children().filter(|child| !child.is_text()).count(), 0);
        }

        #[test]
        fn identifiers_are_plain(name in any::<String>()) {
            let identifier = identifier(&name);
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            prop_assert!(identifier.chars().all(is_plain));
        }
    }
}
