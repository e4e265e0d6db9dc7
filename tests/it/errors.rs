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
