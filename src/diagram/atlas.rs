//! A part that is too large for one figure: an overview, and one figure for each hub.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::FigureError;
use super::draw::{Drawer, check_size, part_figure};
use super::figure::{Cluster, Detail, Edge, Figure};
use super::select::{Part, Selector};
use super::word::identifier;
use crate::model::{KnowledgeGraph, NodeId};
use crate::view::View;

/// The nodes that one figure is about.
struct Region {
    hub: NodeId,
    nodes: BTreeSet<NodeId>,
}

/// The overview, then a figure for each hub. Every node is at home in one figure; where it stands
/// in another as a neighbour, it is in a box that links to its own.
pub(super) fn atlas(graph: &KnowledgeGraph, view: &View) -> Result<Vec<Figure>, FigureError> {
    let part = Selector::new(graph, view)?.part();
    check_size(
        &View {
            most_nodes: usize::MAX,
            ..view.clone()
        },
        part.nodes.len(),
    )?;
    let neighbors = neighbors(&part);
    // Room is left for neighbours.
    let regions = regions(&part, &neighbors, (view.most_nodes * 2 / 3).max(1));
    let home: BTreeMap<NodeId, usize> = regions
        .iter()
        .enumerate()
        .flat_map(|(place, region)| region.nodes.iter().map(move |node| (*node, place)))
        .collect();
    let names: Vec<String> = regions
        .iter()
        .map(|region| identifier(&format!("{}.{}", view.name, graph.slug(region.hub))))
        .collect();
    let mut figures = vec![overview(graph, view, &part, &regions, &home, &names)?];
    for (place, region) in regions.iter().enumerate() {
        let figure = region_figure(graph, view, &part, region, &neighbors)?;
        figures.push(with_home_links(
            figure, graph, &regions, &home, &names, place,
        ));
    }
    Ok(figures)
}

fn neighbors(part: &Part) -> BTreeMap<NodeId, BTreeSet<NodeId>> {
    let mut neighbors: BTreeMap<NodeId, BTreeSet<NodeId>> = BTreeMap::new();
    for link in &part.links {
        neighbors
            .entry(link.source)
            .or_default()
            .insert(link.target);
        neighbors
            .entry(link.target)
            .or_default()
            .insert(link.source);
    }
    neighbors
}

/// Cuts a spanning tree of each component into pieces of up to `most` nodes, from its leaves up; what
/// is left of small components is put together. A region's hub is its node with most neighbours.
fn regions(
    part: &Part,
    neighbors: &BTreeMap<NodeId, BTreeSet<NodeId>>,
    most: usize,
) -> Vec<Region> {
    let degree = |node: &NodeId| neighbors.get(node).map_or(0, BTreeSet::len);
    let mut pieces: Vec<Vec<NodeId>> = Vec::new();
    let mut rest: Vec<NodeId> = Vec::new();
    let mut left = part.nodes.clone();
    while let Some(root) = left
        .iter()
        .copied()
        .max_by_key(|it| (degree(it), Reverse(*it)))
    {
        let tree = spanning_tree(root, neighbors, &mut left);
        let mut below: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        // Every node comes before its parent.
        for (node, parent) in tree.into_iter().rev() {
            let mut piece = below.remove(&node).unwrap_or_default();
            piece.push(node);
            match parent {
                Some(parent) if piece.len() < most.div_ceil(2) => {
                    let siblings = below.entry(parent).or_default();
                    if siblings.len() + piece.len() >= most {
                        pieces.push(std::mem::take(siblings));
                    }
                    siblings.extend(piece);
                }
                Some(_) => pieces.push(piece),
                None => {
                    if rest.len() + piece.len() > most {
                        pieces.push(std::mem::take(&mut rest));
                    }
                    rest.extend(piece);
                }
            }
        }
    }
    pieces.push(rest);
    let hub = |piece: &[NodeId]| {
        piece
            .iter()
            .copied()
            .max_by_key(|it| (degree(it), Reverse(*it)))
    };
    let mut regions: Vec<Region> = pieces
        .into_iter()
        .filter_map(|piece| {
            Some(Region {
                hub: hub(&piece)?,
                nodes: piece.into_iter().collect(),
            })
        })
        .collect();
    regions.sort_by_key(|region| region.hub);
    regions
}

