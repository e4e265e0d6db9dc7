//! One block of Turtle a node.

use std::io::Write;

use string_interner::symbol::{Symbol, SymbolU32};

use super::terms::{ColumnTerms, PropertyNumber, TYPE};
use super::{Edge, Grouping, NodeTable, by_text};
use crate::rdf::turtle::append_literal;
use crate::table::lines::literal;
use crate::table::mapping::Mapping;
use crate::table::reader::{TableError, open, read_error};
use crate::table::row::{Head, Row, Term, Value};

/// Size at which the buffer goes to the writer.
const BUFFER: usize = 256 * 1024;

/// Writes one block after the other.
pub(super) struct Blocks<'g> {
    grouping: &'g Grouping<'g>,
    /// By their rank.
    predicates: Vec<&'g str>,
    /// Nodes without rows, by their rank.
    unknown: &'g [SymbolU32],
    /// Number of the node that comes next for the first time.
    next: usize,
    /// Edges of that node and of those after it.
    rest: &'g [Edge],
    /// The properties of the row at hand.
    properties: Vec<PropertyNumber>,
    out: Vec<u8>,
    writer: &'g mut dyn Write,
}

impl<'g> Blocks<'g> {
    /// Begins with the prefixes.
    pub(super) fn new(
        grouping: &'g Grouping<'g>,
        unknown: &'g [SymbolU32],
        writer: &'g mut dyn Write,
    ) -> Self {
        let (predicates, _) = by_text(&grouping.predicates, 0);
        let mut out = Vec::with_capacity(2 * BUFFER);
        grouping
            .terms
            .append_declarations(grouping.prefixes, &mut out);
        Self {
            grouping,
            predicates: predicates
                .iter()
                .map(|symbol| grouping.predicates.resolve(*symbol).unwrap_or_default())
                .collect(),
            unknown,
            next: 0,
            rest: &grouping.edges,
            properties: Vec::new(),
            out,
            writer,
        }
    }

    /// Reads a table of nodes again and writes its blocks.
    pub(super) fn write_table(
        &mut self,
        nodes: &NodeTable<'_>,
        mapping: &Mapping,
    ) -> Result<(), TableError> {
        let table = nodes.table;
        let mut chunks = open(table, mapping)?.chunks;
        let mut spare = Vec::new();
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
            nodes.layout.rows(&chunk, &mut faults, |row| {
                is_same &= self.append_node(row, &nodes.columns);
            });
            faults.clear();
            if !is_same {
                return Err(TableError::Changed(table.name().to_owned()));
            }
            self.flush(BUFFER)?;
            spare = chunk.bytes;
        }
    }

    /// Writes the edges of nodes that have no rows, and what is left.
    pub(super) fn finish(mut self) -> Result<(), TableError> {
        if self.next != self.grouping.known {
            return Err(TableError::Changed("a table of nodes".to_owned()));
        }
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

    /// Appends the block of a row of nodes; `false` where it was not there at the first reading.
    fn append_node(&mut self, row: &Row<'_>, columns: &ColumnTerms) -> bool {
        let Head::Node(node) = row.head else {
            return false;
        };
        let id = node.to_turtle(self.grouping.prefixes);
        let ids = &self.grouping.ids;
        let edges = if self.next < self.grouping.known && self.text(self.next) == id {
            let edges = self.edges_of(self.next);
            self.next += 1;
            edges
        } else if ids
            .get(&*id)
            .is_some_and(|symbol| symbol.to_usize() < self.next)
        {
            // It has its second row.
            &[]
        } else {
            return false;
        };
        if !row.values.is_empty() || !edges.is_empty() {
            self.out.push(b'\n');
            self.out.extend_from_slice(id.as_bytes());
            let is_first = self.append_values(columns, row.values);
            self.append_edges(edges, is_first);
            self.out.extend_from_slice(b" .\n");
        }
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
    fn append_values(&mut self, columns: &ColumnTerms, values: &[Value<'_>]) -> bool {
        let mut properties = std::mem::take(&mut self.properties);
        properties.clear();
        let terms = &self.grouping.terms;
        properties.extend(values.iter().map(|value| terms.property(value, columns)));
        let mut is_first = true;
        for (value, _) in with(values, &properties, TYPE) {
            self.out
                .extend_from_slice(if is_first { b" a " } else { b", " });
            self.append_term(value);
            is_first = false;
        }
        for (at, property) in properties.iter().enumerate() {
            let before = properties.get(..at).unwrap_or_default();
            if *property == TYPE || before.contains(property) {
                continue;
            }
            self.append_predicate(terms.written(*property), is_first);
            is_first = false;
            let is_alone = with(values, &properties, *property).count() == 1;
            for (place, (value, _)) in with(values, &properties, *property).enumerate() {
                self.append_gap(place, is_alone);
                self.append_term(value);
            }
        }
        self.properties = properties;
        is_first
    }

    fn append_edges(&mut self, edges: &[Edge], mut is_first: bool) {
        for group in edges.chunk_by(|a, b| a.1 == b.1) {
            let Some((_, predicate, _)) = group.first() else {
                continue;
            };
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
        let gap: &[u8] = if is_first { b"\n    " } else { b" ;\n    " };
        self.out.extend_from_slice(gap);
        self.out.extend_from_slice(written);
    }

    /// Appends what stands before an object.
    fn append_gap(&mut self, place: usize, is_alone: bool) {
        let gap: &[u8] = match (place, is_alone) {
            (_, true) => b" ",
            (0, false) => b"\n        ",
            (_, false) => b",\n        ",
        };
        self.out.extend_from_slice(gap);
    }

    fn append_term(&mut self, value: &Value<'_>) {
        let prefixes = self.grouping.prefixes;
        match &value.term {
            Term::Iri(identifier) => {
                let written = identifier.to_turtle(prefixes);
                self.out.extend_from_slice(written.as_bytes());
            }
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

    fn flush(&mut self, limit: usize) -> Result<(), TableError> {
        if self.out.len() >= limit {
            self.writer.write_all(&self.out)?;
            self.out.clear();
        }
        Ok(())
    }
}

/// The values of one property.
fn with<'v, 'r>(
    values: &'v [Value<'r>],
    properties: &'v [PropertyNumber],
    wanted: PropertyNumber,
) -> impl Iterator<Item = (&'v Value<'r>, &'v PropertyNumber)> {
    values
        .iter()
        .zip(properties)
        .filter(move |(_, property)| **property == wanted)
}
