//! The schema as a JSON-LD context.

use std::collections::BTreeSet;
use std::io::{self, Write};

use oxrdf::NamedNodeRef;
use serde_json::{Map, Value, json};

use super::mapping::bound_iris;
use crate::model::{Comparator, KnowledgeGraph, Status};
use crate::schema::{Enum, LiteralType, Range, Slot};
use crate::vocab::{TUPU, oa, prov, rdf, rdfs, schema, skos, tupu, xsd};

/// Writes a [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/) context in which people can write the
/// data of the graph: classes and slots go by the names of the schema.
///
/// Names and texts are language maps, references are IRIs, numbers inside a quantity and values of
/// enums have terms of their own there. Dates are untyped, since a year is no `xsd:date`; only their
/// bounds are days always. Nothing is an `@list`: our RDF has none.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_context<W: Write>(graph: &KnowledgeGraph, mut writer: W) -> io::Result<W> {
    let document = json!({ "@context": context(graph) });
    serde_json::to_writer_pretty(&mut writer, &document)?;
    writer.write_all(b"\n")?;
    Ok(writer)
}

/// The context itself.
pub(super) fn context(graph: &KnowledgeGraph) -> Value {
    let context = Context {
        graph,
        terms: Map::new(),
    };
    context.build()
}

struct Context<'g> {
    graph: &'g KnowledgeGraph,
    terms: Map<String, Value>,
}

