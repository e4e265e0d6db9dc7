//! Tables as Turtle in which all that is said of a node stands together, whatever the order of the
//! edges.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

use oxrdf::LiteralRef;
use rustc_hash::FxBuildHasher;
use string_interner::backend::StringBackend;
use string_interner::symbol::{Symbol, SymbolU32};
use string_interner::StringInterner;

use super::fault::Fault;
use super::identifier::Identifier;
use super::layout::{Layout, TableKind};
use super::lines::literal;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableReader, TableSource, open, read_error, tell};
use super::row::{Head, Row, Term, Value};
use crate::prefix::PrefixMap;
use crate::rdf::turtle::{append_literal, append_node, shows_datatype};
use crate::vocab::rdf;

/// Size at which the buffer goes to the writer.
const BUFFER: usize = 256 * 1024;

/// Terms that can be numbered; the interner would panic beyond.
const MOST_TERMS: usize = u32::MAX as usize - 1;

/// Writes `tables` as Turtle, one block a node: what its rows say, then its edges by predicate and
/// object. Only the prefixes that are used are declared. The order of the edges makes no difference to
/// the bytes; nodes stand in the order of their rows, and those that only edges have stand last.
///
/// Tables of nodes are read twice. Memory is that of the ids as they are written, about 30 bytes a
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
    let mut grouping = Grouping::new();
    let mut counts = Counts::default();
    let mut node_tables = Vec::new();
    for (table, reader) in nodes {
        let layout = each_row(table, reader, report, &mut counts, |layout, row, counts| {
            counts.nodes += 1;
            grouping.note_node(layout, row)
        })?;
        node_tables.push((table, layout));
    }
    grouping.known = grouping.ids.len();
    for (table, mut reader) in edges {
        reader.layout = reader.layout.without_edge_properties();
        each_row(table, reader, report, &mut counts, |layout, row, counts| {
            counts.edges += 1;
            grouping.note_edge(layout, row)
        })?;
    }
    counts.unknown_nodes = Some((grouping.ids.len() - grouping.known) as u64);
    let unknown = grouping.sort()?;
    grouping.write(&node_tables, &unknown, mapping, writer)?;
    Ok(counts)
}

