//! `tupu check`: faults of the project.

use std::path::Path;

use super::{Outcome, load_sound};
use crate::report;

pub(crate) fn run(project: &Path) -> anyhow::Result<Outcome> {
    let Some(loaded) = load_sound(project)? else {
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
    Ok(Outcome::Fine)
}
