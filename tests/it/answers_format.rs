//! Every format of the answers.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{Sandbox, ask, assert_golden, in_repository};

const FORMATS: [(&str, &str); 6] = [
    ("table", "txt"),
    ("json", "json"),
    ("ndjson", "ndjson"),
    ("csv", "csv"),
    ("tsv", "tsv"),
    ("markdown", "md"),
];

#[test]
fn neighbors_in_every_format() {
    let sandbox = Sandbox::with_project("two-cities");
    for (format, extension) in FORMATS {
        let run = sandbox
            .run(&[
                "neighbors",
                "treaty-agreement",
                "--lang",
                "both",
                "--evidence",
                "--format",
                format,
            ])
            .expect(0);
        let file = format!("tests/cases/answers/neighbors.{extension}");
        assert_golden(&in_repository(&file), &run.stdout());
    }
}

/// Commands with rows.
const COMMANDS: &[&[&str]] = &[
    &["show", "金凤实验室"],
    &["list", "Agreement"],
    &["neighbors", "金凤实验室"],
    &["path", "cq-drc", "cd-drc"],
    &["common", "cq-drc", "cd-drc"],
    &["why", "金凤实验室", "天府锦城实验室"],
    &["targets"],
    &["timeline"],
    &["numbers"],
    &["stats"],
];

fn output(command: &[&str], more: &[&str]) -> String {
    let arguments: Vec<&str> = command.iter().chain(more).copied().collect();
    ask(&arguments).expect(0).stdout()
}

#[test]
fn every_command_speaks_every_format() {
    for command in COMMANDS {
        let json: Value = serde_json::from_str(&output(command, &["-f", "json"])).unwrap();
        let lines = output(command, &["-f", "ndjson"]);
        let values: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        match json {
            Value::Array(items) => assert_eq!(items, values, "{command:?}"),
            card => {
                let count = |key: &str| card[key].as_array().unwrap().len();
                assert_eq!(values.len(), count("facts") + count("facts_about"));
            }
        }
        let csv = output(command, &["-f", "csv", "--evidence", "--lang", "both"]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let width = reader.headers().unwrap().len();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(!rows.is_empty(), "{command:?}");
        let tsv = output(command, &["-f", "tsv", "--evidence", "--lang", "both"]);
        assert_eq!(tsv.lines().count(), rows.len() + 1, "{command:?}");
        for line in tsv.lines() {
            assert_eq!(line.split('\t').count(), width, "{command:?} {line}");
        }
        let markdown = output(command, &["-f", "markdown"]);
        let is_table = |line: &&str| line.starts_with("| ") && line.ends_with(" |");
        assert!(markdown.lines().filter(is_table).count() > 2, "{markdown}");
    }
}

#[test]
fn both_languages_stand_side_by_side() {
    let run = ask(&["list", "City", "--lang", "both", "--format", "csv"]).expect(0);
    let text = run.stdout();
    assert!(
        text.starts_with("name_zh,name_en,name_id,class_zh,class_en,class_id\r\n"),
        "{text}"
    );
    assert!(
        text.contains("成都市,Chengdu,chengdu,城市,city,City\r\n"),
        "{text}"
    );
    let run = ask(&["list", "City", "--lang", "both"]).expect(0);
    assert!(
        run.stdout().contains("成都市 · Chengdu"),
        "{}",
        run.stdout()
    );
}

#[test]
fn json_is_the_same_in_every_language() {
    let enums: &[&str] = &["list", "Attendance", "--columns", "attendance_kind"];
    for command in COMMANDS.iter().chain([&enums]) {
        let in_language = |tag| output(command, &["-f", "json", "--lang", tag]);
        let chinese = in_language("zh");
        assert_eq!(chinese, in_language("en"), "{command:?}");
        assert_eq!(chinese, in_language("both"), "{command:?}");
    }
    let items: Value = serde_json::from_str(&output(enums, &["-f", "json"])).unwrap();
    let fact = &items[0]["columns"]["attendance_kind"][0];
    assert_eq!(fact["value"], "sat_in");
    assert_eq!(fact["label"]["en"], "sat in (without vote)");
}

#[test]
fn what_is_empty_in_every_row_is_left_out_for_people() {
    let command: &[&str] = &["list", "City", "--lang", "en"];
    let asked = output(command, &["--columns", "start_date", "--evidence"]);
    assert!(asked.starts_with("NAME       CLASS  SLUG       START DATE  ARTICLE"));

    let command: &[&str] = &["neighbors", "lab-agreement", "--slot", "signatory"];
    assert!(!output(command, &[]).contains("STATUS"));
    assert!(!output(command, &["-f", "markdown"]).contains("status"));
    for format in ["csv", "tsv"] {
        let shown = output(command, &["-f", format]);
        assert!(shown.lines().next().unwrap().contains("status"), "{shown}");
    }
    let some = output(&["neighbors", "金凤实验室"], &["--lang", "en"]);
    assert!(
        some.contains("STATUS") && some.contains("planned"),
        "{some}"
    );
}

#[test]
fn a_graph_without_sources_has_no_columns_for_them() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "near.ttl",
        "@prefix ex: <https://a.example/> . ex:a ex:near ex:b .",
    );
    let why = |format| {
        let run = sandbox.run(&["why", "a", "b", "--graph", "near.ttl", "-f", format]);
        run.expect(0).stdout()
    };
    assert_eq!(why("table"), "SUBJECT  SLOT  OBJECT\na        near  b\n");
    let csv = why("csv");
    assert!(
        csv.starts_with(
            "subject,subject_id,slot,slot_id,object,object_id,status,inferred,article,position\r\n"
        ),
        "{csv}"
    );
}

