//! The prompt: line editing, history, and completion of what can be typed.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use etcetera::BaseStrategy as _;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use tupu::prefix::PrefixMap;

use super::question::{self, Progress};
use super::{Line, Next, SETTINGS, Session, format_names};
use crate::commands::Outcome;
use crate::complete::{Completion, SessionNames};
use crate::interrupt;
use crate::report;

/// Asks what is typed at the terminal, until the end is.
pub(crate) fn converse(session: &mut Session, keeps_history: bool) -> anyhow::Result<Outcome> {
    interrupt::catch()?;
    let failed = "cannot use the terminal";
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .history_ignore_space(true)
        .build();
    let mut editor: Editor<Typist, FileHistory> = Editor::with_config(config).context(failed)?;
    editor.set_helper(Some(Typist {
        names: SessionNames::new(session.askable.clone()),
        prefixes: session.prefixes.clone(),
    }));
    let history = if keeps_history { history() } else { None };
    if let Some(path) = &history {
        // There is none at first.
        drop(editor.load_history(path));
    }
    report::note(&format!(
        "{} entities; .help lists what can be asked, Ctrl-D ends",
        session.askable.graph.node_count()
    ));
    loop {
        let text = match editor.readline("tupu> ") {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).context(failed),
        };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        editor.add_history_entry(text).context(failed)?;
        if let Some(path) = &history {
            // A history that cannot be kept is no reason not to answer.
            drop(editor.append_history(path));
        }
        match session.ask(text, 1) {
            Ok(Next::End) => break,
            Ok(Next::Answered(_)) => {}
            Err(error) => report::error(&error),
        }
    }
    Ok(Outcome::Fine)
}

/// The file that remembers what was asked, in a folder that is made for it.
fn history() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    let folder = state.join("tupu");
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// What helps with typing.
struct Typist {
    names: SessionNames,
    prefixes: PrefixMap,
}

impl Helper for Typist {}

impl Highlighter for Typist {}

impl Hinter for Typist {
    type Hint = String;
}

impl Validator for Typist {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let is_ended = text.lines().last().is_some_and(|it| it.trim().is_empty())
            && !question::is_prologue(text);
        let is_open = question::is_sparql(text)
            && !is_ended
            && question::progress(text, &self.prefixes) == Progress::Open;
        Ok(if is_open {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Completer for Typist {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..pos).unwrap_or(line);
        let (start, found) = if question::is_sparql(typed) {
            self.names.terms(typed, &self.prefixes)
        } else if typed.trim_start().starts_with('.') {
            settings(typed)
        } else {
            self.names.words(Line::command_line(), typed)
        };
        let pairs = found.into_iter().map(|it| Pair {
            display: it.shown,
            replacement: it.text,
        });
        Ok((start, pairs.collect()))
    }
}

/// Words with a full stop, and the formats.
fn settings(typed: &str) -> (usize, Vec<Completion>) {
    let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let word = &typed[start..];
    let names: Vec<String> = if typed.trim_start().starts_with(".format ") {
        format_names().collect()
    } else {
        let usages = SETTINGS.iter().map(|(usage, _)| usage.split(' ').next());
        usages.flatten().map(str::to_owned).collect()
    };
    let fitting = names.into_iter().filter(|name| name.starts_with(word));
    (start, fitting.map(Completion::plain).collect())
}
