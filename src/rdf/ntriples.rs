//! N-Triples.

use std::io::{self, Write};

use oxrdf::{LiteralRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::TripleSink;
use super::escape::append_quoted;
use crate::vocab::xsd;

/// Size at which the buffer goes to the writer.
pub(super) const BUFFER: usize = 64 * 1024;

/// Writes [RDF 1.1 N-Triples](https://www.w3.org/TR/n-triples/).
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct NTriplesSerializer {
    _private: (),
}

impl NTriplesSerializer {
    /// A serializer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes to `writer`, through a buffer of its own.
    pub fn for_writer<W: Write>(self, writer: W) -> NTriplesWriter<W> {
        NTriplesWriter {
            buffer: Vec::with_capacity(BUFFER + 1024),
            writer,
        }
    }
}

/// Takes triples and writes them as N-Triples. Call [`finish`](Self::finish) at the end.
#[derive(Debug)]
#[must_use]
pub struct NTriplesWriter<W: Write> {
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

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        append_triple(&mut self.buffer, triple);
        self.buffer.push(b'\n');
        if self.buffer.len() >= BUFFER {
            self.writer.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}

/// Appends one statement, without the end of the line.
pub(super) fn append_triple(out: &mut Vec<u8>, triple: TripleRef<'_>) {
    match triple.subject {
        NamedOrBlankNodeRef::NamedNode(node) => append_iri(out, node.as_str()),
        NamedOrBlankNodeRef::BlankNode(node) => append_blank_node(out, node.as_str()),
    }
    out.push(b' ');
    append_iri(out, triple.predicate.as_str());
    out.push(b' ');
    match triple.object {
        TermRef::NamedNode(node) => append_iri(out, node.as_str()),
        TermRef::BlankNode(node) => append_blank_node(out, node.as_str()),
        TermRef::Literal(literal) => append_literal(out, literal),
    }
    out.extend_from_slice(b" .");
}

fn append_iri(out: &mut Vec<u8>, iri: &str) {
    out.push(b'<');
    out.extend_from_slice(iri.as_bytes());
    out.push(b'>');
}

pub(super) fn append_blank_node(out: &mut Vec<u8>, id: &str) {
    out.extend_from_slice(b"_:");
    out.extend_from_slice(id.as_bytes());
}

fn append_literal(out: &mut Vec<u8>, literal: LiteralRef<'_>) {
    out.push(b'"');
    append_quoted(out, literal.value());
    out.push(b'"');
    if let Some(language) = literal.language() {
        out.push(b'@');
        out.extend_from_slice(language.as_bytes());
    } else if literal.datatype() != xsd::STRING {
        out.extend_from_slice(b"^^");
        append_iri(out, literal.datatype().as_str());
    }
}
