//! RDF in petgraph: every term a node, every quad an edge.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io::{self, Read};
use std::ops::Range;
use std::rc::Rc;

use oxrdf::{BlankNode, GraphNameRef, QuadRef, Term, TermRef, TripleRef};
use petgraph::Direction;
use petgraph::graph::{Edge, EdgeIndex, Edges, NodeIndex};
use petgraph::visit::EdgeRef as _;
use spareval::{InternalQuad, QueryableDataset};

use crate::model::KnowledgeGraph;
use crate::prefix::PrefixMap;
use crate::rdf::{
    ProvenanceProfile, RdfFormat, TermId, Terms, TripleBatch, TripleSink, write_triples,
};
use crate::stream::{self, OfFile, StreamError};
use crate::table::{Counts, Mapping, Report, TableError, TableSource, number_rows};

/// What the edges of the default graph have in place of a graph's name.
const DEFAULT_GRAPH: TermId = TermId(u32::MAX);

/// Quads that can be numbered.
const MOST_QUADS: usize = u32::MAX as usize - 1;

/// Predicate and graph of a quad.
#[derive(Clone, Copy, Debug)]
struct Label {
    predicate: TermId,
    graph: TermId,
}

type Topology = petgraph::Graph<(), Label, petgraph::Directed, u32>;

/// An RDF dataset that is asked by SPARQL.
///
/// A term is a node, whose index is the term's number; a quad is an edge from subject to object. Edges
/// stand in the order of predicate, subject, object and graph, so that those of a predicate, and of a
/// subject with it, are a range of indices; those of any other pattern are found by walking from
/// subject or object. A quad takes 24 bytes, a term 8 and its text.
#[derive(Debug)]
pub struct RdfGraph {
    terms: Terms,
    topology: Topology,
    graph_names: Vec<TermId>,
}

/// What cannot become a graph.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RdfGraphError {
    /// Terms and quads have numbers of 32 bits.
    #[error("a graph holds four thousand million terms and quads at most")]
    TooLarge,
}

/// Predicate, subject, object and graph of a quad as one number, the first in the highest bits: numbers
/// sort as the terms do, without a comparison for each.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Row(u128);

impl Row {
    fn new(terms: [TermId; 4]) -> Self {
        let push = |row, TermId(term)| row << 32 | u128::from(term);
        Self(terms.into_iter().fold(0, push))
    }

    fn terms(self) -> [TermId; 4] {
        #[expect(clippy::cast_possible_truncation, reason = "32 bits are wanted")]
        let term = |at: u32| TermId((self.0 >> (32 * (3 - at))) as u32);
        [term(0), term(1), term(2), term(3)]
    }
}

/// Collects quads for an [`RdfGraph`].
#[derive(Debug)]
pub struct RdfGraphBuilder {
    terms: Terms,
    rows: Vec<Row>,
    /// The graph of the triples that come and of those that wait.
    graph: TermId,
    waiting: TripleBatch,
    prefixes: PrefixMap,
    documents: usize,
}

impl Default for RdfGraphBuilder {
    fn default() -> Self {
        Self {
            terms: Terms::default(),
            rows: Vec::new(),
            graph: DEFAULT_GRAPH,
            waiting: TripleBatch::default(),
            prefixes: PrefixMap::well_known(),
            documents: 0,
        }
    }
}

impl RdfGraphBuilder {
    /// No quads yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a quad; one that is there already changes nothing.
    ///
    /// # Errors
    ///
    /// When there are too many.
    pub fn insert(&mut self, quad: QuadRef<'_>) -> Result<(), RdfGraphError> {
        self.enter_graph(quad.graph_name)?;
        self.insert_triple(quad.into())
    }

    fn insert_triple(&mut self, triple: TripleRef<'_>) -> Result<(), RdfGraphError> {
        let waits = self.waiting.push(&mut self.terms, triple);
        waits.ok_or(RdfGraphError::TooLarge)?;
        if self.waiting.is_full() {
            self.settle()?;
        }
        Ok(())
    }

