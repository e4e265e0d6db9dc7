//! Command line of `tupu`.

mod answer;
mod args;
mod commands;
mod complete;
mod connection;
mod fences;
mod graphviz;
mod input;
mod journal;
mod manifest;
mod output;
mod report;
mod rows;
mod server;
mod solutions;
mod table;
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
    match arguments.command {
        Command::Check(options) => commands::check::run(origin.project()?, &options),
        Command::Locate(options) => commands::locate::run(origin.project()?, &options),
        Command::Coverage(options) => commands::coverage::run(origin, &options),
        Command::Export(options) => commands::export::run(origin.project()?, options),
        Command::Draw(options) => commands::draw::run(origin, &options),
        Command::Markdown(options) => commands::markdown::run(origin.project()?, &options),
        Command::Mdbook(options) => commands::mdbook::run(origin.project()?, &options),
        Command::Search(options) => commands::search::run(origin, &options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::Push(options) => commands::push::run(origin, &options),
        Command::Verify(options) => commands::verify::run(origin, &options),
        Command::Serve(options) => commands::serve::run(origin, options),
        Command::Query(options) => commands::query::run(origin.clone(), options),
        Command::Init(options) => commands::init::run(&options),
        Command::Show(options) => commands::show::run(origin, &options),
        Command::List(options) => commands::list::run(origin, &options),
        Command::Neighbors(options) => commands::neighbors::run(origin, &options),
        Command::Path(options) => commands::path::run(origin, &options),
        Command::Common(options) => commands::common::run(origin, &options),
        Command::Why(options) => commands::why::run(origin, &options),
        Command::Targets(options) => commands::targets::run(origin, &options),
        Command::Timeline(options) => commands::timeline::run(origin, &options),
        Command::Numbers(options) => commands::numbers::run(origin, &options),
        Command::Completions(options) => commands::completions::run(&options),
        Command::Stats(options) => commands::stats::run(origin, &options),
    }
}

/// Whether the reader of our output went away, which is its right.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
