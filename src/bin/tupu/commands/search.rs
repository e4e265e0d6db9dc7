//! `tupu search`: entities by any part or spelling of their names.

use std::num::NonZeroUsize;

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use tupu::query::{Hit, shown};

use super::{Outcome, Question};
use crate::answer::{Entity, Speaker};
use crate::args::{Naming, Origin, Rows};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu search 知识产权
  tupu search laboratory --class Laboratory
  tupu search chongqing development          both words, anywhere in a name
  tupu search jinfeng                        pinyin, with or without tones
  tupu search 合作协议 --article laboratories")]
pub(crate) struct Search {
    /// Name or part of one: Chinese, English, pinyin, initials or slug
    #[arg(required = true, value_name = "TEXT")]
    words: Vec<String>,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    rows: Rows,
}

/// Most entities that are listed where nothing is said.
const MOST_LISTED: usize = 20;

#[derive(Debug, Serialize)]
struct HitView {
    entity: Entity,
    name: String,
    matched: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
}

pub(crate) fn run(origin: &Origin, options: &Search) -> anyhow::Result<Outcome> {
    if options.rows.sparql {
        bail!("SPARQL knows nothing of pinyin, initials and likeness, so search has no query");
    }
    let Some(question) = Question::load(origin, &options.rows.answer, &options.rows.source)? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let text = options.words.join(" ");
    let speaker = question.speaker();
    let graph = speaker.graph;
    let limit = options.rows.limit.map_or(MOST_LISTED, NonZeroUsize::get);
    // One more than asked for tells whether there are more.
    let wanted = limit.saturating_add(1);
    let mut hits = question.names().search(graph, &text, wanted, scope);
    let are_more = hits.len() > limit;
    hits.truncate(limit);
    let is_found = question
        .rows(hits)
        .cell("entity", |hit| hit.node)
        .cell("class", |hit| graph.class(hit.node))
        .text("matched", |hit| hit.name.to_owned())
        .for_people(move |hit| {
            let is_shown = speaker.each(|it| graph.label(hit.node, it).to_owned());
            let is_shown = is_shown.iter().any(|it| it == hit.name);
            if is_shown { "" } else { hit.name }.to_owned()
        })
        .text("by", |hit| match hit.article {
            Some(article) => format!("{} in {}", hit.matched.name(), graph.slug(article)),
            None => hit.matched.name().to_owned(),
        })
        .slug(|hit| hit.node)
        .evidence(|hit| {
            let names = graph.names(hit.node);
            let named = names.filter(|it| it.text == hit.name);
            named.filter_map(|it| it.provenance).collect()
        })
        .print(&options.rows, |hit| view(speaker, hit))?;
    if text.trim().is_empty() {
        question.nothing("the text to look for is empty");
    } else if !is_found {
        question.nothing(&format!("no name is like `{}`", shown(&text)));
    } else if are_more {
        question.nothing(&format!("the first {limit}; --limit lists more"));
    }
    Ok(Outcome::found(is_found))
}

fn view(speaker: Speaker<'_>, hit: &Hit<'_>) -> HitView {
    HitView {
        entity: speaker.entity(hit.node),
        name: hit.name.to_owned(),
        matched: hit.matched.name(),
        article: hit.article.map(|it| speaker.graph.slug(it).to_owned()),
    }
}
