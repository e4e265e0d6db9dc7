//! Where everything in a figure lies.
//!
//! Parts that no edge joins are laid out by themselves and packed (`arrange`, `pack`); what
//! edges join is a `layered` drawing. The result is plain geometry: nothing in it depends on a
//! font, a machine or a random number.

mod arrange;
mod geometry;
mod layered;
mod line;
pub(super) mod measure;
mod pack;

pub use self::geometry::{Point, Rect};
pub use self::line::Piece;
pub use self::measure::{Anchor, Role, Text};

use self::arrange::{Arranger, PlacedEdge, heading_texts};
use self::measure::{Lines, width};
use super::figure::{Figure, Line, Shape};

/// Around everything.
const MARGIN: f64 = 16.0;
/// Between title, drawing and legend.
const SECTION_GAP: f64 = 16.0;
/// A title or legend may make a figure so wide.
const LEAST_WIDTH: f64 = 420.0;

/// The geometry of a figure, in pixels from its left upper corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Width of all.
    pub width: f64,
    /// Height of all.
    pub height: f64,
    /// Lines of the title.
    pub title: Vec<Text>,
    /// For each cluster of the figure, its box.
    pub clusters: Vec<ClusterBox>,
    /// For each node of the figure, its box.
    pub nodes: Vec<NodeBox>,
    /// For each edge of the figure, its line; empty where an end is no node of the figure.
    pub edges: Vec<EdgeLine>,
    /// The legend.
    pub legend: Legend,
}

/// A cluster at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterBox {
    /// Its outline.
    pub rect: Rect,
    /// Lines of its heading.
    pub heading: Vec<Text>,
}

/// A node at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeBox {
    /// The rectangle around its shape.
    pub rect: Rect,
    /// What is written in it.
    pub texts: Vec<Text>,
    /// The line between names and details: its left end and its length.
    pub rule: Option<(Point, f64)>,
}

/// An edge at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeLine {
    /// From source to target, each beginning where the one before it ends, but for a gap where the
    /// label stands.
    pub pieces: Vec<Piece>,
    /// The room of its label.
    pub label_rect: Option<Rect>,
    /// Lines of its label.
    pub label: Vec<Text>,
}

/// The legend at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// Its outline, if there is a legend.
    pub rect: Option<Rect>,
    /// Lines of its heading.
    pub heading: Vec<Text>,
    /// Its entries: first the classes, then the kinds of lines.
    pub entries: Vec<LegendEntry>,
}

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    /// What it explains.
    pub sample: Sample,
    /// The room for the sample.
    pub rect: Rect,
    /// What it means.
    pub text: Text,
}

/// What an entry of a legend explains.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sample {
    /// The class at this place in the figure's legend, and its shape.
    Class(usize, Shape),
    /// A kind of line.
    Line(Line),
}

impl Layout {
    /// Lays `figure` out.
    pub fn new(figure: &Figure) -> Self {
        let arranger = Arranger::new(figure);
        let part = arranger.whole();
        let titles = Lines::of(&figure.title, (Role::Title, 48), (Role::Subtitle, 64), 3);
        let title_height = if titles.lines.is_empty() {
            0.0
        } else {
            titles.height() + SECTION_GAP
        };
        let legend = Entries::new(figure);
        let inner = part
            .width
            .max(titles.width() * 1.04)
            .max(legend.width().min(LEAST_WIDTH.max(part.width)))
            .max(legend.least_width());
        let mut layout = Self {
            width: inner + 2.0 * MARGIN,
            title: titles.place(MARGIN, MARGIN, Anchor::Start),
            clusters: vec![ClusterBox::default(); figure.clusters.len()],
            nodes: vec![NodeBox::default(); figure.nodes.len()],
            edges: vec![EdgeLine::default(); figure.edges.len()],
            ..Self::default()
        };
        let (dx, dy) = (MARGIN + (inner - part.width) / 2.0, MARGIN + title_height);
        for (cluster, rect) in part.clusters {
            let rect = rect.moved(dx, dy);
            layout.clusters[cluster] = ClusterBox {
                rect,
                heading: heading_texts(arranger.heading(cluster), rect),
            };
        }
        for (node, rect) in part.nodes {
            let rect = rect.moved(dx, dy);
            let placed = arranger.content(node).place(rect);
            layout.nodes[node] = NodeBox {
                rect,
                texts: placed.texts,
                rule: placed.rule,
            };
        }
        for PlacedEdge {
            edge,
            pieces,
            label,
        } in part.edges
        {
            let label_rect = label.map(|label| label.moved(dx, dy));
            let label = label_rect.map(|rect| {
                let lines = arranger.label(edge);
                let top = rect.centre().y - lines.height() / 2.0;
                lines.place(rect.centre().x, top, Anchor::Middle)
            });
            layout.edges[edge] = EdgeLine {
                pieces: pieces
                    .into_iter()
                    .map(|piece| piece.moved(dx, dy))
                    .collect(),
                label_rect,
                label: label.unwrap_or_default(),
            };
        }
        let mut bottom = dy + part.height;
        if !legend.entries.is_empty() {
            let at = Point {
                x: MARGIN,
                y: bottom + if part.height > 0.0 { SECTION_GAP } else { 0.0 },
            };
            layout.legend = legend.place(at, inner);
            bottom = layout.legend.rect.map_or(bottom, |rect| rect.bottom());
        }
        layout.height = bottom + MARGIN;
        layout
    }
}

