//! The schema as an OWL 2 ontology.

use std::collections::BTreeMap;
use std::io::{self, Write};

use oxrdf::{Literal, NamedNodeRef};

use super::mapping::bound_iris;
use super::own_terms::{OWN_TERMS, OwnTermKind};
use super::sheet::Sheet;
use crate::model::KnowledgeGraph;
use crate::schema::{Class, LangText, LiteralType, Mapping, MappingKind, Range, Slot};
use crate::vocab::{TUPU, dcat, dcterms, oa, owl, prov, rdf, rdfs, schema, skos, void, xsd};

/// Writes the classes, slots and enums of the graph's schema, and the program's own terms, as an
/// [OWL 2](https://www.w3.org/TR/owl2-syntax/) ontology in Turtle, without blank nodes.
///
/// Terms below the project's `terms` are defined; those of other vocabularies are declared and no
/// more. A property that takes both nodes and literals is an `rdf:Property`.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_ontology<W: Write>(graph: &KnowledgeGraph, writer: W) -> io::Result<W> {
    let project = graph.project();
    let mut ontology = Ontology {
        graph,
        kinds: property_kinds(graph),
        iri: ontology_iri(graph).to_owned(),
        sheet: Sheet::new(&project.prefixes, &project.languages),
    };
    ontology.add_head();
    ontology.add_classes();
    ontology.add_slots();
    ontology.add_bounds();
    ontology.add_enums();
    ontology.add_own_terms();
    ontology.add_external();
    ontology.sheet.write(writer)
}

/// IRI of the ontology: the project's `terms` without its last character.
pub(super) fn ontology_iri(graph: &KnowledgeGraph) -> &str {
    graph.project().terms.trim_end_matches(['#', '/'])
}

/// What a property's values are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum PropertyKind {
    Object,
    Datatype,
    Annotation,
    /// Both nodes and literals.
    Any,
}

impl PropertyKind {
    fn of(range: &Range) -> Self {
        match range {
            Range::Any
            | Range::Classes(_)
            | Range::Enum(_)
            | Range::Literal(LiteralType::Uri | LiteralType::Quantity) => Self::Object,
            Range::Literal(_) => Self::Datatype,
        }
    }

    fn class(self) -> NamedNodeRef<'static> {
        match self {
            Self::Object => owl::OBJECT_PROPERTY,
            Self::Datatype => owl::DATATYPE_PROPERTY,
            Self::Annotation => owl::ANNOTATION_PROPERTY,
            Self::Any => rdf::PROPERTY,
        }
    }
}

