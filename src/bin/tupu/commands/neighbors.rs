//! `tupu neighbors`: what an entity is directly related to.

use std::path::Path;

use clap::Args;
use serde::Serialize;
use tupu::query;

use super::{Outcome, Question};
use crate::answer::{Entity, Fact};
use crate::args::{Answer, Format};
use crate::output;
use crate::table;

#[derive(Debug, Args)]
pub(crate) struct Neighbors {
    /// Chinese or English name, alias, short form or slug
    name: String,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct NeighborView {
    entity: Entity,
    direction: &'static str,
    fact: Fact,
}

pub(crate) fn run(project: &Path, options: &Neighbors) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(project, &options.answer, &[])? else {
        return Ok(Outcome::No);
    };
    let Some(node) = question.resolve(&options.name) else {
        return Ok(Outcome::No);
    };
    let speaker = question.speaker();
    let neighbors = query::neighbors(speaker.graph, node);
    let text = match options.answer.format {
        Format::Json => {
            let views: Vec<_> = neighbors
                .iter()
                .map(|neighbor| NeighborView {
                    entity: speaker.entity(neighbor.node),
                    direction: if neighbor.is_outgoing { "out" } else { "in" },
                    fact: speaker.edge(neighbor.edge),
                })
                .collect();
            serde_json::to_string_pretty(&views)? + "\n"
        }
        Format::Table => {
            let rows: Vec<[String; 5]> = neighbors
                .iter()
                .map(|neighbor| {
                    let slot = speaker.slot_label(neighbor.edge.slot);
                    [
                        if neighbor.is_outgoing {
                            format!("{slot} →")
                        } else {
                            format!("← {slot}")
                        },
                        speaker.label(neighbor.node).to_owned(),
                        speaker.class_label(neighbor.node).to_owned(),
                        speaker.reserve(neighbor.edge.status, neighbor.edge.provenance),
                        speaker.graph.slug(neighbor.node).to_owned(),
                    ]
                })
                .collect();
            table::render(["SLOT", "NEIGHBOUR", "CLASS", "STATUS", "SLUG"], rows)
        }
    };
    if neighbors.is_empty() {
        question.nothing(&format!(
            "`{}` has no facts with other entities",
            speaker.label(node)
        ));
    }
    if !neighbors.is_empty() || options.answer.format == Format::Json {
        output::print(&text)?;
    }
    Ok(Outcome::found(!neighbors.is_empty()))
}
