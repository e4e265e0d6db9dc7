//! Rows as what they say: a node or an edge, and its properties.

mod delimited;

use std::borrow::Cow;
use std::collections::BTreeMap;

use self::delimited::csv_field_start;
use super::chunk::Chunk;
use super::fault::{Fault, FaultKind};
use super::identifier::{Identifier, IdentifierFault};
use super::layout::{Column, Layout, Role, TableKind};
use super::problem::{Problem, invalid_value, missing, not_utf8, refused};
use super::property::{Property, Template, ValueKind, is_value_of};
use super::strict::Others;
use super::syntax::{JsonField, Syntax, split_json};

/// A sound row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// What it is about.
    pub head: Head<'r>,
    /// What it says of that, in the order of the columns.
    pub values: &'r [Value<'r>],
}

/// What a row is about.
#[derive(Clone, Copy, Debug)]
pub enum Head<'r> {
    /// A node.
    Node(&'r Identifier<'r>),
    /// An edge.
    Edge {
        /// Where it leaves.
        subject: &'r Identifier<'r>,
        /// What it says.
        predicate: &'r Identifier<'r>,
        /// Where it enters.
        object: &'r Identifier<'r>,
    },
}

/// A property and one of its values.
#[derive(Clone, Debug)]
pub struct Value<'r> {
    /// Name of the column.
    pub column: &'r str,
    /// Its place in the header; a key of JSON that is not in it has none that means anything.
    pub(super) at: usize,
    /// The property.
    pub property: &'r Property,
    /// The value.
    pub term: Term<'r>,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Term<'r> {
    /// A node.
    Iri(Identifier<'r>),
    /// A literal, of the language or datatype of its property.
    Text(Cow<'r, str>),
}

/// What is known of a row while its fields are read.
#[derive(Default)]
struct Draft<'a> {
    node: Option<Identifier<'a>>,
    subject: Option<Identifier<'a>>,
    predicate: Option<Identifier<'a>>,
    object: Option<Identifier<'a>>,
    values: Vec<Value<'a>>,
}

impl<'a> Draft<'a> {
    /// What of the head a column says, and the template of its IRIs.
    #[inline]
    fn end<'d, 't>(
        &'d mut self,
        role: &'t Role,
    ) -> Option<(&'d mut Option<Identifier<'a>>, Option<&'t Template>)> {
        match role {
            Role::Node(template) => Some((&mut self.node, template.as_ref())),
            Role::Subject(template) => Some((&mut self.subject, template.as_ref())),
            Role::Predicate => Some((&mut self.predicate, None)),
            Role::Object(template) => Some((&mut self.object, template.as_ref())),
            Role::Property(_) | Role::Skip => None,
        }
    }

    fn head<'d>(&'d self, fixed: Option<&'d Identifier<'a>>) -> Option<Head<'d>> {
        if let Some(node) = &self.node {
            return Some(Head::Node(node));
        }
        Some(Head::Edge {
            subject: self.subject.as_ref()?,
            predicate: self.predicate.as_ref().or(fixed)?,
            object: self.object.as_ref()?,
        })
    }
}

