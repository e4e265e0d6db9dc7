//! SPARQL 1.1 queries on a graph that petgraph holds.

mod bind;
mod graph;
mod stop;

use std::collections::BTreeMap;

use oxrdf::{BlankNode, NamedOrBlankNode, Term, Triple};
pub use sparesults::{QueryResultsFormat, QueryResultsSerializer};
pub use spareval::{
    CancellationToken, QueryEvaluationError, QueryResults, QuerySolution, QuerySolutionIter,
    QueryTripleIter,
};
pub use spargebra::Query;

pub use self::bind::{BindError, Value, ValueError, bind, read_iri, read_value};
pub use self::graph::{QueryTerm, RdfGraph, RdfGraphBuilder, RdfGraphError};
pub use self::stop::{Stopped, evaluate_stoppable, until_stopped};
pub use crate::rdf::TermId;

/// Asks `graph` the query; [`CancellationToken::cancel`] ends it with an error.
///
/// Rows come in the order that ORDER BY says, otherwise in one that depends on graph and query only.
///
/// # Errors
///
/// When the query calls a function that there is not. More errors come with the rows.
pub fn evaluate<'g>(
    graph: &'g RdfGraph,
    query: &Query,
    cancellation: CancellationToken,
) -> Result<QueryResults<'g>, QueryEvaluationError> {
    spareval::QueryEvaluator::new()
        .with_cancellation_token(cancellation)
        .prepare(query)
        .execute(graph)
}

/// The triples of a CONSTRUCT or DESCRIBE, `limit` of them at most.
///
/// Blank nodes that the query makes, whose labels the graph does not know, are labelled in the order in which they come, so that equal
/// questions have equal answers.
///
/// # Errors
///
/// When the evaluation fails or is cancelled.
pub fn collect_triples(
    is_known: impl Fn(&str) -> bool,
    triples: QueryTripleIter<'_>,
    limit: usize,
) -> Result<Vec<Triple>, QueryEvaluationError> {
    let mut labels = BTreeMap::new();
    let mut next = 0_usize;
    let mut relabel = |node: BlankNode| {
        if is_known(node.as_str()) {
            return node;
        }
        let label = labels.entry(node.as_str().to_owned()).or_insert_with(|| {
            loop {
                let label = format!("b{next}");
                next += 1;
                if !is_known(&label) {
                    return BlankNode::new_unchecked(label);
                }
            }
        });
        label.clone()
    };
    triples
        .take(limit)
        .map(|triple| Ok(relabelled(triple?, &mut relabel)))
        .collect()
}

fn relabelled(triple: Triple, relabel: &mut impl FnMut(BlankNode) -> BlankNode) -> Triple {
    Triple {
        subject: match triple.subject {
            NamedOrBlankNode::BlankNode(node) => relabel(node).into(),
            node @ NamedOrBlankNode::NamedNode(_) => node,
        },
        predicate: triple.predicate,
        object: match triple.object {
            Term::BlankNode(node) => relabel(node).into(),
            Term::Triple(inner) => relabelled(*inner, relabel).into(),
            other @ (Term::NamedNode(_) | Term::Literal(_)) => other,
        },
    }
}
