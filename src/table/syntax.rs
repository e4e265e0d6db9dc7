//! Records of TSV, CSV and JSON Lines: where they end and what fields they have.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memchr_iter, memrchr};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value as Json;

use super::fault::FaultKind;

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Syntax {
    /// Fields between tabs, one row a line, nothing quoted: as KGX has it.
    Tsv,
    /// Comma-separated values, by [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180).
    Csv,
    /// One [JSON](https://www.rfc-editor.org/rfc/rfc8259) object a line.
    JsonLines,
}

/// What is wrong with a record, at a byte of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct RecordFault {
    pub(super) kind: FaultKind,
    pub(super) at: usize,
    pub(super) message: String,
}

/// How far whole records go in a stretch of bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Whole {
    /// Byte after the last whole record.
    pub(super) end: usize,
    /// Whether what follows is inside quotation marks.
    pub(super) is_quoted: bool,
}

impl Syntax {
    /// The syntax that the first line of a table is of.
    pub fn of_line(line: &[u8]) -> Self {
        if line.trim_ascii_start().first() == Some(&b'{') {
            Self::JsonLines
        } else if memchr(b'\t', line).is_some() {
            Self::Tsv
        } else {
            Self::Csv
        }
    }

    /// How far whole records go in `bytes`, which begin with a record.
    pub(super) fn whole_records(self, bytes: &[u8]) -> Whole {
        if self != Self::Csv {
            return Whole {
                end: memrchr(b'\n', bytes).map_or(0, |at| at + 1),
                is_quoted: false,
            };
        }
        let mut end = 0;
        loop {
            let rest = bytes.get(end..).unwrap_or_default();
            match csv_record(rest) {
                CsvEnd::At(length) => end += length,
                CsvEnd::Open { is_quoted } => return Whole { end, is_quoted },
            }
        }
    }

    /// Length of the first record of `text` with its line end; all of it where no line ends.
    pub(super) fn record_length(self, text: &[u8]) -> usize {
        let end = match self {
            Self::Csv => match csv_record(text) {
                CsvEnd::At(length) => Some(length),
                CsvEnd::Open { .. } => None,
            },
            Self::Tsv | Self::JsonLines => memchr(b'\n', text).map(|at| at + 1),
        };
        end.unwrap_or(text.len())
    }
}

/// Hands the fields of a line of TSV to `take`.
pub(super) fn split_tsv<'a>(line: &'a str, take: impl FnMut(Cow<'a, str>)) {
    line.split('\t').map(Cow::Borrowed).for_each(take);
}

enum CsvEnd {
    /// After so many bytes.
    At(usize),
    /// Not in these bytes.
    Open { is_quoted: bool },
}

/// Where the first record of `bytes` ends. A quotation mark means something at the beginning of a
/// field only.
fn csv_record(bytes: &[u8]) -> CsvEnd {
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            // A doubled mark ends one stretch and begins the next.
            loop {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(mark) = memchr(b'"', rest) else {
                    return CsvEnd::Open { is_quoted: true };
                };
                at += mark + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| matches!(byte, b',' | b'\n')) else {
            return CsvEnd::Open { is_quoted: false };
        };
        at += end + 1;
        if rest.get(end) == Some(&b'\n') {
            return CsvEnd::At(at);
        }
    }
}

/// Hands the fields of a record of CSV, without its line end, to `take`.
pub(super) fn split_csv<'a>(
    record: &'a str,
    mut take: impl FnMut(Cow<'a, str>),
) -> Result<(), RecordFault> {
    let mut rest = record;
    loop {
        let at = record.len() - rest.len();
        let after = if let Some(quoted) = rest.strip_prefix('"') {
            let Some(end) = closing_quote(quoted) else {
                return Err(RecordFault {
                    kind: FaultKind::UnclosedQuote,
                    at,
                    message: "the quotation mark is never closed".to_owned(),
                });
            };
            let text = &quoted[..end];
            take(if text.contains('"') {
                Cow::Owned(text.replace("\"\"", "\""))
            } else {
                Cow::Borrowed(text)
            });
            &quoted[end + 1..]
        } else {
            let end = memchr(b',', rest.as_bytes()).unwrap_or(rest.len());
            take(Cow::Borrowed(&rest[..end]));
            &rest[end..]
        };
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(()),
            None => {
                return Err(RecordFault {
                    kind: FaultKind::TextAfterQuote,
                    at: record.len() - after.len(),
                    message: "text follows the closing quotation mark".to_owned(),
                });
            }
        }
    }
}

/// Where the quotation mark stands that closes `text`, which begins after the opening one.
fn closing_quote(text: &str) -> Option<usize> {
    let mut marks = memchr_iter(b'"', text.as_bytes()).peekable();
    while let Some(mark) = marks.next() {
        if marks.peek() != Some(&(mark + 1)) {
            return Some(mark);
        }
        marks.next();
    }
    None
}

