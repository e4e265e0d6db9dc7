//! One text looked for in one index, way by way.

use super::similar::similar;
use super::spelling::{Spelling, without_tone_digits};
use super::table::NameTable;
use super::{Hit, Matched, NameIndex, Scope};
use crate::model::{KnowledgeGraph, Name, NameKind, NodeId};
use crate::query::fold::{fold, is_han};

/// Longer texts, in bytes, are looked for as they are only, not as pinyin or parts of names.
const LONGEST: usize = 500;

/// An entity that may be meant, before it is known whether it counts.
pub(super) struct Candidate {
    node: NodeId,
    /// Place among its names; past the last for the slug.
    name: usize,
    /// `None` for the kind of the name.
    matched: Option<Matched>,
    /// Of the candidates that match in the same way, those with a lower rank come first.
    rank: (u8, usize),
}

/// A text that is looked for.
pub(super) struct Lookup<'l, 'g> {
    index: &'l NameIndex,
    graph: &'g KnowledgeGraph,
    scope: Scope,
    pub(super) typed: &'l str,
    folded: String,
    /// Folded, words run together; empty if it cannot be a name that is spelled otherwise.
    compact: String,
}

impl<'l, 'g> Lookup<'l, 'g> {
    pub(super) fn new(
        index: &'l NameIndex,
        graph: &'g KnowledgeGraph,
        text: &'l str,
        scope: Scope,
    ) -> Self {
        let typed = text.trim();
        let folded = fold(typed);
        let compact = if folded.len() > LONGEST || looks_like_iri(typed) {
            String::new()
        } else {
            folded.replace(' ', "")
        };
        Self {
            index,
            graph,
            scope,
            typed,
            folded,
            compact,
        }
    }

