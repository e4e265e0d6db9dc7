//! Pages for people: HTML without scripts.
//!
//! maud escapes whatever stands in a page; only figures go in as they are, whose own writer escapes.

mod entity;
mod front;
mod lists;
mod query;

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, html};
use oxrdf::{NamedOrBlankNode, Term, Triple};

use super::Site;
use super::reply::{Fault, Reply};
use crate::model::{NameKind, NodeId};
use crate::schema::LangText;

/// How pages look, in light and dark.
pub(super) const STYLE: &str = include_str!("style.css");

/// A text in each of its languages, in the order in which they are shown.
type Words = Vec<(String, String)>;

impl Site {
    /// A page: head, search and foot around `main`.
    fn layout(&self, title: &str, main: &Markup) -> Reply {
        let project = self.graph.project();
        let name = self.words(&project.title);
        let plain = name.first().map_or("tupu", |(_, text)| text.as_str());
        let language = project.languages.first().map_or("", String::as_str);
        Reply::page(html! {
            (DOCTYPE)
            html lang=(language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) @if title != plain { " · " (plain) } }
                    link rel="stylesheet" href="/style.css";
                }
                body {
                    header {
                        a.home href="/" { (plain) }
                        (search_box(""))
                    }
                    main { (main) }
                    footer {
                        @if !project.version.is_empty() { span { "version " (project.version) } }
                        @if let Some(license) = web_address(&project.license) {
                            a rel="license" href=(license) { "licence" }
                        }
                        a href="/sparql" { "SPARQL" }
                        a href="/store?default" { "all triples" }
                    }
                }
            }
        })
    }

    /// The texts in the order of the project's languages, then any others.
    fn words(&self, texts: &LangText) -> Words {
        let languages = &self.graph.project().languages;
        let of = |tag: &String| texts.get(tag).map(|text| (tag.clone(), text.clone()));
        let others = texts.keys().filter(|tag| !languages.contains(tag));
        languages.iter().chain(others).filter_map(of).collect()
    }

    /// The canonical names of an entity; its slug, where it has none.
    fn labels(&self, node: NodeId) -> Words {
        let names = self.graph.names(node);
        let mut labels: Words = names
            .filter(|name| name.kind == NameKind::Canonical)
            .map(|name| (name.language.to_owned(), name.text.to_owned()))
            .collect();
        if labels.is_empty() {
            labels.push((String::new(), self.graph.slug(node).to_owned()));
        }
        labels
    }

    /// An entity as a link to its page.
    fn entity(&self, node: NodeId) -> Markup {
        html! { a href=(self.page_of_node(node)) { (in_languages(&self.labels(node))) } }
    }

    /// An RDF term, IRIs as links to their page.
    fn term(&self, term: &Term) -> Markup {
        match term {
            Term::NamedNode(node) => self.iri(node.as_str()),
            Term::Literal(literal) => html! {
                span lang=[literal.language()] { (literal.value()) }
                @if let Some(tag) = literal.language() {
                    " " small { (tag) }
                }
            },
            Term::BlankNode(node) => html! { code { (node.to_string()) } },
            Term::Triple(triple) => html! { code { (triple.to_string()) } },
        }
    }

    fn iri(&self, iri: &str) -> Markup {
        let short = self.prefixes.compact(iri);
        let is_here = self.links.is_own(iri) || self.graph.node_with_iri(iri).is_some();
        html! {
            @if is_here { a href=(self.links.page(iri)) { (short) } }
            @else if let Some(address) = web_address(iri) { a href=(address) { (short) } }
            @else { (short) }
        }
    }

    /// The page of an IRI that is no entity: its triples.
    pub(super) fn triples_page(&self, iri: &str, triples: &[Triple]) -> Reply {
        let short = self.prefixes.compact(iri).into_owned();
        let of_iri = |triple: &&Triple| match &triple.subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str() == iri,
            NamedOrBlankNode::BlankNode(_) => false,
        };
        let key = |triple: &Triple| {
            (
                triple.predicate.clone().into_string(),
                triple.object.to_string(),
            )
        };
        let own: BTreeSet<_> = triples.iter().filter(of_iri).map(key).collect();
        let object: Term = oxrdf::NamedNode::new_unchecked(iri).into();
        let of_object = triples.iter().filter(|triple| triple.object == object);
        let about: BTreeSet<_> = of_object
            .map(|triple| {
                (
                    triple.subject.to_string(),
                    triple.predicate.clone().into_string(),
                )
            })
            .collect();
        let parsed = |text: &str| text.parse::<Term>().ok();
        self.layout(
            &short,
            &html! {
                h1 { (short) }
                p.iri { code { (iri) } }
                (formats(&self.links.page(iri)))
                @if !own.is_empty() {
                    div.wide { table { @for (predicate, object) in &own { tr {
                        th scope="row" { (self.iri(predicate)) }
                        td { @if let Some(term) = parsed(object) { (self.term(&term)) } }
                    } } } }
                }
                @if !about.is_empty() {
                    h2 { "Is value of" }
                    div.wide { table { @for (subject, predicate) in &about { tr {
                        td { @if let Some(term) = parsed(subject) { (self.term(&term)) } }
                        th scope="row" { (self.iri(predicate)) }
                    } } } }
                }
            },
        )
    }

    /// A fault as a page.
    pub(super) fn fault(&self, fault: &Fault) -> Reply {
        let title = fault.status.canonical_reason().unwrap_or("Error");
        self.layout(
            title,
            &html! {
                h1 { (title) }
                (message(&fault.message))
            },
        )
        .with_fault(fault)
    }
}

/// A message line by line; lines that are addresses of this site are links.
fn message(text: &str) -> Markup {
    html! {
        div.message role="alert" {
            @for line in text.lines().filter(|line| !line.is_empty()) {
                @if line.starts_with('/') { p { a href=(line) { (line) } } }
                @else { p { (line) } }
            }
        }
    }
}

/// A text in its languages, the first one prominent.
fn in_languages(words: &Words) -> Markup {
    html! {
        @for (at, (language, text)) in words.iter().enumerate() {
            @if at > 0 { " " }
            span class=[(at > 0).then_some("other")] lang=[Some(language).filter(|it| !it.is_empty())] { (text) }
        }
    }
}

/// The field that looks for names.
fn search_box(text: &str) -> Markup {
    html! {
        form.search action="/search" role="search" {
            input type="search" name="q" value=(text) placeholder="name, pinyin, part of a name"
                aria-label="Search" maxlength="200";
            button { "Search" }
        }
    }
}

/// Where the triples of a page are.
fn formats(address: &str) -> Markup {
    let joint = if address.contains('?') { '&' } else { '?' };
    html! {
        p.formats {
            @for (word, name) in [
                ("turtle", "Turtle"),
                ("jsonld", "JSON-LD"),
                ("ntriples", "N-Triples"),
                ("rdfxml", "RDF/XML"),
            ] {
                a href=(format!("{address}{joint}format={word}")) { (name) }
                " "
            }
        }
    }
}

/// The IRI, if a browser may go there.
fn web_address(iri: &str) -> Option<&str> {
    (iri.starts_with("https://") || iri.starts_with("http://")).then_some(iri)
}
