//! `tupu common`: what two entities have in common.

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::query::{self, Neighbor};
use tupu::schema::SlotId;

use super::{Outcome, Question, print_sparql};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Naming, Origin, Rows};
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu common 重庆市发展和改革委员会 成都市发展和改革委员会
  tupu common 金凤实验室 天府锦城实验室 --lang en --evidence")]
pub(crate) struct Common {
    /// One entity: a name or slug
    one: String,

    /// The other: a name or slug
    other: String,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    rows: Rows,
}

/// One thing that both have.
struct Thing<'g> {
    kind: &'static str,
    what: Cell<'g>,
    with_one: Vec<Neighbor>,
    with_other: Vec<Neighbor>,
}

impl<'g> Thing<'g> {
    fn new(kind: &'static str, what: impl Into<Cell<'g>>) -> Self {
        Self {
            kind,
            what: what.into(),
            with_one: Vec::new(),
            with_other: Vec::new(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ThingView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<Entity>,
    facts_of_one: Vec<Fact>,
    facts_of_other: Vec<Fact>,
}

pub(crate) fn run(origin: &Origin, options: &Common) -> anyhow::Result<Outcome> {
    let Some(mut question) = Question::load(origin, &options.rows.answer, &options.rows.source)?
    else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let Some((one, other)) = question.two(&options.one, &options.other, scope) else {
        return Ok(Outcome::No);
    };
    if options.rows.sparql {
        let query = as_sparql::common(&question.graph, one, other)?;
        return print_sparql(origin, &query);
    }
    let shared = query::common(&question.graph, one, other);
    if options.rows.with_evidence() {
        let facts = shared.neighbors.iter();
        let facts = facts.flat_map(|it| it.with_one.iter().chain(&it.with_other));
        question.look_for_rows(&origin.tables, facts.map(|it| it.edge))?;
    }
    let speaker = question.speaker();
    let classes = shared.classes.into_iter().map(|it| Thing::new("class", it));
    let neighbors = shared.neighbors.into_iter().map(|it| Thing {
        with_one: it.with_one,
        with_other: it.with_other,
        ..Thing::new("neighbour", it.node)
    });
    let articles = shared
        .articles
        .into_iter()
        .map(|it| Thing::new("article", it));
    let is_found = question
        .rows(classes.chain(neighbors).chain(articles).collect())
        .text("kind", |it| it.kind.to_owned())
        .cell("shared", |it| it.what)
        .steps("one", |it| slots(&it.with_one))
        .steps("other", |it| slots(&it.with_other))
        .evidence(|it| {
            let facts = it.with_one.iter().chain(&it.with_other);
            facts.map(|fact| fact.edge.provenance).collect()
        })
        .table_rows(move |it| {
            let facts = it.with_one.iter().chain(&it.with_other);
            facts.flat_map(|fact| speaker.rows_of(fact.edge)).collect()
        })
        .print(&options.rows, |it| view(speaker, it))?;
    if !is_found {
        question.nothing(&format!(
            "`{}` and `{}` have nothing in common",
            speaker.label(one),
            speaker.label(other)
        ));
    }
    Ok(Outcome::found(is_found))
}

/// The slots of facts with a neighbour, and which way each leads.
fn slots(facts: &[Neighbor]) -> Vec<(SlotId, bool)> {
    let slots = facts.iter().map(|it| (it.edge.slot, it.is_outgoing));
    let mut slots: Vec<(SlotId, bool)> = slots.collect();
    slots.dedup();
    slots
}

fn view(speaker: Speaker<'_>, thing: &Thing<'_>) -> ThingView {
    let facts = |facts: &[Neighbor]| facts.iter().map(|it| speaker.edge(it.edge)).collect();
    ThingView {
        kind: thing.kind,
        class: match thing.what {
            Cell::Class(class) => Some(speaker.graph.schema().class(class).name.clone()),
            _ => None,
        },
        entity: match thing.what {
            Cell::Entity(node) => Some(speaker.entity(node)),
            _ => None,
        },
        facts_of_one: facts(&thing.with_one),
        facts_of_other: facts(&thing.with_other),
    }
}
