//! Mermaid flowcharts, as GitHub and others render them from Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use super::DiagramError;
use super::checked::Checked;
use super::figure::{Direction, Edge, Figure, Line, Node, Shape};
use super::lines::{node_lines, one_line, wrapped};
use super::link::address;

/// Most edges that Mermaid draws unless its site says otherwise (`maxEdges`); those of the legend
/// count.
pub const MAX_EDGES: usize = 500;
/// Longest text that Mermaid reads unless its site says otherwise (`maxTextSize`), in UTF-16 units.
pub const MAX_CHARACTERS: usize = 50_000;

/// Pairs of characters that Mermaid looks for in a label after it has read the entity codes: line
/// breaks, formulas, icons, links, its own marks for entities.
const PAIRS: [(char, char); 9] = [
    ('\\', 'n'),
    ('$', '$'),
    (':', 'f'),
    (':', '/'),
    ('w', '.'),
    (']', '('),
    ('~', '~'),
    ('ﬂ', '°'),
    ('¶', 'ß'),
];

/// Takes no room and shows nothing; keeps apart what Mermaid would read together.
const JOINER: char = '\u{2060}';

/// `text` as a quoted Mermaid string that shows just these characters.
///
/// Mermaid reads Markdown, HTML, icons and formulas in labels, comments and directives anywhere.
/// So every ASCII character but letters, digits, blank and comma is written as an entity code, and
/// an invisible U+2060 stands within each pair of characters that Mermaid would still find, and
/// before a line that may be a list or heading to it. Line breaks become `<br/>`, other control
/// characters U+FFFD.
pub fn quote_mermaid(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| match line.chars().next() {
            Some(c) if c.is_ascii() && !c.is_ascii_alphabetic() => {
                format!("{JOINER}{}", bare(line))
            }
            _ => bare(line),
        })
        .collect();
    format!("\"{}\"", lines.join("<br/>"))
}

/// Text without quotation marks, on one line.
fn bare(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\n' => escaped.push(' '),
            ' ' | ',' | '0'..='9' | 'A'..='Z' | 'a'..='z' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{FFFD}'),
            c if c.is_ascii() => push(&mut escaped, format_args!("#{};", u32::from(c))),
            c => escaped.push(c),
        }
        if characters
            .peek()
            .is_some_and(|next| PAIRS.contains(&(c, *next)))
        {
            escaped.push(JOINER);
        }
    }
    escaped
}

/// Writes `figure` as a [Mermaid flowchart](https://mermaid.js.org/syntax/flowchart.html).
///
/// Mermaid has links and tooltips for nodes only: a node with a link shows its tooltip, and links of
/// clusters and tooltips of edges are left out. It draws one loop at a node, which has the labels of
/// all.
///
/// # Errors
///
/// [`DiagramError::MermaidLimit`] when Mermaid would refuse to draw it, [`DiagramError::Figure`] when
/// the figure contradicts itself, [`DiagramError::Io`] when `writer` fails.
pub fn write_mermaid<W: Write>(figure: &Figure, mut writer: W) -> Result<(), DiagramError> {
    let checked = Checked::new(figure)?;
    let edges = drawn_edges(figure);
    let lines = edges.len() + figure.legend.lines.len();
    within("edges", MAX_EDGES, lines)?;
    let text = to_mermaid(checked, &edges);
    within("characters", MAX_CHARACTERS, text.encode_utf16().count())?;
    Ok(writer.write_all(text.as_bytes())?)
}

fn within(of: &'static str, limit: usize, found: usize) -> Result<(), DiagramError> {
    if found > limit {
        return Err(DiagramError::MermaidLimit { of, limit, found });
    }
    Ok(())
}

/// Mermaid draws the last loop of a node only, so the loops of one become one loop with all their
/// labels, as broken as the most broken of them.
fn drawn_edges(figure: &Figure) -> Vec<Edge> {
    let mut drawn: Vec<Edge> = Vec::with_capacity(figure.edges.len());
    let mut loops: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in &figure.edges {
        let is_loop = edge.source == edge.target;
        let first = loops.get(&edge.source).filter(|_| is_loop);
        if let Some(first) = first.and_then(|place| drawn.get_mut(*place)) {
            first.label.push('\n');
            first.label.push_str(&edge.label);
            first.line = first.line.max(edge.line);
            continue;
        }
        if is_loop {
            loops.insert(edge.source, drawn.len());
        }
        drawn.push(edge.clone());
    }
    drawn
}

