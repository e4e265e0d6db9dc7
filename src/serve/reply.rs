//! What goes back.

use std::io;

use http::StatusCode;
use http::header::HeaderValue;

use super::HTML;
use crate::sparql::{QueryEvaluationError, Stopped};

/// A response that is not yet decorated with what every response has.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) content_type: Option<&'static str>,
    pub(super) body: Vec<u8>,
    /// What the address takes, where that is to be said.
    pub(super) methods: Option<&'static str>,
    pub(super) location: Option<HeaderValue>,
}

impl Reply {
    pub(super) fn new(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: Some(content_type),
            body: body.into(),
            methods: None,
            location: None,
        }
    }

    pub(super) fn page(page: maud::Markup) -> Self {
        Self::new(HTML, page.into_string())
    }

    pub(super) fn text(fault: &Fault) -> Self {
        let body = format!("{}\n", fault.message);
        Self::new("text/plain; charset=utf-8", body).with_fault(fault)
    }

    /// The answer to OPTIONS.
    pub(super) fn methods(methods: &'static str) -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            content_type: None,
            methods: Some(methods),
            ..Self::new(HTML, "")
        }
    }

    /// Leads on to another address.
    pub(super) fn to(address: &str) -> Result<Self, Fault> {
        let location = HeaderValue::from_str(address)
            .map_err(|_| Fault::new(StatusCode::NOT_FOUND, "there is no such address"))?;
        Ok(Self {
            status: StatusCode::SEE_OTHER,
            location: Some(location),
            ..Self::new("text/plain; charset=utf-8", format!("see {address}\n"))
        })
    }

    pub(super) fn with_fault(mut self, fault: &Fault) -> Self {
        self.status = fault.status;
        self.methods = fault.methods;
        self
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    /// A sentence without a full stop, perhaps with more lines.
    pub(super) message: String,
    pub(super) methods: Option<&'static str>,
}

impl Fault {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            methods: None,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn with_methods(mut self, methods: &'static str) -> Self {
        self.methods = Some(methods);
        self
    }

    /// The answer has more than `most` bytes.
    pub(super) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("the answer is larger than {most} bytes; ask for less, by LIMIT say"),
        )
    }

    /// Why an answer cannot be written.
    pub(super) fn writing(error: &io::Error, most: usize) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::too_large(most),
            // What the format cannot say, such as control characters in XML.
            _ => Self::new(StatusCode::NOT_ACCEPTABLE, error.to_string()),
        }
    }
}

impl From<QueryEvaluationError> for Fault {
    fn from(error: QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Cancelled => Stopped::Cancelled.into(),
            error => Self::bad(format!("the query cannot be answered: {error}")),
        }
    }
}

impl From<Stopped> for Fault {
    fn from(stopped: Stopped) -> Self {
        let status = match stopped {
            Stopped::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
            Stopped::TooManyRows(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, stopped.to_string())
    }
}
