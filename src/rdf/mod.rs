//! The graph as RDF: triples in one order, and the syntaxes that they are written in.
//!
//! Memory stays small: [`write_triples`] hands one triple after the other to a [`TripleSink`], and
//! the serializers keep no more than the subject and predicate that they are in.

mod collect;
mod context;
mod dataset;
mod escape;
mod jsonld;
mod library;
mod linkml;
mod mapping;
pub(crate) mod ntriples;
mod ontology;
pub(crate) mod order;
mod own_terms;
mod parts;
mod read;
mod shapes;
mod sheet;
mod statement;
mod terms;
pub(crate) mod turtle;

use std::collections::BTreeSet;
use std::io::{self, Write};

use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, TermRef, TripleRef};
pub use oxrdfio::{JsonLdProfileSet, RdfFormat};

pub use self::collect::QuadCollector;
pub use self::context::write_context;
pub use self::dataset::Counts;
pub use self::linkml::{quote_yaml, write_linkml};
pub use self::mapping::{bound_iris, write_triples};
pub use self::ntriples::{NTriplesSerializer, NTriplesWriter};
pub use self::ontology::write_ontology;
pub use self::order::write_quads;
pub use self::own_terms::{OWN_TERMS, OwnTerm, OwnTermKind};
pub use self::parts::PartSerializer;
pub use self::read::{QuadReader, RdfError, as_statement};
pub use self::shapes::write_shapes;
pub use self::statement::{passage_iri, statement_iri};
pub use self::terms::TermId;
pub(crate) use self::terms::Terms;
#[cfg(feature = "sparql")]
pub(crate) use self::terms::TripleBatch;
pub use self::turtle::{TurtleSerializer, TurtleWriter};
use crate::model::KnowledgeGraph;
use crate::prefix::PrefixMap;

/// How the evidence of facts is written. A statement has the same IRI in each profile.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ProvenanceProfile {
    /// Not at all. What is only planned, and stands on no slot that speaks of plans, is left out.
    None,
    /// An `rdf:Statement` for each fact, with its evidence and status.
    #[default]
    Reified,
    /// The same, and the facts of each article in a named graph, which has the article's IRI.
    Graphs,
    /// A reifier for each fact, with its evidence and status, as
    /// [RDF 1.2](https://www.w3.org/TR/rdf12-concepts/) has it.
    Rdf12,
}

/// What takes triples, one after the other.
pub trait TripleSink {
    /// Begins a part of the output; syntaxes without comments ignore it.
    ///
    /// # Errors
    ///
    /// When writing fails.
    fn section(&mut self, title: &str) -> io::Result<()>;

    /// Says that the text declares a prefix; syntaxes without prefixes ignore it.
    ///
    /// # Errors
    ///
    /// When writing fails.
    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        let (_, _) = (prefix, namespace);
        Ok(())
    }

    /// Says which graph the triples that follow belong to; at first it is the default graph.
    ///
    /// # Errors
    ///
    /// When writing fails, or the syntax has no named graphs.
    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()>;

    /// Takes one triple. Triples of one subject come together.
    ///
    /// # Errors
    ///
    /// When writing fails.
    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()>;
}

/// Writes the graph in `format`.
///
/// Turtle and TriG are made for people: sections, only the prefixes that are used, one block a
/// subject; JSON-LD carries the context of [`write_context`]. Nothing has blank nodes, and equal graphs give equal bytes.
///
/// # Errors
///
/// When `writer` fails, or the format cannot say what is to be written: named graphs, triple terms,
/// control characters in XML.
pub fn write<W: Write>(
    graph: &KnowledgeGraph,
    format: RdfFormat,
    profile: ProvenanceProfile,
    writer: W,
) -> io::Result<W> {
    if matches!(format, RdfFormat::JsonLd { .. }) {
        return jsonld::write(graph, profile, writer);
    }
    let is_rdf_12 = profile == ProvenanceProfile::Rdf12;
    serialize(
        format,
        &graph.project().prefixes,
        is_rdf_12,
        writer,
        |sink| write_triples(graph, profile, sink),
    )
}

/// Hands to a serializer of `format` what `give` gives, which is asked for it twice where prefixes are
/// declared: only those that are used.
fn serialize<W: Write>(
    format: RdfFormat,
    prefixes: &PrefixMap,
    is_rdf_12: bool,
    mut writer: W,
    give: impl Fn(&mut dyn TripleSink) -> io::Result<()>,
) -> io::Result<W> {
    let used = || -> io::Result<PrefixMap> {
        let mut used = UsedPrefixes::of(prefixes);
        give(&mut used)?;
        used.into_map()
    };
    match format {
        RdfFormat::Turtle | RdfFormat::TriG => {
            let mut serializer = TurtleSerializer::new().with_prefixes(used()?);
            if format == RdfFormat::TriG {
                serializer = serializer.with_graphs();
            }
            if is_rdf_12 {
                serializer = serializer.with_rdf_12();
            }
            let mut sink = serializer.for_writer(writer)?;
            give(&mut sink)?;
            sink.finish()
        }
        RdfFormat::NTriples | RdfFormat::NQuads => {
            let mut serializer = NTriplesSerializer::new();
            if format == RdfFormat::NQuads {
                serializer = serializer.with_graphs();
            }
            let mut sink = serializer.for_writer(writer);
            give(&mut sink)?;
            sink.finish()
        }
        _ => {
            library::serialize(format, &used()?, &mut writer, give)?;
            Ok(writer)
        }
    }
}

/// What the graph comes to in numbers: triples, subjects, and how many of each class and property.
pub fn counts(graph: &KnowledgeGraph, profile: ProvenanceProfile) -> Counts {
    let mut counts = Counts::default();
    // Counting does not fail.
    drop(write_triples(graph, profile, &mut counts));
    counts
}

/// Notes which prefixes Turtle would use.
#[derive(Debug)]
pub(crate) struct UsedPrefixes<'g> {
    all: &'g PrefixMap,
    used: BTreeSet<&'g str>,
}

impl<'g> UsedPrefixes<'g> {
    pub(crate) fn of(all: &'g PrefixMap) -> Self {
        Self {
            all,
            used: BTreeSet::new(),
        }
    }

    /// Those that were noted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'g str, &'g str)> {
        let all = self.all.iter();
        all.filter(|(prefix, _)| self.used.contains(prefix))
    }

    /// Those that were noted.
    fn into_map(self) -> io::Result<PrefixMap> {
        let mut prefixes = PrefixMap::new();
        for (prefix, namespace) in self.iter() {
            if prefixes.insert(prefix, namespace).is_err() {
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

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        if let GraphNameRef::NamedNode(name) = name {
            self.note(name.as_str());
        }
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
            TermRef::Triple(triple) => {
                self.note(triple.predicate.as_str());
                return self.triple(triple.as_ref());
            }
            _ => {}
        }
        Ok(())
    }
}
