//! What the columns of one table are, which its header says by the mapping.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::fault::{Fault, FaultKind};
use super::identifier::Namespaces;
use super::mapping::{ColumnRule, EndColumn, Mapping, Predicate};
use super::property::{Property, Template};
use super::strict::Others;
use super::syntax::{Syntax, split_csv, split_json, split_tsv};
use crate::suggest;
use crate::vocab::dcterms;

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TableKind {
    /// Nodes.
    Nodes,
    /// Edges.
    Edges,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) kind: TableKind,
    pub(super) syntax: Syntax,
    pub(super) columns: Vec<Column>,
    pub(super) namespaces: Namespaces,
    /// The predicate of all edges, if there is one.
    pub(super) predicate: Option<String>,
    /// The column that names the graph of an edge.
    pub(super) graph: Option<String>,
    /// What rows are held against beside the columns.
    pub(super) others: Option<Arc<Others>>,
    mapping: Mapping,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) role: Role,
}

/// What a column is for.
#[derive(Clone, Debug)]
pub(super) enum Role {
    Node(Option<Template>),
    Subject(Option<Template>),
    Predicate,
    Object(Option<Template>),
    Property(Property),
    Skip,
}

impl Layout {
    /// The columns that the first line of a table names. Those of JSON Lines are the keys of its first
    /// row; rows that follow may have others.
    ///
    /// # Errors
    ///
    /// When no table of nodes or edges has such columns, or one stands twice.
    pub(super) fn of_header(line: &str, syntax: Syntax, mapping: &Mapping) -> Result<Self, Fault> {
        let names = names(line, syntax)?;
        let fault = |column: &str, message: String, hint: Option<String>| Fault {
            kind: FaultKind::InvalidHeader,
            line: 1,
            column: place(line, column),
            message,
            hint,
            row: line.to_owned(),
        };
        let mut seen = BTreeSet::new();
        for name in &names {
            if name.trim().is_empty() {
                return Err(fault("", "a column has no name".to_owned(), None));
            }
            if !seen.insert(name.as_str()) {
                return Err(fault(
                    name,
                    format!("the column `{name}` stands twice"),
                    None,
                ));
            }
        }
        let kind = match kind(&names, mapping) {
            Ok(kind) => kind,
            Err((message, hint)) => return Err(fault("", message, Some(hint))),
        };
        let mut layout = Self {
            kind,
            syntax,
            columns: Vec::new(),
            namespaces: Namespaces::new(mapping.prefixes.clone()),
            predicate: match (&mapping.edges.predicate, kind) {
                (Predicate::Always(iri), TableKind::Edges) => Some(iri.clone()),
                _ => None,
            },
            graph: mapping.edges.graph.clone().or_else(|| {
                ["primary_knowledge_source", "knowledge_source"]
                    .into_iter()
                    .find(|name| seen.contains(name))
                    .map(str::to_owned)
            }),
            others: None,
            mapping: mapping.clone(),
        };
        let rules = match kind {
            TableKind::Nodes => &mapping.nodes.columns,
            TableKind::Edges => &mapping.edges.columns,
        };
        if syntax != Syntax::JsonLines
            && let Some(absent) = rules.keys().find(|name| !seen.contains(name.as_str()))
        {
            let hint = nearest(absent, &names);
            return Err(fault(
                "",
                format!("the mapping speaks of a column `{absent}`"),
                Some(hint),
            ));
        }
        layout.columns = names.iter().map(|name| layout.column(name)).collect();
        if syntax == Syntax::JsonLines {
            // Those that the first row happens not to have.
            let absent: Vec<&String> = rules
                .keys()
                .filter(|it| !seen.contains(it.as_str()))
                .collect();
            let more: Vec<Column> = absent.iter().map(|name| layout.column(name)).collect();
            layout.columns.extend(more);
        }
        Ok(layout)
    }

    /// What the rows are.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// Leaves out what an edge says beside its ends and predicate: it is neither read nor checked.
    #[must_use]
    pub fn without_edge_properties(self) -> Self {
        self.with_edge_properties(|_| false)
    }

    /// The same, but for the ids of edges.
    pub(super) fn with_edge_ids_only(self) -> Self {
        let id = self.mapping.edges.id.clone();
        self.with_edge_properties(|column| column == id)
    }

