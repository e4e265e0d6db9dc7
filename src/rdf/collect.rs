//! Quads in memory.

use std::io;

use oxrdf::{GraphName, GraphNameRef, Quad, TripleRef};

use super::TripleSink;

/// Collects what is handed over, in its order.
///
/// ```
/// use tupu::rdf::{QuadCollector, RdfFormat};
///
/// let mut collector = QuadCollector::default();
/// tupu::stream::read(&b"<urn:a> <urn:p> 1 ."[..], RdfFormat::Turtle, None, &mut collector)?;
/// assert_eq!(collector.into_quads().len(), 1);
/// # Ok::<(), tupu::stream::StreamError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct QuadCollector {
    graph: GraphName,
    quads: Vec<Quad>,
}

impl QuadCollector {
    /// The quads.
    pub fn into_quads(self) -> Vec<Quad> {
        self.quads
    }
}

impl TripleSink for QuadCollector {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.graph = name.into_owned();
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        let quad = triple.into_owned().in_graph(self.graph.clone());
        self.quads.push(quad);
        Ok(())
    }
}
