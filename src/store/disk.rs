//! Stores in a folder: Oxigraph's, kept by RocksDB.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use oxigraph::sparql::SparqlEvaluator;
use oxigraph::store::{BulkLoader, StorageError, Store};
use oxrdf::{
    BlankNode, BlankNodeRef, GraphName, GraphNameRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad,
    Term, TermRef, Triple, TripleRef,
};
use sha2::{Digest as _, Sha256};

use super::profile::OXIGRAPH;
use super::{Contents, Endpoint, Profile, Row, StoreError, endpoint};
use crate::sparql::{CancellationToken, Query, QueryEvaluationError, QueryResults};

/// Triples that are sorted at once, of which each thread holds so many.
const BATCH: usize = 250_000;

/// Threads that sort. More are not faster, since one reads.
const THREADS: usize = 2;

/// A store in a folder, which is only read.
pub struct Disk {
    store: Store,
    path: PathBuf,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Disk").field(&self.path).finish()
    }
}

impl Disk {
    /// The store in the folder at `path`, in which nothing is changed.
    ///
    /// # Errors
    ///
    /// When there is no store, it is of another version, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let store = Store::open_read_only(path).map_err(|error| fault(path, error))?;
        let path = path.to_owned();
        Ok(Self { store, path })
    }

    /// Asks the query; [`CancellationToken::cancel`] ends it with an error.
    ///
    /// # Errors
    ///
    /// When the query calls a function that there is not. More errors come with the rows.
    pub fn evaluate(
        &self,
        query: &Query,
        cancellation: CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        SparqlEvaluator::new()
            .with_cancellation_token(cancellation)
            .for_query(query.clone())
            .on_store(&self.store)
            .execute()
    }

    /// Whether the label is that of a blank node of the store.
    pub fn has_blank_node(&self, label: &str) -> bool {
        let node = BlankNodeRef::new_unchecked(label);
        let (subject, object) = (node.into(), node.into());
        let mut as_subject = self
            .store
            .quads_for_pattern(Some(subject), None, None, None);
        let mut as_object = self.store.quads_for_pattern(None, None, Some(object), None);
        as_subject.next().is_some() || as_object.next().is_some()
    }

    /// Reads all triples, and calls `step` for each.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub fn contents(&self, step: &mut dyn FnMut()) -> Result<Contents, StoreError> {
        let mut contents = Contents::default();
        for quad in &self.store {
            let quad = quad.map_err(|error| fault(&self.path, error))?;
            contents.insert(quad.as_ref());
            step();
        }
        Ok(contents)
    }

    /// Whether this is one of the triples.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn contains(&self, quad: &Quad) -> Result<bool, StoreError> {
        let is_there = self.store.contains(quad);
        is_there.map_err(|error| fault(&self.path, error))
    }

    /// Whether the indexes by object and by predicate have each triple that the one by subject has.
    /// Calls `step` for each.
    ///
    /// # Errors
    ///
    /// When that is not so, as [`StoreError::Damaged`], or they cannot be read.
    pub fn validate(&self, step: &mut dyn FnMut()) -> Result<(), StoreError> {
        // Not by `Store::validate`, which does not end where an index cannot be read.
        let mut predicates = BTreeSet::new();
        let mut all = 0_u64;
        for quad in &self.store {
            let quad = quad.map_err(|error| fault(&self.path, error))?;
            let (subject, object) = (quad.subject.as_ref(), quad.object.as_ref());
            let graph = quad.graph_name.as_ref();
            let mut found = false;
            for other in
                self.store
                    .quads_for_pattern(Some(subject), None, Some(object), Some(graph))
            {
                let other = other.map_err(|error| fault(&self.path, error))?;
                found |= other.predicate == quad.predicate;
            }
            if !found {
                return Err(self.damaged("the index by object has too few triples"));
            }
            if !predicates.contains(&quad.predicate) {
                predicates.insert(quad.predicate);
            }
            all += 1;
            step();
        }
        let mut by_predicate = 0;
        for predicate in &predicates {
            let predicate = predicate.as_ref();
            for quad in self
                .store
                .quads_for_pattern(None, Some(predicate), None, None)
            {
                quad.map_err(|error| fault(&self.path, error))?;
                by_predicate += 1;
            }
        }
        if by_predicate != all {
            return Err(self.damaged("the index by predicate has another number of triples"));
        }
        Ok(())
    }

    fn damaged(&self, reason: &str) -> StoreError {
        StoreError::Damaged {
            path: self.path.display().to_string(),
            reason: reason.to_owned(),
        }
    }

    /// The same failure with its place.
    fn located(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Evaluation(QueryEvaluationError::Dataset(error)) => {
                match error.downcast::<StorageError>() {
                    Ok(error) => fault(&self.path, *error),
                    Err(error) => QueryEvaluationError::Dataset(error).into(),
                }
            }
            other => other,
        }
    }

    fn answer(&self, query: &str) -> Result<QueryResults<'static>, StoreError> {
        let query = endpoint::parsed(query)?;
        let answer = self.evaluate(&query, CancellationToken::new());
        answer.map_err(|error| self.located(error.into()))
    }
}

