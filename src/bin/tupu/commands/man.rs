//! `tupu man`: manual pages.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};

use super::Outcome;
use crate::args::Arguments;
use crate::output::{self, Target};
use crate::report;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu man ~/.local/share/man/man1         then `man tupu`, `man tupu-path`
  tupu man pages                           one page a command, the same bytes every time")]
pub(crate) struct Man {
    /// Folder for the pages; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(options: &Man) -> anyhow::Result<Outcome> {
    let folder = &options.folder;
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let version = format!("tupu {}", command.get_version().unwrap_or_default());
    let mut written = Vec::new();
    for page in pages(&command) {
        // No date, which would change the bytes from day to day; a blank keeps its place.
        let page = page.date(" ").source(version.as_str());
        let text = text(&page)?;
        let target = Target::File(folder.join(page.get_filename()));
        written.push(output::write(&target, |out| {
            out.write_all(text.as_bytes())
        })?);
    }
    let count = written.len();
    for page in written {
        page.publish()?;
    }
    report::note(&format!("{count} pages in {}", folder.display()));
    Ok(Outcome::Fine)
}

/// A page in which the examples have a heading of their own.
fn text(page: &clap_mangen::Man) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    page.render(&mut bytes)?;
    let text = String::from_utf8(bytes)?;
    Ok(text.replacen(".SH EXTRA\nExamples:\n", ".SH EXAMPLES\n", 1))
}

/// The page of a command, and those of the commands below it.
fn pages(command: &clap::Command) -> Vec<clap_mangen::Man> {
    let mut pages = vec![clap_mangen::Man::new(command.clone())];
    pages.extend(command.get_subcommands().flat_map(self::pages));
    pages
}