impl Context<'_> {
    fn build(mut self) -> Value {
        let graph = self.graph;
        self.put("id", json!("@id"));
        self.put("type", json!("@type"));
        // Slots come before what could bear their names.
        let mut slots = Map::new();
        for slot in &graph.schema().slots {
            slots.insert(slot.name.clone(), self.slot(slot));
        }
        for slot in &graph.schema().slots {
            if slot.range == Range::Literal(LiteralType::Date) {
                let (earliest, latest) = bound_iris(&graph.project().terms, slot);
                for (end, iri) in [("earliest", earliest), ("latest", latest)] {
                    let day =
                        json!({ "@id": self.short(&iri), "@type": self.short_node(xsd::DATE) });
                    slots.entry(format!("{}_{end}", slot.name)).or_insert(day);
                }
            }
        }
        let classes: Vec<(String, Value)> = graph
            .schema()
            .classes
            .iter()
            .filter(|class| !slots.contains_key(&class.name))
            .map(|class| (class.name.clone(), json!(self.short(&class.iri))))
            .collect();
        self.put_names();
        for (name, definition) in classes.into_iter().chain(slots) {
            self.put(&name, definition);
        }
        self.put_evidence();
        let mut context = Map::new();
        context.insert("@version".to_owned(), json!(1.1));
        context.append(&mut self.prefixes());
        context.append(&mut self.terms);
        Value::Object(context)
    }

    /// Defines a term, unless it has a meaning already.
    fn put(&mut self, term: &str, definition: Value) {
        self.terms.entry(term).or_insert(definition);
    }

    /// Prefixes that something here uses, and those of the project's own entities and terms.
    fn prefixes(&self) -> Map<String, Value> {
        let project = self.graph.project();
        let mut used = BTreeSet::new();
        for definition in self.terms.values() {
            note_prefixes(definition, &mut used);
        }
        let prefixes = project.prefixes.iter();
        prefixes
            .filter(|(prefix, namespace)| {
                let is_own = *namespace == project.base || *namespace == project.terms;
                self.is_prefix(prefix, namespace) && (is_own || used.contains(prefix))
            })
            .map(|(prefix, namespace)| (prefix.to_owned(), json!(namespace)))
            .collect()
    }

    /// Whether the prefix can stand in CURIEs: JSON-LD takes no other namespaces than these, and no
    /// class or slot may have its name.
    fn is_prefix(&self, prefix: &str, namespace: &str) -> bool {
        namespace.ends_with(['/', '#', ':', '?', '[', ']', '@']) && !self.is_name(prefix)
    }

    fn is_name(&self, word: &str) -> bool {
        let schema = self.graph.schema();
        schema.class_named(word).is_some()
            || schema.slots.iter().any(|slot| slot.name == word)
            || ["id", "type", "label", "pref_label", "alt_label", "position"].contains(&word)
    }

    /// The IRI as a CURIE, where the context can have its prefix.
    fn short(&self, iri: &str) -> String {
        let prefixes = &self.graph.project().prefixes;
        let short = prefixes.shorten(iri).filter(|(prefix, _)| {
            let namespace = prefixes.namespace(prefix);
            namespace.is_some_and(|namespace| self.is_prefix(prefix, namespace))
        });
        short.map_or_else(
            || iri.to_owned(),
            |(prefix, local)| format!("{prefix}:{local}"),
        )
    }

    fn short_node(&self, node: NamedNodeRef<'_>) -> String {
        self.short(node.as_str())
    }

    fn put_names(&mut self) {
        for (term, node, container) in [
            ("label", rdfs::LABEL, json!("@language")),
            ("pref_label", skos::PREF_LABEL, json!("@language")),
            ("alt_label", skos::ALT_LABEL, json!(["@language", "@set"])),
        ] {
            let is_slot = self.graph.schema().slot_named(term).is_some();
            if !is_slot {
                let definition = json!({ "@id": self.short_node(node), "@container": container });
                self.put(term, definition);
            }
        }
        let is_slot = self.graph.schema().slot_named("position").is_some();
        if !is_slot {
            self.put("position", self.typed(schema::POSITION, xsd::INTEGER));
        }
    }

    fn typed(&self, node: NamedNodeRef<'_>, datatype: NamedNodeRef<'_>) -> Value {
        json!({ "@id": self.short_node(node), "@type": self.short_node(datatype) })
    }

    fn reference(&self, node: NamedNodeRef<'_>) -> Value {
        json!({ "@id": self.short_node(node), "@type": "@id" })
    }

    fn slot(&self, slot: &Slot) -> Value {
        let mut definition = Map::new();
        definition.insert("@id".to_owned(), json!(self.short(&slot.iri)));
        let mut put = |key: &str, value: Value| drop(definition.insert(key.to_owned(), value));
        let is_text = slot.range == Range::Literal(LiteralType::Text);
        match &slot.range {
            Range::Any | Range::Classes(_) | Range::Literal(LiteralType::Uri) => {
                put("@type", json!("@id"));
            }
            Range::Enum(id) => {
                put("@type", json!("@vocab"));
                put(
                    "@context",
                    self.values(self.graph.schema().enumeration(*id)),
                );
            }
            Range::Literal(LiteralType::Quantity) => {
                put("@type", json!("@id"));
                put("@context", self.quantity());
            }
            Range::Literal(LiteralType::Integer) => {
                put("@type", json!(self.short_node(xsd::INTEGER)));
            }
            Range::Literal(LiteralType::Boolean) => {
                put("@type", json!(self.short_node(xsd::BOOLEAN)));
            }
            // A year is no `xsd:date`, and a whole number no `xsd:decimal`, to those who compare.
            Range::Literal(
                LiteralType::Date | LiteralType::Decimal | LiteralType::String | LiteralType::Text,
            ) => {}
        }
        match (is_text, slot.is_multivalued) {
            (true, true) => put("@container", json!(["@language", "@set"])),
            (true, false) => put("@container", json!("@language")),
            (false, true) => put("@container", json!("@set")),
            (false, false) => {}
        }
        Value::Object(definition)
    }

    /// The values of an enum as terms.
    fn values(&self, enumeration: &Enum) -> Value {
        let values = enumeration.permissible_values.iter();
        values
            .map(|it| (it.name.clone(), json!(self.short(&it.iri))))
            .collect()
    }

    /// What stands inside a quantity.
    fn quantity(&self) -> Value {
        let comparators = Comparator::ALL.iter().map(|it| it.name());
        json!({
            "QuantitativeValue": self.short_node(schema::QUANTITATIVE_VALUE),
            "number": self.short_node(schema::VALUE),
            "unit_text": self.short_node(schema::UNIT_TEXT),
            "absolute_value": self.short_node(tupu::ABSOLUTE_VALUE),
            "base_unit": self.short_node(tupu::BASE_UNIT),
            "comparator": self.choice(tupu::COMPARATOR, comparators),
            "by": self.short_node(tupu::BY),
            "as_of": self.short_node(tupu::AS_OF),
            "since": self.short_node(tupu::SINCE),
            "period": self.short_node(tupu::PERIOD),
        })
    }

    /// A property whose values are terms of the program's own.
    fn choice<'n>(
        &self,
        property: NamedNodeRef<'_>,
        names: impl Iterator<Item = &'n str>,
    ) -> Value {
        let values: Map<String, Value> = names
            .map(|name| (name.to_owned(), json!(self.short(&format!("{TUPU}{name}")))))
            .collect();
        json!({ "@id": self.short_node(property), "@type": "@vocab", "@context": values })
    }

    /// Statements and stretches of text.
    fn put_evidence(&mut self) {
        let statuses = Status::ALL.iter().map(|it| it.name());
        let status = self.choice(tupu::STATUS, statuses);
        for (term, definition) in [
            ("Statement", json!(self.short_node(rdf::STATEMENT))),
            ("subject", self.reference(rdf::SUBJECT)),
            ("predicate", self.reference(rdf::PREDICATE)),
            ("object", json!(self.short_node(rdf::OBJECT))),
            ("was_derived_from", self.reference(prov::WAS_DERIVED_FROM)),
            ("status", status),
            ("wording", json!(self.short_node(tupu::WORDING))),
            (
                "inference_reason",
                json!({ "@id": self.short_node(tupu::INFERENCE_REASON), "@container": "@language" }),
            ),
            (
                "SpecificResource",
                json!(self.short_node(oa::SPECIFIC_RESOURCE)),
            ),
            (
                "TextPositionSelector",
                json!(self.short_node(oa::TEXT_POSITION_SELECTOR)),
            ),
            ("has_source", self.reference(oa::HAS_SOURCE)),
            ("has_selector", self.reference(oa::HAS_SELECTOR)),
            ("start", self.typed(oa::START, xsd::INTEGER)),
            ("end", self.typed(oa::END, xsd::INTEGER)),
        ] {
            self.put(term, definition);
        }
    }
}

/// Notes what stands before the colons of CURIEs.
fn note_prefixes<'v>(value: &'v Value, used: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => used.extend(text.split_once(':').map(|it| it.0)),
        Value::Object(map) => {
            for value in map.values() {
                note_prefixes(value, used);
            }
        }
        _ => {}
    }
}
