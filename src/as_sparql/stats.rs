//! What a graph comes to in numbers.

use super::draft::{Draft, indented, select, union};
use crate::model::KnowledgeGraph;
use crate::vocab::{prov, skos};

/// Counts over the graph: `?kind ?what ?count`. The kinds are `total`, `class`, `slot`, `status`, `hub`
/// (the `hubs` entities with most facts) and `article`; classes and slots that have one IRI are counted
/// together.
///
/// Components are not among them: SPARQL has no way to choose one entity of each.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let query = tupu::as_sparql::stats(&graph, 3);
/// assert!(query.contains("LIMIT 3\n"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn stats(graph: &KnowledgeGraph, hubs: usize) -> String {
    let mut draft = Draft::new(graph);
    let fact = draft.fact("?fact", "?subject", "?slot", "?value") + &draft.is_no_name("?slot");
    let mut counts = totals(&mut draft, &fact);
    let mut classes = draft.is_entity("?entity") + "?entity a ?what .\n";
    let all = graph.schema().class_ids();
    classes += &draft.not_above("?what", all, "?entity a ?below .\n");
    let slots = format!("{fact}BIND(?slot AS ?what)\n");
    let statuses = fact.clone() + &draft.status() + "BIND(?status AS ?what)\n";
    let mut ends = union(&[
        draft.fact("?fact", "?what", "?slot", "?value"),
        draft.fact("?fact", "?value", "?slot", "?what"),
    ]);
    ends += &(draft.is_entity("?what") + &draft.is_entity("?value"));
    let articles = fact + &draft.comes_from("?fact", "?stretch", "?what");
    for (kind, counted, pattern, limit) in [
        ("class", "?entity", classes, None),
        ("slot", "?fact", slots, None),
        ("status", "?fact", statuses, None),
        ("hub", "?fact", ends, Some(hubs)),
        ("article", "?fact", articles, None),
    ] {
        let head = format!("?what (COUNT(DISTINCT {counted}) AS ?count)");
        let mut counting = select(&head, &pattern) + "GROUP BY ?what\n";
        if let Some(limit) = limit {
            counting += &format!("ORDER BY DESC(?count) ?what\nLIMIT {limit}\n");
        }
        counts.push(format!(
            "{{\n{}}}\nBIND(\"{kind}\" AS ?kind)\n",
            indented(&counting, 2)
        ));
    }
    let query =
        select("?kind ?what ?count", &union(&counts)) + "ORDER BY ?kind DESC(?count) ?what\n";
    draft.finish("What the graph comes to in numbers", &query)
}

/// Counts of all entities and facts.
fn totals(draft: &mut Draft<'_>, fact: &str) -> Vec<String> {
    let name = draft.term(skos::PREF_LABEL);
    let entities = format!("?entity {name} ?name .\n");
    let to_entity = fact.to_owned() + &draft.is_entity("?value");
    let to_literal = format!("{fact}FILTER NOT EXISTS {{ ?value {name} [] }}\n");
    let derived = draft.term(prov::WAS_DERIVED_FROM);
    let unplaced = format!("{fact}FILTER NOT EXISTS {{ ?fact {derived} [] }}\n");
    let totals = [
        ("entities", "?entity", entities.as_str()),
        ("facts", "?fact", fact),
        ("facts between entities", "?fact", &to_entity),
        ("facts with a literal", "?fact", &to_literal),
        ("facts without a position", "?fact", &unplaced),
    ];
    totals
        .map(|(what, counted, pattern)| {
            let head = format!("(COUNT(DISTINCT {counted}) AS ?count)");
            format!(
                "{{\n{}}}\nBIND(\"total\" AS ?kind)\nBIND(\"{what}\" AS ?what)\n",
                indented(&select(&head, pattern), 2)
            )
        })
        .to_vec()
}
