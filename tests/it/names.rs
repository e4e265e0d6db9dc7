//! Which entity, class or slot a name means, on the data of the repository.

use std::sync::LazyLock;

use tupu::load::load_project;
use tupu::model::KnowledgeGraph;
use tupu::query::{class_named, slot_named};

use crate::support::in_repository;

static GRAPH: LazyLock<KnowledgeGraph> =
    LazyLock::new(|| load_project(&in_repository("data")).unwrap().graph);

#[test]
fn classes_and_slots_go_by_name_label_and_iri() {
    let schema = GRAPH.schema();
    for (text, name) in [
        ("GovernmentBody", "GovernmentBody"),
        ("governmentbody", "GovernmentBody"),
        ("government body", "GovernmentBody"),
        ("Government-Body", "GovernmentBody"),
        ("政府机构", "GovernmentBody"),
        ("计划(PROV)", "ProvPlan"),
        ("https://schema.org/City", "City"),
    ] {
        let found = class_named(schema, text).unwrap();
        assert_eq!(schema.class(found).name, name, "{text}");
    }
    for (text, name) in [
        ("located_in", "located_in"),
        ("located in", "located_in"),
        ("位于", "located_in"),
        ("SIGNATORY", "signatory"),
        ("地点", "location"),
    ] {
        let found = slot_named(schema, text).unwrap();
        assert_eq!(schema.slot(found).name, name, "{text}");
    }
}

#[test]
fn unknown_and_ambiguous_classes_and_slots_say_what_could_be_meant() {
    let schema = GRAPH.schema();
    let unknown = class_named(schema, "goverment body").unwrap_err();
    assert!(!unknown.is_ambiguous);
    assert!(
        unknown.candidates.contains(&"government body".to_owned()),
        "{unknown}"
    );
    assert_eq!(
        slot_named(schema, "签署方").unwrap_err().to_string(),
        "`签署方` is more than one slot: `signer`, `signatory`"
    );
    for text in ["", " ", "xyzzy", "\u{0}", ".*", "\u{301}"] {
        let error = class_named(schema, text).unwrap_err();
        assert!(error.candidates.is_empty(), "{error}");
    }
    let long = class_named(schema, &"机".repeat(10_000)).unwrap_err();
    assert!(long.to_string().chars().count() < 120, "{long}");
}
