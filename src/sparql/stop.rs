//! Queries that can be stopped wherever they are.
//!
//! spareval asks whether a query is cancelled whenever it looks at a triple. Where patterns have no
//! variable in common it makes all their combinations without looking at any, perhaps for hours, and
//! keeps them in memory. So a query that is to be stopped counts the rows of its joins, by a function
//! of our own that every row passes, and each condition begins by asking another whether it is
//! cancelled, since conditions may be looked at before rows are counted. The functions have no value
//! and cannot fail, therefore they unwind.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use oxrdf::{NamedNode, Variable};
use spareval::{CancellationToken, QueryEvaluationError, QueryEvaluator, QueryResults};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use super::RdfGraph;

/// The function that counts, and the one that only looks whether the query is cancelled.
const COUNT: &str = "tag:tupu,count";
const LOOK: &str = "tag:tupu,look";

/// Why a query was stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Stopped {
    /// Somebody cancelled it.
    #[error("the query took too long and was stopped")]
    Cancelled,
    /// Its joins gave more rows than allowed.
    #[error("the query joins too much and was stopped: more than {0} rows on the way")]
    TooManyRows(u64),
}

/// Asks `graph` the query, as [`evaluate`](super::evaluate) does, but no more than `most` rows of joins
/// are made. Whoever reads the answer does so within [`until_stopped`].
///
/// # Errors
///
/// When the query calls a function that there is not. More errors come with the rows.
pub fn evaluate_stoppable<'g>(
    graph: &'g RdfGraph,
    query: &Query,
    cancellation: CancellationToken,
    most: u64,
) -> Result<QueryResults<'g>, QueryEvaluationError> {
    let mut query = query.clone();
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = &mut query;
    Counting::default().pattern(pattern);
    let rows = AtomicU64::new(0);
    let token = cancellation.clone();
    let look = move |_: &[_]| {
        if token.is_cancelled() {
            resume_unwind(Box::new(Stopped::Cancelled));
        }
        None
    };
    let look_too = look.clone();
    let count = move |terms: &[_]| {
        if rows.fetch_add(1, Ordering::Relaxed) >= most {
            resume_unwind(Box::new(Stopped::TooManyRows(most)));
        }
        look_too(terms)
    };
    QueryEvaluator::new()
        .with_cancellation_token(cancellation)
        .with_custom_function(NamedNode::new_unchecked(COUNT), count)
        .with_custom_function(NamedNode::new_unchecked(LOOK), look)
        .prepare(&query)
        .execute(graph)
}

/// What `work` gives, unless the query that it reads is stopped.
///
/// # Errors
///
/// When the query is stopped.
pub fn until_stopped<T>(work: impl FnOnce() -> T) -> Result<T, Stopped> {
    // Nothing that the work changes is looked at after it was stopped.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| match payload.downcast::<Stopped>() {
        Ok(stopped) => *stopped,
        Err(panic) => resume_unwind(panic),
    })
}

/// Puts the function behind each join.
#[derive(Default)]
struct Counting {
    joins: usize,
}

impl Counting {
    /// The pattern with its rows counted.
    fn counted(&mut self, pattern: GraphPattern) -> GraphPattern {
        self.joins += 1;
        GraphPattern::Extend {
            inner: Box::new(pattern),
            // No variable of a query has a hyphen.
            variable: Variable::new_unchecked(format!("count-{}", self.joins)),
            expression: call(COUNT),
        }
    }

