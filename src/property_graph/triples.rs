//! The graph's RDF as a table.

use std::io;

use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::column::{Column, ColumnType, Role, Row, Table, Value};
use crate::model::KnowledgeGraph;
use crate::rdf::{ProvenanceProfile, TripleSink, write_triples};

/// Every triple, in the order of the RDF; IRIs in full.
#[derive(Debug)]
pub(super) struct Triples<'g> {
    graph: &'g KnowledgeGraph,
    profile: ProvenanceProfile,
    columns: Vec<Column>,
}

impl<'g> Triples<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph, with_evidence: bool) -> Self {
        let names = [
            "subject",
            "predicate",
            "object",
            "object_kind",
            "datatype",
            "language",
        ];
        let columns = names.into_iter().map(|name| Column {
            name: name.to_owned(),
            kind: ColumnType::Text,
            is_list: false,
            role: Role::Property,
        });
        Self {
            graph,
            profile: if with_evidence {
                ProvenanceProfile::Reified
            } else {
                ProvenanceProfile::None
            },
            columns: columns.collect(),
        }
    }
}

impl Table for Triples<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn for_each_row(&self, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<u64> {
        let mut rows = Rows { take, count: 0 };
        write_triples(self.graph, self.profile, &mut rows)?;
        Ok(rows.count)
    }
}

struct Rows<'t> {
    take: &'t mut dyn FnMut(&Row<'_>) -> io::Result<()>,
    count: u64,
}

impl TripleSink for Rows<'_> {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, _: GraphNameRef<'_>) -> io::Result<()> {
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        let subject = match triple.subject {
            NamedOrBlankNodeRef::NamedNode(node) => Value::text(node.as_str()),
            NamedOrBlankNodeRef::BlankNode(node) => Value::text(node.to_string()),
        };
        let (object, kind) = match triple.object {
            TermRef::NamedNode(node) => (Value::text(node.as_str()), "iri"),
            TermRef::Literal(literal) => (Value::text(literal.value()), "literal"),
            TermRef::BlankNode(node) => (Value::text(node.to_string()), "blank"),
            TermRef::Triple(triple) => (Value::text(triple.to_string()), "triple"),
        };
        let (datatype, language) = match triple.object {
            TermRef::Literal(literal) => (Some(literal.datatype().as_str()), literal.language()),
            _ => (None, None),
        };
        self.count += 1;
        (self.take)(&vec![
            vec![subject],
            vec![Value::text(triple.predicate.as_str())],
            vec![object],
            vec![Value::text(kind)],
            datatype.into_iter().map(Value::text).collect(),
            language.into_iter().map(Value::text).collect(),
        ])
    }
}
