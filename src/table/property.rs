//! What a column says of the node or edge of its row.

use std::borrow::Cow;

use oxrdf::vocab::xsd;

use crate::model::{Date, Decimal, DecimalError, Precision};
use crate::vocab::{dcterms, rdf, rdfs, skos};

/// What the values of a column are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ValueKind {
    /// Identifiers.
    Iri,
    /// Identifiers where they are some, texts where they are none.
    IriOrText,
    /// What a template makes an IRI of.
    Template(Template),
    /// Literals.
    Text {
        /// Language tag.
        language: Option<String>,
        /// IRI of the datatype; `xsd:string` where there is neither.
        datatype: Option<String>,
    },
}

/// An IRI with one place for a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template {
    before: String,
    after: String,
}

/// A property and how its values stand in a column.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Property {
    /// Its IRI.
    pub iri: String,
    /// What stands between several values of one field.
    pub separator: Option<String>,
    /// What the values are.
    pub kind: ValueKind,
}

/// Columns that [KGX](https://github.com/biolink/kgx/blob/master/docs/kgx_format.md) and the Biolink
/// Model take several values in.
const MULTIVALUED: &[&str] = &[
    "affiliation",
    "aggregator_knowledge_source",
    "authors",
    "category",
    "has_attribute",
    "has_evidence",
    "has_gene",
    "in_taxon",
    "keywords",
    "knowledge_source",
    "mesh_terms",
    "provided_by",
    "publications",
    "qualifiers",
    "same_as",
    "supporting_data_source",
    "synonym",
    "type",
    "xref",
    "xrefs",
];

/// Columns whose values are identifiers, where they are some.
const IDENTIFIERS: &[&str] = &[
    "aggregator_knowledge_source",
    "has_evidence",
    "in_taxon",
    "iri",
    "knowledge_source",
    "original_knowledge_source",
    "primary_knowledge_source",
    "publications",
    "relation",
    "same_as",
    "supporting_data_source",
    "type",
    "url",
    "xref",
    "xrefs",
];

impl Property {
    /// What a column means that no mapping speaks of: `category` is the class, `name` the label,
    /// `description` and `synonym` what they say; every other column is a property of the same name in
    /// the namespace `terms`, percent-encoded where it must be.
    pub(super) fn of_column(column: &str, terms: &str) -> Self {
        let text = ValueKind::Text {
            language: None,
            datatype: None,
        };
        let (iri, kind) = match column {
            "category" => (rdf::TYPE.as_str().to_owned(), ValueKind::Iri),
            "name" => (rdfs::LABEL.as_str().to_owned(), text),
            "description" => (dcterms::DESCRIPTION.as_str().to_owned(), text),
            "synonym" => (skos::ALT_LABEL.as_str().to_owned(), text),
            _ => {
                let kind = if IDENTIFIERS.contains(&column) {
                    ValueKind::IriOrText
                } else {
                    text
                };
                (format!("{terms}{}", percent_encode(column)), kind)
            }
        };
        let separator = MULTIVALUED.contains(&column).then(|| "|".to_owned());
        Self {
            iri,
            separator,
            kind,
        }
    }

    /// A literal without language, for what a table calls its rows.
    pub(super) fn plain(iri: &str) -> Self {
        Self {
            iri: iri.to_owned(),
            separator: None,
            kind: ValueKind::Text {
                language: None,
                datatype: None,
            },
        }
    }
}

impl Template {
    /// The template that `text` is: `{}` stands for the value, once.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.split_once("{}")?;
        (!after.contains(['{', '}']) && !before.contains(['{', '}'])).then(|| Self {
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    /// The IRI of `value`, percent-encoded as a part of a path.
    pub fn fill(&self, value: &str) -> String {
        format!("{}{}{}", self.before, percent_encode(value), self.after)
    }
}

/// `text` with everything percent-encoded that is not
/// [unreserved](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
fn percent_encode(text: &str) -> Cow<'_, str> {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if text.bytes().all(is_unreserved) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 0xF] {
                encoded
                    .extend(char::from_digit(u32::from(digit), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    Cow::Owned(encoded)
}

/// Whether `text` is a value of `datatype`; of datatypes that are not known here, everything is.
pub(super) fn is_value_of(datatype: &str, text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_date = |precision| Date::parse(text).is_ok_and(|date| date.precision() == precision);
    if datatype == xsd::INTEGER.as_str() {
        is_digits(unsigned)
    } else if datatype == xsd::DECIMAL.as_str() {
        Decimal::parse(text) != Err(DecimalError::NotDecimal)
    } else if datatype == xsd::DOUBLE.as_str() || datatype == xsd::FLOAT.as_str() {
        matches!(text, "INF" | "+INF" | "-INF" | "NaN")
            || (text.parse::<f64>().is_ok() && !unsigned.starts_with(|c: char| c.is_alphabetic()))
    } else if datatype == xsd::BOOLEAN.as_str() {
        matches!(text, "true" | "false" | "1" | "0")
    } else if datatype == xsd::DATE.as_str() {
        is_date(Precision::Day)
    } else if datatype == xsd::G_YEAR.as_str() {
        is_date(Precision::Year)
    } else if datatype == xsd::G_YEAR_MONTH.as_str() {
        is_date(Precision::Month)
    } else {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_any_name_has_a_legal_property() {
        let of = |column| Property::of_column(column, "https://t.example/");
        assert_eq!(of("has_count").iri, "https://t.example/has_count");
        assert_eq!(of("p value").iri, "https://t.example/p%20value");
        assert_eq!(of("名").iri, "https://t.example/%E5%90%8D");
        assert_eq!(of("category").separator.as_deref(), Some("|"));
        assert_eq!(of("note").separator, None);
        assert_eq!(of("xref").kind, ValueKind::IriOrText);
    }

    #[test]
    fn a_template_has_one_place() {
        let template = Template::parse("https://a.example/{}/x").unwrap();
        assert_eq!(
            template.fill("a b/甲"),
            "https://a.example/a%20b%2F%E7%94%B2/x"
        );
        for text in ["https://a.example/", "{}{}", "{a}", "{}}"] {
            assert_eq!(Template::parse(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_held_against_their_datatype() {
        for (datatype, good, bad) in [
            (xsd::INTEGER, "-12", "1.0"),
            (xsd::DECIMAL, "1.50", "1e3"),
            (xsd::DOUBLE, "1e3", "inf"),
            (xsd::BOOLEAN, "true", "yes"),
            (xsd::DATE, "2024-02-29", "2023-02-29"),
            (xsd::G_YEAR, "2024", "24"),
            (xsd::G_YEAR_MONTH, "2024-02", "2024-13"),
        ] {
            assert!(is_value_of(datatype.as_str(), good), "{good}");
            assert!(!is_value_of(datatype.as_str(), bad), "{bad}");
        }
    }
}
