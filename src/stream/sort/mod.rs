//! RDF of any size in one order, in as much memory as is allowed and with temporary files beyond.

mod line;
mod merge;
mod run;

use std::io::{self, Read, Seek, Write};
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use oxrdf::{GraphNameRef, TripleRef};

use self::line::LineGiver;
use self::merge::Merge;
use self::run::{Run, RunWriter};
use crate::prefix::PrefixMap;
use crate::rdf::order::{append_graph, append_ordered};
use crate::rdf::turtle::needs_rdf_12;
use crate::rdf::{PartSerializer, RdfFormat, TripleSink, UsedPrefixes};

/// Bytes of lines that are put into order at once, and that are handed on at once.
const PIECE: usize = 1 << 20;

/// Pieces that are under way from thread to thread.
const DEPTH: usize = 2;

/// Files that are read at once.
const MOST_FILES: usize = 64;

/// What holds a part of what is sorted and is gone when it is dropped, such as a file without a name.
pub trait Scratch: Read + Write + Seek + Send + 'static {}

impl<F: Read + Write + Seek + Send + 'static> Scratch for F {}

/// Takes triples in any order and gives them in the order of [`write_quads`](crate::rdf::write_quads),
/// each once: the default graph first, then graphs, subjects, predicates and objects by the bytes of their
/// N-Triples, what a subject is (`a`) first. The budget makes no difference to the result.
///
/// What is taken becomes lines, which a second thread puts into order, keeps without what each has in
/// common with the one before, and merges into a file whenever they have used up the budget.
///
/// ```
/// use std::io::Cursor;
/// use tupu::prefix::PrefixMap;
/// use tupu::rdf::RdfFormat;
/// use tupu::stream::{self, Sorter};
///
/// let lines = b"<urn:b> <urn:p> <urn:c> .\n<urn:a> <urn:p> _:x .\n<urn:b> <urn:p> <urn:c> .\n";
/// let prefixes = PrefixMap::new();
/// let mut sorter = Sorter::new(1 << 20, &prefixes, || Ok(Cursor::new(Vec::new())));
/// stream::read(&lines[..], RdfFormat::NTriples, None, &mut sorter)?;
/// let mut sorted = Vec::new();
/// sorter.finish()?.write(RdfFormat::NTriples, &mut sorted)?;
/// assert_eq!(sorted, b"<urn:a> <urn:p> _:x .\n<urn:b> <urn:p> <urn:c> .\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sorter<'p, F> {
    /// Lines that are not yet handed on.
    lines: Vec<u8>,
    piece: usize,
    /// Name of the graph at hand, as lines have it.
    graph: Vec<u8>,
    pieces: Option<SyncSender<Vec<u8>>>,
    keeper: Option<JoinHandle<io::Result<Keeper<F>>>>,
    prefixes: UsedPrefixes<'p>,
    declared: PrefixMap,
    is_rdf_12: bool,
}

impl<'p, F: Scratch> Sorter<'p, F> {
    /// Holds up to `memory` bytes, besides some MiB for what is under way, and asks `scratch` for a place
    /// for more. Of `prefixes` those are declared in the end that are used, beside those that are
    /// [declared](TripleSink::prefix) here.
    pub fn new(
        memory: usize,
        prefixes: &'p PrefixMap,
        scratch: impl FnMut() -> io::Result<F> + Send + 'static,
    ) -> Self {
        let (give, pieces) = sync_channel(DEPTH);
        let keeper = Keeper {
            memory,
            scratch: Box::new(scratch),
            held: Vec::new(),
            size: 0,
            files: Vec::new(),
        };
        Self {
            lines: Vec::new(),
            piece: (memory / 16).min(PIECE),
            graph: Vec::new(),
            pieces: Some(give),
            keeper: Some(thread::spawn(move || keeper.keep_all(&pieces))),
            prefixes: UsedPrefixes::of(prefixes),
            declared: PrefixMap::new(),
            is_rdf_12: false,
        }
    }

    /// Ends what is taken.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be written or read.
    pub fn finish(mut self) -> io::Result<Sorted<F>> {
        self.hand_on()?;
        let keeper = self.end()?;
        let mut prefixes = mem::take(&mut self.declared);
        for (prefix, namespace) in self.prefixes.iter() {
            if prefixes.namespace(prefix).is_none() {
                prefixes.declare(prefix, namespace);
            }
        }
        Ok(Sorted {
            lines: keeper.finish().map_err(temporary)?,
            prefixes,
            is_rdf_12: self.is_rdf_12,
        })
    }

    /// Hands on the lines at hand.
    fn hand_on(&mut self) -> io::Result<()> {
        let lines = mem::take(&mut self.lines);
        let is_taken = self
            .pieces
            .as_ref()
            .is_some_and(|pieces| pieces.send(lines).is_ok());
        if is_taken {
            Ok(())
        } else {
            // The keeper ended early, and says why.
            self.end().map(drop)
        }
    }

