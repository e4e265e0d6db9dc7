//! What each term of an RDF file is: an entity, or something that says more of a fact.
//!
//! What our own export writes about facts is known by its shape and turned back: statements into
//! provenance, stretches of text into passages, quantities into values. Whatever has anything else
//! to say stays an entity.

use std::collections::BTreeMap;

use oxrdf::NamedNodeRef;

use super::triples::{Id, Triples};
use crate::model::{Comparator, Date, Decimal, Quantity, Scale, Status};
use crate::vocab::{TUPU, dcat, dcterms, oa, prov, rdf, rdfs, schema, tupu, void};

/// What a term is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Role {
    #[default]
    Entity,
    Literal,
    /// A statement about a fact.
    Statement,
    /// A number with its unit.
    Quantity,
    /// A value of an enum.
    EnumValue,
    /// What says where something stands, or describes the dataset.
    Bookkeeping,
}

/// A stretch of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) source: Id,
    pub(super) article: Option<Id>,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The terms that are no entities, and what they say.
#[derive(Debug, Default)]
pub(super) struct Roles {
    roles: Vec<Role>,
    pub(super) statements: Vec<Id>,
    pub(super) stretches: BTreeMap<Id, Stretch>,
    pub(super) quantities: BTreeMap<Id, Quantity>,
    /// The dataset that describes itself as our export does.
    pub(super) dataset: Option<Id>,
}

impl Roles {
    pub(super) fn of(triples: &Triples) -> Self {
        let mut roles = Self::default();
        let kinds = Kinds::of(triples);
        for id in triples.ids() {
            let role = roles.find(triples, &kinds, id);
            roles.roles.push(role);
        }
        let selectors: Vec<Id> = roles
            .stretches
            .keys()
            .filter_map(|id| triples.only(*id, oa::HAS_SELECTOR))
            .collect();
        for selector in selectors {
            roles.roles[selector.index()] = Role::Bookkeeping;
        }
        roles
    }

    pub(super) fn role(&self, id: Id) -> Role {
        self.roles[id.index()]
    }

    fn find(&mut self, triples: &Triples, kinds: &Kinds, id: Id) -> Role {
        if triples.of(id).is_empty() {
            return if triples.is_literal(id) {
                Role::Literal
            } else {
                Role::Entity
            };
        }
        if !kinds.may_be_ours(triples, id) {
            return Role::Entity;
        }
        if is_statement(triples, id) {
            self.statements.push(id);
            return Role::Statement;
        }
        if let Some(stretch) = stretch(triples, id) {
            self.stretches.insert(id, stretch);
            return Role::Bookkeeping;
        }
        if let Some(quantity) = quantity(triples, id) {
            self.quantities.insert(id, quantity);
            return Role::Quantity;
        }
        let is_described = triples.only(id, void::URI_SPACE).is_some();
        if is_described && triples.has_type(id, dcat::DATASET) {
            self.dataset = Some(id);
            return Role::Bookkeeping;
        }
        if is_partition(triples, id) {
            return Role::Bookkeeping;
        }
        if is_enum_value(triples, id) {
            return Role::EnumValue;
        }
        Role::Entity
    }
}

/// What only terms that are no entities have, as far as the triples speak of it: it tells most entities
/// at one look at their facts.
struct Kinds {
    predicates: Vec<Id>,
    classes: Vec<Id>,
    /// All that is said of values of enums.
    of_enum_values: Vec<Id>,
}

