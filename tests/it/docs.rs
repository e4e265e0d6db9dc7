//! The documents are true: their commands are run, and their output is what they show.
//!
//! In a `console` block each line that begins with `$ ` is run, and what stands below it is its output,
//! standard output before standard error; `...` stands for any lines, `? 1` at the end for an exit code
//! that is not 0. A block with `file=NAME` in its first line is written to that file. All blocks of one
//! document run in one folder, in which `data` is the repository's.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use tupu::diagnostic::Code;

use crate::support::{Sandbox, assert_golden, in_repository};

#[test]
fn every_command_in_the_documents_gives_what_they_show() {
    let mut run = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let (found, commands) = run_document(&text);
        assert_golden(&document, &found);
        run += commands;
    }
    assert!(run >= 10, "only {run} commands were found");
}

#[test]
fn every_error_code_is_explained_in_order() {
    let text = fs::read_to_string(in_repository("docs/errors.md")).unwrap();
    let sections: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(sections, codes);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut links = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = document.parent().unwrap().join(target);
            assert!(
                path.exists(),
                "{}: {target} does not exist",
                document.display()
            );
            links += 1;
        }
    }
    assert!(links > 5);
}

#[test]
fn the_turtle_that_documents_show_stands_in_the_output() {
    let turtle = fs::read_to_string(in_repository("out/chengyu.ttl")).unwrap();
    let written: BTreeSet<&str> = turtle.lines().collect();
    let mut shown = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for block in text.split("```turtle\n").skip(1) {
            let block = block.split("```").next().unwrap();
            for line in block
                .lines()
                .filter(|line| !line.is_empty() && *line != "…")
            {
                assert!(written.contains(line), "{}: {line}", document.display());
                shown += 1;
            }
        }
    }
    assert!(shown > 20);
}

fn documents() -> Vec<PathBuf> {
    let mut documents = vec![
        in_repository("README.md"),
        in_repository("ARCHITECTURE.md"),
        in_repository("CHANGELOG.md"),
    ];
    for entry in fs::read_dir(in_repository("docs")).unwrap() {
        documents.push(entry.unwrap().path());
    }
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents.sort();
    documents
}

/// The document with the output that its commands give now, and how many it has.
fn run_document(text: &str) -> (String, usize) {
    let sandbox = Sandbox::new();
    let mut folder = sandbox.path("");
    #[cfg(unix)]
    std::os::unix::fs::symlink(in_repository("data"), folder.join("data")).unwrap();
    let mut found = String::new();
    let mut commands = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        found.push_str(line);
        found.push('\n');
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 || info.is_empty() {
            continue;
        }
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        if let Some(name) = info.split("file=").nth(1) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{}\n", body.join("\n"))).unwrap();
        }
        if info == "console" {
            for (command, shown) in split_commands(&body) {
                found.push_str(&format!("$ {command}\n"));
                found.push_str(&run(&sandbox, &mut folder, command, &shown));
                commands += 1;
            }
        } else {
            for line in body {
                found.push_str(line);
                found.push('\n');
            }
        }
        found.push_str(fence);
        found.push('\n');
    }
    (found, commands)
}

/// Commands with the lines shown below them.
fn split_commands<'t>(body: &[&'t str]) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in body {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, shown))) => shown.push(line),
            (None, None) => panic!("output before the first command: {line}"),
        }
    }
    commands
}

/// Runs one command; gives what is shown where that still fits, else what there is now.
fn run(sandbox: &Sandbox, folder: &mut PathBuf, command: &str, shown: &[&str]) -> String {
    let words = words(command);
    let (program, arguments) = words.split_first().unwrap();
    if program == "cd" {
        *folder = folder.join(&arguments[0]);
        return String::new();
    }
    assert_eq!(program, "tupu", "documents run tupu and cd only: {command}");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = sandbox
        .command(&arguments)
        .current_dir(&*folder)
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    match output.status.code().unwrap() {
        0 => {}
        code => text.push_str(&format!("? {code}\n")),
    }
    let now: Vec<&str> = text.lines().map(str::trim_end).collect();
    let lines = if fits(shown, &now) {
        shown.to_vec()
    } else {
        now
    };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Whether `shown` is `now`, where `...` stands for any lines.
fn fits(shown: &[&str], now: &[&str]) -> bool {
    match shown.split_first() {
        None => now.is_empty(),
        Some((&"...", rest)) => (0..=now.len()).any(|at| fits(rest, &now[at..])),
        Some((line, rest)) => now.first() == Some(line) && fits(rest, &now[1..]),
    }
}

/// Splits a command line at blanks outside of quotation marks.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.push(String::new()),
            (c, _) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
