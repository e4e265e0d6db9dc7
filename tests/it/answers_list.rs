//! `tupu list`, `neighbors`, `common` and `stats`: exact answers.

use serde_json::Value;

use crate::support::{Sandbox, ask, ask_json};

/// Slugs of the entities of an answer.
fn slugs(arguments: &[&str]) -> Vec<String> {
    let json = ask_json(arguments);
    let items = json.as_array().unwrap().iter();
    items
        .filter_map(|item| item["entity"]["id"].as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_class_and_those_below_it_are_listed() {
    assert_eq!(
        slugs(&["list", "Agreement"]),
        [
            "bid-agreement",
            "credit-agreement",
            "dual-hub-agreement",
            "ip-agreement",
            "lab-agreement"
        ]
    );
    let documents = slugs(&["list", "文献"]);
    assert!(documents.contains(&"lab-agreement".to_owned()));
    assert!(documents.contains(&"page".to_owned()));
}

#[test]
fn filters_take_entities_by_any_name() {
    for name in ["成都市知识产权局", "cd-ip-administration"] {
        let signatory = format!("signatory={name}");
        assert_eq!(
            slugs(&["list", "Agreement", "--where", &signatory]),
            ["ip-agreement"]
        );
    }
    assert_eq!(
        slugs(&[
            "list",
            "协议",
            "--where",
            "签署方=重庆市发展和改革委员会",
            "--where",
            "signatory=cd-trading-centre",
        ]),
        ["bid-agreement"]
    );
}

#[test]
fn the_class_says_which_of_two_slots_a_label_means() {
    assert_eq!(
        slugs(&["list", "Signing", "--where", "签署方=金凤实验室"]),
        ["signing-lab-agreement"]
    );
    let run = ask(&["list", "City", "--where", "签署方=金凤实验室"]).expect(2);
    assert!(
        run.stderr().contains("more than one slot"),
        "{}",
        run.stderr()
    );
}

#[test]
fn filters_take_literals_by_their_kind() {
    let meetings = slugs(&["list", "Meeting", "--where", "start_date=2024-11"]);
    assert_eq!(
        meetings,
        ["cppcc-party-group-meeting", "dual-core-meeting-3"]
    );
    let chairs = slugs(&["list", "Attendance", "--where", "attendance_kind=主持"]);
    assert_eq!(
        chairs,
        slugs(&["list", "Attendance", "--where", "attendance_kind=chaired"])
    );
    assert_eq!(chairs.len(), 1);
    for size in ["5", "5个"] {
        let condition = format!("size={size}");
        assert_eq!(
            slugs(&["list", "OrganizationGroup", "--where", &condition]),
            ["five-task-forces"]
        );
    }
    for value in ["1800", "180000000000", "1800亿元"] {
        let condition = format!("value={value}");
        assert_eq!(
            slugs(&["list", "Target", "--where", &condition]),
            ["tt-target-rd-spending"]
        );
    }
    // Every part counts where the slot above is asked for.
    let with_parts = slugs(&["list", "Plan", "--where", "has_part"]);
    assert!(
        with_parts.contains(&"finance-plan".to_owned()),
        "{with_parts:?}"
    );
}

#[test]
fn columns_show_the_values_of_slots() {
    let run = ask(&[
        "list",
        "Membership",
        "--where",
        "role=秘书长",
        "--columns",
        "member,role",
        "--format",
        "tsv",
    ])
    .expect(0);
    assert_eq!(
        run.stdout(),
        "name\tname_id\tclass\tclass_id\tmember\tmember_id\trole\trole_id\n\
         杨东升任市政协秘书长\tyang-dongsheng-cppcc-secretary-general\t任职\tMembership\t\
         杨东升\tyang-dongsheng\t秘书长\tcppcc-secretary-general\n"
    );
}

#[test]
fn unknown_classes_and_slots_get_a_suggestion() {
    for (arguments, said) in [
        (vec!["list", "Agrement"], "did you mean `Agreement`"),
        (
            vec!["list", "Agreement", "--where", "signatry=x"],
            "did you mean `signatory`",
        ),
        (
            vec!["list", "Agreement", "--columns", "signatry"],
            "did you mean `signatory`",
        ),
        (
            vec!["neighbors", "成都市", "--slot", "located-inn"],
            "`located in`",
        ),
        (
            vec!["neighbors", "成都市", "--class", "Citty"],
            "did you mean `City`",
        ),
        (
            vec!["timeline", "--class", "Meting"],
            "did you mean `Meeting`",
        ),
        (
            vec!["targets", "--status", "targets"],
            "did you mean `target`",
        ),
    ] {
        let run = ask(&arguments).expect(2);
        assert_eq!(run.stdout(), "");
        assert!(
            run.stderr().contains(said),
            "{arguments:?}: {}",
            run.stderr()
        );
    }
    let run = ask(&["list", "Agreement", "--where", "signatory=丙市知识产权局"]).expect(1);
    assert!(run.stderr().contains("did you mean"), "{}", run.stderr());
    ask(&["list", "Agreement", "--where", "signatory="]).expect(2);
}

#[test]
fn strange_names_are_taken_as_names() {
    let long = "长".repeat(10_000);
    for name in ["", " ", "\u{1}\u{1b}[31m", ".*", long.as_str()] {
        for command in ["show", "neighbors"] {
            let run = ask(&[command, name]).expect(1);
            assert_eq!(run.stdout(), "");
            assert!(run.stderr().len() < 2_000, "{}", run.stderr().len());
            assert!(!run.stderr().contains('\u{1b}'), "{}", run.stderr());
        }
    }
    ask(&["list", ""]).expect(2);
    ask(&["list", long.as_str()]).expect(2);
}

#[test]
fn neighbors_by_breadth_stand_once_with_their_distance() {
    let near = ask_json(&["neighbors", "ip-agreement"]);
    let far = ask_json(&["neighbors", "ip-agreement", "--depth", "3"]);
    let distances: Vec<u64> = far
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["distance"].as_u64().unwrap())
        .collect();
    assert!(distances.is_sorted());
    assert_eq!(distances.last(), Some(&3));
    let ones = distances.iter().filter(|it| **it == 1).count();
    assert_eq!(ones, near.as_array().unwrap().len());
    let mut ids = slugs(&["neighbors", "ip-agreement", "--depth", "3"]);
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(!ids.contains(&"ip-agreement".to_owned()));
}

#[test]
fn neighbors_keep_to_slot_class_and_direction() {
    assert_eq!(
        slugs(&["neighbors", "ip-agreement", "--slot", "signatory"]),
        ["cq-ip-administration", "cd-ip-administration"]
    );
    assert_eq!(
        slugs(&[
            "neighbors",
            "cd-ip-administration",
            "--direction",
            "in",
            "--class",
            "Agreement"
        ]),
        ["ip-agreement"]
    );
    // Through the agreement to the other party.
    assert_eq!(
        slugs(&[
            "neighbors",
            "cd-ip-administration",
            "--slot",
            "signatory",
            "--depth",
            "2",
            "--class",
            "Organization"
        ]),
        ["cq-ip-administration"]
    );
    ask(&["neighbors", "cd-ip-administration", "--class", "Disease"]).expect(1);
}

#[test]
fn what_two_share_is_listed_with_its_slots() {
    let json = ask_json(&["common", "金凤实验室", "天府锦城实验室"]);
    let items = json.as_array().unwrap();
    let agreement = items
        .iter()
        .find(|it| it["entity"]["id"] == "lab-agreement")
        .unwrap();
    assert_eq!(agreement["kind"], "neighbour");
    assert_eq!(agreement["facts_of_one"][0]["slot"]["name"], "signatory");
    assert_eq!(agreement["facts_of_other"][0]["slot"]["name"], "signatory");
    let of_kind =
        |kind: &str| -> Vec<&Value> { items.iter().filter(|it| it["kind"] == kind).collect() };
    assert_eq!(of_kind("class")[0]["class"], "Laboratory");
    assert_eq!(of_kind("article")[0]["entity"]["id"], "laboratories");
}

#[test]
fn counts_are_those_of_the_graph() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&["stats", "--format", "json"]).expect(0);
    let json: Value = serde_json::from_str(&run.stdout()).unwrap();
    let counts = json.as_array().unwrap();
    let sum = |kind: &str| -> u64 {
        let of_kind = counts.iter().filter(|it| it["kind"] == kind);
        of_kind.map(|it| it["count"].as_u64().unwrap()).sum()
    };
    let total = |id: &str| {
        let found = counts
            .iter()
            .find(|it| it["kind"] == "total" && it["id"] == id);
        found.unwrap()["count"].as_u64().unwrap()
    };
    assert_eq!(sum("class"), total("entities"));
    assert_eq!(sum("slot"), total("facts"));
    assert_eq!(sum("status"), total("facts"));
    assert_eq!(sum("component of"), total("entities"));
    let of = |kind: &str, id: &str| {
        let found = counts
            .iter()
            .find(|it| it["kind"] == kind && it["id"] == id);
        found.unwrap()["count"].as_u64().unwrap()
    };
    assert_eq!(of("class", "City"), 2);
    assert_eq!(of("slot", "party"), 2);
    assert_eq!(of("status", "target"), 2);
}
