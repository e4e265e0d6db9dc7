//! Figures are put into a document; everything else in it stays as it is.

use super::fence::{BEGIN, END, Fence};

/// What the first marker tells a reader of the source.
const NOTE: &str = " written by `tupu markdown`; change the fence above instead -->";

/// The document with each fence replaced by its figure; what [`update`] once put behind the fence
/// goes too. Fences are in the order of the document.
pub fn replace(text: &str, figures: &[(&Fence, String)]) -> String {
    splice(text, figures, |fence, figure, newline| {
        // A blank line ends the HTML, so that what follows is Markdown again.
        let lines = figure.lines().chain([""]);
        (fence.range.start, with_margin(fence, lines, newline))
    })
}

/// The document with each figure between markers behind its fence, in place of what stood there.
/// Fences are in the order of the document.
pub fn update(text: &str, figures: &[(&Fence, String)]) -> String {
    splice(text, figures, |fence, figure, newline| {
        let begin = format!("{BEGIN}{NOTE}");
        let before = ["", "", begin.as_str(), ""];
        let lines = before.into_iter().chain(figure.lines()).chain(["", END]);
        (fence.range.end, with_margin(fence, lines, newline))
    })
}

/// Puts what `make` gives between the place that it gives and the end of the fence.
fn splice(
    text: &str,
    figures: &[(&Fence, String)],
    make: impl Fn(&Fence, &str, &str) -> (usize, String),
) -> String {
    let mut spliced = String::with_capacity(text.len());
    let mut done = 0;
    for (fence, figure) in figures {
        let (start, figure) = make(fence, figure, newline(text, fence));
        spliced.push_str(&text[done..start]);
        spliced.push_str(&figure);
        done = fence.end;
    }
    spliced.push_str(&text[done..]);
    spliced
}

/// How the lines of the fence end.
fn newline(text: &str, fence: &Fence) -> &'static str {
    let end = text[fence.range.start..].find('\n');
    match end.map(|end| text[..fence.range.start + end].ends_with('\r')) {
        Some(true) => "\r\n",
        _ => "\n",
    }
}

/// The lines as they stand in the containers of the fence; before the first one, these are there.
fn with_margin<'t>(fence: &Fence, lines: impl Iterator<Item = &'t str>, newline: &str) -> String {
    let mut text = String::new();
    for (number, line) in lines.enumerate() {
        if number > 0 {
            text.push_str(newline);
            let margin = &fence.margin;
            text.push_str(if line.is_empty() {
                margin.trim_end()
            } else {
                margin
            });
        }
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::fences;
    use super::*;

    type Put = fn(&str, &[(&Fence, String)]) -> String;

    fn put(text: &str, put: Put) -> String {
        let found = fences(text);
        assert_eq!(found.faults, []);
        let figures: Vec<(&Fence, String)> = found
            .fences
            .iter()
            .map(|fence| (fence, format!("<p>{}\n\nb", fence.words.join(" "))))
            .collect();
        put(text, &figures)
    }

    #[test]
    fn a_figure_takes_the_place_of_its_fence() {
        assert_eq!(
            put("a\n```tupu x\n```\nb\n", replace),
            "a\n<p>x\n\nb\n\nb\n"
        );
        let updated = put("```tupu x\n```\nb", update);
        assert_eq!(put(&updated, replace), "<p>x\n\nb\n\nb");
    }

    #[test]
    fn a_second_update_changes_nothing() {
        for text in [
            "",
            "a\r\n\r\n```tupu x\r\n```\r\nb\r\n",
            "```tupu x\n```",
            "- ```tupu x\n  ```\n\n> ```tupu y\n> ```\n> z\n",
            "1. a\n\n   ~~~tupu x\n   ~~~\n2. b\n```tupu y\n```\n",
        ] {
            let once = put(text, update);
            assert_eq!(put(&once, update), once, "{text}");
            assert_eq!(once.contains(BEGIN), text.contains("tupu"), "{text}");
            let lines = once.matches('\n').count();
            let returns = once.matches("\r\n").count();
            assert!(returns == 0 || returns == lines, "{once:?}");
        }
    }

    #[test]
    fn containers_stay_around_the_figure() {
        assert_eq!(
            put("> ```tupu x\n> ```\n", update),
            format!("> ```tupu x\n> ```\n>\n> {BEGIN}{NOTE}\n>\n> <p>x\n>\n> b\n>\n> {END}\n")
        );
    }
}
