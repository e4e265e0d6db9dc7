//! Rows as triples for any sink, by way of the lines that threads make of them.

use std::io::{self, Write};

use super::lines::{LineProfile, write_lines};
use super::mapping::Mapping;
use super::reader::{Counts, Report, TableError, TableSource};
use crate::rdf::{ProvenanceProfile, TripleSink};
use crate::stream::LineReader;

/// Hands the triples of the rows of `tables` to `sink`, in their order: those that [`write_lines`] writes,
/// in the same memory. Handed to a [`Sorter`](crate::stream::Sorter) they become Turtle or TriG in which
/// statements stand together, too, and the order of the rows makes no difference.
///
/// # Errors
///
/// When a table cannot be read, has no usable header, `report` stops, or `sink` fails.
pub fn give_triples(
    tables: &[&dyn TableSource],
    mapping: &Mapping,
    provenance: ProvenanceProfile,
    workers: usize,
    sink: &mut dyn TripleSink,
    report: &mut dyn Report,
) -> Result<Counts, TableError> {
    let profile = LineProfile {
        provenance,
        has_graphs: true,
    };
    let mut lines = Lines {
        reader: LineReader::new().with_graphs(),
        sink,
    };
    write_lines(tables, mapping, profile, workers, &mut lines, report)
}

/// Takes whole lines, and hands on what they say.
struct Lines<'s> {
    reader: LineReader,
    sink: &'s mut dyn TripleSink,
}

impl Write for Lines<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.reader.read(text, 1, self.sink, |fault| {
            Err(io::Error::new(io::ErrorKind::InvalidData, fault))
        })?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
