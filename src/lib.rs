#![doc = include_str!("../README.md")]
#![doc(test(attr(deny(warnings))))]

pub mod as_sparql;
pub mod diagnostic;
pub mod diagram;
pub mod diff;
pub mod import;
pub mod load;
pub mod markdown;
pub mod model;
pub mod named_query;
pub mod prefix;
pub mod property_graph;
pub mod query;
pub mod rdf;
pub mod schema;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
#[cfg(feature = "sparql")]
pub mod sparql;
#[cfg(feature = "http")]
pub mod store;
pub mod stream;
pub mod suggest;
pub mod table;
pub mod text;
pub mod view;
pub mod vocab;

pub use oxrdf;
