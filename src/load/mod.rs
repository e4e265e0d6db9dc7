//! Records become a graph: names are resolved, values read, and everything that is wrong is found.
//!
//! Files may come in any order. Every fault of every file is reported in one run; what is faulty is
//! left out of the graph, so whoever exports it looks at the diagnostics first.

mod check;
mod consequences;
mod entity;
mod evidence;
mod legal;
mod parallel;
mod project;
mod query;
mod schema;
mod value;
mod verify;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, FileId, Severity, Span};
use crate::model::{GraphBuilder, KnowledgeGraph, NameKind, Passage, Project, Status, Value};
use crate::named_query::{self, NamedQuery};
use crate::schema::{ClassId, LangText, Schema, SlotId};
use crate::source::{self, ProjectFiles, Role, SourceError, Table};
use crate::view::View;

pub use self::verify::TextFile;

/// A graph project, read.
#[derive(Debug)]
pub struct Loaded {
    /// The files that it was read from, for showing diagnostics.
    pub files: ProjectFiles,
    /// What could be made of it; whole only if no diagnostic is an error.
    pub graph: KnowledgeGraph,
    /// Its named queries, in the order of their names.
    pub queries: Vec<NamedQuery>,
    /// What is wrong with it, in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// Its diagrams, in the order of their names.
    pub views: Vec<View>,
    /// How many names and facts were held against the text of their source.
    pub verified: usize,
}

impl Loaded {
    /// Whether nothing is wrong with the data.
    pub fn is_sound(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity < Severity::Error)
    }
}

/// Reads the graph project in the folder `root`.
///
/// # Errors
///
/// When `root` is no folder or cannot be listed. Faults of the files are diagnostics.
pub fn load_project(root: &Path) -> Result<Loaded, SourceError> {
    verify_project(root, &[])
}

/// Reads the graph project in the folder `root` and holds its facts against the texts of its
/// sources: each must point at the words that it claims.
///
/// # Errors
///
/// When `root` is no folder or cannot be listed. Faults of the files are diagnostics, and so is a
/// text that is not the one which `sources.toml` declares.
pub fn verify_project(root: &Path, texts: &[TextFile]) -> Result<Loaded, SourceError> {
    let (files, diagnostics) = source::read_project(root)?;
    Ok(load(files, diagnostics, texts))
}

/// Makes a graph of the files of a project. `diagnostics` are the faults already known; they are
/// given back with the others, in the order of files and lines.
pub fn load(files: ProjectFiles, diagnostics: Vec<Diagnostic>, texts: &[TextFile]) -> Loaded {
    let mut loader = Loader {
        diagnostics,
        ..Loader::default()
    };
    let mut tables = Tables::new();
    let (query_files, table_files): (Vec<_>, Vec<_>) =
        files.iter().partition(|(_, file)| file.role == Role::Query);
    let parsed = parallel::each(&table_files, |(id, file)| {
        let mut faults = Vec::new();
        let table = source::parse(*id, &file.text, &mut faults);
        (table, faults)
    });
    for ((id, file), (table, faults)) in table_files.into_iter().zip(parsed) {
        loader.diagnostics.extend(faults);
        tables.entry(file.role).or_default().push((id, table));
    }
    let project = tables.remove(&Role::Project).unwrap_or_default().pop();
    loader.read_project(project, &files);
    let schema = tables.remove(&Role::Schema).unwrap_or_default().pop();
    loader.read_schema(schema, &files);
    let prefixes = loader.project.prefixes.clone();
    let query_faults = || -> Vec<_> {
        let texts = query_files.iter().map(|(_, file)| &file.text);
        texts
            .map(|text| named_query::parse(text, &prefixes).err())
            .collect()
    };
    let (query_faults, ()) = parallel::both(query_faults, || loader.read_tables(&files, tables));
    for ((id, file), fault) in query_files.into_iter().zip(query_faults) {
        loader.read_query(id, file, fault);
    }
    loader.check();
    let verified = loader.verify(texts);
    let mut diagnostics = std::mem::take(&mut loader.diagnostics);
    diagnostics.sort_by_key(|it| (it.span.file, it.span.start, it.span.end, it.code));
    diagnostics.dedup();
    consequences::leave_out(&files, loader.knows_languages, &mut diagnostics);
    let views = std::mem::take(&mut loader.views);
    let queries = std::mem::take(&mut loader.queries);
    Loaded {
        files,
        queries,
        graph: loader.build(),
        views,
        diagnostics,
        verified,
    }
}

/// The files that are tables, by their role.
type Tables<'t> = BTreeMap<Role, Vec<(FileId, Table<'t>)>>;

/// An entity as defined, not yet a node.
#[derive(Debug)]
struct Definition {
    slug_span: Span,
    /// `None` where the class is not known, which is reported already.
    class: Option<ClassId>,
    position: Option<u16>,
    names: Vec<NameEntry>,
    kind: EntityKind,
}

#[derive(Debug)]
enum EntityKind {
    Plain,
    Source {
        sha256: String,
        length: u32,
    },
    Article {
        source: String,
        ranges: Vec<Range<u32>>,
    },
}

#[derive(Clone, Debug)]
struct NameEntry {
    language: String,
    kind: NameKind,
    text: String,
    span: Span,
    article: Option<String>,
    evidence: Option<usize>,
}

/// A fact as written, its references not yet resolved.
#[derive(Debug)]
struct Fact {
    subject: String,
    slot: SlotId,
    object: Object,
    /// Where the value stands.
    span: Span,
    status: Status,
    evidence: usize,
}

