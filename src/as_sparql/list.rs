//! The entities of a class.

use super::Unsayable;
use super::draft::{Draft, begins_from, bind_ends, ends_by, indented, select, text};
use crate::model::{Date, Decimal, KnowledgeGraph};
use crate::query::{Filter, Wanted, shown};
use crate::schema::{ClassId, LiteralType, Range, SlotId};
use crate::vocab::{schema, tupu};

/// The entities of `class` and the classes below it that pass every filter: `?name`, and where there
/// are `columns`, a row for each value in one of these slots or a slot below, `?slot ?value ?status`;
/// an entity without any has one row all the same.
///
/// # Errors
///
/// When a slot or class cannot be told from another by its IRI, or slots below one take other kinds of
/// values than it.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let class = graph.schema().class_named("Agreement").unwrap();
/// let query = tupu::as_sparql::list(&graph, class, &[], &[]).unwrap();
/// assert!(query.contains("SELECT DISTINCT ?name\n"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn list(
    graph: &KnowledgeGraph,
    class: ClassId,
    filters: &[Filter],
    columns: &[SlotId],
) -> Result<String, Unsayable> {
    let mut draft = Draft::new(graph);
    let mut pattern = draft.is_of("?name", &[class])? + &draft.is_entity("?name");
    let mut asks = format!("Entities{}", draft.classes_named(&[class]));
    for (number, filter) in filters.iter().enumerate() {
        pattern += &passes(&mut draft, number + 1, filter)?;
        asks += if number == 0 { " with " } else { " and " };
        asks += &condition(graph, filter);
    }
    let mut head = "DISTINCT ?name".to_owned();
    let mut order = "ORDER BY ?name".to_owned();
    if !columns.is_empty() {
        let mut values = draft.fact("?fact", "?name", "?slot", "?value");
        let slots = draft.slot_iris(columns)?;
        values += &draft.is_slot("?slot", &slots);
        values += &draft.status();
        pattern += &format!("OPTIONAL {{\n{}}}\n", indented(&values, 2));
        head += " ?slot ?value ?status";
        order += " ?slot ?value";
    }
    let query = select(&head, &pattern) + &order;
    Ok(draft.finish(&asks, &query))
}

/// A filter in words.
fn condition(graph: &KnowledgeGraph, filter: &Filter) -> String {
    let slot = &graph.schema().slot(filter.slot).name;
    match &filter.wanted {
        Wanted::Anything => slot.clone(),
        Wanted::Entity(node) => format!("{slot} {}", graph.slug(*node)),
        Wanted::Literal(text) => format!("{slot} {}", shown(text)),
    }
}

fn passes(draft: &mut Draft<'_>, number: usize, filter: &Filter) -> Result<String, Unsayable> {
    let slots = draft.slot_iris(&[filter.slot])?;
    let slot = match slots.as_slice() {
        [only] => draft.iri(only),
        _ => format!("?slot{number}"),
    };
    let value = match filter.wanted {
        Wanted::Entity(node) => draft.entity(node),
        _ => "?wanted".to_owned(),
    };
    let mut pattern = draft.fact(&format!("?fact{number}"), "?name", &slot, &value);
    if slots.len() > 1 {
        pattern += &draft.is_slot(&slot, &slots);
    }
    if let Wanted::Literal(wanted) = &filter.wanted {
        pattern += &is_value(draft, filter.slot, wanted.trim())?;
    }
    let exists = indented(&pattern, 2);
    Ok(format!("FILTER EXISTS {{\n{exists}}}\n"))
}

/// That `?wanted` is the value that [`value_matches`](crate::query::value_matches) takes.
fn is_value(draft: &mut Draft<'_>, slot: SlotId, wanted: &str) -> Result<String, Unsayable> {
    let schema = draft.graph.schema();
    let range = &schema.slot(slot).range;
    let mut below = schema.slot_ids().filter(|it| schema.is_subslot(*it, slot));
    if below.any(|it| schema.slot(it).range != *range) {
        let name = &schema.slot(slot).name;
        let reason = format!("slots below `{name}` take other kinds of values");
        return Err(Unsayable(reason));
    }
    let never = || "FILTER(false)\n".to_owned();
    let number = Decimal::parse(wanted).ok();
    Ok(match range {
        Range::Enum(id) => {
            let values = schema.enumeration(*id).permissible_values.iter();
            let meant = values
                .filter(|it| it.name == wanted || it.label.values().any(|label| label == wanted));
            let iris: Vec<String> = meant.map(|it| it.iri.clone()).collect();
            format!("FILTER(?wanted IN ({}))\n", draft.iris(&iris, ", "))
        }
        Range::Literal(LiteralType::String | LiteralType::Text | LiteralType::Uri) => format!(
            "FILTER(LCASE(STR(?wanted)) = {})\n",
            text(&wanted.to_lowercase())
        ),
        Range::Literal(LiteralType::Integer | LiteralType::Decimal) => {
            number.map_or_else(never, |number| format!("FILTER(?wanted = {number})\n"))
        }
        Range::Literal(LiteralType::Boolean) => match wanted.to_ascii_lowercase().as_str() {
            value @ ("true" | "false") => format!("FILTER(?wanted = {value})\n"),
            _ => never(),
        },
        Range::Literal(LiteralType::Date) => match Date::parse(wanted) {
            Ok(date) => bind_ends("?wanted") + &begins_from(date) + &ends_by(date),
            Err(_) => never(),
        },
        Range::Literal(LiteralType::Quantity) => {
            let mut pattern = format!("?wanted {} ?number .\n", draft.term(schema::VALUE));
            for (term, variable) in [
                (schema::UNIT_TEXT, "?unit"),
                (tupu::ABSOLUTE_VALUE, "?absolute"),
            ] {
                let term = draft.term(term);
                pattern += &format!("OPTIONAL {{ ?wanted {term} {variable} }}\n");
            }
            let same = number.map_or_else(String::new, |number| {
                format!("?number = {number} || ?absolute = {number} || ")
            });
            pattern += &format!(
                "FILTER({same}CONCAT(STR(?number), COALESCE(?unit, \"\")) = {})\n",
                text(wanted)
            );
            pattern
        }
        Range::Any | Range::Classes(_) => never(),
    })
}
