//! Quads of any origin in one order, so that they give the same bytes however they came.

use std::io::{self, Write};

use oxrdf::{GraphName, GraphNameRef, Quad, QuadRef, TripleRef};

use super::ntriples::{append_blank_node, append_iri, append_object, append_subject};
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

fn key(quad: &Quad) -> Vec<u8> {
    let mut line = Vec::new();
    append_graph(&mut line, quad.graph_name.as_ref());
    append_ordered(&mut line, QuadRef::from(quad).into());
    line
}

/// Appends what a line of [`append_ordered`] begins with: nothing for the default graph.
pub(crate) fn append_graph(out: &mut Vec<u8>, graph: GraphNameRef<'_>) {
    match graph {
        GraphNameRef::DefaultGraph => {}
        GraphNameRef::NamedNode(node) => append_iri(out, node.as_str()),
        GraphNameRef::BlankNode(node) => append_blank_node(out, node.as_str()),
    }
}

/// Appends to the name of its graph the rest of a line, without its end: a blank and the term as
/// N-Triples has it for subject, predicate and object, but nothing for `a`. No byte of a term before the
/// last is smaller than the blank, so that lines are in the order of their bytes.
pub(crate) fn append_ordered(out: &mut Vec<u8>, triple: TripleRef<'_>) {
    out.push(b' ');
    append_subject(out, triple.subject);
    out.push(b' ');
    if triple.predicate != rdf::TYPE {
        append_iri(out, triple.predicate.as_str());
    }
    out.push(b' ');
    append_object(out, triple.object);
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
