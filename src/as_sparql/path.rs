//! Ways from one entity to another.

use super::Unsayable;
use super::draft::{Draft, select, union};
use crate::model::KnowledgeGraph;
use crate::query::{self, Extent, PathQuery};
use crate::vocab::rdf;

/// Most steps of a way that a query goes: the number of patterns grows with their square, and the time
/// that engines take much faster.
const MOST_STEPS: usize = 8;

/// The ways that `asked` finds: `?length`, then the statement of each step and where it leads,
/// `?fact1 ?stop1 ?fact2 …`; the last leads to the goal.
///
/// The length of the shortest ways is looked for here, since SPARQL cannot; the query asks for all ways
/// of that length, and has no rows where there are none.
///
/// # Errors
///
/// What SPARQL has no words for: the best so many ways, ways that avoid hubs, the shortest ways through
/// an entity, and too many steps.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::PathQuery;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let node = |slug| graph.node(slug).unwrap();
/// let asked = PathQuery::new(node("measure-visit"), node("city-a"));
/// let query = tupu::as_sparql::path(&graph, &asked).unwrap();
/// assert!(query.contains("?length ?fact1 ?stop1 ?fact2"));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn path(graph: &KnowledgeGraph, asked: &PathQuery) -> Result<String, Unsayable> {
    let lengths = lengths(graph, asked)?;
    let most = lengths.iter().copied().max().unwrap_or(0);
    if most > MOST_STEPS {
        let reason = format!("a query goes at most {MOST_STEPS} steps, and this takes {most}");
        return Err(Unsayable(reason));
    }
    let mut draft = Draft::new(graph);
    let ways: Vec<String> = lengths
        .iter()
        .map(|it| way(&mut draft, asked, *it))
        .collect();
    let pattern = match ways.as_slice() {
        [] => "FILTER(false)\n".to_owned(),
        ways => union(ways),
    };
    let mut head = "?length".to_owned();
    for step in 1..=most {
        head += &format!(" ?fact{step}");
        if step < most {
            head += &format!(" ?stop{step}");
        }
    }
    let query = select(&head, &pattern) + "ORDER BY ?length\n";
    let asks = format!(
        "Ways from {} to {}",
        draft.named(asked.from),
        draft.named(asked.to)
    );
    Ok(draft.finish(&asks, &query))
}

/// How many steps the ways have.
fn lengths(graph: &KnowledgeGraph, asked: &PathQuery) -> Result<Vec<usize>, Unsayable> {
    let refused = |what: &str| Err(Unsayable(what.to_owned()));
    if asked.avoids_hubs {
        return refused("it has no costs, and cannot avoid hubs");
    }
    let is_avoided = asked.avoid.contains(&asked.from) || asked.avoid.contains(&asked.to);
    match asked.extent {
        Extent::Best(_) => refused("it has no order of ways, and cannot take the best"),
        _ if is_avoided => Ok(Vec::new()),
        Extent::UpTo(_) if asked.from == asked.to => Ok(vec![0]),
        Extent::UpTo(length) => Ok((1..=length).collect()),
        Extent::Shortest if asked.via.is_some() => refused(
            "it cannot look for the shortest way through an entity; all ways up to a length it can",
        ),
        Extent::Shortest => {
            let paths = query::paths(graph, asked).paths;
            Ok(paths.first().map(Vec::len).into_iter().collect())
        }
    }
}

/// Ways of so many steps that come to no entity twice.
fn way(draft: &mut Draft<'_>, asked: &PathQuery, length: usize) -> String {
    let (from, to) = (draft.entity(asked.from), draft.entity(asked.to));
    // Engines walk along these from one end; two patterns in a union they first collect.
    let either_end = format!("{}|{}", draft.term(rdf::SUBJECT), draft.term(rdf::OBJECT));
    let mut pattern = String::new();
    let mut passed = vec![from];
    for step in 1..=length {
        let before = passed.last().cloned().unwrap_or_default();
        let next = match step {
            step if step == length => to.clone(),
            step => format!("?stop{step}"),
        };
        for end in [&before, &next] {
            pattern += &format!("?fact{step} {either_end} {end} .\n");
        }
        if step < length {
            pattern += &draft.is_entity(&next);
            let mut others = passed.clone();
            others.push(to.clone());
            others.extend(asked.avoid.iter().map(|it| draft.entity(*it)));
            pattern += &format!("FILTER({next} NOT IN ({}))\n", others.join(", "));
            passed.push(next);
        }
    }
    if let Some(via) = asked.via.filter(|it| ![asked.from, asked.to].contains(it)) {
        let via = draft.entity(via);
        pattern += &match passed.get(1..) {
            Some(stops @ [_, ..]) => format!("FILTER({via} IN ({}))\n", stops.join(", ")),
            _ => "FILTER(false)\n".to_owned(),
        };
    }
    pattern + &format!("BIND({length} AS ?length)\n")
}
