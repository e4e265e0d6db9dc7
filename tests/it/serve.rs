//! `tupu serve` as clients see it: the checks of the SPARQL 1.1 Protocol and of the Graph Store
//! Protocol that apply to a graph that is only read, and requests that are none.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Sandbox;

/// A server that ends with the test.
pub(crate) struct Served {
    child: Child,
    address: String,
    messages: BufReader<std::process::ChildStderr>,
    _sandbox: Sandbox,
}

impl Served {
    pub(crate) fn start(sandbox: Sandbox, arguments: &[&str]) -> Self {
        let mut all = vec!["serve"];
        if !arguments.contains(&"--address") {
            all.extend(["--address", "127.0.0.1:0"]);
        }
        all.extend(arguments);
        let mut command = sandbox.command(&all);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        messages.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("serving at http://").unwrap();
        Self {
            address: address.trim_end_matches('/').to_owned(),
            child,
            messages,
            _sandbox: sandbox,
        }
    }

    /// The small project of the tests.
    pub(crate) fn project(arguments: &[&str]) -> Self {
        Self::start(Sandbox::with_project("two-cities"), arguments)
    }

    /// Three graphs: the default one and two with names.
    fn graphs() -> Self {
        let sandbox = Sandbox::new();
        let trig = "@prefix e: <https://kg.example/> .\n\
                    e:s a e:InDefault . \n\
                    e:g1 { e:s a e:InFirst } e:g2 { e:s a e:InSecond }";
        sandbox.write("graphs.trig", trig);
        Self::start(sandbox, &["--graph", "graphs.trig"])
    }

