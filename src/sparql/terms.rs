//! RDF terms, each stored once, by number.

use oxrdf::{
    BaseDirection, BlankNode, Literal, LiteralRef, NamedNode, NamedOrBlankNode, Term, TermRef,
    Triple,
};
use rustc_hash::FxBuildHasher;
use string_interner::backend::StringBackend;
use string_interner::symbol::SymbolU32;
use string_interner::{StringInterner, Symbol as _};

use crate::vocab::xsd;

/// Number of a term of a graph; also the number of its node.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TermId(pub(super) u32);

/// The terms of a graph, numbered in the order in which they came.
///
/// All their text lies in one piece of memory. What stands there begins with a letter for the kind of
/// term: `I` and an IRI; `B` and a label; `S` and a plain string; `L`, tag, NUL and a text; `D`, number
/// of the datatype's IRI, NUL and a lexical form; `T` and the numbers of subject, predicate and object.
#[derive(Debug)]
pub(super) struct Terms {
    texts: StringInterner<StringBackend<SymbolU32>, FxBuildHasher>,
    scratch: String,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            texts: StringInterner::with_hasher(FxBuildHasher),
            scratch: String::new(),
        }
    }
}

impl Terms {
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The number of `term`, which is stored if it is new; `None` if there is no number left.
    pub(super) fn intern(&mut self, term: TermRef<'_>) -> Option<TermId> {
        match term {
            TermRef::NamedNode(node) => self.intern_text(|text| {
                text.push('I');
                text.push_str(node.as_str());
            }),
            TermRef::BlankNode(node) => self.intern_text(|text| {
                text.push('B');
                text.push_str(node.as_str());
            }),
            TermRef::Literal(literal) => {
                let datatype = match plain_datatype(literal) {
                    Some(datatype) => Some(self.intern(datatype)?),
                    None => None,
                };
                self.intern_text(|text| push_literal(text, literal, datatype))
            }
            TermRef::Triple(triple) => {
                let triple = triple.as_ref();
                let subject = self.intern(triple.subject.into())?;
                let predicate = self.intern(triple.predicate.into())?;
                let object = self.intern(triple.object)?;
                self.intern_text(|text| push_triple(text, subject, predicate, object))
            }
        }
    }

    fn intern_text(&mut self, push: impl FnOnce(&mut String)) -> Option<TermId> {
        self.scratch.clear();
        push(&mut self.scratch);
        // One number is kept for what is no term.
        if self.texts.len() >= u32::MAX as usize - 1 {
            return self.texts.get(&self.scratch).and_then(id);
        }
        id(self.texts.get_or_intern(&self.scratch))
    }

    /// The number of `term`, if it is stored.
    pub(super) fn get(&self, term: TermRef<'_>) -> Option<TermId> {
        let mut text = String::new();
        match term {
            TermRef::NamedNode(node) => {
                text.push('I');
                text.push_str(node.as_str());
            }
            TermRef::BlankNode(node) => {
                text.push('B');
                text.push_str(node.as_str());
            }
            TermRef::Literal(literal) => {
                let datatype = match plain_datatype(literal) {
                    Some(datatype) => Some(self.get(datatype)?),
                    None => None,
                };
                push_literal(&mut text, literal, datatype);
            }
            TermRef::Triple(triple) => {
                let triple = triple.as_ref();
                let subject = self.get(triple.subject.into())?;
                let predicate = self.get(triple.predicate.into())?;
                let object = self.get(triple.object)?;
                push_triple(&mut text, subject, predicate, object);
            }
        }
        self.texts.get(&text).and_then(id)
    }

    /// The term of a number that this gave.
    pub(super) fn term(&self, id: TermId) -> Term {
        let text = self.text(id);
        let rest = text.get(1..).unwrap_or_default();
        match text.as_bytes().first() {
            Some(b'B') => BlankNode::new_unchecked(rest).into(),
            Some(b'S') => Literal::new_simple_literal(rest).into(),
            Some(b'L') => {
                let (tag, value) = rest.split_once('\0').unwrap_or_default();
                language_literal(value, tag).into()
            }
            Some(b'D') => {
                let (datatype, value) = rest.split_once('\0').unwrap_or_default();
                Literal::new_typed_literal(value, self.named_node(number(datatype))).into()
            }
            Some(b'T') => {
                let mut parts = rest.split(' ').map(number);
                let mut next = || parts.next().unwrap_or(TermId(u32::MAX));
                let (subject, predicate, object) = (next(), next(), next());
                let subject = match self.term(subject) {
                    Term::BlankNode(node) => NamedOrBlankNode::BlankNode(node),
                    _ => self.named_node(subject).into(),
                };
                Triple::new(subject, self.named_node(predicate), self.term(object)).into()
            }
            _ => NamedNode::new_unchecked(rest).into(),
        }
    }

