//! Ways from one entity to another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Direction, Neighbor, incident};
use crate::model::{Edge, KnowledgeGraph, NodeId};

/// Most paths that are collected before the best are taken.
const MOST_PATHS: usize = 10_000;

/// Most steps that are tried, so that an answer comes in any graph.
const MOST_TRIES: usize = 5_000_000;

/// Most first halves that are tried on the way through an entity.
const MOST_FIRST_HALVES: usize = 32;

/// The cost of what was not reached.
const UNREACHED: u32 = u32::MAX;

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

/// Which of the paths between two entities are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Extent {
    /// All of the least cost.
    Shortest,
    /// The best so many, whatever they cost.
    Best(usize),
    /// All of no more than so many steps.
    UpTo(usize),
}

/// A question for paths. Facts are followed in either direction, and no path comes to an entity twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PathQuery {
    /// Where to begin.
    pub from: NodeId,
    /// Where to arrive.
    pub to: NodeId,
    /// An entity to pass through.
    pub via: Option<NodeId>,
    /// Entities to keep away from.
    pub avoid: Vec<NodeId>,
    /// Whether an entity with many facts is a detour: to come to one with `n` facts costs
    /// 1 + ⌊log₂ n⌋ in place of 1. Not for [`Extent::UpTo`], which counts steps.
    pub avoids_hubs: bool,
    /// Which paths.
    pub extent: Extent,
}

impl PathQuery {
    /// Asks for the shortest paths.
    pub fn new(from: NodeId, to: NodeId) -> Self {
        Self {
            from,
            to,
            via: None,
            avoid: Vec::new(),
            avoids_hubs: false,
            extent: Extent::Shortest,
        }
    }
}

/// Paths that were found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Paths {
    /// The paths, cheapest first. Of equal ones those come first that take fewest facts which are not
    /// so yet, or which somebody only says; then they come in the order of the facts.
    pub paths: Vec<Vec<Step>>,
    /// Whether the search was broken off because there are too many.
    pub is_cut_off: bool,
}

/// Up to `limit` shortest paths from `from` to `to`.
///
/// From an entity to itself there is one path, without steps.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::shortest_paths;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let paths = shortest_paths(&graph, node("measure-visit"), node("city-a"), 5);
/// assert_eq!(paths.len(), 1);
/// assert_eq!(paths[0][0].to, node("treaty-agreement"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn shortest_paths(
    graph: &KnowledgeGraph,
    from: NodeId,
    to: NodeId,
    limit: usize,
) -> Vec<Vec<Step>> {
    let mut paths = paths(graph, &PathQuery::new(from, to)).paths;
    paths.truncate(limit);
    paths
}

