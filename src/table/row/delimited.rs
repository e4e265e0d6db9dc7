//! Rows of TSV and CSV.

use std::borrow::Cow;

use memchr::memchr;

use super::{Draft, Head, Row};
use crate::table::fault::Fault;
use crate::table::field_ends::{FieldEnds, Line};
use crate::table::identifier::Identifier;
use crate::table::layout::{Column, Layout, Role};
use crate::table::problem::{Problem, missing, nul_byte, without_line_end};
use crate::table::syntax::split_csv;

/// Reads the records of a text of TSV or CSV.
struct RecordReader<'t> {
    layout: &'t Layout,
    /// The columns that mean something, by their place.
    columns: Vec<(usize, &'t Column)>,
    /// The places of subject, predicate and object, where no other column means anything and none is
    /// filled into a template.
    only_ends: Option<[usize; 3]>,
    fixed: Option<Identifier<'t>>,
    may_have_nul: bool,
    /// Of each column the place of the prefix that was found last.
    recent: Vec<usize>,
    draft: Draft<'t>,
}

impl<'t> RecordReader<'t> {
    fn new(layout: &'t Layout, text: &str) -> Self {
        let columns = layout.columns.iter().enumerate();
        Self {
            layout,
            columns: columns
                .filter(|(_, column)| !matches!(column.role, Role::Skip))
                .collect(),
            only_ends: layout.only_ends(),
            fixed: layout.fixed_predicate(),
            may_have_nul: memchr(0, text.as_bytes()).is_some(),
            recent: vec![0; layout.columns.len()],
            draft: Draft::default(),
        }
    }

    /// Hands the row to `take` that `fields` takes from `record`; where it finds a problem, at a byte of
    /// the record, to `faults`.
    #[inline]
    fn read(
        &mut self,
        record: &str,
        line: u64,
        faults: &mut Vec<Fault>,
        take: &mut impl FnMut(&Row<'_>),
        fields: impl FnOnce(&mut Self) -> Result<(), (usize, Problem)>,
    ) {
        if record.is_empty() {
            return;
        }
        let nul = self.may_have_nul.then(|| memchr(0, record.as_bytes()));
        // Each sound row has a value of its own for all of the head.
        self.draft.values.clear();
        let read = match nul.flatten() {
            Some(nul) => Err((nul, nul_byte())),
            None => fields(self),
        };
        let head = self.draft.head(self.fixed.as_ref());
        match (read, head) {
            (Ok(()), Some(head)) => match self.layout.refusal(line, head) {
                None => take(&Row {
                    line,
                    head,
                    values: &self.draft.values,
                }),
                Some((column, problem)) => {
                    let at = self.layout.field_start(record, column);
                    faults.push(problem.at(record, at, line));
                }
            },
            (Ok(()), None) => faults.push(missing("an end of the edge").at(record, 0, line)),
            (Err((at, problem)), _) => faults.push(problem.at(record, at, line)),
        }
    }

    /// Subject, predicate and object of a plain record that says nothing else, if all are CURIEs of the
    /// prefixes that their columns had last. What this leaves out is for [`Self::tsv_fields`].
    #[inline]
    fn plain_edge(
        &self,
        text: &'t str,
        start: usize,
        ends: &[usize],
    ) -> Option<[Identifier<'t>; 3]> {
        let [subject, predicate, object] = self.only_ends?;
        if ends.len() != self.layout.columns.len() {
            return None;
        }
        Some([
            self.plain_curie(text, start, ends, subject)?,
            self.plain_curie(text, start, ends, predicate)?,
            self.plain_curie(text, start, ends, object)?,
        ])
    }

    /// The CURIE in column `at`.
    // Else three calls an edge, which cost more than what they do.
    #[inline(always)]
    fn plain_curie(
        &self,
        text: &'t str,
        start: usize,
        ends: &[usize],
        at: usize,
    ) -> Option<Identifier<'t>> {
        let from = at.checked_sub(1).map_or(start, |before| ends[before] + 1);
        let field = text.get(from..ends[at])?;
        self.layout.namespaces.plain_curie(field, self.recent[at])
    }

    /// Takes the fields of the record of TSV that begins at `start` of `text`.
    #[inline]
    fn tsv_fields(
        &mut self,
        text: &'t str,
        start: usize,
        ends: &[usize],
    ) -> Result<(), (usize, Problem)> {
        let wanted = self.layout.columns.len();
        if ends.len() != wanted {
            let last = wanted.min(ends.len()) - 1;
            let at = ends[last] - start + usize::from(last + 1 < ends.len());
            return Err((at, self.layout.wrong_count(ends.len())));
        }
        for (at, column) in &self.columns {
            let from = at.checked_sub(1).map_or(start, |before| ends[before] + 1);
            let field = &text[from..ends[*at]];
            let recent = &mut self.recent[*at];
            self.layout
                .take_field(*at, column, Cow::Borrowed(field), recent, &mut self.draft)
                .map_err(|problem| (from - start, problem))?;
        }
        Ok(())
    }

