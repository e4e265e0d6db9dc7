//! Classes and slots of RDF that brings no schema.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::ImportError;
use super::name::language_of;
use super::role::{Role, Roles};
use super::triples::{Id, Triples};
use crate::model::Status;
use crate::prefix::PrefixMap;
use crate::schema::{
    Class, ClassId, Enum, EnumId, LangText, PermissibleValue, Range, Schema, Slot, SlotId, Style,
};
use crate::vocab::{rdf, rdfs, skos};

/// The class of what is of none.
const RESOURCE: &str = "http://www.w3.org/2000/01/rdf-schema#Resource";

/// A schema with the terms that its classes and slots come from.
#[derive(Debug, Default)]
pub(super) struct Terms {
    pub(super) schema: Schema,
    /// By the types that an entity has, in order.
    classes: BTreeMap<Vec<Id>, ClassId>,
    slots: HashMap<Id, SlotId, FxBuildHasher>,
    /// The predicates that they are, in their order.
    predicates: Vec<Id>,
    pub(super) enum_values: BTreeMap<Id, (EnumId, u16)>,
}

impl Terms {
    pub(super) fn of(
        triples: &Triples,
        roles: &Roles,
        prefixes: &PrefixMap,
    ) -> Result<Self, ImportError> {
        let mut terms = Self::default();
        let names = Names::new(triples, prefixes);
        terms.add_classes(triples, roles, &names)?;
        terms.add_slots(triples, roles, &names)?;
        terms.add_enums(triples, roles, &names)?;
        Ok(terms)
    }

    /// The class of an entity. `buffer` is used again from one to the next.
    pub(super) fn class(&self, triples: &Triples, id: Id, buffer: &mut Vec<Id>) -> ClassId {
        types(triples, id, buffer);
        let class = self.classes.get(buffer.as_slice());
        class.copied().unwrap_or(ClassId(0))
    }

    /// The slot that a predicate is.
    pub(super) fn slot(&self, predicate: Id) -> Option<SlotId> {
        self.slots.get(&predicate).copied()
    }

    /// The predicates that are slots, in the order of the slots.
    pub(super) fn predicates(&self) -> impl Iterator<Item = Id> {
        self.predicates.iter().copied()
    }

