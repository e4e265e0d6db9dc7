//! Where a document asks for a figure.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The word that a fence begins with.
const NAME: &str = "tupu";
/// How the line begins that stands before a figure that was put into the document.
pub(super) const BEGIN: &str = "<!-- tupu:begin";
/// The line that stands after it.
pub(super) const END: &str = "<!-- tupu:end -->";

/// A place where a document asks for a figure.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fence {
    /// Number of its first line, from 1.
    pub line: usize,
    /// The words of its first line behind `tupu`, split as a shell does, without quotation marks.
    pub words: Vec<String>,
    /// The fence, from its first to its last mark.
    pub(super) range: Range<usize>,
    /// Where it ends together with what [`update`](super::update) put behind it.
    pub(super) end: usize,
    /// What each further line begins with: indentation of a list, marks of a quotation.
    pub(super) margin: String,
}

/// What is wrong about a fence.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FenceFault {
    /// It goes on to the end of the document, quotation or list item.
    #[error("the fence is not closed")]
    NotClosed,
    /// There is text in it.
    #[error("a `tupu` fence holds no text; what it shows stands in its first line")]
    HasText,
    /// A quotation mark in its first line has no partner.
    #[error("a quotation mark in the first line of the fence is not closed")]
    Quotation,
    /// A figure that was put into the document has no end.
    #[error(
        "there is no `{END}` behind this marker; add it, or delete the marker and what belongs to it"
    )]
    NoEnd,
    /// A figure that was put into the document has lost its fence.
    #[error(
        "no `tupu` fence stands before this marker; delete everything up to `{END}`, or add the fence"
    )]
    NoFence,
}

/// The fences of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fences {
    /// Those that are in order.
    pub fences: Vec<Fence>,
    /// What is wrong with others, by number of line.
    pub faults: Vec<(usize, FenceFault)>,
}

/// Finds the `tupu` fences of a document in CommonMark with GitHub's tables and footnotes. What
/// stands in other code blocks, indented code or comments is none.
pub fn fences(text: &str) -> Fences {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut found = Fences::default();
    let mut covered = 0;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let line = line_of(text, range.start);
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if info.split_whitespace().next() == Some(NAME) =>
            {
                match fence(text, range, line) {
                    Ok(fence) => {
                        covered = fence.end;
                        found.fences.push(fence);
                    }
                    Err(fault) => found.faults.push(fault),
                }
            }
            Event::Start(Tag::HtmlBlock)
                if range.start >= covered && text[range.clone()].starts_with(BEGIN) =>
            {
                found.faults.push((line, FenceFault::NoFence));
            }
            _ => {}
        }
    }
    // A marker that cannot be read as a figure's is one fault, not two.
    let without_end: Vec<usize> = found.faults_of(FenceFault::NoEnd).collect();
    found
        .faults
        .retain(|(line, fault)| *fault != FenceFault::NoFence || !without_end.contains(line));
    found
}

