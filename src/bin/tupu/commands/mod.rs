//! One file a command.

pub(crate) mod check;
pub(crate) mod common;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod load;
pub(crate) mod locate;
pub(crate) mod man;
pub(crate) mod markdown;
pub(crate) mod mdbook;
pub(crate) mod neighbors;
pub(crate) mod numbers;
pub(crate) mod path;
pub(crate) mod push;
pub(crate) mod query;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod shell;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod targets;
pub(crate) mod timeline;
pub(crate) mod verify;
pub(crate) mod why;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use tupu::import::GraphReader;
use tupu::load::{Loaded, TextFile, verify_project};
use tupu::model::{Date, Edge, EdgeId, KnowledgeGraph, NodeId};
use tupu::prefix::PrefixError;
use tupu::query::{Hit, NameIndex, Resolution, Scope, class_named, shown, slot_named};
use tupu::schema::{ClassId, SlotId};
use tupu::source::read_text;
use tupu::suggest;
use tupu::table::EdgeIris;

use crate::answer::Speaker;
use crate::args::{Answer, Naming, Origin};
use crate::input::{TableFile, read_file, tables_and_rdf};
use crate::kept::Askable;
use crate::output;
use crate::report;
use crate::rows::Rows;
use crate::table_rows::EdgeRows;
use crate::tables::TableOptions;

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

/// Reads files as one graph; `texts` must be those of its source documents. `None` where tables have
/// errors, which are reported.
pub(crate) fn read_graph(
    paths: &[PathBuf],
    options: &TableOptions,
    texts: &[TextFile],
) -> anyhow::Result<Option<KnowledgeGraph>> {
    let read = read_files(paths, options, texts, false)?;
    Ok(read.map(|(graph, _)| graph))
}

