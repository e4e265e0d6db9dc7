//! Facts against the text that they are taken from: the words that a fact claims must stand where it
//! points.
//!
//! A fact claims the printed name of its object, its number with unit, its date, or the wording that
//! it declares with `as`. What is inferred claims only its wording, since it is not printed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{EntityKind, Fact, Loader, NameEntry, Object, legal};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{Date, NameKind, Quantity, Value};
use crate::text::SourceText;

/// The text of a source document, and the file that it was read from.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The file, for messages.
    pub path: PathBuf,
    /// The text.
    pub text: SourceText,
}

/// What stands in a passage, or several, without white space.
struct Printed(Vec<String>);

impl Printed {
    fn has(&self, words: &str) -> bool {
        let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        !words.is_empty() && self.0.iter().any(|text| text.contains(&words))
    }

    /// Whether the number stands there by itself, not as a part of a longer one.
    fn has_number(&self, number: &str) -> bool {
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        self.0.iter().any(|text| {
            text.match_indices(number).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let mut after = text[at + number.len()..].chars();
                let next = after.next();
                let is_continued = next.is_some_and(|c| c.is_ascii_digit())
                    || (next == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()));
                !before.is_some_and(is_part) && !is_continued
            })
        })
    }

    /// The words, shortened for a message.
    fn excerpt(&self) -> String {
        let texts: Vec<String> = self
            .0
            .iter()
            .map(|text| format!("“{}”", legal::shorten(text)))
            .collect();
        texts.join(" and ")
    }
}

impl Loader {
    /// Checks every fact whose source is among `texts`. Gives back how many were checked.
    pub(super) fn verify(&mut self, texts: &[TextFile]) -> usize {
        let texts = self.match_texts(texts);
        if texts.is_empty() {
            return 0;
        }
        let mut found = Vec::new();
        let mut checked = 0;
        let entities = self
            .definitions
            .values()
            .map(|it| (it.slug_span, &it.names));
        for (span, names) in entities {
            let Some(at) = names.iter().find_map(|name| name.evidence) else {
                continue;
            };
            let Some(printed) = self.printed(at, &texts) else {
                continue;
            };
            checked += 1;
            let names: Vec<&NameEntry> = names.iter().collect();
            found.extend(self.missing_name(at, &printed, &names, span));
        }
        for fact in &self.facts {
            let Some(printed) = self.printed(fact.evidence, &texts) else {
                continue;
            };
            checked += 1;
            found.extend(self.missing_words(fact, &printed));
        }
        self.diagnostics.extend(found);
        checked
    }

