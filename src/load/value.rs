//! Values of slots: references, definitions in place, literals.

use toml::Spanned;
use toml::de::DeValue;

use super::evidence::Stated;
use super::{Context, Fact, Loader, Object, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::model::{Comparator, Date, DateError, Decimal, Quantity, Scale, Value};
use crate::prefix::is_absolute_iri;
use crate::schema::{EnumId, LiteralType, Range, SlotId};
use crate::source::{Entry, EvidenceRecord, FactRecord, QuantityRecord, Table, describe};

/// The subject of facts while they are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'s> {
    pub(super) slug: &'s str,
    /// The subject's own evidence, for facts that give none.
    pub(super) evidence: Option<usize>,
}

impl Loader {
    /// Reads the values of one slot of one entity.
    pub(super) fn read_slot_values(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        entry: Entry<'_>,
        context: Context<'_>,
    ) {
        for (position, value) in (1u16..).zip(entry.into_values()) {
            match &self.schema.slot(slot).range {
                Range::Any | Range::Classes(_) => {
                    self.read_reference(file, subject, slot, value, position, context);
                }
                Range::Enum(id) => {
                    let id = *id;
                    self.read_literal(file, subject, slot, value, context, |loader, value| {
                        loader.enum_value(id, value)
                    });
                }
                Range::Literal(LiteralType::Text) => {
                    self.read_text(file, subject, slot, value, context);
                }
                Range::Literal(LiteralType::Quantity) => {
                    self.read_quantity(file, subject, slot, value, context);
                }
                Range::Literal(literal) => {
                    let literal = *literal;
                    self.read_literal(file, subject, slot, value, context, |loader, value| {
                        loader.plain_value(literal, value)
                    });
                }
            }
        }
    }

    fn push_fact(
        &mut self,
        subject: Subject<'_>,
        slot: SlotId,
        object: Object,
        span: Span,
        stated: Stated,
    ) {
        let evidence = self.need_evidence(stated, span, "the fact");
        self.facts.push(Fact {
            subject: subject.slug.to_owned(),
            slot,
            object,
            span,
            status: stated.status,
            evidence,
        });
    }

    /// A slug, a table with `to`, or an entity that is defined here.
    fn read_reference(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        entry: Entry<'_>,
        position: u16,
        context: Context<'_>,
    ) {
        let span = entry.span;
        match entry.value {
            DeValue::String(ref target) => {
                let stated =
                    self.stated(file, EvidenceRecord::default(), context, subject.evidence);
                self.push_fact(
                    subject,
                    slot,
                    Object::Entity(target.to_string()),
                    span,
                    stated,
                );
            }
            DeValue::Table(table) => {
                let mut table = Table::new(span, table);
                if table.has("id") {
                    self.read_nested(file, subject, slot, table, position, context);
                    return;
                }
                let record = if table.has("to") {
                    table.read::<FactRecord>(&mut self.diagnostics)
                } else {
                    table.take("to");
                    self.report(
                        Diagnostic::error(Code::MissingKey, span, "the key `to` is missing")
                            .with_hint("`to` refers to an entity, `id` defines one here"),
                    );
                    None
                };
                let evidence = table.read::<EvidenceRecord>(&mut self.diagnostics);
                table.take("id");
                table.finish(&mut self.diagnostics);
                let stated = self.stated(
                    file,
                    evidence.unwrap_or_default(),
                    context,
                    subject.evidence,
                );
                for target in record.into_iter().flat_map(|it| it.to.0) {
                    let span = span_of(file, &target);
                    let object = Object::Entity(target.into_inner());
                    self.push_fact(subject, slot, object, span, stated);
                }
            }
            _ => self.report_wrong_type(
                &entry,
                "the slug of an entity, or a table with `to` or `id`",
            ),
        }
    }

    /// An entity that is defined where it is used: its evidence is the fact's too.
    fn read_nested(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        table: Table<'_>,
        position: u16,
        context: Context<'_>,
    ) {
        let position = self.schema.slot(slot).is_ordered.then_some(position);
        let default_class = match &self.schema.slot(slot).range {
            Range::Classes(classes) if classes.len() == 1 => classes
                .first()
                .copied()
                .filter(|id| !self.schema.class(*id).is_abstract),
            _ => None,
        };
        let Some((slug, span, stated)) =
            self.define_nested(file, table, default_class, position, context)
        else {
            return;
        };
        self.push_fact(subject, slot, Object::Entity(slug), span, stated);
    }

