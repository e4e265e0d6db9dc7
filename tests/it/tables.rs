//! Tables of nodes and edges become triples, whatever is wrong with them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write as _};
use std::ops::ControlFlow;
use std::process::{Command, Stdio};

use oxrdf::{Dataset, Triple};
use oxttl::{NQuadsParser, NTriplesParser, TurtleParser};
use proptest::prelude::*;
use tupu::rdf::ProvenanceProfile;
use tupu::table::{
    Counts, Fault, FaultKind, LineProfile, Mapping, Report, TableError, TableSource, write_lines,
    write_turtle,
};

use crate::support::{Sandbox, in_repository};

/// A table in memory, and the faults of its rows.
pub(crate) struct Text(pub(crate) &'static str, pub(crate) Vec<u8>);

impl TableSource for Text {
    fn name(&self) -> &str {
        self.0
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.1.clone())))
    }
}

#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Report for Faults {
    fn fault(&mut self, _: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        self.0.push(fault.clone());
        Ok(ControlFlow::Continue(()))
    }
}

pub(crate) fn mapping() -> Mapping {
    let mut mapping = Mapping::kgx();
    mapping
        .prefixes
        .insert("EX", "https://kg.example/")
        .unwrap();
    mapping
}

fn convert(tables: &[&[u8]], profile: LineProfile, workers: usize) -> (Vec<u8>, Vec<Fault>) {
    let texts: Vec<Text> = tables.iter().map(|it| Text("t", it.to_vec())).collect();
    let sources: Vec<&dyn TableSource> = texts.iter().map(|it| it as &dyn TableSource).collect();
    let (mut out, mut faults) = (Vec::new(), Faults::default());
    write_lines(
        &sources,
        &mapping(),
        profile,
        workers,
        &mut out,
        &mut faults,
    )
    .unwrap();
    (out, faults.0)
}

fn group(tables: &[&[u8]]) -> Result<(String, Counts, Vec<Fault>), TableError> {
    let texts: Vec<Text> = tables.iter().map(|it| Text("t", it.to_vec())).collect();
    let sources: Vec<&dyn TableSource> = texts.iter().map(|it| it as &dyn TableSource).collect();
    let (mut out, mut faults) = (Vec::new(), Faults::default());
    let counts = write_turtle(&sources, &mapping(), &mut out, &mut faults)?;
    Ok((String::from_utf8(out).unwrap(), counts, faults.0))
}

fn lines_of(tables: &[&[u8]]) -> String {
    let (out, faults) = convert(tables, LineProfile::default(), 2);
    assert_eq!(faults, []);
    String::from_utf8(out).unwrap()
}

fn triples(ntriples: &str) -> BTreeSet<String> {
    NTriplesParser::new()
        .for_slice(ntriples)
        .map(|it| it.unwrap().to_string())
        .collect()
}

fn turtle_triples(turtle: &str) -> BTreeSet<String> {
    TurtleParser::new()
        .for_slice(turtle)
        .map(|it: Result<Triple, _>| it.unwrap().to_string())
        .collect()
}

/// A table that shows each kind of fault, and the line and column at which it is.
fn faulty(kind: FaultKind) -> Option<(Vec<u8>, u64, usize)> {
    let nodes = |row: &[u8]| [b"id\tname\nEX:1\ta\n", row, b"\nEX:2\tb\n"].concat();
    let csv = |row: &[u8]| [b"id,name\nEX:1,a\n", row, b"\nEX:2,b\n"].concat();
    Some(match kind {
        FaultKind::MissingColumn => (nodes(b"EX:3"), 3, 5),
        FaultKind::ExtraColumn => (nodes("EX:3\t甲\tb".as_bytes()), 3, 8),
        FaultKind::MissingValue => (nodes(b"\ta"), 3, 1),
        FaultKind::NotAnIri => (nodes(b"EX:a b\tc"), 3, 1),
        FaultKind::UnknownPrefix => (nodes(b"EY:3\tc"), 3, 1),
        FaultKind::UnclosedQuote => (csv(b"EX:3,\"c"), 3, 6),
        FaultKind::TextAfterQuote => (csv(b"EX:3,\"c\"d"), 3, 9),
        FaultKind::InvalidJson => (
            b"{\"id\":\"EX:1\",\"name\":\"a\"}\n\n{\"id\" 3}\n{\"id\":\"EX:2\",\"name\":\"b\"}"
                .to_vec(),
            3,
            7,
        ),
        FaultKind::InvalidUtf8 => (nodes(b"EX:3\t\xE7\x94"), 3, 6),
        FaultKind::NulByte => (nodes(b"EX:3\ta\0"), 3, 7),
        FaultKind::RowTooLong => (nodes(&[b'x'; 9 << 20]), 3, 1),
        // Of the header, of a mapping's datatypes: below; the others in `strict.rs` and `parquet.rs`.
        FaultKind::InvalidHeader
        | FaultKind::InvalidValue
        | FaultKind::RepeatedId
        | FaultKind::UnknownNode
        | FaultKind::InvalidParquet => return None,
        _ => panic!("no table for {kind}"),
    })
}

