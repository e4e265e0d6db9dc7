//! Triples of any origin in memory, by subject.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use hashbrown::HashSet;
use oxrdf::{
    BlankNodeRef, GraphNameRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef,
};
use rustc_hash::FxBuildHasher;

use super::ImportError;
use crate::rdf::{TermId, Terms, TripleSink, as_statement};
use crate::table::{Counts, Mapping, Report, TableError, TableSource, number_rows};
use crate::vocab::rdf;

/// A term of [`Triples`].
pub(super) type Id = TermId;

/// Collects triples as they come. Named graphs are one with the rest.
///
/// A triple takes 12 bytes here, and its terms what they take in [`Terms`].
#[derive(Default)]
pub(super) struct TripleCollector {
    terms: Terms,
    rows: Vec<[Id; 3]>,
    /// Numbers of the blank nodes of the document that is read, by their labels.
    blank_nodes: BTreeMap<String, usize>,
    blank_node_count: usize,
}

impl TripleCollector {
    /// Begins a document: blank nodes of different ones are different.
    pub(super) fn begin(&mut self) {
        self.blank_nodes.clear();
    }

    /// Adds the triples of tables.
    pub(super) fn read_tables(
        &mut self,
        tables: &[&dyn TableSource],
        mapping: &Mapping,
        report: &mut dyn Report,
    ) -> Result<Counts, TableError> {
        let Self { terms, rows, .. } = self;
        number_rows(tables, mapping, terms, report, |row| {
            rows.push(row);
            Ok(())
        })
    }

    /// Adds a triple; a reifier of RDF 1.2 as the statement that it stands for.
    fn insert(&mut self, triple: TripleRef<'_>) -> Result<(), ImportError> {
        if matches!(triple.object, TermRef::Triple(_)) && triple.predicate == rdf::REIFIES {
            let graph = GraphNameRef::DefaultGraph;
            for quad in as_statement(triple.in_graph(graph).into_owned()) {
                self.insert(TripleRef::from(quad.as_ref()))?;
            }
            return Ok(());
        }
        let subject = match triple.subject {
            NamedOrBlankNodeRef::NamedNode(node) => self.number(node.into())?,
            NamedOrBlankNodeRef::BlankNode(node) => self.blank_node(node)?,
        };
        let predicate = self.number(triple.predicate.into())?;
        let object = match triple.object {
            TermRef::BlankNode(node) => self.blank_node(node)?,
            // A triple term is no node of the graph: it is shown as it is written.
            TermRef::Triple(triple) => {
                let text = triple.to_string();
                self.number(LiteralRef::new_simple_literal(&text).into())?
            }
            object => self.number(object)?,
        };
        self.rows.push([subject, predicate, object]);
        Ok(())
    }

    /// The blank nodes of all documents are numbered.
    fn blank_node(&mut self, node: BlankNodeRef<'_>) -> Result<Id, ImportError> {
        let number = match self.blank_nodes.get(node.as_str()) {
            Some(number) => *number,
            None => {
                self.blank_node_count += 1;
                let label = node.as_str().to_owned();
                self.blank_nodes.insert(label, self.blank_node_count);
                self.blank_node_count
            }
        };
        let label = format!("b{number}");
        self.number(BlankNodeRef::new_unchecked(&label).into())
    }

    fn number(&mut self, term: TermRef<'_>) -> Result<Id, ImportError> {
        let id = self.terms.intern(term);
        id.ok_or(ImportError::TooMany("terms"))
    }

