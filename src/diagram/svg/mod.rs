//! SVG, drawn without a font, a browser or Graphviz.
//!
//! One element a node, edge and cluster, each with an id that begins with the figure's name, so
//! that several figures may stand in one page. Colours are in a style sheet with a light and a dark
//! part; there is no script, and nothing is loaded from elsewhere.

mod colour;
mod shape;
mod style;

use self::colour::{Colour, LIGHT};
use super::figure::{Edge, Figure, Line, Node};
use super::layout::{
    Anchor, ClusterBox, EdgeLine, Layout, LegendEntry, NodeBox, Piece, Point, Sample, Text,
};
use super::word::identifier;
use super::xml::escape_xml;
use crate::view::is_page_link;

/// The figure as an [SVG](https://www.w3.org/TR/SVG2/) document, ready to be a file or a part of an
/// HTML page. Equal figures give equal text.
pub fn to_svg(figure: &Figure) -> String {
    let layout = Layout::new(figure);
    Drawing::new(figure, &layout).document()
}

/// A length to a tenth of a pixel.
fn number(length: f64) -> String {
    let text = format!("{length:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0" } else { text }.to_owned()
}

struct Drawing<'a> {
    figure: &'a Figure,
    layout: &'a Layout,
    /// Id of the figure, with which all others begin.
    id: String,
    /// The fills in use, each once.
    fills: Vec<Colour>,
    svg: String,
}

impl<'a> Drawing<'a> {
    fn new(figure: &'a Figure, layout: &'a Layout) -> Self {
        let fills_of_nodes = figure.nodes.iter().map(|node| &node.fill);
        let fills_of_legend = figure.legend.classes.iter().map(|class| &class.fill);
        let mut fills: Vec<Colour> = fills_of_nodes.chain(fills_of_legend).map(fill).collect();
        fills.sort_unstable();
        fills.dedup();
        Self {
            figure,
            layout,
            // No full stop, so that it can stand in a selector.
            id: format!("tupu-{}", identifier(&figure.name).replace('.', "_")),
            fills,
            svg: String::new(),
        }
    }

    fn document(mut self) -> String {
        self.open();
        self.clusters();
        self.edges();
        self.nodes();
        self.legend();
        self.svg.push_str("</svg>\n");
        self.svg
    }

    fn line(&mut self, text: &str) {
        self.svg.push_str(text);
        self.svg.push('\n');
    }