/// The nodes that can be reached from `root`, breadth first, each with the one that it was reached
/// from; they are taken out of `left`.
fn spanning_tree(
    root: NodeId,
    neighbors: &BTreeMap<NodeId, BTreeSet<NodeId>>,
    left: &mut BTreeSet<NodeId>,
) -> Vec<(NodeId, Option<NodeId>)> {
    left.remove(&root);
    let mut tree = vec![(root, None)];
    let mut at = 0;
    while let Some((node, _)) = tree.get(at).copied() {
        for next in neighbors.get(&node).into_iter().flatten() {
            if left.remove(next) {
                tree.push((*next, Some(node)));
            }
        }
        at += 1;
    }
    tree
}

fn overview(
    graph: &KnowledgeGraph,
    view: &View,
    part: &Part,
    regions: &[Region],
    home: &BTreeMap<NodeId, usize>,
    names: &[String],
) -> Result<Figure, FigureError> {
    check_size(view, regions.len())?;
    let drawer = Drawer::new(graph, view);
    let mut figure = drawer.frame();
    for (region, name) in regions.iter().zip(names) {
        let mut node = drawer.entity(region.hub);
        node.link = Some(file(name));
        node.details.push(Detail {
            slot: "entities".to_owned(),
            label: drawer.words.entities.to_owned(),
            value: region.nodes.len().to_string(),
            ..Detail::default()
        });
        figure.nodes.push(node);
    }
    let mut facts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for link in &part.links {
        if let (Some(from), Some(to)) = (home.get(&link.source), home.get(&link.target))
            && from != to
        {
            *facts.entry((*from.min(to), *from.max(to))).or_default() += 1;
        }
    }
    figure.edges = facts
        .into_iter()
        .map(|((source, target), count)| Edge {
            id: format!("{}--{}", figure.nodes[source].id, figure.nodes[target].id),
            source,
            target,
            slot: "facts".to_owned(),
            name: format!("{}: {count}", drawer.words.facts),
            label: count.to_string(),
            is_symmetric: true,
            tooltip: vec![format!("{}: {count}", drawer.words.facts)],
            ..Edge::default()
        })
        .collect();
    drawer.count(&mut figure);
    Ok(figure)
}

/// The region with as many of its neighbours as there is room for.
fn region_figure(
    graph: &KnowledgeGraph,
    view: &View,
    part: &Part,
    region: &Region,
    neighbors: &BTreeMap<NodeId, BTreeSet<NodeId>>,
) -> Result<Figure, FigureError> {
    let mut nodes = region.nodes.clone();
    let around = region
        .nodes
        .iter()
        .filter_map(|node| neighbors.get(node))
        .flatten();
    for node in around {
        if nodes.len() < view.most_nodes {
            nodes.insert(*node);
        }
    }
    let is_within = |link: &&super::select::Link| {
        nodes.contains(&link.source)
            && nodes.contains(&link.target)
            && (region.nodes.contains(&link.source) || region.nodes.contains(&link.target))
    };
    let links = part.links.iter().filter(is_within).cloned().collect();
    let mut own = View {
        groupings: Vec::new(),
        ..view.clone()
    };
    own.name = format!("{}.{}", view.name, graph.slug(region.hub));
    for (language, title) in &mut own.title {
        *title = format!("{title}: {}", graph.label(region.hub, language));
    }
    part_figure(graph, &own, Part { nodes, links })
}

/// Puts neighbours into boxes that link to the figure in which they are at home.
fn with_home_links(
    mut figure: Figure,
    graph: &KnowledgeGraph,
    regions: &[Region],
    home: &BTreeMap<NodeId, usize>,
    names: &[String],
    here: usize,
) -> Figure {
    let mut boxes: BTreeMap<usize, usize> = BTreeMap::new();
    let home_of = |id: &str| graph.node(id).and_then(|node| home.get(&node)).copied();
    let others: BTreeSet<usize> = figure
        .nodes
        .iter()
        .filter_map(|node| home_of(&node.id))
        .filter(|place| *place != here)
        .collect();
    for place in others {
        let hub = regions[place].hub;
        boxes.insert(place, figure.clusters.len());
        figure.clusters.push(Cluster {
            id: graph.slug(hub).to_owned(),
            label: vec![graph.label(hub, &figure.language).to_owned()],
            parent: None,
            link: Some(file(&names[place])),
        });
    }
    for node in &mut figure.nodes {
        node.cluster = home_of(&node.id)
            .and_then(|place| boxes.get(&place))
            .copied();
    }
    figure
}

/// Where a figure of the atlas lies, seen from another.
fn file(name: &str) -> String {
    format!("{name}.svg")
}
