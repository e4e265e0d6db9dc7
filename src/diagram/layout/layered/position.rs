//! How far across each vertex lies.
//!
//! Vertices that are to be in line are a block: the lanes of a link, the sides of a group. Blocks
//! are drawn to the mean of their neighbours and pushed apart where they come too close, again and
//! again. In the end two passes push them apart for good, one from each end, and the mean of both is
//! taken, which keeps every distance that both keep.

use super::count;
use super::network::{CORNER, Kind, Network};

/// Steps towards the neighbours, in a network of up to a thousand vertices; in larger ones, fewer.
const STEPS: usize = 240;
/// But no fewer than this.
const FEWEST_STEPS: usize = 40;
/// How often, in each step, the distances are gone through.
const SWEEPS: usize = 3;
/// And how often after the last.
const LAST_SWEEPS: usize = 40;

/// The middle of each vertex across the ranks.
pub(super) fn place(network: &Network) -> Vec<f64> {
    let mut blocks = Blocks::with_lanes_in_line(network);
    if blocks.sequence.is_none() {
        blocks = Blocks::with_sides_in_line(network);
    }
    let at = blocks.place(network);
    blocks.of.iter().map(|block| at[*block]).collect()
}

/// At least `distance` from the middle of one block to that of a later one.
#[derive(Clone, Copy, Debug)]
struct Apart {
    first: usize,
    second: usize,
    distance: f64,
}

/// A link between two blocks that draws them together.
#[derive(Clone, Copy, Debug)]
struct Pull {
    other: usize,
    weight: f64,
}

struct Blocks {
    /// For each vertex, its block.
    of: Vec<usize>,
    n: usize,
    /// Distances, in an order in which none comes before those that its first depends on; none
    /// when the distances run in a circle.
    sequence: Option<Vec<Apart>>,
    pulls: Vec<Vec<Pull>>,
}

impl Blocks {
    /// Lanes of a link are in line, wherever they can be.
    fn with_lanes_in_line(network: &Network) -> Self {
        let mut join = sides(network);
        let mut place = vec![0; network.vertices.len()];
        for row in &network.ranks {
            for (at, id) in row.iter().enumerate() {
                place[*id] = at;
            }
        }
        for rank in 1..network.ranks.len() {
            for (upper, lower) in straight_pairs(network, rank, &place) {
                join[lower] = upper;
            }
        }
        Self::new(network, &join)
    }

    /// Only the sides of groups are in line.
    fn with_sides_in_line(network: &Network) -> Self {
        Self::new(network, &sides(network))
    }

    /// `join` says for each vertex with which one of an earlier rank it is in line, or itself.
    fn new(network: &Network, join: &[usize]) -> Self {
        let mut of = vec![usize::MAX; network.vertices.len()];
        let mut n = 0;
        for id in network.ranks.iter().flatten() {
            of[*id] = if join[*id] == *id {
                n += 1;
                n - 1
            } else {
                of[join[*id]]
            };
        }
        let mut apart = Vec::new();
        for row in &network.ranks {
            for pair in row.windows(2) {
                apart.push(Apart {
                    first: of[pair[0]],
                    second: of[pair[1]],
                    distance: network.separation(pair[0], pair[1]),
                });
            }
        }
        for span in &network.groups {
            let (begin, end) = span.sides_on(span.first);
            apart.push(Apart {
                first: of[begin],
                second: of[end],
                distance: span.least,
            });
        }
        let mut pulls = vec![Vec::new(); n];
        for chain in &network.chains {
            for pair in chain.windows(2) {
                let (a, b) = (of[pair[0]], of[pair[1]]);
                if a != b {
                    let weight = weight(network, pair[0], pair[1]);
                    pulls[a].push(Pull { other: b, weight });
                    pulls[b].push(Pull { other: a, weight });
                }
            }
        }
        let sequence = in_sequence(n, apart);
        Self {
            of,
            n,
            sequence,
            pulls,
        }
    }

    /// The middle of each block.
    fn place(&self, network: &Network) -> Vec<f64> {
        let Some(sequence) = &self.sequence else {
            return vec![0.0; self.n];
        };
        let mut at = spread(sequence, &vec![0.0; self.n]);
        let thousands = self.of.len() / 1_000;
        let steps = (STEPS / (thousands + 1)).max(FEWEST_STEPS);
        for _ in 0..steps {
            let mut wanted: Vec<f64> = (0..self.n).map(|block| self.wish(block, &at)).collect();
            self.wish_sides(network, &mut wanted);
            ease(sequence, &mut wanted, SWEEPS);
            at = wanted;
        }
        ease(sequence, &mut at, LAST_SWEEPS);
        at = spread(sequence, &at);
        self.straighten(network, &mut at);
        at
    }

