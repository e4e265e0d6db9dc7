//! N-Triples and N-Quads.

use std::io::{self, Write};

use oxrdf::{BaseDirection, GraphNameRef, LiteralRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::TripleSink;
use super::escape::append_quoted;
use crate::vocab::xsd;

/// Size at which the buffer goes to the writer.
pub(super) const BUFFER: usize = 64 * 1024;

/// Writes [N-Triples](https://www.w3.org/TR/n-triples/), or
/// [N-Quads](https://www.w3.org/TR/n-quads/) with named graphs.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct NTriplesSerializer {
    has_graphs: bool,
}

impl NTriplesSerializer {
    /// A serializer of N-Triples.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes named graphs, and so writes N-Quads.
    pub fn with_graphs(mut self) -> Self {
        self.has_graphs = true;
        self
    }

    /// Writes to `writer`, through a buffer of its own.
    pub fn for_writer<W: Write>(self, writer: W) -> NTriplesWriter<W> {
        NTriplesWriter {
            has_graphs: self.has_graphs,
            graph: Vec::new(),
            buffer: Vec::with_capacity(BUFFER + 1024),
            writer,
        }
    }
}

/// Takes triples and writes them as N-Triples. Call [`finish`](Self::finish) at the end.
#[derive(Debug)]
#[must_use]
pub struct NTriplesWriter<W: Write> {
    has_graphs: bool,
    /// The graph at hand as written, with a blank before it; empty for the default graph.
    graph: Vec<u8>,
    buffer: Vec<u8>,
    writer: W,
}

impl<W: Write> NTriplesWriter<W> {
    /// Writes what is left and gives the writer back.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.write_all(&self.buffer)?;
        Ok(self.writer)
    }
}

impl<W: Write> TripleSink for NTriplesWriter<W> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.graph.clear();
        match name {
            GraphNameRef::DefaultGraph => return Ok(()),
            _ if !self.has_graphs => return Err(no_named_graphs("N-Triples")),
            GraphNameRef::NamedNode(node) => {
                self.graph.push(b' ');
                append_iri(&mut self.graph, node.as_str());
            }
            GraphNameRef::BlankNode(node) => {
                self.graph.push(b' ');
                append_blank_node(&mut self.graph, node.as_str());
            }
        }
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        append_terms(&mut self.buffer, triple);
        self.buffer.extend_from_slice(&self.graph);
        self.buffer.extend_from_slice(b" .\n");
        if self.buffer.len() >= BUFFER {
            self.writer.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}

/// Why a named graph cannot be written.
pub(super) fn no_named_graphs(format: &str) -> io::Error {
    let message = format!("{format} has no named graphs; N-Quads and TriG have");
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Appends one statement, without the end of the line.
pub(super) fn append_triple(out: &mut Vec<u8>, triple: TripleRef<'_>) {
    append_terms(out, triple);
    out.extend_from_slice(b" .");
}

fn append_terms(out: &mut Vec<u8>, triple: TripleRef<'_>) {
    append_subject(out, triple.subject);
    out.push(b' ');
    append_iri(out, triple.predicate.as_str());
    out.push(b' ');
    append_object(out, triple.object);
}

pub(super) fn append_subject(out: &mut Vec<u8>, subject: NamedOrBlankNodeRef<'_>) {
    match subject {
        NamedOrBlankNodeRef::NamedNode(node) => append_iri(out, node.as_str()),
        NamedOrBlankNodeRef::BlankNode(node) => append_blank_node(out, node.as_str()),
    }
}

pub(super) fn append_object(out: &mut Vec<u8>, object: TermRef<'_>) {
    match object {
        TermRef::NamedNode(node) => append_iri(out, node.as_str()),
        TermRef::BlankNode(node) => append_blank_node(out, node.as_str()),
        TermRef::Literal(literal) => append_literal(out, literal),
        TermRef::Triple(triple) => {
            out.extend_from_slice(b"<<( ");
            append_terms(out, triple.as_ref());
            out.extend_from_slice(b" )>>");
        }
    }
}

pub(super) fn append_iri(out: &mut Vec<u8>, iri: &str) {
    out.push(b'<');
    out.extend_from_slice(iri.as_bytes());
    out.push(b'>');
}

pub(super) fn append_blank_node(out: &mut Vec<u8>, id: &str) {
    out.extend_from_slice(b"_:");
    out.extend_from_slice(id.as_bytes());
}

/// Appends a literal.
pub(crate) fn append_literal(out: &mut Vec<u8>, literal: LiteralRef<'_>) {
    out.push(b'"');
    append_quoted(out, literal.value());
    out.push(b'"');
    if let Some(language) = literal.language() {
        append_language(out, language, literal.direction());
    } else if literal.datatype() != xsd::STRING {
        out.extend_from_slice(b"^^");
        append_iri(out, literal.datatype().as_str());
    }
}

/// Appends a language tag, with the base direction that RDF 1.2 knows.
pub(super) fn append_language(out: &mut Vec<u8>, language: &str, direction: Option<BaseDirection>) {
    out.push(b'@');
    out.extend_from_slice(language.as_bytes());
    match direction {
        Some(BaseDirection::Ltr) => out.extend_from_slice(b"--ltr"),
        Some(BaseDirection::Rtl) => out.extend_from_slice(b"--rtl"),
        None => {}
    }
}