/// Properties of other vocabularies that the program itself writes.
const EXTERNAL_PROPERTIES: &[(NamedNodeRef<'static>, PropertyKind)] = &[
    (skos::PREF_LABEL, PropertyKind::Annotation),
    (skos::ALT_LABEL, PropertyKind::Annotation),
    (skos::EXACT_MATCH, PropertyKind::Annotation),
    (skos::CLOSE_MATCH, PropertyKind::Annotation),
    (skos::BROAD_MATCH, PropertyKind::Annotation),
    (skos::NARROW_MATCH, PropertyKind::Annotation),
    (skos::RELATED_MATCH, PropertyKind::Annotation),
    (dcterms::TITLE, PropertyKind::Annotation),
    (dcterms::LICENSE, PropertyKind::Annotation),
    (dcterms::DESCRIPTION, PropertyKind::Datatype),
    (dcterms::SOURCE, PropertyKind::Object),
    (dcterms::IS_PART_OF, PropertyKind::Object),
    (dcat::VERSION, PropertyKind::Datatype),
    (prov::WAS_DERIVED_FROM, PropertyKind::Object),
    (oa::HAS_SOURCE, PropertyKind::Object),
    (oa::HAS_SELECTOR, PropertyKind::Object),
    (oa::START, PropertyKind::Datatype),
    (oa::END, PropertyKind::Datatype),
    (schema::VALUE, PropertyKind::Datatype),
    (schema::UNIT_TEXT, PropertyKind::Datatype),
    (schema::POSITION, PropertyKind::Datatype),
    (void::URI_SPACE, PropertyKind::Datatype),
    (void::TRIPLES, PropertyKind::Datatype),
    (void::ENTITIES, PropertyKind::Datatype),
    (void::DISTINCT_SUBJECTS, PropertyKind::Datatype),
    (void::CLASS_PARTITION, PropertyKind::Object),
    (void::CLASS, PropertyKind::Object),
    (void::PROPERTY_PARTITION, PropertyKind::Object),
    (void::PROPERTY, PropertyKind::Object),
];

/// Classes of other vocabularies that the program itself writes.
const EXTERNAL_CLASSES: &[NamedNodeRef<'static>] = &[
    dcat::DATASET,
    void::DATASET,
    oa::SPECIFIC_RESOURCE,
    oa::TEXT_POSITION_SELECTOR,
    schema::QUANTITATIVE_VALUE,
];

/// What the values of each property are, by IRI; several slots may share one.
fn property_kinds(graph: &KnowledgeGraph) -> BTreeMap<&str, PropertyKind> {
    let slots = graph.schema().slots.iter();
    let own = slots.map(|slot| (slot.iri.as_str(), PropertyKind::of(&slot.range)));
    let external = EXTERNAL_PROPERTIES
        .iter()
        .map(|(iri, kind)| (iri.as_str(), *kind));
    let mut kinds = BTreeMap::new();
    for (iri, kind) in own.chain(external) {
        let known = kinds.entry(iri).or_insert(kind);
        if *known != kind {
            *known = PropertyKind::Any;
        }
    }
    kinds
}

struct Ontology<'g> {
    graph: &'g KnowledgeGraph,
    kinds: BTreeMap<&'g str, PropertyKind>,
    iri: String,
    sheet: Sheet<'g>,
}

impl<'g> Ontology<'g> {
    fn is_own(&self, iri: &str) -> bool {
        iri.starts_with(&self.graph.project().terms)
    }

    fn add_head(&mut self) {
        let project = self.graph.project();
        let (sheet, iri) = (&mut self.sheet, &self.iri);
        sheet.section("The ontology");
        sheet.put(iri, rdf::TYPE, owl::ONTOLOGY.into_owned());
        sheet.put_texts(iri, dcterms::TITLE, &project.title);
        sheet.put_texts(iri, rdfs::COMMENT, &project.description);
        sheet.put_node(iri, dcterms::LICENSE, &project.license);
        let version = Literal::new_simple_literal(&project.version);
        sheet.put(iri, owl::VERSION_INFO, version);
    }

    fn add_classes(&mut self) {
        let (schema, terms) = (self.graph.schema(), &self.graph.project().terms);
        self.sheet.section("Classes");
        for class in schema.classes.iter().filter(|it| it.iri.starts_with(terms)) {
            self.sheet
                .put(&class.iri, rdf::TYPE, owl::CLASS.into_owned());
            self.add_texts(&class.iri, &class.label, &class.description);
            for above in self.above(class) {
                self.sheet.put_node(&class.iri, rdfs::SUB_CLASS_OF, above);
            }
            self.add_mappings(&class.iri, &class.mappings);
        }
    }

    /// IRIs of the classes right above `class`, but for its own.
    fn above(&self, class: &'g Class) -> impl Iterator<Item = &'g str> + use<'g> {
        let schema = self.graph.schema();
        class
            .parent
            .iter()
            .chain(&class.mixins)
            .map(|id| schema.class(*id).iri.as_str())
            .filter(|iri| *iri != class.iri)
    }

    fn add_texts(&mut self, iri: &str, label: &LangText, description: &LangText) {
        self.sheet.put_texts(iri, rdfs::LABEL, label);
        self.sheet.put_texts(iri, rdfs::COMMENT, description);
        self.sheet.put_node(iri, rdfs::IS_DEFINED_BY, &self.iri);
    }

    fn add_mappings(&mut self, iri: &str, mappings: &[Mapping]) {
        for mapping in mappings {
            let property = match mapping.kind {
                MappingKind::Exact => skos::EXACT_MATCH,
                MappingKind::Close => skos::CLOSE_MATCH,
                MappingKind::Broad => skos::BROAD_MATCH,
                MappingKind::Narrow => skos::NARROW_MATCH,
                MappingKind::Related => skos::RELATED_MATCH,
            };
            self.sheet.put_node(iri, property, &mapping.iri);
        }
    }