#[test]
fn every_kind_of_fault_is_found_at_its_place_and_costs_its_row_only() {
    let mut found = 0;
    for kind in FaultKind::ALL {
        let Some((table, line, column)) = faulty(*kind) else {
            continue;
        };
        let (out, faults) = convert(&[&table], LineProfile::default(), 2);
        assert_eq!(faults.len(), 1, "{kind}: {faults:?}");
        assert_eq!(
            (faults[0].kind, faults[0].line, faults[0].column),
            (*kind, line, column)
        );
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().count(), 2, "{kind}: {out}");
        assert!(
            out.contains("example/1>") && out.contains("example/2>"),
            "{kind}: {out}"
        );
        found += 1;
    }
    assert_eq!(found, FaultKind::ALL.len() - 5);
}

#[test]
fn every_kind_of_fault_is_explained() {
    let text = fs::read_to_string(in_repository("docs/tables.md")).unwrap();
    let explained: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "| code | means |")
        .skip(2)
        .map_while(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let kinds: Vec<&str> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(explained, kinds);
}

#[test]
fn a_header_that_makes_no_table_is_refused() {
    for (header, place, said) in [
        ("", "1:1", "names no columns"),
        ("name\tage\n", "1:1", "those of no table"),
        ("id\tname\tid\n", "1:9", "stands twice"),
        ("id\t\tname\n", "1:1", "no name"),
        (
            "subject\tpredicat\tobject\n",
            "1:1",
            "needs the column `predicate`",
        ),
        ("id,\"name\n", "1:4", "never closed"),
        ("i\0d\tname\n", "1:1", "NUL"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("t.tsv", header);
        let run = sandbox.run(&["export", "t.tsv", "-o", "t.nt"]).expect(1);
        assert!(
            run.stderr().starts_with(&format!("t.tsv:{place}: error[")),
            "{}",
            run.stderr()
        );
        assert!(run.stderr().contains(said), "{header:?}: {}", run.stderr());
        assert!(!sandbox.path("t.nt").exists());
    }
}

#[test]
fn tsv_csv_and_json_lines_say_the_same() {
    let tsv = "id\tcategory\tname\txref\nEX:1\tEX:A|EX:B\t\"a\"\tEX:x|none\nEX:2\tEX:A\t\t\n";
    let csv = "\u{FEFF}id,category,name,xref\r\nEX:1,EX:A|EX:B,\"\"\"a\"\"\",EX:x|none\r\nEX:2,EX:A,,\r\n";
    let json = "{\"id\":\"EX:1\",\"category\":[\"EX:A\",\"EX:B\"],\"name\":\"\\\"a\\\"\",\"xref\":[\"EX:x\",\"none\"]}\n\
                {\"category\":[\"EX:A\"],\"id\":\"https://kg.example/2\",\"name\":null,\"xref\":[]}\n";
    let wanted = lines_of(&[tsv.as_bytes()]);
    assert_eq!(wanted.lines().count(), 6);
    assert_eq!(lines_of(&[tsv.replace('\n', "\r\n").as_bytes()]), wanted);
    assert_eq!(lines_of(&[tsv.trim_end_matches('\n').as_bytes()]), wanted);
    assert_eq!(lines_of(&[csv.as_bytes()]), wanted);
    assert_eq!(lines_of(&[json.as_bytes()]), wanted);
    assert_eq!(
        turtle_triples(&group(&[tsv.as_bytes()]).unwrap().0),
        triples(&wanted)
    );
}

#[test]
fn every_provenance_gives_the_statement_the_same_iri() {
    let edges = b"id\tsubject\tpredicate\tobject\tknowledge_source\tdate\nE1\tEX:a\tEX:p\tEX:b\tinfores:x\t2024\n";
    let mut statements = BTreeSet::new();
    for (provenance, quads, in_graph) in [
        (ProvenanceProfile::None, 1, 0),
        (ProvenanceProfile::Reified, 8, 0),
        (ProvenanceProfile::Graphs, 8, 1),
        (ProvenanceProfile::Rdf12, 5, 0),
    ] {
        let profile = LineProfile {
            provenance,
            has_graphs: true,
        };
        let (out, faults) = convert(&[edges], profile, 1);
        assert_eq!(faults, []);
        let found: Dataset = NQuadsParser::new()
            .for_slice(&out)
            .map(Result::unwrap)
            .collect();
        assert_eq!(found.len(), quads, "{provenance:?}");
        let named = found
            .iter()
            .filter(|it| !it.graph_name.is_default_graph())
            .count();
        assert_eq!(named, in_graph, "{provenance:?}");
        statements.extend(
            found
                .iter()
                .map(|quad| quad.subject.to_string())
                .filter(|subject| subject.contains("urn:tupu:s.")),
        );
    }
    assert_eq!(statements.len(), 1, "{statements:?}");
}

#[test]
fn grouped_turtle_does_not_depend_on_the_order_of_edges() {
    let nodes = "id\tname\nEX:b\tB\nEX:a\tA\nEX:b\tB2\n";
    let header = "subject\tpredicate\tobject\n";
    let rows = [
        "EX:a\tEX:q\tEX:z",
        "EX:a\tEX:p\tEX:y",
        "EX:y\tEX:p\tEX:a",
        "EX:a\tEX:p\tEX:b",
        "EX:a\tEX:p\tEX:b",
    ];
    let forwards = format!("{header}{}\n", rows.join("\n"));
    let mut reversed = rows;
    reversed.reverse();
    let backwards = format!("{header}{}", reversed.join("\n"));
    // Edges may come before nodes.
    let (found, counts, faults) = group(&[forwards.as_bytes(), nodes.as_bytes()]).unwrap();
    assert_eq!(faults, []);
    assert_eq!(
        (counts.nodes, counts.edges, counts.unknown_nodes),
        (3, 5, Some(2))
    );
    assert_eq!(
        group(&[nodes.as_bytes(), backwards.as_bytes()]).unwrap().0,
        found
    );
    assert_eq!(
        found,
        "@prefix EX: <https://kg.example/> .\n\
         @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
         \n\
         EX:b\n    rdfs:label \"B\" .\n\
         \n\
         EX:a\n    rdfs:label \"A\" ;\n    EX:p\n        EX:b,\n        EX:y ;\n    EX:q EX:z .\n\
         \n\
         EX:b\n    rdfs:label \"B2\" .\n\
         \n\
         EX:y\n    EX:p EX:a .\n"
    );
}

/// A table that is another each time.
struct Growing(std::sync::atomic::AtomicUsize);

impl TableSource for Growing {
    fn name(&self) -> &str {
        "growing.tsv"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let times = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let rows: String = (0..=times).map(|row| format!("EX:{row}\ta\n")).collect();
        Ok(Box::new(io::Cursor::new(format!("id\tname\n{rows}"))))
    }
}

#[test]
fn a_table_that_changes_between_two_readings_is_refused() {
    let source = Growing(std::sync::atomic::AtomicUsize::new(0));
    let error = write_turtle(
        &[&source],
        &mapping(),
        &mut Vec::new(),
        &mut Faults::default(),
    );
    assert!(matches!(error, Err(TableError::Changed(name)) if name == "growing.tsv"));
}

#[test]
fn parts_of_a_table_give_the_parts_of_the_result() {
    let rows: Vec<String> = (0..30_000)
        .map(|row| format!("EX:{row}\tEX:C\t甲{row}\t\"quoted\" {row}\n"))
        .collect();
    let header = "id\tcategory\tname\tdescription\n";
    let table = |rows: &[String]| format!("{header}{}", rows.concat());
    let whole = lines_of(&[table(&rows).as_bytes()]);
    let (first, second) = rows.split_at(17);
    let parts = [
        lines_of(&[table(first).as_bytes()]),
        lines_of(&[table(second).as_bytes()]),
    ];
    assert_eq!(parts.concat(), whole);
    for workers in [1, 3] {
        let (out, _) = convert(&[table(&rows).as_bytes()], LineProfile::default(), workers);
        assert_eq!(out, whole.as_bytes(), "{workers}");
    }
}

#[test]
fn compressed_tables_are_known_by_their_bytes() {
    let text = b"id\tname\nEX:1\ta\n";
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    let gzip = encoder.finish().unwrap();
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("cut.tsv"), &gzip[..gzip.len() - 6]).unwrap();
    fs::write(sandbox.path("whole.tsv.gz"), gzip).unwrap();
    fs::write(
        sandbox.path("whole.tsv.zst"),
        zstd::encode_all(&text[..], 0).unwrap(),
    )
    .unwrap();
    let export = |table: &str| {
        sandbox.run(&[
            "export",
            table,
            "--prefix",
            "EX=https://kg.example/",
            "-o",
            "t.nt",
        ])
    };
    let run = export("cut.tsv").expect(2);
    assert!(
        run.stderr().contains("cannot read `cut.tsv`"),
        "{}",
        run.stderr()
    );
    assert!(!sandbox.path("t.nt").exists());
    for table in ["whole.tsv.gz", "whole.tsv.zst"] {
        export(table).expect(0);
        assert_eq!(
            fs::read_to_string(sandbox.path("t.nt"))
                .unwrap()
                .lines()
                .count(),
            1
        );
        fs::remove_file(sandbox.path("t.nt")).unwrap();
    }
}

