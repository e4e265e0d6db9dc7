//! IRIs of the nodes that no author names: statements, stretches of text, quantities.
//!
//! Each hangs below the project's base and holds a full stop, which no slug does, so that it can
//! never be an entity's. A statement's IRI comes from its content, so that every profile, shard and
//! version gives it the same.

use oxrdf::TripleRef;
use sha2::{Digest, Sha256};

use super::ntriples::append_triple;
use crate::model::{KnowledgeGraph, NodeId, Passage, Status};

/// Hexadecimal digits of a statement's digest: 80 bits, enough for ten million statements with a
/// chance of a clash below one in twenty billion.
const DIGITS: usize = 20;

/// IRI of the statement that `triple` holds with `status`.
///
/// `base` and `s.` and the first 20 hexadecimal digits of the SHA-256 of the triple as canonical
/// N-Triples, ` .` included; where the status is not `asserted`, a space and the status follow
/// before the digest is taken.
pub fn statement_iri(base: &str, triple: TripleRef<'_>, status: Status) -> String {
    let mut content = Vec::new();
    append_triple(&mut content, triple);
    if status != Status::Asserted {
        content.push(b' ');
        content.extend_from_slice(status.name().as_bytes());
    }
    format!("{base}s.{}", short_digest(&content))
}

/// First digits of the SHA-256 of `content`.
pub(super) fn short_digest(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest
        .iter()
        .take(DIGITS / 2)
        .fold(String::with_capacity(DIGITS), |mut hex, byte| {
            for digit in [byte >> 4, byte & 0xF] {
                hex.extend(char::from_digit(u32::from(digit), 16));
            }
            hex
        })
}

/// IRI of a stretch of a source document: the source's IRI, a full stop, `c`, start and end.
pub fn passage_iri(graph: &KnowledgeGraph, passage: Passage) -> String {
    stretch_iri(graph, passage.source, passage.start, passage.end)
}

pub(super) fn stretch_iri(graph: &KnowledgeGraph, source: NodeId, start: u32, end: u32) -> String {
    format!("{}.c{start}-{end}", graph.iri(source))
}

#[cfg(test)]
mod tests {
    use oxrdf::{LiteralRef, NamedNodeRef};

    use super::*;

    #[test]
    fn the_iri_comes_from_subject_predicate_object_and_status() {
        let node = NamedNodeRef::new_unchecked;
        let triple = TripleRef::new(
            node("https://a.example/s"),
            node("https://a.example/p"),
            LiteralRef::new_simple_literal("o"),
        );
        // printf '<https://a.example/s> <https://a.example/p> "o" .' | sha256sum
        assert_eq!(
            statement_iri("https://a.example/", triple, Status::Asserted),
            "https://a.example/s.645feda6bbe74a431d38"
        );
        assert_ne!(
            statement_iri("https://a.example/", triple, Status::Planned),
            statement_iri("https://a.example/", triple, Status::Asserted)
        );
    }
}
