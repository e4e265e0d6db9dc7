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
pub(crate) mod push;
pub(crate) mod query;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod verify;
pub(crate) mod why;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tupu::load::{Loaded, TextFile, verify_project};
use tupu::model::{KnowledgeGraph, NodeId};
use tupu::prefix::PrefixError;
use tupu::query::{Hit, NameIndex, Resolution, Scope, class_named, shown};
use tupu::source::read_text;
use tupu::suggest;

use crate::answer::Speaker;
use crate::args::{Answer, Naming};
use crate::report;

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Found, or fine.
    Fine,
    /// Nothing found, or the data has errors.
    No,
    /// Could not run, and has said why.
    Failed,
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

/// The language that is asked for, or the project's first.
fn language_of(graph: &KnowledgeGraph, asked: Option<&str>) -> anyhow::Result<String> {
    let languages = &graph.project().languages;
    let known = || languages.iter().map(String::as_str);
    match asked {
        None => Ok(languages.first().cloned().unwrap_or_default()),
        Some(tag) if known().any(|it| it == tag) => Ok(tag.to_owned()),
        Some(tag) => match suggest::nearest(tag, known()) {
            Some(near) => bail!("the project has no language `{tag}`; did you mean `{near}`?"),
            None => bail!(
                "the project has no language `{tag}`; it has {}",
                languages.join(", ")
            ),
        },
    }
}

/// A graph that is asked, in a language.
pub(crate) struct Question {
    pub(crate) graph: KnowledgeGraph,
    names: OnceCell<NameIndex>,
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
        let language = language_of(&loaded.graph, answer.lang.as_deref())?;
        Ok(Some(Self::new(loaded.graph, language, texts)))
    }

    fn new(graph: KnowledgeGraph, language: String, texts: Vec<TextFile>) -> Self {
        Self {
            graph,
            names: OnceCell::new(),
            language,
            texts,
        }
    }

    /// The graph, asked in its first language.
    pub(crate) fn of(graph: KnowledgeGraph) -> Self {
        let languages = &graph.project().languages;
        let language = languages.first().cloned().unwrap_or_default();
        Self::new(graph, language, Vec::new())
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            graph: &self.graph,
            language: &self.language,
            texts: &self.texts,
        }
    }

    fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| NameIndex::new(&self.graph))
    }

    /// The entities and names that count, as given on the command line.
    fn scope(&self, naming: &Naming) -> anyhow::Result<Option<Scope>> {
        let class = match &naming.class {
            Some(text) => Some(class_named(self.graph.schema(), text)?),
            None => None,
        };
        let article = match &naming.article {
            Some(text) => match self.resolve(text) {
                Some(node) if self.graph.articles().contains_key(&node) => Some(node),
                Some(node) => bail!("`{}` is no article", self.speaker().label(node)),
                None => return Ok(None),
            },
            None => None,
        };
        Ok(Some(Scope { class, article }))
    }

    /// The entity that `name` means; otherwise says what it could have meant.
    fn resolve(&self, name: &str) -> Option<NodeId> {
        self.resolve_within(name, Scope::default())
    }

    /// The entity in `scope` that `name` means; otherwise says what it could have meant.
    fn resolve_within(&self, name: &str, scope: Scope) -> Option<NodeId> {
        match self.find(name, scope) {
            Ok(node) => Some(node),
            Err(text) => {
                report::note(&text);
                None
            }
        }
    }

    /// The entity in `scope` that `name` means; otherwise what it could have meant, in words.
    pub(crate) fn find(&self, name: &str, scope: Scope) -> Result<NodeId, String> {
        let typed = shown(name);
        match self.names().resolve(&self.graph, name, scope) {
            Resolution::Found(hit) => {
                if !hit.matched.is_name() {
                    let label = self.speaker().label(hit.node);
                    let slug = self.graph.slug(hit.node);
                    report::note(&format!("`{typed}` is taken as {label} ({slug})"));
                }
                Ok(hit.node)
            }
            Resolution::Ambiguous(hits) => Err(format!(
                "`{typed}` means {} entities; take one by its slug:{}",
                hits.len(),
                self.list(&hits)
            )),
            Resolution::Unknown(_) if name.trim().is_empty() => {
                Err("the name of an entity is empty".to_owned())
            }
            Resolution::Unknown(hits) if hits.is_empty() => {
                let why = match self.graph.project().prefixes.expand(name.trim()) {
                    Err(PrefixError::UnknownPrefix(prefix)) => {
                        format!(": unknown prefix `{}`", shown(&prefix))
                    }
                    _ => String::new(),
                };
                Err(format!("no entity is called `{typed}`{why}"))
            }
            Resolution::Unknown(hits) => Err(format!(
                "no entity is called `{typed}`; did you mean:{}",
                self.list(&hits)
            )),
        }
    }

    /// Some entities, each in a line of its own.
    fn list(&self, hits: &[Hit<'_>]) -> String {
        const LISTED: usize = 10;
        let speaker = self.speaker();
        let mut text = String::new();
        for hit in hits.iter().take(LISTED) {
            let label = speaker.label(hit.node);
            let slug = self.graph.slug(hit.node);
            let class = speaker.class_label(hit.node);
            text.push_str(&format!("\n  {slug}  {label} ({class})"));
            if hit.name != label && hit.name != slug {
                text.push_str(&format!(", {}", hit.name));
            }
            if let Some(article) = hit.article {
                text.push_str(&format!(" in {}", self.graph.slug(article)));
            }
        }
        if hits.len() > LISTED {
            let more = hits.len() - LISTED;
            text.push_str(&format!("\n  and {more} more, which `tupu search` lists"));
        }
        text
    }

    fn nothing(&self, text: &str) {
        report::note(text);
    }
}
