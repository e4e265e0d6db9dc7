//! RDF becoming a graph in memory: ten thousand entities with names, a hundred thousand triples.
//!
//! `cargo bench --bench memory`

use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use tupu::import::GraphReader;
use tupu::rdf::{QuadReader, RdfFormat, TripleSink as _};
use tupu::sparql::RdfGraphBuilder;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const ENTITIES: usize = 10_000;
const TRIPLES: usize = ENTITIES * 10;

/// Of each entity a class, two names and seven links.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    for at in 0..ENTITIES {
        let subject = format!("<https://kg.example/entity/{at}>");
        let class = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/Thing>";
        let label = "<http://www.w3.org/2000/01/rdf-schema#label>";
        let mut line = |rest: &str| text.push_str(&format!("{subject} {rest} .\n"));
        line(class);
        line(&format!("{label} \"甲{at}\"@zh"));
        line(&format!("{label} \"thing {at}\"@en"));
        for link in 1..=7 {
            let object = (at * 7919 + link * 104_729) % ENTITIES;
            line(&format!(
                "<https://kg.example/link{link}> <https://kg.example/entity/{object}>"
            ));
        }
    }
    text
});

static QUADS: LazyLock<Vec<oxrdf::Quad>> = LazyLock::new(|| {
    QuadReader::new(TEXT.as_bytes(), RdfFormat::NTriples)
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{error}"))
});

fn main() {
    divan::main();
}

/// What reading alone costs.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let count = ItemsCount::new(TRIPLES);
    bencher
        .counter(count)
        .bench(|| QuadReader::new(TEXT.as_bytes(), RdfFormat::NTriples).count());
}

#[divan::bench]
fn text_to_sparql_graph(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(TRIPLES)).bench(|| {
        let mut builder = RdfGraphBuilder::new();
        builder.read(TEXT.as_bytes(), RdfFormat::NTriples).ok()?;
        Some(builder.finish())
    });
}

#[divan::bench]
fn triples_to_sparql_graph(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(QUADS.len())).bench(|| {
        let mut builder = RdfGraphBuilder::new();
        for quad in QUADS.iter() {
            builder.insert(quad.as_ref()).ok()?;
        }
        Some(builder.finish())
    });
}

#[divan::bench]
fn triples_to_knowledge_graph(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(QUADS.len())).bench(|| {
        let mut reader = GraphReader::new();
        for quad in QUADS.iter() {
            reader.triple(quad.as_ref().into()).ok()?;
        }
        reader.finish().ok()
    });
}