    fn add_slots(&mut self) {
        let (schema, terms) = (self.graph.schema(), &self.graph.project().terms);
        self.sheet.section("Slots");
        for slot in schema.slots.iter().filter(|it| it.iri.starts_with(terms)) {
            let iri = slot.iri.as_str();
            let kind = PropertyKind::of(&slot.range);
            self.sheet.put(iri, rdf::TYPE, kind.class().into_owned());
            if slot.is_symmetric {
                self.sheet
                    .put(iri, rdf::TYPE, owl::SYMMETRIC_PROPERTY.into_owned());
            }
            // A text stands once in each language.
            let is_text = slot.range == Range::Literal(LiteralType::Text);
            if !slot.is_multivalued && !is_text {
                self.sheet
                    .put(iri, rdf::TYPE, owl::FUNCTIONAL_PROPERTY.into_owned());
            }
            self.add_texts(iri, &slot.label, &slot.description);
            if let Some(above) = slot.parent.map(|id| schema.slot(id).iri.as_str())
                && self.kinds.get(above) == Some(&kind)
                && above != iri
            {
                self.sheet.put_node(iri, rdfs::SUB_PROPERTY_OF, above);
            }
            if let Some(domain) = self.domain(slot) {
                self.sheet.put_node(iri, rdfs::DOMAIN, domain);
            }
            if let Some(range) = self.range(&slot.range) {
                self.sheet.put_node(iri, rdfs::RANGE, range);
            }
            self.add_mappings(iri, &slot.mappings);
        }
    }

