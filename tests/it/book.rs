//! Figures in documents: `tupu mdbook` through mdBook's protocol, and `tupu markdown`.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Run, Sandbox};

/// What mdBook 0.5 would give the preprocessor for these chapters, one below the other.
fn input(settings: &Value, chapters: &[&str]) -> String {
    let mut items = json!([]);
    for (number, content) in chapters.iter().enumerate().rev() {
        let path = format!("part/{number}.md");
        items = json!(["Separator", { "PartTitle": "part" }, { "Chapter": {
            "name": "a chapter",
            "content": content,
            "number": [1],
            "sub_items": items,
            "path": path,
            "source_path": path,
            "parent_names": [],
            "kept": { "as": "it is" },
        }}]);
    }
    let context = json!({
        "root": "",
        "config": {
            "book": { "src": "./text", "title": "a book" },
            "preprocessor": { "tupu": settings },
        },
        "renderer": "html",
        "mdbook_version": "0.5.4",
    });
    json!([context, { "items": items, "__non_exhaustive": null }]).to_string()
}

/// Runs `tupu mdbook` with `input` as standard input.
fn preprocess(sandbox: &Sandbox, input: &str) -> Run {
    let mut child = sandbox
        .command(&["mdbook"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    Run::of(child.wait_with_output().unwrap())
}

/// The chapters of a book, outermost first.
fn contents(book: &Value) -> Vec<String> {
    let mut contents = Vec::new();
    let mut items = &book["items"];
    while let Some(chapter) = items.get(2).and_then(|item| item.get("Chapter")) {
        contents.push(chapter["content"].as_str().unwrap().to_owned());
        items = &chapter["sub_items"];
    }
    contents
}

fn project() -> Sandbox {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write(
        "data/views/twins.toml",
        "title = { zh = \"姐妹城市\", en = \"Twin cities\" }\n\
         description = { zh = \"两市。\", en = \"Two cities.\" }\n",
    );
    sandbox
}

/// A project whose names are made to become markup wherever they are written.
fn hostile() -> Sandbox {
    let sandbox = project();
    let path = sandbox.path("data/entities/cities.toml");
    let text = fs::read_to_string(&path).unwrap();
    let evil = HOSTILE.replace('\\', "\\\\").replace('"', "\\\"");
    fs::write(&path, text.replacen("City A", &evil, 1)).unwrap();
    sandbox
}

const HOSTILE: &str = "</svg></figure><script>alert(1)</script>|`<!-- tupu:end -->``` \
                       {{#include a.md}} [a](javascript:b) \"><img src=x onerror=c> &amp; ]]>";

#[test]
fn only_html_is_supported() {
    let sandbox = Sandbox::new();
    sandbox.run(&["mdbook", "supports", "html"]).expect(0);
    sandbox.run(&["mdbook", "supports", "epub"]).expect(1);
}

#[test]
fn fences_of_a_book_become_figures() {
    let sandbox = project();
    let chapters = [
        "# A\n\n```tupu view=\"twins\"\n```\nb\n",
        "no fence, {{ and \"quotes\"",
        "- ```tupu around=city-a alt=\"a < b\" caption='c & d'\n  ```\n\n```tupu view=twins lang=en\n```\n",
    ];
    let input = input(&json!({ "command": "tupu mdbook" }), &chapters);
    let run = preprocess(&sandbox, &input).expect(0);
    let book: Value = serde_json::from_str(&run.stdout()).unwrap();
    let found = contents(&book);

    assert!(
        found[0].starts_with(
            "# A\n\n<figure class=\"tupu\" style=\"margin: 1.5em 0; overflow-x: auto\">\n<svg"
        ),
        "{}",
        found[0]
    );
    assert!(found[0].ends_with("\n</details>\n\nb\n"), "{}", found[0]);
    assert!(
        found[0].contains("<figcaption><strong>姐妹城市 · Twin cities</strong> 两市。 Two cities.")
    );
    assert!(found[0].contains("| 主体 | 属性 | 客体 | 状态 | 依据 |"));
    assert!(found[0].contains("char="), "the table has the evidence");
    assert_eq!(found[1], chapters[1]);
    assert!(
        found[0].contains(":is(.coal,.navy,.ayu){") && !found[0].contains("prefers-color-scheme"),
        "colours are those of the book's theme"
    );
    assert!(found[2].starts_with("- <figure"), "{}", found[2]);
    assert!(found[2].contains("\n  <figcaption>c &amp; d</figcaption>"));
    assert!(found[2].contains("a &lt; b</desc>"));

    let ids = |text: &str| -> Vec<String> {
        let ids = text.split("<svg").skip(1);
        ids.map(|svg| {
            svg.split(" id=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
    };
    let mut all: Vec<String> = found.iter().flat_map(|text| ids(text)).collect();
    assert_eq!(all.len(), 3);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 3, "a page of all chapters has each id once");

    // All but the contents is as it was.
    let [_, mut before]: [Value; 2] = serde_json::from_str(&input).unwrap();
    let mut after = book;
    forget_contents(&mut before);
    forget_contents(&mut after);
    assert_eq!(after.to_string(), before.to_string());
}

fn forget_contents(book: &mut Value) {
    match book {
        Value::Object(fields) => {
            fields.retain(|key, _| key != "content");
            fields.values_mut().for_each(forget_contents);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_contents),
        _ => {}
    }
}

#[test]
fn a_book_of_mdbook_0_4_is_read_too() {
    let sandbox = project();
    let input =
        input(&json!({}), &["```tupu view=twins\n```"]).replace("\"items\"", "\"sections\"");
    let run = preprocess(&sandbox, &input).expect(0);
    assert!(run.stdout().contains("<svg"));
}

#[test]
fn the_project_stands_where_the_book_says() {
    let sandbox = project();
    fs::rename(sandbox.path("data"), sandbox.path("elsewhere")).unwrap();
    let chapters = ["```tupu view=twins\n```"];
    let found = input(&json!({ "project": "elsewhere" }), &chapters);
    preprocess(&sandbox, &found).expect(0);

    let run = preprocess(
        &sandbox,
        &input(&json!({ "projct": "elsewhere" }), &chapters),
    )
    .expect(2);
    assert!(
        run.stderr()
            .contains("no key `projct`; did you mean `project`?")
    );
    let run = preprocess(&sandbox, &input(&json!({ "project": 1 }), &chapters)).expect(2);
    assert!(run.stderr().contains("the name of a folder"));
    let run = preprocess(&sandbox, "{}").expect(2);
    assert!(run.stderr().contains("not what mdBook gives"));
}

#[test]
fn every_fault_of_a_book_is_told_with_its_line() {
    let sandbox = project();
    let chapters = [
        "```tupu view=twin\n```\n\n```tupu vew=twins\n```\n\n```tupu view=twins max-nodes=1\n```\n",
        "\n```tupu view=twins\n\ntext\n```\n\n```tupu\n```\n\n```tupu around=甲市 lang=fr\n```\n",
        "```tupu path=甲市\n```\n\n```tupu view=twins depth=deep\n```\n\n```tupu view=twins around=甲市\n```\n",
    ];
    let run = preprocess(&sandbox, &input(&json!({}), &chapters)).expect(1);
    assert_eq!(run.stdout(), "");
    let stderr = run.stderr();
    let said: Vec<&str> = stderr.lines().collect();
    let expected = [
        "text/part/0.md:1: there is no view `twin`; did you mean `twins`?",
        "text/part/0.md:4: unexpected key 'vew' found; tip: a similar key exists: 'view'",
        "text/part/0.md:7: the view shows",
        "text/part/1.md:2: a `tupu` fence holds no text",
        "text/part/1.md:7: say what to draw, with view=… or around=…",
        "text/part/1.md:10: the project has no language `fr`",
        "text/part/2.md:1: `path` is given twice, from and to",
        "text/part/2.md:4: invalid value 'deep' for 'depth <N>'",
        "text/part/2.md:7: the key 'view <VIEW>' cannot be used with",
    ];
    assert_eq!(said.len(), expected.len(), "{stderr}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}\nis not\n{expected}");
    }
}

#[test]
fn names_never_become_markup() {
    let sandbox = hostile();
    let fences = "```tupu view=twins\n```\n\n```tupu around=city-a\n```\n";
    let input = input(&json!({}), &[fences]);
    let run = preprocess(&sandbox, &input).expect(0);
    let book: Value = serde_json::from_str(&run.stdout()).unwrap();
    let [content] = contents(&book).try_into().unwrap();
    check_harmless(&content, 2);

    sandbox.write("a.md", fences);
    for format in ["svg", "mermaid"] {
        sandbox
            .run(&["markdown", "--format", format, "a.md"])
            .expect(0);
        let text = fs::read_to_string(sandbox.path("a.md")).unwrap();
        check_harmless(&text, 0);
        assert_eq!(text.matches("<!-- tupu:end -->").count(), 2, "{text}");
        sandbox
            .run(&["markdown", "--format", format, "--check", "a.md"])
            .expect(0);
    }
}

/// Looks at the document as CommonMark has it: besides what tupu itself writes there is text only.
fn check_harmless(text: &str, svgs: usize) {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    let mut html = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(piece) | Event::InlineHtml(piece) => html.push_str(&piece),
            Event::Start(Tag::Link { dest_url, .. }) => panic!("a link to {dest_url}"),
            Event::Start(Tag::Image { dest_url, .. }) => assert!(dest_url.starts_with("figures/")),
            _ => {}
        }
    }
    assert!(!html.to_lowercase().contains("<script"), "{html}");
    assert!(!html.contains("<img"), "{html}");
    assert!(!text.contains("{{#include"), "{text}");
    assert_eq!(html.matches("<svg").count(), svgs);
    assert_eq!(html.matches("</svg>").count(), svgs);
    assert_eq!(html.matches("</figure>").count(), svgs);
    for svg in html.split("<svg").skip(1) {
        let svg = format!("<svg{}", svg.split("</svg>").next().unwrap());
        let svg = format!("{svg}</svg>");
        assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
    }
}

#[test]
fn a_document_gets_its_figures_once() {
    let sandbox = project();
    let text = "# A\r\n\r\n```tupu view=twins\r\n```\r\n\r\ntext\r\n\r\n````\r\n```tupu view=none\r\n```\r\n````\r\n\r\n> ```tupu view=twins lang=en\r\n> ```";
    let path = sandbox.write("texts/a b.md", text);
    let check = ["markdown", "--check", "texts/a b.md"];
    let run = sandbox.run(&check).expect(1);
    assert_eq!(
        run.stdout(),
        "texts/figures/a b.twins.svg\ntexts/figures/a b.twins-2.svg\ntexts/a b.md\n"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    sandbox.run(&["markdown", "texts/a b.md"]).expect(0);
    let once = fs::read_to_string(&path).unwrap();
    assert!(once.contains("(figures/a%20b.twins.svg)\r\n"), "{once}");
    assert!(
        once.contains("\r\n> | subject | slot | object | status | evidence |\r\n"),
        "{once}"
    );
    assert!(once.ends_with("\r\n>\r\n> <!-- tupu:end -->"), "{once}");
    assert_eq!(once.matches('\n').count(), once.matches("\r\n").count());
    assert_eq!(sandbox.run(&check).expect(0).stdout(), "");

    let run = sandbox.run(&["markdown", "texts/a b.md"]).expect(0);
    assert_eq!(run.stderr(), "", "nothing is written twice");
    assert_eq!(fs::read_to_string(&path).unwrap(), once);

    fs::write(sandbox.path("texts/figures/a b.twins.svg"), "old").unwrap();
    let run = sandbox.run(&check).expect(1);
    assert_eq!(run.stdout(), "texts/figures/a b.twins.svg\n");
}

#[test]
fn a_document_without_fences_stays_as_it_is() {
    let sandbox = project();
    for text in ["", "\n", "text", "    ```tupu view=none\n    ```\r\n"] {
        let path = sandbox.write("a.md", text);
        sandbox.run(&["markdown", "--check", "a.md"]).expect(0);
        let run = sandbox.run(&["markdown", "a.md"]).expect(0);
        assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
        assert_eq!(fs::read_to_string(path).unwrap(), text);
    }
    assert!(!sandbox.path("figures").exists());
}

#[test]
fn mermaid_stands_in_the_document_itself() {
    let sandbox = project();
    let path = sandbox.write("a.md", "```tupu view=twins lang=en\n```\n");
    sandbox
        .run(&["markdown", "--format", "mermaid", "a.md"])
        .expect(0);
    let text = fs::read_to_string(path).unwrap();
    assert!(
        text.contains("\n```mermaid\n") && text.contains("\nflowchart LR\n"),
        "{text}"
    );
    assert!(text.contains("\n**Twin cities** Two cities."), "{text}");
    assert!(!sandbox.path("figures").exists());
    // The same fence in a book: what stands behind it is not shown as well.
    let run = preprocess(&sandbox, &input(&json!({}), &[&text])).expect(0);
    let book: Value = serde_json::from_str(&run.stdout()).unwrap();
    let [content] = contents(&book).try_into().unwrap();
    assert!(
        content.contains("<svg") && !content.contains("mermaid"),
        "{content}"
    );
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let sandbox = project();
    sandbox.write("a.md", "```tupu view=twins\n```\n");
    sandbox.write("b.md", "\n```tupu view=none\n```\n\n<!-- tupu:begin -->\n");
    let run = sandbox.run(&["markdown", "a.md", "b.md"]).expect(1);
    assert_eq!(
        run.stderr().lines().collect::<Vec<_>>(),
        [
            "b.md:5: there is no `<!-- tupu:end -->` behind this marker; add it, or delete the marker and what belongs to it"
        ]
    );
    assert!(!sandbox.path("figures").exists());
    sandbox.run(&["markdown", "missing.md"]).expect(2);
    sandbox.run(&["markdown"]).expect(2);
    fs::write(sandbox.path("c.md"), b"\xff").unwrap();
    let run = sandbox.run(&["markdown", "c.md"]).expect(2);
    assert!(run.stderr().contains("cannot read `c.md`"));
}
