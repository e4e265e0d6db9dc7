//! `--graph FILE`: any RDF file is asked as a project is.

use serde_json::Value;

use crate::support::{Sandbox, ask_json, in_repository};

fn ask_file(file: &str, arguments: &[&str]) -> Value {
    let path = in_repository(file);
    let mut all = arguments.to_vec();
    all.extend(["--graph", path.to_str().unwrap(), "--format", "json"]);
    let run = Sandbox::new().run(&all).expect(0);
    serde_json::from_str(&run.stdout()).unwrap()
}

/// Where the facts of an answer stand, each with its status.
fn evidence(facts: &Value) -> Vec<(String, Value, Value)> {
    let facts = facts.as_array().unwrap().iter();
    let mut evidence: Vec<(String, Value, Value)> = facts
        .map(|fact| {
            let object = fact["object"]["id"].as_str().or(fact["value"].as_str());
            let key = format!("{} {}", fact["slot"]["iri"], object.unwrap());
            (key, fact["status"].clone(), fact["evidence"].clone())
        })
        .collect();
    evidence.sort_by(|a, b| a.0.cmp(&b.0));
    evidence
}

#[test]
fn the_exported_page_shows_the_same_evidence() {
    for name in [
        "金凤实验室",
        "ip-agreement",
        "passengers-a-day",
        "重庆市发展改革委",
    ] {
        let project = ask_json(&["show", name]);
        let file = ask_file("out/chengyu.ttl", &["show", name]);
        assert_eq!(file["entity"]["iri"], project["entity"]["iri"]);
        assert_eq!(
            evidence(&file["facts"]),
            evidence(&project["facts"]),
            "{name}"
        );
    }
    let through = |json: &Value, id: &str| {
        let links = json.as_array().unwrap().iter();
        let mut links = links.filter(|it| it["through"]["id"] == id);
        evidence(&links.next().unwrap()["facts"])
    };
    let names = ["why", "金凤实验室", "天府锦城实验室"];
    let (project, file) = (ask_json(&names), ask_file("out/chengyu.ttl", &names));
    assert_eq!(
        through(&file, "lab-agreement"),
        through(&project, "lab-agreement")
    );
    assert_eq!(evidence(&file[0]["facts"]), evidence(&project[0]["facts"]));
}

#[test]
fn targets_and_numbers_come_back_from_the_file() {
    for command in ["targets", "numbers"] {
        let ids = |json: &Value| -> Vec<(Value, Value)> {
            let items = json.as_array().unwrap().iter();
            let mut ids: Vec<(Value, Value)> = items
                .map(|it| (it["entity"]["id"].clone(), it["due"].clone()))
                .collect();
            ids.sort_by_key(|it| it.0.to_string());
            ids
        };
        let (project, file) = (
            ask_json(&[command]),
            ask_file("out/chengyu.ttl", &[command]),
        );
        assert_eq!(ids(&file), ids(&project), "{command}");
    }
}

#[test]
fn every_format_can_be_asked() {
    let folder = "tests/cases/good/two-cities/out";
    for file in [
        "two-cities.ttl",
        "two-cities.nt",
        "two-cities.nq",
        "graphs.trig",
        "two-cities.rdf",
        "two-cities.jsonld",
        "rdf12.ttl",
    ] {
        let json = ask_file(
            &format!("{folder}/{file}"),
            &["list", "Agreement", "--where", "party=city-a"],
        );
        assert_eq!(json[0]["entity"]["id"], "treaty-agreement", "{file}");
        assert_eq!(json.as_array().unwrap().len(), 1, "{file}");
    }
}

#[test]
fn what_is_no_graph_is_refused() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write(
        "wrong.ttl",
        "<https://n.example/a> <https://n.example/p> .\n",
    );
    let run = sandbox.run(&["stats", "--graph", "wrong.ttl"]).expect(2);
    assert!(run.stderr().contains("wrong.ttl:1:"), "{}", run.stderr());
    sandbox.run(&["stats", "--graph", "nothing.ttl"]).expect(2);
    sandbox.run(&["stats", "--graph", "data"]).expect(2);
    let run = sandbox.run(&["check", "--graph", "wrong.ttl"]).expect(2);
    assert!(run.stderr().contains("--project"), "{}", run.stderr());
    sandbox.write("empty.nt", "");
    let run = sandbox.run(&["show", "x", "--graph", "empty.nt"]).expect(1);
    assert!(run.stderr().contains("no entity"), "{}", run.stderr());
    sandbox.run(&["stats", "--graph", "empty.nt"]).expect(0);
}

#[test]
fn several_files_are_one_graph() {
    let sandbox = Sandbox::new();
    let triple = |subject: &str, object: &str| {
        format!("<https://n.example/{subject}> <https://n.example/p> {object} .\n")
    };
    sandbox.write(
        "a.nt",
        &(triple("a", "<https://n.example/b>") + &triple("a", "_:x")),
    );
    sandbox.write(
        "b.nt",
        &(triple("b", "<https://n.example/c>") + &triple("b", "_:x")),
    );
    let graphs = ["--graph", "a.nt", "--graph", "b.nt", "--format", "json"];
    let ask = |command: &[&str]| -> Value {
        let all: Vec<&str> = command.iter().chain(&graphs).copied().collect();
        serde_json::from_str(&sandbox.run(&all).expect(0).stdout()).unwrap()
    };
    assert_eq!(ask(&["path", "a", "c"])[0]["length"], 2);
    let stats = ask(&["stats"]);
    assert_eq!(
        stats[0]["count"], 5,
        "blank nodes of two files are two: {stats}"
    );
}
