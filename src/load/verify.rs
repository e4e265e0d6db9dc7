//! Facts against the text that they are taken from: the words that a fact claims must stand where it
//! points.
//!
//! A fact claims a printed name of its object, its number with unit, its date, or the wordings that it
//! declares with `as`. Something that the fact is about must stand in each of its passages, and no
//! passage may begin or end in the middle of a name or number. What is inferred claims only its
//! wordings, since it is not printed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{EntityKind, Fact, Loader, Object, legal};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{Date, Value};
use crate::text::SourceText;

/// The text of a source document, and the file that it was read from.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The file, for messages.
    pub path: PathBuf,
    /// The text.
    pub text: SourceText,
}

/// What stands in the passages of one evidence, without white space.
struct Printed {
    passages: Vec<Stretch>,
}

struct Stretch {
    words: String,
    /// Whether it begins in the middle of a known name or number.
    cuts_start: bool,
    cuts_end: bool,
}

/// The words that a fact claims to be printed where it points.
#[derive(Debug, Default)]
struct Claim {
    /// Each of these must stand in some passage.
    all: Vec<Word>,
    /// One of these must stand in some passage, if there are any.
    any: Vec<Word>,
    /// These may stand there too.
    may: Vec<Word>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Word {
    Words(String),
    /// A number, which must stand by itself.
    Number(String),
}

impl Word {
    fn words(text: &str) -> Self {
        Self::Words(dense(text))
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Words(text) | Self::Number(text) => text,
        }
    }

    fn stands_in(&self, text: &str) -> bool {
        match self {
            Self::Words(words) => !words.is_empty() && text.contains(words.as_str()),
            Self::Number(number) => has_number(text, number),
        }
    }
}

impl Claim {
    fn words(&self) -> impl Iterator<Item = &Word> {
        self.all.iter().chain(&self.any).chain(&self.may)
    }

    /// What of the claim does not hold, in words.
    fn broken(&self, printed: &Printed) -> Option<String> {
        let stands = |word: &Word| printed.passages.iter().any(|it| word.stands_in(&it.words));
        if let Some(word) = self.all.iter().find(|word| !stands(word)) {
            let what = match word {
                Word::Words(words) => format!("the words “{}” do not stand", legal::shorten(words)),
                Word::Number(number) => format!("the number {number} does not stand"),
            };
            return Some(format!(
                "{what} where the fact points: {}",
                printed.excerpt()
            ));
        }
        if let Some(first) = self.any.first()
            && !self.any.iter().any(stands)
        {
            return Some(format!(
                "no name of “{}” stands where the fact points: {}",
                legal::shorten(first.as_str()),
                printed.excerpt()
            ));
        }
        for passage in &printed.passages {
            let text = &passage.words;
            if self.words().next().is_some() && !self.words().any(|word| word.stands_in(text)) {
                return Some(format!(
                    "nothing that the fact is about stands in “{}”",
                    legal::shorten(text)
                ));
            }
            let begins = self.words().any(|word| text.starts_with(word.as_str()));
            let ends = self.words().any(|word| text.ends_with(word.as_str()));
            if (passage.cuts_start && !begins) || (passage.cuts_end && !ends) {
                return Some(format!(
                    "a name or number is cut in two at an end of “{}”",
                    legal::shorten(text)
                ));
            }
        }
        None
    }
}

impl Printed {
    /// The words, shortened for a message.
    fn excerpt(&self) -> String {
        let texts: Vec<String> = self
            .passages
            .iter()
            .map(|it| format!("“{}”", legal::shorten(&it.words)))
            .collect();
        texts.join(" and ")
    }
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether the number stands in the text by itself, not as a part of a longer one.
fn has_number(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + number.len()..].chars();
        let next = after.next();
        let is_continued = next.is_some_and(|c| c.is_ascii_digit())
            || (next == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()));
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.') && !is_continued
    })
}

impl Loader {
    /// Checks every fact whose source is among `texts`. Gives back how many were checked.
    pub(super) fn verify(&mut self, texts: &[TextFile]) -> usize {
        let texts = self.match_texts(texts);
        if texts.is_empty() {
            return 0;
        }
        let cuts: BTreeMap<String, BTreeSet<u32>> = texts
            .iter()
            .map(|(slug, text)| (slug.clone(), self.inside_names(text)))
            .collect();
        let mut found = Vec::new();
        let mut checked = 0;
        let mut check = |loader: &Self, evidence: usize, claim: Option<Claim>, span: Span| {
            let Some(printed) = loader.printed(evidence, &texts, &cuts) else {
                return;
            };
            checked += 1;
            if let Some(broken) = claim.and_then(|claim| claim.broken(&printed)) {
                found.push(not_found(span, broken));
            }
        };
        for (slug, definition) in &self.definitions {
            if let Some(at) = definition.names.iter().find_map(|name| name.evidence) {
                let claim = self.wording_claim(at).unwrap_or_else(|| {
                    Some(Claim {
                        any: self.printed_names(slug),
                        ..Claim::default()
                    })
                });
                check(self, at, claim, definition.slug_span);
            }
        }
        for fact in &self.facts {
            check(self, fact.evidence, self.claim(fact), fact.span);
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
            if let Some((slug, _, _, length)) = own
                && *length == file.text.len()
            {
                matched.insert(slug.clone(), &file.text);
                continue;
            }
            for (slug, span, sha256, length) in &declared {
                let difference = file.text.difference(sha256, *length);
                self.report(
                    Diagnostic::error(
                        Code::WrongSource,
                        *span,
                        format!("`{}` is not the text of `{slug}`: {difference}", file.path.display()),
                    )
                    .with_hint(format!(
                        "positions count in the text with the digest that stands here and in no other; \
                         this one has sha256 = \"{}\", length = {}",
                        file.text.sha256(),
                        file.text.len()
                    )),
                );
            }
        }
        matched
    }

