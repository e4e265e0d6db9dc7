//! `tupu verify`: whether a store, or a file, holds what it should.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::GraphName;
use tupu::rdf::ProvenanceProfile;
use tupu::sparql::{RdfGraphBuilder, RdfGraphError};
use tupu::store::{self, Depth, Endpoint, Expected, Memory, Report, Values};

use super::export::Provenance;
use super::{Outcome, load_sound};
use crate::connection::{Connection, is_url, progress};
use crate::input::RdfFile;
use crate::output;
use crate::report;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu verify http://localhost:7878 --profile oxigraph
  tupu verify http://localhost:7878 --profile oxigraph --full
  tupu verify out/chengyu.ttl

Compared are the numbers of triples, of instances of each class, of triples of each property and of
literals of each language and datatype; every literal; and some questions that users ask.
Exit status: 0 the same, 1 something is missing or extra, 2 could not run.")]
pub(crate) struct Verify {
    /// Address of a store, as its profile wants it, or an RDF file
    #[arg(value_name = "URL|FILE")]
    target: String,

    #[command(flatten)]
    connection: Connection,

    /// How the evidence of facts was written
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    provenance: Provenance,

    /// Compare the literals of this many subjects of each graph only
    #[arg(long, value_name = "NUMBER", conflicts_with = "full")]
    sample: Option<usize>,

    /// Compare every triple, not only those with a literal
    #[arg(long)]
    full: bool,

    /// More than what is expected is right too
    #[arg(long)]
    contains: bool,
}

/// How many differences are shown.
const SHOWN: usize = 40;

pub(crate) fn run(project: &Path, options: &Verify) -> anyhow::Result<Outcome> {
    let name = options.target.as_str();
    let endpoint: Box<dyn Endpoint> = if is_url(name) {
        Box::new(options.connection.store(name)?)
    } else {
        Box::new(memory(Path::new(name))?)
    };
    let Some(loaded) = load_sound(project)? else {
        return Ok(Outcome::No);
    };
    let graph = &loaded.graph;
    check(
        endpoint.as_ref(),
        &Check {
            name,
            graph,
            provenance: options.provenance.into(),
            target: &options.connection.graph(&graph.project().prefixes)?,
            depth: match options.sample {
                Some(number) => Depth::Sample(number),
                None if options.full => Depth::Full,
                None => Depth::Literals,
            },
            contains: options.contains,
        },
    )
}

/// The file as a graph that answers SPARQL.
fn memory(path: &Path) -> anyhow::Result<Memory> {
    let file = RdfFile::read(path)?;
    let mut builder = RdfGraphBuilder::new();
    builder
        .read(&file.bytes, file.format)
        .map_err(|error| match error {
            RdfGraphError::Rdf(error) => file.fault(&error),
            error => error.into(),
        })?;
    Ok(Memory(builder.finish()))
}

/// What is held against what.
pub(super) struct Check<'c> {
    /// Of the store, for messages.
    pub(super) name: &'c str,
    pub(super) graph: &'c KnowledgeGraph,
    pub(super) provenance: ProvenanceProfile,
    /// The graph that takes the place of the default graph.
    pub(super) target: &'c GraphName,
    pub(super) depth: Depth,
    /// Whether more is right too.
    pub(super) contains: bool,
}

/// Asks the endpoint, prints what differs and says how much was compared.
pub(super) fn check(endpoint: &dyn Endpoint, check: &Check<'_>) -> anyhow::Result<Outcome> {
    let profile = endpoint.profile();
    let expected = Expected::of_project(check.graph, check.provenance, check.target, profile)?;
    let bar = progress(expected.queries(check.depth), "verifying");
    let report = store::verify(
        endpoint,
        &expected,
        check.depth,
        check.contains,
        &mut || {
            bar.inc(1);
        },
    );
    bar.finish_and_clear();
    let report = report.context("it cannot be verified what the store holds")?;

    let prefixes = &check.graph.project().prefixes;
    let mut text = String::new();
    for difference in report.differences.iter().take(SHOWN) {
        text.push_str(&format!("{}\n", difference.words(prefixes)));
    }
    output::print(&text)?;
    let hidden = report.differences.len().saturating_sub(SHOWN);
    if hidden > 0 {
        report::note(&format!("and {hidden} more differences"));
    }
    report::note(&format!("{}: {}", check.name, summary(&report)));
    if report.adapted > 0 {
        report::note(&adapted(profile, report.adapted));
    }
    Ok(Outcome::found(report.differences.is_empty()))
}

fn summary(report: &Report) -> String {
    let count = |number: usize, one: &str, many: &str| {
        format!("{number} {}", if number == 1 { one } else { many })
    };
    let looked = format!(
        "{} triples in {}, {} compared one by one, {}",
        report.triples,
        count(report.graphs, "graph", "graphs"),
        report.compared,
        count(report.questions, "question", "questions"),
    );
    match report.differences.len() {
        0 => format!("verified: {looked}"),
        number => format!("{}: {looked}", count(number, "difference", "differences")),
    }
}

/// What is not taken for a difference, since stores of this kind do so.
fn adapted(profile: &store::Profile, literals: u64) -> String {
    let values = match profile.values {
        Values::Canonical => Some("numbers and dates by value"),
        Values::IntegersAsDecimals => Some("numbers and dates by value, integers as decimals"),
        _ => None,
    };
    let tags = profile
        .lowers_tags
        .then_some("language tags without their case");
    let how: Vec<&str> = tags.into_iter().chain(values).collect();
    format!(
        "{literals} literals were compared otherwise than as written, since {} does not keep that: {}",
        profile.name,
        how.join(", ")
    )
}
