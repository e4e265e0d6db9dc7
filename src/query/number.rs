//! Every number that is measured.

use super::dated::when;
use crate::model::{Date, KnowledgeGraph, Literal, NodeId, Quantity, Value};

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured<'g> {
    /// The entity that it is said of.
    pub node: NodeId,
    /// The fact.
    pub literal: &'g Literal,
    /// The number with its unit; of a plain number it is all there is.
    pub quantity: Quantity,
    /// When: the number's own dates, else those of the observation that it belongs to.
    pub when: Vec<Date>,
}

/// Every number of the graph, in the order of the entities' slugs and the slots.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let numbers = tupu::query::numbers(&graph);
/// assert!(numbers.iter().any(|it| it.quantity.unit.as_deref() == Some("次")));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn numbers(graph: &KnowledgeGraph) -> Vec<Measured<'_>> {
    graph
        .nodes()
        .flat_map(|node| {
            let literals = graph.literals(node).iter();
            literals.filter_map(move |literal| {
                let quantity = match &literal.value {
                    Value::Quantity(quantity) => quantity.as_ref().clone(),
                    Value::Number(number) => Quantity::from(*number),
                    _ => return None,
                };
                Some(Measured {
                    node,
                    literal,
                    when: when(graph, node, &quantity),
                    quantity,
                })
            })
        })
        .collect()
}