    /// The triples by subject, each once.
    pub(super) fn finish(self) -> Triples {
        let Self {
            mut terms, rows, ..
        } = self;
        terms.shrink();
        let mut ends = vec![0_usize; terms.len() + 1];
        for [subject, _, _] in &rows {
            ends[subject.index() + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        // Each subject's triples stay in the order of the text.
        let nothing = (TermId(0), TermId(0));
        let mut facts = vec![nothing; rows.len()];
        let mut next = ends.clone();
        for [subject, predicate, object] in rows {
            let place = &mut next[subject.index()];
            facts[*place] = (predicate, object);
            *place += 1;
        }
        drop(next);
        let rdf_type = terms.get(rdf::TYPE.into());
        let mut triples = Triples {
            terms,
            facts,
            ends,
            rdf_type,
        };
        triples.drop_repeated();
        triples
    }
}

impl TripleSink for TripleCollector {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.insert(triple).map_err(io::Error::other)
    }
}

/// Triples with their terms numbered in the order of the text.
pub(super) struct Triples {
    terms: Terms,
    /// Predicates and objects of all subjects, each subject's in the order of the text.
    facts: Vec<(Id, Id)>,
    /// Where those of a subject end and those of the next begin.
    ends: Vec<usize>,
    /// The term that `rdf:type` is.
    rdf_type: Option<Id>,
}

impl Triples {
    /// Keeps the first of equal facts of a subject.
    fn drop_repeated(&mut self) {
        /// So many facts are compared each with each.
        const FEW: usize = 16;
        let mut kept = 0;
        let mut seen = HashSet::with_hasher(FxBuildHasher);
        let mut start = 0;
        for at in 1..self.ends.len() {
            let end = self.ends[at];
            let first = kept;
            for fact in start..end {
                let fact = self.facts[fact];
                let is_new = if end - start <= FEW {
                    !self.facts[first..kept].contains(&fact)
                } else {
                    seen.insert(fact)
                };
                if is_new {
                    self.facts[kept] = fact;
                    kept += 1;
                }
            }
            seen.clear();
            start = end;
            self.ends[at] = kept;
        }
        self.facts.truncate(kept);
    }

    /// All terms, in the order of the text.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..u32::try_from(self.terms.len()).unwrap_or(u32::MAX)).map(TermId)
    }

    /// The IRI, if the term is one.
    pub(super) fn iri(&self, id: Id) -> Option<&str> {
        self.terms.iri(id)
    }

    /// IRI of an entity, or label of a blank node.
    pub(super) fn identifier(&self, id: Id) -> Cow<'_, str> {
        match self.iri(id) {
            Some(iri) => Cow::Borrowed(iri),
            None => Cow::Owned(self.terms.term(id).to_string()),
        }
    }

    /// The literal, if the term is one.
    pub(super) fn literal(&self, id: Id) -> Option<LiteralRef<'_>> {
        self.terms.literal(id)
    }

    /// Whether the term is a literal.
    pub(super) fn is_literal(&self, id: Id) -> bool {
        self.terms.is_literal(id)
    }

    /// The term that the IRI is, if it is in any triple.
    pub(super) fn id(&self, node: NamedNodeRef<'_>) -> Option<Id> {
        self.terms.get(node.into())
    }

    pub(super) fn is(&self, id: Id, node: NamedNodeRef<'_>) -> bool {
        self.iri(id) == Some(node.as_str())
    }

    /// Whether the predicate is `rdf:type`.
    pub(super) fn is_type(&self, predicate: Id) -> bool {
        self.rdf_type == Some(predicate)
    }

    /// The classes that the subject is said to be of.
    pub(super) fn types(&self, subject: Id) -> impl Iterator<Item = Id> {
        let facts = self.of(subject).iter();
        facts
            .filter(|(predicate, _)| self.is_type(*predicate))
            .map(|(_, class)| *class)
    }

    /// Predicates and objects of a subject.
    pub(super) fn of(&self, subject: Id) -> &[(Id, Id)] {
        &self.facts[self.range(subject)]
    }

    fn range(&self, subject: Id) -> Range<usize> {
        self.ends[subject.index()]..self.ends[subject.index() + 1]
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
        self.types(subject).any(|it| self.is(it, class))
    }

    /// Whether nothing is said of the subject but what `known` names, and something is.
    pub(super) fn says_only(&self, subject: Id, known: &[NamedNodeRef<'_>]) -> bool {
        let facts = self.of(subject);
        let is_known = |(predicate, _): &(Id, Id)| known.iter().any(|it| self.is(*predicate, *it));
        !facts.is_empty() && facts.iter().all(is_known)
    }
}
