//! Small projects of our own and what they are exported as.

use std::fs;

use crate::support::{Sandbox, assert_golden, in_repository};

#[test]
fn good_projects_give_the_expected_files() {
    let mut cases = 0;
    for entry in fs::read_dir(in_repository("tests/cases/good")).unwrap() {
        let case = entry.unwrap().file_name().into_string().unwrap();
        let sandbox = Sandbox::with_project(&case);
        let folder = in_repository("tests/cases/good").join(&case).join("out");
        for (format, extension) in [
            ("turtle", "ttl"),
            ("ntriples", "nt"),
            ("nquads", "nq"),
            ("rdfxml", "rdf"),
            ("jsonld", "jsonld"),
            ("dot", "dot"),
        ] {
            sandbox
                .run(&["export", "--format", format, "--output", "out"])
                .expect(0);
            let name = format!("{case}.{extension}");
            let found = fs::read_to_string(sandbox.path("out").join(&name)).unwrap();
            assert_golden(&folder.join(&name), &found);
        }
        let plain = sandbox.run(&[
            "export",
            "--provenance",
            "none",
            "-o",
            "-",
            "--format",
            "turtle",
        ]);
        assert_golden(&folder.join("plain.ttl"), &plain.expect(0).stdout());
        for (profile, format, name) in [
            ("graphs", "trig", "graphs.trig"),
            ("rdf12", "turtle", "rdf12.ttl"),
        ] {
            let arguments = [
                "export",
                "--provenance",
                profile,
                "-o",
                "-",
                "--format",
                format,
            ];
            let run = sandbox.run(&arguments).expect(0);
            assert_golden(&folder.join(name), &run.stdout());
        }
        cases += 1;
    }
    assert!(cases > 0, "no good project was found");
}
