#![cfg(test)]
//! All integration tests, one binary.

mod answers;
mod diff;
mod docs;
mod errors;
mod evidence;
mod export;
mod fresh;
mod golden;
mod layering;
mod properties;
mod questions;
mod roundtrip;
mod schema_outputs;
mod support;
mod svg;
mod twice;
mod vocabularies;
