//! A table in stretches of whole rows, so that rows can be converted apart from each other.

use std::io::{self, Read};

use memchr::memchr;

use super::fault::{Fault, FaultKind};
use super::syntax::Syntax;
use crate::stream::LineBuffer;

/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;

/// A row that is longer is none.
pub const LONGEST_ROW: usize = 8 * 1024 * 1024;

/// Some rows of a table, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Whole rows.
    pub(super) bytes: Vec<u8>,
    /// Line on which they begin, from 1.
    pub(super) first_line: u64,
    /// Rows before them that could not even be kept.
    pub(super) faults: Vec<Fault>,
}

/// Reads chunks. Memory stays below [`LONGEST_ROW`] and a chunk, whatever is read.
#[derive(Debug)]
pub struct ChunkReader<R> {
    buffer: LineBuffer<R>,
    syntax: Syntax,
    faults: Vec<Fault>,
}

impl<R: Read> ChunkReader<R> {
    /// Reads from `reader`, of whose table `held` is read already: whole lines or not.
    pub(super) fn new(reader: R, syntax: Syntax, held: Vec<u8>, line: u64) -> Self {
        Self {
            buffer: LineBuffer::new(reader, held, line),
            syntax,
            faults: Vec::new(),
        }
    }

    /// The next rows; `None` at the end. `spare` is a buffer to use again.
    ///
    /// # Errors
    ///
    /// When reading fails.
    pub fn next_chunk(&mut self, spare: Vec<u8>) -> io::Result<Option<Chunk>> {
        let mut size = CHUNK;
        loop {
            self.buffer.fill(size)?;
            let whole = self.syntax.whole_records(&self.buffer.held);
            let end = if self.buffer.is_at_end && !whole.is_quoted {
                self.buffer.held.len()
            } else {
                whole.end
            };
            if end > 0 {
                return Ok(Some(self.give(end, spare)));
            }
            if self.buffer.is_at_end && self.buffer.held.is_empty() {
                return Ok((!self.faults.is_empty()).then(|| self.give(0, spare)));
            }
            if whole.is_quoted && (self.buffer.is_at_end || self.buffer.held.len() > LONGEST_ROW) {
                self.drop_open_line();
            } else if self.buffer.held.len() > LONGEST_ROW {
                self.skip_line()?;
            } else {
                size = self.buffer.held.len() + CHUNK;
            }
        }
    }

    fn give(&mut self, end: usize, spare: Vec<u8>) -> Chunk {
        let (bytes, first_line) = self.buffer.give(end, spare);
        Chunk {
            bytes,
            first_line,
            faults: std::mem::take(&mut self.faults),
        }
    }

    /// Gives up the line that a quotation mark opens, so that those after it are read.
    fn drop_open_line(&mut self) {
        let length = memchr(b'\n', &self.buffer.held).map_or(self.buffer.held.len(), |at| at + 1);
        let line: Vec<u8> = self.buffer.held.drain(..length).collect();
        let row = String::from_utf8_lossy(&line).trim_end().to_owned();
        self.faults.push(Fault {
            kind: FaultKind::UnclosedQuote,
            line: self.buffer.line,
            column: opened_at(&row),
            message: "the quotation mark is never closed".to_owned(),
            hint: Some("double the quotation marks inside a field: \"\"".to_owned()),
            row,
        });
        self.buffer.line += 1;
    }

    /// Goes past the end of a line that is too long.
    fn skip_line(&mut self) -> io::Result<()> {
        self.faults.push(Fault {
            kind: FaultKind::RowTooLong,
            line: self.buffer.line,
            column: 1,
            message: format!("the row is longer than {} MiB", LONGEST_ROW >> 20),
            hint: None,
            row: String::new(),
        });
        self.buffer.line += 1;
        loop {
            if let Some(end) = memchr(b'\n', &self.buffer.held) {
                self.buffer.held.drain(..=end);
                return Ok(());
            }
            self.buffer.held.clear();
            if self.buffer.is_at_end {
                return Ok(());
            }
            self.buffer.fill(CHUNK)?;
        }
    }
}

/// Column in characters, from 1, of the last quotation mark that begins a field of `row`.
fn opened_at(row: &str) -> usize {
    let at = if row.starts_with('"') && !row.contains(",\"") {
        0
    } else {
        row.rfind(",\"").map_or(0, |at| at + 1)
    };
    row.get(..at).unwrap_or_default().chars().count() + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunks(text: &[u8], syntax: Syntax) -> Vec<Chunk> {
        let mut reader = ChunkReader::new(text, syntax, Vec::new(), 1);
        let mut chunks = Vec::new();
        while let Some(chunk) = reader.next_chunk(Vec::new()).unwrap() {
            chunks.push(chunk);
        }
        chunks
    }

    #[test]
    fn chunks_end_where_rows_end() {
        let row = "甲乙丙\n";
        let text = row.repeat(3 * CHUNK / row.len());
        let found = chunks(text.as_bytes(), Syntax::Tsv);
        assert!(found.len() >= 3);
        let mut line = 1;
        for chunk in &found {
            assert!(chunk.bytes.ends_with(row.as_bytes()));
            assert_eq!(chunk.first_line, line);
            line += (chunk.bytes.len() / row.len()) as u64;
        }
        let all: Vec<u8> = found.into_iter().flat_map(|chunk| chunk.bytes).collect();
        assert_eq!(all, text.as_bytes());
    }

    #[test]
    fn a_row_without_end_is_skipped_in_bounded_memory() {
        let endless = io::repeat(b'x').take(10 * LONGEST_ROW as u64);
        let mut reader =
            ChunkReader::new(endless.chain(&b"\na\tb\n"[..]), Syntax::Tsv, Vec::new(), 1);
        let chunk = reader.next_chunk(Vec::new()).unwrap().unwrap();
        assert_eq!(chunk.bytes, b"a\tb\n");
        assert_eq!(chunk.first_line, 2);
        assert_eq!(chunk.faults[0].kind, FaultKind::RowTooLong);
        assert!(reader.buffer.held.capacity() <= 2 * LONGEST_ROW);
        assert!(reader.next_chunk(Vec::new()).unwrap().is_none());
    }

    #[test]
    fn an_open_quotation_mark_costs_its_line_only() {
        let found = chunks(b"a,b\n1,\"x\n2,y\n3,\"z\n\"\n", Syntax::Csv);
        let rows: Vec<u8> = found.iter().flat_map(|it| it.bytes.clone()).collect();
        let faults: Vec<_> = found.iter().flat_map(|it| &it.faults).collect();
        // The mark of line 2 is closed by that of line 4, where a text follows.
        assert_eq!(String::from_utf8(rows).unwrap(), "a,b\n1,\"x\n2,y\n3,\"z\n");
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].line, faults[0].column), (5, 1));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a\",\n甲]{0,40}", is_csv: bool) {
            let syntax = if is_csv { Syntax::Csv } else { Syntax::Tsv };
            let found = chunks(text.as_bytes(), syntax);
            let given: usize = found.iter().map(|it| it.bytes.len()).sum();
            let dropped: usize = found.iter().flat_map(|it| &it.faults).map(|it| it.row.len()).sum();
            // Line ends of dropped rows are not counted.
            prop_assert!(given + dropped <= text.len());
            prop_assert!(text.len() - given - dropped <= text.matches('\n').count());
        }
    }
}
