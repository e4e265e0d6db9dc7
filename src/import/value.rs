//! Literals of RDF as values.

use oxrdf::LiteralRef;

use crate::model::{Date, Decimal, Value};
use crate::vocab::{edtf, xsd};

/// The date that a literal is.
pub(super) fn date(literal: LiteralRef<'_>) -> Option<Date> {
    let types = [xsd::DATE, xsd::G_YEAR, xsd::G_YEAR_MONTH, edtf::EDTF];
    let is_date = types.contains(&literal.datatype());
    is_date.then(|| Date::parse(literal.value()).ok()).flatten()
}

/// A literal as a value; what the graph has no type for is a string as it is written.
pub(super) fn value(literal: LiteralRef<'_>) -> Value {
    let text = literal.value();
    if let Some(language) = literal.language() {
        return Value::Text {
            language: language.to_owned(),
            text: text.to_owned(),
        };
    }
    if let Some(date) = date(literal) {
        return Value::Date(date);
    }
    let name = literal.datatype().as_str().strip_prefix(XSD).unwrap_or("");
    let is_number = NUMBER_TYPES.contains(&name);
    let number = is_number.then(|| Decimal::parse(text).ok()).flatten();
    match (number, name, text) {
        (Some(number), _, _) => Value::Number(number),
        (None, "boolean", "true" | "1") => Value::Boolean(true),
        (None, "boolean", "false" | "0") => Value::Boolean(false),
        _ => Value::String(text.to_owned()),
    }
}

/// Namespace of the datatypes of XML Schema.
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// Datatypes of numbers, without [`XSD`].
const NUMBER_TYPES: &[&str] = &[
    "byte",
    "decimal",
    "double",
    "float",
    "int",
    "integer",
    "long",
    "negativeInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "positiveInteger",
    "short",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
];
