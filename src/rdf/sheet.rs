//! Triples collected before they are written, so that what is said of one subject in several
//! places stands in one block.

use std::collections::BTreeMap;
use std::io::{self, Write};

use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, TripleRef};

use super::{TripleSink, TurtleSerializer, UsedPrefixes};
use crate::prefix::PrefixMap;
use crate::schema::LangText;

/// A small RDF document. Subjects, predicates and objects come out as they first went in, each
/// triple once.
pub(super) struct Sheet<'g> {
    prefixes: &'g PrefixMap,
    languages: &'g [String],
    blocks: Vec<Block>,
    places: BTreeMap<String, usize>,
    /// Title of the section that the next new subject begins.
    title: Option<String>,
}

struct Block {
    title: Option<String>,
    subject: NamedNode,
    facts: Vec<(NamedNode, Vec<Term>)>,
}

impl<'g> Sheet<'g> {
    /// An empty document, with the prefixes that it may use and the languages of its texts.
    pub(super) fn new(prefixes: &'g PrefixMap, languages: &'g [String]) -> Self {
        Self {
            prefixes,
            languages,
            blocks: Vec::new(),
            places: BTreeMap::new(),
            title: None,
        }
    }

    /// Begins a section with the next new subject.
    pub(super) fn section(&mut self, title: &str) {
        self.title = Some(title.to_owned());
    }

    pub(super) fn put(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        object: impl Into<Term>,
    ) {
        let at = match self.places.get(subject) {
            Some(&at) => at,
            None => {
                self.places.insert(subject.to_owned(), self.blocks.len());
                self.blocks.push(Block {
                    title: self.title.take(),
                    subject: NamedNode::new_unchecked(subject),
                    facts: Vec::new(),
                });
                self.blocks.len() - 1
            }
        };
        let (facts, object) = (&mut self.blocks[at].facts, object.into());
        match facts.iter_mut().find(|it| it.0 == predicate) {
            Some((_, objects)) if objects.contains(&object) => {}
            Some((_, objects)) => objects.push(object),
            None => facts.push((predicate.into_owned(), vec![object])),
        }
    }

    pub(super) fn put_node(&mut self, subject: &str, predicate: NamedNodeRef<'_>, object: &str) {
        self.put(subject, predicate, NamedNode::new_unchecked(object));
    }

    /// The texts in the languages of the document.
    pub(super) fn put_texts(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        texts: &LangText,
    ) {
        for language in self.languages {
            if let Some(text) = texts.get(language) {
                self.put_text(subject, predicate, text, language);
            }
        }
    }

    pub(super) fn put_text(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        text: &str,
        language: &str,
    ) {
        let literal = Literal::new_language_tagged_literal_unchecked(text, language);
        self.put(subject, predicate, literal);
    }

    /// Writes everything as Turtle, with the prefixes that it uses.
    pub(super) fn write<W: Write>(&self, writer: W) -> io::Result<W> {
        let mut used = UsedPrefixes::of(self.prefixes);
        self.hand_over(&mut used)?;
        let mut turtle = TurtleSerializer::new()
            .with_prefixes(used.into_map()?)
            .for_writer(writer)?;
        self.hand_over(&mut turtle)?;
        turtle.finish()
    }

    fn hand_over<S: TripleSink>(&self, sink: &mut S) -> io::Result<()> {
        for block in &self.blocks {
            if let Some(title) = &block.title {
                sink.section(title)?;
            }
            for (predicate, objects) in &block.facts {
                for object in objects {
                    sink.triple(TripleRef::new(&block.subject, predicate, object))?;
                }
            }
        }
        Ok(())
    }
}
