//! Statements of edges in a stream: every format and every shard says the same of the same statement.

use std::collections::BTreeSet;
use std::fs;

use tupu::model::Status;
use tupu::oxrdf::{NamedNode, TripleRef};
use tupu::rdf::{QuadReader, RdfFormat, statement_iri};

use crate::support::Sandbox;

const NODES: &str = "id\tcategory\tname\nEX:b\tbiolink:City\t乙市\nEX:a\tbiolink:City\t甲市\n";
const HEADER: &str = "id\tsubject\tpredicate\tobject\tprimary_knowledge_source\tsince\n";
const ROWS: [&str; 5] = [
    "E1\tEX:a\tbiolink:near\tEX:b\tinfores:gazetteer\t1998\n",
    "E2\tEX:b\tbiolink:supplies\tEX:c\tinfores:atlas\t\n",
    // The same triple from elsewhere: one statement, with all that both rows say.
    "E3\tEX:a\tbiolink:near\tEX:b\tinfores:atlas\t1999\n",
    "E4\tEX:a\tbiolink:near\tEX:c\t\t\n",
    "E5\tEX:c\tbiolink:near\tEX:a\tinfores:atlas\t2001\n",
];

fn table(rows: &[&str]) -> String {
    format!("{HEADER}{}", rows.concat())
}

/// What an export of `nodes.tsv` and `edges` is, as text.
#[track_caller]
fn export(sandbox: &Sandbox, edges: &str, provenance: &str, format: &str) -> String {
    let arguments = [
        "export",
        "nodes.tsv",
        edges,
        "--prefix",
        "EX=https://kg.example/",
        "--format",
        format,
        "--provenance",
        provenance,
        "-o",
        "out.rdf",
        "--memory",
        "1M",
    ];
    sandbox.run(&arguments).expect(0);
    fs::read_to_string(sandbox.path("out.rdf")).unwrap()
}

fn quads(text: &str, format: RdfFormat) -> BTreeSet<String> {
    QuadReader::new(text.as_bytes(), format)
        .map(|quad| quad.unwrap().to_string())
        .collect()
}

#[test]
fn turtle_and_lines_hold_the_same() {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", &table(&ROWS));
    for provenance in ["none", "reified", "rdf12"] {
        let lines = export(&sandbox, "edges.tsv", provenance, "ntriples");
        let turtle = export(&sandbox, "edges.tsv", provenance, "turtle");
        let expected = quads(&lines, RdfFormat::NTriples);
        assert_eq!(quads(&turtle, RdfFormat::Turtle), expected, "{provenance}");
    }
    for provenance in ["none", "reified", "rdf12", "graphs"] {
        let lines = export(&sandbox, "edges.tsv", provenance, "nquads");
        let trig = export(&sandbox, "edges.tsv", provenance, "trig");
        let expected = quads(&lines, RdfFormat::NQuads);
        assert_eq!(quads(&trig, RdfFormat::TriG), expected, "{provenance}");
    }
}

#[test]
fn statements_stand_together_whatever_the_order_of_rows() {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", &table(&ROWS));
    let mut reversed = ROWS;
    reversed.reverse();
    sandbox.write("reversed.tsv", &table(&reversed));
    let turtle = export(&sandbox, "edges.tsv", "reified", "turtle");
    assert_eq!(
        export(&sandbox, "reversed.tsv", "reified", "turtle"),
        turtle
    );
    assert_eq!(turtle.matches(" a rdf:Statement").count(), 4, "{turtle}");
    let identifiers = "dct:identifier\n        \"E1\",\n        \"E3\" ;";
    assert!(turtle.contains(identifiers), "{turtle}");
    assert!(turtle.contains("EX:a a biolink:City ;"), "{turtle}");
}

#[test]
fn shards_agree() {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", &table(&ROWS));
    for (provenance, format, rdf) in [
        ("reified", "turtle", RdfFormat::Turtle),
        ("rdf12", "turtle", RdfFormat::Turtle),
        ("graphs", "trig", RdfFormat::TriG),
    ] {
        let whole = quads(&export(&sandbox, "edges.tsv", provenance, format), rdf);
        let mut union = BTreeSet::new();
        for rows in ROWS.chunks(2) {
            sandbox.write("shard.tsv", &table(rows));
            union.extend(quads(
                &export(&sandbox, "shard.tsv", provenance, format),
                rdf,
            ));
        }
        assert_eq!(union, whole, "{provenance}");
    }
}

#[test]
fn the_iri_is_that_of_curated_projects() {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", &table(&ROWS));
    let turtle = export(&sandbox, "edges.tsv", "reified", "turtle");
    let node = |iri: &str| NamedNode::new(iri).unwrap();
    let (a, b) = (node("https://kg.example/a"), node("https://kg.example/b"));
    let near = node("https://w3id.org/biolink/vocab/near");
    let triple = TripleRef::new(&a, &near, &b);
    let iri = statement_iri("urn:tupu:", triple, Status::Asserted);
    assert!(
        turtle.contains(&format!("<{iri}> a rdf:Statement")),
        "{iri}: {turtle}"
    );
}
