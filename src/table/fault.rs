//! What is wrong with a row of a table, and where.

use std::fmt;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Kind of a [`Fault`]. Its name is stable; `docs/tables.md` explains each.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum FaultKind {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl FaultKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name, such as `missing-column`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// The first line names no columns that make a table of nodes or edges, or names one twice.
    InvalidHeader = "invalid-header",
    /// The row has fewer fields than the header.
    MissingColumn = "missing-column",
    /// The row has more fields than the header.
    ExtraColumn = "extra-column",
    /// The row lacks its id, subject, predicate or object.
    MissingValue = "missing-value",
    /// What must be an identifier is neither a CURIE nor an absolute IRI.
    NotAnIri = "not-an-iri",
    /// The part of a CURIE before the colon is no declared prefix.
    UnknownPrefix = "unknown-prefix",
    /// The value is not one of its declared datatype.
    InvalidValue = "invalid-value",
    /// A quotation mark is opened and never closed.
    UnclosedQuote = "unclosed-quote",
    /// Text follows the quotation mark that closes a field.
    TextAfterQuote = "text-after-quote",
    /// The line is no JSON object of plain values.
    InvalidJson = "invalid-json",
    /// The row is not UTF-8.
    InvalidUtf8 = "invalid-utf8",
    /// The row holds a NUL byte.
    NulByte = "nul-byte",
    /// The row is longer than any row may be.
    RowTooLong = "row-too-long",
    /// A row before has the same id, which only strict reading minds.
    RepeatedId = "repeated-id",
    /// An end of the edge has no row, which only strict reading minds.
    UnknownNode = "unknown-node",
    /// The Parquet file is damaged, or has a column whose values have no text.
    InvalidParquet = "invalid-parquet",
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that is wrong with a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// Line on which the row begins, from 1; of Parquet the number of the row.
    pub line: u64,
    /// Column at which the faulty field begins, in characters from 1.
    pub column: usize,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The row as it stands, what is no UTF-8 replaced; empty where it is too long to keep.
    pub row: String,
}

/// What an [`io::Error`](std::io::Error) holds where the table itself is at fault.
impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}
