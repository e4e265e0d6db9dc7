//! `project.toml` becomes a [`Project`].

use std::collections::BTreeSet;

use oxrdf::Literal;
use toml::Spanned;

use super::schema::RESERVED;
use super::{Loader, legal, span_of};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::model::Project;
use crate::prefix::{PrefixError, PrefixMap, is_absolute_iri};
use crate::schema::LangText;
use crate::source::{ProjectFiles, ProjectRecord, Table, Text};
use crate::suggest;

impl Loader {
    /// Reads `project.toml`; without it, what follows counts as of a nameless project.
    pub(super) fn read_project(&mut self, file: Option<(FileId, Table<'_>)>, files: &ProjectFiles) {
        self.project.prefixes = PrefixMap::well_known();
        let Some((file, mut table)) = file else {
            self.report_missing_file("project.toml", files);
            return;
        };
        let record = table.read::<ProjectRecord>(&mut self.diagnostics);
        table.finish(&mut self.diagnostics);
        let Some(record) = record else { return };

        for (key, is_there) in [
            ("name", record.name.is_some()),
            ("version", record.version.is_some()),
            ("base", record.base.is_some()),
            ("terms", record.terms.is_some()),
            ("languages", record.languages.is_some()),
            ("license", record.license.is_some()),
            ("title", record.title.is_some()),
        ] {
            if !is_there {
                self.report_missing_key(table_span(file), key);
            }
        }
        if let Some(name) = &record.name {
            let fault = legal::slug_fault(name.as_ref(), span_of(file, name));
            self.diagnostics.extend(fault);
        }
        for namespace in [&record.base, &record.terms].into_iter().flatten() {
            self.check_namespace(file, namespace);
        }
        if let (Some(base), Some(terms)) = (&record.base, &record.terms)
            && base.as_ref() == terms.as_ref()
        {
            self.report(
                Diagnostic::error(
                    Code::InvalidIri,
                    span_of(file, terms),
                    "`base` and `terms` are the same",
                )
                .with_hint("an entity and a slot of one name would share an IRI; `terms` may end in terms#"),
            );
        }
        if let Some(license) = &record.license
            && !is_absolute_iri(license.as_ref())
        {
            let shown = legal::shorten(license.as_ref());
            self.report(
                Diagnostic::error(
                    Code::InvalidIri,
                    span_of(file, license),
                    format!("`{shown}` is not an IRI"),
                )
                .with_hint("give the licence as an IRI, such as https://creativecommons.org/licenses/by/4.0/"),
            );
        }
        if record.languages.as_ref().is_some_and(Vec::is_empty) {
            self.report(
                Diagnostic::error(
                    Code::InvalidLanguage,
                    table_span(file),
                    "the project has no language",
                )
                .with_hint("languages = [\"zh\", \"en\"], the language of the sources first"),
            );
        }
        let written = record.languages.unwrap_or_default();
        let languages = self.languages(file, &written);
        self.knows_languages = !languages.is_empty() && languages.len() == written.len();
        let text =
            |text: Option<Spanned<String>>| text.map(Spanned::into_inner).unwrap_or_default();
        self.project = Project {
            name: text(record.name),
            version: text(record.version),
            base: text(record.base),
            terms: text(record.terms),
            languages,
            license: text(record.license),
            prefixes: self.prefixes(file, record.prefixes),
            ..Project::default()
        };
        self.project.title = self.text(file, record.title.unwrap_or_default());
        self.project.description = self.text(file, record.description);
        for (unit, labels) in record.units {
            let labels = self.text(file, labels);
            let span = span_of(file, &unit);
            self.named_units.push((unit.as_ref().clone(), span));
            self.project.units.insert(unit.into_inner(), labels);
        }
    }

    pub(super) fn report_missing_file(&mut self, name: &str, files: &ProjectFiles) {
        // Stands at the first file, since it has no place of its own.
        let span = table_span(FileId(0));
        let root = files.root.display();
        self.report(
            Diagnostic::error(
                Code::MissingFile,
                span,
                format!("the project `{root}` has no `{name}`"),
            )
            .with_hint("a graph project has project.toml, schema.toml and sources.toml"),
        );
    }

    fn check_namespace(&mut self, file: FileId, namespace: &Spanned<String>) {
        let iri = namespace.as_ref();
        if is_absolute_iri(iri) && iri.ends_with(['/', '#']) {
            return;
        }
        self.report(
            Diagnostic::error(
                Code::InvalidIri,
                span_of(file, namespace),
                format!("`{}` cannot be the beginning of IRIs", legal::shorten(iri)),
            )
            .with_hint("an absolute IRI that ends in `/` or `#`, such as https://kg.example/city/"),
        );
    }

    fn languages(&mut self, file: FileId, written: &[Spanned<String>]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut languages = Vec::new();
        for language in written {
            let tag = language.as_ref();
            let legal = Literal::new_language_tagged_literal("", tag).is_ok()
                && !tag.contains(char::is_uppercase);
            if RESERVED.contains(&tag.as_str()) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidLanguage,
                        span_of(file, language),
                        format!("`{tag}` means something else in an entity's table"),
                    )
                    .with_hint("add the region to the language: id-id, is-is, to-to"),
                );
                continue;
            }
            if !legal || !seen.insert(tag.clone()) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidLanguage,
                        span_of(file, language),
                        format!(
                            "`{}` is no language tag that can stand here",
                            legal::shorten(tag)
                        ),
                    )
                    .with_hint("a BCP 47 tag in lower case, each once: zh, en, zh-hant"),
                );
                continue;
            }
            languages.push(tag.clone());
        }
        languages
    }

    fn prefixes(&mut self, file: FileId, written: Text) -> PrefixMap {
        let mut prefixes = PrefixMap::well_known();
        let well_known = PrefixMap::well_known();
        for (prefix, namespace) in written {
            if let Some(known) = well_known.namespace(prefix.as_ref())
                && known != namespace.as_ref()
            {
                self.report(
                    Diagnostic::error(
                        Code::InvalidIri,
                        span_of(file, &prefix),
                        format!("`{}` stands for <{known}> already", prefix.as_ref()),
                    )
                    .with_hint("choose another prefix"),
                );
                continue;
            }
            let Err(error) = prefixes.insert(prefix.as_ref(), namespace.as_ref()) else {
                continue;
            };
            let span = match error {
                PrefixError::IllegalPrefix(_) => span_of(file, &prefix),
                _ => span_of(file, &namespace),
            };
            self.report(Diagnostic::error(Code::InvalidIri, span, error.to_string()));
        }
        prefixes
    }

    /// A text by language; languages that the project does not have are reported.
    pub(super) fn text(&mut self, file: FileId, written: Text) -> LangText {
        let mut text = LangText::new();
        for (language, value) in written {
            if self.project.languages.contains(language.as_ref()) {
                text.insert(language.into_inner(), value.into_inner());
            } else {
                self.report_unknown_language(span_of(file, &language), language.as_ref());
            }
        }
        text
    }

    pub(super) fn report_unknown_language(&mut self, span: Span, language: &str) {
        if !self.knows_languages {
            return;
        }
        let known = self.project.languages.iter().map(String::as_str);
        let hint = match suggest::nearest(language, known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!(
                "the project's languages are {}",
                self.project.languages.join(", ")
            ),
        };
        self.report(
            Diagnostic::error(
                Code::UnknownKey,
                span,
                format!(
                    "`{}` is not a language of the project",
                    legal::shorten(language)
                ),
            )
            .with_hint(hint),
        );
    }

    /// The IRI that a CURIE stands for.
    pub(super) fn expand(&mut self, file: FileId, curie: &Spanned<String>) -> Option<String> {
        let text = curie.as_ref();
        let error = match self.project.prefixes.expand(text) {
            Ok(iri) => return Some(iri.into_owned()),
            Err(error) => error,
        };
        let span = span_of(file, curie);
        let diagnostic = match &error {
            PrefixError::UnknownPrefix(prefix) => {
                let known = self.project.prefixes.iter().map(|(prefix, _)| prefix);
                let hint = suggest::nearest(prefix, known)
                    .map(|name| format!("did you mean `{name}:`?"))
                    .or_else(|| Some("declare it in project.toml under [prefixes]".to_owned()));
                Diagnostic::error(Code::UnknownPrefix, span, error.to_string()).with_hint_if(hint)
            }
            _ => Diagnostic::error(Code::InvalidIri, span, error.to_string()),
        };
        self.report(diagnostic);
        None
    }
}

/// The beginning of a file.
pub(super) fn table_span(file: FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}
