//! Figures as SVG: what no figure may show, whatever its graph.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tupu::diagram::figure::{
    Cluster, Detail, Direction, Edge, Figure, Legend, LegendClass, Line, Node, Shape,
};
use tupu::diagram::layout::{Layout, Point, Rect, Text};
use tupu::diagram::to_svg;

/// Lengths are written to a tenth.
const TOLERANCE: f64 = 0.05;

/// Holds the layout of `figure`, and its SVG, to everything that a reader relies on.
fn check(figure: &Figure) {
    let layout = Layout::new(figure);
    check_boxes(figure, &layout);
    check_clusters(figure, &layout);
    check_lines(figure, &layout);
    check_labels(&layout);
    check_texts(&layout);
    check_document(figure, &layout);
}

fn shrunk(rect: Rect) -> Rect {
    rect.grown(-TOLERANCE)
}

fn apart(a: Rect, b: Rect) -> bool {
    !shrunk(a).overlaps(&shrunk(b))
}

fn inside(inner: Rect, outer: Rect) -> bool {
    outer.grown(TOLERANCE).contains(&inner)
}

fn page(layout: &Layout) -> Rect {
    Rect {
        width: layout.width,
        height: layout.height,
        ..Rect::default()
    }
}

fn check_boxes(figure: &Figure, layout: &Layout) {
    assert_eq!(layout.nodes.len(), figure.nodes.len());
    for (at, node) in layout.nodes.iter().enumerate() {
        assert!(inside(node.rect, page(layout)), "node {at} off the page");
        for (other_at, other) in layout.nodes.iter().enumerate().take(at) {
            assert!(
                apart(node.rect, other.rect),
                "nodes {other_at} and {at} overlap: {other:?} {node:?}"
            );
        }
    }
}

/// A cluster and those around it.
fn around(figure: &Figure, cluster: Option<usize>) -> Vec<usize> {
    let mut around = Vec::new();
    let mut at = cluster;
    while let Some(cluster) = at {
        around.push(cluster);
        at = figure.clusters[cluster].parent;
    }
    around
}

fn check_clusters(figure: &Figure, layout: &Layout) {
    for (at, cluster) in layout.clusters.iter().enumerate() {
        assert!(
            inside(cluster.rect, page(layout)),
            "cluster {at} off the page"
        );
        for (node_at, node) in layout.nodes.iter().enumerate() {
            if around(figure, figure.nodes[node_at].cluster).contains(&at) {
                assert!(
                    inside(node.rect, cluster.rect),
                    "node {node_at} leaves cluster {at}"
                );
            } else {
                assert!(
                    apart(node.rect, cluster.rect),
                    "node {node_at} in cluster {at}"
                );
            }
            for heading in &cluster.heading {
                assert!(
                    apart(heading.rect(), node.rect),
                    "node {node_at} on heading {at}"
                );
            }
        }
        for (other_at, other) in layout.clusters.iter().enumerate().take(at) {
            if around(figure, Some(at)).contains(&other_at) {
                assert!(
                    inside(cluster.rect, other.rect),
                    "cluster {at} leaves {other_at}"
                );
            } else {
                assert!(
                    apart(cluster.rect, other.rect),
                    "clusters {other_at} and {at} overlap"
                );
            }
        }
    }
}

/// Whether the straight line from `a` to `b` passes through the inside of `rect`.
fn passes(a: Point, b: Point, rect: Rect) -> bool {
    let rect = shrunk(rect);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (from, by, low, high) in [
        (a.x, b.x - a.x, rect.x, rect.right()),
        (a.y, b.y - a.y, rect.y, rect.bottom()),
    ] {
        if by == 0.0 {
            if from <= low || from >= high {
                return false;
            }
        } else {
            let (one, two) = ((low - from) / by, (high - from) / by);
            enter = enter.max(one.min(two));
            leave = leave.min(one.max(two));
        }
    }
    enter < leave
}