/// The paths that `query` asks for.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::{PathQuery, paths};
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let query = PathQuery {
///     via: graph.node("treaty-agreement"),
///     ..PathQuery::new(node("city-a"), node("city-b"))
/// };
/// let found = paths(&graph, &query);
///
/// assert!(!found.is_cut_off);
/// assert!(found.paths.iter().all(|path| path.len() == 2));
/// assert!(!found.paths.is_empty());
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn paths(graph: &KnowledgeGraph, query: &PathQuery) -> Paths {
    match query.via {
        Some(via) if via != query.from && via != query.to => through(graph, query, via),
        _ => direct(graph, query),
    }
}

/// Paths with a first half to `via` and a second that keeps off the first.
fn through(graph: &KnowledgeGraph, query: &PathQuery, via: NodeId) -> Paths {
    let first_extent = match query.extent {
        Extent::UpTo(length) => Extent::UpTo(length.saturating_sub(1)),
        Extent::Shortest | Extent::Best(_) => Extent::Best(MOST_FIRST_HALVES),
    };
    let mut first = query.clone();
    (first.to, first.via, first.extent) = (via, None, first_extent);
    first.avoid.push(query.to);
    let halves = direct(graph, &first);
    let mut found = Paths {
        is_cut_off: halves.is_cut_off,
        ..Paths::default()
    };
    for half in halves.paths {
        let mut second = query.clone();
        (second.from, second.via) = (via, None);
        second.avoid.extend(half.iter().map(|step| step.from));
        if let Extent::UpTo(length) = query.extent {
            second.extent = Extent::UpTo(length.saturating_sub(half.len()));
        }
        let rest = direct(graph, &second);
        found.is_cut_off |= rest.is_cut_off;
        let whole = rest
            .paths
            .into_iter()
            .map(|rest| [half.as_slice(), &rest].concat());
        found.paths.extend(whole);
        if found.paths.len() >= MOST_PATHS {
            found.is_cut_off = true;
            break;
        }
    }
    let cost = |path: &[Step]| -> u32 {
        let costs = path.iter().map(|step| step_cost(graph, query, step.to));
        costs.sum()
    };
    found
        .paths
        .sort_by_cached_key(|path| (cost(path), reservations(path)));
    match query.extent {
        Extent::Shortest => {
            let least = found.paths.first().map(|path| cost(path));
            found.paths.retain(|path| Some(cost(path)) == least);
        }
        Extent::Best(count) => found.paths.truncate(count),
        Extent::UpTo(_) => {}
    }
    found
}

fn direct(graph: &KnowledgeGraph, query: &PathQuery) -> Paths {
    if query.avoid.contains(&query.from) || query.avoid.contains(&query.to) {
        return Paths::default();
    }
    let remaining = match query.extent {
        Extent::Shortest if !query.avoids_hubs => meet(graph, query),
        _ => costs_to_goal(graph, query),
    };
    let least = remaining[query.from.index()];
    if least == UNREACHED {
        return Paths::default();
    }
    let mut search = Search {
        graph,
        query,
        remaining,
        is_on_path: vec![false; graph.node_count()],
        steps: Vec::new(),
        found: Vec::new(),
        most: MOST_PATHS,
        tries: 0,
        was_pruned: false,
    };
    let mut found = Vec::new();
    let (most_cost, wanted) = match query.extent {
        Extent::Shortest => (least, usize::MAX),
        Extent::Best(count) => (UNREACHED, count),
        Extent::UpTo(length) => (u32::try_from(length).unwrap_or(UNREACHED), usize::MAX),
    };
    // All paths of one cost after the other.
    for budget in least..=most_cost {
        search.was_pruned = false;
        search.collect(budget);
        search.found.sort_by_key(|path| reservations(path));
        found.append(&mut search.found);
        search.most = MOST_PATHS.saturating_sub(found.len());
        if found.len() >= wanted || !search.was_pruned || search.is_exhausted() {
            break;
        }
    }
    if let Extent::Best(count) = query.extent {
        found.truncate(count);
    }
    Paths {
        is_cut_off: search.is_exhausted() && found.len() < wanted,
        paths: found,
    }
}

/// How many of the facts are not so yet, or are only said to be.
fn reservations(path: &[Step]) -> usize {
    let doubtful = path.iter().filter(|step| !step.edge.status.is_factual());
    doubtful.count()
}

/// What it costs to come to `node`.
fn step_cost(graph: &KnowledgeGraph, query: &PathQuery, node: NodeId) -> u32 {
    if query.avoids_hubs && node != query.to {
        1 + graph.degree(node).max(1).ilog2()
    } else {
        1
    }
}

fn around(graph: &KnowledgeGraph, node: NodeId) -> impl Iterator<Item = Neighbor> {
    incident(graph, node, Direction::Both)
}

/// What it costs to get from each entity to the goal (Dijkstra's algorithm, from the goal).
fn costs_to_goal(graph: &KnowledgeGraph, query: &PathQuery) -> Vec<u32> {
    let most = match query.extent {
        Extent::UpTo(length) => u32::try_from(length).unwrap_or(UNREACHED),
        Extent::Shortest | Extent::Best(_) => UNREACHED,
    };
    let mut costs = vec![UNREACHED; graph.node_count()];
    let mut is_avoided = vec![false; graph.node_count()];
    for node in &query.avoid {
        is_avoided[node.index()] = true;
    }
    costs[query.to.index()] = 0;
    let mut queue = BinaryHeap::from([Reverse((0, query.to))]);
    while let Some(Reverse((cost, node))) = queue.pop() {
        if cost > costs[node.index()] {
            continue;
        }
        if node == query.from && query.extent == Extent::Shortest {
            break;
        }
        let next_cost = cost.saturating_add(step_cost(graph, query, node));
        if next_cost > most {
            continue;
        }
        for neighbor in around(graph, node) {
            let at = neighbor.node.index();
            if next_cost < costs[at] && !is_avoided[at] {
                costs[at] = next_cost;
                queue.push(Reverse((next_cost, neighbor.node)));
            }
        }
    }
    costs
}

/// The number of steps to the goal from each entity on a shortest path, and only from these: both
/// ends are searched by breadth, always the smaller side, until they meet.
fn meet(graph: &KnowledgeGraph, query: &PathQuery) -> Vec<u32> {
    let mut remaining = vec![UNREACHED; graph.node_count()];
    if query.from == query.to {
        remaining[query.to.index()] = 0;
        return remaining;
    }
    let mut front = Front::new(graph, query.from, &query.avoid);
    let mut back = Front::new(graph, query.to, &query.avoid);
    let between = loop {
        if front.outermost.is_empty() || back.outermost.is_empty() {
            return remaining;
        }
        let is_met = if front.outermost.len() <= back.outermost.len() {
            front.advance(graph, &back)
        } else {
            back.advance(graph, &front)
        };
        if is_met {
            break front.depth + back.depth;
        }
    };
    // Where they meet is the outermost ring of both; from there back to each end.
    let mut ring: Vec<NodeId> = front
        .outermost
        .iter()
        .copied()
        .filter(|node| back.depths[node.index()] == back.depth)
        .collect();
    for node in &ring {
        remaining[node.index()] = back.depth;
    }
    let middle = ring.clone();
    for depth in (0..front.depth).rev() {
        ring = inner_ring(graph, &ring, &front, depth, between - depth, &mut remaining);
    }
    ring = middle;
    for depth in (0..back.depth).rev() {
        ring = inner_ring(graph, &ring, &back, depth, depth, &mut remaining);
    }
    remaining
}

/// Neighbours of `ring` that are `depth` steps from the end of `front`; each is `steps` from the goal.
fn inner_ring(
    graph: &KnowledgeGraph,
    ring: &[NodeId],
    front: &Front,
    depth: u32,
    steps: u32,
    remaining: &mut [u32],
) -> Vec<NodeId> {
    let mut inner = Vec::new();
    for node in ring {
        for neighbor in around(graph, *node) {
            let at = neighbor.node.index();
            if front.depths[at] == depth && remaining[at] == UNREACHED {
                remaining[at] = steps;
                inner.push(neighbor.node);
            }
        }
    }
    inner
}

/// What was reached from one end.
struct Front {
    depths: Vec<u32>,
    outermost: Vec<NodeId>,
    depth: u32,
}

impl Front {
    /// Depth of what is avoided, so that it is never reached.
    const AVOIDED: u32 = UNREACHED - 1;

    fn new(graph: &KnowledgeGraph, start: NodeId, avoid: &[NodeId]) -> Self {
        let mut depths = vec![UNREACHED; graph.node_count()];
        for node in avoid {
            depths[node.index()] = Self::AVOIDED;
        }
        depths[start.index()] = 0;
        Self {
            depths,
            outermost: vec![start],
            depth: 0,
        }
    }

    /// Goes one step farther; says whether the other side's outermost ring was reached.
    fn advance(&mut self, graph: &KnowledgeGraph, other: &Self) -> bool {
        self.depth += 1;
        let mut next = Vec::new();
        let mut is_met = false;
        for node in &self.outermost {
            for neighbor in around(graph, *node) {
                let at = neighbor.node.index();
                if self.depths[at] == UNREACHED {
                    self.depths[at] = self.depth;
                    is_met |= other.depths[at] == other.depth;
                    next.push(neighbor.node);
                }
            }
        }
        self.outermost = next;
        is_met
    }
}

/// Walks towards the goal, never where what remains would cost more than is left.
struct Search<'q> {
    graph: &'q KnowledgeGraph,
    query: &'q PathQuery,
    remaining: Vec<u32>,
    is_on_path: Vec<bool>,
    steps: Vec<Step>,
    found: Vec<Vec<Step>>,
    most: usize,
    tries: usize,
    /// Whether some way was not followed because it costs too much.
    was_pruned: bool,
}

