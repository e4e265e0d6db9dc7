//! RDF that is written in one pass, in parts.

use std::io::{self, Write};

use oxrdfio::RdfFormat;

use super::{NTriplesSerializer, TripleSink, TurtleSerializer, library};
use crate::prefix::PrefixMap;

/// Writes a document in one pass: its head, then what belongs into it.
///
/// The triples are not known before they come, so all prefixes are declared. In formats that
/// [are divisible](Self::is_divisible) the parts of a document can be written apart from each other.
///
/// ```
/// use tupu::prefix::PrefixMap;
/// use tupu::rdf::{PartSerializer, RdfFormat};
/// use tupu::oxrdf::{NamedNodeRef, TripleRef};
///
/// let mut prefixes = PrefixMap::new();
/// prefixes.insert("ex", "https://kg.example/")?;
/// let serializer = PartSerializer::new(RdfFormat::Turtle, prefixes);
/// let node = NamedNodeRef::new("https://kg.example/a")?;
/// let mut turtle = Vec::new();
/// serializer.write_head(&mut turtle)?;
/// serializer.write_part(&mut turtle, |sink| sink.triple(TripleRef::new(node, node, node)))?;
/// assert_eq!(
///     String::from_utf8(turtle)?,
///     "@prefix ex: <https://kg.example/> .\n\nex:a\n    ex:a ex:a .\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PartSerializer {
    format: RdfFormat,
    prefixes: PrefixMap,
    is_rdf_12: bool,
}

impl PartSerializer {
    /// Writes `format`, with `prefixes` where it has any.
    pub fn new(format: RdfFormat, prefixes: PrefixMap) -> Self {
        Self {
            format,
            prefixes,
            is_rdf_12: false,
        }
    }

    /// Announces RDF 1.2 in the head of formats that have one; else it is announced where it begins.
    #[must_use]
    pub fn with_rdf_12(mut self) -> Self {
        self.is_rdf_12 = true;
        self
    }

    /// Whether what follows the head can be written in several parts; else it is one part.
    pub fn is_divisible(&self) -> bool {
        matches!(
            self.format,
            RdfFormat::NTriples | RdfFormat::NQuads | RdfFormat::Turtle | RdfFormat::TriG
        )
    }

    /// Writes what stands before all parts.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn write_head(&self, writer: &mut dyn Write) -> io::Result<()> {
        if matches!(self.format, RdfFormat::Turtle | RdfFormat::TriG) {
            let head = self.turtle().for_writer(writer)?;
            head.finish()?;
        }
        Ok(())
    }

    /// Writes a part, which `give` hands over.
    ///
    /// # Errors
    ///
    /// Those of `give`; and when the writer fails, or the format cannot say what is handed over.
    pub fn write_part<E: From<io::Error>>(
        &self,
        writer: &mut dyn Write,
        give: impl FnOnce(&mut dyn TripleSink) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.format {
            RdfFormat::NTriples | RdfFormat::NQuads => {
                let mut serializer = NTriplesSerializer::new();
                if self.format == RdfFormat::NQuads {
                    serializer = serializer.with_graphs();
                }
                let mut sink = serializer.for_writer(writer);
                give(&mut sink)?;
                sink.finish()?;
            }
            RdfFormat::Turtle | RdfFormat::TriG => {
                let mut sink = self.turtle().continued().for_writer(writer)?;
                give(&mut sink)?;
                sink.finish()?;
            }
            format => library::serialize(format, &self.prefixes, writer, give)?,
        }
        Ok(())
    }

    fn turtle(&self) -> TurtleSerializer {
        let mut serializer = TurtleSerializer::new().with_prefixes(self.prefixes.clone());
        if self.is_rdf_12 {
            serializer = serializer.with_rdf_12();
        }
        if self.format == RdfFormat::TriG {
            serializer.with_graphs()
        } else {
            serializer
        }
    }
}
