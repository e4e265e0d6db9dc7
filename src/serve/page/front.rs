//! The front page.

use maud::html;

use super::super::Site;
use super::super::reply::{Fault, Reply};
use super::in_languages;
use super::query::query_form;
use crate::schema::ClassId;

impl Site {
    /// What there is, and where to begin.
    pub(in super::super) fn front(&self) -> Result<Reply, Fault> {
        let project = self.graph.project();
        let title = self.words(&project.title);
        let plain = title.first().map_or("tupu", |(_, text)| text.as_str());
        let facts = self.graph.edge_count() + self.graph.literal_count();
        let counts = [
            (self.graph.node_count(), "entities"),
            (facts, "facts"),
            (self.rdf.quad_count(), "triples"),
        ];
        Ok(self.layout(plain, &html! {
            h1 { @if title.is_empty() { (plain) } @else { (in_languages(&title)) } }
            @for (language, text) in self.words(&project.description) {
                p.lead lang=(language) { (text) }
            }
            ul.counts {
                @for (number, of) in counts { li { b { (number) } " " (of) } }
            }
            h2 { "Classes" }
            ul.columns {
                @for (class, number) in self.class_counts() {
                    li {
                        a href=(self.class_page(class)) { (in_languages(&self.class_words(class))) }
                        " " small { (number) }
                    }
                }
            }
            @if !self.queries.is_empty() {
                h2 { "Questions" }
                ul.columns {
                    @for query in &self.queries {
                        li {
                            a href=(format!("/queries/{}", query.name)) {
                                (in_languages(&self.words(&query.title)))
                            }
                        }
                    }
                }
            }
            h2 { "SPARQL" }
            (query_form("SELECT ?class (COUNT(*) AS ?entities)\nWHERE { ?entity a ?class }\nGROUP BY ?class\nORDER BY DESC(?entities)"))
        }))
    }

    /// Classes that have entities of their own, the largest first.
    fn class_counts(&self) -> Vec<(ClassId, usize)> {
        let schema = self.graph.schema();
        let mut counts = vec![0_usize; schema.classes.len()];
        for node in self.graph.nodes() {
            if let Some(count) = counts.get_mut(self.graph.class(node).index()) {
                *count += 1;
            }
        }
        let mut counts: Vec<_> = schema.class_ids().zip(counts).collect();
        counts.retain(|(_, count)| *count > 0);
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}
