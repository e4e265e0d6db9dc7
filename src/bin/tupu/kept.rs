//! Graphs that are asked: each is read once, however often a session asks it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tupu::model::KnowledgeGraph;
use tupu::named_query::NamedQuery;
use tupu::prefix::PrefixMap;
use tupu::query::NameIndex;
use tupu::rdf::ProvenanceProfile;
use tupu::sparql::RdfGraph;

use crate::commands::{load_sound, read_files};
use crate::input::{TableFile, read_rdf};
use crate::tables::TableOptions;

/// A graph that is asked by name, and the queries of its project.
#[derive(Clone, Debug)]
pub(crate) struct Askable {
    pub(crate) graph: Arc<KnowledgeGraph>,
    names: Arc<NameIndex>,
    pub(crate) queries: Arc<[NamedQuery]>,
    /// The tables that the graph was read from, if any, which can be read again.
    pub(crate) tables: Arc<[TableFile]>,
}

impl Askable {
    pub(crate) fn new(graph: KnowledgeGraph, queries: Vec<NamedQuery>) -> Self {
        Self {
            graph: Arc::new(graph),
            names: Arc::default(),
            queries: queries.into(),
            tables: Arc::default(),
        }
    }

    /// The graph of files, of which `tables` are some.
    pub(crate) fn of_files(graph: KnowledgeGraph, tables: Vec<TableFile>) -> Self {
        Self {
            tables: tables.into(),
            ..Self::new(graph, Vec::new())
        }
    }

    pub(crate) fn names(&self) -> &NameIndex {
        &self.names
    }
}

/// A graph that is asked in SPARQL.
#[derive(Debug)]
pub(crate) struct Triples {
    pub(crate) graph: RdfGraph,
    pub(crate) prefixes: PrefixMap,
}

/// What was read so far. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Arc<Places>);

#[derive(Debug, Default)]
struct Places {
    project: OnceLock<Askable>,
    files: OnceLock<Askable>,
    project_triples: OnceLock<(ProvenanceProfile, Arc<Triples>)>,
    file_triples: OnceLock<Arc<Triples>>,
}

impl Kept {
    /// The graph of the project, unless it has errors, which are reported.
    pub(crate) fn project(&self, folder: &Path) -> anyhow::Result<Option<Askable>> {
        if let Some(kept) = self.0.project.get() {
            return Ok(Some(kept.clone()));
        }
        let Some(loaded) = load_sound(folder)? else {
            return Ok(None);
        };
        let askable = || Askable::new(loaded.graph, loaded.queries);
        Ok(Some(self.0.project.get_or_init(askable).clone()))
    }

    /// The graph of files, unless tables among them have errors, which are reported.
    pub(crate) fn files(
        &self,
        paths: &[PathBuf],
        tables: &TableOptions,
    ) -> anyhow::Result<Option<Askable>> {
        if let Some(kept) = self.0.files.get() {
            return Ok(Some(kept.clone()));
        }
        let Some((graph, tables)) = read_files(paths, tables, &[], true)? else {
            return Ok(None);
        };
        let askable = || Askable::of_files(graph, tables);
        Ok(Some(self.0.files.get_or_init(askable).clone()))
    }

    /// What the export of a project says. Of several profiles the first is kept.
    pub(crate) fn project_triples(
        &self,
        graph: &KnowledgeGraph,
        profile: ProvenanceProfile,
    ) -> anyhow::Result<Arc<Triples>> {
        if let Some((kept, triples)) = self.0.project_triples.get()
            && *kept == profile
        {
            return Ok(Arc::clone(triples));
        }
        let triples = Arc::new(Triples {
            graph: RdfGraph::of_project(graph, profile)?,
            prefixes: graph.project().prefixes.clone(),
        });
        self.0
            .project_triples
            .get_or_init(|| (profile, Arc::clone(&triples)));
        Ok(triples)
    }

    /// What files say, unless tables among them have errors, which are reported.
    pub(crate) fn file_triples(
        &self,
        paths: &[PathBuf],
        tables: &TableOptions,
    ) -> anyhow::Result<Option<Arc<Triples>>> {
        if let Some(kept) = self.0.file_triples.get() {
            return Ok(Some(Arc::clone(kept)));
        }
        let Some((graph, prefixes)) = read_rdf(paths, tables)? else {
            return Ok(None);
        };
        let triples = || Arc::new(Triples { graph, prefixes });
        Ok(Some(Arc::clone(self.0.file_triples.get_or_init(triples))))
    }
}
