//! Whether blank nodes that hold the same are linked in the same way on both sides.
//!
//! Canonical labels would tell, but finding them takes as many steps as there are orders of the
//! blank nodes in the worst case; here two graphs are matched, and steps are counted.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{GraphName, NamedOrBlankNode, Quad, Term};

/// Steps before it is given up.
const MOST_STEPS: usize = 20_000_000;

/// Subject, object or graph of a quad: the number of a text or of a blank node.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part {
    Text(usize),
    Node(usize),
    Itself,
}

/// A quad as one of its blank nodes sees it.
type Link = (usize, [Part; 3]);

/// The blank nodes of both sides.
#[derive(Default)]
struct Net {
    texts: BTreeMap<String, usize>,
    /// Side of each blank node.
    sides: Vec<usize>,
    /// Quads of each blank node: predicate and parts.
    links: Vec<Vec<Link>>,
}

/// Whether the quads are the same but for the labels of their blank nodes, given that those
/// without blank nodes are; `None` if that takes too long to find out.
pub(super) fn are_alike(old: &[Quad], new: &[Quad]) -> Option<bool> {
    let distinct =
        |quads: &[Quad]| -> BTreeSet<String> { quads.iter().map(ToString::to_string).collect() };
    if distinct(old) == distinct(new) {
        return Some(true);
    }
    let net = Net::new([old, new]);
    let mut steps = MOST_STEPS;
    let all: Vec<usize> = (0..net.sides.len()).collect();
    let mut colours = vec![0; all.len()];
    net.refine(&all, &mut colours, &mut steps)?;
    let mut kinds: BTreeMap<Vec<usize>, [Vec<Vec<usize>>; 2]> = BTreeMap::new();
    for component in net.components() {
        let mut kind: Vec<usize> = component.iter().map(|node| colours[*node]).collect();
        kind.sort_unstable();
        let side = net.sides[component[0]];
        kinds.entry(kind).or_default()[side].push(component);
    }
    for (kind, [old, mut new]) in kinds {
        if old.len() != new.len() {
            return Some(false);
        }
        if kind.windows(2).all(|pair| pair[0] != pair[1]) {
            continue;
        }
        for one in old {
            let mut found = None;
            for (at, other) in new.iter().enumerate() {
                let nodes: Vec<usize> = one.iter().chain(other).copied().collect();
                if net.matches(&nodes, colours.clone(), &mut steps)? {
                    found = Some(at);
                    break;
                }
            }
            match found {
                Some(at) => drop(new.swap_remove(at)),
                None => return Some(false),
            }
        }
    }
    Some(true)
}

impl Net {
    fn new(sides: [&[Quad]; 2]) -> Self {
        let mut net = Self::default();
        for (side, quads) in sides.into_iter().enumerate() {
            let mut nodes = BTreeMap::new();
            let quads: BTreeSet<Link> = quads
                .iter()
                .map(|quad| net.quad(side, quad, &mut nodes))
                .collect();
            for (predicate, parts) in quads {
                let seen: BTreeSet<usize> = parts.iter().filter_map(|part| part.node()).collect();
                for node in seen {
                    let parts = parts.map(|part| match part {
                        Part::Node(it) if it == node => Part::Itself,
                        part => part,
                    });
                    net.links[node].push((predicate, parts));
                }
            }
        }
        net
    }

