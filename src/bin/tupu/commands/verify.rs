//! `tupu verify`: whether a store, or a file, holds what it should.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use tupu::prefix::PrefixMap;
use tupu::store::{self, Depth, Difference, Endpoint, Expected, Fault, Memory, Report, Values};

use super::Outcome;
use super::export::Provenance;
use crate::args::Origin;
use crate::connection::{Connection, is_url};
use crate::input::read_rdf;
use crate::output;
use crate::progress::{progress, reading};
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
  tupu verify --store kg.store --full
  tupu verify http://localhost:7878 --profile oxigraph --graph large.nt.gz

Compared are the numbers of triples, of instances of each class, of triples of each property and of
literals of each language and datatype; the literals of 10000 subjects of each graph; and some
questions that users ask.
Exit status: 0 the same, 1 something is missing or extra, 2 could not run.")]
pub(crate) struct Verify {
    /// Address of a store, as its profile wants it, or an RDF file
    #[arg(value_name = "URL|FILE", required_unless_present = "store")]
    target: Option<String>,

    /// Folder of a store, which is held to its manifest, too
    #[arg(long, value_name = "DIR", conflicts_with = "target")]
    store: Option<PathBuf>,

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
    let Some(name) = options.target.as_deref() else {
        return in_folder(origin, options);
    };
    let endpoint: Box<dyn Endpoint> = if is_url(name) {
        Box::new(options.connection.store(name)?)
    } else {
        match read_rdf(&[name.into()], &TableOptions::default())? {
            Some((graph, _)) => Box::new(Memory(graph)),
            None => return Ok(Outcome::No),
        }
    };
    against_origin(origin, options, endpoint.as_ref(), name, Vec::new())
}

/// Holds a store in a folder to its manifest, too.
#[cfg(feature = "rocksdb")]
fn in_folder(origin: &Origin, options: &Verify) -> anyhow::Result<Outcome> {
    use crate::embedded::Opened;

    let Some(folder) = &options.store else {
        bail!("there is nothing to verify");
    };
    let verified = Opened::open(folder).and_then(|opened| {
        let differences = opened.differences(options.full)?;
        let name = folder.display().to_string();
        against_origin(origin, options, &opened.disk, &name, differences)
    });
    match verified {
        Err(error) if is_damage(&error) => {
            report::error(&error);
            Ok(Outcome::No)
        }
        other => other,
    }
}

#[cfg(feature = "rocksdb")]
fn is_damage(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    causes.any(|it| matches!(it.downcast_ref(), Some(store::StoreError::Damaged { .. })))
}

#[cfg(not(feature = "rocksdb"))]
fn in_folder(_: &Origin, _: &Verify) -> anyhow::Result<Outcome> {
    bail!(crate::embedded::unavailable())
}

/// Compares what `endpoint` holds with what `origin` says; `differences` are those found before.
fn against_origin(
    origin: &Origin,
    options: &Verify,
    endpoint: &dyn Endpoint,
    name: &str,
    differences: Vec<Difference>,
) -> anyhow::Result<Outcome> {
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
    let contains = options.contains;
    check(endpoint, name, &expected, contains, &prefixes, differences)
}

/// Asks the endpoint that is called `name`, prints what differs and says how much was compared; with
/// `contains`, more than what is expected is right too. `differences` are those found before.
pub(super) fn check(
    endpoint: &dyn Endpoint,
    name: &str,
    expected: &Expected,
    contains: bool,
    prefixes: &PrefixMap,
    differences: Vec<Difference>,
) -> anyhow::Result<Outcome> {
    let bar = progress(expected.queries(), "verifying");
    let report = store::verify(endpoint, expected, contains, &mut || bar.inc(1));
    bar.finish_and_clear();
    let mut report = report.context("it cannot be verified what the store holds")?;
    report.differences.splice(0..0, differences);

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
    if may_be_twice(&report) {
        report::note(
            "what stands in a file twice counts twice where a sample is compared; --full counts it once",
        );
    }
    Ok(Outcome::found(report.differences.is_empty()))
}

/// Whether all that differs is that more was expected, without a triple that is missing.
fn may_be_twice(report: &Report) -> bool {
    let are_fewer = |it: &Difference| matches!(&it.what, Fault::Count { expected, found, .. } if found < expected);
    let differences = &report.differences;
    report.is_sampled && !differences.is_empty() && differences.iter().all(are_fewer)
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
