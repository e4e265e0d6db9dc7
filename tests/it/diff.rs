//! `tupu diff`: changes are said in the domain's words, and none goes unsaid.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use tupu::diff::{EntityDifference, Options, Side, compare};
use tupu::load::load_project;
use tupu::model::KnowledgeGraph;
use tupu::rdf::{ProvenanceProfile, RdfFormat, write};

use crate::support::{Run, Sandbox, copy, in_repository};

const CITIES: &str = "entities/cities.toml";
const TREATY: &str = "articles/01-treaty.toml";

/// A sandbox with the two cities as `old` and, after the edits (file, from, to), as `new`.
fn edited(edits: &[(&str, &str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    let project = in_repository("tests/cases/good/two-cities/in");
    copy(&project, &sandbox.path("old"));
    copy(&project, &sandbox.path("new"));
    for (file, from, to) in edits {
        edit(&sandbox.path("new"), file, from, to);
    }
    sandbox
}

#[track_caller]
fn edit(project: &Path, file: &str, from: &str, to: &str) {
    let path = project.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The lines that the two projects differ by, in English.
#[track_caller]
fn lines(edits: &[(&str, &str, &str)]) -> Vec<String> {
    let run = edited(edits).run(&["diff", "old", "new", "--lang", "en"]);
    let run = run.expect(i32::from(!edits.is_empty()));
    run.stdout().lines().map(str::to_owned).collect()
}

#[track_caller]
fn check(edits: &[(&str, &str, &str)], expected: &[&str]) {
    assert_eq!(lines(edits), expected);
}

const CITY_A: &str = "City A · city · tc:city-a";

#[test]
fn a_value_that_changes_is_one_line() {
    check(
        &[(CITIES, "number = 2.80", "number = 3.1")],
        &[
            CITY_A,
            "  population: more than 2.8万人, as of 2019 → more than 3.1万人, as of 2019",
        ],
    );
    check(
        &[(CITIES, "value = \"1207\"", "value = \"1208-05\"")],
        &[CITY_A, "  founded: 1207 → 1208-05"],
    );
    check(
        &[(TREATY, "number = 100", "number = 120")],
        &[
            "mutual visits · measure · tc:measure-visit",
            "  goal: reach 100次, by 2027-06 → reach 120次, by 2027-06",
        ],
    );
    check(
        &[(CITIES, "code = \"A-1\"", "code = \"A-2\"")],
        &[CITY_A, "  code: A-1 → A-2"],
    );
}

#[test]
fn of_several_values_each_is_added_or_removed() {
    let city = "\n[city-c]\nis = \"City\"\nzh = \"丙市\"\nen = \"City C\"\nat = \"char=60,65\"\n\n[treaty-agreement]\n";
    check(
        &[
            (TREATY, "[treaty-agreement]", city.trim_start()),
            (TREATY, "\"city-a\"], at", "\"city-c\"], at"),
        ],
        &[
            "City C · city · tc:city-c",
            "  entity added (city)",
            "  name (en) added: City C",
            "  name (zh) added: 丙市 [treaty char=60,65]",
            "",
            "Friendship agreement of City A and City B · agreement · tc:treaty-agreement",
            "  party removed: City A [treaty char=60,75]",
            "  party added: City C [treaty char=60,75]",
        ],
    );
}

#[test]
fn names_are_names() {
    check(
        &[(CITIES, "en = \"City A\"", "en = \"City Alpha\"")],
        &[
            "City Alpha · city · tc:city-a",
            "  name (en): City A → City Alpha",
        ],
    );
    check(
        &[(CITIES, "en = [\"A Town\"]", "en = [\"A Town\", \"A\"]")],
        &[CITY_A, "  other name (en) added: A"],
    );
}

#[test]
fn what_is_known_of_a_fact_is_said_as_such() {
    let agreement = "Friendship agreement of City A and City B · agreement · tc:treaty-agreement";
    check(
        &[(TREATY, "at = \"char=60,75\"", "at = \"char=60,77\"")],
        &[
            agreement,
            "  evidence moved: party City A, char=60,75 → char=60,77",
            "  evidence moved: party City B, char=60,75 → char=60,77",
        ],
    );
    check(
        &[(
            TREATY,
            "at = \"char=60,75\"",
            "at = [\"char=60,75\", \"char=70,75\"]",
        )],
        &[
            agreement,
            "  evidence added: party City A, treaty char=70,75",
            "  evidence added: party City B, treaty char=70,75",
        ],
    );
    check(
        &[(
            TREATY,
            "status = \"planned\", as = \"新城\"",
            "as = \"新城\"",
        )],
        &[agreement, "  builds City B, status: planned → asserted"],
    );
    check(
        &[(TREATY, "as = \"新城\"", "as = \"新市\"")],
        &[agreement, "  builds City B, wording: 新城 → 新市"],
    );
    check(
        &[(TREATY, "Follows from", "It follows from")],
        &[
            agreement,
            "  period 2024/2027, inferred (en): Follows from what stands above. → It follows from what stands above.",
        ],
    );
}

#[test]
fn the_dataset_stands_first_and_a_class_is_one_line() {
    check(
        &[
            ("project.toml", "version = \"1.0.0\"", "version = \"1.1.0\""),
            ("project.toml", "A small graph", "A graph"),
            (
                "schema.toml",
                "[classes.Document]",
                "[classes.Region]\nis_a = \"City\"\nzh = \"区域\"\nen = \"region\"\n\n[classes.Document]",
            ),
            (
                CITIES,
                "is = \"City\"\nzh = \"乙市\"",
                "is = \"Region\"\nzh = \"乙市\"",
            ),
        ],
        &[
            "Two cities · Dataset · tc:",
            "  note (en): A small graph for tests. → A graph for tests.",
            "  version: 1.0.0 → 1.1.0",
            "",
            "City B · region · tc:city-b",
            "  class: city → region",
        ],
    );
}

#[test]
fn a_project_is_what_it_exports_in_every_syntax() {
    let sandbox = edited(&[]);
    for file in ["graph.ttl", "graph.nt"] {
        sandbox
            .run(&["export", "--project", "old", "-o", file])
            .expect(0);
    }
    // N-Triples are N-Quads, and Turtle is TriG.
    fs::copy(sandbox.path("graph.nt"), sandbox.path("graph.nq")).unwrap();
    fs::copy(sandbox.path("graph.ttl"), sandbox.path("graph.trig")).unwrap();
    for file in ["graph.ttl", "graph.nt", "graph.nq", "graph.trig", "old"] {
        for (one, other) in [("old", file), (file, "old")] {
            let run = sandbox.run(&["diff", one, other]).expect(0);
            assert_eq!(run.stdout(), "");
            assert_eq!(run.stderr(), "no difference\n");
        }
    }
    let json = sandbox
        .run(&["diff", "old", "graph.ttl", "-f", "json"])
        .expect(0);
    assert_eq!(
        json.stdout(),
        "{\n  \"equal\": true,\n  \"entities\": []\n}\n"
    );
}

#[test]
fn files_say_the_same_as_the_projects_that_they_come_from() {
    let sandbox = edited(&[
        (CITIES, "number = 2.80", "number = 3.1"),
        (CITIES, "value = \"1207\"", "value = \"1208-05\""),
        ("sources.toml", "2020-02-29", "2020-03-01"),
    ]);
    for project in ["old", "new"] {
        let file = format!("{project}.ttl");
        sandbox
            .run(&["export", "--project", project, "-o", &file])
            .expect(0);
    }
    let run = sandbox.run(&["diff", "old.ttl", "new.ttl"]).expect(1);
    assert_eq!(
        run.stdout(),
        "City A · City, Place · tc:city-a
  founded: 1207 → 1208-05
  population: more than 2.8万人, as of 2019 → more than 3.1万人, as of 2019

Gazette of the two cities · CreativeWork · tc:gazette
  datePublished: 2020-02-29 → 2020-03-01
"
    );
    assert_eq!(run.stderr(), "3 changes in 2 entities\n");
    // What one side's schema says is enough to name things.
    let run = sandbox
        .run(&["diff", "old.ttl", "new", "--lang", "en"])
        .expect(1);
    assert!(
        run.stdout()
            .contains("date published: 2020-02-29 → 2020-03-01"),
        "{}",
        run.stdout()
    );
}

#[test]
fn markdown_and_json_say_the_same() {
    let sandbox = edited(&[(CITIES, "code = \"A-1\"", "code = \"*A_1*\"")]);
    let run = sandbox
        .run(&["diff", "old", "new", "--lang", "en", "-f", "markdown"])
        .expect(1);
    assert_eq!(
        run.stdout(),
        "# Changes from old to new\n\n## City A\n\ncity · tc:city-a\n\n- code: A-1 → \\*A\\_1\\*\n"
    );
    let run = sandbox
        .run(&["diff", "old", "new", "--lang", "en", "-f", "json"])
        .expect(1);
    let json: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(json["equal"], false);
    let entity = &json["entities"][0];
    assert_eq!(entity["iri"], "https://kg.example/two-cities/city-a");
    let change = &entity["changes"][0];
    assert_eq!(change["kind"], "value");
    assert_eq!(
        change["slot"]["iri"],
        "https://kg.example/two-cities/terms#code"
    );
    assert_eq!(change["old"]["text"], "A-1");
    assert_eq!(change["new"]["text"], "*A_1*");
    assert_eq!(change["words"], "code: A-1 → *A_1*");
}

fn turtle(text: &str) -> Side {
    Side::of_rdf(text.as_bytes(), RdfFormat::Turtle).unwrap()
}

/// What differs between two texts in Turtle, a line each, with the names of the entities.
fn said(old: &str, new: &str) -> Vec<String> {
    lines_of(&compare(&turtle(old), &turtle(new), &Options::default()))
}

fn lines_of(differences: &[EntityDifference]) -> Vec<String> {
    let mut lines = Vec::new();
    for entity in differences {
        for change in &entity.changes {
            lines.push(format!("{}: {}", entity.label, change.words()));
        }
    }
    lines
}

#[test]
fn order_prefixes_and_labels_of_blank_nodes_mean_nothing() {
    let old = "@prefix a: <https://a.example/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        a:x foaf:name \"X\"@EN ; a:address [ a:street \"S\" ; a:no 1 ] ; a:list ( 1 2 3 ) .
        _:p foaf:knows _:q . _:q foaf:knows _:p .";
    let new = "@prefix b: <https://a.example/> .
        _:z b:no 1 . _:z b:street \"S\" . _:1 <http://xmlns.com/foaf/0.1/knows> _:2 .
        _:2 <http://xmlns.com/foaf/0.1/knows> _:1 .
        b:x b:list ( 1 2 3 ) . b:x b:address _:z . b:x <http://xmlns.com/foaf/0.1/name> \"X\"@en .";
    assert_eq!(said(old, new), [""; 0]);
    assert_eq!(said(new, old), [""; 0]);
}

#[test]
fn rdf_of_any_vocabulary_is_said_by_subject_and_predicate() {
    let prefix = "@prefix a: <https://a.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . ";
    let old = format!(
        "{prefix} a:x rdfs:label \"Ex\" ; a:size 1 ; a:address [ a:street \"S\" ; a:no 1 ] ; a:list ( 1 2 ) ; a:near a:y, a:z ."
    );
    let new = format!(
        "{prefix} a:x rdfs:label \"Ex\" ; a:size \"1\" ; a:address [ a:street \"S\" ; a:no 2 ] ; a:list ( 1 3 ) ; a:near a:y, a:w . a:size rdfs:label \"how big\" ."
    );
    assert_eq!(
        said(&old, &new),
        [
            "Ex: address: [no 1; street S] → [no 2; street S]",
            "Ex: list: (1 2) → (1 3)",
            "Ex: near removed: a:z",
            "Ex: near added: a:w",
            "Ex: how big: “1” (xsd:integer) → “1” (xsd:string)",
            "how big: entity added",
            "how big: label added: how big",
        ]
    );
}

#[test]
fn blank_nodes_that_hold_the_same_are_counted_and_their_links_compared() {
    let p = "@prefix a: <https://a.example/> . ";
    assert_eq!(
        said(
            &format!("{p} a:x a:p [ a:q 1 ] ."),
            &format!("{p} a:x a:p [ a:q 1 ], [ a:q 1 ] .")
        )
        .len(),
        1
    );
    // Two circles of three, and one of six.
    let knows = |pairs: &[(u8, u8)]| {
        let pairs = pairs
            .iter()
            .map(|(one, other)| format!("_:b{one} a:p _:b{other} . "));
        format!("{p} {}", pairs.collect::<String>())
    };
    let circles = knows(&[(1, 2), (2, 3), (3, 1), (4, 5), (5, 6), (6, 4)]);
    let circle = knows(&[(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 1)]);
    assert_eq!(said(&circles, &circle).len(), 1);
    assert_eq!(said(&circle, &circle), [""; 0]);
    // Shared by two, or two that hold the same.
    let shared = format!("{p} a:x a:p _:b . a:y a:p _:b . _:b a:q 1 .");
    let apart = format!("{p} a:x a:p _:b . a:y a:p _:c . _:b a:q 1 . _:c a:q 1 .");
    assert_eq!(said(&shared, &apart).len(), 1);
    assert_eq!(said(&knows(&[(1, 2), (2, 1)]), p).len(), 2);
}

#[test]
fn named_graphs_are_compared_by_name() {
    let quads = |text: &str| Side::of_rdf(text.as_bytes(), RdfFormat::TriG).unwrap();
    let old = quads("@prefix a: <https://a.example/> . a:g { a:x a:p 1 } a:h { a:x a:p 1 }");
    let new = quads("@prefix a: <https://a.example/> . a:g { a:x a:p 2 } a:h { a:x a:p 1 }");
    let found = compare(&old, &new, &Options::default());
    assert_eq!(lines_of(&found), ["x: p: 1 → 2"]);
    assert_eq!(found[0].graph.as_deref(), Some("a:g"));
}

#[test]
fn every_syntax_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.ttl",
        "<https://a.example/x> <https://a.example/p> \"v\" .\n",
    );
    sandbox.write(
        "a.rdf",
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:a='https://a.example/'>
           <r:Description r:about='https://a.example/x'><a:p>v</a:p></r:Description>
         </r:RDF>",
    );
    sandbox.write(
        "a.jsonld",
        "{\"@id\": \"https://a.example/x\", \"https://a.example/p\": \"v\"}",
    );
    for extension in ["owl", "xml"] {
        fs::copy(
            sandbox.path("a.rdf"),
            sandbox.path(&format!("a.{extension}")),
        )
        .unwrap();
    }
    fs::copy(sandbox.path("a.jsonld"), sandbox.path("a.json")).unwrap();
    for file in ["a.rdf", "a.owl", "a.xml", "a.jsonld", "a.json"] {
        sandbox.run(&["diff", "a.ttl", file]).expect(0);
    }
}

#[test]
fn what_cannot_be_read_says_where_and_why() {
    let sandbox = edited(&[]);
    let fails = |one: &str, message: &str| {
        let run: Run = sandbox.run(&["diff", one, "old"]).expect(2);
        assert_eq!(run.stdout(), "");
        assert!(run.stderr().contains(message), "{}", run.stderr());
    };
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.write("bad.ttl", "@prefix a: <https://a.example/> .\na:x a:p .\n");
    sandbox.write(
        "bad.rdf",
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n  <broken\n",
    );
    sandbox.write("bad.json", "{\n  \"@id\": ]\n}\n");
    sandbox.write("notes.txt", "");
    fails("missing", "cannot read `missing`");
    fails("missing.ttl", "cannot read `missing.ttl`");
    fails("empty", "the graph project `empty` has errors");
    fails("notes.txt", "names no RDF format");
    fails("bad.ttl", "bad.ttl:2:9: not valid Turtle");
    fails("bad.rdf", "bad.rdf:2:");
    fails("bad.json", "bad.json:2:");
    let run = sandbox
        .run(&["diff", "old", "new", "--lang", "fr"])
        .expect(2);
    assert!(run.stderr().contains("en, zh"), "{}", run.stderr());
}

fn graph(project: &Path) -> KnowledgeGraph {
    let loaded = load_project(project).unwrap();
    assert!(loaded.is_sound(), "{:?}", loaded.diagnostics);
    loaded.graph
}

/// The triples of the project, each as a line, without the counts, which follow from the others.
fn triples(graph: &KnowledgeGraph) -> BTreeSet<String> {
    let bytes = write(
        graph,
        RdfFormat::NTriples,
        ProvenanceProfile::Reified,
        Vec::new(),
    )
    .unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .filter(|line| !line.contains("/void#"))
        .map(str::to_owned)
        .collect()
}

fn two_cities() -> Vec<String> {
    triples(&graph(&in_repository("tests/cases/good/two-cities/in")))
        .into_iter()
        .collect()
}

fn side(lines: &BTreeSet<String>) -> Side {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Side::of_rdf(text.as_bytes(), RdfFormat::NTriples).unwrap()
}

#[test]
fn no_triple_can_go_missing_unsaid() {
    let all: BTreeSet<String> = two_cities().into_iter().collect();
    let whole = side(&all);
    for line in &all {
        let mut fewer = all.clone();
        fewer.remove(line);
        let fewer = side(&fewer);
        assert!(
            !compare(&whole, &fewer, &Options::default()).is_empty(),
            "{line}"
        );
        assert!(
            !compare(&fewer, &whole, &Options::default()).is_empty(),
            "{line}"
        );
    }
}

/// Edits of the two cities that can be made independently of each other.
const EDITS: &[(&str, &str, &[&str])] = &[
    (
        CITIES,
        "en = \"City A\"",
        &["en = \"City Alpha\"", "en = \"Alpha\""],
    ),
    (
        CITIES,
        "zh = [\"甲城\"]",
        &["zh = [\"甲城\", \"甲\"]", "zh = []"],
    ),
    (CITIES, "number = 2.80", &["number = 3", "number = 28"]),
    (
        CITIES,
        "comparator = \"more-than\", ",
        &["", "comparator = \"about\", "],
    ),
    (
        CITIES,
        "as_of = \"2019\"",
        &["as_of = \"2019-12\"", "since = \"2019\""],
    ),
    (
        CITIES,
        "value = \"1207\"",
        &["value = \"1208\"", "value = \"1207-01\""],
    ),
    (
        CITIES,
        "at = \"char=30,34\"",
        &[
            "at = \"char=31,34\"",
            "at = [\"char=30,34\", \"char=60,64\"]",
        ],
    ),
    (CITIES, "value = 3,", &["value = 4,"]),
    (CITIES, "value = true", &["value = false"]),
    (
        CITIES,
        ", status = \"reported\"",
        &["", ", status = \"planned\""],
    ),
    (CITIES, "value = \"calm\"", &["value = \"lively\""]),
    (
        CITIES,
        "twin = { to = \"city-a\", at = \"char=52,60\" }\n",
        &["", "twin = { to = \"city-a\", at = \"char=52,61\" }\n"],
    ),
    (
        TREATY,
        "[\"city-b\", \"city-a\"]",
        &["[\"city-b\"]", "[\"city-a\"]"],
    ),
    (TREATY, "number = 100", &["number = 120", "number = 5"]),
    (
        TREATY,
        "by = \"2027-06\"",
        &["by = \"2027\"", "as_of = \"2027-06\""],
    ),
    (
        TREATY,
        "status = \"planned\", as",
        &["as", "status = \"required\", as"],
    ),
    (
        TREATY,
        "as = \"新城\"",
        &["as = \"新市\"", "as = [\"新城\", \"新市\"]"],
    ),
    (
        TREATY,
        "value = \"2024/2027\"",
        &["value = \"2024/2028\"", "value = \"2024\""],
    ),
    (TREATY, "Follows from", &["It follows from"]),
    (
        "sources.toml",
        "\"char=10,150\"",
        &["\"char=10,160\"", "\"char=9,150\""],
    ),
    ("sources.toml", "2020-02-29", &["2020-03-01", "\"2020-03\""]),
    ("project.toml", "1.0.0", &["1.0.1"]),
    ("project.toml", "A small graph", &["A graph"]),
];

/// The two cities after one choice of edits: for each 0 leaves it out.
fn chosen(choice: &[usize]) -> (Side, BTreeSet<String>) {
    let sandbox = Sandbox::new();
    let project = sandbox.path("data");
    copy(&in_repository("tests/cases/good/two-cities/in"), &project);
    for ((file, from, to), at) in EDITS.iter().zip(choice) {
        if let Some(at) = at.checked_sub(1) {
            edit(&project, file, from, to[at % to.len()]);
        }
    }
    let graph = graph(&project);
    (Side::of_project(&graph).unwrap(), triples(&graph))
}

fn choice() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(prop_oneof![3 => Just(0), 1 => 1..3_usize], EDITS.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn there_is_no_difference_if_and_only_if_the_triples_are_the_same(one in choice(), other in choice()) {
        let ((old, old_triples), (new, new_triples)) = (chosen(&one), chosen(&other));
        let found = compare(&old, &new, &Options::default());
        prop_assert_eq!(found.is_empty(), old_triples == new_triples);
        // The same from the files that the projects give.
        let files = compare(&side(&old_triples), &side(&new_triples), &Options::default());
        prop_assert_eq!(files.is_empty(), old_triples == new_triples);
    }

    /// From what is said it can be told what is there now: no two graphs differ from a third in the
    /// same words.
    #[test]
    fn different_changes_are_said_differently(one in choice(), other in choice()) {
        let (old, _) = chosen(&[]);
        let ((one, one_triples), (other, other_triples)) = (chosen(&one), chosen(&other));
        let said = |new: &Side| lines_of(&compare(&old, new, &Options::default()));
        prop_assert_eq!(said(&one) == said(&other), one_triples == other_triples);
    }

    /// Triples of any kind that come, go or are put together anew.
    #[test]
    fn no_triple_goes_unsaid(
        gone in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        mixed in proptest::collection::vec(any::<[prop::sample::Index; 3]>(), 0..6),
    ) {
        let all = two_cities();
        let old: BTreeSet<String> = all.iter().cloned().collect();
        let mut new = old.clone();
        for at in &gone {
            new.remove(&all[at.index(all.len())]);
        }
        for [subject, predicate, object] in &mixed {
            let part = |at: &prop::sample::Index, part: usize| {
                all[at.index(all.len())].splitn(3, ' ').nth(part).unwrap().to_owned()
            };
            new.insert(format!("{} {} {}", part(subject, 0), part(predicate, 1), part(object, 2)));
        }
        let (one, other) = (side(&old), side(&new));
        prop_assert_eq!(compare(&one, &other, &Options::default()).is_empty(), old == new);
        prop_assert_eq!(compare(&other, &one, &Options::default()).is_empty(), old == new);
    }
}

/// Quads by number: subject, object and graph, where 0 is no blank node and 9 the default graph.
fn few_quads() -> impl Strategy<Value = Vec<[u8; 3]>> {
    let graph = prop_oneof![3 => Just(9), 1 => 0..5_u8];
    let quad =
        (0..5_u8, 0..5_u8, graph).prop_map(|(subject, object, graph)| [subject, object, graph]);
    proptest::collection::vec(quad, 0..7)
}

/// The same in N-Quads.
fn entangled(quads: &[[u8; 3]], rename: impl Fn(u8) -> u8) -> String {
    let node = |number: u8| match number {
        0 => "<https://a.example/x>".to_owned(),
        number => format!("_:b{}", rename(number)),
    };
    let line = |[subject, object, graph]: &[u8; 3]| {
        let graph = if *graph > 4 {
            String::new()
        } else {
            node(*graph)
        };
        let (subject, object) = (node(*subject), node(*object));
        format!("{subject} <https://a.example/p> {object} {graph} .\n")
    };
    quads.iter().map(line).collect()
}

/// Whether some renaming of the blank nodes makes one of the other, by trying all: RDF 1.1's dataset
/// isomorphism. (oxrdf 0.3.5 canonicalizes wrongly where blank nodes name graphs.)
fn are_isomorphic(one: &[[u8; 3]], other: &[[u8; 3]]) -> bool {
    let other: BTreeSet<[u8; 3]> = other.iter().copied().collect();
    let digits = 0..4 * 4 * 4 * 4_u32;
    digits
        .map(|number| [number % 4, number / 4 % 4, number / 16 % 4, number / 64])
        .filter(|to| (0..4).all(|node| to.contains(&node)))
        .any(|to| {
            let rename = |node: u8| match node {
                1..=4 => u8::try_from(to[usize::from(node) - 1]).unwrap() + 1,
                node => node,
            };
            one.iter()
                .map(|quad| quad.map(rename))
                .collect::<BTreeSet<_>>()
                == other
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn blank_nodes_mean_what_the_standard_says(
        one in few_quads(),
        other in few_quads(),
        from in any::<prop::sample::Index>(),
    ) {
        // One quad more or less alike is more telling than something else altogether.
        let mut near = one.clone();
        if !near.is_empty() {
            let at = from.index(near.len());
            near[at].swap(0, 1);
        }
        let read = |quads: &[[u8; 3]], rename: fn(u8) -> u8| {
            let text = entangled(quads, rename);
            Side::of_rdf(text.as_bytes(), RdfFormat::NQuads).unwrap()
        };
        let left = read(&one, |number| number);
        for (quads, right) in [
            (&one, read(&one, |number| 10 - number)),
            (&near, read(&near, |number| number + 3)),
            (&other, read(&other, |number| number)),
        ] {
            let is_same = are_isomorphic(&one, quads);
            prop_assert_eq!(compare(&left, &right, &Options::default()).is_empty(), is_same);
            prop_assert_eq!(compare(&right, &left, &Options::default()).is_empty(), is_same);
        }
    }
}

#[test]
fn reifiers_of_rdf_1_2_say_what_statements_say() {
    let sandbox = Sandbox::with_project("two-cities");
    let arguments = ["export", "--provenance", "rdf12", "-o", "new.ttl"];
    sandbox.run(&arguments).expect(0);
    let run = sandbox.run(&["diff", "data", "new.ttl"]).expect(0);
    assert_eq!(run.stdout(), "");
}

#[test]
fn compressed_files_are_read() {
    let sandbox = Sandbox::with_project("two-cities");
    for file in ["a.ttl", "a.ttl.gz", "a.ttl.zst"] {
        sandbox
            .run(&["export", "--format", "turtle", "-o", file])
            .expect(0);
        sandbox.run(&["diff", "a.ttl", file]).expect(0);
    }
    sandbox.write("b.ttl.gz", "no gzip");
    let run = sandbox.run(&["diff", "a.ttl", "b.ttl.gz"]).expect(2);
    assert!(run.stderr().contains("b.ttl.gz"), "{}", run.stderr());
}