fn check_lines(figure: &Figure, layout: &Layout) {
    for (at, (edge, line)) in figure.edges.iter().zip(&layout.edges).enumerate() {
        assert!(!line.pieces.is_empty(), "edge {at} has no line");
        let (first, last) = (line.pieces[0], line.pieces[line.pieces.len() - 1]);
        for (end, node) in [(first.start(), edge.source), (last.end(), edge.target)] {
            let rect = layout.nodes[node].rect;
            let point = Rect {
                x: end.x,
                y: end.y,
                ..Rect::default()
            };
            assert!(inside(point, rect), "edge {at} does not meet node {node}");
        }
        for piece in &line.pieces {
            for pair in piece.points().windows(2) {
                for (node_at, node) in layout.nodes.iter().enumerate() {
                    if node_at != edge.source && node_at != edge.target {
                        assert!(
                            !passes(pair[0], pair[1], node.rect),
                            "edge {at} passes through node {node_at}"
                        );
                    }
                }
                for (label_at, other) in layout.edges.iter().enumerate() {
                    if let Some(label) = other.label_rect {
                        assert!(
                            !passes(pair[0], pair[1], label),
                            "edge {at} passes through the label of {label_at}"
                        );
                    }
                }
                for point in pair {
                    let room = page(layout);
                    assert!(
                        point.x >= 0.0 && point.x <= room.width,
                        "edge {at} off the page"
                    );
                    assert!(
                        point.y >= 0.0 && point.y <= room.height,
                        "edge {at} off the page"
                    );
                }
            }
        }
    }
}

fn check_labels(layout: &Layout) {
    let labels: Vec<(usize, Rect)> = layout
        .edges
        .iter()
        .enumerate()
        .filter_map(|(at, edge)| Some((at, edge.label_rect?)))
        .collect();
    for (place, (at, label)) in labels.iter().enumerate() {
        assert!(inside(*label, page(layout)), "label {at} off the page");
        for (other_at, other) in &labels[..place] {
            assert!(apart(*label, *other), "labels {other_at} and {at} overlap");
        }
        for (node_at, node) in layout.nodes.iter().enumerate() {
            assert!(apart(*label, node.rect), "label {at} on node {node_at}");
        }
    }
}

fn check_texts(layout: &Layout) {
    let within = |texts: &[Text], rect: Rect| {
        for text in texts {
            assert!(inside(text.rect(), rect), "{text:?} leaves {rect:?}");
        }
    };
    within(&layout.title, page(layout));
    for node in &layout.nodes {
        within(&node.texts, node.rect);
    }
    for cluster in &layout.clusters {
        within(&cluster.heading, cluster.rect);
    }
    for edge in &layout.edges {
        within(&edge.label, edge.label_rect.unwrap_or_default());
    }
    if let Some(rect) = layout.legend.rect {
        assert!(inside(rect, page(layout)));
        within(&layout.legend.heading, rect);
        for entry in &layout.legend.entries {
            assert!(inside(entry.rect, rect));
            within(std::slice::from_ref(&entry.text), rect);
        }
    }
}

fn check_document(figure: &Figure, layout: &Layout) {
    let svg = to_svg(figure);
    let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let mut ids = BTreeSet::new();
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let allowed = [
            "svg", "title", "desc", "style", "defs", "marker", "g", "a", "path", "rect", "ellipse",
            "text",
        ];
        assert!(allowed.contains(&element.tag_name().name()), "{element:?}");
        if let Some(id) = element.attribute("id") {
            assert!(id.starts_with(root.attribute("id").unwrap()), "{id}");
            assert!(ids.insert(id), "{id} stands twice");
        }
        for attribute in element.attributes() {
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
        }
    }
    for label in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(ids.contains(label));
    }
    let has_class = |class: &'static str| {
        move |element: &roxmltree::Node<'_, '_>| {
            let classes = element.attribute("class").unwrap_or_default();
            element.attribute("id").is_some() && classes.split(' ').any(|word| word == class)
        }
    };
    let count = |class| document.descendants().filter(has_class(class)).count();
    assert_eq!(count("node"), figure.nodes.len());
    assert_eq!(count("edge"), layout.edges.len());
    assert_eq!(count("cluster"), figure.clusters.len());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[甲乙丙丁（）、]{0,20}",
        "[A-Za-z<&\"']{0,12}( [a-z]{1,9}){0,8}",
        ".{0,12}",
    ]
}

