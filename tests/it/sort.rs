//! Sorting of any size: the bytes are those of sorting in memory, whatever the budget.

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use proptest::collection::vec;
use proptest::prelude::*;
use tupu::oxrdf::{
    BaseDirection, BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Triple,
};
use tupu::prefix::PrefixMap;
use tupu::rdf::{RdfFormat, TripleSink as _, write_quads};
use tupu::stream::Sorter;

use crate::support::Sandbox;

const BASE: &str = "https://kg.example/";

fn prefixes() -> PrefixMap {
    let mut prefixes = PrefixMap::well_known();
    prefixes.insert("ex", BASE).unwrap();
    prefixes.insert("exa", "https://kg.example/a/").unwrap();
    prefixes
}

fn iri() -> impl Strategy<Value = NamedNode> {
    prop_oneof![
        "[a!~/0-9市-]{0,4}(#a?)?".prop_map(|end| NamedNode::new_unchecked(format!("{BASE}{end}"))),
        Just(NamedNode::from(tupu::vocab::rdf::TYPE)),
        Just(NamedNode::from(tupu::vocab::rdfs::LABEL)),
    ]
}

fn blank() -> impl Strategy<Value = BlankNode> {
    "[a-c][0-9]{0,2}".prop_map(BlankNode::new_unchecked)
}

fn node() -> impl Strategy<Value = NamedOrBlankNode> {
    prop_oneof![iri().prop_map(Into::into), blank().prop_map(Into::into)]
}

fn literal() -> impl Strategy<Value = Literal> {
    let text = "[a\"\\\\ \n\r\t\0\u{7f}<>@^_:市]{0,5}";
    prop_oneof![
        text.prop_map(Literal::new_simple_literal),
        (text, "en|zh(-hans)?")
            .prop_map(|(text, tag)| { Literal::new_language_tagged_literal_unchecked(text, tag) }),
        (text, any::<bool>()).prop_map(|(text, is_right)| {
            let direction = if is_right {
                BaseDirection::Rtl
            } else {
                BaseDirection::Ltr
            };
            Literal::new_directional_language_tagged_literal_unchecked(text, "he", direction)
        }),
        (text, iri()).prop_map(|(text, datatype)| Literal::new_typed_literal(text, datatype)),
        any::<i16>().prop_map(Literal::from),
    ]
}

fn object() -> impl Strategy<Value = Term> {
    let plain = prop_oneof![
        4 => node().prop_map(Term::from),
        4 => literal().prop_map(Term::from),
    ];
    plain.prop_recursive(2, 4, 1, |inner| {
        (node(), iri(), inner).prop_map(|(s, p, o)| Triple::new(s, p, o).into())
    })
}

fn quads() -> impl Strategy<Value = Vec<Quad>> {
    let graph = prop_oneof![
        3 => Just(GraphName::DefaultGraph),
        1 => iri().prop_map(GraphName::from),
        1 => blank().prop_map(GraphName::from),
    ];
    let quad = (node(), iri(), object(), graph).prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    vec(quad, 0..40)
}

fn sort(quads: &[Quad], memory: usize, format: RdfFormat) -> Vec<u8> {
    let prefixes = prefixes();
    let mut sorter = Sorter::new(memory, &prefixes, || Ok(Cursor::new(Vec::new())));
    for quad in quads {
        sorter.graph(quad.graph_name.as_ref()).unwrap();
        sorter.triple(quad.as_ref().into()).unwrap();
    }
    let mut sorted = Vec::new();
    sorter.finish().unwrap().write(format, &mut sorted).unwrap();
    sorted
}

proptest! {
    #[test]
    fn it_is_what_sorting_in_memory_gives(
        (quads, shuffled) in quads().prop_flat_map(|quads| {
            let again = [quads.clone(), quads.clone()].concat();
            (Just(quads), Just(again).prop_shuffle())
        }),
        memory in prop_oneof![0..2000_usize, Just(1 << 20)],
    ) {
        for format in [RdfFormat::TriG, RdfFormat::NQuads] {
            let expected = write_quads(&quads, format, &prefixes(), Vec::new()).unwrap();
            let found = sort(&shuffled, memory, format);
            prop_assert_eq!(String::from_utf8(found).unwrap(), String::from_utf8(expected).unwrap());
        }
    }
}