/// The same, with the tables among the files, which can be read again if they are to be.
pub(crate) fn read_files(
    paths: &[PathBuf],
    options: &TableOptions,
    texts: &[TextFile],
    are_read_again: bool,
) -> anyhow::Result<Option<(KnowledgeGraph, Vec<TableFile>)>> {
    let mut reader = GraphReader::new();
    let (tables, rdf) = tables_and_rdf(paths)?;
    let tables = options.open(&tables, are_read_again)?;
    let bar = options.bar(&tables, &rdf);
    for path in rdf {
        read_file(path, &bar, |text, format| reader.read(text, format))?;
    }
    let are_sound = options.read(&tables, &bar, |tables, mapping, report| {
        reader.read_tables(tables, mapping, report)
    })?;
    bar.finish_and_clear();
    if !are_sound {
        return Ok(None);
    }
    let putting = options.waiting("putting the graph together");
    let graph = reader.finish();
    putting.finish_and_clear();
    let graph = graph.context("the graph cannot be asked")?;
    for text in texts {
        let sha256 = text.text.sha256();
        if !graph.sources().values().any(|it| it.sha256 == sha256) {
            bail!(
                "`{}` is not the text of a source document of the graph",
                text.path.display()
            );
        }
    }
    Ok(Some((graph, tables)))
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
pub(crate) struct Question {
    pub(crate) graph: Arc<KnowledgeGraph>,
    askable: Askable,
    languages: Vec<String>,
    texts: Vec<TextFile>,
    /// Rows of tables that say edges of the graph, of those edges for which they were looked for; `None` where
    /// they were not, or there are no tables.
    rows: Option<EdgeRows>,
}

impl Question {
    /// Reads the graph, unless it is a project or tables with errors; `sources` are the texts of its source
    /// documents, which must be those that it declares.
    fn load(origin: &Origin, answer: &Answer, sources: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let texts = read_sources(sources)?;
        let askable = if texts.is_empty() {
            origin.askable()?
        } else if origin.graph.is_empty() {
            let loaded = verify_sound(&origin.project, &texts)?;
            loaded.map(|it| Askable::new(it.graph, it.queries))
        } else {
            let read = read_files(&origin.graph, &origin.tables, &texts, true)?;
            read.map(|(graph, tables)| Askable::of_files(graph, tables))
        };
        let Some(askable) = askable else {
            return Ok(None);
        };
        let languages = languages(&askable.graph, answer.lang.as_deref())?;
        Ok(Some(Self::new(askable, languages, texts)))
    }

    fn new(askable: Askable, languages: Vec<String>, texts: Vec<TextFile>) -> Self {
        Self {
            graph: Arc::clone(&askable.graph),
            askable,
            languages,
            texts,
            rows: None,
        }
    }

    /// Looks for the rows that say `edges`, where the graph was read from tables.
    fn look_for_rows(
        &mut self,
        options: &TableOptions,
        edges: impl IntoIterator<Item = Edge>,
    ) -> anyhow::Result<()> {
        if self.askable.tables.is_empty() {
            return Ok(());
        }
        let graph = &self.graph;
        let iris = |edge: Edge| {
            let slot = graph.schema().slot(edge.slot).iri.clone();
            [graph.iri(edge.source), slot, graph.iri(edge.target)]
        };
        let iris: BTreeMap<EdgeId, EdgeIris> =
            edges.into_iter().map(|it| (it.id, iris(it))).collect();
        let wanted = iris.values().cloned().collect();
        let found = options.edge_rows(&self.askable.tables, &wanted)?;
        let rows = iris.into_iter();
        let rows = rows.filter_map(|(id, iris)| Some((id, found.get(&iris)?.clone())));
        self.rows = Some(rows.collect());
        Ok(())
    }

    /// The graph, asked in its first language.
    pub(crate) fn of(graph: KnowledgeGraph) -> Self {
        let languages = vec![first_language(&graph)];
        Self::new(Askable::new(graph, Vec::new()), languages, Vec::new())
    }

    /// The language that is spoken first.
    fn language(&self) -> &str {
        self.languages.first().map_or("", String::as_str)
    }

    /// Whether more than one language is spoken.
    fn speaks_several(&self) -> bool {
        self.languages.len() > 1
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            graph: &self.graph,
            languages: &self.languages,
            texts: &self.texts,
            rows: self.rows.as_ref(),
        }
    }

    /// Rows that the answer consists of.
    fn rows<R>(&self, rows: Vec<R>) -> Rows<'_, R> {
        Rows::new(self.speaker(), rows)
    }

    /// The class that `text` means.
    fn class(&self, text: &str) -> anyhow::Result<ClassId> {
        Ok(class_named(self.graph.schema(), text)?)
    }

    /// The slot that `text` means.
    fn slot(&self, text: &str) -> anyhow::Result<SlotId> {
        Ok(slot_named(self.graph.schema(), text)?)
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

    fn names(&self) -> &NameIndex {
        self.askable.names()
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

    /// Whether `text` is the name of an entity as it is written.
    fn is_name(&self, text: &str) -> bool {
        let found = self.names().resolve(&self.graph, text, Scope::default());
        matches!(found, Resolution::Found(hit) if hit.matched.is_name())
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
            let class = speaker.class_label(self.graph.class(hit.node));
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

    /// The two entities that names mean, which must be two; otherwise says why not.
    fn two(&self, one: &str, other: &str, scope: Scope) -> Option<(NodeId, NodeId)> {
        let one = self.resolve_within(one, scope)?;
        let other = self.resolve_within(other, scope)?;
        if one == other {
            let label = self.speaker().label(one);
            report::note(&format!(
                "both names mean `{label}`, of which `tupu show` says what is known"
            ));
            return None;
        }
        Some((one, other))
    }

    fn nothing(&self, text: &str) {
        report::note(text);
    }
}

/// Prints a query in place of the answer.
fn print_sparql(origin: &Origin, query: &str) -> anyhow::Result<Outcome> {
    if !origin.graph.is_empty() {
        bail!("--sparql asks what `tupu export` writes of a project, not --graph FILE");
    }
    output::print(query)?;
    Ok(Outcome::Fine)
}

/// The language that the graph is asked in where nothing is said.
fn first_language(graph: &KnowledgeGraph) -> String {
    let languages = &graph.project().languages;
    languages.first().cloned().unwrap_or_default()
}

/// The languages that `wanted` names: one, or `both` for all; the graph's first where nothing is said.
pub(crate) fn languages(
    graph: &KnowledgeGraph,
    wanted: Option<&str>,
) -> anyhow::Result<Vec<String>> {
    const ALL: &str = "both";
    let known = &graph.project().languages;
    match wanted {
        None => Ok(vec![first_language(graph)]),
        Some(ALL) if !known.is_empty() => Ok(known.clone()),
        Some(tag) if known.iter().any(|it| it == tag) => Ok(vec![tag.to_owned()]),
        Some(tag) => {
            let typed = shown(tag);
            let candidates = known.iter().map(String::as_str).chain([ALL]);
            match suggest::nearest(tag, candidates) {
                Some(near) => bail!("the graph has no language `{typed}`; did you mean `{near}`?"),
                None if known.is_empty() => bail!("the graph names its entities in no language"),
                None => bail!(
                    "the graph has no language `{typed}`; it has {}",
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
