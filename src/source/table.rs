//! TOML tables that are read leniently: every fault is reported, what is sound is kept.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::value::Error as PlainError;
use serde::de::{Deserializer, Error as _, Visitor};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::suggest;

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Cow<'t, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: DeValue<'t>,
    /// Where the value stands.
    pub span: Span,
}

/// Syntax errors of one file that are reported; after so many the rest mostly follows from them.
const MOST_SYNTAX_ERRORS: usize = 10;

/// A TOML table whose entries are taken out one after the other; what nobody takes is unknown.
#[derive(Clone, Debug)]
pub struct Table<'t> {
    /// Where it stands.
    pub span: Span,
    entries: Vec<Entry<'t>>,
    /// Keys that were asked for, for "did you mean"; some more than once.
    known_keys: Vec<String>,
    /// Fields of records that were asked for.
    known_fields: Vec<&'static [&'static str]>,
}

/// Parses `text` as TOML, keeping what can be read of a faulty file.
pub fn parse<'t>(file: FileId, text: &'t str, diagnostics: &mut Vec<Diagnostic>) -> Table<'t> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let more = errors.len().saturating_sub(MOST_SYNTAX_ERRORS);
    let hint = (more > 0).then(|| format!("mend these first; {more} more follow in this file"));
    for error in errors.into_iter().take(MOST_SYNTAX_ERRORS) {
        let range = error.span().unwrap_or(0..0);
        let span = Span {
            file,
            start: range.start,
            end: range.end,
        };
        let message = format!("not TOML: {}", error.message().trim_end_matches('.'));
        diagnostics
            .push(Diagnostic::error(Code::InvalidToml, span, message).with_hint_if(hint.clone()));
    }
    let span = Span {
        file,
        start: 0,
        end: 0,
    };
    Table::new(span, document.into_inner())
}

impl<'t> Table<'t> {
    /// The table at `span`.
    pub fn new(span: Span, table: DeTable<'t>) -> Self {
        let file = span.file;
        let mut entries: Vec<_> = table
            .into_iter()
            .map(|(key, value)| Entry {
                key_span: to_span(file, &key.span()),
                key: key.into_inner(),
                span: to_span(file, &value.span()),
                value: value.into_inner(),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span);
        Self {
            span,
            entries,
            known_keys: Vec::new(),
            known_fields: Vec::new(),
        }
    }

    /// Whether there is an entry called `key`.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Takes out the entry called `key`.
    pub fn take(&mut self, key: &str) -> Option<Entry<'t>> {
        self.known_keys.push(key.to_owned());
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }

