//! Triples whose terms are looked up together.

use std::ops::Range;

use oxrdf::{NamedOrBlankNodeRef, TermRef, TripleRef};

use super::{Kind, TermId, Terms, half_hash, is_term, whole_hash};

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

/// A term that is looked for: what kind it is, half its hash, and where its text stands in another.
#[derive(Clone, Debug)]
struct Key {
    kind: Kind,
    hash: u32,
    text: Range<usize>,
}

impl Key {
    /// Whether it is this node; `texts` is where its text stands.
    fn is_node(&self, texts: &str, node: NamedOrBlankNodeRef<'_>) -> bool {
        let (kind, text) = match node {
            NamedOrBlankNodeRef::NamedNode(node) => (Kind::IRI, node.as_str()),
            NamedOrBlankNodeRef::BlankNode(node) => (Kind::BLANK_NODE, node.as_str()),
        };
        self.kind == kind && texts.get(self.text.clone()) == Some(text)
    }
}

impl Terms {
    /// What `term` is looked for with; its text is appended to `texts`. `None` if there is no number left
    /// for a part of it.
    fn key(&mut self, term: TermRef<'_>, texts: &mut String) -> Option<Key> {
        let (kind, text) = self.kind_and_text(term)?;
        let start = texts.len();
        texts.push_str(&text);
        Some(Key {
            kind,
            hash: half_hash(kind, &text),
            text: start..texts.len(),
        })
    }

    /// Puts the numbers of all `keys` into `found`; new ones are stored. `None` if there is no number left.
    fn intern_keys(&mut self, texts: &str, keys: &[Key], found: &mut Vec<TermId>) -> Option<()> {
        let text = |key: &Key| texts.get(key.text.clone()).unwrap_or_default();
        // First who it may be, then whether it is: no step of one key waits for one of another.
        let likely: Vec<Option<TermId>> = keys
            .iter()
            .map(|key| {
                let is_like = |(hash, _): &(u32, TermId)| *hash == key.hash;
                let found = self.numbers.find(whole_hash(key.hash), is_like);
                found.map(|(_, id)| *id)
            })
            .collect();
        let is_it =
            |key: &Key, id: &TermId| is_term(&self.text, &self.entries, *id, key.kind, text(key));
        let known: Vec<Option<TermId>> = keys
            .iter()
            .zip(likely)
            .map(|(key, id)| id.filter(|id| is_it(key, id)))
            .collect();
        found.clear();
        for (key, known) in keys.iter().zip(known) {
            found.push(match known {
                Some(id) => id,
                None => self.intern_text(key.kind, text(key), key.hash)?,
            });
        }
        Some(())
    }
}
