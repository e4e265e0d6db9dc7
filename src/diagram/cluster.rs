//! Which nodes stand in one box.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::{Drawer, link, names};
use super::figure::Cluster;
use super::select::{Link, LinkName, Part, shows_slot};
use crate::model::{Edge, KnowledgeGraph, NodeId};
use crate::schema::{ClassId, Schema};
use crate::view::{Grouping, View};

/// What a group is made by.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Key {
    Entity(NodeId),
    Class(ClassId),
}

/// The group of an entity: keys from the outermost to its own.
type Path = Vec<Key>;

/// The groups of a part's nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Clusters {
    /// Each with the place of its parent, which stands before it.
    pub(super) clusters: Vec<(Key, Option<usize>)>,
    /// The place of each node's cluster.
    pub(super) of_node: BTreeMap<NodeId, usize>,
    /// What the boxes say.
    pub(super) said: Vec<Link>,
}

/// Groups the nodes of `part` as the view says. What a box says already is taken out of it: links
/// from an entity that is a box to what is in it, and the entity itself if nothing else is left of it.
pub(super) fn cluster(graph: &KnowledgeGraph, view: &View, part: &mut Part) -> Clusters {
    let mut paths: BTreeMap<NodeId, Path> = BTreeMap::new();
    for node in &part.nodes {
        let path = path(graph, view, &view.groupings, *node, 0);
        if !path.is_empty() {
            paths.insert(*node, path);
        }
    }
    let links = std::mem::take(&mut part.links).into_iter();
    let (said, links) = links.partition(|link| is_said_by_box(graph.schema(), view, &paths, link));
    part.links = links;
    let linked: BTreeSet<NodeId> = part
        .links
        .iter()
        .flat_map(|link| [link.source, link.target])
        .collect();
    let boxes: BTreeSet<Key> = paths.values().flatten().copied().collect();
    part.nodes
        .retain(|node| linked.contains(node) || !boxes.contains(&Key::Entity(*node)));
    // An entity that is both a box and a node stands in its own box.
    for node in &part.nodes {
        if boxes.contains(&Key::Entity(*node)) {
            paths.entry(*node).or_default().push(Key::Entity(*node));
        }
    }

    let mut clusters = Clusters {
        said,
        ..Clusters::default()
    };
    let used: BTreeSet<Path> = part
        .nodes
        .iter()
        .filter_map(|node| paths.get(node))
        .flat_map(|path| (1..=path.len()).map(|length| path[..length].to_vec()))
        .collect();
    // In the printed order where there is one; a box comes after the box around it.
    let mut used: Vec<Path> = used.into_iter().collect();
    used.sort_by_key(|path| {
        let place = |key: &Key| match key {
            Key::Entity(entity) => graph.position(*entity),
            Key::Class(_) => None,
        };
        path.iter()
            .map(|key| (place(key), *key))
            .collect::<Vec<_>>()
    });
    let mut places: BTreeMap<Path, usize> = BTreeMap::new();
    for path in used {
        if let Some((key, above)) = path.split_last() {
            let parent = places.get(above).copied();
            clusters.clusters.push((*key, parent));
            places.insert(path.clone(), clusters.clusters.len() - 1);
        }
    }
    for node in &part.nodes {
        if let Some(place) = paths.get(node).and_then(|path| places.get(path)) {
            clusters.of_node.insert(*node, *place);
        }
    }
    clusters
}

/// Steps to an entity that a node is grouped by.
const FARTHEST: usize = 5;

/// More boxes within boxes than anybody draws; an end to circles.
const DEEPEST: usize = 8;

/// The boxes around `node` by the last of `groupings` that says one; an entity that is a box is in
/// boxes itself.
fn path(
    graph: &KnowledgeGraph,
    view: &View,
    groupings: &[Grouping],
    node: NodeId,
    depth: usize,
) -> Path {
    let Some((grouping, before)) = groupings.split_last() else {
        return Path::new();
    };
    let Some(key) = key(graph, view, *grouping, node) else {
        return path(graph, view, before, node, depth);
    };
    let mut above = match key {
        Key::Entity(entity) if depth < DEEPEST => {
            path(graph, view, &view.groupings, entity, depth + 1)
        }
        _ => Path::new(),
    };
    if above.is_empty() {
        above = path(graph, view, before, node, depth);
    }
    if !above.contains(&key) {
        above.push(key);
    }
    above
}

