//! SPARQL queries as people write them: the header that says what a query is for, its parameters,
//! and what is wrong with its text, with the place.

mod syntax;
mod token;
mod write;

use std::ops::Range;

use crate::prefix::PrefixMap;
use crate::schema::LangText;
use crate::suggest;

pub use self::syntax::{SyntaxError, parse};
pub use self::write::write;

/// A query with a name, and what its header says of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NamedQuery {
    /// What it is called by: the name of its file without `.rq`.
    pub name: String,
    /// What it answers, in a few words.
    pub title: LangText,
    /// What the rows mean, and what is left out.
    pub description: LangText,
    /// What it can be asked for, in the order of the header.
    pub parameters: Vec<Parameter>,
    /// The SPARQL, header included.
    pub text: String,
}

/// A variable of a query that whoever asks gives a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parameter {
    /// Name of the variable, without the question mark.
    pub name: String,
    /// What its value is read as.
    pub kind: ParameterKind,
    /// Without a value the variable is as free as any other.
    pub is_optional: bool,
    /// The value where none is given.
    pub default: Option<String>,
    /// What the value means.
    pub label: LangText,
    /// Where the header declares it, in bytes.
    pub span: Range<usize>,
}

/// What the value of a parameter is read as.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ParameterKind {
    /// An entity, by any of its names.
    Entity,
    /// An IRI or CURIE.
    Iri,
    /// A plain string.
    String,
    /// A literal of this datatype, which is an IRI or a CURIE.
    Literal(String),
}

impl ParameterKind {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "entity" => Some(Self::Entity),
            "iri" => Some(Self::Iri),
            "string" => Some(Self::String),
            datatype if datatype.contains(':') => Some(Self::Literal(datatype.to_owned())),
            _ => None,
        }
    }

    /// The word for it in a header.
    pub fn name(&self) -> &str {
        match self {
            Self::Entity => "entity",
            Self::Iri => "iri",
            Self::String => "string",
            Self::Literal(datatype) => datatype,
        }
    }
}

/// What is wrong with a line of a header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeaderFault {
    /// What kind of fault it is.
    pub kind: HeaderFaultKind,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Kind of a [`HeaderFault`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HeaderFaultKind {
    /// A line whose key means nothing, or without a key.
    UnknownKey,
    /// A parameter that is declared wrongly, twice, or not at all.
    Parameter,
}

const KEYS: [&str; 3] = ["title", "description", "param"];

impl NamedQuery {
    /// Reads the header of the query `text`: the lines beginning with `#` that it begins with.
    ///
    /// `title.LANG: …`, `description.LANG: …`; `param.NAME: TYPE` with `optional` or `= DEFAULT`
    /// behind it declares a parameter, `param.NAME.LANG: …` says what it means.
    pub fn read(name: &str, text: &str) -> (Self, Vec<HeaderFault>) {
        let mut query = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        };
        let mut faults = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let Some(content) = line.trim_end().strip_prefix('#') else {
                break;
            };
            let content = content.trim();
            if !content.is_empty() {
                let span = start..start + line.trim_end().len();
                query.read_line(content, &span, &mut faults);
            }
            start += line.len();
        }
        (query, faults)
    }

    fn read_line(&mut self, line: &str, span: &Range<usize>, faults: &mut Vec<HeaderFault>) {
        let mut fault = |kind, message: String, hint: Option<String>| {
            faults.push(HeaderFault {
                kind,
                span: span.clone(),
                message,
                hint,
            });
        };
        let Some((key, value)) = line.split_once(':') else {
            return fault(
                HeaderFaultKind::UnknownKey,
                "a line of the header has a key and a colon".to_owned(),
                Some("remarks stand below the header, after an empty line".to_owned()),
            );
        };
        let (parts, value) = (key.trim().split('.').collect::<Vec<_>>(), value.trim());
        match parts.as_slice() {
            ["title", language] => {
                self.title.insert((*language).to_owned(), value.to_owned());
            }
            ["description", language] => {
                self.description
                    .insert((*language).to_owned(), value.to_owned());
            }
            ["param", name] => match Parameter::read(name, value, span) {
                Some(_) if self.parameter(name).is_some() => fault(
                    HeaderFaultKind::Parameter,
                    format!("the parameter `{name}` is declared twice"),
                    None,
                ),
                Some(parameter) => self.parameters.push(parameter),
                None => fault(
                    HeaderFaultKind::Parameter,
                    format!("`{value}` is no type of a parameter"),
                    Some(
                        "entity, iri, string or a datatype such as xsd:date; then optional, or = and a value"
                            .to_owned(),
                    ),
                ),
            },
            ["param", name, language] => {
                match self.parameters.iter_mut().find(|it| it.name == *name) {
                    Some(parameter) => {
                        parameter
                            .label
                            .insert((*language).to_owned(), value.to_owned());
                    }
                    None => fault(
                        HeaderFaultKind::Parameter,
                        format!("the parameter `{name}` is not declared above"),
                        Some(format!("declare it: param.{name}: entity")),
                    ),
                }
            }
            _ => {
                let first = parts.first().copied().unwrap_or_default();
                let hint = match suggest::nearest(first, KEYS) {
                    Some(near) if near == first => format!("write {near}.zh or {near}.en, say"),
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "the keys are title.LANG, description.LANG, param.NAME and param.NAME.LANG"
                        .to_owned(),
                };
                fault(
                    HeaderFaultKind::UnknownKey,
                    format!("`{}` means nothing in a header", key.trim()),
                    Some(hint),
                );
            }
        }
    }

    /// The parameter `name`.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|it| it.name == name)
    }
}