    /// A literal, alone or in a table as `value`.
    fn read_literal(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        entry: Entry<'_>,
        context: Context<'_>,
        read: impl FnOnce(&mut Self, &Entry<'_>) -> Option<Value>,
    ) {
        let (value, evidence) = match entry.value {
            DeValue::Table(table) => {
                let mut table = Table::new(entry.span, table);
                let evidence = table.read::<EvidenceRecord>(&mut self.diagnostics);
                let value = table.take("value");
                if value.is_none() {
                    self.report_missing_key(entry.span, "value");
                }
                table.finish(&mut self.diagnostics);
                (value, evidence.unwrap_or_default())
            }
            _ => (Some(entry), EvidenceRecord::default()),
        };
        let stated = self.stated(file, evidence, context, subject.evidence);
        let Some(entry) = value else { return };
        if let Some(value) = read(self, &entry) {
            self.push_fact(subject, slot, Object::Literal(value), entry.span, stated);
        }
    }

    fn read_text(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        entry: Entry<'_>,
        context: Context<'_>,
    ) {
        let span = entry.span;
        if !matches!(entry.value, DeValue::Table(_)) {
            self.report_wrong_type(&entry, "a table with a text by language");
            return;
        }
        let Some(mut table) = entry.into_table(&mut self.diagnostics) else {
            return;
        };
        let evidence = table
            .read::<EvidenceRecord>(&mut self.diagnostics)
            .unwrap_or_default();
        let mut texts = Vec::new();
        for language in self.project.languages.clone() {
            match table.take(&language) {
                Some(entry) => match entry.value.as_str() {
                    Some(text) => texts.push((language, text.to_owned())),
                    None => self.report_wrong_type(&entry, "a string"),
                },
                None => self.report_missing_key(span, &language),
            }
        }
        table.finish(&mut self.diagnostics);
        let stated = self.stated(file, evidence, context, subject.evidence);
        for (language, text) in texts {
            let value = Value::Text { language, text };
            self.push_fact(subject, slot, Object::Literal(value), span, stated);
        }
    }

    fn read_quantity(
        &mut self,
        file: FileId,
        subject: Subject<'_>,
        slot: SlotId,
        entry: Entry<'_>,
        context: Context<'_>,
    ) {
        let span = entry.span;
        if !matches!(entry.value, DeValue::Table(_)) {
            self.report_wrong_type(&entry, "a table with a `number`");
            return;
        }
        let Some(mut table) = entry.into_table(&mut self.diagnostics) else {
            return;
        };
        let evidence = table
            .read::<EvidenceRecord>(&mut self.diagnostics)
            .unwrap_or_default();
        let record = table.read::<QuantityRecord>(&mut self.diagnostics);
        let number = match table.take("number") {
            Some(entry) => self.decimal(&entry),
            None => {
                self.report_missing_key(span, "number");
                None
            }
        };
        let mut date = |key: &str| table.take(key).and_then(|entry| self.date(&entry));
        let (by, as_of, since, period) = (date("by"), date("as_of"), date("since"), date("period"));
        table.finish(&mut self.diagnostics);
        let stated = self.stated(file, evidence, context, subject.evidence);
        let Some(record) = record else { return };
        let scale = record.scale.and_then(|word| {
            let found = Scale::named(word.as_ref());
            if found.is_none() {
                let known: Vec<_> = Scale::ALL.iter().map(|scale| scale.word()).collect();
                self.report_not_permitted(span_of(file, &word), word.as_ref(), "a scale", &known);
            }
            found
        });
        let comparator = record.comparator.and_then(|word| {
            let found = Comparator::named(word.as_ref());
            if found.is_none() {
                let known: Vec<_> = Comparator::ALL.iter().map(|it| it.name()).collect();
                self.report_not_permitted(
                    span_of(file, &word),
                    word.as_ref(),
                    "a comparator",
                    &known,
                );
            }
            found
        });
        let Some(number) = number else { return };
        let quantity = Quantity {
            number,
            scale,
            unit: record.unit.map(Spanned::into_inner),
            comparator,
            by,
            as_of,
            since,
            period,
        };
        if quantity.absolute().is_none() {
            self.report(
                Diagnostic::error(
                    Code::InvalidNumber,
                    span,
                    "the number times its scale has more than 18 digits",
                )
                .with_hint("take a scale that fits the unit"),
            );
            return;
        }
        let value = Value::Quantity(Box::new(quantity));
        self.push_fact(subject, slot, Object::Literal(value), span, stated);
    }

    fn enum_value(&mut self, id: EnumId, entry: &Entry<'_>) -> Option<Value> {
        let Some(name) = entry.value.as_str() else {
            self.report_wrong_type(entry, "a permissible value as a string");
            return None;
        };
        let values = &self.schema.enumeration(id).permissible_values;
        let at = values.iter().position(|value| value.name == name);
        let Some(at) = at.and_then(|at| u16::try_from(at).ok()) else {
            let known: Vec<String> = values.iter().map(|value| value.name.clone()).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let what = format!(
                "a permissible value of `{}`",
                self.schema.enumeration(id).name
            );
            self.report_not_permitted(entry.span, name, &what, &known);
            return None;
        };
        Some(Value::Enum(id, at))
    }

    fn plain_value(&mut self, literal: LiteralType, entry: &Entry<'_>) -> Option<Value> {
        match (literal, &entry.value) {
            (LiteralType::String | LiteralType::Text, DeValue::String(text)) => {
                Some(Value::String(text.to_string()))
            }
            (LiteralType::Boolean, DeValue::Boolean(value)) => Some(Value::Boolean(*value)),
            (LiteralType::Date, _) => self.date(entry).map(Value::Date),
            (LiteralType::Decimal | LiteralType::Quantity, _) => {
                self.decimal(entry).map(Value::Number)
            }
            (LiteralType::Integer, DeValue::Integer(_)) => self.decimal(entry).map(Value::Number),
            (LiteralType::Uri, DeValue::String(text)) => {
                if is_absolute_iri(text) {
                    return Some(Value::Iri(text.to_string()));
                }
                self.report(Diagnostic::error(
                    Code::InvalidIri,
                    entry.span,
                    format!("`{}` is not an IRI", legal::shorten(text)),
                ));
                None
            }
            _ => {
                self.report_wrong_type(entry, literal.name());
                None
            }
        }
    }

    /// A number, exactly as it is written.
    fn decimal(&mut self, entry: &Entry<'_>) -> Option<Decimal> {
        let text = match &entry.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.report_wrong_type(entry, "a number");
                return None;
            }
        };
        match Decimal::parse(&text) {
            Ok(number) => Some(number),
            Err(error) => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidNumber,
                        entry.span,
                        format!("`{}`: {error}", legal::shorten(&text)),
                    )
                    .with_hint("write the digits as printed, the scale (万, 亿) as `scale`"),
                );
                None
            }
        }
    }

    /// A date, as a string or as TOML has it.
    fn date(&mut self, entry: &Entry<'_>) -> Option<Date> {
        let text = match &entry.value {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Integer(year) => year.to_string(),
            _ => {
                self.report_wrong_type(entry, "a date");
                return None;
            }
        };
        match Date::parse(&text) {
            Ok(date) => Some(date),
            Err(error) => {
                let hint = match error {
                    DateError::NotIso => {
                        "2024, 2024-11, 2024-11-25, or two of these with a slash between"
                    }
                    _ => "look at the calendar",
                };
                self.report(
                    Diagnostic::error(
                        Code::InvalidDate,
                        entry.span,
                        format!("`{}`: {error}", legal::shorten(&text)),
                    )
                    .with_hint(hint),
                );
                None
            }
        }
    }

    pub(super) fn report_wrong_type(&mut self, entry: &Entry<'_>, expected: &str) {
        self.report(Diagnostic::error(
            Code::WrongType,
            entry.span,
            format!(
                "`{}`: {}, expected {expected}",
                entry.key,
                describe(&entry.value)
            ),
        ));
    }

    pub(super) fn report_missing_key(&mut self, span: Span, key: &str) {
        self.report(Diagnostic::error(
            Code::MissingKey,
            span,
            format!("the key `{key}` is missing"),
        ));
    }
}
