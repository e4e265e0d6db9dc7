//! What data may become in Markdown.

/// `text` as a piece of a Markdown line, in a paragraph, a table cell or the description of an image:
/// CommonMark, GitHub and mdBook show just these characters. White space and control characters
/// become single blanks.
pub fn escape_markdown(text: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    let mut escaped = String::with_capacity(line.len());
    let mut before = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_punctuation() && !is_plain(before, c, rest.peek().copied()) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// Whether a mark between these two characters is nothing but itself.
fn is_plain(before: Option<char>, mark: char, after: Option<char>) -> bool {
    let ends_word = after.is_none_or(|c| c == ' ');
    let among = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match mark {
        ',' | ';' | '\'' | '/' | '%' | '?' | '(' => true,
        // Otherwise a list or a heading may begin with it.
        ')' => before.is_some_and(|c| !c.is_ascii_digit()),
        '-' | '=' => among(char::is_alphanumeric),
        // Otherwise an address may be in it, which GitHub makes a link, or a list may begin with it.
        '.' => {
            among(|c| c.is_ascii_digit())
                || (ends_word && !before.is_some_and(|c| c.is_ascii_digit()))
        }
        ':' => before.is_some() && ends_word,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    #[test]
    fn what_needs_no_escape_has_none() {
        assert_eq!(
            escape_markdown("credit-reports char=592,643; 1.5%"),
            "credit-reports char=592,643; 1.5%"
        );
        assert_eq!(escape_markdown(" <b>\n[a](b) "), r"\<b\> \[a\](b)");
    }

    /// The text that a reader sees in the only cell of a table, or `None` if there is more in it.
    fn seen(cell: &str) -> Option<String> {
        let table = format!("| head |\n| --- |\n| {cell} |\n");
        let mut seen = String::new();
        for event in Parser::new_ext(&table, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Text(text) => seen.push_str(&text),
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
                | Event::End(_) => {}
                _ => return None,
            }
        }
        seen.strip_prefix("head").map(str::to_owned)
    }

    proptest! {
        #[test]
        fn any_text_is_seen_as_it_is(text in r#"([ -~]|[重庆é]|\PC){0,40}"#) {
            let is_gap = |c: char| c.is_whitespace() || c.is_control();
            let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
            let expected = words.join(" ");
            prop_assert_eq!(seen(&escape_markdown(&text)), Some(expected.clone()));

            let escaped = escape_markdown(&text);
            let mut paragraph = String::new();
            for event in Parser::new_ext(&escaped, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
                match event {
                    Event::Text(text) => paragraph.push_str(&text),
                    Event::Start(Tag::Paragraph) | Event::End(_) => {}
                    other => prop_assert!(false, "{:?}", other),
                }
            }
            prop_assert_eq!(paragraph, expected);
        }
    }
}
