//! GraphML that Gephi, yEd and Cytoscape read, each where it looks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::DiagramError;
use super::checked::{Checked, rgb};
use super::figure::{Edge, Figure, Line, Node, Shape};
use super::lines::{box_size, node_lines, one_line};
use super::xml::escape_xml;

/// What a node or edge says of itself: name and type of the attribute, and what it means.
type Key = (&'static str, &'static str);

/// Gephi reads `label`, `r`, `g`, `b`; yEd `url` and `description`; Cytoscape `name`.
const NODE_KEYS: [Key; 12] = [
    ("label", "string"),
    ("name", "string"),
    ("class", "string"),
    ("class_label", "string"),
    ("iri", "string"),
    ("cluster", "string"),
    ("shape", "string"),
    ("url", "string"),
    ("description", "string"),
    ("r", "int"),
    ("g", "int"),
    ("b", "int"),
];
/// Cytoscape reads `interaction` as what an edge means.
const EDGE_KEYS: [Key; 7] = [
    ("label", "string"),
    ("interaction", "string"),
    ("slot", "string"),
    ("status", "string"),
    ("line", "string"),
    ("symmetric", "boolean"),
    ("description", "string"),
];

/// Writes `figure` as [GraphML](http://graphml.graphdrawing.org/), with the extensions of yEd.
///
/// The graph is flat, and each node names its clusters in `cluster`, from the outermost inwards:
/// Gephi does not read graphs within nodes. Each literal stands in `detail_SLOT`; values of the same
/// slot are separated by `; `. There is no legend: class and line of every element are attributes.
/// There is no layout either; yEd, Gephi and Cytoscape each have their own.
///
/// # Errors
///
/// [`DiagramError::Figure`] when the figure contradicts itself, [`DiagramError::Io`] when `writer`
/// fails.
pub fn write_graphml<W: Write>(figure: &Figure, mut writer: W) -> Result<(), DiagramError> {
    let checked = Checked::new(figure)?;
    let to = &mut writer;
    write_keys(to, checked)?;
    let title = escape_xml(&one_line(&figure.title));
    writeln!(to, "  <graph edgedefault=\"directed\">")?;
    writeln!(to, "    <desc>{title}</desc>")?;
    for node in &figure.nodes {
        write_node(to, checked, node)?;
    }
    for edge in &figure.edges {
        write_edge(to, checked, edge)?;
    }
    Ok(to.write_all(b"  </graph>\n</graphml>\n")?)
}

fn write_keys(to: &mut impl Write, figure: Checked<'_>) -> io::Result<()> {
    to.write_all(
        br#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
  <key id="node.graphics" for="node" yfiles.type="nodegraphics"/>
  <key id="edge.graphics" for="edge" yfiles.type="edgegraphics"/>
"#,
    )?;
    let mut key = |of: &str, name: &str, kind: &str| {
        let name = escape_xml(name);
        writeln!(
            to,
            r#"  <key id="{of}.{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>"#
        )
    };
    for (name, kind) in NODE_KEYS {
        key("node", name, kind)?;
    }
    let details = figure.nodes.iter().flat_map(|node| &node.details);
    let slots: BTreeSet<&str> = details.map(|detail| detail.slot.as_str()).collect();
    for slot in slots {
        key("node", &format!("detail_{slot}"), "string")?;
    }
    for (name, kind) in EDGE_KEYS {
        key("edge", name, kind)?;
    }
    Ok(())
}

