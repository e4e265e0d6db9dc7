//! `tupu shell` without a terminal: questions of a script.

use std::io::Write as _;
use std::process::Stdio;

use crate::support::{Run, Sandbox, ask, in_repository};

/// What a script on standard input gives.
fn piped(script: &str) -> Run {
    let sandbox = Sandbox::new();
    let project = in_repository("data");
    let mut child = sandbox
        .command(&["shell", "--project", project.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(script.as_bytes()).unwrap();
    drop(input);
    Run::of(child.wait_with_output().unwrap())
}

#[test]
fn a_script_is_answered_as_the_commands_are() {
    let script = "\
# who signed it
neighbors lab-agreement --slot signatory
tupu show '两实验室合作协议签署' --lang en

SELECT ?body
WHERE { cy:lab-agreement cyo:signatory ?body }
ORDER BY ?body
path cq-drc cd-drc --limit 1
";
    let run = piped(script).expect(0);
    let expected = [
        ask(&["neighbors", "lab-agreement", "--slot", "signatory"]),
        ask(&["show", "两实验室合作协议签署", "--lang", "en"]),
        ask(&[
            "query",
            "SELECT ?body { cy:lab-agreement cyo:signatory ?body } ORDER BY ?body",
        ]),
        ask(&["path", "cq-drc", "cd-drc", "--limit", "1"]),
    ];
    let expected: String = expected.iter().map(Run::stdout).collect();
    assert_eq!(run.stdout(), expected);
    // What is left out is said, nothing else.
    assert_eq!(run.stderr().lines().count(), 1, "{}", run.stderr());
}

#[test]
fn settings_hold_for_what_follows_and_give_way_to_options() {
    let run = piped(
        ".format csv\n.lang en\n.limit 1\nlist Agreement\nlist Agreement --format ndjson\n\
         SELECT ?a { ?a a cyo:Agreement } ORDER BY ?a\n.limit off\nlist Region -f tsv\n\
         list Agreement --sparql\nCONSTRUCT { ?a a cyo:Agreement } { ?a a cyo:Agreement }\n.quit\nnonsense\n",
    )
    .expect(0);
    let shown = run.stdout();
    assert!(
        shown.starts_with("name,name_id,class,class_id\r\n"),
        "{shown}"
    );
    assert!(shown.contains("\n{\"entity\":{\"id\":\"bid-agreement\""));
    assert!(shown.contains("a\r\nhttps://w3id.org/tupu/chengyu/bid-agreement\r\n"));
    let regions = shown.split("name\tname_id").nth(1).unwrap();
    assert!(regions.lines().filter(|it| it.contains('\t')).count() > 5);
    assert!(shown.contains("SELECT DISTINCT ?name"));
    assert!(
        shown.contains("\ncy:lab-agreement a cyo:Agreement .\n"),
        "{shown}"
    );
}

#[test]
fn a_script_ends_at_what_cannot_run_and_says_where() {
    for (script, said) in [
        (
            "stats\n\nshow 成都市 --formt json\nstats\n",
            "standard input:3: could not run",
        ),
        (
            "show '成都市\n",
            "error: standard input:1: a quotation mark",
        ),
        (".formt csv\n", "did you mean `.format`?"),
        (".format xls\n", "it is one of table, json"),
        (".limit 0\n", "`0` is no number of rows"),
        (".lang zz\n", "the graph has no language `zz`"),
        (".limit\n", "write .limit N"),
        ("export\n", "outside of the session it is `tupu export`"),
        ("shwo 成都市\n", "similar subcommand exists: 'show'"),
        ("\nSELECT ?s {\n  ?s a no:City }\nstats\n", "query:3:8"),
        ("ASK { ?s ?p\n\nstats\n", "query:1:5"),
        ("list Agrement\n", "standard input:1: there is no class"),
        ("\u{1b}[2J\n", "standard input:1: could not run"),
    ] {
        let run = piped(script).expect(2);
        assert!(run.stderr().contains(said), "{script}: {}", run.stderr());
        assert!(
            run.stdout().matches("total").count() <= 6,
            "{}",
            run.stdout()
        );
    }
}

#[test]
fn what_is_not_found_does_not_end_a_script() {
    let run = piped("show 没有这样的东西\nASK { ?s a cyo:Nothing }\nsearch 金凤\n").expect(1);
    let said = run.stderr();
    assert!(said.contains("standard input:1: nothing found"), "{said}");
    assert!(said.contains("standard input:2: nothing found"), "{said}");
    assert!(run.stdout().contains("jinfeng-laboratory"));
}

#[test]
fn questions_come_from_a_file_or_the_command_line_too() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write(
        "questions.txt",
        "\u{FEFF}list City\r\n\r\nASK { ?s ?p ?o }\r\n",
    );
    let from_file = sandbox.run(&["shell", "questions.txt"]).expect(0);
    let typed = sandbox
        .run(&["shell", "-c", "list City", "-c", "ASK { ?s ?p ?o }"])
        .expect(0);
    assert_eq!(from_file.stdout(), typed.stdout());
    assert!(typed.stdout().ends_with("true\n"));
    sandbox.run(&["shell", "missing.txt"]).expect(2);
    sandbox
        .run(&["shell", "questions.txt", "-c", "stats"])
        .expect(2);
    sandbox.run(&["shell", "--project", "nowhere"]).expect(2);
    // Nothing is remembered of a script.
    assert!(!sandbox.path(".local").exists());
}

#[test]
fn help_is_no_error() {
    let run = piped(".help\nshow --help\nhelp\n.prefixes\n.queries\n").expect(0);
    for word in ["neighbors", ".limit", "Examples:", "cyo:", "signatories"] {
        assert!(run.stdout().contains(word), "{word}");
    }
    assert_eq!(run.stderr(), "");
}
