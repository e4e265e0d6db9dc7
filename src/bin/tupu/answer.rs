//! Entities and facts as answers show them: as JSON for programs, in words for people.
//!
//! The JSON is described in `docs/json.md`.

use serde::Serialize;
use tupu::load::TextFile;
use tupu::model::{
    Comparator, Date, Edge, KnowledgeGraph, Literal, NameKind, NodeId, Passage, ProvenanceId,
    Quantity, Scale, Status, Value,
};
use tupu::rdf::OWN_TERMS;
use tupu::schema::{ClassId, LangText, SlotId};

use crate::table_rows::{EdgeRows, RowView};

/// The graph, and the languages in which it is spoken of.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'g> {
    pub(crate) graph: &'g KnowledgeGraph,
    /// At least one.
    pub(crate) languages: &'g [String],
    /// Texts of the sources, where they are at hand.
    pub(crate) texts: &'g [TextFile],
    /// Rows that say edges, where they were looked for in tables.
    pub(crate) rows: Option<&'g EdgeRows>,
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
    pub(crate) label: Option<LangText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<DateView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<QuantityView>,
    pub(crate) status: &'static str,
    pub(crate) evidence: Vec<Evidence>,
    /// Rows of tables that say so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rows: Vec<RowView>,
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

/// A date with what it can mean.
#[derive(Debug, Serialize)]
pub(crate) struct DateView {
    value: String,
    precision: &'static str,
    earliest: String,
    latest: String,
}

impl DateView {
    pub(crate) fn of(date: &Date) -> Self {
        Self {
            value: date.to_string(),
            precision: date.precision().name(),
            earliest: date.earliest().to_string(),
            latest: date.latest().to_string(),
        }
    }
}

/// A number with what it counts; numbers are strings, since they are decimals.
#[derive(Debug, Serialize)]
pub(crate) struct QuantityView {
    number: String,
    scale: Option<&'static str>,
    unit: Option<String>,
    absolute: Option<String>,
    comparator: Option<&'static str>,
    by: Option<DateView>,
    as_of: Option<DateView>,
    since: Option<DateView>,
    period: Option<DateView>,
}

impl QuantityView {
    fn of(quantity: &Quantity) -> Self {
        let date = |date: &Option<Date>| date.as_ref().map(DateView::of);
        Self {
            number: quantity.number.to_string(),
            scale: quantity.scale.map(Scale::word),
            unit: quantity.unit.clone(),
            absolute: quantity.absolute().map(|it| it.to_string()),
            comparator: quantity.comparator.map(Comparator::name),
            by: date(&quantity.by),
            as_of: date(&quantity.as_of),
            since: date(&quantity.since),
            period: date(&quantity.period),
        }
    }
}

impl<'g> Speaker<'g> {
    /// What `say` says in each language.
    pub(crate) fn each(self, say: impl Fn(&str) -> String) -> Vec<String> {
        self.languages.iter().map(|it| say(it)).collect()
    }

    /// The same at once, each wording once.
    pub(crate) fn all(self, say: impl Fn(&str) -> String) -> String {
        joined(self.each(say))
    }

    pub(crate) fn label(self, node: NodeId) -> String {
        self.all(|language| self.graph.label(node, language).to_owned())
    }

    pub(crate) fn class_label(self, class: ClassId) -> String {
        self.all(|language| self.class_label_in(class, language))
    }

    pub(crate) fn class_label_in(self, class: ClassId, language: &str) -> String {
        self.graph.class_label(class, language).to_owned()
    }

    pub(crate) fn slot_label(self, slot: SlotId) -> String {
        self.all(|language| self.slot_label_in(slot, language))
    }

    pub(crate) fn slot_label_in(self, slot: SlotId, language: &str) -> String {
        self.graph.slot_label(slot, language).to_owned()
    }

    /// A literal in words.
    pub(crate) fn value(self, value: &Value) -> String {
        self.all(|language| self.value_in(value, language))
    }

    pub(crate) fn value_in(self, value: &Value, language: &str) -> String {
        self.graph.value_in_words(value, language)
    }

    /// Whether a literal is in a language that is spoken, or in none; or none of the entity's in
    /// this slot is.
    pub(crate) fn is_spoken(self, node: NodeId, literal: &Literal) -> bool {
        let speaks = |it: &Literal| match &it.value {
            Value::Text { language, .. } => self.languages.contains(language),
            _ => true,
        };
        let mut same_slot = self.graph.literals(node).iter();
        speaks(literal) || !same_slot.any(|it| it.slot == literal.slot && speaks(it))
    }