    fn count(&mut self, pattern: &mut GraphPattern) {
        *pattern = self.counted(std::mem::take(pattern));
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                let mut parts = connected(std::mem::take(patterns))
                    .into_iter()
                    .map(|patterns| GraphPattern::Bgp { patterns });
                let first = parts.next().unwrap_or_default();
                *pattern = parts.fold(first, |left, right| {
                    let (left, right) = (Box::new(left), Box::new(right));
                    self.counted(GraphPattern::Join { left, right })
                });
            }
            GraphPattern::Join { left, right } => {
                self.pattern(left);
                self.pattern(right);
                self.count(pattern);
            }
            // Oxigraph's stores bring it along.
            #[cfg(feature = "rocksdb")]
            GraphPattern::Lateral { left, right } => {
                self.pattern(left);
                self.pattern(right);
                self.count(pattern);
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                self.pattern(left);
                self.pattern(right);
                if let Some(expression) = expression {
                    self.condition(expression);
                }
                self.count(pattern);
            }
            GraphPattern::Union { left, right } | GraphPattern::Minus { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::Filter { expr, inner } => {
                self.condition(expr);
                self.pattern(inner);
            }
            GraphPattern::Graph { inner, .. }
            | GraphPattern::Service { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. } => self.pattern(inner),
            GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
        }
    }

    /// Each part of a condition, which may be looked at by itself.
    fn condition(&mut self, condition: &mut Expression) {
        if let Expression::And(left, right) = condition {
            self.condition(left);
            self.condition(right);
            return;
        }
        self.patterns_in(condition);
        // What has no value is passed over.
        *condition = Expression::Coalesce(vec![call(LOOK), condition.clone()]);
    }

    fn patterns_in(&mut self, expression: &mut Expression) {
        match expression {
            Expression::Exists(pattern) => self.pattern(pattern),
            Expression::Not(inner) => self.patterns_in(inner),
            Expression::And(left, right) | Expression::Or(left, right) => {
                self.patterns_in(left);
                self.patterns_in(right);
            }
            _ => {}
        }
    }
}

fn call(function: &str) -> Expression {
    let function = Function::Custom(NamedNode::new_unchecked(function));
    Expression::FunctionCall(function, Vec::new())
}

/// Patterns that are joined by their variables.
struct Connected {
    names: Vec<String>,
    /// Each with its place in the query.
    patterns: Vec<(usize, TriplePattern)>,
}

/// The patterns in groups that have no variable in common; those of a group stay in their order.
fn connected(patterns: Vec<TriplePattern>) -> Vec<Vec<TriplePattern>> {
    let mut groups: Vec<Connected> = Vec::new();
    for (at, pattern) in patterns.into_iter().enumerate() {
        let mut names = Vec::new();
        variables(&pattern, &mut names);
        let mut new = Connected {
            names,
            patterns: vec![(at, pattern)],
        };
        let is_joined = |group: &mut Connected| group.names.iter().any(|it| new.names.contains(it));
        for group in groups.extract_if(.., is_joined).collect::<Vec<_>>() {
            new.names.extend(group.names);
            new.patterns.extend(group.patterns);
        }
        groups.push(new);
    }
    let in_order = |mut group: Connected| {
        group.patterns.sort_by_key(|(at, _)| *at);
        let patterns = group.patterns.into_iter();
        patterns.map(|(_, pattern)| pattern).collect()
    };
    groups.into_iter().map(in_order).collect()
}

