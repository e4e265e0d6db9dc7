//! Triples of any origin in memory, by subject.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use oxrdf::{BlankNode, Literal, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use oxrdfio::RdfFormat;

use super::ImportError;
use crate::prefix::PrefixMap;
use crate::rdf::{QuadReader, as_statement};
use crate::vocab::rdf;

/// A term of [`Triples`].
pub(super) type Id = u32;

/// Triples with their terms numbered in the order of the text. Named graphs are one with the rest.
#[derive(Default)]
pub(super) struct Triples {
    terms: IndexSet<Term>,
    /// Predicates and objects of each term, in the order of the text.
    of: Vec<Vec<(Id, Id)>>,
    /// Every triple that is there.
    seen: IndexSet<[Id; 3]>,
    blank_nodes: usize,
}

impl Triples {
    /// Adds all of `bytes`, and gives the prefixes that they declare.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        format: RdfFormat,
    ) -> Result<PrefixMap, ImportError> {
        // Blank nodes of different files are different.
        let mut blank_nodes = BTreeMap::new();
        let mut reader = QuadReader::new(bytes, format);
        for quad in reader.by_ref() {
            for quad in as_statement(quad?) {
                self.insert(quad, &mut blank_nodes)?;
            }
        }
        Ok(reader.prefixes())
    }

    fn insert(
        &mut self,
        quad: Quad,
        blank_nodes: &mut BTreeMap<String, BlankNode>,
    ) -> Result<(), ImportError> {
        // Parsers number blank nodes without a label at random.
        let mut renamed = |node: BlankNode| {
            let number = &mut self.blank_nodes;
            let renamed = blank_nodes.entry(node.into_string()).or_insert_with(|| {
                *number += 1;
                BlankNode::new_unchecked(format!("b{number}"))
            });
            renamed.clone()
        };
        let subject = match quad.subject {
            NamedOrBlankNode::NamedNode(node) => node.into(),
            NamedOrBlankNode::BlankNode(node) => renamed(node).into(),
        };
        let object = match quad.object {
            Term::BlankNode(node) => renamed(node).into(),
            // A triple term is no node of the graph: it is shown as it is written.
            Term::Triple(triple) => Literal::new_simple_literal(triple.to_string()).into(),
            object => object,
        };
        let triple = [
            self.number(subject)?,
            self.number(quad.predicate.into())?,
            self.number(object)?,
        ];
        if self.seen.insert(triple) {
            let [subject, predicate, object] = triple;
            self.of[subject as usize].push((predicate, object));
        }
        Ok(())
    }

    fn number(&mut self, term: Term) -> Result<Id, ImportError> {
        let (at, is_new) = self.terms.insert_full(term);
        if is_new {
            self.of.push(Vec::new());
        }
        Id::try_from(at).map_err(|_| ImportError::TooMany("terms"))
    }

    /// All terms, in the order of the text.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        0..Id::try_from(self.terms.len()).unwrap_or(Id::MAX)
    }

    pub(super) fn term(&self, id: Id) -> &Term {
        &self.terms[id as usize]
    }

    pub(super) fn iri(&self, id: Id) -> Option<&str> {
        match self.term(id) {
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        }
    }

    pub(super) fn literal(&self, id: Id) -> Option<&Literal> {
        match self.term(id) {
            Term::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    pub(super) fn is(&self, id: Id, node: NamedNodeRef<'_>) -> bool {
        self.iri(id) == Some(node.as_str())
    }

    /// Predicates and objects of a subject.
    pub(super) fn of(&self, subject: Id) -> &[(Id, Id)] {
        &self.of[subject as usize]
    }

    pub(super) fn objects<'t>(
        &'t self,
        subject: Id,
        predicate: NamedNodeRef<'t>,
    ) -> impl Iterator<Item = Id> + 't {
        let facts = self.of(subject).iter();
        facts
            .filter(move |(it, _)| self.is(*it, predicate))
            .map(|(_, object)| *object)
    }

    /// The object, if there is just one.
    pub(super) fn only(&self, subject: Id, predicate: NamedNodeRef<'_>) -> Option<Id> {
        let mut objects = self.objects(subject, predicate);
        let first = objects.next();
        first.filter(|_| objects.next().is_none())
    }

    /// The text of the only object.
    pub(super) fn text(&self, subject: Id, predicate: NamedNodeRef<'_>) -> Option<&str> {
        Some(self.literal(self.only(subject, predicate)?)?.value())
    }

    pub(super) fn has_type(&self, subject: Id, class: NamedNodeRef<'_>) -> bool {
        self.objects(subject, rdf::TYPE)
            .any(|it| self.is(it, class))
    }

    /// Whether nothing is said of the subject but what `known` names, and something is.
    pub(super) fn says_only(&self, subject: Id, known: &[NamedNodeRef<'_>]) -> bool {
        let facts = self.of(subject);
        let is_known = |(predicate, _): &(Id, Id)| known.iter().any(|it| self.is(*predicate, *it));
        !facts.is_empty() && facts.iter().all(is_known)
    }
}
