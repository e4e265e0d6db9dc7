//! The readers of `tupu::stream` against oxttl: the same triples, the same refusals.

use std::io::{self, Read};

use oxttl::{NQuadsParser, NTriplesParser, TurtleParser};
use proptest::prelude::*;
use tupu::oxrdf::dataset::CanonicalizationAlgorithm;
use tupu::oxrdf::{Dataset, GraphName, Literal, Quad, Term};
use tupu::rdf::{QuadCollector, RdfFormat};
use tupu::stream::{LineReader, StreamError, StreamFault, read};

/// Gives a few bytes at a time, so that everything is once at an end of a buffer.
struct Slow<'b>(&'b [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(7);
        self.0.read(&mut buffer[..length])
    }
}

fn ours(text: &[u8], format: RdfFormat, base: Option<&str>) -> Result<Vec<Quad>, StreamFault> {
    let mut quads = QuadCollector::default();
    let result = read(Slow(text), format, base, &mut quads);
    result
        .map(|()| quads.into_quads())
        .map_err(|error| match error {
            StreamError::Rdf(fault) => fault,
            error => unreachable!("{error}"),
        })
}

/// What oxttl reads, or the line where it stops, from 1.
fn theirs(text: &[u8], format: RdfFormat, base: Option<&str>) -> Result<Vec<Quad>, u64> {
    let line = |error: &oxttl::TurtleSyntaxError| error.location().start.line + 1;
    match format {
        RdfFormat::NTriples => NTriplesParser::new()
            .for_slice(text)
            .map(|triple| triple.map(|it| it.in_graph(GraphName::DefaultGraph)))
            .collect::<Result<_, _>>()
            .map_err(|error| line(&error)),
        RdfFormat::NQuads => NQuadsParser::new()
            .for_slice(text)
            .collect::<Result<_, _>>()
            .map_err(|error| line(&error)),
        _ => {
            let mut parser = TurtleParser::new();
            if let Some(base) = base {
                parser = parser.with_base_iri(base).unwrap();
            }
            parser
                .for_slice(text)
                .map(|triple| triple.map(|it| it.in_graph(GraphName::DefaultGraph)))
                .collect::<Result<_, _>>()
                .map_err(|error| line(&error))
        }
    }
}

fn canonical(quads: &[Quad]) -> Vec<String> {
    let mut dataset: Dataset = quads.iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    let mut lines: Vec<String> = dataset.iter().map(|quad| quad.to_string()).collect();
    lines.sort();
    lines
}

/// The quads with language tags in lower case, as oxttl gives them.
fn lowered(mut quads: Vec<Quad>) -> Vec<Quad> {
    for quad in &mut quads {
        if let Term::Literal(literal) = &quad.object
            && let (Some(tag), None) = (literal.language(), literal.direction())
        {
            let tag = tag.to_ascii_lowercase();
            let literal = Literal::new_language_tagged_literal_unchecked(literal.value(), tag);
            quad.object = literal.into();
        }
    }
    quads
}

fn same(text: &str, format: RdfFormat, base: Option<&str>) {
    let bytes = text.as_bytes();
    let ours = ours(bytes, format, base).map(lowered);
    match (ours, theirs(bytes, format, base)) {
        (Ok(ours), Ok(theirs)) if format == RdfFormat::Turtle => {
            assert_eq!(canonical(&ours), canonical(&theirs), "{text}");
        }
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{text}"),
        // A string without end ends with its line for us, and later for oxttl.
        (Err(fault), Err(line)) if format != RdfFormat::Turtle => {
            assert!(fault.line <= line, "{text}: {fault}");
        }
        (Err(fault), Err(line)) => assert_eq!(fault.line, line, "{text}: {fault}"),
        (ours, theirs) => panic!("{text}\nours: {ours:?}\ntheirs: {theirs:?}"),
    }
}

#[test]
fn what_is_read_next_goes_on_in_the_graph_of_the_last_line() {
    let in_graph = "<https://kg.example/a> <https://kg.example/p> <https://kg.example/b> <https://kg.example/g> .\n";
    let in_none = "<https://kg.example/a> <https://kg.example/p> <https://kg.example/b> .\n";
    // Each a reading of its own; oxttl reads the line with an escape.
    let unusual = in_none.replace("/b>", "/\\u0062>");
    for parts in [
        [in_graph, in_none, in_none],
        [in_graph, &unusual, in_graph],
        [in_none, in_graph, in_graph],
    ] {
        let mut quads = QuadCollector::default();
        let mut reader = LineReader::new().with_graphs();
        for part in parts {
            let faultless = |fault: StreamFault| panic!("{fault}");
            reader
                .read(part.as_bytes(), 1, &mut quads, faultless)
                .unwrap();
        }
        let whole = parts.concat();
        let wanted = theirs(whole.as_bytes(), RdfFormat::NQuads, None).unwrap();
        assert_eq!(quads.into_quads(), wanted, "{whole}");
    }
}

