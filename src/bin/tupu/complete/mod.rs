//! What can stand at a place of the command line: what clap knows, and names of the graph.
//!
//! A value is completed by what the help calls it: `CLASS` by classes, `SLOT` by slots, `NAME` by
//! entities. So an argument is completed right wherever it is added.

mod shell;

use std::ffi::OsStr;
use std::sync::{Arc, OnceLock};

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, ValueCompleter};
use tupu::load::load_project;
use tupu::model::{KnowledgeGraph, NameKind, NodeId, Status};
use tupu::schema::LangText;

use crate::args::Origin;
use crate::commands;

pub(crate) use shell::{Shell, answer_shell, registration};

/// What a value names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Entity,
    Article,
    Class,
    Slot,
    /// `SLOT=NAME`
    Condition,
    Status,
    Language,
    View,
    Query,
}

impl Kind {
    /// What a value is that the help calls `value_name`; `None` if no name of the graph.
    fn of(value_name: &str) -> Option<Self> {
        match value_name {
            "NAME" | "ONE" | "OTHER" | "FROM" | "TO" | "TEXT" => Some(Self::Entity),
            "ARTICLE" => Some(Self::Article),
            "CLASS" => Some(Self::Class),
            "SLOT" | "SLOT,…" => Some(Self::Slot),
            "SLOT[=VALUE]" => Some(Self::Condition),
            "STATUS" => Some(Self::Status),
            "TAG" => Some(Self::Language),
            "VIEW" => Some(Self::View),
            "QUERY" => Some(Self::Query),
            _ => None,
        }
    }
}

/// The command line, with every value that names something of the graph to be completed.
fn completable(command: Command, names: &Arc<Names>) -> Command {
    let command = command.mut_args(|argument| {
        let value_name = argument.get_value_names().and_then(<[_]>::first);
        match value_name.and_then(|it| Kind::of(it)) {
            Some(kind) => argument.add(ArgValueCompleter::new(Completer {
                kind,
                names: Arc::clone(names),
            })),
            None => argument,
        }
    });
    command.mut_subcommands(|command| completable(command, names))
}

struct Completer {
    kind: Kind,
    names: Arc<Names>,
}

impl ValueCompleter for Completer {
    fn complete(&self, typed: &OsStr) -> Vec<CompletionCandidate> {
        match (typed.to_str(), self.names.known()) {
            (Some(typed), Some(known)) => known.candidates(self.kind, typed),
            _ => Vec::new(),
        }
    }
}

/// The names of a graph that is read when the first is needed.
struct Names {
    origin: Origin,
    known: OnceLock<Option<Known>>,
}

impl Names {
    fn of(origin: Origin) -> Self {
        Self {
            origin,
            known: OnceLock::new(),
        }
    }

    /// `None` where the graph cannot be read: a completion is no place to say why.
    fn known(&self) -> Option<&Known> {
        self.known
            .get_or_init(|| Known::read(&self.origin))
            .as_ref()
    }
}

/// A graph, and what else of its project has names.
struct Known {
    graph: KnowledgeGraph,
    views: Vec<(String, LangText)>,
    queries: Vec<(String, LangText)>,
}

impl Known {
    fn read(origin: &Origin) -> Option<Self> {
        if !origin.graph.is_empty() {
            return Some(Self {
                graph: commands::read_graph(&origin.graph, &[]).ok()?,
                views: Vec::new(),
                queries: Vec::new(),
            });
        }
        let loaded = load_project(&origin.project).ok()?;
        if !loaded.is_sound() {
            return None;
        }
        let views = loaded.views.into_iter().map(|it| (it.name, it.title));
        let queries = loaded.queries.into_iter().map(|it| (it.name, it.title));
        Some(Self {
            graph: loaded.graph,
            views: views.collect(),
            queries: queries.collect(),
        })
    }

    /// What `typed` can be completed to, and what each is.
    fn candidates(&self, kind: Kind, typed: &str) -> Vec<CompletionCandidate> {
        let schema = self.graph.schema();
        match kind {
            Kind::Entity => self.entities(typed, self.graph.nodes()),
            Kind::Article => self.entities(typed, self.graph.articles().keys().copied()),
            Kind::Class => {
                let classes = schema.class_ids().map(|id| schema.class(id));
                terms(typed, classes.map(|it| (it.name.as_str(), &it.label)))
            }
            Kind::Slot => {
                let slots = schema.slot_ids().map(|id| schema.slot(id));
                terms(typed, slots.map(|it| (it.name.as_str(), &it.label)))
            }
            Kind::Condition => match typed.split_once('=') {
                None => self.candidates(Kind::Slot, typed),
                Some((slot, value)) => {
                    let values = self.candidates(Kind::Entity, value);
                    let full = values
                        .into_iter()
                        .map(|it| it.add_prefix(format!("{slot}=")));
                    full.collect()
                }
            },
            Kind::Status => words(typed, Status::ALL.iter().map(|it| it.name())),
            Kind::Language => {
                let languages = self.graph.project().languages.iter();
                words(typed, languages.map(String::as_str).chain(["both"]))
            }
            Kind::View => titled(typed, &self.views),
            Kind::Query => titled(typed, &self.queries),
        }
    }

    /// Entities whose slug or a name begins so; where nothing is typed, each by its slug.
    fn entities(
        &self,
        typed: &str,
        nodes: impl Iterator<Item = NodeId>,
    ) -> Vec<CompletionCandidate> {
        let graph = &self.graph;
        let languages = &graph.project().languages;
        let language = languages.first().map_or("", String::as_str);
        let mut found = Vec::new();
        for node in nodes {
            let slug = graph.slug(node);
            let label = graph.label(node, language);
            let class = &graph.schema().class(graph.class(node)).label;
            let class = class.get(language).map_or("", String::as_str);
            if slug.starts_with(typed) {
                found.push(candidate(slug, &format!("{label} ({class})")));
            }
            if typed.is_empty() {
                continue;
            }
            // A short form may mean another entity elsewhere.
            let names = graph.names(node).filter(|it| it.kind != NameKind::Short);
            for name in names.filter(|it| it.text.starts_with(typed)) {
                found.push(candidate(name.text, &format!("{slug} ({class})")));
            }
        }
        found
    }
}

fn candidate(value: &str, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(help.to_owned().into()))
}

fn words<'t>(typed: &str, known: impl Iterator<Item = &'t str>) -> Vec<CompletionCandidate> {
    let fitting = known.filter(|word| word.starts_with(typed));
    fitting.map(CompletionCandidate::new).collect()
}

/// Things with a title, by their name.
fn titled(typed: &str, known: &[(String, LangText)]) -> Vec<CompletionCandidate> {
    let fitting = known.iter().filter(|(name, _)| name.starts_with(typed));
    fitting
        .map(|(name, title)| candidate(name, &listed(title)))
        .collect()
}

/// Classes or slots, by their name or, once something is typed, by a label too.
fn terms<'t>(
    typed: &str,
    known: impl Iterator<Item = (&'t str, &'t LangText)>,
) -> Vec<CompletionCandidate> {
    let mut found = Vec::new();
    for (name, labels) in known {
        if name.starts_with(typed) {
            found.push(candidate(name, &listed(labels)));
        }
        let labels = labels
            .values()
            .filter(|it| !typed.is_empty() && *it != name);
        for label in labels.filter(|it| it.starts_with(typed)) {
            found.push(candidate(label, name));
        }
    }
    found
}

/// The texts of all languages.
fn listed(text: &LangText) -> String {
    let texts: Vec<&str> = text.values().map(String::as_str).collect();
    texts.join(" · ")
}
