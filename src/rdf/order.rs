//! Quads of any origin in one order, so that they give the same bytes however they came.

use std::io::{self, Write};

use oxrdf::{GraphName, Quad, QuadRef};

use super::turtle::needs_rdf_12;
use super::{RdfFormat, TripleSink, serialize};
use crate::prefix::PrefixMap;
use crate::vocab::rdf;

/// Writes `quads`, which may come in any order and repeatedly: the default graph first, then graphs,
/// subjects, predicates and objects by their text, what a subject is (`a`) first.
///
/// Of `prefixes` those are declared that are used. Blank nodes keep their labels.
///
/// # Errors
///
/// When `writer` fails, or the format cannot say what is to be written.
pub fn write_quads<W: Write>(
    quads: &[Quad],
    format: RdfFormat,
    prefixes: &PrefixMap,
    writer: W,
) -> io::Result<W> {
    let mut order: Vec<&Quad> = quads.iter().collect();
    order.sort_by_cached_key(|quad| key(quad));
    order.dedup();
    let is_rdf_12 = order.iter().any(|quad| needs_rdf_12(quad.object.as_ref()));
    serialize(format, prefixes, is_rdf_12, writer, |sink| {
        give(&order, sink)
    })
}

fn key(quad: &Quad) -> (String, String, bool, String, String) {
    let graph = match &quad.graph_name {
        GraphName::DefaultGraph => String::new(),
        name => name.to_string(),
    };
    (
        graph,
        quad.subject.to_string(),
        quad.predicate != rdf::TYPE,
        quad.predicate.as_str().to_owned(),
        quad.object.to_string(),
    )
}

fn give(quads: &[&Quad], sink: &mut dyn TripleSink) -> io::Result<()> {
    let mut graph = &GraphName::DefaultGraph;
    for quad in quads {
        if quad.graph_name != *graph {
            graph = &quad.graph_name;
            sink.graph(graph.as_ref())?;
        }
        sink.triple(QuadRef::from(*quad).into())?;
    }
    Ok(())
}
