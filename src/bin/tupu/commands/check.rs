//! `tupu check`: faults of the project.

use std::path::Path;

use super::{Outcome, read_sources, verify_sound};
use crate::args::Check;
use crate::report;

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
