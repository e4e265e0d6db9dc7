//! Running the program in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tupu::import::GraphReader;
use tupu::model::KnowledgeGraph;
use tupu::rdf::RdfFormat;

/// The repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A path below the repository.
pub(crate) fn in_repository(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

/// A folder that goes away with the test, and the program to run in it.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A copy of the project `case` below `tests/cases/good`, as `data`.
    pub(crate) fn with_project(case: &str) -> Self {
        let sandbox = Self::new();
        copy(
            &in_repository("tests/cases/good").join(case).join("in"),
            &sandbox.path("data"),
        );
        sandbox
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tupu"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run(self.command(arguments).output().unwrap())
    }
}

/// Asks the graph of the repository.
pub(crate) fn ask(arguments: &[&str]) -> Run {
    let data = in_repository("data");
    let mut all = vec!["--project", data.to_str().unwrap()];
    all.extend(arguments);
    Sandbox::new().run(&all)
}

/// The graph that RDF says.
#[track_caller]
pub(crate) fn graph_from_rdf(bytes: &[u8], format: RdfFormat) -> KnowledgeGraph {
    let mut reader = GraphReader::new();
    reader.read(bytes, format).unwrap();
    reader.finish().unwrap()
}

/// What the graph of the repository answers as JSON, which must be something.
#[track_caller]
pub(crate) fn ask_json(arguments: &[&str]) -> serde_json::Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    serde_json::from_str(&ask(&all).expect(0).stdout()).unwrap()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a run of the program gave.
pub(crate) struct Run(Output);

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self(output)
    }

    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// The run, which must have ended with `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code(),
            code,
            "stdout: {}\nstderr: {}",
            self.stdout(),
            self.stderr()
        );
        self
    }
}

/// Compares `found` with the file `expected`; with `UPDATE=1` in the environment writes it instead.
#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "a person asks for new expectations this way"
)]
pub(crate) fn assert_golden(expected: &Path, found: &str) {
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        fs::create_dir_all(expected.parent().unwrap()).unwrap();
        fs::write(expected, found).unwrap();
        return;
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    if wanted == found {
        return;
    }
    let line = wanted
        .lines()
        .zip(found.lines())
        .take_while(|(wanted, found)| wanted == found)
        .count();
    panic!(
        "{}:{}: expected {:?}, found {:?}; UPDATE=1 accepts what was found",
        expected.display(),
        line + 1,
        wanted.lines().nth(line),
        found.lines().nth(line),
    );
}
