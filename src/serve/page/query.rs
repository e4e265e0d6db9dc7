//! Pages that ask SPARQL.

use http::StatusCode;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::Site;
use super::super::negotiate::{Offer, ROWS, TRIPLES};
use super::super::parameters::Given;
use super::super::protocol::Sent;
use super::super::reply::{Fault, Reply};
use super::super::request::Asked;
use super::{in_languages, message};
use crate::named_query::NamedQuery;
use crate::rdf::RdfFormat;
use crate::sparql::{
    CancellationToken, Query, QueryResults, QuerySolutionIter, bind, collect_triples,
};
use crate::suggest;

/// Most rows or triples of a page.
const MOST: usize = 1000;

impl Site {
    /// The form to ask anything.
    pub(in super::super) fn form_page(&self) -> Reply {
        self.layout(
            "SPARQL",
            &html! {
                h1 { "SPARQL" }
                (query_form(""))
                (self.prefix_list())
            },
        )
    }

    /// The form with a query that is at fault.
    pub(in super::super) fn query_page(&self, text: &str, fault: &Fault) -> Reply {
        self.layout(
            "SPARQL",
            &html! {
                h1 { "SPARQL" }
                (message(&fault.message))
                (query_form(text))
                (self.prefix_list())
            },
        )
        .with_fault(fault)
    }

    fn prefix_list(&self) -> Markup {
        html! {
            details {
                summary { "Prefixes that need not be declared" }
                div.wide { table { @for (prefix, namespace) in self.prefixes.iter() {
                    tr { th scope="row" { code { (prefix) ":" } } td { code { (namespace) } } }
                } } }
            }
        }
    }

    /// The answer as a page.
    pub(in super::super) fn results_page(
        &self,
        sent: &Sent,
        query: &Query,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        let results = self.results(query, cancellation)?;
        let encoded = utf8_percent_encode(&sent.text, NON_ALPHANUMERIC);
        Ok(self.layout("SPARQL", &html! {
            h1 { "SPARQL" }
            (query_form(&sent.text))
            h2 { "Answer" }
            p.formats {
                @for offer in offers(query).iter().filter(|it| it.word != "html") {
                    a href=(format!("/sparql?query={encoded}&format={}", offer.word)) { (offer.word) }
                    " "
                }
            }
            (results)
        }))
    }

    /// The page of a query with a name: its form and, where it has all values, its answer.
    pub(in super::super) fn named_query(
        &self,
        name: &str,
        asked: &Asked<'_>,
        cancellation: &CancellationToken,
    ) -> Result<Reply, Fault> {
        let Some(query) = self.queries.iter().find(|it| it.name == name) else {
            let names = self.queries.iter().map(|it| it.name.as_str());
            let hint = match suggest::nearest(name, names) {
                Some(near) => format!("; did you mean\n/queries/{near}"),
                None => String::new(),
            };
            let message = format!("no query is called {}{hint}", crate::query::shown(name));
            return Err(Fault::new(StatusCode::NOT_FOUND, message));
        };
        let given = self.given(query, &asked.parameters);
        let answer = if given.is_incomplete || !given.faults.is_empty() {
            None
        } else {
            let parsed = self.parse(&query.text)?;
            let bound =
                bind(&parsed, &given.values).map_err(|error| Fault::bad(error.to_string()))?;
            Some(self.results(&bound, cancellation)?)
        };
        let title = self.words(&query.title);
        let plain = title.first().map_or(name, |(_, text)| text.as_str());
        Ok(self.layout(
            plain,
            &html! {
                h1 { (in_languages(&title)) }
                @for (language, text) in self.words(&query.description) {
                    p.lead lang=(language) { (text) }
                }
                @if !query.parameters.is_empty() { (self.parameter_form(query, &given)) }
                @if let Some(answer) = answer { (answer) }
                details {
                    summary { "The query" }
                    (query_form(&query.text))
                }
            },
        ))
    }

    fn parameter_form(&self, query: &NamedQuery, given: &Given) -> Markup {
        html! {
            form.parameters {
                @for parameter in &query.parameters {
                    @let name = &parameter.name;
                    label {
                        span { (in_languages(&self.words(&parameter.label))) " " small { (parameter.kind.name()) } }
                        input name=(name) value=(given.texts.get(name).map_or("", String::as_str))
                            required[!parameter.is_optional] autocomplete="off";
                        @if let Some(fault) = given.faults.get(name) {
                            span.fault role="alert" { (fault) }
                        }
                    }
                }
                button { "Ask" }
            }
        }
    }

    fn results(&self, query: &Query, cancellation: &CancellationToken) -> Result<Markup, Fault> {
        Ok(match self.evaluate(query, cancellation)? {
            QueryResults::Boolean(value) => html! { p.answer { (value) } },
            QueryResults::Solutions(rows) => self.table(rows)?,
            QueryResults::Graph(triples) => {
                let mut triples =
                    collect_triples(|label| self.rdf.has_blank_node(label), triples, MOST + 1)?;
                let is_cut = triples.len() > MOST;
                triples.truncate(MOST);
                let turtle = self.triples(triples, RdfFormat::Turtle)?;
                html! {
                    @if is_cut { p { "The first " (MOST) " triples:" } }
                    pre.wide { (String::from_utf8_lossy(&turtle)) }
                }
            }
        })
    }

    fn table(&self, rows: QuerySolutionIter<'_>) -> Result<Markup, Fault> {
        let variables = rows.variables().to_vec();
        let mut shown = Vec::new();
        let mut is_cut = false;
        for row in rows {
            let row = row?;
            if shown.len() == MOST {
                is_cut = true;
                break;
            }
            shown.push(row);
        }
        Ok(html! {
            p {
                @if is_cut { "The first " (MOST) " rows:" }
                @else if shown.is_empty() { "No rows." }
                @else { (shown.len()) @if shown.len() == 1 { " row" } @else { " rows" } }
            }
            @if !shown.is_empty() {
                div.wide { table {
                    thead { tr { @for name in &variables { th scope="col" { (name.as_str()) } } } }
                    tbody { @for row in &shown { tr { @for name in &variables {
                        td { @if let Some(term) = row.get(name) { (self.term(term)) } }
                    } } } }
                } }
            }
        })
    }
}

fn offers(query: &Query) -> &'static [Offer] {
    match query {
        Query::Select { .. } | Query::Ask { .. } => ROWS,
        Query::Construct { .. } | Query::Describe { .. } => TRIPLES,
    }
}

/// The form with a query to be asked.
pub(super) fn query_form(text: &str) -> Markup {
    let lines = text.lines().count().clamp(8, 24);
    html! {
        form.query action="/sparql" method="post" {
            textarea name="query" rows=(lines) spellcheck="false" autocapitalize="off"
                aria-label="SPARQL query" { (text) }
            button { "Ask" }
        }
    }
}