impl Layout {
    /// Hands every sound row of `chunk` to `take`, every fault to `faults`.
    pub fn rows(&self, chunk: &Chunk, faults: &mut Vec<Fault>, mut take: impl FnMut(&Row<'_>)) {
        faults.extend(chunk.faults.iter().cloned());
        let mut line = chunk.first_line;
        let mut rest = chunk.bytes.as_slice();
        while !rest.is_empty() {
            let sound = match simdutf8::compat::from_utf8(rest) {
                Ok(text) => text,
                Err(error) => {
                    // The records before the one with the fault.
                    let valid = rest.get(..error.valid_up_to()).unwrap_or_default();
                    let whole = self.syntax.whole_records(valid).end;
                    std::str::from_utf8(valid.get(..whole).unwrap_or_default()).unwrap_or_default()
                }
            };
            line = self.text_rows(sound, line, faults, &mut take);
            rest = rest.get(sound.len()..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            let length = self.syntax.record_length(rest);
            let (record, after) = rest.split_at(length);
            faults.push(not_utf8(record, line));
            line += record.iter().filter(|byte| **byte == b'\n').count() as u64;
            rest = after;
        }
    }

    /// The rows of a text of whole records; gives the line after them.
    fn text_rows(
        &self,
        text: &str,
        line: u64,
        faults: &mut Vec<Fault>,
        take: &mut impl FnMut(&Row<'_>),
    ) -> u64 {
        match self.syntax {
            Syntax::JsonLines => self.json_rows(text, line, faults, take),
            Syntax::Tsv => self.tsv_rows(text, line, faults, take),
            Syntax::Csv => self.csv_rows(text, line, faults, take),
        }
    }

    fn json_rows(
        &self,
        text: &str,
        mut line: u64,
        faults: &mut Vec<Fault>,
        take: &mut impl FnMut(&Row<'_>),
    ) -> u64 {
        let fixed = self.fixed_predicate();
        let mut rows = Vec::new();
        // Keys that the header does not have.
        let mut more: BTreeMap<String, Column> = BTreeMap::new();
        for record in text.lines() {
            let begins = line;
            line += 1;
            if record.trim().is_empty() {
                continue;
            }
            match split_json(record) {
                Ok(fields) => {
                    for field in &fields {
                        if self.columns.iter().all(|it| it.name != field.key)
                            && !more.contains_key(&field.key)
                        {
                            more.insert(field.key.clone(), self.column(&field.key));
                        }
                    }
                    rows.push((begins, record, fields));
                }
                Err(found) => {
                    let at = found.at;
                    faults.push(Problem::from(found).at(record, at, begins));
                }
            }
        }
        let mut recent = 0;
        for (begins, record, fields) in rows {
            let mut draft = Draft::default();
            let mut problem = None;
            for field in fields {
                let known = self.columns.iter().position(|it| it.name == field.key);
                let at = known.unwrap_or(usize::MAX);
                let Some(column) = self.columns.get(at).or_else(|| more.get(&field.key)) else {
                    continue;
                };
                let place = record.find(&format!("\"{}\"", field.key)).unwrap_or(0);
                if let Err(found) = self.take_json(at, column, field, &mut recent, &mut draft) {
                    problem = Some((place, found));
                    break;
                }
            }
            match (problem, draft.head(fixed.as_ref())) {
                (None, Some(head)) => match self.refusal(begins, head) {
                    None => take(&Row {
                        line: begins,
                        head,
                        values: &draft.values,
                    }),
                    Some((column, problem)) => {
                        let at = self.field_start(record, column);
                        faults.push(problem.at(record, at, begins));
                    }
                },
                (Some((at, found)), _) => faults.push(found.at(record, at, begins)),
                (None, None) => {
                    let what = match self.kind {
                        TableKind::Nodes => "the id of the node",
                        TableKind::Edges => "subject, predicate or object of the edge",
                    };
                    faults.push(missing(what).at(record, 0, begins));
                }
            }
        }
        line
    }

    /// Why a row that is sound by itself is not to be read, and the column that is at fault.
    #[inline]
    fn refusal(&self, line: u64, head: Head<'_>) -> Option<(&str, Problem)> {
        let others = self.others.as_deref()?;
        self.refusal_by(others, line, head)
    }

    #[inline(never)]
    fn refusal_by(&self, others: &Others, line: u64, head: Head<'_>) -> Option<(&str, Problem)> {
        let is_repeated = others.have_id_of(line);
        match head {
            Head::Node(node) => {
                let message = || format!("a row before has the id `{}`", node.spelling());
                is_repeated.then(|| (self.id_column(), refused(FaultKind::RepeatedId, message())))
            }
            Head::Edge { .. } if is_repeated => {
                let message = "a row before has the id of this edge".to_owned();
                Some((self.id_column(), refused(FaultKind::RepeatedId, message)))
            }
            Head::Edge {
                subject, object, ..
            } => {
                let ends = self.end_columns().into_iter().zip([subject, object]);
                let (column, end) = ends.into_iter().find(|(_, end)| !others.have(end))?;
                let message = format!("no table has a row of the node `{}`", end.spelling());
                Some((column, refused(FaultKind::UnknownNode, message)))
            }
        }
    }

    /// Byte of a record at which the field of `column` begins, or 0.
    fn field_start(&self, record: &str, column: &str) -> usize {
        let columns = &self.columns;
        let Some(wanted) = columns.iter().position(|it| it.name == column) else {
            return 0;
        };
        match self.syntax {
            Syntax::JsonLines => record.find(&format!("\"{column}\"")).unwrap_or(0),
            Syntax::Csv => csv_field_start(record, wanted),
            Syntax::Tsv => record
                .split_inclusive('\t')
                .take(wanted)
                .map(str::len)
                .sum(),
        }
    }

    fn fixed_predicate(&self) -> Option<Identifier<'_>> {
        let iri = self.predicate.as_ref()?;
        Some(Identifier::Iri(Cow::Borrowed(iri)))
    }

    fn take_json<'a>(
        &'a self,
        at: usize,
        column: &'a Column,
        field: JsonField,
        recent: &mut usize,
        draft: &mut Draft<'a>,
    ) -> Result<(), Problem> {
        let Role::Property(property) = &column.role else {
            // Ids and ends are one text.
            if let Some(value) = field.values.into_iter().next() {
                self.take_field(at, column, Cow::Owned(value), recent, draft)?;
            }
            return Ok(());
        };
        for value in field.values {
            let text = Cow::Owned(value);
            if field.is_list {
                self.take_value(at, column, property, text, recent, draft)?;
            } else {
                self.take_field(at, column, text, recent, draft)?;
            }
        }
        Ok(())
    }

    /// Takes what a field says.
    #[inline]
    fn take_field<'a>(
        &'a self,
        at: usize,
        column: &'a Column,
        field: Cow<'a, str>,
        recent: &mut usize,
        draft: &mut Draft<'a>,
    ) -> Result<(), Problem> {
        let Some((end, template)) = draft.end(&column.role) else {
            return match &column.role {
                Role::Property(property) => {
                    self.take_property(at, column, property, field, recent, draft)
                }
                _ => Ok(()),
            };
        };
        if field.is_empty() {
            return Err(missing(&format!("`{}`", column.name)));
        }
        *end = Some(match template {
            Some(template) => filled(template, &field),
            None => self.identifier(&field, recent)?,
        });
        Ok(())
    }

    /// Takes the values of a property that stand in a field, if any.
    #[inline]
    fn take_property<'a>(
        &'a self,
        at: usize,
        column: &'a Column,
        property: &'a Property,
        field: Cow<'a, str>,
        recent: &mut usize,
        draft: &mut Draft<'a>,
    ) -> Result<(), Problem> {
        if field.is_empty() {
            return Ok(());
        }
        let separator = property.separator.as_deref();
        let Some(separator) = separator.filter(|it| field.contains(it)) else {
            return self.take_value(at, column, property, field, recent, draft);
        };
        let mut take = |value| self.take_value(at, column, property, value, recent, draft);
        match field {
            Cow::Borrowed(text) => text
                .split(separator)
                .filter(|value| !value.is_empty())
                .try_for_each(|value| take(Cow::Borrowed(value))),
            Cow::Owned(text) => text
                .split(separator)
                .filter(|value| !value.is_empty())
                .try_for_each(|value| take(Cow::Owned(value.to_owned()))),
        }
    }

