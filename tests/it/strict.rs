//! `--strict`: rows are held against each other, in whatever order tables come.

use std::fs;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use tupu::rdf::ProvenanceProfile;
use tupu::table::{Fault, LineProfile, Report, TableError, TableSource, strict, write_lines};

use crate::support::{Run, Sandbox};
use crate::tables::mapping;

const NODES: &str = "id\tname\nEX:a\t甲市\nEX:b\t乙市\nhttps://kg.example/a\t甲城\n";
const EDGES: &str = "id\tsubject\tpredicate\tobject\n\
                     E1\tEX:a\tEX:near\tEX:b\n\
                     E2\tEX:a\tEX:near\tEX:c\n\
                     E1\tEX:b\tEX:near\tEX:a\n\
                     E3\tEX:d\tEX:near\tEX:e\n";

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut all = arguments.to_vec();
    all.extend(["--prefix", "EX=https://kg.example/"]);
    sandbox.run(&all)
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("n.tsv", NODES);
    sandbox.write("e.tsv", EDGES);
    sandbox
}

const NODE_FAULTS: &str =
    "n.tsv:4:1: error[repeated-id]: a row before has the id `https://kg.example/a`\n";
const EDGE_FAULTS: &str = "e.tsv:3:17: error[unknown-node]: no table has a row of the node `EX:c`
e.tsv:4:1: error[repeated-id]: a row before has the id of this edge
e.tsv:5:4: error[unknown-node]: no table has a row of the node `EX:d`
";

#[test]
fn faults_are_found_in_any_order_of_tables_and_any_format() {
    let sandbox = sandbox();
    for format in ["ntriples", "turtle", "trig"] {
        for (tables, wanted) in [
            (["n.tsv", "e.tsv"], [NODE_FAULTS, EDGE_FAULTS]),
            (["e.tsv", "n.tsv"], [EDGE_FAULTS, NODE_FAULTS]),
        ] {
            let export = [
                "export", tables[0], tables[1], "--format", format, "-o", "x",
            ];
            run(&sandbox, &export).expect(0);
            fs::remove_file(sandbox.path("x")).unwrap();
            let mut all = export.to_vec();
            all.push("--strict");
            let said = run(&sandbox, &all).expect(1).stderr();
            // Grouped Turtle reads nodes first.
            let wanted = match format {
                "turtle" => [NODE_FAULTS, EDGE_FAULTS].concat(),
                _ => wanted.concat(),
            };
            assert!(said.starts_with(&wanted), "{format}: {said}");
            assert!(said.contains("4 faulty rows of 7"), "{said}");
            assert!(!sandbox.path("x").exists());
        }
    }
    let asked = ["stats", "--graph", "e.tsv", "--graph", "n.tsv", "--strict"];
    let said = run(&sandbox, &asked).expect(1).stderr();
    assert!(
        said.starts_with(&[EDGE_FAULTS, NODE_FAULTS].concat()),
        "{said}"
    );
}

#[test]
fn the_rows_before_are_kept() {
    let sandbox = sandbox();
    let all = [
        "export",
        "e.tsv",
        "n.tsv",
        "-o",
        "x.nt",
        "--strict",
        "--rejects",
        "r.tsv",
    ];
    run(&sandbox, &all).expect(0);
    assert_eq!(
        fs::read_to_string(sandbox.path("x.nt")).unwrap(),
        "<https://kg.example/a> <https://kg.example/near> <https://kg.example/b> .\n\
         <https://kg.example/a> <http://www.w3.org/2000/01/rdf-schema#label> \"甲市\" .\n\
         <https://kg.example/b> <http://www.w3.org/2000/01/rdf-schema#label> \"乙市\" .\n"
    );
    let rejects = fs::read_to_string(sandbox.path("r.tsv")).unwrap();
    assert_eq!(rejects.lines().count(), 5, "{rejects}");
}

#[test]
fn a_faulty_row_is_no_row_of_its_node() {
    let sandbox = sandbox();
    sandbox.write(
        "n.jsonl",
        "{\"id\":\"EX:a\"}\n{\"id\":\"EX:b\",\"name\":{}}\n{\"id\":\"EX:b\"}\n",
    );
    sandbox.write(
        "e.csv",
        "object,predicate,subject\n\"EX:b\",EX:p,EX:a\nEX:a,EX:p,EX:c\n",
    );
    let all = [
        "export", "e.csv", "n.jsonl", "--format", "ntriples", "--strict",
    ];
    let said = run(&sandbox, &all).expect(1).stderr();
    assert!(
        said.starts_with("e.csv:3:11: error[unknown-node]"),
        "{said}"
    );
    assert!(said.contains("n.jsonl:2:1: error[invalid-json]"), "{said}");
    assert!(said.contains("2 faulty rows of 5"), "{said}");
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let sandbox = Sandbox::new();
    let nodes: String = (0..40_000)
        .map(|it| format!("EX:{}\n", it % 39_990))
        .collect();
    let edges: String = (0..40_000)
        .map(|it| format!("EX:{it}\tEX:p\tEX:{}\n", it * 7 % 40_000))
        .collect();
    let nodes = sandbox.write("n.tsv", &format!("id\n{nodes}"));
    let edges = sandbox.write("e.tsv", &format!("subject\tpredicate\tobject\n{edges}"));
    let tables = [
        File(fs::read(nodes).unwrap()),
        File(fs::read(edges).unwrap()),
    ];
    let tables: Vec<&dyn TableSource> = tables.iter().map(|it| it as &dyn TableSource).collect();
    let tables = strict(&tables, &mapping(), ProvenanceProfile::None).unwrap();
    let tables: Vec<&dyn TableSource> = tables.iter().map(|it| it as &dyn TableSource).collect();
    let convert = |workers| {
        let (mut out, mut faults) = (Vec::new(), Faults::default());
        let profile = LineProfile::default();
        write_lines(&tables, &mapping(), profile, workers, &mut out, &mut faults).unwrap();
        (out, faults.0)
    };
    let wanted = convert(1);
    // The ten nodes that come again, and the edges from or to the ten that are not there, one of them both.
    assert_eq!(wanted.1.len(), 10 + 19);
    assert_eq!(convert(3), wanted);
}

#[test]
fn a_table_that_grows_between_its_readings_is_refused() {
    let grows = Growing::default();
    let tables: [&dyn TableSource; 1] = [&grows];
    let tables = strict(&tables, &mapping(), ProvenanceProfile::None).unwrap();
    let tables: Vec<&dyn TableSource> = tables.iter().map(|it| it as &dyn TableSource).collect();
    let (mut out, mut faults) = (Vec::new(), Faults::default());
    let profile = LineProfile::default();
    let result = write_lines(&tables, &mapping(), profile, 1, &mut out, &mut faults);
    match result {
        Err(TableError::Read { source, .. }) => {
            assert_eq!(source.to_string(), "it changed while it was read");
        }
        other => panic!("{other:?}"),
    }
}

struct File(Vec<u8>);

impl TableSource for File {
    fn name(&self) -> &str {
        "t"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.0.clone())))
    }
}

/// Has a row more when it is read again.
#[derive(Default)]
struct Growing(AtomicBool);

impl TableSource for Growing {
    fn name(&self) -> &str {
        "t"
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let text = match self.0.swap(true, Ordering::Relaxed) {
            false => "id\nEX:a\n",
            true => "id\nEX:a\nEX:b\n",
        };
        Ok(Box::new(text.as_bytes()))
    }
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Report for Faults {
    fn fault(&mut self, _: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        self.0.push(fault.clone());
        Ok(ControlFlow::Continue(()))
    }
}