    /// Status and inference in words, empty where the fact is plainly asserted.
    pub(crate) fn reserve(self, status: Status, provenance: ProvenanceId) -> String {
        self.all(|language| {
            let mut words = Vec::new();
            if status != Status::Asserted {
                words.push(own_label(status.name(), language));
            }
            if self.is_inferred(provenance) {
                words.push(
                    if language == "zh" {
                        "推断"
                    } else {
                        "inferred"
                    }
                    .to_owned(),
                );
            }
            words.join(", ")
        })
    }

    pub(crate) fn is_inferred(self, provenance: ProvenanceId) -> bool {
        self.graph.provenance(provenance).inferred.is_some()
    }

    /// Why a fact follows that is not printed.
    pub(crate) fn inference(self, provenance: ProvenanceId) -> Option<String> {
        let reason = self.graph.provenance(provenance).inferred.as_ref()?;
        let spoken = self.languages.iter().filter_map(|it| reason.get(it));
        let spoken: Vec<String> = spoken.cloned().collect();
        (!spoken.is_empty()).then(|| joined(spoken))
    }

    /// The stretches that a fact comes from.
    pub(crate) fn passages(self, provenance: ProvenanceId) -> &'g [Passage] {
        &self.graph.provenance(provenance).passages
    }

    /// Slug of what a passage stands in: the article, else the source.
    pub(crate) fn article(self, passage: Passage) -> &'g str {
        self.graph.slug(passage.article.unwrap_or(passage.source))
    }

    /// Where a fact stands: article, position, and the words where the text is at hand.
    pub(crate) fn places(self, provenance: ProvenanceId) -> String {
        let places: Vec<String> = self
            .passages(provenance)
            .iter()
            .map(|passage| {
                let place = format!("{} {}", self.article(*passage), position(*passage));
                match self.words(*passage) {
                    Some(words) => format!("{place} “{words}”"),
                    None => place,
                }
            })
            .collect();
        places.join("; ")
    }

    /// What stands at a passage, without white space.
    pub(crate) fn words(self, passage: Passage) -> Option<String> {
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
                .names(node)
                .filter(|name| name.kind == NameKind::Canonical)
                .map(|name| (name.language.to_owned(), name.text.to_owned()))
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
            rows: self.rows_of(edge).into_iter().map(RowView::of).collect(),
            ..self.fact(edge.source, edge.slot, edge.status, edge.provenance)
        }
    }

    pub(crate) fn literal(self, node: NodeId, literal: &Literal) -> Fact {
        let language = match &literal.value {
            Value::Text { language, .. } => Some(language.clone()),
            _ => None,
        };
        let term = match &literal.value {
            Value::Enum(id, at) => {
                let values = &self.graph.schema().enumeration(*id).permissible_values;
                values.get(usize::from(*at))
            }
            _ => None,
        };
        let value = match (&literal.value, term) {
            (_, Some(term)) => term.name.clone(),
            (Value::Quantity(quantity), _) => quantity.to_string(),
            // No other value is said otherwise in another language.
            (value, _) => self.value_in(value, ""),
        };
        Fact {
            value: Some(value),
            label: term.map(|it| it.label.clone()),
            language,
            date: match &literal.value {
                Value::Date(date) => Some(DateView::of(date)),
                _ => None,
            },
            quantity: match &literal.value {
                Value::Quantity(quantity) => Some(QuantityView::of(quantity)),
                _ => None,
            },
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
            label: None,
            language: None,
            date: None,
            quantity: None,
            status: status.name(),
            evidence: provenance
                .passages
                .iter()
                .map(|it| self.evidence(*it))
                .collect(),
            rows: Vec::new(),
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

/// What is said in several languages, each wording once.
fn joined(mut said: Vec<String>) -> String {
    let mut at = 0;
    while at < said.len() {
        if said[at].is_empty() || said[..at].contains(&said[at]) {
            said.remove(at);
        } else {
            at += 1;
        }
    }
    said.join(" · ")
}

/// A stretch as [RFC 5147](https://www.rfc-editor.org/rfc/rfc5147) has it.
pub(crate) fn position(passage: Passage) -> String {
    format!("char={},{}", passage.start, passage.end)
}

/// The name of a status, in Chinese or English.
pub(crate) fn own_label(name: &str, language: &str) -> String {
    let term = OWN_TERMS.iter().find(|term| term.name == name);
    term.map_or_else(String::new, |term| {
        let (zh, en) = term.label;
        if language == "zh" { zh } else { en }.to_owned()
    })
}
