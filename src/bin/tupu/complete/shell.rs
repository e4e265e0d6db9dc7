//! The other end of a shell's completion: what it asks, and how each shell wants it answered.
//!
//! A script that `tupu completions` prints has the shell run `tupu` with [`VARIABLE`] set to its name
//! and the words of the command line behind `--`. clap_complete speaks with zsh, fish and elvish, which
//! quote a completed name themselves. bash and PowerShell insert it as it is, so that names with blanks
//! are quoted here.

use std::borrow::Cow;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _, ValueEnum};
use clap_complete::engine::{self, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::{Names, completable};
use crate::args::{Arguments, Origin};
use crate::tables::TableOptions;

/// Holds the name of the shell that asks for a completion.
const VARIABLE: &str = "TUPU_COMPLETE";

/// Holds what bash replaces, which may be less than a word.
const REPLACED: &str = "TUPU_COMPLETE_REPLACED";

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Shell {
    /// What clap_complete knows of the shell; of bash we know more.
    fn completer(self) -> Option<&'static dyn EnvCompleter> {
        match self {
            Self::Bash => None,
            Self::Zsh => Some(&Zsh),
            Self::Fish => Some(&Fish),
            Self::Powershell => Some(&Powershell),
            Self::Elvish => Some(&Elvish),
        }
    }
}

/// The script that makes `shell` complete the arguments of `tupu`, run as `program`.
pub(crate) fn registration(shell: Shell, program: &str) -> io::Result<String> {
    let Some(completer) = shell.completer() else {
        let program = shlex::try_quote(program).unwrap_or(Cow::Borrowed(program));
        return Ok(BASH
            .replace("VARIABLE", VARIABLE)
            .replace("REPLACED", REPLACED)
            .replace("PROGRAM", &program));
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "tupu", "tupu", program, &mut script)?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}

/// bash breaks words at `=` and `:` and leaves quotes in them, so the line is read by us.
const BASH: &str = r#"_tupu() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(VARIABLE=bash REPLACED="$2" PROGRAM -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o nosort -F _tupu tupu 2>/dev/null || complete -F _tupu tupu
"#;

/// Answers a shell that asks for a completion; `false` if none does.
pub(crate) fn answer_shell() -> io::Result<bool> {
    let Some(name) = env::var_os(VARIABLE) else {
        return Ok(false);
    };
    let shell = name.to_str().and_then(|it| Shell::from_str(it, false).ok());
    let Some(shell) = shell else {
        return Ok(false);
    };
    let arguments = env::args_os().skip_while(|it| it != "--").skip(1);
    let text = complete(shell, &arguments.collect::<Vec<_>>())?;
    io::stdout().lock().write_all(&text)?;
    Ok(true)
}

#[expect(
    clippy::disallowed_methods,
    reason = "bash hands over through the environment; files are those of the working directory"
)]
fn complete(shell: Shell, arguments: &[OsString]) -> io::Result<Vec<u8>> {
    let folder = env::current_dir().ok();
    let folder = folder.as_deref();
    let mut text = Vec::new();
    match shell {
        Shell::Bash => {
            let line = arguments.first().and_then(|it| it.to_str());
            let line = Line::read(line.unwrap_or_default());
            let kept = line.kept(&env::var(REPLACED).unwrap_or_default());
            let words = line.words.iter().map(OsString::from).collect();
            for candidate in candidates(words, folder)? {
                let value = candidate.get_value().to_string_lossy();
                let value = value.get(kept..).unwrap_or_default();
                writeln!(text, "{}", quoted_for_bash(value, line.quote))?;
            }
        }
        Shell::Powershell => {
            for candidate in candidates(arguments.to_vec(), folder)? {
                let value = candidate.get_value().to_string_lossy();
                write!(text, "{}", quoted_for_powershell(&value))?;
                match candidate.get_help() {
                    Some(help) => writeln!(text, "\t{help}")?,
                    None => writeln!(text)?,
                }
            }
        }
        Shell::Zsh | Shell::Fish | Shell::Elvish => {
            // zsh and fish give words as they are typed.
            let words: Vec<OsString> = arguments.iter().map(|it| unquoted(it)).collect();
            let mut command = command(&words);
            if let Some(completer) = shell.completer() {
                completer.write_complete(&mut command, words, folder, &mut text)?;
            }
        }
    }
    Ok(text)
}

