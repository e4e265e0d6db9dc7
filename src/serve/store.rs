//! [Graph Store HTTP Protocol](https://www.w3.org/TR/sparql11-http-rdf-update/), as far as it reads.

use http::StatusCode;
use oxrdf::{NamedNode, Term};

use super::Site;
use super::negotiate::{Format, TRIPLES, choose};
use super::reply::{Fault, Reply};
use super::request::Asked;
use crate::sparql::{CancellationToken, QueryResults};
use crate::suggest;

impl Site {
    /// Answers `/store?default` and `/store?graph=IRI`.
    pub(super) fn store(
        &self,
        asked: &Asked<'_>,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        let default = asked.parameters.one("default")?;
        let graph = asked.parameters.one("graph")?;
        let query = match (default, graph) {
            (Some(_), None) => "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }".to_owned(),
            (None, Some(iri)) => {
                let name = self.graph_name(iri, cancellation)?;
                format!("CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {name} {{ ?s ?p ?o }} }}")
            }
            _ => {
                return Err(Fault::bad(
                    "which graph? say ?default or ?graph=IRI, one of the two",
                ));
            }
        };
        let word = asked.parameters.one("format")?;
        // A page is no document of a graph.
        let offers: &[_] = match TRIPLES.split_last() {
            Some((_, formats)) => formats,
            None => TRIPLES,
        };
        match choose(asked, word, offers)? {
            format @ Format::Triples(syntax) => {
                let triples = self.constructed(&query, cancellation)?;
                Ok(Reply::new(
                    format.media_type(),
                    self.triples(triples, syntax)?,
                ))
            }
            Format::Html | Format::Rows(_) => Err(Fault::bad("a graph is no table")),
        }
    }

    /// The name of a graph that there is.
    fn graph_name(&self, iri: &str, cancellation: &CancellationToken) -> Result<NamedNode, Fault> {
        let name = NamedNode::new(iri)
            .map_err(|_| Fault::bad(format!("`{iri}` is no absolute IRI of a graph")))?;
        let names = self.graph_names(cancellation)?;
        if names.iter().any(|known| *known == name.as_str()) {
            return Ok(name);
        }
        let hint = match suggest::nearest(iri, names.iter().map(String::as_str)) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if names.is_empty() => "; all triples are in the default graph".to_owned(),
            None => String::new(),
        };
        Err(Fault::new(
            StatusCode::NOT_FOUND,
            format!("there is no graph `{iri}`{hint}"),
        ))
    }

    /// The names of the named graphs that are IRIs.
    pub(super) fn graph_names(
        &self,
        cancellation: &CancellationToken,
    ) -> Result<Vec<String>, Fault> {
        let query = self.parse("SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g")?;
        let mut names = Vec::new();
        if let QueryResults::Solutions(rows) = self.evaluate(&query, cancellation)? {
            for row in rows {
                if let Some(Term::NamedNode(name)) = row?.get("g") {
                    names.push(name.as_str().to_owned());
                }
            }
        }
        Ok(names)
    }
}
