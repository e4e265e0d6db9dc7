//! What the columns of tables mean: KGX's own, and what a mapping file says.

use std::collections::BTreeMap;

use oxrdf::Literal;
use serde::Deserialize;
use toml::Spanned;

use super::property::{Property, Template, ValueKind};
use super::vocabulary::{BIOLINK, KGX_PREFIXES, STATEMENTS};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::prefix::{PrefixError, PrefixMap, is_absolute_iri};
use crate::source::{self, Table, Text, shorten};
use crate::suggest;

/// What the columns of tables mean.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Prefixes of CURIEs.
    pub prefixes: PrefixMap,
    /// Where the IRIs of statements begin.
    pub base: String,
    /// Where the IRIs of properties begin that nothing else is said of.
    pub terms: String,
    /// Tables of nodes.
    pub nodes: NodeColumns,
    /// Tables of edges.
    pub edges: EdgeColumns,
}

/// What the columns of a table of nodes mean.
#[derive(Clone, Debug)]
pub struct NodeColumns {
    /// The column that names the node.
    pub id: EndColumn,
    /// Columns of which something is said, by name.
    pub columns: BTreeMap<String, ColumnRule>,
}

/// What the columns of a table of edges mean.
#[derive(Clone, Debug)]
pub struct EdgeColumns {
    /// The column that names the edge.
    pub id: String,
    /// The column of the node that the edge leaves.
    pub subject: EndColumn,
    /// The column of the node that it enters.
    pub object: EndColumn,
    /// What says how the two are related.
    pub predicate: Predicate,
    /// The column whose first IRI names the graph of the edge, where edges are sorted into graphs.
    pub graph: Option<String>,
    /// Columns of which something is said, by name.
    pub columns: BTreeMap<String, ColumnRule>,
}

/// A column that names a node.
#[derive(Clone, Debug)]
pub struct EndColumn {
    /// Its name.
    pub column: String,
    /// What makes IRIs of its values, where they are no CURIEs.
    pub template: Option<Template>,
}

/// What says how the ends of an edge are related.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// A column of CURIEs or IRIs.
    Column(String),
    /// The same for all edges of the table: an IRI.
    Always(String),
}

/// What is done with a column.
#[derive(Clone, Debug)]
pub enum ColumnRule {
    /// Nothing.
    Skip,
    /// It is a property.
    Property(Property),
}

#[derive(Clone, Debug, Deserialize)]
struct MappingRecord {
    base: Option<Spanned<String>>,
    terms: Option<Spanned<String>>,
    #[serde(default)]
    prefixes: Text,
}

#[derive(Clone, Debug, Deserialize)]
struct NodesRecord {
    id: Option<String>,
    iri: Option<Spanned<String>>,
}

#[derive(Clone, Debug, Deserialize)]
struct EdgesRecord {
    id: Option<String>,
    subject: Option<String>,
    subject_iri: Option<Spanned<String>>,
    predicate: Option<String>,
    predicate_iri: Option<Spanned<String>>,
    object: Option<String>,
    object_iri: Option<Spanned<String>>,
    graph: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct ColumnRecord {
    property: Option<Spanned<String>>,
    iri: Option<Spanned<String>>,
    #[serde(default)]
    is_iri: bool,
    language: Option<Spanned<String>>,
    datatype: Option<Spanned<String>>,
    separator: Option<Spanned<String>>,
    #[serde(default)]
    skip: bool,
}

impl Default for Mapping {
    fn default() -> Self {
        Self::kgx()
    }
}

impl Mapping {
    /// The columns of KGX, its prefixes and the well-known ones.
    pub fn kgx() -> Self {
        let mut prefixes = PrefixMap::well_known();
        for (prefix, namespace) in KGX_PREFIXES {
            // They are legal, which a test holds.
            drop(prefixes.insert(prefix, namespace));
        }
        let end = |column: &str| EndColumn {
            column: column.to_owned(),
            template: None,
        };
        Self {
            prefixes,
            base: STATEMENTS.to_owned(),
            terms: BIOLINK.to_owned(),
            nodes: NodeColumns {
                id: end("id"),
                columns: BTreeMap::new(),
            },
            edges: EdgeColumns {
                id: "id".to_owned(),
                subject: end("subject"),
                object: end("object"),
                predicate: Predicate::Column("predicate".to_owned()),
                graph: None,
                columns: BTreeMap::new(),
            },
        }
    }

