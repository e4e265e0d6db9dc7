//! The order of vertices along each rank, so that few links cross.
//!
//! Barycentric sweeps, in which a group stays together and sibling groups keep one order on all
//! ranks; then swaps of neighbours.

use super::count;
use super::network::{Kind, Network};

/// Sweeps without an improvement, after which there are no more.
const PATIENCE: usize = 6;
/// Sweeps at most, in each direction.
const SWEEPS: usize = 24;
/// In networks with more vertices than this, fewer sweeps must do.
const MANY: usize = 4_000;

/// Something that stands in a group, or outside of all, on a rank.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Child {
    Vertex(usize),
    Group(usize),
}

/// Orders `network.ranks`.
pub(super) fn sort(network: &mut Network) {
    let mut order = Order::new(network);
    order.flatten();
    let mut best = order.clone();
    let mut fewest = order.crossings();
    let (sweeps, patience) = if network.vertices.len() > MANY {
        (4, 2)
    } else {
        (SWEEPS, PATIENCE)
    };
    let mut in_vain = 0;
    for sweep in 0..2 * sweeps {
        if fewest == 0 || in_vain >= 2 * patience {
            break;
        }
        order.sweep(sweep % 2 == 0, sweep % 4 >= 2);
        let crossings = order.crossings();
        in_vain += 1;
        if crossings < fewest {
            fewest = crossings;
            best = order.clone();
            in_vain = 0;
        }
    }
    best.swap_neighbours();
    network.ranks = best.ranks;
}

#[derive(Clone)]
struct Order<'n> {
    network: &'n Network,
    /// For each group and, last, for what is in none: the children on each rank from its first.
    children: Vec<Vec<Vec<Child>>>,
    /// For each group, where it stands among its siblings.
    group_place: Vec<usize>,
    ranks: Vec<Vec<usize>>,
    /// For each vertex, where it stands on its rank.
    place: Vec<usize>,
}

impl<'n> Order<'n> {
    /// In the order of a depth-first walk.
    fn new(network: &'n Network) -> Self {
        let visit = visits(network);
        let n_groups = network.groups.len();
        let mut first_visit = vec![usize::MAX; n_groups];
        for (id, vertex) in network.vertices.iter().enumerate() {
            if let (Some(group), false) = (vertex.group, vertex.kind.is_side()) {
                first_visit[group] = first_visit[group].min(visit[id]);
            }
        }
        for group in (0..n_groups).rev() {
            if let Some(parent) = network.groups[group].parent {
                first_visit[parent] = first_visit[parent].min(first_visit[group]);
            }
        }
        let mut children: Vec<Vec<Vec<Child>>> = network
            .groups
            .iter()
            .map(|span| vec![Vec::new(); span.last - span.first + 1])
            .collect();
        children.push(vec![Vec::new(); network.ranks.len()]);
        for (id, vertex) in network.vertices.iter().enumerate() {
            if !vertex.kind.is_side() {
                let (holder, first) = holder(network, vertex.group);
                children[holder][vertex.rank - first].push(Child::Vertex(id));
            }
        }
        for (group, span) in network.groups.iter().enumerate() {
            let (holder, first) = holder(network, span.parent);
            for rank in span.first..=span.last {
                children[holder][rank - first].push(Child::Group(group));
            }
        }
        for list in children.iter_mut().flatten() {
            list.sort_by_key(|child| match child {
                Child::Vertex(id) => visit[*id],
                Child::Group(group) => first_visit[*group],
            });
        }
        let mut order = Self {
            network,
            children,
            group_place: vec![0; n_groups],
            ranks: vec![Vec::new(); network.ranks.len()],
            place: vec![0; network.vertices.len()],
        };
        let keys: Vec<f64> = first_visit.iter().map(|visit| count(*visit)).collect();
        order.place_groups(&keys);
        order
    }

    /// Writes the ranks anew from the children.
    fn flatten(&mut self) {
        for rank in 0..self.ranks.len() {
            self.flatten_rank(rank);
        }
    }

    fn flatten_rank(&mut self, rank: usize) {
        let mut row = std::mem::take(&mut self.ranks[rank]);
        row.clear();
        self.append(self.network.groups.len(), rank, &mut row);
        for (place, id) in row.iter().enumerate() {
            self.place[*id] = place;
        }
        self.ranks[rank] = row;
    }

    fn append(&self, holder: usize, rank: usize, row: &mut Vec<usize>) {
        let first = self.network.groups.get(holder).map_or(0, |span| span.first);
        for child in &self.children[holder][rank - first] {
            match *child {
                Child::Vertex(id) => row.push(id),
                Child::Group(group) => {
                    let (begin, end) = self.network.groups[group].sides_on(rank);
                    row.push(begin);
                    self.append(group, rank, row);
                    row.push(end);
                }
            }
        }
    }

