//! RDF files as graphs: our own export comes back as it was, other people's files can be asked.

use std::collections::{BTreeMap, BTreeSet};

use tupu::load::load_project;
use tupu::model::{KnowledgeGraph, Value};
use tupu::query::{NameIndex, Resolution, Scope};
use tupu::rdf::{ProvenanceProfile, RdfFormat, write};
use tupu::schema::SlotId;

use crate::support::{graph_from_rdf, in_repository};

/// Somebody else's file: labels without language, blank nodes, several types, two namespaces.
const PEOPLE: &str = r#"
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ex: <https://people.example/id/> .
@prefix w: <https://work.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:jia a foaf:Person, foaf:Agent ; foaf:name "Jia" ; foaf:nick "J" ; foaf:age 40 ;
  foaf:knows ex:yi, [ a foaf:Person, foaf:Agent ; foaf:name "Bing" ] ; foaf:homepage <https://jia.example/> ;
  w:employer w:works ; w:since "2021-05"^^xsd:gYearMonth .
ex:yi a foaf:Person, foaf:Agent ; rdfs:label "乙"@zh, "Yi"@en ; foaf:knows ex:jia .
w:works a foaf:Agent ; rdfs:label "甲市工厂"@zh, "Works of City A"@en ; w:opened "2001-02-03T04:05:06"^^xsd:dateTime .
w:employer rdfs:label "雇主"@zh, "employer"@en .
"#;

fn people() -> KnowledgeGraph {
    graph_from_rdf(PEOPLE.as_bytes(), RdfFormat::Turtle)
}

/// What is said, without the order in which it is.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Content {
    nodes: BTreeSet<(String, String, Option<u16>)>,
    names: BTreeSet<String>,
    facts: BTreeMap<String, usize>,
    documents: Vec<String>,
}

pub(crate) fn content(graph: &KnowledgeGraph) -> Content {
    let mut content = Content::default();
    let slot = |slot: SlotId| graph.schema().slot(slot).iri.clone();
    for node in graph.nodes() {
        let class = graph.schema().class(graph.class(node)).iri.clone();
        content
            .nodes
            .insert((graph.iri(node), class, graph.position(node)));
        for name in graph.names(node) {
            let article = name.article.map(|it| graph.slug(it));
            let passages = name
                .provenance
                .map(|it| {
                    graph
                        .provenance(it)
                        .passages
                        .iter()
                        .map(|it| (it.start, it.end))
                })
                .map(Iterator::collect::<Vec<_>>)
                .unwrap_or_default();
            content.names.insert(format!(
                "{} {:?} {} {} {article:?} {passages:?}",
                graph.slug(node),
                name.kind,
                name.language,
                name.text
            ));
        }
        let edges = graph.edges_out(node).map(|it| {
            let target = graph.slug(it.target).to_owned();
            (it.slot, target, it.status, it.provenance)
        });
        let literals = graph.literals(node).iter().map(|it| {
            let value = match &it.value {
                Value::Enum(id, at) => {
                    let values = &graph.schema().enumeration(*id).permissible_values;
                    values[usize::from(*at)].iri.clone()
                }
                value => format!("{value:?}"),
            };
            (it.slot, value, it.status, it.provenance)
        });
        for (fact_slot, value, status, provenance) in edges.chain(literals) {
            let provenance = graph.provenance(provenance);
            let passages: BTreeSet<String> = provenance
                .passages
                .iter()
                .map(|it| {
                    let article = it.article.map(|article| graph.slug(article));
                    format!(
                        "{} {article:?} {} {}",
                        graph.slug(it.source),
                        it.start,
                        it.end
                    )
                })
                .collect();
            let wording: BTreeSet<&String> = provenance.wording.iter().collect();
            let fact = format!(
                "{} {} {value} {status:?} {passages:?} {wording:?} {:?}",
                graph.slug(node),
                slot(fact_slot),
                provenance.inferred
            );
            *content.facts.entry(fact).or_default() += 1;
        }
    }
    for (node, source) in graph.sources() {
        content
            .documents
            .push(format!("{} {source:?}", graph.slug(*node)));
    }
    for (node, article) in graph.articles() {
        let source = graph.slug(article.source);
        content.documents.push(format!(
            "{} {source} {:?}",
            graph.slug(*node),
            article.ranges
        ));
    }
    content
}

#[track_caller]
fn comes_back(project: &str, format: RdfFormat, profile: ProvenanceProfile) {
    let graph = load_project(&in_repository(project)).unwrap().graph;
    let bytes = write(&graph, format, profile, Vec::new()).unwrap();
    let back = graph_from_rdf(&bytes, format);
    let (there, here) = (content(&graph), content(&back));
    assert_eq!(here.nodes, there.nodes);
    assert_eq!(here.documents, there.documents);
    let lost = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).cloned().collect()
    };
    assert_eq!(lost(&there.names, &here.names), [""; 0]);
    assert_eq!(lost(&here.names, &there.names), [""; 0]);
    let keys = |it: &Content| it.facts.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(lost(&keys(&there), &keys(&here)), [""; 0]);
    assert_eq!(here.facts, there.facts);
    assert_eq!(back.project().base, graph.project().base);
    assert_eq!(back.project().title, graph.project().title);
}

