//! `tupu path`, held to trying every way, and to the page.

use proptest::prelude::*;
use serde_json::Value;

use tupu::model::{KnowledgeGraph, NodeId};
use tupu::query::{Extent, PathQuery, Step, paths};
use tupu::rdf::RdfFormat;

use crate::support::{ask, ask_json, graph_from_rdf};

/// A graph with an edge for each pair.
fn graph(edges: &[(u8, u8)]) -> KnowledgeGraph {
    let triples: String = edges
        .iter()
        .map(|(from, to)| {
            format!("<https://n.example/{from}> <https://n.example/p> <https://n.example/{to}> .\n")
        })
        .collect();
    graph_from_rdf(triples.as_bytes(), RdfFormat::NTriples)
}

/// Every way that comes to no entity twice, by trying.
fn every_way(graph: &KnowledgeGraph, from: NodeId, to: NodeId) -> Vec<Vec<NodeId>> {
    fn go(graph: &KnowledgeGraph, to: NodeId, way: &mut Vec<NodeId>, all: &mut Vec<Vec<NodeId>>) {
        let here = way[way.len() - 1];
        if here == to {
            all.push(way.clone());
            return;
        }
        let out = graph.edges_out(here).map(|edge| edge.target);
        let back = graph.edges_in(here).map(|edge| edge.source);
        for next in out.chain(back) {
            if !way.contains(&next) {
                way.push(next);
                go(graph, to, way, all);
                way.pop();
            }
        }
    }
    let mut all = Vec::new();
    go(graph, to, &mut vec![from], &mut all);
    all.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    all
}

fn stops(from: NodeId, path: &[Step]) -> Vec<NodeId> {
    let steps = path.iter().map(|step| step.to);
    std::iter::once(from).chain(steps).collect()
}

fn found(graph: &KnowledgeGraph, query: &PathQuery) -> Vec<Vec<NodeId>> {
    let found = paths(graph, query);
    assert!(!found.is_cut_off);
    let ways = found.paths.iter().map(|path| stops(query.from, path));
    let mut ways: Vec<Vec<NodeId>> = ways.collect();
    ways.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    ways
}

fn cost(graph: &KnowledgeGraph, way: &[NodeId]) -> u32 {
    let (last, before) = way[1..].split_last().unwrap();
    assert!(!before.contains(last));
    let costs = before.iter().map(|it| 1 + graph.degree(*it).ilog2());
    costs.sum::<u32>() + 1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn paths_are_those_that_trying_finds(edges in prop::collection::vec((0u8..7, 0u8..7), 1..14)) {
        let graph = graph(&edges);
        let (from, to) = (NodeId(0), NodeId(u32::try_from(graph.node_count()).unwrap() - 1));
        prop_assume!(from != to);
        let all = every_way(&graph, from, to);
        let query = PathQuery::new(from, to);
        let shortest = all.iter().filter(|way| way.len() == all[0].len());
        prop_assert_eq!(found(&graph, &query), shortest.cloned().collect::<Vec<_>>());

        let up_to = PathQuery { extent: Extent::UpTo(3), ..query.clone() };
        let short = all.iter().filter(|way| way.len() <= 4);
        prop_assert_eq!(found(&graph, &up_to), short.cloned().collect::<Vec<_>>());

        let best = PathQuery { extent: Extent::Best(4), ..query.clone() };
        let lengths = |ways: &[Vec<NodeId>]| ways.iter().map(Vec::len).collect::<Vec<_>>();
        prop_assert_eq!(lengths(&found(&graph, &best)), lengths(&all[..all.len().min(4)]));

        let avoid = NodeId(1);
        if avoid != to {
            let around = PathQuery { avoid: vec![avoid], extent: Extent::UpTo(9), ..query.clone() };
            let without = all.iter().filter(|way| !way.contains(&avoid));
            prop_assert_eq!(found(&graph, &around), without.cloned().collect::<Vec<_>>());

            let through = PathQuery { via: Some(avoid), extent: Extent::UpTo(9), ..query.clone() };
            let with = all.iter().filter(|way| way.contains(&avoid));
            prop_assert_eq!(found(&graph, &through), with.cloned().collect::<Vec<_>>());
        }

        let light = PathQuery { avoids_hubs: true, ..query };
        let costs: Vec<u32> = all.iter().map(|way| cost(&graph, way)).collect();
        let least = costs.iter().min();
        let cheapest: Vec<_> = all.iter().zip(&costs).filter(|(_, it)| Some(*it) == least).map(|(way, _)| way.clone()).collect();
        prop_assert_eq!(found(&graph, &light), cheapest);
    }
}

