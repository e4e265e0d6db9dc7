//! What answers SPARQL: a store by HTTP, or a graph in memory.

use std::collections::BTreeMap;
use std::io;

use oxrdf::{BaseDirection, BlankNode, Literal, NamedNode, Term};
use serde_json::Value;

use super::profile::MEMORY;
use super::{Method, Profile, Request, Store, StoreError, form};
use crate::sparql::{CancellationToken, Query, QueryResults, RdfGraph, evaluate};

/// Terms by the name of their variable.
pub type Row = BTreeMap<String, Term>;

/// Answers SPARQL.
pub trait Endpoint {
    /// The rows of a SELECT.
    ///
    /// # Errors
    ///
    /// When there is no answer, or it is not that of a SELECT.
    fn rows(&self, query: &str) -> Result<Vec<Row>, StoreError>;

    /// The answer of an ASK.
    ///
    /// # Errors
    ///
    /// When there is no answer, or it is not that of an ASK.
    fn ask(&self, query: &str) -> Result<bool, StoreError>;

    /// What is known of its kind.
    fn profile(&self) -> &'static Profile;
}

/// A graph in memory.
#[derive(Debug)]
pub struct Memory(pub RdfGraph);

impl Memory {
    fn answer(&self, query: &str) -> Result<QueryResults<'_>, StoreError> {
        let query = parsed(query)?;
        Ok(evaluate(&self.0, &query, CancellationToken::new())?)
    }
}

pub(super) fn parsed(query: &str) -> Result<Query, StoreError> {
    query
        .parse()
        .map_err(|error: spargebra::SparqlSyntaxError| StoreError::Io(io::Error::other(error)))
}

/// The rows of an answer that this program gives itself.
pub(super) fn rows(answer: QueryResults<'_>) -> Result<Vec<Row>, StoreError> {
    let QueryResults::Solutions(solutions) = answer else {
        return Err(another_form());
    };
    solutions
        .map(|solution| {
            let solution = solution?;
            let terms = solution.iter();
            Ok(terms
                .map(|(name, term)| (name.as_str().to_owned(), term.clone()))
                .collect())
        })
        .collect()
}

/// Yes or no, of an answer that this program gives itself.
pub(super) fn boolean(answer: &QueryResults<'_>) -> Result<bool, StoreError> {
    match answer {
        QueryResults::Boolean(value) => Ok(*value),
        QueryResults::Solutions(_) | QueryResults::Graph(_) => Err(another_form()),
    }
}

fn another_form() -> StoreError {
    StoreError::Garbled {
        url: "the graph".to_owned(),
        reason: "another form of query".to_owned(),
    }
}

impl Endpoint for Memory {
    fn rows(&self, query: &str) -> Result<Vec<Row>, StoreError> {
        rows(self.answer(query)?)
    }

    fn ask(&self, query: &str) -> Result<bool, StoreError> {
        boolean(&self.answer(query)?)
    }

    fn profile(&self) -> &'static Profile {
        &MEMORY
    }
}

/// What the answer of a query may hold: some hundred thousand rows.
const LONGEST_ANSWER: u64 = 64 << 20;

impl Store {
    /// The address that is asked.
    pub fn query_url(&self) -> String {
        self.url(self.profile.query)
    }

    /// The answer of a query as
    /// [SPARQL Query Results JSON](https://www.w3.org/TR/sparql11-results-json/).
    fn answer(&self, query: &str) -> Result<Value, StoreError> {
        let request = Request::new(Method::Post, self.query_url());
        let request = form(request, "query", query.as_bytes())
            .with_header("Accept", "application/sparql-results+json")
            .repeatable();
        let body = self.client().send(&request, LONGEST_ANSWER)?;
        serde_json::from_slice(&body).map_err(|error| self.garbled(error.to_string()))
    }

    fn garbled(&self, reason: String) -> StoreError {
        StoreError::Garbled {
            url: self.query_url(),
            reason,
        }
    }
}

impl Endpoint for Store {
    fn rows(&self, query: &str) -> Result<Vec<Row>, StoreError> {
        let answer = self.answer(query)?;
        let rows = answer["results"]["bindings"].as_array();
        let rows = rows.and_then(|rows| rows.iter().map(row).collect());
        rows.ok_or_else(|| self.garbled("it is not a table of terms".to_owned()))
    }

    fn ask(&self, query: &str) -> Result<bool, StoreError> {
        let answer = self.answer(query)?;
        let value = answer["boolean"].as_bool().or_else(|| table_value(&answer));
        value.ok_or_else(|| self.garbled("it is neither true nor false".to_owned()))
    }

    fn profile(&self) -> &'static Profile {
        self.profile
    }
}

/// The answer of an ASK as Virtuoso 7 gives it: a table with one row for yes, with none for no.
fn table_value(answer: &Value) -> Option<bool> {
    let variables = answer["head"]["vars"].as_array()?;
    let is_ask = matches!(variables.as_slice(), [name] if name == "__ASK_RETVAL");
    let rows = answer["results"]["bindings"].as_array()?;
    is_ask.then_some(!rows.is_empty())
}

fn row(binding: &Value) -> Option<Row> {
    let terms = binding.as_object()?.iter();
    terms
        .map(|(name, value)| Some((name.clone(), term(value)?)))
        .collect()
}

/// A term as it came: oxrdf's own reader would change the case of language tags.
fn term(value: &Value) -> Option<Term> {
    let text = value["value"].as_str();
    Some(match value["type"].as_str()? {
        "uri" => NamedNode::new(text?).ok()?.into(),
        "bnode" => BlankNode::new(text?).ok()?.into(),
        "literal" | "typed-literal" => literal(text?, value)?.into(),
        "triple" => {
            let parts = &value["value"];
            let subject = match term(&parts["subject"])? {
                Term::NamedNode(node) => node.into(),
                Term::BlankNode(node) => oxrdf::NamedOrBlankNode::from(node),
                Term::Literal(_) | Term::Triple(_) => return None,
            };
            let Term::NamedNode(predicate) = term(&parts["predicate"])? else {
                return None;
            };
            oxrdf::Triple::new(subject, predicate, term(&parts["object"])?).into()
        }
        _ => return None,
    })
}

fn literal(text: &str, value: &Value) -> Option<Literal> {
    if let Some(tag) = value["xml:lang"].as_str() {
        let direction = match value["its:dir"].as_str() {
            Some("ltr") => BaseDirection::Ltr,
            Some("rtl") => BaseDirection::Rtl,
            _ => return Some(Literal::new_language_tagged_literal_unchecked(text, tag)),
        };
        return Some(Literal::new_directional_language_tagged_literal_unchecked(
            text, tag, direction,
        ));
    }
    Some(match value["datatype"].as_str() {
        Some(datatype) => Literal::new_typed_literal(text, NamedNode::new(datatype).ok()?),
        None => Literal::new_simple_literal(text),
    })
}