    /// The columns of KGX, and what the mapping file `text` says beyond them or in their place.
    /// Every fault of the file is reported as one of `file`.
    pub fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut table = source::parse(file, text, diagnostics);
        let mut nodes = table.take_table("nodes", diagnostics);
        let mut edges = table.take_table("edges", diagnostics);
        let record = table.read::<MappingRecord>(diagnostics);
        table.finish(diagnostics);

        let mut reader = Reader {
            file,
            mapping: Self::kgx(),
            diagnostics,
        };
        if let Some(record) = record {
            reader.take_prefixes(record.prefixes);
            if let Some(base) = record.base.and_then(|it| reader.namespace(&it)) {
                reader.mapping.base = base;
            }
            if let Some(terms) = record.terms.and_then(|it| reader.namespace(&it)) {
                reader.mapping.terms = terms;
            }
        }
        reader.take_nodes(&mut nodes);
        nodes.finish(reader.diagnostics);
        reader.take_edges(&mut edges);
        edges.finish(reader.diagnostics);
        reader.mapping
    }
}

struct Reader<'d> {
    file: FileId,
    mapping: Mapping,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn take_prefixes(&mut self, written: Text) {
        for (prefix, namespace) in written {
            let inserted = self
                .mapping
                .prefixes
                .insert(prefix.as_ref(), namespace.as_ref());
            match inserted {
                Ok(()) => {}
                Err(error @ PrefixError::IllegalPrefix(_)) => {
                    self.report(Code::InvalidIri, &prefix, error.to_string(), None);
                }
                Err(error) => self.report(
                    Code::InvalidIri,
                    &namespace,
                    error.to_string(),
                    Some("a prefix stands for the beginning of an absolute IRI".to_owned()),
                ),
            }
        }
    }

    fn take_nodes(&mut self, table: &mut Table<'_>) {
        self.mapping.nodes.columns = self.columns(table);
        let Some(record) = table.read::<NodesRecord>(self.diagnostics) else {
            return;
        };
        let template = self.template(record.iri);
        let id = &mut self.mapping.nodes.id;
        id.template = template;
        replace(&mut id.column, record.id);
    }

    fn take_edges(&mut self, table: &mut Table<'_>) {
        self.mapping.edges.columns = self.columns(table);
        let Some(record) = table.read::<EdgesRecord>(self.diagnostics) else {
            return;
        };
        let subject = self.template(record.subject_iri);
        let object = self.template(record.object_iri);
        let always = record.predicate_iri.and_then(|iri| self.expand(&iri));
        let edges = &mut self.mapping.edges;
        edges.subject.template = subject;
        edges.object.template = object;
        replace(&mut edges.id, record.id);
        replace(&mut edges.subject.column, record.subject);
        replace(&mut edges.object.column, record.object);
        edges.graph = record.graph;
        match (always, record.predicate) {
            (Some(iri), _) => edges.predicate = Predicate::Always(iri),
            (None, Some(column)) => edges.predicate = Predicate::Column(column),
            (None, None) => {}
        }
    }

    fn columns(&mut self, table: &mut Table<'_>) -> BTreeMap<String, ColumnRule> {
        let mut columns = table.take_table("columns", self.diagnostics);
        let mut rules = BTreeMap::new();
        for entry in columns.take_rest() {
            let column = entry.key.clone().into_owned();
            let Some(mut table) = entry.into_table(self.diagnostics) else {
                continue;
            };
            let span = table.span;
            let record = table.read::<ColumnRecord>(self.diagnostics);
            table.finish(self.diagnostics);
            if let Some(rule) = record.and_then(|record| self.column(&column, record, span)) {
                rules.insert(column, rule);
            }
        }
        rules
    }

    fn column(&mut self, column: &str, record: ColumnRecord, span: Span) -> Option<ColumnRule> {
        if record.skip {
            return Some(ColumnRule::Skip);
        }
        let kinds = [
            record.is_iri,
            record.iri.is_some(),
            record.language.is_some(),
            record.datatype.is_some(),
        ];
        if kinds.iter().filter(|is_there| **is_there).count() > 1 {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::WrongType,
                    span,
                    format!("the column `{}` is of several kinds", shorten(column)),
                )
                .with_hint("keep one of is_iri, iri, language and datatype"),
            );
            return None;
        }
        // What is not said is as it would be without the mapping.
        let mut property = Property::of_column(column, &self.mapping.terms);
        let is_named = record.property.is_some();
        if let Some(curie) = record.property {
            property.iri = self.expand(&curie)?;
        }
        if record.is_iri {
            property.kind = ValueKind::Iri;
        } else if record.iri.is_some() {
            property.kind = ValueKind::Template(self.template(record.iri)?);
        } else if kinds.contains(&true) || is_named {
            property.kind = ValueKind::Text {
                language: match record.language {
                    Some(language) => Some(self.language(&language)?),
                    None => None,
                },
                datatype: match record.datatype {
                    Some(datatype) => Some(self.expand(&datatype)?),
                    None => None,
                },
            };
        }
        if let Some(separator) = record.separator {
            property.separator = Some(separator.into_inner()).filter(|it| !it.is_empty());
        }
        Some(ColumnRule::Property(property))
    }

    fn template(&mut self, written: Option<Spanned<String>>) -> Option<Template> {
        let written = written?;
        let template = Template::parse(written.as_ref())
            .filter(|template| is_absolute_iri(&template.fill("x")));
        if template.is_none() {
            self.report(
                Code::InvalidIri,
                &written,
                format!("`{}` is no template of IRIs", shorten(written.as_ref())),
                Some("an absolute IRI with {} once, where the value goes".to_owned()),
            );
        }
        template
    }

    fn namespace(&mut self, written: &Spanned<String>) -> Option<String> {
        let iri = written.as_ref();
        if is_absolute_iri(iri) && iri.ends_with(['/', '#', ':']) {
            return Some(iri.clone());
        }
        self.report(
            Code::InvalidIri,
            written,
            format!("`{}` cannot be the beginning of IRIs", shorten(iri)),
            Some("an absolute IRI that ends in `/`, `#` or `:`".to_owned()),
        );
        None
    }

    fn language(&mut self, written: &Spanned<String>) -> Option<String> {
        let tag = written.as_ref();
        if Literal::new_language_tagged_literal("", tag).is_ok() {
            return Some(tag.clone());
        }
        self.report(
            Code::InvalidLanguage,
            written,
            format!("`{}` is no language tag", shorten(tag)),
            Some("a BCP 47 tag: zh, en, zh-hant".to_owned()),
        );
        None
    }

    fn expand(&mut self, written: &Spanned<String>) -> Option<String> {
        let error = match self.mapping.prefixes.expand(written.as_ref()) {
            Ok(iri) => return Some(iri.into_owned()),
            Err(error) => error,
        };
        let (code, hint) = match &error {
            PrefixError::UnknownPrefix(prefix) => {
                let known = self.mapping.prefixes.iter().map(|(prefix, _)| prefix);
                let hint = suggest::nearest(prefix, known).map_or_else(
                    || "declare it under [prefixes]".to_owned(),
                    |name| format!("did you mean `{name}:`?"),
                );
                (Code::UnknownPrefix, Some(hint))
            }
            _ => (Code::InvalidIri, None),
        };
        self.report(code, written, error.to_string(), hint);
        None
    }

    fn report(&mut self, code: Code, at: &Spanned<String>, message: String, hint: Option<String>) {
        let span = Span {
            file: self.file,
            start: at.span().start,
            end: at.span().end,
        };
        self.diagnostics
            .push(Diagnostic::error(code, span, message).with_hint_if(hint));
    }
}