#[test]
fn a_long_chain_is_no_trouble() {
    let chain: String = (0..30_000)
        .map(|at| {
            format!(
                "<https://n.example/{at}> <https://n.example/p> <https://n.example/{}> .\n",
                at + 1
            )
        })
        .collect();
    let graph = graph_from_rdf(chain.as_bytes(), RdfFormat::NTriples);
    let node = |slug: &str| graph.node(slug).unwrap();
    let found = paths(&graph, &PathQuery::new(node("0"), node("30000")));
    assert_eq!(found.paths[0].len(), 30_000);
    let best = PathQuery {
        extent: Extent::Best(2),
        ..PathQuery::new(node("0"), node("30000"))
    };
    assert_eq!(paths(&graph, &best).paths.len(), 1);
}

#[test]
fn a_dense_graph_gives_an_answer_and_says_that_there_is_more() {
    let edges: Vec<(u8, u8)> = (0..40).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let graph = graph(&edges);
    let query = PathQuery {
        extent: Extent::UpTo(8),
        ..PathQuery::new(NodeId(0), NodeId(39))
    };
    let found = paths(&graph, &query);
    assert!(found.is_cut_off);
    assert_eq!(found.paths[0].len(), 1);
}

/// Labels of the stops of each path.
fn ways(arguments: &[&str]) -> Vec<Vec<String>> {
    let json = ask_json(arguments);
    let id = |entity: &Value| entity["id"].as_str().unwrap().to_owned();
    let way = |path: &Value| {
        let steps = path["steps"].as_array().unwrap();
        let to = steps.iter().map(|step| id(&step["to"]));
        steps
            .first()
            .map(|step| id(&step["from"]))
            .into_iter()
            .chain(to)
            .collect()
    };
    json.as_array().unwrap().iter().map(way).collect()
}

#[test]
fn via_and_avoid_are_kept_to() {
    let all = ways(&["path", "cq-drc", "cd-drc", "--limit", "99"]);
    assert!(all.iter().any(|way| way[1] == "bid-agreement"));
    let without = ways(&[
        "path",
        "cq-drc",
        "cd-drc",
        "--limit",
        "99",
        "--avoid",
        "bid-agreement",
    ]);
    assert_eq!(without.len(), all.len() - 1);
    let via = ways(&["path", "cq-drc", "cd-drc", "--via", "dual-core-meeting-3"]);
    assert!(!via.is_empty());
    assert!(
        via.iter()
            .all(|way| way.contains(&"dual-core-meeting-3".to_owned()))
    );
    let three = ways(&["path", "cq-drc", "cd-drc", "--all", "--max-length", "3"]);
    assert!(three.len() > all.len());
    assert_eq!(ways(&["path", "cq-drc", "cd-drc", "--k", "9"]).len(), 9);
}

#[test]
fn each_step_is_said_in_the_direction_of_its_fact() {
    let run = ask(&["path", "cq-drc", "cd-drc", "--limit", "1", "--lang", "en"]).expect(0);
    let text = run.stdout();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("Chongqing Municipal Development and Reform Commission → "),
        "{text}"
    );
    assert!(
        lines[1].contains(" ─ signatory → Chongqing Municipal Development and Reform Commission"),
        "{text}"
    );
    assert!(
        lines[2].contains(" ─ signatory → Chengdu Municipal Development and Reform Commission"),
        "{text}"
    );
    assert!(run.stderr().contains("left out"), "{}", run.stderr());
}

#[test]
fn what_lies_apart_is_said_to() {
    let sandbox = crate::support::Sandbox::new();
    let file = "<https://n.example/a> <https://n.example/p> <https://n.example/b> .
<https://n.example/c> <https://n.example/p> <https://n.example/d> .
";
    sandbox.write("apart.nt", file);
    let run = sandbox
        .run(&["path", "a", "c", "--graph", "apart.nt"])
        .expect(1);
    assert!(
        run.stderr().contains("different components"),
        "{}",
        run.stderr()
    );
    let run = sandbox
        .run(&["path", "a", "b", "--avoid", "b", "--graph", "apart.nt"])
        .expect(1);
    assert!(run.stderr().contains("of 1 step"), "{}", run.stderr());
}
