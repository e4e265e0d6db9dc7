//! What a store should hold.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{
    GraphName, GraphNameRef, Literal, LiteralRef, NamedOrBlankNodeRef, Term, TermRef, TripleRef,
};
use sha2::{Digest as _, Sha256};
use spareval::ExpressionTerm;

use super::verify::SUBJECTS;
use super::{Depth, Profile, Values};
use crate::vocab::{rdf, rdfs, xsd};

/// The triples that a store should hold, graph by graph.
///
/// Counts are of all triples. Which ones are compared one by one, and kept in memory for that, says
/// [`Depth`].
#[derive(Clone, Debug)]
pub struct Expected {
    pub(super) graphs: BTreeMap<String, Content>,
    pub(super) depth: Depth,
    target: GraphName,
    profile: &'static Profile,
}

/// The triples of one graph. Predicates and objects are as N-Triples has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) triples: u64,
    pub(super) classes: BTreeMap<String, u64>,
    pub(super) properties: BTreeMap<String, u64>,
    /// Literals by language tag, or by IRI of the datatype where they have none.
    pub(super) kinds: BTreeMap<String, u64>,
    /// Predicates and objects of each subject that is an IRI, or of a sample of them.
    pub(super) subjects: BTreeMap<String, BTreeSet<(String, Object)>>,
    pub(super) has_blank_nodes: bool,
    /// Literals that are not compared as they are written, since the store does not keep that.
    pub(super) adapted: u64,
    sample: Sample,
}

/// Which subjects are in a sample: those with the smallest digests. One that comes back later is
/// decided upon as it was before, so the triples of each are complete in whatever order they come.
#[derive(Clone, Debug, Default)]
struct Sample {
    digests: BTreeMap<u64, String>,
    last: String,
    has_last: bool,
    leaves_out: bool,
}

/// An object, by which literals can be told from others.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Object {
    pub(super) term: String,
    pub(super) is_literal: bool,
}

impl Expected {
    /// Nothing yet, of what a store of `profile` should give back. Triples of the default graph are
    /// looked for in `target`.
    pub fn new(target: GraphName, profile: &'static Profile, depth: Depth) -> Self {
        Self {
            graphs: BTreeMap::new(),
            depth,
            target,
            profile,
        }
    }

    /// Takes one triple of `graph`. Where only a sample is compared, a triple that comes twice counts
    /// twice.
    pub fn insert(&mut self, graph: GraphNameRef<'_>, triple: TripleRef<'_>) {
        let graph = match graph {
            GraphNameRef::DefaultGraph => self.target.as_ref(),
            name => name,
        };
        let key = graph_key(graph);
        let content = match self.graphs.get_mut(key) {
            Some(content) => content,
            None => self.graphs.entry(key.to_owned()).or_default(),
        };
        content.insert(triple, self.profile, self.depth);
    }

    /// About how many queries it takes to verify this.
    pub fn queries(&self) -> u64 {
        let queries = self.graphs.values().map(|content| {
            4 + content.subjects.len().div_ceil(SUBJECTS) + content.questions("").len()
        });
        queries.sum::<usize>() as u64
    }
}

/// The name of a graph; that of the default graph is empty.
pub(super) fn graph_key(name: GraphNameRef<'_>) -> &str {
    match name {
        GraphNameRef::DefaultGraph => "",
        GraphNameRef::NamedNode(node) => node.as_str(),
        GraphNameRef::BlankNode(node) => node.as_str(),
    }
}

impl Sample {
    /// Whether `subject` is among the `limit` with the smallest digests so far; if so, the subject that
    /// gives way to it is named too.
    fn admit(&mut self, subject: &str, limit: usize) -> (bool, Option<String>) {
        if self.last == subject {
            return (self.has_last, None);
        }
        self.last.clear();
        self.last.push_str(subject);
        let digest = digest(subject);
        let is_known = self.digests.contains_key(&digest);
        let mut gone = None;
        if !is_known && self.digests.len() >= limit {
            self.leaves_out = true;
            let largest = self.digests.last_entry().filter(|it| *it.key() > digest);
            gone = largest.map(std::collections::btree_map::OccupiedEntry::remove);
        }
        self.has_last = is_known || self.digests.len() < limit;
        if self.has_last && !is_known {
            self.digests.insert(digest, subject.to_owned());
        }
        (self.has_last, gone)
    }
}

