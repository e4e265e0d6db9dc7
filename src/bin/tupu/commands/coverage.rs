//! `tupu coverage`: how much of each article the facts use.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use tupu::model::{KnowledgeGraph, NodeId};
use tupu::query::{self, Coverage as Covered};

use super::{Outcome, Question};
use crate::answer::{Entity, Speaker};
use crate::args::{Answer, Format, Origin};
use crate::output;
use crate::rows::{json, ndjson};
use crate::table::Grid;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu coverage --source page.txt
  tupu coverage --source page.txt --unused      with the words that no fact uses")]
pub(crate) struct Coverage {
    /// Plain text of a source document; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    source: Vec<PathBuf>,

    /// List the stretches that no fact uses
    #[arg(long)]
    unused: bool,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct Report {
    articles: Vec<ArticleView>,
    entities_without_facts: Vec<Entity>,
    entities_with_one_name: Vec<Entity>,
    facts_without_position: usize,
}

#[derive(Debug, Serialize)]
struct ArticleView {
    article: Entity,
    characters: usize,
    used: usize,
    percent: usize,
    unused: Vec<Stretch>,
}

#[derive(Debug, Serialize)]
struct Stretch {
    start: u32,
    end: u32,
    text: String,
}

pub(crate) fn run(origin: &Origin, options: &Coverage) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(origin, &options.answer, &options.source)? else {
        return Ok(Outcome::No);
    };
    let speaker = question.speaker();
    let graph = speaker.graph;
    let mut articles = Vec::new();
    for (source, document) in graph.sources() {
        let texts = speaker.texts.iter();
        for file in texts.filter(|file| file.text.sha256() == document.sha256) {
            let covered = query::coverage(graph, *source, &file.text);
            articles.extend(
                covered
                    .into_iter()
                    .map(|it| view(speaker, it, |range| file.text.dense(range))),
            );
        }
    }
    let report = Report {
        articles,
        entities_without_facts: entities(speaker, |node| has_no_facts(graph, node)),
        entities_with_one_name: entities(speaker, |node| has_one_name(graph, node)),
        facts_without_position: facts_without_position(graph),
    };
    let text = match options.answer.format {
        Format::Json => json(&report)?,
        Format::Ndjson => ndjson(&report.articles)?,
        Format::Table => text(&report, options.unused)?,
        format if options.unused => unused(&report).text(format)?,
        format => used(&report).text(format)?,
    };
    output::print(&text)?;
    Ok(Outcome::Fine)
}

fn view(
    speaker: Speaker<'_>,
    covered: Covered,
    words: impl Fn(std::ops::Range<u32>) -> String,
) -> ArticleView {
    ArticleView {
        article: speaker.entity(covered.article),
        characters: covered.length,
        used: covered.used,
        percent: (covered.used * 100)
            .checked_div(covered.length)
            .unwrap_or(100),
        unused: covered
            .unused
            .into_iter()
            .map(|range| Stretch {
                start: range.start,
                end: range.end,
                text: words(range),
            })
            .collect(),
    }
}

fn entities(speaker: Speaker<'_>, is_wanted: impl Fn(NodeId) -> bool) -> Vec<Entity> {
    let graph = speaker.graph;
    graph
        .nodes()
        .filter(|node| is_wanted(*node))
        .map(|node| speaker.entity(node))
        .collect()
}

fn has_no_facts(graph: &KnowledgeGraph, node: NodeId) -> bool {
    graph.literals(node).is_empty()
        && graph.edges_out(node).next().is_none()
        && graph.edges_in(node).next().is_none()
}

/// Whether all names of the entity are the same in every language.
fn has_one_name(graph: &KnowledgeGraph, node: NodeId) -> bool {
    let mut names = graph.names(node).map(|name| name.text);
    let first = names.next();
    names.all(|name| Some(name) == first)
}

fn facts_without_position(graph: &KnowledgeGraph) -> usize {
    let literals = graph
        .nodes()
        .flat_map(|node| graph.literals(node))
        .map(|it| it.provenance);
    let edges = graph.edges().map(|edge| edge.provenance);
    literals
        .chain(edges)
        .filter(|id| graph.provenance(*id).passages.is_empty())
        .count()
}

/// How much of each article is used.
fn used(report: &Report) -> Grid {
    let rows = report
        .articles
        .iter()
        .map(|it| {
            [
                it.article.id.clone(),
                it.characters.to_string(),
                it.used.to_string(),
                it.percent.to_string(),
                it.unused.len().to_string(),
            ]
        })
        .collect();
    let heads = ["article", "characters", "used", "percent", "stretches_left"];
    Grid::new(heads, rows)
}

/// The stretches that no fact uses.
fn unused(report: &Report) -> Grid {
    let stretches = report
        .articles
        .iter()
        .flat_map(|it| it.unused.iter().map(move |stretch| (it, stretch)));
    let rows = stretches
        .map(|(it, stretch)| {
            [
                it.article.id.clone(),
                format!("char={},{}", stretch.start, stretch.end),
                stretch.text.clone(),
            ]
        })
        .collect();
    Grid::new(["article", "position", "unused"], rows)
}

fn text(report: &Report, with_unused: bool) -> anyhow::Result<String> {
    let mut text = used(report).text(Format::Table)?;
    if with_unused {
        text.push('\n');
        text.push_str(&unused(report).text(Format::Table)?);
    }
    text.push_str(&format!(
        "\nfacts without a position: {} (inferred)\n",
        report.facts_without_position
    ));
    for (what, entities) in [
        ("entities without facts", &report.entities_without_facts),
        (
            "entities with one name only",
            &report.entities_with_one_name,
        ),
    ] {
        let ids: Vec<&str> = entities.iter().map(|entity| entity.id.as_str()).collect();
        text.push_str(&format!(
            "{what}: {}\n",
            if ids.is_empty() {
                "none".to_owned()
            } else {
                ids.join(", ")
            }
        ));
    }
    Ok(text)
}
