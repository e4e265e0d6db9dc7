//! RDF and tables becoming a graph in memory: ten thousand entities with names, a hundred thousand triples.
//!
//! `cargo bench --bench memory`

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use tupu::import::GraphReader;
use tupu::rdf::{QuadReader, RdfFormat, TripleSink as _};
use tupu::sparql::RdfGraphBuilder;
use tupu::table::{Fault, Mapping, Report, TableSource};

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

/// The same entities as tables, with fifty thousand of the links.
static TABLES: LazyLock<[Table; 2]> = LazyLock::new(|| {
    let mut nodes = "id\tcategory\tname\tsynonym\n".to_owned();
    let mut edges = "id\tsubject\tpredicate\tobject\n".to_owned();
    for at in 0..ENTITIES {
        nodes.push_str(&format!("EX:{at}\tEX:Thing\t甲{at}\tthing {at}\n"));
    }
    for at in 0..EDGES {
        let (subject, object) = (at * 7919 % ENTITIES, at * 104_729 % ENTITIES);
        let link = at % 7;
        edges.push_str(&format!(
            "E{at}\tEX:{subject}\tEX:link{link}\tEX:{object}\n"
        ));
    }
    [Table(nodes), Table(edges)]
});

const EDGES: usize = ENTITIES * 5;

/// A table in memory.
struct Table(String);

impl TableSource for Table {
    fn name(&self) -> &str {
        "bench"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.0.clone())))
    }
}

/// No row is faulty.
struct Sound;

impl Report for Sound {
    fn fault(&mut self, _: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        Err(io::Error::other(fault.message.clone()))
    }
}

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
        builder.finish().ok()
    });
}

#[divan::bench]
fn triples_to_sparql_graph(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(QUADS.len())).bench(|| {
        let mut builder = RdfGraphBuilder::new();
        for quad in QUADS.iter() {
            builder.insert(quad.as_ref()).ok()?;
        }
        builder.finish().ok()
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

/// Bytes an edge are what is at most allocated, divided by the edges; nodes and their names included.
#[divan::bench]
fn tables_to_knowledge_graph(bencher: Bencher<'_, '_>) {
    let mut mapping = Mapping::kgx();
    let declared = mapping.prefixes.insert("EX", "https://kg.example/entity/");
    assert_eq!(declared, Ok(()));
    let [nodes, edges] = &*TABLES;
    bencher.counter(ItemsCount::new(EDGES)).bench(|| {
        let mut reader = GraphReader::new();
        let read = reader.read_tables(&[nodes, edges], &mapping, &mut Sound);
        let counts = read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(counts.edges, EDGES as u64);
        reader.finish().ok()
    });
}