prop_compose! {
    fn any_node(n_clusters: usize)(
        names in vec(text(), 0..3),
        details in vec((text(), text()), 0..2),
        shape in 0..Shape::ALL.len(),
        cluster in option::of(0..n_clusters.max(1)),
        fill in option::of("#[0-9a-f]{6}"),
    ) -> Node {
        let detail = |(label, value)| Detail { slot: "slot".to_owned(), label, value, ..Detail::default() };
        Node {
            class: "Class".to_owned(),
            names,
            details: details.into_iter().map(detail).collect(),
            shape: Shape::ALL[shape],
            cluster: cluster.filter(|cluster| *cluster < n_clusters),
            fill,
            ..Node::default()
        }
    }
}

prop_compose! {
    fn any_edge(n_nodes: usize)(
        source in 0..n_nodes,
        target in 0..n_nodes,
        label in prop_oneof![Just(String::new()), text()],
        is_symmetric: bool,
    ) -> Edge {
        Edge { source, target, label, is_symmetric, ..Edge::default() }
    }
}

fn any_figure() -> impl Strategy<Value = Figure> {
    (1_usize..14, 0_usize..6).prop_flat_map(|(n_nodes, n_clusters)| {
        (
            vec(any_node(n_clusters), n_nodes),
            vec(any_edge(n_nodes), 0..22),
            vec(option::of(any::<prop::sample::Index>()), n_clusters),
            vec(vec(text(), 0..3), n_clusters),
            (vec(text(), 0..3), any::<bool>(), any::<bool>()),
        )
            .prop_map(|(nodes, edges, parents, headings, rest)| {
                let (title, is_down, has_legend) = rest;
                let mut figure = Figure {
                    name: "figure".to_owned(),
                    title,
                    nodes,
                    edges,
                    ..Figure::default()
                };
                if is_down {
                    figure.direction = Direction::Down;
                }
                for (at, (parent, label)) in parents.into_iter().zip(headings).enumerate() {
                    figure.clusters.push(Cluster {
                        id: format!("c{at}"),
                        label,
                        parent: parent.filter(|_| at > 0).map(|parent| parent.index(at)),
                        link: None,
                    });
                }
                for (at, node) in figure.nodes.iter_mut().enumerate() {
                    node.id = format!("n{at}");
                }
                for (at, edge) in figure.edges.iter_mut().enumerate() {
                    edge.id = format!("e{at}");
                }
                if has_legend {
                    figure.legend = legend(&figure);
                }
                figure
            })
    })
}