impl Kinds {
    fn of(triples: &Triples) -> Self {
        let ids =
            |nodes: &[NamedNodeRef<'_>]| nodes.iter().filter_map(|it| triples.id(*it)).collect();
        Self {
            predicates: ids(&[oa::HAS_SELECTOR, void::URI_SPACE]),
            classes: ids(&[rdf::STATEMENT, schema::QUANTITATIVE_VALUE, void::DATASET]),
            of_enum_values: ids(&[rdf::TYPE, rdfs::LABEL]),
        }
    }

    /// Whether the term may be something else than an entity.
    fn may_be_ours(&self, triples: &Triples, id: Id) -> bool {
        let facts = triples.of(id);
        let is_known = |(predicate, object): &(Id, Id)| {
            self.predicates.contains(predicate) || self.classes.contains(object)
        };
        let is_of_enum_value = |(it, _): &(Id, Id)| self.of_enum_values.contains(it);
        facts.iter().any(is_known)
            || (facts.iter().all(is_of_enum_value) && is_enum_value(triples, id))
    }
}

fn is_statement(triples: &Triples, id: Id) -> bool {
    const KNOWN: &[NamedNodeRef<'static>] = &[
        rdf::TYPE,
        rdf::SUBJECT,
        rdf::PREDICATE,
        rdf::OBJECT,
        prov::WAS_DERIVED_FROM,
        tupu::STATUS,
        tupu::WORDING,
        tupu::INFERENCE_REASON,
    ];
    triples.has_type(id, rdf::STATEMENT)
        && triples.says_only(id, KNOWN)
        && [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT]
            .iter()
            .all(|part| triples.only(id, *part).is_some())
}

fn stretch(triples: &Triples, id: Id) -> Option<Stretch> {
    const KNOWN: &[NamedNodeRef<'static>] = &[
        rdf::TYPE,
        oa::HAS_SOURCE,
        oa::HAS_SELECTOR,
        dcterms::IS_PART_OF,
    ];
    let selector = triples.only(id, oa::HAS_SELECTOR)?;
    if !triples.says_only(id, KNOWN)
        || !triples.says_only(selector, &[rdf::TYPE, oa::START, oa::END])
    {
        return None;
    }
    Some(Stretch {
        source: triples.only(id, oa::HAS_SOURCE)?,
        article: triples.only(id, dcterms::IS_PART_OF),
        start: triples.text(selector, oa::START)?.parse().ok()?,
        end: triples.text(selector, oa::END)?.parse().ok()?,
    })
}

fn quantity(triples: &Triples, id: Id) -> Option<Quantity> {
    const DATES: &[NamedNodeRef<'static>] = &[tupu::BY, tupu::AS_OF, tupu::SINCE, tupu::PERIOD];
    const KNOWN: &[NamedNodeRef<'static>] = &[
        rdf::TYPE,
        schema::VALUE,
        schema::UNIT_TEXT,
        tupu::ABSOLUTE_VALUE,
        tupu::BASE_UNIT,
        tupu::COMPARATOR,
    ];
    if !triples.has_type(id, schema::QUANTITATIVE_VALUE) {
        return None;
    }
    let is_known = |predicate: Id| {
        let iri = triples.iri(predicate).unwrap_or("");
        let is_date = |date: &NamedNodeRef<'_>| {
            let rest = iri.strip_prefix(date.as_str());
            matches!(rest, Some("" | "Earliest" | "Latest"))
        };
        KNOWN.iter().any(|it| it.as_str() == iri) || DATES.iter().any(is_date)
    };
    if !triples
        .of(id)
        .iter()
        .all(|(predicate, _)| is_known(*predicate))
    {
        return None;
    }
    let date = |predicate| Date::parse(triples.text(id, predicate)?).ok();
    let (scale, unit) = unit(
        triples.text(id, schema::UNIT_TEXT),
        triples.text(id, tupu::BASE_UNIT),
    );
    Some(Quantity {
        scale,
        unit,
        comparator: triples
            .only(id, tupu::COMPARATOR)
            .and_then(|it| Comparator::named(own_name(triples, it)?)),
        by: date(tupu::BY),
        as_of: date(tupu::AS_OF),
        since: date(tupu::SINCE),
        period: date(tupu::PERIOD),
        ..Quantity::from(Decimal::parse(triples.text(id, schema::VALUE)?).ok()?)
    })
}

/// Scale and unit, where `printed` is both together and `base` the unit alone.
fn unit(printed: Option<&str>, base: Option<&str>) -> (Option<Scale>, Option<String>) {
    let printed = printed.unwrap_or("");
    let unit = base.unwrap_or("");
    let scale = printed
        .strip_suffix(unit)
        .and_then(|scale| Scale::named(scale.trim_end()));
    let unit = if scale.is_some() { unit } else { printed };
    (scale, (!unit.is_empty()).then(|| unit.to_owned()))
}

/// The status of a statement.
pub(super) fn status(triples: &Triples, statement: Id) -> Status {
    triples
        .only(statement, tupu::STATUS)
        .and_then(|it| Status::named(own_name(triples, it)?))
        .unwrap_or(Status::Asserted)
}

fn own_name(triples: &Triples, id: Id) -> Option<&str> {
    triples.iri(id)?.strip_prefix(TUPU)
}

fn is_partition(triples: &Triples, id: Id) -> bool {
    const KNOWN: &[NamedNodeRef<'static>] = &[
        rdf::TYPE,
        void::CLASS,
        void::ENTITIES,
        void::PROPERTY,
        void::TRIPLES,
    ];
    triples.has_type(id, void::DATASET) && triples.says_only(id, KNOWN)
}

/// Whether the term is named below the one class that it is of, and has labels only.
fn is_enum_value(triples: &Triples, id: Id) -> bool {
    let is_below = |class: Id| {
        let (value, class) = (triples.iri(id)?, triples.iri(class)?);
        value.strip_prefix(class)?.strip_prefix('.')
    };
    triples.says_only(id, &[rdf::TYPE, rdfs::LABEL])
        && triples.only(id, rdf::TYPE).and_then(is_below).is_some()
}
