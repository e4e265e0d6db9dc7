//! `tupu neighbors`: what lies around an entity.

use clap::{Args, ValueEnum};
use serde::Serialize;
use tupu::as_sparql;
use tupu::query::{self, Around, Direction};

use super::{Outcome, Question, print_sparql};
use crate::answer::{Entity, Fact};
use crate::args::{Origin, Rows};
use crate::rows::direction;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu neighbors 成都市知识产权局
  tupu neighbors 交通圈 --slot achievement --direction out
  tupu neighbors 成渝地区双城经济圈 --depth 2 --class Agreement
  tupu neighbors 秘书长 --evidence --format csv

Each entity stands once, with its distance and the first fact that reaches it; `tupu why` lists every
fact between two.")]
pub(crate) struct Neighbors {
    /// Chinese or English name, alias, short form or slug
    name: String,

    /// Most steps
    #[arg(long, value_name = "N", default_value_t = 1)]
    depth: usize,

    /// Follow facts in this slot only, or slots below it; may be given several times
    #[arg(long, value_name = "SLOT")]
    slot: Vec<String>,

    /// Show entities of this class only, or classes below it; may be given several times
    #[arg(long, value_name = "CLASS")]
    class: Vec<String>,

    /// Which way to follow facts
    #[arg(long, value_enum, default_value_t = Way::Both)]
    direction: Way,

    #[command(flatten)]
    rows: Rows,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Way {
    /// From subject to object
    Out,
    /// From object to subject
    In,
    Both,
}

#[derive(Debug, Serialize)]
struct NeighborView {
    entity: Entity,
    distance: usize,
    direction: &'static str,
    fact: Fact,
}

pub(crate) fn run(origin: &Origin, options: &Neighbors) -> anyhow::Result<Outcome> {
    let Some(mut question) = Question::load(origin, &options.rows.answer, &options.rows.source)?
    else {
        return Ok(Outcome::No);
    };
    let around = Around {
        depth: options.depth,
        direction: match options.direction {
            Way::Out => Direction::Out,
            Way::In => Direction::In,
            Way::Both => Direction::Both,
        },
        slots: question.slots(&options.slot)?,
        classes: question.classes(&options.class)?,
    };
    let Some(node) = question.resolve(&options.name) else {
        return Ok(Outcome::No);
    };
    if options.rows.sparql {
        let query = as_sparql::neighbors(&question.graph, node, &around)?;
        return print_sparql(origin, &query);
    }
    let found = query::around(&question.graph, node, &around);
    if options.rows.with_evidence() {
        question.look_for_rows(&origin.tables, found.iter().map(|it| it.edge))?;
    }
    let speaker = question.speaker();
    let graph = speaker.graph;
    let mut rows = question.rows(found);
    if options.depth > 1 {
        rows = rows
            .text("distance", |it| it.distance.to_string())
            .cell("from", |it| {
                if it.is_outgoing {
                    it.edge.source
                } else {
                    it.edge.target
                }
            });
    }
    let is_found = rows
        .step("slot", |it| (it.edge.slot, it.is_outgoing))
        .cell("neighbour", |it| it.node)
        .cell("class", |it| graph.class(it.node))
        .status(|it| (it.edge.status, it.edge.provenance))
        .slug(|it| it.node)
        .evidence(|it| vec![it.edge.provenance])
        .table_rows(move |it| speaker.rows_of(it.edge))
        .print(&options.rows, |it| NeighborView {
            entity: speaker.entity(it.node),
            distance: it.distance,
            direction: direction(it.is_outgoing),
            fact: speaker.edge(it.edge),
        })?;
    if !is_found {
        question.nothing(&format!(
            "nothing of the kind lies around `{}`",
            speaker.label(node)
        ));
    }
    Ok(Outcome::found(is_found))
}
