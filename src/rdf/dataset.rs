//! What the dataset says of itself: counts by [VoID](https://www.w3.org/TR/void/).

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use oxrdf::{GraphNameRef, Literal, NamedNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef};
use rustc_hash::{FxHashMap, FxHashSet};

use super::TripleSink;
use crate::model::Project;
use crate::vocab::{rdf, void};

/// Counts of triples, kept while they go by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Number of triples; one that stands in several graphs counts in each.
    pub triples: u64,
    classes: FxHashMap<String, u64>,
    properties: FxHashMap<String, u64>,
    /// Shared, since the description is counted on copies.
    subjects: FxHashSet<Arc<str>>,
    /// The subject of the last triple: most triples have that of the one before.
    subject: String,
}

impl Counts {
    /// Number of distinct subjects.
    pub fn subjects(&self) -> u64 {
        self.subjects.len() as u64
    }

    /// Instances by class.
    pub fn classes(&self) -> BTreeMap<String, u64> {
        in_order(&self.classes)
    }

    /// Triples by property.
    pub fn properties(&self) -> BTreeMap<String, u64> {
        in_order(&self.properties)
    }
}

impl TripleSink for Counts {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.triples += 1;
        if triple.predicate == rdf::TYPE
            && let TermRef::NamedNode(class) = triple.object
        {
            count(&mut self.classes, class.as_str());
        }
        count(&mut self.properties, triple.predicate.as_str());
        if let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject
            && subject.as_str() != self.subject
        {
            subject.as_str().clone_into(&mut self.subject);
            if !self.subjects.contains(subject.as_str()) {
                self.subjects.insert(subject.as_str().into());
            }
        }
        Ok(())
    }
}

/// Hands triples on and counts them.
pub(super) struct Counting<'s, S: ?Sized> {
    sink: &'s mut S,
    pub(super) counts: Counts,
}

impl<'s, S: TripleSink + ?Sized> Counting<'s, S> {
    pub(super) fn of(sink: &'s mut S) -> Self {
        Self {
            sink,
            counts: Counts::default(),
        }
    }
}

impl<S: TripleSink + ?Sized> TripleSink for Counting<'_, S> {
    fn section(&mut self, title: &str) -> io::Result<()> {
        self.sink.section(title)
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.sink.graph(name)
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.counts.triple(triple)?;
        self.sink.triple(triple)
    }
}

fn count(counts: &mut FxHashMap<String, u64>, iri: &str) {
    match counts.get_mut(iri) {
        Some(count) => *count += 1,
        None => drop(counts.insert(iri.to_owned(), 1)),
    }
}

fn in_order(counts: &FxHashMap<String, u64>) -> BTreeMap<String, u64> {
    counts
        .iter()
        .map(|(iri, count)| (iri.clone(), *count))
        .collect()
}

/// The counts as triples of the dataset.
#[derive(Clone, Debug)]
pub(super) struct Description {
    dataset: String,
    counts: Counts,
    /// The partitions' IRIs, by class and by property.
    partitions: BTreeMap<String, String>,
}

impl Description {
    /// Takes the counts of all but the description, and adds those of the description itself.
    pub(super) fn complete(project: &Project, without: &Counts) -> Self {
        let mut description = Self::of(project, without.clone());
        loop {
            let mut counts = without.clone();
            // Counting does not fail.
            drop(description.write(&mut counts));
            if counts == description.counts {
                return description;
            }
            description = Self::of(project, counts);
        }
    }

    fn of(project: &Project, counts: Counts) -> Self {
        let terms = counts.classes.keys().chain(counts.properties.keys());
        let partitions = terms
            .map(|iri| {
                let name = project.prefixes.compact(iri).replace([':', '/', '#'], "-");
                (iri.clone(), format!("{}void.{name}", project.base))
            })
            .collect();
        Self {
            dataset: project.base.clone(),
            counts,
            partitions,
        }
    }

    /// Hands the description to `sink`: first what is said of the dataset, then the partitions.
    pub(super) fn write<S: TripleSink + ?Sized>(&self, sink: &mut S) -> io::Result<()> {
        let dataset = NamedNodeRef::new_unchecked(&self.dataset);
        let counts = &self.counts;
        let entities: u64 = counts.subjects();
        let number = |number: u64| {
            Literal::new_typed_literal(number.to_string(), crate::vocab::xsd::INTEGER)
        };
        let space = Literal::new_simple_literal(&self.dataset);
        sink.triple(TripleRef::new(dataset, void::URI_SPACE, space.as_ref()))?;
        sink.triple(TripleRef::new(
            dataset,
            void::TRIPLES,
            number(counts.triples).as_ref(),
        ))?;
        sink.triple(TripleRef::new(
            dataset,
            void::DISTINCT_SUBJECTS,
            number(entities).as_ref(),
        ))?;
        let parts = [
            (
                void::CLASS_PARTITION,
                void::CLASS,
                void::ENTITIES,
                counts.classes(),
            ),
            (
                void::PROPERTY_PARTITION,
                void::PROPERTY,
                void::TRIPLES,
                counts.properties(),
            ),
        ];
        for (partition, _, _, terms) in &parts {
            for iri in terms.keys().filter_map(|term| self.partitions.get(term)) {
                let iri = NamedNodeRef::new_unchecked(iri);
                sink.triple(TripleRef::new(dataset, *partition, iri))?;
            }
        }
        for (_, of, how_many, terms) in parts {
            for (term, count) in terms {
                let Some(iri) = self.partitions.get(&term) else {
                    continue;
                };
                let iri = NamedNodeRef::new_unchecked(iri);
                sink.triple(TripleRef::new(iri, rdf::TYPE, void::DATASET))?;
                sink.triple(TripleRef::new(iri, of, NamedNodeRef::new_unchecked(&term)))?;
                sink.triple(TripleRef::new(iri, how_many, number(count).as_ref()))?;
            }
        }
        Ok(())
    }
}
