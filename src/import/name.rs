//! Which properties name an entity, and in what languages.

use oxrdf::{Literal, NamedNodeRef};

use super::triples::{Id, Triples};
use crate::model::NameKind;
use crate::vocab::{dcterms, foaf, rdfs, schema, skos};

/// Tag of texts whose language is not given, after ISO 639-2.
const UNDETERMINED: &str = "und";

/// The language of a literal.
pub(super) fn language_of(literal: &Literal) -> &str {
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

/// Names of an entity with their predicates: of each language one canonical name, others aliases.
pub(super) fn labels(triples: &Triples, id: Id) -> Vec<(Id, NameKind, &Literal)> {
    let mut labels: Vec<(Id, NameKind, &Literal)> = Vec::new();
    for property in NAMES.iter().chain(OTHER_NAMES) {
        let is_other = OTHER_NAMES.contains(property);
        for object in triples.objects(id, *property) {
            let Some(literal) = triples.literal(object) else {
                continue;
            };
            let same = |(_, _, other): &(Id, NameKind, &Literal)| {
                other.value() == literal.value() && other.language() == literal.language()
            };
            let is_taken = labels.iter().any(|(_, kind, other)| {
                *kind == NameKind::Canonical && other.language() == literal.language()
            });
            if labels.iter().any(same) {
                continue;
            }
            let kind = if is_other || is_taken {
                NameKind::Alias
            } else {
                NameKind::Canonical
            };
            labels.push((object, kind, literal));
        }
    }
    labels
}

/// Whether a fact is a name.
pub(super) fn is_name(triples: &Triples, predicate: Id, object: Id) -> bool {
    let mut names = NAMES.iter().chain(OTHER_NAMES);
    triples.literal(object).is_some() && names.any(|name| triples.is(predicate, *name))
}

/// Languages of the names, the commonest first; of equal ones the first in the text.
pub(super) fn languages(triples: &Triples, entities: &[Id]) -> Vec<String> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    for (_, _, literal) in entities.iter().flat_map(|id| labels(triples, *id)) {
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
