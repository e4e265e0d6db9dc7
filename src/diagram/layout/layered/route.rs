//! Where ranks stand along the main axis, where lines meet boxes, and the lines themselves.

use super::network::{CORNER, Kind, Network};
use super::{Drawing, Graph, Lane, Placed, Route, count};
use crate::diagram::layout::geometry::Extent;

/// Between a rank and the next.
const RANK_GAP: f64 = 26.0;
/// The same to a rank on which there are only lines and labels.
const LABEL_RANK_GAP: f64 = 20.0;
/// The gap grows with how far its steepest line leads across, by one in so many.
const STEEPNESS: f64 = 14.0;
/// But by no more than this.
const MOST_FOR_STEEPNESS: f64 = 26.0;
/// Between lines that meet the same side of a box.
const PORT_GAP: f64 = 12.0;

/// Where each rank begins and ends along the main axis, without and with the room that groups need
/// which begin or end there.
#[derive(Clone, Copy, Debug, Default)]
struct Band {
    outer_from: f64,
    from: f64,
    to: f64,
    outer_to: f64,
}

/// The drawing of `network`, whose vertices lie at `cross`.
pub(super) fn draw(graph: &Graph, network: &Network, cross: &[f64]) -> Drawing {
    let insets = Insets::new(graph, network);
    let bands = bands(graph, network, cross, &insets);
    let sides = group_sides(graph, network, cross);
    let origin = origin(network, cross, &sides);
    let cross: Vec<f64> = cross.iter().map(|at| at - origin).collect();
    let mut drawing = Drawing {
        items: items(graph, network, &cross, &bands),
        groups: Vec::new(),
        routes: Vec::new(),
        size: Extent::default(),
    };
    for (group, span) in network.groups.iter().enumerate() {
        let (begin, end) = sides[group];
        let from = bands[span.first].from - insets.before[group];
        let to = bands[span.last].to + insets.after[group];
        drawing.groups.push(Placed {
            at: Extent {
                main: from,
                cross: begin - origin,
            },
            size: Extent {
                main: to - from,
                cross: end - begin,
            },
        });
    }
    drawing.routes = routes(graph, network, &cross, &bands, &drawing.items);
    drawing.size = size(network, &cross, &bands, &drawing.groups);
    drawing
}

/// How far a group reaches beyond its first and last rank: its own room, and that of the groups in
/// it which begin or end there too.
struct Insets {
    before: Vec<f64>,
    after: Vec<f64>,
}

impl Insets {
    fn new(graph: &Graph, network: &Network) -> Self {
        let mut before: Vec<f64> = graph.groups.iter().map(|group| group.before.main).collect();
        let mut after: Vec<f64> = graph.groups.iter().map(|group| group.after.main).collect();
        for (group, span) in network.groups.iter().enumerate().rev() {
            let Some(parent) = span.parent else { continue };
            let around = &network.groups[parent];
            if around.first == span.first {
                before[parent] =
                    before[parent].max(graph.groups[parent].before.main + before[group]);
            }
            if around.last == span.last {
                after[parent] = after[parent].max(graph.groups[parent].after.main + after[group]);
            }
        }
        Self { before, after }
    }
}

fn bands(graph: &Graph, network: &Network, cross: &[f64], insets: &Insets) -> Vec<Band> {
    let n_ranks = network.ranks.len();
    let mut before = vec![0.0_f64; n_ranks];
    let mut after = vec![0.0_f64; n_ranks];
    for (group, span) in network.groups.iter().enumerate() {
        before[span.first] = before[span.first].max(insets.before[group]);
        after[span.last] = after[span.last].max(insets.after[group]);
    }
    let mut bands: Vec<Band> = Vec::with_capacity(n_ranks);
    let mut outer_from = 0.0;
    for (rank, row) in network.ranks.iter().enumerate() {
        let thickness = row
            .iter()
            .map(|id| network.vertices[*id].length)
            .fold(0.0, f64::max);
        let from = outer_from + before[rank];
        let mut to = from + thickness;
        for (group, span) in network.groups.iter().enumerate() {
            if span.last == rank {
                let begin = if span.first == rank {
                    from
                } else {
                    bands[span.first].from
                };
                let least = graph.groups[group].least.main;
                to = to.max(begin - insets.before[group] + least - insets.after[group]);
            }
        }
        let outer_to = to + after[rank];
        bands.push(Band {
            outer_from,
            from,
            to,
            outer_to,
        });
        outer_from = outer_to + gap_behind(network, rank, cross);
    }
    bands
}

