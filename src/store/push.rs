//! A graph as batches, and batches as requests.

use std::io;

use oxrdf::{GraphName, GraphNameRef, TripleRef};

use super::{DefaultGraph, Method, Request, Store, StoreError};
use crate::model::KnowledgeGraph;
use crate::rdf::{
    NTriplesSerializer, NTriplesWriter, ProvenanceProfile, TripleSink, write_triples,
};

/// Triples of one graph that are sent together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The graph that they belong to.
    pub graph: GraphName,
    /// Whether they are the first of their graph.
    pub is_first: bool,
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

/// The triples of a project in batches of at most `size`, graph by graph.
///
/// Those of the default graph go to `graph` where it is given.
///
/// # Errors
///
/// Only if writing into memory fails.
pub fn batches(
    graph: &KnowledgeGraph,
    profile: ProvenanceProfile,
    target: &GraphName,
    size: u64,
) -> io::Result<Vec<Batch>> {
    let mut batcher = Batcher {
        target,
        size: size.max(1),
        graph: target.clone(),
        is_first: true,
        triples: 0,
        writer: NTriplesSerializer::new().for_writer(Vec::new()),
        batches: Vec::new(),
    };
    write_triples(graph, profile, &mut batcher)?;
    batcher.flush()?;
    Ok(batcher.batches)
}

struct Batcher<'t> {
    target: &'t GraphName,
    size: u64,
    graph: GraphName,
    is_first: bool,
    triples: u64,
    writer: NTriplesWriter<Vec<u8>>,
    batches: Vec<Batch>,
}

impl Batcher<'_> {
    fn flush(&mut self) -> io::Result<()> {
        let fresh = NTriplesSerializer::new().for_writer(Vec::new());
        let body = std::mem::replace(&mut self.writer, fresh).finish()?;
        if self.triples > 0 {
            self.batches.push(Batch {
                graph: self.graph.clone(),
                is_first: self.is_first,
                triples: self.triples,
                body,
            });
        }
        self.is_first = false;
        self.triples = 0;
        Ok(())
    }
}

impl TripleSink for Batcher<'_> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        let name = match name {
            GraphNameRef::DefaultGraph => self.target.clone(),
            name => name.into_owned(),
        };
        if name != self.graph {
            self.flush()?;
            // The graphs of a project come one after the other, so one that was not here yet is new.
            self.is_first = !self.batches.iter().any(|batch| batch.graph == name);
            self.graph = name;
        }
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if self.triples == self.size {
            self.flush()?;
        }
        self.triples += 1;
        self.writer.triple(triple)
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
