//! `tupu list`: the entities of a class, by what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{anyhow, bail};
use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::NodeId;
use tupu::query::{self, Filter, Wanted, shown};
use tupu::schema::{ClassId, LiteralType, Range, SlotId};
use tupu::suggest;

use super::{Outcome, Question, date, print_sparql};
use crate::answer::{Entity, Fact};
use crate::args::{Origin, Rows};
use crate::rows::Cell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu list Agreement
  tupu list Agreement --where signatory=成都市知识产权局
  tupu list 会议 --where start_date=2024-11 --columns start_date,location
  tupu list Membership --where organization=市政协 --columns member,role
  tupu list Provision --where deadline                any deadline

Classes and slots go by name or label; entities by any of their names. Classes below the class and
slots below the slot count too. Text, numbers and enum values must be the same, dates lie within the
one given.")]
pub(crate) struct List {
    /// Class: its name or label
    class: String,

    /// Only entities with this value in the slot, or with any; may be given several times
    #[arg(long = "where", value_name = "SLOT[=VALUE]")]
    conditions: Vec<String>,

    /// Slots to show, by comma
    #[arg(long, value_name = "SLOT,…", value_delimiter = ',')]
    columns: Vec<String>,

    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Serialize)]
struct Item {
    entity: Entity,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    columns: BTreeMap<String, Vec<Fact>>,
}

pub(crate) fn run(origin: &Origin, options: &List) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    let class = question.class(&options.class)?;
    let slots = options
        .columns
        .iter()
        .map(|it| slot_of(&question, class, it));
    let slots = slots.collect::<anyhow::Result<Vec<SlotId>>>()?;
    let mut filters = Vec::new();
    for condition in &options.conditions {
        let Some(filter) = filter(&question, class, condition)? else {
            return Ok(Outcome::No);
        };
        filters.push(filter);
    }
    if options.rows.sparql {
        let query = as_sparql::list(&question.graph, class, &filters, &slots)?;
        return print_sparql(origin, &query);
    }
    let speaker = question.speaker();
    let graph = speaker.graph;
    let mut rows = question
        .rows(query::list(graph, class, &filters))
        .cell("name", |it| *it)
        .cell("class", |it| graph.class(*it))
        .slug(|it| *it);
    for slot in &slots {
        let name = &graph.schema().slot(*slot).name;
        rows = rows
            .cells(name, |it| values(&question, *it, *slot))
            .asked_for(speaker.slot_label(*slot));
    }
    let is_found = rows
        .evidence(|it| {
            graph
                .names(*it)
                .filter_map(|name| name.provenance)
                .take(1)
                .collect()
        })
        .print(&options.rows, |it| Item {
            entity: speaker.entity(*it),
            columns: slots
                .iter()
                .map(|slot| {
                    (
                        graph.schema().slot(*slot).name.clone(),
                        facts(&question, *it, *slot),
                    )
                })
                .collect(),
        })?;
    if !is_found {
        question.nothing("no entity is of this class and passes every --where");
    }
    Ok(Outcome::found(is_found))
}

/// The slot that `text` means; of several those that entities of the class can have.
fn slot_of(question: &Question, class: ClassId, text: &str) -> anyhow::Result<SlotId> {
    let schema = question.graph.schema();
    let error = match query::slot_named(schema, text) {
        Ok(slot) => return Ok(slot),
        Err(error) => error,
    };
    let below = schema
        .class_ids()
        .filter(|it| schema.is_subclass(*it, class));
    let known: BTreeSet<SlotId> = below.flat_map(|it| schema.slots_of(it)).collect();
    let candidates = error.candidates.iter().filter(|_| error.is_ambiguous);
    let mut candidates = candidates
        .filter_map(|name| schema.slot_named(name))
        .filter(|slot| known.contains(slot));
    match (candidates.next(), candidates.next()) {
        (Some(slot), None) => Ok(slot),
        _ => Err(error.into()),
    }
}

/// What `SLOT` or `SLOT=VALUE` asks for; `None` if no entity has that name.
fn filter(question: &Question, class: ClassId, condition: &str) -> anyhow::Result<Option<Filter>> {
    let (slot, value) = match condition.split_once('=') {
        Some((slot, value)) => (slot, Some(value)),
        None => (condition, None),
    };
    let slot = slot_of(question, class, slot.trim())?;
    let Some(value) = value else {
        let wanted = Wanted::Anything;
        return Ok(Some(Filter { slot, wanted }));
    };
    if value.trim().is_empty() {
        bail!("`{condition}` asks for no value; without `=` any value will do");
    }
    let is_literal = match question.graph.schema().slot(slot).range {
        Range::Literal(_) | Range::Enum(_) => true,
        Range::Classes(_) => false,
        Range::Any => has_literals(question, slot) && !question.is_name(value),
    };
    if is_literal {
        check_literal(question, slot, value)?;
    }
    let wanted = if is_literal {
        Wanted::Literal(value.to_owned())
    } else {
        match question.resolve(value) {
            Some(node) => Wanted::Entity(node),
            None => return Ok(None),
        }
    };
    Ok(Some(Filter { slot, wanted }))
}

/// Refuses what no value of the slot can be: no date, or no value of its enum.
fn check_literal(question: &Question, slot: SlotId, value: &str) -> anyhow::Result<()> {
    let schema = question.graph.schema();
    match schema.slot(slot).range {
        Range::Literal(LiteralType::Date) => {
            date(value.trim()).map_err(|error| anyhow!("`{}`: {error}", shown(value)))?;
        }
        Range::Enum(id) => {
            let values = &schema.enumeration(id).permissible_values;
            let names = || {
                let names = values.iter();
                names.flat_map(|it| it.label.values().chain([&it.name]).map(String::as_str))
            };
            if !names().any(|name| name == value.trim()) {
                let near = suggest::nearest(value, names());
                let hint = near.map_or_else(
                    || names().collect::<Vec<_>>().join(", "),
                    |near| format!("did you mean `{near}`?"),
                );
                bail!("`{}` is no value of the slot; {hint}", shown(value));
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether literals stand in the slot, as they can in that of an RDF file.
fn has_literals(question: &Question, slot: SlotId) -> bool {
    let graph = &question.graph;
    let mut literals = graph.nodes().flat_map(|node| graph.literals(node));
    literals.any(|it| graph.schema().is_subslot(it.slot, slot))
}

/// Values of the entity in a slot, or in slots below it.
fn values(question: &Question, node: NodeId, slot: SlotId) -> Vec<Cell<'_>> {
    let speaker = question.speaker();
    let graph = speaker.graph;
    let is_slot = |it: SlotId| graph.schema().is_subslot(it, slot);
    let literals = graph.literals(node).iter().filter(|it| is_slot(it.slot));
    let literals = literals.filter(|it| speaker.is_spoken(node, it));
    let edges = graph.edges_out(node).filter(|edge| is_slot(edge.slot));
    literals
        .map(Cell::from)
        .chain(edges.map(|edge| edge.target.into()))
        .collect()
}

fn facts(question: &Question, node: NodeId, slot: SlotId) -> Vec<Fact> {
    let speaker = question.speaker();
    let graph = speaker.graph;
    let is_slot = |it: SlotId| graph.schema().is_subslot(it, slot);
    let literals = graph.literals(node).iter().filter(|it| is_slot(it.slot));
    let edges = graph.edges_out(node).filter(|edge| is_slot(edge.slot));
    literals
        .map(|it| speaker.literal(node, it))
        .chain(edges.map(|edge| speaker.edge(edge)))
        .collect()
}
