//! What the dataset says of itself: counts by [VoID](https://www.w3.org/TR/void/).

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use oxrdf::{GraphNameRef, Literal, NamedNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::TripleSink;
use crate::model::Project;
use crate::vocab::{rdf, void};

/// Counts of triples, kept while they go by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Number of triples; one that stands in several graphs counts in each.
    pub triples: u64,
    /// Instances by class.
    pub classes: BTreeMap<String, u64>,
    /// Triples by property.
    pub properties: BTreeMap<String, u64>,
    subjects: BTreeSet<String>,
}

impl Counts {
    /// Number of distinct subjects.
    pub fn subjects(&self) -> u64 {
        self.subjects.len() as u64
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
            *self.classes.entry(class.as_str().to_owned()).or_default() += 1;
        }
        let property = triple.predicate.as_str().to_owned();
        *self.properties.entry(property).or_default() += 1;
        if let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject
            && !self.subjects.contains(subject.as_str())
        {
            self.subjects.insert(subject.as_str().to_owned());
        }
        Ok(())
    }
}

/// The counts as triples of the dataset.
#[derive(Clone, Debug, Default)]
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
        if self.dataset.is_empty() {
            return Ok(());
        }
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
                &counts.classes,
            ),
            (
                void::PROPERTY_PARTITION,
                void::PROPERTY,
                void::TRIPLES,
                &counts.properties,
            ),
        ];
        for (partition, _, _, terms) in parts {
            for iri in terms.keys().filter_map(|term| self.partitions.get(term)) {
                let iri = NamedNodeRef::new_unchecked(iri);
                sink.triple(TripleRef::new(dataset, partition, iri))?;
            }
        }
        for (_, of, how_many, terms) in parts {
            for (term, count) in terms {
                let Some(iri) = self.partitions.get(term) else {
                    continue;
                };
                let iri = NamedNodeRef::new_unchecked(iri);
                sink.triple(TripleRef::new(iri, rdf::TYPE, void::DATASET))?;
                sink.triple(TripleRef::new(iri, of, NamedNodeRef::new_unchecked(term)))?;
                sink.triple(TripleRef::new(iri, how_many, number(*count).as_ref()))?;
            }
        }
        Ok(())
    }
}
