//! Rows as N-Triples and N-Quads: a line of output needs no line but its own row.

use std::io::{self, Write};

use oxrdf::{GraphNameRef, LiteralRef, NamedNode, NamedNodeRef, TermRef, Triple, TripleRef};

use super::chunk::Chunk;
use super::fault::Fault;
use super::identifier::Identifier;
use super::layout::{Layout, TableKind};
use super::mapping::Mapping;
use super::property::{Property, ValueKind};
use super::reader::{Counts, Report, TableError, TableSource, open, read_error, tell};
use super::row::{Head, Row, Term, Value};
use crate::model::Status;
use crate::rdf::ntriples::append_literal;
use crate::rdf::{
    NTriplesSerializer, NTriplesWriter, ProvenanceProfile, TripleSink, statement_iri,
};
use crate::stream::in_order;
use crate::vocab::rdf;

/// How lines are written; by default N-Triples without provenance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LineProfile {
    /// What is written of an edge beside its triple: nothing, a statement with all that its row says,
    /// the same with the triple in the graph that the row names, or a reifier.
    pub provenance: ProvenanceProfile,
    /// N-Quads, which have graphs, and not N-Triples.
    pub has_graphs: bool,
}

impl Default for LineProfile {
    fn default() -> Self {
        Self {
            provenance: ProvenanceProfile::None,
            has_graphs: false,
        }
    }
}

/// Writes the rows of `tables` as N-Triples or N-Quads, in their order.
///
/// Memory is bounded: a few chunks of 256 KiB, and a row of at most
/// [`LONGEST_ROW`](super::LONGEST_ROW). `workers` threads convert, the calling one reads and writes; the
/// bytes are the same for any number. Faulty rows go to `report` and are left out.
///
/// # Errors
///
/// When a table cannot be read, has no usable header, `report` stops, or `writer` fails.
pub fn write_lines(
    tables: &[&dyn TableSource],
    mapping: &Mapping,
    profile: LineProfile,
    workers: usize,
    writer: &mut dyn Write,
    report: &mut dyn Report,
) -> Result<Counts, TableError> {
    let mut counts = Counts::default();
    for table in tables {
        let reader = open(*table, mapping)?;
        let mut layout = reader.layout;
        if profile.provenance == ProvenanceProfile::None {
            layout = layout.without_edge_properties();
        }
        let converter = Converter {
            layout: &layout,
            base: &mapping.base,
            profile,
        };
        let mut chunks = reader.chunks;
        in_order(
            workers,
            |chunk: Chunk, converted: Converted| {
                let chunk = chunks
                    .next_chunk(chunk.bytes)
                    .map_err(|error| read_error(*table, error))?;
                Ok(chunk.map(|chunk| (chunk, converted)))
            },
            |chunk, converted| converter.convert(chunk, converted),
            |_, converted| {
                tell(report, table.name(), &converted.faults, &mut counts)?;
                match layout.kind() {
                    TableKind::Nodes => counts.nodes += converted.rows,
                    TableKind::Edges => counts.edges += converted.rows,
                }
                writer.write_all(&converted.bytes)?;
                Ok::<(), TableError>(())
            },
        )?;
    }
    Ok(counts)
}

/// What a chunk became.
#[derive(Default)]
struct Converted {
    bytes: Vec<u8>,
    faults: Vec<Fault>,
    rows: u64,
}

/// Rows to lines, each by itself.
struct Converter<'c> {
    layout: &'c Layout,
    base: &'c str,
    profile: LineProfile,
}