fn legend(figure: &Figure) -> Legend {
    let class = |node: &Node| LegendClass {
        class: node.class.clone(),
        names: node.names.clone(),
        fill: node.fill.clone(),
        shape: node.shape,
    };
    Legend {
        title: "图例".to_owned(),
        classes: figure.nodes.iter().map(class).collect(),
        lines: vec![(Line::Dashed, "拟议".to_owned())],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_overlaps_in_any_figure(figure in any_figure()) {
        check(&figure);
    }

    #[test]
    fn equal_figures_give_equal_text(figure in any_figure()) {
        prop_assert_eq!(to_svg(&figure), to_svg(&figure.clone()));
    }
}

fn figure(n_nodes: usize, edges: &[(usize, usize)]) -> Figure {
    let node = |at: usize| Node {
        id: format!("n{at}"),
        class: "City".to_owned(),
        names: vec![format!("{at}市"), format!("City {at}")],
        fill: Some("#93c5fd".to_owned()),
        ..Node::default()
    };
    let edge = |(at, &(source, target)): (usize, &(usize, usize))| Edge {
        id: format!("e{at}"),
        source,
        target,
        slot: "connects".to_owned(),
        label: "连接".to_owned(),
        ..Edge::default()
    };
    Figure {
        name: "figure".to_owned(),
        language: "zh".to_owned(),
        title: vec!["甲乙两市".to_owned(), "Two cities".to_owned()],
        nodes: (0..n_nodes).map(node).collect(),
        edges: edges.iter().enumerate().map(edge).collect(),
        ..Figure::default()
    }
}

fn both_ways(mut figure: Figure) {
    for direction in [Direction::Right, Direction::Down] {
        figure.direction = direction;
        check(&figure);
    }
}

#[test]
fn odd_graphs_are_drawn() {
    both_ways(Figure::default());
    both_ways(figure(0, &[]));
    both_ways(figure(1, &[]));
    both_ways(figure(1, &[(0, 0), (0, 0), (0, 0)]));
    both_ways(figure(2, &[(0, 1); 10]));
    both_ways(figure(2, &[(0, 1), (1, 0)]));
    let cycle: Vec<_> = (0..50).map(|at| (at, (at + 1) % 50)).collect();
    both_ways(figure(50, &cycle));
    let chain: Vec<_> = (0..59).map(|at| (at, at + 1)).collect();
    both_ways(figure(60, &chain));
    let star: Vec<_> = (1..=60).map(|at| (0, at)).collect();
    both_ways(figure(61, &star));
    let complete: Vec<_> = (0..12)
        .flat_map(|to| (0..to).map(move |from| (from, to)))
        .collect();
    both_ways(figure(12, &complete));
}

#[test]
fn clusters_may_be_empty_and_nested() {
    let mut nested = figure(6, &[(0, 1), (1, 2), (3, 3), (0, 5)]);
    let cluster = |id: &str, parent| Cluster {
        id: id.to_owned(),
        label: vec!["甲市".to_owned(), "City of A with a long name".to_owned()],
        parent,
        link: None,
    };
    nested.clusters = vec![
        cluster("a", None),
        cluster("b", Some(0)),
        cluster("c", Some(1)),
        cluster("empty", None),
        cluster("empty-inside", Some(2)),
    ];
    for (node, at) in [(0, 2), (1, 1), (3, 2), (4, 2), (5, 0)] {
        nested.nodes[node].cluster = Some(at);
    }
    both_ways(nested);
}

#[test]
fn references_that_lead_nowhere_are_none() {
    let mut broken = figure(2, &[(0, 9), (7, 1), (0, 1)]);
    broken.nodes[0].cluster = Some(3);
    broken.clusters = vec![Cluster {
        id: "a".to_owned(),
        parent: Some(5),
        ..Cluster::default()
    }];
    let svg = to_svg(&broken);
    assert!(roxmltree::Document::parse(&svg).is_ok());
    assert_eq!(svg.matches("marker-end").count(), 1);
}

#[test]
fn loose_boxes_become_a_table() {
    let layout = Layout::new(&figure(40, &[]));
    let rows: BTreeSet<_> = layout
        .nodes
        .iter()
        .map(|node| node.rect.y.to_bits())
        .collect();
    assert!(rows.len() > 3 && rows.len() < 14, "{} rows", rows.len());
    assert!(layout.width < 900.0 && layout.height < 900.0);
}

#[test]
fn an_edge_that_holds_both_ways_has_two_arrowheads() {
    let mut two = figure(2, &[(0, 1)]);
    assert!(!to_svg(&two).contains("marker-start"));
    two.edges[0].is_symmetric = true;
    assert!(to_svg(&two).contains("marker-start"));
}

#[test]
fn data_becomes_neither_markup_nor_script() {
    let mut figure = figure(2, &[(0, 1)]);
    let odd = "</text><script>alert(1)</script>]]> & \"x\" 'y' \u{0} \u{202e} 🀄 مدينة";
    figure.title = vec![odd.to_owned()];
    figure.description = odd.to_owned();
    figure.language = "\" onload=\"alert(1)".to_owned();
    figure.name = "a b\"><script>".to_owned();
    figure.nodes[0].names = vec![odd.to_owned(), "长".repeat(500), String::new()];
    figure.nodes[0].tooltip = vec![odd.to_owned()];
    figure.nodes[0].class = "x\" onclick=\"y".to_owned();
    figure.nodes[0].fill = Some("red;}</style>".to_owned());
    figure.nodes[0].link = Some("javascript:alert(1)".to_owned());
    figure.nodes[1].link = Some("cities.html?a=1&b=2#chengdu".to_owned());
    figure.edges[0].slot = "</style>".to_owned();
    figure.edges[0].label = odd.to_owned();
    check(&figure);
    let svg = to_svg(&figure);
    assert!(!svg.contains("<script") && !svg.contains("javascript:"));
    assert!(svg.contains("<a href=\"cities.html?a=1&amp;b=2#chengdu\">"));
}

#[test]
fn large_figures_are_drawn() {
    let edges: Vec<_> = (1..5_000).map(|at| ((at * 7) % at.min(400), at)).collect();
    let svg = to_svg(&figure(5_000, &edges));
    assert_eq!(svg.matches("class=\"node ").count(), 5_000);
}
