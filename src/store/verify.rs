//! What a store answers, held against what it should.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{Literal, Term};

use super::expected::{Content, Expected, Object, object, stored_kind};
use super::{DefaultGraph, Endpoint, Row, StoreError};
use crate::prefix::PrefixMap;

/// How many subjects are asked for at once. Their rows are fewer than what any store cuts off.
pub(super) const SUBJECTS: usize = 150;

/// How closely is looked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Depth {
    /// Counts, and every literal, with its language and datatype, of so many subjects of each graph.
    Sample(usize),
    /// Counts, and every triple; all of them are held in memory.
    Full,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The graph that it is in; none for the default graph.
    pub graph: Option<String>,
    /// What differs.
    pub what: Fault,
}

/// What differs.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// A number of things.
    Count {
        /// Of what: IRI of a class, a property or a datatype, a language tag; nothing for triples.
        of: Counted,
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// A triple that is not there; terms as in N-Triples.
    Missing(String, String, String),
    /// A triple that should not be there.
    Extra(String, String, String),
    /// As many triples as there should be, and others among them.
    Others,
    /// A question with the wrong answer.
    Answer {
        /// The question.
        question: String,
        /// What the store says.
        found: bool,
    },
}

/// What is counted.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Counted {
    /// All triples.
    Triples,
    /// Instances of a class.
    Class(String),
    /// Triples of a property.
    Property(String),
    /// Literals of a language or datatype.
    Literals(String),
    /// Triples about a subject.
    Subject(String),
}

/// What was looked at, and what was found wrong.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Triples that were counted.
    pub triples: u64,
    /// Graphs that were looked at.
    pub graphs: usize,
    /// Triples that were compared one by one.
    pub compared: u64,
    /// Literals of which the store keeps only the value, or the tag without its case.
    pub adapted: u64,
    /// Whether there are more subjects than were compared.
    pub is_sampled: bool,
    /// Questions that were asked.
    pub questions: usize,
    /// What differs.
    pub differences: Vec<Difference>,
}

impl Difference {
    /// The difference in words, IRIs shortened by `prefixes`.
    pub fn words(&self, prefixes: &PrefixMap) -> String {
        let place = match &self.graph {
            Some(graph) => format!("graph {}: ", prefixes.compact(graph)),
            None => String::new(),
        };
        let what = match &self.what {
            Fault::Count {
                of,
                expected,
                found,
            } => {
                let (direction, by) = if found < expected {
                    ("missing", expected - found)
                } else {
                    ("too many", found - expected)
                };
                let of = of.words(prefixes);
                format!("{of}: {by} {direction}, {found} of {expected}")
            }
            Fault::Missing(subject, predicate, object) => {
                format!("missing: {}", triple(prefixes, subject, predicate, object))
            }
            Fault::Extra(subject, predicate, object) => {
                format!("extra: {}", triple(prefixes, subject, predicate, object))
            }
            Fault::Others => "other triples than those that were loaded".to_owned(),
            Fault::Answer { question, found } => {
                let answer = if *found { "yes" } else { "no" };
                format!("asked: {question}? it says {answer}")
            }
        };
        place + &what
    }
}

impl Counted {
    fn words(&self, prefixes: &PrefixMap) -> String {
        match self {
            Self::Triples => "triples".to_owned(),
            Self::Class(iri) => format!("instances of {}", prefixes.compact(iri)),
            Self::Property(iri) => format!("triples of {}", prefixes.compact(iri)),
            Self::Literals(kind) if kind.contains(':') => {
                format!("literals of {}", prefixes.compact(kind))
            }
            Self::Literals(tag) => format!("literals in {tag}"),
            Self::Subject(iri) => format!("triples about {}", prefixes.compact(iri)),
        }
    }
}

fn triple(prefixes: &PrefixMap, subject: &str, predicate: &str, object: &str) -> String {
    let shown = match object.strip_prefix('<').and_then(|it| it.strip_suffix('>')) {
        Some(iri) => prefixes.compact(iri),
        None => object.into(),
    };
    let (subject, predicate) = (prefixes.compact(subject), prefixes.compact(predicate));
    format!("{subject} {predicate} {shown}")
}

