//! `tupu timeline`: what is dated, in order of time.

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::{Date, Value};
use tupu::query;

use super::{Outcome, Question, check_order, date, print_sparql};
use crate::answer::{DateView, Entity, Fact};
use crate::args::{Origin, Rows};
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu timeline
  tupu timeline --from 2024-11 --to 2024-12
  tupu timeline --class Meeting --evidence

Dates keep their precision: they are ordered by the first day that they can mean, and are in the time
asked for if some day of theirs can be.")]
pub(crate) struct Timeline {
    /// First day, month or year
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,

    /// Last day, month or year
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,

    /// Only of entities of this class, or a class below; may be given several times
    #[arg(long, value_name = "CLASS")]
    class: Vec<String>,

    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Serialize)]
struct DatedView {
    date: DateView,
    kind: &'static str,
    entity: Entity,
    fact: Fact,
}

pub(crate) fn run(origin: &Origin, options: &Timeline) -> anyhow::Result<Outcome> {
    check_order(options.from, options.to)?;
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    let classes = question.classes(&options.class)?;
    if options.rows.sparql {
        let query = as_sparql::timeline(&question.graph, options.from, options.to, &classes)?;
        return print_sparql(origin, &query);
    }
    let speaker = question.speaker();
    let mut dates = query::timeline(speaker.graph, options.from, options.to);
    dates.retain(|it| question.is_of(it.node, &classes));
    let is_found = question
        .rows(dates)
        .text("date", |it| it.date.to_string())
        .text("precision", |it| it.date.precision().name().to_owned())
        .text("kind", |it| it.kind.name().to_owned())
        .cell("entity", |it| it.node)
        .cell("slot", |it| it.literal.slot)
        .cell("value", |it| match it.literal.value {
            Value::Date(_) => Cell::Nothing,
            _ => it.literal.into(),
        })
        .status(|it| (it.literal.status, it.literal.provenance))
        .slug(|it| it.node)
        .evidence(|it| vec![it.literal.provenance])
        .print(&options.rows, |it| DatedView {
            date: DateView::of(&it.date),
            kind: it.kind.name(),
            entity: speaker.entity(it.node),
            fact: speaker.literal(it.node, it.literal),
        })?;
    if !is_found {
        question.nothing("nothing is dated so");
    }
    Ok(Outcome::found(is_found))
}
