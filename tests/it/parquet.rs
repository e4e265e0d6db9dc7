//! Parquet is a table as TSV is, whatever is wrong with it.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::process::Stdio;
use std::sync::Arc;

use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use tupu::table::ParquetLines;

use crate::support::{Run, Sandbox};

/// The values of a column, with their definition and repetition levels.
enum Column {
    Texts(&'static [&'static str], &'static [i16], &'static [i16]),
    Days(&'static [i32], &'static [i16], &'static [i16]),
}

/// A file with such groups of rows.
fn parquet(schema: &str, compression: Compression, groups: &[&[Column]]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for columns in groups {
        let mut group = file.next_row_group().unwrap();
        for column in *columns {
            let mut writer = group.next_column().unwrap().unwrap();
            // A column that is always there has no levels.
            let levels = |of: &'static [i16]| (!of.is_empty()).then_some(of);
            match column {
                Column::Texts(values, definitions, repetitions) => {
                    let values: Vec<_> = values.iter().map(|it| ByteArray::from(*it)).collect();
                    let writer = writer.typed::<ByteArrayType>();
                    writer.write_batch(&values, levels(definitions), levels(repetitions))
                }
                Column::Days(values, definitions, repetitions) => {
                    let writer = writer.typed::<Int32Type>();
                    writer.write_batch(values, levels(definitions), levels(repetitions))
                }
            }
            .unwrap();
            writer.close().unwrap();
        }
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

const NODES: &str = "message nodes {
    required binary id (STRING);
    optional binary name (STRING);
    optional group synonym (LIST) { repeated group list { optional binary element (STRING); } }
    optional int32 since (DATE);
    repeated binary note (STRING);
}";

/// Three rows in two groups.
fn nodes(compression: Compression) -> Vec<u8> {
    let first = [
        Column::Texts(&["EX:1", "EX:2"], &[], &[]),
        Column::Texts(&["甲\n\"市\""], &[0, 1], &[]),
        // A list of two texts and a null; no list.
        Column::Texts(&["a|b", ""], &[3, 2, 3, 0], &[0, 1, 1, 0]),
        Column::Days(&[-1], &[0, 1], &[]),
        Column::Texts(&["x", "y"], &[0, 1, 1], &[0, 0, 1]),
    ];
    let second = [
        Column::Texts(&["EX:3"], &[], &[]),
        Column::Texts(&["丙市"], &[1], &[]),
        // An empty list.
        Column::Texts(&[], &[1], &[0]),
        Column::Days(&[19_723], &[1], &[]),
        Column::Texts(&[], &[0], &[0]),
    ];
    parquet(NODES, compression, &[&first, &second])
}

const LINES: &str = r#"{"id":"EX:1","name":null,"synonym":["a|b",""],"since":null,"note":null}
{"id":"EX:2","name":"甲\u000a\u0022市\u0022","since":"1969-12-31","note":["x","y"]}
{"id":"EX:3","name":"丙市","since":"2024-01-01"}
"#;

/// What the reader makes of a file.
fn lines(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut text = Vec::new();
    ParquetLines::new(file)?.read_to_end(&mut text)?;
    Ok(text)
}

fn export(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut all = vec![
        "export",
        "-f",
        "ntriples",
        "--prefix",
        "EX=https://kg.example/",
    ];
    all.extend(arguments);
    sandbox.run(&all)
}

#[test]
fn rows_are_lines_of_json() {
    let gzip = Compression::GZIP(Default::default());
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, gzip, zstd] {
        let found = lines(&nodes(compression)).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), LINES, "{compression}");
    }
}

