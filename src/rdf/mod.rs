//! The graph as RDF: triples in one order, and the syntaxes that they are written in.
//!
//! Memory stays small: [`write_triples`] hands one triple after the other to a [`TripleSink`], and
//! the serializers keep no more than the subject and predicate that they are in.

mod context;
mod escape;
mod linkml;
mod mapping;
mod ntriples;
mod ontology;
mod own_terms;
mod shapes;
mod sheet;
mod statement;
mod turtle;

use std::collections::BTreeSet;
use std::io::{self, Write};

use oxrdf::{NamedOrBlankNodeRef, TermRef, TripleRef};

pub use self::context::write_context;
pub use self::linkml::{quote_yaml, write_linkml};
pub use self::mapping::{bound_iris, write_triples};
pub use self::ntriples::{NTriplesSerializer, NTriplesWriter};
pub use self::ontology::write_ontology;
pub use self::own_terms::{OWN_TERMS, OwnTerm, OwnTermKind};
pub use self::shapes::write_shapes;
pub use self::statement::{passage_iri, statement_iri};
pub use self::turtle::{TurtleSerializer, TurtleWriter};
use crate::model::KnowledgeGraph;
use crate::prefix::PrefixMap;

/// How the evidence of facts is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ProvenanceProfile {
    /// Not at all. What is only planned, and stands on no slot that speaks of plans, is left out.
    None,
    /// An `rdf:Statement` for each fact, with its evidence and status.
    #[default]
    Reified,
}

/// What takes triples, one after the other.
pub trait TripleSink {
    /// Begins a part of the output; syntaxes without comments ignore it.
    ///
    /// # Errors
    ///
    /// When writing fails.
    fn section(&mut self, title: &str) -> io::Result<()>;

    /// Takes one triple. Triples of one subject come together.
    ///
    /// # Errors
    ///
    /// When writing fails.
    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()>;
}

/// Writes the graph as [RDF 1.1 Turtle](https://www.w3.org/TR/turtle/): sections, only the prefixes
/// that are used, one block a subject, no blank nodes; equal graphs give equal bytes.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_turtle<W: Write>(
    graph: &KnowledgeGraph,
    profile: ProvenanceProfile,
    writer: W,
) -> io::Result<W> {
    let mut used = UsedPrefixes::of(&graph.project().prefixes);
    write_triples(graph, profile, &mut used)?;
    let mut turtle = TurtleSerializer::new()
        .with_prefixes(used.into_map()?)
        .for_writer(writer)?;
    write_triples(graph, profile, &mut turtle)?;
    turtle.finish()
}

/// Writes the graph as [RDF 1.1 N-Triples](https://www.w3.org/TR/n-triples/), in the order of
/// [`write_triples`].
///
/// # Errors
///
/// When `writer` fails.
pub fn write_ntriples<W: Write>(
    graph: &KnowledgeGraph,
    profile: ProvenanceProfile,
    writer: W,
) -> io::Result<W> {
    let mut ntriples = NTriplesSerializer::new().for_writer(writer);
    write_triples(graph, profile, &mut ntriples)?;
    ntriples.finish()
}

/// Number of triples that the graph gives.
pub fn triple_count(graph: &KnowledgeGraph, profile: ProvenanceProfile) -> usize {
    struct Count(usize);

    impl TripleSink for Count {
        fn section(&mut self, _: &str) -> io::Result<()> {
            Ok(())
        }

        fn triple(&mut self, _: TripleRef<'_>) -> io::Result<()> {
            self.0 += 1;
            Ok(())
        }
    }

    let mut count = Count(0);
    // Counting does not fail.
    drop(write_triples(graph, profile, &mut count));
    count.0
}

/// Notes which prefixes Turtle would use.
struct UsedPrefixes<'g> {
    all: &'g PrefixMap,
    used: BTreeSet<&'g str>,
}

impl<'g> UsedPrefixes<'g> {
    fn of(all: &'g PrefixMap) -> Self {
        Self {
            all,
            used: BTreeSet::new(),
        }
    }

    /// Those that were noted.
    fn into_map(self) -> io::Result<PrefixMap> {
        let mut prefixes = PrefixMap::new();
        for (prefix, namespace) in self.all.iter() {
            if self.used.contains(prefix) && prefixes.insert(prefix, namespace).is_err() {
                return Err(io::Error::other(format!(
                    "the prefix `{prefix}` is not legal"
                )));
            }
        }
        Ok(prefixes)
    }

    fn note(&mut self, iri: &str) {
        if let Some((prefix, _)) = self.all.shorten(iri) {
            self.used.insert(prefix);
        }
    }
}

impl TripleSink for UsedPrefixes<'_> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if let NamedOrBlankNodeRef::NamedNode(subject) = triple.subject {
            self.note(subject.as_str());
        }
        if triple.predicate != crate::vocab::rdf::TYPE {
            self.note(triple.predicate.as_str());
        }
        match triple.object {
            TermRef::NamedNode(object) => self.note(object.as_str()),
            TermRef::Literal(literal) if turtle::shows_datatype(literal) => {
                self.note(literal.datatype().as_str());
            }
            _ => {}
        }
        Ok(())
    }
}
