//! Entities and facts as answers show them: as JSON for programs, in words for people.
//!
//! The JSON is described in `docs/json.md`.

use serde::Serialize;
use tupu::load::TextFile;
use tupu::model::{Edge, KnowledgeGraph, Literal, NodeId, Passage, ProvenanceId, Status, Value};
use tupu::schema::{LangText, SlotId};

/// The graph, and the language in which it is spoken of.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'g> {
    pub(crate) graph: &'g KnowledgeGraph,
    pub(crate) language: &'g str,
    /// Texts of the sources, where they are at hand.
    pub(crate) texts: &'g [TextFile],
}

#[derive(Debug, Serialize)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) iri: String,
    pub(crate) class: String,
    pub(crate) label: LangText,
}

#[derive(Debug, Serialize)]
pub(crate) struct SlotName {
    pub(crate) name: String,
    pub(crate) iri: String,
    pub(crate) label: LangText,
}

#[derive(Debug, Serialize)]
pub(crate) struct Fact {
    pub(crate) subject: Entity,
    pub(crate) slot: SlotName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) object: Option<Entity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) wording: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) inferred: Option<LangText>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Evidence {
    pub(crate) source: String,
    pub(crate) article: Option<String>,
    pub(crate) start: u32,
    pub(crate) end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) words: Option<String>,
}

impl<'g> Speaker<'g> {
    pub(crate) fn label(self, node: NodeId) -> &'g str {
        self.graph.label(node, self.language)
    }

    pub(crate) fn class_label(self, node: NodeId) -> &'g str {
        let class = self.graph.schema().class(self.graph.class(node));
        class.label.get(self.language).unwrap_or(&class.name)
    }

    pub(crate) fn slot_label(self, slot: SlotId) -> &'g str {
        let slot = self.graph.schema().slot(slot);
        slot.label.get(self.language).unwrap_or(&slot.name)
    }

    /// A literal in words.
    pub(crate) fn value(self, value: &Value) -> String {
        match value {
            Value::String(text) | Value::Text { text, .. } | Value::Iri(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Enum(id, at) => {
                let values = &self.graph.schema().enumeration(*id).permissible_values;
                let value = &values[usize::from(*at)];
                value
                    .label
                    .get(self.language)
                    .unwrap_or(&value.name)
                    .clone()
            }
            Value::Quantity(quantity) => quantity.to_string(),
            _ => String::new(),
        }
    }

    /// Status and inference in brackets, empty where the fact is plainly asserted.
    pub(crate) fn reserve(self, status: Status, provenance: ProvenanceId) -> String {
        let mut words = Vec::new();
        if status != Status::Asserted {
            words.push(status.name());
        }
        if self.graph.provenance(provenance).inferred.is_some() {
            words.push("inferred");
        }
        words.join(", ")
    }

    /// Where a fact stands: article, position, and the words where the text is at hand.
    pub(crate) fn places(self, provenance: ProvenanceId) -> String {
        let places: Vec<String> = self
            .graph
            .provenance(provenance)
            .passages
            .iter()
            .map(|passage| {
                let stands_in = self.graph.slug(passage.article.unwrap_or(passage.source));
                let place = format!("{stands_in} char={},{}", passage.start, passage.end);
                match self.words(*passage) {
                    Some(words) => format!("{place} “{words}”"),
                    None => place,
                }
            })
            .collect();
        places.join("; ")
    }

    /// What stands at a passage, without white space.
    fn words(self, passage: Passage) -> Option<String> {
        let source = self.graph.sources().get(&passage.source)?;
        let file = self
            .texts
            .iter()
            .find(|file| file.text.sha256() == source.sha256)?;
        Some(file.text.dense(passage.start..passage.end))
    }

    pub(crate) fn entity(self, node: NodeId) -> Entity {
        let graph = self.graph;
        Entity {
            id: graph.slug(node).to_owned(),
            iri: graph.iri(node),
            class: graph.schema().class(graph.class(node)).name.clone(),
            label: graph
                .project()
                .languages
                .iter()
                .map(|language| (language.clone(), graph.label(node, language).to_owned()))
                .collect(),
        }
    }

    fn slot(self, slot: SlotId) -> SlotName {
        let slot = self.graph.schema().slot(slot);
        SlotName {
            name: slot.name.clone(),
            iri: slot.iri.clone(),
            label: slot.label.clone(),
        }
    }

    pub(crate) fn edge(self, edge: Edge) -> Fact {
        Fact {
            object: Some(self.entity(edge.target)),
            ..self.fact(edge.source, edge.slot, edge.status, edge.provenance)
        }
    }

    pub(crate) fn literal(self, node: NodeId, literal: &Literal) -> Fact {
        let language = match &literal.value {
            Value::Text { language, .. } => Some(language.clone()),
            _ => None,
        };
        Fact {
            value: Some(self.value(&literal.value)),
            language,
            ..self.fact(node, literal.slot, literal.status, literal.provenance)
        }
    }

    fn fact(self, subject: NodeId, slot: SlotId, status: Status, provenance: ProvenanceId) -> Fact {
        let provenance = self.graph.provenance(provenance);
        Fact {
            subject: self.entity(subject),
            slot: self.slot(slot),
            object: None,
            value: None,
            language: None,
            status: status.name(),
            evidence: provenance
                .passages
                .iter()
                .map(|it| self.evidence(*it))
                .collect(),
            wording: provenance.wording.clone(),
            inferred: provenance.inferred.clone(),
        }
    }

    fn evidence(self, passage: Passage) -> Evidence {
        Evidence {
            source: self.graph.slug(passage.source).to_owned(),
            article: passage.article.map(|node| self.graph.slug(node).to_owned()),
            start: passage.start,
            end: passage.end,
            words: self.words(passage),
        }
    }
}
