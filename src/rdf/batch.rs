//! Triples whose terms are looked up together.

use oxrdf::{NamedOrBlankNodeRef, TermRef, TripleRef};

use super::terms::{Key, TermId, Terms};

/// Triples that wait for the numbers of their terms.
///
/// Terms lie anywhere in memory. When many are looked up and nothing else is done in between, the
/// processor fetches several at a time.
#[derive(Debug, Default)]
pub(crate) struct TripleBatch {
    /// The texts of the keys, one behind the other.
    text: String,
    keys: Vec<Key>,
    /// Places of subject, predicate and object among the keys.
    triples: Vec<[usize; 3]>,
    /// The place of the last subject: most triples have that of the one before.
    subject: Option<usize>,
    numbers: Vec<TermId>,
}

impl TripleBatch {
    /// So many triples should wait at most.
    const MOST: usize = 256;

    /// Whether it is time to [settle](Self::settle).
    pub(crate) fn is_full(&self) -> bool {
        self.triples.len() >= Self::MOST
    }

    /// Has a triple wait; `None` if there is no number left for a part of it.
    pub(crate) fn push(&mut self, terms: &mut Terms, triple: TripleRef<'_>) -> Option<()> {
        let subject = match self.subject.filter(|at| self.is_at(*at, triple.subject)) {
            Some(subject) => subject,
            None => self.push_term(terms, triple.subject.into())?,
        };
        self.subject = Some(subject);
        let predicate = self.push_term(terms, triple.predicate.into())?;
        let object = self.push_term(terms, triple.object)?;
        self.triples.push([subject, predicate, object]);
        Some(())
    }

    fn push_term(&mut self, terms: &mut Terms, term: TermRef<'_>) -> Option<usize> {
        let key = terms.key(term, &mut self.text)?;
        self.keys.push(key);
        Some(self.keys.len() - 1)
    }

    fn is_at(&self, at: usize, subject: NamedOrBlankNodeRef<'_>) -> bool {
        let key = self.keys.get(at);
        key.is_some_and(|key| key.is_node(&self.text, subject))
    }

    /// Hands the triples to `take` in their order, by the numbers of their terms, which are stored if they
    /// are new; `None` if there is no number left.
    pub(crate) fn settle<E>(
        &mut self,
        terms: &mut Terms,
        mut take: impl FnMut([TermId; 3]) -> Result<(), E>,
    ) -> Option<Result<(), E>> {
        terms.intern_keys(&self.text, &self.keys, &mut self.numbers)?;
        let number = |at: usize| self.numbers.get(at).copied();
        let mut taken = Ok(());
        for [subject, predicate, object] in &self.triples {
            let triple = [number(*subject)?, number(*predicate)?, number(*object)?];
            taken = take(triple);
            if taken.is_err() {
                break;
            }
        }
        self.text.clear();
        self.keys.clear();
        self.triples.clear();
        self.subject = None;
        Some(taken)
    }
}
