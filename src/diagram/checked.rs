//! Figures that are known to hold together.

use std::collections::BTreeSet;
use std::ops::Deref;

use super::figure::{Cluster, Edge, Figure, Node};
use super::{DiagramError, FigureFault};

/// A figure whose places lead somewhere, whose ids are distinct words, and whose colours are
/// colours; the writers start from it.
#[derive(Clone, Copy)]
pub(super) struct Checked<'f>(&'f Figure);

impl Deref for Checked<'_> {
    type Target = Figure;

    fn deref(&self) -> &Figure {
        self.0
    }
}

impl<'f> Checked<'f> {
    /// The figure, or the first thing that is wrong in it.
    pub(super) fn new(figure: &'f Figure) -> Result<Self, DiagramError> {
        words(figure.clusters.iter().map(|cluster| &cluster.id))?;
        words(figure.nodes.iter().map(|node| &node.id))?;
        words(figure.edges.iter().map(|edge| &edge.id))?;
        for (place, cluster) in figure.clusters.iter().enumerate() {
            if cluster.parent.is_some_and(|parent| parent >= place) {
                return Err(FigureFault::Place(cluster.id.clone()).into());
            }
        }
        for node in &figure.nodes {
            if node.cluster.is_some_and(|at| at >= figure.clusters.len()) {
                return Err(FigureFault::Place(node.id.clone()).into());
            }
        }
        for edge in &figure.edges {
            if edge.source.max(edge.target) >= figure.nodes.len() {
                return Err(FigureFault::Place(edge.id.clone()).into());
            }
        }
        let slots = figure.edges.iter().map(|edge| &edge.slot);
        let details = figure.nodes.iter().flat_map(|node| &node.details);
        if let Some(slot) = slots
            .chain(details.map(|detail| &detail.slot))
            .find(|slot| !is_word(slot))
        {
            return Err(FigureFault::Word(slot.clone()).into());
        }
        let classes = figure.legend.classes.iter();
        let looks = figure
            .nodes
            .iter()
            .map(|node| (&node.class, &node.fill))
            .chain(classes.map(|class| (&class.class, &class.fill)));
        for (class, fill) in looks {
            if !is_word(class) {
                return Err(FigureFault::Word(class.clone()).into());
            }
            if let Some(fill) = fill.as_ref().filter(|fill| rgb(fill).is_none()) {
                return Err(FigureFault::Colour(fill.clone()).into());
            }
        }
        Ok(Self(figure))
    }

    /// The clusters directly within one, or outside of all, with their places.
    pub(super) fn clusters_in(
        self,
        within: Option<usize>,
    ) -> impl Iterator<Item = (usize, &'f Cluster)> {
        let clusters = self.0.clusters.iter().enumerate();
        clusters.filter(move |(_, cluster)| cluster.parent == within)
    }

    /// The nodes directly within a cluster, or outside of all.
    pub(super) fn nodes_in(self, within: Option<usize>) -> impl Iterator<Item = &'f Node> {
        let nodes = self.0.nodes.iter();
        nodes.filter(move |node| node.cluster == within)
    }

    /// The cluster at a place, and those around it, the innermost first.
    pub(super) fn clusters_around(self, place: Option<usize>) -> impl Iterator<Item = &'f Cluster> {
        let at = move |place: usize| &self.0.clusters[place];
        std::iter::successors(place.map(at), move |cluster| cluster.parent.map(at))
    }

    /// Where an edge of this figure begins and ends.
    pub(super) fn ends(self, edge: &Edge) -> (&'f Node, &'f Node) {
        (&self.0.nodes[edge.source], &self.0.nodes[edge.target])
    }
}

fn words<'a>(ids: impl Iterator<Item = &'a String>) -> Result<(), FigureFault> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !is_word(id) {
            return Err(FigureFault::Word(id.clone()));
        }
        if !seen.insert(id) {
            return Err(FigureFault::Twice(id.clone()));
        }
    }
    Ok(())
}

/// Whether `text` can be an id in every syntax: an XML name token in ASCII.
fn is_word(text: &str) -> bool {
    let is_of_words = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    !text.is_empty() && text.chars().all(is_of_words)
}

/// Red, green and blue of a colour, `#rrggbb`.
pub(super) fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(rgb("#dbeafe"), Some([0xDB, 0xEA, 0xFE]));
        for wrong in [
            "", "#", "dbeafe", "#dbeaf", "#dbeafe0", "#dbeafg", "#+beafe", "#红fe",
        ] {
            assert_eq!(rgb(wrong), None, "{wrong}");
        }
    }
}
