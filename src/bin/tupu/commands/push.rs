//! `tupu push`: the graph into a triple store, by HTTP.

use std::path::Path;

use clap::{Args, ValueEnum};
use tupu::oxrdf::GraphName;
use tupu::store::{Batch, Depth, Mode, Request, Store, Via, batches};

use super::export::Provenance;
use super::verify::{Check, check};
use super::{Outcome, load_sound};
use crate::connection::{Connection, progress};
use crate::output;
use crate::report;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Protocol {
    /// W3C Graph Store HTTP Protocol: PUT and POST of triples
    GraphStore,
    /// SPARQL Update: INSERT DATA
    Update,
}

impl From<Protocol> for Via {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::GraphStore => Self::GraphStore,
            Protocol::Update => Self::Update,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu push http://localhost:7878 --profile oxigraph
  tupu push http://localhost:3030/ds --profile fuseki --graph-iri https://kg.example/graph
  tupu push http://localhost:7878 --profile oxigraph --provenance graphs
  tupu push http://localhost:7878 --profile oxigraph --dry-run

Each graph that is sent is replaced; --add leaves what it holds. Other graphs stay as they are.
Exit status: 0 arrived, 1 something is missing or extra, 2 could not run.")]
pub(crate) struct Push {
    /// Address of the store, as its profile wants it
    url: String,

    #[command(flatten)]
    connection: Connection,

    /// How the evidence of facts is written; graphs: the facts of each article in a graph of its own
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    provenance: Provenance,

    /// Add to what the graphs hold, rather than replace it
    #[arg(long)]
    add: bool,

    /// Protocol; where not given, the first that the store speaks
    #[arg(long, value_enum)]
    via: Option<Protocol>,

    /// Triples in one request; 500000, or 1000 by update, where not given
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,

    /// Print what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask the store afterwards whether everything arrived
    #[arg(long)]
    no_verify: bool,
}

pub(crate) fn run(project: &Path, options: &Push) -> anyhow::Result<Outcome> {
    let store = options.connection.store(&options.url)?;
    let Some(loaded) = load_sound(project)? else {
        return Ok(Outcome::No);
    };
    let graph = &loaded.graph;
    let target = options.connection.graph(&graph.project().prefixes)?;
    let via = options.via.map_or(store.preferred(), Via::from);
    let size = options.batch.unwrap_or(via.batch());
    let batches = batches(graph, options.provenance.into(), &target, size)?;
    let sending = Sending {
        store: &store,
        mode: if options.add {
            Mode::Add
        } else {
            Mode::Replace
        },
        via,
    };
    if options.dry_run {
        output::print(&sending.listing(&batches)?)?;
        return Ok(Outcome::Fine);
    }
    let triples = sending.send(&batches)?;
    let url = &options.url;
    if options.no_verify {
        report::note(&format!(
            "{url}: {triples} triples sent; whether they arrived is not verified"
        ));
        return Ok(Outcome::Fine);
    }
    report::note(&format!("{url}: {triples} triples sent"));
    check(
        &store,
        &Check {
            name: url,
            graph,
            provenance: options.provenance.into(),
            target: &target,
            depth: Depth::Literals,
            contains: options.add,
        },
    )
}

/// How batches go to a store.
struct Sending<'s> {
    store: &'s Store,
    mode: Mode,
    via: Via,
}

impl Sending<'_> {
    fn request(&self, batch: &Batch) -> anyhow::Result<Request> {
        Ok(self.store.request(batch, self.mode, self.via)?)
    }

    /// Sends all, and says how many triples that were.
    fn send(&self, batches: &[Batch]) -> anyhow::Result<u64> {
        let total = batches.iter().map(|batch| batch.triples).sum();
        let bar = progress(total, "sending");
        let mut sent = 0;
        for batch in batches {
            let request = self.request(batch)?;
            self.store.send(&request).map_err(|error| {
                bar.finish_and_clear();
                unfinished(batch, sent, total, error.into())
            })?;
            sent += batch.triples;
            bar.set_position(sent);
        }
        bar.finish_and_clear();
        Ok(total)
    }

    /// Every request in words, without credentials.
    fn listing(&self, batches: &[Batch]) -> anyhow::Result<String> {
        let mut text = String::new();
        for batch in batches {
            let request = self.request(batch)?;
            text.push_str(&format!("{} {}\n", request.method.name(), request.url));
            for (name, value) in &request.headers {
                text.push_str(&format!("  {name}: {value}\n"));
            }
            text.push_str(&format!(
                "  {} triples, {} bytes\n",
                batch.triples,
                request.body.len()
            ));
        }
        Ok(text)
    }
}

/// What the store holds now that a batch failed.
fn unfinished(batch: &Batch, sent: u64, total: u64, error: anyhow::Error) -> anyhow::Error {
    let graph = match &batch.graph {
        GraphName::NamedNode(name) => format!("graph {}", name.as_str()),
        GraphName::DefaultGraph | GraphName::BlankNode(_) => "default graph".to_owned(),
    };
    if sent == 0 {
        return error.context(format!(
            "the {graph} was not written; ask with tupu verify what it holds"
        ));
    }
    error.context(format!(
        "only {sent} of {total} triples were written, the {graph} is not whole; push again"
    ))
}
