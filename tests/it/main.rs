#![cfg(test)]
//! All integration tests, one binary.

mod analysis;
mod answers;
mod answers_dated;
mod answers_format;
mod answers_graph;
mod answers_list;
mod answers_path;
mod asked;
mod book;
mod comfort;
mod completions;
mod convert;
mod diagrams;
mod diff;
mod docs;
mod draw;
mod embedded;
mod errors;
mod evidence;
mod export;
mod fresh;
mod golden;
mod import;
#[cfg(unix)]
mod interrupt;
mod layering;
mod man;
mod names;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "png")]
mod png;
mod properties;
mod queries;
mod questions;
mod roundtrip;
mod schema_outputs;
mod serve;
mod serve_pages;
mod session;
mod sort;
mod statements;
mod stores;
mod stores_files;
mod stream;
mod strict;
mod support;
mod svg;
mod table_evidence;
mod table_graphs;
mod tables;
mod twice;
mod vocabularies;
