//! `tupu shell`: one question after the other.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::PathBuf;
use std::thread;

use anyhow::{Context as _, bail};
use clap::Args;

use super::Outcome;
use super::query::STACK;
use crate::args::Origin;
use crate::session::{Session, converse, run_script};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu shell                                   at a terminal: a prompt
  tupu shell questions.txt                     from a file
  tupu shell -c 'show 成都市' -c 'path cq-drc cd-drc'
  tupu shell --graph other.ttl < questions.txt

A line is a command that asks, as behind `tupu`, or SPARQL, which may take several lines: it ends where
it is complete, or at an empty line. `.help` lists the rest. A script ends at the first line that could
not run.
Exit status: 0 everything found, 1 some question found nothing, 2 some could not run.")]
pub(crate) struct Shell {
    /// File with questions, one a line (- is standard input)
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Ask this question, and no others; may be given several times
    #[arg(
        long = "command",
        short,
        value_name = "COMMAND",
        conflicts_with = "file"
    )]
    commands: Vec<String>,

    /// Neither read nor write the history of questions
    #[arg(long)]
    no_history: bool,
}

pub(crate) fn run(origin: Origin, options: Shell) -> anyhow::Result<Outcome> {
    // Where SPARQL ends is found by reading it, which follows its nesting on the stack.
    let session = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || ask(origin, &options))
        .context("cannot start a thread")?;
    match session.join() {
        Ok(outcome) => outcome,
        Err(_) => bail!("the session ended unexpectedly"),
    }
}

fn ask(origin: Origin, options: &Shell) -> anyhow::Result<Outcome> {
    let Some(mut session) = Session::new(origin)? else {
        return Ok(Outcome::No);
    };
    let is_conversation = options.file.is_none() && options.commands.is_empty();
    if is_conversation && io::stdin().is_terminal() && io::stdout().is_terminal() {
        return converse(&mut session, !options.no_history);
    }
    let (name, text) = script(options)?;
    run_script(&mut session, &name, &text)
}

/// The questions that are not asked at a prompt, and where they come from.
fn script(options: &Shell) -> anyhow::Result<(String, String)> {
    if !options.commands.is_empty() {
        return Ok(("--command".to_owned(), options.commands.join("\n")));
    }
    let file = options.file.as_ref().filter(|it| it.as_os_str() != "-");
    let (name, bytes) = match file {
        Some(path) => {
            let shown = path.display().to_string();
            let bytes = fs::read(path).with_context(|| format!("cannot read `{shown}`"))?;
            (shown, bytes)
        }
        None => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            ("standard input".to_owned(), bytes)
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            bail!("{name}:{line}: not UTF-8 from here on")
        }
    }
}