    /// All names, which are put in order when they are first needed: identifiers are found without.
    fn table(&self) -> &'l NameTable {
        let table = &self.index.table;
        table.get_or_init(|| NameTable::new(self.graph))
    }

    /// How keys are looked for, in the order in which they count.
    pub(super) fn ways() -> [fn(&Self) -> Vec<Candidate>; 7] {
        [
            Self::identified,
            Self::named,
            Self::in_pinyin,
            Self::by_initials,
            Self::in_part,
            Self::in_part_of_pinyin,
            Self::abbreviated,
        ]
    }

    /// Those of the candidates that count, each entity once, the best first.
    pub(super) fn hits(&self, way: impl Fn(&Self) -> Vec<Candidate>) -> Vec<Hit<'g>> {
        let mut candidates = way(self);
        // The graph is read in the order in which it lies in memory.
        candidates.sort_by_key(|candidate| candidate.node);
        let mut ranked: Vec<(bool, Matched, (u8, usize), Hit<'g>)> = candidates
            .into_iter()
            .filter_map(|candidate| {
                let hit = self.hit(&candidate)?;
                let is_elsewhere = self.scope.article.is_some() && hit.article.is_none();
                Some((is_elsewhere, hit.matched, candidate.rank, hit))
            })
            .collect();
        ranked.sort_by_key(|(is_elsewhere, matched, rank, hit)| {
            (*is_elsewhere, *matched, *rank, hit.node)
        });
        let mut is_known = vec![false; self.graph.node_count()];
        ranked
            .into_iter()
            .map(|(_, _, _, hit)| hit)
            .filter(|hit| !std::mem::replace(&mut is_known[hit.node.0 as usize], true))
            .collect()
    }

    fn hit(&self, candidate: &Candidate) -> Option<Hit<'g>> {
        let node = candidate.node;
        let schema = self.graph.schema();
        let class = self.graph.class(node);
        if self
            .scope
            .class
            .is_some_and(|above| !schema.is_subclass(class, above))
        {
            return None;
        }
        let name = self.graph.names(node).nth(candidate.name);
        let is_short = name.is_some_and(|name| name.kind == NameKind::Short);
        let article = name.filter(|_| is_short).and_then(|name| name.article);
        if is_short && self.scope.article.is_some() && article != self.scope.article {
            return None;
        }
        Some(Hit {
            node,
            matched: candidate.matched.unwrap_or_else(|| kind(name)),
            name: name.map_or_else(|| self.graph.slug(node), |name| name.text),
            article,
        })
    }

    fn candidate(&self, at: usize, matched: Option<Matched>, rank: (u8, usize)) -> Candidate {
        let (node, name) = self.table().owner(at);
        Candidate {
            node,
            name,
            matched,
            rank,
        }
    }

    fn candidates(&self, keys: Vec<usize>, matched: Matched) -> Vec<Candidate> {
        keys.into_iter()
            .map(|at| self.candidate(at, Some(matched), (0, self.table().key(at).len())))
            .collect()
    }

    fn identified(&self) -> Vec<Candidate> {
        let project = self.graph.project();
        let by_iri = || {
            let iri = project.prefixes.expand(self.typed).ok()?;
            self.graph.node_with_iri(&iri)
        };
        let node = self.graph.node(self.typed).or_else(by_iri);
        node.into_iter()
            .map(|node| Candidate {
                node,
                name: usize::MAX,
                matched: Some(Matched::Identifier),
                rank: (0, 0),
            })
            .collect()
    }

    fn named(&self) -> Vec<Candidate> {
        let mut keys: Vec<usize> = self.table().equal(&self.folded).collect();
        if keys.is_empty() {
            keys = self.table().spelled(&self.compact, Spelling::Literal);
        }
        keys.into_iter()
            .map(|at| self.candidate(at, None, (0, 0)))
            .collect()
    }

    /// The compact text as pinyin may have been typed: as it is, and without digits for tones.
    fn letters(&self) -> impl Iterator<Item = String> {
        let has_letters = self.compact.contains(|c: char| c.is_ascii_alphabetic());
        let as_it_is = has_letters.then(|| self.compact.clone());
        let toneless = as_it_is.as_deref().and_then(without_tone_digits);
        as_it_is.into_iter().chain(toneless)
    }

    fn in_pinyin(&self) -> Vec<Candidate> {
        let keys = self
            .letters()
            .flat_map(|text| self.table().spelled(&text, Spelling::Pinyin))
            .collect();
        self.candidates(keys, Matched::Pinyin)
    }

    fn by_initials(&self) -> Vec<Candidate> {
        let keys = self
            .letters()
            .flat_map(|text| self.table().spelled(&text, Spelling::Initials))
            .collect();
        self.candidates(keys, Matched::Initials)
    }

    fn in_part(&self) -> Vec<Candidate> {
        if self.compact.is_empty() {
            return Vec::new();
        }
        let pieces: Vec<String> = self.typed.split_whitespace().map(fold).collect();
        let mut words: Vec<&str> = pieces
            .iter()
            .flat_map(|piece| piece.split(' '))
            .filter(|word| word.contains(char::is_alphanumeric))
            .collect();
        if words.is_empty() {
            words.push(&self.folded);
        }
        let found = self.table().with_words(&words).map(|at| {
            let worse = match self.table().key(at).find(&self.folded) {
                Some(0) => 0,
                Some(_) => 1,
                None => 2,
            };
            (at, worse)
        });
        self.parts(found)
    }

    fn in_part_of_pinyin(&self) -> Vec<Candidate> {
        let texts: Vec<String> = self.letters().collect();
        let found = texts.iter().flat_map(|text| {
            let found = self.table().with_pinyin(text);
            found.map(|(at, start)| (at, u8::from(start > 0)))
        });
        self.parts(found)
    }

    fn parts(&self, found: impl Iterator<Item = (usize, u8)>) -> Vec<Candidate> {
        found
            .map(|(at, worse)| {
                let rank = (worse, self.table().key(at).len());
                self.candidate(at, Some(Matched::Partial), rank)
            })
            .collect()
    }

    fn abbreviated(&self) -> Vec<Candidate> {
        // Two characters stand in order in too many names.
        if self.compact.chars().count() < 3 {
            return Vec::new();
        }
        self.candidates(
            self.table().abbreviated(&self.compact),
            Matched::Abbreviation,
        )
    }

    /// What is offered where nothing is meant for sure.
    pub(super) fn likely(&self) -> Vec<Hit<'g>> {
        let scattered = self.hits(Self::scattered);
        if scattered.is_empty() {
            self.hits(Self::similar)
        } else {
            scattered
        }
    }

    /// Names in which the Chinese characters of the text stand in the same order, close together:
    /// 发改委 in 甲市发展和改革委员会. Too loose to tell what is meant, good enough to look for it.
    fn scattered(&self) -> Vec<Candidate> {
        let wanted: Vec<char> = self.compact.chars().collect();
        if wanted.len() < 2 || !wanted.iter().copied().all(is_han) {
            return Vec::new();
        }
        let characters: Vec<&str> = self.compact.split("").filter(|it| !it.is_empty()).collect();
        self.table()
            .with_words(&characters)
            .filter_map(|at| {
                let rank = (0, span(&wanted, self.table().key(at))?);
                Some(self.candidate(at, Some(Matched::Abbreviation), rank))
            })
            .collect()
    }

    fn similar(&self) -> Vec<Candidate> {
        if self.compact.is_empty() {
            return Vec::new();
        }
        similar(self.table(), &self.index.pairs, &self.folded)
            .into_iter()
            .enumerate()
            .map(|(rank, at)| self.candidate(at, Some(Matched::Similar), (0, rank)))
            .collect()
    }
}

/// Number of characters of `key` from the first of `wanted` to the last, if they stand there in this
/// order and not far from each other.
fn span(wanted: &[char], key: &str) -> Option<usize> {
    const APART: usize = 4;
    let key: Vec<char> = key.chars().collect();
    let spans = (0..key.len()).filter_map(|start| {
        let mut left = wanted.iter().peekable();
        let within = key[start..].iter().take(wanted.len() * APART).enumerate();
        let mut end = None;
        for (at, c) in within {
            if left.next_if(|next| *next == c).is_some() {
                end = Some(at + 1);
            } else if at == 0 {
                return None;
            }
        }
        end.filter(|_| left.peek().is_none())
    });
    spans.min()
}

/// Whether `text` can only be meant as an IRI or CURIE.
fn looks_like_iri(text: &str) -> bool {
    text.is_ascii() && text.contains(':') && !text.contains(char::is_whitespace)
}

/// How a text that is `name` names the entity; the slug has no kind.
fn kind(name: Option<Name<'_>>) -> Matched {
    match name.map(|name| name.kind) {
        Some(NameKind::Canonical) => Matched::Canonical,
        Some(NameKind::Alias) | None => Matched::Alias,
        Some(NameKind::Short) => Matched::Short,
    }
}
