//! Tables that are asked: the graph is the one that their export becomes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write as _};

use proptest::prelude::*;
use tupu::import::GraphReader;
use tupu::model::KnowledgeGraph;
use tupu::rdf::RdfFormat;
use tupu::table::{Mapping, TableError, TableSource, write_turtle};

use crate::import::content;
use crate::support::{Sandbox, graph_from_rdf};
use crate::tables::{Faults, Text, mapping};

const NODES: &str = "id\tcategory\tname\tsynonym\tsize
EX:jia\tbiolink:City\t甲市\tCity A|甲城\t12
EX:yi\tbiolink:City\t乙市\t\t
EX:bing\tbiolink:Harbour|biolink:City\t丙港\t\t3
EX:ding\tbiolink:City\t丁市\t\t
";

const EDGES: &str = "id\tsubject\tpredicate\tobject\tprimary_knowledge_source
E1\tEX:jia\tbiolink:near\tEX:yi\tinfores:gazetteer
E2\tEX:yi\tbiolink:supplies\tEX:bing\tinfores:gazetteer
E3\tEX:bing\tbiolink:near\tEX:bing\tinfores:gazetteer
";

fn from_tables(tables: &[&str]) -> (KnowledgeGraph, Option<u64>) {
    let texts = texts(tables);
    let mut reader = GraphReader::new();
    let counts = reader
        .read_tables(&sources(&texts), &mapping(), &mut Faults::default())
        .unwrap();
    (reader.finish().unwrap(), counts.unknown_nodes)
}

fn from_turtle(tables: &[&str]) -> (KnowledgeGraph, Option<u64>) {
    let texts = texts(tables);
    let mut turtle = Vec::new();
    let faults = &mut Faults::default();
    let counts = write_turtle(&sources(&texts), &mapping(), &mut turtle, faults).unwrap();
    let graph = graph_from_rdf(&turtle, RdfFormat::Turtle);
    (graph, counts.unknown_nodes)
}

fn texts(tables: &[&str]) -> Vec<Text> {
    let bytes = tables.iter().map(|it| it.as_bytes().to_vec());
    bytes.map(|bytes| Text("t", bytes)).collect()
}

fn sources(texts: &[Text]) -> Vec<&dyn TableSource> {
    texts.iter().map(|it| it as &dyn TableSource).collect()
}

#[test]
fn a_graph_of_tables_is_that_of_their_export() {
    let (graph, unknown) = from_tables(&[EDGES, NODES]);
    let (wanted, _) = from_turtle(&[NODES, EDGES]);
    assert_eq!(content(&graph), content(&wanted));
    assert_eq!((graph.node_count(), graph.edge_count()), (4, 3));
    assert_eq!(unknown, Some(0));
    assert_eq!(from_tables(&[EDGES]).1, Some(3));
}

#[test]
fn what_stands_twice_is_there_once() {
    let twice = format!("{NODES}EX:jia\tbiolink:City\t甲市\t\t12\n");
    let (graph, _) = from_tables(&[&twice, EDGES, EDGES]);
    assert_eq!(content(&graph), content(&from_tables(&[NODES, EDGES]).0));
}

#[test]
fn a_table_without_rows_is_a_graph_without_nodes() {
    let header = NODES.lines().next().unwrap();
    let (graph, unknown) = from_tables(&[header]);
    assert_eq!((graph.node_count(), unknown), (0, Some(0)));
    let (edges, _) = from_tables(&[EDGES, header]);
    assert_eq!(edges.edge_count(), 3);
}

/// Fails after its first row.
struct Torn;

impl TableSource for Torn {
    fn name(&self) -> &str {
        "torn"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        Ok(Box::new(b"id\nEX:a\n".chain(Fails)))
    }
}

#[test]
fn a_table_that_cannot_be_read_is_an_error() {
    let mut reader = GraphReader::new();
    let read = reader.read_tables(&[&Torn], &Mapping::kgx(), &mut Faults::default());
    assert!(matches!(read, Err(TableError::Read { name, .. }) if name == "torn"));
}