fn replace(value: &mut String, by: Option<String>) {
    if let Some(by) = by {
        *value = by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefixes_of_kgx_are_legal() {
        let mapping = Mapping::kgx();
        for (prefix, namespace) in KGX_PREFIXES {
            assert_eq!(mapping.prefixes.namespace(prefix), Some(*namespace));
        }
    }

    #[test]
    fn a_mapping_says_what_columns_mean() {
        let text = r#"
            base = "https://kg.example/"
            [prefixes]
            EX = "https://kg.example/node/"
            [nodes]
            id = "code"
            iri = "https://kg.example/node/{}"
            columns.name = { property = "rdfs:label", language = "zh" }
            columns.area = { property = "EX:area", datatype = "xsd:decimal" }
            columns.mayor = { property = "EX:mayor", iri = "https://kg.example/person/{}", separator = ";" }
            columns.note = { skip = true }
            columns.category = { separator = ";" }
            [edges]
            predicate_iri = "EX:twin"
        "#;
        let mut diagnostics = Vec::new();
        let mapping = Mapping::parse(FileId(0), text, &mut diagnostics);
        assert_eq!(diagnostics, []);
        assert_eq!(mapping.nodes.id.column, "code");
        assert!(mapping.nodes.id.template.is_some());
        assert!(
            matches!(&mapping.edges.predicate, Predicate::Always(iri) if iri == "https://kg.example/node/twin")
        );
        let kind = |column: &str| match &mapping.nodes.columns[column] {
            ColumnRule::Skip => None,
            ColumnRule::Property(property) => Some(property.clone()),
        };
        assert_eq!(kind("note"), None);
        assert_eq!(kind("category").unwrap().kind, ValueKind::Iri);
        assert_eq!(kind("category").unwrap().separator.as_deref(), Some(";"));
        assert!(matches!(
            kind("mayor").unwrap().kind,
            ValueKind::Template(_)
        ));
    }

    #[test]
    fn every_fault_is_found_in_one_run() {
        let text = r#"
            base = "no iri"
            tems = "https://kg.example/"
            [prefixes]
            "1" = "https://kg.example/"
            a = "b"
            [nodes]
            idd = "id"
            columns.name = { property = "rdsf:label" }
            columns.text = { language = "no tag" }
            columns.both = { language = "zh", datatype = "xsd:date" }
            columns.many = { sepparator = ";" }
            columns.place = { iri = "https://kg.example/" }
            columns.size = 3
            [edges]
            subject = 1
            predicate_iri = "twin"
        "#;
        let mut diagnostics = Vec::new();
        Mapping::parse(FileId(0), text, &mut diagnostics);
        diagnostics.sort_by_key(|it| it.span);
        let found: Vec<_> = diagnostics
            .iter()
            .map(|it| (it.code.name(), it.hint.as_deref().unwrap_or_default()))
            .collect();
        let wanted = [
            (
                "invalid-iri",
                "an absolute IRI that ends in `/`, `#` or `:`",
            ),
            ("unknown-key", "did you mean `terms`?"),
            ("invalid-iri", ""),
            (
                "invalid-iri",
                "a prefix stands for the beginning of an absolute IRI",
            ),
            ("unknown-key", "did you mean `id`?"),
            ("unknown-prefix", "did you mean `rdf:`?"),
            ("invalid-language", "a BCP 47 tag: zh, en, zh-hant"),
            (
                "wrong-type",
                "keep one of is_iri, iri, language and datatype",
            ),
            ("unknown-key", "did you mean `separator`?"),
            (
                "invalid-iri",
                "an absolute IRI with {} once, where the value goes",
            ),
            ("wrong-type", ""),
            ("wrong-type", ""),
            ("invalid-iri", ""),
        ];
        assert_eq!(found, wanted);
    }
}
