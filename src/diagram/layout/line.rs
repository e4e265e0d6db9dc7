//! Lines of edges: from lanes to pieces that can be drawn.

use super::geometry::{Extent, Point, Rect};
use super::layered::Route;
use crate::view::Direction;

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// Straight, from point to point.
    Straight(Point, Point),
    /// A cubic Bézier curve.
    Curve(Point, Point, Point, Point),
}

impl Piece {
    /// Where it begins.
    pub fn start(&self) -> Point {
        match *self {
            Self::Straight(start, _) | Self::Curve(start, ..) => start,
        }
    }

    /// Where it ends.
    pub fn end(&self) -> Point {
        match *self {
            Self::Straight(_, end) | Self::Curve(.., end) => end,
        }
    }

    /// Points on it, so close that straight lines between them are near to it.
    pub fn points(&self) -> Vec<Point> {
        const STEPS: u8 = 16;
        match *self {
            Self::Straight(start, end) => vec![start, end],
            Self::Curve(a, b, c, d) => (0..=STEPS)
                .map(|step| {
                    let t = f64::from(step) / f64::from(STEPS);
                    let s = 1.0 - t;
                    let mix = |a: f64, b: f64, c: f64, d: f64| {
                        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                    };
                    Point {
                        x: mix(a.x, b.x, c.x, d.x),
                        y: mix(a.y, b.y, c.y, d.y),
                    }
                })
                .collect(),
        }
    }

    pub(super) fn moved(self, dx: f64, dy: f64) -> Self {
        match self {
            Self::Straight(a, b) => Self::Straight(a.moved(dx, dy), b.moved(dx, dy)),
            Self::Curve(a, b, c, d) => Self::Curve(
                a.moved(dx, dy),
                b.moved(dx, dy),
                c.moved(dx, dy),
                d.moved(dx, dy),
            ),
        }
    }
}

/// The pieces of `route`: its lanes, joined by curves, with a gap where its label stands.
pub(super) fn pieces(route: &Route, direction: Direction) -> Vec<Piece> {
    let point = |main, cross| Extent { main, cross }.point(direction);
    let mut line = Line::default();
    for (at, lane) in route.lanes.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).and_then(|before| route.lanes.get(before)) {
            let (from, to) = (before.to, lane.from);
            if before.cross == lane.cross {
                line.straight(point(from, lane.cross), point(to, lane.cross));
            } else {
                let half = (from + to) / 2.0;
                line.pieces.push(Piece::Curve(
                    point(from, before.cross),
                    point(half, before.cross),
                    point(half, lane.cross),
                    point(to, lane.cross),
                ));
            }
        }
        let label = route.label.filter(|(label_lane, _)| *label_lane == at);
        match label {
            Some((_, label)) => {
                let (mut near, mut far) = (label.at.main, label.at.main + label.size.main);
                if lane.to < lane.from {
                    (near, far) = (far, near);
                }
                line.straight(point(lane.from, lane.cross), point(near, lane.cross));
                line.gap();
                line.straight(point(far, lane.cross), point(lane.to, lane.cross));
            }
            None => line.straight(point(lane.from, lane.cross), point(lane.to, lane.cross)),
        }
    }
    line.pieces
}

/// Pieces under way.
#[derive(Default)]
struct Line {
    pieces: Vec<Piece>,
    has_gap: bool,
}

impl Line {
    /// Adds a straight piece, which becomes one with a straight piece before it; all of them lie
    /// along the same axis.
    fn straight(&mut self, from: Point, to: Point) {
        if from == to {
            return;
        }
        if let Some(Piece::Straight(_, end)) = self.pieces.last_mut()
            && !self.has_gap
            && *end == from
        {
            *end = to;
            return;
        }
        self.has_gap = false;
        self.pieces.push(Piece::Straight(from, to));
    }

    fn gap(&mut self) {
        self.has_gap = true;
    }
}

