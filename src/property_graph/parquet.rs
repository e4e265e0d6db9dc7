//! Tables as [Parquet](https://parquet.apache.org/docs/file-format/), columns with types.

use std::io::{self, Write};
use std::mem;
use std::str::FromStr;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::column::{Column, ColumnType, Table, Value};

/// Rows that are held until they are written together; readers skip groups that they do not need.
const ROW_GROUP: usize = 1 << 16;

/// Writes a table as Parquet, compressed with Snappy: texts as UTF-8 by way of dictionaries, whole
/// numbers in 64 bits, others as doubles, days as dates, lists as lists. A cell with nothing in it is
/// null.
pub(super) fn write_parquet(table: &dyn Table, out: &mut dyn Write) -> io::Result<u64> {
    let columns = table.columns();
    let mut file = File::new(columns).map_err(io::Error::other)?;
    let mut buffers: Vec<Buffer> = columns.iter().map(Buffer::new).collect();
    let mut held = 0;
    let count = table.for_each_row(&mut |row| {
        for (buffer, cell) in buffers.iter_mut().zip(row) {
            buffer.push(cell)?;
        }
        held += 1;
        if held == ROW_GROUP {
            held = 0;
            file.write(&mut buffers, out)?;
        }
        Ok(())
    })?;
    if held > 0 {
        file.write(&mut buffers, out)?;
    }
    out.write_all(&file.writer.into_inner().map_err(io::Error::other)?)?;
    Ok(count)
}

/// The library wants a writer that goes from thread to thread, which ours need not: it writes into
/// memory, and each group of rows goes on from there.
struct File {
    writer: SerializedFileWriter<Vec<u8>>,
}

impl File {
    fn new(columns: &[Column]) -> Result<Self, ParquetError> {
        let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("schema")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer })
    }

    /// Writes a group of rows and empties the buffers.
    fn write(&mut self, buffers: &mut [Buffer], out: &mut dyn Write) -> io::Result<()> {
        self.write_group(buffers).map_err(io::Error::other)?;
        self.writer.flush()?;
        out.write_all(&mem::take(self.writer.inner_mut()))
    }

    fn write_group(&mut self, buffers: &mut [Buffer]) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for buffer in buffers {
            if let Some(mut column) = group.next_column()? {
                buffer.write(&mut column)?;
                column.close()?;
            }
        }
        group.close().map(drop)
    }
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnType::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Integer => (PhysicalType::INT64, None),
        ColumnType::Decimal => (PhysicalType::DOUBLE, None),
        ColumnType::Boolean => (PhysicalType::BOOLEAN, None),
        ColumnType::Day => (PhysicalType::INT32, Some(LogicalType::Date)),
    };
    let value = |name: &str, repetition| {
        Type::primitive_type_builder(name, physical)
            .with_logical_type(logical.clone())
            .with_repetition(repetition)
            .build()
            .map(Arc::new)
    };
    if !column.is_list {
        return value(&column.name, Repetition::OPTIONAL);
    }
    let list = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![value("element", Repetition::REQUIRED)?])
        .build()?;
    Type::group_type_builder(&column.name)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(list)])
        .build()
        .map(Arc::new)
}

/// The values of a column in the rows that are held, with the
/// [levels](https://parquet.apache.org/docs/file-format/nestedencoding/) that say which row they are of.
struct Buffer {
    values: Values,
    is_list: bool,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Decimal(Vec<f64>),
    Boolean(Vec<bool>),
    Day(Vec<i32>),
}

impl Buffer {
    fn new(column: &Column) -> Self {
        Self {
            values: match column.kind {
                ColumnType::Text => Values::Text(Vec::new()),
                ColumnType::Integer => Values::Integer(Vec::new()),
                ColumnType::Decimal => Values::Decimal(Vec::new()),
                ColumnType::Boolean => Values::Boolean(Vec::new()),
                ColumnType::Day => Values::Day(Vec::new()),
            },
            is_list: column.is_list,
            definitions: Vec::new(),
            repetitions: Vec::new(),
        }
    }

    fn push(&mut self, cell: &[Value<'_>]) -> io::Result<()> {
        if cell.is_empty() {
            self.definitions.push(0);
            self.repetitions.push(0);
        }
        // A list is there, and then a value in it.
        let defined = if self.is_list { 2 } else { 1 };
        for (at, value) in cell.iter().enumerate() {
            self.definitions.push(defined);
            self.repetitions.push(i16::from(at > 0));
            match (&mut self.values, value) {
                (Values::Text(texts), value) => {
                    texts.push(value.to_text().into_owned().into_bytes().into());
                }
                (Values::Integer(numbers), value) => numbers.push(number(value)?),
                (Values::Decimal(numbers), value) => numbers.push(number(value)?),
                (Values::Boolean(values), Value::Boolean(value)) => values.push(*value),
                (Values::Day(days), Value::Day(day)) => days.push(day.days_since_1970()),
                (Values::Boolean(_) | Values::Day(_), value) => {
                    return Err(io::Error::other(format!("`{value}` is of another type")));
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = (&self.definitions, self.is_list.then_some(&self.repetitions));
        match &mut self.values {
            Values::Text(values) => write_values::<ByteArrayType>(column, values, levels)?,
            Values::Integer(values) => write_values::<Int64Type>(column, values, levels)?,
            Values::Decimal(values) => write_values::<DoubleType>(column, values, levels)?,
            Values::Boolean(values) => write_values::<BoolType>(column, values, levels)?,
            Values::Day(values) => write_values::<Int32Type>(column, values, levels)?,
        }
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

fn write_values<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    (definitions, repetitions): (&Vec<i16>, Option<&Vec<i16>>),
) -> Result<(), ParquetError> {
    let repetitions = repetitions.map(Vec::as_slice);
    column
        .typed::<T>()
        .write_batch(values, Some(definitions), repetitions)?;
    values.clear();
    Ok(())
}

/// A number as machines have it.
fn number<N: FromStr>(value: &Value<'_>) -> io::Result<N> {
    let text = value.to_text();
    text.parse()
        .map_err(|_| io::Error::other(format!("`{text}` is no number")))
}