    /// Gives each group its place among its siblings by `keys`, smaller first.
    fn place_groups(&mut self, keys: &[f64]) {
        let mut groups: Vec<usize> = (0..keys.len()).collect();
        groups.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
        for (place, group) in groups.into_iter().enumerate() {
            self.group_place[group] = place;
        }
        for list in self.children.iter_mut().flatten() {
            keep_group_order(list, &self.group_place);
        }
    }

    /// Orders each rank by the one before it (or after it).
    fn sweep(&mut self, is_downwards: bool, ties_turn: bool) {
        let n_ranks = self.ranks.len();
        let mut wishes = vec![Wish::default(); self.network.groups.len()];
        for step in 1..n_ranks {
            let (rank, fixed) = if is_downwards {
                (step, step - 1)
            } else {
                (n_ranks - 1 - step, n_ranks - step)
            };
            let root = self.network.groups.len();
            self.sort_children(root, rank, fixed, ties_turn, &mut wishes);
            self.flatten_rank(rank);
        }
        let keys: Vec<f64> = wishes
            .iter()
            .enumerate()
            .map(|(group, wish)| {
                wish.mean()
                    .unwrap_or_else(|| count(self.group_place[group]) / count(wishes.len()))
            })
            .collect();
        self.place_groups(&keys);
        self.flatten();
    }

    /// Sorts what `holder` has on `rank` by neighbours on the rank `fixed`; the mean wish of all.
    fn sort_children(
        &mut self,
        holder: usize,
        rank: usize,
        fixed: usize,
        ties_turn: bool,
        wishes: &mut [Wish],
    ) -> Wish {
        let first = self.network.groups.get(holder).map_or(0, |span| span.first);
        let children = std::mem::take(&mut self.children[holder][rank - first]);
        let mut all = Wish::default();
        let width = count(self.ranks[fixed].len().max(1));
        let mut keyed = Vec::with_capacity(children.len());
        for child in children {
            let wish = match child {
                Child::Vertex(id) => self.wish(id, rank, fixed),
                Child::Group(group) => {
                    let mut wish = self.sort_children(group, rank, fixed, ties_turn, wishes);
                    if wish.n == 0.0 {
                        wish = self.wish_to_stay(group, fixed);
                    }
                    if let Some(mean) = wish.mean() {
                        wishes[group].add(mean / width);
                    }
                    wish
                }
            };
            all.sum += wish.sum;
            all.n += wish.n;
            keyed.push((child, wish.mean()));
        }
        let mut sorted = sort_by_wish(keyed, ties_turn);
        keep_group_order(&mut sorted, &self.group_place);
        self.children[holder][rank - first] = sorted;
        all
    }

    /// Where the neighbours of a vertex are.
    fn wish(&self, id: usize, rank: usize, fixed: usize) -> Wish {
        let neighbours = if fixed < rank {
            &self.network.up[id]
        } else {
            &self.network.down[id]
        };
        let mut wish = Wish::default();
        for neighbour in neighbours {
            wish.add(count(self.place[*neighbour]));
        }
        wish
    }

    /// Where a group is on the rank `fixed`, if it is there.
    fn wish_to_stay(&self, group: usize, fixed: usize) -> Wish {
        let span = &self.network.groups[group];
        let mut wish = Wish::default();
        if (span.first..=span.last).contains(&fixed) {
            let (begin, end) = span.sides_on(fixed);
            wish.add(count(self.place[begin] + self.place[end]) / 2.0);
        }
        wish
    }

    /// How many pairs of lines cross: links, and links with the sides of groups.
    fn crossings(&self) -> usize {
        let mut total = 0;
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for rank in 1..self.ranks.len() {
            pairs.clear();
            for id in &self.ranks[rank - 1] {
                let lower = self.network.down[*id].iter();
                pairs.extend(lower.map(|down| (self.place[*id], self.place[*down])));
                if let Kind::Begin(group) | Kind::End(group) = self.network.vertices[*id].kind
                    && self.network.groups[group].last >= rank
                {
                    // The sides of a group on the next rank are two vertices on.
                    pairs.push((self.place[*id], self.place[*id + 2]));
                }
            }
            pairs.sort_unstable();
            total += inversions(&pairs, self.ranks[rank].len());
        }
        total
    }

