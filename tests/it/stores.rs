//! `tupu push` and `tupu verify`, against servers of our own: one that is a store, and bad ones.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tupu::rdf::RdfFormat;
use tupu::sparql::{
    CancellationToken, Query, QueryResults, QueryResultsFormat, QueryResultsSerializer,
    RdfGraphBuilder, evaluate,
};

use crate::support::{Run, Sandbox};

/// What becomes of a line of N-Triples.
type Spoil = fn(&str) -> Option<String>;

/// What a server was sent.
#[derive(Clone, Debug)]
struct Received {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Received {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers
            .get("content-length")
            .map_or(0, |it| it.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        if headers
            .get("content-encoding")
            .is_some_and(|it| it == "gzip")
        {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(body.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            body = plain;
        }
        Some(Self {
            method,
            target,
            headers,
            body,
        })
    }
}

/// A server on loopback that ends with the test.
struct Server {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Answers each request by `answer`, which may also drop the connection.
    fn start(mut answer: impl FnMut(&Received, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if let Some(request) = Received::read(&stream) {
                    log.lock().unwrap().push(request.clone());
                    answer(&request, &mut stream);
                }
            }
        });
        Self { url, received }
    }

    /// Answers every request the same.
    fn saying(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Self::start(move |_, stream| send(stream, answer.as_bytes()))
    }