    /// Moves each lane to where its link is straight at one end, or at both, as far as its
    /// neighbours leave room.
    fn straighten(&self, network: &Network, at: &mut [f64]) {
        const ROUNDS: usize = 4;
        let mut lanes: Vec<(usize, f64)> = Vec::new();
        for chain in &network.chains {
            let ([from, ..], [.., to]) = (&chain[..], &chain[..]) else {
                continue;
            };
            for &id in &chain[1..chain.len() - 1] {
                lanes.push((id, self.straight(network, *from, *to, at, id)));
            }
        }
        let mut place = vec![(0, 0); network.vertices.len()];
        for (rank, row) in network.ranks.iter().enumerate() {
            for (index, id) in row.iter().enumerate() {
                place[*id] = (rank, index);
            }
        }
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.n];
        for (id, block) in self.of.iter().enumerate() {
            members[*block].push(id);
        }
        lanes.sort_by(|a, b| {
            at[self.of[a.0]]
                .total_cmp(&at[self.of[b.0]])
                .then(a.0.cmp(&b.0))
        });
        for round in 0..ROUNDS {
            for &(id, wanted) in &lanes {
                let block = self.of[id];
                let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
                for &member in &members[block] {
                    let (rank, index) = place[member];
                    let row = &network.ranks[rank];
                    if let Some(&before) = index.checked_sub(1).and_then(|index| row.get(index)) {
                        let distance = network.separation(before, member);
                        low = low.max(at[self.of[before]] + distance);
                    }
                    if let Some(&behind) = row.get(index + 1) {
                        let distance = network.separation(member, behind);
                        high = high.min(at[self.of[behind]] - distance);
                    }
                }
                if low <= high {
                    at[block] = wanted.max(low).min(high);
                }
            }
            if round % 2 == 0 {
                lanes.reverse();
            }
        }
    }

    /// Where a lane `id` of a link between two items ought to be.
    fn straight(&self, network: &Network, from: usize, to: usize, at: &[f64], id: usize) -> f64 {
        let reach = |end: usize| {
            let half = (network.vertices[end].before - CORNER).max(0.0);
            let middle = at[self.of[end]];
            (middle - half, middle + half)
        };
        let (from_reach, to_reach) = (reach(from), reach(to));
        let (low, high) = (from_reach.0.max(to_reach.0), from_reach.1.min(to_reach.1));
        let now = at[self.of[id]];
        if low <= high {
            return now.max(low).min(high);
        }
        if network.down[from].len() < network.up[to].len() {
            at[self.of[from]]
        } else {
            at[self.of[to]]
        }
    }

    /// Half way to the mean of its neighbours.
    fn wish(&self, block: usize, at: &[f64]) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for pull in &self.pulls[block] {
            sum += pull.weight * at[pull.other];
            weight += pull.weight;
        }
        if weight > 0.0 {
            (at[block] + sum / weight) / 2.0
        } else {
            at[block]
        }
    }

    /// The sides of a group want to be close to what it holds.
    fn wish_sides(&self, network: &Network, wanted: &mut [f64]) {
        let mut low = vec![f64::INFINITY; network.groups.len()];
        let mut high = vec![f64::NEG_INFINITY; network.groups.len()];
        for (id, vertex) in network.vertices.iter().enumerate() {
            if let (Some(group), false) = (vertex.group, vertex.kind.is_side()) {
                let middle = wanted[self.of[id]];
                low[group] = low[group].min(middle - vertex.before);
                high[group] = high[group].max(middle + vertex.after);
            }
        }
        for (group, span) in network.groups.iter().enumerate().rev() {
            let (begin, end) = span.sides_on(span.first);
            low[group] -= network.vertices[begin].after;
            high[group] += network.vertices[end].before;
            wanted[self.of[begin]] = low[group];
            wanted[self.of[end]] = high[group];
            if let Some(parent) = span.parent {
                low[parent] = low[parent].min(low[group]);
                high[parent] = high[parent].max(high[group]);
            }
        }
    }
}

/// How strongly a piece of a link draws its ends together: the fewer links an item has, the more, so
/// that a fan spreads at its hub and is straight at its tips.
fn weight(network: &Network, upper: usize, lower: usize) -> f64 {
    let of_end = |id: usize, links: &[usize]| match network.vertices[id].kind {
        Kind::Item(_) => 1.0 / count(links.len().max(1)),
        _ => 1.0,
    };
    of_end(upper, &network.down[upper]).min(of_end(lower, &network.up[lower]))
}

/// Each vertex by itself, but the sides of a group with those on its first rank.
fn sides(network: &Network) -> Vec<usize> {
    let mut join: Vec<usize> = (0..network.vertices.len()).collect();
    for span in &network.groups {
        let (begin, end) = span.sides_on(span.first);
        for rank in span.first + 1..=span.last {
            let sides = span.sides_on(rank);
            join[sides.0] = begin;
            join[sides.1] = end;
        }
    }
    join
}

