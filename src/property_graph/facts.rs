//! Facts with literal values as columns of the table of nodes.

use std::collections::BTreeMap;

use super::column::{Column, ColumnType, Role, Row, Value, unused_name};
use crate::model::{self, KnowledgeGraph, Literal, NodeId, Quantity, Status};
use crate::schema::SlotId;

/// A column, by what it holds. Columns stand in this order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Key<'g> {
    slot: SlotId,
    /// Of what does not stand as a plain fact.
    status: Option<Status>,
    part: Part<'g>,
}

/// What of a value.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part<'g> {
    /// The value itself, or its text in the project's first language.
    Whole,
    /// Its text in another language.
    In(&'g str),
    /// The number of a quantity, its scale worked in.
    Number,
    /// What a quantity counts, without the scale.
    Unit,
    /// The first day that a date can mean.
    Earliest,
    /// The last day that a date can mean.
    Latest,
}

impl Part<'_> {
    /// What follows the slot's name in the name of the column.
    fn suffix(self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::In(language) => format!("_{language}"),
            Self::Number => "_value".to_owned(),
            Self::Unit => "_unit".to_owned(),
            Self::Earliest => "_earliest".to_owned(),
            Self::Latest => "_latest".to_owned(),
        }
    }
}

/// Which facts stand in which column.
#[derive(Debug)]
pub(super) struct Facts<'g> {
    graph: &'g KnowledgeGraph,
    /// Whether facts have columns that do not stand as plain ones.
    with_unasserted: bool,
    /// The place of each column, and whether it holds all values as text.
    places: BTreeMap<Key<'g>, (usize, bool)>,
}

impl<'g> Facts<'g> {
    /// Goes over all facts and adds the columns that they need to `columns`.
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        with_unasserted: bool,
        columns: &mut Vec<Column>,
    ) -> Self {
        let mut facts = Self {
            graph,
            with_unasserted,
            places: BTreeMap::new(),
        };
        let mut found: BTreeMap<Key<'g>, (ColumnType, bool)> = BTreeMap::new();
        for node in graph.nodes() {
            let mut counts: BTreeMap<Key<'g>, usize> = BTreeMap::new();
            facts.for_each_value(node, |key, value| {
                let count = counts.entry(key).or_default();
                *count += 1;
                let (kind, is_list) = found.entry(key).or_insert((value.kind(), false));
                *kind = kind.join(value.kind());
                *is_list |= *count > 1;
            });
        }
        for (key, (kind, is_list)) in found {
            facts
                .places
                .insert(key, (columns.len(), kind == ColumnType::Text));
            let slot = &graph.schema().slot(key.slot).name;
            let status = key
                .status
                .map_or_else(String::new, |status| format!("_{}", status.name()));
            let name = format!("{slot}{status}{}", key.part.suffix());
            columns.push(Column {
                name: unused_name(columns, name),
                kind,
                is_list,
                role: Role::Property,
            });
        }
        facts
    }

    /// Puts the facts of `node` into its row.
    pub(super) fn fill(&self, node: NodeId, row: &mut Row<'g>) {
        self.for_each_value(node, |key, value| {
            let Some(&(at, is_text)) = self.places.get(&key) else {
                return;
            };
            let value = match value {
                Value::Text(_) => value,
                other if is_text => Value::text(other.to_string()),
                other => other,
            };
            row[at].push(value);
        });
    }

    fn for_each_value(&self, node: NodeId, mut take: impl FnMut(Key<'g>, Value<'g>)) {
        for literal in self.graph.literals(node) {
            let is_plain = self.graph.is_plain(literal.slot, literal.status);
            if !is_plain && !self.with_unasserted {
                continue;
            }
            let status = (!is_plain).then_some(literal.status);
            self.split(literal, |part, value| {
                let slot = literal.slot;
                take(Key { slot, status, part }, value);
            });
        }
    }

    /// What of a fact's value stands in columns of its own.
    fn split(&self, literal: &'g Literal, mut take: impl FnMut(Part<'g>, Value<'g>)) {
        let project = self.graph.project();
        match &literal.value {
            model::Value::String(text) => take(Part::Whole, Value::text(text)),
            model::Value::Text { language, text } => {
                let is_first = project.languages.first() == Some(language);
                let part = if is_first {
                    Part::Whole
                } else {
                    Part::In(language)
                };
                take(part, Value::text(text));
            }
            model::Value::Number(number) => take(Part::Whole, Value::Number(*number)),
            model::Value::Boolean(value) => take(Part::Whole, Value::Boolean(*value)),
            model::Value::Date(date) => {
                take(Part::Whole, Value::text(date.to_string()));
                take(Part::Earliest, Value::Day(date.earliest()));
                take(Part::Latest, Value::Day(date.latest()));
            }
            model::Value::Iri(iri) => take(Part::Whole, Value::text(iri)),
            model::Value::Enum(id, at) => {
                let values = &self.graph.schema().enumeration(*id).permissible_values;
                if let Some(value) = values.get(usize::from(*at)) {
                    take(Part::Whole, Value::text(&value.name));
                }
            }
            model::Value::Quantity(quantity) => split_quantity(quantity, take),
        }
    }
}

fn split_quantity<'g>(quantity: &'g Quantity, mut take: impl FnMut(Part<'g>, Value<'g>)) {
    take(Part::Whole, Value::text(quantity.to_string()));
    if let Some(number) = quantity.absolute() {
        take(Part::Number, Value::Number(number));
    }
    take(
        Part::Unit,
        Value::text(quantity.unit.as_deref().unwrap_or("")),
    );
}