/// Asks `endpoint` for what it holds and compares that with what it should; with `contains`, more than
/// that is right too. `step` is called after each query, of which there are
/// [`Expected::queries`].
///
/// # Errors
///
/// When the endpoint does not answer, or not as SPARQL has it.
pub fn verify(
    endpoint: &dyn Endpoint,
    expected: &Expected,
    contains: bool,
    step: &mut dyn FnMut(),
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    for (graph, content) in &expected.graphs {
        let mut checker = Checker {
            endpoint,
            content,
            from: from_clause(endpoint, graph)?,
            contains,
            report: &mut report,
            graph: Some(graph.clone()).filter(|it| !it.is_empty()),
            step,
        };
        checker.graph(expected.depth)?;
    }
    Ok(report)
}

fn from_clause(endpoint: &dyn Endpoint, graph: &str) -> Result<String, StoreError> {
    if !graph.is_empty() {
        return Ok(format!("FROM <{graph}>"));
    }
    match endpoint.profile().default_graph {
        DefaultGraph::Own => Ok(String::new()),
        DefaultGraph::Named(name) => Ok(format!("FROM <{name}>")),
        DefaultGraph::Missing => Err(StoreError::Profile(
            "this store has no default graph; name one with --graph-iri".to_owned(),
        )),
    }
}

/// Compares one graph.
struct Checker<'c> {
    endpoint: &'c dyn Endpoint,
    content: &'c Content,
    /// The clause that makes this graph the default graph of a query.
    from: String,
    contains: bool,
    report: &'c mut Report,
    graph: Option<String>,
    step: &'c mut dyn FnMut(),
}

