//! `--sparql`: the query gives the rows of the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use oxrdfio::{RdfFormat, RdfParser};
use serde_json::Value;
use tupu::oxrdf::Triple;

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

#[test]
fn the_profiles_give_what_the_documents_say() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let project = ["--project", data.to_str().unwrap()];
    let ask = |arguments: &[&str]| sandbox.run(&[arguments, &project].concat());
    for name in ["reified.nt", "graphs.nq", "none.nt", "rdf12.ttl"] {
        let profile = name.split('.').next().unwrap();
        ask(&["export", "-o", name, "--provenance", profile]).expect(0);
    }
    let quads = fs::read(sandbox.path("graphs.nq")).unwrap();
    let union = RdfParser::from_format(RdfFormat::NQuads).for_slice(&quads);
    let union = union.map(|quad| format!("{} .\n", Triple::from(quad.unwrap())));
    sandbox.write("union.nt", &union.collect::<String>());
    let evidence = ["query", "evidence", "--set", "subject=lab-agreement"];
    let mut queries = vec![
        ask(&[&evidence[..], &["--sparql"]].concat())
            .expect(0)
            .stdout(),
    ];
    for arguments in [
        &["show", "lab-agreement"][..],
        &["why", "金凤实验室", "天府锦城实验室"],
        &["list", "Agreement", "--where", "signatory=cd-drc"],
        &["targets"],
        &["numbers"],
    ] {
        queries.push(ask(&[arguments, &["--sparql"]].concat()).expect(0).stdout());
    }
    for query in queries {
        sandbox.write("query.rq", &query);
        let rows = |name: &str| {
            let run = sandbox.run(&[
                "query", "--file", "query.rq", "--format", "csv", "--graph", name,
            ]);
            let rows: BTreeSet<String> = run.stdout().lines().skip(1).map(str::to_owned).collect();
            assert_eq!(run.code(), i32::from(rows.is_empty()), "{query}");
            rows
        };
        let expected = rows("reified.nt");
        assert!(!expected.is_empty(), "{query}");
        assert_eq!(rows("union.nt"), expected, "{query}");
        assert!(rows("none.nt").is_empty(), "{query}");
        assert!(rows("rdf12.ttl").is_empty(), "{query}");
    }
    let run = ask(&[&evidence[..], &["--provenance", "rdf12"]].concat()).expect(1);
    assert!(
        run.stderr()
            .contains("which --provenance rdf12 does not have")
    );
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

/// Rows of `column`s, and what the answer says in their place.
#[track_caller]
fn compare(arguments: &[&str], columns: &[&str], said: impl Fn(&Value) -> Vec<Row>) {
    let answer = ask_json(arguments);
    let said: BTreeSet<Row> = answer.as_array().unwrap().iter().flat_map(said).collect();
    assert!(!said.is_empty(), "{arguments:?}");
    assert_eq!(rows(arguments, columns), said, "{arguments:?}");
}

#[test]
fn what_joins_two_is_the_same() {
    for (one, other) in [
        ("jinfeng-laboratory", "tianfu-jincheng-laboratory"),
        ("cq-drc", "cd-drc"),
        ("yang-dongsheng", "cppcc-party-group-meeting"),
    ] {
        let columns = ["through", "subject", "slot", "object", "status"];
        compare(&["why", one, other], &columns, |link| {
            let through = text(&link["through"]["iri"]);
            let facts = link["facts"].as_array().unwrap().iter();
            facts
                .map(|it| {
                    let ends = [
                        &it["subject"]["iri"],
                        &it["slot"]["iri"],
                        &it["object"]["iri"],
                    ];
                    let mut row = vec![through.clone()];
                    row.extend(ends.map(text));
                    row.push(text(&it["status"]));
                    row
                })
                .collect()
        });
    }
}

#[test]
fn what_two_share_is_the_same() {
    let loaded = tupu::load::load_project(&in_repository("data")).unwrap();
    let schema = loaded.graph.schema();
    for (one, other) in [
        ("jinfeng-laboratory", "tianfu-jincheng-laboratory"),
        ("chengdu", "chongqing"),
        ("cq-drc", "cd-trading-centre"),
    ] {
        compare(&["common", one, other], &["kind", "shared"], |thing| {
            let shared = match thing["class"].as_str() {
                Some(name) => schema.class(schema.class_named(name).unwrap()).iri.clone(),
                None => text(&thing["entity"]["iri"]),
            };
            vec![vec![text(&thing["kind"]), shared]]
        });
    }
}

#[test]
fn dates_are_the_same() {
    for arguments in [
        &["timeline"][..],
        &["timeline", "--from", "2024-11-25", "--to", "2025-12-30"],
        &["timeline", "--class", "Target"],
    ] {
        let columns = ["date", "kind", "entity", "slot", "status"];
        compare(arguments, &columns, |it| {
            let fact = &it["fact"];
            let cells = [
                &it["date"]["value"],
                &it["kind"],
                &it["entity"]["iri"],
                &fact["slot"]["iri"],
                &fact["status"],
            ];
            vec![cells.map(text).to_vec()]
        });
    }
}

