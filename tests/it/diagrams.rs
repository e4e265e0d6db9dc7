//! Figures in every syntax.

use std::collections::BTreeSet;
use std::io;

use graphviz_rust::dot_structures::{Graph, Stmt};
use tupu::diagram::figure::{
    Cluster, Detail, Direction, Edge, Figure, Legend, LegendClass, Line, Node, Shape,
};
use tupu::diagram::{
    DiagramError, FigureFault, MAX_EDGES, write_cytoscape, write_figure_dot, write_graphml,
    write_mermaid,
};

use crate::support::{assert_golden, in_repository};

type Write = fn(&Figure, &mut Vec<u8>) -> Result<(), DiagramError>;

const SYNTAXES: [(&str, Write); 4] = [
    ("dot", |figure, to| write_figure_dot(figure, to)),
    ("mmd", |figure, to| write_mermaid(figure, to)),
    ("graphml", |figure, to| write_graphml(figure, to)),
    ("cyjs", |figure, to| write_cytoscape(figure, to)),
];

fn written(figure: &Figure, write: Write) -> String {
    let mut bytes = Vec::new();
    write(figure, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn node(id: &str, class: &str, names: &[&str]) -> Node {
    Node {
        id: id.to_owned(),
        iri: format!("https://a.example/{id}"),
        class: class.to_owned(),
        class_label: class.to_lowercase(),
        names: texts(names),
        ..Node::default()
    }
}

fn edge(source: usize, slot: &str, target: usize, label: &str) -> Edge {
    Edge {
        id: format!("e.{source}.{slot}.{target}"),
        source,
        target,
        slot: slot.to_owned(),
        label: label.to_owned(),
        status: "asserted".to_owned(),
        ..Edge::default()
    }
}

fn cluster(id: &str, label: &[&str], parent: Option<usize>) -> Cluster {
    Cluster {
        id: id.to_owned(),
        label: texts(label),
        parent,
        link: None,
    }
}

/// A small figure as views make them.
fn two_cities() -> Figure {
    let city = |id: &str, names: &[&str], cluster| Node {
        fill: Some("#dbeafe".to_owned()),
        cluster: Some(cluster),
        link: Some(format!("https://a.example/page?of={id}&lang=zh#top")),
        tooltip: texts(&["城市 · city", "gazette char=1,9"]),
        ..node(id, "City", names)
    };
    let treaty = Node {
        fill: Some("#fca5a5".to_owned()),
        shape: Shape::Note,
        details: vec![
            Detail {
                slot: "signed".to_owned(),
                label: "签署日期".to_owned(),
                value: "2031-05".to_owned(),
                ..Detail::default()
            },
            Detail {
                slot: "copies".to_owned(),
                label: "份数".to_owned(),
                value: "2".to_owned(),
                ..Detail::default()
            },
        ],
        ..node(
            "treaty",
            "Agreement",
            &[
                "甲乙两市友好协议",
                "Friendship agreement of City A and City B",
            ],
        )
    };
    let harbour = Node {
        cluster: Some(2),
        ..node("harbour", "Measure", &["共建港口", "a harbour for both"])
    };
    Figure {
        name: "two-cities".to_owned(),
        language: "zh".to_owned(),
        title: texts(&["两市", "Two cities"]),
        description: "How City A and City B are related.".to_owned(),
        direction: Direction::Right,
        clusters: vec![
            cluster("region", &["甲乙地区", "the region"], None),
            cluster("north", &["北岸", "north bank"], Some(0)),
            cluster("south", &["南岸", "south bank"], Some(0)),
        ],
        nodes: vec![
            city("city-a", &["甲市", "City A"], 1),
            city("city-b", &["乙市", "City B"], 2),
            harbour,
            treaty,
        ],
        edges: vec![
            Edge {
                is_symmetric: true,
                ..edge(0, "twin", 1, "友城")
            },
            Edge {
                line: Line::Dashed,
                status: "planned".to_owned(),
                tooltip: texts(&["乙市 建设 共建港口", "planned", "gazette char=12,19"]),
                ..edge(1, "builds", 2, "建设")
            },
            edge(3, "party", 0, "签署方"),
            edge(3, "party", 1, "签署方"),
            Edge {
                line: Line::Dotted,
                ..edge(3, "about", 2, "涉及")
            },
        ],
        boxed: Vec::new(),
        legend: Legend {
            title: "图例".to_owned(),
            classes: vec![
                LegendClass {
                    class: "City".to_owned(),
                    names: texts(&["城市", "city"]),
                    fill: Some("#dbeafe".to_owned()),
                    shape: Shape::Box,
                },
                LegendClass {
                    class: "Agreement".to_owned(),
                    names: texts(&["协议", "agreement"]),
                    fill: Some("#fca5a5".to_owned()),
                    shape: Shape::Note,
                },
                LegendClass {
                    class: "Measure".to_owned(),
                    names: texts(&["举措", "measure"]),
                    fill: None,
                    shape: Shape::Box,
                },
            ],
            lines: vec![
                (Line::Solid, "已然".to_owned()),
                (Line::Dashed, "拟议".to_owned()),
                (Line::Dotted, "推断".to_owned()),
            ],
        },
    }
}

/// Texts that mean something to one syntax or another.
const AWKWARD: [&str; 33] = [
    "<b>粗</b> & \"引\" 'x'",
    r"\n \N \L \G \l \r \\ \",
    "]]> <!-- x --> <?x?>",
    "👩‍🔬🌏 e\u{301}",
    "שלום مرحبا",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "`code` **b** _i_ ~~s~~",
    "1. list",
    "- item",
    "# heading",
    "> quote",
    "[x](javascript:alert(1))",
    "![x](y.png)",
    "%% comment",
    "%%{init: {\"theme\":\"dark\"}}%%",
    "#35; &lt; &amp; &#60; #lt;",
    "$$x^2$$",
    "fa:fa-car",
    "style a:b#c; d",
    "classDef a:b#c; d",
    "ﬂ°lt¶ß ﬂ°°60¶ß",
    "tab\there",
    "control \u{1} \u{7f} \u{85}",
    "two\nlines",
    "|pipe| {curly} (round) [sq]",
    "\"",
    "end",
    "---",
    "--> x --- y ==> z",
    "www.a.example b@a.example",
    "@{ shape: doc } ::: click",
    "#quot;; \u{a0}·\u{2028}x\u{feff}",
];

/// Words of DOT and Mermaid, and ids that grow into arrows.
const KEYWORDS: [&str; 20] = [
    "graph",
    "digraph",
    "subgraph",
    "node",
    "edge",
    "strict",
    "end",
    "default",
    "class",
    "classDef",
    "click",
    "style",
    "linkStyle",
    "o-x",
    "x-o",
    "-x",
    "a--b",
    "a-",
    "a.b",
    "0",
];

/// Every awkward text in a node, an edge and a cluster, every keyword as an id, a long text, a loop,
/// parallel edges, clusters within clusters.
fn awkward() -> Figure {
    let mut figure = Figure {
        name: "awkward".to_owned(),
        title: texts(&AWKWARD[..2]),
        description: AWKWARD.join(" "),
        direction: Direction::Down,
        legend: Legend {
            title: AWKWARD[0].to_owned(),
            classes: vec![LegendClass {
                class: "default".to_owned(),
                names: texts(&AWKWARD[1..3]),
                ..LegendClass::default()
            }],
            lines: vec![(Line::Dashed, AWKWARD[1].to_owned())],
        },
        ..Figure::default()
    };
    for (place, text) in AWKWARD.into_iter().enumerate() {
        let id = KEYWORDS[place % KEYWORDS.len()];
        figure.clusters.push(Cluster {
            id: format!("c{place}"),
            label: texts(&[text]),
            parent: (place % 3 != 0).then(|| place - 1),
            link: Some("https://a.example/\"<>;#a;".to_owned()),
        });
        figure.nodes.push(Node {
            id: match place / KEYWORDS.len() {
                0 => id.to_owned(),
                round => format!("{id}-{round}"),
            },
            shape: Shape::ALL[place % Shape::ALL.len()],
            details: vec![Detail {
                slot: "end".to_owned(),
                label: text.to_owned(),
                value: text.to_owned(),
                ..Detail::default()
            }],
            cluster: (place % 2 == 0).then_some(place),
            link: (place % 5 == 0).then(|| format!("https://a.example/{text}?a=1&b=2#c;")),
            tooltip: texts(&[text, text]),
            ..node(id, "end", &[text])
        });
        figure.edges.push(Edge {
            tooltip: texts(&[text]),
            ..edge(place, "end", (place + 1) % AWKWARD.len(), text)
        });
    }
    figure.edges.push(edge(3, "loop", 3, "loop"));
    figure.edges.push(Edge {
        line: Line::Dashed,
        ..edge(3, "loop-too", 3, "another loop")
    });
    for (slot, line) in [("p", Line::Solid), ("q", Line::Dotted), ("r", Line::Dashed)] {
        let is_symmetric = slot == "q";
        figure.edges.push(Edge {
            line,
            is_symmetric,
            ..edge(0, slot, 1, slot)
        });
    }
    figure
        .nodes
        .push(node("long", "end", &[&"很长 long ".repeat(60)]));
    figure
}

fn one_node() -> Figure {
    Figure {
        nodes: vec![node("city-a", "City", &["甲市"])],
        ..Figure::default()
    }
}

#[test]
fn figures_give_the_expected_files() {
    for figure in [two_cities(), awkward()] {
        for (extension, write) in SYNTAXES {
            let name = format!("tests/cases/diagrams/{}.{extension}", figure.name);
            assert_golden(&in_repository(&name), &written(&figure, write));
        }
    }
}

/// Texts of a DOT file: how many nodes, edges and subgraphs stand in it.
fn count_dot(stmts: &[Stmt]) -> [usize; 3] {
    let mut sum = [0; 3];
    for stmt in stmts {
        let inner = match stmt {
            Stmt::Node(_) => [1, 0, 0],
            Stmt::Edge(_) => [0, 1, 0],
            Stmt::Subgraph(subgraph) => {
                let [nodes, edges, subgraphs] = count_dot(&subgraph.stmts);
                [nodes, edges, subgraphs + 1]
            }
            _ => [0; 3],
        };
        for (sum, inner) in sum.iter_mut().zip(inner) {
            *sum += inner;
        }
    }
    sum
}

#[test]
fn a_dot_parser_finds_every_node_edge_and_cluster() {
    for figure in [two_cities(), awkward(), one_node(), Figure::default()] {
        let text = written(&figure, SYNTAXES[0].1);
        let Graph::DiGraph { stmts, .. } = graphviz_rust::parse(&text).unwrap() else {
            panic!("not a directed graph");
        };
        let legend = &figure.legend;
        let expected = [
            figure.nodes.len() + legend.classes.len() + 2 * legend.lines.len(),
            figure.edges.len() + legend.lines.len(),
            figure.clusters.len() + usize::from(!legend.is_empty()),
        ];
        assert_eq!(count_dot(&stmts), expected);
    }
}

#[test]
fn an_xml_parser_finds_every_text_in_graphml() {
    for figure in [two_cities(), awkward(), one_node(), Figure::default()] {
        let text = written(&figure, SYNTAXES[2].1);
        let document = roxmltree::Document::parse(&text).unwrap();
        let labels = |tag| -> Vec<String> {
            let elements = document.descendants().filter(|it| it.has_tag_name(tag));
            elements
                .map(|element| {
                    let label = element.children().find(|it| {
                        it.attribute("key")
                            .is_some_and(|key| key.ends_with(".label"))
                    });
                    label.and_then(|it| it.text()).unwrap_or("").to_owned()
                })
                .collect()
        };
        let in_xml = |text: &str| -> String {
            let is_legal = |c: char| !c.is_ascii_control() || "\n\t\u{7f}".contains(c);
            let legal = text
                .chars()
                .map(|c| if is_legal(c) { c } else { '\u{FFFD}' });
            legal.collect()
        };
        let nodes: Vec<String> = figure
            .nodes
            .iter()
            .map(|node| in_xml(&node.names.join(" · ")))
            .collect();
        let edges: Vec<String> = figure
            .edges
            .iter()
            .map(|edge| in_xml(&edge.label))
            .collect();
        assert_eq!(labels("node"), nodes);
        assert_eq!(labels("edge"), edges);
        // Every attribute is declared, once.
        let keys: Vec<_> = document
            .descendants()
            .filter(|it| it.has_tag_name("key"))
            .map(|key| key.attribute("id").unwrap())
            .collect();
        let declared: BTreeSet<_> = keys.iter().copied().collect();
        assert_eq!(declared.len(), keys.len());
        for data in document.descendants().filter(|it| it.has_tag_name("data")) {
            assert!(declared.contains(data.attribute("key").unwrap()));
        }
    }
}

#[test]
fn graphml_names_the_clusters_from_the_outermost_inwards() {
    let text = written(&two_cities(), SYNTAXES[2].1);
    let expected = r#"<data key="node.cluster">甲乙地区 · the region / 北岸 · north bank</data>"#;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn cytoscape_elements_refer_to_elements() {
    for figure in [two_cities(), awkward(), one_node(), Figure::default()] {
        let text = written(&figure, SYNTAXES[3].1);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let elements = |of: &str| document["elements"][of].as_array().unwrap().clone();
        let (nodes, edges) = (elements("nodes"), elements("edges"));
        assert_eq!(nodes.len(), figure.nodes.len() + figure.clusters.len());
        assert_eq!(edges.len(), figure.edges.len());
        let ids: BTreeSet<String> = nodes
            .iter()
            .chain(&edges)
            .map(|element| element["data"]["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), nodes.len() + edges.len());
        for element in nodes.iter().chain(&edges) {
            for key in ["parent", "source", "target"] {
                if let Some(id) = element["data"].get(key) {
                    assert!(ids.contains(id.as_str().unwrap()), "{id}");
                }
            }
        }
    }
}

#[test]
fn mermaid_lines_begin_as_they_should_and_hold_no_foreign_mark() {
    let text = written(&awkward(), SYNTAXES[1].1);
    let mut statements = 0;
    let (first, rest) = text.split_once('\n').unwrap();
    let directive = r#"%%{init: {"flowchart": {"wrappingWidth": 320}}}%%"#;
    assert_eq!(first, directive);
    for line in rest.lines() {
        let line = line.trim_start();
        let first = line.split([' ', '[', '(', '{', '>']).next().unwrap();
        let is_keyword = [
            "flowchart",
            "accTitle:",
            "accDescr:",
            "subgraph",
            "end",
            "classDef",
            "class",
            "click",
            "linkStyle",
        ]
        .contains(&first);
        let is_id = ["n-", "l-", "legend-"]
            .iter()
            .any(|it| first.starts_with(it));
        assert!(is_keyword || is_id, "{line}");
        assert!(!line.replace("<br/>", "").contains("</"), "{line}");
        for mark in ["%%", "`", "<s", "<i", "\\n", "$$", "ﬂ°", "¶ß"] {
            assert!(!line.contains(mark), "{mark} in {line}");
        }
        statements += 1;
    }
    assert!(statements > 100);
}

#[test]
fn what_mermaid_would_refuse_is_refused_with_advice() {
    let many = |edges: usize| Figure {
        nodes: ["a", "b"].map(|id| node(id, "City", &[id])).to_vec(),
        edges: (0..edges)
            .map(|number| Edge {
                id: format!("e{number}"),
                ..edge(0, "to", 1, "")
            })
            .collect(),
        ..Figure::default()
    };
    write_mermaid(&many(MAX_EDGES), Vec::new()).unwrap();
    let error = write_mermaid(&many(MAX_EDGES + 1), Vec::new()).unwrap_err();
    let expected = "Mermaid draws at most 500 edges, and the figure has 501: show less of the graph, or write SVG or DOT";
    assert_eq!(error.to_string(), expected);

    let mut figure = one_node();
    figure.description = "说".repeat(50_000);
    let error = write_mermaid(&figure, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("50000 characters"), "{error}");
}

#[test]
fn a_figure_that_contradicts_itself_is_refused_in_every_syntax() {
    type Change = fn(&mut Figure);
    let faults: [(Change, FigureFault); 9] = [
        (
            |figure| figure.edges[0].target = 4,
            FigureFault::Place("e.0.twin.1".to_owned()),
        ),
        (
            |figure| figure.nodes[0].cluster = Some(3),
            FigureFault::Place("city-a".to_owned()),
        ),
        (
            |figure| figure.clusters[1].parent = Some(1),
            FigureFault::Place("north".to_owned()),
        ),
        (
            |figure| figure.nodes[0].id = "甲市".to_owned(),
            FigureFault::Word("甲市".to_owned()),
        ),
        (
            |figure| figure.nodes[0].class = String::new(),
            FigureFault::Word(String::new()),
        ),
        (
            |figure| figure.edges[0].slot = "a b".to_owned(),
            FigureFault::Word("a b".to_owned()),
        ),
        (
            |figure| figure.nodes[1].id = "city-a".to_owned(),
            FigureFault::Twice("city-a".to_owned()),
        ),
        (
            |figure| figure.nodes[0].fill = Some("#dbeafe;x".to_owned()),
            FigureFault::Colour("#dbeafe;x".to_owned()),
        ),
        (
            |figure| figure.legend.classes[0].fill = Some("blue".to_owned()),
            FigureFault::Colour("blue".to_owned()),
        ),
    ];
    for (change, expected) in faults {
        let mut figure = two_cities();
        change(&mut figure);
        for (syntax, write) in SYNTAXES {
            match write(&figure, &mut Vec::new()) {
                Err(DiagramError::Figure(found)) => assert_eq!(found, expected, "{syntax}"),
                other => panic!("{syntax}: {expected:?}: {other:?}"),
            }
        }
    }
}

/// A disk that is full.
struct Full;

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_with_its_cause() {
    let figure = two_cities();
    for result in [
        write_figure_dot(&figure, Full),
        write_mermaid(&figure, Full),
        write_graphml(&figure, Full),
        write_cytoscape(&figure, Full),
    ] {
        match result {
            Err(DiagramError::Io(error)) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
            other => panic!("{other:?}"),
        }
    }
}
