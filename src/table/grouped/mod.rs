//! Tables as Turtle in which all that is said of a node stands together, whatever the order of the
//! edges.

mod blocks;
mod terms;

use std::io::Write;

use rustc_hash::FxBuildHasher;
use string_interner::StringInterner;
use string_interner::backend::StringBackend;
use string_interner::symbol::{Symbol, SymbolU32};

use self::blocks::Blocks;
use self::terms::{ColumnTerms, WrittenTerms};
use super::layout::{Layout, TableKind};
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableSource, each_row, open};
use super::row::{Head, Row};
use super::short_text::{Ends, ShortText, ShortTexts};
use crate::prefix::PrefixMap;

/// Terms that can be numbered; the interner would panic beyond.
const MOST_TERMS: usize = u32::MAX as usize - 1;

/// So many edges are looked up together.
const MOST_WAITING: usize = 256;

/// Writes `tables` as Turtle, one block a node: what its rows say, then its edges by predicate and
/// object. Only the prefixes that are used are declared. The order of the edges makes no difference to
/// the bytes; nodes stand in the order of their rows, and those that only edges have stand last.
///
/// Tables of nodes are read twice. Memory is that of the ids as they are written, about 100 bytes a
/// node more, and 12 bytes an edge; an edge that stands twice is written once. What an edge says
/// beside its ends and predicate is not written. Faulty rows go to `report` and are left out.
///
/// # Errors
///
/// When a table cannot be read, has no usable header or changes, `report` stops, or `writer` fails.
pub fn write_turtle(
    tables: &[&dyn TableSource],
    mapping: &Mapping,
    writer: &mut dyn Write,
    report: &mut dyn Report,
) -> Result<Counts, TableError> {
    let mut readers = Vec::new();
    for table in tables {
        let reader = open(*table, mapping)?;
        readers.push((*table, reader));
    }
    let (nodes, edges): (Vec<_>, Vec<_>) = readers
        .into_iter()
        .partition(|(_, reader)| reader.layout.kind() == TableKind::Nodes);
    let mut grouping = Grouping::new(&mapping.prefixes);
    let mut counts = Counts::default();
    let mut node_tables = Vec::new();
    for (table, reader) in nodes {
        let mut columns = ColumnTerms::default();
        let layout = each_row(table, reader, report, &mut counts, |row, counts| {
            counts.nodes += 1;
            grouping.note_node(row, &mut columns)
        })?;
        node_tables.push(NodeTable {
            table,
            layout,
            columns,
        });
    }
    grouping.known = grouping.ids.len();
    for (table, mut reader) in edges {
        reader.layout = reader.layout.without_edge_properties();
        each_row(table, reader, report, &mut counts, |row, counts| {
            counts.edges += 1;
            grouping.note_edge(row)
        })?;
    }
    grouping.settle()?;
    grouping.short = ShortTexts::default();
    counts.unknown_nodes = Some((grouping.ids.len() - grouping.known) as u64);
    let unknown = grouping.sort()?;
    let mut blocks = Blocks::new(&grouping, &unknown, writer);
    for table in &node_tables {
        blocks.write_table(table, mapping)?;
    }
    blocks.finish()?;
    Ok(counts)
}

/// A table of nodes that was read once.
struct NodeTable<'t> {
    table: &'t dyn TableSource,
    layout: Layout,
    columns: ColumnTerms,
}

type Interner = StringInterner<StringBackend<SymbolU32>, FxBuildHasher>;

/// An edge by the numbers of its terms, in the order in which edges are written.
type Edge = (u32, u32, u32);

/// What is held of the tables.
struct Grouping<'m> {
    prefixes: &'m PrefixMap,
    /// Nodes as they are written, numbered in the order in which they came.
    ids: Interner,
    /// The numbers of short ones.
    short: ShortTexts<u32>,
    /// How many of them have rows.
    known: usize,
    predicates: Interner,
    edges: Vec<Edge>,
    /// Edges that came last and are not looked up yet, with their predicates.
    waiting: Vec<(Ends, u32)>,
    /// The numbers of their ends, where they are known.
    found: Vec<[Option<u32>; 2]>,
    terms: WrittenTerms,
}

impl<'m> Grouping<'m> {
    fn new(prefixes: &'m PrefixMap) -> Self {
        Self {
            prefixes,
            ids: Interner::with_hasher(FxBuildHasher),
            short: ShortTexts::default(),
            known: 0,
            predicates: Interner::with_hasher(FxBuildHasher),
            edges: Vec::new(),
            waiting: Vec::with_capacity(MOST_WAITING),
            found: Vec::with_capacity(MOST_WAITING),
            terms: WrittenTerms::new(),
        }
    }

