//! The page of an entity.

use maud::{Markup, PreEscaped, html};

use super::super::Site;
use super::super::reply::Reply;
use super::{formats, in_languages, web_address};
use crate::diagram;
use crate::model::{Edge, Literal, NameKind, NodeId, ProvenanceId, Status, Value};
use crate::query::neighbors;
use crate::schema::{LangText, SlotId};
use crate::view::View;

/// What a fact says of the entity.
enum Said<'g> {
    Literal(&'g Literal),
    Entity(NodeId),
}

/// A fact of the entity, in either direction.
struct Fact<'g> {
    slot: SlotId,
    said: Said<'g>,
    status: Status,
    provenance: ProvenanceId,
}

impl<'g> Fact<'g> {
    fn literal(literal: &'g Literal) -> Self {
        Self {
            slot: literal.slot,
            said: Said::Literal(literal),
            status: literal.status,
            provenance: literal.provenance,
        }
    }

    fn edge(edge: Edge, other: NodeId) -> Self {
        Self {
            slot: edge.slot,
            said: Said::Entity(other),
            status: edge.status,
            provenance: edge.provenance,
        }
    }
}

impl Site {
    /// What is known of an entity.
    pub(in super::super) fn entity_page(&self, node: NodeId) -> Reply {
        let graph = &self.graph;
        let iri = graph.iri(node);
        let labels = self.labels(node);
        let title = labels.first().map_or("", |(_, text)| text.as_str());
        let class = graph.class(node);
        let literals = graph.literals(node).iter().map(Fact::literal);
        let edges = graph
            .edges_out(node)
            .map(|edge| Fact::edge(edge, edge.target));
        let facts: Vec<Fact<'_>> = literals.chain(edges).collect();
        let about: Vec<Fact<'_>> = graph
            .edges_in(node)
            .map(|edge| Fact::edge(edge, edge.source))
            .collect();
        self.layout(title, &html! {
            p.kind { a href=(self.class_page(class)) { (in_languages(&self.class_words(class))) } }
            h1 { (in_languages(&labels)) }
            p.iri { code { (iri) } }
            (self.other_names(node))
            (formats(&self.links.page(&iri)))
            @if !facts.is_empty() {
                h2 { "Facts" }
                (self.facts(facts))
            }
            @if !about.is_empty() {
                h2 { "Is value of" }
                (self.facts(about))
            }
            (self.figure(node))
        })
    }

    /// Aliases and short forms.
    fn other_names(&self, node: NodeId) -> Markup {
        let names = self.graph.names(node);
        let names: Vec<_> = names.filter(|it| it.kind != NameKind::Canonical).collect();
        html! {
            @if !names.is_empty() {
                p.names {
                    "also "
                    @for (at, name) in names.iter().enumerate() {
                        @if at > 0 { ", " }
                        span lang=(name.language) { (name.text) }
                        @if let Some(article) = name.article {
                            small { " in " (self.entity(article)) }
                        }
                    }
                }
            }
        }
    }

    /// Facts by slot.
    fn facts(&self, mut facts: Vec<Fact<'_>>) -> Markup {
        facts.sort_by_key(|fact| fact.slot);
        html! {
            dl.facts {
                @for group in facts.chunk_by(|a, b| a.slot == b.slot) {
                    @if let Some(first) = group.first() {
                        dt { (self.slot(first.slot)) }
                        @for fact in group { dd { (self.fact(fact)) } }
                    }
                }
            }
        }
    }

    fn slot(&self, slot: SlotId) -> Markup {
        let slot = self.graph.schema().slot(slot);
        let mut words = self.words(&slot.label);
        if words.is_empty() {
            words.push((String::new(), slot.name.clone()));
        }
        html! { span title=(slot.iri) { (in_languages(&words)) } }
    }

    fn fact(&self, fact: &Fact<'_>) -> Markup {
        let provenance = self.graph.provenance(fact.provenance);
        html! {
            @match &fact.said {
                Said::Literal(literal) => { (self.literal(&literal.value)) }
                Said::Entity(node) => { (self.entity(*node)) }
            }
            @if fact.status != Status::Asserted { " " span.status { (fact.status.name()) } }
            @if let Some(reason) = &provenance.inferred {
                " " span.status title=(self.plain(reason)) { "inferred" }
            }
            @if !provenance.passages.is_empty() {
                span.evidence {
                    @for (at, passage) in provenance.passages.iter().enumerate() {
                        @if at > 0 { " " }
                        @let stands_in = passage.article.unwrap_or(passage.source);
                        a href=(self.page_of_node(stands_in)) title=(self.plain_label(stands_in)) {
                            (self.graph.place(*passage))
                        }
                    }
                }
            }
        }
    }

    fn literal(&self, value: &Value) -> Markup {
        match value {
            Value::Text { language, text } => html! { span lang=(language) { (text) } },
            Value::Iri(iri) => html! {
                @match web_address(iri) {
                    Some(address) => { a href=(address) { (iri) } }
                    None => { (iri) }
                }
            },
            value => {
                let languages = &self.graph.project().languages;
                let mut words: Vec<(String, String)> = Vec::new();
                for language in languages {
                    let text = self.graph.value_in_words(value, language);
                    if words.iter().all(|(_, known)| *known != text) {
                        words.push((language.clone(), text));
                    }
                }
                in_languages(&words)
            }
        }
    }

    fn plain(&self, texts: &LangText) -> String {
        let words = self.words(texts);
        words
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join(" / ")
    }

    fn plain_label(&self, node: NodeId) -> String {
        let labels = self.labels(node);
        labels
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join(" / ")
    }

    /// What is near the entity, drawn.
    fn figure(&self, node: NodeId) -> Markup {
        let near = neighbors(&self.graph, node);
        if near.is_empty() {
            return html! {};
        }
        let slug = self.graph.slug(node);
        let mut view = View::new(slug);
        view.selection.roots = vec![slug.to_owned()];
        view.selection.depth = 1;
        for language in &self.graph.project().languages {
            let label = self.graph.label(node, language).to_owned();
            view.title.insert(language.clone(), label);
        }
        // A view puts slugs into addresses as they are.
        let shown = near.iter().map(|it| it.node).chain([node]);
        let is_plain = |node| !self.graph.slug(node).contains(['#', '&', '+', '%']);
        if shown.into_iter().all(is_plain) {
            view.link = Some("/entity?id={slug}".to_owned());
        }
        html! {
            h2 { "Figure" }
            @match diagram::figure(&self.graph, &view) {
                Ok(figure) => figure { (PreEscaped(diagram::to_svg(&figure))) },
                Err(error) => p { "No figure: " (error) "." },
            }
        }
    }
}
