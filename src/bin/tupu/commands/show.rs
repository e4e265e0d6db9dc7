//! `tupu show`: what the graph knows of an entity.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::{Edge, KnowledgeGraph, Literal, NameKind, NodeId, ProvenanceId, Status};
use tupu::schema::{LangText, SlotId};
use tupu::table::EdgeRow;

use super::{Outcome, Question, print_sparql};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Format, Naming, Origin, Rows as Options};
use crate::output;
use crate::rows::{Cell, Rows, json, ndjson};
use crate::table::{escape_markdown, wrapped};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu show 金凤实验室
  tupu show Jinfeng --lang both --evidence
  tupu show lab-agreement --source page.txt      with the words of the evidence
  tupu show lab-agreement --format markdown")]
pub(crate) struct Show {
    /// Chinese or English name, alias, short form or slug
    name: String,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    rows: Options,
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

/// A fact that the entity is in.
#[derive(Clone, Copy)]
enum Known<'g> {
    Literal(NodeId, &'g Literal),
    Edge(Edge),
}

impl<'g> Known<'g> {
    fn subject(self) -> NodeId {
        match self {
            Self::Literal(node, _) => node,
            Self::Edge(edge) => edge.source,
        }
    }

    fn slot(self) -> SlotId {
        match self {
            Self::Literal(_, literal) => literal.slot,
            Self::Edge(edge) => edge.slot,
        }
    }

    fn value(self) -> Cell<'g> {
        match self {
            Self::Literal(_, literal) => literal.into(),
            Self::Edge(edge) => edge.target.into(),
        }
    }

    fn status(self) -> (Status, ProvenanceId) {
        match self {
            Self::Literal(_, literal) => (literal.status, literal.provenance),
            Self::Edge(edge) => (edge.status, edge.provenance),
        }
    }

    /// The rows of tables that say the fact, if it is an edge.
    fn table_rows(self, speaker: Speaker<'g>) -> Vec<&'g EdgeRow> {
        match self {
            Self::Literal(..) => Vec::new(),
            Self::Edge(edge) => speaker.rows_of(edge),
        }
    }

    fn view(self, speaker: Speaker<'_>) -> Fact {
        match self {
            Self::Literal(node, literal) => speaker.literal(node, literal),
            Self::Edge(edge) => speaker.edge(edge),
        }
    }
}

pub(crate) fn run(origin: &Origin, options: &Show) -> anyhow::Result<Outcome> {
    let shown = &options.rows;
    let Some(mut question) = Question::load(origin, &shown.answer, &shown.source)? else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let Some(node) = question.resolve_within(&options.name, scope) else {
        return Ok(Outcome::No);
    };
    if shown.sparql {
        return print_sparql(origin, &as_sparql::show(&question.graph, node));
    }
    if shown.with_evidence() {
        let graph = Arc::clone(&question.graph);
        let edges = graph.edges_out(node).chain(graph.edges_in(node));
        question.look_for_rows(&origin.tables, edges)?;
    }
    let speaker = question.speaker();
    let facts = facts(speaker, node);
    let about: Vec<Known<'_>> = speaker.graph.edges_in(node).map(Known::Edge).collect();
    let views = |facts: &[Known<'_>]| -> Vec<Fact> {
        facts.iter().map(|fact| fact.view(speaker)).collect()
    };
    let format = shown.answer.format;
    let text = match format {
        Format::Json => json(&card(speaker, node))?,
        Format::Ndjson => ndjson(views(&facts).into_iter().chain(views(&about)))?,
        Format::Csv | Format::Tsv => {
            let all = facts.into_iter().chain(about).collect();
            let rows = question.rows(all).cell("subject", |it| it.subject());
            columns(speaker, rows)
                .limit(shown)
                .grid(format, shown.with_evidence())
                .text(format)?
        }
        Format::Table | Format::Markdown => {
            let mut text = heading(speaker, node, format);
            if !facts.is_empty() {
                let rows = columns(speaker, question.rows(facts)).limit(shown);
                text.push('\n');
                text.push_str(&grouped(&rows, shown)?);
            }
            if !about.is_empty() {
                let rows = question
                    .rows(about)
                    .cell("is_value_for", |it| it.subject())
                    .cell("slot", |it| it.slot())
                    .status(|it| it.status())
                    .evidence(|it| vec![it.status().1])
                    .table_rows(move |it| it.table_rows(speaker))
                    .limit(shown);
                text.push('\n');
                text.push_str(&rows.grid(format, shown.with_evidence()).text(format)?);
            }
            text
        }
    };
    output::print(&text)?;
    Ok(Outcome::Fine)
}

/// Columns for the facts of one subject.
fn columns<'g>(speaker: Speaker<'g>, rows: Rows<'g, Known<'g>>) -> Rows<'g, Known<'g>> {
    rows.cell("slot", |it| it.slot())
        .cell("value", |it| it.value())
        .status(|it| it.status())
        .evidence(|it| vec![it.status().1])
        .table_rows(move |it| it.table_rows(speaker))
}

