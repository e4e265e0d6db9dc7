//! Pages that list entities.

use http::StatusCode;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::Site;
use super::super::reply::{Fault, Reply};
use super::super::request::Asked;
use super::{Words, in_languages, search_box};
use crate::model::NodeId;
use crate::query::{self, Scope};
use crate::schema::ClassId;

/// Most entities of a list.
const MOST: usize = 1000;

/// Most hits of a search.
const HITS: usize = 100;

impl Site {
    /// The address of the list of a class's entities.
    pub(super) fn class_page(&self, class: ClassId) -> String {
        let name = &self.graph.schema().class(class).name;
        format!(
            "/class?name={}",
            utf8_percent_encode(name, NON_ALPHANUMERIC)
        )
    }

    /// The class in words.
    pub(super) fn class_words(&self, class: ClassId) -> Words {
        let class = self.graph.schema().class(class);
        let words = self.words(&class.label);
        if words.is_empty() {
            return vec![(String::new(), class.name.clone())];
        }
        words
    }

    /// The entities of `?name=`, a class.
    pub(in super::super) fn class(&self, asked: &Asked<'_>) -> Result<Reply, Fault> {
        let Some(name) = asked.parameters.one("name")? else {
            return Err(Fault::bad("which class? say ?name=CLASS"));
        };
        let class = query::class_named(self.graph.schema(), name)
            .map_err(|error| Fault::new(StatusCode::NOT_FOUND, error.to_string()))?;
        let nodes = query::list(&self.graph, class, &[]);
        let title = self.class_words(class);
        let plain = title.first().map_or("", |(_, text)| text.as_str());
        Ok(self.layout(
            plain,
            &html! {
                h1 { (in_languages(&title)) }
                p { (nodes.len()) " entities" @if nodes.len() > MOST { ", the first " (MOST) } }
                (self.list(nodes.iter().take(MOST).copied()))
            },
        ))
    }

    fn list(&self, nodes: impl Iterator<Item = NodeId>) -> Markup {
        html! {
            ul.entities { @for node in nodes {
                li {
                    (self.entity(node)) " "
                    small { (in_languages(&self.class_words(self.graph.class(node)))) }
                }
            } }
        }
    }

    /// What the text `?q=` may mean; where that is sure, its page.
    pub(in super::super) fn search(&self, asked: &Asked<'_>) -> Result<Reply, Fault> {
        let text = asked.parameters.one("q")?.unwrap_or_default().trim();
        let text = text.chars().take(200).collect::<String>();
        let hits = if text.is_empty() {
            Vec::new()
        } else {
            let scope = Scope::default();
            self.names.search(&self.graph, &text, HITS, scope)
        };
        if let [hit] = hits.as_slice()
            && hit.matched.is_name()
        {
            return Reply::to(&self.page_of_node(hit.node));
        }
        Ok(self.layout(
            &text,
            &html! {
                h1 { "Search" }
                (search_box(&text))
                @if hits.is_empty() && !text.is_empty() { p { "No entity is called that." } }
                @if hits.len() == HITS { p { "The first " (HITS) ":" } }
                (self.list(hits.iter().map(|hit| hit.node)))
            },
        ))
    }
}
