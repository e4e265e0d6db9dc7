//! One side of a comparison: triples in one order, whatever they were read from.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use oxrdf::{GraphName, GraphNameRef, Literal, NamedOrBlankNode, Quad, Term, TripleRef};

use crate::model::KnowledgeGraph;
use crate::prefix::PrefixMap;
use crate::rdf::{
    ProvenanceProfile, QuadReader, RdfError, RdfFormat, TripleSink, as_statement, write_triples,
};
use crate::schema::Schema;
use crate::vocab::{rdf, void};

/// Namespace of VoID.
const VOID: &str = "http://rdfs.org/ns/void#";

/// A graph to compare: a project's, or what an RDF file holds.
#[derive(Clone, Debug)]
pub struct Side {
    pub(super) quads: Vec<Quad>,
    pub(super) schema: Option<Schema>,
    /// Languages of the project, the first one first; none for a file.
    pub(super) languages: Vec<String>,
    pub(super) prefixes: PrefixMap,
}

impl Side {
    /// The graph of a project, as its RDF with reified evidence says it.
    ///
    /// # Errors
    ///
    /// Never for a graph that was loaded; collecting triples does not fail.
    pub fn of_project(graph: &KnowledgeGraph) -> io::Result<Self> {
        struct Collect(Vec<Quad>);

        impl TripleSink for Collect {
            fn section(&mut self, _: &str) -> io::Result<()> {
                Ok(())
            }

            fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
                Ok(())
            }

            fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
                let quad = triple.into_owned().in_graph(GraphName::DefaultGraph);
                self.0.extend(comparable(quad));
                Ok(())
            }
        }

        let mut collect = Collect(Vec::new());
        write_triples(graph, ProvenanceProfile::Reified, &mut collect)?;
        Ok(Self {
            quads: collect.0,
            schema: Some(graph.schema().clone()),
            languages: graph.project().languages.clone(),
            prefixes: graph.project().prefixes.clone(),
        })
    }

    /// The RDF in `bytes`.
    ///
    /// # Errors
    ///
    /// When `bytes` are not of this format.
    pub fn of_rdf(bytes: &[u8], format: RdfFormat) -> Result<Self, RdfError> {
        let mut reader = QuadReader::new(bytes, format);
        let mut quads = Vec::new();
        for quad in reader.by_ref() {
            quads.extend(comparable(quad?));
        }
        Ok(Self {
            quads,
            schema: None,
            languages: Vec::new(),
            prefixes: reader.prefixes(),
        })
    }

    /// Languages of the project, the first one first; none for an RDF file.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }
}

/// What is compared of a quad.
///
/// A reifier of RDF 1.2 is compared as the statement that it stands for, so that both ways of writing
/// evidence are one. VoID's counts are not compared: they follow from all the rest.
fn comparable(quad: Quad) -> Vec<Quad> {
    let is_count = quad.predicate.as_str().starts_with(VOID)
        || (quad.predicate == rdf::TYPE
            && matches!(&quad.object, Term::NamedNode(class) if *class == void::DATASET));
    if is_count {
        return Vec::new();
    }
    as_statement(quad)
}

/// A node of a graph; blank nodes go by what they hold.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Node {
    Iri(String),
    Blank(String),
    Literal {
        value: String,
        /// Language tag in lower case, or nothing.
        language: String,
        datatype: String,
    },
}

impl Node {
    pub(super) fn iri(iri: &str) -> Self {
        Self::Iri(iri.to_owned())
    }

    pub(super) fn as_iri(&self) -> Option<&str> {
        match self {
            Self::Iri(iri) => Some(iri),
            Self::Blank(_) | Self::Literal { .. } => None,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Blank(_))
    }

    /// Language tag of a text, else nothing.
    pub(super) fn language(&self) -> &str {
        match self {
            Self::Literal { language, .. } => language,
            Self::Iri(_) | Self::Blank(_) => "",
        }
    }