#[derive(Debug, Eq, Hash, PartialEq)]
enum Object {
    Entity(String),
    Literal(Value),
}

/// A stretch of a source, its documents by slug.
#[derive(Clone, Debug)]
struct PendingPassage {
    source: String,
    article: Option<String>,
    start: u32,
    end: u32,
}

#[derive(Clone, Debug, Default)]
struct Evidence {
    passages: Vec<PendingPassage>,
    wording: Vec<String>,
    inferred: Option<LangText>,
}

/// What holds for a whole file: the article that it is about.
#[derive(Clone, Copy, Debug, Default)]
struct Context<'c> {
    article: Option<&'c str>,
}

#[derive(Debug, Default)]
struct Loader {
    diagnostics: Vec<Diagnostic>,
    project: Project,
    /// Whether every language of the project is known; without one, names mean nothing.
    knows_languages: bool,
    schema: Schema,
    slots_by_name: BTreeMap<String, SlotId>,
    classes_by_name: BTreeMap<String, ClassId>,
    definitions: BTreeMap<String, Definition>,
    /// Which of them are sources, and which are articles.
    sources: BTreeSet<String>,
    articles: BTreeSet<String>,
    /// Names that tables without `is` add, by slug, and where the slug stands.
    additions: Vec<(String, Span, Vec<NameEntry>)>,
    facts: Vec<Fact>,
    views: Vec<View>,
    evidence: Vec<Evidence>,
    queries: Vec<NamedQuery>,
    /// The units that the project names, and where.
    named_units: Vec<(String, Span)>,
    /// A position was met although there is no source, which is reported.
    has_missed_source: bool,
}

impl Loader {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reads all tables but those of the project and its schema.
    fn read_tables(&mut self, files: &ProjectFiles, mut tables: Tables<'_>) {
        let mut of_role = |role| tables.remove(&role).unwrap_or_default();
        let (sources, articles) = (of_role(Role::Sources), of_role(Role::Article));
        if sources.is_empty() && !articles.is_empty() {
            self.report_missing_file("sources.toml", files);
        }
        for (id, table) in sources {
            self.read_sources(id, table);
        }
        for (id, table) in of_role(Role::Entities) {
            self.read_entities(id, table);
        }
        for (id, table) in articles {
            self.read_article(id, table);
        }
        for (id, _) in of_role(Role::Unexpected) {
            let span = Span {
                file: id,
                start: 0,
                end: 0,
            };
            self.report(
                Diagnostic::error(Code::UnexpectedFile, span, "no file is expected here")
                    .with_hint("entities go to entities/, what an article says to articles/"),
            );
        }
        for (id, table) in of_role(Role::View) {
            self.read_view(id, &files.file(id).name, table);
        }
    }

    /// The graph of all that is sound.
    fn build(self) -> KnowledgeGraph {
        let mut builder = GraphBuilder::new(self.project, self.schema);
        let mut nodes = BTreeMap::new();
        for (slug, definition) in &self.definitions {
            if let Some(class) = definition.class {
                nodes.insert(
                    slug.as_str(),
                    builder.add_node(slug, class, definition.position),
                );
            }
        }
        let node = |slug: &str| nodes.get(slug).copied();

        let evidence: Vec<_> = self
            .evidence
            .into_iter()
            .map(|it| {
                let passages = it
                    .passages
                    .iter()
                    .filter_map(|passage| {
                        Some(Passage {
                            source: node(&passage.source)?,
                            article: passage.article.as_deref().and_then(node),
                            start: passage.start,
                            end: passage.end,
                        })
                    })
                    .collect();
                builder.add_provenance(passages, it.wording, it.inferred)
            })
            .collect();

        let additions = self.additions.iter().map(|(slug, _, names)| (slug, names));
        let defined = self.definitions.iter().map(|(slug, it)| (slug, &it.names));
        for (slug, names) in defined.chain(additions) {
            let Some(id) = node(slug) else { continue };
            for name in names {
                builder.add_name(
                    id,
                    name.kind,
                    &name.language,
                    &name.text,
                    name.article.as_deref().and_then(node),
                    name.evidence.map(|at| evidence[at]),
                );
            }
        }
        for (slug, definition) in &self.definitions {
            let Some(id) = node(slug) else { continue };
            match &definition.kind {
                EntityKind::Plain => {}
                EntityKind::Source { sha256, length } => builder.set_source(
                    id,
                    crate::model::SourceDocument {
                        sha256: sha256.clone(),
                        length: *length,
                    },
                ),
                EntityKind::Article { source, ranges } => {
                    if let Some(source) = node(source) {
                        builder.set_article(id, source, ranges.clone());
                    }
                }
            }
        }
        for fact in self.facts {
            let Some(subject) = node(&fact.subject) else {
                continue;
            };
            let provenance = evidence[fact.evidence];
            match fact.object {
                Object::Entity(object) => {
                    if let Some(object) = node(&object) {
                        builder.add_edge(subject, fact.slot, object, fact.status, provenance);
                    }
                }
                Object::Literal(value) => {
                    builder.add_literal(subject, fact.slot, value, fact.status, provenance);
                }
            }
        }
        builder.finish()
    }
}

/// The span of a spanned value.
fn span_of<T>(file: FileId, value: &toml::Spanned<T>) -> Span {
    let range = value.span();
    Span {
        file,
        start: range.start,
        end: range.end,
    }
}
