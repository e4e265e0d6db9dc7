//! Rows as triples of numbers, for graphs that are held in memory.

use std::fmt;

use hashbrown::hash_table::Entry;
use hashbrown::{HashMap, HashTable};
use oxrdf::{LiteralRef, NamedNodeRef};
use rustc_hash::FxBuildHasher;

use super::identifier::Identifier;
use super::layout::TableKind;
use super::lines::literal;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableSource, each_row, open};
use super::row::{Head, Row, Term, Value};
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
        short: HashTable::new(),
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
    /// Those of short ids, which are found without a look at any text.
    short: HashTable<(ShortText, TermId)>,
    predicates: HashMap<String, TermId, FxBuildHasher>,
    nodes: Nodes,
    /// Edges that came last.
    waiting: Vec<Waiting>,
    /// The numbers of their ends, where they are known.
    found: Vec<[Option<TermId>; 2]>,
}

/// An edge between CURIEs that are not looked up yet.
struct Waiting {
    /// Subject and object, with their hashes.
    ends: [(u64, ShortText); 2],
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
        let subject = ShortText::new(subject.as_curie()?)?;
        let object = ShortText::new(object.as_curie()?)?;
        Some(Waiting {
            ends: [subject, object].map(|end| (end.hash(), end)),
            predicate: *self.predicates.get(predicate.spelling())?,
        })
    }

    /// Hands the edges that wait to `take`. Their ends lie anywhere in memory: when nothing else is done
    /// in between, the processor fetches several at a time.
    fn settle(
        &mut self,
        take: &mut impl FnMut([TermId; 3]) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut found = std::mem::take(&mut self.found);
        for edge in &waiting {
            found.push(edge.ends.map(|(hash, end)| {
                let known = self.short.find(hash, |(text, _)| *text == end);
                known.map(|(_, id)| *id)
            }));
        }
        for (edge, found) in waiting.iter().zip(&found) {
            let [(_, subject), (_, object)] = edge.ends;
            let subject = self.end(found[0], subject)?;
            let object = self.end(found[1], object)?;
            self.edge([subject, edge.predicate, object], take)?;
        }
        self.waiting = waiting;
        self.waiting.clear();
        self.found = found;
        self.found.clear();
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
        let is_it = |(text, _): &(ShortText, TermId)| *text == short;
        match self
            .short
            .entry(short.hash(), is_it, |(text, _)| text.hash())
        {
            Entry::Occupied(known) => Ok(known.get().1),
            Entry::Vacant(place) => {
                let id = intern(self.terms, &iri(self.prefixes))?;
                place.insert((short, id));
                Ok(id)
            }
        }
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

/// A text of at most 23 bytes, in place; the last of the 24 is its length, so that texts of other lengths
/// differ even where one ends in zeros.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct ShortText([u64; 3]);

impl ShortText {
    const LONGEST: usize = 23;

    #[inline]
    fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = bytes.len();
        let words = match length {
            ..8 => {
                let first = bytes.iter().rev();
                let first = first.fold(0, |word, byte| word << 8 | u64::from(*byte));
                [first, 0, 0]
            }
            8..16 => [first_word(bytes)?, last_word(bytes, length - 8)?, 0],
            16..=Self::LONGEST => [
                first_word(bytes)?,
                first_word(bytes.get(8..)?)?,
                last_word(bytes, length - 16)?,
            ],
            _ => return None,
        };
        let [first, second, third] = words;
        Some(Self([first, second, third | (length as u64) << 56]))
    }

    /// A hash that has something of every byte in every bit.
    #[inline]
    fn hash(self) -> u64 {
        // Odd numbers without a pattern: digits of pi.
        const SEEDS: [u64; 3] = [
            0x243F_6A88_85A3_08D3,
            0x1319_8A2E_0370_7345,
            0xA409_3822_299F_31D1,
        ];
        let [first, second, third] = self.0;
        let pair = folded_product(first ^ SEEDS[0], second ^ SEEDS[1]);
        folded_product(pair ^ third, SEEDS[2])
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.map(u64::to_le_bytes);
        let bytes = bytes.as_flattened();
        let length = bytes.last().copied().unwrap_or(0);
        let text = bytes.get(..usize::from(length)).unwrap_or_default();
        f.write_str(std::str::from_utf8(text).unwrap_or_default())
    }
}

/// Both halves of a product in one.
#[inline]
fn folded_product(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    #[expect(clippy::cast_possible_truncation, reason = "each half by itself")]
    let halves = [product as u64, (product >> 64) as u64];
    halves[0] ^ halves[1]
}

/// The first eight bytes, the first lowest.
#[inline]
fn first_word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().copied().map(u64::from_le_bytes)
}

/// The last `count` of at least eight bytes, fewer than eight, the first lowest.
#[inline]
fn last_word(bytes: &[u8], count: usize) -> Option<u64> {
    let last = bytes.last_chunk().copied().map(u64::from_le_bytes)?;
    let others = u32::try_from(8 * (8 - count)).ok()?;
    Some(last.checked_shr(others).unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_texts_are_what_they_were(text in "[a甲\0]{0,9}|[ -~]{0,30}") {
            let short = ShortText::new(&text);
            prop_assert_eq!(short.is_some(), text.len() <= ShortText::LONGEST);
            if let Some(short) = short {
                prop_assert_eq!(short.to_string(), text);
            }
        }
    }
}