/// Padding of the legend's box.
const LEGEND_PADDING: f64 = 10.0;
/// Size of a sample.
const SAMPLE: (f64, f64) = (24.0, 14.0);
/// Between a sample and its text.
const SAMPLE_GAP: f64 = 6.0;
/// Between entries.
const ENTRY_GAP: f64 = 16.0;
/// From one row of entries to the next.
const ROW_HEIGHT: f64 = 22.0;

/// What a legend says.
struct Entries {
    title: String,
    entries: Vec<(Sample, String)>,
}

impl Entries {
    fn new(figure: &Figure) -> Self {
        let classes = figure.legend.classes.iter().enumerate();
        let lines = figure.legend.lines.iter();
        let shortened = |text: &str| {
            let mut lines = super::label::wrap_to(text, 44, 1);
            lines.pop().unwrap_or_default()
        };
        Self {
            title: shortened(&figure.legend.title),
            entries: classes
                .map(|(at, class)| (Sample::Class(at, class.shape), class.names.join(" · ")))
                .chain(lines.map(|(line, text)| (Sample::Line(*line), text.clone())))
                .map(|(sample, text)| (sample, shortened(&text)))
                .collect(),
        }
    }

    /// Width of each entry, sample and text.
    fn entry_width(text: &str) -> f64 {
        SAMPLE.0 + SAMPLE_GAP + width(text, Role::Entry) * 1.04
    }

    fn heading_width(&self) -> f64 {
        if self.title.is_empty() {
            0.0
        } else {
            width(&self.title, Role::Heading) * 1.04 + ENTRY_GAP
        }
    }

    /// Width of all on one row.
    fn width(&self) -> f64 {
        if self.entries.is_empty() {
            return 0.0;
        }
        let entries = self
            .entries
            .iter()
            .map(|(_, text)| Self::entry_width(text) + ENTRY_GAP);
        self.heading_width() + entries.sum::<f64>() - ENTRY_GAP + 2.0 * LEGEND_PADDING
    }

    /// Width of its widest entry on a row of its own.
    fn least_width(&self) -> f64 {
        let entries = self.entries.iter().map(|(_, text)| Self::entry_width(text));
        match entries.reduce(f64::max) {
            Some(widest) => self.heading_width() + widest + 2.0 * LEGEND_PADDING,
            None => 0.0,
        }
    }

    /// In rows of at most `most`, the first of which begins with the heading.
    fn place(&self, at: Point, most: f64) -> Legend {
        let left = at.x + LEGEND_PADDING;
        let heading = Lines {
            lines: vec![(self.title.clone(), Role::Heading)],
        };
        let first = left + self.heading_width();
        let (mut x, mut row_top) = (first, at.y + LEGEND_PADDING / 2.0);
        let mut right = first;
        let mut legend = Legend::default();
        if !self.title.is_empty() {
            let top = row_top + (ROW_HEIGHT - Role::Heading.line_height()) / 2.0;
            legend.heading = heading.place(left, top, Anchor::Start);
        }
        for (sample, text) in &self.entries {
            let entry_width = Self::entry_width(text);
            if x > first && x + entry_width > at.x + most - LEGEND_PADDING {
                x = first;
                row_top += ROW_HEIGHT;
            }
            let middle = row_top + ROW_HEIGHT / 2.0;
            legend.entries.push(LegendEntry {
                sample: *sample,
                rect: Rect {
                    x,
                    y: middle - SAMPLE.1 / 2.0,
                    width: SAMPLE.0,
                    height: SAMPLE.1,
                },
                text: Text {
                    text: text.clone(),
                    role: Role::Entry,
                    at: Point {
                        x: x + SAMPLE.0 + SAMPLE_GAP,
                        y: middle + Role::Entry.size() * 0.36,
                    },
                    anchor: Anchor::Start,
                },
            });
            right = right.max(x + entry_width);
            x += entry_width + ENTRY_GAP;
        }
        legend.rect = Some(Rect {
            x: at.x,
            y: at.y,
            width: right - at.x + LEGEND_PADDING,
            height: row_top + ROW_HEIGHT + LEGEND_PADDING / 2.0 - at.y,
        });
        legend
    }
}