impl Endpoint for Disk {
    fn rows(&self, query: &str) -> Result<Vec<Row>, StoreError> {
        endpoint::rows(self.answer(query)?).map_err(|error| self.located(error))
    }

    fn ask(&self, query: &str) -> Result<bool, StoreError> {
        endpoint::boolean(&self.answer(query)?)
    }

    fn profile(&self) -> &'static Profile {
        &OXIGRAPH
    }
}

fn fault(path: &Path, error: StorageError) -> StoreError {
    let path = path.display().to_string();
    match error {
        StorageError::Corruption(error) => StoreError::Damaged {
            path,
            reason: error.to_string(),
        },
        error => StoreError::Folder {
            path,
            reason: error.to_string(),
        },
    }
}

/// Makes another store with what the one at `from` holds. Files that never change are shared, where the
/// file system can do that.
///
/// # Errors
///
/// When there is no store at `from`, another process writes in it, or there is something at `to`.
pub fn copy_store(from: &Path, to: &Path) -> Result<(), StoreError> {
    let store = Store::open(from).map_err(|error| fault(from, error))?;
    store.backup(to).map_err(|error| fault(to, error))
}

/// How triples come into a store.
#[derive(Clone, Debug)]
pub struct Placing {
    /// The graph that takes the place of the default graph.
    pub target: GraphName,
    /// What sets blank nodes apart from those that came before with the same labels.
    pub seed: String,
}

impl Placing {
    /// The triple of `graph` as it is in the store.
    pub fn quad(&self, graph: GraphNameRef<'_>, triple: TripleRef<'_>) -> Quad {
        let graph = match graph {
            GraphNameRef::DefaultGraph => self.target.clone(),
            GraphNameRef::NamedNode(name) => name.into_owned().into(),
            GraphNameRef::BlankNode(node) => self.node(node).into(),
        };
        self.triple(triple).in_graph(graph)
    }

    fn triple(&self, triple: TripleRef<'_>) -> Triple {
        Triple {
            subject: match triple.subject {
                NamedOrBlankNodeRef::NamedNode(node) => node.into_owned().into(),
                NamedOrBlankNodeRef::BlankNode(node) => NamedOrBlankNode::from(self.node(node)),
            },
            predicate: triple.predicate.into_owned(),
            object: match triple.object {
                TermRef::BlankNode(node) => self.node(node).into(),
                TermRef::Triple(inner) => self.triple(inner.as_ref()).into(),
                other => Term::from(other),
            },
        }
    }

    fn node(&self, node: BlankNodeRef<'_>) -> BlankNode {
        let digest = Sha256::digest(format!("{} {}", self.seed, node.as_str()));
        let id = digest.iter().take(16);
        BlankNode::new_from_unique_id(id.fold(0, |id, byte| id << 8 | u128::from(*byte)))
    }
}

/// Takes triples into a store.
pub struct Filler<'s> {
    loader: BulkLoader<'s>,
    placing: &'s Placing,
    batch: Vec<Quad>,
    read: Contents,
    path: &'s Path,
}

impl fmt::Debug for Filler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filler").field(&self.path).finish()
    }
}

impl Filler<'_> {
    /// Takes one triple of `graph`.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub fn insert(
        &mut self,
        graph: GraphNameRef<'_>,
        triple: TripleRef<'_>,
    ) -> Result<(), StoreError> {
        let quad = self.placing.quad(graph, triple);
        self.read.insert(quad.as_ref());
        self.batch.push(quad);
        if self.batch.len() < BATCH {
            return Ok(());
        }
        self.send()
    }

    fn send(&mut self) -> Result<(), StoreError> {
        let sent = self.loader.load_quads(self.batch.drain(..));
        sent.map_err(|error| fault(self.path, error))
    }

    fn finish(mut self) -> Result<Contents, StoreError> {
        self.send()?;
        let (path, committed) = (self.path, self.loader.commit());
        committed.map_err(|error| fault(path, error))?;
        Ok(self.read)
    }
}

/// Adds what `feed` hands over to the store in the folder at `path`, a new one where there is none, and
/// says what that was; what comes twice counts twice. If it fails, any part of it may be in the store.
///
/// # Errors
///
/// Those of `feed`, or when the store cannot be written.
pub fn fill_store<E: From<StoreError>>(
    path: &Path,
    placing: &Placing,
    feed: impl FnOnce(&mut Filler<'_>) -> Result<(), E>,
) -> Result<Contents, E> {
    let store = Store::open(path).map_err(|error| fault(path, error))?;
    let loader = store
        .bulk_loader()
        .with_num_threads(THREADS)
        // It takes a triple for a kilobyte.
        .with_max_memory_size_in_megabytes(BATCH * THREADS / 1000)
        .without_atomicity();
    let mut filler = Filler {
        loader,
        placing,
        batch: Vec::with_capacity(BATCH),
        read: Contents::default(),
        path,
    };
    feed(&mut filler)?;
    let read = filler.finish()?;
    store
        .flush()
        .and_then(|()| store.optimize())
        .map_err(|error| fault(path, error))?;
    Ok(read)
}
