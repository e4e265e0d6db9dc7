//! Stores in a folder: `tupu load`, `tupu query --store`, `tupu verify --store`.

#[cfg(not(feature = "rocksdb"))]
mod without {
    use crate::support::Sandbox;

    #[test]
    fn a_build_without_such_stores_says_what_to_do() {
        let sandbox = Sandbox::with_project("two-cities");
        for arguments in [
            &["load", "kg"][..],
            &["query", "--store", "kg", "ASK { ?s ?p ?o }"],
            &["verify", "--store", "kg"],
        ] {
            let run = sandbox.run(arguments).expect(2);
            for way in [
                "--features rocksdb",
                "libclang",
                "--graph FILE",
                "tupu push",
            ] {
                assert!(run.stderr().contains(way), "{}", run.stderr());
            }
            assert_eq!(run.stdout(), "");
            assert!(!sandbox.path("kg").exists());
        }
    }
}

#[cfg(feature = "rocksdb")]
mod with {
    use std::collections::BTreeSet;
    use std::fs::{self, File};
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use serde_json::Value;
    use tupu::oxrdf::{GraphName, GraphNameRef, NamedNodeRef, TripleRef};
    use tupu::store::{Placing, StoreError, fill_store};

    use crate::queries::{names, with_parameters};
    use crate::support::{Run, Sandbox, in_repository};

    /// How the project of the repository is named.
    fn project() -> [String; 2] {
        let data = in_repository("data").display().to_string();
        ["--project".to_owned(), data]
    }

    /// Runs on the project of the repository.
    fn on_project(sandbox: &Sandbox, arguments: &[&str]) -> Run {
        let project = project();
        let project: Vec<&str> = project.iter().map(String::as_str).collect();
        sandbox.run(&[&project[..], arguments].concat())
    }

    /// N-Triples about `count` subjects, two each.
    fn triples(name: &str, count: u32) -> String {
        let pair = |n| {
            format!(
                "<https://kg.example/{name}/{n}> <https://kg.example/next> <https://kg.example/{name}/{}> .\n\
                 <https://kg.example/{name}/{n}> <http://www.w3.org/2000/01/rdf-schema#label> \"{name} {n} 号\"@zh .\n",
                n + 1
            )
        };
        (0..count).map(pair).collect()
    }

    /// How many triples the store holds.
    #[track_caller]
    fn count(sandbox: &Sandbox, store: &str) -> u64 {
        let query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";
        let run = sandbox.run(&["query", "--store", store, query, "--format", "csv"]);
        let rows = run.expect(0).stdout();
        rows.lines().nth(1).unwrap().parse().unwrap()
    }

