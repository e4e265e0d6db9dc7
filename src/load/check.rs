//! What can be checked only when everything is read: references, duplicates, cardinalities.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Fact, Loader, Object, legal};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::model::{NameKind, Status, Value};
use crate::schema::{Range, SlotId};
use crate::suggest;

impl Loader {
    /// Reports what is wrong between entities, and drops the facts that cannot stand.
    pub(super) fn check(&mut self) {
        if self.definitions.is_empty() {
            let span = Span {
                file: FileId(0),
                start: 0,
                end: 0,
            };
            self.report(
                Diagnostic::error(Code::EmptyProject, span, "the project defines no entity")
                    .with_hint("begin with sources.toml and a file below articles/"),
            );
        }
        self.check_additions();
        self.check_names();
        self.check_units();
        self.check_facts();
        self.merge_repeated_facts();
        self.check_cardinalities();
    }

    fn check_additions(&mut self) {
        let unknown: Vec<(String, Span)> = self
            .additions
            .iter()
            .filter(|(slug, _, _)| !self.definitions.contains_key(slug))
            .map(|(slug, span, _)| (slug.clone(), *span))
            .collect();
        for (slug, span) in unknown {
            let hint = self.nearest_slug(&slug).map_or_else(
                || "a table without `is` adds to an entity that stands elsewhere; give it `is` to define it here".to_owned(),
                |name| format!("did you mean `{name}`? To define an entity here, give it `is`"),
            );
            self.report_unknown_reference(span, &slug, Some(hint));
        }
    }

    pub(super) fn nearest_slug(&self, slug: &str) -> Option<&str> {
        suggest::nearest(slug, self.definitions.keys().map(String::as_str))
    }

    pub(super) fn report_unknown_reference(
        &mut self,
        span: Span,
        slug: &str,
        hint: Option<String>,
    ) {
        self.report(
            Diagnostic::error(
                Code::UnknownReference,
                span,
                format!("no entity is called `{}`", legal::shorten(slug)),
            )
            .with_hint_if(hint),
        );
    }

    /// A name that means an entity everywhere means only one; upper and lower case are one.
    fn check_names(&mut self) {
        let defined = self.definitions.iter().map(|(slug, it)| (slug, &it.names));
        let added = self.additions.iter().map(|(slug, _, names)| (slug, names));
        let mut names: Vec<_> = defined
            .chain(added)
            .flat_map(|(slug, names)| names.iter().map(move |name| (slug, name)))
            .filter(|(_, name)| name.kind != NameKind::Short)
            .collect();
        names.sort_by_key(|(_, name)| (name.kind, name.span));
        let mut seen: FxHashMap<(&str, String), (&String, Span)> = FxHashMap::default();
        let mut found = Vec::new();
        for (slug, name) in names {
            let key = (name.language.as_str(), name.text.to_lowercase());
            let Some((other, first)) = seen.get(&key) else {
                seen.insert(key, (slug, name.span));
                continue;
            };
            let diagnostic = if *other == slug {
                Diagnostic::error(
                    Code::DuplicateName,
                    name.span,
                    format!(
                        "`{slug}` has the name `{}` twice",
                        legal::shorten(&name.text)
                    ),
                )
                .with_hint("take one away")
            } else {
                Diagnostic::error(
                    Code::DuplicateName,
                    name.span,
                    format!(
                        "the name `{}` means `{other}` already",
                        legal::shorten(&name.text)
                    ),
                )
                .with_hint(format!(
                    "if it is the same thing, refer to `{other}`; if not, tell the names apart"
                ))
            };
            found.push(diagnostic.with_related(*first, "the name stands here first"));
        }
        self.diagnostics.extend(found);
    }

    /// A unit that the project names is one that a value has.
    fn check_units(&mut self) {
        let named = std::mem::take(&mut self.named_units);
        if named.is_empty() {
            return;
        }
        let units = self.facts.iter().filter_map(|fact| match &fact.object {
            Object::Literal(Value::Quantity(quantity)) => quantity.unit.clone(),
            _ => None,
        });
        let units: BTreeSet<String> = units.collect();
        for (unit, span) in named.iter().filter(|(unit, _)| !units.contains(unit)) {
            let shown = legal::shorten(unit);
            let known = units.iter().map(String::as_str);
            let hint = suggest::nearest(unit, known).map_or_else(
                || "a unit is named without its scale, 元 and not 亿元".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::error(
                    Code::UnknownKey,
                    *span,
                    format!("no value has the unit `{shown}`"),
                )
                .with_hint(hint),
            );
        }
    }

    fn check_facts(&mut self) {
        let facts = std::mem::take(&mut self.facts);
        for fact in facts {
            if self.is_sound(&fact) {
                self.facts.push(fact);
            }
        }
    }

