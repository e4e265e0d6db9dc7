//! How fast rows become triples; `cargo bench --bench table`.

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use divan::Bencher;
use divan::counter::BytesCount;
use tupu::table::{Fault, LineProfile, Mapping, Report, TableSource, write_lines, write_turtle};

fn main() {
    divan::main();
}

const NODES: usize = 10_000;

/// A table in memory.
struct Table(Vec<u8>);

impl TableSource for Table {
    fn name(&self) -> &str {
        "bench"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// No row is faulty.
struct Sound;

impl Report for Sound {
    fn fault(&mut self, _: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        Err(io::Error::other(fault.message.clone()))
    }
}

fn tables() -> [Table; 2] {
    let mut nodes = "id\tcategory\tname\tdescription\n".to_owned();
    let mut edges = "id\tsubject\tpredicate\tobject\tdate\n".to_owned();
    for node in 0..NODES {
        nodes.push_str(&format!(
            "EX:{node:08}\tbiolink:City\t甲市{node}\tA city \"{node}\" of a bench\n"
        ));
        for edge in 0..5 {
            let (from, to) = (node * 7919 % NODES, (node + edge * 31) % NODES);
            edges.push_str(&format!(
                "E{node}.{edge}\tEX:{from:08}\tbiolink:p{edge}\tEX:{to:08}\t2024-01-01\n"
            ));
        }
    }
    [Table(nodes.into_bytes()), Table(edges.into_bytes())]
}

fn mapping() -> Mapping {
    let mut mapping = Mapping::kgx();
    let declared = mapping.prefixes.insert("EX", "https://kg.example/");
    assert_eq!(declared, Ok(()));
    mapping
}

#[divan::bench]
fn lines(bencher: Bencher<'_, '_>) {
    let [nodes, edges] = tables();
    let mapping = mapping();
    let bytes = BytesCount::new(nodes.0.len() + edges.0.len());
    bencher.counter(bytes).bench_local(|| {
        let profile = LineProfile::default();
        write_lines(
            &[&nodes, &edges],
            &mapping,
            profile,
            1,
            &mut io::sink(),
            &mut Sound,
        )
    });
}

#[divan::bench]
fn grouped_turtle(bencher: Bencher<'_, '_>) {
    let [nodes, edges] = tables();
    let mapping = mapping();
    let bytes = BytesCount::new(nodes.0.len() + edges.0.len());
    bencher
        .counter(bytes)
        .bench_local(|| write_turtle(&[&nodes, &edges], &mapping, &mut io::sink(), &mut Sound));
}