    /// A store that speaks the Graph Store Protocol, SPARQL and its updates; `spoil` may change a line
    /// of N-Triples, or leave it out.
    fn store(spoil: Spoil) -> Self {
        let mut store = Store::default();
        Self::start(move |request, stream| {
            send(stream, ok(&store.answer(request, spoil)).as_bytes());
        })
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// The graphs of a store by name, as N-Triples; that of the default graph is empty.
#[derive(Default)]
struct Store(BTreeMap<String, String>);

impl Store {
    fn answer(&mut self, request: &Received, spoil: Spoil) -> String {
        let graphs = &mut self.0;
        let body = String::from_utf8(request.body.clone()).unwrap();
        match request.target.split_once('?') {
            Some(("/store", graph)) => {
                let graph = decode(graph.strip_prefix("graph=").unwrap_or_default());
                let lines: String = body.lines().filter_map(spoil).collect();
                let content = graphs.entry(graph).or_default();
                if request.method == "PUT" {
                    content.clear();
                }
                content.push_str(&lines);
                "{}".to_owned()
            }
            _ if request.target == "/update" => {
                update(graphs, &body);
                "{}".to_owned()
            }
            _ => ask(graphs, &decode(body.strip_prefix("query=").unwrap())),
        }
    }
}

fn send(stream: &mut TcpStream, bytes: &[u8]) {
    // The program may have seen enough.
    drop(stream.write_all(bytes));
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn status(line: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {line}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            plain.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(plain).unwrap()
}

/// Does what updates of ours ask for, into the default graph.
fn update(graphs: &mut BTreeMap<String, String>, update: &str) {
    let (before, rest) = update.split_once("INSERT DATA {\n").unwrap();
    let content = graphs.entry(String::new()).or_default();
    if before.contains("DROP SILENT DEFAULT") {
        content.clear();
    }
    content.push_str(rest.strip_suffix("}\n").unwrap());
}

fn ask(graphs: &BTreeMap<String, String>, query: &str) -> String {
    let mut builder = RdfGraphBuilder::new();
    for (graph, triples) in graphs {
        let quads: String = triples
            .lines()
            .map(|line| match graph.as_str() {
                "" => format!("{line}\n"),
                graph => format!("{} <{graph}> .\n", line.strip_suffix(" .").unwrap()),
            })
            .collect();
        builder.read(quads.as_bytes(), RdfFormat::NQuads).unwrap();
    }
    let graph = builder.finish().unwrap();
    let query: Query = query.parse().unwrap();
    let json = QueryResultsSerializer::from_format(QueryResultsFormat::Json);
    let mut answer = Vec::new();
    match evaluate(&graph, &query, CancellationToken::new()).unwrap() {
        QueryResults::Boolean(value) => {
            json.serialize_boolean_to_writer(&mut answer, value)
                .unwrap();
        }
        QueryResults::Solutions(rows) => {
            let variables = rows.variables().to_vec();
            let mut writer = json
                .serialize_solutions_to_writer(&mut answer, variables)
                .unwrap();
            for row in rows {
                writer.serialize(row.unwrap().iter()).unwrap();
            }
            writer.finish().unwrap();
        }
        QueryResults::Graph(_) => panic!("triples are not asked for"),
    }
    String::from_utf8(answer).unwrap()
}

fn whole(line: &str) -> Option<String> {
    Some(format!("{line}\n"))
}

fn push(server: &Server, more: &[&str]) -> Run {
    tupu("push", &server.url, more)
}

fn tupu(command: &str, url: &str, more: &[&str]) -> Run {
    let sandbox = Sandbox::with_project("two-cities");
    let mut arguments = vec![command, url, "--profile", "oxigraph", "--timeout", "2"];
    arguments.extend(more);
    Run::of(
        sandbox
            .command(&arguments)
            .env_remove("TUPU_STORE_AUTH")
            .output()
            .unwrap(),
    )
}

#[test]
fn what_is_pushed_is_verified() {
    let server = Server::store(whole);
    let run = push(&server, &[]).expect(0);
    assert_eq!(run.stdout(), "");
    assert!(run.stderr().contains(": verified: "), "{}", run.stderr());
    let first = &server.received()[0];
    assert_eq!(
        (first.method.as_str(), first.target.as_str()),
        ("PUT", "/store?default")
    );
    assert_eq!(first.headers["content-type"], "application/n-triples");
    // A second time changes nothing.
    push(&server, &["--via", "graph-store"]).expect(0);
    tupu("verify", &server.url, &["--full"]).expect(0);
}

#[test]
fn batches_replace_once_and_then_add() {
    let server = Server::store(whole);
    push(&server, &["--batch", "100"]).expect(0);
    let methods: Vec<String> = server
        .received()
        .iter()
        .filter(|it| it.target.starts_with("/store"))
        .map(|it| it.method.clone())
        .collect();
    assert!(methods.len() > 2);
    assert_eq!(methods[0], "PUT");
    assert!(methods[1..].iter().all(|it| it == "POST"), "{methods:?}");
}

#[test]
fn updates_do_the_same() {
    let server = Server::store(whole);
    push(&server, &["--via", "update", "--batch", "100"]).expect(0);
    push(&server, &["--via", "update"]).expect(0);
    tupu("verify", &server.url, &["--full"]).expect(0);
}

#[test]
fn a_named_graph_is_written_and_verified() {
    let server = Server::store(whole);
    let graph = ["--graph-iri", "https://kg.example/graph"];
    push(&server, &graph).expect(0);
    tupu("verify", &server.url, &[&graph[..], &["--full"]].concat()).expect(0);
    let run = tupu("verify", &server.url, &[]).expect(1);
    assert!(run.stdout().starts_with("triples: "), "{}", run.stdout());
}

#[test]
fn each_article_gets_a_graph() {
    let server = Server::store(whole);
    push(&server, &["--provenance", "graphs"]).expect(0);
    let graphs = server
        .received()
        .iter()
        .filter(|it| it.target.starts_with("/store?graph="))
        .count();
    assert!(graphs > 0);
    tupu("verify", &server.url, &["--provenance", "graphs", "--full"]).expect(0);
}

#[test]
fn what_is_added_stands_beside_what_was_there() {
    let server = Server::store(whole);
    push(&server, &[]).expect(0);
    let sandbox = Sandbox::with_project("two-cities");
    let project = sandbox.path("data/project.toml");
    let text = std::fs::read_to_string(&project).unwrap();
    // The same project elsewhere: none of its IRIs are those of the first.
    std::fs::write(
        &project,
        text.replace("https://kg.example/", "https://other.example/"),
    )
    .unwrap();
    let push = |more: &[&str]| {
        let arguments = ["push", &server.url, "--profile", "oxigraph"];
        sandbox.run(&[&arguments[..], more].concat())
    };
    push(&["--add"]).expect(0);
    tupu("verify", &server.url, &["--contains"]).expect(0);
    tupu("verify", &server.url, &[]).expect(1);
    push(&[]).expect(0);
    tupu("verify", &server.url, &["--contains"]).expect(1);
}

#[test]
fn a_store_that_loses_something_is_found_out() {
    let cases: [(&str, Spoil, &str); 4] = [
        (
            "a language",
            |line| Some(line.replace("\"@en ", "\" ") + "\n"),
            "literals in en: ",
        ),
        (
            "another language",
            |line| Some(line.replace("\"@zh ", "\"@ja ") + "\n"),
            "asked: is there a label in zh? it says no",
        ),
        (
            "an edge",
            |line| (!line.contains("#type>")).then(|| format!("{line}\n")),
            "triples of rdf:type: ",
        ),
        (
            "text",
            |line| Some(line.replace('市', "?") + "\n"),
            "missing: ",
        ),
    ];
    for (name, spoil, words) in cases {
        let server = Server::store(spoil);
        let run = push(&server, &[]).expect(1);
        assert!(run.stdout().contains(words), "{name}: {}", run.stdout());
        assert!(
            !run.stderr().contains("verified"),
            "{name}: {}",
            run.stderr()
        );
    }
}

#[test]
fn what_nobody_sent_is_extra() {
    let server = Server::store(|line| {
        let first = line.split(' ').next().unwrap();
        let extra = format!("<urn:stranger> <urn:knows> {first} .");
        Some(format!("{line}\n{extra}\n"))
    });
    push(&server, &["--no-verify"]).expect(0);
    let run = tupu("verify", &server.url, &["--full"]).expect(1);
    assert!(
        run.stdout().contains("triples about urn:stranger: "),
        "{}",
        run.stdout()
    );
}

#[test]
fn nothing_is_sent_in_a_dry_run() {
    let server = Server::store(whole);
    let run = push(&server, &["--dry-run", "--batch", "200"]).expect(0);
    let requests = run.stdout();
    assert!(requests.starts_with(&format!("PUT {}/store?default\n", server.url)));
    assert!(requests.contains("\n  200 triples, "), "{requests}");
    assert!(server.received().is_empty());
}

/// Pushes with a password to a server that shows it back; it is never shown on.
#[track_caller]
fn push_secretly(server: &Server, code: i32) -> String {
    let sandbox = Sandbox::with_project("two-cities");
    let auth = sandbox.write("auth", "basic reader:open-sesame\n");
    let run = sandbox
        .run(&[
            "push",
            &server.url,
            "--profile",
            "oxigraph",
            "--timeout",
            "2",
            "--auth-file",
            auth.to_str().unwrap(),
        ])
        .expect(code);
    let said = run.stdout() + &run.stderr();
    for secret in ["open-sesame", "reader", "cmVhZGVyOm9wZW4tc2VzYW1l"] {
        assert!(!said.contains(secret), "{said}");
    }
    said
}

#[test]
fn answers_that_mean_no_are_errors() {
    let cases = [
        ("500 Internal Server Error", "disk full", "disk full"),
        (
            "401 Unauthorized",
            "",
            "the credentials are not those it wants",
        ),
        ("403 Forbidden", "", "may not do that"),
        ("404 Not Found", "", "another kind of store"),
        ("413 Content Too Large", "", "a smaller --batch"),
    ];
    for (line, body, words) in cases {
        let server = Server::saying(status(line, "", body));
        let said = push_secretly(&server, 2);
        assert!(said.contains(words), "{said}");
        assert!(
            said.contains("nothing is known to have been written"),
            "{said}"
        );
        assert_eq!(server.received().len(), 1, "{line} is not tried again");
    }
}

#[test]
fn what_a_server_says_is_shown_without_credentials() {
    let server = Server::start(|request, stream| {
        let said = format!(
            "you are {}, reader with open-sesame",
            request.headers["authorization"]
        );
        send(stream, status("400 Bad Request", "", &said).as_bytes());
    });
    let said = push_secretly(&server, 2);
    assert!(said.contains("you are ***, *** with ***"), "{said}");
    let header = &server.received()[0].headers["authorization"];
    assert_eq!(header, "Basic cmVhZGVyOm9wZW4tc2VzYW1l");
}

#[test]
fn a_redirection_is_said_and_not_followed() {
    for line in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
    ] {
        let elsewhere = Server::store(whole);
        let location = format!("Location: {}/store?default\r\n", elsewhere.url);
        let server = Server::saying(status(line, &location, ""));
        let said = push_secretly(&server, 2);
        assert!(said.contains(&elsewhere.url), "{said}");
        assert!(elsewhere.received().is_empty());
    }
}

#[test]
fn garbage_is_an_error() {
    for garbage in ["garbage\r\n\r\n", "\u{0}\u{1}\u{2}", "HTTP/9.9 ok\r\n\r\n"] {
        let server = Server::saying(garbage);
        let said = push_secretly(&server, 2);
        assert!(
            said.contains("nothing is known to have been written"),
            "{said}"
        );
    }
}

#[test]
fn answers_that_are_no_results_are_errors() {
    for answer in [
        "",
        "<html>",
        "[]",
        "{}",
        "{\"results\":{\"bindings\":[{}]}}",
        "{\"boolean\":true}",
    ] {
        let server = Server::saying(ok(answer));
        let run = tupu("verify", &server.url, &[]).expect(2);
        assert!(
            run.stderr().contains("is not what was asked for"),
            "{answer}: {}",
            run.stderr()
        );
        // Nor is anything said to have been loaded.
        let run = push(&server, &[]).expect(2);
        assert!(!run.stderr().contains("verified:"), "{}", run.stderr());
    }
}

#[test]
fn an_endless_answer_is_cut() {
    let server = Server::start(|_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        let blanks = vec![b' '; 1 << 20];
        while stream.write_all(&blanks).is_ok() {}
    });
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox
        .run(&["verify", &server.url, "--profile", "oxigraph"])
        .expect(2);
    assert!(run.stderr().contains("longer than"), "{}", run.stderr());
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let server = Server::start(|_, stream| {
        // Holds the connection until the program lets go.
        drop(stream.read(&mut [0]));
    });
    let start = Instant::now();
    let said = push_secretly(&server, 2);
    assert!(said.contains("has not answered within 2 seconds"), "{said}");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(server.received().len(), 1);
}

#[test]
fn an_answer_that_ends_half_way_is_none() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"head\":");
    let run = tupu("verify", &server.url, &[]).expect(2);
    assert!(
        run.stderr().contains("went away before"),
        "{}",
        run.stderr()
    );
    // A query is safe to ask again.
    assert_eq!(server.received().len(), 3);
}