    /// Whether subject and object are there and of the right classes; what is not is reported.
    fn is_sound(&mut self, fact: &Fact) -> bool {
        let Some(subject) = self.definitions.get(&fact.subject) else {
            // Reported with the additions.
            return false;
        };
        let slot = self.schema.slot(fact.slot);
        if let Some(class) = subject.class
            && !self.schema.has_slot(class, fact.slot)
        {
            let class = &self.schema.class(class).name;
            let diagnostic = Diagnostic::error(
                Code::SlotNotAllowed,
                fact.span,
                format!(
                    "`{}` is of class `{class}`, which has no slot `{}`",
                    fact.subject, slot.name
                ),
            )
            .with_hint(format!(
                "list `{}` in the slots of `{class}`, or take a slot that it has",
                slot.name
            ));
            self.report(diagnostic);
            return false;
        }
        let Object::Entity(target) = &fact.object else {
            return true;
        };
        let Some(object) = self.definitions.get(target) else {
            let hint = self
                .nearest_slug(target)
                .map(|name| format!("did you mean `{name}`?"));
            self.report_unknown_reference(fact.span, target, hint);
            return false;
        };
        if let Some(class) = object.class
            && !self.schema.takes(&slot.range, class)
        {
            let expected: Vec<&str> = match &slot.range {
                Range::Classes(classes) => classes
                    .iter()
                    .map(|id| self.schema.class(*id).name.as_str())
                    .collect(),
                _ => Vec::new(),
            };
            let diagnostic = Diagnostic::error(
                Code::WrongClass,
                fact.span,
                format!(
                    "`{target}` is of class `{}`, the slot `{}` takes {}",
                    self.schema.class(class).name,
                    slot.name,
                    expected.join(" or "),
                ),
            )
            .with_related(object.slug_span, "defined here");
            self.report(diagnostic);
            return false;
        }
        if *target == fact.subject && !slot.is_reflexive {
            let diagnostic = Diagnostic::error(
                Code::SelfReference,
                fact.span,
                format!("`{target}` refers to itself"),
            )
            .with_hint(format!(
                "if that makes sense, say `reflexive = true` at the slot `{}`",
                slot.name
            ));
            self.report(diagnostic);
            return false;
        }
        true
    }

    /// The same fact from several files is one fact with several evidences; twice in one file it is
    /// a mistake.
    fn merge_repeated_facts(&mut self) {
        let facts = std::mem::take(&mut self.facts);
        let mut seen: FxHashMap<(&str, SlotId, Status, &Object), usize> = FxHashMap::default();
        // For each fact the place among `merged` of the first that is the same.
        let mut count = 0;
        let places: Vec<usize> = facts
            .iter()
            .map(|fact| {
                let key = (fact.subject.as_str(), fact.slot, fact.status, &fact.object);
                let place = *seen.entry(key).or_insert(count);
                count = count.max(place + 1);
                place
            })
            .collect();
        drop(seen);
        let mut merged: Vec<Fact> = Vec::with_capacity(count);
        for (fact, place) in facts.into_iter().zip(places) {
            let Some(first) = merged.get_mut(place) else {
                merged.push(fact);
                continue;
            };
            if first.span.file == fact.span.file {
                let slot = &self.schema.slot(fact.slot).name;
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::DuplicateFact,
                        fact.span,
                        format!("`{}` has this value of `{slot}` already", fact.subject),
                    )
                    .with_hint(
                        "take one away, and give the other both positions: at = [\"…\", \"…\"]",
                    )
                    .with_related(first.span, "the fact stands here first"),
                );
                continue;
            }
            let mut both = self.evidence[first.evidence].clone();
            let further = &self.evidence[fact.evidence];
            both.passages.extend(further.passages.iter().cloned());
            both.wording.extend(further.wording.iter().cloned());
            both.inferred = both.inferred.or_else(|| further.inferred.clone());
            self.evidence.push(both);
            first.evidence = self.evidence.len() - 1;
        }
        self.facts = merged;
    }

    fn check_cardinalities(&mut self) {
        let mut found = Vec::new();
        let mut values: FxHashMap<(&str, SlotId), &Fact> = FxHashMap::default();
        for fact in &self.facts {
            let key = (fact.subject.as_str(), fact.slot);
            let Some(first) = values.get(&key) else {
                values.insert(key, fact);
                continue;
            };
            let slot = self.schema.slot(fact.slot);
            // A text stands once in each language, all at one place.
            if slot.is_multivalued || first.span == fact.span {
                continue;
            }
            found.push(
                Diagnostic::error(
                    Code::TooManyValues,
                    fact.span,
                    format!(
                        "`{}` has several values of `{}`, which takes one",
                        fact.subject, slot.name
                    ),
                )
                .with_hint(format!(
                    "take one away, or say `multivalued = true` at the slot `{}`",
                    slot.name
                ))
                .with_related(first.span, "the other value"),
            );
        }
        for (slug, definition) in &self.definitions {
            let Some(class) = definition.class else {
                continue;
            };
            for slot in self.schema.required_slots(class) {
                if !values.contains_key(&(slug.as_str(), slot)) {
                    let slot = &self.schema.slot(slot).name;
                    let class = &self.schema.class(class).name;
                    found.push(
                        Diagnostic::error(
                            Code::MissingSlot,
                            definition.slug_span,
                            format!("`{slug}` has no `{slot}`, which every `{class}` needs"),
                        )
                        .with_hint(format!("give it `{slot}`")),
                    );
                }
            }
        }
        self.diagnostics.extend(found);
    }
}
