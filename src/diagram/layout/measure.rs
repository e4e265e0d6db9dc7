//! How much room texts take, and the boxes that they need.
//!
//! No font is asked: Latin letters are as wide as in the common sans serif fonts, Chinese
//! characters one em. Boxes leave room for a font that differs a little.

use unicode_width::UnicodeWidthChar;

use super::geometry::{Point, Rect};
use crate::diagram::figure::{Detail, Shape};
use crate::diagram::label::wrap_to;
use crate::view::Direction;

/// Advances of U+0020 to U+007E in thousandths of an em.
const ASCII_ADVANCES: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// What a text is, and therefore how it looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Title of the figure in its first language.
    Title,
    /// Title in a further language.
    Subtitle,
    /// Heading of a cluster or of the legend.
    Heading,
    /// Heading of a cluster in a further language.
    Subheading,
    /// First name of a node.
    Name,
    /// A further name of a node.
    OtherName,
    /// Name of a literal's slot.
    DetailLabel,
    /// A literal.
    DetailValue,
    /// Label of an edge.
    EdgeLabel,
    /// Entry of the legend.
    Entry,
}

impl Role {
    /// Font size in pixels.
    pub fn size(self) -> f64 {
        match self {
            Self::Title => 18.0,
            Self::Subtitle | Self::Name => 13.0,
            Self::Heading => 12.0,
            Self::OtherName
            | Self::DetailLabel
            | Self::DetailValue
            | Self::EdgeLabel
            | Self::Entry => 11.0,
            Self::Subheading => 10.0,
        }
    }

    /// From one baseline to the next.
    pub fn line_height(self) -> f64 {
        match self {
            Self::Title => 25.0,
            Self::Subtitle | Self::Name => 18.0,
            Self::Heading => 16.0,
            Self::OtherName
            | Self::DetailLabel
            | Self::DetailValue
            | Self::EdgeLabel
            | Self::Entry => 15.0,
            Self::Subheading => 13.0,
        }
    }

    /// Whether it is set in bold.
    pub fn is_bold(self) -> bool {
        matches!(self, Self::Title | Self::Heading | Self::Name)
    }
}

/// Which end of a text its point is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The characters, not escaped.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// On the baseline.
    pub at: Point,
    /// Which end of the text is there.
    pub anchor: Anchor,
}

impl Text {
    /// How wide it is, in a common sans serif font.
    pub fn width(&self) -> f64 {
        width(&self.text, self.role)
    }

    /// The room that it takes.
    pub fn rect(&self) -> Rect {
        let width = self.width();
        let size = self.role.size();
        Rect {
            x: match self.anchor {
                Anchor::Start => self.at.x,
                Anchor::Middle => self.at.x - width / 2.0,
            },
            y: self.at.y - size * 0.85,
            width,
            height: size * 1.1,
        }
    }
}

/// How wide `text` is on one line, in pixels.
pub(super) fn width(text: &str, role: Role) -> f64 {
    let em: f64 = text.chars().map(advance).sum();
    let bold = if role.is_bold() { 1.05 } else { 1.0 };
    em * role.size() * bold
}

/// The advance of a character in em.
fn advance(c: char) -> f64 {
    let ascii = (c as usize).checked_sub(0x20);
    if let Some(thousandths) = ascii.and_then(|at| ASCII_ADVANCES.get(at)) {
        return f64::from(*thousandths) / 1000.0;
    }
    match c {
        // Full width in Chinese fonts.
        '—' | '…' | '‘' | '’' | '“' | '”' => 1.0,
        '\u{1F000}'.. if c.width() == Some(2) => 1.3,
        _ => match c.width() {
            Some(2) => 1.0,
            Some(1) => 0.62,
            // What is no character in XML is shown as U+FFFD.
            None => 1.0,
            _ => 0.0,
        },
    }
}

/// Lines one below the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lines {
    pub(super) lines: Vec<(String, Role)>,
}

impl Lines {
    /// `texts`, the first in one role and the others in another; each once.
    pub(super) fn of(
        texts: &[String],
        first: (Role, usize),
        then: (Role, usize),
        most: usize,
    ) -> Self {
        let mut lines = Vec::new();
        let mut seen: Vec<&String> = Vec::new();
        for text in texts {
            if seen.contains(&text) {
                continue;
            }
            let (role, columns) = if seen.is_empty() { first } else { then };
            lines.extend(
                wrap_to(text, columns, most)
                    .into_iter()
                    .map(|line| (line, role)),
            );
            seen.push(text);
        }
        Self { lines }
    }

