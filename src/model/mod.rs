//! The graph in memory: entities are nodes, facts between entities are edges, literals sit on
//! their node.
//!
//! The shape is made for many edges: topology in a [`petgraph::Graph`] with 32-bit indices and
//! eight bytes an edge, texts in one piece of memory, everything else in side tables.
//! Nodes are numbered in the order of their slugs and edges in the order of their sources, so
//! that every walk over the graph has one order, whatever order it was built in.

mod builder;
mod date;
mod number;
mod texts;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use petgraph::Direction;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

pub use self::builder::GraphBuilder;
pub use self::date::{Date, DateError, Day, Precision};
pub(crate) use self::number::names;
pub use self::number::{Comparator, Decimal, DecimalError, Quantity, Scale};
use self::texts::{TextId, Texts};
use crate::prefix::PrefixMap;
use crate::schema::{ClassId, EnumId, LangText, Schema, SlotId};

/// A node of a [`KnowledgeGraph`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId(pub u32);

impl NodeId {
    /// Its place among the nodes of its graph.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An edge of a [`KnowledgeGraph`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EdgeId(pub u32);

/// Where a fact comes from, shared by the facts that come from the same place.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ProvenanceId(pub u32);

names! {
    /// How far a fact is from being plainly asserted.
    Status {
        /// The source says that it is so.
        Asserted = "asserted",
        /// It is meant to become so.
        Planned = "planned",
        /// A value to be reached.
        Target = "target",
        /// Somebody is obliged to make it so.
        Required = "required",
        /// It is under way.
        Ongoing = "ongoing",
        /// Somebody says so.
        Reported = "reported",
    }
}

impl Status {
    /// Whether the fact may be written as if it were so.
    pub fn is_factual(self) -> bool {
        matches!(self, Self::Asserted | Self::Ongoing)
    }

    /// Whether the fact is still to come.
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::Planned | Self::Target | Self::Required)
    }
}

/// What kind of name a [`Name`] is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NameKind {
    /// The one name that the entity goes by.
    Canonical,
    /// Another name that means this entity everywhere.
    Alias,
    /// A short form that means this entity in one article only.
    Short,
}

/// One name of an entity.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Name<'g> {
    /// The name.
    pub text: &'g str,
    /// Its language tag.
    pub language: &'g str,
    /// What kind of name it is.
    pub kind: NameKind,
    /// The article in which a short form means this entity.
    pub article: Option<NodeId>,
    /// Where the name is printed.
    pub provenance: Option<ProvenanceId>,
}

/// A stretch of a source document: Unicode code points, zero-based, half-open
/// ([RFC 5147](https://www.rfc-editor.org/rfc/rfc5147)).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Passage {
    /// The source document.
    pub source: NodeId,
    /// First code point.
    pub start: u32,
    /// Code point after the last.
    pub end: u32,
    /// The article that the stretch belongs to.
    pub article: Option<NodeId>,
}

/// Where a fact comes from and how it was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Provenance {
    /// The stretches that say so, in the order of the text.
    pub passages: Vec<Passage>,
    /// The printed wordings that stand for the object of the fact.
    pub wording: Vec<String>,
    /// Why the fact follows, where it is not printed.
    pub inferred: Option<LangText>,
}

/// A literal value.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A string without language.
    String(String),
    /// A text in one language.
    Text {
        /// Language tag.
        language: String,
        /// The text.
        text: String,
    },
    /// A whole or decimal number.
    Number(Decimal),
    /// True or false.
    Boolean(bool),
    /// A date.
    Date(Date),
    /// An IRI.
    Iri(String),
    /// A permissible value of an enum: its place in the list.
    Enum(EnumId, u16),
    /// A number with unit, scale, comparator and time.
    Quantity(Box<Quantity>),
}

/// A fact whose value is a literal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Literal {
    /// The slot.
    pub slot: SlotId,
    /// The value.
    pub value: Value,
    /// How far it is from being plainly asserted.
    pub status: Status,
    /// Where it comes from.
    pub provenance: ProvenanceId,
}

/// A fact between two entities.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Edge {
    /// The edge.
    pub id: EdgeId,
    /// Subject.
    pub source: NodeId,
    /// Slot.
    pub slot: SlotId,
    /// Object.
    pub target: NodeId,
    /// How far it is from being plainly asserted.
    pub status: Status,
    /// Where it comes from.
    pub provenance: ProvenanceId,
}

/// Node weight in the topology.
#[derive(Clone, Copy, Debug)]
pub struct NodeWeight {
    slug: TextId,
    class: ClassId,
    /// One-based place in the list that defines the entity, or 0.
    position: u16,
}