    /// Positions that lie inside an occurrence of some entity's name, or of a number: a passage that
    /// begins or ends there cuts it in two.
    fn inside_names(&self, text: &SourceText) -> BTreeSet<u32> {
        let names = self.definitions.values().flat_map(|it| &it.names);
        let added = self.additions.iter().flat_map(|(_, _, names)| names);
        let printed = names
            .chain(added)
            .filter(|name| self.is_printed_language(&name.language))
            .map(|name| dense(&name.text))
            .filter(|name| name.chars().count() > 2);
        let mut inside = BTreeSet::new();
        for name in printed.collect::<BTreeSet<_>>() {
            for range in text.find(&name) {
                inside.extend(range.start + 1..range.end);
            }
        }
        inside.extend(text.inside_numbers());
        inside
    }

    /// What stands where the evidence points; `None` without passages or without their text.
    fn printed(
        &self,
        evidence: usize,
        texts: &BTreeMap<String, &SourceText>,
        cuts: &BTreeMap<String, BTreeSet<u32>>,
    ) -> Option<Printed> {
        let passages = &self.evidence[evidence].passages;
        let passages: Option<Vec<Stretch>> = passages
            .iter()
            .map(|it| {
                let cuts = cuts.get(&it.source)?;
                Some(Stretch {
                    words: texts.get(&it.source)?.dense(it.start..it.end),
                    cuts_start: cuts.contains(&it.start),
                    cuts_end: cuts.contains(&it.end),
                })
            })
            .collect();
        let passages = passages.filter(|passages| !passages.is_empty())?;
        Some(Printed { passages })
    }

    /// What a fact claims; `None` where it claims nothing that could be looked for.
    fn claim(&self, fact: &Fact) -> Option<Claim> {
        let mut claim = match self.wording_claim(fact.evidence) {
            Some(claim) => claim?,
            None => match &fact.object {
                Object::Entity(slug) => Claim {
                    any: self.printed_names(slug),
                    ..Claim::default()
                },
                Object::Literal(value) => self.literal_claim(fact, value)?,
            },
        };
        claim.may.extend(self.printed_names(&fact.subject));
        if let Object::Entity(slug) = &fact.object {
            claim.may.extend(self.printed_names(slug));
        }
        Some(claim)
    }

    /// Where the evidence declares a wording, that is claimed. Where the fact is inferred without one,
    /// nothing is.
    fn wording_claim(&self, evidence: usize) -> Option<Option<Claim>> {
        let evidence = &self.evidence[evidence];
        if evidence.wording.is_empty() {
            return evidence.inferred.is_some().then_some(None);
        }
        Some(Some(Claim {
            all: evidence
                .wording
                .iter()
                .map(|words| Word::words(words))
                .collect(),
            ..Claim::default()
        }))
    }

    /// Names of an entity in the language of the sources, the canonical one first, with those that
    /// articles add.
    fn printed_names(&self, slug: &str) -> Vec<Word> {
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
        own.chain(added)
            .filter(|name| self.is_printed_language(&name.language))
            .map(|name| Word::words(&name.text))
            .collect()
    }

    fn is_printed_language(&self, language: &str) -> bool {
        self.project
            .languages
            .first()
            .is_some_and(|first| first == language)
    }

    fn literal_claim(&self, fact: &Fact, value: &Value) -> Option<Claim> {
        let all = match value {
            Value::Text { language, text } => {
                if !self.is_printed_language(language) {
                    return None;
                }
                if self.schema.slot(fact.slot).is_verbatim {
                    vec![Word::words(text)]
                } else {
                    // Our own words; they are about the subject, which must be named.
                    return Some(Claim {
                        any: self.printed_names(&fact.subject),
                        ..Claim::default()
                    });
                }
            }
            Value::String(text) => vec![Word::words(text)],
            Value::Number(number) => vec![Word::Number(number.to_string())],
            Value::Quantity(quantity) => {
                let unit = quantity.unit_text();
                let mut all = vec![Word::Number(quantity.number.to_string())];
                all.extend((!unit.is_empty()).then(|| Word::words(&unit)));
                let dates = [quantity.by, quantity.as_of, quantity.since, quantity.period];
                all.extend(dates.iter().flatten().flat_map(date_words));
                all
            }
            Value::Date(date) => date_words(date),
            Value::Enum(id, at) => {
                let value = &self.schema.enumeration(*id).permissible_values[usize::from(*at)];
                let first = self.project.languages.first()?;
                vec![Word::words(value.label.get(first)?)]
            }
            Value::Boolean(_) | Value::Iri(_) => {
                return Some(Claim {
                    any: self.printed_names(&fact.subject),
                    ..Claim::default()
                });
            }
        };
        Some(Claim {
            all,
            ..Claim::default()
        })
    }
}

/// The numbers that a date is written with.
fn date_words(date: &Date) -> Vec<Word> {
    date.to_string()
        .split(['/', '-'])
        .map(|part| Word::Number(part.trim_start_matches('0').to_owned()))
        .collect()
}

fn not_found(span: Span, what: String) -> Diagnostic {
    Diagnostic::error(Code::WordsNotFound, span, what).with_hint(
        "mend the position (`tupu locate` finds words), or declare the printed wording with `as`",
    )
}
