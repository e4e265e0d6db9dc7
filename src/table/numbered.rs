//! Rows as triples of numbers, for graphs that are held in memory.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;
use oxrdf::{LiteralRef, NamedNodeRef};
use rustc_hash::FxBuildHasher;

use super::identifier::Identifier;
use super::layout::TableKind;
use super::lines::literal;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableSource, each_row, open};
use super::row::{Head, Row, Term, Value};
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
        terms,
        short: HashMap::default(),
        predicates: HashMap::default(),
        nodes: Nodes::default(),
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
    }
    counts.unknown_nodes = Some(numbers.nodes.without_row());
    Ok(counts)
}

/// The numbers of what tables name.
struct Numbers<'t> {
    terms: &'t mut Terms,
    /// Those of short ids, which are found without a look at any text.
    short: HashMap<ShortText, TermId, FxBuildHasher>,
    predicates: HashMap<String, TermId, FxBuildHasher>,
    nodes: Nodes,
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
                let subject = self.identifier(subject)?;
                let predicate = self.predicate(predicate)?;
                let object = self.identifier(object)?;
                self.nodes.note(subject, Nodes::HAS_EDGE);
                self.nodes.note(object, Nodes::HAS_EDGE);
                take([subject, predicate, object])?;
                Ok(TableKind::Edges)
            }
        }
    }

    #[inline]
    fn identifier(&mut self, identifier: &Identifier<'_>) -> Result<TermId, TableError> {
        let Some(short) = ShortText::new(identifier.spelling()) else {
            return self.iri(&identifier.to_iri());
        };
        if let Some(id) = self.short.get(&short) {
            return Ok(*id);
        }
        let id = self.iri(&identifier.to_iri())?;
        self.short.insert(short, id);
        Ok(id)
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
        let node = NamedNodeRef::new_unchecked(iri);
        self.terms.intern(node.into()).ok_or(TableError::TooLarge)
    }

    fn literal(&mut self, literal: LiteralRef<'_>) -> Result<TermId, TableError> {
        self.terms
            .intern(literal.into())
            .ok_or(TableError::TooLarge)
    }
}

/// A text of at most 23 bytes, in place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct ShortText([u64; 3]);

impl Hash for ShortText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in self.0 {
            state.write_u64(word);
        }
    }
}

impl ShortText {
    const LONGEST: usize = 23;

    #[inline]
    fn new(text: &str) -> Option<Self> {
        if text.len() > Self::LONGEST {
            return None;
        }
        let mut bytes = [0; Self::LONGEST + 1];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        // Texts of other lengths must differ even where one ends in zeros.
        *bytes.last_mut()? = u8::try_from(text.len()).ok()?;
        let (words, _) = bytes.as_chunks::<8>();
        let word = |at: usize| words.get(at).map_or(0, |it| u64::from_le_bytes(*it));
        Some(Self([word(0), word(1), word(2)]))
    }
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
