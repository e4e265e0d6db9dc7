//! What two entities have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::{Neighbor, neighbors};
use crate::model::{KnowledgeGraph, NodeId};
use crate::schema::ClassId;

/// An entity that two others have facts with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SharedNeighbor {
    /// The entity.
    pub node: NodeId,
    /// The facts that it has with the one, as that one sees them.
    pub with_one: Vec<Neighbor>,
    /// The facts that it has with the other.
    pub with_other: Vec<Neighbor>,
}

/// What two entities have in common.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Shared {
    /// Classes that both are of, without those above another of them.
    pub classes: Vec<ClassId>,
    /// Entities that both have facts with, in the order of their slugs.
    pub neighbors: Vec<SharedNeighbor>,
    /// Articles that say something of both, in the order of their slugs.
    pub articles: Vec<NodeId>,
}

/// What `one` and `other` have in common.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::common;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let shared = common(&graph, node("city-a"), node("city-b"));
/// let treaty = &shared.neighbors[0];
/// assert_eq!(treaty.node, node("treaty-agreement"));
/// assert!(!treaty.with_one[0].is_outgoing);
/// assert_eq!(shared.classes, [graph.schema().class_named("City").unwrap()]);
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn common(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Shared {
    let (of_one, mut of_other) = (by_neighbor(graph, one), by_neighbor(graph, other));
    let neighbors = of_one
        .into_iter()
        .filter(|(node, _)| *node != one && *node != other)
        .filter_map(|(node, with_one)| {
            Some(SharedNeighbor {
                node,
                with_one,
                with_other: of_other.remove(&node)?,
            })
        })
        .collect();
    let articles = articles(graph, one);
    Shared {
        classes: classes(graph, one, other),
        neighbors,
        articles: articles
            .intersection(&self::articles(graph, other))
            .copied()
            .collect(),
    }
}

fn by_neighbor(graph: &KnowledgeGraph, node: NodeId) -> BTreeMap<NodeId, Vec<Neighbor>> {
    let mut facts: BTreeMap<NodeId, Vec<Neighbor>> = BTreeMap::new();
    for neighbor in neighbors(graph, node) {
        facts.entry(neighbor.node).or_default().push(neighbor);
    }
    facts
}

fn classes(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Vec<ClassId> {
    let schema = graph.schema();
    let of_other = schema.ancestors(graph.class(other));
    let mut shared = schema.ancestors(graph.class(one));
    shared.retain(|class| of_other.contains(class));
    let all = shared.clone();
    shared.retain(|class| {
        let is_above = |below: &ClassId| below != class && schema.is_subclass(*below, *class);
        !all.iter().any(is_above)
    });
    shared
}

/// Articles that a name or fact of the entity comes from, or a fact about it.
fn articles(graph: &KnowledgeGraph, node: NodeId) -> BTreeSet<NodeId> {
    let about = graph.edges_in(node).map(|edge| edge.provenance);
    let about = about.flat_map(|id| &graph.provenance(id).passages).copied();
    let passages = graph.passages(node).chain(about);
    passages.filter_map(|passage| passage.article).collect()
}
