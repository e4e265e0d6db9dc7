//! On which rank each item stands.

use super::{Graph, ancestors};

/// A rank for each item, from 0. Links lead to later ranks, or are to be drawn against the stream.
///
/// Ranks are even where there are labels, so that each label finds an odd rank between.
pub(super) fn assign(graph: &Graph) -> Vec<usize> {
    let place = places_without_cycles(graph);
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); graph.items.len()];
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); graph.items.len()];
    for link in &graph.links {
        let (from, to) = if place[link.source] < place[link.target] {
            (link.source, link.target)
        } else {
            (link.target, link.source)
        };
        below[from].push(to);
        above[to].push(from);
    }
    let mut by_place: Vec<usize> = (0..graph.items.len()).collect();
    by_place.sort_unstable_by_key(|item| place[*item]);

    let mut rank = vec![0_usize; graph.items.len()];
    for &item in &by_place {
        rank[item] = above[item]
            .iter()
            .map(|up| rank[*up] + 1)
            .max()
            .unwrap_or(0);
    }
    shorten(&by_place, &above, &below, &mut rank);
    spread_loners(graph, &above, &below, &mut rank);
    close_up(&mut rank);
    if graph.links.iter().any(|link| link.label.is_some()) {
        for rank in &mut rank {
            *rank *= 2;
        }
    }
    rank
}

/// A topological order, but for the links that close a cycle: those found last in a depth-first
/// walk. Links that hold both ways close none.
fn places_without_cycles(graph: &Graph) -> Vec<usize> {
    let count = graph.items.len();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut n_above = vec![0_usize; count];
    for link in graph.links.iter().filter(|link| !link.is_symmetric) {
        below[link.source].push(link.target);
        n_above[link.target] += 1;
    }
    let mut place = vec![usize::MAX; count];
    let mut is_seen = vec![false; count];
    let mut next_place = count;
    // The last root gets the first place, so they are walked from the last. What is in a cycle has
    // no root; there the walk begins with the first item, as a reader does.
    let roots = (0..count).rev().filter(|item| n_above[*item] == 0);
    let others = (0..count).filter(|item| n_above[*item] > 0);
    for root in roots.chain(others) {
        if is_seen[root] {
            continue;
        }
        is_seen[root] = true;
        let mut stack = vec![(root, 0)];
        while let Some((item, at)) = stack.pop() {
            if let Some(&next) = below[item].get(at) {
                stack.push((item, at + 1));
                if !is_seen[next] {
                    is_seen[next] = true;
                    stack.push((next, 0));
                }
            } else {
                next_place -= 1;
                place[item] = next_place;
            }
        }
    }
    place
}

/// Moves items to where their links are shorter.
fn shorten(by_place: &[usize], above: &[Vec<usize>], below: &[Vec<usize>], rank: &mut [usize]) {
    const ROUNDS: usize = 8;
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for &item in by_place.iter().rev().chain(by_place) {
            let earliest = above[item].iter().map(|up| rank[*up] + 1).max();
            let latest = below[item].iter().map(|down| rank[*down] - 1).min();
            let wanted = match (earliest, latest) {
                (None, Some(latest)) => latest,
                (Some(earliest), None) => earliest,
                (Some(earliest), Some(latest)) => match above[item].len().cmp(&below[item].len()) {
                    std::cmp::Ordering::Less => latest,
                    std::cmp::Ordering::Greater => earliest,
                    std::cmp::Ordering::Equal => rank[item],
                },
                (None, None) => rank[item],
            };
            has_moved |= wanted != rank[item];
            rank[item] = wanted;
        }
        if !has_moved {
            break;
        }
    }
}

/// Items without links stand in a group with others: where the group has most room.
fn spread_loners(graph: &Graph, above: &[Vec<usize>], below: &[Vec<usize>], rank: &mut [usize]) {
    let is_loner = |item: usize| above[item].is_empty() && below[item].is_empty();
    let last = rank.iter().copied().max().unwrap_or(0);
    let mut span: Vec<Option<(usize, usize)>> = vec![None; graph.groups.len()];
    let mut filled = vec![vec![0.0_f64; last + 1]; graph.groups.len()];
    for (index, item) in graph.items.iter().enumerate() {
        if is_loner(index) {
            continue;
        }
        let at = rank[index];
        for group in ancestors(graph, item.group) {
            let (low, high) = span[group].unwrap_or((at, at));
            span[group] = Some((low.min(at), high.max(at)));
            filled[group][at] += item.size.cross;
        }
    }
    for (index, item) in graph.items.iter().enumerate() {
        if !is_loner(index) {
            continue;
        }
        let roomy = ancestors(graph, item.group).find(|group| span[*group].is_some());
        let Some((group, (low, high))) = roomy.and_then(|group| Some((group, span[group]?))) else {
            continue;
        };
        let emptiest = (low..=high).min_by(|a, b| filled[group][*a].total_cmp(&filled[group][*b]));
        rank[index] = emptiest.unwrap_or(low);
        for group in ancestors(graph, item.group) {
            filled[group][rank[index]] += item.size.cross;
        }
    }
}

/// Leaves no rank empty.
fn close_up(rank: &mut [usize]) {
    let mut used: Vec<usize> = rank.to_vec();
    used.sort_unstable();
    used.dedup();
    for rank in rank {
        *rank = used.partition_point(|other| other < rank);
    }
}