    /// Everything before the drawing itself.
    fn open(&mut self) {
        let id = self.id.clone();
        let (width, height) = (number(self.layout.width), number(self.layout.height));
        let language = escape_xml(&self.figure.language);
        let languages = if language.is_empty() {
            String::new()
        } else {
            format!(" lang=\"{language}\" xml:lang=\"{language}\"")
        };
        self.line(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" class=\"tupu\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\"{languages} viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">"
        ));
        let title = escape_xml(&self.figure.title.join(" · "));
        self.line(&format!("<title id=\"{id}-title\">{title}</title>"));
        let description = escape_xml(&self.figure.description);
        self.line(&format!("<desc id=\"{id}-desc\">{description}</desc>"));
        let sheet = style::sheet(&id, &self.fills);
        self.line(&format!("<style>{sheet}</style>"));
        self.line(&format!(
            "<defs><marker id=\"{id}-arrow\" viewBox=\"0 0 9 8\" refX=\"8.6\" refY=\"4\" markerWidth=\"9\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"arrow\" d=\"M0 .5L9 4L0 7.5L2 4Z\"/></marker></defs>"
        ));
        self.line(&format!(
            "<rect class=\"canvas\" width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>",
            LIGHT.hex()
        ));
        let title = texts(&self.layout.title);
        if !title.is_empty() {
            self.line(&title);
        }
    }

    fn clusters(&mut self) {
        let mut levels: Vec<usize> = Vec::new();
        for (cluster, placed) in self.figure.clusters.iter().zip(&self.layout.clusters) {
            let parent = cluster.parent.and_then(|parent| levels.get(parent));
            let level = parent.map_or(0, |level| level + 1);
            levels.push(level);
            let ClusterBox { rect, heading } = placed;
            let box_ = shape::rounded(*rect, 10.0, " class=\"box\"");
            let content = linked(cluster.link.as_deref(), &(box_ + &texts(heading)));
            self.line(&format!(
                "<g id=\"{}-cluster-{}\" class=\"cluster level-{}\">{}{content}</g>",
                self.id,
                identifier(&cluster.id),
                level % style::CLUSTER_FILLS,
                tooltip(&cluster.label),
            ));
        }
    }

    fn edges(&mut self) {
        for (edge, placed) in self.figure.edges.iter().zip(&self.layout.edges) {
            if !placed.pieces.is_empty() {
                let element = self.edge(edge, placed);
                self.line(&element);
            }
        }
    }

    fn edge(&self, edge: &Edge, placed: &EdgeLine) -> String {
        let mut classes = format!("edge slot-{} {}", identifier(&edge.slot), edge.line.name());
        if !edge.status.is_empty() {
            classes.push_str(&format!(" status-{}", identifier(&edge.status)));
        }
        let arrow = format!("url(#{}-arrow)", self.id);
        let start = if edge.is_symmetric {
            format!(" marker-start=\"{arrow}\"")
        } else {
            String::new()
        };
        format!(
            "<g id=\"{}-edge-{}\" class=\"{classes}\">{}<path d=\"{}\"{start} marker-end=\"{arrow}\"/>{}</g>",
            self.id,
            identifier(&edge.id),
            tooltip(&edge.tooltip),
            path(&placed.pieces),
            texts(&placed.label),
        )
    }

    fn nodes(&mut self) {
        for (node, placed) in self.figure.nodes.iter().zip(&self.layout.nodes) {
            let element = self.node(node, placed);
            self.line(&element);
        }
    }

    fn node(&self, node: &Node, placed: &NodeBox) -> String {
        let mut content = shape::elements(node.shape, placed.rect, " class=\"outline\"");
        if let Some((start, length)) = placed.rule {
            content.push_str(&format!(
                "<path class=\"rule\" d=\"M{} {}H{}\"/>",
                number(start.x),
                number(start.y),
                number(start.x + length),
            ));
        }
        content.push_str(&texts(&placed.texts));
        let told = if node.tooltip.is_empty() {
            &node.names
        } else {
            &node.tooltip
        };
        format!(
            "<g id=\"{}-node-{}\" class=\"node class-{} fill-{}\">{}{}</g>",
            self.id,
            identifier(&node.id),
            identifier(&node.class),
            self.fill_place(node.fill.as_ref()),
            tooltip(told),
            linked(node.link.as_deref(), &content),
        )
    }

    /// Which of the fills this one is.
    fn fill_place(&self, given: Option<&String>) -> usize {
        let fill = fill(&given.cloned());
        self.fills.partition_point(|other| *other < fill)
    }

    fn legend(&mut self) {
        let Some(rect) = self.layout.legend.rect else {
            return;
        };
        let box_ = shape::rounded(rect, 8.0, " class=\"box\"");
        let heading = texts(&self.layout.legend.heading);
        self.line(&format!("<g class=\"legend\">{box_}{heading}"));
        for entry in &self.layout.legend.entries {
            let element = self.legend_entry(entry);
            self.line(&element);
        }
        self.line("</g>");
    }

    fn legend_entry(&self, entry: &LegendEntry) -> String {
        let text = texts(std::slice::from_ref(&entry.text));
        match entry.sample {
            Sample::Class(at, shape) => {
                let given = self.figure.legend.classes.get(at);
                let place = self.fill_place(given.and_then(|class| class.fill.as_ref()));
                let sample = shape::elements(shape, entry.rect, " class=\"outline\"");
                format!("<g><g class=\"fill-{place}\">{sample}</g>{text}</g>")
            }
            Sample::Line(line) => format!(
                "<g class=\"edge {}\"><path d=\"{}\" marker-end=\"url(#{}-arrow)\"/>{text}</g>",
                Line::name(line),
                path(&[Piece::Straight(
                    Point {
                        x: entry.rect.x,
                        y: entry.rect.centre().y,
                    },
                    Point {
                        x: entry.rect.right(),
                        y: entry.rect.centre().y,
                    },
                )]),
                self.id,
            ),
        }
    }
}

/// The fill of a node or class; white, where none is given that is a colour.
fn fill(given: &Option<String>) -> Colour {
    given.as_deref().and_then(Colour::parse).unwrap_or(LIGHT)
}

/// `content` inside of a link, if there is one that leads to a page.
fn linked(link: Option<&str>, content: &str) -> String {
    match link.filter(|link| is_page_link(link)) {
        Some(link) => format!("<a href=\"{}\">{content}</a>", escape_xml(link)),
        None => content.to_owned(),
    }
}

/// What a reader sees on pointing at an element.
fn tooltip(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("<title>{}</title>", escape_xml(&lines.join("\n")))
}

fn texts(texts: &[Text]) -> String {
    let mut elements = String::new();
    for text in texts {
        let class = style::ROLES
            .iter()
            .find(|(role, _)| *role == text.role)
            .map_or("", |(_, class)| class);
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        };
        elements.push_str(&format!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>",
            number(text.at.x),
            number(text.at.y),
            escape_xml(&text.text),
        ));
    }
    elements
}

/// Path data of a line; where pieces do not meet, there is a gap.
fn path(pieces: &[Piece]) -> String {
    let mut data = String::new();
    let mut at: Option<Point> = None;
    let pair = |point: Point| format!("{} {}", number(point.x), number(point.y));
    for piece in pieces {
        if at != Some(piece.start()) {
            data.push_str(&format!("M{}", pair(piece.start())));
        }
        match *piece {
            Piece::Straight(_, end) => data.push_str(&format!("L{}", pair(end))),
            Piece::Curve(_, a, b, end) => {
                data.push_str(&format!("C{} {} {}", pair(a), pair(b), pair(end)));
            }
        }
        at = Some(piece.end());
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_never_minus_zero() {
        let written: Vec<String> = [0.0, -0.01, 1.0, 1.25, -3.96, 1e6].map(number).into();
        assert_eq!(written, ["0", "0", "1", "1.2", "-4", "1000000"]);
    }

    #[test]
    fn a_line_with_a_gap_is_one_path() {
        let point = |x, y| Point { x, y };
        let pieces = [
            Piece::Straight(point(0.0, 0.0), point(1.0, 0.0)),
            Piece::Straight(point(3.0, 0.0), point(4.0, 0.0)),
        ];
        assert_eq!(path(&pieces), "M0 0L1 0M3 0L4 0");
    }
}
