//! Rows as triples of numbers, for graphs that are held in memory.

use hashbrown::HashMap;
use oxrdf::{LiteralRef, NamedNodeRef};
use rustc_hash::FxBuildHasher;

use super::identifier::Identifier;
use super::layout::TableKind;
use super::lines::literal;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableSource, each_row, open};
use super::row::{Head, Row, Term, Value};
use super::short_text::{Ends, ShortText, ShortTexts};
use crate::prefix::PrefixMap;
use crate::rdf::{TermId, Terms};

/// Hands the rows of `tables` to `take` as triples of terms of `terms`, in their order: those that
/// [`write_lines`](super::write_lines) writes of them without provenance.
///
/// Faulty rows go to `report` and are left out. The nodes that edges have and no row are counted.
///
/// # Errors
///
/// When a table cannot be read, has no usable header, `report` or `take` stops, or there are more terms
/// than can be numbered.
pub(crate) fn number_rows(
    tables: &[&dyn TableSource],
    mapping: &Mapping,
    terms: &mut Terms,
    report: &mut dyn Report,
    mut take: impl FnMut([TermId; 3]) -> Result<(), TableError>,
) -> Result<Counts, TableError> {
    let mut counts = Counts::default();
    let mut numbers = Numbers {
        prefixes: &mapping.prefixes,
        terms,
        short: ShortTexts::default(),
        predicates: HashMap::default(),
        nodes: Nodes::default(),
        waiting: Vec::with_capacity(Waiting::MOST),
        found: Vec::with_capacity(Waiting::MOST),
    };
    for table in tables {
        let mut reader = open(*table, mapping)?;
        let mut columns = Vec::new();
        reader.layout = reader.layout.without_edge_properties();
        each_row(*table, reader, report, &mut counts, |row, counts| {
            let kind = numbers.number(row, &mut columns, &mut take)?;
            match kind {
                TableKind::Nodes => counts.nodes += 1,
                TableKind::Edges => counts.edges += 1,
            }
            Ok(())
        })?;
        numbers.settle(&mut take)?;
    }
    counts.unknown_nodes = Some(numbers.nodes.without_row());
    Ok(counts)
}

/// The numbers of what tables name.
struct Numbers<'t> {
    prefixes: &'t PrefixMap,
    terms: &'t mut Terms,
    /// Those of short ids.
    short: ShortTexts<TermId>,
    predicates: HashMap<String, TermId, FxBuildHasher>,
    nodes: Nodes,
    /// Edges that came last.
    waiting: Vec<Waiting>,
    /// The numbers of their ends, where they are known.
    found: Vec<[Option<TermId>; 2]>,
}

/// An edge between CURIEs that are not looked up yet.
struct Waiting {
    ends: Ends,
    predicate: TermId,
}

impl Waiting {
    /// So many are looked up together.
    const MOST: usize = 256;
}

