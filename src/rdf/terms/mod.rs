//! RDF terms, each stored once, by number.

#[cfg(feature = "sparql")]
mod batch;

use std::borrow::Cow;
use std::hash::Hasher as _;
use std::ops::Range;

use hashbrown::{HashTable, hash_table};
use indexmap::IndexSet;
use oxrdf::{
    BaseDirection, BlankNodeRef, LiteralRef, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple,
};
use rustc_hash::{FxBuildHasher, FxHasher};

#[cfg(feature = "sparql")]
pub(crate) use self::batch::TripleBatch;
use crate::vocab::xsd;

/// Number of a term of a graph; also the number of its node.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TermId(pub(crate) u32);

impl TermId {
    /// Its place among the terms of its graph.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The terms of a graph, numbered in the order in which they came.
///
/// All their text lies in one piece of memory: IRI, label, lexical form, or the numbers of subject,
/// predicate and object. A term takes its text, 8 bytes, and 8 to 18 more for finding it.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    text: String,
    entries: Vec<Entry>,
    /// Half the hash of each term, and its number.
    numbers: HashTable<(u32, TermId)>,
    /// Language tags, with `--ltr` or `--rtl` where there is a direction.
    languages: IndexSet<String, FxBuildHasher>,
    datatypes: IndexSet<String, FxBuildHasher>,
}

/// What kind of term a text is: one of the constants, or a literal with a language or datatype of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Kind(u32);

impl Kind {
    const IRI: Self = Self(0);
    const BLANK_NODE: Self = Self(1);
    const STRING: Self = Self(2);
    const TRIPLE: Self = Self(3);
    /// Languages have the even numbers from here, datatypes the odd ones.
    const FIRST: u32 = 4;
    /// What an [`Entry`] has room for.
    const LAST: u32 = (1 << 24) - 1;

    fn of_language(at: usize) -> Option<Self> {
        Self::nth(at, 0)
    }

    fn of_datatype(at: usize) -> Option<Self> {
        Self::nth(at, 1)
    }

    fn nth(at: usize, odd: u32) -> Option<Self> {
        let at = u32::try_from(at).ok()?.checked_mul(2)?;
        let kind = at.checked_add(Self::FIRST + odd)?;
        (kind <= Self::LAST).then_some(Self(kind))
    }
}

/// Kind of a term in the upper 24 bits, and the end of its text in the lower 40.
#[derive(Clone, Copy, Debug)]
struct Entry(u64);

impl Entry {
    const END_BITS: u32 = 40;

    fn new(kind: Kind, end: usize) -> Option<Self> {
        let end = u64::try_from(end).ok()?;
        (end >> Self::END_BITS == 0).then_some(Self(u64::from(kind.0) << Self::END_BITS | end))
    }

    fn kind(self) -> Kind {
        Kind((self.0 >> Self::END_BITS) as u32)
    }

    fn end(self) -> usize {
        (self.0 & ((1 << Self::END_BITS) - 1)) as usize
    }
}

impl Terms {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Labels of the blank nodes.
    #[cfg(feature = "sparql")]
    pub(crate) fn blank_labels(&self) -> impl Iterator<Item = &str> {
        let ids = (0..self.len()).filter_map(|at| u32::try_from(at).ok().map(TermId));
        ids.filter(|id| self.kind(*id) == Some(Kind::BLANK_NODE))
            .map(|id| self.text(id))
    }

    /// The number of `term`, which is stored if it is new; `None` if there is no number left.
    pub(crate) fn intern(&mut self, term: TermRef<'_>) -> Option<TermId> {
        let (kind, text) = self.kind_and_text(term)?;
        self.intern_text(kind, &text, half_hash(kind, &text))
    }