const TURTLE: &str = r#"@prefix ex: <https://kg.example/> .
PREFIX : <https://甲市.example/#>
@base <https://base.example/a/b> .
# a comment
ex:a a ex:C , <../rel> ;
  ex:name "甲市"@zh, 'A'@en-GB ; ex:p 1, -2.5, +.5, 1e3, true, false ;;
  :q """a "quoted" 'text'
of two lines \u5E02""" , '''b''' .
ex:成都 ex:p.q [ ex:r ( 1 "x" [ ] ex:a.b ) ; ex:s _:b1 ] .
[] ex:p ex:b . [ ex:p ex:c ] . ( 1 2 ) ex:p () .
_:b1 ex:date "2027-12-31"^^<http://www.w3.org/2001/XMLSchema#date>, "x"^^ex:d .
"#;

const LINES: &str = r#"# a comment
<https://kg.example/a> <https://kg.example/p> <https://kg.example/市> .
<https://kg.example/a>	<https://kg.example/p>	"甲\"市\\\u5E02\n"@zh-Hans .

_:b1 <https://kg.example/p> "2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>.
_:b1 <https://kg.example/p> _:b-2 . # behind
<https://kg.example/a> <https://kg.example/p> "" .
"#;

const QUADS: &str = "<https://kg.example/a> <https://kg.example/p> \"x\" <https://kg.example/g> .\n\
    <https://kg.example/a> <https://kg.example/p> _:b _:g .\n\
    <https://kg.example/a> <https://kg.example/p> \"y\"@en .\n";

#[test]
fn what_is_legal_means_the_same() {
    same(TURTLE, RdfFormat::Turtle, None);
    same(TURTLE, RdfFormat::Turtle, Some("https://other.example/"));
    same(LINES, RdfFormat::NTriples, None);
    same(&LINES.replace('\n', "\r\n"), RdfFormat::NTriples, None);
    same(QUADS, RdfFormat::NQuads, None);
    let relative = "<> <#p> <x> . <../y> <//h/p> <http:z>, </a/./b> .";
    same(relative, RdfFormat::Turtle, Some("https://kg.example/a/b"));
    for (text, quads) in [(TURTLE, 32), (LINES, 5)] {
        let format = if text == LINES {
            RdfFormat::NTriples
        } else {
            RdfFormat::Turtle
        };
        assert_eq!(ours(text.as_bytes(), format, None).unwrap().len(), quads);
    }
}

#[test]
fn what_is_not_legal_is_refused_where_it_stands() {
    for (text, format, line, column) in [
        (
            "<a:b> <a:c> <a:d> .\n<a:b> <a c> <a:d> .\n",
            RdfFormat::NTriples,
            2,
            7,
        ),
        (
            "@prefix ex: <https://kg.example/> .\nex:a ex:p ex:b .\n甲 ex:a ex:c .",
            RdfFormat::Turtle,
            3,
            1,
        ),
        (
            "@prefix ex: <https://kg.example/> . ex:甲 ex:p ; .",
            RdfFormat::Turtle,
            1,
            47,
        ),
        // A name that goes on with a port must be a number.
        (
            "@prefix ex: <https://kg.example:> .\n<a:b> ex:80 ex:p .",
            RdfFormat::Turtle,
            2,
            13,
        ),
        // A CR ends a line as well as LF and CRLF do.
        (
            "<a:b> <a:c> 1\r, 2 .\n<a:b> <a:c> .",
            RdfFormat::Turtle,
            3,
            13,
        ),
        (
            "<a:b> <a:c> 1\r\n, 2 . <a:b> <a:c> .",
            RdfFormat::Turtle,
            2,
            19,
        ),
        ("<a:b> <a:c> 1 .\r<a:b> <a:c> .", RdfFormat::Turtle, 2, 13),
        ("<a:b> <> <a:d> .", RdfFormat::NTriples, 1, 7),
        ("<a:b> <a:c> \"x\"^^<> .", RdfFormat::NQuads, 1, 18),
        ("<a:b> <a:c> \"\u{e000}", RdfFormat::NQuads, 1, 13),
    ] {
        let fault = ours(text.as_bytes(), format, None).unwrap_err();
        assert_eq!(
            (fault.line, fault.column),
            (line, column),
            "{text}: {fault}"
        );
    }
    let fault = ours(b"<a:b> <a:c> \"\xff\" .\n", RdfFormat::NTriples, None).unwrap_err();
    assert!(fault.message.contains("UTF-8"), "{fault}");
    assert_eq!(ours(b"", RdfFormat::Turtle, None), Ok(Vec::new()));
    assert_eq!(ours(b" # nothing", RdfFormat::Turtle, None), Ok(Vec::new()));
}

