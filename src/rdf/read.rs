//! Reading RDF of any origin.

use std::io::{self, Read};

use oxrdf::{NamedNodeRef, Quad, Term};
use oxrdfio::{RdfFormat, RdfParseError, RdfParser, SliceQuadParser};

use crate::prefix::PrefixMap;
use crate::vocab::rdf;

/// RDF that cannot be read, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct RdfError {
    /// What is wrong.
    pub message: String,
    /// One-based line and column (in code points), where the parser knows them.
    pub place: Option<(u64, u64)>,
}

/// Reads RDF in any format, one quad after the other, in the order of the text.
///
/// ```
/// use tupu::rdf::{QuadReader, RdfFormat};
///
/// let turtle = b"@prefix ex: <https://kg.example/> . ex:a ex:knows ex:b, ex:c .";
/// let mut reader = QuadReader::new(turtle, RdfFormat::Turtle);
/// let quads: Result<Vec<_>, _> = reader.by_ref().collect();
/// assert_eq!(quads?.len(), 2);
/// assert_eq!(reader.prefixes().namespace("ex"), Some("https://kg.example/"));
/// # Ok::<(), tupu::rdf::RdfError>(())
/// ```
pub struct QuadReader<'b> {
    bytes: &'b [u8],
    format: RdfFormat,
    parser: SliceQuadParser<'b>,
}

impl<'b> QuadReader<'b> {
    /// Reads `bytes`, which are of `format`.
    pub fn new(bytes: &'b [u8], format: RdfFormat) -> Self {
        Self {
            bytes,
            format,
            parser: RdfParser::from_format(format).for_slice(bytes),
        }
    }

    /// The well-known prefixes, and those that were declared so far in what was read.
    pub fn prefixes(&self) -> PrefixMap {
        let mut prefixes = PrefixMap::well_known();
        for (prefix, namespace) in self.parser.prefixes() {
            // A prefix that we do not write is not needed for showing either.
            drop(prefixes.insert(prefix, namespace));
        }
        prefixes
    }
}

impl Iterator for QuadReader<'_> {
    type Item = Result<Quad, RdfError>;

    fn next(&mut self) -> Option<Self::Item> {
        let quad = self.parser.next()?;
        Some(quad.map_err(|error| RdfError {
            message: error.to_string(),
            place: match error.location() {
                Some(range) => Some((range.start.line + 1, range.start.column + 1)),
                None => place_of_error(self.bytes, self.format),
            },
        }))
    }
}

/// A reifier of RDF 1.2 as the statement that it stands for, so that both ways of writing evidence are
/// one; any other quad as it is.
pub fn as_statement(quad: Quad) -> Vec<Quad> {
    let Quad {
        subject,
        predicate,
        object,
        graph_name,
    } = quad;
    match object {
        Term::Triple(triple) if predicate == rdf::REIFIES => {
            let triple = *triple;
            let says = |predicate: NamedNodeRef<'_>, object: Term| {
                let (subject, graph_name) = (subject.clone(), graph_name.clone());
                Quad::new(subject, predicate.into_owned(), object, graph_name)
            };
            vec![
                says(rdf::TYPE, rdf::STATEMENT.into_owned().into()),
                says(rdf::SUBJECT, triple.subject.into()),
                says(rdf::PREDICATE, triple.predicate.into()),
                says(rdf::OBJECT, triple.object),
            ]
        }
        object => vec![Quad::new(subject, predicate, object, graph_name)],
    }
}

/// How far a parser that does not say where it is had read when it failed.
fn place_of_error(bytes: &[u8], format: RdfFormat) -> Option<(u64, u64)> {
    /// Hands out one byte at a time, so that nothing is read ahead.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for &mut Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match (self.0.get(self.1), buffer.first_mut()) {
                (Some(byte), Some(place)) => {
                    *place = *byte;
                    self.1 += 1;
                    Ok(1)
                }
                _ => Ok(0),
            }
        }
    }

    let mut slow = Slow(bytes, 0);
    let failed = RdfParser::from_format(format)
        .for_reader(&mut slow)
        .any(|quad| matches!(quad, Err(RdfParseError::Syntax(_) | RdfParseError::Io(_))));
    if !failed {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes[..slow.1.saturating_sub(1)]);
    let line = text.matches('\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    Some((u64::try_from(line).ok()?, u64::try_from(column).ok()?))
}
