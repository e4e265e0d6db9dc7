//! Tables from the beginning: the header, then chunks of rows.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::chunk::{ChunkReader, LONGEST_ROW};
use super::fault::{Fault, FaultKind};
use super::layout::Layout;
use super::mapping::Mapping;
use super::row::Row;
use super::strict::Others;
use super::syntax::Syntax;

/// Where a table comes from.
pub trait TableSource: Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// The table from its beginning; asked for again where a table is read twice. An error of the reader
    /// that holds a [`Fault`] is one of the table.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;

    /// What its rows are held against; nothing where each is judged by itself.
    fn others(&self) -> Option<Arc<Others>> {
        None
    }
}

/// What takes the faults of rows.
pub trait Report {
    /// Takes a fault of the table `name`, and says whether to go on.
    ///
    /// # Errors
    ///
    /// When it cannot be kept.
    fn fault(&mut self, name: &str, fault: &Fault) -> io::Result<ControlFlow<()>>;
}

/// Why tables cannot be converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A table cannot be read.
    #[error("cannot read `{name}`")]
    Read {
        /// The table.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The first line makes no table, or what is read is none from some row on.
    #[error("{name}:{fault}")]
    Unsound {
        /// The table.
        name: String,
        /// What is wrong.
        fault: Box<Fault>,
    },
    /// A table was not the same when it was read again.
    #[error("`{0}` changed while it was read")]
    Changed(String),
    /// There are more nodes or predicates than can be numbered.
    #[error("there are more than 4 billion nodes")]
    TooManyNodes,
    /// There are more triples than a graph can hold.
    #[error("a graph holds four thousand million terms and triples at most")]
    TooLarge,
    /// The report asked to stop.
    #[error("too many faults")]
    Stopped,
    /// Writing failed.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl TableError {
    /// The error that reading the table `name` gave.
    fn of_reading(name: &str, error: io::Error) -> Self {
        let name = name.to_owned();
        match error.downcast::<Fault>() {
            Ok(fault) => Self::Unsound {
                name,
                fault: Box::new(fault),
            },
            Err(source) => Self::Read { name, source },
        }
    }
}

/// What was converted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Rows of nodes.
    pub nodes: u64,
    /// Rows of edges.
    pub edges: u64,
    /// Rows that were faulty and left out.
    pub faulty: u64,
    /// Nodes that edges have and no table of nodes; counted only where nodes are held.
    pub unknown_nodes: Option<u64>,
}

/// A table whose header is read.
#[derive(Debug)]
pub struct TableReader<R> {
    /// What its columns are.
    pub layout: Layout,
    /// Its rows.
    pub chunks: ChunkReader<R>,
}

impl<R: Read> TableReader<R> {
    /// Reads the header of the table `name`. The first line says which [`Syntax`] it is; a byte order
    /// mark does no harm.
    ///
    /// # Errors
    ///
    /// When reading fails, or the header makes no table.
    pub fn open(name: &str, mut reader: R, mapping: &Mapping) -> Result<Self, TableError> {
        let mut held =
            read_first_line(&mut reader).map_err(|error| TableError::of_reading(name, error))?;
        if held.starts_with(b"\xEF\xBB\xBF") {
            held.drain(..3);
        }
        let failed = |fault: Fault| TableError::Unsound {
            name: name.to_owned(),
            fault: Box::new(fault),
        };
        let first = held.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let syntax = Syntax::of_line(first);
        let length = syntax.record_length(&held);
        let header = header_text(held.get(..length).unwrap_or_default()).map_err(failed)?;
        let layout = Layout::of_header(header.trim_end_matches(['\n', '\r']), syntax, mapping)
            .map_err(failed)?;
        let lines = header.matches('\n').count() as u64;
        let mut line = 1;
        if syntax != Syntax::JsonLines {
            held.drain(..length);
            line += lines.max(1);
        }
        Ok(Self {
            layout,
            chunks: ChunkReader::new(reader, syntax, held, line),
        })
    }
}

/// Opens `source` and reads its header.
pub(super) fn open(
    source: &dyn TableSource,
    mapping: &Mapping,
) -> Result<TableReader<Box<dyn Read + Send>>, TableError> {
    let reader = source.open().map_err(|error| read_error(source, error))?;
    let mut reader = TableReader::open(source.name(), reader, mapping)?;
    reader.layout.others = source.others();
    Ok(reader)
}

pub(super) fn read_error(source: &dyn TableSource, error: io::Error) -> TableError {
    TableError::of_reading(source.name(), error)
}

/// Hands faults to `report`.
pub(super) fn tell(
    report: &mut dyn Report,
    name: &str,
    faults: &[Fault],
    counts: &mut Counts,
) -> Result<(), TableError> {
    for fault in faults {
        counts.faulty += 1;
        if report.fault(name, fault)?.is_break() {
            return Err(TableError::Stopped);
        }
    }
    Ok(())
}

/// Hands each sound row of a table to `take`, and gives the layout back.
pub(super) fn each_row(
    table: &dyn TableSource,
    reader: TableReader<Box<dyn Read + Send>>,
    report: &mut dyn Report,
    counts: &mut Counts,
    mut take: impl FnMut(&Row<'_>, &mut Counts) -> Result<(), TableError>,
) -> Result<Layout, TableError> {
    let TableReader { layout, mut chunks } = reader;
    let mut spare = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    loop {
        let chunk = chunks
            .next_chunk(spare)
            .map_err(|error| read_error(table, error))?;
        let Some(chunk) = chunk else {
            return Ok(layout);
        };
        let mut taken = Ok(());
        layout.rows(&chunk, &mut faults, |row| {
            if taken.is_ok() {
                taken = take(row, counts);
            }
        });
        taken?;
        tell(report, table.name(), &faults, counts)?;
        faults.clear();
        spare = chunk.bytes;
    }
}

/// Reads until a line has ended, or more than a row may have was read.
fn read_first_line(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    const STEP: u64 = 64 * 1024;
    let mut held = Vec::new();
    loop {
        let before = held.len();
        let read = reader.by_ref().take(STEP).read_to_end(&mut held)?;
        let has_ended = held.get(before..).unwrap_or_default().contains(&b'\n');
        if read == 0 || has_ended || held.len() > LONGEST_ROW {
            return Ok(held);
        }
    }
}

fn header_text(bytes: &[u8]) -> Result<String, Fault> {
    let fault = |kind, message: String, hint: Option<&str>| Fault {
        kind,
        line: 1,
        column: 1,
        message,
        hint: hint.map(str::to_owned),
        row: String::new(),
    };
    if bytes.trim_ascii().is_empty() {
        let message = "the first line names no columns".to_owned();
        return Err(fault(FaultKind::InvalidHeader, message, None));
    }
    if bytes.len() > LONGEST_ROW {
        let message = format!("the first line is longer than {} MiB", LONGEST_ROW >> 20);
        return Err(fault(FaultKind::RowTooLong, message, None));
    }
    let hint = Some("is it of another encoding, or compressed? iconv -f GBK -t UTF-8 converts it");
    match std::str::from_utf8(bytes) {
        Err(_) => {
            let message = "the first line is not UTF-8".to_owned();
            Err(fault(FaultKind::InvalidUtf8, message, hint))
        }
        Ok(text) if text.contains('\0') => {
            let message = "the first line holds a NUL byte".to_owned();
            Err(fault(FaultKind::NulByte, message, hint))
        }
        Ok(text) => Ok(text.to_owned()),
    }
}
