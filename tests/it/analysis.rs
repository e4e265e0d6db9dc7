//! The graph as tables for tools of analysis.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use tupu::model::{Date, Decimal};
use tupu::property_graph::{append_csv_field, append_tsv_value};

use crate::support::{Sandbox, assert_golden, in_repository};

/// Every format that needs no feature, with its files.
const FORMATS: [(&str, &[&str]); 5] = [
    ("kgx-tsv", &["_nodes.tsv", "_edges.tsv"]),
    ("kgx-jsonl", &["_nodes.jsonl", "_edges.jsonl"]),
    ("neo4j", &["_neo4j_nodes.csv", "_neo4j_relationships.csv"]),
    ("edge-list", &["_edges.csv"]),
    ("graphml", &[".graphml"]),
];

#[test]
fn a_small_project_gives_the_expected_tables() {
    let sandbox = Sandbox::with_project("two-cities");
    for (format, suffixes) in FORMATS {
        sandbox.run(&["export", "--format", format]).expect(0);
        for suffix in suffixes {
            let name = format!("two-cities{suffix}");
            let found = fs::read_to_string(sandbox.path("out").join(&name)).unwrap();
            let folder = in_repository("tests/cases/good/two-cities/out/tables");
            assert_golden(&folder.join(&name), &found);
        }
    }
}

#[test]
fn without_provenance_there_is_neither_evidence_nor_what_is_only_planned() {
    let sandbox = Sandbox::with_project("two-cities");
    let rows = |arguments: &[&str]| {
        let mut all = vec!["export", "--format", "edge-list", "-o", "-"];
        all.extend(arguments);
        csv_rows(sandbox.run(&all).expect(0).stdout().as_bytes())
    };
    let (all, plain) = (rows(&[]), rows(&["--provenance", "none"]));
    assert_eq!(plain[0], ["source", "target", "slot", "id", "predicate"]);
    let planned = |row: &&Vec<String>| row[5] == "planned";
    assert_eq!(all.iter().filter(planned).count(), 1);
    assert_eq!(plain.len(), all.len() - 1);
    let run = sandbox
        .run(&["export", "--format", "kgx-jsonl", "--provenance", "none"])
        .expect(0);
    assert!(run.stderr().contains("two-cities_nodes.jsonl: "));
    let city = object(&sandbox.path("out/two-cities_nodes.jsonl"), "tc:city-a");
    assert_eq!(city.get("mood_reported"), None);
    sandbox.run(&["export", "--format", "kgx-jsonl"]).expect(0);
    let city = object(&sandbox.path("out/two-cities_nodes.jsonl"), "tc:city-a");
    assert_eq!(city["mood_reported"], "lively");
    assert_eq!(city.get("mood"), None, "reported is not asserted");
}

/// The line of a JSON Lines file that has this id.
fn object(path: &Path, id: &str) -> Value {
    let text = fs::read_to_string(path).unwrap();
    let mut objects = text.lines().map(|line| serde_json::from_str(line).unwrap());
    objects.find(|object: &Value| object["id"] == id).unwrap()
}

#[test]
fn rdf_gives_the_edges_of_the_project_that_it_comes_from() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "-o", "x.ttl"]).expect(0);
    let export = |arguments: &[&str]| {
        let mut all = vec!["export", "--format", "kgx-tsv"];
        all.extend(arguments);
        sandbox.run(&all).expect(0);
    };
    export(&["--output", "of-project"]);
    export(&["--output", "of-rdf", "--graph", "x.ttl"]);
    let lines = |name: &str| -> BTreeSet<String> {
        let text = fs::read_to_string(sandbox.path(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let edges = lines("of-project/two-cities_edges.tsv");
    let of_rdf = lines("of-rdf/x_edges.tsv");
    assert!(edges.len() > 5);
    assert!(edges.is_subset(&of_rdf));
    // In RDF a value of an enum is a node.
    let mut others = of_rdf.difference(&edges);
    assert!(others.all(|line| line.contains("\ttct:mood\t")));
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_appears() {
    let sandbox = Sandbox::with_project("two-cities");
    for (arguments, word) in [
        (&["--format", "kgx-tsv", "-o", "x.tsv"][..], "--output DIR"),
        (&["--format", "neo4j", "-o", "-"], "--output DIR"),
        (&["--format", "graphml", "--provenance", "rdf12"], "none"),
        (&["--format", "turtle", "--graph", "x.ttl"], "--project"),
        (&["--format", "graphml", "--graph", "x.ttl"], "x.ttl"),
        (&["-o", "no/folder.graphml"], "no"),
    ] {
        let mut all = vec!["export"];
        all.extend(arguments);
        let run = sandbox.run(&all).expect(2);
        assert!(run.stderr().contains(word), "{}", run.stderr());
        assert!(!sandbox.path("out").exists());
    }
    sandbox.write("data/articles/02-broken.toml", "article = ");
    sandbox.run(&["export", "--format", "neo4j"]).expect(1);
    assert!(!sandbox.path("out").exists());
}

#[test]
fn graphml_is_packed_by_its_extension_and_the_same_each_time() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "-o", "x.graphml"]).expect(0);
    sandbox.run(&["export", "-o", "y.graphml"]).expect(0);
    sandbox.run(&["export", "-o", "x.graphml.gz"]).expect(0);
    let read = |name: &str| fs::read(sandbox.path(name)).unwrap();
    assert_eq!(read("x.graphml"), read("y.graphml"));
    assert_eq!(read("x.graphml.gz")[..2], [0x1F, 0x8B]);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_so() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&["export", "--format", "parquet"]).expect(2);
    assert!(run.stderr().contains("feature `parquet`"));
    assert!(!sandbox.path("out").exists());
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_json_lines_hold() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};

    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "--format", "parquet"]).expect(0);
    sandbox.run(&["export", "--format", "kgx-jsonl"]).expect(0);
    sandbox.run(&["export", "-o", "x.nt"]).expect(0);
    let rows = |name: &str| -> Vec<Row> {
        let file = fs::File::open(sandbox.path(name)).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let lines = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    let text = lines("out/two-cities_nodes.jsonl");
    let objects: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let nodes = rows("out/two-cities_nodes.parquet");
    assert_eq!(nodes.len(), objects.len());
    let mut compared = 0;
    for (row, object) in nodes.iter().zip(&objects) {
        for (name, field) in row.get_column_iter() {
            let Some(value) = object.get(name) else {
                let is_elsewhere = matches!(name.as_str(), "class" | "classes");
                assert!(is_elsewhere || *field == Field::Null, "{name}: {field}");
                continue;
            };
            assert_eq!(parquet_json(field), *value, "{name}");
            compared += 1;
        }
    }
    assert!(compared > 50);
    let edges = lines("out/two-cities_edges.jsonl").lines().count();
    assert_eq!(rows("out/two-cities_edges.parquet").len(), edges);
    let triples = lines("x.nt").lines().count();
    assert_eq!(rows("out/two-cities_triples.parquet").len(), triples);
}

