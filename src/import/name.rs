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
        self.place(predicate).is_some() && triples.literal(object).is_some()
    }

    /// Names of an entity with their predicates: of each language one canonical name, others aliases.
    pub(super) fn of_entity<'t>(
        &self,
        triples: &'t Triples,
        id: Id,
    ) -> Vec<(Id, NameKind, LiteralRef<'t>)> {
        let facts = triples.of(id).iter();
        let mut named: Vec<(usize, Id)> = facts
            .filter_map(|(predicate, object)| Some((self.place(*predicate)?, *object)))
            .collect();
        named.sort_by_key(|(place, _)| *place);
        let mut labels: Vec<(Id, NameKind, LiteralRef<'t>)> = Vec::with_capacity(named.len());
        for (place, object) in named {
            let Some(literal) = triples.literal(object) else {
                continue;
            };
            let same = |(_, _, other): &(Id, NameKind, LiteralRef<'_>)| {
                other.value() == literal.value() && other.language() == literal.language()
            };
            let is_taken = labels.iter().any(|(_, kind, other)| {
                *kind == NameKind::Canonical && other.language() == literal.language()
            });
            if labels.iter().any(same) {
                continue;
            }
            let kind = if place >= NAMES.len() || is_taken {
                NameKind::Alias
            } else {
                NameKind::Canonical
            };
            labels.push((object, kind, literal));
        }
        labels
    }
}

/// Languages of the names, the commonest first; of equal ones the first in the text.
pub(super) fn languages(triples: &Triples, names: &NameProperties, entities: &[Id]) -> Vec<String> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let labels = entities.iter().flat_map(|id| names.of_entity(triples, *id));
    for (_, _, literal) in labels {
        let language = language_of(literal);
        match found.iter_mut().find(|(known, _)| *known == language) {
            Some((_, count)) => *count += 1,
            None => found.push((language, 1)),
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // The graph numbers languages with a byte.
    found.truncate(usize::from(u8::MAX));
    found.into_iter().map(|it| it.0.to_owned()).collect()
}
