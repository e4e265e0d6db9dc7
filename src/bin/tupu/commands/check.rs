//! `tupu check`: faults of the project.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, read_sources, verify_sound};
use crate::report;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu check                        names, references, types, dates, positions
  tupu check --source page.txt      also that each fact points at the words that it claims")]
pub(crate) struct Check {
    /// Plain text of a source document, to hold the facts against; may be given several times
    #[arg(long, value_name = "FILE")]
    source: Vec<PathBuf>,
}

pub(crate) fn run(project: &Path, options: &Check) -> anyhow::Result<Outcome> {
    let texts = read_sources(&options.source)?;
    let Some(loaded) = verify_sound(project, &texts)? else {
        return Ok(Outcome::No);
    };
    let graph = &loaded.graph;
    report::note(&format!(
        "{}: no faults in {} files; {} entities, {} facts between them, {} facts with a literal value",
        project.display(),
        loaded.files.files.len(),
        graph.node_count(),
        graph.edge_count(),
        graph.literal_count(),
    ));
    if !texts.is_empty() {
        report::note(&format!(
            "{} names and facts point at the words that they claim",
            loaded.verified
        ));
    }
    Ok(Outcome::Fine)
}
