//! `tupu convert`.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::support::{Sandbox, in_repository};

const LINES: &str = "<https://kg.example/a> <https://kg.example/p> \"甲\"@zh .\n\
    <https://kg.example/a> <https://kg.example/p> _:b .\n\
    <https://kg.example/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/C> .\n";

fn convert(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let mut command = sandbox.command(&["convert"]);
    command.args(arguments).output().unwrap()
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", complaint(output));
    std::str::from_utf8(&output.stdout).unwrap()
}

fn complaint(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn every_format_comes_back() {
    let sandbox = Sandbox::new();
    let page = in_repository("out/chengyu.ttl");
    let page = page.to_str().unwrap();
    let direct = convert(&sandbox, &[page, "--to", "ntriples"]);
    let mut expected: Vec<&str> = printed(&direct).lines().collect();
    expected.sort_unstable();
    assert!(expected.len() > 20_000);
    for name in [
        "g.nt", "g.nq", "g.trig", "g.rdf", "g.jsonld", "g.ttl.gz", "g.nt.zst",
    ] {
        printed(&convert(&sandbox, &[page, "-o", name]));
        let back = convert(&sandbox, &[name, "--to", "ntriples"]);
        let mut lines: Vec<&str> = printed(&back).lines().collect();
        lines.sort_unstable();
        assert!(lines == expected, "{name}");
    }
}

#[test]
fn turtle_has_the_prefixes_of_the_input_or_those_that_it_uses() {
    let sandbox = Sandbox::new();
    sandbox.write("g.nt", LINES);
    let turtle = convert(
        &sandbox,
        &[
            "g.nt",
            "--to",
            "turtle",
            "--prefix",
            "ex=https://kg.example/",
        ],
    );
    assert_eq!(
        printed(&turtle),
        "@prefix ex: <https://kg.example/> .\n\
         @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n\n\
         ex:a\n    ex:p\n        \"甲\"@zh,\n        _:b .\n\n\
         ex:b a ex:C .\n"
    );
    sandbox.write(
        "g.ttl",
        "@prefix : <https://kg.example/> .\n:a :p :b .\nPREFIX q: <https://kg.example/q/> :a q:r [ :p :c ] .\n",
    );
    let turtle = convert(&sandbox, &["g.ttl", "--to", "turtle"]);
    assert_eq!(
        printed(&turtle),
        "@prefix : <https://kg.example/> .\n\n:a\n    :p :b .\n\n\
         @prefix q: <https://kg.example/q/> .\n\n:a\n    q:r _:anon1 .\n\n_:anon1\n    :p :c .\n"
    );
}

#[test]
fn named_graphs_are_kept_or_refused() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "g.trig",
        "@prefix ex: <https://kg.example/> . ex:g { ex:a ex:p ex:b } @prefix q: <https://kg.example/q/> . ex:g { ex:a q:r ex:c }",
    );
    assert_eq!(
        printed(&convert(&sandbox, &["g.trig", "--to", "nquads"])),
        "<https://kg.example/a> <https://kg.example/p> <https://kg.example/b> <https://kg.example/g> .\n\
         <https://kg.example/a> <https://kg.example/q/r> <https://kg.example/c> <https://kg.example/g> .\n"
    );
    printed(&convert(&sandbox, &["g.trig", "-o", "g.nq"]));
    printed(&convert(&sandbox, &["g.trig", "-o", "again.trig"]));
    let again = convert(&sandbox, &["again.trig", "--to", "nquads"]);
    assert_eq!(
        printed(&again).as_bytes(),
        fs::read(sandbox.path("g.nq")).unwrap()
    );
    for input in ["g.trig", "g.nq"] {
        let refused = convert(&sandbox, &[input, "-o", "g.ttl"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            complaint(&refused).contains("Turtle has no named graphs"),
            "{}",
            complaint(&refused)
        );
        assert!(!sandbox.path("g.ttl").exists());
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let sandbox = Sandbox::new();
    let lines: String = (0..60_000)
        .map(|at| {
            format!(
                "<https://kg.example/{}> <https://kg.example/p> \"{at}\" .\n",
                at / 9
            )
        })
        .collect();
    sandbox.write("g.nt", &lines);
    for format in ["ntriples", "turtle"] {
        let one = convert(&sandbox, &["g.nt", "--to", format, "--threads", "1"]);
        let five = convert(&sandbox, &["g.nt", "--to", format, "--threads", "5"]);
        assert!(printed(&one) == printed(&five));
    }
    let turtle = convert(&sandbox, &["g.nt", "--to", "turtle"]);
    let blocks = printed(&turtle).matches("\n\n").count();
    assert_eq!(blocks, 60_000_usize.div_ceil(9) - 1);
}

#[test]
fn faulty_lines_end_the_run_or_go_apart() {
    let sandbox = Sandbox::new();
    let faulty = "<https://kg.example/a> <https://kg.example/p q> \"x\" .";
    sandbox.write("g.nt", &format!("{LINES}{faulty}\n{LINES}"));
    let refused = convert(&sandbox, &["g.nt", "-o", "out.nt"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        complaint(&refused).contains("g.nt:4:24: not valid N-Triples"),
        "{}",
        complaint(&refused)
    );
    assert!(!sandbox.path("out.nt").exists());
    let kept = convert(
        &sandbox,
        &["g.nt", "-o", "out.nt", "--rejects", "faulty.txt"],
    );
    assert_eq!(kept.status.code(), Some(1));
    assert!(
        complaint(&kept).contains("1 line is not legal"),
        "{}",
        complaint(&kept)
    );
    assert_eq!(
        fs::read_to_string(sandbox.path("out.nt")).unwrap(),
        LINES.repeat(2)
    );
    let rejects = fs::read_to_string(sandbox.path("faulty.txt")).unwrap();
    let (reason, line) = rejects.split_once('\n').unwrap();
    assert!(reason.starts_with("# g.nt:4:24: "), "{reason}");
    assert_eq!(line, format!("{faulty}\n"));
}

#[test]
fn what_cannot_be_read_or_written_leaves_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("g.nt", LINES);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(LINES.repeat(500).as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    fs::write(sandbox.path("cut.nt.gz"), &whole[..whole.len() / 2]).unwrap();
    sandbox.write("empty.nt", "");
    sandbox.write(
        "nul.nt",
        "<https://kg.example/a> <https://kg.example/\0> \"x\" .\n",
    );
    fs::write(
        sandbox.path("latin.nt"),
        b"<https://kg.example/a> <https://kg.example/p> \"\xe9\" .\n",
    )
    .unwrap();
    File::create(sandbox.path("long.nt"))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    for (arguments, message) in [
        (&["cut.nt.gz"][..], "cannot read `cut.nt.gz`"),
        (&["none.nt"], "cannot read `none.nt`"),
        (&["g.csv"], "names no RDF format"),
        (&["."], "names no RDF format"),
        (&["nul.nt"], "nul.nt:1:"),
        (&["latin.nt"], "latin.nt:1:"),
        (&["long.nt"], "line 1 is longer than 16 MiB"),
        (&["g.nt", "--prefix", "ex"], "PREFIX=IRI"),
        (&["g.nt", "--from", "dot"], "invalid value 'dot'"),
        (&["-"], "say --from"),
        (
            &["g.nt", "g.nt", "--rejects", "faulty.txt"],
            "--rejects is for one file",
        ),
    ] {
        let output = convert(&sandbox, &[arguments, &["-o", "out.ttl"]].concat());
        let is_illegal = message.ends_with(".nt:1:");
        let code = if is_illegal { 1 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(
            complaint(&output).contains(message),
            "{arguments:?}: {}",
            complaint(&output)
        );
        assert!(!sandbox.path("out.ttl").exists(), "{arguments:?}");
    }
    assert_eq!(
        printed(&convert(&sandbox, &["empty.nt", "--to", "turtle"])),
        ""
    );
    let left: Vec<_> = fs::read_dir(sandbox.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with(".tupu"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    if cfg!(target_os = "linux") {
        let full = convert(&sandbox, &["g.nt", "-o", "/dev/full", "--to", "ntriples"]);
        assert_eq!(full.status.code(), Some(2));
        assert!(
            complaint(&full).contains("No space left"),
            "{}",
            complaint(&full)
        );
    }
}

#[test]
fn standard_input_and_several_files() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["convert", "-", "--from", "ntriples", "--to", "nquads"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(LINES.as_bytes())
        .unwrap();
    assert_eq!(printed(&child.wait_with_output().unwrap()), LINES);
    sandbox.write("a.nt", "_:b <https://kg.example/p> _:b .\n");
    sandbox.write("b.ttl", "_:b <https://kg.example/p> [] .\n");
    assert_eq!(
        printed(&convert(&sandbox, &["a.nt", "b.ttl", "--to", "ntriples"])),
        "_:b.1 <https://kg.example/p> _:b.1 .\n_:b.2 <https://kg.example/p> _:anon1.2 .\n"
    );
}

#[test]
fn dot_draws_nodes_names_and_edges() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "g.ttl",
        "@prefix ex: <https://kg.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
         ex:a a ex:C ; rdfs:label '甲 \"市\" & <b>\\n', 'A' ; ex:p ex:b, [ ex:q 1 ] .",
    );
    let dot = convert(&sandbox, &["g.ttl", "--to", "dot"]);
    assert_eq!(
        printed(&dot),
        "digraph {\n  node [shape=box];\n\
         \u{20} \"ex:a\" [class=\"ex:C\"];\n\
         \u{20} \"ex:a\" [label=\"甲 \\\"市\\\" &amp; <b>\\n\"];\n\
         \u{20} \"ex:a\" -> \"ex:b\" [label=\"ex:p\"];\n\
         \u{20} \"ex:a\" -> \"_:anon1\" [label=\"ex:p\"];\n}\n"
    );
    assert!(
        complaint(&dot).contains("2 literals"),
        "{}",
        complaint(&dot)
    );
}
