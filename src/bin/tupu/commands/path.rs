//! `tupu path`: the shortest ways from one entity to another.

use std::num::NonZeroUsize;
use std::path::Path as FilePath;

use clap::Args;
use serde::Serialize;
use tupu::query::{self, Step};

use super::{Outcome, Question};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Answer, Format, Naming};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct Path {
    /// Where to begin: a name or slug
    from: String,

    /// Where to arrive: a name or slug
    to: String,

    /// Most paths to show
    #[arg(long, default_value_t = NonZeroUsize::MIN.saturating_add(4), value_name = "N")]
    limit: NonZeroUsize,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct PathView {
    length: usize,
    steps: Vec<StepView>,
}

#[derive(Debug, Serialize)]
struct StepView {
    from: Entity,
    to: Entity,
    fact: Fact,
}

pub(crate) fn run(project: &FilePath, options: &Path) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(project, &options.answer, &[])? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let (Some(from), Some(to)) = (
        question.resolve_within(&options.from, scope),
        question.resolve_within(&options.to, scope),
    ) else {
        return Ok(Outcome::No);
    };
    let speaker = question.speaker();
    let paths = query::shortest_paths(speaker.graph, from, to, options.limit.get());
    match options.answer.format {
        Format::Json => {
            let views: Vec<_> = paths.iter().map(|path| view(speaker, path)).collect();
            output::print(&(serde_json::to_string_pretty(&views)? + "\n"))?;
        }
        Format::Table => {
            let texts: Vec<_> = paths
                .iter()
                .map(|path| {
                    let mut text = format!("{}\n", speaker.label(from));
                    for step in path {
                        text.push_str(&line(speaker, *step));
                    }
                    text
                })
                .collect();
            output::print(&texts.join("\n"))?;
        }
    }
    if paths.is_empty() {
        question.nothing(&format!(
            "nothing joins `{}` and `{}`",
            speaker.label(from),
            speaker.label(to)
        ));
    }
    Ok(Outcome::found(!paths.is_empty()))
}

fn view(speaker: Speaker<'_>, path: &[Step]) -> PathView {
    PathView {
        length: path.len(),
        steps: path
            .iter()
            .map(|step| StepView {
                from: speaker.entity(step.from),
                to: speaker.entity(step.to),
                fact: speaker.edge(step.edge),
            })
            .collect(),
    }
}

/// One step in words: the slot with its direction, where it leads, where that stands.
fn line(speaker: Speaker<'_>, step: Step) -> String {
    let slot = speaker.slot_label(step.edge.slot);
    let arrow = if step.edge.source == step.from {
        format!("─ {slot} →")
    } else {
        format!("← {slot} ─")
    };
    let reserve = speaker.reserve(step.edge.status, step.edge.provenance);
    let reserve = if reserve.is_empty() {
        reserve
    } else {
        format!(" ({reserve})")
    };
    let places = speaker.places(step.edge.provenance);
    format!(
        "  {arrow} {}{reserve}   [{places}]\n",
        speaker.label(step.to)
    )
}
