//! The W3C's SPARQL 1.1 tests of queries and results, asked of a graph that petgraph holds, as
//! `tupu query --graph` does.
//!
//! Updates, entailment, federation, service descriptions and protocols are not ours.

use std::fs;
use std::path::{Path, PathBuf};

use oxrdf::dataset::CanonicalizationAlgorithm;
use oxrdf::{BlankNode, Dataset, GraphName, Literal, NamedNode, Quad, Term, Triple, Variable};
use oxrdfio::{RdfFormat, RdfParser};
use sparesults::{
    QueryResultsFormat, QueryResultsParser, QueryResultsSerializer, SliceQueryResultsParserOutput,
};
use spareval::ExpressionTerm;
use tupu::named_query;
use tupu::prefix::PrefixMap;
use tupu::sparql::{self, CancellationToken, QueryResults, RdfGraph, RdfGraphBuilder};

use super::Tally;

const FOLDERS: &[&str] = &[
    "aggregates",
    "bind",
    "bindings",
    "cast",
    "construct",
    "csv-tsv-res",
    "exists",
    "functions",
    "grouping",
    "json-res",
    "negation",
    "project-expression",
    "property-path",
    "subquery",
    "syntax-query",
];

/// Tests that fail, and why. A test that is listed here and passes is a failure as well.
///
/// Oxigraph's own store gives the same answers: they come from spareval, not from what it asks.
const EXPECTED_FAILURES: &[(&str, &str)] = &[
    ("aggregates#agg-groupconcat-04", TAGGED),
    ("aggregates#agg-groupconcat-06", TAGGED),
    ("aggregates#agg-empty-group-count-graph", GRAPH_VARIABLE),
    ("bindings#graph", GRAPH_VARIABLE),
    ("negation#graph-minus", GRAPH_VARIABLE),
    (
        "functions#bnode01",
        "spareval's BNODE gives equal strings one blank node in all rows",
    ),
    ("property-path#zero_or_more_set_start", ZERO_LENGTH),
    ("property-path#zero_or_more_set_end", ZERO_LENGTH),
    ("property-path#zero_or_one_set_start", ZERO_LENGTH),
    ("property-path#zero_or_one_set_end", ZERO_LENGTH),
];

const TAGGED: &str = "spareval's GROUP_CONCAT keeps a language that all texts have in common";
const GRAPH_VARIABLE: &str =
    "spareval binds the variable of GRAPH with the quads, so a group without any leaves it unbound";
const ZERO_LENGTH: &str = "spareval's paths of no steps lead from terms of the graph only";

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const QT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const RS: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// Where the folders lie, as far as relative IRIs in queries and data go.
const BASE: &str = "https://suite.example/";

pub(crate) fn run(root: &Path) -> bool {
    let mut tally = Tally::new(EXPECTED_FAILURES);
    for folder in FOLDERS {
        let manifest = Manifest::read(&root.join("sparql11"), folder);
        let tests = manifest.tests();
        assert!(!tests.is_empty(), "{folder} holds no tests");
        for test in tests {
            let name = manifest.name(&test);
            tally.count(&name, manifest.run(&test));
        }
        tally.close(folder);
    }
    tally.finish()
}

