#![cfg(test)]
//! All integration tests, one binary.

mod layering;