    fn csv_fields(&mut self, record: &'t str) -> Result<(), (usize, Problem)> {
        let Self {
            layout,
            recent,
            draft,
            ..
        } = self;
        let mut count = 0;
        let mut problem = None;
        let split = split_csv(record, |field| {
            let at = count;
            count += 1;
            if let (Some(column), Some(recent)) = (layout.columns.get(at), recent.get_mut(at))
                && problem.is_none()
                && let Err(found) = layout.take_field(at, column, field, recent, draft)
            {
                problem = Some((at, found));
            }
        });
        split.map_err(|found| (found.at, found.into()))?;
        let wanted = layout.columns.len();
        if count != wanted {
            return Err((csv_field_start(record, wanted), layout.wrong_count(count)));
        }
        match problem {
            Some((at, found)) => Err((csv_field_start(record, at), found)),
            None => Ok(()),
        }
    }
}

impl Layout {
    /// The rows of a text of whole records; gives the line after them.
    pub(super) fn tsv_rows(
        &self,
        text: &str,
        first_line: u64,
        faults: &mut Vec<Fault>,
        take: &mut impl FnMut(&Row<'_>),
    ) -> u64 {
        let mut reader = RecordReader::new(self, text);
        let mut lines = FieldEnds::new(text.as_bytes());
        let mut ends: Vec<usize> = Vec::with_capacity(self.columns.len());
        let mut start = 0;
        let mut line = first_line;
        while start < text.len() {
            let Line { next, is_plain } = lines.of_line(&mut ends);
            let mut end = ends.last().copied().unwrap_or(next);
            if !is_plain && text.as_bytes()[start..end].last() == Some(&b'\r') {
                end -= 1;
                ends.last_mut().into_iter().for_each(|last| *last = end);
            }
            if is_plain
                && let Some([subject, predicate, object]) = reader.plain_edge(text, start, &ends)
            {
                take(&Row {
                    line,
                    head: Head::Edge {
                        subject: &subject,
                        predicate: &predicate,
                        object: &object,
                    },
                    values: &[],
                });
                start = next;
                line += 1;
                continue;
            }
            reader.read(&text[start..end], line, faults, take, |reader| {
                reader.tsv_fields(text, start, &ends)
            });
            start = next;
            line += 1;
        }
        line
    }

    /// The same of CSV.
    pub(super) fn csv_rows(
        &self,
        text: &str,
        mut line: u64,
        faults: &mut Vec<Fault>,
        take: &mut impl FnMut(&Row<'_>),
    ) -> u64 {
        let mut reader = RecordReader::new(self, text);
        let mut rest = text;
        while !rest.is_empty() {
            let (record, after) = rest.split_at(self.syntax.record_length(rest.as_bytes()));
            rest = after;
            let begins = line;
            line += record.bytes().filter(|byte| *byte == b'\n').count() as u64;
            let record = without_line_end(record);
            reader.read(record, begins, faults, take, |reader| {
                reader.csv_fields(record)
            });
        }
        line
    }

    /// The places of subject, predicate and object, if only they mean anything, just as they stand, and rows
    /// are held against no others.
    fn only_ends(&self) -> Option<[usize; 3]> {
        let (mut subject, mut predicate, mut object) = (None, None, None);
        if self.others.is_some() {
            return None;
        }
        for (at, column) in self.columns.iter().enumerate() {
            match &column.role {
                Role::Subject(None) => subject = Some(at),
                Role::Predicate => predicate = Some(at),
                Role::Object(None) => object = Some(at),
                Role::Skip => {}
                Role::Node(_) | Role::Subject(_) | Role::Object(_) | Role::Property(_) => {
                    return None;
                }
            }
        }
        Some([subject?, predicate?, object?])
    }
}

/// Byte of a record of CSV at which its field number `wanted` begins, or the record's end.
pub(super) fn csv_field_start(record: &str, wanted: usize) -> usize {
    let mut is_quoted = false;
    let mut field = 0;
    for (at, byte) in record.bytes().enumerate() {
        if field == wanted {
            return at;
        }
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => field += 1,
            _ => {}
        }
    }
    record.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::chunk::Chunk;
    use crate::table::{Mapping, TableReader};

    /// The edges and the faults that a layout finds in `bytes`.
    fn edges(layout: &Layout, bytes: &[u8]) -> (Vec<String>, Vec<Fault>) {
        let chunk = Chunk {
            bytes: bytes.to_vec(),
            first_line: 2,
            faults: Vec::new(),
        };
        let (mut edges, mut faults) = (Vec::new(), Vec::new());
        layout.rows(&chunk, &mut faults, |row| {
            let Head::Edge {
                subject,
                predicate,
                object,
            } = row.head
            else {
                return;
            };
            let iris = [subject, predicate, object].map(Identifier::to_iri);
            edges.push(format!("{} {}", row.line, iris.join(" ")));
        });
        (edges, faults)
    }

    proptest! {
        /// What an edge says beside its ends keeps it from being read at once.
        #[test]
        fn plain_edges_are_read_as_all_others(
            rows in "(((EX|biolink|HGNC|no)?:[a-z0-9/._:%]{0,3}|[a-zé\" ]{0,2})(\t|\r?\n)|(EX:1\tbiolink:p\tEX:2\t[a-z]{0,9}\n)){0,30}"
        ) {
            let mut mapping = Mapping::kgx();
            mapping.prefixes.insert("EX", "https://kg.example/").unwrap();
            let header = &b"subject\tpredicate\tobject\tnote\n"[..];
            let layout = TableReader::open("edges", header, &mapping).unwrap().layout;
            let all = edges(&layout, rows.as_bytes());
            let layout = layout.without_edge_properties();
            prop_assert!(layout.only_ends().is_some());
            prop_assert_eq!(edges(&layout, rows.as_bytes()), all);
        }
    }
}
