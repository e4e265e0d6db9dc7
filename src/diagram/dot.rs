//! DOT, through graphviz-rust's tree.

use graphviz_rust::dot_structures::{
    Attribute, Edge as DotEdge, EdgeTy, Graph, GraphAttributes, Id, Node as DotNode,
    NodeId as DotNodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::Diagram;
use super::label::wrap;
use crate::model::{Edge, NodeId, Status};
use crate::schema::{Class, ClassId, LangText};

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

/// The diagram as DOT.
pub(super) fn to_dot(diagram: &Diagram<'_>) -> String {
    let project = diagram.graph.project();
    let mut stmts = vec![
        Stmt::GAttribute(GraphAttributes::Graph(attributes(&[
            ("rankdir", "LR"),
            ("fontname", FONTS),
            ("label", &title(&project.title, &project.languages)),
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
    ];
    stmts.push(Stmt::Subgraph(legend(diagram)));
    stmts.extend(
        diagram
            .nodes
            .iter()
            .map(|node| Stmt::Node(node_stmt(diagram, *node))),
    );
    stmts.extend(
        diagram
            .edges
            .iter()
            .filter(|edge| !is_reciprocal_repeat(diagram, **edge))
            .map(|edge| Stmt::Edge(edge_stmt(diagram, *edge))),
    );
    let graph = Graph::DiGraph {
        id: Id::Escaped(quote_dot(&project.name)),
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

fn title(title: &LangText, languages: &[String]) -> String {
    let texts: Vec<&str> = languages
        .iter()
        .filter_map(|language| title.get(language).map(String::as_str))
        .collect();
    texts.join(" · ")
}

/// Name in each language, each wrapped.
fn node_label(diagram: &Diagram<'_>, node: NodeId) -> String {
    let graph = diagram.graph;
    let mut lines = Vec::new();
    for language in &graph.project().languages {
        for line in wrap(graph.label(node, language)) {
            lines.push(line);
        }
    }
    lines.dedup();
    lines.join("\n")
}

fn node_stmt(diagram: &Diagram<'_>, node: NodeId) -> DotNode {
    let graph = diagram.graph;
    let style = graph.schema().style(graph.class(node));
    let label = node_label(diagram, node);
    let class = &graph.schema().class(graph.class(node)).name;
    let mut written = vec![("label", label.as_str()), ("class", class.as_str())];
    written.extend(style.fill.as_deref().map(|fill| ("fillcolor", fill)));
    written.extend(style.shape.map(|shape| ("shape", shape.name())));
    DotNode::new(dot_id(graph.slug(node)), attributes(&written))
}

fn edge_stmt(diagram: &Diagram<'_>, edge: Edge) -> DotEdge {
    let graph = diagram.graph;
    let slot = graph.schema().slot(edge.slot);
    let label = match graph.project().languages.first() {
        Some(language) => slot.label.get(language).unwrap_or(&slot.name),
        None => &slot.name,
    };
    let mut written = vec![("label", label.as_str()), ("class", slot.name.as_str())];
    if graph.provenance(edge.provenance).inferred.is_some() {
        written.push(("style", "dotted"));
    } else if matches!(
        edge.status,
        Status::Planned | Status::Target | Status::Required
    ) {
        written.push(("style", "dashed"));
    }
    if slot.is_symmetric {
        written.push(("dir", "both"));
    }
    let vertex = |node| Vertex::N(dot_id(graph.slug(node)));
    DotEdge {
        ty: EdgeTy::Pair(vertex(edge.source), vertex(edge.target)),
        attributes: attributes(&written),
    }
}

/// Whether the same symmetric fact is drawn already, the other way round.
fn is_reciprocal_repeat(diagram: &Diagram<'_>, edge: Edge) -> bool {
    diagram.graph.schema().slot(edge.slot).is_symmetric
        && edge.source > edge.target
        && diagram
            .graph
            .edges_out(edge.target)
            .any(|back| back.target == edge.source && back.slot == edge.slot)
}

/// One box for each class that is shown, and what dashes and dots mean.
fn legend(diagram: &Diagram<'_>) -> Subgraph {
    let graph = diagram.graph;
    let mut stmts = vec![Stmt::GAttribute(GraphAttributes::Graph(attributes(&[
        ("label", "图例 · legend"),
        ("style", "rounded"),
        ("color", "#cbd5e1"),
    ])))];
    let box_of = |id: ClassId, class: &Class| {
        let style = graph.schema().style(id);
        let names: Vec<&str> = graph
            .project()
            .languages
            .iter()
            .filter_map(|language| class.label.get(language).map(String::as_str))
            .collect();
        let label = names.join("\n");
        let mut written = vec![("label", label.as_str())];
        written.extend(style.fill.as_deref().map(|fill| ("fillcolor", fill)));
        written.extend(style.shape.map(|shape| ("shape", shape.name())));
        DotNode::new(
            dot_id(&format!("legend.{}", class.name)),
            attributes(&written),
        )
    };
    for id in diagram.classes() {
        stmts.push(Stmt::Node(box_of(id, graph.schema().class(id))));
    }
    for (label, style) in [
        ("已然 · so", "solid"),
        ("拟议 · planned", "dashed"),
        ("推断 · inferred", "dotted"),
    ] {
        let ends = ["from", "to"].map(|end| dot_id(&format!("legend.{style}.{end}")));
        for end in &ends {
            let point = attributes(&[("label", ""), ("shape", "point")]);
            stmts.push(Stmt::Node(DotNode::new(end.clone(), point)));
        }
        let [from, to] = ends.map(Vertex::N);
        stmts.push(Stmt::Edge(DotEdge {
            ty: EdgeTy::Pair(from, to),
            attributes: attributes(&[("label", label), ("style", style)]),
        }));
    }
    Subgraph {
        id: Id::Escaped(quote_dot("cluster_legend")),
        stmts,
    }
}

fn dot_id(slug: &str) -> DotNodeId {
    DotNodeId(Id::Escaped(quote_dot(slug)), None)
}

fn attributes(written: &[(&str, &str)]) -> Vec<Attribute> {
    written
        .iter()
        .map(|(name, value)| {
            Attribute(Id::Plain((*name).to_owned()), Id::Escaped(quote_dot(value)))
        })
        .collect()
}
