//! From a figure to boxes and lines: parts that nothing joins are laid out by themselves and packed.

use std::collections::BTreeMap;

use super::geometry::{Extent, Point, Rect};
use super::layered::{self, Graph, Group, Item, Link};
use super::line::{self, Loops, Piece};
use super::measure::{Anchor, Content, Lines, Role, Side, inset};
use super::pack::{self, Grid};
use crate::diagram::figure::{Figure, Shape};
use crate::view::Direction;

/// Between parts that nothing joins.
const PART_GAP: f64 = 22.0;
/// Between boxes in a table.
const CELL_GAP: f64 = 12.0;
/// Between the outline of a cluster and what it holds.
const CLUSTER_PADDING: f64 = 12.0;
/// Around the label of an edge.
const LABEL_PADDING: f64 = 4.0;
/// Room on the side of a node for each line that meets it, and for how many there is room at most.
const PORT_ROOM: (f64, usize) = (8.0, 14);
/// Clusters nested more deeply than this are drawn beside one another.
const MOST_LEVELS: usize = 40;

/// A part of the figure, laid out with its left upper corner at (0, 0).
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) nodes: Vec<(usize, Rect)>,
    pub(super) clusters: Vec<(usize, Rect)>,
    pub(super) edges: Vec<PlacedEdge>,
}

/// An edge at its place.
#[derive(Clone, Debug)]
pub(super) struct PlacedEdge {
    pub(super) edge: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) label: Option<Rect>,
}

impl Part {
    /// Takes `other` in, with its corner at the given place.
    fn take(&mut self, other: Self, dx: f64, dy: f64) {
        let moved = |(index, rect): (usize, Rect)| (index, rect.moved(dx, dy));
        self.nodes.extend(other.nodes.into_iter().map(moved));
        self.clusters.extend(other.clusters.into_iter().map(moved));
        self.edges.extend(other.edges.into_iter().map(|edge| {
            PlacedEdge {
                edge: edge.edge,
                pieces: edge
                    .pieces
                    .into_iter()
                    .map(|piece| piece.moved(dx, dy))
                    .collect(),
                label: edge.label.map(|label| label.moved(dx, dy)),
            }
        }));
    }
}

/// A figure with what was measured in it. References of the figure that lead nowhere are none.
pub(super) struct Arranger<'f> {
    figure: &'f Figure,
    contents: Vec<Content>,
    headings: Vec<Lines>,
    labels: Vec<Lines>,
    cluster_of: Vec<Option<usize>>,
    parent_of: Vec<Option<usize>>,
    /// For each node, the edges that begin there.
    leaving: Vec<Vec<usize>>,
    /// For each node, its edges to itself.
    loops: Vec<Vec<usize>>,
    /// For each node, the most lines that meet one side of it.
    n_lines: Vec<usize>,
    /// Whether an edge leads out of a cluster, or into it.
    is_open: Vec<bool>,
}

/// Something that stands directly in a cluster, or in none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Member {
    Node(usize),
    Cluster(usize),
}

impl<'f> Arranger<'f> {
    pub(super) fn new(figure: &'f Figure) -> Self {
        let n_nodes = figure.nodes.len();
        let content = |node: &crate::diagram::figure::Node| {
            Content::new(&node.names, &node.details, node.shape, figure.direction)
        };
        let heading = |cluster: &crate::diagram::figure::Cluster| {
            Lines::of(
                &cluster.label,
                (Role::Heading, 34),
                (Role::Subheading, 40),
                3,
            )
        };
        let label = |edge: &crate::diagram::figure::Edge| {
            let role = (Role::EdgeLabel, 16);
            Lines::of(std::slice::from_ref(&edge.label), role, role, 3)
        };
        let mut levels: Vec<usize> = Vec::new();
        let mut parent_of = Vec::new();
        for (index, cluster) in figure.clusters.iter().enumerate() {
            let parent = cluster
                .parent
                .filter(|parent| *parent < index && levels[*parent] < MOST_LEVELS);
            levels.push(parent.map_or(0, |parent| levels[parent] + 1));
            parent_of.push(parent);
        }
        let mut arranger = Self {
            figure,
            contents: figure.nodes.iter().map(content).collect(),
            headings: figure.clusters.iter().map(heading).collect(),
            labels: figure.edges.iter().map(label).collect(),
            cluster_of: figure
                .nodes
                .iter()
                .map(|node| {
                    node.cluster
                        .filter(|cluster| *cluster < figure.clusters.len())
                })
                .collect(),
            parent_of,
            leaving: vec![Vec::new(); n_nodes],
            loops: vec![Vec::new(); n_nodes],
            n_lines: vec![0; n_nodes],
            is_open: vec![false; figure.clusters.len()],
        };
        arranger.note_edges();
        arranger
    }

