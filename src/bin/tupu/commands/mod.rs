//! One file a command.

pub(crate) mod check;

use std::path::Path;

use anyhow::Context as _;
use tupu::load::{Loaded, load_project};

use crate::report;

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Found, or fine.
    Fine,
    /// Nothing found, or the data has errors.
    No,
}

/// Reads the project and reports what is wrong with it; `None` if that is too much to go on.
fn load_sound(project: &Path) -> anyhow::Result<Option<Loaded>> {
    let loaded = load_project(project)
        .with_context(|| "the graph project cannot be read (choose it with --project DIR)")?;
    report::diagnostics(&loaded.files, &loaded.diagnostics);
    Ok(loaded.is_sound().then_some(loaded))
}