    /// The identifier that a field or a part of it is.
    #[inline]
    fn identifier<'a>(
        &'a self,
        text: &Cow<'a, str>,
        recent: &mut usize,
    ) -> Result<Identifier<'a>, IdentifierFault> {
        match text {
            Cow::Borrowed(text) => self.namespaces.resolve(text, recent),
            Cow::Owned(text) => {
                let found = self.namespaces.resolve(text, recent)?;
                Ok(found.into_owned())
            }
        }
    }

    #[inline]
    fn take_value<'a>(
        &'a self,
        at: usize,
        column: &'a Column,
        property: &'a Property,
        text: Cow<'a, str>,
        recent: &mut usize,
        draft: &mut Draft<'a>,
    ) -> Result<(), Problem> {
        let term = match &property.kind {
            ValueKind::Text { datatype, .. } => {
                if let Some(datatype) = datatype
                    && !is_value_of(datatype, &text)
                {
                    return Err(invalid_value(&text, datatype));
                }
                Term::Text(text)
            }
            ValueKind::Iri => Term::Iri(self.identifier(&text, recent)?),
            ValueKind::IriOrText => match self.identifier(&text, recent) {
                Ok(identifier) => Term::Iri(identifier),
                Err(_) => Term::Text(text),
            },
            ValueKind::Template(template) => Term::Iri(filled(template, &text)),
        };
        draft.values.push(Value {
            column: &column.name,
            at,
            property,
            term,
        });
        Ok(())
    }

    fn wrong_count(&self, found: usize) -> Problem {
        let wanted = self.columns.len();
        let message = format!("the row has {found} fields, the header {wanted}");
        let kind = if found < wanted {
            FaultKind::MissingColumn
        } else {
            FaultKind::ExtraColumn
        };
        Problem {
            kind,
            message,
            hint: self
                .columns
                .get(found)
                .map(|column| format!("the first that is missing is `{}`", column.name)),
        }
    }
}

fn filled<'a>(template: &Template, text: &str) -> Identifier<'a> {
    Identifier::Iri(Cow::Owned(template.fill(text)))
}
