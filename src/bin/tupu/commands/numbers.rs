//! `tupu numbers`: every number with its unit.

use std::collections::BTreeSet;

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::{Comparator, Date, KnowledgeGraph};
use tupu::query::{self, Measured};
use tupu::schema::LangText;

use super::{Outcome, Question, print_sparql};
use crate::answer::{DateView, Entity, Fact};
use crate::args::{Origin, Rows};
use crate::report;
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu numbers
  tupu numbers --unit 亿元
  tupu numbers --unit 元 --evidence             whatever the scale
  tupu numbers --class Observation --format csv")]
pub(crate) struct Numbers {
    /// Only this unit, with or without the scale, or as the project names it; may be given several times
    #[arg(long, value_name = "UNIT")]
    unit: Vec<String>,

    /// Only of entities of this class, or a class below; may be given several times
    #[arg(long, value_name = "CLASS")]
    class: Vec<String>,

    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Serialize)]
struct NumberView {
    entity: Entity,
    indicators: Vec<Entity>,
    of: Vec<Entity>,
    number: String,
    unit: String,
    absolute: Option<String>,
    comparator: Option<&'static str>,
    when: Vec<DateView>,
    fact: Fact,
}

pub(crate) fn run(origin: &Origin, options: &Numbers) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    let classes = question.classes(&options.class)?;
    let wanted = as_printed(&question.graph, &options.unit);
    if options.rows.sparql {
        let query = as_sparql::numbers(&question.graph, &wanted, &classes)?;
        return print_sparql(origin, &query);
    }
    let speaker = question.speaker();
    let graph = speaker.graph;
    let all = query::numbers(graph);
    let unit = |it: &Measured<'_>| speaker.all(|tag| graph.number_and_unit(&it.quantity, tag).1);
    let units: BTreeSet<String> = all.iter().map(unit).collect();
    let has_unit = |it: &Measured<'_>, unit: &String| {
        it.quantity.unit_text() == *unit || it.quantity.unit.as_ref() == Some(unit)
    };
    let mut numbers = all;
    numbers.retain(|it| {
        let is_unit = |unit: &String| has_unit(it, unit);
        question.is_of(it.node, &classes) && (wanted.is_empty() || wanted.iter().any(is_unit))
    });
    let is_found = question
        .rows(numbers)
        .cell("entity", |it| it.node)
        .cells("indicator", |it| {
            let indicators = query::subject(graph, it.node).indicators;
            indicators.into_iter().map(Cell::Entity).collect()
        })
        .cell("slot", |it| it.literal.slot)
        .text("comparator", |it| {
            let comparator = it.quantity.comparator;
            comparator.map_or_else(String::new, |it| it.name().to_owned())
        })
        .for_people(move |it| {
            let comparator = it.quantity.comparator;
            comparator.map_or_else(String::new, |it| speaker.all(|tag| it.in_words(tag)))
        })
        .words("number", move |it, tag| {
            match graph.named_unit(&it.quantity, tag) {
                Some((number, _)) => number.to_string(),
                None => it.quantity.number.to_string(),
            }
        })
        .for_people(move |it| speaker.all(|tag| graph.number_and_unit(&it.quantity, tag).0))
        .words("unit", move |it, tag| {
            graph.number_and_unit(&it.quantity, tag).1
        })
        .text("when", |it| {
            let when: Vec<String> = it.when.iter().map(Date::to_string).collect();
            when.join("; ")
        })
        .status(|it| (it.literal.status, it.literal.provenance))
        .slug(|it| it.node)
        .evidence(|it| vec![it.literal.provenance])
        .print(&options.rows, |it| {
            let subject = query::subject(graph, it.node);
            let entity = |node| speaker.entity(node);
            NumberView {
                entity: entity(it.node),
                indicators: subject.indicators.into_iter().map(entity).collect(),
                of: subject.of.into_iter().map(entity).collect(),
                number: it.quantity.number.to_string(),
                unit: it.quantity.unit_text(),
                absolute: it.quantity.absolute().map(|it| it.to_string()),
                comparator: it.quantity.comparator.map(Comparator::name),
                when: it.when.iter().map(DateView::of).collect(),
                fact: speaker.literal(it.node, it.literal),
            }
        })?;
    if !is_found {
        question.nothing("there is no such number");
        let units: Vec<&str> = units
            .iter()
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        if !options.unit.is_empty() && !units.is_empty() {
            report::note(&format!("units are {}", units.join(", ")));
        }
    }
    Ok(Outcome::found(is_found))
}

/// The units as the sources print them, where the project calls them otherwise.
fn as_printed(graph: &KnowledgeGraph, units: &[String]) -> Vec<String> {
    let named = &graph.project().units;
    let printed = |unit: &String| {
        let names = |labels: &LangText| !unit.is_empty() && labels.values().any(|it| it == unit);
        let found = named.iter().find(|(_, labels)| names(labels));
        found.map_or(unit, |(printed, _)| printed).clone()
    };
    units.iter().map(printed).collect()
}