/// One value of a JSON object: those that a list holds, or itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct JsonField {
    pub(super) key: String,
    /// Texts; numbers and booleans as JSON writes them.
    pub(super) values: Vec<String>,
    /// Whether it is a list.
    pub(super) is_list: bool,
}

/// Takes the fields of a line of JSON Lines; null and empty lists count as absent.
pub(super) fn split_json(line: &str) -> Result<Vec<JsonField>, RecordFault> {
    let fault = |at: usize, message: String| RecordFault {
        kind: FaultKind::InvalidJson,
        at,
        message,
    };
    let object: Object = serde_json::from_str(line).map_err(|error| {
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or_default();
        fault(
            error.column().saturating_sub(1),
            format!("not a JSON object: {text}"),
        )
    })?;
    let mut fields = Vec::with_capacity(object.0.len());
    for (key, value) in object.0 {
        let (values, is_list) = match value {
            Json::Array(values) => (values, true),
            value => (vec![value], false),
        };
        let mut scalars = Vec::with_capacity(values.len());
        for value in values {
            scalars.push(match value {
                Json::Null => continue,
                Json::String(text) => text,
                Json::Bool(value) => value.to_string(),
                Json::Number(number) => number.to_string(),
                Json::Array(_) | Json::Object(_) => {
                    return Err(fault(0, format!("`{key}` holds a value with parts")));
                }
            });
        }
        fields.push(JsonField {
            key,
            values: scalars,
            is_list,
        });
    }
    Ok(fields)
}

/// The entries of an object in their order, none twice.
struct Object(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries: Vec<(String, Json)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Json>()? {
                    if entries.iter().any(|(known, _)| *known == key) {
                        let message = format!("the key `{key}` stands twice");
                        return Err(serde::de::Error::custom(message));
                    }
                    entries.push((key, value));
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn csv(record: &str) -> Result<Vec<String>, FaultKind> {
        let mut fields = Vec::new();
        split_csv(record, |field| fields.push(field.into_owned())).map_err(|fault| fault.kind)?;
        Ok(fields)
    }

    #[test]
    fn fields_of_csv() {
        assert_eq!(
            csv("a,,\"b,\"\"c\"\"\n\",d\"e").unwrap(),
            ["a", "", "b,\"c\"\n", "d\"e"]
        );
        assert_eq!(csv("").unwrap(), [""]);
        assert_eq!(csv("\"\",").unwrap(), ["", ""]);
        assert_eq!(csv("\"a"), Err(FaultKind::UnclosedQuote));
        assert_eq!(csv("\"a\"b"), Err(FaultKind::TextAfterQuote));
    }

    #[test]
    fn json_is_flat() {
        let found = split_json(r#"{"id":"a:1","n":[1,2.50,true,null],"x":null}"#).unwrap();
        let values: Vec<Vec<String>> = found.into_iter().map(|it| it.values).collect();
        assert_eq!(values, [vec!["a:1"], vec!["1", "2.5", "true"], vec![]]);
        for line in [
            "",
            "[]",
            "{",
            "{\"a\":{}}",
            "{\"a\":[[]]}",
            "{\"a\":1,\"a\":2}",
            "{} x",
        ] {
            assert_eq!(
                split_json(line).unwrap_err().kind,
                FaultKind::InvalidJson,
                "{line}"
            );
        }
    }

    #[test]
    fn the_first_line_says_the_syntax() {
        assert_eq!(Syntax::of_line(b"id\tname"), Syntax::Tsv);
        assert_eq!(Syntax::of_line(b"id,name"), Syntax::Csv);
        assert_eq!(Syntax::of_line(b" {\"id\":\"a\\tb\"}"), Syntax::JsonLines);
    }

    proptest! {
        #[test]
        fn csv_is_read_as_the_csv_crate_reads_it(
            rows in proptest::collection::vec(proptest::collection::vec("[a\",\n\r甲 ]{0,4}", 3), 1..5)
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let whole = Syntax::Csv.whole_records(text.as_bytes());
            prop_assert_eq!(whole, Whole { end: text.len(), is_quoted: false });
            let mut rest = text.as_str();
            let mut found = Vec::new();
            while !rest.is_empty() {
                let (record, after) = rest.split_at(Syntax::Csv.record_length(rest.as_bytes()));
                found.push(csv(record.strip_suffix('\n').unwrap()).unwrap());
                rest = after;
            }
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn any_text_is_split_or_refused(text in "[a\",\n{}:\\[\\]\t甲 ]{0,20}") {
            let length = Syntax::Csv.record_length(text.as_bytes());
            prop_assert!(length <= text.len());
            prop_assert!(csv(&text).is_ok() || text.contains('"'));
            drop(split_json(&text));
        }
    }
}