    /// Numbers the triples that wait.
    fn settle(&mut self) -> Result<(), RdfGraphError> {
        let Self {
            terms, rows, graph, ..
        } = self;
        let settled = self.waiting.settle(terms, |[subject, predicate, object]| {
            if rows.len() >= MOST_QUADS {
                return Err(RdfGraphError::TooLarge);
            }
            rows.push(Row::new([predicate, subject, object, *graph]));
            Ok(())
        });
        settled.unwrap_or(Err(RdfGraphError::TooLarge))
    }

    fn enter_graph(&mut self, name: GraphNameRef<'_>) -> Result<(), RdfGraphError> {
        self.settle()?;
        self.graph = self.graph_id(name)?;
        Ok(())
    }

    fn graph_id(&mut self, name: GraphNameRef<'_>) -> Result<TermId, RdfGraphError> {
        let name: TermRef<'_> = match name {
            GraphNameRef::DefaultGraph => return Ok(DEFAULT_GRAPH),
            GraphNameRef::NamedNode(node) => node.into(),
            GraphNameRef::BlankNode(node) => node.into(),
        };
        self.terms.intern(name).ok_or(RdfGraphError::TooLarge)
    }

    /// Adds the quads of a document, whose text is not held. Its blank nodes keep their labels, but for those
    /// that an earlier document has given to others; its prefixes count as declared in queries.
    ///
    /// # Errors
    ///
    /// When reading fails, what is read is not of `format`, or there are too many quads.
    pub fn read<R: Read>(&mut self, reader: R, format: RdfFormat) -> Result<(), StreamError> {
        self.settle().map_err(write_error)?;
        let read = if self.documents == 0 {
            stream::read(reader, format, None, self)
        } else {
            let suffix = self.free_suffix();
            stream::read(reader, format, None, &mut OfFile::new(self, suffix))
        };
        self.documents += 1;
        let settled = self.settle();
        self.graph = DEFAULT_GRAPH;
        read?;
        settled.map_err(write_error)
    }

    /// Adds the triples that tables say, which are those that
    /// [`write_lines`](crate::table::write_lines) writes without provenance; the prefixes of `mapping`
    /// count as declared in queries. Faulty rows go to `report` and are left out.
    ///
    /// # Errors
    ///
    /// When a table cannot be read, has no usable header, or `report` stops.
    pub fn read_tables(
        &mut self,
        tables: &[&dyn TableSource],
        mapping: &Mapping,
        report: &mut dyn Report,
    ) -> Result<Counts, TableError> {
        self.prefixes.merge(&mapping.prefixes);
        self.settle().map_err(|_| TableError::TooLarge)?;
        let Self { terms, rows, .. } = self;
        number_rows(
            tables,
            mapping,
            terms,
            report,
            |[subject, predicate, object]| {
                if rows.len() >= MOST_QUADS {
                    return Err(TableError::TooLarge);
                }
                rows.push(Row::new([predicate, subject, object, DEFAULT_GRAPH]));
                Ok(())
            },
        )
    }

    /// An end of a label that no blank node has yet.
    fn free_suffix(&self) -> String {
        let mut suffix = format!("-{}", self.documents + 1);
        let is_taken = |suffix: &str| self.terms.blank_labels().any(|it| it.ends_with(suffix));
        while is_taken(&suffix) {
            suffix.push_str("-1");
        }
        suffix
    }

    /// The well-known prefixes, and those of the documents that were read.
    pub fn prefixes(&self) -> &PrefixMap {
        &self.prefixes
    }

    /// The graph of all that was added.
    ///
    /// # Errors
    ///
    /// When it is too much.
    pub fn finish(mut self) -> Result<RdfGraph, RdfGraphError> {
        self.settle()?;
        self.rows.sort_unstable();
        self.rows.dedup();
        self.terms.shrink();
        let mut topology = Topology::with_capacity(self.terms.len(), self.rows.len());
        for _ in 0..self.terms.len() {
            topology.add_node(());
        }
        let mut graph_names = BTreeSet::new();
        let mut last = DEFAULT_GRAPH;
        for row in self.rows {
            let [predicate, subject, object, graph] = row.terms();
            topology.add_edge(node(subject), node(object), Label { predicate, graph });
            if graph != last && graph != DEFAULT_GRAPH {
                graph_names.insert(graph);
            }
            last = graph;
        }
        Ok(RdfGraph {
            terms: self.terms,
            topology,
            graph_names: graph_names.into_iter().collect(),
        })
    }
}