    fn of_literal(literal: &Literal) -> Self {
        let language = literal.language().unwrap_or("").to_ascii_lowercase();
        Self::Literal {
            value: literal.value().to_owned(),
            datatype: literal.datatype().as_str().to_owned(),
            language,
        }
    }
}

/// Labels of the blank nodes of one side.
pub(super) type BlankLabels = BTreeMap<String, String>;

fn blank(id: &str, labels: &BlankLabels) -> Node {
    Node::Blank(labels.get(id).cloned().unwrap_or_default())
}

fn object_node(object: &Term, labels: &BlankLabels) -> Node {
    match object {
        Term::NamedNode(node) => Node::iri(node.as_str()),
        Term::BlankNode(node) => blank(node.as_str(), labels),
        Term::Literal(literal) => Node::of_literal(literal),
        Term::Triple(triple) => Node::iri(&triple.to_string()),
    }
}

fn graph_node(graph: &GraphName, labels: &BlankLabels) -> Option<Node> {
    match graph {
        GraphName::DefaultGraph => None,
        GraphName::NamedNode(node) => Some(Node::iri(node.as_str())),
        GraphName::BlankNode(node) => Some(blank(node.as_str(), labels)),
    }
}

/// A triple of [`Triples`].
pub(super) type Triple<'t> = (&'t Node, &'t str, &'t Node);

/// The triples of one graph, by subject and predicate.
#[derive(Clone, Debug, Default)]
pub(super) struct Triples(BTreeMap<Node, BTreeMap<String, BTreeSet<Node>>>);

impl Triples {
    pub(super) fn iter(&self) -> impl Iterator<Item = Triple<'_>> {
        self.0.iter().flat_map(|(subject, slots)| {
            slots.iter().flat_map(move |(predicate, objects)| {
                objects
                    .iter()
                    .map(move |object| (subject, predicate.as_str(), object))
            })
        })
    }

    pub(super) fn subjects(&self) -> impl Iterator<Item = &Node> {
        self.0.keys()
    }

    pub(super) fn has_subject(&self, node: &Node) -> bool {
        self.0.contains_key(node)
    }

    pub(super) fn predicates(&self, subject: &Node) -> impl Iterator<Item = &str> {
        let slots = self.0.get(subject);
        slots
            .into_iter()
            .flat_map(|slots| slots.keys().map(String::as_str))
    }

    pub(super) fn objects(
        &self,
        subject: &Node,
        predicate: &str,
    ) -> impl Iterator<Item = &Node> + use<'_> {
        let objects = self.0.get(subject).and_then(|slots| slots.get(predicate));
        objects.into_iter().flatten()
    }

    /// The object, if there is just one.
    pub(super) fn only(&self, subject: &Node, predicate: &str) -> Option<&Node> {
        let mut objects = self.objects(subject, predicate);
        objects.next().filter(|_| objects.next().is_none())
    }

    pub(super) fn contains(&self, (subject, predicate, object): Triple<'_>) -> bool {
        self.0
            .get(subject)
            .and_then(|slots| slots.get(predicate))
            .is_some_and(|objects| objects.contains(object))
    }

    fn insert(&mut self, subject: Node, predicate: String, object: Node) {
        let slots = self.0.entry(subject).or_default();
        slots.entry(predicate).or_default().insert(object);
    }
}

/// The graphs of one side by name, the default graph under none.
pub(super) fn graphs(side: &Side, labels: &BlankLabels) -> BTreeMap<Option<Node>, Triples> {
    let mut graphs: BTreeMap<Option<Node>, Triples> = BTreeMap::new();
    for quad in &side.quads {
        let subject = match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => Node::iri(node.as_str()),
            NamedOrBlankNode::BlankNode(node) => blank(node.as_str(), labels),
        };
        graphs
            .entry(graph_node(&quad.graph_name, labels))
            .or_default()
            .insert(
                subject,
                quad.predicate.as_str().to_owned(),
                object_node(&quad.object, labels),
            );
    }
    graphs
}