    /// One class for each type. A type all of whose entities are of another type too, and which is
    /// not all of that type, stands below it, as it does where the file says so. Entities of several
    /// types of which none stands below the other are of a class below all of them.
    fn add_classes(
        &mut self,
        triples: &Triples,
        roles: &Roles,
        names: &Names<'_>,
    ) -> Result<(), ImportError> {
        let mut counts: BTreeMap<Vec<Id>, usize> = BTreeMap::new();
        let mut of_entity = Vec::new();
        for id in triples.ids().filter(|id| roles.role(*id) == Role::Entity) {
            types(triples, id, &mut of_entity);
            match counts.get_mut(of_entity.as_slice()) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(of_entity.clone(), 1);
                }
            }
        }
        self.schema.classes.push(class(
            "Resource".to_owned(),
            RESOURCE.to_owned(),
            LangText::new(),
        ));
        let above = above(triples, &counts);
        let mut of_type = BTreeMap::new();
        for id in above.keys() {
            let class = class(
                names.name(*id),
                triples.identifier(*id).into_owned(),
                names.label(*id),
            );
            of_type.insert(*id, self.push_class(class)?);
        }
        for (id, above) in &above {
            let mixins = above.iter().map(|it| of_type[it]).collect();
            self.schema.classes[of_type[id].index()].mixins = mixins;
        }
        for types in counts.into_keys() {
            let is_above = |it: &Id| types.iter().any(|below| above[below].contains(it));
            let lowest: Vec<Id> = types.iter().copied().filter(|it| !is_above(it)).collect();
            let class = match lowest.as_slice() {
                [] => ClassId(0),
                [only] => of_type[only],
                several => {
                    let of: Vec<String> = several.iter().map(|it| names.name(*it)).collect();
                    let mut class = class(
                        of.join(" + "),
                        triples.identifier(several[0]).into_owned(),
                        LangText::new(),
                    );
                    class.mixins = several.iter().map(|it| of_type[it]).collect();
                    self.push_class(class)?
                }
            };
            self.classes.insert(types, class);
        }
        Ok(())
    }

    fn push_class(&mut self, class: Class) -> Result<ClassId, ImportError> {
        let at = u16::try_from(self.schema.classes.len());
        self.schema.classes.push(class);
        at.map(ClassId).map_err(|_| ImportError::TooMany("classes"))
    }

    /// One slot for each predicate of an entity or of a statement, in the order of the text.
    fn add_slots(
        &mut self,
        triples: &Triples,
        roles: &Roles,
        names: &Names<'_>,
    ) -> Result<(), ImportError> {
        let entities = triples.ids().filter(|id| roles.role(*id) == Role::Entity);
        let of_entities = entities.flat_map(|id| triples.of(id)).map(|(it, _)| *it);
        let of_statements = roles
            .statements
            .iter()
            .filter_map(|it| triples.only(*it, rdf::PREDICATE));
        let mut predicates: Vec<Id> = Vec::new();
        let mut is_seen: Vec<bool> = triples.ids().map(|_| false).collect();
        for predicate in of_entities.chain(of_statements) {
            let is_known = std::mem::replace(&mut is_seen[predicate.index()], true);
            if !is_known && !triples.is_type(predicate) {
                predicates.push(predicate);
            }
        }
        for predicate in &predicates {
            let predicate = *predicate;
            let at = u16::try_from(self.schema.slots.len());
            let id = at.map_err(|_| ImportError::TooMany("properties"))?;
            self.schema.slots.push(slot(
                names.name(predicate),
                triples.identifier(predicate).into_owned(),
                names.label(predicate),
            ));
            self.slots.insert(predicate, SlotId(id));
        }
        self.predicates = predicates;
        self.find_prospective(triples, roles);
        Ok(())
    }

    /// A slot speaks of plans itself if a fact in it stands although it is only planned.
    fn find_prospective(&mut self, triples: &Triples, roles: &Roles) {
        for statement in &roles.statements {
            let part = |part| triples.only(*statement, part);
            let (Some(subject), Some(predicate), Some(object)) =
                (part(rdf::SUBJECT), part(rdf::PREDICATE), part(rdf::OBJECT))
            else {
                continue;
            };
            let status: Status = super::role::status(triples, *statement);
            if !status.is_factual()
                && triples.of(subject).contains(&(predicate, object))
                && let Some(slot) = self.slot(predicate)
            {
                self.schema.slots[slot.index()].is_prospective = true;
            }
        }
    }

    fn add_enums(
        &mut self,
        triples: &Triples,
        roles: &Roles,
        names: &Names<'_>,
    ) -> Result<(), ImportError> {
        let mut enums: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for id in triples
            .ids()
            .filter(|id| roles.role(*id) == Role::EnumValue)
        {
            if let Some(class) = triples.only(id, rdf::TYPE) {
                enums.entry(class).or_default().push(id);
            }
        }
        for (class, values) in enums {
            let at = u16::try_from(self.schema.enums.len());
            let id = EnumId(at.map_err(|_| ImportError::TooMany("enums"))?);
            let iri = triples.identifier(class).into_owned();
            let mut permissible_values = Vec::new();
            for (at, value) in values.into_iter().enumerate() {
                let at = u16::try_from(at).map_err(|_| ImportError::TooMany("values"))?;
                self.enum_values.insert(value, (id, at));
                let value_iri = triples.identifier(value).into_owned();
                permissible_values.push(PermissibleValue {
                    name: value_iri[iri.len() + 1..].to_owned(),
                    iri: value_iri,
                    label: names.label(value),
                    description: LangText::new(),
                });
            }
            self.schema.enums.push(Enum {
                name: names.name(class),
                iri,
                label: names.label(class),
                description: LangText::new(),
                permissible_values,
            });
        }
        Ok(())
    }
}

/// Puts the types of a term into `types`, in order.
fn types(triples: &Triples, id: Id, types: &mut Vec<Id>) {
    types.clear();
    types.extend(triples.types(id));
    types.sort_unstable();
}