impl TripleSink for RdfGraphBuilder {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    /// A prefix that we do not write is not needed in queries either.
    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        drop(self.prefixes.insert(prefix, namespace));
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.enter_graph(name).map_err(io::Error::other)
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.insert_triple(triple).map_err(io::Error::other)
    }
}

impl RdfGraph {
    /// The triples that [`crate::rdf::write`] writes of a graph.
    ///
    /// # Errors
    ///
    /// When there are too many.
    pub fn of_project(graph: &KnowledgeGraph, profile: ProvenanceProfile) -> io::Result<Self> {
        let mut builder = RdfGraphBuilder::new();
        write_triples(graph, profile, &mut builder)?;
        builder.finish().map_err(io::Error::other)
    }

    /// Number of quads.
    pub fn quad_count(&self) -> usize {
        self.topology.edge_count()
    }

    /// Number of distinct terms.
    pub fn term_count(&self) -> usize {
        self.terms.len()
    }

    /// Whether a blank node has this label.
    pub fn has_blank_node(&self, label: &str) -> bool {
        let node = BlankNode::new_unchecked(label);
        self.terms.get(node.as_ref().into()).is_some()
    }

    /// The edges with a predicate, or with predicate and subject, or with the object too.
    fn range(
        &self,
        predicate: TermId,
        subject: Option<TermId>,
        object: Option<TermId>,
    ) -> Range<usize> {
        let edges = self.topology.raw_edges();
        let wanted = (predicate, subject, object);
        let key = |edge: &Edge<Label, u32>| {
            (
                edge.weight.predicate,
                subject.map(|_| term(edge.source())),
                object.map(|_| term(edge.target())),
            )
        };
        let start = edges.partition_point(|edge| key(edge) < wanted);
        let length = edges[start..].partition_point(|edge| key(edge) == wanted);
        start..start + length
    }
}

fn write_error(error: RdfGraphError) -> StreamError {
    StreamError::Write(io::Error::other(error))
}

fn node(term: TermId) -> NodeIndex<u32> {
    NodeIndex::new(term.0 as usize)
}

fn term(node: NodeIndex<u32>) -> TermId {
    TermId(u32::try_from(node.index()).unwrap_or(u32::MAX))
}

/// A term of a query: one of the graph, or one that is computed and in no quad.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum QueryTerm {
    /// By its number.
    Stored(TermId),
    /// As it is.
    Computed(Rc<Term>),
}

/// The edges among which those of a pattern are.
enum Candidates<'g> {
    Range(Range<usize>),
    Walk(Edges<'g, Label, petgraph::Directed, u32>),
}

/// The quads of a pattern.
struct Quads<'g> {
    topology: &'g Topology,
    candidates: Candidates<'g>,
    predicate: Option<TermId>,
    object: Option<TermId>,
    /// As spareval has it: no name for every named graph, `Some(DEFAULT_GRAPH)` for the default one.
    graph: Option<TermId>,
}

impl Quads<'_> {
    fn next_edge(&mut self) -> Option<(TermId, TermId, Label)> {
        let edge = match &mut self.candidates {
            Candidates::Range(range) => {
                let index = EdgeIndex::new(range.next()?);
                let (subject, object) = self.topology.edge_endpoints(index)?;
                (term(subject), term(object), self.topology[index])
            }
            Candidates::Walk(edges) => {
                let edge = edges.next()?;
                (term(edge.source()), term(edge.target()), *edge.weight())
            }
        };
        Some(edge)
    }
}

impl Iterator for Quads<'_> {
    type Item = Result<InternalQuad<QueryTerm>, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (subject, object, label) = self.next_edge()?;
            let is_in_graph = match self.graph {
                Some(graph) => label.graph == graph,
                None => label.graph != DEFAULT_GRAPH,
            };
            if is_in_graph
                && self.predicate.is_none_or(|it| it == label.predicate)
                && self.object.is_none_or(|it| it == object)
            {
                return Some(Ok(InternalQuad {
                    subject: QueryTerm::Stored(subject),
                    predicate: QueryTerm::Stored(label.predicate),
                    object: QueryTerm::Stored(object),
                    graph_name: (label.graph != DEFAULT_GRAPH)
                        .then_some(QueryTerm::Stored(label.graph)),
                }));
            }
        }
    }
}