impl Converter<'_> {
    fn convert(&self, chunk: &Chunk, converted: &mut Converted) {
        let Converted {
            bytes,
            faults,
            rows,
        } = converted;
        bytes.clear();
        faults.clear();
        *rows = 0;
        if self.layout.kind() == TableKind::Edges
            && self.profile.provenance != ProvenanceProfile::None
        {
            let mut serializer = NTriplesSerializer::new();
            if self.profile.has_graphs {
                serializer = serializer.with_graphs();
            }
            let mut sink = serializer.for_writer(std::mem::take(bytes));
            self.layout.rows(chunk, faults, |row| {
                *rows += 1;
                // Writing to a vector does not fail.
                drop(self.write_edge(row, &mut sink));
            });
            *bytes = sink.finish().unwrap_or_default();
        } else {
            let mut subject = Vec::new();
            self.layout.rows(chunk, faults, |row| {
                *rows += 1;
                append_row(row, &mut subject, bytes);
            });
        }
    }

    /// The triple of an edge, and the statement that says where it comes from.
    fn write_edge(&self, row: &Row<'_>, sink: &mut NTriplesWriter<Vec<u8>>) -> io::Result<()> {
        let Head::Edge {
            subject,
            predicate,
            object,
        } = row.head
        else {
            return Ok(());
        };
        let node = |identifier: &Identifier<'_>| NamedNode::new_unchecked(identifier.to_iri());
        let triple = Triple::new(node(subject), node(predicate), node(object));
        let iri = statement_iri(self.base, triple.as_ref(), Status::Asserted);
        let statement = NamedNodeRef::new_unchecked(&iri);
        let graph = (self.profile.provenance == ProvenanceProfile::Graphs)
            .then(|| self.graph_of(row))
            .flatten();
        if let Some(graph) = &graph {
            sink.graph(GraphNameRef::NamedNode(graph.as_ref()))?;
        }
        sink.triple(triple.as_ref())?;
        sink.graph(GraphNameRef::DefaultGraph)?;
        let mut put = |predicate: NamedNodeRef<'_>, object: TermRef<'_>| {
            sink.triple(TripleRef::new(statement, predicate, object))
        };
        if self.profile.provenance == ProvenanceProfile::Rdf12 {
            put(rdf::REIFIES, TermRef::Triple(&triple))?;
        } else {
            put(rdf::TYPE, rdf::STATEMENT.into())?;
            put(rdf::SUBJECT, triple.subject.as_ref().into())?;
            put(rdf::PREDICATE, triple.predicate.as_ref().into())?;
            put(rdf::OBJECT, triple.object.as_ref())?;
        }
        for value in row.values {
            let predicate = NamedNodeRef::new_unchecked(&value.property.iri);
            match &value.term {
                Term::Iri(identifier) => put(predicate, node(identifier).as_ref().into())?,
                Term::Text(text) => put(predicate, literal(value.property, text).into())?,
            }
        }
        Ok(())
    }

    fn graph_of(&self, row: &Row<'_>) -> Option<NamedNode> {
        let column = self.layout.graph.as_deref()?;
        row.values
            .iter()
            .filter(|value| value.column == column)
            .find_map(|value| match &value.term {
                Term::Iri(identifier) => Some(NamedNode::new_unchecked(identifier.to_iri())),
                Term::Text(_) => None,
            })
    }
}

/// Appends what a row says without statements.
fn append_row(row: &Row<'_>, subject: &mut Vec<u8>, out: &mut Vec<u8>) {
    match row.head {
        Head::Node(node) => {
            subject.clear();
            subject.push(b'<');
            node.append_iri(subject);
            subject.extend_from_slice(b"> <");
            for value in row.values {
                append_value(subject, value, out);
            }
        }
        Head::Edge {
            subject,
            predicate,
            object,
        } => {
            out.push(b'<');
            subject.append_iri(out);
            out.extend_from_slice(b"> <");
            predicate.append_iri(out);
            out.extend_from_slice(b"> <");
            object.append_iri(out);
            out.extend_from_slice(b"> .\n");
        }
    }
}

/// Appends a line; `subject` goes up to the name of the property.
fn append_value(subject: &[u8], value: &Value<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(subject);
    out.extend_from_slice(value.property.iri.as_bytes());
    match &value.term {
        Term::Iri(identifier) => {
            out.extend_from_slice(b"> <");
            identifier.append_iri(out);
            out.extend_from_slice(b"> .\n");
        }
        Term::Text(text) => {
            out.extend_from_slice(b"> ");
            append_literal(out, literal(value.property, text));
            out.extend_from_slice(b" .\n");
        }
    }
}

/// The literal that `text` is as a value of `property`.
pub(super) fn literal<'a>(property: &'a Property, text: &'a str) -> LiteralRef<'a> {
    match &property.kind {
        ValueKind::Text {
            language: Some(language),
            ..
        } => LiteralRef::new_language_tagged_literal_unchecked(text, language),
        ValueKind::Text {
            datatype: Some(datatype),
            ..
        } => LiteralRef::new_typed_literal(text, NamedNodeRef::new_unchecked(datatype)),
        _ => LiteralRef::new_simple_literal(text),
    }
}
