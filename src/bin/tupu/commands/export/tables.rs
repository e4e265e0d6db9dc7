//! `tupu export NODES EDGES`: tables to RDF, without a graph in between.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use tupu::rdf::{ProvenanceProfile, RdfFormat};
use tupu::table::{
    Counts, LineProfile, Report, TableError, give_triples, write_lines, write_turtle,
};

use super::{ExportFormat, Outcome};
use crate::output::{self, Target};
use crate::progress::{waiting_for, writing};
use crate::report;
use crate::sorting::SortOptions;
use crate::tables::{self, TableOptions, length_of_nodes, workers};

/// How the rows become a document.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// In their order.
    Lines(LineProfile),
    /// One block a node, nodes in the order of their rows, without what edges say beside their triple.
    Grouped,
    /// By graph, subject, predicate and object.
    Sorted(RdfFormat, ProvenanceProfile),
}

impl Way {
    fn of(format: ExportFormat, provenance: ProvenanceProfile) -> anyhow::Result<Self> {
        let lines = |has_graphs| {
            Self::Lines(LineProfile {
                provenance,
                has_graphs,
            })
        };
        Ok(match format {
            ExportFormat::Ntriples => lines(false),
            ExportFormat::Nquads => lines(true),
            ExportFormat::Turtle if provenance == ProvenanceProfile::None => Self::Grouped,
            ExportFormat::Turtle => Self::Sorted(RdfFormat::Turtle, provenance),
            ExportFormat::Trig => Self::Sorted(RdfFormat::TriG, provenance),
            _ => bail!("tables are exported as --format ntriples, nquads, turtle or trig"),
        })
    }
}

pub(super) fn run(
    paths: &[PathBuf],
    options: &TableOptions,
    sorting: &SortOptions,
    format: ExportFormat,
    profile: ProvenanceProfile,
    target: &Target,
) -> anyhow::Result<Outcome> {
    let way = Way::of(format, profile)?;
    let Some(mapping) = options.mapping()? else {
        return Ok(Outcome::No);
    };
    let tables = options.open(paths, matches!(way, Way::Grouped))?;
    let bar = writing("exporting", target);
    bar.set_length(options.length(&tables));
    if let Way::Grouped = way {
        bar.inc_length(length_of_nodes(&tables, &mapping));
    }
    let convert = |out: &mut dyn Write, report: &mut dyn Report| {
        options.with_sources(&tables, &mapping, profile, &bar, |sources| match way {
            Way::Lines(profile) => write_lines(sources, &mapping, profile, workers(), out, report),
            Way::Grouped => write_turtle(sources, &mapping, out, report),
            Way::Sorted(format, profile) => {
                let mut sorter = sorting.sorter(&mapping.prefixes, target);
                let counts =
                    give_triples(sources, &mapping, profile, workers(), &mut sorter, report)?;
                bar.finish_and_clear();
                let sorting = waiting_for("sorting", target);
                sorter.finish()?.write(format, out)?;
                sorting.finish_and_clear();
                Ok(counts)
            }
        })
    };

    let mut written = None;
    let counts = options.report("nothing exported", &bar, |report| {
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
