//! Parquet as a table: its rows as JSON Lines, the first of which names every column.

mod cells;
mod text;

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::panic::{self, AssertUnwindSafe};

use parquet::basic::{ConvertedType, LogicalType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::SchemaDescriptor;

use self::cells::Cells;
use self::text::Meaning;
use super::fault::{Fault, FaultKind};

/// Rows that are decoded at once.
const BATCH: usize = 1024;

/// Bytes of lines that are made at once, if no row is longer.
const LINES: usize = 64 * 1024;

/// Reads a [Parquet](https://parquet.apache.org/docs/file-format/) file as JSON Lines, a line for each row:
/// what is null is absent, a list is a list, everything else the text that RDF has for it, such as
/// `2024-11-25T08:00:00Z`. A table without rows is its header, as CSV.
///
/// Memory is bounded by the pages at hand, one of each column with its dictionary.
/// A damaged file, or a column whose values have no text, is an error that holds a [`Fault`]; its line is
/// the number of a row.
pub struct ParquetLines {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// The row groups that were begun.
    groups: usize,
    /// The columns of the last.
    cells: Vec<Box<dyn Cells>>,
    /// Rows of it that are not decoded.
    left: usize,
    /// Rows that are decoded and not yet a line.
    decoded: usize,
    /// Rows that are a line.
    rows: u64,
    lines: Vec<u8>,
    /// How much of the lines was read.
    read: usize,
}

struct Column {
    name: String,
    /// The name as a key of JSON, with its colon.
    key: Vec<u8>,
    meaning: Meaning,
    is_list: bool,
}

impl ParquetLines {
    /// Reads from `file`, whose metadata stands at its end.
    ///
    /// # Errors
    ///
    /// When it is no Parquet file, or a column is neither plain nor a list of what is plain.
    pub fn new(file: File) -> io::Result<Self> {
        let file =
            guarded(|| SerializedFileReader::new(file)).map_err(|error| damaged(0, &error))?;
        let columns = columns(file.metadata().file_metadata().schema_descr())?;
        let mut lines = Vec::new();
        if file.metadata().file_metadata().num_rows() == 0 {
            let names: Vec<String> = columns
                .iter()
                .map(|column| format!("\"{}\"", column.name.replace('"', "\"\"")))
                .collect();
            writeln!(lines, "{}", names.join(","))?;
        }
        Ok(Self {
            file,
            columns,
            groups: 0,
            cells: Vec::new(),
            left: 0,
            decoded: 0,
            rows: 0,
            lines,
            read: 0,
        })
    }

    /// How many rows were read, of how many.
    pub fn rows(&self) -> (u64, u64) {
        let all = self.file.metadata().file_metadata().num_rows();
        (self.rows, u64::try_from(all).unwrap_or(0))
    }

    /// Makes lines of the next rows, none at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.lines.clear();
        self.read = 0;
        while self.lines.len() < LINES {
            if self.decoded == 0 {
                guarded(|| self.decode()).map_err(|error| damaged(self.rows, &error))?;
            }
            if self.decoded == 0 {
                return Ok(());
            }
            self.decoded -= 1;
            self.append_row()?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Decodes rows of the row group, or where it is at its end of the next one that has any.
    fn decode(&mut self) -> Result<(), ParquetError> {
        while self.left == 0 {
            if self.groups == self.file.num_row_groups() {
                return Ok(());
            }
            let group = self.file.get_row_group(self.groups)?;
            self.groups += 1;
            self.left = usize::try_from(group.metadata().num_rows())?;
            self.cells = (0..group.num_columns())
                .map(|column| {
                    let descriptor = group.metadata().column(column).column_descr();
                    Ok(cells::open(group.get_column_reader(column)?, descriptor))
                })
                .collect::<Result<_, ParquetError>>()?;
        }
        let count = self.left.min(BATCH);
        for (column, cells) in self.columns.iter().zip(&mut self.cells) {
            let found = cells.decode(count)?;
            if found != count {
                let message = format!("the column `{}` has too few rows", column.name);
                return Err(ParquetError::General(message));
            }
        }
        self.left -= count;
        self.decoded = count;
        Ok(())
    }

    fn append_row(&mut self) -> io::Result<()> {
        let out = &mut self.lines;
        out.push(b'{');
        let start = out.len();
        for (column, cells) in self.columns.iter().zip(&mut self.cells) {
            let before = out.len();
            if before > start {
                out.push(b',');
            }
            out.extend_from_slice(&column.key);
            let length = out.len();
            if column.is_list {
                out.push(b'[');
            }
            let found = cells.append_next(column.meaning, out);
            let Some(count) = found else {
                let message = format!(
                    "a value of the column `{}` is beyond all dates",
                    column.name
                );
                return Err(fault(self.rows + 1, message, None));
            };
            if column.is_list {
                out.push(b']');
            }
            if count == 0 && self.rows == 0 {
                out.truncate(length);
                out.extend_from_slice(b"null");
            } else if count == 0 {
                out.truncate(before);
            }
        }
        out.extend_from_slice(b"}\n");
        Ok(())
    }
}

impl Read for ParquetLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.lines.len() {
            self.fill()?;
        }
        let mut rest = self.lines.get(self.read..).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.read += length;
        Ok(length)
    }
}

