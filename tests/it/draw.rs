//! `tupu draw`, and what is wrong with a view.

use std::fs;

use tupu::diagram::{self, FigureError};
use tupu::load::load_project;
use tupu::view::{Content, Grouping, View};

use crate::support::{Sandbox, in_repository};

/// A view of the two cities with every kind of fault, and the lines that are reported.
const FAULTY: &str = "\
title = { zh = \"谁签了\", fr = \"Qui\" }
show = \"entity\"
roots = [\"citya\"]
classes = [\"Agrement\"]
slots = [\"partyy\"]
articles = [\"city-a\"]
cluster = [\"twn\", \"^part\", \"City\"]
languages = [\"zh\", \"xx\"]
direction = \"left\"
follow = \"into\"
literals = [\"size\"]
dept = 2
link = \"javascript:alert(1)\"
[relations.Measur]
from = \"part\"
to = \"party\"
";

#[test]
fn every_fault_of_a_view_is_found_with_its_line_and_what_was_meant() {
    let sandbox = Sandbox::with_project("two-cities");
    sandbox.write("data/views/who.toml", FAULTY);
    sandbox.write(
        "data/views/Not A Slug.toml",
        "title = { zh = \"甲\", en = \"A\" }\n",
    );
    sandbox.write("data/views/untitled.toml", "depth = -1\n");
    let said = sandbox.run(&["check"]).expect(1).stderr();
    for (place, message) in [
        ("who.toml:1:", "`fr` is not a language"),
        ("who.toml:2:", "one of entities, overview, timeline, schema"),
        ("who.toml:3:", "did you mean `city-a`?"),
        ("who.toml:4:", "did you mean `Agreement`?"),
        ("who.toml:5:", "did you mean `party`?"),
        ("who.toml:6:", "declares no article `city-a`"),
        ("who.toml:7:", "did you mean `twin`?"),
        ("who.toml:8:", "`xx`"),
        ("who.toml:9:", "one of right, down"),
        ("who.toml:10:", "one of both, out, in"),
        ("who.toml:11:", "unknown slot `size`"),
        ("who.toml:12:", "did you mean `depth`?"),
        ("who.toml:13:", "does not lead to a page"),
        ("who.toml:14:", "did you mean `Measure`?"),
        ("Not A Slug.toml:1:", "cannot be part of an IRI"),
        ("untitled.toml:1:", "`title`"),
        ("untitled.toml:1:", "depth"),
    ] {
        assert!(
            said.split("\n\n")
                .any(|one| one.contains(place) && one.contains(message)),
            "{place} {message} is not in\n{said}"
        );
    }
}

#[test]
fn a_view_becomes_files_and_a_fault_leaves_them_alone() {
    let sandbox = Sandbox::with_project("two-cities");
    let view = "title = { zh = \"签署\", en = \"Signed\" }\nslots = [\"party\"]\n";
    sandbox.write("data/views/signed.toml", view);
    sandbox.run(&["draw", "--format", "dot"]).expect(0);
    let drawn = fs::read_to_string(sandbox.path("out/diagrams/signed.dot")).unwrap();
    assert!(drawn.contains("签署 · Signed"), "{drawn}");
    assert!(
        drawn.contains("\"treaty-agreement\" -> \"city-a\""),
        "{drawn}"
    );
    assert!(!drawn.contains("gazette"), "not linked: {drawn}");

    sandbox.write(
        "data/views/empty.toml",
        "title = { zh = \"空\", en = \"empty\" }\nslots = [\"twin\"]\nclasses = [\"Agreement\"]\n",
    );
    sandbox.write("data/views/signed.toml", &view.replace("签署", "换了"));
    let run = sandbox.run(&["draw", "--format", "dot"]).expect(1);
    assert!(
        run.stderr().contains("empty: the view shows nothing"),
        "{}",
        run.stderr()
    );
    let still = fs::read_to_string(sandbox.path("out/diagrams/signed.dot")).unwrap();
    assert_eq!(still, drawn, "nothing is written if a view cannot be drawn");
}

#[test]
fn what_is_near_an_entity_goes_to_standard_output() {
    let sandbox = Sandbox::with_project("two-cities");
    let near = |arguments: &[&str]| {
        let mut all = vec!["draw", "--format", "dot"];
        all.extend(arguments);
        sandbox.run(&all)
    };
    let one = near(&["--around", "甲市"]).expect(0).stdout();
    assert!(one.contains("\"city-b\""), "{one}");
    assert!(!one.contains("\"measure-visit\""), "two steps away: {one}");
    let two = near(&["--around", "City A", "--depth", "2"])
        .expect(0)
        .stdout();
    assert!(two.contains("\"measure-visit\""), "{two}");
    let only = near(&["--around", "甲市", "--class", "City", "--no-legend"])
        .expect(0)
        .stdout();
    assert!(!only.contains("treaty-agreement\""), "{only}");
    assert!(!only.contains("legend"), "{only}");
    let path = near(&["--path", "互访", "乙市"]).expect(0).stdout();
    assert!(
        path.contains("\"treaty-agreement\"") && !path.contains("\"city-a\""),
        "{path}"
    );
    let folder = ["--around", "甲市", "--output", "near"];
    assert_eq!(near(&folder).expect(0).stdout(), "");
    assert!(sandbox.path("near/city-a.dot").exists());
    let unknown = near(&["--around", "丙市"]).expect(1);
    assert!(
        unknown.stderr().contains("no entity is called `丙市`"),
        "{}",
        unknown.stderr()
    );
    let class = near(&["--around", "甲市", "--class", "Citty"]).expect(2);
    assert!(
        class.stderr().contains("did you mean `City`"),
        "{}",
        class.stderr()
    );
}

#[test]
fn words_that_mean_no_view_or_format_are_refused_with_advice() {
    let sandbox = Sandbox::with_project("two-cities");
    let none = sandbox.run(&["draw"]).expect(2);
    assert!(
        none.stderr().contains("the project has no views"),
        "{}",
        none.stderr()
    );
    sandbox.write(
        "data/views/signed.toml",
        "title = { zh = \"签署\", en = \"Signed\" }\n",
    );
    let unknown = sandbox.run(&["draw", "sigend"]).expect(2);
    assert!(
        unknown.stderr().contains("did you mean `signed`?"),
        "{}",
        unknown.stderr()
    );
    let format = sandbox
        .run(&["draw", "signed", "-o", "signed.docx"])
        .expect(2);
    assert!(
        format.stderr().contains("names no format"),
        "{}",
        format.stderr()
    );
    let large = sandbox
        .run(&["draw", "signed", "--max-nodes", "2"])
        .expect(1);
    assert!(large.stderr().contains("--atlas"), "{}", large.stderr());
}

#[test]
fn relations_become_edges_and_boxes_take_what_they_say() {
    let loaded = load_project(&in_repository("data")).unwrap();
    let view = |name: &str| loaded.views.iter().find(|view| view.name == name).unwrap();
    let people = diagram::figure(&loaded.graph, view("people")).unwrap();
    let chair = people
        .edges
        .iter()
        .find(|edge| edge.label == "主席")
        .unwrap();
    assert_eq!(people.nodes[chair.source].names[0], "张剡");
    assert_eq!(people.nodes[chair.target].names[0], "市政协");
    assert!(people.nodes.iter().all(|node| node.class != "Membership"));

    let plan = diagram::figure(&loaded.graph, view("finance-plan")).unwrap();
    let market = plan
        .clusters
        .iter()
        .position(|it| it.id.ends_with("finance-action-market"))
        .unwrap();
    let within = plan
        .nodes
        .iter()
        .filter(|node| node.cluster == Some(market));
    let names: Vec<&str> = within.map(|node| node.names[0].as_str()).collect();
    assert!(names.contains(&"共建多层次资本市场"), "{names:?}");

    let signed = diagram::figure(&loaded.graph, view("agreements")).unwrap();
    let home = |slug: &str| {
        let node = signed.nodes.iter().find(|node| node.id == slug).unwrap();
        node.cluster.map(|place| signed.clusters[place].id.as_str())
    };
    assert_eq!(home("cq-drc"), Some("chongqing"));
    assert_eq!(home("cd-drc"), Some("chengdu"));
    assert_eq!(
        home("bid-agreement"),
        None,
        "an agreement of two cities is in neither"
    );
}

#[test]
fn an_atlas_shows_every_node_at_home_once_and_links_the_figures() {
    let loaded = load_project(&in_repository("data")).unwrap();
    let view = View::new("page");
    let refused = diagram::figure(&loaded.graph, &view);
    assert!(matches!(
        refused,
        Err(FigureError::TooLarge { most: 60, .. })
    ));
    let figures = diagram::atlas(&loaded.graph, &view).unwrap();
    let names: Vec<String> = figures
        .iter()
        .map(|it| format!("{}.svg", it.name))
        .collect();
    let mut at_home = Vec::new();
    for figure in &figures[1..] {
        assert!(
            figure.nodes.len() <= 60,
            "{}: {}",
            figure.name,
            figure.nodes.len()
        );
        let own = figure.nodes.iter().filter(|node| node.cluster.is_none());
        at_home.extend(own.map(|node| node.id.clone()));
        for cluster in &figure.clusters {
            assert!(
                names.contains(cluster.link.as_ref().unwrap()),
                "{cluster:?}"
            );
        }
    }
    let linked = at_home.len();
    at_home.sort();
    at_home.dedup();
    assert_eq!(at_home.len(), linked, "an entity is at home in two figures");
    let everything = View {
        most_nodes: usize::MAX,
        ..view
    };
    assert_eq!(
        diagram::figure(&loaded.graph, &everything)
            .unwrap()
            .nodes
            .len(),
        linked
    );
    for node in &figures[0].nodes {
        assert!(names.contains(node.link.as_ref().unwrap()), "{node:?}");
    }
}

#[test]
fn an_overview_counts_every_entity_and_fact_once() {
    let loaded = load_project(&in_repository("data")).unwrap();
    let everything = View {
        most_nodes: usize::MAX,
        ..View::new("page")
    };
    let whole = diagram::figure(&loaded.graph, &everything).unwrap();
    let by_class = View {
        content: Content::Overview,
        groupings: vec![Grouping::Class],
        ..everything
    };
    let overview = diagram::figure(&loaded.graph, &by_class).unwrap();
    let count = |slot: &str| -> usize {
        let details = overview.nodes.iter().flat_map(|node| &node.details);
        let counts = details.filter(|detail| detail.slot == slot);
        counts
            .map(|detail| detail.value.parse::<usize>().unwrap())
            .sum()
    };
    assert_eq!(count("entities"), whole.nodes.len());
    let between: usize = overview
        .edges
        .iter()
        .map(|it| it.label.parse::<usize>().unwrap())
        .sum();
    assert_eq!(count("facts") + between, whole.edges.len());
}

#[test]
fn any_rdf_file_is_drawn_whatever_its_names_look_like() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "town.ttl",
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://a.example/people/甲/1> a foaf:Person ; foaf:name \"甲\" ; foaf:knows <urn:x:b%20c> .
<urn:x:b%20c> a foaf:Person ; foaf:name \"<b>\" ; foaf:knows <https://a.example/people/甲/1> .
",
    );
    for format in ["svg", "dot", "mermaid", "graphml", "cytoscape"] {
        let run = sandbox.run(&["draw", "--graph", "town.ttl", "--format", format]);
        let drawn = run.expect(0).stdout();
        assert!(drawn.contains("knows"), "{format}: {drawn}");
        assert!(
            !drawn.contains("<b>\n") && drawn.contains("甲"),
            "{format}: {drawn}"
        );
    }
}

#[test]
fn png_is_drawn_or_what_is_missing_is_said() {
    let sandbox = Sandbox::with_project("two-cities");
    let run = sandbox.run(&["draw", "--around", "甲市", "-o", "near.png"]);
    let written = fs::read(sandbox.path("near.png")).unwrap_or_default();
    if !cfg!(feature = "png") {
        let said = run.expect(2).stderr();
        assert!(said.contains("the feature `png`"), "{said}");
        assert!(written.is_empty());
    } else if run.code() == 0 {
        assert!(written.starts_with(b"\x89PNG\r\n\x1a\n"));
    } else {
        // A machine without a Chinese font.
        let said = run.expect(2).stderr();
        assert!(said.contains("fonts-noto-cjk"), "{said}");
        assert!(written.is_empty());
    }
}
