//! The JSON that Cytoscape.js and Cytoscape read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::DiagramError;
use super::checked::Checked;
use super::figure::{Cluster, Direction, Edge, Figure, Line, Node, Shape};
use super::lines::{box_size, node_lines, one_line, wrapped};

/// Writes `figure` as JSON for [Cytoscape.js](https://js.cytoscape.org/#notation/elements-json), with
/// a style that looks like the other syntaxes; Cytoscape opens it as `.cyjs`.
///
/// Clusters are compound parents. Each literal stands in `detail_SLOT`, a list. There is no legend:
/// class and line of every element are in its data.
///
/// # Errors
///
/// [`DiagramError::Figure`] when the figure contradicts itself, [`DiagramError::Io`] when `writer`
/// fails.
pub fn write_cytoscape<W: Write>(figure: &Figure, mut writer: W) -> Result<(), DiagramError> {
    let checked = Checked::new(figure)?;
    serde_json::to_writer_pretty(&mut writer, &to_json(checked)).map_err(io::Error::from)?;
    Ok(writer.write_all(b"\n")?)
}

fn to_json(figure: Checked<'_>) -> Value {
    let clusters = figure.clusters.iter().map(|it| cluster_json(figure, it));
    let nodes = figure.nodes.iter().map(|it| node_json(figure, it));
    let edges = figure.edges.iter().map(|it| edge_json(figure, it));
    let title = one_line(&figure.title);
    json!({
        "data": {
            "name": title,
            "shared_name": title,
            "description": figure.description,
        },
        "elements": {
            "nodes": clusters.chain(nodes).collect::<Vec<_>>(),
            "edges": edges.collect::<Vec<_>>(),
        },
        "layout": {
            "name": "breadthfirst",
            "directed": true,
            "direction": match figure.direction {
                Direction::Right => "rightward",
                Direction::Down => "downward",
            },
        },
        "style": style(figure),
    })
}

fn cluster_json(figure: Checked<'_>, cluster: &Cluster) -> Value {
    let mut data = Map::new();
    put(&mut data, "id", cluster_id(cluster));
    put(&mut data, "label", wrapped(&cluster.label));
    put(&mut data, "name", one_line(&cluster.label));
    put_parent(&mut data, figure, cluster.parent);
    if let Some(link) = &cluster.link {
        put(&mut data, "href", link.as_str());
    }
    json!({ "group": "nodes", "data": data, "classes": ["cluster"] })
}

fn node_json(figure: Checked<'_>, node: &Node) -> Value {
    let mut data = Map::new();
    put(&mut data, "id", node.id.as_str());
    let lines = node_lines(node);
    let (width, height) = box_size(&lines);
    put(&mut data, "label", lines.join("\n"));
    put(&mut data, "width", width);
    put(&mut data, "height", height);
    put(&mut data, "name", one_line(&node.names));
    put(&mut data, "class", node.class.as_str());
    put(&mut data, "class_label", node.class_label.as_str());
    put(&mut data, "iri", node.iri.as_str());
    put_parent(&mut data, figure, node.cluster);
    if let Some(link) = &node.link {
        put(&mut data, "href", link.as_str());
    }
    if !node.tooltip.is_empty() {
        put(&mut data, "tooltip", node.tooltip.join("\n"));
    }
    let mut details: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for detail in &node.details {
        let values = details.entry(&detail.slot).or_default();
        values.push(&detail.value);
    }
    for (slot, values) in details {
        put(&mut data, &format!("detail_{slot}"), values);
    }
    json!({ "group": "nodes", "data": data, "classes": [node.class] })
}

fn edge_json(figure: Checked<'_>, edge: &Edge) -> Value {
    let (source, target) = figure.ends(edge);
    let mut data = Map::new();
    put(&mut data, "id", format!("edge:{}", edge.id));
    put(&mut data, "source", source.id.as_str());
    put(&mut data, "target", target.id.as_str());
    put(&mut data, "label", edge.label.as_str());
    put(&mut data, "interaction", edge.slot.as_str());
    put(&mut data, "slot", edge.slot.as_str());
    put(&mut data, "status", edge.status.as_str());
    put(&mut data, "line", edge.line.name());
    put(&mut data, "symmetric", edge.is_symmetric);
    if !edge.tooltip.is_empty() {
        put(&mut data, "tooltip", edge.tooltip.join("\n"));
    }
    json!({ "group": "edges", "data": data, "classes": [edge.slot] })
}

fn put(data: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    data.insert(key.to_owned(), value.into());
}

fn put_parent(data: &mut Map<String, Value>, figure: Checked<'_>, place: Option<usize>) {
    if let Some(cluster) = figure.clusters_around(place).next() {
        put(data, "parent", cluster_id(cluster));
    }
}

/// All elements share one space of ids; nodes keep theirs.
fn cluster_id(cluster: &Cluster) -> String {
    format!("cluster:{}", cluster.id)
}

fn style(figure: Checked<'_>) -> Vec<Value> {
    let mut style = vec![
        json!({ "selector": "node", "style": {
            "label": "data(label)",
            "text-wrap": "wrap",
            "text-valign": "center",
            "font-size": 11,
            "shape": "round-rectangle",
            "color": "#0f172a",
            "background-color": "#ffffff",
            "border-color": "#64748b",
            "border-width": 1,
        }}),
        json!({ "selector": "node[width]", "style": {
            "width": "data(width)",
            "height": "data(height)",
        }}),
        json!({ "selector": "node.cluster", "style": {
            "text-valign": "top",
            "background-opacity": 0,
            "border-color": "#94a3b8",
        }}),
        json!({ "selector": "edge", "style": {
            "label": "data(label)",
            "font-size": 9,
            "width": 1,
            "curve-style": "bezier",
            "color": "#475569",
            "line-color": "#475569",
            "target-arrow-color": "#475569",
            "target-arrow-shape": "triangle",
            "source-arrow-color": "#475569",
            "text-background-color": "#ffffff",
            "text-background-opacity": 1,
        }}),
        json!({ "selector": "edge[?symmetric]", "style": { "source-arrow-shape": "triangle" }}),
    ];
    for line in [Line::Dashed, Line::Dotted] {
        style.push(json!({
            "selector": format!("edge[line = \"{}\"]", line.name()),
            "style": { "line-style": line.name() },
        }));
    }
    let looks: BTreeSet<_> = figure
        .nodes
        .iter()
        .map(|node| (&node.class, node.fill.as_deref(), node.shape))
        .collect();
    for (class, fill, shape) in looks {
        style.push(json!({
            "selector": format!("node[class = \"{class}\"]"),
            "style": { "background-color": fill.unwrap_or("#ffffff"), "shape": shape_name(shape) },
        }));
    }
    style
}

/// The shape of Cytoscape.js that is most like it.
fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Box => "round-rectangle",
        Shape::Note => "cut-rectangle",
        Shape::Ellipse => "ellipse",
        Shape::Hexagon => "hexagon",
        Shape::Folder => "round-tag",
        Shape::Tab => "bottom-round-rectangle",
        Shape::Component => "rectangle",
    }
}
