//! Classes, what is below what, and which slots join them.

use std::collections::BTreeMap;

use super::FigureError;
use super::draw::{Drawer, check_size};
use super::figure::{Detail, Edge, Figure, Node};
use super::select::{shows_class, shows_slot};
use crate::model::KnowledgeGraph;
use crate::schema::{ClassId, LiteralType, Range, SlotId};
use crate::view::{Literals, View};

/// The classes of the schema, or those that the view names and what is below them.
pub(super) fn schema(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    let schema = graph.schema();
    let classes: Vec<ClassId> = schema
        .class_ids()
        .filter(|class| shows_class(schema, view, *class))
        .collect();
    check_size(view, classes.len())?;
    let places: BTreeMap<ClassId, usize> = classes.iter().copied().zip(0..).collect();
    let drawer = Drawer::new(graph, view);
    let mut figure = drawer.frame();
    for class in &classes {
        let slots = schema.class(*class).own_slots.iter().copied();
        let slots: Vec<SlotId> = slots
            .filter(|slot| shows_slot(schema, view, *slot))
            .collect();
        figure.nodes.push(class_node(&drawer, *class, &slots));
        let definition = schema.class(*class);
        for above in definition.parent.iter().chain(&definition.mixins) {
            let label = drawer.words.is_a;
            figure
                .edges
                .extend(edge(&drawer, &places, *class, "is_a", label, *above));
        }
        for slot in slots {
            if let Range::Classes(ranges) = &schema.slot(slot).range {
                let (name, label) = (
                    &schema.slot(slot).name,
                    graph.slot_label(slot, drawer.language()),
                );
                for range in ranges {
                    figure
                        .edges
                        .extend(edge(&drawer, &places, *class, name, label, *range));
                }
            }
        }
    }
    drawer.count(&mut figure);
    Ok(figure)
}

/// A class with the literals that it takes.
fn class_node(drawer: &Drawer<'_>, class: ClassId, slots: &[SlotId]) -> Node {
    let schema = drawer.graph.schema();
    let details = slots.iter().filter_map(|slot| {
        let slot_definition = schema.slot(*slot);
        let value = match &slot_definition.range {
            Range::Literal(kind) => literal_name(*kind).to_owned(),
            Range::Enum(id) => schema.enumeration(*id).name.clone(),
            Range::Any | Range::Classes(_) => return None,
        };
        Some(Detail {
            slot: slot_definition.name.clone(),
            label: drawer.graph.slot_label(*slot, drawer.language()).to_owned(),
            value,
            ..Detail::default()
        })
    });
    Node {
        details: match drawer.view.literals {
            Literals::None => Vec::new(),
            _ => details.collect(),
        },
        ..drawer.class(class)
    }
}

fn edge(
    drawer: &Drawer<'_>,
    places: &BTreeMap<ClassId, usize>,
    from: ClassId,
    slot: &str,
    label: &str,
    to: ClassId,
) -> Option<Edge> {
    let schema = drawer.graph.schema();
    let (source, target) = (&schema.class(from).name, &schema.class(to).name);
    Some(Edge {
        id: format!("{source}--{slot}--{target}"),
        source: *places.get(&from)?,
        target: *places.get(&to)?,
        slot: slot.to_owned(),
        name: label.to_owned(),
        label: drawer.edge_label(label),
        tooltip: vec![format!("{source} — {label} → {target}")],
        ..Edge::default()
    })
}

/// The name that `range` calls a type by.
fn literal_name(kind: LiteralType) -> &'static str {
    let mut all = LiteralType::ALL.iter();
    all.find(|(_, it)| *it == kind).map_or("", |(name, _)| name)
}
