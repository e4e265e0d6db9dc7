//! Names that are like a text, for "did you mean".

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

/// The pairs of neighbouring characters that each key has, gathered when they are first needed.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(OnceLock<Vec<u128>>);

/// Keys that the folded `text` was probably meant to be, the likeliest first.
///
/// Comparing letter by letter is slow, so this first takes the keys that share the most pairs of
/// characters with the text, which one look at 128 bits a key tells.
pub(super) fn similar(table: &NameTable, of_keys: &Pairs, text: &str) -> Vec<usize> {
    if !text.contains(char::is_alphanumeric) || text.chars().count() > LONGEST {
        return Vec::new();
    }
    let wanted = pairs(text);
    let gather = || (0..table.len()).map(|at| pairs(table.key(at))).collect();
    let of_keys = of_keys.0.get_or_init(gather);
    let mut order: Vec<(u32, usize)> = of_keys
        .iter()
        .enumerate()
        .map(|(at, known)| {
            let missing = (wanted & !known).count_ones();
            let extra = (known & !wanted).count_ones();
            (3 * missing + extra, at)
        })
        .collect();
    if order.len() > COMPARED {
        order.select_nth_unstable(COMPARED);
        order.truncate(COMPARED);
    }
    let mut scored: Vec<(f64, usize)> = order
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
    let shared = f64::from((wanted & pairs(key)).count_ones());
    let spelling = strsim::normalized_damerau_levenshtein(text, key);
    if spelling < SPELT_ALIKE {
        return 0.0;
    }
    (spelling + shared / f64::from(wanted.count_ones().max(1))) / 2.0
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