/// Pushes an RDF file, to a server as `push` does.
fn push_file(server: &Server, file: &str, content: &str, more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write(file, content);
    let arguments = [
        "push",
        &server.url,
        "--profile",
        "oxigraph",
        "--graph",
        file,
        "--timeout",
        "2",
    ];
    sandbox.run(&[&arguments[..], more].concat())
}

#[test]
fn only_what_is_safe_is_tried_again() {
    let died = |_: &Received, _: &mut TcpStream| {};
    for (content, more, attempts) in [
        ("<urn:a> <urn:b> 1 .", &[][..], 3),
        // A triple that is there already stays one.
        ("<urn:a> <urn:b> 1 .", &["--add"], 3),
        ("_:a <urn:b> 1 .", &[], 3),
        // Blank nodes would be others the second time.
        ("_:a <urn:b> 1 .", &["--add"], 1),
        ("<urn:a> <urn:b> _:b .", &["--add", "--via", "update"], 1),
    ] {
        let server = Server::start(died);
        push_file(&server, "a.ttl", content, more).expect(2);
        assert_eq!(server.received().len(), attempts, "{content} {more:?}");
    }
}

/// So many triples as N-Quads, in three graphs by turns; every fifth is a label.
fn quads(number: usize) -> String {
    let quad = |at: usize| {
        let graph = ["", "<urn:g1> ", "<urn:g2> "][at % 3];
        match at % 5 {
            0 => format!(
                "<urn:s{at}> <http://www.w3.org/2000/01/rdf-schema#label> \"名{at}\"@zh {graph}.\n"
            ),
            _ => format!("<urn:s{}> <urn:p> <urn:o{at}> {graph}.\n", at / 5 * 5),
        }
    };
    (0..number).map(quad).collect()
}