    fn with_edge_properties(mut self, is_kept: impl Fn(&str) -> bool) -> Self {
        if self.kind == TableKind::Edges {
            for column in &mut self.columns {
                if matches!(column.role, Role::Property(_)) && !is_kept(&column.name) {
                    column.role = Role::Skip;
                }
            }
            self.mapping.edges.columns.clear();
        }
        self
    }

    /// The column of the id of a node or edge.
    pub(super) fn id_column(&self) -> &str {
        match self.kind {
            TableKind::Nodes => &self.mapping.nodes.id.column,
            TableKind::Edges => &self.mapping.edges.id,
        }
    }

    /// The columns of the two ends of an edge.
    pub(super) fn end_columns(&self) -> [&str; 2] {
        let edges = &self.mapping.edges;
        [&edges.subject.column, &edges.object.column]
    }

    /// What the column `name` is for.
    pub(super) fn column(&self, name: &str) -> Column {
        let mapping = &self.mapping;
        let end = |end: &EndColumn| (end.column == name).then(|| end.template.clone());
        let (role, rules) = match self.kind {
            TableKind::Nodes => (
                end(&mapping.nodes.id).map(Role::Node),
                &mapping.nodes.columns,
            ),
            TableKind::Edges => {
                let edges = &mapping.edges;
                let role = if let Some(template) = end(&edges.subject) {
                    Some(Role::Subject(template))
                } else if let Some(template) = end(&edges.object) {
                    Some(Role::Object(template))
                } else if matches!(&edges.predicate, Predicate::Column(it) if it == name) {
                    Some(Role::Predicate)
                } else if edges.id == name {
                    Some(Role::Property(Property::plain(
                        dcterms::IDENTIFIER.as_str(),
                    )))
                } else {
                    None
                };
                (role, &edges.columns)
            }
        };
        let role = role.unwrap_or_else(|| match rules.get(name) {
            Some(ColumnRule::Skip) => Role::Skip,
            Some(ColumnRule::Property(property)) => Role::Property(property.clone()),
            None => Role::Property(Property::of_column(name, &mapping.terms)),
        });
        Column {
            name: name.to_owned(),
            role,
        }
    }
}

fn names(line: &str, syntax: Syntax) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    let mut take = |field: Cow<'_, str>| names.push(field.into_owned());
    let split = match syntax {
        Syntax::Tsv => {
            split_tsv(line, take);
            Ok(())
        }
        Syntax::Csv => split_csv(line, take),
        Syntax::JsonLines => split_json(line)
            .map(|entries| entries.into_iter().for_each(|it| take(Cow::Owned(it.key)))),
    };
    match split {
        Ok(()) => Ok(names),
        Err(found) => Err(Fault {
            kind: found.kind,
            line: 1,
            column: line.get(..found.at).unwrap_or(line).chars().count() + 1,
            message: found.message,
            hint: None,
            row: line.to_owned(),
        }),
    }
}

/// What a table with these columns is; where it is nothing, what is missing, and a hint.
fn kind(names: &[String], mapping: &Mapping) -> Result<TableKind, (String, String)> {
    let edges = &mapping.edges;
    let mut ends = vec![&edges.subject.column];
    if let Predicate::Column(column) = &edges.predicate {
        ends.push(column);
    }
    ends.push(&edges.object.column);
    let id = &mapping.nodes.id.column;
    let is_edges = names.contains(&edges.subject.column) || names.contains(&edges.object.column);
    if !is_edges && names.contains(id) {
        return Ok(TableKind::Nodes);
    }
    if !is_edges {
        let message = "the columns are those of no table".to_owned();
        let list: Vec<String> = ends.iter().map(|it| format!("`{it}`")).collect();
        let hint = format!(
            "a table of nodes has `{id}`, one of edges {}; other names need a mapping",
            list.join(", ")
        );
        return Err((message, hint));
    }
    match ends.into_iter().find(|column| !names.contains(column)) {
        None => Ok(TableKind::Edges),
        Some(column) => Err((
            format!("a table of edges needs the column `{column}`"),
            nearest(column, names),
        )),
    }
}

fn nearest(column: &str, names: &[String]) -> String {
    match suggest::nearest(column, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`, which the table has?"),
        None => format!("the table has {}", names.join(", ")),
    }
}

/// Column in characters, from 1, where `name` stands last in the header.
fn place(line: &str, name: &str) -> usize {
    let at = if name.is_empty() {
        None
    } else {
        line.rfind(name)
    };
    line.get(..at.unwrap_or(0))
        .unwrap_or_default()
        .chars()
        .count()
        + 1
}
