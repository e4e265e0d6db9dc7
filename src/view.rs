//! Views: which part of a graph a diagram shows, and how; plain data.
//!
//! A project keeps its views in `views/*.toml`, which [`load`](crate::load) reads; the options of a
//! command line make one as well.

use crate::schema::{ClassId, LangText, Schema, SlotId};

/// Most nodes of a figure that a reader still takes in, where a view does not say.
pub const MOST_NODES: usize = 60;

/// What a diagram shows, and how.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct View {
    /// ASCII name: of the view and of the files that are drawn from it.
    pub name: String,
    /// Title in the project's languages.
    pub title: LangText,
    /// What the diagram shows, in the project's languages.
    pub description: LangText,
    /// What is drawn.
    pub content: Content,
    /// Which entities and facts.
    pub selection: Selection,
    /// What the nodes are grouped by, outermost first.
    pub groupings: Vec<Grouping>,
    /// Entities that are drawn as an edge.
    pub relations: Vec<Relation>,
    /// Languages of the names, the most prominent first; all of the project's where empty.
    pub languages: Vec<String>,
    /// Where edges lead.
    pub direction: Direction,
    /// Whether edges carry the name of their slot.
    pub has_labels: bool,
    /// Which literals are shown in their node.
    pub literals: Literals,
    /// Whether colours and lines are explained.
    pub has_legend: bool,
    /// A diagram of more nodes than this is refused.
    pub most_nodes: usize,
    /// Where the nodes link to: an IRI reference in which `{slug}` stands for the slug.
    pub link: Option<String>,
}

impl View {
    /// A view of all that there is, to be narrowed.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title: LangText::new(),
            description: LangText::new(),
            content: Content::Entities,
            selection: Selection::default(),
            groupings: Vec::new(),
            relations: Vec::new(),
            languages: Vec::new(),
            direction: Direction::Right,
            has_labels: true,
            literals: Literals::All,
            has_legend: true,
            most_nodes: MOST_NODES,
            link: None,
        }
    }
}

/// What a diagram is made of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Content {
    /// Entities and the facts between them.
    #[default]
    Entities,
    /// One node for each group of entities, and how many facts join the groups.
    Overview,
    /// Dates in their order, and what happens on each.
    Timeline,
    /// Classes, what is below what, and which slots join them.
    Schema,
}

impl Content {
    /// Every kind, with the word for it in a view.
    pub const ALL: &[(&str, Self)] = &[
        ("entities", Self::Entities),
        ("overview", Self::Overview),
        ("timeline", Self::Timeline),
        ("schema", Self::Schema),
    ];
}

/// Which entities and facts are shown.
///
/// With roots: what can be reached from these in so many steps. Without: every entity that has a
/// fact which is shown. Empty lists take everything.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selection {
    /// Slugs of the entities to begin with.
    pub roots: Vec<String>,
    /// Number of steps from the roots.
    pub depth: u32,
    /// Which way the steps go.
    pub follow: Follow,
    /// Only entities of these classes and those below; roots are shown all the same.
    pub classes: Vec<ClassId>,
    /// No entities of these classes and those below.
    pub except_classes: Vec<ClassId>,
    /// Only facts of these slots and those below.
    pub slots: Vec<SlotId>,
    /// No facts of these slots and those below.
    pub except_slots: Vec<SlotId>,
    /// Only facts that these articles state, by slug.
    pub articles: Vec<String>,
}

/// Which way facts are followed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Follow {
    /// Either way.
    #[default]
    Both,
    /// From subject to object.
    Out,
    /// From object to subject.
    In,
}

impl Follow {
    /// Every kind, with the word for it in a view.
    pub const ALL: &[(&str, Self)] = &[("both", Self::Both), ("out", Self::Out), ("in", Self::In)];
}

/// What nodes are grouped by.
///
/// The last that says something counts. A group that is an entity is grouped in turn: with `^action`,
/// `^measure`, a measure is in the box of its action, and that in the box of its plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Grouping {
    /// Their class.
    Class,
    /// The first article that says something of them.
    Article,
    /// What a fact of this slot leads to; or, inverse, what it comes from.
    Slot {
        /// The slot.
        slot: SlotId,
        /// Against the direction of the fact, as `^` in a SPARQL property path.
        is_inverse: bool,
    },
    /// The nearest entity of this class that their facts lead to.
    Entity(ClassId),
}

impl Grouping {
    /// The grouping that a word of a view means: `class`, `article`, a slot, a slot against its
    /// direction (`^measure`), or a class.
    pub fn named(schema: &Schema, word: &str) -> Option<Self> {
        match word {
            "class" => return Some(Self::Class),
            "article" => return Some(Self::Article),
            _ => {}
        }
        let inverse = word.strip_prefix('^');
        let slot = schema.slot_named(inverse.unwrap_or(word));
        let slot = slot.map(|slot| Self::Slot {
            slot,
            is_inverse: inverse.is_some(),
        });
        slot.or_else(|| schema.class_named(word).map(Self::Entity))
    }
}

/// Entities that stand for a relation, drawn as an edge from one of their values to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Relation {
    /// The class of these entities.
    pub class: ClassId,
    /// Slot of the value at which the edge begins.
    pub from: SlotId,
    /// Slot of the value at which it ends.
    pub to: SlotId,
    /// Slot of the value that names the edge; otherwise the class does.
    pub label: Option<SlotId>,
}

/// Where the edges of a diagram lead.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Direction {
    /// From left to right.
    #[default]
    Right,
    /// From top to bottom.
    Down,
}

impl Direction {
    /// Every kind, with the word for it in a view.
    pub const ALL: &[(&str, Self)] = &[("right", Self::Right), ("down", Self::Down)];
}

/// Which literals are shown in their node.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Literals {
    /// Every one.
    #[default]
    All,
    /// None.
    None,
    /// Those of these slots.
    Of(Vec<SlotId>),
}

/// Whether `link` leads to a page and does nothing else: `http`, `https`, a relative path, or a
/// fragment.
pub fn is_page_link(link: &str) -> bool {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if link.is_empty() || link.contains(is_odd) || link.starts_with("//") {
        return false;
    }
    let path_begins = link.find(['/', '?', '#']).unwrap_or(link.len());
    match link[..path_begins].find(':') {
        None => true,
        Some(end) => {
            let scheme = link[..end].to_ascii_lowercase();
            let has_host = link[end + 1..].starts_with("//");
            matches!(scheme.as_str(), "http" | "https") && has_host
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_only() {
        for link in [
            "https://example.org/a?b=c#d",
            "HTTP://example.org",
            "page.html",
            "../a/b:c",
            "#node",
            "?q=a:b",
        ] {
            assert!(is_page_link(link), "{link}");
        }
        for link in [
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,a",
            "vbscript:a",
            "//example.org",
            "/\\example.org",
            "https:example",
            "file:///a",
        ] {
            assert!(!is_page_link(link), "{link}");
        }
    }
}
