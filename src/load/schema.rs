//! `schema.toml` becomes a [`Schema`](crate::schema::Schema).

use std::collections::BTreeMap;

use toml::Spanned;

use super::{Loader, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::schema::{
    Class, ClassId, Enum, EnumId, LangText, LiteralType, Mapping, MappingKind, PermissibleValue,
    Range, Shape, Slot, SlotId, Style, lower_camel_case,
};
use crate::source::{
    ClassRecord, Entry, EnumRecord, MappingsRecord, PermissibleValueRecord, ProjectFiles,
    SlotRecord, Table,
};
use crate::suggest;

/// Words that mean something else in an entity's table.
pub(super) const RESERVED: &[&str] = &[
    "id", "is", "alias", "short", "at", "as", "status", "inferred", "to",
];

/// More classes or slots than any schema has; ids are 16 bits wide.
const MOST_TERMS: usize = 10_000;

/// The heads of the definitions of one kind: what can be said before the others are known.
struct Heads<'t> {
    names: Vec<(String, Span)>,
    tables: Vec<Table<'t>>,
}

impl Loader {
    /// Reads `schema.toml`.
    pub(super) fn read_schema(&mut self, file: Option<(FileId, Table<'_>)>, files: &ProjectFiles) {
        let Some((file, mut table)) = file else {
            self.report_missing_file("schema.toml", files);
            return;
        };
        let classes = table.take_table("classes", &mut self.diagnostics);
        let slots = table.take_table("slots", &mut self.diagnostics);
        let enums = table.take_table("enums", &mut self.diagnostics);
        table.finish(&mut self.diagnostics);

        let classes = self.heads(classes, "a class");
        let slots = self.heads(slots, "a slot");
        let enums = self.heads(enums, "an enum");
        self.classes_by_name = ids(&classes.names, ClassId);
        self.slots_by_name = ids(&slots.names, SlotId);
        let enums_by_name = ids(&enums.names, EnumId);

        for ((name, _), table) in enums.names.iter().zip(enums.tables) {
            let read = self.read_enum(file, name, table);
            self.schema.enums.push(read);
        }
        let mut required = Vec::new();
        for (id, ((name, _), table)) in (0..).map(SlotId).zip(slots.names.iter().zip(slots.tables))
        {
            let (slot, is_required) = self.read_slot(file, name, table, &enums_by_name);
            self.schema.slots.push(slot);
            required.extend(is_required.then_some(id));
        }
        for ((name, _), table) in classes.names.iter().zip(classes.tables) {
            let mut class = self.read_class(file, name, table);
            let own = required
                .iter()
                .filter(|slot| class.own_slots.contains(slot));
            class.required_slots.extend(own);
            self.schema.classes.push(class);
        }
        self.check_circles(&classes.names, &slots.names);
        self.check_own_iris(&classes.names, &slots.names, &enums.names);
    }

    fn heads<'t>(&mut self, mut table: Table<'t>, kind: &str) -> Heads<'t> {
        let mut heads = Heads {
            names: Vec::new(),
            tables: Vec::new(),
        };
        for entry in table.take_rest() {
            let (name, span) = (entry.key.clone().into_owned(), entry.key_span);
            let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let is_free = if kind == "a slot" {
                !(RESERVED.contains(&name.as_str()) || self.project.languages.contains(&name))
            } else {
                name != "any" && LiteralType::ALL.iter().all(|(known, _)| *known != name)
            };
            if !is_word || !is_free || heads.names.len() == MOST_TERMS {
                let hint = if is_word {
                    "this word means something else in this place; take another"
                } else {
                    "use ASCII letters, digits and underscores, beginning with a letter"
                };
                self.report(
                    Diagnostic::error(
                        Code::InvalidName,
                        span,
                        format!("`{}` cannot be the name of {kind}", legal::shorten(&name)),
                    )
                    .with_hint(hint),
                );
                continue;
            }
            if let Some(table) = entry.into_table(&mut self.diagnostics) {
                heads.names.push((name, span));
                heads.tables.push(table);
            }
        }
        heads
    }

    fn read_class(&mut self, file: FileId, name: &str, mut table: Table<'_>) -> Class {
        let label = self.take_label(&mut table);
        let record = table.read::<ClassRecord>(&mut self.diagnostics);
        let mappings = self.read_mappings(file, &mut table);
        table.finish(&mut self.diagnostics);
        let mut class = Class {
            name: name.to_owned(),
            iri: format!("{}{name}", self.project.terms),
            label,
            description: LangText::new(),
            parent: None,
            mixins: Vec::new(),
            is_abstract: false,
            represents_relationship: false,
            own_slots: Vec::new(),
            required_slots: Vec::new(),
            mappings,
            style: Style::default(),
        };
        let Some(record) = record else { return class };
        if let Some(iri) = record.class_uri.and_then(|curie| self.expand(file, &curie)) {
            class.iri = iri;
        }
        class.parent = record.is_a.and_then(|above| self.class_named(file, &above));
        for above in &record.mixins {
            class.mixins.extend(self.class_named(file, above));
        }
        for slot in &record.slots {
            class.own_slots.extend(self.slot_named(file, slot));
        }
        for (slot, usage) in record.slot_usage {
            if let Some(id) = self.slot_named(file, &slot).filter(|_| usage.required) {
                class.required_slots.push(id);
            }
        }
        class.description = self.text(file, record.description);
        class.is_abstract = record.is_abstract || record.mixin;
        class.represents_relationship = record.represents_relationship;
        class.style.fill = record.draw.fill.and_then(|fill| {
            self.style_word(file, &fill, "a colour such as #dbeafe", |text| {
                text.strip_prefix('#')
                    .filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
                    .map(|_| text.to_owned())
            })
        });
        class.style.shape = record.draw.shape.and_then(|shape| {
            let known: Vec<_> = Shape::ALL.iter().map(|shape| shape.name()).collect();
            let expected = format!("one of {}", known.join(", "));
            self.style_word(file, &shape, &expected, Shape::named)
        });
        class
    }

    fn style_word<T>(
        &mut self,
        file: FileId,
        word: &Spanned<String>,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if let Some(read) = read(word.as_ref()) {
            return Some(read);
        }
        self.report(
            Diagnostic::error(
                Code::NotPermitted,
                span_of(file, word),
                format!("`{}` cannot be drawn", legal::shorten(word.as_ref())),
            )
            .with_hint(expected),
        );
        None
    }

    fn read_slot(
        &mut self,
        file: FileId,
        name: &str,
        mut table: Table<'_>,
        enums: &BTreeMap<String, EnumId>,
    ) -> (Slot, bool) {
        let label = self.take_label(&mut table);
        let record = table.read::<SlotRecord>(&mut self.diagnostics);
        let mappings = self.read_mappings(file, &mut table);
        table.finish(&mut self.diagnostics);
        let mut slot = Slot {
            name: name.to_owned(),
            iri: format!("{}{}", self.project.terms, lower_camel_case(name)),
            label,
            description: LangText::new(),
            parent: None,
            range: Range::Any,
            is_multivalued: false,
            is_ordered: false,
            is_symmetric: false,
            is_reflexive: false,
            is_prospective: false,
            is_verbatim: false,
            mappings,
        };
        let Some(record) = record else {
            return (slot, false);
        };
        if let Some(iri) = record.slot_uri.and_then(|curie| self.expand(file, &curie)) {
            slot.iri = iri;
        }
        slot.parent = record.is_a.and_then(|above| self.slot_named(file, &above));
        slot.range = self.range(file, record.range.as_ref(), &record.any_of, enums);
        slot.description = self.text(file, record.description);
        slot.is_multivalued = record.multivalued;
        slot.is_ordered = record.list_elements_ordered;
        slot.is_symmetric = record.symmetric;
        slot.is_reflexive = record.reflexive;
        slot.is_prospective = record.prospective;
        slot.is_verbatim = record.verbatim;
        (slot, record.required)
    }

    fn range(
        &mut self,
        file: FileId,
        range: Option<&Spanned<String>>,
        any_of: &[Spanned<String>],
        enums: &BTreeMap<String, EnumId>,
    ) -> Range {
        if !any_of.is_empty() {
            let classes: Vec<_> = any_of
                .iter()
                .filter_map(|name| self.class_named(file, name))
                .collect();
            return Range::Classes(classes);
        }
        let Some(written) = range else {
            return Range::Literal(LiteralType::String);
        };
        let name = written.as_ref().as_str();
        if name == "any" {
            return Range::Any;
        }
        if let Some(class) = self.classes_by_name.get(name) {
            return Range::Classes(vec![*class]);
        }
        if let Some(enumeration) = enums.get(name) {
            return Range::Enum(*enumeration);
        }
        if let Some((_, literal)) = LiteralType::ALL.iter().find(|(known, _)| *known == name) {
            return Range::Literal(*literal);
        }
        let known = self
            .classes_by_name
            .keys()
            .chain(enums.keys())
            .map(String::as_str)
            .chain(LiteralType::ALL.iter().map(|(name, _)| *name))
            .chain(["any"]);
        let hint = suggest::nearest(name, known).map_or_else(
            || "a class, an enum, any, or one of boolean, date, decimal, integer, quantity, string, text, uri".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        self.report(
            Diagnostic::error(
                Code::UnknownRange,
                span_of(file, written),
                format!(
                    "`{}` is neither a class, an enum nor a type",
                    legal::shorten(name)
                ),
            )
            .with_hint(hint),
        );
        Range::Any
    }

    fn read_enum(&mut self, file: FileId, name: &str, mut table: Table<'_>) -> Enum {
        let label = self.take_label(&mut table);
        let mut values = table.take_table("permissible_values", &mut self.diagnostics);
        let record = table.read::<EnumRecord>(&mut self.diagnostics);
        table.finish(&mut self.diagnostics);
        let (uri, description) = record
            .map(|record| (record.enum_uri, record.description))
            .unwrap_or_default();
        let iri = uri
            .and_then(|curie| self.expand(file, &curie))
            .unwrap_or_else(|| format!("{}{name}", self.project.terms));
        let description = self.text(file, description);
        let permissible_values = values
            .take_rest()
            .into_iter()
            .filter_map(|entry| self.read_permissible_value(file, name, entry))
            .collect();
        Enum {
            name: name.to_owned(),
            iri,
            label,
            description,
            permissible_values,
        }
    }

    fn read_permissible_value(
        &mut self,
        file: FileId,
        enumeration: &str,
        entry: Entry<'_>,
    ) -> Option<PermissibleValue> {
        let (value, span) = (entry.key.clone().into_owned(), entry.key_span);
        let mut table = entry.into_table(&mut self.diagnostics)?;
        let is_word = value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !value.is_empty();
        if !is_word {
            self.report(
                Diagnostic::error(
                    Code::InvalidName,
                    span,
                    format!("`{}` cannot be a permissible value", legal::shorten(&value)),
                )
                .with_hint("use ASCII letters, digits and underscores"),
            );
            return None;
        }
        let label = self.take_label(&mut table);
        let record = table.read::<PermissibleValueRecord>(&mut self.diagnostics);
        table.finish(&mut self.diagnostics);
        let (meaning, description) = record
            .map(|record| (record.meaning, record.description))
            .unwrap_or_default();
        let iri = meaning
            .and_then(|curie| self.expand(file, &curie))
            .unwrap_or_else(|| format!("{}{enumeration}.{value}", self.project.terms));
        Some(PermissibleValue {
            name: value,
            iri,
            label,
            description: self.text(file, description),
        })
    }

    /// Takes out the names by language.
    fn take_label(&mut self, table: &mut Table<'_>) -> LangText {
        let mut label = LangText::new();
        for language in self.project.languages.clone() {
            match table.take(&language) {
                Some(entry) => match entry.value.as_str() {
                    Some(text) => match legal::name_fault(text, entry.span) {
                        None => drop(label.insert(language, text.to_owned())),
                        Some(diagnostic) => self.report(diagnostic),
                    },
                    None => self.report_wrong_type(&entry, "a string"),
                },
                None => self.report(Diagnostic::error(
                    Code::MissingName,
                    table.span,
                    format!("no name in the language `{language}`"),
                )),
            }
        }
        label
    }

    fn read_mappings(&mut self, file: FileId, table: &mut Table<'_>) -> Vec<Mapping> {
        let Some(record) = table.read::<MappingsRecord>(&mut self.diagnostics) else {
            return Vec::new();
        };
        let mut mappings = Vec::new();
        for (kind, terms) in [
            (MappingKind::Exact, record.exact_mappings),
            (MappingKind::Close, record.close_mappings),
            (MappingKind::Broad, record.broad_mappings),
            (MappingKind::Narrow, record.narrow_mappings),
            (MappingKind::Related, record.related_mappings),
        ] {
            for term in terms {
                mappings.extend(self.expand(file, &term).map(|iri| Mapping { kind, iri }));
            }
        }
        mappings
    }

    /// The class called `name`; an unknown one is reported.
    pub(super) fn class_named(&mut self, file: FileId, name: &Spanned<String>) -> Option<ClassId> {
        let found = self.classes_by_name.get(name.as_ref()).copied();
        if found.is_none() {
            let known = self.classes_by_name.keys().map(String::as_str);
            let hint = suggest::nearest(name.as_ref(), known)
                .map(|name| format!("did you mean `{name}`?"))
                .or_else(|| Some("declare the class in schema.toml".to_owned()));
            self.report(
                Diagnostic::error(
                    Code::UnknownClass,
                    span_of(file, name),
                    format!("unknown class `{}`", legal::shorten(name.as_ref())),
                )
                .with_hint_if(hint),
            );
        }
        found
    }

    pub(super) fn slot_named(&mut self, file: FileId, name: &Spanned<String>) -> Option<SlotId> {
        let found = self.slots_by_name.get(name.as_ref()).copied();
        if found.is_none() {
            self.report_unknown_slot(span_of(file, name), name.as_ref(), &[]);
        }
        found
    }

    /// Reports a slot that the schema does not have; `also` are further words that could be meant.
    pub(super) fn report_unknown_slot(&mut self, span: Span, name: &str, also: &[&str]) {
        let known = self
            .slots_by_name
            .keys()
            .map(String::as_str)
            .chain(also.iter().copied());
        let hint = suggest::nearest(name, known)
            .map(|name| format!("did you mean `{name}`?"))
            .or_else(|| Some("declare the slot in schema.toml".to_owned()));
        self.report(
            Diagnostic::error(
                Code::UnknownSlot,
                span,
                format!("unknown slot `{}`", legal::shorten(name)),
            )
            .with_hint_if(hint),
        );
    }

    /// Cuts classes and slots loose that are their own ancestors, and reports them.
    fn check_circles(&mut self, classes: &[(String, Span)], slots: &[(String, Span)]) {
        for (id, (name, span)) in (0..).map(ClassId).zip(classes) {
            let own = self.schema.class(id);
            let above: Vec<ClassId> = own.parent.iter().chain(&own.mixins).copied().collect();
            if above
                .iter()
                .any(|up| self.schema.ancestors(*up).contains(&id))
            {
                self.report_circle(*span, "class", name);
                let class = &mut self.schema.classes[usize::from(id.0)];
                class.parent = None;
                class.mixins.clear();
            }
        }
        for (id, (name, span)) in (0..).map(SlotId).zip(slots) {
            let mut above = self.schema.slot(id).parent;
            for _ in 0..slots.len() {
                above = above.and_then(|up| {
                    if up == id {
                        Some(id)
                    } else {
                        self.schema.slot(up).parent
                    }
                });
            }
            if above == Some(id) {
                self.report_circle(*span, "slot", name);
                self.schema.slots[usize::from(id.0)].parent = None;
            }
        }
    }

    fn report_circle(&mut self, span: Span, kind: &str, name: &str) {
        self.report(
            Diagnostic::error(
                Code::CircularInheritance,
                span,
                format!("the {kind} `{name}` is its own ancestor"),
            )
            .with_hint("take one `is_a` or mixin out of the circle"),
        );
    }

    /// Two terms of the project's own must not share an IRI.
    fn check_own_iris(
        &mut self,
        classes: &[(String, Span)],
        slots: &[(String, Span)],
        enums: &[(String, Span)],
    ) {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let classes = self
            .schema
            .classes
            .iter()
            .map(|class| &class.iri)
            .zip(classes);
        let slots = self.schema.slots.iter().map(|slot| &slot.iri).zip(slots);
        let enums = self.schema.enums.iter().map(|it| &it.iri).zip(enums);
        let mut found = Vec::new();
        for (iri, (name, span)) in classes.chain(slots).chain(enums) {
            if !iri.starts_with(&self.project.terms) || self.project.terms.is_empty() {
                continue;
            }
            if let Some(first) = seen.insert(iri.clone(), *span) {
                found.push(
                    Diagnostic::error(
                        Code::DuplicateTerm,
                        *span,
                        format!("`{name}` has the same IRI as another term, <{iri}>"),
                    )
                    .with_related(first, "the other term"),
                );
            }
        }
        self.diagnostics.extend(found);
    }
}

/// Names to the ids that their places give them.
fn ids<T>(names: &[(String, Span)], id: impl Fn(u16) -> T) -> BTreeMap<String, T> {
    (0..)
        .zip(names)
        .map(|(at, (name, _))| (name.clone(), id(at)))
        .collect()
}