impl Parameter {
    /// Reads `TYPE`, `TYPE optional` or `TYPE = DEFAULT`.
    fn read(name: &str, declaration: &str, span: &Range<usize>) -> Option<Self> {
        let (left, default) = match declaration.split_once('=') {
            Some((left, default)) => (left.trim(), Some(default.trim().to_owned())),
            None => (declaration, None),
        };
        let (kind, is_optional) = match left.strip_suffix(" optional") {
            Some(kind) => (kind.trim(), true),
            None => (left, false),
        };
        let is_legal =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_legal || (is_optional && default.is_some()) {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            kind: ParameterKind::parse(kind)?,
            is_optional,
            default,
            label: LangText::new(),
            span: span.clone(),
        })
    }

    /// The IRI of the datatype, if it takes a literal with one that `prefixes` can expand.
    pub fn datatype(&self, prefixes: &PrefixMap) -> Option<String> {
        match &self.kind {
            ParameterKind::Literal(datatype) => Some(prefixes.expand(datatype).ok()?.into_owned()),
            _ => None,
        }
    }
}

/// Whether the text mentions the variable `name`.
pub fn mentions_variable(text: &str, name: &str) -> bool {
    token::tokens(text)
        .into_iter()
        .any(|token| syntax::variables_in(&text[token]).any(|it| it == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_a_query_is_for() {
        let text = "# title.zh: 协议\n# title.en: Agreements: all\n#\n\
                    # param.body: entity optional\n# param.body.zh: 机构\n\
                    # param.before: xsd:date = 2027-12-31\n\n# a remark\nSELECT * { ?body ?p ?o }";
        let (query, faults) = NamedQuery::read("agreements", text);
        assert_eq!(faults, []);
        assert_eq!(query.title["en"], "Agreements: all");
        let body = query.parameter("body").unwrap();
        assert_eq!(body.kind, ParameterKind::Entity);
        assert!(body.is_optional);
        assert_eq!(body.label["zh"], "机构");
        let before = query.parameter("before").unwrap();
        assert_eq!(before.default.as_deref(), Some("2027-12-31"));
        assert_eq!(
            before.datatype(&PrefixMap::well_known()).as_deref(),
            Some("http://www.w3.org/2001/XMLSchema#date")
        );
        assert!(mentions_variable(text, "body"));
        assert!(!mentions_variable(text, "bod"));
    }

    #[test]
    fn lines_that_mean_nothing_are_faults_with_their_place() {
        let text = "# titel.zh: 协议\n# hello\n# param.x: number\n# param.y.zh: 机构\nASK {}";
        let (_, faults) = NamedQuery::read("x", text);
        let places: Vec<&str> = faults.iter().map(|it| &text[it.span.clone()]).collect();
        assert_eq!(
            places,
            [
                "# titel.zh: 协议",
                "# hello",
                "# param.x: number",
                "# param.y.zh: 机构"
            ]
        );
        assert_eq!(faults[0].hint.as_deref(), Some("did you mean `title`?"));
    }
}
