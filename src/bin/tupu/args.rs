//! The command line as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{
    check::Check, coverage::Coverage, diff::Diff, draw::Draw, export::Export, init::Init,
    locate::Locate, markdown::Markdown, mdbook::Mdbook, neighbors::Neighbors, path::Path,
    push::Push, query::Query, search::Search, show::Show, verify::Verify, why::Why,
};

/// Knowledge graphs from hand-curated facts: checked, exported, drawn and asked
///
/// A graph project is a folder of TOML files (data/ by default). Every fact in it says where the
/// source says so. tupu checks the project, writes it as RDF Turtle and as a diagram, and answers
/// how things are related.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Examples:
  tupu check                          look for faults in data/
  tupu export                         write out/NAME.ttl and out/NAME.dot
  tupu show 金凤实验室                 what the graph knows of one entity
  tupu why 金凤实验室 天府锦城实验室     the facts between two, and where they stand
  tupu path cq-drc cd-drc             how two entities are related
  tupu query --list                   questions that have a name
  tupu diff ../before/data data       what changed from one version to the next

Exit status: 0 found or fine, 1 nothing found or the data has errors, 2 could not run."
)]
pub(crate) struct Arguments {
    /// Folder of the graph project
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    pub(crate) project: PathBuf,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look for faults in the project, all of them in one run
    Check(Check),
    /// Start a new graph project: a small fictional example that checks and exports at once
    Init(Init),
    /// Find where words stand in a source, as positions for `at`
    Locate(Locate),
    /// Say how much of each article's words the facts use, and what they leave out
    Coverage(Coverage),
    /// Write the graph as RDF Turtle, N-Triples and DOT
    Export(Export),
    /// Draw views of the graph as figures
    Draw(Box<Draw>),
    /// Put figures into Markdown files, behind the fences that ask for them
    Markdown(Markdown),
    /// Put figures into a book, as a preprocessor of mdBook
    Mdbook(Mdbook),
    /// Say what changed between two graphs: projects or RDF files
    Diff(Diff),
    /// Fill a triple store with the graph, by HTTP, and prove that it arrived
    Push(Push),
    /// Prove that a triple store, or an RDF file, holds the graph
    Verify(Verify),
    /// Ask the graph in SPARQL: SELECT, ASK, CONSTRUCT, DESCRIBE, or a query with a name
    Query(Query),
    /// Say what the graph knows of an entity: names, facts, in both directions
    Show(Show),
    /// Look for entities by any part or spelling of their names
    Search(Search),
    /// List what an entity is directly related to
    Neighbors(Neighbors),
    /// Find the shortest ways from one entity to another
    Path(Path),
    /// List the facts between two entities and where the source says so
    Why(Why),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

/// How answers are shown.
#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// How to show the answer
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// Language of names and slots, one of the project's (its first, where not given)
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
}

/// Which of the entities that a name may mean is meant.
#[derive(Debug, Default, Args)]
pub(crate) struct Naming {
    /// Only an entity of this class, or of one below it, is meant
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,

    /// Short forms mean what they do in this article
    #[arg(long, value_name = "NAME")]
    pub(crate) article: Option<String>,
}
