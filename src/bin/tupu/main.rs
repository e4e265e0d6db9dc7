//! Command line of `tupu`.

mod answer;
mod args;
mod commands;
mod connection;
mod fences;
mod graphviz;
mod input;
mod manifest;
mod output;
mod report;
mod solutions;
mod table;
mod views;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::commands::Outcome;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
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
    let project = &arguments.project;
    match arguments.command {
        Command::Check(options) => commands::check::run(project, &options),
        Command::Locate(options) => commands::locate::run(project, &options),
        Command::Coverage(options) => commands::coverage::run(project, &options),
        Command::Export(options) => commands::export::run(project, options),
        Command::Draw(options) => commands::draw::run(project, &options),
        Command::Markdown(options) => commands::markdown::run(project, &options),
        Command::Mdbook(options) => commands::mdbook::run(project, &options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::Push(options) => commands::push::run(project, &options),
        Command::Verify(options) => commands::verify::run(project, &options),
        Command::Query(options) => commands::query::run(project, options),
        Command::Search(options) => commands::search::run(project, &options),
        Command::Show(options) => commands::show::run(project, &options),
        Command::Neighbors(options) => commands::neighbors::run(project, &options),
        Command::Init(options) => commands::init::run(&options),
        Command::Path(options) => commands::path::run(project, &options),
        Command::Why(options) => commands::why::run(project, &options),
    }
}

/// Whether the reader of our output went away, which is its right.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
