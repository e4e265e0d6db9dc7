//! A graph as batches, and batches as requests.

use indexmap::IndexMap;
use oxrdf::{GraphName, GraphNameRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::{DefaultGraph, Method, Request, Store, StoreError};
use crate::rdf::{NTriplesSerializer, NTriplesWriter, TripleSink};

/// Triples of one graph that are sent together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The graph that they belong to.
    pub graph: GraphName,
    /// Whether they are the first of their graph.
    pub is_first: bool,
    /// Whether there are blank nodes among them, which are other ones each time that they are sent.
    pub has_blank_nodes: bool,
    /// How many there are.
    pub triples: u64,
    /// They themselves, as N-Triples.
    pub body: Vec<u8>,
}

/// Whether what a graph held before stays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Each graph holds what is sent, and nothing else.
    Replace,
    /// What is sent comes to what is there.
    Add,
}

/// The protocol that writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Via {
    /// [Graph Store HTTP Protocol](https://www.w3.org/TR/sparql11-http-rdf-update/).
    GraphStore,
    /// [SPARQL Update](https://www.w3.org/TR/sparql11-update/), by INSERT DATA.
    Update,
}

impl Via {
    /// How many triples go in one batch. An update is parsed as a whole before it is done, and
    /// Virtuoso has no memory for one of 5,000.
    pub fn batch(self) -> u64 {
        match self {
            Self::GraphStore => 500_000,
            Self::Update => 1_000,
        }
    }
}

/// Cuts triples into batches as they come, and holds no more of them than one batch has.
#[derive(Debug)]
pub struct Batcher {
    target: GraphName,
    size: u64,
    graphs: IndexMap<GraphName, Pending>,
    /// The graph of the last triple.
    current: usize,
    triples: u64,
}

/// What waits to be sent to a graph.
#[derive(Debug)]
struct Pending {
    writer: NTriplesWriter<Vec<u8>>,
    triples: u64,
    is_first: bool,
    /// Whether there have been any, in this batch or before.
    has_blank_nodes: bool,
}

impl Pending {
    fn new() -> Self {
        Self {
            writer: NTriplesSerializer::new().for_writer(Vec::new()),
            triples: 0,
            is_first: true,
            has_blank_nodes: false,
        }
    }
}

impl Batcher {
    /// Batches of at most `size` triples; those of the default graph go to `target`.
    pub fn new(target: GraphName, size: u64) -> Self {
        Self {
            target,
            size: size.max(1),
            graphs: IndexMap::new(),
            current: 0,
            triples: 0,
        }
    }

    /// Takes one triple, and gives a batch that is to be sent before more come.
    ///
    /// # Errors
    ///
    /// When blank nodes would have to go in more than one request.
    pub fn insert(
        &mut self,
        graph: GraphNameRef<'_>,
        triple: TripleRef<'_>,
    ) -> Result<Option<Batch>, StoreError> {
        let full = if self.triples == self.size {
            self.take_largest()?
        } else {
            None
        };
        let pending = self.pending(graph);
        pending.has_blank_nodes |= matches!(triple.subject, NamedOrBlankNodeRef::BlankNode(_))
            || matches!(triple.object, TermRef::BlankNode(_));
        pending.triples += 1;
        pending.writer.triple(triple)?;
        self.triples += 1;
        Ok(full)
    }

    /// What is left, graph by graph.
    ///
    /// # Errors
    ///
    /// When blank nodes would have to go in more than one request.
    pub fn finish(mut self) -> Result<Vec<Batch>, StoreError> {
        let left = (0..self.graphs.len()).filter_map(|at| self.take(at, true).transpose());
        left.collect()
    }

    fn pending(&mut self, graph: GraphNameRef<'_>) -> &mut Pending {
        let graph = match graph {
            GraphNameRef::DefaultGraph => self.target.as_ref(),
            name => name,
        };
        let is_current = |(name, _): (&GraphName, &Pending)| name.as_ref() == graph;
        if !self.graphs.get_index(self.current).is_some_and(is_current) {
            let entry = self.graphs.entry(graph.into_owned());
            self.current = entry.index();
            entry.or_insert_with(Pending::new);
        }
        &mut self.graphs[self.current]
    }

