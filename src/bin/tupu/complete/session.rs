//! Completion at the prompt of a session.

use std::ffi::OsString;
use std::sync::Arc;

use clap::Command;
use clap_complete::engine::{self, CompletionCandidate};
use tupu::prefix::PrefixMap;

use super::shell::{Line, quoted_for_bash};
use super::{Known, Names, completable};
use crate::kept::Askable;

/// What can stand where the cursor is.
pub(crate) struct Completion {
    pub(crate) text: String,
    /// The same for people, with what it means.
    pub(crate) shown: String,
}

impl Completion {
    /// What means itself.
    pub(crate) fn plain(text: String) -> Self {
        let shown = text.clone();
        Self { text, shown }
    }

    fn new(candidate: &CompletionCandidate, text: String) -> Self {
        let value = candidate.get_value().to_string_lossy();
        let shown = match candidate.get_help() {
            Some(help) => format!("{value}  {help}"),
            None => value.into_owned(),
        };
        Self { text, shown }
    }
}

/// The names of the graph that a session asks.
pub(crate) struct SessionNames(Arc<Names>);

impl SessionNames {
    pub(crate) fn new(askable: Askable) -> Self {
        Self(Arc::new(Names::of_session(Known {
            askable,
            views: Vec::new(),
            is_lenient: true,
        })))
    }

    /// Words that can end the command line `typed`, and where in it they begin.
    pub(crate) fn words(&self, command: Command, typed: &str) -> (usize, Vec<Completion>) {
        let (start, quote) = last_word(typed);
        let words = Line::read(typed).words.into_iter();
        let words: Vec<OsString> = ["tupu".to_owned()]
            .into_iter()
            .chain(words)
            .map(OsString::from)
            .collect();
        let mut command = completable(command, &self.0);
        let last = words.len().saturating_sub(1);
        let found = engine::complete(&mut command, words, last, None).unwrap_or_default();
        let is_only = found.len() == 1;
        let completed = found.iter().map(|candidate| {
            let value = candidate.get_value().to_string_lossy();
            let mut text = quoted_for_bash(&value, quote);
            if is_only && !value.ends_with(['=', '/']) {
                text.extend(quote);
                text.push(' ');
            }
            Completion::new(candidate, text)
        });
        (start, completed.collect())
    }

    /// Prefixes and prefixed names that can end the SPARQL `typed`, and where in it they begin.
    pub(crate) fn terms(&self, typed: &str, prefixes: &PrefixMap) -> (usize, Vec<Completion>) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
        let start = typed.trim_end_matches(is_part).len();
        let word = &typed[start..];
        let Some(known) = self.0.known().filter(|_| !word.is_empty()) else {
            return (start, Vec::new());
        };
        if !word.contains(':') {
            let names = prefixes.iter().map(|(prefix, _)| format!("{prefix}:"));
            let fitting = names.filter(|name| name.starts_with(word));
            return (start, fitting.map(Completion::plain).collect());
        }
        let found = known.prefixed_names(word);
        let completed = found.iter().map(|candidate| {
            let value = candidate.get_value().to_string_lossy();
            Completion::new(candidate, value.into_owned())
        });
        (start, completed.collect())
    }
}

/// Where the last word of a line begins, behind its quote if that is still open.
fn last_word(typed: &str) -> (usize, Option<char>) {
    let (mut start, mut begins_with) = (0, None);
    let mut quote = None;
    let mut is_escaped = false;
    for (at, c) in typed.char_indices() {
        let end = at + c.len_utf8();
        match (c, quote) {
            _ if is_escaped => is_escaped = false,
            ('\\', None | Some('"')) => is_escaped = true,
            ('\'' | '"', None) => {
                quote = Some(c);
                begins_with = (at == start).then_some(c);
            }
            (c, Some(open)) if c == open => quote = None,
            (c, None) if c.is_whitespace() => (start, begins_with) = (end, None),
            _ => {}
        }
    }
    match (quote, begins_with) {
        (Some(open), Some(_)) => (start + open.len_utf8(), Some(open)),
        _ => (start, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_begins_behind_its_quote() {
        for (typed, start, quote) in [
            ("", 0, None),
            ("show 甲", 5, None),
            ("show 'Jia Ci", 6, Some('\'')),
            ("show \"Jia", 6, Some('"')),
            ("show Jia\\ Ci", 5, None),
            ("show 'Jia City' ", 16, None),
            ("list City --where part_of='Jia", 18, None),
        ] {
            assert_eq!(last_word(typed), (start, quote), "{typed}");
        }
    }
}