    /// What stands in the sandbox, hidden or not, apart from input.
    fn left(sandbox: &Sandbox) -> Vec<String> {
        let entries = fs::read_dir(sandbox.path(".")).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|it| !it.contains(".nt")).collect();
        names.sort();
        names
    }

    fn manifest(sandbox: &Sandbox, store: &str) -> Value {
        let text = fs::read_to_string(sandbox.path(store).join("tupu.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn start(sandbox: &Sandbox, arguments: &[&str]) -> Child {
        let mut command = sandbox.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    #[track_caller]
    fn wait_for(path: &Path) {
        let begin = Instant::now();
        while !path.exists() {
            assert!(begin.elapsed() < Duration::from_secs(60), "{path:?}");
            sleep(Duration::from_millis(2));
        }
    }

    /// Adds a triple as another program does.
    fn insert_behind_our_back(store: &Path) {
        let node = NamedNodeRef::new_unchecked("https://kg.example/stranger");
        let placing = Placing {
            target: GraphName::DefaultGraph,
            seed: String::new(),
        };
        let filled: Result<_, StoreError> = fill_store(store, &placing, |filler| {
            filler.insert(GraphNameRef::DefaultGraph, TripleRef::new(node, node, node))
        });
        assert_eq!(filled.unwrap().triples(), 1);
    }

    #[test]
    fn the_project_is_loaded_verified_and_answers_every_named_query() {
        let sandbox = Sandbox::new();
        let load = on_project(&sandbox, &["load", "kg"]).expect(0);
        assert!(load.stderr().contains("each found there again"));
        assert_eq!(left(&sandbox), ["kg"]);
        for arguments in [
            &["verify", "--store", "kg"][..],
            &["verify", "--store", "kg", "--full"],
        ] {
            let run = on_project(&sandbox, arguments).expect(0);
            assert!(run.stderr().contains("kg: verified: "), "{}", run.stderr());
            assert_eq!(run.stdout(), "");
        }
        let names = names();
        assert!(names.len() >= 20);
        for name in &names {
            let asked = with_parameters(name);
            let options = ["--store", "kg", "--format", "csv"];
            let arguments = [&["query"], &asked[..], &options].concat();
            let rows = on_project(&sandbox, &arguments).expect(0).stdout();
            let rows = rows.replace("\r\n", "\n");
            let expected = in_repository("tests/cases/queries").join(format!("{name}.csv"));
            let expected = fs::read_to_string(expected).unwrap();
            let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
            assert_eq!(sorted(&rows), sorted(&expected), "{name}");
            assert_eq!(rows.lines().count(), expected.lines().count(), "{name}");
        }
    }

    #[test]
    fn equal_loads_make_equal_manifests() {
        let sandbox = Sandbox::with_project("two-cities");
        sandbox.run(&["load", "one"]).expect(0);
        sandbox.run(&["load", "other"]).expect(0);
        assert_eq!(manifest(&sandbox, "one"), manifest(&sandbox, "other"));
    }

    #[test]
    fn a_store_is_asked_in_every_form_and_format() {
        let sandbox = Sandbox::with_project("two-cities");
        sandbox.run(&["load", "kg"]).expect(0);
        fs::remove_dir_all(sandbox.path("data")).unwrap();
        let ask = |arguments: &[&str]| {
            let store = ["query", "--store", "kg"];
            sandbox.run(&[&store, arguments].concat())
        };
        assert_eq!(
            ask(&["ASK { ?s rdfs:label ?l }"]).expect(0).stdout(),
            "true\n"
        );
        ask(&["ASK { ?s <urn:none> ?l }"]).expect(1);
        let all = "SELECT ?s { ?s a ?c } ORDER BY ?s LIMIT 3";
        for format in ["table", "markdown", "json", "ndjson", "xml", "csv", "tsv"] {
            let rows = ask(&[all, "--format", format]).expect(0).stdout();
            assert!(rows.lines().count() > 0, "{format}");
        }
        let construct = "CONSTRUCT { [] rdfs:label ?l } { ?s rdfs:label ?l }";
        for format in ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"] {
            let text = ask(&[construct, "--format", format]).expect(0).stdout();
            assert_eq!(
                text,
                ask(&[construct, "--format", format]).stdout(),
                "{format}"
            );
        }
        sandbox.write("q.rq", all);
        ask(&["--file", "q.rq"]).expect(0);
        ask(&[
            "SELECT ?l { ?s rdfs:label ?l FILTER(LANG(?l) = ?tag) }",
            "--set",
            "tag=\"zh\"",
        ])
        .expect(0);
        ask(&["SELECT ?s { ?s nonsense ?o }"]).expect(2);
        let product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";
        let run = ask(&[product, "--timeout", "1"]).expect(2);
        assert!(run.stderr().contains("1 second"), "{}", run.stderr());
        sandbox.write("other.ttl", "<urn:s> <urn:p> <urn:o> .");
        ask(&[all, "--graph", "other.ttl"]).expect(2);
    }

    #[test]
    fn graphs_are_kept_apart_and_what_is_added_is_added() {
        let sandbox = Sandbox::with_project("two-cities");
        sandbox.write("more.nt", &triples("more", 10));
        sandbox
            .run(&["load", "kg", "--provenance", "graphs"])
            .expect(0);
        let project = ["verify", "--store", "kg", "--provenance", "graphs"];
        sandbox.run(&project).expect(0);
        let before = count(&sandbox, "kg");
        let more = [
            "--graph",
            "more.nt",
            "--graph-iri",
            "https://kg.example/more",
        ];
        let add = [&["load", "kg", "--add"][..], &more].concat();
        sandbox.run(&add).expect(0);
        assert_eq!(count(&sandbox, "kg"), before + 20);
        sandbox
            .run(&[&["verify", "--store", "kg"][..], &more].concat())
            .expect(0);
        sandbox.run(&project).expect(0);
        let again = sandbox.run(&add).expect(0).stderr();
        assert!(
            again.contains("20 of them came twice, or were there before"),
            "{again}"
        );
        assert_eq!(count(&sandbox, "kg"), before + 20);
        let loads = manifest(&sandbox, "kg")["loads"].as_array().unwrap().len();
        assert_eq!(loads, 3);
        sandbox
            .run(&[&["load", "kg"][..], &more].concat())
            .expect(0);
        assert_eq!(count(&sandbox, "kg"), 20);
        assert_eq!(left(&sandbox), ["data", "kg"]);
    }

    #[test]
    fn equal_labels_of_blank_nodes_mean_different_nodes_in_different_loads() {
        let sandbox = Sandbox::new();
        sandbox.write(
            "a.nt",
            "_:x <urn:p> \"1\" .\n_:x <urn:q> _:y .\n_:x <urn:q> _:y .\n",
        );
        let first = sandbox
            .run(&["load", "kg", "--graph", "a.nt"])
            .expect(0)
            .stderr();
        assert!(first.contains("1 of them came twice"), "{first}");
        assert_eq!(count(&sandbox, "kg"), 2);
        sandbox
            .run(&["load", "kg", "--add", "--graph", "a.nt"])
            .expect(0);
        assert_eq!(count(&sandbox, "kg"), 4);
        let joined = "ASK { ?x <urn:p> \"1\" ; <urn:q> ?y }";
        sandbox.run(&["query", "--store", "kg", joined]).expect(0);
    }

    #[test]
    fn several_files_and_tables_are_loaded_at_once() {
        let sandbox = Sandbox::new();
        sandbox.write("a.nt", "_:x <urn:p> \"1\" .\n");
        sandbox.write("b.nt", "_:x <urn:p> \"1\" .\n");
        sandbox.write(
            "nodes.tsv",
            "id\tcategory\tname\nEX:jia\tbiolink:City\t甲市\n",
        );
        let files = ["--graph", "a.nt", "--graph", "b.nt", "--graph", "nodes.tsv"];
        let given = [&files[..], &["--prefix", "EX=https://kg.example/"]].concat();
        sandbox
            .run(&[&["load", "kg"], &given[..]].concat())
            .expect(0);
        assert_eq!(count(&sandbox, "kg"), 4);
        let loads = &manifest(&sandbox, "kg")["loads"];
        assert_eq!(loads[0]["source"], "a.nt, b.nt, nodes.tsv");
        let named = "ASK { <https://kg.example/jia> ?p '甲市' }";
        sandbox.run(&["query", "--store", "kg", named]).expect(0);
    }

    #[test]
    fn values_that_are_not_kept_as_written_are_found_all_the_same() {
        let sandbox = Sandbox::new();
        let values = [
            ("1.50", "decimal"),
            ("01", "integer"),
            ("123456789012345678901234567890", "integer"),
            ("1e400", "double"),
            ("NaN", "double"),
            ("2024-02-30", "date"),
            ("2024-02-29", "date"),
            ("2024-11-25T24:00:00Z", "dateTime"),
            ("PT90M", "duration"),
            ("--02-29", "gMonthDay"),
            ("TRUE", "boolean"),
        ];
        let line = |(value, kind): &(&str, &str)| {
            format!("<urn:s> <urn:p> \"{value}\"^^<http://www.w3.org/2001/XMLSchema#{kind}> .\n")
        };
        sandbox.write("a.nt", &values.iter().map(line).collect::<String>());
        sandbox.run(&["load", "kg", "--graph", "a.nt"]).expect(0);
        assert_eq!(count(&sandbox, "kg"), 11);
        sandbox
            .run(&["verify", "--store", "kg", "--graph", "a.nt", "--full"])
            .expect(0);
    }

    #[test]
    fn input_that_is_broken_changes_nothing() {
        let sandbox = Sandbox::new();
        sandbox.write("good.nt", &triples("good", 10));
        let text = triples("bad", 500);
        sandbox.write("bad.nt", &format!("{text}<urn:s> <urn:p> nonsense .\n"));
        let mut packed = flate2_of(&text);
        packed.truncate(packed.len() / 2);
        fs::write(sandbox.path("cut.nt.gz"), packed).unwrap();
        for (is_first, file) in [(true, "bad.nt"), (true, "cut.nt.gz"), (true, "none.nt")] {
            sandbox.run(&["load", "kg", "--graph", file]).expect(2);
            assert_eq!(is_first, left(&sandbox).is_empty(), "{file}");
        }
        sandbox.run(&["load", "kg", "--graph", "good.nt"]).expect(0);
        for file in ["bad.nt", "cut.nt.gz", "none.nt"] {
            for mode in [&[][..], &["--add"]] {
                let run = sandbox.run(&[&["load", "kg", "--graph", file], mode].concat());
                let said = run.expect(2).stderr();
                assert!(said.contains("as it was"), "{said}");
                let verify = ["verify", "--store", "kg", "--graph", "good.nt", "--full"];
                sandbox.run(&verify).expect(0);
                assert_eq!(left(&sandbox), ["kg"]);
            }
        }
    }

    fn flate2_of(text: &str) -> Vec<u8> {
        let file = tempfile::Builder::new().suffix(".nt").tempfile().unwrap();
        file.as_file().write_all(text.as_bytes()).unwrap();
        let packed = file.path().with_extension("nt.gz");
        let (from, to) = (file.path().to_str().unwrap(), packed.to_str().unwrap());
        Sandbox::new().run(&["convert", from, "-o", to]).expect(0);
        let bytes = fs::read(&packed).unwrap();
        fs::remove_file(packed).unwrap();
        bytes
    }

    #[test]
    fn what_is_no_store_is_left_alone() {
        let sandbox = Sandbox::with_project("two-cities");
        sandbox.write("notes/text", "ours");
        for place in ["notes", "notes/text", "none/kg", "/"] {
            let run = sandbox.run(&["load", place]).expect(2);
            assert!(run.stderr().contains(place), "{}", run.stderr());
        }
        for place in ["notes", "kg"] {
            sandbox
                .run(&["query", "--store", place, "ASK {}"])
                .expect(2);
            sandbox.run(&["verify", "--store", place]).expect(2);
        }
        assert_eq!(left(&sandbox), ["data", "notes"]);
        assert_eq!(
            fs::read_to_string(sandbox.path("notes/text")).unwrap(),
            "ours"
        );
        fs::create_dir(sandbox.path("empty")).unwrap();
        sandbox.run(&["load", "empty"]).expect(0);
        sandbox.run(&["verify", "--store", "empty"]).expect(0);
    }

    #[test]
    fn a_project_with_errors_is_not_loaded() {
        let sandbox = Sandbox::with_project("two-cities");
        sandbox.run(&["load", "kg"]).expect(0);
        sandbox.write("data/entities/wrong.toml", "[甲市]\nis = \"City\"\n");
        sandbox.run(&["load", "kg"]).expect(1);
        assert_eq!(left(&sandbox), ["data", "kg"]);
    }

    #[test]
    fn two_loads_at_once_do_no_harm() {
        let sandbox = Sandbox::new();
        sandbox.write("large.nt", &triples("large", 20_000));
        sandbox.write("small.nt", &triples("small", 10));
        sandbox
            .run(&["load", "kg", "--graph", "small.nt"])
            .expect(0);
        let first = start(&sandbox, &["load", "kg", "--graph", "large.nt"]);
        wait_for(&sandbox.path(".kg.tupu-loading/store"));
        let second = sandbox
            .run(&["load", "kg", "--graph", "small.nt"])
            .expect(2);
        let process = format!("process {} is loading", first.id());
        assert!(second.stderr().contains(&process), "{}", second.stderr());
        // Meanwhile the old one answers.
        assert_eq!(count(&sandbox, "kg"), 20);
        Run::of(first.wait_with_output().unwrap()).expect(0);
        assert_eq!(count(&sandbox, "kg"), 40_000);
        assert_eq!(left(&sandbox), ["kg"]);
    }

    #[test]
    fn a_load_waits_for_those_who_ask() {
        let sandbox = Sandbox::new();
        sandbox.write("a.nt", &triples("a", 1000));
        sandbox.write("b.nt", &triples("b", 10));
        sandbox.run(&["load", "kg", "--graph", "a.nt"]).expect(0);
        let product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
        let asking = start(
            &sandbox,
            &["query", "--store", "kg", product, "--timeout", "8"],
        );
        sleep(Duration::from_secs(2));
        let load = sandbox.run(&["load", "kg", "--graph", "b.nt"]).expect(0);
        assert!(
            load.stderr().contains("waiting for those"),
            "{}",
            load.stderr()
        );
        Run::of(asking.wait_with_output().unwrap()).expect(2);
        assert_eq!(count(&sandbox, "kg"), 20);
    }

    #[test]
    fn a_store_in_which_somebody_writes_is_not_replaced() {
        let sandbox = Sandbox::new();
        sandbox.write("a.nt", &triples("a", 10));
        sandbox.run(&["load", "kg", "--graph", "a.nt"]).expect(0);
        let placing = Placing {
            target: GraphName::DefaultGraph,
            seed: String::new(),
        };
        let filled: Result<_, StoreError> = fill_store(&sandbox.path("kg"), &placing, |_| {
            for mode in [&[][..], &["--add"]] {
                let load = sandbox.run(&[&["load", "kg", "--graph", "a.nt"], mode].concat());
                assert_eq!(load.code(), 2, "{}", load.stderr());
            }
            Ok(())
        });
        assert_eq!(filled.unwrap().triples(), 0);
        assert_eq!(left(&sandbox), ["kg"]);
        sandbox
            .run(&["verify", "--store", "kg", "--graph", "a.nt"])
            .expect(0);
    }

    #[test]
    fn after_kill_the_store_is_old_or_new_and_the_next_run_says_which() {
        let sandbox = Sandbox::new();
        let files = ["a.nt", "b.nt"];
        sandbox.write("a.nt", &triples("a", 6000));
        sandbox.write("b.nt", &triples("b", 6000));
        let begin = Instant::now();
        sandbox.run(&["load", "kg", "--graph", "a.nt"]).expect(0);
        let whole = begin.elapsed();
        let holds = |file: &str| {
            let verify = ["verify", "--store", "kg", "--graph", file, "--full"];
            sandbox.run(&verify).code() == 0
        };
        let mut current = 0;
        let mut outcomes = BTreeSet::new();
        for moment in [5, 20, 35, 50, 65, 80, 88, 94, 98, 101, 104] {
            let mode = if moment % 2 == 0 {
                "--graph"
            } else {
                "--project"
            };
            let other = 1 - current;
            let mut load = start(&sandbox, &["load", "kg", "--graph", files[other]]);
            sleep(whole * moment / 100);
            load.kill().unwrap();
            let mut said = String::new();
            load.stderr
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            load.wait().unwrap();
            let found = usize::from(holds(files[1]));
            assert!(holds(files[found]), "{moment}: neither old nor new");
            if said.contains("found there again") {
                assert_eq!(found, other, "{moment}: {mode} said to be loaded");
            }
            let has_left = sandbox.path(".kg.tupu-loading/store").exists();
            current = found;
            outcomes.insert((found == other, has_left));
            // The next run is the other load, or the same again.
            let next = sandbox
                .run(&["load", "kg", "--graph", files[current]])
                .expect(0);
            let is_old = next.stderr().contains("the store is the one before it");
            if has_left && found != other {
                assert!(is_old, "{moment}: {}", next.stderr());
            } else {
                assert!(!is_old, "{moment}: {}", next.stderr());
            }
            assert_eq!(left(&sandbox), ["kg"], "{moment}");
        }
        assert!(outcomes.contains(&(false, true)), "{outcomes:?}");
    }

    /// The largest of the store's files with data.
    fn largest(store: &Path) -> PathBuf {
        let files = fs::read_dir(store).unwrap().map(|it| it.unwrap().path());
        let data = files.filter(|it| it.extension().is_some_and(|it| it == "sst"));
        data.max_by_key(|it| fs::metadata(it).unwrap().len())
            .unwrap()
    }

    #[test]
    fn a_store_that_is_not_what_was_loaded_is_found_out() {
        let sandbox = Sandbox::new();
        sandbox.write("a.nt", &triples("a", 2000));
        let load = || sandbox.run(&["load", "kg", "--graph", "a.nt"]).expect(0);
        let verify = || sandbox.run(&["verify", "--store", "kg", "--graph", "a.nt", "--full"]);
        load();
        verify().expect(0);

        insert_behind_our_back(&sandbox.path("kg"));
        let extra = verify().expect(1).stdout();
        assert!(
            extra.contains("triples: 1 too many, 4001 of 4000"),
            "{extra}"
        );
        let contains = ["verify", "--store", "kg", "--graph", "a.nt", "--contains"];
        sandbox.run(&contains).expect(1);

        load();
        let file = largest(&sandbox.path("kg"));
        let length = fs::metadata(&file).unwrap().len();
        let mut data = File::options().read(true).write(true).open(&file).unwrap();
        data.seek(SeekFrom::Start(length / 3)).unwrap();
        data.write_all(&[0xA5; 64]).unwrap();
        let said = verify().expect(1).stderr();
        assert!(said.contains("damaged"), "{said}");

        load();
        let file = File::options()
            .write(true)
            .open(largest(&sandbox.path("kg")));
        file.unwrap().set_len(length / 2).unwrap();
        let said = verify().expect(1).stderr();
        assert!(said.contains("damaged"), "{said}");

        load();
        fs::remove_file(largest(&sandbox.path("kg"))).unwrap();
        let said = verify().expect(1).stderr();
        assert!(said.contains("damaged"), "{said}");

        load();
        let mut other = manifest(&sandbox, "kg");
        other["graphs"][""]["digest"] = "0".repeat(32).into();
        fs::write(sandbox.path("kg/tupu.json"), other.to_string()).unwrap();
        let said = verify().expect(1).stdout();
        assert!(said.contains("other triples"), "{said}");
        sandbox.write("b.nt", &triples("a", 1999));
        load();
        let other = ["verify", "--store", "kg", "--graph", "b.nt", "--full"];
        let said = sandbox.run(&other).expect(1).stdout();
        assert!(said.contains("triples: 2 too many"), "{said}");
    }
}
