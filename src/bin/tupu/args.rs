//! The command line as clap reads it.

use std::num::NonZeroUsize;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, Parser, Subcommand, ValueEnum};
use tupu::model::KnowledgeGraph;
use tupu::rdf::ProvenanceProfile;

use crate::commands::{
    self, Outcome, check::Check, common::Common, completions::Completions, convert::Convert,
    coverage::Coverage, diff::Diff, draw::Draw, export::Export, init::Init, list::List, load::Load,
    locate::Locate, man::Man, markdown::Markdown, mdbook::Mdbook, neighbors::Neighbors,
    numbers::Numbers, path::Path, push::Push, query::Query, search::Search, serve::Serve,
    shell::Shell, show::Show, stats::Stats, targets::Targets, timeline::Timeline, verify::Verify,
    why::Why,
};
use crate::input::is_table;
use crate::kept::{Askable, Kept, Triples};
use crate::tables::TableOptions;

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
  tupu list Agreement                 the entities of a class
  tupu targets --due-before 2027      what is to be reached, and by when
  tupu stats --graph other.ttl        any RDF file, in place of a project
  tupu query --list                   questions that have a name
  tupu diff ../before/data data       what changed from one version to the next

Exit status: 0 found or fine, 1 nothing found or the data has errors, 2 could not run."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) origin: Origin,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Whether options of tables have something to be about; those of `convert` are its own.
    pub(crate) fn reads_tables(&self) -> bool {
        let is_of_command = match &self.command {
            Command::Export(options) => options.has_tables(),
            Command::Convert(_) => true,
            _ => false,
        };
        is_of_command || self.origin.graph.iter().any(|path| is_table(path))
    }
}

/// Where the graph comes from.
#[derive(Clone, Debug, Args)]
pub(crate) struct Origin {
    /// Folder of the graph project
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    pub(crate) project: PathBuf,

    /// RDF file or table to ask in place of a project: ttl, nt, nq, trig, rdf, jsonld; tsv, csv, jsonl;
    /// also .gz and .zst; may be given several times
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) graph: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) tables: TableOptions,

    #[arg(skip)]
    kept: Kept,
}

impl Origin {
    /// Where a graph comes from that was not read yet.
    pub(crate) fn new(project: PathBuf, graph: Vec<PathBuf>, tables: TableOptions) -> Self {
        let kept = Kept::default();
        Self {
            project,
            graph,
            tables,
            kept,
        }
    }

    /// The graph that is asked; `None` if its project or tables have errors, which are reported.
    pub(crate) fn askable(&self) -> anyhow::Result<Option<Askable>> {
        if self.graph.is_empty() {
            self.kept.project(&self.project)
        } else {
            self.kept.files(&self.graph, &self.tables)
        }
    }

    /// The graph of the project, even where files are asked in its place.
    pub(crate) fn askable_project(&self) -> anyhow::Result<Option<Askable>> {
        self.kept.project(&self.project)
    }

    /// The triples that are asked: those of files, else of `project`; `None` if tables have errors, which
    /// are reported.
    pub(crate) fn triples(
        &self,
        project: Option<&KnowledgeGraph>,
        profile: ProvenanceProfile,
    ) -> anyhow::Result<Option<Arc<Triples>>> {
        match project {
            Some(project) if self.graph.is_empty() => {
                self.kept.project_triples(project, profile).map(Some)
            }
            _ => self.kept.file_triples(&self.graph, &self.tables),
        }
    }

    /// The folder of the project, for a command that cannot do with an RDF file.
    pub(crate) fn project(&self) -> anyhow::Result<&FilePath> {
        if !self.graph.is_empty() {
            bail!("this command works on a graph project (--project DIR), not on --graph FILE");
        }
        Ok(&self.project)
    }
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
    /// Write the graph as RDF, DOT, or tables for analysis
    Export(Export),
    /// Turn RDF of one format into another, whatever its size
    Convert(Convert),
    /// Draw views of the graph as figures
    Draw(Box<Draw>),
    /// Put figures into Markdown files, behind the fences that ask for them
    Markdown(Markdown),
    /// Put figures into a book, as a preprocessor of mdBook
    Mdbook(Mdbook),
    /// Say what changed between two graphs: projects or RDF files
    Diff(Diff),
    /// Fill a triple store in a folder with the graph, and prove that it arrived
    Load(Load),
    /// Fill a triple store with the graph, by HTTP, and prove that it arrived
    Push(Push),
    /// Prove that a triple store, or an RDF file, holds the graph
    Verify(Verify),
    #[command(flatten)]
    Ask(Ask),
    /// Serve the graph by HTTP: a SPARQL endpoint, and a page for each entity
    Serve(Serve),
    /// Ask one question after the other, with completion of names and history
    Shell(Shell),
    /// Print a script that completes commands and names in your shell
    Completions(Completions),
    /// Write the manual pages
    Man(Man),
}

