//! `tupu why`: the facts between two entities and where the source says so.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tupu::query::{self, Link};

use super::{Outcome, Question};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Answer, Format, Naming};
use crate::output;
use crate::table;

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// One entity: a name or slug
    one: String,

    /// The other: a name or slug
    other: String,

    /// Plain text of a source document, to show the words of the evidence
    #[arg(long, value_name = "FILE")]
    source: Vec<PathBuf>,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct LinkView {
    through: Option<Entity>,
    facts: Vec<Fact>,
}

pub(crate) fn run(project: &Path, options: &Why) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(project, &options.answer, &options.source)? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let (Some(one), Some(other)) = (
        question.resolve_within(&options.one, scope),
        question.resolve_within(&options.other, scope),
    ) else {
        return Ok(Outcome::No);
    };
    let speaker = question.speaker();
    let links = query::links(speaker.graph, one, other);
    match options.answer.format {
        Format::Json => {
            let views: Vec<_> = links
                .iter()
                .map(|link| LinkView {
                    through: link.through.map(|node| speaker.entity(node)),
                    facts: link.facts.iter().map(|fact| speaker.edge(*fact)).collect(),
                })
                .collect();
            output::print(&(serde_json::to_string_pretty(&views)? + "\n"))?;
        }
        Format::Table if links.is_empty() => {}
        Format::Table => output::print(&text(speaker, &links))?,
    }
    if links.is_empty() {
        question.nothing(&format!(
            "no fact joins `{}` and `{}`; `tupu path` looks farther",
            speaker.label(one),
            speaker.label(other)
        ));
    }
    Ok(Outcome::found(!links.is_empty()))
}

fn text(speaker: Speaker<'_>, links: &[Link]) -> String {
    let rows = links
        .iter()
        .flat_map(|link| &link.facts)
        .map(|fact| {
            [
                speaker.label(fact.source).to_owned(),
                speaker.slot_label(fact.slot).to_owned(),
                speaker.label(fact.target).to_owned(),
                fact.status.name().to_owned(),
                speaker.places(fact.provenance),
            ]
        })
        .collect();
    let mut text = table::render(["SUBJECT", "SLOT", "OBJECT", "STATUS", "EVIDENCE"], rows);
    for link in links {
        for fact in &link.facts {
            let reason = speaker.graph.provenance(fact.provenance).inferred.as_ref();
            if let Some(reason) = reason.and_then(|it| it.get(speaker.language)) {
                text.push_str(&format!(
                    "\n{} {}: inferred: {reason}\n",
                    speaker.label(fact.source),
                    speaker.slot_label(fact.slot)
                ));
            }
        }
    }
    text
}