    /// What comes back for the bytes, until the server closes. With `and_no_more` they are all that
    /// ever comes.
    fn raw(&self, bytes: &[u8], and_no_more: bool) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        // The server may have seen enough before everything is sent.
        drop(stream.write_all(bytes));
        if and_no_more {
            drop(stream.shutdown(Shutdown::Write));
        }
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        answer
    }

    /// Sends a request, headers in lines.
    pub(crate) fn send(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> Answer {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: kg.example\r\n");
        request.push_str("Connection: close\r\n");
        for line in headers.lines() {
            request.push_str(&format!("{line}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        Answer::read(&self.raw(&[request.as_bytes(), body].concat(), false))
    }

    pub(crate) fn get(&self, target: &str, accept: &str) -> Answer {
        self.send("GET", target, &format!("Accept: {accept}"), b"")
    }

    /// The status with which the program ends, and what it said.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-s", signal, &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.messages.read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        Self {
            status: status.unwrap_or(0),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// `text` as the value of a parameter.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const DIRECT: &str = "Content-Type: application/sparql-query";
const JSON: &str = "application/sparql-results+json";

/// A request, and what it must lead to.
struct Case {
    name: &'static str,
    method: &'static str,
    target: String,
    headers: String,
    body: Vec<u8>,
    status: u16,
    /// The media type of the answer, where it is not a refusal.
    media_type: &'static str,
    /// What stands in the answer.
    says: &'static str,
}

impl Case {
    fn get(name: &'static str, target: String) -> Self {
        Self {
            name,
            method: "GET",
            target,
            headers: String::new(),
            body: Vec::new(),
            status: 200,
            media_type: JSON,
            says: "",
        }
    }

    fn query(name: &'static str, parameters: &str) -> Self {
        Self::get(name, format!("/sparql?{parameters}"))
    }

    fn post(name: &'static str, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            headers: headers.to_owned(),
            body: body.into(),
            ..Self::query(name, "")
        }
        .at("/sparql")
    }

    fn at(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn accept(mut self, media_type: &'static str) -> Self {
        self.headers.push_str(&format!("\nAccept: {media_type}"));
        self.media_type = media_type;
        self
    }

    fn says(mut self, says: &'static str) -> Self {
        self.says = says;
        self
    }

    fn refused(mut self, status: u16, says: &'static str) -> Self {
        self.status = status;
        self.media_type = "text/plain";
        self.says = says;
        self
    }

    #[track_caller]
    fn check(&self, server: &Served) {
        let headers = self.headers.trim();
        let answer = server.send(self.method, &self.target, headers, &self.body);
        let name = self.name;
        assert_eq!(answer.status, self.status, "{name}: {answer:?}");
        assert!(answer.body.contains(self.says), "{name}: {answer:?}");
        let media_type = answer.header("content-type").unwrap();
        assert!(
            media_type.starts_with(self.media_type),
            "{name}: {media_type}"
        );
        let length = answer.header("content-length").unwrap();
        assert_eq!(length, answer.body.len().to_string(), "{name}");
    }
}

/// What class `s` has in the graphs that count.
const CLASS: &str = "SELECT ?c { <https://kg.example/s> a ?c }";

fn ask_class(class: &str) -> String {
    let query = format!("ASK {{ <https://kg.example/s> a <https://kg.example/{class}> }}");
    format!("query={}", encoded(&query))
}

fn graph(parameter: &str, name: &str) -> String {
    format!(
        "&{parameter}={}",
        encoded(&format!("https://kg.example/{name}"))
    )
}

/// Section 2.1 of the protocol: three ways to send a query, and the dataset beside it.
#[test]
fn queries_are_answered_as_the_protocol_has_it() {
    let server = Served::graphs();
    let (yes, no) = (r#""boolean":true"#, r#""boolean":false"#);
    let first = graph("default-graph-uri", "g1");
    let second = graph("default-graph-uri", "g2");
    let named = graph("named-graph-uri", "g2");
    let in_named =
        encoded("ASK { GRAPH <https://kg.example/g2> { ?s a <https://kg.example/InSecond> } }");
    let from = encoded("ASK FROM <https://kg.example/g2> { ?s a <https://kg.example/InFirst> }");
    let direct = "ASK { <https://kg.example/s> a <https://kg.example/InFirst> }";
    for case in [
        Case::query("get", &format!("query={}", encoded(CLASS))).says("InDefault"),
        Case::post("form", FORM, format!("query={}", encoded(CLASS))).says("InDefault"),
        Case::post(
            "form with a character set",
            &format!("{FORM}; charset=UTF-8"),
            ask_class("InDefault"),
        )
        .says(yes),
        Case::post("form with plus signs", FORM, "query=ASK+%7B+%3Fs+?p+?o+%7D").says(yes),
        Case::post("direct", DIRECT, CLASS).says("InDefault"),
        Case::post(
            "direct, with what is not ASCII",
            &format!("{DIRECT}; charset=utf-8"),
            "ASK { FILTER(STRLEN(\"市\") = 1) }",
        )
        .says(yes),
        Case::post(
            "direct, chunked",
            &format!("{DIRECT}\nExpect: 100-continue"),
            CLASS,
        )
        .at("/sparql")
        .says(""),
        Case::query("the default graph alone", &ask_class("InFirst")).says(no),
        Case::query("default-graph-uri", &(ask_class("InFirst") + &first)).says(yes),
        Case::query(
            "default-graph-uri is all",
            &(ask_class("InDefault") + &first),
        )
        .says(no),
        Case::query(
            "two of them are merged",
            &(ask_class("InSecond") + &first + &second),
        )
        .says(yes),
        Case::query("named-graph-uri", &format!("query={in_named}{named}")).says(yes),
        Case::query(
            "no other graph has a name then",
            &format!("query={in_named}{first}"),
        )
        .says(no),
        Case::query(
            "default and named",
            &format!("query={in_named}{first}{named}"),
        )
        .says(yes),
        Case::query("they count more than FROM", &format!("query={from}{first}")).says(yes),
        Case::query("FROM counts otherwise", &format!("query={from}")).says(no),
        Case::post("dataset in a form", FORM, ask_class("InFirst") + &first).says(yes),
        Case::post("dataset beside a direct query", DIRECT, direct)
            .at(&format!("/sparql?{}", &first[1..]))
            .says(yes),
        Case::post(
            "dataset beside a form does not count",
            FORM,
            ask_class("InFirst"),
        )
        .at(&format!("/sparql?{}", &first[1..]))
        .says(no),
        Case::query(
            "a graph that is not there is empty",
            &(ask_class("InFirst") + &graph("default-graph-uri", "g9")),
        )
        .says(no),
    ] {
        // What the interim response says is not what is looked for.
        if !case.headers.contains("Expect") {
            case.check(&server);
        }
    }
    let interim = server.send(
        "POST",
        "/sparql",
        &format!("{DIRECT}\nExpect: 100-continue"),
        CLASS.as_bytes(),
    );
    assert!(interim.body.contains("InDefault"), "{interim:?}");
    let chunked = format!(
        "POST /sparql HTTP/1.1\r\nHost: kg.example\r\nConnection: close\r\n{DIRECT}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{CLASS}\r\n0\r\n\r\n",
        CLASS.len()
    );
    let chunked = Answer::read(&server.raw(chunked.as_bytes(), false));
    assert!(chunked.body.contains("InDefault"), "{chunked:?}");
}

/// Section 2.1.5 and 2.1.6: formats of the answer.
#[test]
fn answers_come_in_the_format_that_is_accepted() {
    let server = Served::graphs();
    let select = format!("query={}", encoded(CLASS));
    let ask = ask_class("InDefault");
    let construct = format!("query={}", encoded("CONSTRUCT { ?s a ?c } { ?s a ?c }"));
    let describe = format!("query={}", encoded("DESCRIBE <https://kg.example/s>"));
    for (media_type, of_rows, of_yes) in [
        (JSON, "\"bindings\":[{", "\"boolean\":true"),
        (
            "application/sparql-results+xml",
            "<binding name=\"c\">",
            "<boolean>true</boolean>",
        ),
        ("text/csv", "c\r\nhttps://kg.example/InDefault", "true"),
        (
            "text/tab-separated-values",
            "?c\n<https://kg.example/InDefault>",
            "true",
        ),
        ("text/html", "<td><a href=", "true"),
    ] {
        Case::query("select", &select)
            .accept(media_type)
            .says(of_rows)
            .check(&server);
        Case::query("ask", &ask)
            .accept(media_type)
            .says(of_yes)
            .check(&server);
    }
    for (media_type, says) in [
        ("text/turtle", "e:s a e:InDefault ."),
        ("application/n-triples", "<https://kg.example/InDefault> ."),
        ("application/n-quads", "<https://kg.example/InDefault> ."),
        ("application/trig", "e:s a e:InDefault"),
        ("application/rdf+xml", "rdf:about=\"https://kg.example/s\""),
        ("application/ld+json", "\"@id\": \"https://kg.example/s\""),
        ("text/html", "InDefault"),
    ] {
        for query in [&construct, &describe] {
            let case = Case::query("triples", query).accept(media_type);
            let answer = server.send("GET", &case.target, case.headers.trim(), b"");
            let compact = |text: &str| text.replace([' ', '\n'], "");
            assert!(
                compact(&answer.body).contains(&compact(says)),
                "{media_type}: {answer:?}"
            );
            assert!(
                answer
                    .header("content-type")
                    .unwrap()
                    .starts_with(media_type)
            );
        }
    }
    for (accept, query, media_type) in [
        (
            "text/csv;q=0.3, application/sparql-results+xml;q=0.8",
            &select,
            "application/sparql-results+xml",
        ),
        ("application/json", &select, JSON),
        ("*/*", &construct, "text/turtle"),
        ("image/png, */*;q=0.1", &select, JSON),
    ] {
        let answer = server.get(&format!("/sparql?{query}"), accept);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with(media_type),
            "{accept}: {answer:?}"
        );
        assert_eq!(answer.header("vary"), Some("Accept"));
    }
    let answer = server.get(&format!("/sparql?{select}&format=csv"), "text/html");
    assert_eq!(answer.body, "c\r\nhttps://kg.example/InDefault\r\n");
}

/// Section 2.1.4 and 2.1.7: what must not be answered.
#[test]
fn requests_that_are_none_are_refused_with_the_reason() {
    let server = Served::graphs();
    let good = format!("query={}", encoded(CLASS));
    let utf_16: Vec<u8> = CLASS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for case in [
        Case::query("two queries", &format!("{good}&{good}")).refused(400, "more than once"),
        Case::post("two queries in a form", FORM, format!("{good}&{good}"))
            .refused(400, "more than once"),
        Case::post("a query in the body and one beside it", DIRECT, CLASS)
            .at(&format!("/sparql?{good}"))
            .refused(400, "in the body and one in the address"),
        Case::post("no query in a form", FORM, "default-graph-uri=urn:x")
            .refused(400, "no parameter `query`"),
        Case::post("an empty form", FORM, "").refused(400, "no parameter `query`"),
        Case::post("no type of a form", "", good.clone()).refused(415, "does not say what it is"),
        Case::post("no type of a direct query", "", CLASS).refused(415, "does not say what it is"),
        Case::post("wrong type", "Content-Type: text/plain", CLASS)
            .refused(415, "not as text/plain"),
        Case::post(
            "a multipart form",
            "Content-Type: multipart/form-data; boundary=x",
            good.clone(),
        )
        .refused(415, "multipart"),
        Case::post(
            "other characters than UTF-8",
            &format!("{DIRECT}; charset=utf-16"),
            utf_16.clone(),
        )
        .refused(415, "utf-16"),
        Case::post("the same, unsaid", DIRECT, utf_16).refused(400, ""),
        Case::post(
            "bytes that are no UTF-8",
            DIRECT,
            b"ASK { ?s ?p \"\xFF\" }".to_vec(),
        )
        .refused(400, "not UTF-8"),
        Case::query("the same, encoded", "query=ASK+%7B+%3Fs+%3Fp+%22%FF%22+%7D")
            .refused(400, "not UTF-8"),
        Case::query(
            "a fault",
            &format!("query={}", encoded("SELECT ?s\nWHERE { ?s ?p }")),
        )
        .refused(400, "line 2, column "),
        Case::query(
            "an update as a query",
            &format!("query={}", encoded("CLEAR ALL")),
        )
        .refused(400, "line 1, column 1"),
        Case::query("nothing", "query=").refused(400, "line 1, column 1"),
        Case::query(
            "a name of a graph that is none",
            &format!("{good}&default-graph-uri=x%20y"),
        )
        .refused(400, "`x y` is no IRI"),
        Case::query(
            "a function that there is not",
            &format!("query={}", encoded("ASK { FILTER(<urn:f>(1)) }")),
        )
        .refused(400, "urn:f"),
        Case::query(
            "another service",
            &format!(
                "query={}",
                encoded("ASK { SERVICE <https://kg.example/sparql> { ?s ?p ?o } }")
            ),
        )
        .refused(400, "SERVICE asks another server"),
        Case::query("an update", "update=CLEAR+ALL").refused(403, "read only"),
        Case::post("an update in a form", FORM, "update=CLEAR+ALL").refused(403, "read only"),
        Case::post(
            "a direct update",
            "Content-Type: application/sparql-update",
            "CLEAR ALL",
        )
        .refused(403, "read only"),
        Case::query("another method", &good)
            .method("PUT")
            .refused(405, "read only"),
        Case::query("another method", &good)
            .method("DELETE")
            .refused(405, "read only"),
        Case::query("an unknown method", &good)
            .method("BREW")
            .refused(405, "read only"),
        Case::query("no such format", &good)
            .accept("image/png")
            .refused(406, "application/sparql-results+json"),
        Case::query("triples of rows", &good)
            .accept("text/turtle")
            .refused(406, "text/csv"),
        Case::query("no such word for a format", &format!("{good}&format=jsn"))
            .refused(400, "did you mean `json`?"),
    ] {
        case.check(&server);
    }
    let refused = server.send("PATCH", "/sparql", "", b"");
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
}

/// What triples of the two named graphs are, by the Graph Store Protocol.
#[test]
fn graphs_are_read_by_the_graph_store_protocol() {
    let server = Served::graphs();
    let first = format!("/store?{}", &graph("graph", "g1")[1..]);
    for case in [
        Case::get("default", "/store?default".to_owned())
            .accept("application/n-triples")
            .says("InDefault> ."),
        Case::get("default, with a value", "/store?default=".to_owned())
            .accept("text/turtle")
            .says("InDefault"),
        Case::get("named", first.clone())
            .accept("application/n-triples")
            .says("InFirst> ."),
        Case::get("no graph", "/store".to_owned()).refused(400, "which graph?"),
        Case::get("two graphs", format!("{first}&default")).refused(400, "which graph?"),
        Case::get("no IRI", "/store?graph=x".to_owned()).refused(400, "no absolute IRI"),
        Case::get(
            "no such graph",
            format!("/store?{}", &graph("graph", "g12")[1..]),
        )
        .refused(404, "did you mean `https://kg.example/g1`?"),
        Case::get("a page", first.clone())
            .refused(406, "text/turtle")
            .accept("text/html"),
        Case::get("a table", first.clone())
            .accept("text/csv")
            .refused(406, "text/turtle"),
        Case::get("write", first.clone())
            .method("PUT")
            .refused(405, "read only"),
        Case::get("add", first.clone())
            .method("POST")
            .refused(405, "read only"),
        Case::get("delete", first.clone())
            .method("DELETE")
            .refused(405, "read only"),
    ] {
        case.check(&server);
    }
    let one = server.get(&first, "application/n-triples");
    assert!(!one.body.contains("InDefault") && !one.body.contains("InSecond"));
    let head = server.send("HEAD", &first, "Accept: application/n-triples", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(
        head.header("content-length"),
        Some(&*one.body.len().to_string())
    );
    let options = server.send("OPTIONS", &first, "", b"");
    assert_eq!(
        (options.status, options.header("allow")),
        (204, Some("GET, HEAD, OPTIONS"))
    );
}

#[test]
fn the_endpoint_describes_itself() {
    let server = Served::graphs();
    let answer = server.get("/sparql", "application/n-triples");
    for triple in [
        "<http://kg.example/sparql> <http://www.w3.org/ns/sparql-service-description#supportedLanguage> <http://www.w3.org/ns/sparql-service-description#SPARQL11Query> .",
        "<http://kg.example/sparql> <http://www.w3.org/ns/sparql-service-description#endpoint> <http://kg.example/sparql> .",
        "<http://kg.example/sparql#graph-2> <http://www.w3.org/ns/sparql-service-description#name> <https://kg.example/g2> .",
        "<http://kg.example/sparql#dataset> <http://rdfs.org/ns/void#triples> \"3\"^^<http://www.w3.org/2001/XMLSchema#integer> .",
    ] {
        assert!(answer.body.contains(triple), "{}", answer.body);
    }
    let form = server.get("/sparql", "text/html");
    assert!(form.body.contains("<textarea name=\"query\""));
}

#[test]
fn other_web_sites_read_only_what_they_may() {
    let server = Served::graphs();
    assert_eq!(
        server.get("/", "*/*").header("access-control-allow-origin"),
        None
    );
    let sandbox = Sandbox::new();
    sandbox.write("a.nt", "<urn:s> <urn:p> <urn:o> .\n");
    let server = Served::start(
        sandbox,
        &["--graph", "a.nt", "--cors", "https://kg.example"],
    );
    let answer = server.get("/sparql?query=ASK%7B%7D", "*/*");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://kg.example")
    );
    let before = server.send(
        "OPTIONS",
        "/sparql",
        "Origin: https://kg.example\nAccess-Control-Request-Method: POST",
        b"",
    );
    assert_eq!(
        before.header("access-control-allow-methods"),
        Some("GET, HEAD, POST, OPTIONS")
    );
    assert!(
        before
            .header("access-control-allow-headers")
            .unwrap()
            .contains("Content-Type")
    );
    Sandbox::new()
        .run(&["serve", "--cors", "kg.example/x"])
        .expect(2);
}

/// A query that takes for ever.
const ENDLESS: &str =
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }";

#[test]
fn what_takes_too_long_or_too_much_is_stopped() {
    let server = Served::project(&["--timeout", "1", "--requests", "2", "--max-answer", "1"]);
    let start = Instant::now();
    let answer = server.send("POST", "/sparql", DIRECT, ENDLESS.as_bytes());
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("took too long"), "{answer:?}");
    assert!(start.elapsed() < Duration::from_secs(10));

    let wide = "SELECT * { ?a ?b ?c . ?d ?e ?f }";
    let answer = server.send("POST", "/sparql", DIRECT, wide.as_bytes());
    assert_eq!(answer.status, 500, "{answer:?}");
    assert!(
        answer.body.contains("larger than 1048576 bytes"),
        "{answer:?}"
    );

    let long = "#".repeat(2 << 20);
    let answer = server.send("POST", "/sparql", DIRECT, long.as_bytes());
    assert_eq!(answer.status, 413, "{answer:?}");
    let answer = server.get(
        &format!("/sparql?query={}", &long[..20_000].replace('#', "a")),
        "*/*",
    );
    assert_eq!(answer.status, 414, "{answer:?}");
    let deep = format!("ASK {}{}", "{".repeat(100_000), "}".repeat(100_000));
    let answer = server.send("POST", "/sparql", DIRECT, deep.as_bytes());
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[test]
fn many_ask_at_the_same_time() {
    let server = Served::project(&["--quiet"]);
    let query = format!(
        "/sparql?query={}",
        encoded("SELECT ?s { ?s a schema:City } ORDER BY ?s")
    );
    let wanted = server.get(&query, "text/csv").body;
    assert!(
        wanted.contains("https://kg.example/two-cities/"),
        "{wanted}"
    );
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(server.get(&query, "text/csv").body, wanted);
                }
            });
        }
    });
    // Several on one connection.
    let one = format!("GET {query} HTTP/1.1\r\nHost: kg.example\r\nAccept: text/csv\r\n\r\n");
    let last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let answers = server.raw((one.repeat(4) + &last).as_bytes(), false);
    let answers = String::from_utf8(answers).unwrap();
    assert_eq!(answers.matches(wanted.as_str()).count(), 5, "{answers}");
}

