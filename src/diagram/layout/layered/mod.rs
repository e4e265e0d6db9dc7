//! Layered drawing (Sugiyama's method) of a graph with nested groups.
//!
//! Items stand on ranks, which follow one another along the main axis; every link leads from a rank
//! to a later one. Where a link passes a rank, it has a place of its own in it, its label likewise.
//! Therefore no link passes through an item or a label, whatever the graph: on a rank it keeps to
//! its lane, and between two ranks there is nothing but links.
//!
//! Each step is a module: [`rank`], [`network`] (lanes, labels and the sides of groups become
//! vertices), [`order`] (along each rank), [`position`] (across), [`route`] (along the main axis,
//! and lines).

mod network;
mod order;
mod position;
mod rank;
mod route;

use super::geometry::Extent;

/// What is to be drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub(super) items: Vec<Item>,
    /// A parent stands before its children. Every group has an item.
    pub(super) groups: Vec<Group>,
    pub(super) links: Vec<Link>,
}

/// A box.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    pub(super) size: Extent,
    /// Room needed behind it along the rank: for loops.
    pub(super) behind: f64,
    /// May be made longer, to be as long as others of its rank.
    pub(super) is_elastic: bool,
    pub(super) group: Option<usize>,
}

/// A box around items and groups.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) parent: Option<usize>,
    /// Between its outline and what it holds: at the beginning of each axis.
    pub(super) before: Extent,
    /// The same at the end of each axis.
    pub(super) after: Extent,
    /// It is at least so big.
    pub(super) least: Extent,
}

/// A line from one item to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) source: usize,
    pub(super) target: usize,
    /// May be laid the other way round without being drawn against the stream.
    pub(super) is_symmetric: bool,
    pub(super) label: Option<Extent>,
}

/// A box that has its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Placed {
    pub(super) at: Extent,
    pub(super) size: Extent,
}

/// Straight pieces of a line along the main axis, from source to target: where each begins and
/// ends, and how far across it lies. Curves join them.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    pub(super) lanes: Vec<Lane>,
    /// Which lane the label stands on, and where.
    pub(super) label: Option<(usize, Placed)>,
}

/// A straight piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lane {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) cross: f64,
}

/// A drawing, its beginning at (0, 0).
#[derive(Clone, Debug, Default)]
pub(super) struct Drawing {
    pub(super) items: Vec<Placed>,
    pub(super) groups: Vec<Placed>,
    pub(super) routes: Vec<Route>,
    pub(super) size: Extent,
}

/// Draws `graph`; its links join different items.
pub(super) fn draw(graph: &Graph) -> Drawing {
    let ranks = rank::assign(graph);
    let mut network = network::build(graph, &ranks);
    order::sort(&mut network);
    let cross = position::place(&network);
    route::draw(graph, &network, &cross)
}

/// `group` and the groups around it, innermost first.
fn ancestors(graph: &Graph, group: Option<usize>) -> impl Iterator<Item = usize> + '_ {
    std::iter::successors(group, |group| graph.groups[*group].parent)
}

/// A count as a number to reckon with; exact below 2³².
pub(super) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
