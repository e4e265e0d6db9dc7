//! `tupu locate`: where words stand in a source.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use tupu::load::load_project;
use tupu::text::SourceText;

use super::{Outcome, read_source};
use crate::args::Format;
use crate::output;
use crate::report;
use crate::rows::{json, ndjson};
use crate::table::Grid;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu locate --source page.txt 金凤实验室
  tupu locate --source page.txt 18.9万人次 'signed ... agreement'

White space is ignored, in the text and in the words. `A ... B` finds from A to the next B.")]
pub(crate) struct Locate {
    /// Plain text of the source document
    #[arg(long, value_name = "FILE")]
    source: PathBuf,

    /// How to show the answer
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// What to look for
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
}

/// Characters shown before and after.
const CONTEXT: u32 = 12;

#[derive(Debug, Serialize)]
struct Place {
    words: String,
    position: String,
    start: u32,
    end: u32,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
    context: String,
}

pub(crate) fn run(project: &Path, options: &Locate) -> anyhow::Result<Outcome> {
    if options.words.iter().any(|words| words.trim().is_empty()) {
        bail!("there are no words to look for");
    }
    let file = read_source(&options.source)?;
    let articles = articles(project, &file.text);
    let mut places = Vec::new();
    for words in &options.words {
        let found = find(&file.text, words);
        if found.is_empty() {
            report::note(&format!(
                "`{words}` does not stand in `{}`",
                file.path.display()
            ));
        }
        for range in found {
            let (line, column) = file.text.line_and_column(range.start);
            let is_in = |other: &Range<u32>| other.start <= range.start && range.end <= other.end;
            places.push(Place {
                words: words.clone(),
                position: format!("char={},{}", range.start, range.end),
                start: range.start,
                end: range.end,
                line,
                column,
                article: articles
                    .iter()
                    .find(|(_, ranges)| ranges.iter().any(is_in))
                    .map(|(slug, _)| slug.clone()),
                context: context(&file.text, &range),
            });
        }
    }
    let is_found = options
        .words
        .iter()
        .all(|words| places.iter().any(|place| place.words == *words));
    let text = match options.format {
        Format::Json => json(&places)?,
        Format::Ndjson => ndjson(&places)?,
        Format::Table | Format::Markdown if places.is_empty() => String::new(),
        format => grid(places).text(format)?,
    };
    output::print(&text)?;
    Ok(Outcome::found(is_found))
}

fn grid(places: Vec<Place>) -> Grid {
    let rows = places
        .into_iter()
        .map(|place| {
            [
                place.position,
                format!("{}:{}", place.line, place.column),
                place.article.unwrap_or_default(),
                place.context,
            ]
        })
        .collect();
    Grid::new(["at", "line", "article", "context"], rows)
}

/// Where `words` stand; `A ... B` is from each A to the next B.
fn find(text: &SourceText, words: &str) -> Vec<Range<u32>> {
    let Some((first, last)) = words.split_once("...") else {
        return text.find(words);
    };
    let ends = text.find(last);
    text.find(first)
        .into_iter()
        .filter_map(|start| {
            let end = ends.iter().find(|end| end.start >= start.end)?;
            Some(start.start..end.end)
        })
        .collect()
}

fn context(text: &SourceText, range: &Range<u32>) -> String {
    let before = text.dense(range.start.saturating_sub(CONTEXT)..range.start);
    let after = text.dense(range.end..range.end.saturating_add(CONTEXT));
    format!("{before}[{}]{after}", text.dense(range.clone()))
}

/// The articles of the project whose source the text is; none where there is no sound project,
/// since words may be looked for before there is one.
fn articles(project: &Path, text: &SourceText) -> Vec<(String, Vec<Range<u32>>)> {
    let Ok(loaded) = load_project(project) else {
        return Vec::new();
    };
    let graph = &loaded.graph;
    graph
        .articles()
        .iter()
        .filter(|(_, article)| {
            graph
                .sources()
                .get(&article.source)
                .is_some_and(|source| source.sha256 == text.sha256())
        })
        .map(|(node, article)| (graph.slug(*node).to_owned(), article.ranges.clone()))
        .collect()
}
