//! What makes asking pleasant, and what must not break it: wrong input, long queries, closed pipes.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use crate::support::{Sandbox, ask, in_repository};

/// A query that would run for minutes.
const ENDLESS: &str = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";

/// Each command with the names that it takes replaced by `name`.
fn naming(name: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["show", name],
        vec!["search", name],
        vec!["neighbors", name],
        vec!["path", name, "cd-drc"],
        vec!["path", "cd-drc", name],
        vec!["path", "cd-drc", "cq-drc", "--via", name],
        vec!["path", "cd-drc", "cq-drc", "--avoid", name],
        vec!["common", name, "cd-drc"],
        vec!["why", "cd-drc", name],
        vec!["show", "合作协议", "--article", name],
    ]
}

#[test]
fn what_is_no_name_is_not_found_by_any_command() {
    let long = "甲".repeat(10_000);
    for name in [
        "",
        "   ",
        &long,
        "\u{1b}[31m\u{7}",
        ".*",
        "^.+$",
        "\\",
        "';--",
    ] {
        for arguments in naming(name) {
            let run = ask(&arguments).expect(1);
            assert_eq!(run.stdout(), "", "{arguments:?}");
            let said = run.stderr();
            assert!(
                !said.is_empty() && said.len() < 2_000,
                "{arguments:?}: {said}"
            );
            assert!(!said.contains(['\u{1b}', '\u{7}']), "{said:?}");
        }
    }
}

#[test]
fn an_unknown_term_is_answered_with_the_nearest() {
    for (arguments, near) in [
        (&["list", "Agrement"][..], "Agreement"),
        (
            &["list", "Agreement", "--where", "signatery=cd-drc"],
            "signatory",
        ),
        (
            &["list", "Agreement", "--columns", "signatery"],
            "signatory",
        ),
        (&["neighbors", "cd-drc", "--slot", "signatery"], "signatory"),
        (&["neighbors", "cd-drc", "--class", "Agrement"], "Agreement"),
        (&["show", "cd-drc", "--class", "Agrement"], "Agreement"),
        (&["search", "cd", "--class", "Agrement"], "Agreement"),
        (
            &["path", "cd-drc", "cq-drc", "--class", "Organisation"],
            "Organization",
        ),
        (&["targets", "--class", "Targt"], "Target"),
        (&["targets", "--status", "targt"], "target"),
        (&["timeline", "--class", "Meting"], "Meeting"),
        (&["numbers", "--class", "Observaton"], "Observation"),
        (&["stats", "--lang", "em"], "en"),
        (&["query", "targets-du"], "targets-due"),
    ] {
        let run = ask(arguments).expect(2);
        let said = run.stderr();
        assert!(said.contains(near), "{arguments:?}: {said}");
        assert_eq!(run.stdout(), "");
    }
}

#[test]
fn what_is_no_term_is_not_repeated_at_length() {
    let long = "x".repeat(10_000);
    let setting = format!("{long}=成都");
    for arguments in [
        &["list", &long][..],
        &["list", "City", "--where", &long],
        &["stats", "--lang", &long],
        &["query", &long],
        &["query", "signatories", "--set", &setting],
    ] {
        let said = ask(arguments).expect(2).stderr();
        let command = arguments[0];
        assert!(
            said.contains("xxx…`") && said.len() < 500,
            "{command}: {said}"
        );
    }
}

#[test]
fn an_entity_and_itself_are_no_pair() {
    for command in ["why", "common"] {
        let run = ask(&[command, "成都", "chengdu"]).expect(1);
        assert!(run.stderr().contains("both names mean"), "{}", run.stderr());
    }
    let run = ask(&["path", "成都", "chengdu", "--format", "json"]).expect(0);
    assert!(run.stdout().contains("\"length\": 0"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_query_at_once_and_leaves_nothing_half() {
    use std::os::unix::process::ExitStatusExt as _;
    use std::time::{Duration, Instant};

    let sandbox = Sandbox::new();
    let turtle = in_repository("out/chengyu.ttl");
    let mut child = sandbox
        .command(&["query", ENDLESS, "--graph", turtle.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
    let interrupted = Instant::now();
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.unwrap().success());
    while child.try_wait().unwrap().is_none() {
        if interrupted.elapsed() > Duration::from_secs(5) {
            child.kill().unwrap();
            panic!("Ctrl-C did not end it; is SIGINT ignored where the tests were started?");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    // As a shell expects of what Ctrl-C ends, so that a loop around it ends too.
    assert_eq!(output.status.signal(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_query_that_takes_too_long_is_given_up() {
    let run = ask(&["query", ENDLESS, "--timeout", "1"]).expect(2);
    assert!(run.stderr().contains("longer than 1 second"));
    assert_eq!(run.stdout(), "");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let project = in_repository("data");
    for question in [
        &["query", "SELECT * { ?s ?p ?o }", "--format", "csv"][..],
        &[
            "shell",
            "-c",
            "list Measure --evidence",
            "-c",
            "SELECT * { ?s ?p ?o }",
        ],
        &["stats", "--format", "ndjson"],
    ] {
        let arguments = [question, &["--project", project.to_str().unwrap()]].concat();
        let mut child = sandbox
            .command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next().is_some());
        drop(lines);
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(child.wait().unwrap().success(), "{question:?}: {said}");
        assert_eq!(said, "");
    }
}

#[test]
fn colours_are_for_terminals_only() {
    let sandbox = Sandbox::new();
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "xterm-256color")] {
        let mut command = sandbox.command(&["show", "--formt"]);
        let output = command.env(name, value).output().unwrap();
        assert!(!output.stderr.contains(&0x1b), "{name}");
    }
}