#[test]
fn numbers_are_said_to_people_and_given_to_programs() {
    let command: &[&str] = &["numbers", "--unit", "亿元", "--class", "Target"];
    let words = |language| output(command, &["--lang", language]);
    assert!(words("en").contains("more than    320 billion  yuan"));
    assert!(words("zh").contains("超过        3200    亿元"));
    assert!(words("both").contains("超过 · more than    3200 · 320 billion  亿元 · yuan"));
    let csv = |language| output(command, &["--lang", language, "-f", "csv"]);
    assert!(csv("en").contains(",more-than,320000000000,yuan,"));
    assert!(csv("zh").contains(",more-than,3200,亿元,"));
    let both = csv("both");
    assert!(both.contains(",comparator,number_zh,number_en,unit_zh,unit_en,when,"));
    assert!(both.contains(",more-than,3200,320000000000,亿元,yuan,"));
}

#[test]
fn units_and_statuses_are_said_in_the_language_that_is_spoken() {
    let run = ask(&["numbers", "--unit", "furlong", "--lang", "en"]).expect(1);
    assert!(
        run.stderr()
            .contains("units are %, pairs, passenger trips, yuan\n")
    );
    let run = ask(&["numbers", "--unit", "furlong"]).expect(1);
    assert!(run.stderr().contains("亿元"), "{}", run.stderr());

    let stats = |more: &[&str]| output(&["stats"], more);
    assert!(stats(&["--lang", "zh"]).contains("\nstatus        转述  "));
    assert!(stats(&["--lang", "both", "-f", "csv"]).contains("\nstatus,转述,reported,reported,11"));
    let json: Value = serde_json::from_str(&stats(&["-f", "json"])).unwrap();
    let counts = json.as_array().unwrap();
    let reported = counts.iter().find(|it| it["id"] == "reported").unwrap();
    assert_eq!(reported["label"]["zh"], "转述");
}

#[test]
fn what_is_shared_has_slots_and_directions_for_programs() {
    let command: &[&str] = &["common", "cq-drc", "cd-drc"];
    let csv = output(command, &["-f", "csv", "--lang", "both"]);
    assert!(csv.contains(",one_zh,one_en,one_id,one_direction,other_zh,"));
    assert!(csv.contains(",签署方,signatory,signatory,in,签署方,signatory,signatory,in"));
    assert!(output(command, &["--lang", "en"]).contains("  ← signatory  ← signatory\n"));
}

#[test]
fn a_card_begins_with_the_name_in_the_language_that_is_spoken() {
    for (language, title) in [
        ("en", "Chengdu · 成都市\ncity · "),
        ("zh", "成都市 · Chengdu\n城市 · "),
        ("both", "成都市 · Chengdu\n城市 · city · "),
    ] {
        let shown = output(&["show", "chengdu"], &["--lang", language]);
        assert!(shown.starts_with(title), "{shown}");
    }
}

#[test]
fn what_a_search_matched_is_said_where_it_is_not_the_name() {
    let shown = output(&["search", "jinfeng"], &["--lang", "en"]);
    let row = shown.lines().nth(1).unwrap();
    assert_eq!(row.matches("Jinfeng Laboratory").count(), 1, "{row}");
    let csv = output(&["search", "jinfeng"], &["--lang", "en", "-f", "csv"]);
    let row = csv.lines().nth(1).unwrap();
    assert_eq!(row.matches("Jinfeng Laboratory").count(), 2, "{row}");
}

#[test]
fn named_queries_are_listed_in_every_format() {
    let list = |format| output(&["query", "--list"], &["-f", format, "--lang", "en"]);
    let views: Value = serde_json::from_str(&list("json")).unwrap();
    let count = views.as_array().unwrap().len();
    assert_eq!(list("ndjson").lines().count(), count);
    assert_eq!(list("tsv").lines().count(), count + 1);
    assert_eq!(list("markdown").lines().count(), count + 2);
    let csv = list("csv");
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
    assert_eq!(rows.count(), count);
    assert!(list("table").contains("--set start=INTEGER  the first position"));
    ask(&["query", "--list", "-f", "turtle"]).expect(2);
}

#[test]
fn a_query_says_that_it_has_one_language() {
    let run = ask(&["query", "signatories", "--lang", "both"]).expect(0);
    assert_eq!(run.stderr(), "a query has one language, here `zh`\n");
    assert_eq!(run.stdout(), output(&["query", "signatories"], &[]));
}

#[test]
fn what_a_limit_leaves_out_is_said() {
    let run = ask(&["numbers", "--limit", "2", "--format", "ndjson"]).expect(0);
    assert_eq!(run.stdout().lines().count(), 2);
    let all = output(&["numbers"], &["-f", "ndjson"]).lines().count();
    let said = format!("{} more left out", all - 2);
    assert!(run.stderr().contains(&said), "{}", run.stderr());
    let run = ask(&["numbers", "--limit", "0"]).expect(2);
    assert_eq!(run.stdout(), "");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let data = in_repository("data");
    for command in COMMANDS {
        let sandbox = Sandbox::new();
        let mut child = sandbox
            .command(command)
            .args(["--project", data.to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{command:?} {output:?}");
    }
}