    /// Swaps vertices that stand side by side where that leaves fewer crossings.
    fn swap_neighbours(&mut self) {
        const ROUNDS: usize = 12;
        for _ in 0..ROUNDS {
            let mut has_swapped = false;
            for rank in 0..self.ranks.len() {
                for at in 1..self.ranks[rank].len() {
                    let (a, b) = (self.ranks[rank][at - 1], self.ranks[rank][at]);
                    let (va, vb) = (&self.network.vertices[a], &self.network.vertices[b]);
                    if va.kind.is_side() || vb.kind.is_side() || va.group != vb.group {
                        continue;
                    }
                    if self.gain(a, b) > 0 {
                        self.ranks[rank].swap(at - 1, at);
                        self.place[a] = at;
                        self.place[b] = at - 1;
                        has_swapped = true;
                    }
                }
            }
            if !has_swapped {
                break;
            }
        }
    }

    /// How many crossings fewer there are with `b` before `a`.
    fn gain(&self, a: usize, b: usize) -> i64 {
        let mut gain = 0;
        for side in [&self.network.up, &self.network.down] {
            for of_a in &side[a] {
                for of_b in &side[b] {
                    gain += match self.place[*of_a].cmp(&self.place[*of_b]) {
                        std::cmp::Ordering::Greater => 1,
                        std::cmp::Ordering::Less => -1,
                        std::cmp::Ordering::Equal => 0,
                    };
                }
            }
        }
        gain
    }
}

/// Sum and number of places.
#[derive(Clone, Copy, Debug, Default)]
struct Wish {
    sum: f64,
    n: f64,
}

impl Wish {
    fn add(&mut self, place: f64) {
        self.sum += place;
        self.n += 1.0;
    }

    fn mean(self) -> Option<f64> {
        (self.n > 0.0).then(|| self.sum / self.n)
    }
}

/// Where the children of a group, or of none, are listed, and the rank of the first list.
fn holder(network: &Network, group: Option<usize>) -> (usize, usize) {
    match group {
        Some(group) => (group, network.groups[group].first),
        None => (network.groups.len(), 0),
    }
}

/// By wish; who has none keeps its place.
fn sort_by_wish(keyed: Vec<(Child, Option<f64>)>, ties_turn: bool) -> Vec<Child> {
    let mut wishing: Vec<(Child, f64)> = keyed
        .iter()
        .filter_map(|(child, wish)| Some((*child, (*wish)?)))
        .collect();
    if ties_turn {
        wishing.reverse();
    }
    wishing.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut wishing = wishing.into_iter();
    keyed
        .into_iter()
        .filter_map(|(child, wish)| match wish {
            None => Some(child),
            Some(_) => wishing.next().map(|(child, _)| child),
        })
        .collect()
}

/// Puts the groups among `children` into their order, at the places that groups have.
fn keep_group_order(children: &mut [Child], group_place: &[usize]) {
    let mut groups: Vec<usize> = children
        .iter()
        .filter_map(|child| match child {
            Child::Group(group) => Some(*group),
            Child::Vertex(_) => None,
        })
        .collect();
    groups.sort_unstable_by_key(|group| group_place[*group]);
    let mut groups = groups.into_iter();
    for child in children {
        if let Child::Group(group) = child
            && let Some(next) = groups.next()
        {
            *group = next;
        }
    }
}

/// In which order a depth-first walk along the links finds the vertices.
fn visits(network: &Network) -> Vec<usize> {
    let mut visit = vec![usize::MAX; network.vertices.len()];
    let mut next = 0;
    for root in network.ranks.iter().flatten() {
        let mut stack = vec![*root];
        while let Some(id) = stack.pop() {
            if visit[id] != usize::MAX {
                continue;
            }
            visit[id] = next;
            next += 1;
            stack.extend(network.down[id].iter().rev());
        }
    }
    visit
}

/// How many pairs, sorted by their first, are the other way round by their second, which is less
/// than `width`.
fn inversions(pairs: &[(usize, usize)], width: usize) -> usize {
    let mut tree = vec![0_usize; width + 1];
    let mut total = 0;
    for (seen, (_, second)) in pairs.iter().enumerate() {
        let mut not_after = 0;
        let mut at = second + 1;
        while at > 0 {
            not_after += tree[at];
            at &= at - 1;
        }
        total += seen - not_after;
        let mut at = second + 1;
        while at <= width {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_counted_as_by_hand() {
        let mut pairs = vec![(0, 3), (0, 1), (1, 2), (2, 0), (2, 3)];
        pairs.sort_unstable();
        let mut expected = 0;
        for (at, a) in pairs.iter().enumerate() {
            expected += pairs[at..].iter().filter(|b| a.1 > b.1).count();
        }
        assert_eq!(inversions(&pairs, 4), expected);
    }
}