impl Numbers<'_> {
    /// Hands the triples of a row to `take`, and says of what the row is. `columns` are the numbers of
    /// the table's properties, by column.
    fn number(
        &mut self,
        row: &Row<'_>,
        columns: &mut Vec<Option<TermId>>,
        take: &mut impl FnMut([TermId; 3]) -> Result<(), TableError>,
    ) -> Result<TableKind, TableError> {
        match row.head {
            Head::Node(node) => {
                let node = self.identifier(node)?;
                self.nodes.note(node, Nodes::HAS_ROW);
                for value in row.values {
                    let property = self.property(value, columns)?;
                    let object = match &value.term {
                        Term::Iri(identifier) => self.identifier(identifier)?,
                        Term::Text(text) => self.literal(literal(value.property, text))?,
                    };
                    take([node, property, object])?;
                }
                Ok(TableKind::Nodes)
            }
            Head::Edge {
                subject,
                predicate,
                object,
            } => {
                if let Some(waiting) = self.waiting(subject, predicate, object) {
                    self.waiting.push(waiting);
                    if self.waiting.len() == Waiting::MOST {
                        self.settle(take)?;
                    }
                    return Ok(TableKind::Edges);
                }
                // Terms are numbered in the order of the rows.
                self.settle(take)?;
                let subject = self.identifier(subject)?;
                let predicate = self.predicate(predicate)?;
                let object = self.identifier(object)?;
                self.edge([subject, predicate, object], take)?;
                Ok(TableKind::Edges)
            }
        }
    }

    /// An edge that may wait, since no term but its ends can be new.
    #[inline]
    fn waiting(
        &self,
        subject: &Identifier<'_>,
        predicate: &Identifier<'_>,
        object: &Identifier<'_>,
    ) -> Option<Waiting> {
        Some(Waiting {
            ends: Ends::new(subject.as_curie()?, object.as_curie()?)?,
            predicate: *self.predicates.get(predicate.spelling())?,
        })
    }

    /// Hands the edges that wait to `take`.
    fn settle(
        &mut self,
        take: &mut impl FnMut([TermId; 3]) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut found = std::mem::take(&mut self.found);
        self.short
            .find(waiting.iter().map(|edge| edge.ends), &mut found);
        for (edge, found) in waiting.iter().zip(&found) {
            let [subject, object] = edge.ends.texts();
            let subject = self.end(found[0], subject)?;
            let object = self.end(found[1], object)?;
            self.edge([subject, edge.predicate, object], take)?;
        }
        self.waiting = waiting;
        self.waiting.clear();
        self.found = found;
        Ok(())
    }

    /// The number of an end that was looked up before.
    #[inline]
    fn end(&mut self, found: Option<TermId>, curie: ShortText) -> Result<TermId, TableError> {
        match found {
            Some(id) => Ok(id),
            None => self.short_id(curie, |prefixes| {
                let text = curie.to_string();
                match prefixes.expand(&text) {
                    Ok(iri) => iri.into_owned(),
                    Err(_) => text,
                }
            }),
        }
    }

    #[inline]
    fn edge(
        &mut self,
        triple: [TermId; 3],
        take: &mut impl FnMut([TermId; 3]) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let [subject, _, object] = triple;
        self.nodes.note(subject, Nodes::HAS_EDGE);
        self.nodes.note(object, Nodes::HAS_EDGE);
        take(triple)
    }

    #[inline]
    fn identifier(&mut self, identifier: &Identifier<'_>) -> Result<TermId, TableError> {
        match ShortText::new(identifier.spelling()) {
            Some(short) => self.short_id(short, |_| identifier.to_iri().into_owned()),
            None => self.iri(&identifier.to_iri()),
        }
    }

    /// The number of the id that is `short`, whose IRI is `iri`.
    #[inline]
    fn short_id(
        &mut self,
        short: ShortText,
        iri: impl FnOnce(&PrefixMap) -> String,
    ) -> Result<TermId, TableError> {
        let Self {
            prefixes, terms, ..
        } = self;
        self.short
            .get_or_insert_with(short, || intern(terms, &iri(prefixes)))
    }

    #[inline]
    fn predicate(&mut self, predicate: &Identifier<'_>) -> Result<TermId, TableError> {
        let spelling = predicate.spelling();
        if let Some(id) = self.predicates.get(spelling) {
            return Ok(*id);
        }
        let id = self.iri(&predicate.to_iri())?;
        self.predicates.insert(spelling.to_owned(), id);
        Ok(id)
    }

    fn property(
        &mut self,
        value: &Value<'_>,
        columns: &mut Vec<Option<TermId>>,
    ) -> Result<TermId, TableError> {
        if let Some(Some(id)) = columns.get(value.at) {
            return Ok(*id);
        }
        let id = self.iri(&value.property.iri)?;
        // Keys that the first row of JSON does not have are looked up each time.
        if value.at != usize::MAX {
            if columns.len() <= value.at {
                columns.resize(value.at + 1, None);
            }
            if let Some(place) = columns.get_mut(value.at) {
                *place = Some(id);
            }
        }
        Ok(id)
    }

    fn iri(&mut self, iri: &str) -> Result<TermId, TableError> {
        intern(self.terms, iri)
    }

    fn literal(&mut self, literal: LiteralRef<'_>) -> Result<TermId, TableError> {
        self.terms
            .intern(literal.into())
            .ok_or(TableError::TooLarge)
    }
}

fn intern(terms: &mut Terms, iri: &str) -> Result<TermId, TableError> {
    let node = NamedNodeRef::new_unchecked(iri);
    terms.intern(node.into()).ok_or(TableError::TooLarge)
}

/// What is known of the terms that are nodes.
#[derive(Default)]
struct Nodes(Vec<u8>);

impl Nodes {
    const HAS_ROW: u8 = 1;
    const HAS_EDGE: u8 = 2;

    #[inline]
    fn note(&mut self, node: TermId, what: u8) {
        let at = node.index();
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(known) = self.0.get_mut(at) {
            *known |= what;
        }
    }

    /// How many have edges and no row.
    fn without_row(&self) -> u64 {
        self.0.iter().filter(|it| **it == Self::HAS_EDGE).count() as u64
    }
}
