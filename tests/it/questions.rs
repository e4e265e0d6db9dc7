//! `tupu show`, `neighbors`, `path` and `why`: names, answers and exit codes.

use serde_json::Value;

use crate::support::{Run, Sandbox, in_repository};

/// Asks the graph of the repository.
fn ask(arguments: &[&str]) -> Run {
    let data = in_repository("data");
    let mut all = vec!["--project", data.to_str().unwrap()];
    all.extend(arguments);
    Sandbox::new().run(&all)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout()).unwrap()
}

#[test]
fn every_kind_of_name_means_the_entity() {
    for name in [
        "金凤实验室",
        "Jinfeng Laboratory",
        "jinfeng laboratory",
        " 金凤实验室 ",
        "jinfeng-laboratory",
        "cy:jinfeng-laboratory",
        "https://w3id.org/tupu/chengyu/jinfeng-laboratory",
    ] {
        let run = ask(&["show", name, "--format", "json"]).expect(0);
        assert_eq!(json(&run)["entity"]["id"], "jinfeng-laboratory", "{name}");
    }
    let run = ask(&["show", "重庆市发展改革委", "--format", "json"]).expect(0);
    assert_eq!(
        json(&run)["entity"]["label"]["zh"],
        "重庆市发展和改革委员会"
    );
}

#[test]
fn a_short_form_that_means_several_lists_them() {
    let run = ask(&["show", "合作协议"]).expect(1);
    assert_eq!(run.stdout(), "");
    for slug in ["bid-agreement", "lab-agreement", "dual-hub-agreement"] {
        assert!(run.stderr().contains(slug), "{}", run.stderr());
    }
}

#[test]
fn an_unknown_name_says_what_could_be_meant() {
    let run = ask(&["show", "天府锦成实验室"]).expect(1);
    assert!(
        run.stderr().contains("tianfu-jincheng-laboratory"),
        "{}",
        run.stderr()
    );
    let run = ask(&["path", "金凤实验室", "xyzzy"]).expect(1);
    assert!(
        run.stderr().contains("no entity is called `xyzzy`"),
        "{}",
        run.stderr()
    );
}

#[test]
fn the_two_laboratories_are_joined_whatever_they_are_called() {
    let mut answers = Vec::new();
    for (one, other) in [
        ("金凤实验室", "天府锦城实验室"),
        ("Jinfeng Laboratory", "Tianfu Jincheng Laboratory"),
        ("jinfeng-laboratory", "tianfu-jincheng-laboratory"),
    ] {
        let run = ask(&["why", one, other, "--format", "json"]).expect(0);
        answers.push(json(&run));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);

    let links = answers[0].as_array().unwrap();
    let direct = links.iter().find(|link| link["through"].is_null()).unwrap();
    assert_eq!(direct["facts"][0]["slot"]["name"], "partner");
    assert_eq!(direct["facts"][0]["status"], "planned");
    let agreement = links
        .iter()
        .find(|link| link["through"]["id"] == "lab-agreement")
        .unwrap();
    for fact in agreement["facts"].as_array().unwrap() {
        assert_eq!(fact["slot"]["name"], "signatory");
        assert_eq!(fact["evidence"][0]["article"], "laboratories");
        assert_eq!(fact["evidence"][0]["source"], "page");
    }
}

#[test]
fn why_says_when_nothing_joins_the_two() {
    let run = ask(&["why", "成都市知识产权局", "金凤实验室"]).expect(1);
    assert_eq!(run.stdout(), "");
    assert!(run.stderr().contains("tupu path"), "{}", run.stderr());
}

#[test]
fn the_two_commissions_are_related_through_what_they_signed() {
    let run = ask(&[
        "path",
        "重庆市发展和改革委员会",
        "成都市发展和改革委员会",
        "--format",
        "json",
    ]);
    let paths = json(&run.expect(0));
    let through: Vec<&str> = paths
        .as_array()
        .unwrap()
        .iter()
        .map(|path| path["steps"][0]["to"]["id"].as_str().unwrap())
        .collect();
    assert!(through.contains(&"bid-agreement"), "{through:?}");
    assert!(through.contains(&"credit-agreement"), "{through:?}");
    let run = ask(&["path", "cq-drc", "cd-drc", "--limit", "1"]).expect(0);
    assert_eq!(
        run.stdout().matches("cq-drc").count(),
        0,
        "names, not slugs"
    );
    assert_eq!(run.stdout().lines().count(), 3, "{}", run.stdout());
}

#[test]
fn a_path_to_oneself_has_no_steps() {
    let run = ask(&["path", "cq-drc", "cq-drc", "--format", "json"]).expect(0);
    assert_eq!(json(&run)[0]["length"], 0);
}

#[test]
fn neighbors_go_in_both_directions() {
    let run = ask(&["neighbors", "重庆市知识产权局", "--format", "json"]).expect(0);
    let found = json(&run);
    let directions: Vec<(&str, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["direction"].as_str().unwrap(),
                it["entity"]["id"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        directions.contains(&("in", "ip-agreement")),
        "{directions:?}"
    );
    assert!(directions.contains(&("out", "chongqing")), "{directions:?}");
}

#[test]
fn answers_come_in_the_language_asked_for() {
    let run = ask(&["show", "bid-agreement", "--lang", "en"]).expect(0);
    let text = run.stdout();
    assert!(
        text.contains("Chongqing Municipal Development and Reform Commission"),
        "{text}"
    );
    assert!(text.contains("signatory"), "{text}");
    let run = ask(&["show", "bid-agreement", "--lang", "eng"]).expect(2);
    assert!(
        run.stderr().contains("did you mean `en`?"),
        "{}",
        run.stderr()
    );
}

#[test]
fn a_project_that_is_not_there_is_named() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["--project", "nowhere", "check"]).expect(2);
    assert!(
        run.stderr().contains("there is no folder `nowhere`"),
        "{}",
        run.stderr()
    );
    sandbox.write("file", "");
    let run = sandbox.run(&["--project", "file", "check"]).expect(2);
    assert!(
        run.stderr().contains("`file` is not a folder"),
        "{}",
        run.stderr()
    );
}
