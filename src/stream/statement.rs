//! The triples of one statement, before they are handed over.

use std::io;

use oxrdf::{BlankNodeRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::term::typed;
use crate::rdf::TripleSink;

/// A stretch of a statement's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span(usize, usize);

/// A term, whose text stands in its statement.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Iri(Span),
    Blank(Span),
    Text(Span),
    /// With a language.
    Tagged(Span, Span),
    /// With a datatype.
    Typed(Span, Span),
}

/// Subject, predicate and object.
pub(super) type Parts = (Part, Span, Part);

/// What a statement says. Triples of one subject stand together.
#[derive(Debug, Default)]
pub(super) struct Statement {
    text: Vec<u8>,
    triples: Vec<Parts>,
}

impl Statement {
    /// Makes it empty.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.triples.clear();
    }

    /// Keeps a text.
    pub(super) fn keep(&mut self, pieces: &[&[u8]]) -> Span {
        let start = self.text.len();
        for piece in pieces {
            self.text.extend_from_slice(piece);
        }
        Span(start, self.text.len())
    }

    /// What was kept.
    pub(super) fn bytes(&self, span: Span) -> &[u8] {
        &self.text[span.0..span.1]
    }

    /// Takes triples of one subject.
    pub(super) fn add(&mut self, triples: &mut Vec<Parts>) {
        self.triples.append(triples);
    }

    /// Whether all of it is UTF-8 and no literal has a datatype that it must not have.
    pub(super) fn is_legal(&self) -> bool {
        std::str::from_utf8(&self.text).is_ok_and(|text| {
            self.triples
                .iter()
                .all(|triple| triple_of(text, *triple).is_some())
        })
    }

    /// Hands the triples over.
    pub(super) fn hand_over<S: TripleSink + ?Sized>(&self, sink: &mut S) -> io::Result<()> {
        let text = std::str::from_utf8(&self.text).unwrap_or("");
        for triple in self.triples.iter().filter_map(|it| triple_of(text, *it)) {
            sink.triple(triple)?;
        }
        Ok(())
    }
}

fn triple_of(text: &str, (subject, predicate, object): Parts) -> Option<TripleRef<'_>> {
    let read = |span: Span| text.get(span.0..span.1);
    let iri = |span| read(span).map(NamedNodeRef::new_unchecked);
    let blank = |span| read(span).map(BlankNodeRef::new_unchecked);
    let subject: NamedOrBlankNodeRef<'_> = match subject {
        Part::Iri(span) => iri(span)?.into(),
        Part::Blank(span) => blank(span)?.into(),
        Part::Text(_) | Part::Tagged(..) | Part::Typed(..) => return None,
    };
    let object: TermRef<'_> = match object {
        Part::Iri(span) => iri(span)?.into(),
        Part::Blank(span) => blank(span)?.into(),
        Part::Text(value) => LiteralRef::new_simple_literal(read(value)?).into(),
        Part::Tagged(value, language) => {
            LiteralRef::new_language_tagged_literal_unchecked(read(value)?, read(language)?).into()
        }
        Part::Typed(value, datatype) => typed(read(value)?, read(datatype)?)?.into(),
    };
    Some(TripleRef::new(subject, iri(predicate)?, object))
}
