//! One file a command.

pub(crate) mod check;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod locate;
pub(crate) mod markdown;
pub(crate) mod mdbook;
pub(crate) mod neighbors;
pub(crate) mod path;
pub(crate) mod show;
pub(crate) mod why;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tupu::load::{Loaded, TextFile, verify_project};
use tupu::model::{KnowledgeGraph, NodeId};
use tupu::query::{Resolution, resolve};
use tupu::source::read_text;
use tupu::suggest;

use crate::answer::Speaker;
use crate::args::Answer;
use crate::report;

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
pub(crate) fn load_sound(project: &Path) -> anyhow::Result<Option<Loaded>> {
    verify_sound(project, &[])
}

/// The same, with facts held against the texts of their sources.
fn verify_sound(project: &Path, texts: &[TextFile]) -> anyhow::Result<Option<Loaded>> {
    let loaded = verify_project(project, texts)
        .context("cannot read the graph project (--project DIR names it)")?;
    report::diagnostics(&loaded.files, &loaded.diagnostics);
    Ok(loaded.is_sound().then_some(loaded))
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

/// A graph that is asked, in a language.
pub(crate) struct Question {
    pub(crate) graph: KnowledgeGraph,
    language: String,
    texts: Vec<TextFile>,
}

impl Question {
    /// Reads the project, unless it has errors; `sources` are the texts of its source documents,
    /// which must be those that it declares.
    fn load(project: &Path, answer: &Answer, sources: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let texts = read_sources(sources)?;
        let Some(loaded) = verify_sound(project, &texts)? else {
            return Ok(None);
        };
        let languages = &loaded.graph.project().languages;
        let language = match &answer.lang {
            None => languages.first().cloned().unwrap_or_default(),
            Some(tag) if languages.contains(tag) => tag.clone(),
            Some(tag) => match suggest::nearest(tag, languages.iter().map(String::as_str)) {
                Some(near) => bail!("the project has no language `{tag}`; did you mean `{near}`?"),
                None => bail!(
                    "the project has no language `{tag}`; it has {}",
                    languages.join(", ")
                ),
            },
        };
        Ok(Some(Self {
            graph: loaded.graph,
            language,
            texts,
        }))
    }

    /// The graph, asked in its first language.
    pub(crate) fn of(graph: KnowledgeGraph) -> Self {
        Self {
            language: graph
                .project()
                .languages
                .first()
                .cloned()
                .unwrap_or_default(),
            graph,
            texts: Vec::new(),
        }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            graph: &self.graph,
            language: &self.language,
            texts: &self.texts,
        }
    }

    /// The entity that `name` means; otherwise says what it could have meant.
    fn resolve(&self, name: &str) -> Option<NodeId> {
        match self.find(name) {
            Ok(node) => Some(node),
            Err(text) => {
                self.nothing(&text);
                None
            }
        }
    }

    /// The entity that `name` means; otherwise what to say.
    pub(crate) fn find(&self, name: &str) -> Result<NodeId, String> {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        let (mut text, nodes) = match resolve(&self.graph, name) {
            Resolution::Found(node) => return Ok(node),
            Resolution::Ambiguous(nodes) => (
                format!("`{shown}` means several entities; take one by its slug:"),
                nodes,
            ),
            Resolution::Unknown(nodes) if nodes.is_empty() => {
                (format!("no entity is called `{shown}`"), nodes)
            }
            Resolution::Unknown(nodes) => (
                format!("no entity is called `{shown}`; did you mean:"),
                nodes,
            ),
        };
        let speaker = self.speaker();
        for node in nodes {
            text.push_str(&format!(
                "\n  {}  {} ({})",
                self.graph.slug(node),
                speaker.label(node),
                speaker.class_label(node)
            ));
        }
        Err(text)
    }

    fn nothing(&self, text: &str) {
        report::note(text);
    }
}
