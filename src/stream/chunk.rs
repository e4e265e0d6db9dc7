//! A text of lines in stretches that can be read apart from each other.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use super::buffer::LineBuffer;

/// Bytes that a chunk has at least, but for the last.
const CHUNK: usize = 512 * 1024;

/// Bytes of lines of one subject that stay in one chunk.
const LONGEST_SUBJECT: usize = 4 * 1024 * 1024;

/// A line that is longer is none; oxttl has the same limit.
pub const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// Whole lines.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The lines.
    pub bytes: Vec<u8>,
    /// Number of the first, from 1.
    pub first_line: u64,
}

/// Cuts what it reads into chunks. Lines that begin alike up to the first blank, such as those of one
/// subject, stay in one chunk, as long as it keeps below 4 MiB.
#[derive(Debug)]
pub struct ChunkReader<R> {
    buffer: LineBuffer<R>,
}

impl<R: Read> ChunkReader<R> {
    /// Reads from `reader`.
    pub fn new(reader: R) -> Self {
        Self {
            buffer: LineBuffer::new(reader, Vec::new(), 1),
        }
    }

    /// The next lines; `None` at the end. `spare` is a buffer to use again.
    ///
    /// # Errors
    ///
    /// When reading fails, or a line is longer than [`LONGEST_LINE`].
    pub fn next_chunk(&mut self, spare: Vec<u8>) -> io::Result<Option<Chunk>> {
        let mut size = CHUNK;
        loop {
            self.buffer.fill(size)?;
            let held = &self.buffer.held;
            if self.buffer.is_at_end {
                let all = held.len();
                return Ok((all > 0).then(|| self.give(all, spare)));
            }
            if let Some(end) = cut(held) {
                return Ok(Some(self.give(end, spare)));
            }
            if held.len() >= LONGEST_SUBJECT
                && let Some(end) = memrchr(b'\n', held)
            {
                return Ok(Some(self.give(end + 1, spare)));
            }
            if held.len() >= LONGEST_LINE {
                return Err(self.too_long());
            }
            size = (held.len() * 2).min(LONGEST_LINE);
        }
    }

    fn give(&mut self, end: usize, spare: Vec<u8>) -> Chunk {
        let (bytes, first_line) = self.buffer.give(end, spare);
        Chunk { bytes, first_line }
    }

    fn too_long(&self) -> io::Error {
        let message = format!(
            "line {} is longer than {} MiB",
            self.buffer.line,
            LONGEST_LINE >> 20
        );
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

/// Where the last line begins that does not begin as the one before it.
fn cut(text: &[u8]) -> Option<usize> {
    let mut end = memrchr(b'\n', text)?;
    let mut last = first_word(&text[memrchr(b'\n', &text[..end]).map_or(0, |at| at + 1)..end]);
    loop {
        let start = memrchr(b'\n', &text[..end]).map_or(0, |at| at + 1);
        let word = first_word(&text[start..end]);
        if word != last {
            return Some(end + 1);
        }
        last = word;
        end = start.checked_sub(1)?;
    }
}

fn first_word(line: &[u8]) -> &[u8] {
    &line[..memchr(b' ', line).unwrap_or(line.len())]
}

#[cfg(test)]
mod tests {
    use memchr::memchr_iter;

    use super::*;

    fn chunks(text: &[u8]) -> Vec<Chunk> {
        let mut reader = ChunkReader::new(text);
        let mut chunks = Vec::new();
        while let Some(chunk) = reader.next_chunk(Vec::new()).unwrap() {
            chunks.push(chunk);
        }
        chunks
    }

    #[test]
    fn chunks_end_where_subjects_end() {
        let text: String = (0..90_000)
            .map(|at| format!("<s{}> <p> <o> .\n", at / 7))
            .collect();
        let found = chunks(text.as_bytes());
        assert!(found.len() >= 2, "{}", found.len());
        let mut line = 1;
        for pair in found.windows(2) {
            let last = pair[0].bytes.split(|byte| *byte == b'\n').rev().nth(1);
            assert_ne!(first_word(last.unwrap()), first_word(&pair[1].bytes));
            assert_eq!(pair[0].first_line, line);
            line += memchr_iter(b'\n', &pair[0].bytes).count() as u64;
        }
        let all: Vec<u8> = found.into_iter().flat_map(|chunk| chunk.bytes).collect();
        assert!(all == text.as_bytes());
    }

    #[test]
    fn one_subject_is_cut_in_the_end_and_one_line_never() {
        let line = "<s> <p> <o> .\n";
        let text = line.repeat(LONGEST_SUBJECT / line.len() + 10);
        let found = chunks(text.as_bytes());
        assert_eq!(found.len(), 2);
        assert!(found[0].bytes.ends_with(b".\n"));
        let endless = io::repeat(b'x').take(10 * LONGEST_LINE as u64);
        let mut reader = ChunkReader::new(b"a\n".chain(endless));
        assert_eq!(
            reader.next_chunk(Vec::new()).unwrap().unwrap().bytes,
            b"a\n"
        );
        let error = reader.next_chunk(Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "line 2 is longer than 16 MiB");
        assert!(reader.buffer.held.capacity() <= 2 * LONGEST_LINE);
    }
}
