//! Several runs as one.

use std::io::{self, Read, Seek};

use super::run::{Cursor, Run, common_length};

/// Gives the lines of several runs in order, each once.
///
/// It is a tournament: each inner place of the tree holds the run that lost there, and only the way from
/// the run that won last to the root is played again. Of each line it is known how many bytes it has in
/// common with the line that was given last, or for one that lost, with the one that it lost to, which is
/// given before it. The longer that is, the smaller is the line; so lines are compared only where it is the
/// same, and only after it.
#[derive(Debug)]
pub(super) struct Merge<F> {
    cursors: Vec<Cursor<F>>,
    /// For each cursor, what its line has in common with another as said above.
    shared: Vec<usize>,
    /// The losers, from place 1 on; the winner of all stands in place 0.
    places: Vec<usize>,
    has_begun: bool,
}

impl<F: Read + Seek> Merge<F> {
    /// Of the runs that are files, `buffer` bytes are read at once.
    pub(super) fn new(runs: Vec<Run<F>>, buffer: usize) -> io::Result<Self> {
        let mut cursors = Vec::with_capacity(runs.len());
        for run in runs {
            let mut cursor = Cursor::new(run, buffer)?;
            cursor.advance()?;
            cursors.push(cursor);
        }
        let mut merge = Self {
            shared: vec![0; cursors.len()],
            places: vec![0; cursors.len()],
            cursors,
            has_begun: false,
        };
        if !merge.cursors.is_empty() {
            let winner = merge.play(1);
            merge.places[0] = winner;
        }
        Ok(merge)
    }

    /// Plays all below a place and gives the winner. Below the inner places stand the cursors.
    fn play(&mut self, place: usize) -> usize {
        let count = self.cursors.len();
        if place >= count {
            return place - count;
        }
        let (a, b) = (self.play(2 * place), self.play(2 * place + 1));
        let (winner, loser) = self.contest(a, b);
        self.places[place] = loser;
        winner
    }

    /// Winner and loser of two cursors: the smaller line, and any line before none.
    fn contest(&mut self, a: usize, b: usize) -> (usize, usize) {
        let (first, second) = (&self.cursors[a].line, &self.cursors[b].line);
        if first.is_empty() {
            return (b, a);
        }
        if second.is_empty() || self.shared[a] > self.shared[b] {
            return (a, b);
        }
        if self.shared[a] < self.shared[b] {
            return (b, a);
        }
        let same = self.shared[a];
        let common = same + common_length(&first[same..], &second[same..]);
        let (winner, loser) = if first[common..] <= second[common..] {
            (a, b)
        } else {
            (b, a)
        };
        self.shared[loser] = common;
        (winner, loser)
    }

    /// The next line, and how many bytes it has in common with the one before it; `None` at the end.
    pub(super) fn next_line(&mut self) -> io::Result<Option<(&[u8], usize)>> {
        if self.cursors.is_empty() {
            return Ok(None);
        }
        loop {
            if self.has_begun {
                self.advance()?;
            }
            self.has_begun = true;
            let winner = self.places[0];
            let (length, shared) = (self.cursors[winner].line.len(), self.shared[winner]);
            if length == 0 {
                return Ok(None);
            }
            // A line that has all in common with the last is that once more.
            if shared < length {
                return Ok(Some((&self.cursors[winner].line, shared)));
            }
        }
    }

    /// Goes on from the line that was given last.
    fn advance(&mut self) -> io::Result<()> {
        let mut winner = self.places[0];
        self.cursors[winner].advance()?;
        self.shared[winner] = self.cursors[winner].shared;
        let mut place = (self.cursors.len() + winner) / 2;
        while place > 0 {
            let loser;
            (winner, loser) = self.contest(winner, self.places[place]);
            self.places[place] = loser;
            place /= 2;
        }
        self.places[0] = winner;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::run::RunWriter;
    use super::*;

    type Memory = io::Cursor<Vec<u8>>;

    fn lines(mut merge: Merge<Memory>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        while let Some((line, shared)) = merge.next_line().unwrap() {
            let last = found.last().map_or("", String::as_str);
            assert_eq!(shared, common_length(last.as_bytes(), line));
            found.push(String::from_utf8(line.to_vec()).unwrap());
        }
        found
    }

    proptest! {
        #[test]
        fn runs_come_out_as_one(runs in vec(vec("[ab]{0,3}(a{130})?", 0..12), 0..9), in_files: bool) {
            let mut expected: Vec<String> = runs.iter().flatten().map(|line| format!("{line}\n")).collect();
            expected.sort();
            expected.dedup();
            let runs = runs.iter().map(|lines| {
                let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
                let run = Run::of_lines(text.as_bytes());
                if !in_files {
                    return run;
                }
                let mut file = RunWriter::new(Memory::default());
                let mut merge = Merge::new(vec![run], 0).unwrap();
                while let Some((line, shared)) = merge.next_line().unwrap() {
                    file.push(line, shared).unwrap();
                }
                file.finish().unwrap()
            });
            prop_assert_eq!(lines(Merge::new(runs.collect(), 32).unwrap()), expected);
        }
    }
}
