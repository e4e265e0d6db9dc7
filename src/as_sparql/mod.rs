//! The questions of [`query`](crate::query) as SPARQL 1.1, for whoever has the exported Turtle in
//! another engine.
//!
//! Every function takes what the answer takes and gives the text of a query, whose rows on the export
//! of the same graph (profile [`Reified`](crate::rdf::ProvenanceProfile::Reified)) are those of the
//! answer: entities, classes and slots by their IRIs, and no names. A fact is its `rdf:Statement`, so
//! that what is only planned is found too. What SPARQL cannot say is refused, never said roughly.

mod dated;
mod draft;
mod facts;
mod list;
mod number;
mod pair;
mod path;
mod stats;

pub use self::dated::timeline;
pub use self::facts::{neighbors, show};
pub use self::list::list;
pub use self::number::{numbers, targets};
pub use self::pair::{common, why};
pub use self::path::path;
pub use self::stats::stats;

/// Why a question has no query.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("SPARQL cannot ask this: {0}")]
pub struct Unsayable(pub(crate) String);
