//! Terms as Turtle writes them, and the prefixes that they use.

use std::collections::{BTreeMap, BTreeSet};

use crate::prefix::PrefixMap;
use crate::rdf::turtle::{append_node, shows_datatype};
use crate::table::lines::literal;
use crate::table::property::ValueKind;
use crate::table::row::{Term, Value};
use crate::vocab::rdf;

/// Number of a property.
pub(super) type PropertyNumber = usize;

/// The number of `rdf:type`.
pub(super) const TYPE: PropertyNumber = 0;

/// The properties of the columns of one table, by their place.
#[derive(Default)]
pub(super) struct ColumnTerms(Vec<Option<PropertyNumber>>);

/// What Turtle needs to know of all tables before the first block.
pub(super) struct WrittenTerms {
    prefixes: BTreeSet<String>,
    /// The prefix that was noted last, since the next is mostly the same.
    last: String,
    numbers: BTreeMap<String, PropertyNumber>,
    /// Properties as they are written, by their number.
    properties: Vec<Vec<u8>>,
}

impl WrittenTerms {
    pub(super) fn new() -> Self {
        Self {
            prefixes: BTreeSet::new(),
            last: String::new(),
            numbers: BTreeMap::from([(rdf::TYPE.as_str().to_owned(), TYPE)]),
            properties: vec![b"a".to_vec()],
        }
    }

    /// Notes what a value needs.
    pub(super) fn note_value(
        &mut self,
        prefixes: &PrefixMap,
        value: &Value<'_>,
        columns: &mut ColumnTerms,
    ) {
        if columns.0.get(value.at).copied().flatten().is_none() {
            let number = self.note_property(prefixes, &value.property.iri);
            // Keys that the first row of JSON does not have are looked up by their property.
            if value.at != usize::MAX {
                if columns.0.len() <= value.at {
                    columns.0.resize(value.at + 1, None);
                }
                if let Some(place) = columns.0.get_mut(value.at) {
                    *place = Some(number);
                }
            }
        }
        match (&value.term, &value.property.kind) {
            (Term::Iri(identifier), _) => self.note_written(&identifier.to_turtle(prefixes)),
            (
                Term::Text(text),
                ValueKind::Text {
                    datatype: Some(datatype),
                    ..
                },
            ) => {
                if shows_datatype(literal(value.property, text)) {
                    self.note_iri(prefixes, datatype);
                }
            }
            (Term::Text(_), _) => {}
        }
    }

    fn note_property(&mut self, prefixes: &PrefixMap, iri: &str) -> PropertyNumber {
        if let Some(number) = self.numbers.get(iri) {
            return *number;
        }
        let number = self.properties.len();
        let written = self.note_iri(prefixes, iri);
        self.properties.push(written);
        self.numbers.insert(iri.to_owned(), number);
        number
    }

    fn note_iri(&mut self, prefixes: &PrefixMap, iri: &str) -> Vec<u8> {
        let mut written = Vec::new();
        append_node(&mut written, prefixes, iri);
        self.note_written(&String::from_utf8_lossy(&written));
        written
    }

    /// Notes the prefix of a term as Turtle writes it.
    pub(super) fn note_written(&mut self, term: &str) {
        if term.starts_with('<') || (!self.last.is_empty() && term.starts_with(&self.last)) {
            return;
        }
        if let Some((prefix, _)) = term.split_once(':') {
            self.last = format!("{prefix}:");
            self.prefixes.insert(prefix.to_owned());
        }
    }

    /// The property of a value that was noted.
    pub(super) fn property(&self, value: &Value<'_>, columns: &ColumnTerms) -> PropertyNumber {
        let number = columns.0.get(value.at).copied().flatten();
        number
            .or_else(|| self.numbers.get(&value.property.iri).copied())
            .unwrap_or(usize::MAX)
    }

    /// A property as it is written.
    pub(super) fn written(&self, number: PropertyNumber) -> &[u8] {
        self.properties.get(number).map_or(&[], Vec::as_slice)
    }

    /// Appends the declarations of the prefixes that are used.
    pub(super) fn append_declarations(&self, all: &PrefixMap, out: &mut Vec<u8>) {
        for (prefix, namespace) in all.iter() {
            if self.prefixes.contains(prefix) {
                out.extend_from_slice(format!("@prefix {prefix}: <{namespace}> .\n").as_bytes());
            }
        }
    }
}