    /// What kind of term it is, and its text; the parts of a triple are stored if they are new.
    fn kind_and_text<'t>(&mut self, term: TermRef<'t>) -> Option<(Kind, Cow<'t, str>)> {
        Some(match term {
            TermRef::NamedNode(node) => (Kind::IRI, node.as_str().into()),
            TermRef::BlankNode(node) => (Kind::BLANK_NODE, node.as_str().into()),
            TermRef::Literal(literal) => {
                let kind = match part_of(literal) {
                    Part::Nothing => Kind::STRING,
                    Part::Language(tag) => Kind::of_language(number_of(&mut self.languages, tag))?,
                    Part::Direction(tag) => {
                        Kind::of_language(number_of(&mut self.languages, &tag))?
                    }
                    Part::Datatype(iri) => Kind::of_datatype(number_of(&mut self.datatypes, iri))?,
                };
                (kind, literal.value().into())
            }
            TermRef::Triple(triple) => {
                let triple = triple.as_ref();
                let subject = self.intern(triple.subject.into())?;
                let predicate = self.intern(triple.predicate.into())?;
                let object = self.intern(triple.object)?;
                (
                    Kind::TRIPLE,
                    triple_text([subject, predicate, object]).into(),
                )
            }
        })
    }

    fn intern_text(&mut self, kind: Kind, text: &str, hash: u32) -> Option<TermId> {
        let Self {
            text: stored,
            entries,
            numbers,
            ..
        } = self;
        let is_it = |(other, id): &(u32, TermId)| {
            *other == hash && is_term(stored, entries, *id, kind, text)
        };
        let place = match numbers.entry(whole_hash(hash), is_it, |(hash, _)| whole_hash(*hash)) {
            hash_table::Entry::Occupied(found) => return Some(found.get().1),
            hash_table::Entry::Vacant(place) => place,
        };
        // One number is kept for what is no term.
        let id = u32::try_from(entries.len()).ok();
        let id = TermId(id.filter(|id| *id < u32::MAX)?);
        let entry = Entry::new(kind, stored.len() + text.len())?;
        stored.push_str(text);
        entries.push(entry);
        place.insert((hash, id));
        Some(id)
    }

    fn find(&self, hash: u32, kind: Kind, text: &str) -> Option<TermId> {
        let is_it = |(other, id): &(u32, TermId)| {
            *other == hash && is_term(&self.text, &self.entries, *id, kind, text)
        };
        let found = self.numbers.find(whole_hash(hash), is_it);
        found.map(|(_, id)| *id)
    }

    /// The number of `term`, if it is stored.
    pub(crate) fn get(&self, term: TermRef<'_>) -> Option<TermId> {
        let find = |kind, text: &str| self.find(half_hash(kind, text), kind, text);
        match term {
            TermRef::NamedNode(node) => find(Kind::IRI, node.as_str()),
            TermRef::BlankNode(node) => find(Kind::BLANK_NODE, node.as_str()),
            TermRef::Literal(literal) => {
                let language = |tag: &str| {
                    let at = self.languages.get_index_of(tag);
                    at.and_then(Kind::of_language)
                };
                let kind = match part_of(literal) {
                    Part::Nothing => Kind::STRING,
                    Part::Language(tag) => language(tag)?,
                    Part::Direction(tag) => language(&tag)?,
                    Part::Datatype(iri) => Kind::of_datatype(self.datatypes.get_index_of(iri)?)?,
                };
                find(kind, literal.value())
            }
            TermRef::Triple(triple) => {
                let triple = triple.as_ref();
                let subject = self.get(triple.subject.into())?;
                let predicate = self.get(triple.predicate.into())?;
                let object = self.get(triple.object)?;
                find(Kind::TRIPLE, &triple_text([subject, predicate, object]))
            }
        }
    }

    /// The term of a number that this gave.
    pub(crate) fn term(&self, id: TermId) -> Term {
        if let Some(literal) = self.literal(id) {
            return literal.into_owned().into();
        }
        if let Some(node) = self.blank_node(id) {
            return node.into_owned().into();
        }
        match self.kind(id) {
            Some(Kind::TRIPLE) => {
                let mut parts = self.text(id).split(' ').map(number);
                let mut next = || parts.next().unwrap_or(TermId(u32::MAX));
                let (subject, predicate, object) = (next(), next(), next());
                let subject: NamedOrBlankNode = match self.blank_node(subject) {
                    Some(node) => node.into_owned().into(),
                    None => NamedNodeRef::new_unchecked(self.text(subject))
                        .into_owned()
                        .into(),
                };
                let predicate = NamedNodeRef::new_unchecked(self.text(predicate)).into_owned();
                Triple::new(subject, predicate, self.term(object)).into()
            }
            _ => NamedNodeRef::new_unchecked(self.text(id))
                .into_owned()
                .into(),
        }
    }

    /// The IRI, if the term is one.
    pub(crate) fn iri(&self, id: TermId) -> Option<&str> {
        (self.kind(id)? == Kind::IRI).then(|| self.text(id))
    }

    /// The blank node, if the term is one.
    fn blank_node(&self, id: TermId) -> Option<BlankNodeRef<'_>> {
        let is_blank = self.kind(id)? == Kind::BLANK_NODE;
        is_blank.then(|| BlankNodeRef::new_unchecked(self.text(id)))
    }

    /// Whether the term is a literal.
    pub(crate) fn is_literal(&self, id: TermId) -> bool {
        let kind = self.kind(id);
        kind.is_some_and(|kind| kind == Kind::STRING || kind.0 >= Kind::FIRST)
    }

    /// The literal, if the term is one.
    pub(crate) fn literal(&self, id: TermId) -> Option<LiteralRef<'_>> {
        let kind = self.kind(id)?;
        let text = self.text(id);
        if kind == Kind::STRING {
            return Some(LiteralRef::new_simple_literal(text));
        }
        let number = kind.0.checked_sub(Kind::FIRST)?;
        let at = (number / 2) as usize;
        if number % 2 == 0 {
            Some(language_literal(text, self.languages.get_index(at)?))
        } else {
            let datatype = NamedNodeRef::new_unchecked(self.datatypes.get_index(at)?);
            Some(LiteralRef::new_typed_literal(text, datatype))
        }
    }

    fn kind(&self, id: TermId) -> Option<Kind> {
        self.entries.get(id.index()).map(|entry| entry.kind())
    }

    fn text(&self, id: TermId) -> &str {
        self.text.get(range(&self.entries, id)).unwrap_or_default()
    }

    /// Gives back memory that was kept for more terms.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.entries.shrink_to_fit();
    }
}

