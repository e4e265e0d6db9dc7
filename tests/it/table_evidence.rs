//! Rows of tables as evidence of the edges that they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};
use tupu::table::{EdgeIris, TableSource, edge_rows};

use crate::support::Sandbox;
use crate::tables::{Faults, Text, feed, mapping};

const NODES: &str = "id\tcategory\tname
EX:jia\tbiolink:City\t甲市
EX:yi\tbiolink:City\t乙市
EX:bing\tbiolink:Harbour\t丙港
";

const EDGES: &str =
    "id\tsubject\tpredicate\tobject\tprimary_knowledge_source\tpublications\tknowledge_level\tstatus
E1\tEX:jia\tbiolink:near\tEX:yi\tinfores:gazetteer\tPMID:1|https://book.example/2\tprediction\tchecked
E2\tEX:yi\tbiolink:supplies\tEX:bing\tinfores:gazetteer\t\t\t
E3\thttps://kg.example/jia\tbiolink:near\tEX:yi\t\tan old map\t\t
";

const ORIGIN: &[&str] = &[
    "--graph",
    "nodes.tsv",
    "--graph",
    "edges.tsv",
    "--prefix",
    "EX=https://kg.example/",
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", EDGES);
    sandbox
}

/// What the answer to `arguments` is, which must be something.
#[track_caller]
fn answer(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let run = sandbox.run(&[arguments, ORIGIN].concat()).expect(0);
    assert_eq!(run.stderr(), "");
    run.stdout()
}