    /// The class whose slot it is, where it is one class's only.
    fn domain(&self, slot: &Slot) -> Option<&'g str> {
        let schema = self.graph.schema();
        let id = schema.slot_named(&slot.name)?;
        let mut classes = schema
            .classes
            .iter()
            .filter(|class| class.own_slots.contains(&id));
        let class = classes.next()?;
        classes.next().is_none().then_some(class.iri.as_str())
    }

    /// The one class or datatype of the values, if it is one.
    fn range(&self, range: &Range) -> Option<&'g str> {
        let schema = self.graph.schema();
        match range {
            Range::Classes(classes) => match classes.as_slice() {
                [class] => Some(schema.class(*class).iri.as_str()),
                _ => None,
            },
            Range::Enum(id) => Some(schema.enumeration(*id).iri.as_str()),
            Range::Literal(literal) => match literal {
                LiteralType::String => Some(xsd::STRING.as_str()),
                LiteralType::Text => Some(rdf::LANG_STRING.as_str()),
                LiteralType::Integer => Some(xsd::INTEGER.as_str()),
                LiteralType::Decimal => Some(xsd::DECIMAL.as_str()),
                LiteralType::Boolean => Some(xsd::BOOLEAN.as_str()),
                LiteralType::Quantity => Some(schema::QUANTITATIVE_VALUE.as_str()),
                LiteralType::Date | LiteralType::Uri => None,
            },
            Range::Any => None,
        }
    }

    /// First and last day of what a date slot can mean.
    fn add_bounds(&mut self) {
        let project = self.graph.project();
        self.sheet.section("First and last days of dates");
        let slots = self.graph.schema().slots.iter();
        for slot in slots.filter(|it| it.range == Range::Literal(LiteralType::Date)) {
            let (earliest, latest) = bound_iris(&project.terms, slot);
            for (iri, words, zh, en) in [
                (earliest, ("最早", "at the earliest"), "第一", "first"),
                (latest, ("最晚", "at the latest"), "最后一", "last"),
            ] {
                self.sheet
                    .put(&iri, rdf::TYPE, owl::DATATYPE_PROPERTY.into_owned());
                if !slot.is_multivalued {
                    self.sheet
                        .put(&iri, rdf::TYPE, owl::FUNCTIONAL_PROPERTY.into_owned());
                }
                let texts = |chinese: &dyn Fn(&str) -> String, other: &dyn Fn(&str) -> String| {
                    slot.label
                        .iter()
                        .map(|(language, label)| {
                            let text = if is_chinese(language) {
                                chinese(label)
                            } else {
                                other(label)
                            };
                            (language.clone(), text)
                        })
                        .collect::<LangText>()
                };
                let label = texts(&|label| format!("{label}（{}）", words.0), &|label| {
                    format!("{label}, {}", words.1)
                });
                let comment = texts(
                    &|label| format!("“{label}”可能指的{zh}天。"),
                    &|label| format!("The {en} day that “{label}” can mean."),
                );
                self.add_texts(&iri, &label, &comment);
                self.sheet.put(&iri, rdfs::RANGE, xsd::DATE.into_owned());
            }
        }
    }

    fn add_enums(&mut self) {
        self.sheet.section("Enums and their values");
        for enumeration in &self.graph.schema().enums {
            let class = enumeration.iri.as_str();
            self.sheet.put(class, rdf::TYPE, owl::CLASS.into_owned());
            if self.is_own(class) {
                self.add_texts(class, &enumeration.label, &enumeration.description);
            }
            for value in &enumeration.permissible_values {
                self.sheet
                    .put(&value.iri, rdf::TYPE, owl::NAMED_INDIVIDUAL.into_owned());
                self.sheet.put_node(&value.iri, rdf::TYPE, class);
                if self.is_own(&value.iri) {
                    self.add_texts(&value.iri, &value.label, &value.description);
                }
            }
        }
    }

    fn add_own_terms(&mut self) {
        let sheet = &mut self.sheet;
        sheet.section("Terms of tupu, in which every project writes evidence and numbers");
        for term in OWN_TERMS {
            let iri = term.iri();
            match term.kind {
                OwnTermKind::Class => sheet.put(&iri, rdf::TYPE, owl::CLASS.into_owned()),
                OwnTermKind::Relation(_) => {
                    sheet.put(&iri, rdf::TYPE, owl::OBJECT_PROPERTY.into_owned());
                }
                OwnTermKind::Attribute(_) => {
                    sheet.put(&iri, rdf::TYPE, owl::DATATYPE_PROPERTY.into_owned());
                }
                OwnTermKind::Individual(class) => {
                    sheet.put(&iri, rdf::TYPE, owl::NAMED_INDIVIDUAL.into_owned());
                    sheet.put_node(&iri, rdf::TYPE, &format!("{TUPU}{class}"));
                }
            }
            for (property, (zh, en)) in
                [(rdfs::LABEL, term.label), (rdfs::COMMENT, term.definition)]
            {
                sheet.put_text(&iri, property, zh, "zh");
                sheet.put_text(&iri, property, en, "en");
            }
            sheet.put_node(&iri, rdfs::IS_DEFINED_BY, TUPU.trim_end_matches('#'));
            match term.kind {
                OwnTermKind::Relation(Some(class)) => {
                    sheet.put_node(&iri, rdfs::RANGE, &format!("{TUPU}{class}"));
                }
                OwnTermKind::Attribute(Some(datatype)) => {
                    sheet.put(&iri, rdfs::RANGE, datatype.into_owned());
                }
                _ => {}
            }
        }
    }

    /// Declares what other vocabularies define, so that no reader has to guess what it is.
    fn add_external(&mut self) {
        let schema = self.graph.schema();
        self.sheet.section("Terms of other vocabularies");
        let classes = schema.classes.iter().map(|class| class.iri.as_str());
        for iri in classes.chain(EXTERNAL_CLASSES.iter().map(|it| it.as_str())) {
            if !self.is_own(iri) {
                self.sheet.put(iri, rdf::TYPE, owl::CLASS.into_owned());
            }
        }
        for (iri, kind) in &self.kinds {
            if !self.is_own(iri) {
                self.sheet.put(iri, rdf::TYPE, kind.class().into_owned());
            }
        }
    }
}

/// Whether texts in `language` are written in Chinese.
pub(super) fn is_chinese(language: &str) -> bool {
    language == "zh" || language.starts_with("zh-")
}
