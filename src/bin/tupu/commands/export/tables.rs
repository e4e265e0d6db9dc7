//! `tupu export NODES EDGES`: tables to RDF, without a graph in between.

use std::io::Write;
use std::path::PathBuf;
use std::thread;

use anyhow::bail;
use tupu::rdf::ProvenanceProfile;
use tupu::table::{Counts, LineProfile, Report, TableError, write_lines, write_turtle};

use super::{ExportFormat, Outcome};
use crate::output::{self, Target};
use crate::report;
use crate::tables::{self, TableOptions};

/// Threads that convert rows; more find no work.
const MOST_WORKERS: usize = 8;

pub(super) fn run(
    paths: &[PathBuf],
    options: &TableOptions,
    format: ExportFormat,
    profile: ProvenanceProfile,
    target: &Target,
) -> anyhow::Result<Outcome> {
    let has_graphs = format == ExportFormat::Nquads;
    match format {
        ExportFormat::Ntriples | ExportFormat::Nquads => {}
        ExportFormat::Turtle if profile == ProvenanceProfile::None => {}
        ExportFormat::Turtle => {
            bail!("tables become Turtle without provenance only; take --format ntriples or nquads")
        }
        _ => bail!("tables are exported as --format ntriples, nquads or turtle"),
    }
    let Some(mapping) = options.mapping()? else {
        return Ok(Outcome::No);
    };
    let tables = tables::open(paths, format == ExportFormat::Turtle)?;
    let sources = tables::sources(&tables);
    let profile = LineProfile {
        provenance: profile,
        has_graphs,
    };
    let convert = |out: &mut dyn Write, report: &mut dyn Report| match format {
        ExportFormat::Turtle => write_turtle(&sources, &mapping, out, report),
        _ => write_lines(&sources, &mapping, profile, workers(), out, report),
    };

    let mut written = None;
    let counts = options.report("nothing exported", |report| {
        let (counts, output) = write(target, |out| convert(out, report))?;
        written = Some(output);
        Ok(counts)
    })?;
    let (Some(counts), Some(written)) = (counts, written) else {
        return Ok(Outcome::No);
    };
    written.publish()?;
    say(target, &counts);
    Ok(Outcome::Fine)
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(MOST_WORKERS))
}

/// Writes what `convert` gives to the target.
fn write(
    target: &Target,
    convert: impl FnOnce(&mut dyn Write) -> Result<Counts, TableError>,
) -> anyhow::Result<(Counts, output::Written)> {
    let mut converted = Ok(Counts::default());
    let written = output::write(target, |out| match convert(out) {
        Err(TableError::Write(error)) => Err(error),
        other => {
            converted = other;
            Ok(())
        }
    })?;
    Ok((converted?, written))
}

fn say(target: &Target, counts: &Counts) {
    if let Target::File(path) = target {
        report::note(&format!(
            "{}: {} rows of nodes, {} of edges",
            path.display(),
            counts.nodes,
            counts.edges
        ));
    }
    tables::warn_of_unknown(counts);
}
