//! The graph as vertices on ranks, of which each link joins only those of neighbouring ranks.

use super::{Graph, Link, ancestors};

/// Along a rank, between two boxes.
const BOX_GAP: f64 = 14.0;
/// Between a box or label and a line.
const LINE_GAP: f64 = 10.0;
/// Between two lines.
const LANE_GAP: f64 = 9.0;
/// Between labels.
const LABEL_GAP: f64 = 6.0;

/// From the corner of a box to the first line that meets it.
pub(super) const CORNER: f64 = 7.0;

/// Vertices on ranks.
#[derive(Debug, Default)]
pub(super) struct Network {
    pub(super) vertices: Vec<Vertex>,
    /// The vertices of each rank, in order.
    pub(super) ranks: Vec<Vec<usize>>,
    /// For each vertex, its neighbours on the rank before, by link.
    pub(super) up: Vec<Vec<usize>>,
    /// For each vertex, its neighbours on the rank after.
    pub(super) down: Vec<Vec<usize>>,
    /// For each link, its vertices from rank to rank.
    pub(super) chains: Vec<Vec<usize>>,
    /// For each group, its parent, and the first and last rank that it touches.
    pub(super) groups: Vec<Span>,
}

/// Which ranks a group touches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) parent: Option<usize>,
    pub(super) first: usize,
    pub(super) last: usize,
    /// Least distance between its two sides.
    pub(super) least: f64,
    /// Vertex of its beginning on the first rank; those of the later ranks follow, each with the
    /// vertex of its end behind it.
    pub(super) sides: usize,
}

impl Span {
    /// The vertices of its beginning and end on `rank`.
    pub(super) fn sides_on(&self, rank: usize) -> (usize, usize) {
        let begin = self.sides + 2 * (rank - self.first);
        (begin, begin + 1)
    }
}

/// Something that has a place on a rank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub(super) kind: Kind,
    pub(super) rank: usize,
    /// The group that it is in; of a side, the group that it is a side of.
    pub(super) group: Option<usize>,
    /// Room along the rank, before and behind its middle.
    pub(super) before: f64,
    pub(super) after: f64,
    /// Room along the main axis.
    pub(super) length: f64,
}

/// What a vertex stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// An item.
    Item(usize),
    /// A link that passes.
    Lane(usize),
    /// The label of a link.
    Label(usize),
    /// Where a group begins along the rank.
    Begin(usize),
    /// Where it ends.
    End(usize),
}

impl Kind {
    /// Whether it is a side of a group.
    pub(super) fn is_side(self) -> bool {
        matches!(self, Self::Begin(_) | Self::End(_))
    }
}

impl Network {
    /// How far the middles of neighbours on a rank are apart at least.
    pub(super) fn separation(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.vertices[a], &self.vertices[b]);
        let gap = match (a.kind, b.kind) {
            (Kind::Begin(_), _) | (_, Kind::End(_)) => 0.0,
            (Kind::Lane(_), Kind::Lane(_)) => LANE_GAP,
            (Kind::Label(_), Kind::Label(_)) => LABEL_GAP,
            (Kind::Item(_) | Kind::End(_), Kind::Item(_) | Kind::Begin(_)) => BOX_GAP,
            _ => LINE_GAP,
        };
        a.after + b.before + gap
    }

    fn add(&mut self, vertex: Vertex) -> usize {
        let id = self.vertices.len();
        self.ranks[vertex.rank].push(id);
        self.vertices.push(vertex);
        id
    }
}

/// The network of `graph`, whose items stand on `ranks`.
pub(super) fn build(graph: &Graph, ranks: &[usize]) -> Network {
    let n_ranks = ranks.iter().max().map_or(0, |last| last + 1);
    let mut network = Network {
        ranks: vec![Vec::new(); n_ranks],
        ..Network::default()
    };
    let lengths = lengths(graph, ranks, n_ranks);
    for (index, item) in graph.items.iter().enumerate() {
        network.add(Vertex {
            kind: Kind::Item(index),
            rank: ranks[index],
            group: item.group,
            before: item.size.cross / 2.0,
            after: item.size.cross / 2.0 + item.behind,
            length: lengths[index],
        });
    }
    add_sides(graph, ranks, &mut network);
    for (index, link) in graph.links.iter().enumerate() {
        let chain = add_chain(graph, index, link, &mut network);
        network.chains.push(chain);
    }
    network.up = vec![Vec::new(); network.vertices.len()];
    network.down = vec![Vec::new(); network.vertices.len()];
    for chain in &network.chains {
        for pair in chain.windows(2) {
            network.down[pair[0]].push(pair[1]);
            network.up[pair[1]].push(pair[0]);
        }
    }
    network
}

