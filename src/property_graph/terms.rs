//! What nodes, classes and slots are called in tables.

use std::borrow::Cow;

use crate::model::{KnowledgeGraph, NodeId};
use crate::schema::{ClassId, Mapping, MappingKind, SlotId};

/// Namespace of the [Biolink Model](https://biolink.github.io/biolink-model/), which is KGX's.
const BIOLINK: &str = "https://w3id.org/biolink/vocab/";

/// Ids of a graph's nodes, and what is the same for every node of a class and edge of a slot.
#[derive(Debug)]
pub(super) struct Terms<'g> {
    graph: &'g KnowledgeGraph,
    categories: Vec<Vec<String>>,
    classes: Vec<Vec<&'g str>>,
    predicates: Vec<String>,
    relations: Vec<String>,
}

impl<'g> Terms<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph) -> Self {
        let schema = graph.schema();
        let above = |class| {
            schema
                .ancestors(class)
                .into_iter()
                .map(|id| schema.class(id))
        };
        let categories = schema.class_ids().map(|class| {
            let mut categories: Vec<String> = Vec::new();
            for class in above(class) {
                let category = biolink_or_own(graph, &class.iri, &class.mappings);
                if !categories.contains(&category) {
                    categories.push(category);
                }
            }
            categories
        });
        let classes = schema
            .class_ids()
            .map(|class| above(class).map(|class| class.name.as_str()).collect());
        let slots = || schema.slots.iter();
        Self {
            graph,
            categories: categories.collect(),
            classes: classes.collect(),
            predicates: slots()
                .map(|slot| biolink_or_own(graph, &slot.iri, &slot.mappings))
                .collect(),
            relations: slots()
                .map(|slot| graph.project().prefixes.compact(&slot.iri).into_owned())
                .collect(),
        }
    }

    /// The CURIE of a node, or its IRI where no prefix fits.
    pub(super) fn id(&self, node: NodeId) -> String {
        self.compact(&self.graph.iri(node)).into_owned()
    }

    /// The CURIE of an IRI, or the IRI where no prefix fits.
    pub(super) fn compact<'i>(&self, iri: &'i str) -> Cow<'i, str> {
        self.graph.project().prefixes.compact(iri)
    }

    /// CURIEs of a class and those above it, nearest first; those of the Biolink Model where one is
    /// exactly the same.
    pub(super) fn categories(&self, class: ClassId) -> &[String] {
        &self.categories[class.index()]
    }

    /// Names of a class and those above it, nearest first.
    pub(super) fn classes(&self, class: ClassId) -> &[&'g str] {
        &self.classes[class.index()]
    }

    /// The CURIE of a slot; that of the Biolink Model where one is exactly the same.
    pub(super) fn predicate(&self, slot: SlotId) -> &str {
        &self.predicates[slot.index()]
    }

    /// The CURIE of a slot as its own schema has it.
    pub(super) fn relation(&self, slot: SlotId) -> &str {
        &self.relations[slot.index()]
    }
}

fn biolink_or_own(graph: &KnowledgeGraph, iri: &str, mappings: &[Mapping]) -> String {
    let exact = mappings
        .iter()
        .filter(|mapping| mapping.kind == MappingKind::Exact)
        .map(|mapping| mapping.iri.as_str());
    let mut same = [iri].into_iter().chain(exact);
    match same.find_map(|iri| iri.strip_prefix(BIOLINK)) {
        Some(name) => format!("biolink:{name}"),
        None => graph.project().prefixes.compact(iri).into_owned(),
    }
}
