//! What a graph comes to in numbers.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use crate::model::{KnowledgeGraph, NodeId, Status};
use crate::schema::{ClassId, SlotId};

/// Counts over a graph. What there is none of is not counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// Entities by class, as declared; each counts in its own class only.
    pub classes: Vec<(ClassId, usize)>,
    /// Facts by slot, as declared.
    pub slots: Vec<(SlotId, usize)>,
    /// Facts by status.
    pub statuses: BTreeMap<Status, usize>,
    /// Entities by number of facts with others, most first.
    pub degrees: Vec<(NodeId, usize)>,
    /// Entities in each part of the graph that nothing joins to the rest, largest first, with its
    /// first entity.
    pub components: Vec<(NodeId, usize)>,
    /// Facts by the article that they come from; one that comes from several counts in each.
    pub articles: BTreeMap<NodeId, usize>,
    /// Facts that come from no stretch of a source.
    pub without_position: usize,
}

/// Counts entities and facts.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let stats = tupu::query::stats(&graph);
/// let facts: usize = stats.slots.iter().map(|(_, count)| count).sum();
/// assert_eq!(facts, graph.edge_count() + graph.literal_count());
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn stats(graph: &KnowledgeGraph) -> Stats {
    let schema = graph.schema();
    let mut stats = Stats::default();
    let mut of_class = vec![0; schema.classes.len()];
    for node in graph.nodes() {
        of_class[graph.class(node).index()] += 1;
    }
    let mut of_slot = vec![0; schema.slots.len()];
    let literals = graph.nodes().flat_map(|node| graph.literals(node));
    let literals = literals.map(|it| (it.slot, it.status, it.provenance));
    let edges = graph.edges().map(|it| (it.slot, it.status, it.provenance));
    for (slot, status, provenance) in literals.chain(edges) {
        of_slot[slot.index()] += 1;
        *stats.statuses.entry(status).or_default() += 1;
        let passages = &graph.provenance(provenance).passages;
        stats.without_position += usize::from(passages.is_empty());
        let mut articles: Vec<NodeId> = passages.iter().filter_map(|it| it.article).collect();
        articles.sort_unstable();
        articles.dedup();
        for article in articles {
            *stats.articles.entry(article).or_default() += 1;
        }
    }
    stats.classes = schema.class_ids().zip(of_class).collect();
    stats.classes.retain(|(_, count)| *count > 0);
    stats.slots = schema.slot_ids().zip(of_slot).collect();
    stats.slots.retain(|(_, count)| *count > 0);
    let degrees = graph.nodes().map(|node| (node, graph.degree(node)));
    stats.degrees = degrees.filter(|(_, degree)| *degree > 0).collect();
    stats
        .degrees
        .sort_by_key(|(_, degree)| std::cmp::Reverse(*degree));
    stats.components = components(graph);
    stats
}

fn components(graph: &KnowledgeGraph) -> Vec<(NodeId, usize)> {
    let mut parts = UnionFind::<usize>::new(graph.node_count());
    for edge in graph.edges() {
        parts.union(edge.source.index(), edge.target.index());
    }
    let mut sizes: BTreeMap<usize, (NodeId, usize)> = BTreeMap::new();
    for (node, part) in graph.nodes().zip(parts.into_labeling()) {
        sizes.entry(part).or_insert((node, 0)).1 += 1;
    }
    let mut components: Vec<(NodeId, usize)> = sizes.into_values().collect();
    components.sort_by_key(|(first, size)| (std::cmp::Reverse(*size), *first));
    components
}