/// Names of variables and blank nodes.
fn variables(pattern: &TriplePattern, names: &mut Vec<String>) {
    if let NamedNodePattern::Variable(variable) = &pattern.predicate {
        names.push(variable.to_string());
    }
    for term in [&pattern.subject, &pattern.object] {
        match term {
            TermPattern::Variable(variable) => names.push(variable.to_string()),
            TermPattern::BlankNode(node) => names.push(node.to_string()),
            TermPattern::Triple(triple) => variables(triple, names),
            TermPattern::NamedNode(_) | TermPattern::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::named_query::parse;
    use crate::prefix::PrefixMap;
    use crate::rdf::RdfFormat;
    use crate::sparql::{RdfGraphBuilder, evaluate};

    fn graph() -> RdfGraph {
        let triples =
            (0..2000).map(|n| format!("<urn:s{}> <urn:p{}> <urn:o{n}> .\n", n % 50, n % 3));
        let mut builder = RdfGraphBuilder::new();
        let text: String = triples.collect();
        builder.read(text.as_bytes(), RdfFormat::NTriples).unwrap();
        builder.finish().unwrap()
    }

    fn rows(results: QueryResults<'_>) -> Vec<String> {
        let mut rows: Vec<String> = match results {
            QueryResults::Solutions(rows) => rows
                .map(|row| row.map_or_else(|error| error.to_string(), |row| format!("{row:?}")))
                .collect(),
            QueryResults::Boolean(value) => vec![value.to_string()],
            QueryResults::Graph(triples) => triples.map(|it| it.unwrap().to_string()).collect(),
        };
        rows.sort();
        rows
    }

    #[test]
    fn counting_changes_no_answer() {
        let graph = graph();
        for query in [
            "SELECT * { ?s <urn:p1> ?o . ?s <urn:p2> ?q . ?q ?r ?t }",
            "SELECT * { ?s <urn:p0> <urn:o3> . ?t <urn:p0> <urn:o6> }",
            "SELECT (COUNT(*) AS ?n) { ?s <urn:p0> <urn:o3> . ?t ?p ?o OPTIONAL { ?o ?x ?y } }",
            "SELECT * { { ?s ?p <urn:o3> } { SELECT ?p { ?x ?p <urn:o6> } } MINUS { ?s ?p <urn:o7> } }",
            "ASK { ?s ?p ?o FILTER NOT EXISTS { ?a <urn:p1> ?b . ?c <urn:p9> ?d } }",
            "CONSTRUCT { ?s <urn:x> ?t } { ?s ?p <urn:o3> . ?t ?p <urn:o6> }",
            "SELECT DISTINCT ?s { _:b ?p <urn:o3> . _:b ?q ?s . ?t ?u <urn:o9> } ORDER BY ?s LIMIT 7",
            "SELECT * { }",
        ] {
            let query = parse(query, &PrefixMap::new()).unwrap();
            let plain = rows(evaluate(&graph, &query, CancellationToken::new()).unwrap());
            let counted =
                evaluate_stoppable(&graph, &query, CancellationToken::new(), 1_000_000).unwrap();
            assert_eq!(until_stopped(|| rows(counted)), Ok(plain), "{query}");
        }
    }

    /// How the query ends, if it is cancelled after so long.
    fn ended(query: &str, most: u64, after: Duration) -> Result<Vec<String>, Stopped> {
        let graph = graph();
        let query = parse(query, &PrefixMap::new()).unwrap();
        let token = CancellationToken::new();
        let canceller = token.clone();
        std::thread::spawn(move || {
            std::thread::sleep(after);
            canceller.cancel();
        });
        until_stopped(|| rows(evaluate_stoppable(&graph, &query, token, most).unwrap()))
    }

    #[test]
    fn what_joins_too_much_is_stopped() {
        for query in [
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?h",
            "SELECT (SUM(1) AS ?n) { { ?a ?b ?c } { SELECT ?d { ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
        ] {
            assert_eq!(
                ended(query, 50_000, Duration::from_secs(60)),
                Err(Stopped::TooManyRows(50_000)),
                "{query}"
            );
        }
    }

    #[test]
    fn what_takes_too_long_is_stopped() {
        let condition = "FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = \"x\")";
        for query in [
            format!("ASK {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i {condition} }}"),
            format!(
                "ASK {{ {{ ?a ?b ?c }} {{ SELECT ?d {{ ?d ?e ?f }} }} {{ SELECT ?g {{ ?g ?h ?i }} }} {condition} }}"
            ),
            format!(
                "ASK {{ ?x ?y ?z FILTER EXISTS {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i {condition} }} }}"
            ),
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }".to_owned(),
        ] {
            let start = Instant::now();
            let ended = ended(&query, 100_000_000, Duration::from_millis(300));
            // Where triples are looked at, spareval itself is the first to see it.
            let error = QueryEvaluationError::Cancelled.to_string();
            assert!(
                ended == Err(Stopped::Cancelled) || ended == Ok(vec![error]),
                "{query}: {ended:?}"
            );
            assert!(start.elapsed() < Duration::from_secs(20), "{query}");
        }
    }

    #[test]
    fn panics_are_not_swallowed() {
        let caught = catch_unwind(|| until_stopped(|| resume_unwind(Box::new("other"))));
        let payload = caught.unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"other"));
    }
}
