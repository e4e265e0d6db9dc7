//! The graph as a property graph, in the files that tools for analysis read: a table of nodes, a table
//! of edges, columns with types.
//!
//! Entities are nodes, and their facts with literal values columns, named like the slots; facts between
//! entities are edges, with their evidence. A fact that does not stand as a plain one, being only
//! planned, keeps out of the column of its slot: its column names the status, `value_target`. A date
//! has columns for the first and last day that it can mean beside its text, a quantity for its number,
//! scale worked in, and for its unit.
//!
//! One row after the other is made and written; only the list of columns is made beforehand.

mod column;
mod delimited;
mod edge;
mod facts;
mod graphml;
mod json_lines;
mod node;
#[cfg(feature = "parquet")]
mod parquet;
mod terms;
#[cfg(feature = "parquet")]
mod triples;

use std::io::{self, Write};

use self::column::Table;
pub use self::delimited::{append_csv_field, append_tsv_value};
use self::delimited::{write_csv, write_neo4j, write_tsv};
use self::edge::{EdgeField, Edges};
use self::graphml::write_graphml;
use self::json_lines::write_json_lines;
use self::node::{NodeField, Nodes};
#[cfg(feature = "parquet")]
use self::parquet::write_parquet;
use self::terms::Terms;
#[cfg(feature = "parquet")]
use self::triples::Triples;
use crate::model::KnowledgeGraph;

/// A format of tables.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TableFormat {
    /// [KGX](https://github.com/biolink/kgx/blob/master/specification/kgx-format.md) as TSV.
    KgxTsv,
    /// KGX as JSON Lines, which changes no character.
    KgxJsonLines,
    /// CSV for `neo4j-admin database import`.
    Neo4j,
    /// CSV of the edges alone.
    EdgeList,
    /// [GraphML](http://graphml.graphdrawing.org/).
    GraphMl,
    /// [Parquet](https://parquet.apache.org/): nodes, edges, and the triples of the RDF.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// One of the files of a [`TableFormat`].
#[derive(Clone, Copy, Debug)]
pub struct TableFile {
    /// What follows the name of the graph in the name of the file.
    pub suffix: &'static str,
    content: Content,
}

/// What a file holds, and how it is written.
#[derive(Clone, Copy, Debug)]
enum Content {
    Nodes(WriteTable),
    Edges(WriteTable),
    #[cfg(feature = "parquet")]
    Triples(WriteTable),
    GraphMl,
}

type WriteTable = fn(&dyn Table, &mut dyn Write) -> io::Result<u64>;

/// How much a file holds; absent is what it has no rows for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TableCounts {
    /// Number of nodes.
    pub nodes: Option<u64>,
    /// Number of edges.
    pub edges: Option<u64>,
    /// Number of triples.
    pub triples: Option<u64>,
}

impl TableFile {
    const fn new(suffix: &'static str, content: Content) -> Self {
        Self { suffix, content }
    }
}

const KGX_TSV: &[TableFile] = &[
    TableFile::new("_nodes.tsv", Content::Nodes(write_tsv)),
    TableFile::new("_edges.tsv", Content::Edges(write_tsv)),
];
const KGX_JSON_LINES: &[TableFile] = &[
    TableFile::new("_nodes.jsonl", Content::Nodes(write_json_lines)),
    TableFile::new("_edges.jsonl", Content::Edges(write_json_lines)),
];
const NEO4J: &[TableFile] = &[
    TableFile::new("_neo4j_nodes.csv", Content::Nodes(write_neo4j)),
    TableFile::new("_neo4j_relationships.csv", Content::Edges(write_neo4j)),
];
const EDGE_LIST: &[TableFile] = &[TableFile::new("_edges.csv", Content::Edges(write_csv))];
#[cfg(feature = "parquet")]
const PARQUET: &[TableFile] = &[
    TableFile::new("_nodes.parquet", Content::Nodes(write_parquet)),
    TableFile::new("_edges.parquet", Content::Edges(write_parquet)),
    TableFile::new("_triples.parquet", Content::Triples(write_parquet)),
];
const GRAPH_ML: &[TableFile] = &[TableFile::new(".graphml", Content::GraphMl)];

impl TableFormat {
    /// The files that the format consists of.
    pub fn files(self) -> &'static [TableFile] {
        match self {
            Self::KgxTsv => KGX_TSV,
            Self::KgxJsonLines => KGX_JSON_LINES,
            Self::Neo4j => NEO4J,
            Self::EdgeList => EDGE_LIST,
            Self::GraphMl => GRAPH_ML,
            #[cfg(feature = "parquet")]
            Self::Parquet => PARQUET,
        }
    }

    /// What a column of nodes is called.
    fn node_fields(self) -> &'static [(NodeField, &'static str)] {
        match self {
            Self::KgxTsv | Self::KgxJsonLines => &[
                (NodeField::Id, "id"),
                (NodeField::Category, "category"),
                (NodeField::Names, "name"),
                (NodeField::Synonym, "synonym"),
                (NodeField::Iri, "iri"),
                (NodeField::Position, "list_position"),
            ],
            _ => &[
                (NodeField::Id, "id"),
                (NodeField::Classes, "classes"),
                (NodeField::Class, "class"),
                (NodeField::Names, "name"),
                (NodeField::Synonym, "synonym"),
                (NodeField::Iri, "iri"),
                (NodeField::Position, "list_position"),
            ],
        }
    }

    /// What a column of edges is called.
    fn edge_fields(self) -> &'static [(EdgeField, &'static str)] {
        match self {
            Self::KgxTsv | Self::KgxJsonLines => &[
                (EdgeField::Id, "id"),
                (EdgeField::Source, "subject"),
                (EdgeField::Predicate, "predicate"),
                (EdgeField::Target, "object"),
                (EdgeField::Relation, "relation"),
                (EdgeField::Association, "category"),
                (EdgeField::KnowledgeLevel, "knowledge_level"),
                (EdgeField::AgentType, "agent_type"),
            ],
            _ => &[
                (EdgeField::Source, "source"),
                (EdgeField::Target, "target"),
                (EdgeField::Slot, "slot"),
                (EdgeField::Id, "id"),
                (EdgeField::Predicate, "predicate"),
            ],
        }
    }
}

/// Writes one of the files of `format`.
///
/// Without evidence the columns that tell of it are left out, and with them everything that does not
/// stand as a plain fact. Equal graphs give equal bytes. `writer` should be buffered.
///
/// # Errors
///
/// When `writer` fails.
pub fn write(
    graph: &KnowledgeGraph,
    format: TableFormat,
    file: TableFile,
    with_evidence: bool,
    writer: &mut dyn Write,
) -> io::Result<TableCounts> {
    let terms = Terms::new(graph);
    let nodes = || Nodes::new(graph, &terms, with_evidence, format.node_fields());
    let edges = || Edges::new(graph, &terms, with_evidence, format.edge_fields());
    match file.content {
        Content::Nodes(write) => Ok(TableCounts {
            nodes: Some(write(&nodes(), writer)?),
            ..TableCounts::default()
        }),
        Content::Edges(write) => Ok(TableCounts {
            edges: Some(write(&edges(), writer)?),
            ..TableCounts::default()
        }),
        #[cfg(feature = "parquet")]
        Content::Triples(write) => Ok(TableCounts {
            triples: Some(write(&Triples::new(graph, with_evidence), writer)?),
            ..TableCounts::default()
        }),
        Content::GraphMl => write_graphml(&nodes(), &edges(), writer),
    }
}
