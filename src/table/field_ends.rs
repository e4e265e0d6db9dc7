//! Where the fields of TSV end, and which lines are plain: many bytes at once.

/// Goes through a text of TSV, line by line.
pub(super) struct FieldEnds<'t> {
    text: &'t [u8],
    /// Where the next block begins.
    next: usize,
    /// A bit for each byte of the block before it, set where a tab or line feed stands that was not yet given.
    found: u64,
    /// Whether that block is plain.
    is_plain: bool,
}

/// A line whose fields were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where the line after it begins.
    pub(super) next: usize,
    /// Whether the blocks that it stands in hold nothing but [plain](is_plain) bytes and ends of fields.
    pub(super) is_plain: bool,
}

/// Bytes that are looked at once.
const BLOCK: usize = u64::BITS as usize;

impl<'t> FieldEnds<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            next: 0,
            found: 0,
            is_plain: true,
        }
    }

    /// The next line; puts into `ends` where each of its fields ends.
    #[inline]
    pub(super) fn of_line(&mut self, ends: &mut Vec<usize>) -> Line {
        ends.clear();
        let mut is_plain = self.is_plain;
        loop {
            while self.found != 0 {
                let at = self.next - BLOCK + self.found.trailing_zeros() as usize;
                self.found &= self.found - 1;
                ends.push(at);
                if self.text[at] == b'\n' {
                    let next = at + 1;
                    return Line { next, is_plain };
                }
            }
            let rest = self.text.get(self.next..).unwrap_or_default();
            match rest.first_chunk() {
                Some(block) => self.look_at(block),
                None if rest.is_empty() => {
                    let next = self.text.len();
                    ends.push(next);
                    return Line { next, is_plain };
                }
                None => {
                    let mut block = [b'0'; BLOCK];
                    block[..rest.len()].copy_from_slice(rest);
                    self.look_at(&block);
                }
            }
            is_plain &= self.is_plain;
            self.next += BLOCK;
        }
    }

    #[inline]
    fn look_at(&mut self, block: &[u8; BLOCK]) {
        let ends = block.map(|byte| u8::from(is_end(byte)));
        let unusual = block.map(|byte| u8::from(!(is_plain(byte) | is_end(byte))));
        self.found = words(&ends)
            .rev()
            .fold(0, |bits, word| bits << 8 | word.wrapping_mul(GATHER) >> 56);
        self.is_plain = words(&unusual).fold(0, |any, word| any | word) == 0;
    }
}

/// Moves the lowest bits of eight bytes next to each other, into the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Whether a byte is one that most ids consist of: it may stand anywhere in the path of an IRI.
#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    // Without a way out in between: many bytes are looked at at once.
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_digit_or_mark = byte.wrapping_sub(b'-') <= b':' - b'-';
    is_letter | is_digit_or_mark | (byte == b'_')
}

#[inline]
fn is_end(byte: u8) -> bool {
    (byte == b'\t') | (byte == b'\n')
}

#[inline]
fn words(block: &[u8; BLOCK]) -> impl DoubleEndedIterator<Item = u64> {
    let (words, _) = block.as_chunks();
    words.iter().map(|word| u64::from_le_bytes(*word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_byte_is_known_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_end = matches!(byte, b'\t' | b'\n');
            let is_plain = byte.is_ascii_alphanumeric() || b"-./:_".contains(&byte);
            for at in [0, 7, 8, 15, 16, 63] {
                let mut block = [b'a'; BLOCK];
                block[at] = byte;
                let mut found = FieldEnds::new(&[]);
                found.look_at(&block);
                assert_eq!(found.found, u64::from(is_end) << at, "{byte} at {at}");
                assert_eq!(found.is_plain, is_plain || is_end, "{byte} at {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn fields_end_at_tabs_and_line_feeds(
            text in "[a\\x08-\\x0b\\t\n\\x7f甲\u{89}]{0,200}|[a-zA-Z0-9:_\\t\n.甲 ]{0,300}|[a-z\\t\n]{0,300}"
        ) {
            let is_usual = |byte: u8| is_plain(byte) || is_end(byte);
            let is_all_plain = text.bytes().all(is_usual);
            let mut found = FieldEnds::new(text.as_bytes());
            let mut ends = Vec::new();
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                let mut fields = Vec::new();
                let Line { next, is_plain } = found.of_line(&mut ends);
                prop_assert_eq!(next, start + line.len());
                prop_assert!(!is_plain || line.bytes().all(is_usual));
                prop_assert!(is_plain || !is_all_plain);
                for end in &ends {
                    fields.push(&text[start..*end]);
                    start = end + 1;
                }
                start = next;
                let line = line.strip_suffix('\n').unwrap_or(line);
                prop_assert_eq!(fields, line.split('\t').collect::<Vec<_>>());
            }
        }
    }
}
