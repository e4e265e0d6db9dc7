//! [SPARQL 1.1 Protocol](https://www.w3.org/TR/sparql11-protocol/): the query operation.

use http::{Method, StatusCode};
use oxrdf::{GraphName, NamedNode, Quad, Triple};
use spargebra::algebra::QueryDataset;

use super::negotiate::{Format, ROWS, TRIPLES, choose};
use super::reply::{Fault, Reply};
use super::request::{Asked, Parameters};
use super::{Bounded, MOST_ROWS, Site};
use crate::named_query::{self, SyntaxError};
use crate::rdf::{RdfFormat, write_quads};
use crate::sparql::{
    CancellationToken, Query, QueryEvaluationError, QueryResults, QueryResultsFormat,
    QueryResultsSerializer, QuerySolutionIter, collect_triples, evaluate_stoppable,
};

/// Bytes that a triple of an answer takes at least, about; more triples are not collected.
const TRIPLE: usize = 64;

/// A query as it was sent, and the dataset that it is to be asked.
pub(super) struct Sent {
    pub(super) text: String,
    default_graphs: Vec<String>,
    named_graphs: Vec<String>,
    pub(super) format: Option<String>,
}

impl Sent {
    /// The query of the request; `None` where it has none, which asks for the description.
    fn read(asked: &Asked<'_>) -> Result<Option<Self>, Fault> {
        let form;
        let (text, parameters) = if *asked.method == Method::POST {
            match body_kind(asked)? {
                BodyKind::Form => {
                    form = Parameters::read(asked.body)?;
                    let Some(text) = text(&form)? else {
                        return Err(Fault::bad("the form has no parameter `query`"));
                    };
                    (text, &form)
                }
                BodyKind::Query => {
                    if asked.parameters.all("query").next().is_some() {
                        return Err(Fault::bad(
                            "there is a query in the body and one in the address",
                        ));
                    }
                    let text = str::from_utf8(asked.body)
                        .map_err(|_| Fault::bad("the query is not UTF-8"))?;
                    (text, &asked.parameters)
                }
            }
        } else {
            match text(&asked.parameters)? {
                Some(text) => (text, &asked.parameters),
                None => return Ok(None),
            }
        };
        let all = |name| parameters.all(name).map(str::to_owned).collect();
        Ok(Some(Self {
            text: text.to_owned(),
            default_graphs: all("default-graph-uri"),
            named_graphs: all("named-graph-uri"),
            format: parameters.one("format")?.map(str::to_owned),
        }))
    }