pub(crate) fn feed(mut command: Command, input: &str) -> crate::support::Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    crate::support::Run::of(child.wait_with_output().unwrap())
}

#[test]
fn standard_input_is_a_table() {
    let sandbox = Sandbox::new();
    for (format, lines) in [("ntriples", 1), ("turtle", 5)] {
        let arguments = [
            "export",
            "-",
            "--prefix",
            "EX=https://kg.example/",
            "--format",
            format,
        ];
        let run = feed(sandbox.command(&arguments), "id\tname\nEX:1\ta\n").expect(0);
        assert_eq!(run.stdout().lines().count(), lines, "{}", run.stdout());
    }
}

#[test]
fn what_cannot_work_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tsv", "id\tname\nEX:1\ta\n");
    sandbox.write("bad.toml", "[nodes]\nidd = \"id\"\n");
    sandbox.write("t.parquet", "PAR1");
    for (arguments, code, said) in [
        (&["t.tsv"][..], 2, "give --format"),
        (
            &["t.tsv", "--format", "dot"],
            2,
            "ntriples, nquads, turtle or trig",
        ),
        (
            &["t.tsv", "-f", "turtle", "--provenance", "graphs"],
            2,
            "take --format trig or nquads",
        ),
        (
            &["t.tsv", "-f", "ntriples", "--prefix", "EX"],
            2,
            "--prefix EX=",
        ),
        (
            &["t.tsv", "-f", "ntriples", "--prefix", "EX=x"],
            2,
            "neither a CURIE",
        ),
        (
            &["t.tsv", "-f", "ntriples", "--mapping", "bad.toml"],
            1,
            "did you mean `id`?",
        ),
        (
            &["t.tsv", "-f", "ntriples", "--mapping", "no.toml"],
            2,
            "cannot read the mapping",
        ),
        (&["none.tsv", "-f", "ntriples"], 2, "cannot read `none.tsv`"),
        (&["-", "-", "-f", "ntriples"], 2, "one table only"),
        (&["t.tsv", "-f", "ntriples"], 1, "unknown prefix `EX`"),
        (
            &[
                "t.tsv",
                "-o",
                "/dev/full",
                "-f",
                "ntriples",
                "--prefix",
                "EX=https://kg.example/",
            ],
            2,
            "/dev/full",
        ),
        (&["--mapping", "bad.toml"], 2, "none is"),
        #[cfg(not(feature = "parquet"))]
        (
            &["t.parquet", "-f", "ntriples"],
            2,
            "built without Parquet; build it with `--features parquet`",
        ),
    ] {
        let mut all = vec!["export"];
        all.extend(arguments);
        let run = sandbox.run(&all).expect(code);
        assert!(
            run.stderr().contains(said),
            "{arguments:?}: {}",
            run.stderr()
        );
    }
}

