//! Files in place of a project: several of them, RDF and tables, are what a store is to hold.

use crate::support::Sandbox;

const NODES: &str = "id\tcategory\tname
EX:jia\tbiolink:City\t甲市
EX:yi\tbiolink:City\t乙市
";

const EDGES: &str = "id\tsubject\tpredicate\tobject\tprimary_knowledge_source
E1\tEX:jia\tbiolink:near\tEX:yi\tinfores:gazetteer
";

const RDF: &str = "<https://kg.example/jia> <urn:mayor> \"甲\"@zh-Hans .\n";

const TABLES: [&str; 6] = [
    "--graph",
    "nodes.tsv",
    "--graph",
    "edges.tsv",
    "--prefix",
    "EX=https://kg.example/",
];

fn files() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("nodes.tsv", NODES);
    sandbox.write("edges.tsv", EDGES);
    sandbox.write("more.nt", RDF);
    sandbox
}

#[test]
fn rdf_and_tables_are_one_graph() {
    let sandbox = files();
    for provenance in ["none", "reified", "graphs"] {
        let profile = ["--provenance", provenance];
        let tables = ["export", "nodes.tsv", "edges.tsv", "--prefix", TABLES[5]];
        let rows = [&tables[..], &profile, &["--format", "nquads"]].concat();
        let quads = sandbox.run(&rows).expect(0).stdout() + RDF;
        let wanted = quads.lines().count();
        sandbox.write("all.nq", &quads);

        let given = [&TABLES[..], &["--graph", "more.nt"], &profile].concat();
        let verify = [&["verify", "all.nq", "--full"], &given[..]].concat();
        let said = sandbox.run(&verify).expect(0).stderr();
        let all = format!("verified: {wanted} triples");
        assert!(said.contains(&all), "{provenance}: {said}");

        let push = [
            "push",
            "http://localhost:9",
            "--profile",
            "oxigraph",
            "--dry-run",
        ];
        let requests = sandbox
            .run(&[&push[..], &given].concat())
            .expect(0)
            .stdout();
        let sent: usize = requests
            .lines()
            .filter_map(|line| {
                line.trim()
                    .split_once(" triples, ")?
                    .0
                    .parse::<usize>()
                    .ok()
            })
            .sum();
        assert_eq!(sent, wanted, "{provenance}: {requests}");
    }
}

#[test]
fn what_a_table_has_more_is_missing() {
    let sandbox = files();
    let export = ["export", "nodes.tsv", "edges.tsv", "--prefix", TABLES[5]];
    let output = ["--provenance", "none", "-o", "all.nt"];
    sandbox.run(&[&export[..], &output].concat()).expect(0);
    sandbox.write(
        "nodes.tsv",
        &format!("{NODES}EX:bing\tbiolink:City\t丙港\n"),
    );
    let verify = ["verify", "all.nt", "--provenance", "none", "--full"];
    let run = sandbox.run(&[&verify[..], &TABLES].concat()).expect(1);
    assert!(
        run.stdout().contains("missing: EX:bing rdfs:label"),
        "{}",
        run.stdout()
    );
}

#[test]
fn a_faulty_row_is_found_before_anything_is_sent() {
    let sandbox = files();
    sandbox.write("edges.tsv", &format!("{EDGES}E2\tEX:jia\tbiolink:near\n"));
    // Nobody listens there: whoever asked would end with another status.
    let push = ["push", "http://localhost:9", "--profile", "oxigraph"];
    let run = sandbox.run(&[&push[..], &TABLES].concat()).expect(1);
    let said = run.stderr();
    assert!(said.contains("edges.tsv:3:"), "{said}");
    assert_eq!(run.stdout(), "");

    let aside = ["--dry-run", "--rejects", "faulty.tsv"];
    let run = sandbox
        .run(&[&push[..], &TABLES, &aside].concat())
        .expect(0);
    assert!(run.stderr().contains("1 faulty row"), "{}", run.stderr());
    let rejects = std::fs::read_to_string(sandbox.path("faulty.tsv")).unwrap();
    assert_eq!(rejects.lines().count(), 2, "{rejects}");
}

#[test]
fn what_stands_twice_in_a_file_may_be_all_that_differs() {
    let sandbox = files();
    let all = (0..9).map(|number| RDF.replace("jia", &format!("jia-{number}")));
    let all: String = all.collect();
    sandbox.write("all.nt", &all);
    sandbox.write("twice.nt", &format!("{all}{all}"));
    let verify = |depth: &[&str]| {
        let given = ["verify", "all.nt", "--graph", "twice.nt"];
        sandbox.run(&[&given, depth].concat())
    };
    let run = verify(&["--sample", "1"]).expect(1);
    assert!(run.stderr().contains("twice"), "{}", run.stderr());
    verify(&["--full"]).expect(0);
    // Something else is wrong, too.
    sandbox.write("twice.nt", &format!("{all}{all}").replace("甲", "乙"));
    let run = verify(&["--sample", "1"]).expect(1);
    assert!(!run.stderr().contains("counts twice"), "{}", run.stderr());
}
