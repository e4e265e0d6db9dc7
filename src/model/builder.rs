//! Putting a [`KnowledgeGraph`] together.

use std::collections::BTreeMap;
use std::ops::Range;

use petgraph::graph::NodeIndex;
use string_interner::{DefaultBackend, DefaultSymbol, StringInterner};

use super::{
    Article, EdgeWeight, KnowledgeGraph, Literal, NameEntry, NameKind, NodeId, NodeWeight, Passage,
    Project, Provenance, ProvenanceId, SourceDocument, Status, Value,
};
use crate::schema::{ClassId, LangText, Schema, SlotId};

/// Collects nodes and facts in any order; [`finish`](Self::finish) puts them in the one order that
/// a [`KnowledgeGraph`] has. The [`NodeId`]s it gives out are good for calls to it only.
#[derive(Debug)]
pub struct GraphBuilder {
    project: Project,
    schema: Schema,
    strings: StringInterner<DefaultBackend>,
    nodes: Vec<NodeWeight>,
    names: Vec<(NodeId, NameEntry)>,
    literals: Vec<(NodeId, Literal)>,
    edges: Vec<(NodeId, NodeId, EdgeWeight)>,
    provenance: Vec<Provenance>,
    sources: BTreeMap<NodeId, SourceDocument>,
    articles: BTreeMap<NodeId, Article>,
}

impl GraphBuilder {
    /// An empty graph of `project` with `schema`.
    pub fn new(project: Project, schema: Schema) -> Self {
        Self {
            project,
            schema,
            strings: StringInterner::new(),
            nodes: Vec::new(),
            names: Vec::new(),
            literals: Vec::new(),
            edges: Vec::new(),
            provenance: Vec::new(),
            sources: BTreeMap::new(),
            articles: BTreeMap::new(),
        }
    }

    /// Adds an entity. Its slug must be new; `position` is its one-based place in the ordered list
    /// that defines it.
    pub fn add_node(&mut self, slug: &str, class: ClassId, position: Option<u16>) -> NodeId {
        let slug = self.strings.get_or_intern(slug);
        self.nodes.push(NodeWeight {
            slug,
            class,
            position: position.unwrap_or(0),
        });
        NodeId(index_of(self.nodes.len() - 1))
    }

    /// Adds a name in one of the project's languages.
    pub fn add_name(
        &mut self,
        node: NodeId,
        kind: NameKind,
        language: &str,
        text: &str,
        article: Option<NodeId>,
        provenance: Option<ProvenanceId>,
    ) {
        let language = self
            .project
            .languages
            .iter()
            .position(|known| known == language)
            .and_then(|at| u8::try_from(at).ok())
            .unwrap_or(u8::MAX);
        let text = self.strings.get_or_intern(text);
        self.names.push((
            node,
            NameEntry {
                text,
                language,
                kind,
                article,
                provenance,
            },
        ));
    }

    /// Says where facts come from, for one or several of them.
    pub fn add_provenance(
        &mut self,
        mut passages: Vec<Passage>,
        wording: Vec<String>,
        inferred: Option<LangText>,
    ) -> ProvenanceId {
        passages.sort_unstable_by_key(|passage| (passage.source, passage.start, passage.end));
        self.provenance.push(Provenance {
            passages,
            wording,
            inferred,
        });
        ProvenanceId(index_of(self.provenance.len() - 1))
    }

    /// Adds a fact between two entities.
    pub fn add_edge(
        &mut self,
        source: NodeId,
        slot: SlotId,
        target: NodeId,
        status: Status,
        provenance: ProvenanceId,
    ) {
        self.edges.push((
            source,
            target,
            EdgeWeight {
                slot,
                status,
                provenance,
            },
        ));
    }

    /// Adds a fact with a literal value.
    pub fn add_literal(
        &mut self,
        node: NodeId,
        slot: SlotId,
        value: Value,
        status: Status,
        provenance: ProvenanceId,
    ) {
        self.literals.push((
            node,
            Literal {
                slot,
                value,
                status,
                provenance,
            },
        ));
    }