#[test]
fn nodes_without_a_label_are_called_the_same_each_time() {
    let text =
        "@prefix ex: <https://kg.example/> . ex:a ex:p [], [ ex:p _:anon1 ] . ex:b ex:p\\-q [ ] .";
    let first = ours(text.as_bytes(), RdfFormat::Turtle, None).unwrap();
    assert_eq!(
        ours(text.as_bytes(), RdfFormat::Turtle, None).unwrap(),
        first
    );
    let lines: Vec<String> = first.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "<https://kg.example/a> <https://kg.example/p> _:anon1",
            "<https://kg.example/a> <https://kg.example/p> _:anon2",
            "_:anon2 <https://kg.example/p> _:anon1_",
            "<https://kg.example/b> <https://kg.example/p-q> _:anon3",
        ]
    );
}

#[test]
fn language_tags_stay_as_they_are_written() {
    let tags = |text: &str, format| -> Vec<String> {
        let quads = ours(text.as_bytes(), format, None).unwrap();
        let tag = |quad: Quad| match quad.object {
            Term::Literal(literal) => literal.language().map(str::to_owned),
            _ => None,
        };
        quads.into_iter().filter_map(tag).collect()
    };
    let turtle =
        "<a:b> <a:c> '市'@zh-Hans, 'a'@en-GB . <a:b> <a:c\\u0064> '甲'@zh-Hans, 'b'@EN-us .";
    // What follows the escape is oxttl's, to which `EN-us` is new.
    assert_eq!(
        tags(turtle, RdfFormat::Turtle),
        ["zh-Hans", "en-GB", "zh-Hans", "en-us"]
    );
    let lines = "<a:b> <a:c> \"市\"@zh-Hans .\n<a:b> <a:c\\u0064> \"甲\"@zh-Hans .\n";
    assert_eq!(tags(lines, RdfFormat::NTriples), ["zh-Hans", "zh-Hans"]);
}

/// `text` with a piece put in, taken out or doubled somewhere.
fn changed(text: &'static str) -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "",
        ".",
        ";",
        ",",
        "a",
        " ",
        "\n",
        "\r",
        "\t",
        "\"",
        "'",
        "\\",
        "<",
        ">",
        "_:",
        ":",
        "@",
        "^^",
        "#",
        "[",
        "]",
        "(",
        ")",
        "市",
        "\u{e000}",
        "\0",
        "%",
        "%20",
        "-",
        "+",
        "1",
        "e",
        "\\u0041",
        "\\U0010FFFF",
        "\\uD800",
        "\\-",
        "@prefix",
        "true",
        "<<",
        "{|",
        "\"\"\"",
        "é",
        "/.",
        "?",
        "\u{feff}",
    ]);
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let place = prop::sample::select(places);
    (place.clone(), place, pieces, any::<bool>()).prop_map(move |(a, b, piece, cuts)| {
        let (from, to) = (a.min(b), a.max(b));
        let to = if cuts { to.min(from + 12) } else { from };
        let to = (to..=text.len())
            .find(|it| text.is_char_boundary(*it))
            .unwrap_or(from);
        format!("{}{piece}{}", &text[..from], &text[to..])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn changed_turtle_is_what_oxttl_says(text in changed(TURTLE)) {
        same(&text, RdfFormat::Turtle, None);
    }

    #[test]
    fn changed_lines_are_what_oxttl_says(text in changed(LINES), quads in changed(QUADS)) {
        same(&text, RdfFormat::NTriples, None);
        same(&text, RdfFormat::NQuads, None);
        same(&quads, RdfFormat::NQuads, None);
    }
}
