//! The command line as clap reads it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Say what changed between two graphs: projects or RDF files
    Diff(Diff),
    /// Say what the graph knows of an entity: names, facts, in both directions
    Show(Show),
    /// List what an entity is directly related to
    Neighbors(Neighbors),
    /// Find the shortest ways from one entity to another
    Path(Path),
    /// List the facts between two entities and where the source says so
    Why(Why),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu check                        names, references, types, dates, positions
  tupu check --source page.txt      also that each fact points at the words that it claims")]
pub(crate) struct Check {
    /// Plain text of a source document, to hold the facts against; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) source: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder to make; it must not exist or be empty
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu locate --source page.txt 金凤实验室
  tupu locate --source page.txt 18.9万人次 'signed ... agreement'

White space is ignored, in the text and in the words. `A ... B` finds from A to the next B.")]
pub(crate) struct Locate {
    /// Plain text of the source document
    #[arg(long, value_name = "FILE")]
    pub(crate) source: PathBuf,

    /// How to show the answer
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// What to look for
    #[arg(required = true, value_name = "WORDS")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu coverage --source page.txt
  tupu coverage --source page.txt --unused      with the words that no fact uses")]
pub(crate) struct Coverage {
    /// Plain text of a source document; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) source: Vec<PathBuf>,

    /// List the stretches that no fact uses
    #[arg(long)]
    pub(crate) unused: bool,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// RDF Turtle, made for people
    Turtle,
    /// RDF N-Triples
    Ntriples,
    /// RDF N-Quads
    Nquads,
    /// RDF TriG, made for people
    Trig,
    /// RDF/XML
    Rdfxml,
    /// JSON-LD with its context, made for people
    Jsonld,
    /// Graphviz DOT
    Dot,
    /// OWL ontology of the schema, in Turtle
    Ontology,
    /// SHACL shapes of the schema, in Turtle
    Shapes,
    /// JSON-LD context of the schema
    Context,
    /// LinkML schema, in YAML
    Linkml,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Provenance {
    /// No evidence; what is only planned is left out
    None,
    /// An rdf:Statement for each fact, with its evidence and status
    Reified,
    /// The same, and the facts of each article in a named graph (TriG, N-Quads)
    Graphs,
    /// A reifier for each fact, as RDF 1.2 has it (not RDF/XML, JSON-LD)
    Rdf12,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu export                                everything into out/, with a manifest
  tupu export --output build                 the same into build/
  tupu export -o graph.nt.gz                 N-Triples, compressed, by the file's extension
  tupu export --format turtle -o -           Turtle to standard output
  tupu export --provenance graphs -o g.trig  each article's facts in a graph of its own")]
pub(crate) struct Export {
    /// Folder to write into, made if it does not exist
    #[arg(
        long,
        value_name = "DIR",
        default_value = "out",
        conflicts_with = "file"
    )]
    pub(crate) output: PathBuf,

    /// One file to write instead (- is standard output); .gz and .zst compress
    #[arg(short = 'o', value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Format; for a folder everything where not given, for a file what its extension says
    #[arg(long, short, value_enum)]
    pub(crate) format: Option<ExportFormat>,

    /// How the evidence of facts is written
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    pub(crate) provenance: Provenance,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    Text,
    /// For people, as a page
    Markdown,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu diff ../before/data data                two versions of a project
  tupu diff out/NAME.ttl data                  what the next export will change
  tupu diff old.nt new.jsonld --format json    any RDF files
  tupu diff v1.ttl v2.ttl --format markdown > changes.md

RDF files are known by extension: ttl, nt, nq, trig, rdf, owl, xml, jsonld, json. The order of
triples, the labels of blank nodes and prefixes mean nothing.
Exit status: 0 no difference, 1 different, 2 could not run.")]
pub(crate) struct Diff {
    /// The older graph: folder of a graph project, or RDF file
    pub(crate) old: PathBuf,

    /// The newer graph: folder of a graph project, or RDF file
    pub(crate) new: PathBuf,

    /// How to show the changes
    #[arg(long, short, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    /// Language of names and slots (the project's first, else the first that has a name)
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
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

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Chinese or English name, alias, short form or slug
    pub(crate) name: String,

    /// Plain text of a source document, to show the words of the evidence
    #[arg(long, value_name = "FILE")]
    pub(crate) source: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Neighbors {
    /// Chinese or English name, alias, short form or slug
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Path {
    /// Where to begin: a name or slug
    pub(crate) from: String,

    /// Where to arrive: a name or slug
    pub(crate) to: String,

    /// Most paths to show
    #[arg(long, default_value_t = NonZeroUsize::MIN.saturating_add(4), value_name = "N")]
    pub(crate) limit: NonZeroUsize,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// One entity: a name or slug
    pub(crate) one: String,

    /// The other: a name or slug
    pub(crate) other: String,

    /// Plain text of a source document, to show the words of the evidence
    #[arg(long, value_name = "FILE")]
    pub(crate) source: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) answer: Answer,
}
