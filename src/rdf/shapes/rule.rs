//! What paths of a class may lead to.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::NamedNodeRef;

use super::{DATES, NUMBERS, Shapes};
use crate::model::{NodeId, Status};
use crate::schema::{Class, ClassId, LiteralType, Range, SlotId};
use crate::vocab::{dcterms, rdf, xsd};

/// One thing that a path may lead to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Alternative {
    /// Any node with an IRI.
    Node,
    /// An entity of the class.
    Class(ClassId),
    /// One of the values of the enum in this place.
    Enum(u16),
    /// A quantity.
    Quantity,
    /// A literal of the datatype.
    Datatype(NamedNodeRef<'static>),
}

/// What is asked of one path of one class.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Rule {
    pub(super) alternatives: BTreeSet<Alternative>,
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    /// Holds a text, once a language.
    pub(super) is_text: bool,
}

impl<'g> Shapes<'g> {
    /// Paths of the class's slots and of the classes' above, each with the first slot that has it.
    pub(super) fn own_paths(&self, class: ClassId) -> BTreeMap<&'g str, SlotId> {
        let schema = self.graph.schema();
        let mut paths = BTreeMap::new();
        for slot in schema.slots_of(class) {
            paths.entry(schema.slot(slot).iri.as_str()).or_insert(slot);
        }
        paths
    }

    /// Classes whose entities carry the class `iri`.
    fn classes_under(&self, iri: &str) -> Vec<ClassId> {
        let schema = self.graph.schema();
        let is_under = |id: &ClassId| {
            let mut above = schema.ancestors(*id).into_iter();
            above.any(|up| schema.class(up).iri == iri)
        };
        schema.class_ids().filter(is_under).collect()
    }

    /// What entities that carry `class` can have at `path`.
    pub(super) fn rule(&self, class: &Class, path: &str) -> Rule {
        let schema = self.graph.schema();
        let classes = self.classes_under(&class.iri);
        let slots: BTreeSet<SlotId> = classes
            .iter()
            .flat_map(|id| schema.slots_of(*id))
            .filter(|id| schema.slot(*id).iri == path)
            .collect();
        let mut rule = Rule {
            alternatives: BTreeSet::new(),
            min: 0,
            max: Some(0),
            is_text: slots.len() == 1,
        };
        for id in slots {
            let slot = schema.slot(id);
            rule.alternatives.extend(alternatives(&slot.range));
            let is_text = slot.range == Range::Literal(LiteralType::Text);
            rule.is_text &= is_text && !slot.is_multivalued;
            rule.max = rule
                .max
                .filter(|_| !slot.is_multivalued && !is_text)
                .map(|max| max + 1);
        }
        // An article is part of its source, whatever its slots say.
        if path == dcterms::IS_PART_OF.as_str() {
            let mut articles = self.graph.articles().keys();
            if articles.any(|node| classes.contains(&self.graph.class(*node))) {
                rule.alternatives.insert(Alternative::Node);
                rule.max = None;
            }
        }
        if rule.alternatives.contains(&Alternative::Node) {
            rule.alternatives
                .retain(|it| matches!(it, Alternative::Node | Alternative::Datatype(_)));
        }
        let is_required = schema
            .class_ids()
            .filter(|id| schema.class(*id).iri == class.iri)
            .any(|id| {
                let required = schema.required_slots(id);
                required.iter().any(|id| schema.slot(*id).iri == path)
            });
        if is_required && self.has_everywhere(&classes, path) {
            rule.min = 1;
        }
        rule
    }

    /// Whether each entity of the classes has a value at `path` that stands as a plain edge.
    fn has_everywhere(&self, classes: &[ClassId], path: &str) -> bool {
        let graph = self.graph;
        let is_at = |slot: SlotId, status: Status| {
            graph.schema().slot(slot).iri == path && graph.is_plain(slot, status)
        };
        let has = |node: NodeId| {
            let mut literals = graph.literals(node).iter();
            literals.any(|it| is_at(it.slot, it.status))
                || graph.edges_out(node).any(|it| is_at(it.slot, it.status))
        };
        graph
            .nodes()
            .filter(|node| classes.contains(&graph.class(*node)))
            .all(has)
    }
}

/// What a range lets a path lead to.
pub(super) fn alternatives(range: &Range) -> BTreeSet<Alternative> {
    let datatypes = |of: &[NamedNodeRef<'static>]| {
        let all: BTreeSet<_> = of.iter().copied().map(Alternative::Datatype).collect();
        all
    };
    match range {
        Range::Any => BTreeSet::from([Alternative::Node]),
        Range::Classes(classes) => classes.iter().copied().map(Alternative::Class).collect(),
        Range::Enum(id) => BTreeSet::from([Alternative::Enum(id.0)]),
        Range::Literal(literal) => match literal {
            LiteralType::String => datatypes(&[xsd::STRING]),
            LiteralType::Text => datatypes(&[rdf::LANG_STRING]),
            LiteralType::Integer => datatypes(&[xsd::INTEGER]),
            LiteralType::Decimal => datatypes(&NUMBERS),
            LiteralType::Boolean => datatypes(&[xsd::BOOLEAN]),
            LiteralType::Date => datatypes(&DATES),
            LiteralType::Uri => BTreeSet::from([Alternative::Node]),
            LiteralType::Quantity => BTreeSet::from([Alternative::Quantity]),
        },
    }
}
