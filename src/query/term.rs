//! Which class or slot of the schema a text means.

use std::fmt;

use super::fold::fold;
use super::shown;
use crate::schema::{ClassId, LangText, Schema, SlotId};
use crate::suggest;

/// Most terms that are offered in place of an unknown one.
const SUGGESTIONS: usize = 3;

/// A text that means no class or slot, or more than one.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct TermError {
    /// `class` or `slot`.
    what: &'static str,
    text: String,
    /// Whether the text means each of the candidates.
    pub is_ambiguous: bool,
    /// What could be meant: names in the schema if the text is ambiguous, else names and labels
    /// like it, the likeliest first.
    pub candidates: Vec<String>,
}

impl fmt::Display for TermError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, text, .. } = self;
        let candidates = self.candidates.join("`, `");
        match (self.is_ambiguous, self.candidates.as_slice()) {
            (true, _) => write!(f, "`{text}` is more than one {what}: `{candidates}`"),
            (false, []) => write!(f, "there is no {what} `{text}`"),
            (false, _) => write!(
                f,
                "there is no {what} `{text}`; did you mean `{candidates}`?"
            ),
        }
    }
}

/// The class that `text` means: by its name in the schema, its label in any language or its IRI.
/// Upper and lower case, white space, `_` and `-` make no difference.
///
/// # Errors
///
/// When it means none or several; the error says in a sentence what could be meant.
///
/// ```
/// # use tupu::schema::{Class, ClassId, Schema};
/// # let mut schema = Schema::default();
/// # for (name, label) in [("Agreement", "协议"), ("GovernmentBody", "政府机构")] {
/// #     schema.classes.push(Class {
/// #         name: name.to_owned(),
/// #         iri: format!("https://kg.example/terms#{name}"),
/// #         label: [("zh".to_owned(), label.to_owned())].into(),
/// #         description: Default::default(),
/// #         parent: None,
/// #         mixins: Vec::new(),
/// #         is_abstract: false,
/// #         represents_relationship: false,
/// #         own_slots: Vec::new(),
/// #         required_slots: Vec::new(),
/// #         mappings: Vec::new(),
/// #         style: Default::default(),
/// #     });
/// # }
/// use tupu::query::class_named;
///
/// assert_eq!(class_named(&schema, "协议"), Ok(ClassId(0)));
/// assert_eq!(class_named(&schema, "government body"), Ok(ClassId(1)));
/// assert_eq!(
///     class_named(&schema, "agrement").unwrap_err().to_string(),
///     "there is no class `agrement`; did you mean `Agreement`?"
/// );
/// ```
pub fn class_named(schema: &Schema, text: &str) -> Result<ClassId, TermError> {
    let terms = schema.class_ids().map(|id| {
        let class = schema.class(id);
        (id, Term::new(&class.name, &class.iri, &class.label))
    });
    find("class", text, &terms.collect::<Vec<_>>())
}

/// The slot that `text` means, as [`class_named`] finds a class.
///
/// # Errors
///
/// When it means none or several.
///
/// ```
/// # use std::path::Path;
/// use tupu::query::slot_named;
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let party = slot_named(graph.schema(), "签署方").unwrap();
/// assert_eq!(graph.schema().slot(party).name, "party");
/// assert_eq!(
///     slot_named(graph.schema(), "prty").unwrap_err().to_string(),
///     "there is no slot `prty`; did you mean `party`?"
/// );
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn slot_named(schema: &Schema, text: &str) -> Result<SlotId, TermError> {
    let terms = schema.slot_ids().map(|id| {
        let slot = schema.slot(id);
        (id, Term::new(&slot.name, &slot.iri, &slot.label))
    });
    find("slot", text, &terms.collect::<Vec<_>>())
}

/// What a class or slot is called.
struct Term<'s> {
    name: &'s str,
    iri: &'s str,
    labels: &'s LangText,
}

impl<'s> Term<'s> {
    fn new(name: &'s str, iri: &'s str, labels: &'s LangText) -> Self {
        Self { name, iri, labels }
    }

    fn names(&self) -> impl Iterator<Item = &'s str> {
        [self.name]
            .into_iter()
            .chain(self.labels.values().map(String::as_str))
    }
}

fn find<I: Copy>(what: &'static str, text: &str, terms: &[(I, Term<'_>)]) -> Result<I, TermError> {
    let is_exact = |term: &Term<'_>| term.name == text || term.iri == text;
    if let Some((id, _)) = terms.iter().find(|(_, term)| is_exact(term)) {
        return Ok(*id);
    }
    let wanted = squeezed(text);
    let by_name = terms.iter().filter(|(_, it)| squeezed(it.name) == wanted);
    let mut found: Vec<_> = by_name.collect();
    if found.is_empty() {
        let is_label = |label: &String| squeezed(label) == wanted;
        let by_label = terms
            .iter()
            .filter(|(_, it)| it.labels.values().any(is_label));
        found = by_label.collect();
    }
    let candidates = match found.as_slice() {
        [(id, _)] => return Ok(*id),
        [] => {
            let known = terms.iter().flat_map(|(_, term)| term.names());
            let mut near = suggest::ranked(text, known, SUGGESTIONS);
            near.dedup_by_key(|name| squeezed(name));
            near
        }
        several => several.iter().map(|(_, term)| term.name).collect(),
    };
    Err(TermError {
        what,
        text: shown(text),
        is_ambiguous: !found.is_empty(),
        candidates: candidates.into_iter().map(str::to_owned).collect(),
    })
}

/// Folded, words run together: `GovernmentBody` is `government body`.
fn squeezed(text: &str) -> String {
    fold(text).replace(' ', "")
}
