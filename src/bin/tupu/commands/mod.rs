//! One file a command.

pub(crate) mod check;
pub(crate) mod common;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod locate;
pub(crate) mod neighbors;
pub(crate) mod numbers;
pub(crate) mod path;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod targets;
pub(crate) mod timeline;
pub(crate) mod why;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tupu::import::{ImportError, graph_from_rdf};
use tupu::load::{Loaded, TextFile, verify_project};
use tupu::model::{Date, KnowledgeGraph, NodeId};
use tupu::query::{self, Resolution, resolve};
use tupu::schema::{ClassId, SlotId};
use tupu::source::read_text;
use tupu::suggest;

use crate::answer::Speaker;
use crate::args::{Answer, Origin};
use crate::input::RdfFile;
use crate::report;
use crate::rows::Rows;

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Found, or fine.
    Fine,
    /// Nothing found, or the data has errors.
    No,
}

impl Outcome {
    /// Fine if something was found.
    fn found(something: bool) -> Self {
        if something { Self::Fine } else { Self::No }
    }
}

/// Reads the project and reports what is wrong with it; `None` if that is too much to go on.
fn load_sound(project: &Path) -> anyhow::Result<Option<Loaded>> {
    verify_sound(project, &[])
}

/// The same, with facts held against the texts of their sources.
fn verify_sound(project: &Path, texts: &[TextFile]) -> anyhow::Result<Option<Loaded>> {
    let loaded = verify_project(project, texts)
        .context("cannot read the graph project (--project DIR names it)")?;
    report::diagnostics(&loaded.files, &loaded.diagnostics);
    Ok(loaded.is_sound().then_some(loaded))
}

/// Reads an RDF file as a graph; `texts` must be those of its source documents.
fn read_graph(path: &Path, texts: &[TextFile]) -> anyhow::Result<KnowledgeGraph> {
    let file = RdfFile::read(path)?;
    let graph = graph_from_rdf(&file.bytes, file.format).map_err(|error| match error {
        ImportError::Rdf(error) => file.fault(&error),
        error => anyhow::anyhow!("cannot ask `{}`: {error}", path.display()),
    })?;
    for text in texts {
        let sha256 = text.text.sha256();
        if !graph.sources().values().any(|it| it.sha256 == sha256) {
            bail!(
                "`{}` is not the text of a source document of `{}`",
                text.path.display(),
                path.display()
            );
        }
    }
    Ok(graph)
}

/// Reads the plain text of a source document.
fn read_source(path: &Path) -> anyhow::Result<TextFile> {
    let text = read_text(path)
        .with_context(|| format!("cannot read the source text `{}`", path.display()))?;
    Ok(TextFile {
        path: path.to_owned(),
        text,
    })
}

/// Reads the plain texts of source documents.
fn read_sources(paths: &[PathBuf]) -> anyhow::Result<Vec<TextFile>> {
    paths.iter().map(|path| read_source(path)).collect()
}

/// A graph that is asked, in one language or several.
struct Question {
    graph: KnowledgeGraph,
    languages: Vec<String>,
    texts: Vec<TextFile>,
}

impl Question {
    /// Reads the graph, unless it is a project with errors; `sources` are the texts of its source
    /// documents, which must be those that it declares.
    fn load(origin: &Origin, answer: &Answer, sources: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let texts = read_sources(sources)?;
        let graph = match &origin.graph {
            Some(file) => read_graph(file, &texts)?,
            None => match verify_sound(origin.project()?, &texts)? {
                Some(loaded) => loaded.graph,
                None => return Ok(None),
            },
        };
        Self::of(graph, answer.lang.as_deref(), texts).map(Some)
    }