/// Lanes of the rank before `rank` and of `rank` that can be in line: neither crosses another pair,
/// nor the side of a group.
fn straight_pairs(network: &Network, rank: usize, place: &[usize]) -> Vec<(usize, usize)> {
    let is_lane = |id: usize| matches!(network.vertices[id].kind, Kind::Lane(_) | Kind::Label(_));
    // How many sides, of groups that touch both ranks, stand before a vertex.
    let sides_before = |of_rank: usize, other: usize| {
        let mut before = 0;
        let mut counts = Vec::with_capacity(network.ranks[of_rank].len());
        for id in &network.ranks[of_rank] {
            counts.push(before);
            if let Kind::Begin(group) | Kind::End(group) = network.vertices[*id].kind {
                let span = &network.groups[group];
                before += usize::from((span.first..=span.last).contains(&other));
            }
        }
        counts
    };
    let (upper_sides, lower_sides) = (sides_before(rank - 1, rank), sides_before(rank, rank - 1));
    let mut pairs = Vec::new();
    for upper in network.ranks[rank - 1]
        .iter()
        .copied()
        .filter(|id| is_lane(*id))
    {
        for lower in network.down[upper]
            .iter()
            .copied()
            .filter(|id| is_lane(*id))
        {
            if upper_sides[place[upper]] == lower_sides[place[lower]] {
                pairs.push((upper, lower));
            }
        }
    }
    longest_rising(&pairs, |pair| place[pair.1])
}

/// The longest part of `pairs` in which `key` rises.
fn longest_rising(
    pairs: &[(usize, usize)],
    key: impl Fn(&(usize, usize)) -> usize,
) -> Vec<(usize, usize)> {
    // ends[n]: the pair with the least key that ends a rising part of n + 1 pairs.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| key(&pairs[*end]) < key(pair));
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rising = Vec::new();
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising.push(pairs[index]);
        at = before[index];
    }
    rising.reverse();
    rising
}

/// `apart` sorted so that a pass from the first to the last settles all; none if it runs in a circle.
fn in_sequence(n: usize, apart: Vec<Apart>) -> Option<Vec<Apart>> {
    let mut n_before = vec![0_usize; n];
    let mut after: Vec<Vec<Apart>> = vec![Vec::new(); n];
    for pair in apart {
        n_before[pair.second] += 1;
        after[pair.first].push(pair);
    }
    let mut ready: Vec<usize> = (0..n).filter(|block| n_before[*block] == 0).collect();
    let mut sequence = Vec::new();
    let mut n_done = 0;
    while let Some(block) = ready.pop() {
        n_done += 1;
        for pair in &after[block] {
            n_before[pair.second] -= 1;
            if n_before[pair.second] == 0 {
                ready.push(pair.second);
            }
        }
        sequence.append(&mut after[block]);
    }
    (n_done == n).then_some(sequence)
}

/// Moves apart what is too close, each of both by the same, again and again. What is pushed from
/// both sides does not move, so that nothing is driven away by what wants to pass it.
fn ease(sequence: &[Apart], at: &mut [f64], sweeps: usize) {
    let mut push = |pair: &Apart| {
        let lacking = at[pair.first] + pair.distance - at[pair.second];
        if lacking > 0.0 {
            at[pair.first] -= lacking / 2.0;
            at[pair.second] += lacking / 2.0;
        }
    };
    for _ in 0..sweeps {
        sequence.iter().for_each(&mut push);
        sequence.iter().rev().for_each(&mut push);
    }
}

/// Places near `at` that keep all distances.
fn spread(sequence: &[Apart], at: &[f64]) -> Vec<f64> {
    let mut pushed_on = at.to_vec();
    for pair in sequence {
        let least = pushed_on[pair.first] + pair.distance;
        pushed_on[pair.second] = pushed_on[pair.second].max(least);
    }
    let mut pushed_back = at.to_vec();
    for pair in sequence.iter().rev() {
        let most = pushed_back[pair.second] - pair.distance;
        pushed_back[pair.first] = pushed_back[pair.first].min(most);
    }
    pushed_on
        .iter()
        .zip(&pushed_back)
        .map(|(on, back)| (on + back) / 2.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wants_to_be_at_one_place_stands_around_it() {
        let apart = |first, second| Apart {
            first,
            second,
            distance: 10.0,
        };
        let sequence = in_sequence(3, vec![apart(1, 2), apart(0, 1)]).unwrap();
        assert_eq!(spread(&sequence, &[5.0, 5.0, 5.0]), [-5.0, 5.0, 15.0]);
        assert!(in_sequence(2, vec![apart(0, 1), apart(1, 0)]).is_none());
    }

    #[test]
    fn the_longest_rising_part_is_found() {
        let pairs = [(0, 9), (1, 2), (2, 5), (3, 4), (4, 7)];
        let rising = longest_rising(&pairs, |pair| pair.1);
        assert_eq!(rising, [(1, 2), (3, 4), (4, 7)]);
    }
}