impl Checker<'_> {
    fn graph(&mut self, depth: Depth) -> Result<(), StoreError> {
        let before = self.report.differences.len();
        self.report.graphs += 1;
        self.report.adapted += self.content.adapted;
        self.report.is_sampled |= self.content.is_sampled();
        let found = self.total()?;
        self.report.triples += found;
        self.count(Counted::Triples, self.content.triples, found);
        if found == 0 {
            // Nothing can be said of nothing.
            return Ok(());
        }
        let content = self.content;
        self.counts("?s a ?k", &content.classes, Counted::Class)?;
        self.counts("?s ?k ?o", &content.properties, Counted::Property)?;
        self.counts(
            "?s ?p ?o FILTER(isLiteral(?o)) BIND(IF(LANG(?o) = \"\", STR(DATATYPE(?o)), LANG(?o)) AS ?k)",
            &content.kinds,
            Counted::Literals,
        )?;
        self.questions()?;
        let subjects: Vec<&str> = content.subjects.keys().map(String::as_str).collect();
        for subjects in subjects.chunks(SUBJECTS) {
            self.subjects(subjects, depth == Depth::Full)?;
        }
        // As many triples as expected, and none of those missing: then there are no others.
        let is_equal = found == content.triples && self.report.differences.len() == before;
        if depth == Depth::Full && !self.contains && !is_equal {
            self.strangers()?;
        }
        Ok(())
    }

    fn rows(&mut self, query: &str) -> Result<Vec<Row>, StoreError> {
        let rows = self.endpoint.rows(query)?;
        (self.step)();
        Ok(rows)
    }

    fn fault(&mut self, what: Fault) {
        self.report.differences.push(Difference {
            graph: self.graph.clone(),
            what,
        });
    }

    fn count(&mut self, of: Counted, expected: u64, found: u64) {
        if found < expected || (found > expected && !self.contains) {
            self.fault(Fault::Count {
                of,
                expected,
                found,
            });
        }
    }

    fn total(&mut self) -> Result<u64, StoreError> {
        let from = &self.from;
        let rows = self.rows(&format!(
            "SELECT (COUNT(*) AS ?n) {from} WHERE {{ ?s ?p ?o }}"
        ))?;
        rows.first()
            .and_then(|row| number(row.get("n")))
            .ok_or_else(|| not_counted("COUNT gives no number"))
    }

    /// Compares what `pattern` gives for each `?k` with what it should.
    fn counts(
        &mut self,
        pattern: &str,
        expected: &BTreeMap<String, u64>,
        of: fn(String) -> Counted,
    ) -> Result<(), StoreError> {
        let from = &self.from;
        let rows = self.rows(&format!(
            "SELECT ?k (COUNT(*) AS ?n) {from} WHERE {{ {pattern} }} GROUP BY ?k"
        ))?;
        let profile = self.endpoint.profile();
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for row in &rows {
            let Some(number) = number(row.get("n")) else {
                return Err(not_counted("COUNT gives no number"));
            };
            let name = match row.get("k") {
                Some(Term::NamedNode(node)) => node.as_str().to_owned(),
                Some(Term::Literal(literal)) => stored_kind(literal.value(), profile),
                Some(other) => other.to_string(),
                // An empty table may come as one row without a key.
                None if number == 0 => continue,
                None => return Err(not_counted("GROUP BY gives no key")),
            };
            *found.entry(name).or_default() += number;
        }
        let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
        for name in names {
            let of_name = |counts: &BTreeMap<String, u64>| counts.get(name).copied().unwrap_or(0);
            self.count(of(name.clone()), of_name(expected), of_name(&found));
        }
        Ok(())
    }

    /// Compares the triples of these subjects one by one, or those of them with a literal.
    fn subjects(&mut self, subjects: &[&str], is_full: bool) -> Result<(), StoreError> {
        let names: Vec<String> = subjects.iter().map(|iri| format!("<{iri}>")).collect();
        let filter = if is_full { "" } else { "FILTER(isLiteral(?o))" };
        let (from, names) = (&self.from, names.join(" "));
        let rows = self.rows(&format!(
            "SELECT ?s ?p ?o {from} WHERE {{ VALUES ?s {{ {names} }} ?s ?p ?o {filter} }}"
        ))?;
        let mut found: BTreeMap<&str, BTreeSet<(String, Object)>> = BTreeMap::new();
        for row in &rows {
            let (Some(Term::NamedNode(subject)), Some(Term::NamedNode(predicate)), Some(term)) =
                (row.get("s"), row.get("p"), row.get("o"))
            else {
                return Err(not_counted("a row has no triple"));
            };
            let fact = object(term.as_ref(), self.endpoint.profile());
            let facts = found.entry(subject.as_str()).or_default();
            facts.insert((predicate.as_str().to_owned(), fact));
        }
        let none = BTreeSet::new();
        let content = self.content;
        for subject in subjects {
            let there = found.get(subject).unwrap_or(&none);
            let wanted = content.subjects.get(*subject).unwrap_or(&none);
            let is_compared = |object: &Object| is_full || object.is_literal;
            for (predicate, object) in wanted.iter().filter(|(_, it)| is_compared(it)) {
                self.report.compared += 1;
                if !there.contains(&(predicate.clone(), object.clone())) {
                    self.fault(Fault::Missing(
                        (*subject).to_owned(),
                        predicate.clone(),
                        object.term.clone(),
                    ));
                }
            }
            if self.contains {
                continue;
            }
            for (predicate, object) in there.difference(wanted) {
                self.fault(Fault::Extra(
                    (*subject).to_owned(),
                    predicate.clone(),
                    object.term.clone(),
                ));
            }
        }
        Ok(())
    }

    /// Names the subjects that should not be there.
    fn strangers(&mut self) -> Result<(), StoreError> {
        let from = &self.from;
        let rows = self.rows(&format!(
            "SELECT ?k (COUNT(*) AS ?n) {from} WHERE {{ ?k ?p ?o }} GROUP BY ?k"
        ))?;
        for row in &rows {
            let (Some(subject), Some(found)) = (row.get("k"), number(row.get("n"))) else {
                return Err(not_counted("GROUP BY gives no key"));
            };
            let name = match subject {
                Term::NamedNode(node) => node.as_str().to_owned(),
                other => other.to_string(),
            };
            let is_blank = matches!(subject, Term::BlankNode(_));
            let is_known = self.content.subjects.contains_key(&name)
                || (is_blank && self.content.has_blank_nodes);
            if !is_known {
                self.count(Counted::Subject(name), 0, found);
            }
        }
        Ok(())
    }

    fn questions(&mut self) -> Result<(), StoreError> {
        for question in self.content.questions(&self.from) {
            let found = self.endpoint.ask(&question.query)?;
            (self.step)();
            self.report.questions += 1;
            // Others may have put blank nodes beside what is ours.
            let is_right = found == question.answer || (found && self.contains);
            if !is_right {
                self.fault(Fault::Answer {
                    question: question.words,
                    found,
                });
            }
        }
        Ok(())
    }
}

fn not_counted(reason: &'static str) -> StoreError {
    StoreError::Garbled {
        url: "the store".to_owned(),
        reason: reason.to_owned(),
    }
}

fn number(term: Option<&Term>) -> Option<u64> {
    match term? {
        Term::Literal(literal) => Literal::value(literal).parse().ok(),
        _ => None,
    }
}