/// Hands each sound row of a table to `take`, and gives the layout back.
fn each_row(
    table: &dyn TableSource,
    reader: TableReader<Box<dyn Read + Send>>,
    report: &mut dyn Report,
    counts: &mut Counts,
    mut take: impl FnMut(&Layout, &Row<'_>, &mut Counts) -> Result<(), TableError>,
) -> Result<Layout, TableError> {
    let TableReader { layout, mut chunks } = reader;
    let mut spare = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    loop {
        let chunk = chunks
            .next_chunk(spare)
            .map_err(|error| read_error(table, error))?;
        let Some(chunk) = chunk else {
            return Ok(layout);
        };
        let mut taken = Ok(());
        layout.rows(&chunk, &mut faults, |row| {
            if taken.is_ok() {
                taken = take(&layout, row, counts);
            }
        });
        taken?;
        tell(report, table.name(), &faults, counts)?;
        faults.clear();
        spare = chunk.bytes;
    }
}

type Interner = StringInterner<StringBackend<SymbolU32>, FxBuildHasher>;

/// An edge by the numbers of its terms, in the order in which edges are written.
type Edge = (u32, u32, u32);

/// What is held of the tables.
struct Grouping {
    /// Nodes as they are written, numbered in the order in which they came.
    ids: Interner,
    /// How many of them have rows.
    known: usize,
    predicates: Interner,
    /// Subject, predicate, object.
    edges: Vec<Edge>,
    used: UsedPrefixes,
    scratch: Vec<u8>,
}

impl Grouping {
    fn new() -> Self {
        Self {
            ids: Interner::with_hasher(FxBuildHasher),
            known: 0,
            predicates: Interner::with_hasher(FxBuildHasher),
            edges: Vec::new(),
            used: UsedPrefixes::default(),
            scratch: Vec::new(),
        }
    }

    fn note_node(&mut self, layout: &Layout, row: &Row<'_>) -> Result<(), TableError> {
        let Head::Node(node) = row.head else {
            return Ok(());
        };
        self.intern(layout, node)?;
        let prefixes = layout.namespaces.map();
        for value in row.values {
            self.used.note_property(prefixes, value);
            match &value.term {
                Term::Iri(identifier) => {
                    self.scratch.clear();
                    identifier.append_turtle(&layout.namespaces, &mut self.scratch);
                    self.used.note_written(&self.scratch);
                }
                Term::Text(text) => {
                    let literal = literal(value.property, text);
                    self.used.note_datatype(prefixes, literal);
                }
            }
        }
        Ok(())
    }

    fn note_edge(&mut self, layout: &Layout, row: &Row<'_>) -> Result<(), TableError> {
        let Head::Edge {
            subject,
            predicate,
            object,
        } = row.head
        else {
            return Ok(());
        };
        let subject = self.intern(layout, subject)?;
        let object = self.intern(layout, object)?;
        self.scratch.clear();
        predicate.append_turtle(&layout.namespaces, &mut self.scratch);
        let known = self.predicates.len();
        let predicate = number(&mut self.predicates, &self.scratch)?;
        if self.predicates.len() > known {
            self.used.note_written(&self.scratch);
        }
        self.edges.push((subject, predicate, object));
        Ok(())
    }

    fn intern(&mut self, layout: &Layout, node: &Identifier<'_>) -> Result<u32, TableError> {
        self.scratch.clear();
        node.append_turtle(&layout.namespaces, &mut self.scratch);
        let known = self.ids.len();
        let number = number(&mut self.ids, &self.scratch)?;
        if self.ids.len() > known {
            self.used.note_written(&self.scratch);
        }
        Ok(number)
    }

    /// Puts the edges into the order in which they are written. Predicates, and nodes without rows, are
    /// numbered by their text for that; gives the latter by their new number.
    fn sort(&mut self) -> Result<Vec<SymbolU32>, TableError> {
        let (_, predicate_ranks) = by_text(&self.predicates, 0);
        let (unknown, unknown_ranks) = by_text(&self.ids, self.known);
        let known = u32::try_from(self.known).map_err(|_| TableError::TooManyNodes)?;
        let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or(number);
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

    fn write(
        &self,
        nodes: &[(&dyn TableSource, Layout)],
        unknown: &[SymbolU32],
        mapping: &Mapping,
        writer: &mut dyn Write,
    ) -> Result<(), TableError> {
        let (predicates, _) = by_text(&self.predicates, 0);
        let mut blocks = Blocks {
            grouping: self,
            predicates: predicates
                .iter()
                .map(|symbol| self.predicates.resolve(*symbol).unwrap_or_default())
                .collect(),
            unknown,
            next: 0,
            rest: &self.edges,
            out: Vec::with_capacity(BUFFER + BUFFER / 4),
            writer,
        };
        self.used.append_declarations(&mapping.prefixes, &mut blocks.out);
        for (table, layout) in nodes {
            blocks.write_table(*table, layout, mapping)?;
        }
        if blocks.next != self.known {
            let name = nodes.last().map_or_else(String::new, |(table, _)| table.name().to_owned());
            return Err(TableError::Changed(name));
        }
        blocks.write_unknown()
    }
}

/// The number of a term.
fn number(interner: &mut Interner, term: &[u8]) -> Result<u32, TableError> {
    if interner.len() >= MOST_TERMS {
        return Err(TableError::TooManyNodes);
    }
    // Terms are put together from texts.
    let text = std::str::from_utf8(term).unwrap_or_default();
    let symbol = interner.get_or_intern(text);
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

/// Writes one block after the other.
struct Blocks<'g> {
    grouping: &'g Grouping,
    /// By their rank.
    predicates: Vec<&'g str>,
    /// Nodes without rows.
    unknown: &'g [SymbolU32],
    /// Number of the node that comes next for the first time.
    next: usize,
    /// Edges of that node and of those after it.
    rest: &'g [Edge],
    out: Vec<u8>,
    writer: &'g mut dyn Write,
}

impl<'g> Blocks<'g> {
    fn write_table(
        &mut self,
        table: &dyn TableSource,
        layout: &Layout,
        mapping: &Mapping,
    ) -> Result<(), TableError> {
        let changed = || TableError::Changed(table.name().to_owned());
        let mut chunks = open(table, mapping)?.chunks;
        let mut spare = Vec::new();
        let mut id = Vec::new();
        // They were reported at the first reading.
        let mut faults = Vec::new();
        loop {
            let chunk = chunks
                .next_chunk(spare)
                .map_err(|error| read_error(table, error))?;
            let Some(chunk) = chunk else {
                return Ok(());
            };
            let mut is_same = true;
            layout.rows(&chunk, &mut faults, |row| {
                if let Head::Node(node) = row.head {
                    id.clear();
                    node.append_turtle(&layout.namespaces, &mut id);
                    is_same &= self.append_node(&id, layout, row);
                }
            });
            faults.clear();
            if !is_same {
                return Err(changed());
            }
            self.flush(BUFFER)?;
            spare = chunk.bytes;
        }
    }

    /// Appends the block of a row of nodes; `false` where it was not there at the first reading.
    fn append_node(&mut self, id: &[u8], layout: &Layout, row: &Row<'_>) -> bool {
        let ids = &self.grouping.ids;
        let expected = SymbolU32::try_from_usize(self.next).and_then(|symbol| ids.resolve(symbol));
        let is_next = self.next < self.grouping.known && expected.map(str::as_bytes) == Some(id);
        let edges = if is_next {
            let edges = self.edges_of(self.next);
            self.next += 1;
            edges
        } else if std::str::from_utf8(id).is_ok_and(|id| ids.get(id).is_some()) {
            &[]
        } else {
            return false;
        };
        if row.values.is_empty() && edges.is_empty() {
            return true;
        }
        self.out.push(b'\n');
        self.out.extend_from_slice(id);
        let is_first = self.append_values(layout, row.values);
        self.append_edges(edges, is_first);
        self.out.extend_from_slice(b" .\n");
        true
    }

    /// The edges that leave the node with `number`, whose turn it is.
    fn edges_of(&mut self, number: usize) -> &'g [Edge] {
        let rest = self.rest;
        let count = rest
            .iter()
            .take_while(|(subject, _, _)| *subject as usize == number)
            .count();
        let (edges, rest) = rest.split_at(count);
        self.rest = rest;
        edges
    }

    /// Appends what a row says, the classes first; gives whether nothing was said yet.
    fn append_values(&mut self, layout: &Layout, values: &[Value<'_>]) -> bool {
        let is_type = |value: &&Value<'_>| value.property.iri == rdf::TYPE.as_str();
        let mut is_first = true;
        for (at, value) in values.iter().enumerate().filter(|(_, it)| is_type(it)) {
            let before = values.get(..at).unwrap_or_default();
            let is_again = before.iter().any(|it| is_type(&it));
            self.out.extend_from_slice(if is_again { b", " } else { b" a " });
            self.append_term(layout, value);
            is_first = false;
        }
        for (at, value) in values.iter().enumerate().filter(|(_, it)| !is_type(it)) {
            let same = |other: &&Value<'_>| other.property.iri == value.property.iri;
            let (before, from) = values.split_at_checked(at).unwrap_or_default();
            if before.iter().any(|it| same(&it)) {
                continue;
            }
            let written = self.grouping.used.written(&value.property.iri);
            self.append_predicate(written, is_first);
            is_first = false;
            let is_alone = from.iter().filter(same).count() == 1;
            for (place, value) in from.iter().filter(same).enumerate() {
                self.append_gap(place, is_alone);
                self.append_term(layout, value);
            }
        }
        is_first
    }

    fn append_edges(&mut self, edges: &[Edge], mut is_first: bool) {
        for group in edges.chunk_by(|a, b| a.1 == b.1) {
            let Some((_, predicate, _)) = group.first() else { continue };
            let written = self.predicates.get(*predicate as usize).copied();
            self.append_predicate(written.unwrap_or_default().as_bytes(), is_first);
            is_first = false;
            for (place, (_, _, object)) in group.iter().enumerate() {
                self.append_gap(place, group.len() == 1);
                let text = self.text(*object as usize);
                self.out.extend_from_slice(text.as_bytes());
            }
        }
    }

    fn append_predicate(&mut self, written: &[u8], is_first: bool) {
        self.out.extend_from_slice(if is_first { b"\n    " } else { b" ;\n    " });
        self.out.extend_from_slice(written);
    }

    /// Appends what stands before an object.
    fn append_gap(&mut self, place: usize, is_alone: bool) {
        self.out.extend_from_slice(match (place, is_alone) {
            (_, true) => b" ",
            (0, false) => b"\n        ",
            (_, false) => b",\n        ",
        });
    }

    fn append_term(&mut self, layout: &Layout, value: &Value<'_>) {
        let prefixes = layout.namespaces.map();
        match &value.term {
            Term::Iri(identifier) => identifier.append_turtle(&layout.namespaces, &mut self.out),
            Term::Text(text) => {
                append_literal(&mut self.out, prefixes, literal(value.property, text));
            }
        }
    }

    /// A node by its number in the order of edges.
    fn text(&self, number: usize) -> &'g str {
        let symbol = match number.checked_sub(self.grouping.known) {
            Some(beyond) => self.unknown.get(beyond).copied(),
            None => SymbolU32::try_from_usize(number),
        };
        let text = symbol.and_then(|symbol| self.grouping.ids.resolve(symbol));
        text.unwrap_or_default()
    }

    /// The edges of nodes that have no rows.
    fn write_unknown(&mut self) -> Result<(), TableError> {
        while let Some((subject, _, _)) = self.rest.first() {
            let number = *subject as usize;
            let edges = self.edges_of(number);
            self.out.push(b'\n');
            self.out.extend_from_slice(self.text(number).as_bytes());
            self.append_edges(edges, true);
            self.out.extend_from_slice(b" .\n");
            self.flush(BUFFER)?;
        }
        self.flush(0)
    }

    fn flush(&mut self, limit: usize) -> Result<(), TableError> {
        if self.out.len() >= limit {
            self.writer.write_all(&self.out)?;
            self.out.clear();
        }
        Ok(())
    }
}

/// The prefixes that are used, and the properties as they are written.
#[derive(Default)]
struct UsedPrefixes {
    prefixes: BTreeSet<String>,
    /// The prefix that was noted last, since the next is mostly the same.
    last: Vec<u8>,
    properties: BTreeMap<String, Vec<u8>>,
}

impl UsedPrefixes {
    /// Notes the prefix of a term as Turtle writes it.
    fn note_written(&mut self, term: &[u8]) {
        if term.starts_with(b"<") || (!self.last.is_empty() && term.starts_with(&self.last)) {
            return;
        }
        let Some(colon) = term.iter().position(|byte| *byte == b':') else {
            return;
        };
        let (prefix, _) = term.split_at(colon);
        self.last.clear();
        self.last.extend_from_slice(prefix);
        self.last.push(b':');
        self.prefixes
            .insert(String::from_utf8_lossy(prefix).into_owned());
    }

    fn note_property(&mut self, prefixes: &PrefixMap, value: &Value<'_>) {
        let property = value.property;
        if self.properties.contains_key(&property.iri) {
            return;
        }
        let mut written = Vec::new();
        append_node(&mut written, prefixes, &property.iri);
        if property.iri != rdf::TYPE.as_str() {
            self.note_written(&written);
        }
        self.properties.insert(property.iri.clone(), written);
    }

    fn note_datatype(&mut self, prefixes: &PrefixMap, literal: LiteralRef<'_>) {
        if shows_datatype(literal) {
            let mut written = Vec::new();
            append_node(&mut written, prefixes, literal.datatype().as_str());
            self.note_written(&written);
        }
    }

    /// A property as it is written.
    fn written(&self, iri: &str) -> &[u8] {
        self.properties.get(iri).map_or(&[], Vec::as_slice)
    }

    fn append_declarations(&self, all: &PrefixMap, out: &mut Vec<u8>) {
        for (prefix, namespace) in all.iter() {
            if self.prefixes.contains(prefix) {
                out.extend_from_slice(format!("@prefix {prefix}: <{namespace}> .\n").as_bytes());
            }
        }
    }
}
