//! Names that are like a text, for "did you mean".

use std::collections::BinaryHeap;
use std::sync::OnceLock;

use super::table::NameTable;
use crate::query::fold::is_han;

/// So many names that share most with a text are compared with it letter by letter.
const COMPARED: usize = 64;
/// Likeness that is worth a suggestion.
const NEAR_ENOUGH: f64 = 0.5;
/// Likeness of spelling without which sharing pairs of characters is an accident.
const SPELT_ALIKE: f64 = 0.25;
/// What is less like than the best by more than this is not worth a suggestion.
const TOLERANCE: f64 = 0.2;
/// Pairs of characters are told apart by a hash into so many sorts.
const SORTS: usize = 128;
/// Longer texts are no misspelt names.
const LONGEST: usize = 200;

/// Which keys have which pairs of neighbouring characters, gathered when it is first needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(OnceLock<PairColumns>);

impl Pairs {
    fn of(&self, table: &NameTable) -> &PairColumns {
        self.0.get_or_init(|| PairColumns::new(table))
    }
}

/// A column of bits for each sort of pair, one bit for each key, 64 keys to a word, so that the keys are
/// looked at 64 at a time.
#[derive(Clone, Debug)]
struct PairColumns {
    columns: Vec<Vec<u64>>,
    /// How many sorts of pairs each key has.
    counts: Vec<u8>,
}

impl PairColumns {
    fn new(table: &NameTable) -> Self {
        let length = table.len();
        let room = length.div_ceil(64);
        let mut columns: Vec<Vec<u64>> = (0..SORTS).map(|_| Vec::with_capacity(room)).collect();
        let mut counts = Vec::with_capacity(length);
        for first in (0..length).step_by(64) {
            let mut words = [0u64; SORTS];
            for (lane, at) in (first..length.min(first + 64)).enumerate() {
                let mut count = 0;
                each_pair(table.key(at), |sort| {
                    count += u8::from(words[sort] >> lane & 1 == 0);
                    words[sort] |= 1 << lane;
                });
                counts.push(count);
            }
            for (column, word) in columns.iter_mut().zip(words) {
                column.push(word);
            }
        }
        Self { columns, counts }
    }
}

/// 64 numbers up to 255, each spread over the same bit of eight words.
#[derive(Default)]
struct Tally([u64; 8]);

impl Tally {
    /// Adds one to the numbers whose bit is set.
    fn add(&mut self, mut carry: u64) {
        for plane in &mut self.0 {
            (*plane, carry) = (*plane ^ carry, *plane & carry);
            if carry == 0 {
                break;
            }
        }
    }

    /// The bits of the numbers that are not less than `least`.
    fn at_least(&self, least: u16) -> u64 {
        let (mut greater, mut equal) = (0, u64::MAX);
        for (bit, plane) in self.0.iter().enumerate().rev() {
            if least >> bit & 1 == 1 {
                equal &= plane;
            } else {
                greater |= equal & plane;
                equal &= !plane;
            }
        }
        greater | equal
    }

    fn get(&self, lane: usize) -> u16 {
        let bit = |(bit, plane): (usize, &u64)| u16::from(plane >> lane & 1 == 1) << bit;
        self.0.iter().enumerate().map(bit).sum()
    }
}

/// Keys that the folded `text` was probably meant to be, the likeliest first.
///
/// Comparing letter by letter is slow, so this first takes the keys that share the most pairs of
/// characters with the text.
pub(super) fn similar(table: &NameTable, pairs_of_keys: &Pairs, text: &str) -> Vec<usize> {
    if !text.contains(char::is_alphanumeric) || text.chars().count() > LONGEST {
        return Vec::new();
    }
    let wanted = pairs(text);
    let count_wanted = count(wanted);
    let PairColumns { columns, counts } = pairs_of_keys.of(table);
    let columns: Vec<&[u64]> = (0..SORTS)
        .filter(|sort| wanted >> sort & 1 == 1)
        .map(|sort| columns[sort].as_slice())
        .collect();
    // Three for each pair that the key lacks, one for each that it has beside those of the text.
    let distance = |known: u16, shared: u16| 3 * count_wanted + known - 4 * shared;
    let mut nearest = BinaryHeap::with_capacity(COMPARED + 1);
    let mut farthest = u16::MAX;
    for (word, counts) in counts.chunks(64).enumerate() {
        let mut shared = Tally::default();
        for column in &columns {
            shared.add(column[word]);
        }
        // With fewer no key is nearer, even if it has no others.
        let least = (count_wanted + 1).saturating_sub(farthest.div_ceil(3));
        let mut lanes = shared.at_least(least);
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            let Some(known) = counts.get(lane) else { break };
            let distance = distance(u16::from(*known), shared.get(lane));
            if distance >= farthest {
                continue;
            }
            nearest.push((distance, 64 * word + lane));
            if nearest.len() > COMPARED {
                nearest.pop();
            }
            if nearest.len() == COMPARED {
                farthest = nearest.peek().map_or(farthest, |it| it.0);
            }
        }
    }
    let mut scored: Vec<(f64, usize)> = nearest
        .into_iter()
        .map(|(_, at)| (likeness(text, wanted, table.key(at)), at))
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| *score >= best - TOLERANCE);
    scored.into_iter().map(|(_, at)| at).collect()
}

/// From 0 to 1: half of it for spelling, half for how many pairs of the text the key has.
fn likeness(text: &str, wanted: u128, key: &str) -> f64 {
    let shared = f64::from(count(wanted & pairs(key)));
    let spelling = strsim::normalized_damerau_levenshtein(text, key);
    if spelling < SPELT_ALIKE {
        return 0.0;
    }
    (spelling + shared / f64::from(count(wanted).max(1))) / 2.0
}

/// Number of pairs, at most [`SORTS`].
#[expect(clippy::cast_possible_truncation, reason = "there are 128 bits")]
fn count(pairs: u128) -> u16 {
    pairs.count_ones() as u16
}

/// One bit for each sort of pair that the text has.
fn pairs(text: &str) -> u128 {
    let mut bits = 0;
    each_pair(text, |sort| bits |= 1 << sort);
    bits
}

/// Gives the sort of each pair of neighbouring characters, and of each Chinese character.
fn each_pair(text: &str, mut give: impl FnMut(usize)) {
    let sort = |one: char, other: char| {
        let mixed = u32::from(one).wrapping_mul(0x9E37_79B1) ^ u32::from(other);
        (mixed.wrapping_mul(0x85EB_CA6B) >> 25) as usize
    };
    let mut last = ' ';
    for c in text.chars() {
        give(sort(last, c));
        if is_han(c) {
            give(sort(c, c));
        }
        last = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_numbers_are_counted_at_once() {
        let numbers: Vec<u16> = (0..64).map(|lane| lane * 37 % 129).collect();
        let mut tally = Tally::default();
        for step in 0..128 {
            let lanes = (0..64).filter(|lane| step < numbers[*lane]);
            tally.add(lanes.map(|lane| 1 << lane).sum());
        }
        let read: Vec<u16> = (0..64).map(|lane| tally.get(lane)).collect();
        assert_eq!(read, numbers);
        for least in [0, 1, 5, 64, 127, 128, 255] {
            let lanes = tally.at_least(least);
            for (lane, number) in numbers.iter().enumerate() {
                assert_eq!(lanes >> lane & 1 == 1, *number >= least, "{number} {least}");
            }
        }
    }
}
