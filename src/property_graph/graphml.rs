//! The whole graph as GraphML, for programs that compute on it.

use std::io::{self, Write};

use super::TableCounts;
use super::column::{Column, ColumnType, Role, Row, Table, Value, join_list};
use crate::diagram::escape_xml;

/// Writes nodes and edges as [GraphML](http://graphml.graphdrawing.org/): attributes with their types,
/// lists as one text.
pub(super) fn write_graphml(
    nodes: &dyn Table,
    edges: &dyn Table,
    out: &mut dyn Write,
) -> io::Result<TableCounts> {
    out.write_all(
        br#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"#,
    )?;
    write_keys("node", nodes, out)?;
    write_keys("edge", edges, out)?;
    out.write_all(b"  <graph edgedefault=\"directed\">\n")?;
    let counts = TableCounts {
        nodes: Some(write_elements("node", nodes, out)?),
        edges: Some(write_elements("edge", edges, out)?),
        triples: None,
    };
    out.write_all(b"  </graph>\n</graphml>\n")?;
    Ok(counts)
}

/// The attributes of an element of XML that a column is, in place of data of its own.
fn attribute(role: Role) -> Option<&'static str> {
    match role {
        Role::NodeId | Role::EdgeId => Some("id"),
        Role::Source => Some("source"),
        Role::Target => Some("target"),
        Role::Labels | Role::Kind | Role::Property => None,
    }
}

/// The key of a column's data.
fn key(of: &str, at: usize) -> String {
    format!("{}{at}", &of[..1])
}

fn write_keys(of: &str, table: &dyn Table, out: &mut dyn Write) -> io::Result<()> {
    for (at, column) in table.columns().iter().enumerate() {
        if attribute(column.role).is_some() {
            continue;
        }
        let kind = match column.kind {
            _ if column.is_list => "string",
            ColumnType::Text | ColumnType::Day => "string",
            ColumnType::Integer => "long",
            ColumnType::Decimal => "double",
            ColumnType::Boolean => "boolean",
        };
        let (id, name) = (key(of, at), escape_xml(&column.name));
        writeln!(
            out,
            r#"  <key id="{id}" for="{of}" attr.name="{name}" attr.type="{kind}"/>"#
        )?;
    }
    Ok(())
}

fn write_elements(of: &str, table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    let columns = table.columns();
    let keys: Vec<String> = (0..columns.len()).map(|at| key(of, at)).collect();
    let mut element = String::new();
    table.for_each_row(&mut |row| {
        element.clear();
        append_element(&mut element, of, columns, &keys, row);
        out.write_all(element.as_bytes())
    })
}

fn append_element(
    element: &mut String,
    of: &str,
    columns: &[Column],
    keys: &[String],
    row: &Row<'_>,
) {
    element.push_str("    <");
    element.push_str(of);
    for (column, cell) in columns.iter().zip(row) {
        if let Some(attribute) = attribute(column.role) {
            element.push_str(&format!(
                " {attribute}=\"{}\"",
                escape_xml(&text(column, cell))
            ));
        }
    }
    element.push_str(">\n");
    for ((column, key), cell) in columns.iter().zip(keys).zip(row) {
        if attribute(column.role).is_none() && !cell.is_empty() {
            let value = escape_xml(&text(column, cell));
            element.push_str(&format!("      <data key=\"{key}\">{value}</data>\n"));
        }
    }
    element.push_str(&format!("    </{of}>\n"));
}

fn text(column: &Column, cell: &[Value<'_>]) -> String {
    match cell {
        [value] if !column.is_list => value.to_string(),
        values => join_list(values),
    }
}
