//! Questions as they are typed: where one ends and the next begins.

use tupu::named_query;
use tupu::prefix::PrefixMap;

/// Words that SPARQL begins with.
const BEGINNINGS: &[&str] = &["BASE", "PREFIX", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];

/// Words that go on with a query that could have ended.
const CONTINUATIONS: &[&str] = &[
    "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES",
];

/// How much of a query is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Progress {
    /// All of it.
    Complete,
    /// More is to come.
    Open,
    /// Whatever comes, it is wrong.
    Wrong,
}

/// Whether a line begins a query, and is no command.
pub(super) fn is_sparql(line: &str) -> bool {
    let word = first_word(line);
    BEGINNINGS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// The letters that a line begins with.
fn first_word(line: &str) -> &str {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_alphabetic());
    &line[..end.unwrap_or(line.len())]
}

/// How much of the query `text` is.
pub(super) fn progress(text: &str, prefixes: &PrefixMap) -> Progress {
    match named_query::parse(text, prefixes) {
        Ok(_) => Progress::Complete,
        Err(fault) if fault.is_unfinished => Progress::Open,
        Err(_) if is_prologue(text) => Progress::Open,
        Err(_) => Progress::Wrong,
    }
}

/// Whether there is nothing but prefixes and remarks.
pub(super) fn is_prologue(text: &str) -> bool {
    text.lines().all(|line| {
        let word = first_word(line);
        let line = line.trim_start();
        line.is_empty()
            || line.starts_with('#')
            || ["BASE", "PREFIX"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(word))
    })
}

/// The questions of a script, each with the number of its first line. Empty lines and remarks are none.
///
/// A query ends at an empty line, or where it is complete and the next line does not go on with it.
pub(super) fn questions(script: &str, prefixes: &PrefixMap) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut query: Option<(usize, String)> = None;
    let mut lines = script.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let is_empty = line.trim().is_empty();
        match &mut query {
            None if is_sparql(line) => query = Some((at + 1, line.to_owned())),
            None if is_empty || line.trim_start().starts_with('#') => continue,
            None => {
                found.push((at + 1, line.to_owned()));
                continue;
            }
            Some((_, text)) if is_empty && !is_prologue(text) => {
                found.extend(query.take());
                continue;
            }
            Some((_, text)) => {
                text.push('\n');
                text.push_str(line);
            }
        }
        let goes_on = lines.peek().is_some_and(|(_, next)| goes_on(next));
        let is_whole = |(_, text): &mut (usize, String)| {
            !goes_on && progress(text, prefixes) == Progress::Complete
        };
        found.extend(query.take_if(is_whole));
    }
    found.extend(query);
    found
}

/// Whether a line goes on with a query that could have ended before it.
fn goes_on(line: &str) -> bool {
    let word = first_word(line);
    line.trim_start().starts_with('{')
        || CONTINUATIONS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes() -> PrefixMap {
        let mut prefixes = PrefixMap::new();
        prefixes.insert("cy", "https://kg.example/").unwrap();
        prefixes
    }

    #[test]
    fn a_query_is_open_until_its_last_bracket() {
        for (text, expected) in [
            ("SELECT ?s", Progress::Open),
            ("SELECT ?s {", Progress::Open),
            ("SELECT ?s { ?s a cy:City", Progress::Open),
            ("SELECT ?s { ?s a \"甲", Progress::Wrong),
            ("PREFIX x: <https://x.example/>", Progress::Open),
            ("PREFIX x: <https://x.example/>\n\n# what", Progress::Open),
            ("SELECT ?s { ?s a cy:City }", Progress::Complete),
            ("ask{?s ?p ?o}", Progress::Complete),
            ("SELECT ?s { ?s a other:City", Progress::Wrong),
            ("SELECT ?s } ", Progress::Wrong),
        ] {
            assert_eq!(progress(text, &prefixes()), expected, "{text}");
        }
    }

    #[test]
    fn a_script_is_cut_into_questions() {
        let script = "\
# cities
show 甲市

PREFIX x: <https://x.example/>

SELECT ?s
WHERE { ?s a cy:City }
ORDER BY ?s
LIMIT 3
path 甲市 乙市
ASK { ?s ?p ?o }
ASK { ?s ?p

stats
DESCRIBE cy:a";
        let found = questions(script, &prefixes());
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4, 10, 11, 12, 14, 15]);
        assert!(found[1].1.ends_with("LIMIT 3"));
        assert_eq!(found[4].1, "ASK { ?s ?p");
        assert_eq!(found[6].1, "DESCRIBE cy:a");
    }

    #[test]
    fn commands_are_no_queries() {
        for line in ["show SELECT", "list City", "stats", "", ".help", "selected"] {
            assert!(!is_sparql(line), "{line}");
        }
    }
}