/// Room for the lines from `rank` to the next.
fn gap_behind(network: &Network, rank: usize, cross: &[f64]) -> f64 {
    let has_item = |rank: usize| {
        network.ranks.get(rank).is_some_and(|row| {
            row.iter()
                .any(|id| matches!(network.vertices[*id].kind, Kind::Item(_)))
        })
    };
    let steepest = network.ranks[rank]
        .iter()
        .flat_map(|id| {
            network.down[*id]
                .iter()
                .map(|to| (cross[*id] - cross[*to]).abs())
        })
        .fold(0.0, f64::max);
    let least = if has_item(rank) && has_item(rank + 1) {
        RANK_GAP
    } else {
        LABEL_RANK_GAP
    };
    least + (steepest / STEEPNESS).min(MOST_FOR_STEEPNESS)
}

/// Where each group begins and ends across: close around what it holds.
fn group_sides(graph: &Graph, network: &Network, cross: &[f64]) -> Vec<(f64, f64)> {
    let mut sides = vec![(f64::INFINITY, f64::NEG_INFINITY); network.groups.len()];
    for (id, vertex) in network.vertices.iter().enumerate() {
        if let (Some(group), false) = (vertex.group, vertex.kind.is_side()) {
            let (begin, end) = &mut sides[group];
            *begin = begin.min(cross[id] - vertex.before);
            *end = end.max(cross[id] + vertex.after);
        }
    }
    for (group, span) in network.groups.iter().enumerate().rev() {
        let room = &graph.groups[group];
        let (begin_side, end_side) = span.sides_on(span.first);
        let (mut begin, mut end) = sides[group];
        begin -= room.before.cross;
        end += room.after.cross;
        if end - begin < span.least {
            end = cross[end_side].min(begin + span.least);
            begin = cross[begin_side].max(end - span.least);
        }
        sides[group] = (begin, end);
        if let Some(parent) = span.parent {
            let around = &mut sides[parent];
            around.0 = around.0.min(begin);
            around.1 = around.1.max(end);
        }
    }
    sides
}

/// The least place across that anything takes.
fn origin(network: &Network, cross: &[f64], sides: &[(f64, f64)]) -> f64 {
    let vertices = network.vertices.iter().zip(cross);
    vertices
        .filter(|(vertex, _)| !vertex.kind.is_side())
        .map(|(vertex, at)| at - vertex.before)
        .chain(sides.iter().map(|(begin, _)| *begin))
        .fold(f64::INFINITY, f64::min)
}

fn size(network: &Network, cross: &[f64], bands: &[Band], groups: &[Placed]) -> Extent {
    let vertices = network.vertices.iter().zip(cross);
    let across = vertices
        .filter(|(vertex, _)| !vertex.kind.is_side())
        .map(|(vertex, at)| at + vertex.after)
        .chain(groups.iter().map(|group| group.at.cross + group.size.cross))
        .fold(0.0, f64::max);
    Extent {
        main: bands.last().map_or(0.0, |band| band.outer_to),
        cross: across,
    }
}

/// Each item in the middle of its rank.
fn items(graph: &Graph, network: &Network, cross: &[f64], bands: &[Band]) -> Vec<Placed> {
    let place = |(index, item): (usize, &super::Item)| {
        let vertex = &network.vertices[index];
        let band = bands[vertex.rank];
        Placed {
            at: Extent {
                main: (band.from + band.to - vertex.length) / 2.0,
                cross: cross[index] - item.size.cross / 2.0,
            },
            size: Extent {
                main: vertex.length,
                cross: item.size.cross,
            },
        }
    };
    graph.items.iter().enumerate().map(place).collect()
}

/// Where links meet their items: across, at the beginning and end of each chain.
struct Ports {
    begin: Vec<f64>,
    end: Vec<f64>,
}

