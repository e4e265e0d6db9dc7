//! Which properties name an entity, and in what languages.

use oxrdf::{LiteralRef, NamedNodeRef};

use super::triples::{Id, Triples};
use crate::model::NameKind;
use crate::vocab::{dcterms, foaf, rdfs, schema, skos};

/// Tag of texts whose language is not given, after ISO 639-2.
const UNDETERMINED: &str = "und";

/// The language of a literal.
pub(super) fn language_of<'t>(literal: LiteralRef<'t>) -> &'t str {
    literal.language().unwrap_or(UNDETERMINED)
}

/// `schema:name` as many files still write it; the vocabulary itself has `https`.
const HTTP_NAME: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://schema.org/name");

/// `schema:alternateName` as many files still write it.
const HTTP_ALTERNATE_NAME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://schema.org/alternateName");

/// Properties whose values are names, those that say it best first.
const NAMES: &[NamedNodeRef<'static>] = &[
    skos::PREF_LABEL,
    rdfs::LABEL,
    schema::NAME,
    HTTP_NAME,
    foaf::NAME,
    dcterms::TITLE,
];

/// Properties whose values are other names.
const OTHER_NAMES: &[NamedNodeRef<'static>] = &[
    skos::ALT_LABEL,
    schema::ALTERNATE_NAME,
    HTTP_ALTERNATE_NAME,
    foaf::NICK,
];

/// The predicates of a file that name entities, each with its place in [`NAMES`] and [`OTHER_NAMES`].
#[derive(Debug)]
pub(super) struct NameProperties(Vec<(Id, usize)>);

impl NameProperties {
    pub(super) fn of(triples: &Triples) -> Self {
        let properties = NAMES.iter().chain(OTHER_NAMES);
        let known = properties
            .enumerate()
            .filter_map(|(at, name)| Some((triples.id(*name)?, at)));
        Self(known.collect())
    }

    /// The predicates that name entities.
    pub(super) fn predicates(&self) -> impl Iterator<Item = Id> {
        self.0.iter().map(|(predicate, _)| *predicate)
    }

    fn place(&self, predicate: Id) -> Option<usize> {
        let found = self.0.iter().find(|(known, _)| *known == predicate);
        found.map(|(_, place)| *place)
    }

    /// Whether a fact is a name.
    pub(super) fn is_name(&self, triples: &Triples, predicate: Id, object: Id) -> bool {
        self.place(predicate).is_some() && triples.is_literal(object)
    }
}

/// A name of an entity, and the term that it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label<'t> {
    pub(super) term: Id,
    pub(super) kind: NameKind,
    pub(super) literal: LiteralRef<'t>,
}

/// Finds the names of one entity after the other.
pub(super) struct Labels<'t> {
    triples: &'t Triples,
    properties: &'t NameProperties,
    /// The terms that may be names, with the places of their properties.
    named: Vec<(usize, Id)>,
    found: Vec<Label<'t>>,
}

impl<'t> Labels<'t> {
    pub(super) fn new(triples: &'t Triples, properties: &'t NameProperties) -> Self {
        Self {
            triples,
            properties,
            named: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Names of an entity: of each language one canonical name, others aliases.
    pub(super) fn of(&mut self, id: Id) -> &[Label<'t>] {
        let Self {
            triples,
            properties,
            named,
            found,
        } = self;
        named.clear();
        let facts = triples.of(id).iter();
        named.extend(
            facts.filter_map(|(predicate, object)| Some((properties.place(*predicate)?, *object))),
        );
        named.sort_by_key(|(place, _)| *place);
        found.clear();
        for (place, term) in named {
            let Some(literal) = triples.literal(*term) else {
                continue;
            };
            let is_same = |other: &Label<'_>| {
                other.literal.value() == literal.value()
                    && other.literal.language() == literal.language()
            };
            let is_taken = |other: &Label<'_>| {
                other.kind == NameKind::Canonical && other.literal.language() == literal.language()
            };
            if found.iter().any(is_same) {
                continue;
            }
            let kind = if *place >= NAMES.len() || found.iter().any(is_taken) {
                NameKind::Alias
            } else {
                NameKind::Canonical
            };
            let term = *term;
            found.push(Label {
                term,
                kind,
                literal,
            });
        }
        found
    }
}

/// Languages of the names, the commonest first; of equal ones the first in the text.
pub(super) fn languages(triples: &Triples, names: &NameProperties, entities: &[Id]) -> Vec<String> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut labels = Labels::new(triples, names);
    for id in entities {
        for label in labels.of(*id) {
            let language = language_of(label.literal);
            match found.iter_mut().find(|(known, _)| *known == language) {
                Some((_, count)) => *count += 1,
                None => found.push((language, 1)),
            }
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // The graph numbers languages with a byte.
    found.truncate(usize::from(u8::MAX));
    found.into_iter().map(|it| it.0.to_owned()).collect()
}
