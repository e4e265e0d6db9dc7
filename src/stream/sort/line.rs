//! What a line of the sort says.

use std::io;

use oxrdf::{
    BaseDirection, BlankNodeRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, Term, TripleRef,
};
use oxttl::NTriplesParser;

use crate::rdf::TripleSink;
use crate::stream::term::{string_end, typed, unescape};
use crate::vocab::rdf;

/// Hands over the triples of lines, and says where a graph begins.
#[derive(Debug, Default)]
pub(super) struct LineGiver {
    /// Name of the graph at hand, as it is written; at first the default graph.
    graph: String,
    /// The literal at hand, where it has escapes.
    unescaped: String,
}

impl LineGiver {
    /// Hands over what the lines of `text` say.
    pub(super) fn give(&mut self, text: &[u8], sink: &mut dyn TripleSink) -> io::Result<()> {
        let text = std::str::from_utf8(text).map_err(|_| broken())?;
        for line in text.lines() {
            let mut terms = line.splitn(4, ' ');
            let mut next = || terms.next().ok_or_else(broken);
            let (graph, subject, predicate, object) = (next()?, next()?, next()?, next()?);
            // The default graph is the first.
            if graph != self.graph {
                sink.graph(node(graph)?.into())?;
                graph.clone_into(&mut self.graph);
            }
            let predicate = match predicate {
                "" => rdf::TYPE,
                predicate => iri(predicate).ok_or_else(broken)?,
            };
            let subject = node(subject)?;
            let mut give = |object| sink.triple(TripleRef::new(subject, predicate, object));
            if object.starts_with("<<") {
                give(triple_term(object)?.as_ref())?;
            } else if let Some(text) = object.strip_prefix('"') {
                let literal = literal(text, &mut self.unescaped).ok_or_else(broken)?;
                give(literal.into())?;
            } else {
                give(node(object)?.into())?;
            }
        }
        Ok(())
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a temporary file was changed")
}

fn iri(written: &str) -> Option<NamedNodeRef<'_>> {
    let iri = written.strip_prefix('<')?.strip_suffix('>')?;
    Some(NamedNodeRef::new_unchecked(iri))
}

fn node(written: &str) -> io::Result<NamedOrBlankNodeRef<'_>> {
    match written.strip_prefix("_:") {
        Some(label) => Ok(BlankNodeRef::new_unchecked(label).into()),
        None => Ok(iri(written).ok_or_else(broken)?.into()),
    }
}

/// The literal after whose first quotation mark `text` begins.
fn literal<'l>(text: &'l str, unescaped: &'l mut String) -> Option<LiteralRef<'l>> {
    let (end, has_escapes) = string_end(text.as_bytes(), b'"')?;
    let (mut value, rest) = (text.get(..end)?, text.get(end + 1..)?);
    if has_escapes {
        unescaped.clear();
        unescape(value, unescaped)?;
        value = unescaped;
    }
    let Some(tag) = rest.strip_prefix('@') else {
        return match rest.strip_prefix("^^") {
            Some(datatype) => typed(value, iri(datatype)?.as_str()),
            None => Some(LiteralRef::new_simple_literal(value)),
        };
    };
    Some(match tag.split_once("--") {
        None => LiteralRef::new_language_tagged_literal_unchecked(value, tag),
        Some((tag, direction)) => {
            let direction = match direction {
                "rtl" => BaseDirection::Rtl,
                _ => BaseDirection::Ltr,
            };
            LiteralRef::new_directional_language_tagged_literal_unchecked(value, tag, direction)
        }
    })
}

/// What stands between `<<(` and `)>>`.
fn triple_term(written: &str) -> io::Result<Term> {
    let statement = format!("<a:> <a:> {written} .");
    let mut parser = NTriplesParser::new().for_slice(statement.as_bytes());
    match parser.next() {
        Some(Ok(triple)) => Ok(triple.object),
        _ => Err(broken()),
    }
}