    fn note_edges(&mut self) {
        let mut n_coming = vec![0; self.leaving.len()];
        for (index, edge) in self.figure.edges.iter().enumerate() {
            let (source, target) = (edge.source, edge.target);
            if source.max(target) >= self.leaving.len() {
                continue;
            }
            if source == target {
                self.loops[source].push(index);
                continue;
            }
            self.leaving[source].push(index);
            n_coming[target] += 1;
            let around_source: Vec<usize> = self.around(self.cluster_of[source]).collect();
            let around_target: Vec<usize> = self.around(self.cluster_of[target]).collect();
            for (these, those) in [
                (&around_source, &around_target),
                (&around_target, &around_source),
            ] {
                for cluster in these.iter().filter(|cluster| !those.contains(cluster)) {
                    self.is_open[*cluster] = true;
                }
            }
        }
        for (node, coming) in n_coming.into_iter().enumerate() {
            self.n_lines[node] = self.leaving[node].len().max(coming);
        }
    }

    /// `cluster` and those around it, innermost first.
    fn around(&self, cluster: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(cluster, |cluster| self.parent_of[*cluster])
    }

    pub(super) fn content(&self, node: usize) -> &Content {
        &self.contents[node]
    }

    pub(super) fn heading(&self, cluster: usize) -> &Lines {
        &self.headings[cluster]
    }

    pub(super) fn label(&self, edge: usize) -> &Lines {
        &self.labels[edge]
    }

    /// The whole figure.
    pub(super) fn whole(&self) -> Part {
        let mut members: Vec<Vec<Member>> = vec![Vec::new(); self.parent_of.len() + 1];
        let outermost = self.parent_of.len();
        for (node, cluster) in self.cluster_of.iter().enumerate() {
            members[cluster.unwrap_or(outermost)].push(Member::Node(node));
        }
        for (cluster, parent) in self.parent_of.iter().enumerate() {
            members[parent.unwrap_or(outermost)].push(Member::Cluster(cluster));
        }
        self.part(None, &members)
    }

    /// What stands in `cluster`, or in none.
    fn part(&self, cluster: Option<usize>, members: &[Vec<Member>]) -> Part {
        let inside = &members[cluster.unwrap_or(self.parent_of.len())];
        let mut parts = Vec::new();
        let mut alone = Vec::new();
        for component in self.components(cluster, inside) {
            match component[..] {
                [Member::Node(node)] => alone.push(node),
                [Member::Cluster(inner)] => parts.push(self.framed(inner, members)),
                _ => parts.push(self.layered(&component, members)),
            }
        }
        if !alone.is_empty() {
            parts.push(self.table(&alone));
        }
        packed(parts)
    }

