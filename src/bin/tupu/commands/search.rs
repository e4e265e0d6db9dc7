//! `tupu search`: entities by any part or spelling of their names.

use std::path::Path;

use clap::Args;
use serde::Serialize;
use tupu::query::{Hit, shown};

use super::{Outcome, Question};
use crate::answer::{Entity, Speaker};
use crate::args::{Answer, Format, Naming};
use crate::output;
use crate::table;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu search 知识产权
  tupu search laboratory --class Laboratory
  tupu search 'chongqing development'        both words, anywhere in a name
  tupu search jinfeng                        pinyin, with or without tones
  tupu search 合作协议 --article laboratories")]
pub(crate) struct Search {
    /// Name or part of one: Chinese, English, pinyin, initials or slug
    text: String,

    /// Most entities to list
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct HitView {
    entity: Entity,
    name: String,
    matched: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
}

pub(crate) fn run(project: &Path, options: &Search) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(project, &options.answer, &[])? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let speaker = question.speaker();
    // One more than asked for tells whether there are more.
    let wanted = options.limit.saturating_add(1);
    let mut hits = question
        .names()
        .search(speaker.graph, &options.text, wanted, scope);
    let are_more = hits.len() > options.limit;
    hits.truncate(options.limit);
    match options.answer.format {
        Format::Json => {
            let views: Vec<_> = hits.iter().map(|hit| view(speaker, hit)).collect();
            output::print(&(serde_json::to_string_pretty(&views)? + "\n"))?;
        }
        Format::Table if hits.is_empty() => {}
        Format::Table => {
            let rows = hits.iter().map(|hit| row(speaker, hit)).collect();
            output::print(&table::render(HEADS, rows))?;
        }
    }
    if options.text.trim().is_empty() {
        question.nothing("the text to look for is empty");
    } else if hits.is_empty() {
        question.nothing(&format!("no name is like `{}`", shown(&options.text)));
    } else if are_more {
        question.nothing(&format!("the first {}; --limit lists more", options.limit));
    }
    Ok(Outcome::found(!hits.is_empty()))
}

fn view(speaker: Speaker<'_>, hit: &Hit<'_>) -> HitView {
    HitView {
        entity: speaker.entity(hit.node),
        name: hit.name.to_owned(),
        matched: hit.matched.name(),
        article: hit.article.map(|it| speaker.graph.slug(it).to_owned()),
    }
}

const HEADS: [&str; 5] = ["ENTITY", "CLASS", "MATCHED", "BY", "SLUG"];

fn row(speaker: Speaker<'_>, hit: &Hit<'_>) -> [String; 5] {
    let by = match hit.article {
        Some(article) => format!("{} in {}", hit.matched.name(), speaker.graph.slug(article)),
        None => hit.matched.name().to_owned(),
    };
    [
        speaker.label(hit.node).to_owned(),
        speaker.class_label(hit.node).to_owned(),
        hit.name.to_owned(),
        by,
        speaker.graph.slug(hit.node).to_owned(),
    ]
}
