//! `tupu export`: where the output goes, and that it appears whole or not at all.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use crate::support::Sandbox;

const EVERYTHING: [&str; 7] = [
    "context.jsonld",
    "manifest.json",
    "ontology.ttl",
    "schema.yaml",
    "shapes.ttl",
    "two-cities.dot",
    "two-cities.ttl",
];

#[test]
fn a_folder_takes_everything() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&["export"]).expect(0);
    assert_eq!(run.stdout(), "");
    assert!(
        run.stderr().contains("two-cities.ttl: "),
        "{}",
        run.stderr()
    );
    assert_eq!(files(&sandbox.path("out")), EVERYTHING);

    sandbox.run(&["export", "--output", "a/b"]).expect(0);
    assert_eq!(files(&sandbox.path("a/b")), EVERYTHING);
}

#[test]
fn a_file_says_its_format_by_its_extension() {
    let sandbox = Sandbox::with_project("two-cities");
    for (file, beginning) in [
        ("x.ttl", "@prefix"),
        ("x.NT", "<https://"),
        ("x.gv", "digraph"),
    ] {
        sandbox.run(&["export", "-o", file]).expect(0);
        let text = fs::read_to_string(sandbox.path(file)).unwrap();
        assert!(text.starts_with(beginning), "{file}");
    }
    let run = sandbox.run(&["export", "-o", "x.docx"]).expect(2);
    assert!(run.stderr().contains("--format"), "{}", run.stderr());
    let run = sandbox
        .run(&["export", "-o", "-", "--format", "dot"])
        .expect(0);
    assert!(run.stdout().starts_with("digraph"));
    let run = sandbox.run(&["export", "-o", "-"]).expect(2);
    assert!(run.stderr().contains("--format"), "{}", run.stderr());
}

#[test]
fn each_format_is_named_by_its_extension_also_when_compressed() {
    let sandbox = Sandbox::with_project("two-cities");
    for extension in ["ttl", "nt", "nq", "trig", "rdf", "jsonld", "dot"] {
        let plain = format!("x.{extension}");
        sandbox.run(&["export", "-o", &plain]).expect(0);
        let plain = fs::read(sandbox.path(&plain)).unwrap();
        for (ending, magic) in [("gz", [0x1F, 0x8B]), ("zst", [0x28, 0xB5])] {
            let packed = format!("x.{extension}.{ending}");
            sandbox.run(&["export", "-o", &packed]).expect(0);
            let once = fs::read(sandbox.path(&packed)).unwrap();
            assert_eq!(once[..2], magic, "{packed}");
            let mut unpacked = Vec::new();
            let read = match ending {
                "gz" => flate2::read::GzDecoder::new(once.as_slice()).read_to_end(&mut unpacked),
                _ => zstd::Decoder::new(once.as_slice())
                    .unwrap()
                    .read_to_end(&mut unpacked),
            };
            read.unwrap();
            assert!(unpacked == plain, "{packed} unpacks to something else");
            sandbox.run(&["export", "-o", &packed]).expect(0);
            assert!(
                fs::read(sandbox.path(&packed)).unwrap() == once,
                "{packed} changes"
            );
        }
    }
}

#[test]
fn a_format_that_cannot_hold_the_profile_is_refused_with_advice() {
    let sandbox = Sandbox::with_project("two-cities");
    for (file, profile, advice) in [
        ("x.ttl", "graphs", "--format trig"),
        ("x.nt", "graphs", "--format trig"),
        ("x.rdf", "graphs", "--format trig"),
        ("x.rdf", "rdf12", "--format turtle"),
        ("x.jsonld", "rdf12", "--format turtle"),
    ] {
        let run = sandbox
            .run(&["export", "--provenance", profile, "-o", file])
            .expect(2);
        assert!(run.stderr().contains(advice), "{}", run.stderr());
        assert!(!sandbox.path(file).exists());
    }
    sandbox
        .run(&["export", "--provenance", "graphs", "--output", "g"])
        .expect(0);
    assert!(sandbox.path("g/two-cities.trig").exists());
    let run = sandbox.run(&[
        "export",
        "--provenance",
        "rdf12",
        "-o",
        "-",
        "--format",
        "turtle",
    ]);
    assert!(run.expect(0).stdout().starts_with("VERSION \"1.2\"\n"));
}