#[test]
fn nothing_that_is_sent_ends_the_server() {
    let server = Served::project(&[]);
    let host = "Host: kg.example\r\n";
    let mut requests: Vec<Vec<u8>> = [
        String::new(),
        "\r\n\r\n".to_owned(),
        "GET".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET / HTTP/9.9\r\n{host}\r\n"),
        format!("GET  /  HTTP/1.1\r\n{host}\r\n"),
        format!("CONNECT kg.example:80 HTTP/1.1\r\n{host}\r\n"),
        format!("OPTIONS * HTTP/1.1\r\n{host}\r\n"),
        format!("GET http://kg.example/ HTTP/1.1\r\n{host}\r\n"),
        format!("GET /../../etc/passwd HTTP/1.1\r\n{host}\r\n"),
        format!("GET /%2e%2e/%00%ff HTTP/1.1\r\n{host}\r\n"),
        format!("GET //kg.example//x HTTP/1.1\r\n{host}\r\n"),
        format!("GET /?{} HTTP/1.1\r\n{host}\r\n", "&=".repeat(4000)),
        format!("GET /search?q={} HTTP/1.1\r\n{host}\r\n", "%E5%B8%82".repeat(1500)),
        format!("GET /entity?id=%3C%22%3E HTTP/1.1\r\n{host}\r\n"),
        format!("GET /class?name=%00 HTTP/1.1\r\n{host}\r\n"),
        format!("GET /queries/ HTTP/1.1\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\r\n{host}Accept: {}\r\n\r\n", ",;q=".repeat(2000)),
        format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(500)),
        format!("GET / HTTP/1.1\r\n{host}A: {}\r\n\r\n", "x".repeat(100_000)),
        format!("POST /sparql HTTP/1.1\r\n{host}{DIRECT}\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        format!("POST /sparql HTTP/1.1\r\n{host}{DIRECT}\r\nContent-Length: -1\r\n\r\nx"),
        format!("POST /sparql HTTP/1.1\r\n{host}{DIRECT}\r\nContent-Length: 9\r\n\r\nASK"),
        format!("POST /sparql HTTP/1.1\r\n{host}{DIRECT}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        format!("POST /sparql HTTP/1.1\r\n{host}{DIRECT}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        "GET /sparql HTTP/1.1\r\nHost: <x>\r\n\r\n".to_owned(),
        format!("GET /sparql HTTP/1.1\r\n{host}{host}\r\n"),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect();
    // Bytes without any sense, the same in every run.
    let mut state = 1_u64;
    for length in [1, 10, 100, 1000, 10_000] {
        let byte = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_be_bytes()[0]
        };
        requests.push(std::iter::repeat_with(byte).take(length).collect());
    }
    requests.push(b"GET /\xFF HTTP/1.1\r\nHost: \xFF\r\n\r\n".to_vec());
    for request in requests {
        let answer = server.raw(&request, true);
        let shown = String::from_utf8_lossy(&request[..request.len().min(80)]).into_owned();
        assert!(!answer.starts_with(b"HTTP/1.1 500"), "{shown}");
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1"),
            "{shown}"
        );
        assert_eq!(server.get("/", "text/html").status, 200, "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn signals_end_it_and_each_request_is_a_line() {
    for signal in ["TERM", "INT"] {
        let server = Served::project(&[]);
        server.get("/sparql?query=ASK%20%7B%7D", "*/*");
        let (code, said) = server.stop(signal);
        assert_eq!(code, Some(0), "{said}");
        let lines: Vec<&str> = said.lines().collect();
        assert!(
            lines[0].contains(" GET /sparql?query=ASK%20%7B%7D 200 "),
            "{said}"
        );
        assert_eq!(lines[1..], ["stopped"]);
    }
    let server = Served::project(&["--quiet"]);
    server.get("/", "*/*");
    assert_eq!(server.stop("TERM"), (Some(0), "stopped\n".to_owned()));
}

#[test]
fn an_address_that_cannot_be_had_is_said() {
    let sandbox = Sandbox::with_project("two-cities");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = sandbox.run(&["serve", "--address", &address]).expect(2);
    assert!(
        run.stderr()
            .contains(&format!("cannot listen at {address}"))
    );
    let run = sandbox.run(&["serve", "--address", "nowhere"]).expect(2);
    assert!(run.stderr().contains("no address such as 127.0.0.1:7878"));
    let mut server = Served::project(&["--address", "0.0.0.0:0"]);
    let mut line = String::new();
    server.messages.read_line(&mut line).unwrap();
    assert!(
        line.contains("others than this machine can reach it"),
        "{line}"
    );
}