#[test]
fn a_file_is_pushed_and_verified() {
    let server = Server::store(whole);
    let content = quads(1000);
    let run = push_file(&server, "a.nq", &content, &["--batch", "100"]).expect(0);
    assert!(
        run.stderr().contains("verified: 1000 triples in 3 graphs"),
        "{}",
        run.stderr()
    );
    for request in server.received() {
        let triples = String::from_utf8(request.body).unwrap().lines().count();
        assert!(triples <= 100, "{}: {triples}", request.target);
    }
    let sandbox = Sandbox::new();
    sandbox.write("a.nq", &content);
    sandbox.write("b.nq", &content.replace("名995", "名"));
    let verify = |file: &str, more: &[&str]| {
        let arguments = [
            "verify",
            &server.url,
            "--profile",
            "oxigraph",
            "--graph",
            file,
        ];
        sandbox.run(&[&arguments[..], more].concat())
    };
    verify("a.nq", &["--full"]).expect(0);
    let run = verify("a.nq", &["--sample", "10"]).expect(0);
    assert!(run.stderr().contains("of a sample"), "{}", run.stderr());
    let run = verify("b.nq", &[]).expect(1);
    assert!(
        run.stdout()
            .contains("missing: urn:s995 rdfs:label \"名\"@zh"),
        "{}",
        run.stdout()
    );
}