impl RdfGraph {
    /// The quads of a pattern; `None` where a term of it is in no quad.
    fn quads(
        &self,
        [subject, predicate, object]: [Option<&QueryTerm>; 3],
        graph: Option<Option<&QueryTerm>>,
    ) -> Option<Quads<'_>> {
        let stored = |it: Option<&QueryTerm>| match it {
            None => Some(None),
            Some(QueryTerm::Stored(id)) => Some(Some(*id)),
            Some(QueryTerm::Computed(_)) => None,
        };
        let (subject, predicate, object) = (stored(subject)?, stored(predicate)?, stored(object)?);
        let graph = match graph {
            None => None,
            Some(None) => Some(DEFAULT_GRAPH),
            Some(Some(name)) => stored(Some(name))?,
        };
        let walk = |from: TermId, direction| {
            Candidates::Walk(self.topology.edges_directed(node(from), direction))
        };
        let candidates = match (subject, predicate, object) {
            (Some(_), Some(predicate), _) | (None, Some(predicate), None) => {
                Candidates::Range(self.range(predicate, subject, subject.and(object)))
            }
            (_, _, Some(object)) if subject.is_none() => walk(object, Direction::Incoming),
            (Some(subject), None, _) => walk(subject, Direction::Outgoing),
            _ => Candidates::Range(0..self.topology.edge_count()),
        };
        Some(Quads {
            topology: &self.topology,
            candidates,
            predicate,
            object,
            graph,
        })
    }
}

