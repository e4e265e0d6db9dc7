//! Command line of `tupu`.

mod answer;
mod args;
mod asked;
mod commands;
mod complete;
mod connection;
mod embedded;
mod fences;
mod graphviz;
mod input;
mod interrupt;
mod journal;
mod kept;
mod manifest;
mod output;
mod progress;
mod report;
mod rows;
mod server;
mod session;
mod solutions;
mod sorting;
mod table;
mod table_rows;
mod tables;
mod temporary;
mod triples;
mod views;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::commands::Outcome;

fn main() -> ExitCode {
    let outcome = match complete::answer_shell() {
        Ok(true) => Ok(Outcome::Fine),
        Ok(false) => run(Arguments::parse()),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let origin = &arguments.origin;
    if !arguments.reads_tables() {
        origin.tables.refuse()?;
    }
    match arguments.command {
        Command::Check(options) => commands::check::run(origin.project()?, &options),
        Command::Locate(options) => commands::locate::run(origin.project()?, &options),
        Command::Coverage(options) => commands::coverage::run(origin, &options),
        Command::Export(options) => commands::export::run(origin, options),
        Command::Convert(options) => commands::convert::run(&options),
        Command::Draw(options) => commands::draw::run(origin, &options),
        Command::Markdown(options) => commands::markdown::run(origin.project()?, &options),
        Command::Mdbook(options) => commands::mdbook::run(origin.project()?, &options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::Load(options) => commands::load::run(origin, &options),
        Command::Push(options) => commands::push::run(origin, &options),
        Command::Verify(options) => commands::verify::run(origin, &options),
        Command::Serve(options) => commands::serve::run(origin, options),
        Command::Init(options) => commands::init::run(&options),
        Command::Ask(question) => question.run(origin),
        Command::Shell(options) => commands::shell::run(origin.clone(), options),
        Command::Completions(options) => commands::completions::run(&options),
        Command::Man(options) => commands::man::run(&options),
    }
}

/// Whether the reader of our output went away, which is its right.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