    pub(super) fn width(&self) -> f64 {
        self.lines
            .iter()
            .map(|(line, role)| width(line, *role))
            .fold(0.0, f64::max)
    }

    pub(super) fn height(&self) -> f64 {
        self.lines.iter().map(|(_, role)| role.line_height()).sum()
    }

    /// The lines below `top`, each with `anchor` at `x`.
    pub(super) fn place(&self, x: f64, top: f64, anchor: Anchor) -> Vec<Text> {
        let mut y = top;
        let mut texts = Vec::with_capacity(self.lines.len());
        for (text, role) in &self.lines {
            texts.push(Text {
                text: text.clone(),
                role: *role,
                at: Point {
                    x,
                    y: y + baseline(*role),
                },
                anchor,
            });
            y += role.line_height();
        }
        texts
    }
}

/// From the top of a line to its baseline.
fn baseline(role: Role) -> f64 {
    role.line_height() / 2.0 + role.size() * 0.36
}

/// Between the outline of a node and its texts.
const PADDING: Point = Point { x: 11.0, y: 6.0 };
/// Between names and details, with the rule in the middle.
const RULE: f64 = 9.0;
/// Between the label of a detail and its value.
const DETAIL_GAP: f64 = 8.0;

/// What is written in a node, and the room for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Content {
    names: Lines,
    details: Vec<(Lines, Lines)>,
    shape: Shape,
}

/// What is written in a node, at its place.
pub(super) struct PlacedContent {
    pub(super) texts: Vec<Text>,
    /// The line between names and details, from its left end and as long as that.
    pub(super) rule: Option<(Point, f64)>,
}

impl Content {
    pub(super) fn new(
        names: &[String],
        details: &[Detail],
        shape: Shape,
        direction: Direction,
    ) -> Self {
        // What is side by side is narrow, what is one below the other may be wider.
        let (first, then) = match direction {
            Direction::Right => (24, 30),
            Direction::Down => (20, 24),
        };
        let detail = |detail: &Detail| {
            let lines = |text: &String, role, columns| {
                Lines::of(
                    std::slice::from_ref(text),
                    (role, columns),
                    (role, columns),
                    6,
                )
            };
            (
                lines(&detail.label, Role::DetailLabel, 14),
                lines(&detail.value, Role::DetailValue, 22),
            )
        };
        Self {
            names: Lines::of(names, (Role::Name, first), (Role::OtherName, then), 6),
            details: details.iter().map(detail).collect(),
            shape,
        }
    }

    /// Width and height of its box.
    pub(super) fn size(&self) -> (f64, f64) {
        let (text_width, text_height) = (self.text_width(), self.text_height());
        let spare = text_width * 0.04;
        let (width, height) = (
            text_width + spare + 2.0 * PADDING.x,
            text_height + 2.0 * PADDING.y,
        );
        let (width, height) = match self.shape {
            Shape::Box => (width, height),
            Shape::Note => (width + NOTE_FOLD, height),
            Shape::Folder | Shape::Tab => (width, height + TAB),
            Shape::Component => (width + COMPONENT_BAR, height),
            // The diagonal of what is inscribed.
            Shape::Ellipse => (
                (text_width + spare) * std::f64::consts::SQRT_2 + PADDING.x,
                text_height * std::f64::consts::SQRT_2 + PADDING.y,
            ),
            Shape::Hexagon => (width + 2.0 * hexagon_slope(height), height),
        };
        ((width.max(36.0)).ceil(), (height.max(28.0)).ceil())
    }

    /// Its texts in a box of at least its size.
    pub(super) fn place(&self, rect: Rect) -> PlacedContent {
        let mut inner = rect;
        match self.shape {
            Shape::Note => inner.width -= NOTE_FOLD,
            Shape::Folder | Shape::Tab => {
                inner.y += TAB;
                inner.height -= TAB;
            }
            Shape::Component => {
                inner.x += COMPONENT_BAR;
                inner.width -= COMPONENT_BAR;
            }
            Shape::Box | Shape::Ellipse | Shape::Hexagon => {}
        }
        let centre = inner.centre();
        let mut top = centre.y - self.text_height() / 2.0;
        let mut texts = self.names.place(centre.x, top, Anchor::Middle);
        top += self.names.height();
        if self.details.is_empty() {
            return PlacedContent { texts, rule: None };
        }
        let details_width = self.details_width();
        let text_width = self.text_width().max(details_width);
        let rule = (!self.names.lines.is_empty()).then(|| {
            top += RULE;
            let start = Point {
                x: centre.x - text_width / 2.0,
                y: top - RULE / 2.0,
            };
            (start, text_width)
        });
        let x = centre.x - details_width / 2.0;
        let value_x = x + self.label_width() + DETAIL_GAP;
        for (label, value) in &self.details {
            texts.extend(label.place(x, top, Anchor::Start));
            texts.extend(value.place(value_x, top, Anchor::Start));
            top += label.height().max(value.height());
        }
        PlacedContent { texts, rule }
    }

