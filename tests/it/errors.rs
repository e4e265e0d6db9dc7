//! Every error code is raised by a project of ours, and shown where it is.

use std::fs;

use tupu::diagnostic::Code;
use tupu::load::load_project;

use crate::support::{Sandbox, assert_golden, in_repository};

#[test]
fn every_code_is_raised_by_a_project_and_shown_with_its_line() {
    let root = in_repository("tests/cases/errors");
    for code in Code::ALL {
        let name = code.name();
        let case = root.join(name);
        assert!(
            case.is_dir(),
            "no project in tests/cases/errors raises `{name}`"
        );
        if matches!(code, Code::WrongSource | Code::WordsNotFound) {
            // Needs a text; `evidence.rs` raises it.
            continue;
        }
        let loaded = load_project(&case).unwrap();
        assert!(
            loaded.diagnostics.iter().any(|it| it.code == *code),
            "{name} is not raised: {:?}",
            loaded.diagnostics
        );
        assert!(!loaded.is_sound());
    }
}

#[test]
fn no_project_is_there_for_a_code_that_does_not_exist() {
    for entry in fs::read_dir(in_repository("tests/cases/errors")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(Code::ALL.iter().any(|code| code.name() == name), "{name}");
    }
}

#[test]
fn diagnostics_look_as_expected() {
    let sandbox = Sandbox::new();
    let root = in_repository("tests/cases/errors");
    for code in Code::ALL {
        let case = root.join(code.name());
        let folder = case.to_str().unwrap();
        let mut arguments = vec!["--project", folder, "check"];
        let page = case.join("page.txt");
        if page.exists() {
            arguments.extend(["--source", page.to_str().unwrap()]);
        }
        let run = sandbox.run(&arguments).expect(1);
        assert_eq!(run.stdout(), "");
        let shown = run
            .stderr()
            .replace(&format!("{folder}/"), "")
            .replace(folder, "PROJECT");
        assert!(
            shown.contains(&format!("error[{}]", code.name())),
            "{shown}"
        );
        let shown: String = shown
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect();
        assert_golden(&case.join("diagnostics.txt"), &shown);
    }
}

#[test]
fn all_faults_are_reported_in_one_run() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write(
        "data/articles/02-bad.toml",
        "article = \"treaty\"\n\
         [city-c]\n\
         is = \"City\"\n\
         zh = \"丙市\"\n\
         at = \"char=1,1\"\n\
         colour = \"red\"\n\
         twin = \"city-d\"\n\
         founded = \"2024-02-30\"\n\
         rank = \"three\"\n",
    );
    sandbox.write("data/entities/broken.toml", "[x\n");
    let run = sandbox.run(&["check"]).expect(1);
    for code in [
        "missing-name",
        "invalid-position",
        "unknown-slot",
        "unknown-reference",
        "invalid-date",
        "wrong-type",
        "invalid-toml",
    ] {
        assert!(
            run.stderr().contains(&format!("error[{code}]")),
            "{code}: {}",
            run.stderr()
        );
    }
}

#[test]
fn values_that_no_store_would_keep_are_refused_with_their_line() {
    for (file, from, to, code) in [
        (
            "project.toml",
            "two-cities/\"\nterms",
            "two-cities\"\nterms",
            "invalid-iri",
        ),
        (
            "project.toml",
            "https://kg.example/two-cities/\"\nterms",
            "https://kg.example/two cities/\"\nterms",
            "invalid-iri",
        ),
        (
            "project.toml",
            "https://kg.example/two-cities/\"\nterms",
            "https://kg.example/<{}|^`>/\"\nterms",
            "invalid-iri",
        ),
        ("project.toml", "tc = ", "schema = ", "invalid-iri"),
        ("project.toml", "tc = ", "\"t c\" = ", "invalid-iri"),
        ("project.toml", "\"en\"]", "\"en_GB\"]", "invalid-language"),
        ("schema.toml", "schema:City", "schema:a b", "invalid-iri"),
        (
            "schema.toml",
            "\"schema:City\"",
            "'https://a.example/back\\slash'",
            "invalid-iri",
        ),
        (
            "entities/cities.toml",
            "https://a.example/?q=1&r=2",
            "https://a.example/a b",
            "invalid-iri",
        ),
        (
            "entities/cities.toml",
            "number = 2.80",
            "number = 1e400",
            "invalid-number",
        ),
        (
            "entities/cities.toml",
            "number = 2.80",
            "number = nan",
            "invalid-number",
        ),
        (
            "entities/cities.toml",
            "number = 2.80",
            "number = 1234567890123456789012345678901234567890",
            "invalid-number",
        ),
        (
            "entities/cities.toml",
            "value = \"1207\"",
            "value = \"2024-13-01\"",
            "invalid-date",
        ),
        (
            "entities/cities.toml",
            "value = \"1207\"",
            "value = \"2024-02-30\"",
            "invalid-date",
        ),
        (
            "entities/cities.toml",
            "value = \"1207\"",
            "value = \"0000\"",
            "invalid-date",
        ),
        (
            "entities/cities.toml",
            "value = \"1207\"",
            "value = \"10000\"",
            "invalid-date",
        ),
        (
            "entities/cities.toml",
            "code = \"A-1\"",
            "code = \"\\uD800\"",
            "invalid-toml",
        ),
    ] {
        let sandbox = Sandbox::with_project("two-cities");
        let path = sandbox.path("data").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let run = sandbox.run(&["check"]).expect(1);
        let said = run.stderr();
        assert!(said.contains(&format!("error[{code}]")), "{to}: {said}");
        assert!(said.contains(&format!("data/{file}:")), "{to}: {said}");
    }
}

#[test]
fn a_zero_has_no_sign() {
    let sandbox = Sandbox::with_project("two-cities");
    let path = sandbox.path("data/entities/cities.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("number = 2.80", "number = -0.0", 1)).unwrap();
    let run = sandbox
        .run(&["export", "--format", "turtle", "-o", "-"])
        .expect(0);
    assert!(run.stdout().contains("schema:value 0 ;"));
}

#[test]
fn what_xml_cannot_hold_is_refused_in_xml_only() {
    let sandbox = Sandbox::with_project("two-cities");
    let path = sandbox.path("data/entities/cities.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replacen("code = \"A-1\"", "code = \"a\\u0001b\"", 1),
    )
    .unwrap();
    for file in ["x.ttl", "x.nt", "x.nq", "x.trig", "x.jsonld"] {
        sandbox.run(&["export", "-o", file]).expect(0);
    }
    let run = sandbox.run(&["export", "-o", "x.rdf"]).expect(2);
    assert!(
        run.stderr()
            .contains("RDF/XML cannot hold the character U+0001"),
        "{}",
        run.stderr()
    );
    assert!(!sandbox.path("x.rdf").exists());
}