/// The facts by slot, whose name stands once.
fn grouped(rows: &Rows<'_, Known<'_>>, options: &Options) -> anyhow::Result<String> {
    let format = options.answer.format;
    let mut grid = rows.grid(format, options.with_evidence());
    grid.is_grouped = true;
    grid.text(format)
}

/// The facts of which the entity is the subject, those of one slot together.
fn facts(speaker: Speaker<'_>, node: NodeId) -> Vec<Known<'_>> {
    let graph = speaker.graph;
    let literals = graph.literals(node).iter();
    let literals = literals
        .filter(|it| speaker.is_spoken(node, it))
        .map(|it| Known::Literal(node, it));
    let mut facts: Vec<Known<'_>> = literals
        .chain(graph.edges_out(node).map(Known::Edge))
        .collect();
    facts.sort_by_key(|fact| fact.slot());
    facts
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

/// What the entity is: names, class, IRI, and the articles that say something of it.
fn heading(speaker: Speaker<'_>, node: NodeId, format: Format) -> String {
    let graph = speaker.graph;
    let mut names = names(graph, node);
    let is_asked = |tag: &String| speaker.languages.iter().position(|it| it == tag);
    names.sort_by_key(|name| is_asked(&name.language).unwrap_or(usize::MAX));
    let mut canonical: Vec<&str> = names
        .iter()
        .filter(|name| name.kind == "canonical")
        .map(|name| name.text.as_str())
        .collect();
    if canonical.is_empty() {
        canonical.push(graph.slug(node));
    }
    let mut lines = vec![format!(
        "{} · {}",
        speaker.class_label(graph.class(node)),
        graph.project().prefixes.compact(&graph.iri(node))
    )];
    for name in names.iter().filter(|name| name.kind != "canonical") {
        let scope = match &name.article {
            Some(article) => format!(" (in {article} only)"),
            None => String::new(),
        };
        lines.push(format!("{}: {}{scope}", name.kind, name.text));
    }
    let articles: BTreeSet<&str> = graph
        .passages(node)
        .map(|passage| speaker.article(passage))
        .collect();
    if !articles.is_empty() {
        let articles: Vec<&str> = articles.into_iter().collect();
        lines.push(format!("sources: {}", articles.join(", ")));
    }
    let title = canonical.join(" · ");
    if format == Format::Markdown {
        let lines: Vec<String> = lines
            .iter()
            .map(|it| format!("- {}\n", escape_markdown(it)))
            .collect();
        format!("## {}\n\n{}", escape_markdown(&title), lines.concat())
    } else {
        let lines: Vec<String> = lines.iter().map(|it| wrapped(it, 2) + "\n").collect();
        format!("{}\n{}", wrapped(&title, 2), lines.concat())
    }
}