    fn label_width(&self) -> f64 {
        let labels = self.details.iter().map(|(label, _)| label.width());
        labels.fold(0.0, f64::max)
    }

    fn details_width(&self) -> f64 {
        let values = self.details.iter().map(|(_, value)| value.width());
        self.label_width() + DETAIL_GAP + values.fold(0.0, f64::max)
    }

    fn text_width(&self) -> f64 {
        if self.details.is_empty() {
            self.names.width()
        } else {
            self.names.width().max(self.details_width())
        }
    }

    fn text_height(&self) -> f64 {
        let rule = if self.details.is_empty() || self.names.lines.is_empty() {
            0.0
        } else {
            RULE
        };
        let details = self
            .details
            .iter()
            .map(|(label, value)| label.height().max(value.height()));
        self.names.height() + rule + details.sum::<f64>()
    }
}

/// Side of the folded corner of a note.
pub(in crate::diagram) const NOTE_FOLD: f64 = 9.0;
/// Height of the tab of a folder.
pub(in crate::diagram) const TAB: f64 = 6.0;
/// Width of the bars of a component, inside its box.
pub(in crate::diagram) const COMPONENT_BAR: f64 = 12.0;

/// How far the slanted sides of a hexagon reach in.
pub(in crate::diagram) fn hexagon_slope(height: f64) -> f64 {
    (height / 4.0).min(14.0)
}

/// How far inside its rectangle the outline of a shape is, on the side that is met by a line at
/// `along`, counted from the beginning of the side; `across` is the length of the other sides.
pub(super) fn inset(shape: Shape, side: Side, along: f64, length: f64, across: f64) -> f64 {
    match (shape, side) {
        (Shape::Ellipse, _) => {
            let from_centre = (along / length * 2.0 - 1.0).clamp(-1.0, 1.0);
            across / 2.0 * (1.0 - (1.0 - from_centre * from_centre).sqrt())
        }
        (Shape::Hexagon, Side::Left | Side::Right) => {
            let from_centre = (along / length * 2.0 - 1.0).abs().min(1.0);
            hexagon_slope(length) * from_centre
        }
        (Shape::Hexagon, Side::Top | Side::Bottom) => {
            let slope = hexagon_slope(across);
            let from_end = along.min(length - along).max(0.0);
            if from_end < slope {
                across / 2.0 * (1.0 - from_end / slope)
            } else {
                0.0
            }
        }
        (Shape::Folder | Shape::Tab, Side::Top) if along > tab_width(length) => TAB,
        (Shape::Note, Side::Top) if along > length - NOTE_FOLD => along - (length - NOTE_FOLD),
        (Shape::Note, Side::Right) if along < NOTE_FOLD => NOTE_FOLD - along,
        _ => 0.0,
    }
}

/// Width of the tab of a folder.
pub(in crate::diagram) fn tab_width(width: f64) -> f64 {
    (width * 0.4).min(56.0)
}

/// A side of a rectangle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_common_fonts() {
        assert_eq!(width("成都", Role::EdgeLabel), 22.0);
        // 0.722 em for the capital, 0.556 em for each other letter.
        assert!((width("Chengdu", Role::EdgeLabel) - 11.0 * 4.058).abs() < 0.001);
        assert_eq!(width("", Role::Name), 0.0);
        assert_eq!(width("\u{301}\u{200b}", Role::Name), 0.0);
    }

    #[test]
    fn a_line_meets_the_outline() {
        assert_eq!(inset(Shape::Box, Side::Left, 3.0, 40.0, 100.0), 0.0);
        assert_eq!(inset(Shape::Ellipse, Side::Left, 20.0, 40.0, 100.0), 0.0);
        assert_eq!(inset(Shape::Ellipse, Side::Left, 0.0, 40.0, 100.0), 50.0);
        assert_eq!(inset(Shape::Hexagon, Side::Right, 20.0, 40.0, 100.0), 0.0);
        assert_eq!(inset(Shape::Hexagon, Side::Right, 40.0, 40.0, 100.0), 10.0);
        assert_eq!(inset(Shape::Tab, Side::Top, 90.0, 100.0, 40.0), TAB);
    }
}