fn write_node(to: &mut impl Write, figure: Checked<'_>, node: &Node) -> io::Result<()> {
    writeln!(to, r#"    <node id="{}">"#, escape_xml(&node.id))?;
    // Readers that take yEd's label for the label meet the plain one later.
    write_node_graphics(to, node)?;
    let name = one_line(&node.names);
    let mut clusters: Vec<String> = figure
        .clusters_around(node.cluster)
        .map(|cluster| one_line(&cluster.label))
        .collect();
    clusters.reverse();
    let mut data = |key: &str, value: &str| write_data(to, "node", key, value);
    data("label", &name)?;
    data("name", &name)?;
    data("class", &node.class)?;
    data("class_label", &node.class_label)?;
    data("iri", &node.iri)?;
    data("cluster", &clusters.join(" / "))?;
    data("shape", node.shape.name())?;
    data("url", node.link.as_deref().unwrap_or_default())?;
    data("description", &node.tooltip.join("\n"))?;
    let colour = node.fill.as_deref().and_then(rgb).unwrap_or([0xFF; 3]);
    for (key, share) in ["r", "g", "b"].into_iter().zip(colour) {
        data(key, &share.to_string())?;
    }
    let mut details: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for detail in &node.details {
        let values = details.entry(&detail.slot).or_default();
        values.push(&detail.value);
    }
    for (slot, values) in details {
        data(&format!("detail_{slot}"), &values.join("; "))?;
    }
    writeln!(to, "    </node>")
}

fn write_edge(to: &mut impl Write, figure: Checked<'_>, edge: &Edge) -> io::Result<()> {
    let (source, target) = figure.ends(edge);
    let [id, source, target] = [&edge.id, &source.id, &target.id].map(|id| escape_xml(id));
    writeln!(
        to,
        r#"    <edge id="{id}" source="{source}" target="{target}">"#
    )?;
    write_edge_graphics(to, edge)?;
    let mut data = |key: &str, value: &str| write_data(to, "edge", key, value);
    data("label", &edge.label)?;
    data("interaction", &edge.slot)?;
    data("slot", &edge.slot)?;
    data("status", &edge.status)?;
    data("line", edge.line.name())?;
    data("symmetric", &edge.is_symmetric.to_string())?;
    data("description", &edge.tooltip.join("\n"))?;
    writeln!(to, "    </edge>")
}

/// An attribute; nothing where there is nothing to say.
fn write_data(to: &mut impl Write, of: &str, key: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let (key, value) = (escape_xml(key), escape_xml(value));
    writeln!(to, r#"      <data key="{of}.{key}">{value}</data>"#)
}

/// How yEd draws a node, as large as its text needs.
fn write_node_graphics(to: &mut impl Write, node: &Node) -> io::Result<()> {
    let lines = node_lines(node);
    let (width, height) = box_size(&lines);
    let fill = node.fill.as_deref().unwrap_or("#ffffff");
    let label = escape_xml(&lines.join("\n"));
    let shape = match node.shape {
        Shape::Box => "roundrectangle",
        Shape::Note => "rectangle",
        Shape::Ellipse => "ellipse",
        Shape::Hexagon => "hexagon",
        Shape::Folder => "trapezoid",
        Shape::Tab => "parallelogram",
        Shape::Component => "rectangle3d",
    };
    writeln!(
        to,
        r##"      <data key="node.graphics"><y:ShapeNode><y:Geometry x="0.0" y="0.0" width="{width}.0" height="{height}.0"/><y:Fill color="{fill}" transparent="false"/><y:BorderStyle color="#64748b" type="line" width="1.0"/><y:NodeLabel>{label}</y:NodeLabel><y:Shape type="{shape}"/></y:ShapeNode></data>"##
    )
}

/// How yEd draws an edge.
fn write_edge_graphics(to: &mut impl Write, edge: &Edge) -> io::Result<()> {
    let line = match edge.line {
        Line::Solid => "line",
        Line::Dashed => "dashed",
        Line::Dotted => "dotted",
    };
    let begin = if edge.is_symmetric {
        "standard"
    } else {
        "none"
    };
    let label = match edge.label.as_str() {
        "" => String::new(),
        label => format!("<y:EdgeLabel>{}</y:EdgeLabel>", escape_xml(label)),
    };
    writeln!(
        to,
        r##"      <data key="edge.graphics"><y:PolyLineEdge><y:LineStyle color="#475569" type="{line}" width="1.0"/><y:Arrows source="{begin}" target="standard"/>{label}</y:PolyLineEdge></data>"##
    )
}
