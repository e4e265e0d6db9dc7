//! Which entity a name means.

use std::collections::BTreeSet;

use crate::model::{KnowledgeGraph, NameKind, NodeId};
use crate::suggest;

/// Most entities that are offered in place of an unknown name.
const SUGGESTIONS: usize = 5;

/// What a name means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Resolution {
    /// One entity.
    Found(NodeId),
    /// Several entities.
    Ambiguous(Vec<NodeId>),
    /// None; these could have been meant.
    Unknown(Vec<NodeId>),
}

/// Finds the entity that `text` names: by slug, IRI or CURIE; by canonical name or alias in any
/// language, where upper and lower case are one; by a short form, if it means one entity only.
pub fn resolve(graph: &KnowledgeGraph, text: &str) -> Resolution {
    let text = text.trim();
    if let Some(node) = by_identifier(graph, text) {
        return Resolution::Found(node);
    }
    let wanted = text.to_lowercase();
    // An exact name beats an alias, an alias beats a short form.
    for kind in [NameKind::Canonical, NameKind::Alias, NameKind::Short] {
        let found: Vec<NodeId> = graph
            .nodes()
            .filter(|node| {
                graph
                    .names(*node)
                    .any(|name| name.kind == kind && name.text.to_lowercase() == wanted)
            })
            .collect();
        match found.as_slice() {
            [] => {}
            [node] => return Resolution::Found(*node),
            _ => return Resolution::Ambiguous(found),
        }
    }
    Resolution::Unknown(suggestions(graph, text))
}

fn by_identifier(graph: &KnowledgeGraph, text: &str) -> Option<NodeId> {
    if let Some(node) = graph.node(text) {
        return Some(node);
    }
    graph.node_with_iri(&graph.project().prefixes.expand(text).ok()?)
}

fn suggestions(graph: &KnowledgeGraph, text: &str) -> Vec<NodeId> {
    let names = graph.nodes().flat_map(|node| {
        graph
            .names(node)
            .map(|name| name.text)
            .chain([graph.slug(node)])
    });
    let names: BTreeSet<&str> = names.collect();
    let mut nodes = Vec::new();
    for near in suggest::ranked(text, names, SUGGESTIONS) {
        let owners = graph.nodes().filter(|node| {
            graph.slug(*node) == near || graph.names(*node).any(|name| name.text == near)
        });
        for node in owners {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
    }
    nodes.truncate(SUGGESTIONS);
    nodes
}
