//! Pictures of the graph: what is shown, and the syntaxes that it is written in.

mod checked;
mod cytoscape;
mod dot;
pub mod figure;
mod graphml;
mod label;
mod lines;
mod link;
mod mermaid;
mod whole;
mod xml;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub use self::cytoscape::write_cytoscape;
pub use self::dot::{quote_dot, write_figure_dot};
pub use self::graphml::write_graphml;
pub use self::mermaid::{MAX_CHARACTERS, MAX_EDGES, quote_mermaid, write_mermaid};
pub use self::xml::escape_xml;
use crate::model::{Edge, KnowledgeGraph, NodeId};
use crate::schema::ClassId;

/// Why a figure is not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiagramError {
    /// The bytes cannot be written.
    #[error("cannot write the diagram")]
    Io(#[from] io::Error),
    /// The figure contradicts itself.
    #[error("the figure does not hold together")]
    Figure(#[from] FigureFault),
    /// Mermaid as it is set up everywhere, also on GitHub, would refuse to draw it.
    #[error(
        "Mermaid draws at most {limit} {of}, and the figure has {found}: show less of the graph, or write SVG or DOT"
    )]
    MermaidLimit {
        /// What there is too much of.
        of: &'static str,
        /// How much there may be.
        limit: usize,
        /// How much there is.
        found: usize,
    },
}

/// What is wrong in a [`Figure`](figure::Figure).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FigureFault {
    /// A place that leads nowhere, or to a cluster that comes later.
    #[error("`{0}` refers to a node or cluster that is not there")]
    Place(String),
    /// An id, class or slot that is empty or has other characters than ASCII letters, digits, `-._:`.
    #[error("`{0}` is not a word of ASCII letters, digits, `-`, `.`, `_` and `:`")]
    Word(String),
    /// An id that two have.
    #[error("the id `{0}` is there twice")]
    Twice(String),
    /// A colour of another form than `#rrggbb`.
    #[error("`{0}` is not a colour such as `#dbeafe`")]
    Colour(String),
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
    writer.write_all(whole::to_dot(&Diagram::whole(graph)).as_bytes())
}