/// What asks the graph.
#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// Ask the graph in SPARQL: SELECT, ASK, CONSTRUCT, DESCRIBE, or a query with a name
    Query(Query),
    /// Say what the graph knows of an entity: names, facts, in both directions
    Show(Show),
    /// Look for entities by any part or spelling of their names
    Search(Search),
    /// List the entities of a class, by what is said of them
    List(List),
    /// List what lies around an entity
    Neighbors(Neighbors),
    /// Find ways from one entity to another
    Path(Path),
    /// Say what two entities have in common
    Common(Common),
    /// List the facts between two entities and where the source says so
    Why(Why),
    /// List what is to be reached, and by when
    Targets(Targets),
    /// List what is dated, in order of time
    Timeline(Timeline),
    /// List every number with its unit
    Numbers(Numbers),
    /// Count entities and facts
    Stats(Stats),
}

impl Ask {
    pub(crate) fn run(self, origin: &Origin) -> anyhow::Result<Outcome> {
        match self {
            Self::Query(options) => commands::query::run(origin.clone(), options),
            Self::Show(options) => commands::show::run(origin, &options),
            Self::Search(options) => commands::search::run(origin, &options),
            Self::List(options) => commands::list::run(origin, &options),
            Self::Neighbors(options) => commands::neighbors::run(origin, &options),
            Self::Path(options) => commands::path::run(origin, &options),
            Self::Common(options) => commands::common::run(origin, &options),
            Self::Why(options) => commands::why::run(origin, &options),
            Self::Targets(options) => commands::targets::run(origin, &options),
            Self::Timeline(options) => commands::timeline::run(origin, &options),
            Self::Numbers(options) => commands::numbers::run(origin, &options),
            Self::Stats(options) => commands::stats::run(origin, &options),
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs: one value
    Json,
    /// For programs: one value a line
    Ndjson,
    /// Comma-separated, as RFC 4180 has it
    Csv,
    /// Tab-separated; tabs and line ends as \t and \n
    Tsv,
    /// A table for documents
    Markdown,
}

/// How answers are shown.
#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// How to show the answer
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// Language of names and slots, one of the graph's, or `both` for all of them (its first, where
    /// not given)
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
}

/// How answers of several rows are shown.
#[derive(Debug, Args)]
pub(crate) struct Rows {
    #[command(flatten)]
    pub(crate) answer: Answer,

    /// Most rows to show
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<NonZeroUsize>,

    /// Show where the source says so: article and position, or the rows of tables
    #[arg(long)]
    pub(crate) evidence: bool,

    /// Plain text of a source document, to show the words of the evidence
    #[arg(long, value_name = "FILE")]
    pub(crate) source: Vec<PathBuf>,

    /// Print a SPARQL query that gives these rows on the exported Turtle, or say why there is none
    #[arg(long, conflicts_with_all = ["format", "lang", "limit", "evidence", "source"])]
    pub(crate) sparql: bool,
}

impl Rows {
    /// Whether the evidence is to be shown.
    pub(crate) fn with_evidence(&self) -> bool {
        self.evidence || !self.source.is_empty()
    }
}

/// Which of the entities that a name may mean is meant.
#[derive(Debug, Default, Args)]
pub(crate) struct Naming {
    /// Only an entity of this class, or of one below it, is meant
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,

    /// Short forms mean what they do in this article
    #[arg(long, value_name = "ARTICLE")]
    pub(crate) article: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _};

    use super::*;

    /// The command lines of the examples.
    fn examples(command: &Command) -> Vec<String> {
        let help = command.get_after_help();
        let help = help.map(ToString::to_string).unwrap_or_default();
        let lines = help.split("Examples:\n").nth(1).unwrap_or_default().lines();
        lines
            .take_while(|line| line.starts_with("  "))
            .filter_map(|line| line.find("tupu ").map(|at| &line[at..]))
            .map(|line| {
                // What a shell does with it, or a remark behind.
                let ends = [")", " |", " <", " >", "  "];
                let end = ends.iter().filter_map(|it| line.find(it)).min();
                line[..end.unwrap_or(line.len())].to_owned()
            })
            .collect()
    }

    fn check(command: &Command, checked: &mut usize) {
        let examples = examples(command);
        assert!(
            !examples.is_empty(),
            "{} has no examples",
            command.get_name()
        );
        for example in examples {
            let words = shlex::split(&example).unwrap_or_else(|| panic!("{example}"));
            let read = Arguments::command().try_get_matches_from(words);
            if let Err(error) = read {
                panic!("{example}\n{error}");
            }
            *checked += 1;
        }
        for command in command.get_subcommands() {
            check(command, checked);
        }
    }

    #[test]
    fn every_command_has_examples_that_can_be_typed() {
        let mut checked = 0;
        check(&Arguments::command(), &mut checked);
        assert!(checked > 80, "{checked}");
    }
}