#[test]
fn many_files_are_merged_to_fewer() {
    let quads: Vec<Quad> = (0..20_000_u32)
        .map(|at| {
            let node = |number: u32| NamedNode::new_unchecked(format!("{BASE}{}", number % 9973));
            let value = Literal::from(i64::from(at));
            Quad::new(
                node(at.wrapping_mul(7919)),
                node(1),
                value,
                GraphName::DefaultGraph,
            )
        })
        .collect();
    let expected = write_quads(&quads, RdfFormat::Turtle, &prefixes(), Vec::new()).unwrap();
    // Some lines each: more files than are read at once, and more than that many times that many.
    assert!(sort(&quads, 1000, RdfFormat::Turtle) == expected);
}

/// A file on a disk that is full after some bytes.
struct Full {
    bytes: Cursor<Vec<u8>>,
    room: usize,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.room {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.room -= bytes.len();
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Full {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Seek for Full {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let prefixes = PrefixMap::new();
    for room in [0, 5000] {
        let mut sorter = Sorter::new(2000, &prefixes, move || {
            Ok(Full {
                bytes: Cursor::default(),
                room,
            })
        });
        let text: String = (0..10_000)
            .map(|at| format!("<{BASE}{at}> <{BASE}p> <{BASE}{at}> .\n"))
            .collect();
        let read = tupu::stream::read(text.as_bytes(), RdfFormat::NTriples, None, &mut sorter);
        let error = match read {
            Err(error) => error.to_string(),
            Ok(()) => sorter.finish().err().unwrap().to_string(),
        };
        assert_eq!(error, "temporary file: no storage space");
    }
}

#[test]
fn the_budget_changes_no_byte_and_nothing_is_left() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = (0..60_000)
        .map(|at| {
            let subject = at * 7919 % 9973;
            format!(
                "<{BASE}{subject}> <{BASE}p> \"{}\" .\n",
                "甲".repeat(at % 40)
            )
        })
        .collect();
    sandbox.write("a.nt", &lines.concat());
    lines.reverse();
    lines.extend_from_within(..100);
    sandbox.write("b.nt", &lines.concat());
    sandbox
        .run(&["convert", "a.nt", "--sort", "-o", "a.ttl"])
        .expect(0);
    let small = ["convert", "b.nt", "--sort", "--memory", "1M", "-o", "b.ttl"];
    sandbox.run(&small).expect(0);
    let text = fs::read_to_string(sandbox.path("a.ttl")).unwrap();
    assert!(text == fs::read_to_string(sandbox.path("b.ttl")).unwrap());
    assert_eq!(text.matches("\n<").count(), 9973);
    let mut names: Vec<_> = fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a.nt", "a.ttl", "b.nt", "b.ttl"]);
    for (extra, complaint) in [
        (&["--memory", "1000"][..], "at least 1M is needed"),
        (&["--memory", "1M", "--temp-dir", "nowhere"], "nowhere"),
    ] {
        let run = sandbox.run(&[&["convert", "b.nt", "--sort", "-o", "c.ttl"], extra].concat());
        let run = run.expect(2);
        assert!(run.stderr().contains(complaint), "{}", run.stderr());
        assert!(!sandbox.path("c.ttl").exists());
    }
}

#[test]
fn faulty_lines_go_apart_and_prefixes_are_those_that_are_used() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "g.nt",
        "<https://kg.example/b> <http://www.w3.org/2000/01/rdf-schema#label> \"乙\" .\nno line\n\
         <https://kg.example/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/C> .\n",
    );
    let run = sandbox.run(&[
        "convert",
        "g.nt",
        "--sort",
        "--to",
        "turtle",
        "--rejects",
        "r.txt",
        "--prefix",
        "ex=https://kg.example/",
    ]);
    let run = run.expect(1);
    assert_eq!(
        run.stdout(),
        "@prefix ex: <https://kg.example/> .\n\
         @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n\
         ex:a a ex:C .\n\nex:b\n    rdfs:label \"乙\" .\n"
    );
    let rejects = fs::read_to_string(sandbox.path("r.txt")).unwrap();
    assert!(rejects.ends_with("\nno line\n"), "{rejects}");
}