proptest! {
    #[test]
    fn tables_answer_as_their_export_does(
        nodes in proptest::collection::vec(("EX:[a-c.]{1,2}|https://kg.example/[a-c/%2F]{0,3}|urn:x:[a-c]|GO:[0-9]", "[^\t\n\r\0]{0,6}", "(EX|biolink):[A-C]"), 0..6),
        edges in proptest::collection::vec(("EX:[a-d]{1,2}", "biolink:[p-q]|EX:.|biolink:[pq]{30}", "EX:[a-d]|urn:x:[a-c]|GO:[0-9]"), 0..8),
    ) {
        let mut node_table = "id\tname\tsynonym\tcategory\tnote\txref\n".to_owned();
        for (id, name, category) in &nodes {
            node_table.push_str(&format!("{id}\t{name}\t{name}|x\t{category}\t{name}\t{id}\n"));
        }
        let mut edge_table = "subject\tpredicate\tobject\n".to_owned();
        for (subject, predicate, object) in &edges {
            edge_table.push_str(&format!("{subject}\t{predicate}\t{object}\n"));
        }
        let tables = [node_table.as_str(), edge_table.as_str()];
        let (graph, unknown) = from_tables(&tables);
        let (wanted, wanted_unknown) = from_turtle(&tables);
        prop_assert_eq!(content(&graph), content(&wanted));
        prop_assert_eq!(unknown, wanted_unknown);
    }
}

/// A folder with the tables, and the options that name them.
fn sandbox() -> (Sandbox, Vec<&'static str>) {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", EDGES);
    let origin = "--graph nodes.tsv --graph edges.tsv --prefix EX=https://kg.example/";
    (sandbox, origin.split(' ').collect())
}

fn with<'a>(arguments: &[&'a str], origin: &[&'a str]) -> Vec<&'a str> {
    [arguments, origin].concat()
}

#[test]
fn every_command_that_asks_takes_tables() {
    let (sandbox, origin) = sandbox();
    for name in [
        "甲市",
        "City A",
        "EX:jia",
        "https://kg.example/jia",
        "jiashi",
    ] {
        let run = sandbox.run(&with(&["neighbors", name, "-f", "csv"], &origin));
        assert!(run.expect(0).stdout().contains("near"), "{name}");
    }
    for (arguments, code, said) in [
        (&["show", "丙港"][..], 0, "supplies"),
        (&["search", "港"], 0, "丙港"),
        (&["list", "Harbour"], 0, "丙港"),
        (&["path", "甲市", "丙港"], 0, "乙市"),
        (&["path", "甲市", "甲市"], 0, "甲市"),
        (&["path", "甲市", "丁市"], 1, ""),
        (&["common", "甲市", "丙港"], 0, "乙市"),
        (&["why", "甲市", "乙市"], 0, "near"),
        (&["targets"], 1, ""),
        (&["timeline"], 1, ""),
        (&["numbers"], 1, ""),
        (&["stats"], 0, "near"),
        (&["query", "ASK { EX:jia biolink:near EX:yi }"], 0, "true"),
        (&["draw", "--around", "甲市", "-f", "dot"], 0, "甲市"),
        (&["export", "-f", "edge-list", "-o", "-"], 0, "supplies"),
        (&["shell", "-c", "show 甲市"], 0, "near"),
    ] {
        let run = sandbox.run(&with(arguments, &origin)).expect(code);
        assert!(
            run.stdout().contains(said),
            "{arguments:?}: {}",
            run.stdout()
        );
    }
}

#[test]
fn sparql_sees_what_the_export_says() {
    let (sandbox, origin) = sandbox();
    let all = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }";
    let asked = sandbox.run(&with(&["query", all, "-f", "ntriples"], &origin));
    let exported = sandbox.run(&[
        "export",
        "nodes.tsv",
        "edges.tsv",
        "--prefix",
        "EX=https://kg.example/",
        "--format",
        "ntriples",
    ]);
    let lines = |text: String| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let asked = lines(asked.expect(0).stdout());
    assert_eq!(asked, lines(exported.expect(0).stdout()));
    assert_eq!(asked.len(), 16);
}