#[test]
fn language_tags_are_pushed_as_they_are_written() {
    let server = Server::store(whole);
    let content = "<urn:a> <urn:b> \"市\"@zh-Hans .\n";
    for file in ["a.nt", "a.nq", "a.ttl"] {
        push_file(&server, file, content, &["--no-verify"]).expect(0);
    }
    let bodies = server.received().into_iter().map(|request| request.body);
    let bodies: Vec<String> = bodies.map(|it| String::from_utf8(it).unwrap()).collect();
    assert_eq!(bodies, [content; 3]);
}

#[test]
fn a_compressed_file_is_read_as_it_goes() {
    let server = Server::store(whole);
    let sandbox = Sandbox::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(quads(30).as_bytes()).unwrap();
    std::fs::write(sandbox.path("a.nq.gz"), encoder.finish().unwrap()).unwrap();
    let arguments = ["push", &server.url, "--profile", "oxigraph", "--graph"];
    sandbox
        .run(&[&arguments[..], &["a.nq.gz"]].concat())
        .expect(0);
    // What is cut off in the middle is not taken for the end.
    let bytes = std::fs::read(sandbox.path("a.nq.gz")).unwrap();
    std::fs::write(sandbox.path("b.nq.gz"), &bytes[..bytes.len() / 2]).unwrap();
    let run = sandbox
        .run(&[&arguments[..], &["b.nq.gz"]].concat())
        .expect(2);
    assert!(run.stderr().contains("b.nq.gz"), "{}", run.stderr());
}

#[test]
fn a_file_that_breaks_off_is_said_to_be_half_there() {
    let server = Server::store(whole);
    let content = quads(300) + "<urn:a> nonsense\n";
    let run = push_file(&server, "a.nq", &content, &["--batch", "50"]).expect(2);
    let said = run.stderr();
    assert!(said.contains("only 269 triples were written"), "{said}");
    assert!(said.contains("a.nq:301:"), "{said}");
    assert!(!said.contains("verified"), "{said}");
}

#[test]
fn blank_nodes_go_in_one_request_or_not_at_all() {
    let content: String = (0..10)
        .map(|at| format!("_:b <urn:p> <urn:o{at}> .\n"))
        .collect();
    let server = Server::store(whole);
    push_file(&server, "a.nt", &content, &["--no-verify"]).expect(0);
    for more in [&["--batch", "5"][..], &["--batch", "5", "--via", "update"]] {
        let server = Server::store(whole);
        let run = push_file(&server, "a.nt", &content, more).expect(2);
        assert!(run.stderr().contains("--batch"), "{}", run.stderr());
        assert!(server.received().is_empty());
    }
    let late = quads(10) + "<urn:s0> <urn:p> _:b .\n";
    let run = push_file(&server, "a.nq", &late, &["--batch", "5"]).expect(2);
    assert!(run.stderr().contains("blank nodes"), "{}", run.stderr());
}

