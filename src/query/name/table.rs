//! All names of a graph, folded and sorted.

use std::ops::Range;

use memchr::{memmem, memrchr};

use super::spelling::{Spelling, initials};
use crate::model::{KnowledgeGraph, NodeId};
use crate::query::fold::{fold_into, is_han};

/// Separates the keys in their common text; no key has it.
const END: char = '\0';

/// Folded names and slugs in the order of their bytes.
///
/// They stand one behind the other in one text: a key is found by binary search, a word by going
/// through the text, and keys that begin alike stand together, so that the table is walked like a
/// tree of characters.
#[derive(Clone, Debug)]
pub(super) struct NameTable {
    text: String,
    entries: Vec<Entry>,
    /// The characters that keys begin with, each with its keys.
    firsts: Vec<(char, Range<usize>)>,
    /// Places of the keys with a Chinese character.
    chinese: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    node: NodeId,
    /// Its place among the names of the node; past the last for the slug.
    name: u32,
}

impl NameTable {
    pub(super) fn new(graph: &KnowledgeGraph) -> Self {
        let mut text = String::new();
        let mut entries = Vec::new();
        for node in graph.nodes() {
            let names = graph.names(node).map(|name| name.text);
            for (name, spelled) in (0..).zip(names.chain([graph.slug(node)])) {
                let start = text.len();
                fold_into(spelled, &mut text);
                if text.len() > start {
                    text.push(END);
                    entries.push(Entry { start, node, name });
                }
            }
        }
        Self::sorted(&text, &entries)
    }

