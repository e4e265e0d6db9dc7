//! `tupu export --format kgx-tsv` and others: the graph as files for tools of analysis.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tupu::model::KnowledgeGraph;
use tupu::property_graph::{self, TableCounts, TableFile, TableFormat};

use super::Provenance;
use crate::args::Origin;
use crate::commands::{Outcome, load_sound, read_graph};
use crate::output::{self, Compression, Target, Written};
use crate::progress::waiting_for;
use crate::report;

const BUFFER: usize = 1 << 16;

/// Where the files go.
pub(super) enum Destination {
    /// Into a folder, under names of their own.
    Folder(PathBuf),
    /// The only one to this place.
    One(Target),
}

pub(super) fn run(
    origin: &Origin,
    format: TableFormat,
    provenance: Provenance,
    destination: &Destination,
) -> anyhow::Result<Outcome> {
    let with_evidence = match provenance {
        Provenance::None => false,
        Provenance::Reified => true,
        Provenance::Graphs | Provenance::Rdf12 => {
            bail!(
                "these tables have their evidence in columns, or with --provenance none not at all"
            )
        }
    };
    if let (Destination::One(_), [_, _, ..]) = (destination, format.files()) {
        let files: Vec<_> = format.files().iter().map(|it| it.suffix).collect();
        bail!(
            "this format is several files (NAME{}); take --output DIR",
            files.join(", NAME")
        );
    }
    let graph = match origin.graph.as_slice() {
        [] => match load_sound(&origin.project)? {
            Some(loaded) => loaded.graph,
            None => return Ok(Outcome::No),
        },
        files => match read_graph(files, &origin.tables, &[])? {
            Some(graph) => graph,
            None => return Ok(Outcome::No),
        },
    };
    if let Destination::Folder(folder) = destination {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    let mut outputs: Vec<(Written, Target, TableCounts)> = Vec::new();
    for file in format.files() {
        let target = match destination {
            Destination::One(target) => target.clone(),
            Destination::Folder(folder) => {
                let name = name(&graph, &origin.graph);
                Target::File(folder.join(format!("{name}{}", file.suffix)))
            }
        };
        let (written, counts) = write(&graph, format, *file, with_evidence, &target)?;
        outputs.push((written, target, counts));
    }
    let mut said = Vec::new();
    for (written, target, counts) in outputs {
        written.publish()?;
        said.push((target, counts));
    }
    for (target, counts) in said {
        if let Target::File(path) = target {
            report::note(&format!("{}: {}", path.display(), words(counts)));
        }
    }
    Ok(Outcome::Fine)
}

fn write(
    graph: &KnowledgeGraph,
    format: TableFormat,
    file: TableFile,
    with_evidence: bool,
    target: &Target,
) -> anyhow::Result<(Written, TableCounts)> {
    let mut counts = TableCounts::default();
    let bar = waiting_for("writing", target);
    let written = output::write(target, |out| {
        let mut out = BufWriter::with_capacity(BUFFER, out);
        counts = property_graph::write(graph, format, file, with_evidence, &mut out)?;
        out.flush()
    });
    bar.finish_and_clear();
    let written = written?;
    Ok((written, counts))
}

fn words(counts: TableCounts) -> String {
    let parts = [
        (counts.nodes, "nodes"),
        (counts.edges, "edges"),
        (counts.triples, "triples"),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(count, of)| Some(format!("{} {of}", count?)));
    parts.collect::<Vec<_>>().join(", ")
}

/// What the files are called after: the project, or the first file that the graph was read from.
fn name(graph: &KnowledgeGraph, files: &[PathBuf]) -> String {
    let project = &graph.project().name;
    if !project.is_empty() {
        return project.clone();
    }
    let name = files.first().and_then(|path| path.file_name()?.to_str());
    let name = Compression::strip_extension(name.unwrap_or_default());
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
    stem.filter(|stem| *stem != "-")
        .unwrap_or("graph")
        .to_owned()
}