#[test]
fn what_was_interrupted_goes_on_where_it_was() {
    let mut left = 4;
    let mut graphs = Store::default();
    let server = Server::start(move |request, stream| {
        let is_update = request.target.starts_with("/store");
        left -= i32::from(is_update);
        // Dies once, three attempts long.
        if is_update && (-2..=0).contains(&left) {
            return;
        }
        let answer = graphs.answer(request, whole);
        send(stream, ok(&answer).as_bytes());
    });
    let sandbox = Sandbox::new();
    sandbox.write("a.nq", &quads(1000));
    sandbox.write("b.nq", &quads(1001).replace("<urn:o1>", "<urn:o>"));
    let push = |file: &str, batch: &str| {
        sandbox.run(&[
            "push",
            &server.url,
            "--profile",
            "oxigraph",
            "--graph",
            file,
            "--batch",
            batch,
            "--resume",
            "sent.json",
        ])
    };
    let run = push("a.nq", "100").expect(2);
    assert!(
        run.stderr().contains("the same command goes on from there"),
        "{}",
        run.stderr()
    );
    let sent = |from: usize| -> u64 {
        let requests = server.received();
        let bodies = requests[from..]
            .iter()
            .filter(|it| it.target.starts_with("/store"));
        bodies
            .map(|it| it.body.iter().filter(|byte| **byte == b'\n').count() as u64)
            .sum()
    };
    let before = server.received().len();
    // Neither another file nor other batches can go on from there.
    let run = push("b.nq", "100").expect(2);
    assert!(
        run.stderr().contains("remove that file"),
        "{}",
        run.stderr()
    );
    let run = push("a.nq", "50").expect(2);
    assert!(run.stderr().contains("of another push"), "{}", run.stderr());
    assert_eq!(server.received().len(), before);

    let run = push("a.nq", "100").expect(0);
    assert!(
        run.stderr().contains("triples were sent before"),
        "{}",
        run.stderr()
    );
    assert!(
        run.stderr().contains("verified: 1000 triples"),
        "{}",
        run.stderr()
    );
    assert!(sent(before) < 1000);
    assert!(!sandbox.path("sent.json").exists());
}

#[test]
fn a_server_that_is_busy_for_a_moment_is_asked_again() {
    let mut busy = 2;
    let server = Server::start(move |_, stream| {
        let line = if busy > 0 {
            "503 Service Unavailable"
        } else {
            "204 No Content"
        };
        busy -= i32::from(busy > 0);
        send(stream, status(line, "", "").as_bytes());
    });
    push(&server, &["--no-verify"]).expect(0);
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_server_that_dies_in_the_middle_leaves_a_clear_message() {
    let mut left = 3;
    let server = Server::start(move |_, stream| {
        left -= 1;
        if left > 0 {
            send(stream, status("204 No Content", "", "").as_bytes());
        }
    });
    let run = push(&server, &["--batch", "100"]).expect(2);
    assert!(
        run.stderr().contains("only 200 triples were written"),
        "{}",
        run.stderr()
    );
    assert!(run.stderr().contains("push again"), "{}", run.stderr());
}

#[test]
fn a_server_that_is_down_is_said_to_be() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for command in ["push", "verify"] {
        let run = tupu(command, &url, &[]).expect(2);
        assert!(
            run.stderr().contains("nobody listens there"),
            "{}",
            run.stderr()
        );
    }
}

#[test]
fn a_server_that_is_no_secure_one_is_said_to_be() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            send(&mut stream, status("400 Bad Request", "", "").as_bytes());
            // Until the program lets go, so that it reads all of it.
            drop(stream.read_to_end(&mut Vec::new()));
        }
    });
    let run = tupu("verify", &url, &[]).expect(2);
    assert!(
        run.stderr().contains("cannot reach https://"),
        "{}",
        run.stderr()
    );
    assert!(
        run.stderr().contains("no secure connection"),
        "{}",
        run.stderr()
    );
    let run = tupu("verify", "http://store.invalid", &[]).expect(2);
    assert!(
        run.stderr().contains("cannot reach http://store.invalid"),
        "{}",
        run.stderr()
    );
}

#[test]
fn credentials_come_from_the_environment_too() {
    let server = Server::store(whole);
    let sandbox = Sandbox::with_project("two-cities");
    let arguments = ["push", &server.url, "--profile", "oxigraph"];
    let output = sandbox
        .command(&arguments)
        .env("TUPU_STORE_AUTH", "bearer open-sesame")
        .output()
        .unwrap();
    Run::of(output).expect(0);
    for request in server.received() {
        assert_eq!(request.headers["authorization"], "Bearer open-sesame");
    }
    let output = sandbox
        .command(&arguments)
        .env("TUPU_STORE_AUTH", "open-sesame")
        .output()
        .unwrap();
    let run = Run::of(output).expect(2);
    assert!(!run.stderr().contains("sesame"), "{}", run.stderr());
}