    /// The table of the entries, whose keys stand in `text` in any order.
    fn sorted(unsorted: &str, entries: &[Entry]) -> Self {
        // Most keys differ in their first bytes, which are compared without a look at the text.
        let mut order: Vec<(u64, Entry)> = entries
            .iter()
            .map(|entry| (first_bytes(&unsorted.as_bytes()[entry.start..]), *entry))
            .collect();
        let key = |entry: &Entry| until_end(&unsorted[entry.start..]);
        order.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b)
                .then_with(|| key(one).cmp(key(other)))
                .then_with(|| (one.node, one.name).cmp(&(other.node, other.name)))
        });
        let mut table = Self {
            text: String::with_capacity(unsorted.len()),
            entries: Vec::with_capacity(order.len()),
            firsts: Vec::new(),
            chinese: Vec::new(),
        };
        for (at, (_, entry)) in order.into_iter().enumerate() {
            let key = key(&entry);
            table.entries.push(Entry {
                start: table.text.len(),
                ..entry
            });
            table.text.push_str(key);
            table.text.push(END);
            if !key.is_ascii() && key.contains(is_han) {
                table.chinese.push(at);
            }
        }
        table.firsts = table.branches(0..table.len(), 0).collect();
        table
    }

    /// Number of keys.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The key at a place in the order.
    pub(super) fn key(&self, at: usize) -> &str {
        let end = match self.entries.get(at + 1) {
            Some(next) => next.start,
            None => self.text.len(),
        };
        &self.text[self.entries[at].start..end - END.len_utf8()]
    }

    /// Whose the key is, and its place among the names of that entity; past the last for the slug.
    pub(super) fn owner(&self, at: usize) -> (NodeId, usize) {
        let entry = self.entries[at];
        (entry.node, entry.name as usize)
    }

    /// The keys that are `folded`.
    pub(super) fn equal(&self, folded: &str) -> Range<usize> {
        let is_before = |at: usize| self.key(at) < folded;
        let start = first_that_is_not(0..self.len(), is_before);
        let end = first_that_is_not(start..self.len(), |at| self.key(at) == folded);
        start..end
    }

    /// The keys that `text` spells from end to end; white space in the keys does not count, in
    /// `text` there must be none.
    pub(super) fn spelled(&self, text: &str, spelling: Spelling) -> Vec<usize> {
        let mut found = Vec::new();
        let mut left = Vec::new();
        for (c, branch) in &self.firsts {
            after(*c, &[text], spelling, &mut left);
            if !left.is_empty() {
                self.walk(branch.clone(), c.len_utf8(), &left, spelling, &mut found);
            }
        }
        found
    }

    /// Goes on where the keys of `range` have the same first `depth` bytes, which spell the text up
    /// to one of `left`.
    fn walk(
        &self,
        range: Range<usize>,
        depth: usize,
        left: &[&str],
        spelling: Spelling,
        found: &mut Vec<usize>,
    ) {
        let longer = first_that_is_not(range.clone(), |at| self.key(at).len() == depth);
        if left.contains(&"") {
            found.extend(range.start..longer);
        }
        for (c, branch) in self.branches(longer..range.end, depth) {
            let mut next = Vec::new();
            after(c, left, spelling, &mut next);
            if !next.is_empty() {
                self.walk(branch, depth + c.len_utf8(), &next, spelling, found);
            }
        }
    }

    /// The keys in which `text` is the pinyin of neighbouring characters, and in which byte those
    /// begin. `text` must be as for [`spelled`](Self::spelled).
    pub(super) fn with_pinyin(&self, text: &str) -> impl Iterator<Item = (usize, usize)> {
        let mut can_begin = Memo::default();
        let mut taken = Vec::new();
        let mut room = [Vec::new(), Vec::new()];
        self.chinese.iter().filter_map(move |at| {
            let key = self.key(*at);
            // A character, three bytes, is six letters at most: zhuang.
            let last = key.len().checked_sub(text.len().div_ceil(2))?;
            let mut starts = key.char_indices().take_while(|(start, _)| *start <= last);
            let begins = starts.find(|(start, c)| {
                let can_begin = can_begin.get(*c, || {
                    taken.clear();
                    Spelling::Pinyin.take(*c, text, &mut taken);
                    !taken.is_empty()
                });
                can_begin && begins_with_pinyin(&key[*start..], text, &mut room)
            });
            Some((*at, begins?.0))
        })
    }

    /// The characters at `depth` of the keys of `range`, each with the keys that have it there.
    fn branches(
        &self,
        range: Range<usize>,
        depth: usize,
    ) -> impl Iterator<Item = (char, Range<usize>)> {
        let mut start = range.start;
        std::iter::from_fn(move || {
            if start == range.end {
                return None;
            }
            let c = self.key(start)[depth..].chars().next()?;
            let has_it = |at: usize| self.key(at)[depth..].starts_with(c);
            let branch = start..first_that_is_not(start..range.end, has_it);
            start = branch.end;
            Some((c, branch))
        })
    }

    /// The keys with every one of `words`; a word that is not Chinese must begin where a word of the
    /// key does.
    pub(super) fn with_words<'i>(&'i self, words: &'i [&str]) -> impl Iterator<Item = usize> {
        let text = self.text.as_bytes();
        let words = words.iter().map(memmem::Finder::new);
        // Where each stands first; that some word stands nowhere is enough for there to be no key.
        let places: Option<Vec<(usize, memmem::Finder<'_>)>> =
            words.map(|word| Some((word.find(text)?, word))).collect();
        let mut others = places.unwrap_or_default();
        others.sort_by_key(|(place, _)| *place);
        // The last to come is probably in the fewest keys.
        let rarest = others.pop();
        let mut at = 0;
        let mut from = rarest.as_ref().map_or(0, |(place, _)| *place);
        std::iter::from_fn(move || {
            let (_, rarest) = rarest.as_ref()?;
            loop {
                let place = from + rarest.find(text.get(from..)?)?;
                while self.entries.get(at + 1).is_some_and(|it| it.start <= place) {
                    at += 1;
                }
                from = self
                    .entries
                    .get(at + 1)
                    .map_or(self.text.len(), |it| it.start);
                let key = self.key(at);
                if has_word(key, rarest) && others.iter().all(|(_, it)| has_word(key, it)) {
                    return Some(at);
                }
            }
        })
    }

    /// Keys that `text` abbreviates. Of Chinese characters it has some, or their initials, in the same
    /// order; of words it has each, or its first letter. The first stands at the beginning of the
    /// key. `text` must be as for [`spelled`](Self::spelled).
    pub(super) fn abbreviated(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let Some(first) = text.chars().next() else {
            return found;
        };
        for (c, branch) in &self.firsts {
            let has_words = *c == first && !is_han(*c);
            let has_characters = stands_for(first, *c);
            if has_words || has_characters {
                found.extend(branch.clone().filter(|at| {
                    let key = self.key(*at);
                    has_characters && shortens(text, key) || has_words && has_initials(text, key)
                }));
            }
        }
        found
    }
}

