//! Shortest ways from one entity to another.

use std::collections::BTreeMap;

use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::UndirectedAdaptor;

use super::neighbors;
use crate::model::{Edge, KnowledgeGraph, NodeId};

/// Most paths that are looked at before the best are taken.
const MOST_PATHS: usize = 10_000;

/// One step of a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Step {
    /// Where the step begins.
    pub from: NodeId,
    /// Where it ends.
    pub to: NodeId,
    /// The fact that it follows, in its own direction or against it.
    pub edge: Edge,
}

/// Up to `limit` shortest paths from `from` to `to`, following facts in either direction.
///
/// All have the same length. Those come first that take fewest facts which are not so yet, or which
/// somebody only says; then they come in the order of the facts, so that the answer is always the
/// same. From an entity to itself there is one path, without steps.
pub fn shortest_paths(
    graph: &KnowledgeGraph,
    from: NodeId,
    to: NodeId,
    limit: usize,
) -> Vec<Vec<Step>> {
    let distances = distances(graph, to, from);
    if !distances.contains_key(&from) {
        return Vec::new();
    }
    let mut paths = Vec::new();
    extend(graph, &distances, from, to, &mut Vec::new(), &mut paths);
    paths.sort_by_key(|path| {
        path.iter()
            .filter(|step| !step.edge.status.is_factual())
            .count()
    });
    paths.truncate(limit);
    paths
}

/// Number of steps to `goal` from each entity that is no farther from it than `start`.
fn distances(graph: &KnowledgeGraph, goal: NodeId, start: NodeId) -> BTreeMap<NodeId, u32> {
    let both_ways = UndirectedAdaptor(graph.as_petgraph());
    dijkstra(
        &both_ways,
        NodeIndex::from(goal.0),
        Some(NodeIndex::from(start.0)),
        |_| 1u32,
    )
    .into_iter()
    .filter_map(|(node, distance)| Some((NodeId(u32::try_from(node.index()).ok()?), distance)))
    .collect()
}

/// Goes from `node` on towards `goal`, each step one nearer, and collects what arrives.
fn extend(
    graph: &KnowledgeGraph,
    distances: &BTreeMap<NodeId, u32>,
    node: NodeId,
    goal: NodeId,
    steps: &mut Vec<Step>,
    paths: &mut Vec<Vec<Step>>,
) {
    if paths.len() == MOST_PATHS {
        return;
    }
    if node == goal {
        paths.push(steps.clone());
        return;
    }
    for neighbor in neighbors(graph, node) {
        let is_nearer = distances
            .get(&neighbor.node)
            .is_some_and(|distance| distances.get(&node) == Some(&(distance + 1)));
        if is_nearer {
            steps.push(Step {
                from: node,
                to: neighbor.node,
                edge: neighbor.edge,
            });
            extend(graph, distances, neighbor.node, goal, steps, paths);
            steps.pop();
        }
    }
}
