//! What a server of the graph answers: SPARQL 1.1 Protocol, Graph Store Protocol, a page for each IRI.
//!
//! A request goes in and a response comes out; sockets, limits of time and size, and the log are the
//! program's. Everything is read only.

mod describe;
mod links;
mod negotiate;
mod page;
mod parameters;
mod protocol;
mod reply;
mod request;
mod store;

use std::io;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};

use self::links::Links;
use self::negotiate::prefers_html;
use self::reply::{Fault, Reply};
use self::request::Asked;
use crate::model::KnowledgeGraph;
use crate::named_query::NamedQuery;
use crate::prefix::PrefixMap;
use crate::query::NameIndex;
use crate::sparql::{CancellationToken, RdfGraph, until_stopped};

/// The media type of a page.
const HTML: &str = "text/html; charset=utf-8";

/// Nothing but what the page itself brings: no scripts, no frames, nothing from elsewhere. Figures
/// carry their style.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Rows of joins that a query may make, which take a few hundred bytes each if they are kept.
const MOST_ROWS: u64 = 5_000_000;

/// A graph that is served.
#[derive(Debug)]
pub struct Site {
    graph: KnowledgeGraph,
    rdf: RdfGraph,
    names: NameIndex,
    queries: Vec<NamedQuery>,
    prefixes: PrefixMap,
    links: Links,
    most: usize,
    cors: Option<HeaderValue>,
}

impl Site {
    /// A site of `graph`, whose triples are `rdf`. Queries need not declare `prefixes`; `queries` have
    /// a page each. An answer of more than `most` bytes is refused.
    pub fn new(
        graph: KnowledgeGraph,
        rdf: RdfGraph,
        prefixes: PrefixMap,
        queries: Vec<NamedQuery>,
        most: usize,
    ) -> Self {
        Self {
            names: NameIndex::new(&graph),
            links: Links::new(&graph.project().base),
            graph,
            rdf,
            queries,
            prefixes,
            most,
            cors: None,
        }
    }

    /// Lets pages of `origin` read the answers, or those of any with `*`
    /// ([Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol)).
    #[must_use]
    pub fn with_cors(mut self, origin: HeaderValue) -> Self {
        self.cors = Some(origin);
        self
    }

    /// Answers a request; `cancellation` ends a query that takes too long.
    pub fn answer(
        &self,
        request: &Request<Vec<u8>>,
        cancellation: &CancellationToken,
    ) -> Response<Vec<u8>> {
        let reply = match Asked::of(request) {
            Ok(asked) => until_stopped(|| self.reply(&asked, cancellation))
                .unwrap_or_else(|stopped| Err(stopped.into())),
            Err(fault) => Err(fault),
        };
        let reply = reply.unwrap_or_else(|fault| self.page_of(&fault, request));
        self.response(reply)
    }

    /// The answer to a request that is refused before it is read, in plain text.
    pub fn refusal(&self, status: StatusCode, message: &str) -> Response<Vec<u8>> {
        self.response(Reply::text(&Fault::new(status, message)))
    }

    fn reply(&self, asked: &Asked<'_>, cancellation: &CancellationToken) -> Result<Reply, Fault> {
        let methods = match asked.path {
            "/sparql" => "GET, HEAD, POST, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        };
        match *asked.method {
            Method::GET | Method::HEAD => {}
            Method::POST if asked.path == "/sparql" => {}
            Method::OPTIONS => return Ok(Reply::methods(methods)),
            _ => {
                let message = format!(
                    "{} is not for {}: the graph is read only, and its addresses take {methods}",
                    asked.method, asked.path
                );
                let fault = Fault::new(StatusCode::METHOD_NOT_ALLOWED, message);
                return Err(fault.with_methods(methods));
            }
        }
        match asked.path {
            "/" => self.front(),
            "/style.css" => Ok(Reply::new("text/css; charset=utf-8", page::STYLE)),
            "/sparql" => self.sparql(asked, cancellation),
            "/store" => self.store(asked, cancellation),
            "/search" => self.search(asked),
            "/class" => self.class(asked),
            "/entity" => self.lookup(asked),
            path => match path.strip_prefix("/queries/") {
                Some(name) => self.named_query(name, asked, cancellation),
                None => self.resource(path, asked, cancellation),
            },
        }
    }

    /// The fault as a page for people, who asked for one, otherwise as plain text.
    fn page_of(&self, fault: &Fault, request: &Request<Vec<u8>>) -> Reply {
        if prefers_html(request.headers()) {
            self.fault(fault)
        } else {
            Reply::text(fault)
        }
    }

    fn response(&self, reply: Reply) -> Response<Vec<u8>> {
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        let headers = response.headers_mut();
        if let Some(kind) = reply.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Some(methods) = reply.methods {
            headers.insert(ALLOW, HeaderValue::from_static(methods));
        }
        if let Some(location) = reply.location {
            headers.insert(http::header::LOCATION, location);
        }
        if let Some(origin) = &self.cors {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            if let Some(methods) = reply.methods {
                headers.insert(
                    ACCESS_CONTROL_ALLOW_METHODS,
                    HeaderValue::from_static(methods),
                );
                headers.insert(
                    ACCESS_CONTROL_ALLOW_HEADERS,
                    HeaderValue::from_static("Accept, Content-Type"),
                );
            }
        }
        response
    }
}

/// Takes no more than so many bytes.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Bounded {
    fn new(most: usize) -> Self {
        Self {
            bytes: Vec::new(),
            most,
        }
    }
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