#[test]
fn targets_are_the_same() {
    for arguments in [
        &["targets"][..],
        &["targets", "--due-before", "2026", "--status", "required"],
        &["targets", "--due-after", "2027-06"],
    ] {
        let columns = ["target", "slot", "number", "due", "status"];
        compare(arguments, &columns, |it| {
            let fact = if it["value"].is_null() {
                &it["deadline"]
            } else {
                &it["value"]
            };
            let cells = [
                &it["entity"]["iri"],
                &fact["slot"]["iri"],
                &fact["quantity"]["number"],
                &it["due"]["value"],
                &it["status"],
            ];
            vec![cells.map(text).to_vec()]
        });
    }
}

#[test]
fn numbers_are_the_same() {
    for arguments in [
        &["numbers"][..],
        &["numbers", "--unit", "元", "--unit", "家"],
        &["numbers", "--unit", "亿元", "--class", "Target"],
    ] {
        let columns = ["entity", "slot", "number", "unit", "when", "status"];
        compare(arguments, &columns, |it| {
            let when = it["when"].as_array().unwrap();
            let mut dates: Vec<String> = when.iter().map(|it| text(&it["value"])).collect();
            if dates.is_empty() {
                dates.push(String::new());
            }
            let row = |date: String| {
                let cells = [
                    text(&it["entity"]["iri"]),
                    text(&it["fact"]["slot"]["iri"]),
                    text(&it["number"]),
                    text(&it["unit"]),
                    date,
                    text(&it["fact"]["status"]),
                ];
                cells.to_vec()
            };
            dates.into_iter().map(row).collect()
        });
    }
}

#[test]
fn counts_are_the_same_but_for_components() {
    let loaded = tupu::load::load_project(&in_repository("data")).unwrap();
    let (graph, schema) = (&loaded.graph, loaded.graph.schema());
    let arguments = ["stats", "--hubs", "7"];
    let mut said: BTreeMap<(String, String), u64> = BTreeMap::new();
    for it in ask_json(&arguments).as_array().unwrap() {
        let (kind, id) = (text(&it["kind"]), text(&it["id"]));
        let what = match kind.as_str() {
            "component of" => continue,
            "total" if id == "components" => continue,
            "class" => schema.class(schema.class_named(&id).unwrap()).iri.clone(),
            "slot" => schema.slot(schema.slot_named(&id).unwrap()).iri.clone(),
            "hub" | "article" => graph.iri(graph.node(&id).unwrap()),
            _ => id,
        };
        // Two slots may have one IRI.
        *said.entry((kind, what)).or_default() += it["count"].as_u64().unwrap();
    }
    let said: BTreeSet<Row> = said
        .into_iter()
        .map(|((kind, what), count)| vec![kind, what, count.to_string()])
        .collect();
    assert_eq!(rows(&arguments, &["kind", "what", "count"]), said);
}

#[test]
fn ways_are_the_same() {
    for arguments in [
        &["path", "cq-drc", "cd-drc"][..],
        &["path", "finance-plan", "economic-circle-fund"],
        &["path", "cq-drc", "cq-drc"],
        &["path", "cq-drc", "cd-drc", "--avoid", "bid-agreement"],
        &["path", "cq-drc", "cd-drc", "--all", "--max-length", "3"],
        &[
            "path",
            "cq-drc",
            "cd-drc",
            "--all",
            "--max-length",
            "4",
            "--via",
            "credit-agreement",
            "--avoid",
            "chongqing",
        ],
    ] {
        // What is cut off for people is none the less found.
        let answer = ask_json(&[arguments, &["--limit", "5000"]].concat());
        let stops = |path: &Value| -> Row {
            let steps = path["steps"].as_array().unwrap();
            let mut row = vec![steps.len().to_string()];
            row.extend(steps.iter().map(|it| text(&it["to"]["iri"])));
            // Where it arrives is said with the question.
            row.truncate(row.len().max(2) - 1);
            row.resize(4, String::new());
            row
        };
        let said: BTreeSet<Row> = answer.as_array().unwrap().iter().map(stops).collect();
        let columns = ["length", "stop1", "stop2", "stop3"];
        assert_eq!(rows(arguments, &columns), said, "{arguments:?}");
    }
}

#[test]
fn what_has_no_query_is_refused() {
    for (arguments, reason) in [
        (&["search", "成都"][..], "pinyin"),
        (&["path", "cq-drc", "cd-drc", "--k", "3"], "the best"),
        (&["path", "cq-drc", "cd-drc", "--avoid-hubs"], "hubs"),
        (
            &["path", "cq-drc", "cd-drc", "--via", "chengdu"],
            "all ways up to a length",
        ),
        (
            &["path", "cq-drc", "cd-drc", "--all", "--max-length", "9"],
            "at most 8 steps",
        ),
        (&["list", "Agreement", "--limit", "1"], "--limit"),
        (&["stats", "--format", "csv"], "--format"),
    ] {
        let run = ask(&[arguments, &["--sparql"]].concat()).expect(2);
        assert!(run.stderr().contains(reason), "{}", run.stderr());
        assert_eq!(run.stdout(), "");
    }
}
