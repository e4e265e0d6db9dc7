//! DOT, through graphviz-rust's tree.

use std::io::Write;

use graphviz_rust::dot_structures::{
    Attribute, Edge as DotEdge, EdgeTy, Graph, GraphAttributes, Id, Node as DotNode,
    NodeId as DotNodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::DiagramError;
use super::checked::Checked;
use super::figure::{Direction, Edge, Figure, Line, Node, Shape};
use super::lines::{node_lines, one_line, wrapped};
use super::link::address;

/// Fonts that have Chinese, the most usual first; Graphviz takes the first that is there.
const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";

/// `text` as a quoted DOT string that shows just these characters.
///
/// Graphviz reads backslashes and HTML entities in labels, so both are escaped; control characters,
/// which it would drop or stumble over, become U+FFFD.
pub fn quote_dot(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push('\u{FFFD}'),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes `figure` as [DOT](https://graphviz.org/doc/info/lang.html): names of nodes are their ids,
/// clusters are subgraphs within one another, links and tooltips come out in Graphviz' SVG.
///
/// # Errors
///
/// [`DiagramError::Figure`] when the figure contradicts itself, [`DiagramError::Io`] when `writer`
/// fails.
pub fn write_figure_dot<W: Write>(figure: &Figure, mut writer: W) -> Result<(), DiagramError> {
    let checked = Checked::new(figure)?;
    Ok(writer.write_all(to_dot(checked).as_bytes())?)
}

fn to_dot(figure: Checked<'_>) -> String {
    let rankdir = match figure.direction {
        Direction::Right => "LR",
        Direction::Down => "TB",
    };
    let mut stmts = defaults(rankdir, &one_line(&figure.title));
    if !figure.description.is_empty() {
        let described = attributes(&[("tooltip", &figure.description)]);
        stmts.push(Stmt::GAttribute(GraphAttributes::Graph(described)));
    }
    if !figure.legend.is_empty() {
        stmts.push(Stmt::Subgraph(legend(figure)));
    }
    stmts.extend(members(figure, None));
    let edges = figure.edges.iter();
    stmts.extend(edges.map(|edge| Stmt::Edge(edge_stmt(figure, edge))));
    print(&figure.name, stmts)
}

/// What stands directly in a cluster, or outside of all: clusters, then nodes.
fn members(figure: Checked<'_>, within: Option<usize>) -> Vec<Stmt> {
    let clusters = figure.clusters_in(within).map(|(place, cluster)| {
        let label = wrapped(&cluster.label);
        let id = svg_id(figure, &cluster.id);
        let mut written = vec![
            ("label", label.as_str()),
            ("id", &id),
            ("class", "cluster"),
            ("style", "rounded"),
            ("color", "#94a3b8"),
        ];
        let link = cluster.link.as_deref().map(address);
        written.extend(link.as_deref().map(|link| ("URL", link)));
        let mut stmts = vec![Stmt::GAttribute(GraphAttributes::Graph(attributes(
            &written,
        )))];
        stmts.extend(members(figure, Some(place)));
        Stmt::Subgraph(Subgraph {
            id: Id::Escaped(quote_dot(&format!("cluster_{}", cluster.id))),
            stmts,
        })
    });
    let nodes = figure
        .nodes_in(within)
        .map(|node| Stmt::Node(node_stmt(figure, node)));
    clusters.chain(nodes).collect()
}

fn node_stmt(figure: Checked<'_>, node: &Node) -> DotNode {
    let label = node_lines(node).join("\n");
    let id = svg_id(figure, &node.id);
    let tooltip = node.tooltip.join("\n");
    let mut written = vec![("label", label.as_str()), ("id", &id)];
    written.extend(look(&node.class, node.fill.as_deref(), node.shape));
    let link = node.link.as_deref().map(address);
    written.extend(link.as_deref().map(|link| ("URL", link)));
    if !tooltip.is_empty() {
        written.push(("tooltip", &tooltip));
    }
    DotNode::new(dot_id(&node.id), attributes(&written))
}

fn edge_stmt(figure: Checked<'_>, edge: &Edge) -> DotEdge {
    let id = svg_id(figure, &edge.id);
    let tooltip = edge.tooltip.join("\n");
    let mut written = vec![("id", id.as_str()), ("class", &edge.slot)];
    if !edge.label.is_empty() {
        written.push(("label", &edge.label));
    }
    if edge.line != Line::Solid {
        written.push(("style", edge.line.name()));
    }
    if edge.is_symmetric {
        written.push(("dir", "both"));
    }
    if !tooltip.is_empty() {
        written.push(("tooltip", &tooltip));
        if !edge.label.is_empty() {
            written.push(("labeltooltip", &tooltip));
        }
    }
    let (source, target) = figure.ends(edge);
    arrow(dot_id(&source.id), dot_id(&target.id), &written)
}

/// A box for each class, and a line for each kind of line.
fn legend(figure: Checked<'_>) -> Subgraph {
    let legend = &figure.legend;
    let mut stmts = vec![Stmt::GAttribute(GraphAttributes::Graph(attributes(&[
        ("label", &legend.title),
        ("class", "legend"),
        ("style", "rounded"),
        ("color", "#cbd5e1"),
    ])))];
    for class in &legend.classes {
        let label = wrapped(&class.names);
        let mut written = vec![("label", label.as_str())];
        written.extend(look(&class.class, class.fill.as_deref(), class.shape));
        let id = dot_id(&format!("legend {}", class.class));
        stmts.push(Stmt::Node(DotNode::new(id, attributes(&written))));
    }
    for (line, meaning) in &legend.lines {
        let ends = ["from", "to"].map(|end| dot_id(&format!("legend {} {end}", line.name())));
        for end in &ends {
            let point = attributes(&[("label", ""), ("shape", "point")]);
            stmts.push(Stmt::Node(DotNode::new(end.clone(), point)));
        }
        let [from, to] = ends;
        let written = [("label", meaning.as_str()), ("style", line.name())];
        stmts.push(Stmt::Edge(arrow(from, to, &written)));
    }
    Subgraph {
        id: Id::Escaped(quote_dot("cluster legend")),
        stmts,
    }
}

/// How a node of a class is drawn; what is as usual is not said.
fn look<'a>(
    class: &'a str,
    fill: Option<&'a str>,
    shape: Shape,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let shape = (shape != Shape::Box).then_some(("shape", shape.name()));
    [("class", class)]
        .into_iter()
        .chain(fill.map(|fill| ("fillcolor", fill)))
        .chain(shape)
}

/// The id of an element in Graphviz' SVG, of which a page may hold several.
fn svg_id(figure: Checked<'_>, id: &str) -> String {
    format!("{}-{id}", figure.name)
}

fn arrow(from: DotNodeId, to: DotNodeId, written: &[(&str, &str)]) -> DotEdge {
    DotEdge {
        ty: EdgeTy::Pair(Vertex::N(from), Vertex::N(to)),
        attributes: attributes(written),
    }
}

/// What holds for all of a graph, its nodes and its edges, unless they say otherwise.
pub(super) fn defaults(rankdir: &str, title: &str) -> Vec<Stmt> {
    vec![
        Stmt::GAttribute(GraphAttributes::Graph(attributes(&[
            ("rankdir", rankdir),
            ("fontname", FONTS),
            ("label", title),
            ("labelloc", "t"),
            ("ranksep", "0.8"),
            ("nodesep", "0.2"),
        ]))),
        Stmt::GAttribute(GraphAttributes::Node(attributes(&[
            ("shape", "box"),
            ("style", "rounded,filled"),
            ("fontname", FONTS),
            ("fontsize", "11"),
            ("color", "#64748b"),
            ("fillcolor", "#ffffff"),
        ]))),
        Stmt::GAttribute(GraphAttributes::Edge(attributes(&[
            ("fontname", FONTS),
            ("fontsize", "9"),
            ("color", "#475569"),
            ("arrowsize", "0.7"),
        ]))),
    ]
}

/// The statements as a directed graph, one a line.
pub(super) fn print(name: &str, stmts: Vec<Stmt>) -> String {
    let graph = Graph::DiGraph {
        id: Id::Escaped(quote_dot(name)),
        strict: false,
        stmts,
    };
    let mut text = graph.print(
        PrinterContext::default()
            .with_semi()
            .with_inline_size(usize::MAX),
    );
    text.push('\n');
    text
}

pub(super) fn dot_id(slug: &str) -> DotNodeId {
    DotNodeId(Id::Escaped(quote_dot(slug)), None)
}

pub(super) fn attributes(written: &[(&str, &str)]) -> Vec<Attribute> {
    written
        .iter()
        .map(|(name, value)| {
            Attribute(Id::Plain((*name).to_owned()), Id::Escaped(quote_dot(value)))
        })
        .collect()
}
