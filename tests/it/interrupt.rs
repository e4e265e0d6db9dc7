//! Signals in the middle: nothing is left but what was there.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Sandbox;

/// Names of what is in the sandbox, and how many of them are temporary.
fn names(sandbox: &Sandbox) -> (Vec<String>, usize) {
    let entries = fs::read_dir(sandbox.path("")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let temporary = names.iter().filter(|name| name.starts_with(".tupu-"));
    let count = temporary.count();
    (names, count)
}

/// Starts the program, which reads standard input, and sends it a signal once it has begun to write.
#[track_caller]
fn interrupted(arguments: &[&str], input: &str, temporary: usize, signal: (&str, i32)) {
    let sandbox = Sandbox::new();
    sandbox.write("out", "as it was\n");
    let mut command = sandbox.command(arguments);
    let mut child = command
        .env("TMPDIR", sandbox.path(""))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    let start = Instant::now();
    while names(&sandbox).1 < temporary {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            names(&sandbox)
        );
        thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal.0, &id]).status();
    assert!(sent.unwrap().success());
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(signal.1), "{status}");
    drop(stdin);
    assert_eq!(names(&sandbox).0, ["out"]);
    assert_eq!(
        fs::read_to_string(sandbox.path("out")).unwrap(),
        "as it was\n"
    );
}

const INT: (&str, i32) = ("INT", 2);
const TERM: (&str, i32) = ("TERM", 15);

#[test]
fn conversion_leaves_nothing() {
    let lines = "<urn:a> <urn:p> <urn:b> .\n";
    let convert = [
        "convert", "-", "--from", "ntriples", "--to", "turtle", "-o", "out",
    ];
    interrupted(&convert, lines, 1, INT);
    interrupted(&convert, lines, 1, TERM);
    let sort = [&convert[..], &["--sort", "--memory", "1M"]].concat();
    let many: String = (0..60_000)
        .map(|at| format!("<urn:{}> <urn:p> <urn:b> .\n", at * 7919 % 60_013))
        .collect();
    interrupted(&sort, &many, 1, TERM);
}

#[test]
fn tables_leave_nothing() {
    let rows = "id\tcategory\nEX:a\tbiolink:City\n";
    let export = |format| {
        let export = [
            "export",
            "-",
            "--prefix",
            "EX=https://kg.example/",
            "-o",
            "out",
            "--format",
        ];
        [&export[..], &[format]].concat()
    };
    interrupted(&export("ntriples"), rows, 1, INT);
    // A copy of what will be read twice.
    interrupted(&export("turtle"), rows, 1, TERM);
    let rejects = [&export("ntriples")[..], &["--rejects", "rejects"]].concat();
    interrupted(&rejects, rows, 2, TERM);
}
