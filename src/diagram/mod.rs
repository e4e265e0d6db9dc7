//! Pictures of the graph: what is shown, and the syntaxes that it is written in.
//!
//! A [`View`] says what is shown, [`figure()`] makes a [`Figure`] of it, and every syntax is written
//! from that.

mod atlas;
mod checked;
mod cluster;
mod cytoscape;
mod dot;
mod dot_stream;
mod draw;
mod facts;
pub mod figure;
mod graphml;
mod label;
pub mod layout;
mod lines;
mod link;
mod mermaid;
mod overview;
#[cfg(feature = "png")]
mod png;
mod schema_figure;
mod select;
mod svg;
mod timeline;
mod word;
mod words;
mod xml;

use std::io::{self, Write};

pub use self::cytoscape::write_cytoscape;
pub use self::dot::{quote_dot, write_figure_dot};
pub use self::dot_stream::DotWriter;
pub use self::facts::{Facts, facts};
pub use self::figure::Figure;
pub use self::graphml::write_graphml;
pub use self::mermaid::{MAX_CHARACTERS, MAX_EDGES, quote_mermaid, write_mermaid};
#[cfg(feature = "png")]
pub use self::png::{Fonts, MAX_PIXELS, PngError, write_png};
pub use self::svg::to_svg;
pub use self::xml::escape_xml;
use crate::model::KnowledgeGraph;
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
    let figure = match view.content {
        Content::Entities => draw::entities(graph, view),
        Content::Overview => overview::overview(graph, view),
        Content::Timeline => timeline::timeline(graph, view),
        Content::Schema => schema_figure::schema(graph, view),
    };
    figure.map(word::with_plain_words)
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
            let figures = atlas::atlas(graph, view)?;
            Ok(figures.into_iter().map(word::with_plain_words).collect())
        }
        figure => figure.map(|figure| vec![figure]),
    }
}

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

/// What is wrong in a [`Figure`].
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

/// Writes all of the graph as [DOT](https://graphviz.org/doc/info/lang.html): ids are slugs, nodes
/// and edges are sorted, colour and legend tell the classes apart.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_dot<W: Write>(graph: &KnowledgeGraph, writer: W) -> io::Result<()> {
    write_figure_dot(&word::with_plain_words(draw::whole(graph)), writer).map_err(|error| {
        match error {
            DiagramError::Io(error) => error,
            other => io::Error::other(other),
        }
    })
}
