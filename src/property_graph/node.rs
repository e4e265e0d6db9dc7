//! The table of nodes.

use std::io;

use super::column::{Column, ColumnType, Role, Row, Table, Value, unused_name};
use super::facts::Facts;
use super::terms::Terms;
use crate::model::{Decimal, KnowledgeGraph, NameKind, NodeId};

/// What a column says of an entity, beside its facts.
#[derive(Clone, Copy, Debug)]
pub(super) enum NodeField {
    /// Its CURIE.
    Id,
    Iri,
    /// Name of its class.
    Class,
    /// Names of its class and of those above it.
    Classes,
    /// CURIEs of the same.
    Category,
    /// Its name in the first language that has one, and one column for every other language.
    Names,
    /// All its other names.
    Synonym,
    /// Its place in the list that defines it.
    Position,
}

/// A column of [`Nodes`].
#[derive(Clone, Copy, Debug)]
enum Source<'g> {
    Field(NodeField),
    NameIn(&'g str),
}

/// Every entity, by slug: what it is, its names, its facts with literal values.
#[derive(Debug)]
pub(super) struct Nodes<'g> {
    graph: &'g KnowledgeGraph,
    terms: &'g Terms<'g>,
    sources: Vec<Source<'g>>,
    columns: Vec<Column>,
    facts: Facts<'g>,
}

impl<'g> Nodes<'g> {
    /// The table with `fields` under the names that go with them.
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        terms: &'g Terms<'g>,
        with_evidence: bool,
        fields: &[(NodeField, &str)],
    ) -> Self {
        let mut sources = Vec::new();
        let mut columns = Vec::new();
        for &(field, name) in fields {
            sources.push(Source::Field(field));
            columns.push(column(field, name));
            if matches!(field, NodeField::Names) {
                for language in graph.project().languages.iter().skip(1) {
                    sources.push(Source::NameIn(language));
                    let name = unused_name(&columns, format!("{name}_{language}"));
                    columns.push(column(field, &name));
                }
            }
        }
        let facts = Facts::new(graph, with_evidence, &mut columns);
        Self {
            graph,
            terms,
            sources,
            columns,
            facts,
        }
    }

    fn fill(&self, node: NodeId, source: Source<'g>, cell: &mut Vec<Value<'g>>) {
        let (graph, terms) = (self.graph, self.terms);
        let class = graph.class(node);
        match source {
            Source::Field(NodeField::Id) => cell.push(Value::text(terms.id(node))),
            Source::Field(NodeField::Iri) => cell.push(Value::text(graph.iri(node))),
            Source::Field(NodeField::Class) => {
                cell.push(Value::text(&graph.schema().class(class).name));
            }
            Source::Field(NodeField::Classes) => {
                cell.extend(terms.classes(class).iter().map(|name| Value::text(*name)));
            }
            Source::Field(NodeField::Category) => {
                let categories = terms.categories(class).iter();
                cell.extend(categories.map(|it| Value::text(it.as_str())));
            }
            Source::Field(NodeField::Names) => {
                let first = graph.project().languages.first();
                cell.push(Value::text(
                    graph.label(node, first.map_or("", String::as_str)),
                ));
            }
            Source::NameIn(language) => {
                let mut names = graph
                    .names(node)
                    .filter(|name| name.kind == NameKind::Canonical && name.language == language);
                cell.extend(names.next().map(|name| Value::text(name.text)));
            }
            Source::Field(NodeField::Synonym) => {
                let mut seen: Vec<&str> = Vec::new();
                for name in graph.names(node) {
                    if name.kind != NameKind::Canonical && !seen.contains(&name.text) {
                        seen.push(name.text);
                        cell.push(Value::text(name.text));
                    }
                }
            }
            Source::Field(NodeField::Position) => {
                let position = graph.position(node);
                cell.extend(position.map(|it| Value::Number(Decimal::from(it))));
            }
        }
    }
}

impl Table for Nodes<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn for_each_row(&self, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<u64> {
        let mut row: Row<'_> = vec![Vec::new(); self.columns.len()];
        let mut count = 0;
        for node in self.graph.nodes() {
            row.iter_mut().for_each(Vec::clear);
            for (source, cell) in self.sources.iter().zip(&mut row) {
                self.fill(node, *source, cell);
            }
            self.facts.fill(node, &mut row);
            take(&row)?;
            count += 1;
        }
        Ok(count)
    }
}

fn column(field: NodeField, name: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind: match field {
            NodeField::Position => ColumnType::Integer,
            _ => ColumnType::Text,
        },
        is_list: matches!(
            field,
            NodeField::Classes | NodeField::Category | NodeField::Synonym
        ),
        role: match field {
            NodeField::Id => Role::NodeId,
            NodeField::Classes => Role::Labels,
            _ => Role::Property,
        },
    }
}