#[cfg(feature = "parquet")]
fn parquet_json(field: &parquet::record::Field) -> Value {
    use parquet::record::Field;

    match field {
        Field::Str(text) => text.as_str().into(),
        Field::Long(number) => (*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Bool(value) => (*value).into(),
        Field::ListInternal(list) => list.elements().iter().map(parquet_json).collect(),
        Field::Date(_) => field.to_string().split(' ').next().unwrap().into(),
        other => panic!("{other} is of a type that is not written"),
    }
}

/// Reads what Neo4j's documentation describes, and nothing else.
#[test]
fn neo4j_tables_are_as_its_documentation_has_them() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let project = data.to_str().unwrap();
    sandbox
        .run(&["export", "--format", "neo4j", "--project", project])
        .expect(0);
    let read = |name: &str| csv_rows(&fs::read(sandbox.path("out").join(name)).unwrap());
    let nodes = read("chengyu_neo4j_nodes.csv");
    let relationships = read("chengyu_neo4j_relationships.csv");
    assert!(nodes.len() > 700 && relationships.len() > 1000);
    for table in [&nodes, &relationships] {
        let types: Vec<&str> = table[0].iter().map(|field| neo4j_type(field)).collect();
        for row in &table[1..] {
            assert_eq!(row.len(), types.len());
            for (kind, field) in types.iter().zip(row) {
                check_neo4j_field(kind, field);
            }
        }
    }
    let column = |table: &[Vec<String>], kind: &str| {
        let at = table[0].iter().position(|it| neo4j_type(it) == kind);
        let at = at.unwrap_or_else(|| panic!("no column of the type {kind}"));
        table[1..]
            .iter()
            .map(move |row| row[at].clone())
            .collect::<Vec<_>>()
    };
    let ids = column(&nodes, "ID");
    let known: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(known.len(), ids.len(), "ids are unique");
    assert!(
        column(&nodes, "LABEL")
            .iter()
            .all(|labels| !labels.is_empty())
    );
    assert!(
        column(&relationships, "TYPE")
            .iter()
            .all(|kind| !kind.is_empty())
    );
    for end in ["START_ID", "END_ID"] {
        let ends = column(&relationships, end);
        assert!(ends.iter().all(|id| known.contains(id)));
    }
}

fn neo4j_type(header: &str) -> &str {
    let (_, kind) = header.split_once(':').unwrap();
    kind
}

fn check_neo4j_field(kind: &str, field: &str) {
    if let Some(element) = kind.strip_suffix("[]") {
        let elements = field.split(';').filter(|it| !it.is_empty());
        elements.for_each(|it| check_neo4j_field(element, it));
        return;
    }
    let is_legal = match kind {
        "ID" | "LABEL" | "START_ID" | "END_ID" | "TYPE" => !field.is_empty(),
        "string" => true,
        _ if field.is_empty() => true,
        "long" => field.parse::<i64>().is_ok(),
        "double" => Decimal::parse(field).is_ok(),
        "boolean" => matches!(field, "true" | "false"),
        "date" => field.len() == 10 && Date::parse(field).is_ok(),
        _ => panic!("`{kind}` is no type of Neo4j's"),
    };
    assert!(is_legal, "`{field}` is no {kind}");
}

/// All rows of a CSV file, which must be of equal length.
fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes)
        .into_deserialize()
        .map(Result::unwrap)
        .collect()
}

proptest! {
    #[test]
    fn any_fields_come_back_from_csv(fields in prop::collection::vec(any::<String>(), 1..5)) {
        let mut line = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                line.push(b',');
            }
            append_csv_field(&mut line, field);
        }
        line.push(b'\n');
        prop_assert_eq!(csv_rows(&line), vec![fields]);
    }

    #[test]
    fn a_value_in_kgx_tsv_stays_one_value(text in any::<String>()) {
        let mut field = Vec::new();
        append_tsv_value(&mut field, &text);
        let field = String::from_utf8(field).unwrap();
        prop_assert!(!field.contains(['\t', '\n', '\r', '|']));
        let expected: String = text
            .chars()
            .map(|c| match c {
                '\t' | '\n' | '\r' => ' ',
                '|' => '｜',
                c => c,
            })
            .collect();
        prop_assert_eq!(field, expected);
    }
}
