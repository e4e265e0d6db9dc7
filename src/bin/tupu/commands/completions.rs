//! `tupu completions`: a script that makes a shell complete what stands behind `tupu`.

use std::env;
use std::path::{PathBuf, absolute};

use clap::Args;

use super::Outcome;
use crate::complete::{Shell, registration};
use crate::output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  source <(tupu completions bash)                     in ~/.bashrc
  source <(tupu completions zsh)                      in ~/.zshrc, after compinit
  tupu completions fish | source                      in ~/.config/fish/config.fish
  tupu completions powershell | Out-String | Invoke-Expression
  eval (tupu completions elvish | slurp)

Completed are commands, options, files, and the names of the graph that --project or --graph asks:
entities, classes, slots, articles, views and queries.")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(options: &Completions) -> anyhow::Result<Outcome> {
    let script = registration(options.shell, &program().to_string_lossy())?;
    output::print(&script)?;
    Ok(Outcome::Fine)
}

/// The program as it was run, so that the shell finds it from any folder.
fn program() -> PathBuf {
    let name = env::args_os()
        .next()
        .map_or_else(|| "tupu".into(), PathBuf::from);
    let is_found_by_name = name.components().count() == 1;
    match absolute(&name) {
        Ok(path) if !is_found_by_name => path,
        _ => name,
    }
}
