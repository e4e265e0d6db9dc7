//! Two entities: what joins them, what they have in common.

use super::Unsayable;
use super::draft::{Draft, indented, select, union};
use crate::model::{KnowledgeGraph, NodeId};
use crate::query;
use crate::vocab::rdf;

/// The facts that join two entities, directly or through a relation between them:
/// `?through ?fact ?subject ?slot ?object ?status`.
///
/// `?fact` is the statement, whose evidence is `prov:wasDerivedFrom`.
///
/// # Errors
///
/// When a class of relations cannot be told from another by its IRI.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let query = tupu::as_sparql::why(&graph, node("city-a"), node("city-b")).unwrap();
/// assert!(query.contains("?through ?fact ?subject ?slot ?object ?status"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn why(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Result<String, Unsayable> {
    let mut draft = Draft::new(graph);
    let (first, second) = (draft.entity(one), draft.entity(other));
    let fact = draft.fact("?fact", "?subject", "?slot", "?object");
    let direct =
        format!("VALUES (?subject ?object) {{ ({first} {second}) ({second} {first}) }}\n{fact}");
    let mut through = union(&[
        format!("VALUES ?subject {{ {first} {second} }}\n{fact}BIND(?object AS ?through)\n"),
        format!("VALUES ?object {{ {first} {second} }}\n{fact}BIND(?subject AS ?through)\n"),
    ]);
    through += &format!("FILTER(?through NOT IN ({first}, {second}))\n");
    let relations = draft.relations()?;
    // Where nothing is declared a relation, everything is whose own facts lead to both.
    let are_declared = !relations.is_empty();
    for end in [&first, &second] {
        let mut ways = vec![draft.fact("?end", "?through", "?way", end)];
        if are_declared {
            ways.push(draft.fact("?end", end, "?way", "?through"));
        }
        through += &format!("FILTER EXISTS {{\n{}}}\n", indented(&union(&ways), 2));
    }
    if are_declared {
        through += &draft.is_any("?through", &relations);
    }
    let mut pattern = union(&[direct, through]);
    pattern += &draft.status();
    let query = select(
        "DISTINCT ?through ?fact ?subject ?slot ?object ?status",
        &pattern,
    ) + "ORDER BY ?through ?subject ?slot ?object\n";
    let asks = format!(
        "The facts that join {} and {}",
        draft.named(one),
        draft.named(other)
    );
    Ok(draft.finish(&asks, &query))
}

/// What two entities have in common: `?kind ?shared`, where the kind is `class`, `neighbour` or
/// `article`.
///
/// # Errors
///
/// When a class of both cannot be told from another by its IRI.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let query = tupu::as_sparql::common(&graph, node("city-a"), node("city-b")).unwrap();
/// assert!(query.contains("SELECT DISTINCT ?kind ?shared\n"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn common(graph: &KnowledgeGraph, one: NodeId, other: NodeId) -> Result<String, Unsayable> {
    let mut draft = Draft::new(graph);
    for class in query::common(graph, one, other).classes {
        draft.class_iri(class)?;
    }
    let (first, second) = (draft.entity(one), draft.entity(other));
    let mut classes = format!("{first} a ?shared .\n{second} a ?shared .\n");
    let below = format!("{first} a ?below .\n{second} a ?below .\n");
    classes += &draft.not_above(
        "?shared",
        graph.schema().ancestors(graph.class(one)),
        &below,
    );
    let mut neighbours = String::new();
    for (end, name) in [(&first, "One"), (&second, "Other")] {
        let (fact, slot) = (format!("?fact{name}"), format!("?slot{name}"));
        neighbours += &union(&[
            draft.fact(&fact, end, &slot, "?shared"),
            draft.fact(&fact, "?shared", &slot, end),
        ]);
    }
    neighbours += &format!("FILTER(?shared NOT IN ({first}, {second}))\n");
    neighbours += &draft.is_entity("?shared");
    let mut articles = String::new();
    for end in [&first, &second] {
        let (subject, object) = (draft.term(rdf::SUBJECT), draft.term(rdf::OBJECT));
        let mut of_end = format!("?fact {subject}|{object} {end} .\n");
        of_end += &draft.comes_from("?fact", "?stretch", "?shared");
        let of_end = select("DISTINCT ?shared", &of_end);
        articles += &format!("{{\n{}}}\n", indented(&of_end, 2));
    }
    let kinds = [
        ("class", classes),
        ("neighbour", neighbours),
        ("article", articles),
    ];
    let pattern = union(&kinds.map(|(kind, it)| format!("{it}BIND(\"{kind}\" AS ?kind)\n")));
    let query = select("DISTINCT ?kind ?shared", &pattern) + "ORDER BY ?kind ?shared\n";
    let asks = format!(
        "What {} and {} have in common",
        draft.named(one),
        draft.named(other)
    );
    Ok(draft.finish(&asks, &query))
}