#[test]
fn reading_stops_after_as_many_faults_as_are_allowed() {
    let sandbox = Sandbox::new();
    let rows: String = (0..50).map(|row| format!("{row}\ta\n")).collect();
    sandbox.write("t.tsv", &format!("id\tname\n{rows}"));
    let errors = |more: &[&str]| {
        let mut all = vec!["export", "t.tsv", "-o", "t.nt"];
        all.extend(more);
        let run = sandbox.run(&all).expect(1);
        assert!(!sandbox.path("t.nt").exists());
        run.stderr().matches("error[not-an-iri]").count()
    };
    assert_eq!(errors(&[]), 20);
    assert_eq!(errors(&["--max-errors", "3"]), 3);
    assert_eq!(errors(&["--max-errors", "90"]), 50);
    let kept = |more: &[&str], code| {
        let mut all = vec!["export", "t.tsv", "-o", "t.nt", "--rejects", "r.tsv"];
        all.extend(more);
        sandbox.run(&all).expect(code);
        fs::read_to_string(sandbox.path("r.tsv"))
            .unwrap()
            .lines()
            .count()
            - 1
    };
    assert_eq!(kept(&["--max-errors", "3"], 1), 3);
    assert!(!sandbox.path("t.nt").exists());
    assert_eq!(kept(&[], 0), 50);
    assert_eq!(fs::read_to_string(sandbox.path("t.nt")).unwrap(), "");
}

