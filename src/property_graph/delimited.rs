//! Tables as lines of fields: KGX's TSV, CSV for Neo4j, CSV for everybody else.

use std::io::{self, Write};

use super::column::{Column, ColumnType, Role, Row, Table, join_list};

/// Appends `text` as a value in a KGX TSV file, which has no quotes and no escapes: tabs and line ends
/// become spaces, and `|`, which parts values in every column, becomes `｜`.
pub fn append_tsv_value(to: &mut Vec<u8>, text: &str) {
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => to.push(b' '),
            '|' => to.extend_from_slice("｜".as_bytes()),
            c => to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Appends `text` as a field of a CSV file ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), in
/// quotes where it needs them, and where it is empty or has spaces at its ends, which some readers
/// take away otherwise.
pub fn append_csv_field(to: &mut Vec<u8>, text: &str) {
    let is_plain =
        !text.is_empty() && text.trim() == text && !text.contains([',', '"', '\n', '\r']);
    if is_plain {
        to.extend_from_slice(text.as_bytes());
        return;
    }
    to.push(b'"');
    to.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    to.push(b'"');
}

/// Writes a table as [KGX](https://github.com/biolink/kgx/blob/master/specification/kgx-format.md)'s
/// TSV: values of a list are parted by `|`.
pub(super) fn write_tsv(table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    let columns = table.columns();
    let mut line = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            line.push(b'\t');
        }
        append_tsv_value(&mut line, &column.name);
    }
    line.push(b'\n');
    out.write_all(&line)?;
    table.for_each_row(&mut |row| {
        line.clear();
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                line.push(b'\t');
            }
            for (place, value) in cell.iter().enumerate() {
                if place > 0 {
                    line.push(b'|');
                }
                append_tsv_value(&mut line, &value.to_text());
            }
        }
        line.push(b'\n');
        out.write_all(&line)
    })
}

/// Writes a table as CSV with the names of its columns.
pub(super) fn write_csv(table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    write_rows(table, |column| column.name.clone(), out)
}

/// Writes a table as CSV with the header that
/// [`neo4j-admin database import`](https://neo4j.com/docs/operations-manual/current/import/) reads.
pub(super) fn write_neo4j(table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    write_rows(table, neo4j_header, out)
}

fn write_rows(
    table: &dyn Table,
    header: impl Fn(&Column) -> String,
    out: &mut dyn Write,
) -> io::Result<u64> {
    let columns = table.columns();
    let mut line = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        append_csv_field(&mut line, &header(column));
    }
    line.push(b'\n');
    out.write_all(&line)?;
    table.for_each_row(&mut |row| {
        line.clear();
        append_row(&mut line, columns, row);
        out.write_all(&line)
    })
}

fn append_row(line: &mut Vec<u8>, columns: &[Column], row: &Row<'_>) {
    for (at, (column, cell)) in columns.iter().zip(row).enumerate() {
        if at > 0 {
            line.push(b',');
        }
        match cell.as_slice() {
            // Nothing without quotes is no value; an empty text has quotes.
            [] => {}
            [value] if !column.is_list => append_csv_field(line, &value.to_text()),
            values => append_csv_field(line, &join_list(values)),
        }
    }
    line.push(b'\n');
}

fn neo4j_header(column: &Column) -> String {
    // What follows a colon is the type.
    let name = column.name.replace(':', "_");
    match column.role {
        Role::NodeId => format!("{name}:ID"),
        Role::Labels => ":LABEL".to_owned(),
        Role::Source => ":START_ID".to_owned(),
        Role::Target => ":END_ID".to_owned(),
        Role::Kind => ":TYPE".to_owned(),
        Role::EdgeId | Role::Property => {
            let kind = match column.kind {
                ColumnType::Text => "string",
                ColumnType::Integer => "long",
                ColumnType::Decimal => "double",
                ColumnType::Boolean => "boolean",
                ColumnType::Day => "date",
            };
            let list = if column.is_list { "[]" } else { "" };
            format!("{name}:{kind}{list}")
        }
    }
}
