//! Blank nodes by what they hold: two with the same triples below them get the same label, in
//! whichever file they stand and whatever they are called there.
//!
//! Canonical numbers would not do: one change gives every blank node after it another number.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{GraphName, NamedOrBlankNode, Quad, Term};
use sha2::{Digest, Sha256};

use super::graph::BlankLabels;

/// A blank node: the side that it is on, and its name there.
type Id<'q> = (usize, &'q str);

/// What a blank node holds: a quad of which it is the subject, or one in the graph that it names.
struct Arc<'q> {
    /// The quad, without its blank nodes.
    text: String,
    /// Its other blank nodes.
    to: Vec<Id<'q>>,
}

/// Labels for the blank nodes of both sides.
pub(super) fn labels(sides: [&[Quad]; 2]) -> [BlankLabels; 2] {
    let mut arcs: BTreeMap<Id<'_>, Vec<Arc<'_>>> = BTreeMap::new();
    for (side, quads) in sides.into_iter().enumerate() {
        for quad in quads {
            note(&mut arcs, side, quad);
        }
    }
    let mut labels = acyclic(&arcs);
    refine(&arcs, &mut labels);
    let mut found = [BlankLabels::new(), BlankLabels::new()];
    for ((side, id), label) in labels {
        found[side].insert(id.to_owned(), label);
    }
    found
}

fn note<'q>(arcs: &mut BTreeMap<Id<'q>, Vec<Arc<'q>>>, side: usize, quad: &'q Quad) {
    let (graph, named) = match &quad.graph_name {
        GraphName::BlankNode(node) => ("_".to_owned(), Some((side, node.as_str()))),
        graph => (graph.to_string(), None),
    };
    let (subject, from) = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => ("_".to_owned(), Some((side, node.as_str()))),
        subject @ NamedOrBlankNode::NamedNode(_) => (subject.to_string(), None),
    };
    let (object, to) = match &quad.object {
        Term::BlankNode(node) => ("_".to_owned(), Some((side, node.as_str()))),
        Term::Literal(literal) => match literal.language() {
            Some(tag) => (
                format!("{}@{}", literal.value(), tag.to_ascii_lowercase()),
                None,
            ),
            None => (literal.to_string(), None),
        },
        object @ (Term::NamedNode(_) | Term::Triple(_)) => (object.to_string(), None),
    };
    for node in [named, from, to].into_iter().flatten() {
        arcs.entry(node).or_default();
    }
    let predicate = &quad.predicate;
    if let Some(from) = from {
        arcs.entry(from).or_default().push(Arc {
            text: format!("{graph} {predicate} {object}"),
            to: to.into_iter().collect(),
        });
    }
    if let Some(named) = named {
        arcs.entry(named).or_default().push(Arc {
            text: format!("holds {subject} {predicate} {object}"),
            to: from.into_iter().chain(to).collect(),
        });
    }
}

/// Labels of the nodes from which no cycle can be reached, leaves first.
fn acyclic<'q>(arcs: &BTreeMap<Id<'q>, Vec<Arc<'q>>>) -> BTreeMap<Id<'q>, String> {
    let mut waiting: BTreeMap<Id<'q>, usize> = BTreeMap::new();
    let mut above: BTreeMap<Id<'q>, Vec<Id<'q>>> = BTreeMap::new();
    for (from, out) in arcs {
        waiting.insert(*from, out.iter().map(|arc| arc.to.len()).sum());
        for to in out.iter().flat_map(|arc| &arc.to) {
            above.entry(*to).or_default().push(*from);
        }
    }
    let mut ready: Vec<Id<'q>> = waiting
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(id, _)| *id)
        .collect();
    let mut labels = BTreeMap::new();
    while let Some(id) = ready.pop() {
        labels.insert(id, digest(&arcs[&id], &labels));
        for from in above.get(&id).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(from) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*from);
                }
            }
        }
    }
    labels
}

/// Labels of the others: told apart by their neighbours' labels until that tells no more of them
/// apart, on both sides at once, so that labels mean the same on both.
fn refine<'q>(arcs: &BTreeMap<Id<'q>, Vec<Arc<'q>>>, labels: &mut BTreeMap<Id<'q>, String>) {
    let cyclic: Vec<Id<'q>> = arcs
        .keys()
        .filter(|id| !labels.contains_key(*id))
        .copied()
        .collect();
    let mut kinds = 0;
    loop {
        let next: Vec<(Id<'q>, String)> = cyclic
            .iter()
            .map(|id| (*id, digest(&arcs[id], labels)))
            .collect();
        let distinct: BTreeSet<&String> = next.iter().map(|(_, label)| label).collect();
        let count = distinct.len();
        labels.extend(next);
        if count <= kinds {
            return;
        }
        kinds = count;
    }
}

fn digest(arcs: &[Arc<'_>], labels: &BTreeMap<Id<'_>, String>) -> String {
    hash(arcs.iter().map(|arc| {
        let known = |to| labels.get(to).map_or("", String::as_str);
        let to: Vec<&str> = arc.to.iter().map(known).collect();
        format!("{} {}", arc.text, to.join(" "))
    }))
}

/// First digits of the SHA-256 of the lines, sorted, each once.
fn hash(lines: impl Iterator<Item = String>) -> String {
    let lines: BTreeSet<String> = lines.collect();
    let mut sha = Sha256::new();
    for line in lines {
        sha.update(line.len().to_be_bytes());
        sha.update(line.as_bytes());
    }
    let digest = sha.finalize();
    digest.iter().take(16).fold(String::new(), |mut hex, byte| {
        for digit in [byte >> 4, byte & 0xF] {
            hex.extend(char::from_digit(u32::from(digit), 16));
        }
        hex
    })
}

/// How many blank nodes go by each label.
pub(super) fn copies(labels: &BlankLabels) -> BTreeMap<&str, usize> {
    let mut copies = BTreeMap::new();
    for label in labels.values() {
        *copies.entry(label.as_str()).or_insert(0) += 1;
    }
    copies
}