/// The first place of `range` where `holds` is false, if it is true up to there and false from
/// there on. Quick where that is near the beginning.
fn first_that_is_not(range: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (range.start, 1);
    while low + step <= range.end && holds(low + step - 1) {
        low += step;
        step *= 2;
    }
    let mut high = range.end.min(low + step - 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The first eight bytes as a number of the same order, shorter keys first.
fn first_bytes(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let ended = key.iter().take_while(|byte| **byte != 0);
    for (to, from) in bytes.iter_mut().zip(ended) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}

fn until_end(text: &str) -> &str {
    text.find(END).map_or(text, |end| &text[..end])
}

/// Puts into `next` what may be left of a text after the character `c` of a key, where before it any
/// of `left` was.
fn after<'t>(c: char, left: &[&'t str], spelling: Spelling, next: &mut Vec<&'t str>) {
    next.clear();
    for text in left.iter().filter(|text| !text.is_empty()) {
        if c == ' ' {
            next.push(*text);
        } else {
            spelling.take(c, text, next);
        }
    }
    // All are ends of one text: those of equal length are the same.
    next.sort_unstable_by_key(|text| text.len());
    next.dedup_by_key(|text| text.len());
}

/// Whether `text` is the pinyin of the first characters of `key`; works in `room`.
fn begins_with_pinyin<'t>(key: &str, text: &'t str, [left, next]: &mut [Vec<&'t str>; 2]) -> bool {
    left.clear();
    left.push(text);
    for c in key.chars() {
        after(c, left, Spelling::Pinyin, next);
        std::mem::swap(left, next);
        if left.is_empty() || left.contains(&"") {
            break;
        }
    }
    left.contains(&"")
}

/// What was found out of Chinese characters; of others it is found out each time.
struct Memo(Vec<Option<bool>>);

impl Default for Memo {
    fn default() -> Self {
        Self(vec![None; Self::COUNT])
    }
}

impl Memo {
    const FIRST: usize = 0x4E00;
    const COUNT: usize = 0x9FFF - Self::FIRST + 1;

    fn get(&mut self, c: char, find_out: impl FnOnce() -> bool) -> bool {
        let place = (c as usize).checked_sub(Self::FIRST);
        match place.and_then(|place| self.0.get_mut(place)) {
            Some(known) => *known.get_or_insert_with(find_out),
            None => is_han(c) && find_out(),
        }
    }
}

/// Whether a word stands in `key`, if it is not Chinese at the beginning of a word.
fn has_word(key: &str, word: &memmem::Finder<'_>) -> bool {
    let mut places = word.find_iter(key.as_bytes());
    places.any(|at| {
        let before = key[..at].chars().next_back();
        before.is_none_or(|c| c == ' ' || is_han(c)) || key[at..].starts_with(is_han)
    })
}

/// Whether the characters of `text`, or some with these initials, stand in `key` in the same order, and
/// `key` has at most twice as many.
fn shortens(text: &str, key: &str) -> bool {
    let (typed, length) = (text.chars().count(), key.chars().count());
    if length < typed || length > 2 * typed {
        return false;
    }
    let mut characters = key.chars();
    text.chars()
        .all(|typed| characters.any(|c| stands_for(typed, c)))
}

/// Whether `text` has each word of `key` in turn, or its first letter. Short words may be left out, and
/// one other; but not the first nor the last.
fn has_initials(text: &str, key: &str) -> bool {
    const SHORT: usize = 3;
    let last = &key[memrchr(b' ', key.as_bytes()).map_or(0, |at| at + 1)..];
    let initial = last.chars().next();
    if !initial.is_some_and(|it| text.ends_with(it)) && !text.ends_with(last) {
        return false;
    }
    let mut words = key.split(' ').peekable();
    // What may be left of the text, and whether another word has been left out.
    let mut left = vec![(text, false)];
    let mut next = Vec::new();
    let mut is_first = true;
    while let Some(word) = words.next() {
        next.clear();
        let may_lack = !is_first && words.peek().is_some();
        is_first = false;
        for (text, lacks) in &left {
            let initial = word.chars().next();
            let rests = [
                text.strip_prefix(word),
                initial.and_then(|it| text.strip_prefix(it)),
            ];
            next.extend(rests.into_iter().flatten().map(|rest| (rest, *lacks)));
            if may_lack && word.len() <= SHORT {
                next.push((text, *lacks));
            } else if may_lack && !lacks {
                next.push((text, true));
            }
        }
        next.sort_unstable_by_key(|(text, lacks)| (text.len(), *lacks));
        next.dedup_by_key(|(text, _)| text.len());
        std::mem::swap(&mut left, &mut next);
        if left.is_empty() {
            return false;
        }
    }
    left.iter().any(|(text, _)| text.is_empty())
}

/// Whether `typed` may stand for the character `c` of a longer name.
fn stands_for(typed: char, c: char) -> bool {
    (typed == c && !c.is_ascii_alphabetic()) || initials(c).any(|initial| initial == typed)
}