impl Ports {
    /// Each near to where its line goes, in the order in which the lines leave.
    fn new(graph: &Graph, network: &Network, cross: &[f64]) -> Self {
        let mut ports = Self {
            begin: Vec::new(),
            end: Vec::new(),
        };
        let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); graph.items.len()];
        let mut coming: Vec<Vec<usize>> = vec![Vec::new(); graph.items.len()];
        for (link, chain) in network.chains.iter().enumerate() {
            if let [from, next, ..] = chain[..]
                && let [.., before, to] = chain[..]
            {
                ports.begin.push(cross[next]);
                ports.end.push(cross[before]);
                leaving[from].push(link);
                coming[to].push(link);
            }
        }
        // Twice, so that ports at both ends of a short link come to lie in line.
        for _ in 0..2 {
            for (item, links) in leaving.iter_mut().enumerate() {
                let wanted = |link: usize| match network.chains[link][..] {
                    [_, to] => (ports.end[link], cross[to]),
                    [_, next, ..] => (cross[next], cross[next]),
                    _ => (cross[item], cross[item]),
                };
                let placed = along_side(graph, cross, item, links, wanted);
                for (link, at) in placed {
                    ports.begin[link] = at;
                }
            }
            for (item, links) in coming.iter_mut().enumerate() {
                let wanted = |link: usize| match network.chains[link][..] {
                    [from, _] => (ports.begin[link], cross[from]),
                    [.., before, _] => (cross[before], cross[before]),
                    _ => (cross[item], cross[item]),
                };
                let placed = along_side(graph, cross, item, links, wanted);
                for (link, at) in placed {
                    ports.end[link] = at;
                }
            }
        }
        ports
    }
}

/// Places the ports of `links` along one side of `item`, each near to where it is wanted; `wanted`
/// gives that and the middle of the neighbour, by which they are sorted.
fn along_side(
    graph: &Graph,
    cross: &[f64],
    item: usize,
    links: &mut [usize],
    wanted: impl Fn(usize) -> (f64, f64),
) -> Vec<(usize, f64)> {
    let Some(n_gaps) = links.len().checked_sub(1) else {
        return Vec::new();
    };
    links.sort_by(|a, b| wanted(*a).1.total_cmp(&wanted(*b).1).then(a.cmp(b)));
    let half = (graph.items[item].size.cross / 2.0 - CORNER).max(0.0);
    let (low, high) = (cross[item] - half, cross[item] + half);
    let n_gaps = count(n_gaps);
    let gap = PORT_GAP.min((high - low) / n_gaps.max(1.0));
    let mut on: Vec<f64> = links
        .iter()
        .map(|link| wanted(*link).0.clamp(low, high))
        .collect();
    let mut back = on.clone();
    for at in 1..on.len() {
        on[at] = on[at].max(on[at - 1] + gap);
    }
    for at in (1..back.len()).rev() {
        back[at - 1] = back[at - 1].min(back[at] - gap);
    }
    let mut placed = Vec::with_capacity(links.len());
    for (at, link) in links.iter().enumerate() {
        let before = count(at) * gap;
        let behind = n_gaps * gap - before;
        let middle = (on[at] + back[at]) / 2.0;
        placed.push((*link, middle.min(high - behind).max(low + before)));
    }
    placed
}

fn routes(
    graph: &Graph,
    network: &Network,
    cross: &[f64],
    bands: &[Band],
    items: &[Placed],
) -> Vec<Route> {
    let ports = Ports::new(graph, network, cross);
    let mut routes = Vec::with_capacity(graph.links.len());
    for (index, (link, chain)) in graph.links.iter().zip(&network.chains).enumerate() {
        let mut route = Route::default();
        for (at, &id) in chain.iter().enumerate() {
            let vertex = &network.vertices[id];
            let band = bands[vertex.rank];
            let mut lane = Lane {
                from: band.outer_from,
                to: band.outer_to,
                cross: cross[id],
            };
            if at == 0 {
                lane.from = items[id].at.main + items[id].size.main;
                lane.cross = ports.begin[index];
            } else if at + 1 == chain.len() {
                lane.to = items[id].at.main;
                lane.cross = ports.end[index];
            }
            if let (Kind::Label(_), Some(size)) = (vertex.kind, link.label) {
                let at = Extent {
                    main: (band.from + band.to - size.main) / 2.0,
                    cross: cross[id] - size.cross / 2.0,
                };
                route.label = Some((route.lanes.len(), Placed { at, size }));
            }
            route.lanes.push(lane);
        }
        if chain.first() != Some(&link.source) {
            route.lanes.reverse();
            if let Some((lane, _)) = &mut route.label {
                *lane = route.lanes.len() - 1 - *lane;
            }
            for lane in &mut route.lanes {
                std::mem::swap(&mut lane.from, &mut lane.to);
            }
        }
        routes.push(route);
    }
    routes
}
