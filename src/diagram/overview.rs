//! One node for each group of entities, and how many facts join the groups.

use std::collections::{BTreeMap, BTreeSet};

use super::FigureError;
use super::cluster::{Key, key};
use super::draw::{Drawer, check_size};
use super::figure::{Detail, Edge, Figure};
use super::select::Selector;
use crate::model::{KnowledgeGraph, NodeId};
use crate::view::{Grouping, View};

/// The groups of a view's first grouping, articles where it has none.
pub(super) fn overview(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    let part = Selector::new(graph, view)?.part();
    let grouping = view.groupings.first().copied().unwrap_or(Grouping::Article);
    let keys: BTreeMap<NodeId, Key> = part
        .nodes
        .iter()
        .filter_map(|node| Some((*node, key(graph, view, grouping, *node)?)))
        .collect();
    let groups: BTreeSet<Key> = keys.values().copied().collect();
    // An entity that others are grouped by is in its own group; what is in no group is not shown.
    let group = |node: NodeId| {
        let own = Some(Key::Entity(node)).filter(|own| groups.contains(own));
        own.or_else(|| keys.get(&node).copied())
    };
    let mut sizes: BTreeMap<Key, usize> = BTreeMap::new();
    for key in part.nodes.iter().filter_map(|node| group(*node)) {
        *sizes.entry(key).or_default() += 1;
    }
    // Which way a fact goes says little here.
    let mut facts: BTreeMap<(Key, Key), usize> = BTreeMap::new();
    for link in &part.links {
        if let (Some(from), Some(to)) = (group(link.source), group(link.target)) {
            *facts.entry((from.min(to), from.max(to))).or_default() += 1;
        }
    }
    let within = |key: Key| facts.get(&(key, key)).copied().unwrap_or_default();
    let drawer = Drawer::new(graph, view);
    check_size(view, sizes.len())?;

    let places: BTreeMap<Key, usize> = sizes.keys().copied().zip(0..).collect();
    let mut figure = drawer.frame();
    figure.nodes = sizes
        .iter()
        .map(|(key, size)| {
            let mut node = match key {
                Key::Entity(entity) => drawer.entity(*entity),
                Key::Class(class) => drawer.class(*class),
            };
            for (slot, label, count) in [
                ("entities", drawer.words.entities, *size),
                ("facts", drawer.words.facts, within(*key)),
            ] {
                node.details.push(Detail {
                    slot: slot.to_owned(),
                    label: label.to_owned(),
                    value: count.to_string(),
                    ..Detail::default()
                });
            }
            node
        })
        .collect();
    figure.edges = facts
        .iter()
        .filter(|((from, to), _)| from != to)
        .filter_map(|((from, to), count)| {
            let (source, target) = (*places.get(from)?, *places.get(to)?);
            let id = |at: usize| figure.nodes.get(at).map(|node| node.id.clone());
            Some(Edge {
                id: format!("{}--{}", id(source)?, id(target)?),
                source,
                target,
                slot: "facts".to_owned(),
                name: format!("{}: {count}", drawer.words.facts),
                label: drawer.edge_label(&count.to_string()),
                is_symmetric: true,
                tooltip: vec![format!("{}: {count}", drawer.words.facts)],
                ..Edge::default()
            })
        })
        .collect();
    drawer.count(&mut figure);
    Ok(figure)
}