    /// The members of `cluster`, those that edges join together.
    fn components(&self, cluster: Option<usize>, members: &[Member]) -> Vec<Vec<Member>> {
        // The member of `cluster` that a node is in.
        let mut member_of_node = BTreeMap::new();
        let mut member_of_cluster = BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            match member {
                Member::Node(node) => member_of_node.insert(*node, at),
                Member::Cluster(inner) => member_of_cluster.insert(*inner, at),
            };
        }
        let member_of = |node: usize| {
            if self.cluster_of[node] == cluster {
                return member_of_node.get(&node).copied();
            }
            self.around(self.cluster_of[node])
                .find_map(|inner| member_of_cluster.get(&inner).copied())
        };
        let mut root: Vec<usize> = (0..members.len()).collect();
        for node in 0..self.leaving.len() {
            let Some(from) = member_of(node) else {
                continue;
            };
            for edge in &self.leaving[node] {
                if let Some(to) = member_of(self.figure.edges[*edge].target) {
                    join(&mut root, from, to);
                }
            }
        }
        let mut components: Vec<Vec<Member>> = vec![Vec::new(); members.len()];
        for (at, member) in members.iter().enumerate() {
            components[find(&root, at)].push(*member);
        }
        components.retain(|component| !component.is_empty());
        components
    }

    /// A cluster that no edge leaves.
    fn framed(&self, cluster: usize, members: &[Vec<Member>]) -> Part {
        let inside = self.part(Some(cluster), members);
        let heading = &self.headings[cluster];
        let top = CLUSTER_PADDING + heading_height(heading);
        let width = inside.width.max(heading.width() * 1.04) + 2.0 * CLUSTER_PADDING;
        let dx = (width - inside.width) / 2.0;
        let height = top + inside.height + CLUSTER_PADDING;
        let outline = Rect {
            x: 0.0,
            y: 0.0,
            width,
            height,
        };
        let mut part = Part {
            width,
            height,
            clusters: vec![(cluster, outline)],
            ..Part::default()
        };
        part.take(inside, dx, top);
        part
    }

    /// Nodes without edges to others, in rows and columns.
    fn table(&self, nodes: &[usize]) -> Part {
        let direction = self.figure.direction;
        let room = |node: &usize| {
            let item = self.item(*node);
            let room = Extent {
                main: item.size.main,
                cross: item.size.cross + item.behind,
            };
            let room = room.turned(direction);
            (room.main, room.cross)
        };
        let sizes: Vec<(f64, f64)> = nodes.iter().map(room).collect();
        let grid = Grid::new(&sizes, CELL_GAP);
        let (width, height) = grid.size(CELL_GAP);
        let mut part = Part {
            width,
            height,
            ..Part::default()
        };
        for (at, node) in nodes.iter().enumerate() {
            let (x, y, width, height) = grid.cell(at, CELL_GAP);
            let item = self.item(*node);
            let mut size = item.size.turned(direction);
            if size.main * 1.7 >= width && item.behind == 0.0 {
                size.main = width;
            }
            if size.cross * 1.7 >= height && item.behind == 0.0 {
                size.cross = height;
            }
            let loops = Extent {
                main: 0.0,
                cross: item.behind,
            }
            .turned(direction);
            let rect = Rect {
                x: x + (width - loops.main - size.main) / 2.0,
                y: y + (height - loops.cross - size.cross) / 2.0,
                width: size.main,
                height: size.cross,
            };
            self.place_node(*node, rect, &mut part);
        }
        part
    }

    /// Members that edges join, with all that is in them.
    fn layered(&self, component: &[Member], members: &[Vec<Member>]) -> Part {
        let direction = self.figure.direction;
        let mut drawn = Layered::default();
        for member in component {
            self.collect(*member, None, members, &mut drawn);
        }
        let mut edges = Vec::new();
        for (&node, &source) in &drawn.node_item {
            for &edge in &self.leaving[node] {
                if let Some(&target) = drawn.node_item.get(&self.figure.edges[edge].target) {
                    edges.push((edge, source, target));
                }
            }
        }
        edges.sort_unstable();
        for (edge, source, target) in &edges {
            drawn.graph.links.push(Link {
                source: *source,
                target: *target,
                is_symmetric: self.figure.edges[*edge].is_symmetric,
                label: self.label_size(*edge),
            });
        }
        let drawing = layered::draw(&drawn.graph);
        let size = drawing.size.turned(direction);
        let mut part = Part {
            width: size.main,
            height: size.cross,
            ..Part::default()
        };
        for (group, cluster) in drawing.groups.iter().zip(&drawn.clusters) {
            let outline = group.size.rect(group.at, direction);
            part.clusters.push((*cluster, outline));
        }
        for (placed, thing) in drawing.items.iter().zip(drawn.things) {
            let rect = placed.size.rect(placed.at, direction);
            match thing {
                Thing::Node(node) => self.place_node(node, rect, &mut part),
                Thing::Part(inner) => part.take(inner, rect.x, rect.y),
            }
        }
        for ((edge, source, target), route) in edges.iter().zip(&drawing.routes) {
            let mut pieces = line::pieces(route, direction);
            let ends = [drawing.items[*source], drawing.items[*target]]
                .map(|end| end.size.rect(end.at, direction));
            self.meet_outlines(*edge, &mut pieces, ends);
            part.edges.push(PlacedEdge {
                edge: *edge,
                pieces,
                label: route
                    .label
                    .map(|(_, label)| label.size.rect(label.at, direction)),
            });
        }
        part
    }

    /// Adds a member, and what is in it, to a layered drawing.
    fn collect(
        &self,
        member: Member,
        group: Option<usize>,
        members: &[Vec<Member>],
        drawn: &mut Layered,
    ) {
        match member {
            Member::Node(node) => {
                drawn.node_item.insert(node, drawn.things.len());
                drawn.things.push(Thing::Node(node));
                drawn.graph.items.push(Item {
                    group,
                    ..self.item(node)
                });
            }
            Member::Cluster(cluster) if self.is_open[cluster] => {
                let own = drawn.graph.groups.len();
                drawn.clusters.push(cluster);
                drawn.graph.groups.push(self.group(cluster, group));
                for inner in &members[cluster] {
                    self.collect(*inner, Some(own), members, drawn);
                }
            }
            Member::Cluster(cluster) => {
                let part = self.framed(cluster, members);
                let size = Extent {
                    main: part.width,
                    cross: part.height,
                };
                drawn.things.push(Thing::Part(part));
                drawn.graph.items.push(Item {
                    size: size.turned(self.figure.direction),
                    group,
                    ..Item::default()
                });
            }
        }
    }

    fn group(&self, cluster: usize, parent: Option<usize>) -> Group {
        let direction = self.figure.direction;
        let heading = &self.headings[cluster];
        let padding = Extent {
            main: CLUSTER_PADDING,
            cross: CLUSTER_PADDING,
        };
        let with_heading = Extent {
            main: CLUSTER_PADDING,
            cross: CLUSTER_PADDING + heading_height(heading),
        };
        let least = Extent {
            main: heading.width() * 1.04 + 2.0 * CLUSTER_PADDING,
            cross: 0.0,
        };
        Group {
            parent,
            before: with_heading.turned(direction),
            after: padding,
            least: least.turned(direction),
        }
    }

    /// A node with its loops.
    fn item(&self, node: usize) -> Item {
        let (width, height) = self.contents[node].size();
        let size = Extent {
            main: width,
            cross: height,
        };
        let mut size = size.turned(self.figure.direction);
        let loops = self.node_loops(node);
        let (room, most) = PORT_ROOM;
        let n_gaps = self.n_lines[node].saturating_sub(1).min(most);
        size.cross = size.cross.max(layered::count(n_gaps) * room + 20.0);
        size.main = size.main.max(loops.length());
        Item {
            size,
            behind: loops.depth(),
            is_elastic: self.figure.nodes[node].shape != Shape::Ellipse,
            group: None,
        }
    }

    fn node_loops(&self, node: usize) -> Loops {
        let labels: Vec<Option<Extent>> = self.loops[node]
            .iter()
            .map(|edge| self.label_size(*edge))
            .collect();
        Loops::new(&labels)
    }

    /// The room for an edge's label.
    fn label_size(&self, edge: usize) -> Option<Extent> {
        let lines = &self.labels[edge];
        if lines.lines.is_empty() {
            return None;
        }
        let size = Extent {
            main: (lines.width() * 1.04 + 2.0 * LABEL_PADDING).ceil(),
            cross: lines.height().ceil(),
        };
        Some(size.turned(self.figure.direction))
    }

    fn place_node(&self, node: usize, rect: Rect, part: &mut Part) {
        let direction = self.figure.direction;
        let shape = self.figure.nodes[node].shape;
        part.nodes.push((node, rect));
        let at = Extent {
            main: rect.x,
            cross: rect.y,
        };
        let size = Extent {
            main: rect.width,
            cross: rect.height,
        };
        let (at, size) = (at.turned(direction), size.turned(direction));
        let side = match direction {
            Direction::Right => Side::Bottom,
            Direction::Down => Side::Right,
        };
        let lines = self.node_loops(node).place(
            at.main + size.main / 2.0,
            at.cross + size.cross,
            direction,
            |from_middle| {
                inset(
                    shape,
                    side,
                    size.main / 2.0 + from_middle,
                    size.main,
                    size.cross,
                )
            },
        );
        for (edge, (pieces, label)) in self.loops[node].iter().zip(lines) {
            part.edges.push(PlacedEdge {
                edge: *edge,
                pieces,
                label,
            });
        }
    }

    /// Draws the ends of a line on to the outlines of its nodes, straight on.
    fn meet_outlines(&self, edge: usize, pieces: &mut Vec<Piece>, boxes: [Rect; 2]) {
        let (Some(first), Some(last)) = (pieces.first().copied(), pieces.last().copied()) else {
            return;
        };
        let edge = &self.figure.edges[edge];
        let begin = self.on_outline(edge.source, first.start(), boxes[0]);
        if begin != first.start() {
            pieces.insert(0, Piece::Straight(begin, first.start()));
        }
        let end = self.on_outline(edge.target, last.end(), boxes[1]);
        if end != last.end() {
            pieces.push(Piece::Straight(last.end(), end));
        }
    }

    /// Where a line that meets the box of a node at `at` meets its outline.
    fn on_outline(&self, node: usize, mut at: Point, rect: Rect) -> Point {
        let inset = |side, along, length, across| {
            inset(self.figure.nodes[node].shape, side, along, length, across)
        };
        match self.figure.direction {
            Direction::Right => {
                let along = at.y - rect.y;
                if at.x <= rect.x {
                    at.x += inset(Side::Left, along, rect.height, rect.width);
                } else {
                    at.x -= inset(Side::Right, along, rect.height, rect.width);
                }
            }
            Direction::Down => {
                let along = at.x - rect.x;
                if at.y <= rect.y {
                    at.y += inset(Side::Top, along, rect.width, rect.height);
                } else {
                    at.y -= inset(Side::Bottom, along, rect.width, rect.height);
                }
            }
        }
        at
    }
}

