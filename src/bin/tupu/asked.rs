//! What SPARQL is asked of: triples in memory, or a store in a folder.

use std::path::Path;
use std::sync::Arc;

use tupu::prefix::PrefixMap;
use tupu::sparql::{self, CancellationToken, Query, QueryEvaluationError, QueryResults};

use crate::interrupt;
use crate::kept::Triples;

/// Answers SPARQL.
#[derive(Debug)]
pub(crate) enum Asked {
    Memory(Arc<Triples>),
    #[cfg(feature = "rocksdb")]
    Folder(Box<crate::embedded::Opened>),
}

impl Asked {
    /// The store in a folder.
    #[cfg(feature = "rocksdb")]
    pub(crate) fn folder(path: &Path) -> anyhow::Result<Self> {
        let opened = crate::embedded::Opened::open(path)?;
        Ok(Self::Folder(Box::new(opened)))
    }

    #[cfg(not(feature = "rocksdb"))]
    pub(crate) fn folder(_: &Path) -> anyhow::Result<Self> {
        Err(crate::embedded::unavailable())
    }

    /// The prefixes that need not be declared.
    pub(crate) fn prefixes(&self) -> anyhow::Result<PrefixMap> {
        match self {
            Self::Memory(triples) => Ok(triples.prefixes.clone()),
            #[cfg(feature = "rocksdb")]
            Self::Folder(opened) => match &opened.manifest {
                Some(manifest) => manifest.prefixes(),
                None => Ok(PrefixMap::well_known()),
            },
        }
    }

    /// Asks the query; the token ends it with an error.
    pub(crate) fn evaluate(
        &self,
        query: &Query,
        cancellation: CancellationToken,
    ) -> Result<QueryResults<'_>, QueryEvaluationError> {
        match self {
            // Where the program ends with the query, evaluation is spared what makes it stop everywhere.
            Self::Memory(triples) if interrupt::is_caught() => {
                sparql::evaluate_stoppable(&triples.graph, query, cancellation, u64::MAX)
            }
            Self::Memory(triples) => sparql::evaluate(&triples.graph, query, cancellation),
            #[cfg(feature = "rocksdb")]
            Self::Folder(opened) => opened.disk.evaluate(query, cancellation),
        }
    }

    /// Whether the label is that of a blank node there.
    pub(crate) fn has_blank_node(&self, label: &str) -> bool {
        match self {
            Self::Memory(triples) => triples.graph.has_blank_node(label),
            #[cfg(feature = "rocksdb")]
            Self::Folder(opened) => opened.disk.has_blank_node(label),
        }
    }
}
