//! What lies around an entity, by breadth.

use std::collections::VecDeque;

use super::incident;
use crate::model::{Edge, KnowledgeGraph, NodeId};
use crate::schema::{ClassId, SlotId};

/// Which way facts are followed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Direction {
    /// From subject to object.
    Out,
    /// From object to subject.
    In,
    /// Either way.
    #[default]
    Both,
}

/// What counts as around an entity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Around {
    /// Most steps.
    pub depth: usize,
    /// Which way facts are followed.
    pub direction: Direction,
    /// Facts in these slots, or slots below them, are followed; all where there are none.
    pub slots: Vec<SlotId>,
    /// Entities of these classes, or classes below, are found; all where there are none. Others are
    /// passed through.
    pub classes: Vec<ClassId>,
}

impl Default for Around {
    /// Everything within one step.
    fn default() -> Self {
        Self {
            depth: 1,
            direction: Direction::Both,
            slots: Vec::new(),
            classes: Vec::new(),
        }
    }
}

/// An entity that was reached, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reached {
    /// The entity.
    pub node: NodeId,
    /// Number of steps from the start.
    pub distance: usize,
    /// The fact that the last step follows.
    pub edge: Edge,
    /// Whether the step goes from the fact's subject to its object.
    pub is_outgoing: bool,
}

/// The entities around `start`, nearest first, each once with the first fact that reaches it; `start`
/// itself is none of them.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::{Around, around};
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let start = graph.node("treaty-agreement").unwrap();
/// let near = around(&graph, start, &Around::default());
/// assert!(near.iter().all(|reached| reached.distance == 1));
/// let farther = around(&graph, start, &Around { depth: 2, ..Around::default() });
/// assert_eq!(farther[..near.len()], near);
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn around(graph: &KnowledgeGraph, start: NodeId, around: &Around) -> Vec<Reached> {
    let schema = graph.schema();
    let follows = |slot: SlotId| {
        let is_below = |above: &SlotId| schema.is_subslot(slot, *above);
        around.slots.is_empty() || around.slots.iter().any(is_below)
    };
    let finds = |node: NodeId| {
        let is_below = |above: &ClassId| schema.is_subclass(graph.class(node), *above);
        around.classes.is_empty() || around.classes.iter().any(is_below)
    };
    let mut is_seen = vec![false; graph.node_count()];
    is_seen[start.index()] = true;
    let mut queue = VecDeque::from([(start, 0)]);
    let mut found = Vec::new();
    while let Some((node, distance)) = queue.pop_front() {
        if distance == around.depth {
            break;
        }
        for neighbor in incident(graph, node, around.direction) {
            let next = neighbor.node;
            if is_seen[next.index()] || !follows(neighbor.edge.slot) {
                continue;
            }
            is_seen[next.index()] = true;
            queue.push_back((next, distance + 1));
            if finds(next) {
                found.push(Reached {
                    node: next,
                    distance: distance + 1,
                    edge: neighbor.edge,
                    is_outgoing: neighbor.is_outgoing,
                });
            }
        }
    }
    found
}
