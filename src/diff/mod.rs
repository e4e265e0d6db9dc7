//! What changed between two graphs, in the domain's words.
//!
//! Both sides are triples; entities, facts, quantities and evidence are recognised in them by their
//! vocabulary, so that projects and RDF files can be compared in any combination.
//! [`compare`] begins with the triples that stand on one side only, and takes each away as it is
//! said; what no rule knows is said as it stands, so that nothing that differs goes unsaid.
//! The order of triples, the labels of blank nodes and prefixes mean nothing.

mod blank;
mod compare;
mod graph;
mod half;
mod lexicon;
mod links;
mod statement;
mod view;
mod words;

pub use self::compare::compare;
pub use self::graph::Side;

/// How differences are said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// Language of names; where there is none, that of the newer project, else of the older, else
    /// the first that has a name.
    pub language: Option<String>,
}

impl Options {
    /// Names in `language`.
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }
}

/// What differs of one entity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EntityDifference {
    /// Its IRI; none for a blank node.
    pub iri: Option<String>,
    /// Its IRI with a prefix, where there is one.
    pub short: String,
    /// Its name.
    pub label: String,
    /// Its class by name; empty where it has none.
    pub class: String,
    /// The named graph that says so; none for the default graph.
    pub graph: Option<String>,
    /// Whether it is the dataset itself.
    pub is_dataset: bool,
    /// What changed, in the order of the slots.
    pub changes: Vec<Change>,
}

/// A slot, by IRI and name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SlotName {
    /// IRI.
    pub iri: String,
    /// Name, in the language that is spoken.
    pub label: String,
}

/// A value as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// In words.
    pub text: String,
    /// IRI, where it is an entity, a stretch or a quantity that has one.
    pub iri: Option<String>,
    /// Language tag of a text.
    pub language: Option<String>,
    /// Datatype of a literal.
    pub datatype: Option<String>,
}

impl Shown {
    /// Words that stand for no node.
    fn words(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            iri: None,
            language: None,
            datatype: None,
        }
    }
}

crate::model::names! {
    /// What kind of change it is.
    ChangeKind {
        /// The entity is new.
        EntityAdded = "entity-added",
        /// The entity is gone.
        EntityRemoved = "entity-removed",
        /// It is of another class.
        Class = "class",
        /// One value of a slot became another.
        Value = "value",
        /// A fact is new.
        Added = "added",
        /// A fact is gone.
        Removed = "removed",
        /// A fact is otherwise from being plainly asserted.
        Status = "status",
        /// A fact points at another stretch of the source.
        EvidenceMoved = "evidence-moved",
        /// A fact points at one more stretch.
        EvidenceAdded = "evidence-added",
        /// A fact points at one stretch less.
        EvidenceRemoved = "evidence-removed",
        /// Other words are said to stand for the object.
        Wording = "wording",
        /// The fact is said to follow for another reason, or no longer, or newly.
        Inference = "inference",
        /// What is known of the fact has a node now, and had none.
        StatementAdded = "statement-added",
        /// What is known of the fact had a node, and has none now.
        StatementRemoved = "statement-removed",
        /// That node has another IRI.
        StatementRenamed = "statement-renamed",
        /// The fact now stands as a triple too, and stood in its statement only.
        Plain = "plain",
        /// The fact stands in its statement only.
        NotPlain = "not-plain",
        /// There are more or fewer blank nodes that hold the same, or they are shared otherwise.
        BlankNodes = "blank-nodes",
    }
}

/// What is known of a fact that was added or removed, beside its value.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Details {
    /// Status, where it is not `asserted`.
    pub status: Vec<String>,
    /// Where it comes from.
    pub evidence: Vec<Shown>,
    /// The words that stand for the object.
    pub wording: Vec<String>,
    /// Why it follows.
    pub inferred: Vec<Shown>,
}

/// One change of an entity. [`Change::words`] says it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// What the slot belongs to where that is not the entity itself: a stretch, a quantity.
    pub part: Option<String>,
    /// The slot of the fact.
    pub slot: Option<SlotName>,
    /// Language tag of the texts that are compared.
    pub language: Option<String>,
    /// The value of the fact that the change is about.
    pub value: Option<Shown>,
    /// What was.
    pub old: Option<Shown>,
    /// What is.
    pub new: Option<Shown>,
    /// What is known of a fact that was added or removed.
    pub details: Details,
}

impl Change {
    fn new(kind: ChangeKind) -> Self {
        Self {
            kind,
            part: None,
            slot: None,
            language: None,
            value: None,
            old: None,
            new: None,
            details: Details::default(),
        }
    }
}
