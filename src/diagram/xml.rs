//! Text in XML.

/// `text` for an XML 1.0 document, between tags or in an attribute: a parser gives back just these
/// characters.
///
/// Tabs and line breaks are written as references, so that no parser normalizes them; what XML 1.0
/// cannot hold (control characters, U+FFFE, U+FFFF) becomes U+FFFD.
pub fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }
}