fn to_mermaid(figure: Checked<'_>, edges: &[Edge]) -> String {
    // Wider than any line of ours, so that no line is broken once more.
    let mut text =
        String::from("%%{init: {\"flowchart\": {\"wrappingWidth\": 320}}}%%\nflowchart ");
    text.push_str(match figure.direction {
        Direction::Right => "LR\n",
        Direction::Down => "TB\n",
    });
    for (key, value) in [
        ("accTitle", one_line(&figure.title)),
        ("accDescr", figure.description.clone()),
    ] {
        if !value.trim().is_empty() {
            line(&mut text, 1, format_args!("{key}: {}", bare(&value)));
        }
    }
    push_legend(&mut text, figure);
    push_members(&mut text, figure, None, 1);
    for edge in edges {
        let (source, target) = figure.ends(edge);
        let (from, to) = (id("n", &source.id), id("n", &target.id));
        line(&mut text, 1, format_args!("{from} {} {to}", arrow(edge)));
    }
    push_looks(&mut text, figure);
    push_dashes(&mut text, figure, edges);
    for node in &figure.nodes {
        if let Some(link) = &node.link {
            push_link(&mut text, node, link);
        }
    }
    text
}

/// What stands directly in a cluster, or outside of all: clusters, then nodes.
fn push_members(text: &mut String, figure: Checked<'_>, within: Option<usize>, depth: usize) {
    for (place, cluster) in figure.clusters_in(within) {
        let heading = quote_mermaid(&wrapped(&cluster.label));
        let id = id("c", &cluster.id);
        line(text, depth, format_args!("subgraph {id} [{heading}]"));
        push_members(text, figure, Some(place), depth + 1);
        line(text, depth, format_args!("end"));
    }
    for node in figure.nodes_in(within) {
        let label = node_lines(node).join("\n");
        let id = id("n", &node.id);
        push_box(text, depth, &id, &label, node.shape, &node.class);
    }
}

fn push_legend(text: &mut String, figure: Checked<'_>) {
    let legend = &figure.legend;
    if legend.is_empty() {
        return;
    }
    let heading = quote_mermaid(&legend.title);
    line(text, 1, format_args!("subgraph legend [{heading}]"));
    for class in &legend.classes {
        let id = id("l", &class.class);
        let label = class.names.join("\n");
        push_box(text, 2, &id, &label, class.shape, &class.class);
    }
    for (kind, meaning) in &legend.lines {
        let ends = format!("legend-{}", kind.name());
        let edge = Edge {
            label: meaning.clone(),
            line: *kind,
            ..Edge::default()
        };
        let arrow = arrow(&edge);
        line(
            text,
            2,
            format_args!("{ends}-from(( )) {arrow} {ends}-to(( ))"),
        );
    }
    line(text, 1, format_args!("end"));
}

fn push_box(text: &mut String, depth: usize, id: &str, label: &str, shape: Shape, class: &str) {
    let (open, close) = match shape {
        Shape::Box => ("[", "]"),
        Shape::Note => (">", "]"),
        Shape::Ellipse => ("([", "])"),
        Shape::Hexagon => ("{{", "}}"),
        Shape::Folder => ("[/", "\\]"),
        Shape::Tab => ("[/", "/]"),
        Shape::Component => ("[[", "]]"),
    };
    let label = quote_mermaid(label);
    let class = self::id("k", class);
    line(
        text,
        depth,
        format_args!("{id}{open}{label}{close}:::{class}"),
    );
}

fn arrow(edge: &Edge) -> String {
    let mut arrow = match (edge.is_symmetric, edge.line) {
        (false, Line::Solid) => "-->",
        (false, Line::Dashed | Line::Dotted) => "-.->",
        (true, Line::Solid) => "<-->",
        (true, Line::Dashed | Line::Dotted) => "<-.->",
    }
    .to_owned();
    if !edge.label.is_empty() {
        push(&mut arrow, format_args!("|{}|", quote_mermaid(&edge.label)));
    }
    arrow
}