    /// Takes out all that is left.
    pub fn take_rest(&mut self) -> Vec<Entry<'t>> {
        std::mem::take(&mut self.entries)
    }

    /// Takes out the table called `key`; an empty one where there is none.
    #[must_use]
    pub fn take_table(&mut self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Table<'t> {
        match self.take(key) {
            Some(entry) => entry.into_table(diagnostics),
            None => None,
        }
        .unwrap_or_else(|| Table::new(self.span, DeTable::new()))
    }

    /// Takes out the fields of `T`. An entry of a wrong type is reported and counts as absent, so
    /// that every fault is found; `None` where a required field is absent.
    pub fn read<T: Deserialize<'t>>(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
        let fields = field_names::<T>();
        self.known_fields.push(fields);
        let mut own: Vec<Entry<'t>> = self
            .entries
            .extract_if(.., |entry| fields.contains(&entry.key.as_ref()))
            .collect();
        let mut missing: Vec<String> = Vec::new();
        let mut faulty: Vec<String> = Vec::new();
        loop {
            let table: DeTable<'t> = own
                .iter()
                .map(|entry| {
                    (
                        Spanned::new(entry.key_span.start..entry.key_span.end, entry.key.clone()),
                        Spanned::new(entry.span.start..entry.span.end, entry.value.clone()),
                    )
                })
                .collect();
            let spanned = Spanned::new(self.span.start..self.span.end, table);
            let error = match T::deserialize(toml::de::Deserializer::from(spanned)) {
                Ok(record) => return missing.is_empty().then_some(record),
                Err(error) => error,
            };
            let message = error.message();
            if let Some(field) = quoted(message, "missing field `") {
                if !faulty.iter().any(|key| key == field) {
                    diagnostics.push(Diagnostic::error(
                        Code::MissingKey,
                        self.span,
                        format!("the key `{field}` is missing"),
                    ));
                }
                // Goes on with a stand-in, so that further faults of the table are found.
                own.push(stand_in(
                    field,
                    self.span,
                    DeValue::String(String::new().into()),
                ));
                missing.push(field.to_owned());
                continue;
            }
            let at = error.span().map(|range| to_span(self.span.file, &range));
            let culprit = at.and_then(|at| {
                own.iter()
                    .position(|entry| entry.span.start <= at.start && at.end <= entry.span.end)
            });
            let (Some(culprit), Some(at)) = (culprit, at) else {
                diagnostics.push(Diagnostic::error(Code::WrongType, self.span, message));
                return None;
            };
            let entry = own.remove(culprit);
            if missing.iter().any(|key| *key == entry.key) {
                // The stand-in is of the wrong type; a second kind is tried, then it is given up.
                if matches!(entry.value, DeValue::String(_)) {
                    own.push(stand_in(
                        &entry.key,
                        self.span,
                        DeValue::Table(DeTable::new()),
                    ));
                    continue;
                }
                return None;
            }
            let code = if message.starts_with("unknown field") {
                Code::UnknownKey
            } else {
                Code::WrongType
            };
            let message = message.strip_prefix("invalid type: ").unwrap_or(message);
            // The message holds the value; what was expected stands at its end.
            let message = match message.rsplit_once(", expected ") {
                Some((found, expected)) => format!("{}, expected {expected}", shorten(found)),
                None => shorten(message),
            };
            diagnostics.push(Diagnostic::error(
                code,
                at,
                format!("`{}`: {message}", entry.key),
            ));
            faulty.push(entry.key.into_owned());
        }
    }

    /// Reports what nobody took.
    pub fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        if self.entries.is_empty() {
            return;
        }
        let fields = self.known_fields.into_iter().flatten().copied();
        let mut known: Vec<&str> = self.known_keys.iter().map(String::as_str).collect();
        known.extend(fields);
        known.sort_unstable();
        known.dedup();
        for entry in self.entries {
            let nearest = suggest::nearest(&entry.key, known.iter().copied());
            let hint = match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            diagnostics.push(
                Diagnostic::error(
                    Code::UnknownKey,
                    entry.key_span,
                    format!("unknown key `{}`", shorten(&entry.key)),
                )
                .with_hint(hint),
            );
        }
    }
}

impl<'t> Entry<'t> {
    /// The value as a table; anything else is reported.
    pub fn into_table(self, diagnostics: &mut Vec<Diagnostic>) -> Option<Table<'t>> {
        match self.value {
            DeValue::Table(table) => Some(Table::new(self.span, table)),
            other => {
                diagnostics.push(Diagnostic::error(
                    Code::WrongType,
                    self.span,
                    format!(
                        "`{}`: {}, expected a table",
                        shorten(&self.key),
                        describe(&other)
                    ),
                ));
                None
            }
        }
    }

    /// The values of an array, or the one value that is no array.
    pub fn into_values(self) -> Vec<Entry<'t>> {
        match self.value {
            DeValue::Array(values) => values
                .into_iter()
                .map(|value| Entry {
                    key: self.key.clone(),
                    key_span: self.key_span,
                    span: to_span(self.span.file, &value.span()),
                    value: value.into_inner(),
                })
                .collect(),
            value => vec![Entry { value, ..self }],
        }
    }
}

/// What a value is, in words.
pub fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.chars().count() <= 40 => format!("string {text:?}"),
        DeValue::String(_) => "a string".to_owned(),
        DeValue::Integer(number) => format!("integer `{number}`"),
        DeValue::Float(number) => format!("floating point `{number}`"),
        DeValue::Boolean(value) => format!("boolean `{value}`"),
        DeValue::Datetime(value) => format!("date `{value}`"),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The first forty characters, for messages.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The text between `before` at the beginning of `message` and the next backtick.
fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.split('`').next()
}

fn stand_in<'t>(key: &str, table: Span, value: DeValue<'t>) -> Entry<'t> {
    let nowhere = Span {
        end: table.start,
        ..table
    };
    Entry {
        key: key.to_owned().into(),
        key_span: nowhere,
        value,
        span: nowhere,
    }
}

fn to_span(file: FileId, range: &std::ops::Range<usize>) -> Span {
    Span {
        file,
        start: range.start,
        end: range.end,
    }
}

/// The names of the fields that `T` is deserialized from, asked of its `Deserialize` itself.
fn field_names<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Ask<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Ask<'_> {
        type Error = PlainError;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, PlainError> {
            Err(PlainError::custom("not a struct"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, PlainError> {
            *self.0 = fields;
            Err(PlainError::custom("only the names were wanted"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
            option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
            ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    // The answer is in `fields`; the error only ends the asking.
    drop(T::deserialize(Ask(&mut fields)));
    fields
}
