//! `tupu show`: what the graph knows of an entity.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tupu::model::{KnowledgeGraph, NameKind, NodeId};
use tupu::schema::LangText;

use super::{Outcome, Question};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Answer, Format, Naming};
use crate::output;
use crate::table;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Chinese or English name, alias, short form or slug
    name: String,

    /// Plain text of a source document, to show the words of the evidence
    #[arg(long, value_name = "FILE")]
    source: Vec<PathBuf>,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
struct Card {
    entity: Entity,
    class_label: LangText,
    names: Vec<NameView>,
    facts: Vec<Fact>,
    facts_about: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct NameView {
    text: String,
    language: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
}

pub(crate) fn run(project: &Path, options: &Show) -> anyhow::Result<Outcome> {
    let Some(question) = Question::load(project, &options.answer, &options.source)? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let Some(node) = question.resolve_within(&options.name, scope) else {
        return Ok(Outcome::No);
    };
    let text = match options.answer.format {
        Format::Json => serde_json::to_string_pretty(&card(question.speaker(), node))? + "\n",
        Format::Table => text(question.speaker(), node),
    };
    output::print(&text)?;
    Ok(Outcome::Fine)
}

fn card(speaker: Speaker<'_>, node: NodeId) -> Card {
    let graph = speaker.graph;
    let literals = graph
        .literals(node)
        .iter()
        .map(|it| speaker.literal(node, it));
    let edges = graph.edges_out(node).map(|edge| speaker.edge(edge));
    Card {
        entity: speaker.entity(node),
        class_label: graph.schema().class(graph.class(node)).label.clone(),
        names: names(graph, node),
        facts: literals.chain(edges).collect(),
        facts_about: graph
            .edges_in(node)
            .map(|edge| speaker.edge(edge))
            .collect(),
    }
}

fn names(graph: &KnowledgeGraph, node: NodeId) -> Vec<NameView> {
    graph
        .names(node)
        .map(|name| NameView {
            text: name.text.to_owned(),
            language: name.language.to_owned(),
            kind: match name.kind {
                NameKind::Canonical => "canonical",
                NameKind::Alias => "alias",
                NameKind::Short => "short",
            },
            article: name.article.map(|article| graph.slug(article).to_owned()),
        })
        .collect()
}

fn text(speaker: Speaker<'_>, node: NodeId) -> String {
    let graph = speaker.graph;
    let mut text = String::new();
    let canonical: Vec<&str> = graph
        .names(node)
        .filter(|name| name.kind == NameKind::Canonical)
        .map(|name| name.text)
        .collect();
    text.push_str(&format!("{}\n", canonical.join(" · ")));
    text.push_str(&format!(
        "{} · {}\n",
        speaker.class_label(node),
        graph.project().prefixes.compact(&graph.iri(node)),
    ));
    for name in names(graph, node) {
        match (name.kind, name.article) {
            ("canonical", _) => {}
            (kind, Some(article)) => {
                text.push_str(&format!("{kind}: {} (in {article} only)\n", name.text));
            }
            (kind, None) => text.push_str(&format!("{kind}: {}\n", name.text)),
        }
    }

    let is_shown = |language: &str| language == speaker.language;
    let mut rows = Vec::new();
    for literal in graph.literals(node) {
        if let tupu::model::Value::Text { language, .. } = &literal.value
            && !is_shown(language)
        {
            continue;
        }
        rows.push([
            speaker.slot_label(literal.slot).to_owned(),
            speaker.value(&literal.value),
            speaker.reserve(literal.status, literal.provenance),
            speaker.places(literal.provenance),
        ]);
    }
    for edge in graph.edges_out(node) {
        rows.push([
            speaker.slot_label(edge.slot).to_owned(),
            speaker.label(edge.target).to_owned(),
            speaker.reserve(edge.status, edge.provenance),
            speaker.places(edge.provenance),
        ]);
    }
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table::render(
            ["SLOT", "VALUE", "STATUS", "EVIDENCE"],
            rows,
        ));
    }
    let rows: Vec<_> = graph
        .edges_in(node)
        .map(|edge| {
            [
                speaker.label(edge.source).to_owned(),
                speaker.slot_label(edge.slot).to_owned(),
                speaker.reserve(edge.status, edge.provenance),
                speaker.places(edge.provenance),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table::render(
            ["IS VALUE FOR", "SLOT", "STATUS", "EVIDENCE"],
            rows,
        ));
    }
    text
}
