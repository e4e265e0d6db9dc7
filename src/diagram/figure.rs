//! A figure: what a view shows, resolved to plain data that every syntax is written from.
//!
//! Nothing in a figure is escaped or wrapped yet; each writer does that for its own syntax.
//! Lists are in the order in which they are drawn and written: nodes by cluster and slug, edges by
//! subject, slot and object, so that equal graphs give equal bytes.

pub use crate::schema::Shape;
pub use crate::view::Direction;

/// A diagram, ready to be laid out and written.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Figure {
    /// ASCII name: of the file, and the beginning of every id in an SVG.
    pub name: String,
    /// Language tag of the first name in each node.
    pub language: String,
    /// Title, in each language shown.
    pub title: Vec<String>,
    /// What the figure shows, in words; for those who cannot see it.
    pub description: String,
    /// Where edges lead.
    pub direction: Direction,
    /// Boxes around nodes; a parent stands before its children.
    pub clusters: Vec<Cluster>,
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Arrows.
    pub edges: Vec<Edge>,
    /// Facts that a box says instead of an arrow.
    pub boxed: Vec<Fact>,
    /// What colours, shapes and dashes mean; empty where no legend is wanted.
    pub legend: Legend,
}

/// One thing that a figure says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub subject: String,
    /// Name of the slot.
    pub slot: String,
    /// The other entity, or the value.
    pub object: String,
    /// How far it is from being asserted; empty where the figure says no fact of the graph.
    pub status: String,
    /// Where it stands: article and position, one each.
    pub evidence: Vec<String>,
}

/// A box around nodes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Cluster {
    /// ASCII id, unique in the figure.
    pub id: String,
    /// Its heading, one text a language.
    pub label: Vec<String>,
    /// Place in [`Figure::clusters`] of the cluster around it.
    pub parent: Option<usize>,
    /// Where a click leads.
    pub link: Option<String>,
}

/// A node.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Node {
    /// ASCII id, unique in the figure: the slug.
    pub id: String,
    /// IRI of what it stands for.
    pub iri: String,
    /// Name of its class in the schema, an ASCII word: a CSS class in an SVG.
    pub class: String,
    /// Name of its class, in the figure's language.
    pub class_label: String,
    /// Its names, one a language; the first is the most prominent.
    pub names: Vec<String>,
    /// Literals shown below the names.
    pub details: Vec<Detail>,
    /// Fill colour, `#rrggbb`.
    pub fill: Option<String>,
    /// Outline.
    pub shape: Shape,
    /// Place in [`Figure::clusters`] of the cluster that it is in.
    pub cluster: Option<usize>,
    /// Where a click leads.
    pub link: Option<String>,
    /// What a reader sees on pointing at it: class, names, evidence; one line each.
    pub tooltip: Vec<String>,
}

/// A literal of a node.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Detail {
    /// Name of the slot in the schema.
    pub slot: String,
    /// Name of the slot, in the figure's language.
    pub label: String,
    /// The value in words.
    pub value: String,
    /// How far the fact is from being asserted, as with an edge.
    pub status: String,
    /// Where the fact stands: article and position, one each.
    pub evidence: Vec<String>,
}

/// An arrow.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Edge {
    /// ASCII id, unique in the figure.
    pub id: String,
    /// Place in [`Figure::nodes`] of its beginning.
    pub source: usize,
    /// Place in [`Figure::nodes`] of its end; the same as `source` in a loop.
    pub target: usize,
    /// Name of its slot in the schema: a CSS class in an SVG.
    pub slot: String,
    /// Name of its slot, in the figure's language.
    pub name: String,
    /// What is written beside it; empty where labels are off.
    pub label: String,
    /// How the line is drawn.
    pub line: Line,
    /// Points both ways: the fact holds in either direction.
    pub is_symmetric: bool,
    /// How far the fact is from being asserted, in the words of [`Status`](crate::model::Status).
    pub status: String,
    /// Where the fact stands: article and position, one each.
    pub evidence: Vec<String>,
    /// What a reader sees on pointing at it: the fact, its status, its evidence; one line each.
    pub tooltip: Vec<String>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Line {
    /// It is so.
    #[default]
    Solid,
    /// It is planned, a target or required.
    Dashed,
    /// It follows, but is not printed.
    Dotted,
}

impl Line {
    /// The word for it in DOT and as a CSS class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Solid => "solid",
            Self::Dashed => "dashed",
            Self::Dotted => "dotted",
        }
    }
}

/// What colours, shapes and dashes mean.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Legend {
    /// Its heading.
    pub title: String,
    /// One for each class that is shown.
    pub classes: Vec<LegendClass>,
    /// One for each kind of line that is shown.
    pub lines: Vec<(Line, String)>,
}

impl Legend {
    /// Whether there is nothing to explain.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.lines.is_empty()
    }
}

/// How the nodes of a class are drawn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LegendClass {
    /// Name of the class in the schema.
    pub class: String,
    /// Its names, one a language.
    pub names: Vec<String>,
    /// Fill colour, `#rrggbb`.
    pub fill: Option<String>,
    /// Outline.
    pub shape: Shape,
}
