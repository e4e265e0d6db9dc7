//! Dates in their order, and what happens on each.

use std::collections::BTreeMap;

use super::FigureError;
use super::draw::{Drawer, check_size};
use super::figure::{Edge, Figure, Node};
use super::select::Selector;
use crate::model::{Date, Day, KnowledgeGraph, Literal, NodeId, Value};
use crate::view::{Literals, View};

/// The order of dates: by the first day that is meant, then by the last.
type Order = (Day, Day, String);

/// Every date of the view's entities, or those of the slots that its `literals` name.
pub(super) fn timeline(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    let selector = Selector::new(graph, view)?;
    let is_shown = |literal: &Literal| match &view.literals {
        Literals::Of(slots) => slots.contains(&literal.slot),
        Literals::All | Literals::None => true,
    };
    let mut dates: BTreeMap<Order, Vec<(NodeId, &Literal)>> = BTreeMap::new();
    for node in graph.nodes().filter(|node| selector.shows_node(*node)) {
        for literal in graph.literals(node).iter().filter(|it| is_shown(it)) {
            if let Some(date) = date(&literal.value) {
                let order = (date.earliest(), date.latest(), date.to_string());
                dates.entry(order).or_default().push((node, literal));
            }
        }
    }
    let mut entities: Vec<NodeId> = Vec::new();
    for (node, _) in dates.values().flatten() {
        if !entities.contains(node) {
            entities.push(*node);
        }
    }
    check_size(view, dates.len() + entities.len())?;

    let drawer = Drawer::new(graph, view);
    let mut figure = drawer.frame();
    figure.nodes = dates
        .keys()
        .map(|(_, _, date)| date_node(&drawer, date))
        .collect();
    let first_entity = figure.nodes.len();
    figure
        .nodes
        .extend(entities.iter().map(|node| drawer.entity(*node)));
    for (place, (date, facts)) in dates.iter().enumerate() {
        for (node, literal) in facts {
            let slot = graph.schema().slot(literal.slot);
            let label = graph.slot_label(literal.slot, drawer.language()).to_owned();
            let is_inferred = graph.provenance(literal.provenance).inferred.is_some();
            let edge = Edge {
                id: format!("{}--{}--{}", date_id(&date.2), slot.name, graph.slug(*node)),
                source: place,
                target: first_entity + entities.iter().position(|it| it == node).unwrap_or(0),
                slot: slot.name.clone(),
                label: drawer.edge_label(&label),
                name: label,
                line: Drawer::line(literal.status, is_inferred),
                is_symmetric: false,
                status: literal.status.name().to_owned(),
                evidence: drawer.places(&[literal.provenance]),
                tooltip: drawer.evidence(&[literal.provenance]),
            };
            if !figure.edges.iter().any(|known| known.id == edge.id) {
                figure.edges.push(edge);
            }
        }
    }
    if view.has_legend {
        figure.legend = drawer.legend(&entities, &figure.edges);
    }
    drawer.count(&mut figure);
    Ok(figure)
}

/// The date that a value is, or by which a quantity is to be reached.
fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Quantity(quantity) => quantity.by,
        _ => None,
    }
}

fn date_node(drawer: &Drawer<'_>, date: &str) -> Node {
    Node {
        id: date_id(date),
        class: "date".to_owned(),
        class_label: drawer.words.date.to_owned(),
        names: vec![date.to_owned()],
        tooltip: vec![format!("{}: {date}", drawer.words.date)],
        ..Node::default()
    }
}

/// An interval has a solidus between its ends, which an id had better not have.
fn date_id(date: &str) -> String {
    format!("date.{}", date.replace('/', "-to-"))
}
