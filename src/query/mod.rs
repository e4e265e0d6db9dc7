//! Questions on the graph: which entity a name means, what is known of it, how two are related.

mod around;
mod common;
mod coverage;
mod dated;
mod fold;
mod list;
mod name;
mod number;
mod path;
mod stats;
mod term;

use crate::model::{Edge, KnowledgeGraph, NodeId};

pub use self::around::{Around, Direction, Reached, around};
pub use self::common::{Shared, SharedNeighbor, common};
pub use self::coverage::{Coverage, coverage};
pub(crate) use self::dated::deadlines;
pub use self::dated::{DateKind, Dated, Subject, Target, subject, targets, timeline};
pub use self::list::{Filter, Wanted, list, value_matches};
pub use self::name::{Hit, Matched, NameIndex, Resolution, Scope};
pub use self::number::{Measured, numbers};
pub use self::path::{Extent, PathQuery, Paths, Step, paths, shortest_paths};
pub use self::stats::{Stats, stats};
pub use self::term::{TermError, class_named, slot_named};

/// `text` as a message repeats it: without control characters, cut to a bearable length.
///
/// ```
/// assert_eq!(tupu::query::shown("甲\u{1b}[31m市"), "甲[31m市");
/// assert_eq!(tupu::query::shown(&"甲".repeat(1000)).chars().count(), 81);
/// ```
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().filter(|c| !c.is_control()).collect();
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}

/// Facts that join two entities: directly, or through one entity that stands for a relation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// The agreement, membership or the like that joins the two; `None` for a direct fact.
    pub through: Option<NodeId>,
    /// The facts, as they stand in the graph.
    pub facts: Vec<Edge>,
}

/// How two entities are joined: each direct fact between them in either direction, then each entity
/// that [represents a relationship](crate::schema::Class::represents_relationship) and has a fact
/// with both, in the order of the slugs.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let links = tupu::query::links(&graph, node("city-a"), node("city-b"));
///
/// // Each city is the other's twin, and both signed the treaty.
/// let through: Vec<_> = links.iter().map(|link| link.through).collect();
/// assert_eq!(through, [None, None, graph.node("treaty-agreement")]);
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn links(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Vec<Link> {
    let direct = facts_between(graph, one, other)
        .into_iter()
        .map(|fact| Link {
            through: None,
            facts: vec![fact],
        });
    let mut relations: Vec<NodeId> = neighbors(graph, one)
        .into_iter()
        .map(|neighbor| neighbor.node)
        .filter(|node| *node != other && *node != one && is_relation(graph, *node, [one, other]))
        .collect();
    relations.sort_unstable();
    relations.dedup();
    let through = relations.into_iter().filter_map(|relation| {
        let with_other = facts_between(graph, relation, other);
        if with_other.is_empty() {
            return None;
        }
        let mut facts = facts_between(graph, relation, one);
        if one != other {
            facts.extend(with_other);
        }
        Some(Link {
            through: Some(relation),
            facts,
        })
    });
    direct.chain(through).collect()
}

/// Whether `node` can stand for a relation between the two.
fn is_relation(graph: &KnowledgeGraph, node: NodeId, between: [NodeId; 2]) -> bool {
    let schema = graph.schema();
    if schema.classes.iter().any(|it| it.represents_relationship) {
        return schema.class(graph.class(node)).represents_relationship;
    }
    between
        .into_iter()
        .all(|end| graph.edges_out(node).any(|edge| edge.target == end))
}

/// Facts with `one` and `other` as subject and object, or the other way round.
fn facts_between(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Vec<Edge> {
    let there = graph.edges_out(one).filter(|edge| edge.target == other);
    let back = graph
        .edges_out(other)
        .filter(|edge| edge.target == one && one != other);
    there.chain(back).collect()
}

/// An entity that has a fact with another, and that fact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Neighbor {
    /// The entity at the other end.
    pub node: NodeId,
    /// The fact.
    pub edge: Edge,
    /// Whether the fact leads to the neighbour; otherwise it comes from it.
    pub is_outgoing: bool,
}

/// What an entity is directly related to: first what its facts lead to, then where facts come from.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let neighbors = tupu::query::neighbors(&graph, node("measure-visit"));
///
/// // Only the treaty speaks of it, as a part of its own.
/// assert_eq!(neighbors.len(), 1);
/// assert_eq!(neighbors[0].node, node("treaty-agreement"));
/// assert!(!neighbors[0].is_outgoing);
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn neighbors(graph: &KnowledgeGraph, node: NodeId) -> Vec<Neighbor> {
    incident(graph, node, Direction::Both).collect()
}

/// The facts of an entity that lead in `direction`; one that leads to itself only as its own.
fn incident(
    graph: &KnowledgeGraph,
    node: NodeId,
    direction: Direction,
) -> impl Iterator<Item = Neighbor> {
    let out = (direction != Direction::In).then(|| graph.edges_out(node));
    let back = (direction != Direction::Out).then(|| graph.edges_in(node));
    let out = out.into_iter().flatten().map(|edge| Neighbor {
        node: edge.target,
        edge,
        is_outgoing: true,
    });
    let back = back.into_iter().flatten();
    let back = back.filter(move |edge| edge.source != node);
    out.chain(back.map(|edge| Neighbor {
        node: edge.source,
        edge,
        is_outgoing: false,
    }))
}
