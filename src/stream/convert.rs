//! Lines of RDF to parts of another document, on several threads.

use std::io::{self, Read};

use oxrdfio::RdfFormat;

use super::buffer::KEPT;
use super::chunk::{Chunk, ChunkReader};
use super::line::LineReader;
use super::pipeline::in_order;
use super::{StreamError, StreamFault};
use crate::rdf::PartSerializer;

/// What some lines became.
#[derive(Debug, Default)]
pub struct Converted {
    /// A part of the document.
    pub bytes: Vec<u8>,
    /// Lines that are left out.
    pub faults: Vec<StreamFault>,
    /// Why the lines cannot be written.
    error: Option<io::Error>,
}

/// Reads N-Triples or N-Quads and hands to `take` what `serializer` writes of it, part after part, without
/// the head. Faulty lines are left out and said.
///
/// Memory is bounded: some chunks of half a MiB, and a line of at most [`LONGEST_LINE`](super::LONGEST_LINE).
/// `workers` threads convert, and the parts are the same for any number of them.
///
/// # Errors
///
/// When reading or `take` fails, or the serializer's format cannot say what was read.
pub fn convert_lines<R: Read>(
    reader: R,
    format: RdfFormat,
    serializer: &PartSerializer,
    workers: usize,
    mut take: impl FnMut(&mut Converted) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let mut chunks = ChunkReader::new(reader);
    in_order(
        workers,
        |chunk: Chunk, converted: Converted| {
            let chunk = chunks.next_chunk(chunk.bytes).map_err(StreamError::Read)?;
            Ok(chunk.map(|chunk| (chunk, converted)))
        },
        |chunk, converted| convert(chunk, format, serializer, converted),
        |_, converted| match converted.error.take() {
            Some(error) => Err(StreamError::Write(error)),
            None => take(converted),
        },
    )
}

fn convert(
    chunk: &Chunk,
    format: RdfFormat,
    serializer: &PartSerializer,
    converted: &mut Converted,
) {
    let mut lines = LineReader::of_format(format);
    converted.bytes.clear();
    converted.bytes.shrink_to(KEPT);
    converted.faults.clear();
    let faults = &mut converted.faults;
    let written = serializer.write_part(&mut converted.bytes, |sink| {
        lines.read(&chunk.bytes, chunk.first_line, sink, |fault| {
            faults.push(fault);
            Ok::<(), io::Error>(())
        })
    });
    converted.error = written.err();
}