#[test]
fn a_challenge_is_answered_by_digest() {
    let server = Server::start(|request, stream| {
        let answer = match request.headers.get("authorization") {
            None => status(
                "401 Unauthorized",
                "WWW-Authenticate: Digest realm=\"kg\", nonce=\"1f\", qop=\"auth\", algorithm=MD5\r\n",
                "",
            ),
            Some(_) => status("204 No Content", "", ""),
        };
        send(stream, answer.as_bytes());
    });
    let sandbox = Sandbox::with_project("two-cities");
    let auth = sandbox.write("auth", "digest reader:open-sesame");
    let arguments = [
        "push",
        &server.url,
        "--profile",
        "oxigraph",
        "--no-verify",
        "--auth-file",
    ];
    sandbox
        .run(&[&arguments[..], &[auth.to_str().unwrap()]].concat())
        .expect(0);
    let received = server.received();
    // The question changes nothing, even where nobody asks who we are.
    assert_eq!(received[0].method, "GET");
    assert_eq!(received[1].method, "PUT");
    let header = &received[1].headers["authorization"];
    assert!(
        header.starts_with("Digest username=\"reader\", realm=\"kg\""),
        "{header}"
    );
    assert!(!header.contains("sesame"), "{header}");
}

#[test]
fn a_password_in_the_address_is_refused_without_being_shown() {
    for command in ["push", "verify"] {
        let run = tupu(command, "http://reader:open-sesame@127.0.0.1:9", &[]).expect(2);
        assert!(!run.stderr().contains("sesame"), "{}", run.stderr());
        assert!(run.stderr().contains("--auth-file"), "{}", run.stderr());
    }
}

#[test]
fn a_file_is_verified_as_a_store_is() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.run(&["export", "-o", "a.nt"]).expect(0);
    sandbox.run(&["verify", "a.nt", "--full"]).expect(0);
    let text = std::fs::read_to_string(sandbox.path("a.nt")).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    sandbox.write("less.nt", rest);
    let run = sandbox.run(&["verify", "less.nt", "--full"]).expect(1);
    assert!(run.stdout().contains("missing: "), "{}", run.stdout());
    sandbox
        .run(&["verify", "less.nt", "--sample", "1"])
        .expect(1);
    sandbox.write("more.nt", &format!("{text}<urn:a> <urn:b> <urn:c> .\n"));
    let run = sandbox.run(&["verify", "more.nt", "--full"]).expect(1);
    assert!(
        run.stdout().contains("triples about urn:a: 1 too many"),
        "{}",
        run.stdout()
    );
    sandbox.run(&["verify", "more.nt", "--contains"]).expect(0);
    sandbox.write("empty.nt", "");
    let run = sandbox.run(&["verify", "empty.nt"]).expect(1);
    assert_eq!(run.stdout().lines().count(), 1, "{}", run.stdout());
    sandbox.write("other.nt", &format!("{}\n", first.replace('>', "")));
    sandbox.run(&["verify", "other.nt"]).expect(2);
}

#[test]
fn every_kind_of_store_has_an_address_for_its_graphs() {
    let sandbox = Sandbox::with_project("two-cities");
    for profile in tupu::store::PROFILES {
        let url = "https://kg.example:1234/base";
        let graph = ["--graph-iri", "https://kg.example/graph"];
        let arguments = ["push", url, "--profile", profile.name, "--dry-run"];
        let run = sandbox.run(&[&arguments[..], &graph].concat()).expect(0);
        assert!(run.stdout().contains(url), "{}", run.stdout());
    }
}

#[test]
fn a_store_without_a_default_graph_wants_a_name() {
    let sandbox = Sandbox::with_project("two-cities");
    let url = "http://127.0.0.1:9";
    let run = sandbox
        .run(&["push", url, "--profile", "virtuoso", "--dry-run"])
        .expect(2);
    assert!(run.stderr().contains("--graph-iri"), "{}", run.stderr());
}
