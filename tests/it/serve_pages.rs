//! The pages of `tupu serve`.

use crate::serve::{Served, encoded};
use crate::support::Sandbox;

const BASE: &str = "/two-cities";

/// Opening tags of elements that have a closing one, in their order, must close.
#[track_caller]
fn assert_well_formed(page: &str) {
    let start = page.find("<html").unwrap();
    let mut text = page[start..].to_owned();
    // What HTML lets stand without an end.
    for name in ["meta", "link", "input"] {
        text = close(&text, name);
    }
    for word in [" required", " autofocus"] {
        text = text
            .replace(&format!("{word}>"), ">")
            .replace(&format!("{word} "), " ");
        text = text.replace(&format!("{word}/>"), "/>");
    }
    if let Err(error) = roxmltree::Document::parse(&text) {
        let line = text
            .lines()
            .nth(error.pos().row as usize - 1)
            .unwrap_or_default();
        panic!("{error}: {line}");
    }
}

fn close(text: &str, name: &str) -> String {
    let open = format!("<{name} ");
    let mut parts = text.split(open.as_str());
    let mut closed = parts.next().unwrap().to_owned();
    for part in parts {
        closed.push_str(&open);
        closed.push_str(&part.replacen('>', "/>", 1));
    }
    closed
}

#[test]
fn the_front_page_says_what_there_is() {
    let server = Served::project(&[]);
    let page = server.get("/", "text/html");
    assert_eq!(page.status, 200);
    assert_well_formed(&page.body);
    for words in [
        "两市",
        "Two cities",
        "entities",
        "<textarea",
        "role=\"search\"",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("<script"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'"));
    let style = server.get("/style.css", "text/css");
    assert!(
        style
            .header("content-type")
            .unwrap()
            .starts_with("text/css")
    );
}

#[test]
fn an_entity_has_a_page_at_the_path_of_its_iri() {
    let server = Served::project(&[]);
    let path = format!("{BASE}/treaty-agreement");
    let page = server.get(&path, "text/html");
    assert_eq!(page.status, 200, "{page:?}");
    assert_well_formed(&page.body);
    let names = ["lang=\"zh\"", "lang=\"en\"", "char=", "<svg", "/entity?id="];
    for words in names {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let iri = "https://kg.example/two-cities/treaty-agreement";
    for (media_type, says) in [
        ("text/turtle", "tc:treaty-agreement a ".to_owned()),
        (
            "application/n-triples",
            format!("<{iri}> <http://www.w3.org/2000/01/rdf-schema#label> "),
        ),
        ("application/ld+json", iri.to_owned()),
    ] {
        let answer = server.get(&path, media_type);
        assert!(answer.body.contains(&says), "{media_type}: {}", answer.body);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with(media_type)
        );
    }
    let triples = server.get(&path, "application/n-triples").body;
    let statement = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ";
    assert!(
        triples.contains(&format!("{statement}<{iri}>")),
        "{triples}"
    );
    assert!(triples.contains("#TextPositionSelector") || triples.contains("wasDerivedFrom"));
    // Whatever else has an IRI: a statement, and the dataset.
    let statement = triples.lines().find(|it| it.contains(statement)).unwrap();
    let statement = statement
        .trim_start_matches("<https://kg.example")
        .split('>')
        .next()
        .unwrap();
    let page = server.get(statement, "text/html");
    assert!(page.body.contains("rdf:subject"), "{page:?}");
    assert_well_formed(&page.body);
    assert_eq!(server.get("/two-cities/", "text/html").status, 200);
}

#[test]
fn wrong_addresses_say_what_was_meant() {
    let server = Served::project(&[]);
    let wrong = format!("{BASE}/treaty-agrement");
    let text = server.get(&wrong, "text/turtle");
    assert_eq!(text.status, 404);
    assert!(
        text.body
            .contains("did you mean\n/two-cities/treaty-agreement\n"),
        "{text:?}"
    );
    let page = server.get(&wrong, "text/html");
    assert_eq!(page.status, 404);
    assert!(
        page.body
            .contains("<a href=\"/two-cities/treaty-agreement\">"),
        "{page:?}"
    );
    assert_well_formed(&page.body);
    let answer = server.get("/class?name=Agreemnt", "*/*");
    assert!(
        answer.status == 404 && answer.body.contains("Agreement"),
        "{answer:?}"
    );
    assert_eq!(server.get("/queries/x", "*/*").status, 404);
}

#[test]
fn names_lead_to_pages() {
    let server = Served::project(&[]);
    let found = server.get("/entity?id=treaty-agreement", "text/html");
    assert_eq!(found.status, 303);
    assert_eq!(
        found.header("location"),
        Some("/two-cities/treaty-agreement")
    );
    let class = server.get("/class?name=Agreement", "text/html");
    assert!(
        class.body.contains("/two-cities/treaty-agreement"),
        "{class:?}"
    );
    assert_well_formed(&class.body);
    let several = server.get(&format!("/search?q={}", encoded("市")), "text/html");
    assert!(
        several.body.contains("<ul class=\"entities\">"),
        "{several:?}"
    );
    assert_well_formed(&several.body);
    let none = server.get("/search?q=zzzzqq", "text/html");
    assert!(none.body.contains("No entity is called that"), "{none:?}");
}

#[test]
fn named_queries_have_a_form_and_an_answer() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write(
        "data/queries/by-class.rq",
        "# title.zh: 各类\n# title.en: By class\n# description.zh: 。\n# description.en: Rows.\n\
         # param.class: iri\n# param.class.zh: 类\n# param.class.en: the class\n\n\
         SELECT ?s { ?s a ?class } ORDER BY ?s\n",
    );
    let server = Served::start(sandbox, &[]);
    let form = server.get("/queries/by-class", "text/html");
    assert_well_formed(&form.body);
    assert!(
        form.body.contains("name=\"class\"") && !form.body.contains("<table"),
        "{form:?}"
    );
    let answer = server.get("/queries/by-class?class=schema:City", "text/html");
    assert_well_formed(&answer.body);
    assert!(
        answer.body.contains("<td><a href=\"/two-cities/"),
        "{answer:?}"
    );
    let wrong = server.get("/queries/by-class?class=x", "text/html");
    assert!(wrong.body.contains("`x` is no IRI"), "{wrong:?}");
    let front = server.get("/", "text/html");
    assert!(front.body.contains("/queries/by-class"));
}

/// Nothing in the data becomes markup or a dangerous link.
#[test]
fn data_stays_text() {
    let sandbox = Sandbox::new();
    let evil = "</title><script>alert(1)</script>\\\"'&";
    sandbox.write(
        "evil.ttl",
        &format!(
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
             <https://kg.example/a> a <javascript:alert(2)> ; rdfs:label \"{evil}\"@en ;\n\
             <https://kg.example/p'onclick=> <javascript:alert(3)>, \"{evil}\", <https://kg.example/b> .\n\
             <https://kg.example/b> <https://kg.example/q> <https://kg.example/a> ; rdfs:label \"{evil}\" ."
        ),
    );
    let server = Served::start(sandbox, &["--graph", "evil.ttl"]);
    let id = encoded("https://kg.example/a");
    let query = encoded("SELECT * { ?s ?p ?o }");
    let marked = encoded("SELECT * { <script>alert(1)</script>");
    for target in [
        "/".to_owned(),
        format!("/entity?id={id}"),
        format!("/entity?id={}", encoded("https://kg.example/b")),
        format!("/sparql?query={query}"),
        format!("/sparql?query={marked}"),
        format!("/search?q={}", encoded("<script>alert(1)</script>")),
        format!("/search?q={}", encoded("alert")),
        "/%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
        format!("/entity?id={}", encoded("<script>alert(1)</script>")),
    ] {
        let mut page = server.get(&target, "text/html");
        if let Some(location) = page.header("location") {
            page = server.get(location, "text/html");
        }
        assert!(page.status < 500, "{target}: {page:?}");
        assert!(!page.body.contains("<script"), "{target}: {}", page.body);
        assert!(
            !page.body.contains("href=\"javascript:"),
            "{target}: {}",
            page.body
        );
        assert_well_formed(&page.body);
    }
    let page = server.get("/a", "text/html");
    assert!(page.body.contains("&lt;script&gt;"), "{}", page.body);
}