    fn quad<'q>(
        &mut self,
        side: usize,
        quad: &'q Quad,
        nodes: &mut BTreeMap<&'q str, usize>,
    ) -> Link {
        let mut blank = |net: &mut Self, id: &'q str| {
            Part::Node(*nodes.entry(id).or_insert_with(|| {
                net.sides.push(side);
                net.links.push(Vec::new());
                net.sides.len() - 1
            }))
        };
        let subject = match &quad.subject {
            NamedOrBlankNode::BlankNode(node) => blank(self, node.as_str()),
            subject @ NamedOrBlankNode::NamedNode(_) => Part::Text(self.text(subject.to_string())),
        };
        let object = match &quad.object {
            Term::BlankNode(node) => blank(self, node.as_str()),
            Term::Literal(literal) => Part::Text(self.text(match literal.language() {
                Some(tag) => format!("{}@{}", literal.value(), tag.to_ascii_lowercase()),
                None => literal.to_string(),
            })),
            object @ (Term::NamedNode(_) | Term::Triple(_)) => {
                Part::Text(self.text(object.to_string()))
            }
        };
        let graph = match &quad.graph_name {
            GraphName::BlankNode(node) => blank(self, node.as_str()),
            graph => Part::Text(self.text(graph.to_string())),
        };
        let predicate = self.text(quad.predicate.to_string());
        (predicate, [subject, object, graph])
    }

    fn text(&mut self, text: String) -> usize {
        let next = self.texts.len();
        *self.texts.entry(text).or_insert(next)
    }

    /// Blank nodes that are linked with each other, directly or through others.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.sides.len()];
        let mut components = Vec::new();
        for start in 0..self.sides.len() {
            let mut component = Vec::new();
            let mut ready = vec![start];
            while let Some(node) = ready.pop() {
                if !std::mem::replace(&mut seen[node], true) {
                    component.push(node);
                    let parts = self.links[node].iter().flat_map(|(_, parts)| parts);
                    ready.extend(parts.filter_map(|part| part.node()));
                }
            }
            if !component.is_empty() {
                components.push(component);
            }
        }
        components
    }

    /// Gives nodes that are linked differently different colours, until that tells no more apart.
    fn refine(&self, nodes: &[usize], colours: &mut [usize], steps: &mut usize) -> Option<()> {
        let mut kinds = 0;
        loop {
            let mut seen = Vec::with_capacity(nodes.len());
            for node in nodes {
                *steps = steps.checked_sub(1 + self.links[*node].len())?;
                let mut links: Vec<Link> = self.links[*node].clone();
                for (_, parts) in &mut links {
                    for part in parts {
                        if let Part::Node(other) = part {
                            *part = Part::Node(colours[*other]);
                        }
                    }
                }
                links.sort_unstable();
                seen.push((colours[*node], links));
            }
            let numbers: BTreeSet<&(usize, Vec<Link>)> = seen.iter().collect();
            let numbers: BTreeMap<_, usize> = numbers.into_iter().zip(0..).collect();
            for (node, seen) in nodes.iter().zip(&seen) {
                colours[*node] = numbers[seen];
            }
            if numbers.len() <= kinds {
                return Some(());
            }
            kinds = numbers.len();
        }
    }

    /// Whether the nodes of one side can be matched with those of the other.
    fn matches(&self, nodes: &[usize], mut colours: Vec<usize>, steps: &mut usize) -> Option<bool> {
        self.refine(nodes, &mut colours, steps)?;
        let mut kinds: BTreeMap<usize, [Vec<usize>; 2]> = BTreeMap::new();
        for node in nodes {
            kinds.entry(colours[*node]).or_default()[self.sides[*node]].push(*node);
        }
        if kinds.values().any(|[old, new]| old.len() != new.len()) {
            return Some(false);
        }
        let fresh = kinds.len();
        let open = kinds.values().filter(|[old, _]| old.len() > 1);
        let Some([old, new]) = open.min_by_key(|[old, _]| old.len()) else {
            return Some(true);
        };
        if self.are_twins(old) && self.are_twins(new) {
            // Any of these is as good as any other.
            for (at, (one, other)) in old.iter().zip(new).enumerate() {
                colours[*one] = fresh + at;
                colours[*other] = fresh + at;
            }
            return self.matches(nodes, colours, steps);
        }
        for other in new {
            let mut colours = colours.clone();
            colours[old[0]] = fresh;
            colours[*other] = fresh;
            if self.matches(nodes, colours, steps)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether all are linked with the same nodes in the same way.
    fn are_twins(&self, nodes: &[usize]) -> bool {
        let links =
            |node: &usize| -> BTreeSet<Link> { self.links[*node].iter().copied().collect() };
        let first = nodes.first().map(links);
        nodes.iter().all(|node| Some(links(node)) == first)
    }
}

impl Part {
    fn node(self) -> Option<usize> {
        match self {
            Self::Node(node) => Some(node),
            Self::Text(_) | Self::Itself => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use oxrdf::{BlankNode, NamedNode};

    use super::*;

    fn quads(pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<Quad> {
        let predicate = NamedNode::new_unchecked("https://a.example/p");
        let node = |number| BlankNode::new_unchecked(format!("b{number}"));
        let quad = |(one, other)| {
            let (one, other) = (node(one), node(other));
            Quad::new(one, predicate.clone(), other, GraphName::DefaultGraph)
        };
        pairs.into_iter().map(quad).collect()
    }

    fn circle(length: usize, from: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..length).map(move |at| (from + at, from + (at + 1) % length))
    }

    #[test]
    fn circles_are_told_from_each_other() {
        let six = quads(circle(6, 0));
        assert_eq!(are_alike(&six, &quads(circle(6, 10))), Some(true));
        let threes = quads(circle(3, 0).chain(circle(3, 10)));
        assert_eq!(are_alike(&six, &threes), Some(false));
        let other_way = quads(circle(3, 20).chain(circle(3, 4)));
        assert_eq!(are_alike(&threes, &other_way), Some(true));
    }

    #[test]
    fn many_that_are_alike_take_no_time() {
        let all = |from: usize| {
            let nodes = from..from + 12;
            let pairs = nodes
                .clone()
                .flat_map(move |one| nodes.clone().map(move |it| (one, it)));
            quads(pairs.filter(|(one, other)| one != other))
        };
        assert_eq!(are_alike(&all(0), &all(100)), Some(true));
        assert_eq!(are_alike(&all(0), &all(0)[1..]), Some(false));
        let stars = |from: usize| quads((0..300).map(move |at| (from + at % 2, from + 2 + at)));
        assert_eq!(are_alike(&stars(0), &stars(1000)), Some(true));
    }
}
