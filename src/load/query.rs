//! Named queries: their headers are whole, their SPARQL is right.

use super::{Loader, legal};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::named_query::{
    HeaderFaultKind, NamedQuery, Parameter, ParameterKind, SyntaxError, mentions_variable,
};
use crate::schema::LangText;
use crate::source::SourceFile;

impl Loader {
    /// Reads a file of `queries/` whose SPARQL has the fault `error`, if any.
    pub(super) fn read_query(&mut self, id: FileId, file: &SourceFile, error: Option<SyntaxError>) {
        let path = file.name.strip_prefix("queries/").unwrap_or(&file.name);
        let name = path.strip_suffix(".rq").unwrap_or(path);
        let at = |start, end| Span {
            file: id,
            start,
            end,
        };
        let begin = at(0, 0);
        self.diagnostics.extend(legal::slug_fault(name, begin));
        let (query, faults) = NamedQuery::read(name, &file.text);
        for fault in faults {
            let code = match fault.kind {
                HeaderFaultKind::UnknownKey => Code::UnknownKey,
                HeaderFaultKind::Parameter => Code::InvalidParameter,
            };
            let span = at(fault.span.start, fault.span.end);
            self.report(Diagnostic::error(code, span, fault.message).with_hint_if(fault.hint));
        }
        self.check_texts("title", &query.title, begin);
        self.check_texts("description", &query.description, begin);
        for parameter in &query.parameters {
            let span = at(parameter.span.start, parameter.span.end);
            let key = format!("param.{}", parameter.name);
            self.check_texts(&key, &parameter.label, span);
            self.check_parameter(parameter, span, &file.text);
        }
        if let Some(error) = error {
            let span = at(error.span.start, error.span.end);
            self.report(
                Diagnostic::error(Code::InvalidQuery, span, error.message).with_hint_if(error.hint),
            );
        }
        self.queries.push(query);
    }

    /// Each language of the project has a text, and no other has.
    fn check_texts(&mut self, key: &str, texts: &LangText, span: Span) {
        let languages = self.project.languages.clone();
        for language in &languages {
            if texts.get(language).is_none_or(String::is_empty) {
                self.report(
                    Diagnostic::error(
                        Code::MissingKey,
                        span,
                        format!("the header has no `{key}.{language}`"),
                    )
                    .with_hint(format!("write it as # {key}.{language}: …")),
                );
            }
        }
        for language in texts.keys().filter(|it| !languages.contains(it)) {
            let known = languages.join(", ");
            self.report(
                Diagnostic::error(
                    Code::UnknownKey,
                    span,
                    format!("`{key}.{language}` is in no language of the project"),
                )
                .with_hint(format!("the project's languages are {known}")),
            );
        }
    }

    fn check_parameter(&mut self, parameter: &Parameter, span: Span, text: &str) {
        let name = &parameter.name;
        if !mentions_variable(text, name) {
            self.report(Diagnostic::error(
                Code::InvalidParameter,
                span,
                format!("the query has no variable `?{name}`"),
            ));
        }
        if let ParameterKind::Literal(datatype) = &parameter.kind
            && parameter.datatype(&self.project.prefixes).is_none()
        {
            let shown = legal::shorten(datatype);
            self.report(Diagnostic::error(
                Code::InvalidParameter,
                span,
                format!("the datatype `{shown}` has a prefix that is not declared, or is no IRI"),
            ));
        }
        if let (ParameterKind::Entity, Some(slug)) = (&parameter.kind, &parameter.default)
            && !self.definitions.contains_key(slug)
        {
            let shown = legal::shorten(slug);
            self.report(
                Diagnostic::error(
                    Code::InvalidParameter,
                    span,
                    format!("no entity has the slug `{shown}`"),
                )
                .with_hint("an entity that is the default is given by its slug"),
            );
        }
    }
}