/// The types that stand above each type.
fn above(triples: &Triples, counts: &BTreeMap<Vec<Id>, usize>) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut above: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut sizes: BTreeMap<Id, usize> = BTreeMap::new();
    for (types, count) in counts {
        for id in types {
            *sizes.entry(*id).or_default() += count;
            let shared = above
                .entry(*id)
                .or_insert_with(|| types.iter().copied().collect());
            shared.retain(|it| types.contains(it));
        }
    }
    // Of types that are always together the first in the text is the lowest.
    let rank = |id: &Id| (sizes.get(id).copied().unwrap_or_default(), *id);
    for (id, shared) in &mut above {
        shared.retain(|it| rank(it) > rank(id));
    }
    let stated: Vec<(Id, Id)> = above
        .keys()
        .flat_map(|id| triples.objects(*id, rdfs::SUB_CLASS_OF).map(|it| (*id, it)))
        .filter(|(below, above)| below != above && triples.iri(*above).is_some())
        .collect();
    for (below, over) in stated {
        let is_circle = above.get(&over).is_some_and(|it| it.contains(&below));
        above.entry(over).or_default();
        if let Some(shared) = above.get_mut(&below).filter(|_| !is_circle) {
            shared.insert(over);
        }
    }
    above
}

/// How terms are called: by the last part of their IRI where no other of the file ends so, else by
/// CURIE, else by IRI.
struct Names<'t> {
    triples: &'t Triples,
    prefixes: &'t PrefixMap,
    /// How many classes and predicates end so.
    last_parts: BTreeMap<&'t str, usize>,
}

impl<'t> Names<'t> {
    fn new(triples: &'t Triples, prefixes: &'t PrefixMap) -> Self {
        let mut is_term: Vec<bool> = triples.ids().map(|_| false).collect();
        for (predicate, object) in triples.ids().flat_map(|id| triples.of(id)) {
            is_term[predicate.index()] = true;
            if triples.is_type(*predicate) {
                is_term[object.index()] = true;
            }
        }
        let terms = triples.ids().filter(|id| is_term[id.index()]);
        let mut last_parts = BTreeMap::new();
        for iri in terms.filter_map(|it| triples.iri(it)) {
            *last_parts.entry(last_part(iri)).or_default() += 1;
        }
        Self {
            triples,
            prefixes,
            last_parts,
        }
    }

    fn name(&self, id: Id) -> String {
        let Some(iri) = self.triples.iri(id) else {
            return self.triples.identifier(id).into_owned();
        };
        let last = last_part(iri);
        if !last.is_empty() && self.last_parts.get(last).is_none_or(|count| *count <= 1) {
            last.to_owned()
        } else {
            self.prefixes.compact(iri).into_owned()
        }
    }

    /// What the file calls the term, by language.
    fn label(&self, id: Id) -> LangText {
        let labels = [rdfs::LABEL, skos::PREF_LABEL]
            .into_iter()
            .flat_map(|predicate| self.triples.objects(id, predicate));
        let mut texts = LangText::new();
        for literal in labels.filter_map(|it| self.triples.literal(it)) {
            texts
                .entry(language_of(literal).to_owned())
                .or_insert_with(|| literal.value().to_owned());
        }
        texts
    }
}

/// What follows the last `#` or `/`.
fn last_part(iri: &str) -> &str {
    iri.rsplit(['#', '/']).next().unwrap_or(iri)
}

fn class(name: String, iri: String, label: LangText) -> Class {
    Class {
        name,
        iri,
        label,
        description: LangText::new(),
        parent: None,
        mixins: Vec::new(),
        is_abstract: false,
        represents_relationship: false,
        own_slots: Vec::new(),
        required_slots: Vec::new(),
        mappings: Vec::new(),
        style: Style::default(),
    }
}

fn slot(name: String, iri: String, label: LangText) -> Slot {
    Slot {
        name,
        iri,
        label,
        description: LangText::new(),
        parent: None,
        range: Range::Any,
        is_multivalued: true,
        is_ordered: false,
        is_symmetric: false,
        is_reflexive: true,
        is_prospective: false,
        is_verbatim: false,
        mappings: Vec::new(),
    }
}
