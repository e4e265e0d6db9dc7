//! Manual pages.

use std::collections::BTreeMap;
use std::fs;

use crate::support::Sandbox;

fn pages(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, String> {
    sandbox.run(&["man", folder]).expect(0);
    let files = fs::read_dir(sandbox.path(folder)).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn every_command_has_a_page_the_same_each_time() {
    let sandbox = Sandbox::new();
    let pages = pages(&sandbox, "one/man1");
    assert_eq!(pages, self::pages(&sandbox, "other"));
    let help = sandbox.run(&["--help"]).expect(0).stdout();
    let commands = help.split("Commands:").nth(1).unwrap();
    let commands = commands.split("Options:").next().unwrap().lines();
    let names: Vec<&str> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert!(names.len() > 20);
    for name in names {
        let page = &pages[&format!("tupu-{name}.1")];
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
        assert!(page.contains("Examples:") || page.contains(".SH EXAMPLES"));
        assert!(
            page.contains(&format!(".TH tupu-{name} 1 \" \" \"tupu ")),
            "{name}"
        );
    }
    assert!(pages["tupu.1"].contains(r"tupu\-path(1)"));
}

#[test]
fn no_line_of_a_page_is_taken_for_a_request() {
    let sandbox = Sandbox::new();
    let known = [
        "ie", "el", "ds", "TH", "SH", "TP", "br", "RS", "RE", "PP", "sp", "nf", "fi", "IP",
    ];
    for (name, page) in pages(&sandbox, "pages") {
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            let request = line[1..].split(' ').next().unwrap();
            assert!(known.contains(&request), "{name}: {line}");
        }
    }
}
