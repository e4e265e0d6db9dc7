//! How much of each article's text the facts of the graph use.

use std::ops::Range;

use crate::model::{KnowledgeGraph, NodeId};
use crate::text::SourceText;

/// How much of one article is used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Coverage {
    /// The article.
    pub article: NodeId,
    /// Number of its letters and digits.
    pub length: usize,
    /// How many of these lie in the evidence of some fact or name.
    pub used: usize,
    /// Stretches that no fact uses, from the first to the last letter or digit.
    pub unused: Vec<Range<u32>>,
}

/// How much of each article of `source` the graph uses, in the order of the text.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::coverage;
/// use tupu::text::SourceText;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let text = SourceText::new("字".repeat(200).as_bytes()).unwrap();
/// let articles = coverage(&graph, graph.node("gazette").unwrap(), &text);
///
/// // Of the article's 160 characters, those from the 121st to the 150th are in no fact.
/// let treaty = &articles[0];
/// assert_eq!(treaty.article, graph.node("treaty").unwrap());
/// assert_eq!(treaty.length, 160);
/// assert!(treaty.unused.contains(&(120..150)));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn coverage(graph: &KnowledgeGraph, source: NodeId, text: &SourceText) -> Vec<Coverage> {
    let mut used = vec![false; text.len() as usize];
    let passages = graph.nodes().flat_map(|node| graph.passages(node));
    for passage in passages.filter(|passage| passage.source == source) {
        let end = (passage.end as usize).min(used.len());
        used[(passage.start as usize).min(end)..end].fill(true);
    }
    let mut articles: Vec<_> = graph
        .articles()
        .iter()
        .filter(|(_, article)| article.source == source)
        .collect();
    articles.sort_by_key(|(_, article)| article.ranges.iter().map(|range| range.start).min());
    articles
        .into_iter()
        .map(|(node, article)| {
            let mut coverage = Coverage {
                article: *node,
                length: 0,
                used: 0,
                unused: Vec::new(),
            };
            for range in &article.ranges {
                add(&mut coverage, text, range.clone(), &used);
            }
            coverage
        })
        .collect()
}

fn add(coverage: &mut Coverage, text: &SourceText, range: Range<u32>, used: &[bool]) {
    let mut stretch: Option<Range<u32>> = None;
    for at in text.word_positions(range) {
        coverage.length += 1;
        if used[at as usize] {
            coverage.used += 1;
            coverage.unused.extend(stretch.take());
        } else {
            let start = stretch.map_or(at, |it| it.start);
            stretch = Some(start..at + 1);
        }
    }
    coverage.unused.extend(stretch);
}
