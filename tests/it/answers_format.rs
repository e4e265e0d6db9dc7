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
