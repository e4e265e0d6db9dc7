//! `tupu query`: named queries and their answers, formats, parameters, faults and exit codes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tupu::load::load_project;
use tupu::named_query::{ParameterKind, parse};
use tupu::oxrdf::{Literal, NamedNode};
use tupu::query::{NameIndex, Resolution, Scope};
use tupu::rdf::ProvenanceProfile;
use tupu::sparql::{self, CancellationToken, QueryResults, RdfGraph, bind, evaluate};

use crate::support::{Run, Sandbox, assert_golden, in_repository};

/// Asks the graph of the repository.
fn ask(arguments: &[&str]) -> Run {
    let data = in_repository("data");
    let mut all = vec!["--project", data.to_str().unwrap(), "query"];
    all.extend(arguments);
    Sandbox::new().run(&all)
}

/// What parameters the queries are asked with that need some, or give too much without.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("bodies-of-place", &["place=重庆"]),
    ("class-counts", &["least=20"]),
    (
        "common-agreements",
        &["body=重庆市发展改革委", "other=cd-drc"],
    ),
    ("evidence", &["subject=lab-agreement"]),
    ("names", &["entity=双核联动联建第三次会议"]),
    ("passage-facts", &["start=3866", "end=4062"]),
    ("provisions", &["document=finance-plan"]),
];

/// The names of the queries in `data/queries`.
pub(crate) fn names() -> Vec<String> {
    let files = fs::read_dir(in_repository("data/queries")).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".rq").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The name of a query with the parameters that it is asked with.
pub(crate) fn with_parameters(name: &str) -> Vec<&str> {
    let given = PARAMETERS.iter().filter(|(of, _)| *of == name);
    let values = given.flat_map(|(_, values)| *values);
    let settings = values.flat_map(|value| ["--set", *value]);
    [name].into_iter().chain(settings).collect()
}

#[test]
fn every_named_query_gives_the_rows_that_we_have_read() {
    let names = names();
    assert!(names.len() >= 20, "{names:?}");
    for name in &names {
        let asked = with_parameters(name);
        let run = ask(&[&asked[..], &["--format", "csv"]].concat()).expect(0);
        let expected = in_repository("tests/cases/queries").join(format!("{name}.csv"));
        let rows = run.stdout().replace("\r\n", "\n");
        assert!(rows.lines().count() > 1, "{name} has no rows");
        assert_golden(&expected, &rows);
    }
    for file in fs::read_dir(in_repository("tests/cases/queries")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".csv").unwrap();
        assert!(
            names.contains(&name.to_owned()),
            "no query is called {name}"
        );
    }
}

#[test]
fn what_is_printed_for_a_store_gives_the_same_rows() {
    for name in &names() {
        let asked = with_parameters(name);
        let printed = ask(&[&asked[..], &["--sparql"]].concat())
            .expect(0)
            .stdout();
        let file = Sandbox::new();
        let query = file.write("query.rq", &printed);
        let again = ask(&["--file", query.to_str().unwrap(), "--format", "csv"]).expect(0);
        let rows = ask(&[&asked[..], &["--format", "csv"]].concat()).expect(0);
        assert_eq!(again.stdout(), rows.stdout(), "{printed}");
    }
}

