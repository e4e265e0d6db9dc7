//! Rows of tables as evidence of edges.

use std::collections::BTreeMap;

use serde::Serialize;
use tupu::model::{Edge, EdgeId};
use tupu::oxrdf::Term;
use tupu::table::EdgeRow;

use crate::answer::Speaker;

/// The rows that say an edge, in the order of the tables and lines.
pub(crate) type EdgeRows = BTreeMap<EdgeId, Vec<EdgeRow>>;

/// A row that says an edge, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct RowView {
    table: String,
    line: u64,
    columns: BTreeMap<String, Vec<String>>,
}

impl RowView {
    pub(crate) fn of(row: &EdgeRow) -> Self {
        let texts = |terms: &[Term]| terms.iter().map(text).map(str::to_owned).collect();
        Self {
            table: row.table.clone(),
            line: row.line,
            columns: row
                .columns
                .iter()
                .map(|(name, terms)| (name.clone(), texts(terms)))
                .collect(),
        }
    }
}

impl<'g> Speaker<'g> {
    /// The rows that say the edge, where they were looked for.
    pub(crate) fn rows_of(self, edge: Edge) -> Vec<&'g EdgeRow> {
        let rows = self.rows.and_then(|rows| rows.get(&edge.id));
        rows.into_iter().flatten().collect()
    }

    /// What stands in the column of the rows, each value once.
    pub(crate) fn values_in(self, rows: &[&EdgeRow], column: &str) -> Vec<String> {
        let cells = rows.iter().flat_map(|row| &row.columns);
        let terms = cells.filter(|(name, _)| name == column);
        let mut values = Vec::new();
        for term in terms.flat_map(|(_, terms)| terms) {
            let value = match term {
                Term::NamedNode(node) => self.graph.project().prefixes.compact(node.as_str()),
                term => text(term).into(),
            };
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values.into_iter().map(String::from).collect()
    }

    /// The rows that say the edge, in words: where each stands, and what it says beside the edge.
    pub(crate) fn origin(self, edge: Edge) -> String {
        let rows = self.rows_of(edge).into_iter().map(|row| {
            let mut words = vec![place(row)];
            for (column, _) in &row.columns {
                let values = self.values_in(&[row], column).join("|");
                words.push(format!("{column} {values}"));
            }
            words.join(", ")
        });
        rows.collect::<Vec<_>>().join("; ")
    }
}

/// The columns of the rows, each once.
pub(crate) fn columns<'r>(rows: impl IntoIterator<Item = &'r &'r EdgeRow>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for (name, _) in rows.into_iter().flat_map(|row| &row.columns) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}

/// Where the row stands: the table and the line.
pub(crate) fn place(row: &EdgeRow) -> String {
    format!("{}:{}", row.table, row.line)
}

/// The IRI or the text that a value is.
fn text(term: &Term) -> &str {
    match term {
        Term::NamedNode(node) => node.as_str(),
        Term::BlankNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value(),
        _ => "",
    }
}
