//! Labels of blank nodes, the same for the same text.

use std::collections::BTreeMap;
use std::io;

use oxrdf::{
    BlankNode, BlankNodeRef, GraphNameRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef,
    Triple, TripleRef,
};

use crate::rdf::TripleSink;

/// Gives labels to nodes that have none: `anon1`, `anon2` and so on, which no other node keeps.
#[derive(Clone, Debug, Default)]
pub(super) struct BlankNodes {
    count: u64,
    /// Those of a parser that gave them random numbers.
    numbered: BTreeMap<u128, u64>,
}

impl BlankNodes {
    const STEM: &str = "anon";

    /// A new label.
    pub(super) fn fresh(&mut self) -> String {
        self.count += 1;
        format!("{}{}", Self::STEM, self.count)
    }

    /// How many were given.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Takes back those that were given since there were `count`.
    pub(super) fn set_count(&mut self, count: u64) {
        self.count = count;
    }

    /// What follows the label that a text gives, so that none is like one of ours.
    pub(super) fn suffix(label: &str) -> &'static str {
        let is_like_ours = label.strip_prefix(Self::STEM).is_some_and(|rest| {
            rest.trim_end_matches('_')
                .bytes()
                .all(|byte| byte.is_ascii_digit())
        });
        if is_like_ours { "_" } else { "" }
    }

    /// A node of a parser, under its label or, where it has a random number, under one of ours.
    pub(super) fn renamed(&mut self, node: BlankNode) -> BlankNode {
        // Random numbers of 128 bits are long; labels such as `b1` are numbers to oxrdf, too.
        let random = node.as_ref().unique_id().filter(|id| id >> 96 != 0);
        if let Some(id) = random {
            let count = &mut self.count;
            let number = self.numbered.entry(id).or_insert_with(|| {
                *count += 1;
                *count
            });
            return BlankNode::new_unchecked(format!("{}{number}", Self::STEM));
        }
        match Self::suffix(node.as_str()) {
            "" => node,
            suffix => BlankNode::new_unchecked(format!("{}{suffix}", node.as_str())),
        }
    }
}

/// Hands on what one of several files says; its blank nodes get an end of their labels that those of no
/// other file have.
#[derive(Debug)]
pub struct OfFile<'s, S: ?Sized> {
    sink: &'s mut S,
    suffix: String,
}

impl<'s, S: TripleSink + ?Sized> OfFile<'s, S> {
    /// Hands on to `sink`; every file has another suffix, made of letters, digits, `-` and dots within.
    pub fn new(sink: &'s mut S, suffix: String) -> Self {
        Self { sink, suffix }
    }

    fn label(&self, node: BlankNodeRef<'_>) -> BlankNode {
        BlankNode::new_unchecked(format!("{}{}", node.as_str(), self.suffix))
    }

    fn own(&self, triple: TripleRef<'_>) -> Triple {
        let subject = match triple.subject {
            NamedOrBlankNodeRef::BlankNode(node) => self.label(node).into(),
            NamedOrBlankNodeRef::NamedNode(node) => NamedOrBlankNode::from(node.into_owned()),
        };
        let object = match triple.object {
            TermRef::BlankNode(node) => self.label(node).into(),
            TermRef::Triple(triple) => Term::from(self.own(triple.as_ref())),
            object => object.into_owned(),
        };
        Triple::new(subject, triple.predicate.into_owned(), object)
    }
}

impl<S: TripleSink + ?Sized> TripleSink for OfFile<'_, S> {
    fn section(&mut self, title: &str) -> io::Result<()> {
        self.sink.section(title)
    }

    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        self.sink.prefix(prefix, namespace)
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        match name {
            GraphNameRef::BlankNode(node) => self.sink.graph(self.label(node).as_ref().into()),
            name => self.sink.graph(name),
        }
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        let has_blank = triple.subject.is_blank_node()
            || matches!(triple.object, TermRef::BlankNode(_) | TermRef::Triple(_));
        if has_blank {
            self.sink.triple(self.own(triple).as_ref())
        } else {
            self.sink.triple(triple)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_of_a_text_becomes_one_of_ours() {
        let mut nodes = BlankNodes::default();
        assert_eq!(nodes.fresh(), "anon1");
        for (label, expected) in [
            ("b1", "b1"),
            ("anon1", "anon1_"),
            ("anon1_", "anon1__"),
            ("anon", "anon_"),
            ("anonym", "anonym"),
        ] {
            let node = nodes.renamed(BlankNode::new_unchecked(label));
            assert_eq!(node.as_str(), expected);
        }
        let random = BlankNode::default();
        assert_eq!(nodes.renamed(random.clone()).as_str(), "anon2");
        assert_eq!(nodes.renamed(BlankNode::default()).as_str(), "anon3");
        assert_eq!(nodes.renamed(random).as_str(), "anon2");
    }
}
