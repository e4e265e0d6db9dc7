//! The triples that a store is to hold, from a project or from files, one after the other.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::{GraphName, GraphNameRef, TripleRef};
use tupu::prefix::PrefixMap;
use tupu::rdf::{ProvenanceProfile, TripleSink, write_triples};
use tupu::stream::{self, OfFile};
use tupu::table::{
    Counts, Fault, LineProfile, Mapping, Report, TableError, TableSource, give_triples, write_lines,
};

use crate::args::Origin;
use crate::commands::load_sound;
use crate::input::{self, TableFile, tables_and_rdf};
use crate::tables::{TableOptions, workers};

/// What is done with each triple.
type Take<'t> = &'t mut dyn FnMut(GraphNameRef<'_>, TripleRef<'_>) -> anyhow::Result<()>;

/// Where the triples come from.
#[derive(Debug)]
pub(crate) enum Triples {
    /// The export of a project.
    Project(Box<KnowledgeGraph>, ProvenanceProfile),
    /// RDF files and tables, which are read as often as it is needed.
    Files(Box<Files>),
}

#[derive(Debug)]
pub(crate) struct Files {
    #[cfg(feature = "rocksdb")]
    names: Vec<String>,
    rdf: Vec<PathBuf>,
    tables: Vec<TableFile>,
    options: TableOptions,
    /// What the columns of the tables mean.
    mapping: Mapping,
    /// How the evidence of their edges is written.
    provenance: ProvenanceProfile,
}

impl Triples {
    /// Those of `origin`; `None` where a project or a table has errors, which are then said.
    pub(crate) fn of(
        origin: &Origin,
        provenance: ProvenanceProfile,
    ) -> anyhow::Result<Option<Self>> {
        if origin.graph.is_empty() {
            let loaded = load_sound(&origin.project)?;
            return Ok(loaded.map(|it| Self::Project(Box::new(it.graph), provenance)));
        }
        Ok(Files::of(origin, provenance)?.map(|files| Self::Files(Box::new(files))))
    }

    /// What they are: the project with its version, or the names of the files.
    #[cfg(feature = "rocksdb")]
    pub(crate) fn source(&self) -> String {
        match self {
            Self::Project(graph, _) => {
                let project = graph.project();
                format!("{} {}", project.name, project.version)
            }
            Self::Files(files) => files.names.join(", "),
        }
    }

    /// Prefixes for messages.
    pub(crate) fn prefixes(&self) -> PrefixMap {
        match self {
            Self::Project(graph, _) => graph.project().prefixes.clone(),
            Self::Files(files) => {
                let mut prefixes = PrefixMap::well_known();
                if !files.tables.is_empty() {
                    prefixes.merge(&files.mapping.prefixes);
                }
                prefixes
            }
        }
    }

    /// Hands each triple to `take`, until that fails; `bar` shows how far it is.
    pub(crate) fn each(&self, bar: &ProgressBar, take: Take<'_>) -> anyhow::Result<()> {
        match self {
            Self::Project(graph, provenance) => {
                let give = |sink: &mut Walk<'_>| Ok(write_triples(graph, *provenance, sink)?);
                let mut all = 0;
                walk(
                    &mut |_, _| {
                        all += 1;
                        Ok(())
                    },
                    give,
                )?;
                bar.set_length(all);
                walk(
                    &mut |graph, triple| {
                        bar.inc(1);
                        take(graph, triple)
                    },
                    give,
                )
            }
            Self::Files(files) => walk(take, |sink| files.give(bar, sink)),
        }
    }
}

impl Files {
    fn of(origin: &Origin, provenance: ProvenanceProfile) -> anyhow::Result<Option<Self>> {
        let (tables, rdf) = tables_and_rdf(&origin.graph)?;
        let Some(mapping) = origin.tables.mapping()? else {
            return Ok(None);
        };
        let files = Self {
            #[cfg(feature = "rocksdb")]
            names: names(&origin.graph),
            rdf: rdf.into_iter().map(Path::to_owned).collect(),
            tables: origin.tables.open(&tables, true)?,
            options: origin.tables.clone(),
            mapping,
            provenance,
        };
        if files.tables.is_empty() {
            return Ok(Some(files));
        }
        // Nothing may be sent before it is known that all rows are sound.
        let profile = LineProfile {
            provenance,
            has_graphs: true,
        };
        let nowhere = &mut io::sink();
        let bar = files.options.bar(&files.tables, &[]);
        let counts = files.options.report("nothing done", &bar, |report| {
            Ok(files.with_sources(&bar, |sources| {
                write_lines(sources, &files.mapping, profile, workers(), nowhere, report)
            })?)
        })?;
        Ok(counts.map(|_| files))
    }

    fn with_sources(
        &self,
        bar: &ProgressBar,
        work: impl FnOnce(&[&dyn TableSource]) -> Result<Counts, TableError>,
    ) -> Result<Counts, TableError> {
        let Self {
            tables, mapping, ..
        } = self;
        self.options
            .with_sources(tables, mapping, self.provenance, bar, work)
    }

    /// Hands the triples of all files to `sink`; blank nodes of one RDF file are never those of another.
    fn give(&self, bar: &ProgressBar, sink: &mut Walk<'_>) -> anyhow::Result<()> {
        let rdf: u64 = self.rdf.iter().map(|path| input::length(path)).sum();
        bar.set_length(rdf + self.options.length(&self.tables));
        for (path, number) in self.rdf.iter().zip(1..) {
            input::read_file(path, bar, |reader, format| match self.rdf.len() {
                1 => stream::read(reader, format, None, &mut *sink),
                _ => {
                    let mut sink = OfFile::new(&mut *sink, format!(".{number}"));
                    stream::read(reader, format, None, &mut sink)
                }
            })?;
            sink.graph = GraphName::DefaultGraph;
        }
        if !self.tables.is_empty() {
            let (mapping, provenance) = (&self.mapping, self.provenance);
            self.with_sources(bar, |sources| {
                give_triples(
                    sources,
                    mapping,
                    provenance,
                    workers(),
                    sink,
                    &mut SaidBefore,
                )
            })?;
        }
        Ok(())
    }
}

#[cfg(feature = "rocksdb")]
fn names(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    paths.iter().map(name).collect()
}

/// Leaves faulty rows out, of which the user was told.
struct SaidBefore;

impl Report for SaidBefore {
    fn fault(&mut self, _: &str, _: &Fault) -> io::Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

/// Has `give` hand triples over to `take`, until that fails.
fn walk(
    take: Take<'_>,
    give: impl FnOnce(&mut Walk<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut walk = Walk {
        graph: GraphName::DefaultGraph,
        take,
        failure: None,
    };
    let given = give(&mut walk);
    match walk.failure {
        Some(failure) => Err(failure),
        None => given,
    }
}

struct Walk<'t> {
    graph: GraphName,
    take: Take<'t>,
    failure: Option<anyhow::Error>,
}

impl TripleSink for Walk<'_> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.graph = name.into_owned();
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        (self.take)(self.graph.as_ref(), triple).map_err(|failure| {
            self.failure = Some(failure);
            io::Error::other("stopped")
        })
    }
}
