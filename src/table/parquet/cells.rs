//! The values of one column, row after row.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use super::text::{Meaning, Text};

/// A column of a row group.
pub(super) trait Cells: Send {
    /// Decodes up to `count` rows in place of those that were decoded, and gives their number.
    fn decode(&mut self, count: usize) -> Result<usize, ParquetError>;

    /// Appends what the next row that was decoded has, as strings of JSON with commas between them, and gives
    /// their number. `None` where a value has no text.
    fn append_next(&mut self, meaning: Meaning, out: &mut Vec<u8>) -> Option<usize>;
}

/// The column that `reader` reads.
pub(super) fn open(reader: ColumnReader, descriptor: &ColumnDescriptor) -> Box<dyn Cells> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::Int32ColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::Int64ColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::Int96ColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::FloatColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::DoubleColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::ByteArrayColumnReader(reader) => TypedCells::boxed(reader, descriptor),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            TypedCells::boxed(reader, descriptor)
        }
    }
}

/// Values with the [levels](https://parquet.apache.org/docs/file-format/nestedencoding/) that say which row
/// they are of.
struct TypedCells<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    /// The definition level of a value that is there.
    defined: i16,
    next_value: usize,
    next_level: usize,
}

impl<T: DataType> TypedCells<T>
where
    T::T: Text,
{
    fn boxed(reader: ColumnReaderImpl<T>, descriptor: &ColumnDescriptor) -> Box<dyn Cells> {
        Box::new(Self {
            reader,
            values: Vec::new(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
            defined: descriptor.max_def_level(),
            next_value: 0,
            next_level: 0,
        })
    }
}

impl<T: DataType> Cells for TypedCells<T>
where
    T::T: Text,
{
    fn decode(&mut self, count: usize) -> Result<usize, ParquetError> {
        self.values.clear();
        self.definitions.clear();
        self.repetitions.clear();
        self.next_value = 0;
        self.next_level = 0;
        let (rows, _, _) = self.reader.read_records(
            count,
            Some(&mut self.definitions),
            Some(&mut self.repetitions),
            &mut self.values,
        )?;
        Ok(rows)
    }

    fn append_next(&mut self, meaning: Meaning, out: &mut Vec<u8>) -> Option<usize> {
        let mut count = 0;
        loop {
            // A column that is always there has no levels.
            let definition = self.definitions.get(self.next_level);
            if definition.is_none_or(|it| *it == self.defined)
                && let Some(value) = self.values.get(self.next_value)
            {
                if count > 0 {
                    out.push(b',');
                }
                out.push(b'"');
                value.append(meaning, out)?;
                out.push(b'"');
                self.next_value += 1;
                count += 1;
            }
            self.next_level += 1;
            // Each row begins with the level 0.
            if self
                .repetitions
                .get(self.next_level)
                .is_none_or(|it| *it == 0)
            {
                return Some(count);
            }
        }
    }
}
