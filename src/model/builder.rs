//! Putting a [`KnowledgeGraph`] together.

use std::collections::BTreeMap;
use std::ops::Range;

use petgraph::graph::NodeIndex;

use super::{
    Article, EdgeWeight, KnowledgeGraph, Literal, NameEntry, NameKind, NodeId, NodeWeight, Passage,
    Project, Provenance, ProvenanceId, SourceDocument, Status, Texts, Value, index_of, stretch,
};
use crate::schema::{ClassId, LangText, Schema, SlotId};

/// Collects nodes and facts in any order; [`finish`](Self::finish) puts them in the one order that
/// a [`KnowledgeGraph`] has. The [`NodeId`]s it gives out are good for calls to it only.
#[derive(Debug)]
pub struct GraphBuilder {
    project: Project,
    schema: Schema,
    texts: Texts,
    nodes: Vec<NodeWeight>,
    names: Vec<(NodeId, NameEntry)>,
    literals: Vec<(NodeId, Literal)>,
    /// By their subjects: objects and what the edges say.
    edges: Vec<(NodeId, (NodeId, EdgeWeight))>,
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
            texts: Texts::default(),
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
        let slug = self.texts.push(slug);
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
        let text = self.texts.push(text);
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
        let weight = EdgeWeight {
            slot,
            status,
            provenance,
        };
        self.edges.push((source, (target, weight)));
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
        let count = self.nodes.len();
        let order = self.order();
        let mut new_ids = vec![NodeId(0); count];
        for (new, old) in order.iter().enumerate() {
            new_ids[old.index()] = NodeId(index_of(new));
        }
        let renamed = |node: NodeId| new_ids[node.index()];

        let mut topology = petgraph::Graph::with_capacity(count, self.edges.len());
        for old in &order {
            topology.add_node(self.nodes[old.index()]);
        }
        let edge_starts = sort_by_node(&mut self.edges, count, |(_, weight)| weight.slot);
        for old in order.iter().rev() {
            let source = NodeIndex::from(renamed(*old).0);
            for (_, (target, weight)) in self.edges[stretch(&edge_starts, *old)].iter().rev() {
                topology.add_edge(source, NodeIndex::from(renamed(*target).0), *weight);
            }
        }
        drop((self.edges, edge_starts));

        let key = |entry: &NameEntry| (entry.kind, entry.language);
        let old_starts = sort_by_node(&mut self.names, count, key);
        let mut names = Vec::with_capacity(self.names.len());
        let mut name_starts = Vec::with_capacity(count + 1);
        for old in &order {
            name_starts.push(index_of(names.len()));
            for (_, entry) in &self.names[stretch(&old_starts, *old)] {
                let article = entry.article.map(renamed);
                names.push(NameEntry { article, ..*entry });
            }
        }
        name_starts.push(index_of(names.len()));
        drop((self.names, old_starts));

        for (node, _) in &mut self.literals {
            *node = renamed(*node);
        }
        self.literals
            .sort_by_key(|(node, literal)| (*node, literal.slot));
        for passage in self.provenance.iter_mut().flat_map(|it| &mut it.passages) {
            passage.source = renamed(passage.source);
            passage.article = passage.article.map(renamed);
        }

        KnowledgeGraph {
            names,
            name_starts,
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
            texts: self.texts,
            provenance: self.provenance,
        }
    }

    /// The nodes in the order of their slugs.
    fn order(&self) -> Vec<NodeId> {
        // Most slugs differ in their first bytes, which need no second look into the text.
        let mut order: Vec<(u64, &str, NodeId)> = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            let slug = self.texts.get(node.slug);
            order.push((first_bytes(slug), slug, NodeId(index_of(at))));
        }
        order.sort_unstable();
        order.into_iter().map(|(_, _, node)| node).collect()
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

/// Puts what belongs to nodes in the order of the nodes, and of each node in that of `key`; gives where each
/// node's stretch begins. It costs little where the nodes are in order already.
fn sort_by_node<T, K: Ord>(
    items: &mut [(NodeId, T)],
    count: usize,
    key: impl Fn(&T) -> K,
) -> Vec<u32> {
    items.sort_by_key(|(node, _)| *node);
    let starts = starts(items.iter().map(|(node, _)| *node), count);
    for node in (0..index_of(count)).map(NodeId) {
        items[stretch(&starts, node)].sort_by_key(|(_, item)| key(item));
    }
    starts
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
