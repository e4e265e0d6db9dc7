//! RDF as a stream: readers that hold no graph, and hand borrowed terms to a [`TripleSink`].
//!
//! What is ordinary is read in place, byte by byte; whatever else is read by oxttl. So a text means the
//! same as to oxttl, and is refused for the same reasons.

mod blank;
mod buffer;
mod chunk;
mod convert;
mod cursor;
mod line;
mod pipeline;
mod sort;
mod statement;
mod term;
mod turtle;

use std::io::{self, Read};

use oxrdf::{GraphName, Quad};
use oxrdfio::{RdfFormat, RdfParseError, RdfParser};

use self::blank::BlankNodes;
pub use self::blank::OfFile;
pub(crate) use self::buffer::LineBuffer;
pub use self::chunk::{Chunk, ChunkReader, LONGEST_LINE};
pub use self::convert::{Converted, convert_lines};
pub use self::line::LineReader;
pub use self::pipeline::in_order;
pub use self::sort::{Scratch, Sorted, Sorter};
use crate::rdf::TripleSink;

/// A place in a text that is not of its format.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct StreamFault {
    /// Line, from 1; 0 where the parser does not say.
    pub line: u64,
    /// Column in code points, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// The line that is at fault, of a format of lines.
    pub text: Vec<u8>,
}

/// Why a stream ends early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The reader failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The sink failed.
    #[error(transparent)]
    Write(io::Error),
    /// It is not of its format.
    #[error(transparent)]
    Rdf(StreamFault),
    /// The base is no IRI.
    #[error("the base is no absolute IRI: {0}")]
    Base(String),
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Reads RDF of `format` and hands it to `sink`, in the order of the text; of a Turtle statement, what
/// stands in brackets follows it. Relative IRIs are resolved against `base`.
///
/// Memory is bounded for N-Triples, N-Quads and Turtle: a few MiB, and a line of at most
/// [`LONGEST_LINE`]. Nodes without a label are called `anon1`, `anon2` and so on, the same for the same
/// text; where oxttl reads them, each takes some memory. Language tags stay as they are written; those that
/// only oxttl reads, such as all of TriG, RDF/XML and JSON-LD, are in lower case.
///
/// ```
/// use tupu::rdf::{NTriplesSerializer, RdfFormat};
///
/// let turtle = b"@prefix ex: <https://kg.example/> . ex:a ex:knows ex:b, [ ex:knows ex:a ] .";
/// let mut lines = NTriplesSerializer::new().for_writer(Vec::new());
/// tupu::stream::read(&turtle[..], RdfFormat::Turtle, None, &mut lines)?;
/// assert_eq!(
///     String::from_utf8(lines.finish()?)?,
///     "<https://kg.example/a> <https://kg.example/knows> <https://kg.example/b> .\n\
///      <https://kg.example/a> <https://kg.example/knows> _:anon1 .\n\
///      _:anon1 <https://kg.example/knows> <https://kg.example/a> .\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When reading fails, the text is not of `format`, `base` is no absolute IRI, or `sink` fails.
pub fn read<R: Read, S: TripleSink + ?Sized>(
    reader: R,
    format: RdfFormat,
    base: Option<&str>,
    sink: &mut S,
) -> Result<(), StreamError> {
    match format {
        RdfFormat::NTriples | RdfFormat::NQuads => {
            first_fault(|on_fault| read_lines(reader, format, sink, on_fault))
        }
        RdfFormat::Turtle => turtle::read_turtle(reader, base, sink),
        format => read_other(reader, format, base, sink),
    }
}

/// Reads N-Triples or N-Quads as [`read`] does; lines that are not legal go to `on_fault`.
///
/// # Errors
///
/// When reading, `sink` or `on_fault` fails.
pub fn read_lines<R: Read, S: TripleSink + ?Sized>(
    reader: R,
    format: RdfFormat,
    sink: &mut S,
    mut on_fault: impl FnMut(StreamFault) -> io::Result<()>,
) -> Result<(), StreamError> {
    let mut lines = LineReader::of_format(format);
    let mut chunks = ChunkReader::new(reader);
    let mut spare = Vec::new();
    while let Some(chunk) = chunks.next_chunk(spare).map_err(StreamError::Read)? {
        lines.read(&chunk.bytes, chunk.first_line, sink, &mut on_fault)?;
        spare = chunk.bytes;
    }
    Ok(())
}

/// Has lines read up to the first that is not legal.
fn first_fault(
    read: impl FnOnce(&mut dyn FnMut(StreamFault) -> io::Result<()>) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let mut first = None;
    let result = read(&mut |fault| {
        first = Some(fault);
        Err(io::ErrorKind::InvalidData.into())
    });
    match first {
        Some(fault) => Err(StreamError::Rdf(fault)),
        None => result,
    }
}

fn read_other<R: Read, S: TripleSink + ?Sized>(
    reader: R,
    format: RdfFormat,
    base: Option<&str>,
    sink: &mut S,
) -> Result<(), StreamError> {
    let mut parser = RdfParser::from_format(format);
    if let Some(base) = base {
        parser = parser
            .with_base_iri(base)
            .map_err(|error| StreamError::Base(error.to_string()))?;
    }
    let mut blank = BlankNodes::default();
    let mut graph = GraphName::DefaultGraph;
    let mut known: Vec<(String, String)> = Vec::new();
    let mut reader = parser.for_reader(reader);
    while let Some(quad) = reader.next() {
        let quad: Quad = quad.map_err(|error| match error {
            RdfParseError::Io(error) => StreamError::Read(error),
            RdfParseError::Syntax(error) => {
                let place = error.location().map(|range| range.start);
                StreamError::Rdf(StreamFault {
                    line: place.map_or(0, |place| place.line + 1),
                    column: place.map_or(0, |place| place.column + 1),
                    message: error.to_string(),
                    text: Vec::new(),
                })
            }
        })?;
        let declared = reader.prefixes().count();
        if declared != known.len() {
            known = reader
                .prefixes()
                .map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned()))
                .collect();
            for (prefix, namespace) in &known {
                sink.prefix(prefix, namespace).map_err(StreamError::Write)?;
            }
        }
        let name = match quad.graph_name.clone() {
            GraphName::BlankNode(node) => blank.renamed(node).into(),
            name => name,
        };
        if graph != name {
            sink.graph(name.as_ref()).map_err(StreamError::Write)?;
            graph = name;
        }
        let triple = turtle::renamed(quad.into(), &mut blank);
        sink.triple(triple.as_ref()).map_err(StreamError::Write)?;
    }
    Ok(())
}
