//! What we write is read back by a parser that is not ours, and is the same graph.

use std::collections::BTreeSet;
use std::path::Path;

use oxrdfio::{RdfFormat, RdfParser};
use spareval::{QueryEvaluator, QueryResults};
use spargebra::SparqlParser;
use tupu::load::load_project;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::{Dataset, NamedNode, Quad};
use tupu::rdf::{ProvenanceProfile, QuadCollector, counts, write, write_triples};

use crate::support::in_repository;

const PROFILES: [ProvenanceProfile; 4] = [
    ProvenanceProfile::None,
    ProvenanceProfile::Reified,
    ProvenanceProfile::Graphs,
    ProvenanceProfile::Rdf12,
];

fn graph(project: &Path) -> KnowledgeGraph {
    let loaded = load_project(project).unwrap();
    assert!(loaded.is_sound(), "{:?}", loaded.diagnostics);
    loaded.graph
}

fn given(graph: &KnowledgeGraph, profile: ProvenanceProfile) -> Vec<Quad> {
    let mut given = QuadCollector::default();
    write_triples(graph, profile, &mut given).unwrap();
    given.into_quads()
}

fn can_hold(format: RdfFormat, profile: ProvenanceProfile) -> bool {
    match profile {
        ProvenanceProfile::Graphs => format.supports_datasets(),
        ProvenanceProfile::Rdf12 => format != RdfFormat::RdfXml,
        _ => true,
    }
}

fn check(graph: &KnowledgeGraph, profile: ProvenanceProfile) {
    let given = given(graph, profile);
    let texts: BTreeSet<String> = given.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), given.len(), "a quad is given twice");
    assert!(
        !texts.iter().any(|quad| quad.contains("_:")),
        "there is a blank node"
    );
    let wanted: Dataset = given.into_iter().collect();
    for format in [
        RdfFormat::Turtle,
        RdfFormat::NTriples,
        RdfFormat::NQuads,
        RdfFormat::TriG,
        RdfFormat::RdfXml,
    ] {
        let written = write(graph, format, profile, Vec::new());
        if !can_hold(format, profile) {
            assert!(written.is_err(), "{format:?} cannot hold {profile:?}");
            continue;
        }
        let read: Dataset = RdfParser::from_format(format)
            .for_slice(&written.unwrap())
            .map(|quad| quad.unwrap_or_else(|error| panic!("{format:?} {profile:?}: {error}")))
            .collect();
        assert!(
            read == wanted,
            "{format:?} with {profile:?} reads back otherwise"
        );
    }
}

#[test]
fn what_is_written_is_read_back_in_every_format_and_profile() {
    for project in ["data", "tests/cases/good/two-cities/in"] {
        let graph = graph(&in_repository(project));
        for profile in PROFILES {
            check(&graph, profile);
        }
    }
}

#[test]
fn the_same_query_finds_the_evidence_in_each_profile() {
    let graph = graph(&in_repository("data"));
    let query = "
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?statement ?source ?start ?end WHERE {
            ?statement prov:wasDerivedFrom ?passage .
            ?passage oa:hasSource ?source ; oa:hasSelector ?selector .
            ?selector oa:start ?start ; oa:end ?end .
        }";
    let query = SparqlParser::new().parse_query(query).unwrap();
    let mut answers: Vec<BTreeSet<String>> = Vec::new();
    for profile in PROFILES {
        let dataset: Dataset = given(&graph, profile).into_iter().collect();
        let results = QueryEvaluator::new()
            .prepare(&query)
            .execute(&dataset)
            .unwrap();
        let QueryResults::Solutions(solutions) = results else {
            panic!("not a SELECT query");
        };
        answers.push(
            solutions
                .map(|it| format!("{:?}", it.unwrap().values()))
                .collect(),
        );
    }
    assert!(answers[0].is_empty(), "without provenance there is none");
    assert!(answers[1].len() > 1000);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[1], answers[3]);
}

#[test]
fn the_dataset_counts_itself_rightly() {
    for project in ["data", "tests/cases/good/two-cities/in"] {
        let graph = graph(&in_repository(project));
        for profile in PROFILES {
            let quads = given(&graph, profile);
            let dataset = graph.project().base.clone();
            let stated = |subject: &str, property: &str| {
                let found: Vec<_> = quads
                    .iter()
                    .filter(|quad| {
                        quad.subject == NamedNode::new_unchecked(subject).into()
                            && quad.predicate.as_str()
                                == format!("http://rdfs.org/ns/void#{property}")
                    })
                    .map(|quad| quad.object.to_string())
                    .collect();
                assert_eq!(found.len(), 1, "{subject} {property}");
                found[0]
                    .split('"')
                    .nth(1)
                    .map(str::to_owned)
                    .unwrap_or(found[0].clone())
            };
            assert_eq!(stated(&dataset, "triples"), quads.len().to_string());
            let subjects: BTreeSet<_> = quads.iter().map(|quad| quad.subject.to_string()).collect();
            assert_eq!(
                stated(&dataset, "distinctSubjects"),
                subjects.len().to_string()
            );
            let counted = counts(&graph, profile);
            assert_eq!(counted.triples, quads.len() as u64);
            for (property, count) in counted.properties() {
                let real = quads
                    .iter()
                    .filter(|quad| quad.predicate.as_str() == property)
                    .count();
                assert_eq!(real as u64, count, "{property}");
            }
            let partitions = quads
                .iter()
                .filter(|quad| quad.predicate.as_str().ends_with("void#property"))
                .count();
            assert_eq!(partitions, counted.properties().len());
        }
    }
}

#[test]
fn every_block_of_turtle_has_a_subject_of_its_own_and_says_first_what_it_is() {
    let graph = graph(&in_repository("data"));
    let turtle = write(
        &graph,
        RdfFormat::Turtle,
        ProvenanceProfile::Reified,
        Vec::new(),
    )
    .unwrap();
    let turtle = String::from_utf8(turtle).unwrap();
    let mut subjects = BTreeSet::new();
    for block in turtle
        .split("\n\n")
        .skip(1)
        .filter(|block| !block.starts_with('#'))
    {
        let (subject, rest) = block.trim_start().split_once(' ').unwrap();
        assert!(
            subjects.insert(subject.to_owned()),
            "{subject} has two blocks"
        );
        assert!(
            rest.starts_with("a "),
            "{subject} does not say first what it is"
        );
    }
    assert!(subjects.len() > 1000);
    for line in turtle.lines().filter(|line| line.starts_with("@prefix")) {
        let prefix = line.split_whitespace().nth(1).unwrap();
        assert!(
            turtle.matches(prefix).count() > 1,
            "{prefix} is declared but not used"
        );
    }
}
