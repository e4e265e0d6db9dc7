//! RDF/XML and what else oxrdfio writes for us.

use std::io::{self, Write};

use oxrdf::{GraphName, GraphNameRef, TermRef, TripleRef};
use oxrdfio::{RdfFormat, RdfSerializer, WriterQuadSerializer};

use super::TripleSink;
use super::ntriples::no_named_graphs;
use crate::prefix::PrefixMap;

/// Hands what `give` gives to oxrdfio's serializer of `format`.
pub(super) fn serialize<W: Write, E: From<io::Error>>(
    format: RdfFormat,
    prefixes: &PrefixMap,
    writer: W,
    give: impl FnOnce(&mut dyn TripleSink) -> Result<(), E>,
) -> Result<(), E> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in prefixes.iter() {
        serializer = serializer
            .with_prefix(prefix, namespace)
            .map_err(io::Error::other)?;
    }
    let mut sink = LibrarySink {
        format,
        serializer: serializer.for_writer(writer),
        graph: GraphName::DefaultGraph,
    };
    give(&mut sink)?;
    sink.serializer.finish()?.flush()?;
    Ok(())
}

struct LibrarySink<W: Write> {
    format: RdfFormat,
    serializer: WriterQuadSerializer<W>,
    graph: GraphName,
}

impl<W: Write> TripleSink for LibrarySink<W> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        if !name.is_default_graph() && !self.format.supports_datasets() {
            return Err(no_named_graphs(self.format.name()));
        }
        self.graph = name.into_owned();
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if self.format == RdfFormat::RdfXml {
            check_xml(triple.object)?;
        }
        self.serializer
            .serialize_quad(triple.in_graph(self.graph.as_ref()))
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
