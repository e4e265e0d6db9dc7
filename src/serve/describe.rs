//! What the site says of an IRI, and of itself.

use http::StatusCode;
use oxrdf::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use percent_encoding::percent_decode_str;

use super::negotiate::{Format, TRIPLES, choose};
use super::reply::{Fault, Reply};
use super::request::Asked;
use super::{Bounded, Site};
use crate::model::NodeId;
use crate::rdf::{RdfFormat, write_quads};
use crate::sparql::CancellationToken;
use crate::suggest;
use crate::vocab::{prov, rdf, void, xsd};

/// Names of the [service description](https://www.w3.org/TR/sparql11-service-description/).
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// Names of the W3C's formats.
const FORMATS: &str = "http://www.w3.org/ns/formats/";

impl Site {
    /// The page of the IRI that has this path, or its triples.
    pub(super) fn resource(
        &self,
        path: &str,
        asked: &Asked<'_>,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        for iri in self.links.iris(path) {
            if let Some(reply) = self.described(&iri, asked, cancellation)? {
                return Ok(reply);
            }
        }
        Err(self.unknown(path))
    }

    /// Leads to the page of `?id=`: a slug, a CURIE or an IRI; the page itself where it has no other
    /// address.
    pub(super) fn lookup(&self, asked: &Asked<'_>) -> Result<Reply, Fault> {
        let Some(id) = asked.parameters.one("id")? else {
            return Err(Fault::bad("which entity? say ?id=IRI"));
        };
        let iri = match self.graph.node(id) {
            Some(node) => self.graph.iri(node),
            None => match self.prefixes.expand(id) {
                Ok(iri) => iri.into_owned(),
                Err(_) => id.to_owned(),
            },
        };
        let address = self.links.page(&iri);
        if !address.starts_with("/entity?") {
            return Reply::to(&address);
        }
        let found = self.described(&iri, asked, &CancellationToken::new())?;
        found.ok_or_else(|| self.unknown(id))
    }

    fn unknown(&self, wanted: &str) -> Fault {
        let wanted = percent_decode_str(wanted).decode_utf8_lossy();
        let last = wanted.rsplit('/').next().unwrap_or_default();
        let slugs = self.graph.nodes().map(|node| self.graph.slug(node));
        let near = suggest::ranked(last, slugs, 5);
        let mut message = format!("nothing here is called {}", crate::query::shown(&wanted));
        for (at, slug) in near.into_iter().enumerate() {
            let node = self.graph.node(slug);
            let page = node.map(|node| self.links.page(&self.graph.iri(node)));
            let start = if at == 0 { "; did you mean" } else { "" };
            message.push_str(&format!("{start}\n{}", page.unwrap_or_default()));
        }
        Fault::new(StatusCode::NOT_FOUND, message)
    }

    /// What is known of the IRI; `None` if that is nothing.
    fn described(
        &self,
        iri: &str,
        asked: &Asked<'_>,
        cancellation: &CancellationToken,
    ) -> Result<Option<Reply>, Fault> {
        let node = self.graph.node_with_iri(iri);
        let triples = match NamedNode::new(iri) {
            Ok(name) => self.constructed(&description(name.as_ref()), cancellation)?,
            // A blank node has a page only.
            Err(_) => Vec::new(),
        };
        if node.is_none() && triples.is_empty() {
            return Ok(None);
        }
        let word = asked.parameters.one("format")?;
        let format = choose(asked, word, TRIPLES)?;
        let reply = match (format, node) {
            (Format::Triples(syntax), _) => {
                Reply::new(format.media_type(), self.triples(triples, syntax)?)
            }
            (_, Some(node)) => self.entity_page(node),
            (_, None) => self.triples_page(iri, &triples),
        };
        Ok(Some(reply))
    }

    /// The address of an entity's page.
    pub(super) fn page_of_node(&self, node: NodeId) -> String {
        self.links.page(&self.graph.iri(node))
    }

    /// The description of the endpoint, or the form to ask it.
    pub(super) fn service(&self, asked: &Asked<'_>) -> Result<Reply, Fault> {
        let word = asked.parameters.one("format")?;
        match choose(asked, word, TRIPLES)? {
            format @ Format::Triples(syntax) => {
                let quads = self.service_description(&asked.endpoint())?;
                let body = self.quads(&quads, syntax)?;
                Ok(Reply::new(format.media_type(), body))
            }
            Format::Html | Format::Rows(_) => Ok(self.form_page()),
        }
    }

    fn quads(&self, quads: &[Quad], format: RdfFormat) -> Result<Vec<u8>, Fault> {
        let out = write_quads(quads, format, &self.prefixes, Bounded::new(self.most));
        Ok(out
            .map_err(|error| Fault::writing(&error, self.most))?
            .bytes)
    }

    fn service_description(&self, endpoint: &str) -> Result<Vec<Quad>, Fault> {
        let unfit = |_| Fault::bad("the address of the endpoint is no IRI");
        let service = NamedNode::new(endpoint).map_err(unfit)?;
        let dataset = NamedNode::new(format!("{endpoint}#dataset")).map_err(unfit)?;
        let default = NamedNode::new(format!("{endpoint}#default-graph")).map_err(unfit)?;
        let sd = |name: &str| NamedNode::new_unchecked(format!("{SD}{name}"));
        let mut quads = Vec::new();
        let mut say = |subject: &NamedNode, predicate: NamedNode, object: Term| {
            quads.push(Quad::new(
                subject.clone(),
                predicate,
                object,
                GraphName::DefaultGraph,
            ));
        };
        let a = || rdf::TYPE.into_owned();
        say(&service, a(), sd("Service").into());
        say(&service, sd("endpoint"), service.clone().into());
        say(
            &service,
            sd("supportedLanguage"),
            sd("SPARQL11Query").into(),
        );
        for format in [
            "SPARQL_Results_JSON",
            "SPARQL_Results_XML",
            "SPARQL_Results_CSV",
            "SPARQL_Results_TSV",
            "Turtle",
            "N-Triples",
            "N-Quads",
            "TriG",
            "RDF_XML",
            "JSON-LD",
        ] {
            let format = NamedNode::new_unchecked(format!("{FORMATS}{format}"));
            say(&service, sd("resultFormat"), format.into());
        }
        say(&service, sd("defaultDataset"), dataset.clone().into());
        say(&dataset, a(), sd("Dataset").into());
        say(&dataset, sd("defaultGraph"), default.clone().into());
        say(&default, a(), sd("Graph").into());
        let count = Literal::new_typed_literal(self.rdf.quad_count().to_string(), xsd::INTEGER);
        say(&dataset, void::TRIPLES.into_owned(), count.into());
        let names = self.graph_names(&CancellationToken::new())?;
        for (at, name) in names.into_iter().enumerate() {
            let name = NamedNode::new_unchecked(name);
            let graph = NamedNode::new(format!("{endpoint}#graph-{}", at + 1)).map_err(unfit)?;
            say(&dataset, sd("namedGraph"), graph.clone().into());
            say(&graph, a(), sd("NamedGraph").into());
            say(&graph, sd("name"), name.into());
        }
        Ok(quads)
    }
}

/// The facts of an IRI in both directions, and the evidence of each.
fn description(iri: NamedNodeRef<'_>) -> String {
    let (subject, object, source) = (rdf::SUBJECT, rdf::OBJECT, prov::WAS_DERIVED_FROM);
    let facts = format!(
        "{{ BIND({iri} AS ?s) ?s ?p ?o }} UNION {{ BIND({iri} AS ?o) ?s ?p ?o }}
         UNION {{ ?s {subject}|{object} {iri} ; ?p ?o }}
         UNION {{ ?statement {subject}|{object} {iri} ; {source} ?s . ?s ?p ?o }}"
    );
    format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {facts} }} UNION {{ GRAPH ?g {{ {facts} }} }} }}")
}
