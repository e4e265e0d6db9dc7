//! Tables of nodes and edges as streams of triples.
//!
//! A row becomes triples by itself: no row needs another, so that memory stays the same whatever the
//! size, and parts of a table give the parts of the result. Only Turtle, where all that is said of a
//! node stands together, holds the ids of the nodes and the ends of the edges.
//!
//! [`Mapping`] says what columns mean, [`TableReader`] reads rows, [`write_lines`] and [`write_turtle`]
//! write them, [`give_triples`] hands them on, [`edge_rows`] finds the rows that say an edge.
//! [`GraphReader`](crate::import::GraphReader) reads tables into a graph.

mod chunk;
mod edge_rows;
mod fault;
mod field_ends;
mod grouped;
mod identifier;
mod layout;
mod lines;
mod mapping;
mod numbered;
#[cfg(feature = "parquet")]
mod parquet;
mod problem;
mod property;
mod reader;
mod row;
mod short_text;
mod strict;
mod syntax;
mod triples;
mod vocabulary;

pub use self::chunk::{Chunk, ChunkReader, LONGEST_ROW};
pub use self::edge_rows::{EdgeIris, EdgeRow, edge_rows};
pub use self::fault::{Fault, FaultKind};
pub use self::grouped::write_turtle;
pub use self::identifier::{Identifier, Namespace};
pub use self::layout::{Layout, TableKind};
pub use self::lines::{LineProfile, write_lines};
pub use self::mapping::{ColumnRule, EdgeColumns, EndColumn, Mapping, NodeColumns, Predicate};
pub(crate) use self::numbered::number_rows;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetLines;
pub use self::property::{Property, Template, ValueKind};
pub use self::reader::{Counts, Report, TableError, TableReader, TableSource};
pub use self::row::{Head, Row, Term, Value};
pub use self::strict::{Others, StrictTable, strict};
pub use self::syntax::Syntax;
pub use self::triples::give_triples;
pub use self::vocabulary::{BIOLINK, KGX_PREFIXES, STATEMENTS};