/// What `grouping` groups `node` by.
pub(super) fn key(
    graph: &KnowledgeGraph,
    view: &View,
    grouping: Grouping,
    node: NodeId,
) -> Option<Key> {
    let schema = graph.schema();
    let entity = match grouping {
        Grouping::Class => return Some(Key::Class(graph.class(node))),
        Grouping::Article => article(graph, node),
        Grouping::Slot { slot, is_inverse } => {
            let is_of_slot = |edge: &Edge| schema.is_subslot(edge.slot, slot);
            if is_inverse {
                graph
                    .edges_in(node)
                    .find(is_of_slot)
                    .map(|edge| edge.source)
            } else {
                graph
                    .edges_out(node)
                    .find(is_of_slot)
                    .map(|edge| edge.target)
            }
        }
        Grouping::Entity(class) => only(graph, view, node, class),
    };
    entity.filter(|entity| *entity != node).map(Key::Entity)
}

/// The article that says most of an entity; of several the first.
fn article(graph: &KnowledgeGraph, node: NodeId) -> Option<NodeId> {
    let mut counts: BTreeMap<NodeId, usize> = BTreeMap::new();
    let incoming = graph.edges_in(node).map(|edge| edge.provenance);
    let incoming = incoming.flat_map(|id| graph.provenance(id).passages.iter().copied());
    for passage in graph.passages(node).chain(incoming) {
        if let Some(article) = passage.article {
            *counts.entry(article).or_default() += 1;
        }
    }
    let most = counts.values().copied().max()?;
    let first = counts.into_iter().find(|(_, count)| *count == most);
    first.map(|(article, _)| article)
}

/// The one entity of `class` that the facts which the view shows lead to from `node`, in a few steps;
/// what leads to two cities is in neither.
fn only(graph: &KnowledgeGraph, view: &View, node: NodeId, class: ClassId) -> Option<NodeId> {
    let mut found = BTreeSet::new();
    let mut reached = BTreeSet::from([node]);
    for _ in 0..FARTHEST {
        let facts = reached.iter().flat_map(|node| graph.edges_out(*node));
        let facts = facts.filter(|fact| shows_slot(graph.schema(), view, fact.slot));
        reached = facts.map(|fact| fact.target).collect();
        let is_of_class = |node: &&NodeId| graph.schema().is_subclass(graph.class(**node), class);
        found.extend(reached.iter().filter(is_of_class));
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (one, None) => one,
        _ => None,
    }
}

/// Whether a link says no more than that one of its ends is in the box of the other.
fn is_said_by_box(
    schema: &Schema,
    view: &View,
    paths: &BTreeMap<NodeId, Path>,
    link: &Link,
) -> bool {
    let LinkName::Slot(slot) = link.name else {
        return false;
    };
    let has_box = |node, entity| {
        paths
            .get(&node)
            .and_then(|path| path.last())
            .is_some_and(|key| *key == Key::Entity(entity))
    };
    view.groupings.iter().any(|grouping| match grouping {
        Grouping::Slot {
            slot: by,
            is_inverse: false,
        } => schema.is_subslot(slot, *by) && has_box(link.source, link.target),
        Grouping::Slot {
            slot: by,
            is_inverse: true,
        } => schema.is_subslot(slot, *by) && has_box(link.target, link.source),
        Grouping::Entity(_) => has_box(link.source, link.target),
        Grouping::Class | Grouping::Article => false,
    })
}

impl Clusters {
    /// The clusters as they are drawn.
    pub(super) fn to_figure(&self, drawer: &Drawer<'_>) -> Vec<Cluster> {
        let graph = drawer.graph;
        let mut drawn: Vec<Cluster> = Vec::with_capacity(self.clusters.len());
        for (key, parent) in &self.clusters {
            let (own, label, href) = match key {
                Key::Entity(node) => (
                    graph.slug(*node).to_owned(),
                    names(graph, *node, &drawer.languages),
                    link(drawer.view.link.as_deref(), graph.slug(*node)),
                ),
                Key::Class(class) => (
                    format!("class.{}", graph.schema().class(*class).name),
                    drawer.class_names(*class),
                    None,
                ),
            };
            let id = match parent.and_then(|parent| drawn.get(parent)) {
                Some(above) => format!("{}.{own}", above.id),
                None => own,
            };
            drawn.push(Cluster {
                id,
                label,
                parent: *parent,
                link: href,
            });
        }
        drawn
    }
}
