//! What people read on standard error: faults of the data, and why something failed.

use std::borrow::Cow;
use std::io::{IsTerminal, Write, stderr};
use std::ops::Range;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use tupu::diagnostic::{Diagnostic, Severity, Span};
use tupu::named_query::SyntaxError;
use tupu::source::ProjectFiles;
use tupu::table::Fault;

/// Longer lines are cut around the fault.
const LONGEST_LINE: usize = 400;

/// Prints every diagnostic with the line that it is about, then how many there are.
pub(crate) fn diagnostics(files: &ProjectFiles, diagnostics: &[Diagnostic]) {
    let renderer = renderer();
    let mut out = anstream::stderr().lock();
    for diagnostic in diagnostics {
        let text = renderer.render(&groups(files, diagnostic));
        // Nobody is left to tell when standard error is gone.
        drop(writeln!(out, "{text}\n"));
    }
    if !diagnostics.is_empty() {
        drop(writeln!(out, "{}", summary(diagnostics)));
    }
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let warnings = diagnostics.len() - errors;
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {what}{plural}")
    };
    let mut parts = vec![count(errors, "error")];
    if warnings > 0 {
        parts.push(count(warnings, "warning"));
    }
    format!("{}; docs/errors.md explains the codes", parts.join(", "))
}

/// Prints what is wrong with a query, with the line of its text that it is about.
pub(crate) fn query_fault(origin: &str, text: &str, fault: &SyntaxError) {
    let mut group = Group::with_title(Level::ERROR.primary_title(fault.message.as_str()));
    group = group.element(line_of(
        text,
        fault.span.clone(),
        origin.to_owned(),
        AnnotationKind::Primary,
        "",
    ));
    if let Some(hint) = &fault.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let shown = renderer().render(&[group]);
    drop(writeln!(anstream::stderr().lock(), "{shown}"));
}

fn renderer() -> Renderer {
    if stderr().is_terminal() {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(DEFAULT_TERM_WIDTH)
}

fn groups<'a>(files: &'a ProjectFiles, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    if let Some(snippet) = snippet(files, diagnostic.span, AnnotationKind::Primary, "") {
        group = group.element(snippet);
    }
    if let Some((span, label)) = &diagnostic.related
        && let Some(snippet) = snippet(files, *span, AnnotationKind::Context, label)
    {
        group = group.element(snippet);
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    vec![group]
}

fn snippet<'a>(
    files: &'a ProjectFiles,
    span: Span,
    kind: AnnotationKind,
    label: &'a str,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let file = files.files.get(span.file.0 as usize)?;
    let path = files.root.join(&file.name).display().to_string();
    Some(line_of(&file.text, span.start..span.end, path, kind, label))
}

/// The line that `span` of `text` begins on, cut to a bearable length, with the span marked.
fn line_of<'a>(
    text: &'a str,
    span: Range<usize>,
    path: String,
    kind: AnnotationKind,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let start = text.floor_char_boundary(span.start);
    let line = text[..start].bytes().filter(|b| *b == b'\n').count() + 1;
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = text
        .floor_char_boundary(span.end.max(start))
        .min(line_end)
        .max(start);

    let (from, to) = if line_end - line_start > LONGEST_LINE {
        let from = text.ceil_char_boundary(start.saturating_sub(LONGEST_LINE / 4).max(line_start));
        let to = text.floor_char_boundary((start + LONGEST_LINE * 3 / 4).min(line_end));
        (from.min(start), to.max(start))
    } else {
        (line_start, line_end)
    };
    let marked = start - from..end.min(to) - from;
    let annotation = kind.span(marked);
    let annotation = if label.is_empty() {
        annotation
    } else {
        annotation.label(label)
    };
    Snippet::source(Cow::Borrowed(&text[from..to]))
        .line_start(line)
        .path(path)
        .annotation(annotation)
}

/// Prints why something could not be done, with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    let mut out = anstream::stderr().lock();
    let style = anstyle::AnsiColor::Red.on_default().bold();
    drop(writeln!(out, "{style}error{style:#}: {error:#}"));
}

/// Prints what is wrong with a row of the table `name`.
pub(crate) fn table_fault(name: &str, fault: &Fault) {
    let mut out = anstream::stderr().lock();
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let hint = fault
        .hint
        .as_ref()
        .map_or_else(String::new, |hint| format!("; {hint}"));
    drop(writeln!(
        out,
        "{name}:{}:{}: {style}error[{}]{style:#}: {}{hint}",
        fault.line, fault.column, fault.kind, fault.message
    ));
}

/// Prints something worth knowing.
pub(crate) fn note(text: &str) {
    drop(writeln!(anstream::stderr().lock(), "{text}"));
}
