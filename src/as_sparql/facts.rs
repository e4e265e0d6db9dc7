//! The facts of one entity, and what lies around it.

use super::Unsayable;
use super::draft::{Draft, indented, select, union};
use crate::model::{KnowledgeGraph, NodeId};
use crate::query::{Around, Direction};
use crate::vocab::schema;

/// Most steps that a query goes: it grows with their square.
const MOST_STEPS: usize = 8;

/// The facts that `node` is in, on either side: `?subject ?slot ?value ?number ?unit ?status`.
///
/// `?value` is an entity, an enum value, a literal in any language or, with `?number` and `?unit`, a
/// quantity.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let query = tupu::as_sparql::show(&graph, graph.node("city-a").unwrap());
/// assert!(query.starts_with("# The facts that city-a is in\n"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn show(graph: &KnowledgeGraph, node: NodeId) -> String {
    let mut draft = Draft::new(graph);
    let entity = draft.entity(node);
    let sides = [
        format!("VALUES ?subject {{ {entity} }}\n"),
        format!("VALUES ?value {{ {entity} }}\n"),
    ];
    let mut pattern =
        union(&sides.map(|side| side + &draft.fact("?fact", "?subject", "?slot", "?value")));
    pattern += &draft.is_no_name("?slot");
    pattern += &format!(
        "OPTIONAL {{\n  ?value a {} ; {} ?number .\n  OPTIONAL {{ ?value {} ?unit }}\n}}\n",
        draft.term(schema::QUANTITATIVE_VALUE),
        draft.term(schema::VALUE),
        draft.term(schema::UNIT_TEXT)
    );
    pattern += &draft.status();
    let query = select(
        "DISTINCT ?subject ?slot ?value ?number ?unit ?status",
        &pattern,
    ) + "ORDER BY ?subject ?slot ?value\n";
    let asks = format!("The facts that {} is in", draft.named(node));
    draft.finish(&asks, &query)
}

/// The entities around `start`: `?distance ?neighbour`.
///
/// The fact that reaches each first is a matter of the graph's order, which RDF has not; so it is no
/// column.
///
/// # Errors
///
/// When a slot or class cannot be told from another by its IRI, or there are too many steps.
pub fn neighbors(
    graph: &KnowledgeGraph,
    start: NodeId,
    around: &Around,
) -> Result<String, Unsayable> {
    if around.depth > MOST_STEPS {
        let reason = format!("a query goes at most {MOST_STEPS} steps");
        return Err(Unsayable(reason));
    }
    let mut draft = Draft::new(graph);
    let slots = draft.slot_iris(&around.slots)?;
    let first = draft.entity(start);
    let mut reached = String::new();
    let mut distances = Vec::new();
    for depth in 1..=around.depth {
        let step = step(&mut draft, depth, &first, around.direction, &slots);
        reached = if depth == 1 {
            step
        } else {
            let before = select(&format!("DISTINCT ?n{}", depth - 1), &reached);
            format!("{{\n{}}}\n{step}", indented(&before, 2))
        };
        let reached = select(
            &format!("DISTINCT (?n{depth} AS ?neighbour) ({depth} AS ?steps)"),
            &reached,
        );
        distances.push(format!("{{\n{}}}\n", indented(&reached, 2)));
    }
    if distances.is_empty() {
        distances.push("FILTER(false)\n".to_owned());
    }
    let mut pattern = union(&distances);
    pattern += &format!("FILTER(?neighbour != {first})\n");
    pattern += &draft.is_of("?neighbour", &around.classes)?;
    let query = select("(MIN(?steps) AS ?distance) ?neighbour", &pattern)
        + "GROUP BY ?neighbour\nORDER BY ?distance ?neighbour\n";
    let asks = format!(
        "Entities{} around {}, and how many steps away",
        draft.classes_named(&around.classes),
        draft.named(start)
    );
    Ok(draft.finish(&asks, &query))
}

/// One step in `direction`, to `?nN` from the one before, which is `first` at the beginning.
fn step(
    draft: &mut Draft<'_>,
    number: usize,
    first: &str,
    direction: Direction,
    slots: &[String],
) -> String {
    let from = match number {
        1 => first.to_owned(),
        _ => format!("?n{}", number - 1),
    };
    let to = format!("?n{number}");
    let slot = match slots {
        [only] => draft.iri(only),
        _ => format!("?slot{number}"),
    };
    let fact = format!("?fact{number}");
    let mut ways = Vec::new();
    if direction != Direction::In {
        ways.push(draft.fact(&fact, &from, &slot, &to));
    }
    if direction != Direction::Out {
        ways.push(draft.fact(&fact, &to, &slot, &from));
    }
    let mut pattern = union(&ways);
    if slots.len() > 1 {
        pattern += &draft.is_slot(&slot, slots);
    }
    if direction != Direction::In {
        pattern += &draft.is_entity(&to);
    }
    pattern
}
