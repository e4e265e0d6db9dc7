//! How long figures take; `cargo bench --bench draw`.

use tupu::diagram::figure::{Cluster, Edge, Figure, Node};
use tupu::diagram::to_svg;

fn main() {
    divan::main();
}

/// Numbers that look random and are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}

/// A figure in which four of five edges stay in their cluster.
fn figure(n_nodes: usize, n_edges: usize, n_clusters: usize) -> Figure {
    let mut numbers = Numbers(12_345);
    let in_cluster = n_nodes.checked_div(n_clusters);
    let node = |at: usize| Node {
        id: format!("n{at}"),
        names: vec![format!("节点 {at}"), format!("node {at}")],
        cluster: in_cluster.map(|size| (at / size).min(n_clusters - 1)),
        ..Node::default()
    };
    let mut edge = |at: usize| {
        let from = numbers.below(n_nodes);
        let to = match in_cluster {
            Some(size) if numbers.below(5) > 0 => {
                (from / size * size + numbers.below(size)).min(n_nodes - 1)
            }
            _ => (from + 1 + numbers.below(40)) % n_nodes,
        };
        Edge {
            id: format!("e{at}"),
            source: from.min(to),
            target: from.max(to),
            label: "关系".to_owned(),
            ..Edge::default()
        }
    };
    let cluster = |at: usize| Cluster {
        id: format!("c{at}"),
        label: vec![format!("集群 {at}")],
        ..Cluster::default()
    };
    Figure {
        name: "figure".to_owned(),
        edges: (0..n_edges).map(&mut edge).collect(),
        nodes: (0..n_nodes).map(node).collect(),
        clusters: (0..n_clusters).map(cluster).collect(),
        ..Figure::default()
    }
}

#[divan::bench(args = [(60, 90, 0), (60, 90, 6), (1_000, 1_500, 0), (1_000, 1_500, 50), (5_000, 6_000, 100)])]
fn svg(bencher: divan::Bencher<'_, '_>, (nodes, edges, clusters): (usize, usize, usize)) {
    let figure = figure(nodes, edges, clusters);
    bencher.bench_local(|| to_svg(&figure));
}
