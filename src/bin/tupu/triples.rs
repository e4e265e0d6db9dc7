//! The triples that a store is to hold, from a project or a file, one after the other.

use std::io;
use std::path::PathBuf;

use anyhow::bail;
use indicatif::ProgressBar;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::{GraphName, GraphNameRef, TripleRef};
use tupu::prefix::PrefixMap;
use tupu::rdf::{ProvenanceProfile, TripleSink, write_triples};
use tupu::stream;

use crate::args::Origin;
use crate::commands::load_sound;
use crate::input;

/// What is done with each triple.
type Take<'t> = &'t mut dyn FnMut(GraphNameRef<'_>, TripleRef<'_>) -> anyhow::Result<()>;

/// Where the triples come from.
#[derive(Debug)]
pub(crate) enum Triples {
    /// The export of a project.
    Project(Box<KnowledgeGraph>, ProvenanceProfile),
    /// An RDF file, which is read as often as it is needed.
    File(PathBuf),
}

impl Triples {
    /// Those of `origin`; `None` where a project has errors, which are then said.
    pub(crate) fn of(
        origin: &Origin,
        provenance: ProvenanceProfile,
    ) -> anyhow::Result<Option<Self>> {
        match origin.graph.as_slice() {
            [] => Ok(load_sound(&origin.project)?
                .map(|loaded| Self::Project(Box::new(loaded.graph), provenance))),
            [file] => Ok(Some(Self::File(file.clone()))),
            _ => bail!("this command takes one --graph FILE"),
        }
    }

    /// What they are: the project with its version, or the name of the file.
    #[cfg(feature = "rocksdb")]
    pub(crate) fn source(&self) -> String {
        match self {
            Self::Project(graph, _) => {
                let project = graph.project();
                format!("{} {}", project.name, project.version)
            }
            Self::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }
        }
    }

    /// Prefixes for messages.
    pub(crate) fn prefixes(&self) -> PrefixMap {
        match self {
            Self::Project(graph, _) => graph.project().prefixes.clone(),
            Self::File(_) => PrefixMap::well_known(),
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
            Self::File(path) => walk(take, |sink| {
                input::read_file(path, bar, |reader, format| {
                    stream::read(reader, format, None, sink)
                })
            }),
        }
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
