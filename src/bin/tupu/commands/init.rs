//! `tupu init`: a new graph project, small and fictional, that checks and exports at once.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;

use super::Outcome;
use crate::output::{self, Target};
use crate::report;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu init twin-cities                                then cd twin-cities && tupu check
  tupu check --project twin-cities/data --source twin-cities/page.txt")]
pub(crate) struct Init {
    /// Folder to make; it must not exist or be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// The files of the new project.
const FILES: &[(&str, &str)] = &[
    ("data/project.toml", include_str!("init/project.toml")),
    ("data/schema.toml", include_str!("init/schema.toml")),
    ("data/sources.toml", include_str!("init/sources.toml")),
    (
        "data/entities/cities.toml",
        include_str!("init/entities/cities.toml"),
    ),
    (
        "data/articles/01-twin-cities.toml",
        include_str!("init/articles/01-twin-cities.toml"),
    ),
    ("page.txt", include_str!("init/page.txt")),
];

pub(crate) fn run(options: &Init) -> anyhow::Result<Outcome> {
    let folder = &options.folder;
    let failed = || format!("cannot make the folder `{}`", folder.display());
    if let Ok(mut entries) = fs::read_dir(folder)
        && entries.next().is_some()
    {
        bail!("`{}` is not empty; name a new folder", folder.display());
    }
    for (name, text) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(failed)?;
        }
        let write = |out: &mut dyn std::io::Write| out.write_all(text.as_bytes());
        output::write(&Target::File(path), write)?.publish()?;
    }
    let folder = folder.display();
    report::note(&format!(
        "{folder}: a new graph project in data/, and the text that its facts are taken from\n\n\
         Next:\n  \
         cd {folder}\n  \
         tupu check --source page.txt    each fact against the text\n  \
         tupu export                     out/my-graph.ttl and out/my-graph.dot\n  \
         tupu why 甲市发展局 乙市发展局\n\n\
         The files in data/ explain themselves; change them into your own."
    ));
    Ok(Outcome::Fine)
}