/// A graph for the layered drawing, and what its items and groups stand for.
#[derive(Default)]
struct Layered {
    graph: Graph,
    things: Vec<Thing>,
    clusters: Vec<usize>,
    node_item: BTreeMap<usize, usize>,
}

/// What an item of a layered drawing stands for.
enum Thing {
    Node(usize),
    Part(Part),
}

/// Room for the heading of a cluster.
pub(super) fn heading_height(heading: &Lines) -> f64 {
    if heading.lines.is_empty() {
        0.0
    } else {
        heading.height() - 2.0
    }
}

/// Where the heading of a cluster stands.
pub(super) fn heading_texts(heading: &Lines, outline: Rect) -> Vec<super::measure::Text> {
    heading.place(outline.x + CLUSTER_PADDING, outline.y + 6.0, Anchor::Start)
}

/// `parts` side by side.
fn packed(mut parts: Vec<Part>) -> Part {
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return only;
    }
    let sizes: Vec<(f64, f64)> = parts.iter().map(|part| (part.width, part.height)).collect();
    let packed = pack::rows(&sizes, PART_GAP);
    let mut whole = Part {
        width: packed.width,
        height: packed.height,
        ..Part::default()
    };
    for (part, (x, y)) in parts.into_iter().zip(packed.corners) {
        whole.take(part, x, y);
    }
    whole
}

/// The representative of a set; of two that are joined, the first.
fn find(root: &[usize], mut at: usize) -> usize {
    while root[at] != at {
        at = root[at];
    }
    at
}

fn join(root: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(root, a), find(root, b));
    root[a.max(b)] = a.min(b);
}
