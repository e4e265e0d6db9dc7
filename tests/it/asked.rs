//! `--sparql`: the query gives the rows of the answer.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Sandbox, ask, ask_json, in_repository};

/// A row: what is bound in each column, by its last part for a status, else in full.
type Row = Vec<String>;

/// The rows that the printed query gives on the exported Turtle.
fn rows(arguments: &[&str], columns: &[&str]) -> BTreeSet<Row> {
    let mut all = arguments.to_vec();
    all.push("--sparql");
    let query = ask(&all).expect(0).stdout();
    let sandbox = Sandbox::new();
    sandbox.write("query.rq", &query);
    let turtle = in_repository("out/chengyu.ttl");
    let graph = ["--graph", turtle.to_str().unwrap()];
    let run = sandbox.run(
        &[
            &["query", "--file", "query.rq", "--format", "json"][..],
            &graph,
        ]
        .concat(),
    );
    let json: Value = serde_json::from_str(&run.expect(0).stdout()).unwrap();
    let bindings = json["results"]["bindings"].as_array().unwrap().iter();
    let cell = |row: &Value, name: &&str| row[*name]["value"].as_str().unwrap_or("").to_owned();
    bindings
        .map(|row| columns.iter().map(|name| cell(row, name)).collect())
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

/// A fact of the answer; a literal only by what it is not an entity for.
fn object(fact: &Value) -> String {
    text(&fact["object"]["iri"])
}

#[test]
fn lists_are_the_same() {
    for arguments in [
        &["list", "Agreement"][..],
        &["list", "Document"],
        &[
            "list",
            "协议",
            "--where",
            "签署方=cq-drc",
            "--where",
            "签署方=cd-drc",
        ],
        &["list", "会议", "--where", "start_date=2024-11"],
        &["list", "Provision", "--where", "deadline"],
        &["list", "Attendance", "--where", "attendance_kind=主持"],
        &["list", "Observation", "--where", "value=50项"],
        &["list", "Provision", "--where", "has_part"],
    ] {
        let answer = ask_json(arguments);
        let items = answer.as_array().unwrap().iter();
        let said: BTreeSet<Row> = items.map(|it| vec![text(&it["entity"]["iri"])]).collect();
        assert_eq!(rows(arguments, &["name"]), said, "{arguments:?}");
    }
}

#[test]
fn what_lies_around_is_the_same() {
    for arguments in [
        &["neighbors", "jinfeng-laboratory"][..],
        &["neighbors", "cd-drc", "--direction", "in"],
        &[
            "neighbors",
            "finance-plan",
            "--direction",
            "out",
            "--depth",
            "2",
        ],
        &[
            "neighbors",
            "cd-ip-administration",
            "--slot",
            "signatory",
            "--depth",
            "2",
            "--class",
            "Organization",
        ],
        &[
            "neighbors",
            "credit-agreement",
            "--depth",
            "3",
            "--slot",
            "has_part",
            "--slot",
            "establishes",
        ],
    ] {
        let answer = ask_json(arguments);
        let items = answer.as_array().unwrap().iter();
        let said: BTreeSet<Row> = items
            .map(|it| vec![it["distance"].to_string(), text(&it["entity"]["iri"])])
            .collect();
        assert_eq!(
            rows(arguments, &["distance", "neighbour"]),
            said,
            "{arguments:?}"
        );
    }
}

#[test]
fn facts_of_an_entity_are_the_same_planned_ones_too() {
    let mut is_planned_found = false;
    for slug in [
        "jinfeng-laboratory",
        "lab-agreement",
        "finance-plan",
        "list-count",
        "credit-claim-first",
    ] {
        let arguments = ["show", slug];
        let answer = ask_json(&arguments);
        let facts = ["facts", "facts_about"]
            .map(|it| answer[it].as_array().unwrap().clone())
            .concat();
        let said: BTreeSet<Row> = facts
            .iter()
            .filter(|it| !it["object"].is_null())
            .map(|it| {
                [&it["subject"]["iri"], &it["slot"]["iri"]]
                    .map(text)
                    .into_iter()
                    .chain([object(it), text(&it["status"])])
                    .collect()
            })
            .collect();
        let found = rows(&arguments, &["subject", "slot", "value", "status"]);
        is_planned_found |= found.iter().any(|row| row[3] == "planned");
        assert!(said.is_subset(&found), "{slug}");
        assert_eq!(found.len(), facts.len(), "{slug}");
    }
    assert!(is_planned_found);
}

#[test]
fn what_has_no_query_is_refused() {
    for arguments in [
        &["stats", "--sparql"][..],
        &["list", "Agreement", "--sparql", "--limit", "1"],
    ] {
        ask(arguments).expect(2);
    }
}