/// How long each item is; elastic ones are as long as the longest of their rank, if that is not
/// much longer.
fn lengths(graph: &Graph, ranks: &[usize], n_ranks: usize) -> Vec<f64> {
    const MOST: f64 = 1.7;
    let mut longest = vec![0.0_f64; n_ranks];
    for (item, rank) in graph.items.iter().zip(ranks) {
        if item.is_elastic {
            longest[*rank] = longest[*rank].max(item.size.main);
        }
    }
    let length = |(item, rank): (&super::Item, &usize)| {
        let stretched = longest[*rank];
        if item.is_elastic && stretched <= item.size.main * MOST {
            stretched
        } else {
            item.size.main
        }
    };
    graph.items.iter().zip(ranks).map(length).collect()
}

fn add_sides(graph: &Graph, ranks: &[usize], network: &mut Network) {
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; graph.groups.len()];
    for (item, rank) in graph.items.iter().zip(ranks) {
        for group in ancestors(graph, item.group) {
            let (first, last) = spans[group].unwrap_or((*rank, *rank));
            spans[group] = Some((first.min(*rank), last.max(*rank)));
        }
    }
    for (index, group) in graph.groups.iter().enumerate() {
        let (first, last) = spans[index].unwrap_or((0, 0));
        network.groups.push(Span {
            parent: group.parent,
            first,
            last,
            least: group.least.cross,
            sides: network.vertices.len(),
        });
        for rank in first..=last {
            let side = Vertex {
                kind: Kind::Begin(index),
                rank,
                group: Some(index),
                before: 0.0,
                after: group.before.cross,
                length: 0.0,
            };
            network.add(side);
            network.add(Vertex {
                kind: Kind::End(index),
                before: group.after.cross,
                after: 0.0,
                ..side
            });
        }
    }
}

/// Gives a link a vertex on each rank that it passes; its label stands on the odd rank nearest to
/// the middle.
fn add_chain(graph: &Graph, index: usize, link: &Link, network: &mut Network) -> Vec<usize> {
    let (first, last) = (
        network.vertices[link.source].rank,
        network.vertices[link.target].rank,
    );
    let (from, to) = if first < last {
        (link.source, link.target)
    } else {
        (link.target, link.source)
    };
    let (first, last) = (first.min(last), first.max(last));
    let label_rank = ((first + last) / 2) | 1;
    let mut chain = vec![from];
    for rank in first + 1..last {
        let label = link.label.filter(|_| rank == label_rank);
        let half = label.map_or(0.0, |label| label.cross / 2.0);
        chain.push(network.add(Vertex {
            kind: match label {
                Some(_) => Kind::Label(index),
                None => Kind::Lane(index),
            },
            rank,
            group: group_on_rank(graph, network, from, to, rank),
            before: half,
            after: half,
            length: label.map_or(0.0, |label| label.main),
        }));
    }
    chain.push(to);
    chain
}

/// The innermost group in which a line from one item to another is on its way on `rank`: still in
/// those of its beginning, already in those of its end, or in neither.
fn group_on_rank(
    graph: &Graph,
    network: &Network,
    from: usize,
    to: usize,
    rank: usize,
) -> Option<usize> {
    let touches = |group: &usize| {
        let span = &network.groups[*group];
        (span.first..=span.last).contains(&rank)
    };
    let of = |item: usize| ancestors(graph, graph.items[item].group);
    let is_common = |group: &usize| of(to).any(|other| other == *group);
    let common = of(from).find(is_common);
    of(from)
        .take_while(|group| Some(*group) != common)
        .find(touches)
        .or_else(|| {
            of(to)
                .take_while(|group| Some(*group) != common)
                .find(touches)
        })
        .or(common)
}