impl Search<'_> {
    fn is_exhausted(&self) -> bool {
        self.found.len() >= self.most || self.tries >= MOST_TRIES
    }

    /// Collects the paths that cost just `budget`.
    fn collect(&mut self, budget: u32) {
        let (graph, query) = (self.graph, self.query);
        if query.from == query.to {
            self.found.extend((budget == 0).then(Vec::new));
            return;
        }
        self.is_on_path[query.from.index()] = true;
        // What a recursive function would keep on its stack, which long paths would overflow.
        let mut walk = vec![(query.from, budget, around(graph, query.from))];
        while let Some((node, budget, facts)) = walk.last_mut() {
            let (node, budget) = (*node, *budget);
            let Some(neighbor) = facts.next().filter(|_| !self.is_exhausted()) else {
                self.is_on_path[node.index()] = false;
                self.steps.pop();
                walk.pop();
                continue;
            };
            self.tries += 1;
            let next = neighbor.node;
            let remaining = self.remaining[next.index()];
            if self.is_on_path[next.index()] || remaining == UNREACHED {
                continue;
            }
            let left = budget.checked_sub(step_cost(graph, query, next));
            let Some(left) = left.filter(|left| *left >= remaining) else {
                self.was_pruned = true;
                continue;
            };
            self.steps.push(Step {
                from: node,
                to: next,
                edge: neighbor.edge,
            });
            if next != query.to {
                self.is_on_path[next.index()] = true;
                walk.push((next, left, around(graph, next)));
                continue;
            }
            if left == 0 {
                self.found.push(self.steps.clone());
            }
            self.steps.pop();
        }
    }
}
