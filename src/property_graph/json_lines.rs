//! Tables as JSON Lines, one object a row.

use std::io::{self, Write};

use super::column::{Column, ColumnType, Table, Value};

/// Writes a table as JSON Lines: lists as arrays, numbers and truth values as what they are, and no key
/// where there is nothing to say.
pub(super) fn write_json_lines(table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    let columns = table.columns();
    let keys: Vec<String> = columns
        .iter()
        .map(|column| serde_json::to_string(&column.name))
        .collect::<Result<_, _>>()?;
    let mut line = Vec::new();
    table.for_each_row(&mut |row| {
        line.clear();
        for ((column, key), cell) in columns.iter().zip(&keys).zip(row) {
            if cell.is_empty() {
                continue;
            }
            line.push(if line.is_empty() { b'{' } else { b',' });
            line.extend_from_slice(key.as_bytes());
            line.push(b':');
            append_cell(&mut line, column, cell)?;
        }
        if line.is_empty() {
            line.push(b'{');
        }
        line.extend_from_slice(b"}\n");
        out.write_all(&line)
    })
}

fn append_cell(line: &mut Vec<u8>, column: &Column, cell: &[Value<'_>]) -> io::Result<()> {
    if column.is_list {
        line.push(b'[');
    }
    for (at, value) in cell.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        match column.kind {
            ColumnType::Integer | ColumnType::Decimal | ColumnType::Boolean => {
                write!(line, "{value}")?;
            }
            ColumnType::Text | ColumnType::Day => {
                serde_json::to_writer(&mut *line, &*value.to_text())?;
            }
        }
    }
    if column.is_list {
        line.push(b']');
    }
    Ok(())
}
