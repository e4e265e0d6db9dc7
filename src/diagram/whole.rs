//! All of a graph as DOT.

use graphviz_rust::dot_structures::{
    Edge as DotEdge, EdgeTy, GraphAttributes, Id, Node as DotNode, Stmt, Subgraph, Vertex,
};

use super::Diagram;
use super::dot::{attributes, defaults, dot_id, print, quote_dot};
use super::label::wrap;
use crate::model::{Edge, NodeId, Status};
use crate::schema::{Class, ClassId, LangText};

/// The diagram as DOT.
pub(super) fn to_dot(diagram: &Diagram<'_>) -> String {
    let project = diagram.graph.project();
    let mut stmts = defaults("LR", &title(&project.title, &project.languages));
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
    print(&project.name, stmts)
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
