//! `out/` is what `data/` gives, every time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{ROOT, Sandbox, in_repository};

#[test]
fn the_committed_output_is_what_the_data_gives() {
    let data = in_repository("data");
    let sandbox = Sandbox::new();
    let fill = |folder: &str| {
        let run = |command: &str, folder: &str| {
            let data = data.to_str().unwrap();
            let arguments = ["--project", data, command, "--output", folder];
            sandbox.run(&arguments).expect(0);
        };
        run("export", folder);
        run("draw", &format!("{folder}/diagrams"));
        files(&sandbox.path(folder))
    };
    let (one, two) = (fill("one"), fill("two"));
    let committed = files(&in_repository("out"));
    for (name, bytes) in &one {
        assert!(
            two.get(name) == Some(bytes),
            "{name}: two runs give different bytes"
        );
        assert!(
            committed.get(name) == Some(bytes),
            "out/{name} is stale in {ROOT}; run `tupu export` and `tupu draw`"
        );
    }
    let more: Vec<_> = committed
        .keys()
        .filter(|name| !one.contains_key(*name))
        .collect();
    assert!(more.is_empty(), "out/ holds more: {more:?}");
}

/// The bytes of every file below `folder`, by its path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let below = files(&entry.path());
            found.extend(
                below
                    .into_iter()
                    .map(|(path, bytes)| (format!("{name}/{path}"), bytes)),
            );
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}
