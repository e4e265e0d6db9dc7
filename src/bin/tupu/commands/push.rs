//! `tupu push`: the graph into a triple store, by HTTP.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use tupu::store::{Batch, Batcher, Depth, Expected, Mode, Request, Store, Via};

use super::Outcome;
use super::export::Provenance;
use super::verify::{COMPARED, check};
use crate::args::Origin;
use crate::connection::Connection;
use crate::journal::Journal;
use crate::output;
use crate::progress::reading;
use crate::report;
use crate::triples::Triples;

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
  tupu push http://localhost:7878 --profile oxigraph --graph large.nt.gz --resume sent.json

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

    /// Keep in FILE how far it came; if FILE is there already, go on from that
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    resume: Option<PathBuf>,

    /// Print what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask the store afterwards whether everything arrived
    #[arg(long)]
    no_verify: bool,
}

pub(crate) fn run(origin: &Origin, options: &Push) -> anyhow::Result<Outcome> {
    let store = options.connection.store(&options.url)?;
    let Some(triples) = Triples::of(origin, options.provenance.into())? else {
        return Ok(Outcome::No);
    };
    let prefixes = triples.prefixes();
    let target = options.connection.graph(&prefixes)?;
    let via = options.via.map_or(store.preferred(), Via::from);
    let mode = if options.add {
        Mode::Add
    } else {
        Mode::Replace
    };
    let size = options.batch.unwrap_or(via.batch());
    let url = &options.url;
    let journal = options.resume.as_ref().map(|path| {
        let profile = store.profile().name;
        let how = format!("{url} --profile {profile}, {mode:?} via {via:?}, {size} at once");
        Journal::open(path, how)
    });
    let mut sending = Sending {
        store: &store,
        mode,
        via,
        is_dry: options.dry_run,
        journal: journal.transpose()?,
        sent: 0,
    };
    if let Some(journal) = &sending.journal
        && journal.triples_before() > 0
    {
        let before = journal.triples_before();
        report::note(&format!("{url}: {before} triples were sent before"));
    }
    let depth = Depth::Sample(COMPARED);
    let mut expected = Expected::new(target.clone(), store.profile(), depth);
    let bar = reading("sending");
    let sent = sending.all(&triples, Batcher::new(target, size), &mut expected, &bar);
    bar.finish_and_clear();
    sent.map_err(|error| sending.unfinished(error))?;
    if options.dry_run {
        return Ok(Outcome::Fine);
    }
    let sent = sending.sent;
    if let Some(journal) = sending.journal {
        journal.finish()?;
    }
    if options.no_verify {
        report::note(&format!(
            "{url}: {sent} triples sent; whether they arrived is not verified"
        ));
        return Ok(Outcome::Fine);
    }
    report::note(&format!("{url}: {sent} triples sent"));
    let none = Vec::new();
    check(&store, url, &expected, options.add, &prefixes, none)
}

/// How batches go to a store.
struct Sending<'s> {
    store: &'s Store,
    mode: Mode,
    via: Via,
    /// Whether requests are only printed.
    is_dry: bool,
    journal: Option<Journal>,
    /// Triples that the store has taken.
    sent: u64,
}

impl Sending<'_> {
    /// Sends all triples, of which `expected` learns.
    fn all(
        &mut self,
        triples: &Triples,
        mut batcher: Batcher,
        expected: &mut Expected,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        triples.each(bar, &mut |graph, triple| {
            expected.insert(graph, triple);
            match batcher.insert(graph, triple)? {
                Some(batch) => self.batch(&batch),
                None => Ok(()),
            }
        })?;
        for batch in batcher.finish()? {
            self.batch(&batch)?;
        }
        Ok(())
    }

    /// Sends one batch, unless the store has it.
    fn batch(&mut self, batch: &Batch) -> anyhow::Result<()> {
        let is_there = self.journal.as_ref().is_some_and(Journal::has);
        if !is_there {
            let request = self.store.request(batch, self.mode, self.via)?;
            if self.is_dry {
                return output::print(&listing(batch, &request));
            }
            self.store.send(&request)?;
        }
        self.sent += batch.triples;
        match &mut self.journal {
            Some(journal) => journal.note(batch),
            None => Ok(()),
        }
    }

    /// What the store holds now that something failed.
    fn unfinished(&self, error: anyhow::Error) -> anyhow::Error {
        let sent = self.sent;
        if self.is_dry {
            error
        } else if sent == 0 {
            error.context("nothing is known to have been written; tupu verify says what is there")
        } else if self.journal.is_some() {
            error.context(format!(
                "only {sent} triples were written, which is not all; the same command goes on from there"
            ))
        } else {
            error.context(format!(
                "only {sent} triples were written, which is not all; push again"
            ))
        }
    }
}

/// A request in words, without credentials.
fn listing(batch: &Batch, request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method.name(), request.url);
    for (name, value) in &request.headers {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    let (triples, bytes) = (batch.triples, request.body.len());
    text.push_str(&format!("  {triples} triples, {bytes} bytes\n"));
    text
}
