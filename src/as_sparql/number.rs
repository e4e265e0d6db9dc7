//! Numbers, and what is to be reached.

use oxrdf::NamedNodeRef;

use super::Unsayable;
use super::dated::{ahead, deadline};
use super::draft::{Draft, bind_ends, ends_by, ends_from, indented, select, text, union};
use crate::model::{Date, KnowledgeGraph, NodeId, Status, Value};
use crate::schema::ClassId;
use crate::vocab::{schema, tupu};

/// Every number: `?entity ?slot ?value ?number ?unit ?comparator ?when ?status`, a row for each date
/// where there are several.
///
/// `?value` is the node of a quantity, or a plain number. With `units`, only numbers with one of them,
/// with or without the scale; with `classes`, only those of their entities.
///
/// # Errors
///
/// When a class cannot be told from another by its IRI, or the export leaves a number out since it is
/// only planned.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let query = tupu::as_sparql::numbers(&graph, &["次".to_owned()], &[]).unwrap();
/// assert!(query.contains(r#"IN ("次")"#));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn numbers(
    graph: &KnowledgeGraph,
    units: &[String],
    classes: &[ClassId],
) -> Result<String, Unsayable> {
    check_exported(graph)?;
    let mut draft = Draft::new(graph);
    let mut pattern = draft.fact("?fact", "?entity", "?slot", "?value");
    pattern += &draft.status();
    pattern += &amount(
        &mut draft,
        &[
            (schema::UNIT_TEXT, "?unit"),
            (tupu::BASE_UNIT, "?baseUnit"),
            (tupu::COMPARATOR, "?comparator"),
        ],
    );
    pattern += &draft.is_of("?entity", classes)?;
    if !units.is_empty() {
        let units: Vec<String> = units.iter().map(|it| text(it)).collect();
        let units = units.join(", ");
        pattern +=
            &format!("FILTER(COALESCE(?unit, \"\") IN ({units}) || ?baseUnit IN ({units}))\n");
    }
    pattern += &when(&mut draft)?;
    let head = "DISTINCT ?entity ?slot ?value ?number ?unit ?comparator ?when ?status";
    let query =
        select(head, &pattern) + "ORDER BY ?entity ?slot ?value COALESCE(STR(?when), \"\")\n";
    let asks = format!("The numbers{}", draft.classes_named(classes));
    Ok(draft.finish(&asks, &query))
}

/// What `?value` comes to, as `?number`, and more that a quantity has.
fn amount(draft: &mut Draft<'_>, more: &[(NamedNodeRef<'_>, &str)]) -> String {
    let mut quantity = format!(
        "?value a {} ; {} ?amount .\n",
        draft.term(schema::QUANTITATIVE_VALUE),
        draft.term(schema::VALUE)
    );
    for (property, variable) in more {
        let property = draft.term(*property);
        quantity += &format!("OPTIONAL {{ ?value {property} {variable} }}\n");
    }
    format!(
        "OPTIONAL {{\n{}}}\n\
         BIND(IF(isNumeric(?value), ?value, ?amount) AS ?number)\nFILTER(BOUND(?number))\n",
        indented(&quantity, 2)
    )
}

/// The dates of a number as `?when`: its own, else those of the observation that it belongs to.
fn when(draft: &mut Draft<'_>) -> Result<String, Unsayable> {
    let own = [tupu::BY, tupu::AS_OF, tupu::SINCE, tupu::PERIOD].map(|it| draft.term(it));
    let mut pattern = format!("OPTIONAL {{ ?value {} ?own }}\n", own.join("|"));
    let relations = draft.relations()?;
    if relations.is_empty() {
        return Ok(pattern + "BIND(?own AS ?when)\n");
    }
    let mut of_entity = draft.fact("?dated", "?entity", "?dateSlot", "?date");
    of_entity += "?entity a ?relation .\n";
    of_entity += &format!(
        "FILTER(!BOUND(?own) && {} && ?relation IN ({}))\n",
        draft.is_date("?date"),
        draft.iris(&relations, ", ")
    );
    pattern += &format!("OPTIONAL {{\n{}}}\n", indented(&of_entity, 2));
    Ok(pattern + "BIND(COALESCE(?own, ?date) AS ?when)\n")
}