fn read_rdf(path: &Path, base: &str) -> Vec<Quad> {
    let format = match path.extension().and_then(|it| it.to_str()) {
        Some("rdf") => RdfFormat::RdfXml,
        Some("nt") => RdfFormat::NTriples,
        _ => RdfFormat::Turtle,
    };
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    RdfParser::from_format(format)
        .with_base_iri(base)
        .unwrap()
        .for_slice(&text)
        .map(|quad| quad.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        .collect()
}

struct Manifest {
    root: PathBuf,
    folder: &'static str,
    quads: Vec<Quad>,
}

/// An answer that two engines can have in common: blank nodes may be called otherwise.
#[derive(Debug, Eq, PartialEq)]
enum Answer {
    Boolean(bool),
    Graph(Box<Dataset>),
}

impl Manifest {
    fn read(root: &Path, folder: &'static str) -> Self {
        let base = format!("{BASE}{folder}/manifest.ttl");
        Self {
            root: root.to_owned(),
            folder,
            quads: read_rdf(&root.join(folder).join("manifest.ttl"), &base),
        }
    }

    fn objects(&self, subject: &Term, predicate: &str) -> Vec<Term> {
        let found = self.quads.iter().filter(|quad| {
            Term::from(quad.subject.clone()) == *subject && quad.predicate.as_str() == predicate
        });
        found.map(|quad| quad.object.clone()).collect()
    }

    fn object(&self, subject: &Term, predicate: &str) -> Option<Term> {
        self.objects(subject, predicate).into_iter().next()
    }

    fn tests(&self) -> Vec<Term> {
        let entries = self
            .quads
            .iter()
            .find(|quad| quad.predicate.as_str() == format!("{MF}entries"));
        let mut list = entries.map(|quad| quad.object.clone());
        let mut tests = Vec::new();
        while let Some(node) = list {
            tests.extend(self.object(&node, &format!("{RDF}first")));
            list = self.object(&node, &format!("{RDF}rest"));
        }
        tests
    }

    fn name(&self, test: &Term) -> String {
        let iri = iri(test);
        let local = iri.rsplit('#').next().unwrap_or_default();
        format!("{}#{local}", self.folder)
    }

    fn path(&self, iri: &str) -> PathBuf {
        self.root
            .join(iri.strip_prefix(BASE).expect("a file of the suite"))
    }

    fn run(&self, test: &Term) -> Result<(), String> {
        let kind = self.object(test, &format!("{RDF}type")).map(|it| iri(&it));
        let kind = kind.unwrap_or_default().replace(MF, "");
        let action = self
            .object(test, &format!("{MF}action"))
            .expect("an action");
        match kind.as_str() {
            "PositiveSyntaxTest11" => self.parse(&iri(&action)).map(drop),
            "NegativeSyntaxTest11" => match self.parse(&iri(&action)) {
                Ok(_) => Err("is taken, though it is wrong".to_owned()),
                Err(_) => Ok(()),
            },
            "QueryEvaluationTest" | "CSVResultFormatTest" => {
                self.evaluate(&action, &self.object(test, &format!("{MF}result")))
            }
            kind => Err(format!("the kind {kind} is not known")),
        }
    }

    fn parse(&self, file: &str) -> Result<sparql::Query, String> {
        let text = fs::read_to_string(self.path(file)).unwrap();
        // A BASE of the query itself comes later and wins.
        named_query::parse(&format!("BASE <{file}>\n{text}"), &PrefixMap::new())
            .map_err(|error| error.message)
    }

    fn evaluate(&self, action: &Term, result: &Option<Term>) -> Result<(), String> {
        let query = self.object(action, &format!("{QT}query")).expect("a query");
        let query = self.parse(&iri(&query))?;
        let mut builder = RdfGraphBuilder::new();
        let mut add = |file: &Term, graph: &GraphName| {
            for quad in read_rdf(&self.path(&iri(file)), &iri(file)) {
                let quad = Triple::from(quad).in_graph(graph.clone());
                builder.insert(quad.as_ref()).unwrap();
            }
        };
        for file in self.objects(action, &format!("{QT}data")) {
            add(&file, &GraphName::DefaultGraph);
        }
        for file in self.objects(action, &format!("{QT}graphData")) {
            add(&file, &NamedNode::new(iri(&file)).unwrap().into());
        }
        let graph = builder.finish().unwrap();
        let file = self.path(&iri(result.as_ref().expect("a result")));
        let extension = file.extension().and_then(|it| it.to_str()).unwrap();
        let wanted = wanted(&file, extension, &iri(result.as_ref().unwrap()))?;
        let found = found(&graph, &query, extension)?;
        if found == wanted {
            return Ok(());
        }
        Err(format!(
            "the answer is\n{}instead of\n{}",
            shown(&found),
            shown(&wanted)
        ))
    }
}

fn iri(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        term => panic!("{term} is no IRI"),
    }
}

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Boolean(value) => format!("{value}\n"),
        Answer::Graph(graph) => {
            let mut lines: Vec<String> = graph.iter().map(|quad| format!("{quad}\n")).collect();
            lines.sort();
            lines.concat()
        }
    }
}

fn graph_of(triples: impl IntoIterator<Item = Triple>) -> Answer {
    let mut graph: Dataset = triples
        .into_iter()
        .map(|triple| triple.in_graph(GraphName::DefaultGraph))
        .collect();
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    Answer::Graph(Box::new(graph))
}

/// Rows as a graph: each is a blank node that has its values.
fn graph_of_rows(rows: Vec<Vec<(Variable, Term)>>, variables: &[Variable]) -> Answer {
    let variables = variables.iter().map(|variable| {
        Triple::new(
            NamedNode::new_unchecked("urn:answer"),
            NamedNode::new_unchecked("urn:variable"),
            Literal::from(variable.as_str()),
        )
    });
    let rows = rows.into_iter().enumerate().flat_map(|(index, row)| {
        let node = BlankNode::new_unchecked(format!("row{index}"));
        let exists = Triple::new(
            node.clone(),
            NamedNode::new_unchecked("urn:is"),
            Literal::from("row"),
        );
        let values = row.into_iter().map(move |(variable, term)| {
            let predicate = NamedNode::new_unchecked(format!("urn:v:{}", variable.as_str()));
            Triple::new(node.clone(), predicate, canonical(term))
        });
        std::iter::once(exists).chain(values)
    });
    graph_of(rows.chain(variables).collect::<Vec<_>>())
}