#[test]
fn tables_of_any_kind_are_asked_beside_rdf() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "m.toml",
        "[nodes]\nid = \"code\"\niri = \"https://kg.example/{}\"\n",
    );
    sandbox.write("n.csv", "code,name\njia,甲市\n");
    let json = "{\"subject\":\"https://kg.example/jia\",\"predicate\":\"biolink:near\",\"object\":\"https://kg.example/yi\"}\n";
    let file = fs::File::create(sandbox.path("e.jsonl.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gzip.write_all(json.as_bytes()).unwrap();
    gzip.finish().unwrap();
    sandbox.write(
        "more.ttl",
        "<https://kg.example/yi> <http://www.w3.org/2000/01/rdf-schema#label> '乙市' .",
    );
    let files = "--graph n.csv --graph e.jsonl.gz --graph more.ttl --mapping m.toml";
    let files: Vec<&str> = files.split(' ').collect();
    let run = sandbox
        .run(&with(&["why", "甲市", "乙市"], &files))
        .expect(0);
    assert!(run.stdout().contains("near"), "{}", run.stdout());
    let count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }";
    let run = sandbox.run(&with(&["query", count, "-f", "csv"], &files));
    assert_eq!(run.expect(0).stdout(), "n\r\n3\r\n");
}

#[test]
fn faulty_tables_are_not_asked() {
    let sandbox = Sandbox::new();
    sandbox.write("t.tsv", "id\tname\nEX:a\t甲市\nEX:b\nc\t丙市\n");
    let arguments = [
        "show",
        "甲市",
        "--graph",
        "t.tsv",
        "--prefix",
        "EX=https://kg.example/",
    ];
    let run = sandbox.run(&arguments).expect(1);
    assert_eq!(run.stdout(), "");
    assert_eq!(
        run.stderr(),
        "t.tsv:3:5: error[missing-column]: the row has 1 fields, the header 2; the first that is missing is `name`
t.tsv:4:1: error[not-an-iri]: `c` is neither a CURIE nor an absolute IRI
2 faulty rows of 3, nothing read; --rejects FILE sets them aside; docs/tables.md explains the codes
"
    );
    let run = sandbox
        .run(&with(&arguments, &["--max-errors", "1"]))
        .expect(1);
    assert!(!run.stderr().contains("t.tsv:4"), "{}", run.stderr());
    let run = sandbox
        .run(&with(&arguments, &["--rejects", "r.tsv"]))
        .expect(0);
    assert!(run.stdout().contains("甲市"));
    assert_eq!(run.stderr(), "r.tsv: 2 faulty rows\n");
    let rejects = fs::read_to_string(sandbox.path("r.tsv")).unwrap();
    assert_eq!(rejects.lines().count(), 3);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let (sandbox, _) = sandbox();
    sandbox.write("e.tsv", "");
    sandbox.write("t.txt", "");
    sandbox.write("t.nt", "");
    for (arguments, code, said) in [
        (
            &["stats", "--graph", "e.tsv"][..],
            1,
            "e.tsv:1:1: error[invalid-header]",
        ),
        (
            &["stats", "--graph", "none.tsv"],
            2,
            "cannot read `none.tsv`",
        ),
        (&["stats", "--graph", "t.txt"], 2, "neither RDF nor a table"),
        (
            &["stats", "--graph", "t.nt", "--max-errors", "3"],
            2,
            "none is",
        ),
        (&["stats", "--mapping", "m.toml"], 2, "none is"),
        (&["stats", "--graph", "nodes.tsv"], 1, "unknown-prefix"),
        (
            &["stats", "--graph", "nodes.tsv", "--mapping", "m.toml"],
            2,
            "`m.toml`",
        ),
    ] {
        let run = sandbox.run(arguments).expect(code);
        assert!(
            run.stderr().contains(said),
            "{arguments:?}: {}",
            run.stderr()
        );
    }
    let origin = ["--graph", "edges.tsv", "--prefix", "EX=https://kg.example/"];
    let run = sandbox.run(&with(&["stats"], &origin)).expect(0);
    assert_eq!(run.stderr(), "warning: edges name 3 nodes without a row\n");
}