impl<'g> QueryableDataset<'g> for &'g RdfGraph {
    type InternalTerm = QueryTerm;
    type Error = Infallible;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, Infallible>> + use<'g> {
        let graph: &'g RdfGraph = self;
        graph
            .quads([subject, predicate, object], graph_name)
            .into_iter()
            .flatten()
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<QueryTerm, Infallible>> + use<'g> {
        let graph: &'g RdfGraph = self;
        graph
            .graph_names
            .iter()
            .map(|name| Ok(QueryTerm::Stored(*name)))
    }

    fn contains_internal_graph_name(&self, name: &QueryTerm) -> Result<bool, Infallible> {
        Ok(match name {
            QueryTerm::Stored(id) => self.graph_names.binary_search(id).is_ok(),
            QueryTerm::Computed(_) => false,
        })
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, Infallible> {
        Ok(match self.terms.get(term.as_ref()) {
            Some(id) => QueryTerm::Stored(id),
            None => QueryTerm::Computed(Rc::new(term)),
        })
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, Infallible> {
        Ok(match term {
            QueryTerm::Stored(id) => self.terms.term(id),
            QueryTerm::Computed(term) => Rc::unwrap_or_clone(term),
        })
    }
}

#[cfg(test)]
mod tests {
    use oxrdf::{Dataset, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad};
    use proptest::prelude::*;

    use super::*;

    fn iri(number: u8) -> NamedNode {
        NamedNode::new_unchecked(format!("https://kg.example/{number}"))
    }

    /// Few terms, so that subjects, predicates, objects and graphs meet.
    fn quad() -> impl Strategy<Value = Quad> {
        let subject = prop_oneof![
            (0..4_u8).prop_map(|n| NamedOrBlankNode::from(iri(n))),
            (0..2_u8).prop_map(|n| BlankNode::new_unchecked(format!("b{n}")).into()),
        ];
        let object = prop_oneof![
            (0..4_u8).prop_map(|n| Term::from(iri(n))),
            (0..2_u8).prop_map(|n| Term::from(BlankNode::new_unchecked(format!("b{n}")))),
            (0..3_i64).prop_map(|n| Term::from(Literal::from(n))),
        ];
        let graph = prop_oneof![
            Just(GraphName::DefaultGraph),
            (0..3_u8).prop_map(|n| iri(n).into()),
        ];
        (subject, 0..3_u8, object, graph).prop_map(|(subject, predicate, object, graph)| Quad {
            subject,
            predicate: iri(predicate),
            object,
            graph_name: graph,
        })
    }

    fn graph_of(quads: &[Quad]) -> RdfGraph {
        let mut builder = RdfGraphBuilder::new();
        for quad in quads {
            builder.insert(quad.as_ref()).unwrap();
        }
        builder.finish().unwrap()
    }

    /// The quads of a pattern as text, in order.
    fn found<'a, D: QueryableDataset<'a>>(
        dataset: &D,
        terms: [Option<Term>; 3],
        graph: Option<Option<Term>>,
    ) -> Vec<String> {
        let internal = |term: Term| dataset.internalize_term(term).unwrap();
        let [subject, predicate, object] = terms.map(|term| term.map(internal));
        let graph = graph.map(|name| name.map(internal));
        let graph = graph.as_ref().map(Option::as_ref);
        let external = |term| dataset.externalize_term(term).unwrap().to_string();
        let mut found: Vec<String> = dataset
            .internal_quads_for_pattern(
                subject.as_ref(),
                predicate.as_ref(),
                object.as_ref(),
                graph,
            )
            .map(|quad| {
                let quad = quad.unwrap();
                let graph = quad.graph_name.map(external).unwrap_or_default();
                let terms = [quad.subject, quad.predicate, quad.object].map(external);
                format!("{} {graph}", terms.join(" "))
            })
            .collect();
        found.sort();
        found
    }

    proptest! {
        #[test]
        fn every_pattern_finds_what_a_set_of_quads_has(
            quads in prop::collection::vec(quad(), 0..40),
            wanted in quad(),
            is_given in any::<[bool; 3]>(),
            graph in 0..3_u8,
        ) {
            let set: Dataset = quads.iter().cloned().collect();
            let graph_name = match (graph, &wanted.graph_name) {
                (0, _) => None,
                (_, GraphName::NamedNode(name)) => Some(Some(Term::from(name.clone()))),
                _ => Some(None),
            };
            let terms = [wanted.subject.into(), wanted.predicate.into(), wanted.object];
            let mut given = is_given.into_iter();
            let terms = terms.map(|term: Term| Some(term).filter(|_| given.next() == Some(true)));
            prop_assert_eq!(
                found(&&graph_of(&quads), terms.clone(), graph_name.clone()),
                found(&&set, terms, graph_name)
            );
        }

        #[test]
        fn the_order_of_quads_means_nothing(quads in prop::collection::vec(quad(), 0..20)) {
            let mut backwards = quads.clone();
            backwards.reverse();
            backwards.extend(quads.clone());
            let (one, other) = (graph_of(&quads), graph_of(&backwards));
            prop_assert_eq!(one.quad_count(), other.quad_count());
            prop_assert_eq!(one.term_count(), other.term_count());
            let all = [None, None, None];
            for graph in [None, Some(None)] {
                let of_one = found(&&one, all.clone(), graph.clone());
                prop_assert_eq!(of_one, found(&&other, all.clone(), graph));
            }
        }
    }

    #[test]
    fn named_graphs_are_known_by_name() {
        let name = iri(9);
        let quad = Quad::new(iri(0), iri(1), iri(2), name.clone());
        let graph = &graph_of(&[quad]);
        let names: Vec<_> = graph.internal_named_graphs().map(Result::unwrap).collect();
        assert_eq!(names.len(), 1);
        assert_eq!(graph.externalize_term(names[0].clone()), Ok(name.into()));
        assert_eq!(graph.contains_internal_graph_name(&names[0]), Ok(true));
        let other = graph.internalize_term(iri(0).into()).unwrap();
        assert_eq!(graph.contains_internal_graph_name(&other), Ok(false));
    }

    #[test]
    fn blank_nodes_of_another_document_are_others() {
        let mut builder = RdfGraphBuilder::new();
        let turtle = b"_:b <urn:p> _:c . _:b-2 <urn:p> _:c .";
        builder.read(&turtle[..], RdfFormat::Turtle).unwrap();
        builder.read(&turtle[..], RdfFormat::Turtle).unwrap();
        let graph = builder.finish().unwrap();
        assert_eq!(graph.quad_count(), 4);
        assert_eq!(graph.term_count(), 7);
        assert!(graph.has_blank_node("b") && graph.has_blank_node("c-2-1"));
    }
}