/// Where the text of a term stands.
fn range(entries: &[Entry], id: TermId) -> Range<usize> {
    let end = |at: usize| entries.get(at).map_or(0, |entry| entry.end());
    let start = id.index().checked_sub(1).map_or(0, end);
    start..end(id.index())
}

/// Whether the term of a number is `text` of `kind`.
fn is_term(stored: &str, entries: &[Entry], id: TermId, kind: Kind, text: &str) -> bool {
    entries.get(id.index()).map(|it| it.kind()) == Some(kind)
        && stored.as_bytes().get(range(entries, id)) == Some(text.as_bytes())
}

/// What a literal has beside its lexical form.
enum Part<'t> {
    Nothing,
    Language(&'t str),
    Direction(String),
    Datatype(&'t str),
}

fn part_of(literal: LiteralRef<'_>) -> Part<'_> {
    match (literal.language(), literal.direction()) {
        (Some(tag), None) => Part::Language(tag),
        (Some(tag), Some(BaseDirection::Ltr)) => Part::Direction(format!("{tag}--ltr")),
        (Some(tag), Some(BaseDirection::Rtl)) => Part::Direction(format!("{tag}--rtl")),
        (None, _) if literal.datatype() == xsd::STRING => Part::Nothing,
        (None, _) => Part::Datatype(literal.datatype().as_str()),
    }
}

/// The place of `text` in the set, to which it is added if it is new.
fn number_of(set: &mut IndexSet<String, FxBuildHasher>, text: &str) -> usize {
    match set.get_index_of(text) {
        Some(at) => at,
        None => set.insert_full(text.to_owned()).0,
    }
}

fn half_hash(kind: Kind, text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(kind.0);
    hasher.write(text.as_bytes());
    #[expect(
        clippy::cast_possible_truncation,
        reason = "half of the hash is wanted"
    )]
    let half = hasher.finish() as u32;
    half
}

/// A hash with bits in every place, which the table wants.
fn whole_hash(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

fn number(text: &str) -> TermId {
    TermId(text.parse().unwrap_or(u32::MAX))
}

fn triple_text([subject, predicate, object]: [TermId; 3]) -> String {
    format!("{} {} {}", subject.0, predicate.0, object.0)
}

fn language_literal<'t>(value: &'t str, tag: &'t str) -> LiteralRef<'t> {
    let directed = |direction, suffix| {
        let language = tag.strip_suffix(suffix)?;
        let literal = LiteralRef::new_directional_language_tagged_literal_unchecked;
        Some(literal(value, language, direction))
    };
    directed(BaseDirection::Ltr, "--ltr")
        .or_else(|| directed(BaseDirection::Rtl, "--rtl"))
        .unwrap_or_else(|| LiteralRef::new_language_tagged_literal_unchecked(value, tag))
}

#[cfg(test)]
mod tests {
    use oxrdf::{BlankNode, Literal, NamedNode};

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
            language_literal("א", "he--rtl").into_owned().into(),
            language_literal("a", "en--ltr").into_owned().into(),
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
            assert_eq!(stored.is_literal(id), term.is_literal());
        }
        assert_eq!(stored.get(TermRef::from(xsd::DATE)), None);
    }
}
