//! The table of edges.

use std::io;

use oxrdf::{NamedNodeRef, TripleRef};

use super::column::{Column, ColumnType, Role, Row, Table, Value};
use super::terms::Terms;
use crate::model::{Edge, KnowledgeGraph, Provenance};
use crate::rdf::statement_iri;

/// What a column says of a fact between two entities.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum EdgeField {
    /// CURIE of the statement, which comes from its content.
    Id,
    Source,
    Target,
    /// Name of the slot.
    Slot,
    /// CURIE of the slot; that of the Biolink Model where one is exactly the same.
    Predicate,
    /// CURIE of the slot as its own schema has it.
    Relation,
    /// KGX's `category`: nothing more is known than that it is an association.
    Association,
    /// KGX's `knowledge_level`.
    KnowledgeLevel,
    /// KGX's `agent_type`.
    AgentType,
    Evidence(EvidenceField),
}

/// What is known of a fact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum EvidenceField {
    Status,
    /// Whether it follows, and is not printed.
    IsInferred,
    /// Why it follows.
    Reason,
    /// The source documents, one for each position.
    Document,
    /// Positions in them, as RFC 5147 has it.
    Position,
    /// The articles that say so.
    Article,
}

/// The evidence in the order of its columns, with their names.
const EVIDENCE: &[(EvidenceField, &str)] = &[
    (EvidenceField::Status, "status"),
    (EvidenceField::IsInferred, "inferred"),
    (EvidenceField::Reason, "inferred_reason"),
    (EvidenceField::Document, "source_document"),
    (EvidenceField::Position, "position"),
    (EvidenceField::Article, "article"),
];

/// Every fact between two entities, by subject and slot.
#[derive(Debug)]
pub(super) struct Edges<'g> {
    graph: &'g KnowledgeGraph,
    terms: &'g Terms<'g>,
    with_evidence: bool,
    fields: Vec<EdgeField>,
    columns: Vec<Column>,
}

impl<'g> Edges<'g> {
    /// The table with `fields` under the names that go with them, and with the evidence; without it
    /// those edges are left out that do not stand as plain ones.
    pub(super) fn new(
        graph: &'g KnowledgeGraph,
        terms: &'g Terms<'g>,
        with_evidence: bool,
        fields: &[(EdgeField, &str)],
    ) -> Self {
        let evidence = EVIDENCE
            .iter()
            .filter(|_| with_evidence)
            .map(|(field, name)| (EdgeField::Evidence(*field), *name));
        let (fields, columns) = fields
            .iter()
            .copied()
            .chain(evidence)
            .map(|(field, name)| (field, column(field, name)))
            .unzip();
        Self {
            graph,
            terms,
            with_evidence,
            fields,
            columns,
        }
    }

    fn fill(&self, edge: &Edge, field: EdgeField, cell: &mut Vec<Value<'g>>) {
        let terms = self.terms;
        let provenance = || self.graph.provenance(edge.provenance);
        match field {
            EdgeField::Id => cell.push(Value::text(self.id(edge))),
            EdgeField::Source => cell.push(Value::text(terms.id(edge.source))),
            EdgeField::Target => cell.push(Value::text(terms.id(edge.target))),
            EdgeField::Slot => {
                cell.push(Value::text(&self.graph.schema().slot(edge.slot).name));
            }
            EdgeField::Predicate => cell.push(Value::text(terms.predicate(edge.slot))),
            EdgeField::Relation => cell.push(Value::text(terms.relation(edge.slot))),
            EdgeField::Association => cell.push(Value::text("biolink:Association")),
            EdgeField::KnowledgeLevel => cell.push(Value::text(self.knowledge_level(edge))),
            EdgeField::AgentType => {
                let is_curated = !provenance().passages.is_empty();
                let agent = if is_curated {
                    "manual_agent"
                } else {
                    "not_provided"
                };
                cell.push(Value::text(agent));
            }
            EdgeField::Evidence(field) => self.fill_evidence(edge, provenance(), field, cell),
        }
    }

    fn id(&self, edge: &Edge) -> String {
        let graph = self.graph;
        let (subject, object) = (graph.iri(edge.source), graph.iri(edge.target));
        let triple = TripleRef::new(
            NamedNodeRef::new_unchecked(&subject),
            NamedNodeRef::new_unchecked(&graph.schema().slot(edge.slot).iri),
            NamedNodeRef::new_unchecked(&object),
        );
        let iri = statement_iri(&graph.project().base, triple, edge.status);
        self.terms.compact(&iri).into_owned()
    }

    /// How the fact is known, in the Biolink Model's words.
    fn knowledge_level(&self, edge: &Edge) -> &'static str {
        let provenance = self.graph.provenance(edge.provenance);
        let is_known = !provenance.passages.is_empty() || provenance.inferred.is_some();
        if !is_known || !self.graph.is_plain(edge.slot, edge.status) {
            "not_provided"
        } else if provenance.inferred.is_some() {
            "logical_entailment"
        } else {
            "knowledge_assertion"
        }
    }

    fn fill_evidence(
        &self,
        edge: &Edge,
        provenance: &'g Provenance,
        field: EvidenceField,
        cell: &mut Vec<Value<'g>>,
    ) {
        let passages = || provenance.passages.iter();
        match field {
            EvidenceField::Status => cell.push(Value::text(edge.status.name())),
            EvidenceField::IsInferred => {
                cell.push(Value::Boolean(provenance.inferred.is_some()));
            }
            EvidenceField::Reason => {
                let languages = &self.graph.project().languages;
                let reason = provenance.inferred.as_ref().and_then(|reasons| {
                    let mut known = languages.iter().filter_map(|tag| reasons.get(tag));
                    known.next().or_else(|| reasons.values().next())
                });
                cell.extend(reason.map(|it| Value::text(it.as_str())));
            }
            EvidenceField::Document => {
                cell.extend(passages().map(|it| Value::text(self.terms.id(it.source))));
            }
            EvidenceField::Position => cell
                .extend(passages().map(|it| Value::text(format!("char={},{}", it.start, it.end)))),
            EvidenceField::Article => {
                let mut articles: Vec<_> = passages().filter_map(|it| it.article).collect();
                articles.sort_unstable();
                articles.dedup();
                cell.extend(
                    articles
                        .into_iter()
                        .map(|it| Value::text(self.terms.id(it))),
                );
            }
        }
    }
}

impl Table for Edges<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn for_each_row(&self, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<u64> {
        let mut row: Row<'_> = vec![Vec::new(); self.columns.len()];
        let mut count = 0;
        for edge in self.graph.edges() {
            if !self.with_evidence && !self.graph.is_plain(edge.slot, edge.status) {
                continue;
            }
            for (field, cell) in self.fields.iter().zip(&mut row) {
                cell.clear();
                self.fill(&edge, *field, cell);
            }
            take(&row)?;
            count += 1;
        }
        Ok(count)
    }
}

fn column(field: EdgeField, name: &str) -> Column {
    use EvidenceField::{Article, Document, IsInferred, Position};

    Column {
        name: name.to_owned(),
        kind: match field {
            EdgeField::Evidence(IsInferred) => ColumnType::Boolean,
            _ => ColumnType::Text,
        },
        is_list: matches!(field, EdgeField::Evidence(Document | Position | Article)),
        role: match field {
            EdgeField::Id => Role::EdgeId,
            EdgeField::Source => Role::Source,
            EdgeField::Target => Role::Target,
            EdgeField::Slot => Role::Kind,
            _ => Role::Property,
        },
    }
}
