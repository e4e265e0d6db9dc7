//! Terms of other vocabularies are there: every one that we write stands in a list made from the
//! vocabulary itself.

use std::collections::BTreeMap;
use std::fs;

use tupu::load::load_project;
use tupu::vocab::{TUPU, WELL_KNOWN_PREFIXES};

use crate::support::in_repository;

/// Terms by namespace, from `tests/vocabularies`: after the title comes the namespace, then a term a
/// line.
fn vocabularies() -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(in_repository("tests/vocabularies")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let title = lines.next().unwrap();
        assert!(
            title.starts_with("# ") && title.contains("http"),
            "{}: title, version, address",
            path.display()
        );
        let namespace = lines.next().unwrap().to_owned();
        let terms: Vec<String> = lines.map(str::to_owned).collect();
        assert!(
            terms.is_sorted_by(|a, b| a < b),
            "{}: sorted, each once",
            path.display()
        );
        assert!(all.insert(namespace, terms).is_none());
    }
    all
}

#[track_caller]
fn check(iri: &str, vocabularies: &BTreeMap<String, Vec<String>>) {
    let is_there = vocabularies.iter().any(|(namespace, terms)| {
        iri.strip_prefix(namespace.as_str())
            .is_some_and(|local| terms.iter().any(|term| term == local))
    });
    assert!(
        is_there,
        "<{iri}> stands in no list of tests/vocabularies; look it up in the vocabulary itself"
    );
}

#[test]
fn terms_that_the_schema_borrows_are_there() {
    let vocabularies = vocabularies();
    let graph = load_project(&in_repository("data")).unwrap().graph;
    let (schema, terms) = (graph.schema(), &graph.project().terms);
    let classes = schema.classes.iter().map(|it| (&it.iri, &it.mappings));
    let slots = schema.slots.iter().map(|it| (&it.iri, &it.mappings));
    for (iri, mappings) in classes.chain(slots) {
        let mappings = mappings.iter().map(|mapping| &mapping.iri);
        for iri in mappings.chain([iri]).filter(|it| !it.starts_with(terms)) {
            check(iri, &vocabularies);
        }
    }
    for it in &schema.enums {
        let values = it.permissible_values.iter().map(|value| &value.iri);
        for iri in values.chain([&it.iri]).filter(|it| !it.starts_with(terms)) {
            check(iri, &vocabularies);
        }
    }
}

#[test]
fn terms_that_the_program_borrows_are_there() {
    let vocabularies = vocabularies();
    let source = fs::read_to_string(in_repository("src/vocab.rs")).unwrap();
    let mut count = 0;
    for line in source.lines() {
        let Some((_, value)) = line.split_once(" = \"http") else {
            continue;
        };
        let iri = format!("http{}", value.trim_end_matches("\";"));
        if !iri.starts_with(TUPU) {
            check(&iri, &vocabularies);
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_well_known_prefix_has_a_list() {
    let vocabularies = vocabularies();
    for (prefix, namespace) in WELL_KNOWN_PREFIXES {
        assert!(
            *namespace == TUPU || vocabularies.contains_key(*namespace),
            "{prefix}"
        );
    }
}