#[test]
fn named_queries_have_as_many_rows_in_every_language() {
    let loaded = load_project(&in_repository("data")).unwrap();
    let graph = RdfGraph::of_project(&loaded.graph, ProvenanceProfile::Reified).unwrap();
    let prefixes = &loaded.graph.project().prefixes;
    let names = NameIndex::new(&loaded.graph);
    let resolve = |text: &str| names.resolve(&loaded.graph, text, Scope::default());
    let value = |kind: &ParameterKind, text: &str| match (kind, resolve(text)) {
        (ParameterKind::Entity, Resolution::Found(hit)) => {
            sparql::Value::NamedNode(NamedNode::new_unchecked(loaded.graph.iri(hit.node)))
        }
        (ParameterKind::Literal(datatype), _) => {
            let datatype = NamedNode::new_unchecked(prefixes.expand(datatype).unwrap());
            sparql::Value::Literal(Literal::new_typed_literal(text, datatype))
        }
        _ => sparql::Value::Literal(text.into()),
    };
    let mut asked = 0;
    for named in loaded
        .queries
        .iter()
        .filter(|it| it.parameter("lang").is_some())
    {
        let query = parse(&named.text, prefixes).unwrap();
        let given = PARAMETERS.iter().filter(|(of, _)| *of == named.name);
        let given: Vec<&str> = given.flat_map(|(_, values)| *values).copied().collect();
        let count = |language: &str| {
            let mut values = BTreeMap::new();
            for parameter in &named.parameters {
                let given = given
                    .iter()
                    .find_map(|it| it.strip_prefix(&format!("{}=", parameter.name)));
                let text = given.or(parameter.default.as_deref());
                let text = if parameter.name == "lang" {
                    Some(language)
                } else {
                    text
                };
                if let Some(text) = text {
                    values.insert(parameter.name.clone(), value(&parameter.kind, text));
                }
            }
            let query = bind(&query, &values).unwrap();
            match evaluate(&graph, &query, CancellationToken::new()).unwrap() {
                QueryResults::Solutions(rows) => rows.map(Result::unwrap).count(),
                _ => panic!("{} is no SELECT", named.name),
            }
        };
        assert_ne!(count("zh"), 0, "{}", named.name);
        assert_eq!(count("zh"), count("en"), "{}", named.name);
        asked += 1;
    }
    assert!(asked > 15, "only {asked} queries speak languages");
}

#[test]
fn the_list_has_every_query_in_both_languages() {
    let names: BTreeSet<String> = names().into_iter().collect();
    for (language, title) in [("zh", "协议由谁签署"), ("en", "Who signed which agreement")] {
        let text = ask(&["--list", "--lang", language]).expect(0).stdout();
        let listed: BTreeSet<String> = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with(' '))
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect();
        assert_eq!(listed, names);
        assert!(text.contains(title), "{text}");
    }
    let run = ask(&["--list", "--format", "json"]).expect(0);
    let list: Value = serde_json::from_str(&run.stdout()).unwrap();
    let due = list.as_array().unwrap().iter();
    let due = due.clone().find(|it| it["name"] == "targets-due").unwrap();
    assert_eq!(due["parameters"][0]["type"], "xsd:date");
    assert_eq!(due["parameters"][0]["default"], "2027-12-31");
    assert_eq!(due["title"]["en"], "Targets due by a date");
}

#[test]
fn rows_come_in_every_format() {
    let query =
        "SELECT ?o ?l { cy:chengdu rdfs:label ?l ; a ?o FILTER(?o = schema:City) } ORDER BY ?l";
    let answer = |format: &str| ask(&[query, "--format", format]).expect(0).stdout();
    assert_eq!(
        answer("table"),
        "o            l\nschema:City  Chengdu\nschema:City  成都市\n"
    );
    assert_eq!(
        answer("markdown"),
        "| o | l |\n| --- | --- |\n| schema:City | Chengdu |\n| schema:City | 成都市 |\n"
    );
    assert_eq!(
        answer("csv"),
        "o,l\r\nhttps://schema.org/City,Chengdu\r\nhttps://schema.org/City,成都市\r\n"
    );
    assert_eq!(
        answer("tsv"),
        "?o\t?l\n<https://schema.org/City>\t\"Chengdu\"@en\n<https://schema.org/City>\t\"成都市\"@zh\n"
    );
    let rows = answer("ndjson");
    let first: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(first["l"]["xml:lang"], "en");
    let json: Value = serde_json::from_str(&answer("json")).unwrap();
    assert_eq!(json["results"]["bindings"][0], first);
    assert_eq!(json["head"]["vars"], serde_json::json!(["o", "l"]));
    assert!(answer("xml").contains("<literal xml:lang=\"zh\">成都市</literal>"));
    let run = ask(&[query, "--format", "turtle"]).expect(2);
    assert!(
        run.stderr().contains("SELECT and ASK give rows"),
        "{}",
        run.stderr()
    );
}

