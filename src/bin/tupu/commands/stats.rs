//! `tupu stats`: what the graph comes to in numbers.

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::query;
use tupu::schema::LangText;

use super::{Outcome, Question, print_sparql};
use crate::answer::{Speaker, own_label};
use crate::args::{Origin, Rows};
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu stats
  tupu stats --hubs 20
  tupu stats --format ndjson
  tupu stats --sparql                 the same counts in any engine, but for components")]
pub(crate) struct Stats {
    /// How many of the entities with most facts, and of the largest components, to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    hubs: usize,

    #[command(flatten)]
    rows: Rows,
}

/// One count.
struct Count<'g> {
    kind: &'static str,
    what: Cell<'g>,
    count: usize,
}

impl<'g> Count<'g> {
    fn of(kind: &'static str, what: impl Into<Cell<'g>>, count: usize) -> Self {
        let what = what.into();
        Self { kind, what, count }
    }

    fn named(kind: &'static str, name: &'static str, count: usize) -> Self {
        Self::of(kind, Cell::Name(name), count)
    }
}

#[derive(Debug, Serialize)]
struct CountView {
    kind: &'static str,
    id: String,
    label: LangText,
    count: usize,
}

pub(crate) fn run(origin: &Origin, options: &Stats) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    if options.rows.sparql {
        let query = as_sparql::stats(&question.graph, options.hubs);
        return print_sparql(origin, &query);
    }
    let speaker = question.speaker();
    question
        .rows(counts(speaker, options.hubs))
        .text("kind", |it| it.kind.to_owned())
        .cell("what", |it| it.what)
        .text("count", |it| it.count.to_string())
        .print(&options.rows, |it| CountView {
            kind: it.kind,
            id: it.what.id(speaker),
            label: label(speaker, it.what),
            count: it.count,
        })?;
    Ok(Outcome::Fine)
}

fn counts(speaker: Speaker<'_>, hubs: usize) -> Vec<Count<'_>> {
    let graph = speaker.graph;
    let stats = query::stats(graph);
    let facts = graph.edge_count() + graph.literal_count();
    let mut counts = vec![
        Count::named("total", "entities", graph.node_count()),
        Count::named("total", "facts", facts),
        Count::named("total", "facts between entities", graph.edge_count()),
        Count::named("total", "facts with a literal", graph.literal_count()),
        Count::named("total", "facts without a position", stats.without_position),
        Count::named("total", "components", stats.components.len()),
    ];
    let classes = stats.classes.into_iter();
    counts.extend(classes.map(|(class, count)| Count::of("class", class, count)));
    let slots = stats.slots.into_iter();
    counts.extend(slots.map(|(slot, count)| Count::of("slot", slot, count)));
    let statuses = stats.statuses.into_iter();
    counts.extend(statuses.map(|(status, count)| Count::of("status", status, count)));
    let degrees = stats.degrees.into_iter().take(hubs);
    counts.extend(degrees.map(|(node, count)| Count::of("hub", node, count)));
    let components = stats.components.into_iter().take(hubs);
    counts.extend(components.map(|(node, count)| Count::of("component of", node, count)));
    let articles = stats.articles.into_iter();
    counts.extend(articles.map(|(node, count)| Count::of("article", node, count)));
    counts
}

/// The name of a term or entity by language.
fn label(speaker: Speaker<'_>, what: Cell<'_>) -> LangText {
    let schema = speaker.graph.schema();
    match what {
        Cell::Class(class) => schema.class(class).label.clone(),
        Cell::Slot(slot) => schema.slot(slot).label.clone(),
        Cell::Entity(node) => speaker.entity(node).label,
        Cell::Status(status) => {
            let label = |tag: &str| (tag.to_owned(), own_label(status.name(), tag));
            ["zh", "en"].map(label).into_iter().collect()
        }
        Cell::Value(_) | Cell::Name(_) | Cell::Nothing => LangText::new(),
    }
}
