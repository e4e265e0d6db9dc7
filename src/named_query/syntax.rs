//! What is wrong with the text of a query, and where.
//!
//! spargebra reads a query as it stands or says at which place the furthest of all its attempts ended.
//! An attempt at a keyword ends as many characters further as the keyword is long, so that place is
//! useless; of a text whose tokens stand far apart it tells the token.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};

use super::token::{operator_count, tokens, unclosed_string};
use crate::prefix::PrefixMap;
use crate::suggest;

/// White space between two tokens: more than any keyword is long.
const GAP: usize = 64;

/// Deeper brackets are refused, since reading them takes stack.
const DEEPEST: usize = 100;

/// Longer queries are refused, and those with more operators, for the same reason.
const MOST_TOKENS: usize = 50_000;
const MOST_OPERATORS: usize = 5_000;

/// A query that cannot be asked, and why.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Where the fault stands, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether nothing is wrong but that the text ends: more of it can make a query.
    pub is_unfinished: bool,
}

impl SyntaxError {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            hint: None,
            is_unfinished: false,
        }
    }

    fn unfinished(self) -> Self {
        Self {
            is_unfinished: true,
            ..self
        }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Reads the SPARQL query `text`. `prefixes` count as declared, unless the query declares them anew.
///
/// # Errors
///
/// When the text is no SPARQL 1.1 query, an update, or asks another service.
pub fn parse(text: &str, prefixes: &PrefixMap) -> Result<Query, SyntaxError> {
    let tokens = tokens(text);
    check_size(text, &tokens)?;
    let mut query = parser(text, prefixes)
        .parse_query(text)
        .map_err(|_| explain(text, &tokens, prefixes))?;
    if let Some(token) = tokens
        .iter()
        .find(|token| is_service(&text[(*token).clone()]))
    {
        return Err(SyntaxError::new(
            token.clone(),
            "SERVICE asks another server, and tupu uses no network",
        )
        .with_hint("fetch that data to a file first; `tupu query --graph FILE` reads it"));
    }
    if let Query::Select { pattern, .. } = &mut query
        && selects_all(text, &tokens)
    {
        order_variables(pattern, text, &tokens);
    }
    Ok(query)
}

/// Whether the query is a `SELECT *`.
fn selects_all(text: &str, tokens: &[Range<usize>]) -> bool {
    let first = first_word(text, tokens);
    let words = tokens.iter().skip_while(|token| token.start < first.start);
    words
        .map(|token| &text[token.clone()])
        .take_while(|word| !word.starts_with('{'))
        .any(|word| word.ends_with('*'))
}

/// Puts the variables of `SELECT *` into the order of the text; the parser has them by name.
fn order_variables(pattern: &mut GraphPattern, text: &str, tokens: &[Range<usize>]) {
    match pattern {
        GraphPattern::Project { variables, .. } => {
            let mut places = BTreeMap::new();
            for token in tokens {
                for name in variables_in(&text[token.clone()]) {
                    places.entry(name).or_insert(token.start);
                }
            }
            variables.sort_by_key(|it| places.get(it.as_str()).copied());
        }
        GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => order_variables(inner, text, tokens),
        _ => {}
    }
}

/// Names of the variables that stand in a token.
pub(super) fn variables_in(word: &str) -> impl Iterator<Item = &str> {
    let is_text = word.starts_with(['"', '\'', '<']);
    word.split(|c: char| !(c.is_alphanumeric() || matches!(c, '?' | '$' | '_')))
        .filter(move |_| !is_text)
        .filter_map(|it| it.strip_prefix(['?', '$']))
}

/// A parser of `text`, which knows those of `prefixes` that may occur there.
fn parser(text: &str, prefixes: &PrefixMap) -> SparqlParser {
    let mut parser = SparqlParser::new();
    let mentioned = prefixes.iter().filter(|(it, _)| text.contains(it));
    for (prefix, namespace) in mentioned {
        // Every namespace of a map is an absolute IRI.
        if let Ok(with_prefix) = parser.clone().with_prefix(prefix, namespace) {
            parser = with_prefix;
        }
    }
    parser
}

/// Refuses what would take more stack than there is.
fn check_size(text: &str, tokens: &[Range<usize>]) -> Result<(), SyntaxError> {
    if let Some(token) = tokens.get(MOST_TOKENS) {
        return Err(SyntaxError::new(
            token.clone(),
            format!("the query has more than {MOST_TOKENS} words and signs"),
        ));
    }
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for token in tokens {
        operators += operator_count(text, token);
        if operators > MOST_OPERATORS {
            return Err(SyntaxError::new(
                token.clone(),
                format!("the query has more than {MOST_OPERATORS} operators"),
            ));
        }
        let word = &text[token.clone()];
        let signs = word
            .bytes()
            .take_while(|byte| matches!(byte, b'!' | b'-' | b'+' | b'^'))
            .count();
        match word {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST || signs > DEEPEST {
            return Err(SyntaxError::new(
                token.clone(),
                format!("this is nested more than {DEEPEST} levels deep"),
            ));
        }
    }
    Ok(())
}

/// Says what is wrong with a text that is no query.
fn explain(text: &str, tokens: &[Range<usize>], prefixes: &PrefixMap) -> SyntaxError {
    if tokens.is_empty() {
        return SyntaxError::new(0..text.len(), "there is no query here")
            .with_hint("for example: SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 10");
    }
    if parser(text, prefixes).parse_update(text).is_ok() {
        return SyntaxError::new(
            first_word(text, tokens),
            "this is an update, and tupu only reads",
        )
        .with_hint(
            "SELECT, ASK, CONSTRUCT or DESCRIBE; to change the data, edit the project's files",
        );
    }
    if let Some(string) = unclosed_string(text, tokens) {
        let is_long = [r#"""""#, "'''"].map(|it| text[string.clone()].starts_with(it));
        let error = SyntaxError::new(string, "this string is not closed");
        // Only a long one may go on in the next line.
        return if is_long.contains(&true) {
            error.unfinished()
        } else {
            error
        };
    }
    let (stretched, starts) = stretch(text, tokens);
    let Err(error) = parser(text, prefixes).parse_query(&stretched) else {
        // Only white space within a token can make the difference.
        return SyntaxError::new(0..text.len(), "this is not SPARQL");
    };
    let said = error.to_string();
    let place = place(&said);
    let index = starts.partition_point(|start| *start <= place);
    let found = index.checked_sub(1).and_then(|index| tokens.get(index));
    let is_at_end = place >= stretched.chars().count() - GAP;
    if let Some((_, words)) = REASONS.iter().find(|(needle, _)| said.contains(needle)) {
        let token = if is_at_end { None } else { found.cloned() };
        return SyntaxError::new(token.unwrap_or_else(|| first_word(text, tokens)), *words);
    }
    if is_at_end {
        return too_short(text, tokens).unfinished();
    }
    let token = found.cloned().unwrap_or(0..text.len());
    let word = &text[token.clone()];
    if let Some(error) = unknown_prefix(text, tokens, token.clone(), prefixes) {
        return error;
    }
    if said.contains("IRI parsing failed") {
        return SyntaxError::new(token, "this is not a full IRI")
            .with_hint("write https://… in it, or a prefix and a colon; there is no base");
    }
    let shown: String = word.chars().take(40).collect();
    let error = SyntaxError::new(token, format!("`{shown}` is not expected here"));
    match suggest::nearest(word, KEYWORDS.iter().copied()) {
        Some(near) if !near.eq_ignore_ascii_case(word) && word.len() > 2 => {
            error.with_hint(format!("did you mean `{near}`?"))
        }
        _ => error,
    }
}

/// What spargebra says of queries that are well formed and yet none, and our words for it.
const REASONS: &[(&str, &str)] = &[
    (
        "Duplicated variable name in SELECT",
        "SELECT names a variable twice",
    ),
    (
        "The SELECT contains a variable that is unbound",
        "SELECT names a variable that is neither grouped by nor aggregated",
    ),
    (
        "SELECT * is not authorized with GROUP BY",
        "SELECT * does not go with GROUP BY",
    ),
    (
        "BIND is overriding an existing variable",
        "BIND gives a variable a value that has one already",
    ),
    (
        "Repeated variables are not allowed in VALUES",
        "VALUES names a variable twice",
    ),
    (
        "The VALUES clause rows should have exactly",
        "a row of VALUES has more or fewer values than there are variables",
    ),
    (
        "Already used blank node id",
        "a blank node is used in two groups",
    ),
];

const KEYWORDS: [&str; 41] = [
    "ASK",
    "AVG",
    "BASE",
    "BIND",
    "BOUND",
    "COALESCE",
    "CONCAT",
    "CONSTRUCT",
    "CONTAINS",
    "COUNT",
    "DATATYPE",
    "DESCRIBE",
    "DISTINCT",
    "EXISTS",
    "FILTER",
    "FROM",
    "GRAPH",
    "GROUP",
    "GROUP_CONCAT",
    "HAVING",
    "LANG",
    "LANGMATCHES",
    "LCASE",
    "LIMIT",
    "MINUS",
    "NAMED",
    "OFFSET",
    "OPTIONAL",
    "ORDER",
    "PREFIX",
    "REDUCED",
    "REGEX",
    "SAMPLE",
    "SELECT",
    "SERVICE",
    "STRLEN",
    "STRSTARTS",
    "SUBSTR",
    "UNION",
    "VALUES",
    "WHERE",
];

/// The text on one line with its tokens far apart, and where each begins, in characters.
fn stretch(text: &str, tokens: &[Range<usize>]) -> (String, Vec<usize>) {
    let gap = " ".repeat(GAP);
    let mut stretched = String::new();
    let mut starts = Vec::with_capacity(tokens.len());
    let mut length = 0;
    for token in tokens {
        let word = text[token.clone()].replace(['\n', '\r'], " ");
        starts.push(length);
        length += word.chars().count() + GAP;
        stretched.push_str(&word);
        stretched.push_str(&gap);
    }
    // What is attempted at the end of the last gap has as much again to look at.
    stretched.push_str(&gap);
    (stretched, starts)
}

/// The column in `error at 1:COLUMN: …`, from zero.
fn place(said: &str) -> usize {
    said.split(':')
        .nth(1)
        .and_then(|column| column.parse::<usize>().ok())
        .map_or(0, |column| column - 1)
}

/// The text ends where more is expected: perhaps because a bracket is not closed.
fn too_short(text: &str, tokens: &[Range<usize>]) -> SyntaxError {
    let mut open: Vec<Range<usize>> = Vec::new();
    for token in tokens {
        match &text[token.clone()] {
            "{" | "(" | "[" => open.push(token.clone()),
            "}" | ")" | "]" => drop(open.pop()),
            _ => {}
        }
    }
    if let Some(bracket) = open.pop() {
        let shown = &text[bracket.clone()];
        return SyntaxError::new(bracket.clone(), format!("this `{shown}` is not closed"));
    }
    let last = tokens.last().cloned().unwrap_or(0..0);
    SyntaxError::new(last, "the query ends here, though it is not complete")
        .with_hint("a query has a form and a group: SELECT ?s WHERE { ?s ?p ?o }")
}

/// The first prefix in `token` that nobody declares.
fn unknown_prefix(
    text: &str,
    tokens: &[Range<usize>],
    token: Range<usize>,
    prefixes: &PrefixMap,
) -> Option<SyntaxError> {
    let word = &text[token.clone()];
    if word.starts_with(['"', '\'', '<', '?', '$']) && !word.contains("^^") {
        return None;
    }
    let declared = tokens.windows(2).filter_map(|pair| {
        let is_prefix = text[pair[0].clone()].eq_ignore_ascii_case("PREFIX");
        is_prefix.then(|| text[pair[1].clone()].trim_end_matches(':'))
    });
    let known: BTreeSet<&str> = prefixes.iter().map(|it| it.0).chain(declared).collect();
    let mut start = token.start;
    for piece in word.split_inclusive(':') {
        let end = start + piece.len();
        let name = piece.trim_end_matches(':');
        let name = name
            .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .next()
            .unwrap_or(name);
        if piece.ends_with(':') && !known.contains(name) {
            let span = end - 1 - name.len()..end - 1;
            let error = SyntaxError::new(span, format!("the prefix `{name}` is not declared"));
            let hint = match suggest::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "known are {}; others need a PREFIX line",
                    known.into_iter().collect::<Vec<_>>().join(", ")
                ),
            };
            return Some(error.with_hint(hint));
        }
        start = end;
    }
    None
}

/// The first word after the prefixes, which names the form of a query.
fn first_word(text: &str, tokens: &[Range<usize>]) -> Range<usize> {
    let mut rest = tokens.iter();
    while let Some(token) = rest.next() {
        match text[token.clone()].to_ascii_uppercase().as_str() {
            "PREFIX" => drop(rest.by_ref().nth(1)),
            "BASE" | "VERSION" => drop(rest.next()),
            _ => return token.clone(),
        }
    }
    0..text.len()
}

/// Whether a word of a query is the keyword `SERVICE`, with what may stand right behind it.
fn is_service(word: &str) -> bool {
    word.split_at_checked("SERVICE".len())
        .is_some_and(|(keyword, rest)| {
            keyword.eq_ignore_ascii_case("SERVICE")
                && (rest.is_empty() || rest.starts_with(['<', '?', '$']))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (&str, String) {
        let error = parse(text, &PrefixMap::well_known()).unwrap_err();
        let hint = error
            .hint
            .map(|hint| format!("; {hint}"))
            .unwrap_or_default();
        (&text[error.span], error.message + &hint)
    }

    #[test]
    fn a_fault_is_shown_where_it_is() {
        for (text, at, message) in [
            (
                "SELEC ?x {}",
                "SELEC",
                "`SELEC` is not expected here; did you mean `SELECT`?",
            ),
            (
                "SELECT * {\n  ?s a schema:City .\n  成都 ?p ?o }",
                "成都",
                "`成都` is not expected here",
            ),
            (
                "SELECT * { ?s ?p ?o . ?s LIMIT 5 }",
                "LIMIT",
                "`LIMIT` is not expected here",
            ),
            (
                "SELECT * { ?s ?p ?o FILTER(?s > ) }",
                ")",
                "`)` is not expected here",
            ),
            (
                "SELECT * { ?s ?p ?o FLTER(?s > 1) }",
                "FLTER",
                "`FLTER` is not expected here; did you mean `FILTER`?",
            ),
            ("SELECT * { ?s ?p ?o", "{", "this `{` is not closed"),
            (
                "SELECT * { ?s ?p 'abc }",
                "'abc }",
                "this string is not closed",
            ),
            (
                "SELECT ?s",
                "?s",
                "the query ends here, though it is not complete; a query has a form and a group: SELECT ?s WHERE { ?s ?p ?o }",
            ),
            (
                "SELECT * { ?s a shcema:City }",
                "shcema",
                "the prefix `shcema` is not declared; did you mean `schema`?",
            ),
            (
                "SELECT * { ?s schema:about/skoss:broader ?o }",
                "skoss",
                "the prefix `skoss` is not declared; did you mean `skos`?",
            ),
            (
                "SELECT * { ?s a <City> }",
                "<City>",
                "this is not a full IRI; write https://… in it, or a prefix and a colon; there is no base",
            ),
            ("SELECT ?s ?s {}", "SELECT", "SELECT names a variable twice"),
            (
                "PREFIX a: <urn:a:> SELECT (COUNT(?s) AS ?n) ?p { ?s ?p ?o }",
                "SELECT",
                "SELECT names a variable that is neither grouped by nor aggregated",
            ),
        ] {
            assert_eq!(fault(text), (at, message.to_owned()), "{text}");
        }
    }

    #[test]
    fn all_variables_come_in_the_order_of_the_text() {
        for (text, wanted) in [
            ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
            (
                "PREFIX a: <urn:*> SELECT DISTINCT*{ $o ?s '?p' . ?o ?s ?p } LIMIT 3",
                ["o", "s", "p"],
            ),
            ("SELECT ?p ?o ?s { ?s ?p ?o } LIMIT 3", ["p", "o", "s"]),
        ] {
            let query = parse(text, &PrefixMap::new()).unwrap();
            let wanted = format!("(project (?{})", wanted.join(" ?"));
            assert!(query.to_sse().contains(&wanted), "{}", query.to_sse());
        }
    }

    #[test]
    fn what_is_not_asked_of_this_graph_is_refused() {
        let (at, message) = fault("INSERT DATA { <urn:a> <urn:b> 1 }");
        assert_eq!(at, "INSERT");
        assert!(message.starts_with("this is an update"), "{message}");
        let (at, message) = fault("SELECT * { SERVICE SILENT <urn:a> { ?s ?p ?o } }");
        assert_eq!(at, "SERVICE");
        assert!(
            message.starts_with("SERVICE asks another server"),
            "{message}"
        );
        assert!(fault("# nothing").1.starts_with("there is no query here"));
    }

    #[test]
    fn what_would_take_more_stack_than_there_is_is_refused() {
        for text in [
            format!(
                "ASK {{ FILTER({}1{}) }}",
                "(".repeat(5000),
                ")".repeat(5000)
            ),
            format!("ASK {{ FILTER({}1) }}", "!".repeat(5000)),
            format!("ASK {{ {} }}", "{} UNION ".repeat(50_000)),
            format!("ASK {{ FILTER(1{}) }}", "+1".repeat(50_000)),
            format!("ASK {{ ?s <urn:-/->{} ?o }}", "/<urn:-/->".repeat(50_000)),
        ] {
            let error = parse(&text, &PrefixMap::new()).unwrap_err();
            assert!(!error.message.contains("expected"), "{error}");
        }
        let many = "schema:a-b ".repeat(20_000);
        let values = format!("ASK {{ VALUES ?x {{ {many} }} }}");
        parse(&values, &PrefixMap::well_known()).unwrap();
    }
}