#[test]
fn values_are_held_against_the_datatype_of_their_column() {
    let sandbox = Sandbox::new();
    sandbox.write("m.toml", "prefixes.EX = \"https://kg.example/\"\n[nodes.columns]\nborn = { property = \"EX:born\", datatype = \"xsd:date\" }\n");
    sandbox.write("t.csv", "id,born\nEX:1,1998-02-28\nEX:2,1998-02-30\n");
    let run = sandbox.run(&[
        "export",
        "t.csv",
        "--mapping",
        "m.toml",
        "-o",
        "t.nt",
        "--rejects",
        "r.tsv",
    ]);
    assert!(run.expect(0).stderr().contains("1 faulty row"));
    let rejects = fs::read_to_string(sandbox.path("r.tsv")).unwrap();
    assert!(rejects.contains("t.csv:3:6\tinvalid-value\t"), "{rejects}");
    assert_eq!(
        fs::read_to_string(sandbox.path("t.nt")).unwrap(),
        "<https://kg.example/1> <https://kg.example/born> \"1998-02-28\"^^<http://www.w3.org/2001/XMLSchema#date> .\n"
    );
}

proptest! {
    #[test]
    fn turtle_of_a_table_says_what_its_lines_say(
        nodes in proptest::collection::vec(("EX:[a-c.]{1,2}|https://kg.example/[a-c/%2F]{0,3}|urn:x:[a-c]", "[^\t\n\r\0]{0,6}", "(EX|biolink):[A-C]"), 0..6),
        edges in proptest::collection::vec(("EX:[a-d]{1,2}", "biolink:[p-q]|EX:.", "EX:[a-d]|urn:x:[a-c]"), 0..8),
    ) {
        let mut node_table = "id\tname\tcategory\tnote\n".to_owned();
        for (id, name, category) in &nodes {
            node_table.push_str(&format!("{id}\t{name}\t{category}\t{name}\n"));
        }
        let mut edge_table = "subject\tpredicate\tobject\n".to_owned();
        for (subject, predicate, object) in &edges {
            edge_table.push_str(&format!("{subject}\t{predicate}\t{object}\n"));
        }
        let tables = [node_table.as_bytes(), edge_table.as_bytes()];
        let (lines, faults) = convert(&tables, LineProfile::default(), 2);
        let (turtle, counts, again) = group(&tables).unwrap();
        prop_assert_eq!(&faults, &again);
        prop_assert_eq!(counts.faulty, faults.len() as u64);
        prop_assert_eq!(counts.nodes + counts.edges + counts.faulty, (nodes.len() + edges.len()) as u64);
        prop_assert_eq!(turtle_triples(&turtle), triples(&String::from_utf8(lines).unwrap()));
    }

    #[test]
    fn no_table_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80), header in "(id|subject\tpredicate\tobject|id,name|\\{\"id\":\"EX:a\"\\})\n") {
        let table = [header.as_bytes(), &bytes].concat();
        let (out, _) = convert(&[&table], LineProfile::default(), 1);
        for triple in NTriplesParser::new().for_slice(&out) {
            prop_assert!(triple.is_ok());
        }
        prop_assert!(group(&[&table]).is_ok());
    }
}
