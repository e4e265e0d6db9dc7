//! Entities of a class, by what is said of them.

use crate::model::{Date, Decimal, KnowledgeGraph, NodeId, Value};
use crate::schema::{ClassId, SlotId};

/// What an entity must have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filter {
    /// A value in this slot, or a slot below it.
    pub slot: SlotId,
    /// Which value.
    pub wanted: Wanted,
}

/// Which value a [`Filter`] asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// Any.
    Anything,
    /// This entity.
    Entity(NodeId),
    /// A literal that [`matches`](value_matches) this text.
    Literal(String),
}

/// Entities of `class` and the classes below it that pass every filter, in the order of their slugs.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::{Filter, Wanted, list};
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let class = graph.schema().class_named("Agreement").unwrap();
/// let filter = Filter {
///     slot: graph.schema().slot_named("party").unwrap(),
///     wanted: Wanted::Entity(graph.node("city-a").unwrap()),
/// };
/// assert_eq!(list(&graph, class, &[filter]), [graph.node("treaty-agreement").unwrap()]);
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn list(graph: &KnowledgeGraph, class: ClassId, filters: &[Filter]) -> Vec<NodeId> {
    let schema = graph.schema();
    let is_of_class: Vec<bool> = schema
        .class_ids()
        .map(|id| schema.is_subclass(id, class))
        .collect();
    graph
        .nodes()
        .filter(|node| is_of_class[graph.class(*node).index()])
        .filter(|node| filters.iter().all(|filter| passes(graph, *node, filter)))
        .collect()
}

fn passes(graph: &KnowledgeGraph, node: NodeId, filter: &Filter) -> bool {
    let is_slot = |slot: SlotId| graph.schema().is_subslot(slot, filter.slot);
    let mut edges = graph.edges_out(node).filter(|edge| is_slot(edge.slot));
    let mut literals = graph.literals(node).iter().filter(|it| is_slot(it.slot));
    match &filter.wanted {
        Wanted::Anything => edges.next().is_some() || literals.next().is_some(),
        Wanted::Entity(wanted) => edges.any(|edge| edge.target == *wanted),
        Wanted::Literal(wanted) => literals.any(|it| value_matches(graph, &it.value, wanted)),
    }
}

/// Whether a literal is what `wanted` says: the same text, where upper and lower case are one; the
/// same number, with its scale or with its unit; a date within the date `wanted`; a value of an enum
/// by name or label.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::value_matches;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let city = graph.node("city-a").unwrap();
/// let slot = graph.schema().slot_named("population").unwrap();
/// let population = graph.literals(city).iter().find(|it| it.slot == slot).unwrap();
///
/// for wanted in ["2.8", "28000", "2.8万人"] {
///     assert!(value_matches(&graph, &population.value, wanted), "{wanted}");
/// }
/// assert!(!value_matches(&graph, &population.value, "2.8亿人"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn value_matches(graph: &KnowledgeGraph, value: &Value, wanted: &str) -> bool {
    let wanted = wanted.trim();
    let is_number = |number: &Decimal| Decimal::parse(wanted).is_ok_and(|it| it == *number);
    match value {
        Value::String(text) | Value::Text { text, .. } | Value::Iri(text) => {
            text.to_lowercase() == wanted.to_lowercase()
        }
        Value::Number(number) => is_number(number),
        Value::Boolean(value) => wanted.eq_ignore_ascii_case(&value.to_string()),
        Value::Date(date) => Date::parse(wanted).is_ok_and(|wanted| {
            wanted.earliest() <= date.earliest() && date.latest() <= wanted.latest()
        }),
        Value::Enum(id, at) => {
            let values = &graph.schema().enumeration(*id).permissible_values;
            values.get(usize::from(*at)).is_some_and(|value| {
                value.name == wanted || value.label.values().any(|label| label == wanted)
            })
        }
        Value::Quantity(quantity) => {
            is_number(&quantity.number)
                || quantity.absolute().as_ref().is_some_and(is_number)
                || format!("{}{}", quantity.number, quantity.unit_text()) == wanted
        }
    }
}