#[test]
fn a_file_standard_input_and_a_question_say_what_json_lines_say() {
    let sandbox = Sandbox::new();
    let bytes = nodes(Compression::SNAPPY);
    fs::write(sandbox.path("n.parquet"), &bytes).unwrap();
    sandbox.write("n.jsonl", LINES);
    let wanted = export(&sandbox, &["n.jsonl"]).expect(0).stdout();
    assert_eq!(wanted.lines().count(), 8);
    assert_eq!(export(&sandbox, &["n.parquet"]).expect(0).stdout(), wanted);

    let mut command = sandbox.command(&[
        "export",
        "-f",
        "turtle",
        "--prefix",
        "EX=https://kg.example/",
        "-",
    ]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let grouped = Run::of(child.wait_with_output().unwrap()).expect(0);
    let turtle = sandbox.run(&[
        "export",
        "n.jsonl",
        "-f",
        "turtle",
        "--prefix",
        "EX=https://kg.example/",
    ]);
    assert_eq!(grouped.stdout(), turtle.expect(0).stdout());

    let asked = sandbox.run(&[
        "show",
        "丙市",
        "--graph",
        "n.parquet",
        "--prefix",
        "EX=https://kg.example/",
    ]);
    assert!(asked.expect(0).stdout().contains("2024-01-01"));
}

#[test]
fn the_number_of_the_row_stands_for_the_line() {
    let sandbox = Sandbox::new();
    let ids = [Column::Texts(&["EX:1", "b", "EX:3"], &[], &[])];
    let file = parquet(
        "message m { required binary id; }",
        Compression::SNAPPY,
        &[&ids],
    );
    fs::write(sandbox.path("n.parquet"), file).unwrap();
    let run = export(&sandbox, &["n.parquet", "-o", "n.nt"]).expect(1);
    assert!(
        run.stderr()
            .starts_with("n.parquet:2:2: error[not-an-iri]: `b`"),
        "{}",
        run.stderr()
    );
    assert!(!sandbox.path("n.nt").exists());
}

#[test]
fn a_table_without_rows_is_one() {
    let sandbox = Sandbox::new();
    fs::write(
        sandbox.path("n.parquet"),
        parquet(NODES, Compression::SNAPPY, &[]),
    )
    .unwrap();
    let run = export(&sandbox, &["n.parquet", "-o", "n.nt"]).expect(0);
    assert_eq!(run.stderr(), "n.nt: 0 rows of nodes, 0 of edges\n");
    let file = parquet(
        "message m { required binary name; }",
        Compression::SNAPPY,
        &[],
    );
    fs::write(sandbox.path("n.parquet"), file).unwrap();
    let run = export(&sandbox, &["n.parquet"]).expect(1);
    assert!(
        run.stderr().contains("error[invalid-header]"),
        "{}",
        run.stderr()
    );
}

#[test]
fn what_cannot_be_a_table_is_said() {
    let sandbox = Sandbox::new();
    let whole = nodes(Compression::SNAPPY);
    let of = |schema: &str| parquet(schema, Compression::SNAPPY, &[]);
    let names = parquet(
        "message m { required binary name (STRING); }",
        Compression::SNAPPY,
        &[&[Column::Texts(&["甲市"], &[], &[])]],
    );
    let parts = "holds values with parts";
    for (bytes, code, said) in [
        (b"PAR1".to_vec(), "invalid-parquet", "copied whole?"),
        (
            whole[..whole.len() - 9].to_vec(),
            "invalid-parquet",
            "copied whole?",
        ),
        (names, "invalid-header", "those of no table"),
        (
            of("message m { required binary id; optional group x { optional int32 y; } }"),
            "invalid-parquet",
            parts,
        ),
        (
            of("message m { required binary id; optional group x (MAP) {
                repeated group key_value { required binary key; optional int32 value; } } }"),
            "invalid-parquet",
            parts,
        ),
        (
            of(
                "message m { required binary id; optional group x (LIST) { repeated group list {
                optional group element { optional int32 y; } } } }",
            ),
            "invalid-parquet",
            parts,
        ),
        (
            of("message m { required binary id; optional fixed_len_byte_array(16) x (UUID); }"),
            "invalid-parquet",
            "the column `x` holds FIXED_LEN_BYTE_ARRAY of the type Uuid",
        ),
        (
            of("message m { required binary id; optional fixed_len_byte_array(12) x (INTERVAL); }"),
            "invalid-parquet",
            "the column `x` holds FIXED_LEN_BYTE_ARRAY",
        ),
    ] {
        fs::write(sandbox.path("n.parquet"), bytes).unwrap();
        let run = export(&sandbox, &["n.parquet", "-o", "n.nt"]).expect(1);
        let begins = format!("n.parquet:1:1: error[{code}]: ");
        assert!(run.stderr().starts_with(&begins), "{}", run.stderr());
        assert!(run.stderr().contains(said), "{said}: {}", run.stderr());
        assert!(!sandbox.path("n.nt").exists());
    }
}

#[test]
fn what_is_exported_is_read_again() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "--format", "parquet"]).expect(0);
    sandbox.run(&["export", "--format", "kgx-tsv"]).expect(0);
    // What only one of the formats has.
    sandbox.write(
        "parquet.toml",
        "[nodes.columns]\nclass = { skip = true }\nclasses = { skip = true }\n\
         [edges]\nsubject = 'source'\nobject = 'target'\n[edges.columns]\nslot = { skip = true }\n",
    );
    let skip: String = ["relation", "category", "knowledge_level", "agent_type"]
        .map(|it| format!("{it} = {{ skip = true }}\n"))
        .concat();
    let split: String = ["goal", "goal_value", "goal_unit"]
        .map(|it| format!("{it} = {{ property = 'biolink:{it}', separator = '|' }}\n"))
        .concat();
    let kgx =
        format!("[nodes.columns]\ncategory = {{ skip = true }}\n{split}[edges.columns]\n{skip}");
    sandbox.write("tsv.toml", &kgx);
    let triples = |extension: &str| {
        let names = ["nodes", "edges"].map(|it| format!("out/two-cities_{it}.{extension}"));
        let mapping = format!("{extension}.toml");
        let run = export(
            &sandbox,
            &[
                &names[0],
                &names[1],
                "--mapping",
                &mapping,
                "--provenance",
                "reified",
                "--prefix",
                "tc=https://kg.example/tc/",
                "--prefix",
                "tct=https://kg.example/tct/",
            ],
        );
        run.expect(0).stdout()
    };
    let wanted = triples("tsv");
    assert!(wanted.lines().count() > 50, "{wanted}");
    // A line of TSV has no line breaks in it.
    assert_eq!(triples("parquet").replace("\\n", " "), wanted);
}

proptest! {
    #[test]
    fn a_damaged_file_is_refused_or_read(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(), cuts: bool,
    ) {
        let mut bytes = nodes(Compression::UNCOMPRESSED);
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Err(error) = lines(&bytes) {
            prop_assert!(error.get_ref().is_some(), "{error}");
        }
    }
}
