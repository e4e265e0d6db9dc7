//! `tupu verify`: whether a store, or a file, holds what it should.

use anyhow::Context as _;
use clap::Args;
use tupu::prefix::PrefixMap;
use tupu::store::{self, Depth, Endpoint, Expected, Memory, Report, Values};

use super::Outcome;
use super::export::Provenance;
use crate::args::Origin;
use crate::connection::{Connection, is_url, progress, reading};
use crate::input::read_rdf;
use crate::output;
use crate::report;
use crate::tables::TableOptions;
use crate::triples::Triples;

/// Of how many subjects of each graph literals are compared, where nothing else is said.
pub(super) const COMPARED: usize = 10_000;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu verify http://localhost:7878 --profile oxigraph
  tupu verify http://localhost:7878 --profile oxigraph --full
  tupu verify out/chengyu.ttl
  tupu verify http://localhost:7878 --profile oxigraph --graph large.nt.gz

Compared are the numbers of triples, of instances of each class, of triples of each property and of
literals of each language and datatype; the literals of 10000 subjects of each graph; and some
questions that users ask.
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

    /// Compare the literals of this many subjects of each graph
    #[arg(long, value_name = "NUMBER", default_value_t = COMPARED, conflicts_with = "full")]
    sample: usize,

    /// Compare every triple, for which all are held in memory
    #[arg(long)]
    full: bool,

    /// More than what is expected is right too
    #[arg(long)]
    contains: bool,
}

/// How many differences are shown.
const SHOWN: usize = 40;

pub(crate) fn run(origin: &Origin, options: &Verify) -> anyhow::Result<Outcome> {
    let name = options.target.as_str();
    let endpoint: Box<dyn Endpoint> = if is_url(name) {
        Box::new(options.connection.store(name)?)
    } else {
        match read_rdf(&[name.into()], &TableOptions::default())? {
            Some((graph, _)) => Box::new(Memory(graph)),
            None => return Ok(Outcome::No),
        }
    };
    let Some(triples) = Triples::of(origin, options.provenance.into())? else {
        return Ok(Outcome::No);
    };
    let prefixes = triples.prefixes();
    let target = options.connection.graph(&prefixes)?;
    let depth = if options.full {
        Depth::Full
    } else {
        Depth::Sample(options.sample)
    };
    let mut expected = Expected::new(target, endpoint.profile(), depth);
    let bar = reading("reading");
    let read = triples.each(&bar, &mut |graph, triple| {
        expected.insert(graph, triple);
        Ok(())
    });
    bar.finish_and_clear();
    read?;
    check(
        endpoint.as_ref(),
        name,
        &expected,
        options.contains,
        &prefixes,
    )
}

/// Asks the endpoint that is called `name`, prints what differs and says how much was compared; with
/// `contains`, more than what is expected is right too.
pub(super) fn check(
    endpoint: &dyn Endpoint,
    name: &str,
    expected: &Expected,
    contains: bool,
    prefixes: &PrefixMap,
) -> anyhow::Result<Outcome> {
    let bar = progress(expected.queries(), "verifying");
    let report = store::verify(endpoint, expected, contains, &mut || bar.inc(1));
    bar.finish_and_clear();
    let report = report.context("it cannot be verified what the store holds")?;

    let mut text = String::new();
    for difference in report.differences.iter().take(SHOWN) {
        text.push_str(&format!("{}\n", difference.words(prefixes)));
    }
    output::print(&text)?;
    let hidden = report.differences.len().saturating_sub(SHOWN);
    if hidden > 0 {
        report::note(&format!("and {hidden} more differences"));
    }
    report::note(&format!("{name}: {}", summary(&report)));
    if report.adapted > 0 {
        report::note(&adapted(endpoint.profile(), report.adapted));
    }
    Ok(Outcome::found(report.differences.is_empty()))
}

fn summary(report: &Report) -> String {
    let count = |number: usize, one: &str, many: &str| {
        format!("{number} {}", if number == 1 { one } else { many })
    };
    let looked = format!(
        "{} triples in {}, {} {}, {}",
        report.triples,
        count(report.graphs, "graph", "graphs"),
        report.compared,
        if report.is_sampled {
            "of a sample compared one by one"
        } else {
            "compared one by one"
        },
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
