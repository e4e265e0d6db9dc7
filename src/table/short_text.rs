//! Numbers of short texts, such as ids are, in tables that processors like.

use std::fmt;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// The numbers of short texts, which are found without a look at any other text. One takes 32 bytes and the
/// room that a hash table leaves free.
#[derive(Debug)]
pub(super) struct ShortTexts<N>(HashTable<(ShortText, N)>);

impl<N> Default for ShortTexts<N> {
    fn default() -> Self {
        Self(HashTable::new())
    }
}

impl<N: Copy> ShortTexts<N> {
    /// Puts the numbers of all `ends` into `found`, where they are known. They lie anywhere in memory: since
    /// nothing else is done in between, the processor fetches several at a time.
    pub(super) fn find(&self, ends: impl Iterator<Item = Ends>, found: &mut Vec<[Option<N>; 2]>) {
        found.clear();
        found.extend(ends.map(|Ends(ends)| {
            ends.map(|(hash, end)| {
                let known = self.0.find(hash, |(text, _)| *text == end);
                known.map(|(_, number)| *number)
            })
        }));
    }

    /// The number of `text`, which is `number` if it has none yet.
    ///
    /// # Errors
    ///
    /// Those of `number`.
    #[inline]
    pub(super) fn get_or_insert_with<E>(
        &mut self,
        text: ShortText,
        number: impl FnOnce() -> Result<N, E>,
    ) -> Result<N, E> {
        let is_it = |(known, _): &(ShortText, N)| *known == text;
        match self.0.entry(text.hash(), is_it, |(text, _)| text.hash()) {
            Entry::Occupied(known) => Ok(known.get().1),
            Entry::Vacant(place) => {
                let number = number()?;
                place.insert((text, number));
                Ok(number)
            }
        }
    }
}

/// Subject and object of an edge, with their hashes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends([(u64, ShortText); 2]);

impl Ends {
    /// `None` if one of them is not short.
    #[inline]
    pub(super) fn new(subject: &str, object: &str) -> Option<Self> {
        let ends = [ShortText::new(subject)?, ShortText::new(object)?];
        Some(Self(ends.map(|end| (end.hash(), end))))
    }

    /// Subject and object.
    pub(super) fn texts(self) -> [ShortText; 2] {
        self.0.map(|(_, text)| text)
    }
}

/// A text of at most 23 bytes, in place; the last of the 24 is its length, so that texts of other lengths
/// differ even where one ends in zeros.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ShortText([u64; 3]);

impl ShortText {
    const LONGEST: usize = 23;

    #[inline]
    pub(super) fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = bytes.len();
        let words = match length {
            ..8 => {
                let first = bytes.iter().rev();
                let first = first.fold(0, |word, byte| word << 8 | u64::from(*byte));
                [first, 0, 0]
            }
            8..16 => [first_word(bytes)?, last_word(bytes, length - 8)?, 0],
            16..=Self::LONGEST => [
                first_word(bytes)?,
                first_word(bytes.get(8..)?)?,
                last_word(bytes, length - 16)?,
            ],
            _ => return None,
        };
        let [first, second, third] = words;
        Some(Self([first, second, third | (length as u64) << 56]))
    }

    /// A hash that has something of every byte in every bit.
    #[inline]
    fn hash(self) -> u64 {
        // Odd numbers without a pattern: digits of pi.
        const SEEDS: [u64; 3] = [
            0x243F_6A88_85A3_08D3,
            0x1319_8A2E_0370_7345,
            0xA409_3822_299F_31D1,
        ];
        let [first, second, third] = self.0;
        let pair = folded_product(first ^ SEEDS[0], second ^ SEEDS[1]);
        folded_product(pair ^ third, SEEDS[2])
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.map(u64::to_le_bytes);
        let bytes = bytes.as_flattened();
        let length = bytes.last().copied().unwrap_or(0);
        let text = bytes.get(..usize::from(length)).unwrap_or_default();
        f.write_str(std::str::from_utf8(text).unwrap_or_default())
    }
}

/// Both halves of a product in one.
#[inline]
fn folded_product(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    #[expect(clippy::cast_possible_truncation, reason = "each half by itself")]
    let halves = [product as u64, (product >> 64) as u64];
    halves[0] ^ halves[1]
}

/// The first eight bytes, the first lowest.
#[inline]
fn first_word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().copied().map(u64::from_le_bytes)
}

/// The last `count` of at least eight bytes, fewer than eight, the first lowest.
#[inline]
fn last_word(bytes: &[u8], count: usize) -> Option<u64> {
    let last = bytes.last_chunk().copied().map(u64::from_le_bytes)?;
    let others = u32::try_from(8 * (8 - count)).ok()?;
    Some(last.checked_shr(others).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_texts_are_what_they_were(text in "[a甲\0]{0,9}|[ -~]{0,30}") {
            let short = ShortText::new(&text);
            prop_assert_eq!(short.is_some(), text.len() <= ShortText::LONGEST);
            if let Some(short) = short {
                prop_assert_eq!(short.to_string(), text);
            }
        }
    }
}
