//! One node for each group of entities, and how many facts join the groups.

use std::collections::BTreeMap;

use super::FigureError;
use super::cluster::{Key, key};
use super::draw::{Drawer, check_size};
use super::figure::{Detail, Edge, Figure};
use super::select::Selector;
use crate::model::KnowledgeGraph;
use crate::view::{Grouping, View};

/// The groups of a view's first grouping, articles where it has none.
pub(super) fn overview(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    let part = Selector::new(graph, view)?.part();
    let grouping = view.groupings.first().copied().unwrap_or(Grouping::Article);
    let group = |node| match key(graph, view, grouping, node) {
        // What is in no group is its own.
        None => Key::Entity(node),
        Some(key) => key,
    };
    let mut sizes: BTreeMap<Key, usize> = BTreeMap::new();
    for node in &part.nodes {
        *sizes.entry(group(*node)).or_default() += 1;
    }
    let mut facts: BTreeMap<(Key, Key), usize> = BTreeMap::new();
    for link in &part.links {
        *facts
            .entry((group(link.source), group(link.target)))
            .or_default() += 1;
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
                tooltip: vec![format!("{}: {count}", drawer.words.facts)],
                ..Edge::default()
            })
        })
        .collect();
    drawer.count(&mut figure);
    Ok(figure)
}
