//! `tupu targets`: what is to be reached, and by when.

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::{Date, NodeId, Status, Value};
use tupu::query::{self, Target};
use tupu::suggest;

use super::{Outcome, Question, check_order, date, print_sparql};
use crate::answer::{DateView, Entity, Fact, Speaker, own_label};
use crate::args::{Origin, Rows};
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu targets
  tupu targets --due-before 2027-12-31 --status target
  tupu targets --due-after 2026 --evidence
  tupu targets --class Plan --format csv

A target is a number that is planned, required or a target or has a date by which it is to be, or a
deadline: a date in a slot that speaks of plans (`prospective` in the schema), or one that is planned,
required or a target.")]
pub(crate) struct Targets {
    /// Due by this date: 2027, 2027-06 or 2027-06-30; a year counts to its last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    due_before: Option<Date>,

    /// Not due before this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    due_after: Option<Date>,

    /// Only what has this status; may be given several times
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<Status>,

    /// Only of entities of this class, or a class below; may be given several times
    #[arg(long, value_name = "CLASS")]
    class: Vec<String>,

    #[command(flatten)]
    rows: Rows,
}

/// The status that `text` means, by its name or its label.
fn status(text: &str) -> Result<Status, String> {
    let is_called = |status: &Status, text: &str| {
        let labels = ["zh", "en"].map(|language| own_label(status.name(), language));
        status.name() == text || labels.iter().any(|label| label == text)
    };
    let found = Status::ALL.iter().find(|status| is_called(status, text));
    found.copied().ok_or_else(|| {
        let names = || Status::ALL.iter().map(|status| status.name());
        match suggest::nearest(text, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", names().collect::<Vec<_>>().join(", ")),
        }
    })
}

#[derive(Debug, Serialize)]
struct TargetView {
    entity: Entity,
    indicators: Vec<Entity>,
    of: Vec<Entity>,
    value: Option<Fact>,
    deadline: Option<Fact>,
    due: Option<DateView>,
    status: &'static str,
}

pub(crate) fn run(origin: &Origin, options: &Targets) -> anyhow::Result<Outcome> {
    check_order(options.due_after, options.due_before)?;
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    let classes = question.classes(&options.class)?;
    if options.rows.sparql {
        let (after, before) = (options.due_after, options.due_before);
        let query = as_sparql::targets(&question.graph, after, before, &options.status, &classes)?;
        return print_sparql(origin, &query);
    }
    let speaker = question.speaker();
    let graph = speaker.graph;
    let mut targets = query::targets(graph);
    targets.retain(|it| question.is_of(it.node, &classes) && is_wanted(it, options));
    let is_found = question
        .rows(targets)
        .cell("target", |it| it.node)
        .cells("indicator", |it| {
            entities(&query::subject(graph, it.node).indicators)
        })
        .cell("value", |it| match it.fact.value {
            Value::Date(_) => Cell::Nothing,
            _ => it.fact.into(),
        })
        .text("by", |it| {
            it.due.map_or_else(String::new, |it| it.to_string())
        })
        .text("latest", |it| {
            it.due
                .map_or_else(String::new, |it| it.latest().to_string())
        })
        .status(|it| (it.fact.status, it.fact.provenance))
        .slug(|it| it.node)
        .evidence(|it| {
            let facts = std::iter::once(it.fact).chain(it.deadline);
            facts.map(|fact| fact.provenance).collect()
        })
        .print(&options.rows, |it| view(speaker, it))?;
    if !is_found {
        question.nothing("nothing of the kind is to be reached");
    }
    Ok(Outcome::found(is_found))
}

fn entities<'g>(nodes: &[NodeId]) -> Vec<Cell<'g>> {
    nodes.iter().map(|node| Cell::Entity(*node)).collect()
}

fn is_wanted(target: &Target<'_>, options: &Targets) -> bool {
    let is_in_time = match target.due {
        Some(due) => {
            let is_early = |before: Date| due.latest() <= before.latest();
            let is_late = |after: Date| after.earliest() <= due.latest();
            options.due_before.is_none_or(is_early) && options.due_after.is_none_or(is_late)
        }
        None => options.due_before.is_none() && options.due_after.is_none(),
    };
    is_in_time && (options.status.is_empty() || options.status.contains(&target.fact.status))
}

fn view(speaker: Speaker<'_>, target: &Target<'_>) -> TargetView {
    let subject = query::subject(speaker.graph, target.node);
    let entities = |nodes: Vec<NodeId>| nodes.into_iter().map(|it| speaker.entity(it)).collect();
    let fact = |literal| speaker.literal(target.node, literal);
    let is_deadline = matches!(target.fact.value, Value::Date(_));
    TargetView {
        entity: speaker.entity(target.node),
        indicators: entities(subject.indicators),
        of: entities(subject.of),
        value: (!is_deadline).then(|| fact(target.fact)),
        deadline: if is_deadline {
            Some(fact(target.fact))
        } else {
            target.deadline.map(fact)
        },
        due: target.due.as_ref().map(DateView::of),
        status: target.fact.status.name(),
    }
}
