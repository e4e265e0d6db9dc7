//! What an analyst asks of the page, asked twice: by SPARQL on the committed Turtle, and from the
//! command line.

use std::collections::BTreeSet;
use std::fs;

use oxttl::TurtleParser;
use serde::Deserialize;
use spareval::{QueryEvaluator, QueryResults};
use spargebra::SparqlParser;
use tupu::oxrdf::{Dataset, GraphName, Term};

use crate::support::{Sandbox, in_repository};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    zh: String,
    en: String,
    /// A SELECT query; the values of its first variable are the answers.
    sparql: String,
    /// Arguments of `tupu`; each answer must stand in what it prints.
    cli: Vec<String>,
    /// The answers, names as printed; in their order where the query orders them.
    answers: Vec<String>,
}

const PREFIXES: &str = "
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX schema: <https://schema.org/>
    PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    PREFIX tupu: <https://w3id.org/tupu/ns#>
    PREFIX cyo: <https://w3id.org/tupu/chengyu/terms#>
    PREFIX cy: <https://w3id.org/tupu/chengyu/>
";

fn questions() -> Vec<Question> {
    let text = fs::read_to_string(in_repository("tests/cases/questions.toml")).unwrap();
    toml::from_str::<Questions>(&text).unwrap().question
}

fn dataset() -> Dataset {
    let turtle = fs::read(in_repository("out/chengyu.ttl")).unwrap();
    TurtleParser::new()
        .for_slice(&turtle)
        .map(|triple| triple.unwrap().in_graph(GraphName::DefaultGraph))
        .collect()
}

fn select(dataset: &Dataset, question: &Question) -> Vec<String> {
    let query = format!("{PREFIXES}{}", question.sparql);
    let query = SparqlParser::new()
        .parse_query(&query)
        .unwrap_or_else(|error| panic!("{}: {error}", question.en));
    let results = QueryEvaluator::new()
        .prepare(&query)
        .execute(dataset)
        .unwrap_or_else(|error| panic!("{}: {error}", question.en));
    let QueryResults::Solutions(solutions) = results else {
        panic!("{}: not a SELECT query", question.en);
    };
    solutions
        .map(
            |solution| match solution.unwrap().values()[0].clone().unwrap() {
                Term::Literal(literal) => literal.value().to_owned(),
                other => other.to_string(),
            },
        )
        .collect()
}

#[test]
fn sparql_on_the_turtle_answers_every_question() {
    let dataset = dataset();
    let mut wrong = Vec::new();
    for question in questions() {
        let found = select(&dataset, &question);
        let is_ordered = question.sparql.to_uppercase().contains("ORDER BY");
        let is_right = if is_ordered {
            found == question.answers
        } else {
            let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
            found.len() == question.answers.len() && set(&found) == set(&question.answers)
        };
        if !is_right {
            wrong.push(format!(
                "{} ({}): expected {:?}, found {found:?}",
                question.en, question.zh, question.answers
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_line_answers_every_question() {
    let sandbox = Sandbox::new();
    let data = in_repository("data");
    let mut wrong = Vec::new();
    for question in questions() {
        let mut arguments = vec!["--project", data.to_str().unwrap()];
        arguments.extend(question.cli.iter().map(String::as_str));
        let run = sandbox.run(&arguments);
        let stdout = run.stdout();
        let missing: Vec<_> = question
            .answers
            .iter()
            .filter(|answer| !stdout.contains(answer.as_str()))
            .collect();
        if run.code() != 0 || !missing.is_empty() {
            wrong.push(format!(
                "{}: `tupu {}` does not say {missing:?}: {}",
                question.en,
                question.cli.join(" "),
                run.stderr()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_questions_on_every_article() {
    assert!(questions().len() >= 40);
}