/// Edge weight in the topology.
#[derive(Clone, Copy, Debug)]
pub struct EdgeWeight {
    slot: SlotId,
    status: Status,
    provenance: ProvenanceId,
}

#[derive(Clone, Copy, Debug)]
struct NameEntry {
    text: TextId,
    language: u8,
    kind: NameKind,
    article: Option<NodeId>,
    provenance: Option<ProvenanceId>,
}

/// A source document: what identifies the text that positions count in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceDocument {
    /// SHA-256 of the plain text in UTF-8, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Length of the plain text in Unicode code points.
    pub length: u32,
}

/// An article of a source document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Article {
    /// The source document that it stands in.
    pub source: NodeId,
    /// The stretches of it that the article occupies, in code points.
    pub ranges: Vec<Range<u32>>,
}

/// What a graph project says of itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Project {
    /// Names the files that are made from it.
    pub name: String,
    /// Version of the data.
    pub version: String,
    /// An entity's IRI is this and its slug.
    pub base: String,
    /// Own classes and slots live below this IRI.
    pub terms: String,
    /// Language tags, the language of the sources first.
    pub languages: Vec<String>,
    /// IRI of the licence.
    pub license: String,
    /// Title in the project's languages.
    pub title: LangText,
    /// Description in the project's languages.
    pub description: LangText,
    /// Prefixes for CURIEs and for writing.
    pub prefixes: PrefixMap,
    /// What units are called in other languages than that of the sources, by unit; empty where a language has no
    /// word for it, as for measure words.
    pub units: BTreeMap<String, LangText>,
}

/// Entities, facts and where they come from.
#[derive(Clone, Debug)]
pub struct KnowledgeGraph {
    project: Project,
    schema: Schema,
    topology: petgraph::Graph<NodeWeight, EdgeWeight, petgraph::Directed, u32>,
    texts: Texts,
    names: Vec<NameEntry>,
    name_starts: Vec<u32>,
    literals: Vec<Literal>,
    literal_starts: Vec<u32>,
    provenance: Vec<Provenance>,
    sources: BTreeMap<NodeId, SourceDocument>,
    articles: BTreeMap<NodeId, Article>,
}

impl KnowledgeGraph {
    /// What the project says of itself.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Classes, slots and enums.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Number of entities.
    pub fn node_count(&self) -> usize {
        self.topology.node_count()
    }

    /// Number of facts between entities.
    pub fn edge_count(&self) -> usize {
        self.topology.edge_count()
    }

    /// Number of facts with a literal value.
    pub fn literal_count(&self) -> usize {
        self.literals.len()
    }

    /// Number of facts between the entity and others, in either direction.
    pub fn degree(&self, node: NodeId) -> usize {
        self.topology
            .neighbors_undirected(NodeIndex::from(node.0))
            .count()
    }

