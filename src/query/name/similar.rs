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
/// Longer texts are no misspelt names.
const LONGEST: usize = 200;

/// The pairs of neighbouring characters that each key has and their number, gathered when they are
/// first needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(OnceLock<(Vec<u128>, Vec<u8>)>);

impl Pairs {
    fn of(&self, table: &NameTable) -> &(Vec<u128>, Vec<u8>) {
        self.0.get_or_init(|| {
            let of_keys = (0..table.len()).map(|at| pairs(table.key(at)));
            of_keys.map(|pairs| (pairs, count(pairs))).unzip()
        })
    }
}

/// Keys that the folded `text` was probably meant to be, the likeliest first.
///
/// Comparing letter by letter is slow, so this first takes the keys that share the most pairs of
/// characters with the text, which one look at 128 bits a key tells.
pub(super) fn similar(table: &NameTable, of_keys: &Pairs, text: &str) -> Vec<usize> {
    if !text.contains(char::is_alphanumeric) || text.chars().count() > LONGEST {
        return Vec::new();
    }
    let wanted = pairs(text);
    let (of_keys, counts) = of_keys.of(table);
    let count_wanted = u16::from(count(wanted));
    // Three for each pair that the key lacks, one for each that it has beside those of the text.
    let distance = |known: u16, shared: u16| 3 * count_wanted + known - 4 * shared;
    let mut nearest = BinaryHeap::with_capacity(COMPARED + 1);
    let mut farthest = u16::MAX;
    for (at, (known, count_known)) in of_keys.iter().zip(counts).enumerate() {
        let count_known = u16::from(*count_known);
        // Most keys have too many or too few to be near, whichever they are.
        if distance(count_known, count_known.min(count_wanted)) >= farthest {
            continue;
        }
        let distance = distance(count_known, u16::from(count(wanted & known)));
        if distance >= farthest {
            continue;
        }
        nearest.push((distance, at));
        if nearest.len() > COMPARED {
            nearest.pop();
        }
        if nearest.len() == COMPARED {
            farthest = nearest.peek().map_or(farthest, |it| it.0);
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

/// Number of pairs, at most 128.
#[expect(clippy::cast_possible_truncation, reason = "there are 128 bits")]
fn count(pairs: u128) -> u8 {
    pairs.count_ones() as u8
}

/// One bit for each pair of neighbouring characters, and for each Chinese character.
fn pairs(text: &str) -> u128 {
    let bit = |one: char, other: char| {
        let mixed = u32::from(one).wrapping_mul(0x9E37_79B1) ^ u32::from(other);
        1u128 << (mixed.wrapping_mul(0x85EB_CA6B) >> 25)
    };
    let mut bits = 0;
    let mut last = ' ';
    for c in text.chars() {
        bits |= bit(last, c);
        if is_han(c) {
            bits |= bit(c, c);
        }
        last = c;
    }
    bits
}