    /// Asks `graph`, speaking the language that `wanted` names.
    fn of(
        graph: KnowledgeGraph,
        wanted: Option<&str>,
        texts: Vec<TextFile>,
    ) -> anyhow::Result<Self> {
        let languages = languages(&graph, wanted)?;
        Ok(Self {
            graph,
            languages,
            texts,
        })
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            graph: &self.graph,
            languages: &self.languages,
            texts: &self.texts,
        }
    }

    /// Rows that the answer consists of.
    fn rows<R>(&self, rows: Vec<R>) -> Rows<'_, R> {
        Rows::new(self.speaker(), rows)
    }

    /// The class that `text` means.
    fn class(&self, text: &str) -> anyhow::Result<ClassId> {
        Ok(query::class_named(self.graph.schema(), text)?)
    }

    /// The slot that `text` means.
    fn slot(&self, text: &str) -> anyhow::Result<SlotId> {
        Ok(query::slot_named(self.graph.schema(), text)?)
    }

    fn classes(&self, texts: &[String]) -> anyhow::Result<Vec<ClassId>> {
        texts.iter().map(|text| self.class(text)).collect()
    }

    fn slots(&self, texts: &[String]) -> anyhow::Result<Vec<SlotId>> {
        texts.iter().map(|text| self.slot(text)).collect()
    }

    /// Whether the entity is of one of `classes` or of a class below; any is where there are none.
    fn is_of(&self, node: NodeId, classes: &[ClassId]) -> bool {
        let class = self.graph.class(node);
        let is_below = |above: &ClassId| self.graph.schema().is_subclass(class, *above);
        classes.is_empty() || classes.iter().any(is_below)
    }

    /// The entity that `name` means; otherwise says what it could have meant.
    fn resolve(&self, name: &str) -> Option<NodeId> {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        match resolve(&self.graph, name) {
            Resolution::Found(node) => return Some(node),
            Resolution::Ambiguous(nodes) => {
                self.nothing(&format!(
                    "`{shown}` means several entities; take one by its slug:"
                ));
                self.list(&nodes);
            }
            Resolution::Unknown(nodes) if nodes.is_empty() => {
                self.nothing(&format!("no entity is called `{shown}`"));
            }
            Resolution::Unknown(nodes) => {
                self.nothing(&format!("no entity is called `{shown}`; did you mean:"));
                self.list(&nodes);
            }
        }
        None
    }

    fn list(&self, nodes: &[NodeId]) {
        let speaker = self.speaker();
        for node in nodes {
            report::note(&format!(
                "  {}  {} ({})",
                self.graph.slug(*node),
                speaker.label(*node),
                speaker.class_label(self.graph.class(*node))
            ));
        }
    }

    fn nothing(&self, text: &str) {
        report::note(text);
    }
}

/// The languages that `wanted` names: one, or `both` for all; the graph's first where nothing is said.
fn languages(graph: &KnowledgeGraph, wanted: Option<&str>) -> anyhow::Result<Vec<String>> {
    const ALL: &str = "both";
    let known = &graph.project().languages;
    match wanted {
        None => Ok(vec![known.first().cloned().unwrap_or_default()]),
        Some(ALL) if !known.is_empty() => Ok(known.clone()),
        Some(tag) if known.iter().any(|it| it == tag) => Ok(vec![tag.to_owned()]),
        Some(tag) => {
            let candidates = known.iter().map(String::as_str).chain([ALL]);
            match suggest::nearest(tag, candidates) {
                Some(near) => bail!("the graph has no language `{tag}`; did you mean `{near}`?"),
                None if known.is_empty() => bail!("the graph names its entities in no language"),
                None => bail!(
                    "the graph has no language `{tag}`; it has {}",
                    known.join(", ")
                ),
            }
        }
    }
}

/// A date that a command line gives.
fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| format!("{error}; write 2024, 2024-11 or 2024-11-25"))
}

/// Refuses a time that ends before it begins.
fn check_order(from: Option<Date>, to: Option<Date>) -> anyhow::Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to.latest() < from.earliest() => {
            bail!("the time from {from} to {to} ends before it begins")
        }
        _ => Ok(()),
    }
}