#[test]
fn true_and_false_are_words_and_exit_codes() {
    let run = ask(&["ASK { cy:chengdu a schema:City }"]).expect(0);
    assert_eq!(run.stdout(), "true\n");
    let run = ask(&["ASK { cy:chengdu a schema:Person }", "--format", "json"]).expect(1);
    assert_eq!(run.stdout(), "{\"head\":{},\"boolean\":false}\n");
    assert_eq!(
        ask(&["SELECT * { cy:chengdu a schema:Person }"])
            .expect(1)
            .stdout(),
        ""
    );
}

#[test]
fn triples_are_written_with_the_prefixes_of_the_project() {
    let query =
        "CONSTRUCT { ?city schema:name ?name } WHERE { ?city a schema:City ; rdfs:label ?name }";
    let turtle = ask(&[query, "--limit", "1"]).expect(0).stdout();
    assert!(
        turtle.starts_with("@prefix cy: <https://w3id.org/tupu/chengyu/> .\n"),
        "{turtle}"
    );
    assert_eq!(turtle.matches("schema:name").count(), 1, "{turtle}");
    let triples = ask(&[query, "--format", "ntriples"]).expect(0).stdout();
    assert_eq!(triples.lines().count(), 6, "{triples}");
    let described = ask(&["DESCRIBE cy:chengdu"]).expect(0).stdout();
    assert!(described.contains("cy:chengdu a "), "{described}");
    ask(&["CONSTRUCT { ?s ?p ?o } { ?s a schema:Nothing ; ?p ?o }"]).expect(1);
    let run = ask(&[query, "--format", "csv"]).expect(2);
    assert!(run.stderr().contains("give triples"), "{}", run.stderr());
}

#[test]
fn what_is_no_triple_is_left_out_and_new_blank_nodes_have_stable_labels() {
    // A literal is no subject, and a literal is no predicate.
    let query = "CONSTRUCT { ?l ?p ?s . ?s ?l ?p . _:n schema:name ?l } \
                 WHERE { ?s a schema:City ; rdfs:label ?l ; ?p ?l }";
    let answers: BTreeSet<String> = (0..3)
        .map(|_| ask(&[query, "--format", "ntriples"]).expect(0).stdout())
        .collect();
    assert_eq!(answers.len(), 1);
    for line in answers.first().unwrap().lines() {
        assert!(line.starts_with("_:b"), "{line}");
    }
}

#[test]
fn evidence_is_asked_as_the_profile_has_it() {
    let statements = "SELECT (COUNT(*) AS ?n) { ?s a rdf:Statement }";
    let count = |profile: &str| {
        let run = ask(&[statements, "--provenance", profile, "--format", "tsv"]);
        run.expect(0).stdout().lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(count("none"), "0");
    assert_ne!(count("reified"), "0");
    assert_eq!(count("graphs"), count("reified"));
    ask(&[
        "ASK { GRAPH cy:laboratories { ?s cyo:signatory ?o } }",
        "--provenance",
        "graphs",
    ])
    .expect(0);
    ask(&[
        "ASK { ?r rdf:reifies <<( cy:lab-agreement cyo:signatory ?o )>> }",
        "--provenance",
        "rdf12",
    ])
    .expect(0);
}

#[test]
fn other_peoples_files_are_asked_too() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.ttl",
        "@prefix k: <https://kg.example/> . k:a k:p _:x . _:x k:q \"甲\"@zh .",
    );
    sandbox.write(
        "b.nq",
        "_:x <https://kg.example/q> \"乙\"@zh <https://kg.example/g> .\n",
    );
    let select = "SELECT ?o { { ?x k:q ?o } UNION { GRAPH k:g { ?x k:q ?o } } } ORDER BY ?o";
    let run = sandbox
        .run(&[
            "query", select, "--graph", "a.ttl", "--graph", "b.nq", "--format", "csv",
        ])
        .expect(0);
    assert_eq!(run.stdout(), "o\r\n乙\r\n甲\r\n");
    // Blank nodes of two documents are two, whatever their labels.
    let run = sandbox
        .run(&[
            "query",
            "ASK { ?x k:q ?a . GRAPH k:g { ?x k:q ?b } }",
            "--graph",
            "a.ttl",
            "--graph",
            "b.nq",
        ])
        .expect(1);
    assert_eq!(run.stdout(), "false\n");
    for (file, text, place) in [
        (
            "bad.ttl",
            "@prefix k: <https://kg.example/> .\nk:a k:p .\n",
            "2:9",
        ),
        (
            "bad.nt",
            "<k:a> <k:b> <k:c> .\n<k:a> <k b> <k:c> .\n",
            "2:7",
        ),
        (
            "bad.rdf",
            "<RDF xmlns=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<Bag>\n</a>",
            "3:4",
        ),
    ] {
        sandbox.write(file, text);
        let run = sandbox.run(&["query", "ASK {}", "--graph", file]).expect(2);
        let said = run.stderr();
        assert!(
            said.contains(&format!("{file}:{place}: not valid")),
            "{said}"
        );
    }
    sandbox.write("empty.nt", "");
    sandbox
        .run(&["query", "SELECT * { ?s ?p ?o }", "--graph", "empty.nt"])
        .expect(1);
}

