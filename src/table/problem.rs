//! What is wrong with a field, before it is said of which row.

use super::fault::{Fault, FaultKind};
use super::identifier::IdentifierFault;
use super::syntax::RecordFault;

/// What is wrong with a field.
pub(super) struct Problem {
    pub(super) kind: FaultKind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// `record` without what ends its last line.
pub(super) fn without_line_end(record: &str) -> &str {
    let record = record.strip_suffix('\n').unwrap_or(record);
    record.strip_suffix('\r').unwrap_or(record)
}

/// The row lacks `what`.
pub(super) fn missing(what: &str) -> Problem {
    Problem {
        kind: FaultKind::MissingValue,
        message: format!("the row lacks {what}"),
        hint: None,
    }
}

/// The row is sound, but not beside the others.
pub(super) fn refused(kind: FaultKind, message: String) -> Problem {
    Problem {
        kind,
        message,
        hint: None,
    }
}

/// The row holds a NUL byte.
pub(super) fn nul_byte() -> Problem {
    Problem {
        kind: FaultKind::NulByte,
        message: "the row holds a NUL byte".to_owned(),
        hint: Some("is the file of another encoding, such as UTF-16?".to_owned()),
    }
}

/// `text` is no value of `datatype`.
pub(super) fn invalid_value(text: &str, datatype: &str) -> Problem {
    let shown: String = text.chars().take(40).collect();
    Problem {
        kind: FaultKind::InvalidValue,
        message: format!("`{shown}` is no value of <{datatype}>"),
        hint: None,
    }
}

/// The fault of `record`, which begins on `line`.
pub(super) fn not_utf8(record: &[u8], line: u64) -> Fault {
    let valid = std::str::from_utf8(record).map_or_else(|error| error.valid_up_to(), str::len);
    let text = String::from_utf8_lossy(record);
    let before = String::from_utf8_lossy(record.get(..valid).unwrap_or_default());
    Problem {
        kind: FaultKind::InvalidUtf8,
        message: "the row is not UTF-8".to_owned(),
        hint: Some("convert it: iconv -f GBK -t UTF-8".to_owned()),
    }
    .at(without_line_end(&text), before.len(), line)
}

impl Problem {
    /// The fault at a byte of `record`, which begins on `line`.
    pub(super) fn at(self, record: &str, at: usize, line: u64) -> Fault {
        let before = record.get(..at).unwrap_or(record);
        Fault {
            kind: self.kind,
            line,
            column: before.chars().count() + 1,
            message: self.message,
            hint: self.hint,
            row: record.to_owned(),
        }
    }
}

impl From<IdentifierFault> for Problem {
    fn from(fault: IdentifierFault) -> Self {
        Self {
            kind: fault.kind,
            message: fault.message,
            hint: fault.hint,
        }
    }
}

impl From<RecordFault> for Problem {
    fn from(fault: RecordFault) -> Self {
        Self {
            kind: fault.kind,
            message: fault.message,
            hint: None,
        }
    }
}