/// What the last of `words` can be completed to.
fn candidates(words: Vec<OsString>, folder: Option<&Path>) -> io::Result<Vec<CompletionCandidate>> {
    let mut command = command(&words);
    let last = words.len().saturating_sub(1);
    engine::complete(&mut command, words, last, folder)
}

/// The command line, to be completed with names of the graph that `words` ask.
fn command(words: &[OsString]) -> clap::Command {
    let names = Arc::new(Names::of(origin(words)));
    completable(Arguments::command(), &names)
}

/// Where the graph comes from, as far as it is typed.
fn origin(words: &[OsString]) -> Origin {
    let command = Arguments::command().ignore_errors(true);
    let matches = command.try_get_matches_from(words).unwrap_or_default();
    let paths = |name: &str| {
        let paths = matches.get_many::<PathBuf>(name);
        paths.into_iter().flatten().cloned()
    };
    let project = paths("project").next().unwrap_or_else(|| "data".into());
    let tables = TableOptions::from_arg_matches(&matches).unwrap_or_default();
    Origin::new(project, paths("graph").collect(), tables.quiet())
}

/// A word as the shell will understand it.
fn unquoted(word: &OsStr) -> OsString {
    match word.to_str() {
        Some(word) if word.contains(['\\', '\'', '"']) => {
            let line = Line::read(word);
            line.words.concat().into()
        }
        _ => word.to_owned(),
    }
}

/// A command line up to the cursor.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Line {
    /// Without quotes; the last is what the cursor is at, and may be empty.
    pub(super) words: Vec<String>,
    /// The quote that is still open.
    quote: Option<char>,
}

impl Line {
    /// Reads `text`, whose last quote may still be open.
    pub(super) fn read(text: &str) -> Self {
        // Stands where the next character would.
        const CURSOR: char = '_';
        for (quote, end) in [(None, ""), (Some('"'), "\""), (Some('\''), "'")] {
            let Some(mut words) = shlex::split(&format!("{text}{CURSOR}{end}")) else {
                continue;
            };
            if let Some(last) = words.last_mut() {
                last.pop();
                return Self { words, quote };
            }
        }
        Self {
            words: vec![text.to_owned()],
            quote: None,
        }
    }

    /// How much of the last word stands before what bash replaces, in bytes.
    fn kept(&self, replaced: &str) -> usize {
        let replaced = match self.quote {
            Some(_) => replaced.to_owned(),
            None => Self::read(replaced).words.concat(),
        };
        let last = self.words.last().map_or("", String::as_str);
        last.strip_suffix(replaced.as_str()).map_or(0, str::len)
    }
}

/// `text` as bash reads it behind `quote`, or where no quote is open.
pub(super) fn quoted_for_bash(text: &str, quote: Option<char>) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        match quote {
            None if c.is_ascii() && !c.is_ascii_alphanumeric() && !"_-./=:,+@%".contains(c) => {
                quoted.push('\\');
            }
            Some('"') if "\\\"$`".contains(c) => quoted.push('\\'),
            Some('\'') if c == '\'' => quoted.push_str("'\\'"),
            _ => {}
        }
        quoted.push(c);
    }
    quoted
}

/// `text` as PowerShell reads it as an argument.
fn quoted_for_powershell(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "_-./=:".contains(c);
    if text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', "''")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(line: &Line) -> Vec<&str> {
        line.words.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_line_is_read_up_to_the_cursor() {
        let line = Line::read("tupu show 'Chengdu In");
        assert_eq!(words(&line), ["tupu", "show", "Chengdu In"]);
        assert_eq!(line.quote, Some('\''));
        assert_eq!(line.kept("Chengdu In"), 0);

        let line = Line::read("tupu show Chengdu\\ In");
        assert_eq!(words(&line), ["tupu", "show", "Chengdu In"]);
        assert_eq!(line.kept("Chengdu\\ In"), 0);

        let line = Line::read("tupu list City --where country=");
        assert_eq!(words(&line).last(), Some(&"country="));
        assert_eq!(line.kept(""), "country=".len());

        assert_eq!(words(&Line::read("tupu show ")), ["tupu", "show", ""]);
        assert_eq!(words(&Line::read("")), [""]);
    }

    proptest! {
        #[test]
        fn bash_reads_a_completed_name_as_one_word(name in "[^\0\n\r]{1,20}") {
            for quote in [None, Some('"'), Some('\'')] {
                let open: String = quote.into_iter().collect();
                let typed = format!("{open}{}{open}", quoted_for_bash(&name, quote));
                prop_assert_eq!(shlex::split(&typed), Some(vec![name.clone()]));
            }
        }
    }
}