/// The term with a number as spareval writes it: `2.5E0` and `2.5` are the same double.
fn canonical(term: Term) -> Term {
    ExpressionTerm::from(term).into()
}

fn wanted(file: &Path, extension: &str, base: &str) -> Result<Answer, String> {
    let format = match extension {
        "srx" => QueryResultsFormat::Xml,
        "srj" => QueryResultsFormat::Json,
        "tsv" => QueryResultsFormat::Tsv,
        // CSV does not say what is an IRI; it is compared as it stands.
        "csv" => return Ok(lines(&fs::read_to_string(file).unwrap())),
        _ => {
            let quads = read_rdf(file, base);
            let is_result_set = quads
                .iter()
                .any(|quad| quad.predicate.as_str().starts_with(RS));
            return Ok(if is_result_set {
                result_set(&quads)
            } else {
                graph_of(quads.into_iter().map(Triple::from))
            });
        }
    };
    read_results(&fs::read(file).unwrap(), format)
}

/// Rows as the old vocabulary of the test suites has them.
fn result_set(quads: &[Quad]) -> Answer {
    let with = |predicate: &str| {
        let predicate = format!("{RS}{predicate}");
        quads
            .iter()
            .filter(move |quad| quad.predicate.as_str() == predicate)
    };
    let of = |subject: &Term, predicate: &str| -> Vec<Term> {
        with(predicate)
            .filter(|quad| Term::from(quad.subject.clone()) == *subject)
            .map(|quad| quad.object.clone())
            .collect()
    };
    let variable = |term: &Term| match term {
        Term::Literal(literal) => Variable::new(literal.value()).unwrap(),
        term => panic!("{term} is no name"),
    };
    let variables: Vec<Variable> = with("resultVariable")
        .map(|quad| variable(&quad.object))
        .collect();
    let rows = with("solution").map(|solution| {
        let bindings = of(&solution.object, "binding");
        let binding = |it: &Term| (variable(&of(it, "variable")[0]), of(it, "value")[0].clone());
        bindings.iter().map(binding).collect()
    });
    graph_of_rows(rows.collect(), &variables)
}

fn lines(text: &str) -> Answer {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default().to_owned();
    // A blank node's label means nothing, and no test has two in a row.
    let rows = lines.map(|line| {
        let line = line.split("_:").next().unwrap_or_default();
        vec![(Variable::new_unchecked("line"), Literal::from(line).into())]
    });
    graph_of_rows(rows.collect(), &[Variable::new_unchecked(head)])
}

fn read_results(bytes: &[u8], format: QueryResultsFormat) -> Result<Answer, String> {
    let parser = QueryResultsParser::from_format(format);
    Ok(
        match parser.for_slice(bytes).map_err(|error| error.to_string())? {
            SliceQueryResultsParserOutput::Boolean(value) => Answer::Boolean(value),
            SliceQueryResultsParserOutput::Solutions(solutions) => {
                let variables = solutions.variables().to_vec();
                let rows = solutions.map(|row| {
                    let row = row.map_err(|error| error.to_string())?;
                    Ok(row
                        .iter()
                        .map(|(name, term)| (name.clone(), term.clone()))
                        .collect())
                });
                graph_of_rows(rows.collect::<Result<_, String>>()?, &variables)
            }
        },
    )
}

/// What we answer, written in the format of what is wanted and read again.
fn found(graph: &RdfGraph, query: &sparql::Query, extension: &str) -> Result<Answer, String> {
    let format = match extension {
        "srj" => QueryResultsFormat::Json,
        "tsv" => QueryResultsFormat::Tsv,
        "csv" => QueryResultsFormat::Csv,
        _ => QueryResultsFormat::Xml,
    };
    let serializer = QueryResultsSerializer::from_format(format);
    let answer = sparql::evaluate(graph, query, CancellationToken::new());
    let bytes = match answer.map_err(|error| error.to_string())? {
        QueryResults::Boolean(value) => serializer.serialize_boolean_to_writer(Vec::new(), value),
        QueryResults::Solutions(rows) => {
            let variables = rows.variables().to_vec();
            let mut serializer = serializer
                .serialize_solutions_to_writer(Vec::new(), variables)
                .unwrap();
            for row in rows {
                let row = row.map_err(|error| error.to_string())?;
                serializer.serialize(row.iter()).unwrap();
            }
            serializer.finish()
        }
        QueryResults::Graph(triples) => {
            let triples =
                sparql::collect_triples(|label| graph.has_blank_node(label), triples, usize::MAX);
            return Ok(graph_of(triples.map_err(|error| error.to_string())?));
        }
    };
    let bytes = bytes.unwrap();
    match format {
        QueryResultsFormat::Csv => Ok(lines(&String::from_utf8(bytes).unwrap())),
        format => read_results(&bytes, format),
    }
}
