//! What goes wrong between a store and us.

use std::io;
use std::time::Duration;

use crate::sparql::QueryEvaluationError;

/// Why a store could not be asked or filled. No message holds a user's name, password or token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// What a user gave is not the address of a store.
    #[error("the address of a store {0}")]
    Address(&'static str),
    /// What stands for credentials cannot be read.
    #[error("{0}")]
    Credentials(&'static str),
    /// What stands for certificates cannot be read.
    #[error("it holds no certificate as PEM has it")]
    Certificates,
    /// The profile cannot do what is asked.
    #[error("{0}")]
    Profile(String),
    /// Blank nodes that would come as others in the next request.
    #[error(
        "a graph with blank nodes goes in one request, since they mean nothing in the next; take a --batch that holds it whole"
    )]
    BlankNodes,
    /// Nobody answers at the address.
    #[error("cannot reach {url}: {reason}")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// The connection ended before the answer did.
    #[error("{url} went away before it had answered: {reason}")]
    Broken {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// No answer in time.
    #[error("{url} has not answered within {} seconds (--timeout)", after.as_secs())]
    TimedOut {
        /// Where.
        url: String,
        /// After how long.
        after: Duration,
    },
    /// An answer that means no.
    #[error("{url} answers {status}{hint}{}", said(text))]
    Refused {
        /// Where.
        url: String,
        /// HTTP status, with its name.
        status: String,
        /// What to do about it; begins with punctuation, or is empty.
        hint: &'static str,
        /// What the store says, cut.
        text: String,
    },
    /// The store is elsewhere. Writing follows no redirection, so that credentials stay where they belong.
    #[error("{url} answers that it is at {target}; give that address")]
    Moved {
        /// Where.
        url: String,
        /// Where to.
        target: String,
    },
    /// The answer is not what it should be.
    #[error("the answer of {url} is not what was asked for: {reason}")]
    Garbled {
        /// Where.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// More than anybody asked for.
    #[error("the answer of {url} is longer than {limit} bytes, which is more than was asked for")]
    TooLong {
        /// Where.
        url: String,
        /// Bytes that were read.
        limit: u64,
    },
    /// A store in a folder cannot be read or written.
    #[error("the store `{path}`: {reason}")]
    Folder {
        /// The folder.
        path: String,
        /// What is said of it.
        reason: String,
    },
    /// A store in a folder is not what was written there.
    #[error("the store `{path}` is damaged: {reason}")]
    Damaged {
        /// The folder.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The graph cannot answer.
    #[error(transparent)]
    Evaluation(#[from] QueryEvaluationError),
    /// The graph cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn said(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(": {text}")
    }
}