#[test]
fn the_page_comes_back_from_its_turtle() {
    comes_back("data", RdfFormat::Turtle, ProvenanceProfile::Reified);
}

#[test]
fn the_page_comes_back_from_named_graphs_and_reifiers() {
    comes_back("data", RdfFormat::TriG, ProvenanceProfile::Graphs);
    comes_back("data", RdfFormat::NTriples, ProvenanceProfile::Rdf12);
}

#[test]
fn without_evidence_what_stands_comes_back() {
    let graph = load_project(&in_repository("data")).unwrap().graph;
    let none = ProvenanceProfile::None;
    let bytes = write(&graph, RdfFormat::RdfXml, none, Vec::new()).unwrap();
    let back = graph_from_rdf(&bytes, RdfFormat::RdfXml);
    let plain = graph
        .edges()
        .filter(|edge| graph.is_plain(edge.slot, edge.status))
        .map(|edge| {
            let slot = &graph.schema().slot(edge.slot).iri;
            (graph.iri(edge.source), slot.clone(), graph.iri(edge.target))
        });
    let found = back.edges().map(|edge| {
        let slot = &back.schema().slot(edge.slot).iri;
        (back.iri(edge.source), slot.clone(), back.iri(edge.target))
    });
    assert_eq!(
        found.collect::<BTreeSet<_>>(),
        plain.collect::<BTreeSet<_>>()
    );
}

#[test]
fn classes_stand_above_one_another_as_their_entities_do() {
    let graph = people();
    let schema = graph.schema();
    let class = |name| schema.class_named(name).unwrap();
    assert!(schema.is_subclass(class("Person"), class("Agent")));
    let jia = graph.node("jia").unwrap();
    assert_eq!(graph.class(jia), class("Person"));
    let works = graph.node("w:works").unwrap();
    assert_eq!(graph.class(works), class("Agent"));
}

#[test]
fn every_iri_can_be_given_back() {
    let graph = people();
    let iris: Vec<String> = graph.nodes().map(|node| graph.iri(node)).collect();
    for iri in [
        "https://people.example/id/jia",
        "https://work.example/works",
        "https://jia.example/",
    ] {
        assert!(iris.contains(&iri.to_owned()), "{iris:?}");
        let node = graph.node_with_iri(iri).unwrap();
        assert_eq!(graph.iri(node), iri);
        let names = NameIndex::new(&graph);
        let found = names.resolve(&graph, iri, Scope::default());
        assert!(matches!(found, Resolution::Found(hit) if hit.node == node));
    }
    assert!(iris.contains(&"_:b1".to_owned()), "{iris:?}");
}

#[test]
fn names_have_the_language_that_they_are_in() {
    let graph = people();
    let label = |slug: &str, language| graph.label(graph.node(slug).unwrap(), language);
    assert_eq!(label("jia", "zh"), "Jia");
    assert_eq!(label("yi", "zh"), "乙");
    assert_eq!(label("yi", "en"), "Yi");
    assert_eq!(label("_:b1", "en"), "Bing");
    assert_eq!(graph.project().languages, ["und", "zh", "en"]);
    let employer = graph.schema().slot_named("employer").unwrap();
    assert_eq!(graph.schema().slot(employer).label["zh"], "雇主");
}

#[test]
fn what_has_no_type_of_ours_is_kept_as_it_is_written() {
    let graph = people();
    let works = graph.node("w:works").unwrap();
    assert_eq!(
        graph.literals(works)[0].value,
        Value::String("2001-02-03T04:05:06".to_owned())
    );
}

#[test]
fn a_statement_that_says_more_stays_an_entity() {
    let turtle = "
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix ex: <https://kg.example/> .
        ex:a ex:knows ex:b .
        ex:s a rdf:Statement ; rdf:subject ex:a ; rdf:predicate ex:knows ; rdf:object ex:b ;
          ex:certainty 0.5 .";
    let graph = graph_from_rdf(turtle.as_bytes(), RdfFormat::Turtle);
    assert!(graph.node("s").is_some());
    assert_eq!(graph.edge_count(), 4);
}

#[test]
fn equal_input_gives_an_equal_graph() {
    let bytes = |graph: &KnowledgeGraph| {
        let profile = ProvenanceProfile::None;
        write(graph, RdfFormat::NTriples, profile, Vec::new()).unwrap()
    };
    assert_eq!(bytes(&people()), bytes(&people()));
}

#[test]
fn a_prefix_like_a_scheme_does_no_harm() {
    let turtle = "
        @prefix https: <urn:trap:> . @prefix urn: <https://kg.example/> .
        <https://kg.example/a> <https://kg.example/p> <https://other.example/b>, <urn:x:y> .";
    let graph = graph_from_rdf(turtle.as_bytes(), RdfFormat::Turtle);
    let iris: BTreeSet<String> = graph.nodes().map(|node| graph.iri(node)).collect();
    let wanted = ["https://kg.example/a", "https://other.example/b", "urn:x:y"];
    assert_eq!(iris, wanted.map(str::to_owned).into());
}
