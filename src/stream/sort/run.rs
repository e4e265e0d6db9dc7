//! Lines in order, in memory or in a file: each as how many bytes it shares with the one before, how many
//! follow, and these.

use std::io::{self, Read, Seek, SeekFrom, Write};

/// Bytes that the two numbers before a line take at most.
const LONGEST_NUMBERS: usize = 20;

/// Lines in order.
#[derive(Debug)]
pub(super) enum Run<F> {
    Memory(Vec<u8>),
    File(F),
}

impl<F> Run<F> {
    /// Puts lines into order, each with its end; one that stands several times is kept once.
    pub(super) fn of_lines(text: &[u8]) -> Self {
        let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        lines.sort_unstable();
        lines.dedup();
        let mut run = Vec::with_capacity(text.len() / 2);
        let mut last: &[u8] = &[];
        for line in lines {
            append(&mut run, line, common_length(last, line));
            last = line;
        }
        run.shrink_to_fit();
        Self::Memory(run)
    }

    /// Bytes of memory that it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::File(_) => 0,
        }
    }
}

/// Appends a line of which the one before it has the first `shared` bytes, too.
pub(super) fn append(run: &mut Vec<u8>, line: &[u8], shared: usize) {
    let rest = line.get(shared..).unwrap_or_default();
    append_number(run, shared);
    append_number(run, rest.len());
    run.extend_from_slice(rest);
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn append_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let [lowest, ..] = number.to_le_bytes();
        if number <= 0x7F {
            out.push(lowest);
            return;
        }
        out.push(lowest | 0x80);
        number >>= 7;
    }
}

/// The number with which `bytes` begin, and how many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(LONGEST_NUMBERS / 2) {
        number |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
    }
    None
}

/// Bytes that both begin with.
pub(super) fn common_length(a: &[u8], b: &[u8]) -> usize {
    const WORD: usize = size_of::<u64>();
    let words = a.chunks_exact(WORD).zip(b.chunks_exact(WORD));
    let begin = words.take_while(|(a, b)| a == b).count() * WORD;
    let rest = a[begin..].iter().zip(&b[begin..]);
    begin + rest.take_while(|(a, b)| a == b).count()
}

/// Reads a run from its beginning, line by line.
#[derive(Debug)]
pub(super) struct Cursor<F> {
    /// What of the run is in memory.
    buffer: Vec<u8>,
    /// How far that is read.
    at: usize,
    /// Where the rest is, and how much of it is read at once.
    file: Option<(F, usize)>,
    /// The line at hand; empty at the end.
    pub(super) line: Vec<u8>,
    /// Bytes that it has in common with the one before it.
    pub(super) shared: usize,
}

impl<F: Read + Seek> Cursor<F> {
    /// Stands before the first line. Of a file `size` bytes are read at once.
    pub(super) fn new(run: Run<F>, size: usize) -> io::Result<Self> {
        let (buffer, file) = match run {
            Run::Memory(bytes) => (bytes, None),
            Run::File(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                (Vec::with_capacity(size), Some((file, size)))
            }
        };
        Ok(Self {
            buffer,
            at: 0,
            file,
            line: Vec::new(),
            shared: 0,
        })
    }

    /// Goes to the next line, and at the end to an empty one.
    pub(super) fn advance(&mut self) -> io::Result<()> {
        self.fill(LONGEST_NUMBERS)?;
        let held = self.buffer.get(self.at..).unwrap_or_default();
        if held.is_empty() {
            self.line.clear();
            self.shared = 0;
            return Ok(());
        }
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "it was changed");
        let (shared, first) = number(held).ok_or_else(broken)?;
        let (length, second) = number(&held[first..]).ok_or_else(broken)?;
        self.at += first + second;
        self.fill(length)?;
        let end = self.at.saturating_add(length);
        let rest = self.buffer.get(self.at..end).ok_or_else(broken)?;
        self.line.truncate(shared);
        self.line.extend_from_slice(rest);
        self.shared = shared;
        self.at = end;
        Ok(())
    }

    /// Holds so many bytes that are not read yet, if there are as many.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        let held = self.buffer.len() - self.at;
        let Some((file, size)) = &mut self.file else {
            return Ok(());
        };
        if held >= length {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let wanted = length.max(*size) - held;
        let read = file.take(wanted as u64).read_to_end(&mut self.buffer)?;
        if read < wanted {
            self.file = None;
        }
        Ok(())
    }
}

/// Writes a run into a file.
#[derive(Debug)]
pub(super) struct RunWriter<F> {
    file: F,
    buffer: Vec<u8>,
}

impl<F: Write> RunWriter<F> {
    /// Size at which the buffer goes to the file.
    const BUFFER: usize = 256 * 1024;

    pub(super) fn new(file: F) -> Self {
        Self {
            file,
            buffer: Vec::new(),
        }
    }

    /// Takes the next line, which shares `shared` bytes with the one before it.
    pub(super) fn push(&mut self, line: &[u8], shared: usize) -> io::Result<()> {
        append(&mut self.buffer, line, shared);
        if self.buffer.len() >= Self::BUFFER {
            self.file.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Run<F>> {
        self.file.write_all(&self.buffer)?;
        self.file.flush()?;
        Ok(Run::File(self.file))
    }
}