    /// The declared sources whose text is there; a text that is none of them is reported.
    fn match_texts<'t>(&mut self, texts: &'t [TextFile]) -> BTreeMap<String, &'t SourceText> {
        let mut matched = BTreeMap::new();
        let declared: Vec<(String, Span, String, u32)> = self
            .definitions
            .iter()
            .filter_map(|(slug, it)| match &it.kind {
                EntityKind::Source { sha256, length } => {
                    Some((slug.clone(), it.slug_span, sha256.clone(), *length))
                }
                _ => None,
            })
            .collect();
        for file in texts {
            let own = declared
                .iter()
                .find(|(_, _, sha256, _)| sha256 == file.text.sha256());
            if let Some((slug, _, _, length)) = own {
                if *length == file.text.len() {
                    matched.insert(slug.clone(), &file.text);
                    continue;
                }
            }
            for (slug, span, sha256, length) in &declared {
                let difference = file.text.difference(sha256, *length);
                self.report(
                    Diagnostic::error(
                        Code::WrongSource,
                        *span,
                        format!("`{}` is not the text of `{slug}`: {difference}", file.path.display()),
                    )
                    .with_hint("positions count in the text with the digest that stands here, and in no other"),
                );
            }
        }
        matched
    }

    /// What stands where the evidence points; `None` without passages or without their text.
    fn printed(&self, evidence: usize, texts: &BTreeMap<String, &SourceText>) -> Option<Printed> {
        let passages = &self.evidence[evidence].passages;
        let texts: Option<Vec<String>> = passages
            .iter()
            .map(|it| Some(texts.get(&it.source)?.dense(it.start..it.end)))
            .collect();
        texts.filter(|texts| !texts.is_empty()).map(Printed)
    }

    /// What is wrong with a fact's words.
    fn missing_words(&self, fact: &Fact, printed: &Printed) -> Option<Diagnostic> {
        match &fact.object {
            Object::Entity(slug) => {
                let names = self.names_of(slug);
                self.missing_name(fact.evidence, printed, &names, fact.span)
            }
            Object::Literal(value) => self.missing_literal(fact, value, printed),
        }
    }

    /// Names of an entity, with those that articles add.
    fn names_of(&self, slug: &str) -> Vec<&NameEntry> {
        let own = self
            .definitions
            .get(slug)
            .into_iter()
            .flat_map(|it| &it.names);
        let added = self
            .additions
            .iter()
            .filter(|(other, _, _)| other == slug)
            .flat_map(|(_, _, names)| names);
        own.chain(added).collect()
    }

    fn missing_name(
        &self,
        evidence: usize,
        printed: &Printed,
        names: &[&NameEntry],
        span: Span,
    ) -> Option<Diagnostic> {
        if let Some(missing) = self.missing_wording(evidence, printed, span) {
            return missing;
        }
        let names = names
            .iter()
            .filter(|name| self.is_printed_language(&name.language));
        if names.clone().any(|name| printed.has(&name.text)) {
            return None;
        }
        let name = names
            .clone()
            .find(|name| name.kind == NameKind::Canonical)
            .map_or("", |name| name.text.as_str());
        Some(not_found(
            span,
            &format!("no name of `{name}` stands"),
            printed,
        ))
    }

    /// Where the evidence declares a wording: what is wrong with it, if anything. Where the fact is
    /// inferred: nothing.
    fn missing_wording(
        &self,
        evidence: usize,
        printed: &Printed,
        span: Span,
    ) -> Option<Option<Diagnostic>> {
        let evidence = &self.evidence[evidence];
        match &evidence.wording {
            Some(wording) if printed.has(wording) => Some(None),
            Some(wording) => {
                let message = format!("the words “{}” do not stand", legal::shorten(wording));
                Some(Some(not_found(span, &message, printed)))
            }
            None if evidence.inferred.is_some() => Some(None),
            None => None,
        }
    }

    fn is_printed_language(&self, language: &str) -> bool {
        self.project
            .languages
            .first()
            .is_some_and(|first| first == language)
    }

    fn missing_literal(&self, fact: &Fact, value: &Value, printed: &Printed) -> Option<Diagnostic> {
        if let Some(missing) = self.missing_wording(fact.evidence, printed, fact.span) {
            return missing;
        }
        let claims = match value {
            Value::Text { language, text } => {
                let is_claimed =
                    self.schema.slot(fact.slot).is_verbatim && self.is_printed_language(language);
                let missing = is_claimed && !printed.has(text);
                missing.then(|| format!("the words “{}” do not stand", legal::shorten(text)))
            }
            Value::String(text) => (!printed.has(text))
                .then(|| format!("the words “{}” do not stand", legal::shorten(text))),
            Value::Number(number) => {
                let number = number.to_string();
                (!printed.has_number(&number))
                    .then(|| format!("the number {number} does not stand"))
            }
            Value::Quantity(quantity) => missing_quantity(quantity, printed),
            Value::Date(date) => missing_date(date, printed),
            Value::Enum(id, at) => {
                let value = &self.schema.enumeration(*id).permissible_values[usize::from(*at)];
                let word = self
                    .project
                    .languages
                    .first()
                    .and_then(|first| value.label.get(first));
                word.filter(|word| !printed.has(word))
                    .map(|word| format!("the word “{word}” does not stand"))
            }
            Value::Boolean(_) | Value::Iri(_) => None,
        };
        claims.map(|message| not_found(fact.span, &message, printed))
    }
}

fn missing_quantity(quantity: &Quantity, printed: &Printed) -> Option<String> {
    let number = quantity.number.to_string();
    if !printed.has_number(&number) {
        return Some(format!("the number {number} does not stand"));
    }
    let unit = quantity.unit_text();
    (!unit.is_empty() && !printed.has(&unit)).then(|| format!("the unit {unit} does not stand"))
}

/// The numbers that a date is written with, each of which must stand there.
fn missing_date(date: &Date, printed: &Printed) -> Option<String> {
    let text = date.to_string();
    text.split(['/', '-'])
        .map(|part| part.trim_start_matches('0'))
        .find(|part| !printed.has_number(part))
        .map(|part| format!("{part} of the date {date} does not stand"))
}

fn not_found(span: Span, what: &str, printed: &Printed) -> Diagnostic {
    Diagnostic::error(
        Code::WordsNotFound,
        span,
        format!("{what} where the fact points: {}", printed.excerpt()),
    )
    .with_hint(
        "mend the position (`tupu locate` finds words), or declare the printed wording with `as`",
    )
}
