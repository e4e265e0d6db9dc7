//! What is wrong in the data, as plain values: found by [`source`](crate::source) and
//! [`load`](crate::load), shown by whoever called them.

use std::fmt;

/// A file of a graph project, by its place in the list of files that were read.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FileId(pub u32);

/// A stretch of one file: a half-open, zero-based range of bytes.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Worth a look; nothing is lost.
    Warning,
    /// The data is wrong; nothing is exported from it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that is wrong in the data, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// What kind of fault it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Another place that belongs to the fault, and what it is: the first definition of a name
    /// that is defined twice.
    pub related: Option<(Span, String)>,
}

impl Diagnostic {
    /// An error of kind `code` at `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            span,
            message: message.into(),
            hint: None,
            related: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with a hint, if there is one.
    #[must_use]
    pub fn with_hint_if(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn with_related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Kind of a [`Diagnostic`]. Its name is stable; `docs/errors.md` explains each.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name, such as `unknown-reference`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

codes! {
    /// A file of the project cannot be read.
    UnreadableFile = "unreadable-file",
    /// A file is not UTF-8.
    InvalidUtf8 = "invalid-utf8",
    /// A file is not TOML.
    InvalidToml = "invalid-toml",
    /// `project.toml`, `schema.toml` or `sources.toml` is missing.
    MissingFile = "missing-file",
    /// A file stands where none is expected.
    UnexpectedFile = "unexpected-file",
    /// The project defines no entity.
    EmptyProject = "empty-project",
    /// A key that means nothing here.
    UnknownKey = "unknown-key",
    /// A key that is needed is absent.
    MissingKey = "missing-key",
    /// A value of another type than is expected here.
    WrongType = "wrong-type",
    /// A slug that is not lower-case ASCII words joined by hyphens.
    InvalidSlug = "invalid-slug",
    /// A name that is empty, too long, or holds a character that nobody can see.
    InvalidName = "invalid-name",
    /// An IRI, a prefix or a CURIE that is not legal.
    InvalidIri = "invalid-iri",
    /// A language tag that is not legal.
    InvalidLanguage = "invalid-language",
    /// A class that the schema does not declare.
    UnknownClass = "unknown-class",
    /// A slot that the schema does not declare.
    UnknownSlot = "unknown-slot",
    /// A range that is neither a class, an enum nor a type.
    UnknownRange = "unknown-range",
    /// A prefix that the project does not declare.
    UnknownPrefix = "unknown-prefix",
    /// A class or slot that is its own ancestor.
    CircularInheritance = "circular-inheritance",
    /// Two classes, slots or enums that would share an IRI.
    DuplicateTerm = "duplicate-term",
    /// Two entities with one slug.
    DuplicateSlug = "duplicate-slug",
    /// Two entities with one name in one language.
    DuplicateName = "duplicate-name",
    /// The same fact twice in one article.
    DuplicateFact = "duplicate-fact",
    /// An entity without a name in one of the project's languages.
    MissingName = "missing-name",
    /// A reference to an entity that nobody defines.
    UnknownReference = "unknown-reference",
    /// A fact whose subject is its object.
    SelfReference = "self-reference",
    /// A slot that the entity's class does not have.
    SlotNotAllowed = "slot-not-allowed",
    /// An entity of a class that the slot does not take.
    WrongClass = "wrong-class",
    /// An entity without a slot that its class requires.
    MissingSlot = "missing-slot",
    /// Several values in a slot that takes one.
    TooManyValues = "too-many-values",
    /// A value that the enum does not list.
    NotPermitted = "not-permitted",
    /// A date that does not exist or is not written as ISO 8601 has it.
    InvalidDate = "invalid-date",
    /// A number that is not a plain decimal number.
    InvalidNumber = "invalid-number",
    /// An evidence position that is not `char=START,END` or lies outside the text.
    InvalidPosition = "invalid-position",
    /// An evidence position outside the article that the file is about.
    PositionOutsideArticle = "position-outside-article",
    /// A fact without evidence.
    MissingEvidence = "missing-evidence",
    /// An article that `sources.toml` does not declare.
    UnknownArticle = "unknown-article",
    /// A source document that `sources.toml` does not declare.
    UnknownSource = "unknown-source",
    /// A SHA-256 digest that is not 64 hexadecimal digits.
    InvalidDigest = "invalid-digest",
    /// A named query that is no SPARQL query, or one that is not asked of a graph like this.
    InvalidQuery = "invalid-query",
    /// A parameter of a named query that is declared wrongly, or that the query does not have.
    InvalidParameter = "invalid-parameter",
    /// A text that is not the one that the positions count in.
    WrongSource = "wrong-source",
    /// The words that a fact claims do not stand where it points.
    WordsNotFound = "words-not-found",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
