//! Points and rectangles, in pixels; y grows downwards.

use crate::view::Direction;

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The point `dx` to the right of this one and `dy` below it.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self {
            x: self.x + dx,
            y: self.y + dy,
        }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its top.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

impl Rect {
    /// Its right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Its bottom.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Its centre.
    pub fn centre(&self) -> Point {
        Point {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
        }
    }

    /// The rectangle `dx` to the right of this one and `dy` below it.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self {
            x: self.x + dx,
            y: self.y + dy,
            ..self
        }
    }

    /// The rectangle that is wider by `by` on each side.
    #[must_use]
    pub fn grown(self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }

    /// Whether the two have more than a border in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies inside.
    pub fn contains(&self, other: &Self) -> bool {
        self.x <= other.x
            && other.right() <= self.right()
            && self.y <= other.y
            && other.bottom() <= self.bottom()
    }
}

/// A stretch of a layered drawing: `main` runs along the edges, `cross` along the ranks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) main: f64,
    pub(super) cross: f64,
}

impl Extent {
    /// From width and height, where edges lead in `direction`; and back.
    pub(super) fn turned(self, direction: Direction) -> Self {
        match direction {
            Direction::Right => self,
            Direction::Down => Self {
                main: self.cross,
                cross: self.main,
            },
        }
    }

    /// As a point of the figure.
    pub(super) fn point(self, direction: Direction) -> Point {
        let turned = self.turned(direction);
        Point {
            x: turned.main,
            y: turned.cross,
        }
    }

    /// As a rectangle of the figure, beginning at `at`.
    pub(super) fn rect(self, at: Self, direction: Direction) -> Rect {
        let (at, size) = (at.point(direction), self.point(direction));
        Rect {
            x: at.x,
            y: at.y,
            width: size.x,
            height: size.y,
        }
    }
}
