//! The rows that say an edge: looked for when they are asked for, so that no graph has to hold them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use hashbrown::HashMap;
use oxrdf::{NamedNode, Term as RdfTerm};
use rustc_hash::FxBuildHasher;

use super::fault::Fault;
use super::layout::TableKind;
use super::lines::literal;
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableReader, TableSource, open, read_error, tell};
use super::row::{Head, Row, Term, Value};

/// An edge: the IRIs of subject, predicate and object.
pub type EdgeIris = [String; 3];

/// A row that says an edge.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EdgeRow {
    /// Name of the table.
    pub table: String,
    /// Line on which the row begins, from 1.
    pub line: u64,
    /// What it says beside its edge: columns in their order, each with its values; empty ones are left out.
    pub columns: Vec<(String, Vec<RdfTerm>)>,
}

/// Reads `tables` for the rows that say one of `edges`, in the order of the tables and lines.
///
/// Only what is found is held. Rows that are faulty are passed over, as they are wherever a graph is made of
/// tables. What a row says beside its edge is not looked at there: a fault in that goes to `report`, and of
/// the row remains its place.
///
/// # Errors
///
/// When a table cannot be read, has no usable header, or `report` stops.
pub fn edge_rows(
    tables: &[&dyn TableSource],
    mapping: &Mapping,
    edges: &BTreeSet<EdgeIris>,
    report: &mut dyn Report,
) -> Result<BTreeMap<EdgeIris, Vec<EdgeRow>>, TableError> {
    let mut search = Search {
        wanted: edges.iter().map(|edge| (key(edge), edge)).collect(),
        key: Vec::new(),
        found: BTreeMap::new(),
    };
    for table in tables {
        let reader = open(*table, mapping)?;
        if reader.layout.kind() == TableKind::Edges {
            search.read(*table, reader, report)?;
        }
    }
    Ok(search.found)
}

struct Search<'e> {
    /// The edges by their [`key`]s.
    wanted: HashMap<Vec<u8>, &'e EdgeIris, FxBuildHasher>,
    /// Room for the key of a row.
    key: Vec<u8>,
    found: BTreeMap<EdgeIris, Vec<EdgeRow>>,
}

impl<'e> Search<'e> {
    fn read<R: Read>(
        &mut self,
        table: &dyn TableSource,
        reader: TableReader<R>,
        report: &mut dyn Report,
    ) -> Result<(), TableError> {
        let TableReader { layout, mut chunks } = reader;
        let ends = layout.clone().without_edge_properties();
        let mut spare = Vec::new();
        // Faults of rows that were said when the graph was read.
        let mut known = Vec::new();
        loop {
            let chunk = chunks
                .next_chunk(spare)
                .map_err(|error| read_error(table, error))?;
            let Some(chunk) = chunk else {
                return Ok(());
            };
            let mut hits: BTreeMap<u64, &EdgeIris> = BTreeMap::new();
            ends.rows(&chunk, &mut known, |row| {
                if let Some(edge) = self.wanted(row) {
                    hits.insert(row.line, edge);
                }
            });
            known.clear();
            if !hits.is_empty() {
                let mut faults = Vec::new();
                let mut columns = BTreeMap::new();
                layout.rows(&chunk, &mut faults, |row| {
                    if hits.contains_key(&row.line) {
                        columns.insert(row.line, said(row.values));
                    }
                });
                faults.retain(|fault| {
                    hits.keys()
                        .any(|line| !columns.contains_key(line) && is_of_row(fault, *line))
                });
                tell(report, table.name(), &faults, &mut Counts::default())?;
                for (line, edge) in hits {
                    let row = EdgeRow {
                        table: table.name().to_owned(),
                        line,
                        columns: columns.remove(&line).unwrap_or_default(),
                    };
                    self.found.entry(edge.clone()).or_default().push(row);
                }
            }
            spare = chunk.bytes;
        }
    }

    /// The edge of the row, if it is one of those that are looked for.
    fn wanted(&mut self, row: &Row<'_>) -> Option<&'e EdgeIris> {
        let Head::Edge {
            subject,
            predicate,
            object,
        } = row.head
        else {
            return None;
        };
        self.key.clear();
        for end in [subject, predicate, object] {
            end.append_iri(&mut self.key);
            self.key.push(BETWEEN);
        }
        self.wanted.get(&self.key).copied()
    }
}

/// What stands behind each IRI of a key, and in none.
const BETWEEN: u8 = b' ';

fn key(edge: &EdgeIris) -> Vec<u8> {
    let mut key = Vec::new();
    for iri in edge {
        key.extend_from_slice(iri.as_bytes());
        key.push(BETWEEN);
    }
    key
}

/// Whether the fault is one of the row that begins on `line`.
fn is_of_row(fault: &Fault, line: u64) -> bool {
    let breaks = fault.row.matches('\n').count() as u64;
    (line..=line + breaks).contains(&fault.line)
}

/// The values of a row by column.
fn said(values: &[Value<'_>]) -> Vec<(String, Vec<RdfTerm>)> {
    let mut columns: Vec<(String, Vec<RdfTerm>)> = Vec::new();
    for value in values {
        let term = match &value.term {
            Term::Iri(identifier) => NamedNode::new_unchecked(identifier.to_iri()).into(),
            Term::Text(text) => literal(value.property, text).into_owned().into(),
        };
        match columns.last_mut().filter(|(name, _)| name == value.column) {
            Some((_, terms)) => terms.push(term),
            None => columns.push((value.column.to_owned(), vec![term])),
        }
    }
    columns
}
