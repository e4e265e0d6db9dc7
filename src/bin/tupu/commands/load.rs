//! `tupu load`: the graph into a triple store in a folder.

use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use super::export::Provenance;
use crate::args::Origin;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu load kg.store
  tupu load kg.store --graph large.nt.gz
  tupu load kg.store --graph other.ttl --add --graph-iri https://kg.example/other
  tupu load kg.store --provenance graphs

The folder becomes an Oxigraph store, which `tupu query --store` and `oxigraph serve --location` ask.
It is made anew beside the one that is there, and takes its place when it is complete: until then,
and whatever happens, the old one is as it was. --add begins with what the old one holds.
A tupu that was not built with the feature `rocksdb` has no such stores and says so.
Exit status: 0 arrived, 1 something is missing or the data has errors, 2 could not run.")]
pub(crate) struct Load {
    /// Folder of the store; a new one, an empty one, or one with a store
    #[arg(value_name = "DIR")]
    store: PathBuf,

    /// Named graph for what is in the default graph
    #[arg(long, value_name = "IRI")]
    graph_iri: Option<String>,

    /// How the evidence of facts is written; graphs: the facts of each article in a graph of its own
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    provenance: Provenance,

    /// Add to what the store holds, rather than replace all of it
    #[arg(long)]
    add: bool,
}

#[cfg(not(feature = "rocksdb"))]
pub(crate) fn run(_: &Origin, _: &Load) -> anyhow::Result<Outcome> {
    Err(crate::embedded::unavailable())
}

#[cfg(feature = "rocksdb")]
pub(crate) use self::embedded::run;

#[cfg(feature = "rocksdb")]
mod embedded {
    use std::path::Path;

    use anyhow::Context as _;
    use clap::ValueEnum as _;
    use tupu::store::{Contents, Disk, Placing, copy_store, fill_store};

    use super::{Load, Origin, Outcome};
    use crate::connection::graph_named;
    use crate::embedded::{self, Manifest, Workplace};
    use crate::progress::{progress, reading, waiting};
    use crate::report;
    use crate::triples::Triples;

    /// What a failed load says.
    const UNCHANGED: &str = "nothing was loaded, and what was there before is as it was";

    pub(crate) fn run(origin: &Origin, options: &Load) -> anyhow::Result<Outcome> {
        let Some(triples) = Triples::of(origin, options.provenance.into())? else {
            return Ok(Outcome::No);
        };
        let target = graph_named(options.graph_iri.as_deref(), &triples.prefixes())?;
        let place = Workplace::enter(&options.store)?;
        let shown = options.store.display();

        let mut manifest = Manifest::default();
        let mut before = Contents::default();
        if let (true, Some(existing)) = (options.add, place.existing()) {
            manifest = Manifest::read(existing)?.unwrap_or_default();
            copy_store(existing, &place.store()).context(UNCHANGED)?;
            before = contents(&place.store(), manifest.triples)?;
        }
        let writers = place.keep_writers_out()?;
        let source = triples.source();
        let placing = Placing {
            target,
            // Another one each time, and the same if all is done again.
            seed: format!("{} {} {source}", manifest.loads.len(), before.triples()),
        };
        let read = fill(&place.store(), &triples, &placing).context(UNCHANGED)?;
        let total = before.plus(&read);
        let there = contents(&place.store(), total.triples()).context(UNCHANGED)?;
        // Sums tell nothing of what came twice, or was there before.
        let missing = if there == total {
            0
        } else {
            missing(&place.store(), &triples, &placing, read.triples()).context(UNCHANGED)?
        };
        if missing > 0 || there.triples() > total.triples() {
            report::note(&format!(
                "{shown}: {missing} of {} triples did not arrive; {UNCHANGED}",
                read.triples()
            ));
            return Ok(Outcome::No);
        }

        let loaded = read.triples();
        manifest.triples = there.triples();
        manifest.loads.push(embedded::Load {
            source,
            provenance: match &triples {
                Triples::Project(..) => options
                    .provenance
                    .to_possible_value()
                    .map(|value| value.get_name().to_owned()),
                Triples::Files(_) => None,
            },
            read,
        });
        manifest.add_prefixes(&triples.prefixes());
        let repeated = total.triples() - there.triples();
        let graphs = there.graphs();
        manifest.graphs = there;
        manifest.write(&place.store()).context(UNCHANGED)?;
        place.finish()?;
        drop(writers);

        report::note(&format!(
            "{shown}: {loaded} triples loaded, and each found there again"
        ));
        if repeated > 0 {
            report::note(&format!(
                "{shown}: {repeated} of them came twice, or were there before"
            ));
        }
        let graphs = match graphs {
            1 => "1 graph".to_owned(),
            number => format!("{number} graphs"),
        };
        let all = manifest.triples;
        report::note(&format!("{shown}: {all} triples in {graphs}"));
        Ok(Outcome::Fine)
    }

    /// Fills the store with the triples, and says what they were.
    fn fill(store: &Path, triples: &Triples, placing: &Placing) -> anyhow::Result<Contents> {
        let bar = reading("loading");
        let mut sorting = None;
        let filled = fill_store(store, placing, |filler| {
            triples.each(&bar, &mut |graph, triple| Ok(filler.insert(graph, triple)?))?;
            bar.finish_and_clear();
            sorting = Some(waiting("sorting"));
            Ok(())
        });
        bar.finish_and_clear();
        if let Some(sorting) = sorting {
            sorting.finish_and_clear();
        }
        filled
    }

    /// What the store holds, about `length` triples.
    fn contents(store: &Path, length: u64) -> anyhow::Result<Contents> {
        let bar = progress(length, "reading back");
        let contents = Disk::open(store)?.contents(&mut || bar.inc(1));
        bar.finish_and_clear();
        Ok(contents?)
    }

    /// How many of the triples are not in the store.
    fn missing(
        store: &Path,
        triples: &Triples,
        placing: &Placing,
        length: u64,
    ) -> anyhow::Result<u64> {
        let disk = Disk::open(store)?;
        let bar = reading("looking for each");
        let (mut read, mut missing) = (0, 0);
        let looked = triples.each(&bar, &mut |graph, triple| {
            read += 1;
            missing += u64::from(!disk.contains(&placing.quad(graph, triple))?);
            Ok(())
        });
        bar.finish_and_clear();
        looked?;
        anyhow::ensure!(read == length, "what is loaded has changed meanwhile");
        Ok(missing)
    }
}