    /// Waits for the keeper.
    fn end(&mut self) -> io::Result<Keeper<F>> {
        self.pieces = None;
        let ended = || io::Error::other("sorting ended early");
        let keeper = self.keeper.take().ok_or_else(ended)?;
        keeper.join().map_err(|_| ended())?.map_err(temporary)
    }
}

impl<F: Scratch> TripleSink for Sorter<'_, F> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        self.declared.declare(prefix, namespace);
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.graph.clear();
        append_graph(&mut self.graph, name);
        self.prefixes.graph(name)
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.lines.extend_from_slice(&self.graph);
        append_ordered(&mut self.lines, triple);
        self.lines.push(b'\n');
        self.is_rdf_12 |= needs_rdf_12(triple.object);
        self.prefixes.triple(triple)?;
        if self.lines.len() >= self.piece {
            self.hand_on()?;
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` wants it")]
fn temporary(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("temporary file: {error}"))
}

/// What is sorted, before it is written.
#[derive(Debug)]
pub struct Sorted<F> {
    lines: Merge<F>,
    prefixes: PrefixMap,
    is_rdf_12: bool,
}

impl<F: Scratch> Sorted<F> {
    /// The prefixes that Turtle will declare.
    pub fn prefixes(&self) -> &PrefixMap {
        &self.prefixes
    }

    /// Writes all as `format`.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be read, `writer` fails, or the format cannot say what was taken.
    pub fn write(self, format: RdfFormat, writer: &mut dyn Write) -> io::Result<()> {
        let mut serializer = PartSerializer::new(format, self.prefixes.clone());
        if self.is_rdf_12 {
            serializer = serializer.with_rdf_12();
        }
        serializer.write_head(writer)?;
        serializer.write_part(writer, |sink| self.give(sink))
    }

    /// Hands all to `sink`; another thread merges meanwhile.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be read, or `sink` fails.
    pub fn give(self, sink: &mut dyn TripleSink) -> io::Result<()> {
        let (give, pieces) = sync_channel(DEPTH);
        let merging = thread::spawn(move || give_lines(self.lines, &give));
        let mut lines = LineGiver::default();
        for piece in pieces {
            lines.give(&piece, sink)?;
        }
        let ended = |_| io::Error::other("merging ended early");
        merging.join().map_err(ended)?.map_err(temporary)
    }
}

fn give_lines<F: Scratch>(mut lines: Merge<F>, pieces: &SyncSender<Vec<u8>>) -> io::Result<()> {
    let mut piece = Vec::new();
    while let Some((line, _)) = lines.next_line()? {
        piece.extend_from_slice(line);
        if piece.len() >= PIECE && pieces.send(mem::take(&mut piece)).is_err() {
            // Nobody wants more.
            return Ok(());
        }
    }
    // The last one may be unwanted, too.
    drop(pieces.send(piece));
    Ok(())
}

type MakeScratch<F> = Box<dyn FnMut() -> io::Result<F> + Send>;

/// Keeps what is sorted: in memory up to the budget, then in files.
struct Keeper<F> {
    memory: usize,
    scratch: MakeScratch<F>,
    held: Vec<Run<F>>,
    /// Bytes that are held.
    size: usize,
    /// Files by how often what they hold was merged before.
    files: Vec<Vec<Run<F>>>,
}

impl<F: Scratch> Keeper<F> {
    fn keep_all(mut self, pieces: &Receiver<Vec<u8>>) -> io::Result<Self> {
        for lines in pieces {
            let run = Run::of_lines(&lines);
            self.size += run.size();
            self.held.push(run);
            // The rest is for what of files is read at once.
            if self.size > self.memory / 4 * 3 {
                let held = mem::take(&mut self.held);
                self.size = 0;
                self.put_away(held, 0)?;
            }
        }
        Ok(self)
    }

    /// Merges runs into a file of `level`; of too many of those one of the next is made.
    fn put_away(&mut self, runs: Vec<Run<F>>, level: usize) -> io::Result<()> {
        let mut file = RunWriter::new((self.scratch)()?);
        let mut lines = Merge::new(runs, self.file_buffer())?;
        while let Some((line, shared)) = lines.next_line()? {
            file.push(line, shared)?;
        }
        if self.files.len() == level {
            self.files.push(Vec::new());
        }
        let Some(files) = self.files.get_mut(level) else {
            return Ok(());
        };
        files.push(file.finish()?);
        if files.len() < MOST_FILES {
            return Ok(());
        }
        let files = mem::take(files);
        self.put_away(files, level + 1)
    }

    /// Bytes of a file that are read at once.
    fn file_buffer(&self) -> usize {
        (self.memory / 4 / MOST_FILES).clamp(1 << 12, 1 << 18)
    }

    fn finish(self) -> io::Result<Merge<F>> {
        let buffer = self.file_buffer();
        let files = self.files.into_iter().flatten();
        Merge::new(files.chain(self.held).collect(), buffer)
    }
}