/// Does `work`, which the library ends by a panic where it finds a file damaged too late.
fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let message = "the Parquet file is damaged".to_owned();
        Err(ParquetError::General(message))
    })
}

/// The columns of a schema.
fn columns(schema: &SchemaDescriptor) -> io::Result<Vec<Column>> {
    let mut columns = Vec::new();
    for at in 0..schema.num_columns() {
        let descriptor = schema.column(at);
        let root = schema.get_column_root(at);
        let name = root.name().to_owned();
        let is_list = descriptor.max_rep_level() == 1;
        let is_plain = if root.is_primitive() {
            true
        } else {
            let info = root.get_basic_info();
            let is_annotated = info.converted_type() == ConvertedType::LIST
                || info.logical_type_ref() == Some(&LogicalType::List);
            // Of the column, the list and the element, the last of which older files leave out.
            is_annotated && is_list && descriptor.path().parts().len() <= 3
        };
        let meaning = Meaning::of(descriptor.self_type()).filter(|_| is_plain);
        let Some(meaning) = meaning else {
            let what = if is_plain {
                let physical = descriptor.physical_type();
                match descriptor.logical_type_ref() {
                    Some(logical) => format!("{physical} of the type {logical:?}"),
                    None => physical.to_string(),
                }
            } else {
                "values with parts".to_owned()
            };
            let message = format!("the column `{name}` holds {what}");
            let hint = "texts, numbers, dates, truth values and lists of them are read; leave it out, or convert it";
            return Err(fault(1, message, Some(hint)));
        };
        let mut key = serde_json::to_vec(&name)?;
        key.push(b':');
        columns.push(Column {
            name,
            key,
            meaning,
            is_list,
        });
    }
    Ok(columns)
}

/// The error of a file that cannot be read beyond `rows` rows.
fn damaged(rows: u64, error: &ParquetError) -> io::Error {
    let message = match error {
        ParquetError::General(message) => message.clone(),
        other => other.to_string(),
    };
    let hint = match message.strip_prefix("Disabled feature at compile time: ") {
        Some(_) => {
            "of compressions Snappy, gzip and Zstandard are read; write it again with one of them"
        }
        None => "is it written to its end, and copied whole?",
    };
    fault(rows + 1, message, Some(hint))
}

fn fault(line: u64, message: String, hint: Option<&str>) -> io::Error {
    let fault = Fault {
        kind: FaultKind::InvalidParquet,
        line,
        column: 1,
        message,
        hint: hint.map(str::to_owned),
        row: String::new(),
    };
    io::Error::new(io::ErrorKind::InvalidData, fault)
}
