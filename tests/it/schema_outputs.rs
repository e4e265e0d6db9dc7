//! What is generated from a schema: ontology, shapes, JSON-LD context, LinkML.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use oxttl::TurtleParser;
use tupu::load::load_project;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use tupu::rdf::{
    ProvenanceProfile, RdfFormat, write, write_context, write_linkml, write_ontology, write_shapes,
};
use tupu::vocab::{TUPU, rdf, rdfs, sh};

use crate::support::{Sandbox, assert_golden, in_repository};

const PROJECTS: [&str; 2] = ["data", "tests/cases/good/two-cities/in"];

fn graph(project: &Path) -> KnowledgeGraph {
    let loaded = load_project(project).unwrap();
    assert!(loaded.is_sound(), "{:?}", loaded.diagnostics);
    loaded.graph
}

fn read(turtle: &[u8]) -> Vec<Triple> {
    TurtleParser::new()
        .for_slice(turtle)
        .map(Result::unwrap)
        .collect()
}

fn ontology(graph: &KnowledgeGraph) -> Vec<Triple> {
    read(&write_ontology(graph, Vec::new()).unwrap())
}

fn shapes(graph: &KnowledgeGraph) -> Vec<Triple> {
    read(&write_shapes(graph, Vec::new()).unwrap())
}

#[test]
fn the_small_project_gives_the_expected_files() {
    let graph = graph(&in_repository(PROJECTS[1]));
    let folder = in_repository("tests/cases/good/two-cities/out");
    for (name, bytes) in [
        ("ontology.ttl", write_ontology(&graph, Vec::new()).unwrap()),
        ("shapes.ttl", write_shapes(&graph, Vec::new()).unwrap()),
        ("context.jsonld", write_context(&graph, Vec::new()).unwrap()),
        ("schema.yaml", write_linkml(&graph, Vec::new()).unwrap()),
    ] {
        assert_golden(&folder.join(name), &String::from_utf8(bytes).unwrap());
    }
}

#[test]
fn there_are_no_blank_nodes_and_one_block_a_subject() {
    for project in PROJECTS {
        let graph = graph(&in_repository(project));
        for triples in [ontology(&graph), shapes(&graph)] {
            let mut done = BTreeSet::new();
            let mut last = None;
            let distinct: BTreeSet<_> = triples.iter().map(ToString::to_string).collect();
            assert_eq!(distinct.len(), triples.len(), "a triple is given twice");
            for triple in &triples {
                let NamedOrBlankNode::NamedNode(subject) = &triple.subject else {
                    panic!("{triple}");
                };
                assert!(!triple.object.is_blank_node(), "{triple}");
                if last != Some(subject) {
                    assert!(done.insert(subject), "{subject} has two blocks");
                    last = Some(subject);
                }
            }
        }
    }
}

/// IRIs of the graph that are classes, properties or terms of the program's or the project's own.
fn used_terms(triples: &[Triple], terms: &str) -> BTreeSet<NamedNode> {
    let mut used = BTreeSet::new();
    for triple in triples {
        used.insert(triple.predicate.clone());
        if let Term::NamedNode(object) = &triple.object
            && (triple.predicate == rdf::TYPE
                || object.as_str().starts_with(TUPU)
                || object.as_str().starts_with(terms))
        {
            used.insert(object.clone());
        }
    }
    used
}

