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

/// `link`, if it leads to a page and does nothing else: `http`, `https`, a relative path, or a
/// fragment.
pub(super) fn safe_link(link: &str) -> Option<&str> {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if link.is_empty() || link.contains(is_odd) || link.starts_with("//") {
        return None;
    }
    let path_begins = link.find(['/', '?', '#']).unwrap_or(link.len());
    match link[..path_begins].find(':') {
        None => Some(link),
        Some(end) => {
            let scheme = link[..end].to_ascii_lowercase();
            let has_host = link[end + 1..].starts_with("//");
            (matches!(scheme.as_str(), "http" | "https") && has_host).then_some(link)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::escape_xml;
    use proptest::prelude::*;

    #[test]
    fn links_lead_to_pages_only() {
        for link in [
            "https://example.org/a?b=c#d",
            "HTTP://example.org",
            "page.html",
            "../a/b:c",
            "#node",
            "?q=a:b",
        ] {
            assert_eq!(safe_link(link), Some(link));
        }
        for link in [
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,a",
            "vbscript:a",
            "//example.org",
            "/\\example.org",
            "https:example",
            "file:///a",
        ] {
            assert_eq!(safe_link(link), None, "{link}");
        }
    }

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
