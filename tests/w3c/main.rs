//! The W3C's RDF test suites, run over our writers, and its SPARQL suite, asked of our graph.
//!
//! `cargo test --test w3c -- FOLDER` takes the folder that holds `rdf11` and `rdf12`, or `sparql11`. Each
//! positive test of RDF is read by oxrdfio and as a stream, written with each of our writers, read again, and must be the
//! same graph; each negative one must be refused by both, with a position. It is not part of `cargo test`, since the suites stand
//! outside of the project.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that runs without the harness"
)]

mod sparql;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use oxrdf::dataset::CanonicalizationAlgorithm;
use oxrdf::{Dataset, Literal, NamedOrBlankNode, Quad, Term};
use oxrdfio::{RdfFormat, RdfParser};
use tupu::prefix::{PrefixMap, is_absolute_iri};
use tupu::rdf::{QuadCollector, write_quads};
use tupu::stream;

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const RDFT: &str = "http://www.w3.org/ns/rdftest#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";

/// Tests that fail, by the end of their name, and why. A test that is listed here and passes is a
/// failure as well.
const EXPECTED_FAILURES: &[(&str, &str)] = &[
    (
        "rdf11/rdf-xml#xml-canon-test001",
        "oxrdfxml keeps an XML literal as it is written instead of canonicalizing it",
    ),
    (
        "rdf11/rdf-xml#xml-canon-test002",
        "oxrdfxml keeps an XML literal as it is written instead of canonicalizing it",
    ),
];

/// Folders of the suites and the format of each.
const SUITES: &[(&str, RdfFormat)] = &[
    ("rdf11/rdf-turtle", RdfFormat::Turtle),
    ("rdf11/rdf-n-triples", RdfFormat::NTriples),
    ("rdf11/rdf-n-quads", RdfFormat::NQuads),
    ("rdf11/rdf-trig", RdfFormat::TriG),
    ("rdf11/rdf-xml", RdfFormat::RdfXml),
    ("rdf12/rdf-turtle/syntax", RdfFormat::Turtle),
    ("rdf12/rdf-turtle/eval", RdfFormat::Turtle),
    ("rdf12/rdf-n-triples/syntax", RdfFormat::NTriples),
    ("rdf12/rdf-n-triples/c14n", RdfFormat::NTriples),
    ("rdf12/rdf-n-quads/syntax", RdfFormat::NQuads),
    ("rdf12/rdf-n-quads/c14n", RdfFormat::NQuads),
    ("rdf12/rdf-trig/syntax", RdfFormat::TriG),
    ("rdf12/rdf-trig/eval", RdfFormat::TriG),
];

struct Case {
    name: String,
    kind: String,
    action: PathBuf,
    base: String,
    result: Option<PathBuf>,
    format: RdfFormat,
}

