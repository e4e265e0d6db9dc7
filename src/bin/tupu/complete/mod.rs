//! What can stand at a place of the command line: what clap knows, and names of the graph.
//!
//! A value is completed by what the help calls it: `CLASS` by classes, `SLOT` by slots, `NAME` by
//! entities. So an argument is completed right wherever it is added.

mod session;
mod shell;

use std::ffi::OsStr;
use std::sync::{Arc, OnceLock};

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, ValueCompleter};
use tupu::load::load_project;
use tupu::model::{NameKind, NodeId, Status};
use tupu::query::{Resolution, Scope};
use tupu::schema::LangText;

use crate::args::Origin;
use crate::commands;
use crate::kept::Askable;

pub(crate) use session::{Completion, SessionNames};
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
    /// `None` where it was read before.
    origin: Option<Origin>,
    known: OnceLock<Option<Known>>,
}

impl Names {
    fn of(origin: Origin) -> Self {
        Self {
            origin: Some(origin),
            known: OnceLock::new(),
        }
    }

    fn of_session(known: Known) -> Self {
        Self {
            origin: None,
            known: OnceLock::from(Some(known)),
        }
    }

    /// `None` where the graph cannot be read: a completion is no place to say why.
    fn known(&self) -> Option<&Known> {
        self.known
            .get_or_init(|| self.origin.as_ref().and_then(Known::read))
            .as_ref()
    }
}

/// A graph, and what else of its project has names.
struct Known {
    askable: Askable,
    views: Vec<(String, LangText)>,
    /// Whether a name may take the place of what is typed, however it begins: at the prompt of a
    /// session, and not in a shell, which keeps to the letters.
    is_lenient: bool,
}

impl Known {
    fn read(origin: &Origin) -> Option<Self> {
        if !origin.graph.is_empty() {
            let graph = commands::read_graph(&origin.graph, &origin.tables, &[]).ok()??;
            return Some(Self {
                askable: Askable::new(graph, Vec::new()),
                views: Vec::new(),
                is_lenient: false,
            });
        }
        let loaded = load_project(&origin.project).ok()?;
        if !loaded.is_sound() {
            return None;
        }
        let views = loaded.views.into_iter().map(|it| (it.name, it.title));
        Some(Self {
            views: views.collect(),
            askable: Askable::new(loaded.graph, loaded.queries),
            is_lenient: false,
        })
    }

    /// What `typed` can be completed to, and what each is.
    fn candidates(&self, kind: Kind, typed: &str) -> Vec<CompletionCandidate> {
        let graph = &self.askable.graph;
        let schema = graph.schema();
        match kind {
            Kind::Entity => self.entities(typed, graph.nodes()),
            Kind::Article => self.entities(typed, graph.articles().keys().copied()),
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
                let languages = graph.project().languages.iter();
                words(typed, languages.map(String::as_str).chain(["both"]))
            }
            Kind::View => {
                let views = self.views.iter();
                titled(typed, views.map(|(name, title)| (name.as_str(), title)))
            }
            Kind::Query => {
                let queries = self.askable.queries.iter();
                titled(typed, queries.map(|it| (it.name.as_str(), &it.title)))
            }
        }
    }

    /// Entities whose slug or a name begins so; where nothing is typed, each by its slug.
    fn entities(
        &self,
        typed: &str,
        nodes: impl Iterator<Item = NodeId>,
    ) -> Vec<CompletionCandidate> {
        let graph = &self.askable.graph;
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
        if found.is_empty() && self.is_lenient {
            return self.meant(typed);
        }
        found
    }

    /// Entities that `typed` may mean in any spelling, as `tupu search` finds them.
    fn meant(&self, typed: &str) -> Vec<CompletionCandidate> {
        const MOST: usize = 20;
        let graph = &self.askable.graph;
        let scope = Scope::default();
        let hits = self.askable.names().search(graph, typed, MOST, scope);
        let named = hits.iter().map(|hit| {
            let means = self.askable.names().resolve(graph, hit.name, scope);
            let is_clear = matches!(means, Resolution::Found(found) if found.node == hit.node);
            let slug = graph.slug(hit.node);
            match is_clear {
                true => candidate(hit.name, slug),
                false => candidate(slug, hit.name),
            }
        });
        named.collect()
    }

    /// Classes, slots and entities whose prefixed name begins so.
    fn prefixed_names(&self, typed: &str) -> Vec<CompletionCandidate> {
        let graph = &self.askable.graph;
        let (schema, prefixes) = (graph.schema(), &graph.project().prefixes);
        let language = graph.project().languages.first();
        let language = language.map_or("", String::as_str);
        let classes = schema.class_ids().map(|it| schema.class(it));
        let classes = classes.map(|it| (it.iri.clone(), listed(&it.label)));
        let slots = schema.slot_ids().map(|it| schema.slot(it));
        let slots = slots.map(|it| (it.iri.clone(), listed(&it.label)));
        let nodes = graph.nodes();
        let nodes = nodes.map(|it| (graph.iri(it), graph.label(it, language).to_owned()));
        let mut found = Vec::new();
        for (iri, label) in classes.chain(slots).chain(nodes) {
            let name = prefixes.compact(&iri);
            if name.starts_with(typed) {
                found.push(candidate(&name, &label));
            }
        }
        found.sort();
        found.dedup_by(|one, other| one.get_value() == other.get_value());
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
fn titled<'t>(
    typed: &str,
    known: impl Iterator<Item = (&'t str, &'t LangText)>,
) -> Vec<CompletionCandidate> {
    let fitting = known.filter(|(name, _)| name.starts_with(typed));
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