    fn take_largest(&mut self) -> Result<Option<Batch>, StoreError> {
        let sizes = self.graphs.values().map(|it| it.triples).enumerate();
        match sizes.max_by_key(|(_, triples)| *triples) {
            Some((at, _)) => self.take(at, false),
            None => Ok(None),
        }
    }

    fn take(&mut self, at: usize, is_last: bool) -> Result<Option<Batch>, StoreError> {
        let Some((graph, pending)) = self.graphs.get_index_mut(at) else {
            return Ok(None);
        };
        if pending.triples == 0 {
            return Ok(None);
        }
        if pending.has_blank_nodes && !(pending.is_first && is_last) {
            return Err(StoreError::BlankNodes);
        }
        let fresh = NTriplesSerializer::new().for_writer(Vec::new());
        let batch = Batch {
            graph: graph.clone(),
            is_first: pending.is_first,
            has_blank_nodes: pending.has_blank_nodes,
            triples: pending.triples,
            body: std::mem::replace(&mut pending.writer, fresh).finish()?,
        };
        self.triples -= batch.triples;
        pending.triples = 0;
        pending.is_first = false;
        Ok(Some(batch))
    }
}

impl Store {
    /// The protocol that fits: the first of both that the store speaks.
    pub fn preferred(&self) -> Via {
        match self.profile().graph_store {
            Some(_) => Via::GraphStore,
            None => Via::Update,
        }
    }

    /// The request that writes a batch.
    ///
    /// # Errors
    ///
    /// When the store has no such protocol, or no such graph.
    pub fn request(&self, batch: &Batch, mode: Mode, via: Via) -> Result<Request, StoreError> {
        let profile = self.profile();
        if batch.graph == GraphName::DefaultGraph && profile.default_graph == DefaultGraph::Missing
        {
            return Err(StoreError::Profile(format!(
                "{} has no default graph; name one with --graph-iri",
                profile.name
            )));
        }
        let replaces = mode == Mode::Replace && batch.is_first;
        let request = match via {
            Via::GraphStore => {
                let Some(url) = self.graph_url(&batch.graph) else {
                    return Err(StoreError::Profile(format!(
                        "{} does not speak the Graph Store Protocol; take --via update",
                        profile.name
                    )));
                };
                let method = if replaces { Method::Put } else { Method::Post };
                Request::new(method, url)
                    .with_header("Content-Type", "application/n-triples")
                    .with_body(batch.body.clone())
            }
            Via::Update => self.update(&insert(batch, replaces)),
        };
        // A graph that has a triple already has it once when it comes again.
        let request = if replaces || !batch.has_blank_nodes {
            request.repeatable()
        } else {
            request
        };
        if profile.takes_gzip {
            return Ok(request.compressed()?);
        }
        Ok(request)
    }

    /// Sends a request that writes.
    ///
    /// # Errors
    ///
    /// When the store does not do it, or does not say that it did.
    pub fn send(&self, request: &Request) -> Result<(), StoreError> {
        const LONGEST_RECEIPT: u64 = 1 << 20;
        self.client().send(request, LONGEST_RECEIPT).map(drop)
    }
}

/// The update that inserts the batch, after it has emptied its graph if it `replaces` it.
fn insert(batch: &Batch, replaces: bool) -> Vec<u8> {
    let (graph, what) = match &batch.graph {
        GraphName::DefaultGraph => (None, "DEFAULT".to_owned()),
        name => (Some(name), format!("GRAPH {name}")),
    };
    let mut update = Vec::with_capacity(batch.body.len() + 200);
    if replaces {
        update.extend_from_slice(format!("DROP SILENT {what} ;\n").as_bytes());
    }
    update.extend_from_slice(b"INSERT DATA {\n");
    if let Some(name) = graph {
        update.extend_from_slice(format!("GRAPH {name} {{\n").as_bytes());
    }
    // N-Triples is a part of what SPARQL takes here.
    update.extend_from_slice(&batch.body);
    update.extend_from_slice(if graph.is_some() { b"} }\n" } else { b"}\n" });
    update
}