/// What is to be reached: `?target ?slot ?value ?number ?unit ?due ?status`; of a deadline `?value` is
/// the date.
///
/// `due_after` and `due_before` keep what is due in that time, both included, `statuses` what has one
/// of them, `classes` what is of one of them; all where there are none.
///
/// # Errors
///
/// When a slot or class cannot be told from another by its IRI, the export leaves a number out since it
/// is only planned, or the deadline of a number is the first of several, since RDF has no order.
///
/// ```
/// # use std::path::Path;
/// use tupu::as_sparql::targets;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let query = targets(&graph, None, None, &[], &[]).unwrap();
/// assert!(query.contains("?target ?slot ?value ?number ?unit ?due ?status"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn targets(
    graph: &KnowledgeGraph,
    due_after: Option<Date>,
    due_before: Option<Date>,
    statuses: &[Status],
    classes: &[ClassId],
) -> Result<String, Unsayable> {
    check_exported(graph)?;
    check_deadlines(graph)?;
    let mut draft = Draft::new(graph);
    let number = number_to_reach(&mut draft);
    let by_entity = deadline(
        &mut draft,
        "?target",
        "?dated",
        "?dateSlot",
        "?date",
        "?dateTerm",
    )?;
    let numbers = format!(
        "{number}OPTIONAL {{ ?value {} ?unit }}\nOPTIONAL {{\n{}}}\n\
         BIND(COALESCE(?by, ?period, ?date) AS ?due)\n",
        draft.term(schema::UNIT_TEXT),
        indented(&by_entity, 2)
    );
    let mut deadlines = deadline(&mut draft, "?target", "?fact", "?slot", "?value", "?term")?;
    deadlines += "BIND(?value AS ?due)\n";
    deadlines += &format!(
        "MINUS {{\n{}}}\n",
        indented(&select("DISTINCT ?target", &number), 2)
    );
    let mut pattern = union(&[numbers, deadlines]) + &draft.bind_status();
    if due_after.is_some() || due_before.is_some() {
        pattern += &bind_ends("?due");
    }
    pattern += &due_after.map_or_else(String::new, ends_from);
    pattern += &due_before.map_or_else(String::new, ends_by);
    if !statuses.is_empty() {
        let names: Vec<String> = statuses.iter().map(|it| text(it.name())).collect();
        pattern += &format!("FILTER(?status IN ({}))\n", names.join(", "));
    }
    pattern += &draft.is_of("?target", classes)?;
    let head = "DISTINCT ?target ?slot ?value ?number ?unit ?due ?status";
    let query = select(head, &pattern) + "ORDER BY COALESCE(STR(?due), \"~\") ?target ?slot\n";
    let asks = format!("What is to be reached{}", draft.classes_named(classes));
    Ok(draft.finish(&asks, &query))
}

/// A number that is to be reached.
fn number_to_reach(draft: &mut Draft<'_>) -> String {
    let mut pattern = draft.fact("?fact", "?target", "?slot", "?value");
    pattern += &format!("OPTIONAL {{ ?fact {} ?term }}\n", draft.term(tupu::STATUS));
    pattern += &amount(draft, &[(tupu::BY, "?by"), (tupu::PERIOD, "?period")]);
    pattern += &format!("FILTER(BOUND(?by) || {})\n", ahead(draft, "?term"));
    pattern
}

/// Refuses a graph of whose quantities the export has only the IRI.
fn check_exported(graph: &KnowledgeGraph) -> Result<(), Unsayable> {
    let is_left_out = |node: &NodeId| {
        graph
            .literals(*node)
            .iter()
            .any(|it| matches!(it.value, Value::Quantity(_)) && !graph.is_plain(it.slot, it.status))
    };
    match graph.nodes().find(is_left_out) {
        None => Ok(()),
        Some(node) => Err(Unsayable(format!(
            "`{}` has a quantity that the Turtle leaves out, since it is not so yet and its slot does \
             not speak of plans",
            graph.slug(node)
        ))),
    }
}

/// Refuses a graph in which the first of an entity's deadlines is that of a number.
fn check_deadlines(graph: &KnowledgeGraph) -> Result<(), Unsayable> {
    for target in crate::query::targets(graph) {
        let Some(Value::Date(first)) = target.deadline.map(|it| &it.value) else {
            continue;
        };
        let is_other = |date: &Date| date != first;
        let mut dates = crate::query::deadlines(graph, target.node).map(|(_, date)| date);
        if target.due == Some(*first) && dates.any(|date| is_other(&date)) {
            return Err(Unsayable(format!(
                "`{}` has several deadlines, of which the first counts, and RDF has no order",
                graph.slug(target.node)
            )));
        }
    }
    Ok(())
}
