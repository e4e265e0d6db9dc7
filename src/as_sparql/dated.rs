//! What is dated.

use std::collections::BTreeSet;

use super::Unsayable;
use super::draft::{Draft, begins_by, bind_ends, ends_from, select, union};
use crate::model::{Date, KnowledgeGraph, Status, Value};
use crate::query::DateKind;
use crate::schema::{ClassId, SlotId};
use crate::vocab::{TUPU, rdf, schema, tupu};

/// Every date: `?date ?kind ?entity ?slot ?value ?status`, where `?value` is the number that the date
/// belongs to, if it does to one.
///
/// With `from` and `to`, only dates that can lie in the time between, both included; with `classes`, only those of their entities.
///
/// # Errors
///
/// When a slot or class cannot be told from another by its IRI.
///
/// ```
/// # use std::path::Path;
/// use tupu::as_sparql::timeline;
/// use tupu::model::Date;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let query = timeline(&graph, Date::parse("2027-06").ok(), None, &[]).unwrap();
/// assert!(query.contains(r#">= "2027-06-01""#));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn timeline(
    graph: &KnowledgeGraph,
    from: Option<Date>,
    to: Option<Date>,
    classes: &[ClassId],
) -> Result<String, Unsayable> {
    let mut draft = Draft::new(graph);
    let mut of_fact = draft.fact("?fact", "?entity", "?slot", "?date");
    of_fact += &draft.status();
    let is_deadline = is_deadline(&mut draft, "?slot", "?term")?;
    // A date that a number of the entity has too is the number's.
    let by = DateKind::Deadline.name();
    of_fact += &format!(
        "FILTER({})\nBIND(IF({is_deadline}, \"{by}\", \"{}\") AS ?kind)\n\
         FILTER(?kind != \"{by}\" || NOT EXISTS {{ ?same {} ?entity ; {}/{} ?date }})\n",
        draft.is_date("?date"),
        DateKind::Event.name(),
        draft.term(rdf::SUBJECT),
        draft.term(rdf::OBJECT),
        draft.term(tupu::BY)
    );
    let mut of_number = draft.fact("?fact", "?entity", "?slot", "?value");
    let kinds = [
        (tupu::BY, DateKind::Deadline),
        (tupu::AS_OF, DateKind::AsOf),
        (tupu::SINCE, DateKind::Since),
        (tupu::PERIOD, DateKind::Period),
    ];
    let kinds = kinds.map(|(term, kind)| format!("({} \"{}\")", draft.term(term), kind.name()));
    of_number += &format!(
        "?value a {} ; ?property ?date .\nVALUES (?property ?kind) {{ {} }}\n",
        draft.term(schema::QUANTITATIVE_VALUE),
        kinds.join(" ")
    );
    of_number += &draft.status();
    let mut pattern = union(&[of_fact, of_number]);
    if from.is_some() || to.is_some() {
        pattern += &bind_ends("?date");
    }
    pattern += &from.map_or_else(String::new, ends_from);
    pattern += &to.map_or_else(String::new, begins_by);
    pattern += &draft.is_of("?entity", classes)?;
    let query = select(
        "DISTINCT ?date ?kind ?entity ?slot ?value ?status",
        &pattern,
    ) + "ORDER BY STR(?date) ?entity ?slot\n";
    let asks = format!("What is dated{}", draft.classes_named(classes));
    Ok(draft.finish(&asks, &query))
}

/// A date by which something is to be, with variables for the fact, its slot, and its status.
pub(super) fn deadline(
    draft: &mut Draft<'_>,
    entity: &str,
    fact: &str,
    slot: &str,
    date: &str,
    status: &str,
) -> Result<String, Unsayable> {
    let mut pattern = draft.fact(fact, entity, slot, date);
    pattern += &format!(
        "OPTIONAL {{ {fact} {} {status} }}\n",
        draft.term(tupu::STATUS)
    );
    let is_deadline = is_deadline(draft, slot, status)?;
    pattern += &format!("FILTER({} && {is_deadline})\n", draft.is_date(date));
    Ok(pattern)
}

/// That a date in `slot` whose fact has the term `status` is a deadline.
fn is_deadline(draft: &mut Draft<'_>, slot: &str, status: &str) -> Result<String, Unsayable> {
    let schema = draft.graph.schema();
    let literals = draft.graph.nodes().flat_map(|it| draft.graph.literals(it));
    let dates = literals.filter(|it| matches!(it.value, Value::Date(_)));
    let slots: BTreeSet<SlotId> = dates.map(|it| it.slot).collect();
    let (prospective, others): (Vec<_>, Vec<_>) = slots
        .into_iter()
        .map(|it| schema.slot(it))
        .partition(|it| it.is_prospective);
    let is_shared = |iri: &str| others.iter().any(|other| other.iri == iri);
    if let Some(shared) = prospective.iter().find(|it| is_shared(&it.iri)) {
        return Err(Unsayable(format!(
            "the slot `{}` speaks of plans, and another with its IRI does not",
            shared.name
        )));
    }
    let iris: Vec<String> = prospective.iter().map(|it| it.iri.clone()).collect();
    let ahead = ahead(draft, status);
    Ok(match iris.as_slice() {
        [] => ahead,
        iris => format!("({slot} IN ({}) || {ahead})", draft.iris(iris, ", ")),
    })
}

/// That the term of a status says that the fact is still to come.
pub(super) fn ahead(draft: &mut Draft<'_>, status: &str) -> String {
    let ahead = Status::ALL.iter().filter(|it| it.is_ahead());
    let iris: Vec<String> = ahead.map(|it| format!("{TUPU}{}", it.name())).collect();
    format!("COALESCE({status} IN ({}), false)", draft.iris(&iris, ", "))
}