    fn named_node(&self, id: TermId) -> NamedNode {
        NamedNode::new_unchecked(self.text(id).get(1..).unwrap_or_default())
    }

    fn text(&self, id: TermId) -> &str {
        SymbolU32::try_from_usize(id.0 as usize)
            .and_then(|symbol| self.texts.resolve(symbol))
            .unwrap_or_default()
    }

    /// Gives back memory that was kept for more terms.
    pub(super) fn shrink(&mut self) {
        self.texts.shrink_to_fit();
    }
}

fn id(symbol: SymbolU32) -> Option<TermId> {
    u32::try_from(symbol.to_usize()).ok().map(TermId)
}

fn number(text: &str) -> TermId {
    TermId(text.parse().unwrap_or(u32::MAX))
}

/// The datatype, where the literal is neither a plain string nor has a language.
fn plain_datatype(literal: LiteralRef<'_>) -> Option<TermRef<'_>> {
    let is_typed = literal.language().is_none() && literal.datatype() != xsd::STRING;
    is_typed.then(|| literal.datatype().into())
}

fn push_literal(text: &mut String, literal: LiteralRef<'_>, datatype: Option<TermId>) {
    if let Some(TermId(datatype)) = datatype {
        text.push('D');
        push_number(text, datatype);
        text.push('\0');
    } else if let Some(language) = literal.language() {
        text.push('L');
        text.push_str(language);
        match literal.direction() {
            Some(BaseDirection::Ltr) => text.push_str("--ltr"),
            Some(BaseDirection::Rtl) => text.push_str("--rtl"),
            None => {}
        }
        text.push('\0');
    } else {
        text.push('S');
    }
    text.push_str(literal.value());
}

fn push_triple(text: &mut String, subject: TermId, predicate: TermId, object: TermId) {
    for (before, TermId(number)) in [('T', subject), (' ', predicate), (' ', object)] {
        text.push(before);
        push_number(text, number);
    }
}

fn push_number(text: &mut String, number: u32) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.extend(char::from_digit(number % 10, 10));
}

fn language_literal(value: &str, tag: &str) -> Literal {
    match tag.split_once("--") {
        Some((language, direction)) => {
            let direction = if direction == "rtl" {
                BaseDirection::Rtl
            } else {
                BaseDirection::Ltr
            };
            Literal::new_directional_language_tagged_literal_unchecked(value, language, direction)
        }
        None => Literal::new_language_tagged_literal_unchecked(value, tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_come_back_as_they_were() {
        let iri = NamedNode::new_unchecked("https://a.example/甲");
        let blank = BlankNode::new_unchecked("b0");
        let terms: Vec<Term> = vec![
            iri.clone().into(),
            blank.clone().into(),
            Literal::new_simple_literal("I\0L").into(),
            Literal::new_simple_literal("").into(),
            Literal::new_language_tagged_literal_unchecked("a\0b", "zh-Hans").into(),
            language_literal("א", "he--rtl").into(),
            language_literal("a", "en--ltr").into(),
            Literal::new_typed_literal("1\0", xsd::INTEGER).into(),
            Triple::new(
                blank,
                iri.clone(),
                Triple::new(iri.clone(), iri, Literal::from(7)),
            )
            .into(),
        ];
        let mut stored = Terms::default();
        let ids: Vec<TermId> = terms
            .iter()
            .map(|term| stored.intern(term.as_ref()).unwrap())
            .collect();
        for (term, id) in terms.iter().zip(ids) {
            assert_eq!(stored.term(id), *term);
            assert_eq!(stored.get(term.as_ref()), Some(id));
            assert_eq!(stored.intern(term.as_ref()), Some(id));
        }
        assert_eq!(stored.get(TermRef::from(xsd::DATE)), None);
    }
}