    /// Says that the entity is a source document.
    pub fn set_source(&mut self, node: NodeId, document: SourceDocument) {
        self.sources.insert(node, document);
    }

    /// Says that the entity is an article of `source`.
    pub fn set_article(&mut self, node: NodeId, source: NodeId, ranges: Vec<Range<u32>>) {
        self.articles.insert(node, Article { source, ranges });
    }

    /// The graph, in its one order: nodes by slug; names by kind and language; literals and edges
    /// by slot, then as they were added.
    pub fn finish(mut self) -> KnowledgeGraph {
        let new_ids = self.new_ids();
        let renamed = |node: NodeId| new_ids[node.0 as usize];

        let mut topology = petgraph::Graph::with_capacity(self.nodes.len(), self.edges.len());
        let mut weights: Vec<(NodeId, NodeWeight)> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(at, weight)| (renamed(NodeId(index_of(at))), *weight))
            .collect();
        weights.sort_unstable_by_key(|(node, _)| *node);
        for (_, weight) in weights {
            topology.add_node(weight);
        }

        for (source, target, _) in &mut self.edges {
            (*source, *target) = (renamed(*source), renamed(*target));
        }
        self.edges
            .sort_by_key(|(source, _, weight)| (*source, weight.slot));
        for (source, target, weight) in self.edges.iter().rev() {
            topology.add_edge(
                NodeIndex::from(source.0),
                NodeIndex::from(target.0),
                *weight,
            );
        }

        for (node, entry) in &mut self.names {
            *node = renamed(*node);
            entry.article = entry.article.map(renamed);
        }
        self.names
            .sort_by_key(|(node, entry)| (*node, entry.kind, entry.language));
        for (node, _) in &mut self.literals {
            *node = renamed(*node);
        }
        self.literals
            .sort_by_key(|(node, literal)| (*node, literal.slot));
        for passage in self.provenance.iter_mut().flat_map(|it| &mut it.passages) {
            passage.source = renamed(passage.source);
            passage.article = passage.article.map(renamed);
        }

        let count = self.nodes.len();
        KnowledgeGraph {
            name_starts: starts(self.names.iter().map(|(node, _)| *node), count),
            names: self.names.into_iter().map(|(_, entry)| entry).collect(),
            literal_starts: starts(self.literals.iter().map(|(node, _)| *node), count),
            literals: self.literals.into_iter().map(|(_, it)| it).collect(),
            sources: self
                .sources
                .into_iter()
                .map(|(node, it)| (renamed(node), it))
                .collect(),
            articles: self
                .articles
                .into_iter()
                .map(|(node, it)| {
                    let source = renamed(it.source);
                    (renamed(node), Article { source, ..it })
                })
                .collect(),
            project: self.project,
            schema: self.schema,
            topology,
            strings: self.strings,
            provenance: self.provenance,
        }
    }

    /// For each node as it was added, its place in the order of the slugs.
    fn new_ids(&self) -> Vec<NodeId> {
        let slug = |symbol: DefaultSymbol| self.strings.resolve(symbol).unwrap_or("");
        // Most slugs differ in their first bytes, which need no second look into the text.
        let mut order: Vec<(u64, &str, u32)> = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            let slug = slug(node.slug);
            order.push((first_bytes(slug), slug, index_of(at)));
        }
        order.sort_unstable();
        let mut new_ids = vec![NodeId(0); order.len()];
        for (new, (_, _, old)) in order.into_iter().enumerate() {
            new_ids[old as usize] = NodeId(index_of(new));
        }
        new_ids
    }
}

/// The first eight bytes as a number that has their order.
fn first_bytes(text: &str) -> u64 {
    let mut first = [0; 8];
    for (place, byte) in first.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(first)
}

/// A place in a list as 32 bits; longer lists do not fit a graph with 32-bit indices.
fn index_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Where each node's stretch of a table begins that is sorted by node, and where the last ends.
fn starts(owners: impl Iterator<Item = NodeId>, count: usize) -> Vec<u32> {
    let mut starts = vec![0; count + 1];
    for owner in owners {
        starts[owner.0 as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}