/// The first 64 bits of a text's SHA-256.
fn digest(text: &str) -> u64 {
    let bytes = Sha256::digest(text);
    bytes
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Content {
    fn insert(&mut self, triple: TripleRef<'_>, profile: &Profile, depth: Depth) {
        self.has_blank_nodes |= matches!(triple.subject, NamedOrBlankNodeRef::BlankNode(_))
            || matches!(triple.object, TermRef::BlankNode(_));
        if let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject
            && self.keeps(subject.as_str(), depth)
        {
            let object = object(triple.object, profile);
            let fact = (triple.predicate.as_str().to_owned(), object);
            let facts = self.subjects.entry(subject.as_str().to_owned());
            if !facts.or_default().insert(fact) {
                return;
            }
        }
        self.triples += 1;
        count(&mut self.properties, triple.predicate.as_str());
        match triple.object {
            TermRef::NamedNode(class) if triple.predicate == rdf::TYPE => {
                count(&mut self.classes, class.as_str());
            }
            TermRef::Literal(literal) => {
                count(&mut self.kinds, &stored_kind(kind_of(literal), profile));
                self.adapted += u64::from(stored(literal, profile).as_ref() != literal);
            }
            _ => {}
        }
    }

    /// Whether the triples of `subject` are compared one by one.
    fn keeps(&mut self, subject: &str, depth: Depth) -> bool {
        let Depth::Sample(limit) = depth else {
            return true;
        };
        let (is_in, gone) = self.sample.admit(subject, limit);
        if let Some(gone) = gone {
            self.subjects.remove(&gone);
        }
        is_in
    }

    /// Whether there are subjects that are not compared.
    pub(super) fn is_sampled(&self) -> bool {
        self.sample.leaves_out
    }

    /// Questions that users ask, with what they should be told.
    pub(super) fn questions(&self, from: &str) -> Vec<Question> {
        let mut questions = vec![Question {
            words: "are there blank nodes".to_owned(),
            query: format!("ASK {from} {{ ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }}"),
            answer: self.has_blank_nodes,
        }];
        let mut languages = BTreeSet::new();
        for (subject, facts) in &self.subjects {
            for (predicate, object) in facts {
                let label = object.is_literal && predicate == rdfs::LABEL.as_str();
                let tag = object.term.rsplit_once("\"@").map(|(_, tag)| tag);
                let (true, Some(tag)) = (label, tag) else {
                    continue;
                };
                if languages.insert(tag) {
                    let label = rdfs::LABEL;
                    questions.push(Question {
                        words: format!("is there a label in {tag}"),
                        query: format!(
                            "ASK {from} {{ ?s {label} ?l FILTER(LANG(?l) = \"{tag}\") }}"
                        ),
                        answer: true,
                    });
                    questions.push(Question {
                        words: format!("is <{subject}> called {}", object.term),
                        query: format!("ASK {from} {{ <{subject}> {label} {} }}", object.term),
                        answer: true,
                    });
                }
            }
        }
        if self.kinds.contains_key(xsd::DATE.as_str()) {
            questions.push(Question {
                words: "is there a day after the year 1".to_owned(),
                query: format!(
                    "ASK {from} {{ ?s ?p ?d FILTER(datatype(?d) = {} && ?d > \"0001-12-31\"^^{}) }}",
                    xsd::DATE,
                    xsd::DATE
                ),
                answer: true,
            });
        }
        questions
    }
}

/// A question to be answered with yes or no.
pub(super) struct Question {
    pub(super) words: String,
    pub(super) query: String,
    pub(super) answer: bool,
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(number) => *number += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// What kind of literal this is: its tag, or the IRI of its datatype.
fn kind_of(literal: LiteralRef<'_>) -> &str {
    let datatype = literal.datatype();
    literal.language().unwrap_or(datatype.as_str())
}

/// The kind as which a store of `profile` gives back literals of `kind`.
pub(super) fn stored_kind(kind: &str, profile: &Profile) -> String {
    let is_tag = !kind.contains(':');
    if is_tag && profile.lowers_tags {
        kind.to_ascii_lowercase()
    } else if profile.values == Values::IntegersAsDecimals && kind == xsd::INTEGER.as_str() {
        xsd::DECIMAL.as_str().to_owned()
    } else {
        kind.to_owned()
    }
}

/// The object as a store of `profile` gives it back, so that both sides can be compared.
pub(super) fn object(term: TermRef<'_>, profile: &Profile) -> Object {
    match term {
        TermRef::Literal(literal) => Object {
            term: stored(literal, profile).to_string(),
            is_literal: true,
        },
        other => Object {
            term: other.to_string(),
            is_literal: false,
        },
    }
}

fn stored(literal: LiteralRef<'_>, profile: &Profile) -> Literal {
    if let Some(tag) = literal.language() {
        if !profile.lowers_tags {
            return literal.into_owned();
        }
        let (value, tag) = (literal.value(), tag.to_ascii_lowercase());
        return match literal.direction() {
            None => Literal::new_language_tagged_literal_unchecked(value, tag),
            Some(direction) => {
                Literal::new_directional_language_tagged_literal_unchecked(value, tag, direction)
            }
        };
    }
    if profile.values == Values::Kept {
        return literal.into_owned();
    }
    let value = ExpressionTerm::from(Term::from(literal.into_owned()));
    match Term::from(value) {
        Term::Literal(value)
            if profile.values == Values::IntegersAsDecimals && value.datatype() == xsd::INTEGER =>
        {
            Literal::new_typed_literal(value.value(), xsd::DECIMAL)
        }
        Term::Literal(value) => value,
        _ => literal.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(profile: &str, literal: &Literal, back: &str) {
        let profile = Profile::named(profile).unwrap();
        let found = object(TermRef::from(literal), profile);
        assert_eq!(found.term, back);
    }

    /// What is expected of triples about a hundred subjects, one of each after the other or all of one.
    fn sampled(is_grouped: bool, depth: Depth) -> Content {
        let profile = Profile::named("sparql").unwrap();
        let mut expected = Expected::new(GraphName::DefaultGraph, profile, depth);
        for at in 0..300 {
            let (subject, object) = if is_grouped {
                (at / 3, at % 3)
            } else {
                (at % 100, at / 100)
            };
            let subject = oxrdf::NamedNode::new_unchecked(format!("urn:s{subject}"));
            let predicate = oxrdf::NamedNodeRef::new_unchecked("urn:p");
            let object = Literal::new_simple_literal(object.to_string());
            let triple = TripleRef::new(&subject, predicate, &object);
            expected.insert(GraphNameRef::DefaultGraph, triple);
        }
        expected.graphs.remove("").unwrap()
    }

    #[test]
    fn a_sample_is_the_same_in_every_order_and_whole() {
        let grouped = sampled(true, Depth::Sample(10));
        assert_eq!(grouped.subjects.len(), 10);
        assert!(grouped.subjects.values().all(|facts| facts.len() == 3));
        assert_eq!(grouped.subjects, sampled(false, Depth::Sample(10)).subjects);
        assert!(grouped.is_sampled());
        assert_eq!(grouped.triples, 300);
        for depth in [Depth::Sample(100), Depth::Full] {
            let all = sampled(false, depth);
            assert_eq!((all.subjects.len(), all.is_sampled()), (100, false));
        }
        assert!(sampled(true, Depth::Sample(0)).subjects.is_empty());
    }

    #[test]
    fn stores_give_back_what_they_keep() {
        let text = Literal::new_language_tagged_literal_unchecked("市", "zh-Hans");
        check("sparql", &text, "\"市\"@zh-Hans");
        check("oxigraph", &text, "\"市\"@zh-hans");
        let number = Literal::new_typed_literal("1.50", xsd::DECIMAL);
        let as_written = number.to_string();
        check("sparql", &number, &as_written);
        check("oxigraph", &number, &as_written.replace("1.50", "1.5"));
        let wide = Literal::new_typed_literal("10000000000", xsd::INTEGER);
        let as_written = wide.to_string();
        check("oxigraph", &wide, &as_written);
        check("virtuoso", &wide, &as_written.replace("integer", "decimal"));
        let yes = Literal::new_typed_literal("true", xsd::BOOLEAN).to_string();
        let one = Literal::new_typed_literal("1", xsd::BOOLEAN);
        check("virtuoso", &one, &yes);
        check("sparql", &one, &one.to_string());
    }
}