    /// The dataset that is given beside the query and counts instead of its own.
    fn dataset(&self) -> Result<Option<QueryDataset>, Fault> {
        if self.default_graphs.is_empty() && self.named_graphs.is_empty() {
            return Ok(None);
        }
        let nodes = |iris: &[String]| {
            iris.iter()
                .map(|iri| {
                    NamedNode::new(iri.as_str())
                        .map_err(|_| Fault::bad(format!("`{iri}` is no IRI of a graph")))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Some(QueryDataset {
            default: nodes(&self.default_graphs)?,
            named: Some(nodes(&self.named_graphs)?),
        }))
    }
}

fn text(parameters: &Parameters) -> Result<Option<&str>, Fault> {
    if parameters.all("update").next().is_some() {
        return Err(read_only());
    }
    parameters.one("query")
}

enum BodyKind {
    Form,
    Query,
}

fn body_kind(asked: &Asked<'_>) -> Result<BodyKind, Fault> {
    let unsupported = |what: &str| {
        let message = format!(
            "a query is sent as application/sparql-query or application/x-www-form-urlencoded, not as {what}"
        );
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    };
    let Some((kind, charset)) = asked.media_type() else {
        return Err(unsupported("anything that does not say what it is"));
    };
    if let Some(charset) = charset.filter(|it| it != "utf-8") {
        return Err(unsupported(&format!("text in {charset}")));
    }
    match kind.as_str() {
        "application/x-www-form-urlencoded" => Ok(BodyKind::Form),
        "application/sparql-query" => Ok(BodyKind::Query),
        "application/sparql-update" => Err(read_only()),
        other => Err(unsupported(other)),
    }
}

fn read_only() -> Fault {
    Fault::new(
        StatusCode::FORBIDDEN,
        "updates are refused: the graph is served read only",
    )
}

/// Where a query is at fault, by line and column in characters, and what is wrong.
fn syntax_fault(text: &str, error: &SyntaxError) -> Fault {
    let before = text.get(..error.span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count() + 1;
    let mut message = format!("line {line}, column {column}: {}", error.message);
    if let Some(hint) = &error.hint {
        message.push_str(&format!("; {hint}"));
    }
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    if !shown.is_empty() {
        message.push_str(&format!("\n\n{line} | {shown}"));
    }
    Fault::bad(message)
}

impl Site {
    /// Answers `/sparql`.
    pub(super) fn sparql(
        &self,
        asked: &Asked<'_>,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        let Some(sent) = Sent::read(asked)? else {
            return self.service(asked);
        };
        let answered = self.ask(asked, &sent, cancellation);
        match answered {
            Err(fault) if super::prefers_html(asked.headers) && sent.format.is_none() => {
                Ok(self.query_page(&sent.text, &fault))
            }
            answered => answered,
        }
    }

    fn ask(
        &self,
        asked: &Asked<'_>,
        sent: &Sent,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        let mut query = self.parse(&sent.text)?;
        if let Some(given) = sent.dataset()? {
            match &mut query {
                Query::Select { dataset, .. }
                | Query::Construct { dataset, .. }
                | Query::Describe { dataset, .. }
                | Query::Ask { dataset, .. } => *dataset = Some(given),
            }
        }
        let offers = match query {
            Query::Select { .. } | Query::Ask { .. } => ROWS,
            Query::Construct { .. } | Query::Describe { .. } => TRIPLES,
        };
        let format = choose(asked, sent.format.as_deref(), offers)?;
        if format == Format::Html {
            return self.results_page(sent, &query, cancellation);
        }
        let answer = self.evaluate(&query, cancellation)?;
        self.written(answer, format)
    }

    /// Asks the graph; [`Site::answer`] sees to it that the query can be stopped.
    pub(super) fn evaluate(
        &self,
        query: &Query,
        cancellation: &CancellationToken,
    ) -> Result<QueryResults<'_>, QueryEvaluationError> {
        evaluate_stoppable(&self.rdf, query, cancellation.clone(), MOST_ROWS)
    }

    /// Reads a query, which need not declare the prefixes that are known here.
    pub(super) fn parse(&self, text: &str) -> Result<Query, Fault> {
        named_query::parse(text, &self.prefixes).map_err(|error| syntax_fault(text, &error))
    }

    fn written(&self, answer: QueryResults<'_>, format: Format) -> Result<Reply, Fault> {
        let body = match (answer, format) {
            (QueryResults::Boolean(value), Format::Rows(format)) => self.boolean(value, format)?,
            (QueryResults::Solutions(rows), Format::Rows(format)) => self.rows(rows, format)?,
            (QueryResults::Graph(triples), Format::Triples(format)) => {
                let most = self.most / TRIPLE;
                let triples =
                    collect_triples(|label| self.rdf.has_blank_node(label), triples, most + 1)?;
                if triples.len() > most {
                    return Err(Fault::too_large(self.most));
                }
                self.triples(triples, format)?
            }
            _ => {
                return Err(Fault::new(
                    StatusCode::NOT_ACCEPTABLE,
                    "the query has no answer in this format",
                ));
            }
        };
        Ok(Reply::new(format.media_type(), body))
    }

    fn boolean(&self, value: bool, format: QueryResultsFormat) -> Result<Vec<u8>, Fault> {
        let mut out = Bounded::new(self.most);
        QueryResultsSerializer::from_format(format)
            .serialize_boolean_to_writer(&mut out, value)
            .map_err(|error| Fault::writing(&error, self.most))?;
        Ok(out.bytes)
    }

    fn rows(
        &self,
        rows: QuerySolutionIter<'_>,
        format: QueryResultsFormat,
    ) -> Result<Vec<u8>, Fault> {
        let failed = |error| Fault::writing(&error, self.most);
        let mut out = Bounded::new(self.most);
        let mut serializer = QueryResultsSerializer::from_format(format)
            .serialize_solutions_to_writer(&mut out, rows.variables().to_vec())
            .map_err(failed)?;
        for row in rows {
            serializer.serialize(row?.iter()).map_err(failed)?;
        }
        serializer.finish().map_err(failed)?;
        Ok(out.bytes)
    }

    /// Writes triples in one order.
    pub(super) fn triples(
        &self,
        triples: Vec<Triple>,
        format: RdfFormat,
    ) -> Result<Vec<u8>, Fault> {
        let quads: Vec<Quad> = triples
            .into_iter()
            .map(|it| it.in_graph(GraphName::DefaultGraph))
            .collect();
        let out = write_quads(&quads, format, &self.prefixes, Bounded::new(self.most));
        Ok(out
            .map_err(|error| Fault::writing(&error, self.most))?
            .bytes)
    }

    /// The triples that a query of our own gives.
    pub(super) fn constructed(
        &self,
        query: &str,
        cancellation: &CancellationToken,
    ) -> Result<Vec<Triple>, Fault> {
        let query = self.parse(query)?;
        match self.evaluate(&query, cancellation)? {
            QueryResults::Graph(triples) => Ok(collect_triples(
                |label| self.rdf.has_blank_node(label),
                triples,
                usize::MAX,
            )?),
            _ => Ok(Vec::new()),
        }
    }
}