#[test]
fn the_manifest_says_what_is_there() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export"]).expect(0);
    let text = fs::read_to_string(sandbox.path("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    for file in manifest["files"].as_array().unwrap() {
        let data = fs::read(sandbox.path("out").join(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["bytes"].as_u64().unwrap(), data.len() as u64);
        let text = tupu::text::SourceText::new(&data).unwrap();
        assert_eq!(file["sha256"], text.sha256());
    }
    let files = manifest["files"].as_array().unwrap().len();
    assert_eq!(files + 1, files_in(&sandbox));
    let run = sandbox
        .run(&["export", "-o", "-", "--format", "ntriples"])
        .expect(0);
    assert_eq!(
        manifest["triples"].as_u64().unwrap(),
        run.stdout().lines().count() as u64
    );
}

fn files_in(sandbox: &Sandbox) -> usize {
    files(&sandbox.path("out")).len()
}

#[test]
fn what_is_only_planned_is_not_written_as_if_it_were_so() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&[
        "export",
        "--provenance",
        "none",
        "--format",
        "ntriples",
        "-o",
        "-",
    ]);
    let text = run.expect(0).stdout();
    assert!(
        !text.contains("terms#builds"),
        "a planned fact on a slot that is not prospective"
    );
    assert!(
        text.contains("terms#goal"),
        "a target on a prospective slot"
    );
    assert!(!text.contains("Statement"));
    let run = sandbox.run(&["export", "--format", "ntriples", "-o", "-"]);
    let text = run.expect(0).stdout();
    assert_eq!(
        text.matches("terms#builds").count(),
        1,
        "as the predicate of a statement only"
    );
}

#[test]
fn faulty_data_leaves_the_output_as_it_was() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export"]).expect(0);
    let before = fs::read(sandbox.path("out/two-cities.ttl")).unwrap();
    sandbox.write(
        "data/articles/02-bad.toml",
        "article = \"treaty\"\n[x]\nis = \"Cty\"\n",
    );
    let run = sandbox.run(&["export"]).expect(1);
    assert!(
        run.stderr().contains("error[unknown-class]"),
        "{}",
        run.stderr()
    );
    assert!(
        run.stderr().contains("did you mean `City`?"),
        "{}",
        run.stderr()
    );
    assert_eq!(
        fs::read(sandbox.path("out/two-cities.ttl")).unwrap(),
        before
    );
    assert_eq!(files(&sandbox.path("out")), EVERYTHING);
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_with_its_reason() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&["export", "-o", "no/such/x.ttl"]).expect(2);
    assert!(
        run.stderr().contains("cannot write `no/such/x.ttl`"),
        "{}",
        run.stderr()
    );
    sandbox.write("file", "");
    let run = sandbox.run(&["export", "--output", "file"]).expect(2);
    assert!(
        run.stderr().contains("cannot make the folder `file`"),
        "{}",
        run.stderr()
    );
    if Path::new("/dev/full").exists() {
        for arguments in [
            ["export", "-o", "/dev/full", "--format", "turtle"],
            ["export", "-o", "/dev/full", "--format", "dot"],
        ] {
            let run = sandbox.run(&arguments).expect(2);
            assert!(
                run.stderr().contains("cannot write `/dev/full`"),
                "{}",
                run.stderr()
            );
        }
    }
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let sandbox = Sandbox::with_project("two-cities");
    let target = sandbox.write("real.ttl", "old");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&target, sandbox.path("link.ttl")).unwrap();
    sandbox.run(&["export", "-o", "link.ttl"]).expect(0);
    assert!(
        fs::symlink_metadata(sandbox.path("link.ttl"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::read_to_string(&target).unwrap().starts_with("@prefix"));
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let sandbox = Sandbox::with_project("two-cities");
    for arguments in [
        ["export", "-o", "-", "--format", "turtle"].as_slice(),
        &["show", "甲市"],
    ] {
        let mut child = sandbox
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut talk = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut talk)
            .unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{talk}");
        assert_eq!(talk, "");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn one_changed_fact_changes_a_few_lines() {
    let sandbox = Sandbox::with_project("two-cities");
    let turtle = |name: &str| {
        sandbox.run(&["export", "-o", name]).expect(0);
        fs::read_to_string(sandbox.path(name)).unwrap()
    };
    let before = turtle("before.ttl");
    let path = sandbox.path("data/entities/cities.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("number = 2.80", "number = 3.1", 1)).unwrap();
    let after = turtle("after.ttl");
    let changed: Vec<_> = before
        .lines()
        .zip(after.lines())
        .filter(|(old, new)| old != new)
        .collect();
    let expected = [
        ("    schema:value 2.8 ;", "    schema:value 3.1 ;"),
        (
            "    tupu:absoluteValue 28000 ;",
            "    tupu:absoluteValue 31000 ;",
        ),
    ];
    assert_eq!(changed, expected);
    assert_eq!(before.lines().count(), after.lines().count());
}
