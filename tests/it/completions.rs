//! Completion as shells ask for it: the environment says who asks, the arguments what is typed.

use crate::support::{Run, Sandbox, in_repository};

/// What `shell` is told when `words` are typed, the last up to the cursor.
fn asked(sandbox: &Sandbox, shell: &str, words: &[&str]) -> Vec<String> {
    let mut command = sandbox.command(&["--", "tupu"]);
    command
        .args(words)
        .env("TUPU_COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_IFS", "\n");
    let run = Run::of(command.output().unwrap()).expect(0);
    assert_eq!(run.stderr(), "");
    run.stdout().lines().map(str::to_owned).collect()
}

/// What fish is told, without descriptions.
fn completed(words: &[&str]) -> Vec<String> {
    let project = in_repository("data");
    let mut typed = vec!["--project", project.to_str().unwrap()];
    typed.extend(words);
    let lines = asked(&Sandbox::new(), "fish", &typed);
    let values = lines.iter().map(|line| line.split('\t').next().unwrap());
    values.map(str::to_owned).collect()
}

#[test]
fn entities_are_completed_by_slug_and_by_the_names_of_every_language() {
    assert_eq!(completed(&["show", "cd-ip"]), ["cd-ip-administration"]);
    assert_eq!(completed(&["show", "成都市知"]), ["成都市知识产权局"]);
    let english = completed(&["why", "金凤实验室", "Chengdu Intell"]);
    assert_eq!(english, ["Chengdu Intellectual Property Office"]);
    // Nothing typed: each entity once.
    let all = completed(&["path", "金凤实验室", ""]);
    assert!(all.contains(&"cd-ip-administration".to_owned()));
    assert!(!all.contains(&"成都市知识产权局".to_owned()));
}

#[test]
fn values_are_completed_by_what_they_name() {
    let cases = [
        (["list", "Agree"].as_slice(), "Agreement"),
        (&["list", "协"], "协议"),
        (&["neighbors", "成都", "--class", "Agree"], "Agreement"),
        (&["neighbors", "成都", "--slot", "signat"], "signatory"),
        (&["neighbors", "成都", "--slot=signat"], "--slot=signatory"),
        (
            &["list", "City", "--columns", "located_in,signat"],
            "located_in,signatory",
        ),
        (
            &["list", "Agreement", "--where", "signatory=cd-ip"],
            "signatory=cd-ip-administration",
        ),
        (&["show", "成都", "--article", "laborator"], "laboratories"),
        (&["show", "成都", "--lang", "e"], "en"),
        (&["targets", "--status", "tar"], "target"),
        (&["draw", "agree"], "agreements"),
        (&["query", "signat"], "signatories"),
        (&["query", "--format", "nd"], "ndjson"),
        (&["sho"], "show"),
    ];
    for (typed, wanted) in cases {
        assert_eq!(completed(typed), [wanted], "{typed:?}");
    }
}

#[test]
fn no_entity_is_offered_where_none_can_stand() {
    for typed in [
        ["timeline", "--from", "cd-"].as_slice(),
        &["numbers", "--limit", "cd-"],
        &["list", "City", "--columns", "cd-"],
    ] {
        assert_eq!(completed(typed), [""; 0], "{typed:?}");
    }
}

#[test]
fn an_rdf_file_is_asked_as_typed() {
    let sandbox = Sandbox::new();
    let graph = in_repository("out/chengyu.ttl");
    let graph = format!("--graph={}", graph.to_str().unwrap());
    let found = asked(&sandbox, "fish", &["show", &graph, "成都市知"]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("成都市知识产权局\t"), "{found:?}");
}

#[test]
fn a_project_with_errors_or_none_completes_nothing_and_says_nothing() {
    let sandbox = Sandbox::new();
    assert_eq!(asked(&sandbox, "zsh", &["show", "成"]), [""; 0]);
    sandbox.write("data/project.toml", "title = ");
    assert_eq!(asked(&sandbox, "zsh", &["show", "成"]), [""; 0]);
    assert_eq!(asked(&sandbox, "elvish", &["show", "成"]), [""; 0]);
    // What needs no project is still completed.
    assert_eq!(asked(&sandbox, "elvish", &["neigh"]), ["neighbors"]);
}

#[test]
fn bash_gets_what_stands_behind_the_last_break_of_its_words_and_quoted() {
    let sandbox = Sandbox::new();
    let project = in_repository("data");
    let bash = |typed: &str, replaced: &str| {
        let line = format!("tupu --project {} {typed}", project.display());
        let mut command = sandbox.command(&["--", &line]);
        command
            .env("TUPU_COMPLETE", "bash")
            .env("TUPU_COMPLETE_REPLACED", replaced);
        Run::of(command.output().unwrap()).expect(0).stdout()
    };
    assert_eq!(
        bash("show Chengdu\\ Intell", "Chengdu\\ Intell"),
        "Chengdu\\ Intellectual\\ Property\\ Office\n"
    );
    assert_eq!(
        bash("show \"Chengdu Intell", "Chengdu Intell"),
        "Chengdu Intellectual Property Office\n"
    );
    assert_eq!(
        bash("list Agreement --where signatory=成都市知", "成都市知"),
        "成都市知识产权局\n"
    );
}

#[test]
fn power_shell_gets_names_with_blanks_in_quotes() {
    let project = in_repository("data");
    let typed = [
        "show",
        "--project",
        project.to_str().unwrap(),
        "Chengdu Intell",
    ];
    let found = asked(&Sandbox::new(), "powershell", &typed);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("'Chengdu Intellectual Property Office'\t"));
}

#[test]
fn every_shell_has_a_script_that_asks() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Sandbox::new().run(&["completions", shell]).expect(0);
        assert!(script.stdout().contains("TUPU_COMPLETE"), "{shell}");
        assert!(script.stdout().contains(shell), "{shell}");
    }
    let fault = Sandbox::new().run(&["completions", "bsh"]).expect(2);
    assert!(fault.stderr().contains("bash"), "{}", fault.stderr());
}
