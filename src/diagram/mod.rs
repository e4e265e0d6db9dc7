//! Pictures of the graph: what is shown, and the syntaxes that it is written in.
//!
//! A [`View`] says what is shown, [`figure()`] makes a [`Figure`] of it, and every syntax is written
//! from that.

mod atlas;
mod cluster;
mod dot;
mod draw;
pub mod figure;
mod label;
mod overview;
mod schema_figure;
mod select;
mod timeline;
mod words;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub use self::dot::quote_dot;
pub use self::figure::Figure;
use crate::model::{Edge, KnowledgeGraph, NodeId};
use crate::schema::ClassId;
use crate::view::{Content, View};

/// A view that cannot be drawn.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureError {
    /// The view shows nothing.
    #[error("the view shows nothing: no entity has a fact that it would draw")]
    Empty,
    /// The view shows more than a reader could take in.
    #[error("the view shows {nodes} nodes, and more than {most} are hard to read")]
    TooLarge {
        /// How many nodes it shows.
        nodes: usize,
        /// Its maximum.
        most: usize,
    },
    /// The view names an entity that the graph does not have.
    #[error("the graph has no entity `{0}`")]
    UnknownEntity(String),
}

/// What `view` shows of `graph`.
///
/// # Errors
///
/// When the view shows nothing, more nodes than its maximum, or an entity that does not exist.
pub fn figure(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    match view.content {
        Content::Entities => draw::entities(graph, view),
        Content::Overview => overview::overview(graph, view),
        Content::Timeline => timeline::timeline(graph, view),
        Content::Schema => schema_figure::schema(graph, view),
    }
}

/// What `view` shows of `graph`, in several figures of at most the view's maximum: an overview that
/// has the view's name, and for each hub a figure that has its name too, `VIEW.HUB`, linked to each
/// other as SVG files in one folder.
///
/// # Errors
///
/// When the view shows nothing, so much that even the overview has more nodes than the maximum, or
/// an entity that does not exist.
pub fn atlas(graph: &KnowledgeGraph, view: &View) -> Result<Vec<Figure>, FigureError> {
    match figure(graph, view) {
        Err(FigureError::TooLarge { .. }) if view.content == Content::Entities => {
            atlas::atlas(graph, view)
        }
        figure => figure.map(|figure| vec![figure]),
    }
}

/// A part of a graph, to be drawn.
#[derive(Clone, Debug)]
pub struct Diagram<'g> {
    graph: &'g KnowledgeGraph,
    nodes: Vec<NodeId>,
    edges: Vec<Edge>,
}

impl<'g> Diagram<'g> {
    /// All of the graph.
    pub fn whole(graph: &'g KnowledgeGraph) -> Self {
        Self {
            graph,
            nodes: graph.nodes().collect(),
            edges: graph.edges().collect(),
        }
    }

    /// Classes of the nodes shown, in the order of the schema.
    fn classes(&self) -> BTreeSet<ClassId> {
        self.nodes
            .iter()
            .map(|node| self.graph.class(*node))
            .collect()
    }
}

/// Writes all of the graph as [DOT](https://graphviz.org/doc/info/lang.html): ids are slugs, nodes
/// and edges are sorted, colour and legend tell the classes apart.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_dot<W: Write>(graph: &KnowledgeGraph, mut writer: W) -> io::Result<()> {
    writer.write_all(dot::to_dot(&Diagram::whole(graph)).as_bytes())
}
