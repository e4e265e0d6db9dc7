//! What slugs, names and other words may look like.

use crate::diagnostic::{Code, Diagnostic, Span};
pub(super) use crate::source::shorten;

/// A name that is longer belongs into a description.
const LONGEST_NAME: usize = 500;

/// What is wrong with a slug, if anything: it is to be lower-case ASCII words joined by hyphens, beginning with a letter.
pub(super) fn slug_fault(slug: &str, span: Span) -> Option<Diagnostic> {
    let legal = slug.starts_with(|c: char| c.is_ascii_lowercase())
        && slug.len() <= LONGEST_NAME
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
    if legal {
        return None;
    }
    let suggestion: String = slug
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .to_ascii_lowercase();
    let hint = if suggestion.starts_with(|c: char| c.is_ascii_lowercase())
        && suggestion.len() <= LONGEST_NAME
    {
        format!("write it as `{suggestion}`")
    } else {
        "use lower-case ASCII words joined by hyphens, beginning with a letter".to_owned()
    };
    let message = format!("`{}` cannot be part of an IRI here", shorten(slug));
    Some(Diagnostic::error(Code::InvalidSlug, span, message).with_hint(hint))
}

/// What is wrong with a name that people read, if anything.
pub(super) fn name_fault(name: &str, span: Span) -> Option<Diagnostic> {
    let wrong = |message: String, hint: &str| {
        Some(Diagnostic::error(Code::InvalidName, span, message).with_hint(hint))
    };
    if name.trim().is_empty() {
        return wrong("the name is empty".to_owned(), "write the name as printed");
    }
    if name.trim() != name {
        return wrong(
            "the name begins or ends with white space".to_owned(),
            "take the white space away",
        );
    }
    if let Some(c) = name.chars().find(|c| is_invisible(*c)) {
        return wrong(
            format!(
                "the name holds the invisible character U+{:04X}",
                u32::from(c)
            ),
            "take it out; a name is one line of visible characters",
        );
    }
    let length = name.chars().count();
    if length > LONGEST_NAME {
        return wrong(
            format!("the name is {length} characters long, more than {LONGEST_NAME}"),
            "shorten the name and put the rest into a description",
        );
    }
    None
}

/// Control characters, and formatting characters that change how the rest of a line looks.
/// Joiners stay: emoji and several scripts need them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;

    const SPAN: Span = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };

    #[test]
    fn slugs_are_lower_case_words() {
        for slug in ["a", "cd-drc", "dual-core-meeting-3"] {
            assert_eq!(slug_fault(slug, SPAN), None, "{slug}");
        }
        for slug in [
            "", "-", "a--b", "a-", "3a", "A", "甲", "../../x", "a b", "a.b", "a_b",
        ] {
            let found = slug_fault(slug, SPAN).unwrap();
            assert_eq!(found.code, Code::InvalidSlug, "{slug}");
        }
        let found = slug_fault("../../X y", SPAN).unwrap();
        assert_eq!(found.hint.unwrap(), "write it as `x-y`");
    }

    #[test]
    fn names_are_visible() {
        let long = "长".repeat(LONGEST_NAME);
        for name in ["甲市", "a \"b\" \\ <script>", "👩‍👩‍👧", long.as_str()] {
            assert_eq!(name_fault(name, SPAN), None, "{name}");
        }
        let longer = "长".repeat(LONGEST_NAME + 1);
        for name in [
            "",
            " ",
            " a",
            "a\n",
            "a\nb",
            "a\u{202e}b",
            "a\u{200f}b",
            "\u{feff}a",
            longer.as_str(),
        ] {
            assert_eq!(
                name_fault(name, SPAN).unwrap().code,
                Code::InvalidName,
                "{name:?}"
            );
        }
    }
}