fn main() -> ExitCode {
    let Some(root) = std::env::args().skip(1).find(|it| !it.starts_with('-')) else {
        eprintln!("usage: cargo test --test w3c -- FOLDER");
        return ExitCode::from(2);
    };
    let root = Path::new(&root);
    let is_fine = if root.join("sparql11").is_dir() {
        sparql::run(root)
    } else {
        run_rdf(root)
    };
    if is_fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_rdf(root: &Path) -> bool {
    let mut tally = Tally::new(EXPECTED_FAILURES);
    for (folder, format) in SUITES {
        let cases = read_manifest(&root.join(folder), *format);
        assert!(!cases.is_empty(), "{folder} holds no tests");
        for case in cases {
            tally.count(&format!("{folder}#{}", case.name), run(&case));
        }
        tally.close(folder);
    }
    tally.finish()
}

/// Counts what passes and what fails, as expected or not.
struct Tally {
    expected: BTreeMap<&'static str, &'static str>,
    passed: usize,
    of_suite: usize,
    failed: usize,
}

impl Tally {
    fn new(expected: &[(&'static str, &'static str)]) -> Self {
        Self {
            expected: expected.iter().copied().collect(),
            passed: 0,
            of_suite: 0,
            failed: 0,
        }
    }

    fn count(&mut self, name: &str, outcome: Result<(), String>) {
        match (outcome, self.expected.remove(name)) {
            (Ok(()), None) => {
                self.passed += 1;
                self.of_suite += 1;
            }
            (Err(why), Some(reason)) => println!("expected failure: {name}: {why} ({reason})"),
            (Ok(()), Some(_)) => {
                println!("{name} passes, but is listed as an expected failure");
                self.failed += 1;
            }
            (Err(why), None) => {
                println!("{name}: {why}");
                self.failed += 1;
            }
        }
    }

    /// Says how many tests of a suite passed.
    fn close(&mut self, suite: &str) {
        println!("{suite}: {} passed", self.of_suite);
        self.of_suite = 0;
    }

    /// Says how it went; whether nothing failed.
    fn finish(mut self) -> bool {
        for name in self.expected.keys() {
            println!("there is no test {name}");
            self.failed += 1;
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failed == 0
    }
}

fn read_manifest(folder: &Path, format: RdfFormat) -> Vec<Case> {
    let path = folder.join("manifest.ttl");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The manifest's own IRIs only have to be told apart.
    let here = "https://suite.example/";
    let quads: Vec<Quad> = RdfParser::from_format(RdfFormat::Turtle)
        .with_base_iri(format!("{here}manifest.ttl"))
        .unwrap()
        .for_slice(&text)
        .map(Result::unwrap)
        .collect();
    let objects = |subject: &Term, predicate: &str| -> Vec<Term> {
        let found = quads.iter().filter(|quad| {
            Term::from(quad.subject.clone()) == *subject && quad.predicate.as_str() == predicate
        });
        found.map(|quad| quad.object.clone()).collect()
    };
    let one = |subject: &Term, predicate: &str| objects(subject, predicate).into_iter().next();
    let text_of = |term: Option<Term>| match term {
        Some(Term::NamedNode(node)) => node.into_string(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        _ => String::new(),
    };
    let base = quads
        .iter()
        .find(|quad| quad.predicate.as_str() == format!("{MF}assumedTestBase"))
        .map(|quad| text_of(Some(quad.object.clone())))
        .unwrap_or_default();
    let mut cases = Vec::new();
    let mut next = quads
        .iter()
        .find(|quad| quad.predicate.as_str() == format!("{MF}entries"))
        .map(|quad| quad.object.clone());
    while let Some(list) = next {
        let Some(test) = one(&list, FIRST) else { break };
        let local = |predicate: &str| {
            let iri = text_of(one(&test, &format!("{MF}{predicate}")));
            iri.strip_prefix(here).map(str::to_owned)
        };
        let action = local("action").expect("an action");
        let id = match NamedOrBlankNode::try_from(test.clone()) {
            Ok(node) => node.to_string(),
            Err(_) => String::new(),
        };
        cases.push(Case {
            name: id
                .rsplit('#')
                .next()
                .unwrap_or("")
                .trim_end_matches('>')
                .to_owned(),
            kind: text_of(one(&test, TYPE)).replace(RDFT, ""),
            base: format!("{base}{action}"),
            action: folder.join(action),
            result: local("result").map(|file| folder.join(file)),
            format,
        });
        next = one(&list, REST);
    }
    cases
}

fn parse(path: &Path, format: RdfFormat, base: Option<&str>) -> Result<Vec<Quad>, String> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse_bytes(&text, format, base)
}

fn parse_bytes(text: &[u8], format: RdfFormat, base: Option<&str>) -> Result<Vec<Quad>, String> {
    let mut parser = RdfParser::from_format(format);
    if let Some(base) = base.filter(|base| !base.is_empty()) {
        parser = parser
            .with_base_iri(base)
            .map_err(|error| error.to_string())?;
    }
    let mut quads = Vec::new();
    for quad in parser.for_slice(text) {
        quads.push(quad.map_err(|error| match error.location() {
            Some(at) => format!(
                "line {} column {}: {error}",
                at.start.line + 1,
                at.start.column + 1
            ),
            None => format!("without a position: {error}"),
        })?);
    }
    Ok(quads)
}

fn canonical(quads: &[Quad]) -> Dataset {
    let mut dataset: Dataset = quads.iter().cloned().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset
}

/// The quads with language tags in lower case, as oxrdfio gives them and which says the same in RDF.
fn lowered(quads: Vec<Quad>) -> Vec<Quad> {
    let lower = |mut quad: Quad| {
        if let Term::Literal(literal) = &quad.object
            && let (Some(tag), None) = (literal.language(), literal.direction())
        {
            let tag = tag.to_ascii_lowercase();
            let literal = Literal::new_language_tagged_literal_unchecked(literal.value(), tag);
            quad.object = literal.into();
        }
        quad
    };
    quads.into_iter().map(lower).collect()
}

/// Our readers take and refuse what oxrdfio, which gave `read`, takes and refuses.
fn check_stream(case: &Case, read: &Result<Vec<Quad>, String>) -> Result<(), String> {
    let text = fs::read(&case.action).map_err(|error| error.to_string())?;
    let base = Some(case.base.as_str()).filter(|base| is_absolute_iri(base));
    let mut sink = QuadCollector::default();
    match (stream::read(&text[..], case.format, base, &mut sink), read) {
        (Ok(()), Ok(quads)) if canonical(&lowered(sink.into_quads())) == canonical(quads) => Ok(()),
        (Err(_), Err(_)) => Ok(()),
        (Ok(()), Ok(_)) => Err("is another graph as a stream".to_owned()),
        (Ok(()), Err(_)) => Err("is taken as a stream, though it is wrong".to_owned()),
        (Err(error), Ok(_)) => Err(format!("is refused as a stream: {error}")),
    }
}

fn run(case: &Case) -> Result<(), String> {
    let read = parse(&case.action, case.format, Some(&case.base));
    check_stream(case, &read)?;
    if case.kind.contains("Negative") {
        return match read {
            Ok(_) => Err("is taken, though it is wrong".to_owned()),
            // The parser of RDF/XML gives no positions.
            Err(why) if why.starts_with("without") && case.format != RdfFormat::RdfXml => Err(why),
            Err(_) => Ok(()),
        };
    }
    let quads = read?;
    let wanted = canonical(&quads);
    if let Some(result) = &case.result {
        let format = match result.extension().and_then(|it| it.to_str()) {
            Some("nq") => RdfFormat::NQuads,
            _ => RdfFormat::NTriples,
        };
        if canonical(&parse(result, format, None)?) != wanted {
            return Err("is read as another graph".to_owned());
        }
    }
    for format in [
        RdfFormat::Turtle,
        RdfFormat::NTriples,
        RdfFormat::NQuads,
        RdfFormat::TriG,
    ] {
        let has_graphs = quads.iter().any(|quad| !quad.graph_name.is_default_graph());
        if has_graphs && !format.supports_datasets() {
            continue;
        }
        write_and_read(&quads, &wanted, format)?;
    }
    Ok(())
}

fn write_and_read(quads: &[Quad], wanted: &Dataset, format: RdfFormat) -> Result<(), String> {
    let prefixes = PrefixMap::well_known();
    let name = format.name();
    let write = |quads: &[Quad]| {
        write_quads(quads, format, &prefixes, Vec::new())
            .map_err(|error| format!("{name}: {error}"))
    };
    let written = write(quads)?;
    let again = parse_bytes(&written, format, None).map_err(|error| {
        format!(
            "our {name} cannot be read: {error}\n{}",
            String::from_utf8_lossy(&written)
        )
    })?;
    if canonical(&again) != *wanted {
        return Err(format!(
            "our {name} is another graph:\n{}",
            String::from_utf8_lossy(&written)
        ));
    }
    // Backwards, and each twice: the bytes stay.
    let shuffled: Vec<Quad> = quads
        .iter()
        .rev()
        .flat_map(|quad| [quad.clone(), quad.clone()])
        .collect();
    if write(&shuffled)? != written {
        return Err(format!("our {name} depends on the order of the input"));
    }
    Ok(())
}