/// Depth of the smallest loop.
const LOOP_DEPTH: f64 = 16.0;
/// Between loops.
const LOOP_GAP: f64 = 6.0;
/// How round a loop's corners are.
const LOOP_RADIUS: f64 = 7.0;

/// The loops of a node: each leaves it on the later side of the rank and comes back there.
#[derive(Clone, Debug, Default)]
pub(super) struct Loops {
    /// Half of the width of each, its depth, and the size of its label.
    loops: Vec<(f64, f64, Option<Extent>)>,
}

impl Loops {
    /// Loops with these labels, the first innermost.
    pub(super) fn new(labels: &[Option<Extent>]) -> Self {
        let mut loops: Vec<(f64, f64, Option<Extent>)> = Vec::new();
        for label in labels {
            let size = label.unwrap_or_default();
            let (half, depth) = match loops.last() {
                None => (14.0, LOOP_DEPTH.max(size.cross / 2.0 + LOOP_GAP)),
                Some((half, depth, before)) => {
                    let before = before.unwrap_or_default();
                    let step = (before.cross + size.cross) / 2.0 + LOOP_GAP;
                    (half + 7.0, depth + step)
                }
            };
            loops.push((half.max(size.main / 2.0 + 12.0), depth, *label));
        }
        Self { loops }
    }

    /// How far they reach beyond the node.
    pub(super) fn depth(&self) -> f64 {
        self.loops.last().map_or(0.0, |(_, depth, label)| {
            depth + label.map_or(0.0, |label| label.cross / 2.0) + 2.0
        })
    }

    /// How long a node must be for them.
    pub(super) fn length(&self) -> f64 {
        self.loops
            .last()
            .map_or(0.0, |(half, ..)| 2.0 * half + 20.0)
    }

    /// Line and label of each, at a node whose later side is in `side`, its middle at `main`;
    /// `inset` says how far inside of that its outline is, a distance from the middle.
    pub(super) fn place(
        &self,
        main: f64,
        side: f64,
        direction: Direction,
        inset: impl Fn(f64) -> f64,
    ) -> Vec<(Vec<Piece>, Option<Rect>)> {
        let point = |main, cross| Extent { main, cross }.point(direction);
        let of_loop = |(half, depth, label): &(f64, f64, Option<Extent>)| {
            let (low, high, bottom) = (main - half, main + half, side + depth);
            let r = LOOP_RADIUS;
            let corner = |from: (f64, f64), by: (f64, f64), to: (f64, f64)| {
                // The circle's quarter as a cubic: its handles are 0.55 of the radius.
                let towards = |end: (f64, f64)| {
                    point(end.0 + (by.0 - end.0) * 0.55, end.1 + (by.1 - end.1) * 0.55)
                };
                Piece::Curve(
                    point(from.0, from.1),
                    towards(from),
                    towards(to),
                    point(to.0, to.1),
                )
            };
            let mut pieces = vec![
                Piece::Straight(point(high, side - inset(*half)), point(high, bottom - r)),
                corner((high, bottom - r), (high, bottom), (high - r, bottom)),
            ];
            let label = label.map(|size| {
                let at = Extent {
                    main: main - size.main / 2.0,
                    cross: bottom - size.cross / 2.0,
                };
                pieces.push(Piece::Straight(
                    point(high - r, bottom),
                    point(at.main + size.main, bottom),
                ));
                pieces.push(Piece::Straight(
                    point(at.main, bottom),
                    point(low + r, bottom),
                ));
                size.rect(at, direction)
            });
            if label.is_none() {
                pieces.push(Piece::Straight(
                    point(high - r, bottom),
                    point(low + r, bottom),
                ));
            }
            pieces.push(corner((low + r, bottom), (low, bottom), (low, bottom - r)));
            pieces.push(Piece::Straight(
                point(low, bottom - r),
                point(low, side - inset(-*half)),
            ));
            (pieces, label)
        };
        self.loops.iter().map(of_loop).collect()
    }
}
