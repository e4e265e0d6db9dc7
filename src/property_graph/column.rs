//! Columns with types, and the cells of a row.

use std::borrow::Cow;
use std::fmt;
use std::io;

use crate::model::{Day, Decimal};

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ColumnType {
    Text,
    /// A whole number of at most 18 digits.
    Integer,
    Decimal,
    Boolean,
    Day,
}

impl ColumnType {
    /// The type that holds both.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Integer | Self::Decimal, Self::Integer | Self::Decimal) => Self::Decimal,
            _ => Self::Text,
        }
    }
}

/// What a column is to formats that treat some columns in a way of their own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    Property,
    /// Identifies a node.
    NodeId,
    /// Identifies an edge.
    EdgeId,
    /// The classes of a node.
    Labels,
    /// The node that an edge comes from.
    Source,
    /// The node that an edge goes to.
    Target,
    /// What an edge means.
    Kind,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: ColumnType,
    /// Whether a cell may hold several values.
    pub(super) is_list: bool,
    pub(super) role: Role,
}

/// One value in a cell.
#[derive(Clone, Debug)]
pub(super) enum Value<'g> {
    Text(Cow<'g, str>),
    Number(Decimal),
    Boolean(bool),
    Day(Day),
}

impl<'g> Value<'g> {
    pub(super) fn text(text: impl Into<Cow<'g, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn kind(&self) -> ColumnType {
        match self {
            Self::Text(_) => ColumnType::Text,
            Self::Number(number) if number.is_integer() => ColumnType::Integer,
            Self::Number(_) => ColumnType::Decimal,
            Self::Boolean(_) => ColumnType::Boolean,
            Self::Day(_) => ColumnType::Day,
        }
    }

    /// The value as text.
    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// The values of each column of a row; none where there is nothing to say.
pub(super) type Row<'g> = Vec<Vec<Value<'g>>>;

/// Rows that come one after the other, in one order.
pub(super) trait Table {
    fn columns(&self) -> &[Column];

    /// Hands every row to `take`; gives how many there were.
    fn for_each_row(&self, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<u64>;
}

/// The values of a list as one text, parted by `;`; in a value it becomes `；`.
pub(super) fn join_list(values: &[Value<'_>]) -> String {
    let mut joined = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            joined.push(';');
        }
        joined.push_str(&value.to_text().replace(';', "；"));
    }
    joined
}

/// `name`, with underscores behind it until no column has it.
pub(super) fn unused_name(columns: &[Column], mut name: String) -> String {
    while columns.iter().any(|column| column.name == name) {
        name.push('_');
    }
    name
}