    /// All entities in the order of their slugs.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.count()).map(NodeId)
    }

    /// The number of nodes as what it is by construction: 32 bits.
    fn count(&self) -> u32 {
        u32::try_from(self.topology.node_count()).unwrap_or(u32::MAX)
    }

    /// The entity called `slug`.
    pub fn node(&self, slug: &str) -> Option<NodeId> {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.slug(NodeId(middle)).cmp(slug) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(NodeId(middle)),
            }
        }
        None
    }

    /// The entity that has this IRI.
    pub fn node_with_iri(&self, iri: &str) -> Option<NodeId> {
        let base = self.project.base.as_str();
        let curie = self.project.prefixes.compact(iri);
        [iri.strip_prefix(base), Some(&curie), Some(iri)]
            .into_iter()
            .flatten()
            .filter_map(|slug| self.node(slug))
            .find(|node| self.iri(*node) == iri)
    }

    /// The last part of the entity's IRI; of one that does not begin with the project's base the
    /// CURIE, else the IRI; of a blank node its label. Only the last three have a colon.
    pub fn slug(&self, node: NodeId) -> &str {
        self.texts.get(self.weight(node).slug)
    }

    /// The entity's IRI; of a blank node its label.
    pub fn iri(&self, node: NodeId) -> String {
        let slug = self.slug(node);
        if slug.contains(':') {
            match self.project.prefixes.expand(slug) {
                Ok(iri) => iri.into_owned(),
                Err(_) => slug.to_owned(),
            }
        } else {
            [&self.project.base, slug].concat()
        }
    }

    /// The entity's class.
    pub fn class(&self, node: NodeId) -> ClassId {
        self.weight(node).class
    }

    /// Its one-based place in the ordered list that defines it, if there is one.
    pub fn position(&self, node: NodeId) -> Option<u16> {
        Some(self.weight(node).position).filter(|position| *position > 0)
    }

    fn weight(&self, node: NodeId) -> NodeWeight {
        self.topology[NodeIndex::from(node.0)]
    }

    /// Names of the entity: canonical ones, aliases, short forms; each in the order of the
    /// project's languages.
    pub fn names(&self, node: NodeId) -> impl Iterator<Item = Name<'_>> {
        self.names[stretch(&self.name_starts, node)]
            .iter()
            .map(|entry| Name {
                text: self.texts.get(entry.text),
                language: self
                    .project
                    .languages
                    .get(usize::from(entry.language))
                    .map_or("", String::as_str),
                kind: entry.kind,
                article: entry.article,
                provenance: entry.provenance,
            })
    }

    /// The canonical name in `language`, else in the first language that has one, else the slug.
    pub fn label(&self, node: NodeId, language: &str) -> &str {
        let mut first = None;
        for name in self
            .names(node)
            .filter(|name| name.kind == NameKind::Canonical)
        {
            if name.language == language {
                return name.text;
            }
            first = first.or(Some(name.text));
        }
        first.unwrap_or_else(|| self.slug(node))
    }

    /// Facts of the entity with a literal value, in the order of the slots.
    pub fn literals(&self, node: NodeId) -> &[Literal] {
        &self.literals[stretch(&self.literal_starts, node)]
    }

    /// Facts of which the entity is the subject, in the order of the slots, then as written.
    pub fn edges_out(&self, node: NodeId) -> impl Iterator<Item = Edge> {
        self.edges_directed(node, Direction::Outgoing)
    }

    /// Facts of which the entity is the object, in the order of subjects and slots.
    pub fn edges_in(&self, node: NodeId) -> impl Iterator<Item = Edge> {
        self.edges_directed(node, Direction::Incoming)
    }

    fn edges_directed(&self, node: NodeId, direction: Direction) -> impl Iterator<Item = Edge> {
        self.topology
            .edges_directed(NodeIndex::from(node.0), direction)
            .map(|edge| to_edge(edge.id(), edge.source(), edge.target(), *edge.weight()))
    }

    /// All facts between entities, in the order of subjects and slots.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        self.topology
            .edge_references()
            .rev()
            .map(|edge| to_edge(edge.id(), edge.source(), edge.target(), *edge.weight()))
    }

    /// Where a fact comes from.
    pub fn provenance(&self, id: ProvenanceId) -> &Provenance {
        &self.provenance[id.0 as usize]
    }

    /// Every stretch that a name or fact of the entity comes from, as often as it does.
    pub fn passages(&self, node: NodeId) -> impl Iterator<Item = Passage> {
        let names = self.names(node).filter_map(|name| name.provenance);
        let literals = self.literals(node).iter().map(|literal| literal.provenance);
        let edges = self.edges_out(node).map(|edge| edge.provenance);
        let provenance = names.chain(literals).chain(edges);
        provenance.flat_map(|id| self.provenance(id).passages.iter().copied())
    }

    /// Source documents.
    pub fn sources(&self) -> &BTreeMap<NodeId, SourceDocument> {
        &self.sources
    }

    /// Articles.
    pub fn articles(&self) -> &BTreeMap<NodeId, Article> {
        &self.articles
    }

    /// Whether the fact stands as a plain edge: it is so, or its slot speaks of plans itself.
    pub fn is_plain(&self, slot: SlotId, status: Status) -> bool {
        status.is_factual() || self.schema.slot(slot).is_prospective
    }

    /// The topology, for algorithms of petgraph. A node's index is its [`NodeId`]; edges are
    /// stored last first, so that petgraph's walks, which begin with the newest, come in order.
    pub fn as_petgraph(&self) -> &petgraph::Graph<NodeWeight, EdgeWeight, petgraph::Directed, u32> {
        &self.topology
    }
}

fn to_edge(
    id: EdgeIndex<u32>,
    source: NodeIndex<u32>,
    target: NodeIndex<u32>,
    weight: EdgeWeight,
) -> Edge {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the graph's indices are 32 bits wide"
    )]
    let narrow = |index: usize| index as u32;
    Edge {
        id: EdgeId(narrow(id.index())),
        source: NodeId(narrow(source.index())),
        target: NodeId(narrow(target.index())),
        slot: weight.slot,
        status: weight.status,
        provenance: weight.provenance,
    }
}

/// A place in a list as 32 bits; longer lists do not fit a graph with 32-bit indices.
fn index_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The part of a side table that belongs to `node`.
fn stretch(starts: &[u32], node: NodeId) -> Range<usize> {
    let at = node.0 as usize;
    starts[at] as usize..starts[at + 1] as usize
}