#[test]
fn exported_files_give_the_same_answers_packed_or_not() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let data = data.to_str().unwrap();
    let query = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p";
    let wanted = ask(&[query, "--format", "csv"]).expect(0).stdout();
    for file in ["g.ttl", "g.nt.gz", "g.rdf", "g.jsonld.zst"] {
        sandbox
            .run(&["--project", data, "export", "-o", file])
            .expect(0);
        let run = sandbox
            .run(&["query", query, "--graph", file, "--format", "csv"])
            .expect(0);
        assert_eq!(run.stdout(), wanted, "{file}");
    }
}

#[test]
fn a_fault_of_the_query_is_shown_with_its_line() {
    let run = ask(&["SELECT ?s {\n  ?s a shcema:City\n}"]).expect(2);
    let shown = run.stderr();
    for part in [
        "the prefix `shcema` is not declared",
        "--> query:2:8",
        "?s a shcema:City",
        "^^^^^^",
        "did you mean `schema`?",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let sandbox = Sandbox::new();
    sandbox.write("q.rq", "SELECT * WHERE { ?s ?p ?o .\n");
    sandbox.write("empty.nt", "");
    let run = sandbox
        .run(&["query", "--file", "q.rq", "--graph", "empty.nt"])
        .expect(2);
    assert!(run.stderr().contains("--> q.rq:1:16"), "{}", run.stderr());
    fs::write(sandbox.path("gbk.rq"), b"ASK {}\n# \xB3\xC9\xB6\xBC\n").unwrap();
    let run = sandbox
        .run(&["query", "--file", "gbk.rq", "--graph", "empty.nt"])
        .expect(2);
    assert!(
        run.stderr().contains("gbk.rq:2: the query is not UTF-8"),
        "{}",
        run.stderr()
    );
}

#[test]
fn updates_and_other_servers_are_refused() {
    let run = ask(&["DELETE WHERE { ?s ?p ?o }"]).expect(2);
    assert!(
        run.stderr().contains("this is an update"),
        "{}",
        run.stderr()
    );
    let run = ask(&["SELECT * { SERVICE SILENT <https://kg.example/> { ?s ?p ?o } }"]).expect(2);
    assert!(
        run.stderr().contains("tupu uses no network"),
        "{}",
        run.stderr()
    );
}

#[test]
fn parameters_are_terms_and_never_text() {
    let select = "SELECT ?who { ?who cyo:signatory ?what }";
    let run = ask(&[select, "--set", "what=金凤实验室", "--format", "csv"]).expect(0);
    assert!(run.stdout().contains("lab-agreement"), "{}", run.stdout());
    // What would end a string or a group in a text is a value like any other.
    let hostile = "x=\" } UNION { ?s ?p ?o } #";
    let sandbox = Sandbox::new();
    sandbox.write(
        "q.rq",
        "# param.x: string\n\nSELECT ?s ?x { ?s rdfs:label ?l FILTER(STR(?l) = ?x) }",
    );
    let data = in_repository("data");
    let run = sandbox.run(&[
        "--project",
        data.to_str().unwrap(),
        "query",
        "--file",
        "q.rq",
        "--set",
        hostile,
    ]);
    assert_eq!(run.expect(1).stdout(), "");
    let run = ask(&[
        "SELECT (?x AS ?y) {}",
        "--set",
        "x=\"a\\\"b\"@zh",
        "--format",
        "tsv",
    ]);
    assert_eq!(run.expect(0).stdout(), "?y\n\"a\\\"b\"@zh\n");
    let long = format!("x=\"{}\"", "重".repeat(20_000));
    ask(&["SELECT (STRLEN(?x) AS ?y) {}", "--set", &long]).expect(0);
}

#[test]
fn wrong_parameters_are_named() {
    for (arguments, code, said) in [
        (
            vec!["common-agreements"],
            2,
            "the query needs --set body=ENTITY",
        ),
        (
            vec!["targets-due", "--set", "befor=2027-01-01"],
            2,
            "did you mean `before`?",
        ),
        (vec!["targets-due", "--set", "before"], 2, "has no value"),
        (
            vec!["targets-due", "--set", "before=2027-13-01"],
            2,
            "`2027-13-01` is no xsd:date",
        ),
        (
            vec!["names", "--set", "entity=天府锦成实验室"],
            1,
            "did you mean",
        ),
        (
            vec!["names", "--set", "entity=合作协议"],
            1,
            "means 3 entities",
        ),
        (vec!["signatorys"], 2, "did you mean `signatories`?"),
        (
            vec!["ASK { ?s ?p ?o }", "--set", "x=chengdu"],
            2,
            "the query has no variable `?x`",
        ),
        (
            vec!["ASK { ?s ?p ?o }", "--set", "s=\"a\""],
            2,
            "its value is to be an IRI",
        ),
        (
            vec!["SELECT * { BIND(1 AS ?x) }", "--set", "x=chengdu"],
            2,
            "gives `?x` a value itself",
        ),
        (vec![], 2, "--list"),
    ] {
        let run = ask(&arguments).expect(code);
        assert!(
            run.stderr().contains(said),
            "{arguments:?}: {}",
            run.stderr()
        );
    }
}

#[test]
fn a_query_that_would_run_for_minutes_is_given_up() {
    let start = Instant::now();
    let run = ask(&[
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "--timeout",
        "1",
    ])
    .expect(2);
    assert!(
        run.stderr().contains("took longer than 1 second"),
        "{}",
        run.stderr()
    );
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let mut child = sandbox
        .command(&[
            "--project",
            data.to_str().unwrap(),
            "query",
            "SELECT * { ?s ?p ?o . ?o ?q ?r }",
            "--format",
            "ndjson",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_query_comes_from_standard_input() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let mut child = sandbox
        .command(&["--project", data.to_str().unwrap(), "query", "--file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input
        .write_all("ASK { cy:chengdu rdfs:label \"成都市\"@zh }".as_bytes())
        .unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"true\n");
}

#[test]
fn what_other_people_wrote_into_their_data_moves_no_cursor() {
    let sandbox = Sandbox::new();
    sandbox.write("a.ttl", "<urn:a> <urn:b> \"a\\u001B[2Jb\\nc|d\" .");
    for (format, shown) in [("table", "a [2Jb c|d"), ("markdown", "a \\[2Jb c\\|d")] {
        let run = sandbox
            .run(&[
                "query",
                "SELECT ?o { ?s ?p ?o }",
                "--graph",
                "a.ttl",
                "--format",
                format,
            ])
            .expect(0);
        assert!(run.stdout().contains(shown), "{:?}", run.stdout());
    }
}
