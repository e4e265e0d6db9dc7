//! The loader and the shapes agree: the faults that `.ci/schema-judges` seeds in the RDF, where pySHACL
//! must find them, are seeded here in the files, where `tupu check` must find them with their line.

use std::fs;

use crate::support::{Sandbox, copy, in_repository};

/// A fault: what the judges call it, where it is made, and the code and line that must be reported.
struct Fault {
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
}

const CPPCC: &str = "articles/01-cppcc-meeting.toml";
const BIDS: &str = "articles/02-remote-bid-evaluation.toml";
const TARGETS: &str = "articles/03-technology-transfer.toml";
const MEETINGS: &str = "entities/events.toml";
const PLACES: &str = "entities/places.toml";
const SIGNATORY: &str =
    "signatory = { to = [\"cq-drc\", \"cd-drc\", \"cq-trading-centre\", \"cd-trading-centre\"]";
const VALUE: &str = "number = 1800, scale = \"亿\"";

const FAULTS: &[Fault] = &[
    Fault {
        name: "an agreement without signatory",
        file: BIDS,
        from: SIGNATORY,
        to: "principle = { to = []",
        code: "missing-slot",
    },
    Fault {
        name: "a second role in a membership",
        file: CPPCC,
        from: "role = { to = \"party-group-secretary\"",
        to: "role = { to = [\"cppcc-chair\", \"party-group-secretary\"]",
        code: "too-many-values",
    },
    Fault {
        name: "a membership without a member",
        file: CPPCC,
        from: "member = { to = \"zhang-yan\", at = \"char=107,120\", as = [\"党组书记\", \"张剡\"] }\n",
        to: "",
        code: "missing-slot",
    },
    Fault {
        name: "a person as signatory",
        file: BIDS,
        from: SIGNATORY,
        to: "signatory = { to = [\"zhang-yan\"]",
        code: "wrong-class",
    },
    Fault {
        name: "an entity that is not there as signatory",
        file: BIDS,
        from: SIGNATORY,
        to: "signatory = { to = [\"nobody\"]",
        code: "unknown-reference",
    },
    Fault {
        name: "a string as location",
        file: "articles/09-task-forces.toml",
        from: "location = { to = \"chongqing\", at = \"char=4331,4355\"",
        to: "location = { value = \"somewhere\", at = \"char=4331,4355\"",
        code: "missing-key",
    },
    Fault {
        name: "a date that is a string",
        file: MEETINGS,
        from: "value = \"2024-11-25\"",
        to: "value = \"yesterday\"",
        code: "invalid-date",
    },
    Fault {
        name: "a value outside the enum",
        file: CPPCC,
        from: "attendance_kind = { value = \"chaired\"",
        to: "attendance_kind = { value = \"slept\"",
        code: "not-permitted",
    },
    Fault {
        name: "no name in English",
        file: PLACES,
        from: "en = \"China\"\n",
        to: "",
        code: "missing-name",
    },
    Fault {
        name: "two names in Chinese",
        file: PLACES,
        from: "zh = \"中国\"\n",
        to: "zh = \"中国\"\nzh = \"中华\"\n",
        code: "invalid-toml",
    },
    Fault {
        name: "a statement that comes from nowhere",
        file: "sources.toml",
        from: "about = { to = \"bid-agreement\", at = \"char=1184,1204\", as = \"远程异地评标合作\" }",
        to: "about = \"bid-agreement\"",
        code: "missing-evidence",
    },
    Fault {
        name: "a status that is none",
        file: TARGETS,
        from: "status = \"planned\"",
        to: "status = \"hoped\"",
        code: "not-permitted",
    },
    Fault {
        name: "a selector that ends before it starts",
        file: BIDS,
        from: "char=592,672",
        to: "char=672,592",
        code: "invalid-position",
    },
    Fault {
        name: "a selector that starts before the text",
        file: BIDS,
        from: "char=592,672",
        to: "char=-1,672",
        code: "invalid-position",
    },
    Fault {
        name: "a passage of a document without digest",
        file: "sources.toml",
        from: "sha256 = \"407",
        to: "digest = \"407",
        code: "missing-key",
    },
    Fault {
        name: "a quantity without number",
        file: TARGETS,
        from: VALUE,
        to: "scale = \"亿\"",
        code: "missing-key",
    },
    Fault {
        name: "a number in words",
        file: TARGETS,
        from: VALUE,
        to: "number = \"many\", scale = \"亿\"",
        code: "invalid-number",
    },
    Fault {
        name: "a comparator that is none",
        file: TARGETS,
        from: "comparator = \"increase-to\"",
        to: "comparator = \"somehow\"",
        code: "not-permitted",
    },
    Fault {
        name: "a target without value",
        file: TARGETS,
        from: "value = { number = 1800",
        to: "note = { number = 1800",
        code: "missing-slot",
    },
];

/// Faults that no file can hold, since the loader writes what they lack, or never writes them.
const ONLY_IN_RDF: &[&str] = &[
    "a day that is none",
    "a first day after the last",
    "a name without language",
    "a statement without object",
    "a statement without subject",
    "a statement from a passage that is not there",
    "a passage without selector",
];

#[test]
fn what_the_shapes_find_in_the_graph_the_check_finds_in_the_files() {
    for fault in FAULTS {
        let sandbox = Sandbox::new();
        copy(&in_repository("data"), &sandbox.path("data"));
        let path = sandbox.path("data").join(fault.file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(fault.from),
            "{}: the data have changed",
            fault.name
        );
        fs::write(&path, text.replacen(fault.from, fault.to, 1)).unwrap();
        let run = sandbox.run(&["check"]).expect(1);
        let said = run.stderr();
        let found = said
            .lines()
            .zip(said.lines().skip(1))
            .any(|(title, place)| {
                title.starts_with(&format!("error[{}]", fault.code))
                    && place.contains(&format!("data/{}:", fault.file))
            });
        assert!(found, "{}: {said}", fault.name);
    }
}

#[test]
fn every_fault_of_the_judges_is_seeded_here_or_cannot_be() {
    let script = fs::read_to_string(in_repository(".ci/schema_judges.py")).unwrap();
    let judged: Vec<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix("@fault(\"")?.split('"').next())
        .collect();
    let mut here: Vec<&str> = FAULTS
        .iter()
        .map(|fault| fault.name)
        .chain(ONLY_IN_RDF.iter().copied())
        .collect();
    let mut there = judged.clone();
    here.sort_unstable();
    there.sort_unstable();
    assert!(!judged.is_empty());
    assert_eq!(here, there);
}
