//! Texts of a graph by number.

use super::index_of;

/// Number of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextId(u32);

/// Texts that stand one behind the other in one piece of memory.
///
/// They are stored as they come: slugs and most names stand once in a graph, and to find the others every
/// one would have to be looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Stores a text and gives its number.
    pub(super) fn push(&mut self, text: &str) -> TextId {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        TextId(index_of(self.ends.len() - 1))
    }

    /// The text of a number that this gave.
    pub(super) fn get(&self, id: TextId) -> &str {
        let at = id.0 as usize;
        let end = |at: usize| self.ends.get(at).copied().unwrap_or(0);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        let mut texts = Texts::default();
        let given = ["甲", "", "b", "甲"].map(|text| (texts.push(text), text));
        for (id, text) in given {
            assert_eq!(texts.get(id), text);
        }
    }
}