#[test]
fn every_term_that_the_data_use_is_declared() {
    for project in PROJECTS {
        let graph = graph(&in_repository(project));
        let data = write(
            &graph,
            RdfFormat::Turtle,
            ProvenanceProfile::Reified,
            Vec::new(),
        )
        .unwrap();
        let terms = &graph.project().terms;
        let used = used_terms(&read(&data), terms);
        let declared: BTreeSet<String> = ontology(&graph)
            .into_iter()
            .filter(|triple| triple.predicate == rdf::TYPE)
            .map(|triple| triple.subject.to_string())
            .collect();
        let schema = graph.schema();
        let of_schema = |iri: &str| {
            iri.starts_with(TUPU)
                || iri.starts_with(terms)
                || schema.classes.iter().any(|it| it.iri == iri)
                || schema.slots.iter().any(|it| it.iri == iri)
        };
        let mut count = 0;
        for term in used.iter().filter(|it| of_schema(it.as_str())) {
            assert!(declared.contains(&term.to_string()), "{term}");
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}

#[test]
fn own_terms_have_names_and_definitions_in_both_languages() {
    let graph = graph(&in_repository("data"));
    let triples = ontology(&graph);
    let terms = &graph.project().terms;
    let own: BTreeSet<String> = triples
        .iter()
        .map(|triple| triple.subject.to_string())
        .filter(|it| {
            let iri = it.trim_start_matches('<');
            iri.starts_with(TUPU) || iri.starts_with(terms)
        })
        .collect();
    assert!(own.len() > 100, "{}", own.len());
    for term in own {
        for property in [rdfs::LABEL, rdfs::COMMENT] {
            for language in ["zh", "en"] {
                let is_there = triples.iter().any(|it| {
                    it.subject.to_string() == term
                        && it.predicate == property
                        && matches!(&it.object, Term::Literal(text) if text.language() == Some(language))
                });
                assert!(is_there, "{term} has no {property} in {language}");
            }
        }
    }
}

#[test]
fn every_term_of_the_data_is_described_in_both_languages() {
    let graph = graph(&in_repository("data"));
    let schema = graph.schema();
    let values = schema.enums.iter().flat_map(|it| &it.permissible_values);
    let classes = schema.classes.iter().map(|it| (&it.name, &it.description));
    let described = classes
        .chain(schema.slots.iter().map(|it| (&it.name, &it.description)))
        .chain(schema.enums.iter().map(|it| (&it.name, &it.description)))
        .chain(values.map(|it| (&it.name, &it.description)));
    for (name, description) in described {
        let languages: Vec<&String> = description.keys().collect();
        assert_eq!(languages, ["en", "zh"], "{name}");
    }
}

/// What the shape says with the predicate.
fn says(shapes: &[Triple], shape: &str, predicate: &str) -> Vec<String> {
    let found = shapes.iter().filter(|it| {
        it.subject.to_string() == format!("<{shape}>") && it.predicate.as_str() == predicate
    });
    found.map(|it| it.object.to_string()).collect()
}

#[test]
fn a_required_slot_is_needed_as_an_edge_unless_it_may_be_planned() {
    let shape = "https://kg.example/two-cities/terms#shapes.Agreement.party";
    let is_needed = |project: &Path| {
        let needed = says(&shapes(&graph(project)), shape, sh::MIN_COUNT.as_str());
        !needed.is_empty()
    };
    let sandbox = Sandbox::with_project("two-cities");
    assert!(is_needed(&sandbox.path("data")));

    // One more agreement, whose only party is planned.
    sandbox.write(
        "data/articles/planned.toml",
        r#"
article = "treaty"

[planned-agreement]
is = "Agreement"
zh = "将签协议"
en = "agreement to come"
at = "char=20,24"
party = [{ to = "city-a", at = "char=20,24", status = "planned" }]
"#,
    );
    assert!(!is_needed(&sandbox.path("data")));
}

#[test]
fn slots_of_one_iri_are_taken_together() {
    let graph = graph(&in_repository("data"));
    let shapes = shapes(&graph);
    let terms = &graph.project().terms;
    // `about` takes anything, and so does `claim_about`.
    for shape in ["Document.about", "Claim.claim_about"] {
        let kinds = says(
            &shapes,
            &format!("{terms}shapes.{shape}"),
            sh::NODE_KIND.as_str(),
        );
        assert_eq!(kinds, [sh::IRI.to_string()], "{shape}");
    }
}

#[test]
fn classes_of_one_iri_are_taken_together() {
    let sandbox = Sandbox::with_project("two-cities");
    let file = sandbox.path("data/schema.toml");
    let mut schema = fs::read_to_string(&file).unwrap();
    schema.push_str(
        r#"
[classes.Town]
is_a = "City"
zh = "镇"
en = "town"
slots = ["near"]

[classes.Village]
zh = "村"
en = "village"
class_uri = "schema:City"
slots = ["whereabouts"]

[classes.Data]
zh = "数据集"
en = "dataset"
class_uri = "dcat:Dataset"

[slots.near]
zh = "靠近"
en = "near"
range = "City"
slot_uri = "schema:location"

[slots.whereabouts]
zh = "所在"
en = "whereabouts"
range = "text"
slot_uri = "schema:location"
"#,
    );
    fs::write(&file, schema).unwrap();
    let shapes = shapes(&graph(&sandbox.path("data")));
    let terms = "https://kg.example/two-cities/terms#";

    // A town is a `schema:City` too, so a city's place may be a text or a city.
    let village = format!("{terms}shapes.Village.whereabouts");
    assert_eq!(says(&shapes, &village, sh::OR.as_str()).len(), 1);
    assert!(says(&shapes, &village, sh::MAX_COUNT.as_str()).is_empty());
    let town = format!("{terms}shapes.Town.near");
    assert!(says(&shapes, &town, sh::OR.as_str()).is_empty());
    assert_eq!(says(&shapes, &town, sh::MAX_COUNT.as_str()).len(), 1);

    // The dataset itself is no entity, and has no names.
    let target = says(
        &shapes,
        &format!("{terms}shapes.tupu-entity"),
        sh::TARGET_CLASS.as_str(),
    );
    assert!(target.iter().all(|it| !it.contains("dcat")), "{target:?}");
}

#[test]
fn the_context_names_every_class_and_slot() {
    let graph = graph(&in_repository("data"));
    let bytes = write_context(&graph, Vec::new()).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let context = document["@context"].as_object().unwrap();
    for slot in &graph.schema().slots {
        assert!(context[&slot.name]["@id"].is_string(), "{}", slot.name);
        assert_ne!(context[&slot.name]["@container"], "@list", "{}", slot.name);
    }
    for class in &graph.schema().classes {
        assert!(context.contains_key(&class.name), "{}", class.name);
    }
}