    fn note_node(&mut self, row: &Row<'_>, columns: &mut ColumnTerms) -> Result<(), TableError> {
        let Head::Node(node) = row.head else {
            return Ok(());
        };
        self.node_number(&node.to_turtle(self.prefixes))?;
        for value in row.values {
            self.terms.note_value(self.prefixes, value, columns);
        }
        Ok(())
    }

    fn note_edge(&mut self, row: &Row<'_>) -> Result<(), TableError> {
        let Head::Edge {
            subject,
            predicate,
            object,
        } = row.head
        else {
            return Ok(());
        };
        let predicate = predicate.to_turtle(self.prefixes);
        let known = self.predicates.len();
        let number = number(&mut self.predicates, &predicate)?;
        if self.predicates.len() > known {
            self.terms.note_written(&predicate);
        }
        let subject = subject.to_turtle(self.prefixes);
        let object = object.to_turtle(self.prefixes);
        if let Some(ends) = Ends::new(&subject, &object) {
            self.waiting.push((ends, number));
            if self.waiting.len() == MOST_WAITING {
                self.settle()?;
            }
        } else {
            let edge = (
                self.node_number(&subject)?,
                number,
                self.node_number(&object)?,
            );
            self.edges.push(edge);
        }
        Ok(())
    }

    /// Looks up the edges that wait.
    fn settle(&mut self) -> Result<(), TableError> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut found = std::mem::take(&mut self.found);
        self.short
            .find(waiting.iter().map(|(ends, _)| *ends), &mut found);
        for ((ends, predicate), [subject, object]) in waiting.iter().zip(&found) {
            let [subject_text, object_text] = ends.texts();
            let subject = self.end(*subject, subject_text)?;
            let object = self.end(*object, object_text)?;
            self.edges.push((subject, *predicate, object));
        }
        self.waiting = waiting;
        self.waiting.clear();
        self.found = found;
        Ok(())
    }

    /// The number of an end that was looked up before.
    #[inline]
    fn end(&mut self, found: Option<u32>, text: ShortText) -> Result<u32, TableError> {
        match found {
            Some(number) => Ok(number),
            None => self.node_number(&text.to_string()),
        }
    }

    /// The number of a node as it is written.
    fn node_number(&mut self, written: &str) -> Result<u32, TableError> {
        let Self { ids, terms, .. } = self;
        let mut intern = || {
            let known = ids.len();
            let number = number(ids, written)?;
            if ids.len() > known {
                terms.note_written(written);
            }
            Ok(number)
        };
        match ShortText::new(written) {
            Some(short) => self.short.get_or_insert_with(short, intern),
            None => intern(),
        }
    }

    /// Puts the edges into the order in which they are written. Predicates, and nodes without rows, are
    /// numbered by their text for that; gives the latter by their new number.
    fn sort(&mut self) -> Result<Vec<SymbolU32>, TableError> {
        let (_, predicate_ranks) = by_text(&self.predicates, 0);
        let (unknown, unknown_ranks) = by_text(&self.ids, self.known);
        let known = u32::try_from(self.known).map_err(|_| TableError::TooManyNodes)?;
        let rank =
            |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or(number);
        let node = |number: u32| match number.checked_sub(known) {
            Some(beyond) => known + rank(&unknown_ranks, beyond),
            None => number,
        };
        for (subject, predicate, object) in &mut self.edges {
            *subject = node(*subject);
            *predicate = rank(&predicate_ranks, *predicate);
            *object = node(*object);
        }
        self.edges.sort_unstable();
        self.edges.dedup();
        Ok(unknown)
    }
}

/// The number of a term.
fn number(interner: &mut Interner, term: &str) -> Result<u32, TableError> {
    if interner.len() >= MOST_TERMS {
        return Err(TableError::TooManyNodes);
    }
    let symbol = interner.get_or_intern(term);
    u32::try_from(symbol.to_usize()).map_err(|_| TableError::TooManyNodes)
}

/// The texts from number `first` on in their order, and the place of each in it.
fn by_text(interner: &Interner, first: usize) -> (Vec<SymbolU32>, Vec<u32>) {
    let mut order: Vec<SymbolU32> = (first..interner.len())
        .filter_map(SymbolU32::try_from_usize)
        .collect();
    order.sort_by_key(|symbol| interner.resolve(*symbol));
    let mut ranks = vec![0; order.len()];
    for (rank, symbol) in (0..).zip(&order) {
        if let Some(place) = ranks.get_mut(symbol.to_usize() - first) {
            *place = rank;
        }
    }
    (order, ranks)
}
