//! What we write is read back by a parser that is not ours, and is the same graph.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use oxttl::{NTriplesParser, TurtleParser};
use tupu::load::load_project;
use tupu::model::KnowledgeGraph;
use tupu::oxrdf::TripleRef;
use tupu::rdf::{
    ProvenanceProfile, TripleSink, triple_count, write_ntriples, write_triples, write_turtle,
};

use crate::support::in_repository;

struct Collect(Vec<String>);

impl TripleSink for Collect {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.0.push(triple.to_string());
        Ok(())
    }
}

fn graph(project: &Path) -> KnowledgeGraph {
    let loaded = load_project(project).unwrap();
    assert!(loaded.is_sound(), "{:?}", loaded.diagnostics);
    loaded.graph
}

fn check(graph: &KnowledgeGraph, profile: ProvenanceProfile) {
    let mut given = Collect(Vec::new());
    write_triples(graph, profile, &mut given).unwrap();
    assert_eq!(given.0.len(), triple_count(graph, profile));
    let distinct: BTreeSet<&String> = given.0.iter().collect();
    assert_eq!(distinct.len(), given.0.len(), "a triple is given twice");
    assert!(
        !given.0.iter().any(|triple| triple.contains("_:")),
        "there is a blank node"
    );

    let turtle = write_turtle(graph, profile, Vec::new()).unwrap();
    let read: Vec<String> = TurtleParser::new()
        .for_slice(&turtle)
        .map(|triple| triple.unwrap().to_string())
        .collect();
    assert_eq!(read, given.0, "Turtle");

    let ntriples = write_ntriples(graph, profile, Vec::new()).unwrap();
    let read: Vec<String> = NTriplesParser::new()
        .for_slice(&ntriples)
        .map(|triple| triple.unwrap().to_string())
        .collect();
    assert_eq!(read, given.0, "N-Triples");
}

#[test]
fn what_is_written_is_read_back() {
    for project in ["data", "tests/cases/good/two-cities/in"] {
        let graph = graph(&in_repository(project));
        for profile in [ProvenanceProfile::None, ProvenanceProfile::Reified] {
            check(&graph, profile);
        }
    }
}

#[test]
fn every_block_of_turtle_has_a_subject_of_its_own_and_says_first_what_it_is() {
    let graph = graph(&in_repository("data"));
    let turtle = write_turtle(&graph, ProvenanceProfile::Reified, Vec::new()).unwrap();
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
