//! Reading and writing RDF as a stream, beside oxttl, on the RDF of the page many times over.
//!
//! `cargo bench --bench stream`

use std::io;
use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use oxttl::{NTriplesParser, TurtleParser};
use tupu::oxrdf::{GraphNameRef, TripleRef};
use tupu::prefix::PrefixMap;
use tupu::rdf::{NTriplesSerializer, PartSerializer, RdfFormat, TripleSink};
use tupu::stream::{self, StreamError};

static TURTLE: LazyLock<Vec<u8>> =
    LazyLock::new(|| include_bytes!("../out/chengyu.ttl").repeat(10));
static LINES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut lines = NTriplesSerializer::new().for_writer(Vec::new());
    stream::read(&TURTLE[..], RdfFormat::Turtle, None, &mut lines)
        .and_then(|()| lines.finish().map_err(StreamError::Write))
        .unwrap_or_else(|error| panic!("{error}"))
});

fn main() {
    divan::main();
}

/// Counts triples and does nothing else.
#[derive(Default)]
struct Counter(u64);

impl TripleSink for Counter {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        black_box(triple);
        self.0 += 1;
        Ok(())
    }
}

fn count(text: &[u8], format: RdfFormat) -> u64 {
    let mut counter = Counter::default();
    stream::read(text, format, None, &mut counter).unwrap_or_else(|error| panic!("{error}"));
    counter.0
}

#[divan::bench]
fn read_lines(bencher: Bencher<'_, '_>) {
    let text = &LINES[..];
    bencher
        .counter(BytesCount::of_slice(text))
        .bench(|| count(black_box(text), RdfFormat::NTriples));
}

#[divan::bench]
fn read_lines_oxttl(bencher: Bencher<'_, '_>) {
    let text = &LINES[..];
    bencher
        .counter(BytesCount::of_slice(text))
        .bench(|| NTriplesParser::new().for_slice(black_box(text)).count());
}

#[divan::bench]
fn read_turtle(bencher: Bencher<'_, '_>) {
    let text = &TURTLE[..];
    bencher
        .counter(BytesCount::of_slice(text))
        .bench(|| count(black_box(text), RdfFormat::Turtle));
}

#[divan::bench]
fn read_turtle_oxttl(bencher: Bencher<'_, '_>) {
    let text = &TURTLE[..];
    bencher
        .counter(BytesCount::of_slice(text))
        .bench(|| TurtleParser::new().for_slice(black_box(text)).count());
}

/// Reads lines and writes them as `format`.
fn convert(format: RdfFormat) -> Vec<u8> {
    let serializer = PartSerializer::new(format, PrefixMap::well_known());
    let mut out = Vec::new();
    serializer
        .write_part(&mut out, |sink| {
            stream::read(&LINES[..], RdfFormat::NTriples, None, sink)
        })
        .unwrap_or_else(|error| panic!("{error}"));
    out
}

#[divan::bench]
fn lines_to_lines(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::of_slice(&LINES[..]))
        .bench(|| convert(RdfFormat::NTriples));
}

#[divan::bench]
fn lines_to_turtle(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::of_slice(&LINES[..]))
        .bench(|| convert(RdfFormat::Turtle));
}