/// A style for each class, dark on its colour in either theme; clusters are seen through.
fn push_looks(text: &mut String, figure: Checked<'_>) {
    let classes = figure.legend.classes.iter();
    let looks: BTreeMap<&str, Option<&str>> = figure
        .nodes
        .iter()
        .map(|node| (node.class.as_str(), node.fill.as_deref()))
        .chain(classes.map(|class| (class.class.as_str(), class.fill.as_deref())))
        .collect();
    for (class, fill) in looks {
        let (class, fill) = (id("k", class), fill.unwrap_or("#ffffff"));
        line(
            text,
            1,
            format_args!("classDef {class} fill:{fill},stroke:#64748b,color:#0f172a"),
        );
    }
    let mut boxes: Vec<String> = figure
        .clusters
        .iter()
        .map(|cluster| id("c", &cluster.id))
        .collect();
    if !figure.legend.is_empty() {
        boxes.insert(0, "legend".to_owned());
    }
    if !boxes.is_empty() {
        line(
            text,
            1,
            format_args!("classDef box fill:none,stroke:#94a3b8"),
        );
        line(text, 1, format_args!("class {} box", boxes.join(",")));
    }
}

/// Mermaid has one kind of broken line, and a style for edges by their number in the text.
fn push_dashes(text: &mut String, figure: Checked<'_>, edges: &[Edge]) {
    let legend = figure.legend.lines.iter().map(|(line, _)| *line);
    let lines: Vec<Line> = legend.chain(edges.iter().map(|edge| edge.line)).collect();
    for (kind, dashes) in [(Line::Dashed, "6 4"), (Line::Dotted, "1 4")] {
        let numbers: Vec<String> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| **line == kind)
            .map(|(number, _)| number.to_string())
            .collect();
        if !numbers.is_empty() {
            let numbers = numbers.join(",");
            line(
                text,
                1,
                format_args!("linkStyle {numbers} stroke-dasharray:{dashes}"),
            );
        }
    }
}

/// An address in which nothing ends an entity.
fn push_link(text: &mut String, node: &Node, link: &str) {
    let (id, address) = (id("n", &node.id), address(link).replace(';', "%3B"));
    let mut statement = format!("click {id} href \"{address}\"");
    if !node.tooltip.is_empty() {
        let tooltip = bare(&node.tooltip.join("\n"));
        push(&mut statement, format_args!(" \"{tooltip}\""));
    }
    line(text, 1, format_args!("{statement}"));
}

/// An id that no keyword is and that no arrow grows into: a letter for its kind, and `id` with what
/// Mermaid may take for an arrow as a number.
fn id(kind: &str, id: &str) -> String {
    let mut safe = format!("{kind}-");
    let mut previous = '-';
    let mut characters = id.chars().peekable();
    while let Some(c) = characters.next() {
        let is_hyphen_in_word = c == '-'
            && previous.is_ascii_alphanumeric()
            && characters.peek().is_some_and(char::is_ascii_alphanumeric);
        if c.is_ascii_alphanumeric() || is_hyphen_in_word {
            safe.push(c);
        } else {
            push(&mut safe, format_args!("_{:x}_", u32::from(c)));
        }
        previous = c;
    }
    safe
}

fn line(text: &mut String, depth: usize, statement: std::fmt::Arguments<'_>) {
    push(text, format_args!("{:1$}{statement}\n", "", 2 * depth));
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_neither_keywords_nor_arrows_and_stay_distinct() {
        assert_eq!(id("n", "end"), "n-end");
        assert_eq!(id("n", "city-a"), "n-city-a");
        assert_eq!(id("n", "-x"), "n-_2d_x");
        assert_eq!(id("n", "a--b"), "n-a_2d__2d_b");
        assert_eq!(id("n", "a_2d_b"), "n-a_5f_2d_5f_b");
        assert_eq!(id("n", "a.b-"), "n-a_2e_b_2d_");
    }
}