impl Fences {
    fn faults_of(&self, wanted: FenceFault) -> impl Iterator<Item = usize> {
        let faults = self
            .faults
            .iter()
            .filter(move |(_, fault)| *fault == wanted);
        faults.map(|(line, _)| *line)
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The fence that stands at `range`.
fn fence(text: &str, range: Range<usize>, line: usize) -> Result<Fence, (usize, FenceFault)> {
    let fault = |fault| (line, fault);
    let body = text[range.clone()].trim_end_matches(['\r', '\n', ' ', '\t', '>']);
    let range = range.start..range.start + body.len();
    let mut lines = body.lines();
    let first = lines.next().unwrap_or_default();
    let mark = first.chars().next().unwrap_or('`');
    let info = first.trim_start_matches(mark);
    let closing = lines.next_back().map(bare).unwrap_or_default();
    if closing.is_empty() || closing.chars().any(|c| c != mark) {
        return Err(fault(FenceFault::NotClosed));
    }
    if lines.any(|line| !bare(line).is_empty()) {
        return Err(fault(FenceFault::HasText));
    }
    let words = shlex::split(info).ok_or(fault(FenceFault::Quotation))?;
    Ok(Fence {
        line,
        words: words.into_iter().skip(1).collect(),
        end: end_of_block(text, range.end)?.unwrap_or(range.end),
        margin: margin(text, range.start),
        range,
    })
}

/// A line without what its containers put before it.
fn bare(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>']).trim_end()
}

/// What stands before `at` in its line, with blanks for the marks that only a first line has.
fn margin(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let keep = |c| if matches!(c, '>' | '\t') { c } else { ' ' };
    text[start..at].chars().map(keep).collect()
}

/// Where the figure ends that stands next after `at` between markers, if there is one.
fn end_of_block(text: &str, at: usize) -> Result<Option<usize>, (usize, FenceFault)> {
    let mut begin = None;
    let mut start = at;
    for line in text[at..].split_inclusive('\n') {
        let content = bare(line);
        match begin {
            None if content.is_empty() => {}
            None if content.starts_with(BEGIN) => begin = Some(start),
            None => return Ok(None),
            Some(_) if content == END => {
                return Ok(Some(start + line.trim_end().len()));
            }
            Some(_) if content.starts_with(BEGIN) || opens_fence(content) => break,
            Some(_) => {}
        }
        start += line.len();
    }
    match begin {
        None => Ok(None),
        Some(begin) => Err((line_of(text, begin), FenceFault::NoEnd)),
    }
}

fn opens_fence(line: &str) -> bool {
    let info = line.trim_start_matches(['`', '~']);
    line.len() - info.len() >= 3 && info.split_whitespace().next() == Some(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &[&str])]) {
        let found = fences(text);
        assert_eq!(found.faults, []);
        let words: Vec<(usize, Vec<&str>)> = found
            .fences
            .iter()
            .map(|fence| {
                let words = fence.words.iter().map(String::as_str);
                (fence.line, words.collect())
            })
            .collect();
        let expected: Vec<(usize, Vec<&str>)> = expected
            .iter()
            .map(|(line, words)| (*line, words.to_vec()))
            .collect();
        assert_eq!(words, expected);
    }

    #[track_caller]
    fn check_fault(text: &str, expected: &[(usize, FenceFault)]) {
        let found = fences(text);
        assert_eq!(found.fences, []);
        assert_eq!(found.faults, expected);
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        check(
            "a\n\n```tupu view=\"a b\" alt='c \"d\"' depth=2\n```\n",
            &[(3, &["view=a b", "alt=c \"d\"", "depth=2"])],
        );
        check("~~~ tupu view=a\r\n\r\n~~~~\r\n", &[(1, &["view=a"])]);
        check("```tupu\n```", &[(1, &[])]);
    }

    #[test]
    fn what_only_looks_like_a_fence_is_none() {
        for text in [
            "",
            "text",
            "````\n```tupu view=a\n```\n````\n",
            "    ```tupu view=a\n    ```\n",
            "<!--\n```tupu view=a\n```\n-->\n",
            "`tupu view=a`",
            "```tupus view=a\n```\n",
            "```rust\ntupu\n```\n",
            "````\n<!-- tupu:begin -->\n````\n",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn fences_stand_in_lists_and_quotations() {
        let text = "- ```tupu view=a\n  ```\n> 1. b\n>    ```tupu view=b\n>    ```\n> c\n";
        check(text, &[(1, &["view=a"]), (4, &["view=b"])]);
        let found = fences(text).fences;
        assert_eq!(found[0].margin, "  ");
        assert_eq!(found[1].margin, ">    ");
        assert_eq!(&text[found[1].range.clone()], "```tupu view=b\n>    ```");
    }

    #[test]
    fn faults_have_their_line() {
        check_fault("\n```tupu view=a\n", &[(2, FenceFault::NotClosed)]);
        check_fault("```tupu", &[(1, FenceFault::NotClosed)]);
        check_fault("> ```tupu\n\ntext", &[(1, FenceFault::NotClosed)]);
        check_fault("```tupu\nview=a\n```", &[(1, FenceFault::HasText)]);
        check_fault("```tupu view='a\n```", &[(1, FenceFault::Quotation)]);
        check_fault(
            "```tupu view=a\n```\n\n<!-- tupu:begin -->\ntext\n",
            &[(4, FenceFault::NoEnd)],
        );
        check_fault(
            "text\n\n<!-- tupu:begin -->\n\n<!-- tupu:end -->\n",
            &[(3, FenceFault::NoFence)],
        );
    }
}
