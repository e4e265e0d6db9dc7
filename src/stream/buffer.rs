//! What was read of a text of lines and is not yet given.

use std::io::{self, Read};

use memchr::memchr_iter;

/// Bytes of room that a buffer keeps to be used again: long lines are few.
pub(super) const KEPT: usize = 2 * 1024 * 1024;

/// A buffer in front of a reader, which knows on which line it begins.
#[derive(Debug)]
pub(crate) struct LineBuffer<R> {
    reader: R,
    /// What was read and not yet given.
    pub(crate) held: Vec<u8>,
    /// Number of the first line that is held, from 1.
    pub(crate) line: u64,
    /// Whether the reader has no more.
    pub(crate) is_at_end: bool,
}

impl<R: Read> LineBuffer<R> {
    /// In front of `reader`, of which `held` is read already, which begins with `line`.
    pub(crate) fn new(reader: R, held: Vec<u8>, line: u64) -> Self {
        Self {
            reader,
            held,
            line,
            is_at_end: false,
        }
    }

    /// Reads until `size` bytes are held, or there are no more.
    pub(crate) fn fill(&mut self, size: usize) -> io::Result<()> {
        let missing = size.saturating_sub(self.held.len());
        if !self.is_at_end && missing > 0 {
            let read = (&mut self.reader)
                .take(missing as u64)
                .read_to_end(&mut self.held)?;
            self.is_at_end = read < missing;
        }
        Ok(())
    }

    /// Gives the bytes up to `end`, and the number of their first line. `spare` is a buffer to use again.
    pub(crate) fn give(&mut self, end: usize, mut spare: Vec<u8>) -> (Vec<u8>, u64) {
        spare.clear();
        spare.shrink_to(KEPT);
        spare.extend_from_slice(self.held.get(end..).unwrap_or_default());
        let mut bytes = std::mem::replace(&mut self.held, spare);
        bytes.truncate(end);
        let first_line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        (bytes, first_line)
    }
}
