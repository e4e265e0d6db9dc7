//! Pictures of the graph: what is shown, and the syntaxes that it is written in.

mod dot;
pub mod figure;
mod label;
pub mod layout;
mod svg;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub use self::dot::quote_dot;
pub use self::svg::{escape_xml, to_svg};
use crate::model::{Edge, KnowledgeGraph, NodeId};
use crate::schema::ClassId;

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