#[track_caller]
fn answer_json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let text = answer(sandbox, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

#[test]
fn why_tells_the_rows_in_every_format() {
    let sandbox = sandbox();
    let why = |format| answer(&sandbox, &["why", "甲市", "乙市", "--format", format]);
    assert_eq!(
        why("csv"),
        "subject,subject_id,slot,slot_id,object,object_id,status,inferred,row,edge_id,edge_primary_knowledge_source,edge_publications,edge_knowledge_level,edge_status\r
甲市,jia,near,near,乙市,yi,asserted,false,edges.tsv:2,E1,infores:gazetteer,PMID:1; https://book.example/2,prediction,checked\r
甲市,jia,near,near,乙市,yi,asserted,false,edges.tsv:4,E3,,an old map,,\r
"
    );
    assert_eq!(
        why("tsv").lines().last().unwrap(),
        "甲市\tjia\tnear\tnear\t乙市\tyi\tasserted\tfalse\tedges.tsv:4\tE3\t\tan old map\t\t"
    );
    assert_eq!(
        why("markdown"),
        "| subject | slot | object | row | id | primary knowledge source | publications | knowledge level | status |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 甲市 | near | 乙市 | edges.tsv:2 | E1 | infores:gazetteer | PMID:1; https://book.example/2 | prediction | checked |
| 甲市 | near | 乙市 | edges.tsv:4 | E3 |  | an old map |  |  |
"
    );
    let table = why("table");
    assert!(
        table.contains("edges.tsv:2  E1  infores:gazetteer"),
        "{table}"
    );
    assert!(table.contains("edges.tsv:4  E3"), "{table}");
    let rows = json!([
        {
            "table": "edges.tsv",
            "line": 2,
            "columns": {
                "id": ["E1"],
                "primary_knowledge_source": ["https://w3id.org/biolink/infores/gazetteer"],
                "publications": ["http://www.ncbi.nlm.nih.gov/pubmed/1", "https://book.example/2"],
                "knowledge_level": ["prediction"],
                "status": ["checked"],
            },
        },
        {
            "table": "edges.tsv",
            "line": 4,
            "columns": { "id": ["E3"], "publications": ["an old map"] },
        },
    ]);
    let why: Value = serde_json::from_str(&why("json")).unwrap();
    assert_eq!(why[0]["facts"][0]["rows"], rows);
    let line = answer(&sandbox, &["why", "甲市", "乙市", "--format", "ndjson"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["facts"][0]["rows"], rows);
}

#[test]
fn other_answers_tell_them_where_evidence_is_asked_for() {
    let sandbox = sandbox();
    for (arguments, rows) in [
        (&["show", "乙市"][..], &["edges.tsv:2", "edges.tsv:3"][..]),
        (&["neighbors", "丙港"], &["edges.tsv:3"]),
        (&["path", "甲市", "丙港"], &["edges.tsv:2", "edges.tsv:3"]),
        (&["common", "甲市", "丙港"], &["edges.tsv:2", "edges.tsv:4"]),
    ] {
        for format in ["table", "csv", "tsv", "markdown"] {
            let asked = [arguments, &["--format", format]].concat();
            let without = answer(&sandbox, &asked);
            assert!(!without.contains("edges.tsv"), "{asked:?}: {without}");
            let with = answer(&sandbox, &[&asked[..], &["--evidence"]].concat());
            for row in rows {
                assert!(with.contains(row), "{asked:?}: {with}");
            }
        }
        let text = |answer: Value| answer.to_string();
        let without = text(answer_json(&sandbox, arguments));
        assert!(!without.contains("\"rows\""), "{arguments:?}: {without}");
        let with = text(answer_json(
            &sandbox,
            &[arguments, &["--evidence"]].concat(),
        ));
        assert!(with.contains("\"E2\""), "{arguments:?}: {with}");
    }
    assert_eq!(
        answer(&sandbox, &["path", "乙市", "丙港", "--evidence"]),
        "乙市 → 丙港\n  乙市 ─ supplies → 丙港   [edges.tsv:3, id E2, primary_knowledge_source infores:gazetteer]\n"
    );
    let session = answer(&sandbox, &["shell", "-c", "why 乙市 丙港"]);
    assert!(session.contains("edges.tsv:3"), "{session}");
}

#[test]
fn columns_are_what_the_mapping_says() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "roads.csv",
        "from,to,survey,note,year\r\njia,bing,s1,\"two\r\nlines\",1998\r\njia,yi,s2;s3,\"said, and\r\nprinted\",\r\n",
    );
    sandbox.write(
        "m.toml",
        "[prefixes]\nEX = \"https://kg.example/\"\n[nodes]\niri = \"https://kg.example/{}\"\n
[edges]\nsubject = \"from\"\nobject = \"to\"\nsubject_iri = \"https://kg.example/{}\"\n
object_iri = \"https://kg.example/{}\"\npredicate_iri = \"EX:road\"\n
[edges.columns]\nsurvey = { iri = \"https://kg.example/survey/{}\", separator = \";\" }\n
year = { skip = true }\n",
    );
    let why = [
        "why",
        "EX:jia",
        "EX:yi",
        "--graph",
        "roads.csv",
        "--mapping",
        "m.toml",
        "--format",
        "json",
    ];
    let run = sandbox.run(&why).expect(0);
    let why: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(
        why[0]["facts"][0]["rows"],
        json!([{
            "table": "roads.csv",
            "line": 4,
            "columns": {
                "survey": ["https://kg.example/survey/s2", "https://kg.example/survey/s3"],
                "note": ["said, and\r\nprinted"],
            },
        }])
    );
}

#[test]
fn rows_are_found_in_tables_of_every_kind() {
    let sandbox = sandbox();
    let json = "{\"subject\":\"EX:jia\",\"predicate\":\"biolink:near\",\"object\":\"EX:yi\"}\n
{\"subject\":\"EX:jia\",\"predicate\":\"biolink:near\",\"object\":\"EX:bing\",\"publications\":[\"PMID:1\",\"PMID:2\"]}\n";
    let file = File::create(sandbox.path("edges.jsonl.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gzip.write_all(json.as_bytes()).unwrap();
    gzip.finish().unwrap();
    let why = ["why", "甲市", "丙港", "--graph", "edges.jsonl.gz"];
    let said = answer(&sandbox, &why);
    assert!(said.contains("edges.jsonl.gz:3"), "{said}");
    assert!(said.contains("PMID:1; PMID:2"), "{said}");

    // What can be read only once is kept.
    let why = [
        "why",
        "EX:yi",
        "EX:bing",
        "--graph",
        "-",
        "--prefix",
        "EX=https://kg.example/",
    ];
    let mut command = sandbox.command(&why);
    command.env("TMPDIR", sandbox.path(""));
    let run = feed(command, EDGES).expect(0);
    let said = run.stdout();
    assert!(said.contains("standard input:3"), "{said}");
    // But not for longer than it is asked.
    let files = fs::read_dir(sandbox.path("")).unwrap();
    let names = files.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|it| it.starts_with(".tupu-")).count(), 0);
}

#[test]
fn tables_without_such_columns_tell_the_row() {
    let sandbox = sandbox();
    sandbox.write(
        "edges.tsv",
        "subject\tpredicate\tobject\nEX:jia\tbiolink:near\tEX:yi\n",
    );
    assert_eq!(
        answer(&sandbox, &["why", "甲市", "乙市"]),
        "SUBJECT  SLOT  OBJECT  ROW\n甲市     near  乙市    edges.tsv:2\n"
    );
}

#[test]
fn rows_that_are_left_out_are_no_evidence() {
    let sandbox = sandbox();
    let edges = format!(
        "{EDGES}E1\tEX:jia\tbiolink:near\tEX:yi\n\
        E1\tEX:jia\tbiolink:near\tEX:yi\tinfores:copy\t\t\t\n"
    );
    sandbox.write("edges.tsv", &edges);
    let why = [
        "why",
        "甲市",
        "乙市",
        "--strict",
        "--rejects",
        "rejects.tsv",
    ];
    let run = sandbox.run(&[&why, ORIGIN].concat()).expect(0);
    assert_eq!(run.stderr(), "rejects.tsv: 2 faulty rows\n");
    assert!(run.stdout().contains("edges.tsv:4"), "{}", run.stdout());
    assert!(!run.stdout().contains("edges.tsv:5"), "{}", run.stdout());
    assert!(!run.stdout().contains("infores:copy"), "{}", run.stdout());
}

#[test]
fn a_fault_in_what_a_row_says_of_its_edge_is_told() {
    let sandbox = sandbox();
    sandbox.write(
        "m.toml",
        "[edges.columns]\nknowledge_level = { property = \"schema:version\", datatype = \"xsd:integer\" }\n",
    );
    let why = ["why", "甲市", "乙市", "--mapping", "m.toml"];
    let run = sandbox.run(&[&why, ORIGIN].concat()).expect(0);
    let said = run.stderr();
    assert!(said.starts_with("edges.tsv:2:"), "{said}");
    assert!(said.contains("error[invalid-value]"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(run.stdout().contains("edges.tsv:2"), "{}", run.stdout());
    assert!(!run.stdout().contains("E1"), "{}", run.stdout());
    let elsewhere = ["why", "乙市", "丙港", "--mapping", "m.toml"];
    let run = sandbox.run(&[&elsewhere, ORIGIN].concat()).expect(0);
    assert_eq!(run.stderr(), "");
}

proptest! {
    #[test]
    fn every_row_of_an_edge_is_found(
        edges in proptest::collection::vec(("[a-c]", "EX:[pq]|biolink:[pq]{30}", "[a-c]", any::<bool>(), "[^\t\n\r\0|]{0,4}"), 0..12),
    ) {
        let mut table = "subject\tpredicate\tobject\tpublications\n".to_owned();
        let mut wanted: BTreeMap<EdgeIris, Vec<u64>> = BTreeMap::new();
        for ((subject, predicate, object, is_spelt, said), line) in edges.iter().zip(2..) {
            let namespace = if *is_spelt { "https://kg.example/" } else { "EX:" };
            table.push_str(&format!("{namespace}{subject}\t{predicate}\tEX:{object}\t{said}\n"));
            let edge = [
                format!("https://kg.example/{subject}"),
                mapping().prefixes.expand(predicate).unwrap().into_owned(),
                format!("https://kg.example/{object}"),
            ];
            wanted.entry(edge).or_default().push(line);
        }
        // Half of the edges are asked for, and one that no row says.
        let nobody = ["x", "y", "z"].map(|it| format!("https://kg.example/{it}"));
        let asked: BTreeSet<EdgeIris> = wanted.keys().step_by(2).cloned().chain([nobody]).collect();
        wanted.retain(|edge, _| asked.contains(edge));
        let text = Text("t", table.into_bytes());
        let tables: [&dyn TableSource; 1] = [&text];
        let found = edge_rows(&tables, &mapping(), &asked, &mut Faults::default()).unwrap();
        let lines = |rows: &Vec<tupu::table::EdgeRow>| rows.iter().map(|row| row.line).collect();
        let found: BTreeMap<EdgeIris, Vec<u64>> =
            found.iter().map(|(edge, rows)| (edge.clone(), lines(rows))).collect();
        prop_assert_eq!(found, wanted);
    }
}
