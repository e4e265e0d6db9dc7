//! RDF as DOT in one pass, for graphs that are too large for a view.

use std::io::{self, Write};

use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::dot::quote_dot;
use crate::prefix::PrefixMap;
use crate::rdf::TripleSink;
use crate::vocab::{rdf, rdfs, schema, skos};

/// Size at which the buffer goes to the writer.
const BUFFER: usize = 64 * 1024;

/// Takes triples and writes them as [DOT](https://graphviz.org/doc/info/lang.html), in their order: an
/// edge where the object is a node, the class as the node's `class`, the first name that comes as its
/// label. Other literals are counted and left out. Call [`finish`](Self::finish) at the end.
#[derive(Debug)]
pub struct DotWriter<W: Write> {
    prefixes: PrefixMap,
    buffer: Vec<u8>,
    writer: W,
    subject: String,
    has_label: bool,
    left_out: u64,
}

impl<W: Write> DotWriter<W> {
    /// Writes to `writer`; nodes are called by their CURIE where `prefixes` gives one.
    pub fn new(prefixes: PrefixMap, writer: W) -> Self {
        let mut buffer = Vec::with_capacity(BUFFER + 1024);
        buffer.extend_from_slice(b"digraph {\n  node [shape=box];\n");
        Self {
            prefixes,
            buffer,
            writer,
            subject: String::new(),
            has_label: false,
            left_out: 0,
        }
    }

    /// Writes the end; gives the writer back, and the number of literals that are not drawn.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<(W, u64)> {
        self.buffer.extend_from_slice(b"}\n");
        self.writer.write_all(&self.buffer)?;
        Ok((self.writer, self.left_out))
    }

    fn put_iri(&mut self, iri: &str) {
        match self.prefixes.shorten(iri) {
            Some((prefix, local)) => {
                let curie = quote_dot(&format!("{prefix}:{local}"));
                self.buffer.extend_from_slice(curie.as_bytes());
            }
            None => self.put_quoted(iri),
        }
    }

    fn put_quoted(&mut self, text: &str) {
        self.buffer.extend_from_slice(quote_dot(text).as_bytes());
    }

    fn put_blank(&mut self, label: &str) {
        self.put_quoted(&format!("_:{label}"));
    }

    fn put_subject(&mut self, subject: NamedOrBlankNodeRef<'_>) {
        self.buffer.extend_from_slice(b"  ");
        match subject {
            NamedOrBlankNodeRef::NamedNode(node) => self.put_iri(node.as_str()),
            NamedOrBlankNodeRef::BlankNode(node) => self.put_blank(node.as_str()),
        }
    }
}

impl<W: Write> TripleSink for DotWriter<W> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        self.prefixes.declare(prefix, namespace);
        Ok(())
    }

    /// Facts of all graphs are drawn as one.
    fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        let subject = match triple.subject {
            NamedOrBlankNodeRef::NamedNode(node) => node.as_str(),
            NamedOrBlankNodeRef::BlankNode(node) => node.as_str(),
        };
        if subject != self.subject {
            self.subject.clear();
            self.subject.push_str(subject);
            self.has_label = false;
        }
        match triple.object {
            TermRef::Literal(literal) => {
                let names = [rdfs::LABEL, skos::PREF_LABEL, schema::NAME];
                if self.has_label || !names.contains(&triple.predicate) {
                    self.left_out += 1;
                    return Ok(());
                }
                self.has_label = true;
                self.put_subject(triple.subject);
                self.buffer.extend_from_slice(b" [label=");
                self.put_quoted(literal.value());
                self.buffer.extend_from_slice(b"];\n");
            }
            TermRef::NamedNode(class) if triple.predicate == rdf::TYPE => {
                self.put_subject(triple.subject);
                self.buffer.extend_from_slice(b" [class=");
                self.put_iri(class.as_str());
                self.buffer.extend_from_slice(b"];\n");
            }
            TermRef::NamedNode(_) | TermRef::BlankNode(_) => {
                self.put_subject(triple.subject);
                self.buffer.extend_from_slice(b" -> ");
                match triple.object {
                    TermRef::BlankNode(node) => self.put_blank(node.as_str()),
                    TermRef::NamedNode(node) => self.put_iri(node.as_str()),
                    TermRef::Literal(_) | TermRef::Triple(_) => {}
                }
                self.buffer.extend_from_slice(b" [label=");
                self.put_iri(triple.predicate.as_str());
                self.buffer.extend_from_slice(b"];\n");
            }
            TermRef::Triple(_) => self.left_out += 1,
        }
        if self.buffer.len() >= BUFFER {
            self.writer.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}
