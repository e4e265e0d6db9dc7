//! RDF/XML and what else oxrdfio writes for us.

use std::io::{self, Write};

use oxrdf::{GraphNameRef, NamedNode, NamedNodeRef, TermRef, TripleRef};
use oxrdfio::{RdfFormat, RdfSerializer, WriterQuadSerializer};

use super::ntriples::no_named_graphs;
use super::{ProvenanceProfile, TripleSink, write_triples};
use crate::model::KnowledgeGraph;
use crate::prefix::PrefixMap;

pub(super) fn write<W: Write>(
    graph: &KnowledgeGraph,
    format: RdfFormat,
    profile: ProvenanceProfile,
    prefixes: &PrefixMap,
    writer: W,
) -> io::Result<()> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in prefixes.iter() {
        serializer = serializer
            .with_prefix(prefix, namespace)
            .map_err(io::Error::other)?;
    }
    let mut sink = LibrarySink {
        format,
        serializer: serializer.for_writer(writer),
        graph: None,
    };
    write_triples(graph, profile, &mut sink)?;
    sink.serializer.finish()?.flush()
}

struct LibrarySink<W: Write> {
    format: RdfFormat,
    serializer: WriterQuadSerializer<W>,
    graph: Option<NamedNode>,
}

impl<W: Write> TripleSink for LibrarySink<W> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: Option<NamedNodeRef<'_>>) -> io::Result<()> {
        if name.is_some() && !self.format.supports_datasets() {
            return Err(no_named_graphs(self.format.name()));
        }
        self.graph = name.map(NamedNodeRef::into_owned);
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if self.format == RdfFormat::RdfXml {
            check_xml(triple.object)?;
        }
        let graph = match &self.graph {
            Some(name) => GraphNameRef::NamedNode(name.as_ref()),
            None => GraphNameRef::DefaultGraph,
        };
        self.serializer.serialize_quad(triple.in_graph(graph))
    }
}

/// XML 1.0 has no way to write most control characters, not even as references.
fn check_xml(object: TermRef<'_>) -> io::Result<()> {
    let refused = |message: String| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    match object {
        TermRef::Literal(literal) => {
            let is_illegal = |c: &char| matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
            match literal.value().chars().find(is_illegal) {
                Some(c) => refused(format!(
                    "RDF/XML cannot hold the character U+{:04X}",
                    u32::from(c)
                )),
                None => Ok(()),
            }
        }
        TermRef::Triple(_) => refused("RDF/XML here has no triple terms; Turtle has".to_owned()),
        _ => Ok(()),
    }
}
