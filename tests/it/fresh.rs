//! `out/` is what `data/` gives, every time.

use std::fs;

use crate::support::{ROOT, Sandbox, in_repository};

#[test]
fn the_committed_output_is_what_the_data_gives() {
    let data = in_repository("data");
    let sandbox = Sandbox::new();
    for folder in ["one", "two"] {
        sandbox
            .run(&[
                "--project",
                data.to_str().unwrap(),
                "export",
                "--output",
                folder,
            ])
            .expect(0);
    }
    let mut files = 0;
    for entry in fs::read_dir(sandbox.path("one")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let one = fs::read(sandbox.path("one").join(&file)).unwrap();
        let two = fs::read(sandbox.path("two").join(&file)).unwrap();
        assert!(one == two, "{file}: two runs give different bytes");
        let committed = fs::read(in_repository("out").join(&file)).unwrap_or_default();
        assert!(
            one == committed,
            "out/{file} is stale in {ROOT}; run `tupu export`"
        );
        files += 1;
    }
    assert_eq!(
        fs::read_dir(in_repository("out")).unwrap().count(),
        files,
        "out/ holds more"
    );
}

#[test]
fn neither_the_order_of_files_nor_of_tables_matters() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "--output", "before"]).expect(0);
    // The tables of the only file of cities, in another file each and in another order.
    let text = fs::read_to_string(sandbox.path("data/entities/cities.toml")).unwrap();
    let (first, second) = text.split_at(text.find("[city-b]").unwrap());
    fs::remove_file(sandbox.path("data/entities/cities.toml")).unwrap();
    sandbox.write("data/entities/a.toml", second);
    sandbox.write("data/entities/b/b.toml", first);
    sandbox.run(&["export", "--output", "after"]).expect(0);
    for file in ["two-cities.ttl", "two-cities.dot"] {
        let before = fs::read_to_string(sandbox.path("before").join(file)).unwrap();
        let after = fs::read_to_string(sandbox.path("after").join(file)).unwrap();
        assert_eq!(before, after);
    }
}
