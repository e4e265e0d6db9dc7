//! A session: questions that are asked one after the other of a graph that is read once.

mod prompt;
mod question;

use std::num::NonZeroUsize;

use anyhow::bail;
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
use tupu::named_query;
use tupu::prefix::PrefixMap;
use tupu::sparql::Query as Sparql;
use tupu::suggest;

use crate::args::{Arguments, Ask, Format, Origin};
use crate::commands::{Outcome, languages, query};
use crate::kept::Askable;
use crate::output;
use crate::report;
use crate::solutions::SolutionFormat;
use crate::table::Grid;

pub(crate) use prompt::converse;

/// What can be typed besides questions: the words, and what they do.
const SETTINGS: &[(&str, &str)] = &[
    (".help", "this list"),
    (
        ".format FORMAT",
        "how answers are shown from now on: table, json, ndjson, csv, tsv, markdown",
    ),
    (".lang TAG", "the language of names, or `both`"),
    (".limit N", "most rows to show; `off` for all"),
    (".prefixes", "the prefixes that SPARQL need not declare"),
    (
        ".queries",
        "the queries that have a name; `query NAME` asks one",
    ),
    (".quit", "the end; so is Ctrl-D"),
];

/// A line of a session that is no SPARQL.
#[derive(Debug, Parser)]
#[command(name = "tupu", multicall = true)]
struct Line {
    #[command(subcommand)]
    question: Ask,
}

impl Line {
    /// The commands as they stand behind the name of the program.
    fn command_line() -> Command {
        Self::command().multicall(false)
    }
}

/// What follows from a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    Answered(Outcome),
    End,
}

/// A graph that is asked, and how answers are shown.
pub(crate) struct Session {
    origin: Origin,
    askable: Askable,
    prefixes: PrefixMap,
    format: Option<Format>,
    language: Option<String>,
    limit: Option<NonZeroUsize>,
}

impl Session {
    /// Reads the graph; `None` if it is that of a project with errors.
    pub(crate) fn new(origin: Origin) -> anyhow::Result<Option<Self>> {
        let Some(askable) = origin.askable()? else {
            return Ok(None);
        };
        let prefixes = askable.graph.project().prefixes.clone();
        Ok(Some(Self {
            origin,
            askable,
            prefixes,
            format: None,
            language: None,
            limit: None,
        }))
    }

    /// Asks what `text` says; it begins on `line` of what it stands in.
    fn ask(&mut self, text: &str, line: usize) -> anyhow::Result<Next> {
        if question::is_sparql(text) {
            return self.ask_sparql(text, line).map(Next::Answered);
        }
        let Some(words) = shlex::split(text) else {
            bail!("a quotation mark is not closed, or a backslash stands at the end");
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Ok(Next::Answered(Outcome::Fine)),
            [word, rest @ ..] if word.starts_with('.') => self.set(word, rest),
            // As it is copied from a document.
            ["tupu", rest @ ..] => self.command(rest).map(Next::Answered),
            words => self.command(words).map(Next::Answered),
        }
    }

    fn command(&self, words: &[&str]) -> anyhow::Result<Outcome> {
        let read = |matches: ArgMatches| Line::from_arg_matches(&matches);
        if let Some(word) = words.first().filter(|it| asks_nothing(it)) {
            bail!("`{word}` does not ask the graph; outside of the session it is `tupu {word}`");
        }
        match self.line().try_get_matches_from(words).and_then(read) {
            Ok(line) => line.question.run(&self.origin),
            Err(error) => {
                error.print()?;
                Ok(if error.use_stderr() {
                    Outcome::Failed
                } else {
                    Outcome::Fine
                })
            }
        }
    }

    /// The commands, with what is set for all of them.
    fn line(&self) -> Command {
        let format = self.format.and_then(|it| it.to_possible_value());
        let values = [
            ("format", format.map(|it| it.get_name().to_owned())),
            ("lang", self.language.clone()),
            ("limit", self.limit.map(|it| it.to_string())),
        ];
        Line::command().mut_subcommands(|mut command| {
            for (name, value) in &values {
                let has_it = command.get_arguments().any(|it| it.get_id() == *name);
                if let Some(value) = value.clone().filter(|_| has_it) {
                    command = command.mut_arg(name, |argument| argument.default_value(value));
                }
            }
            command
        })
    }

    fn ask_sparql(&self, text: &str, line: usize) -> anyhow::Result<Outcome> {
        let parsed = named_query::parse(text, &self.prefixes);
        let gives_rows = !matches!(
            parsed,
            Ok(Sparql::Construct { .. } | Sparql::Describe { .. })
        );
        let format = self.format.filter(|_| gives_rows).map(|it| match it {
            Format::Table => SolutionFormat::Table,
            Format::Json => SolutionFormat::Json,
            Format::Ndjson => SolutionFormat::Ndjson,
            Format::Csv => SolutionFormat::Csv,
            Format::Tsv => SolutionFormat::Tsv,
            Format::Markdown => SolutionFormat::Markdown,
        });
        // A fault is then shown on the line where it is.
        let text = "\n".repeat(line.saturating_sub(1)) + text;
        let limit = self.limit.map(NonZeroUsize::get);
        query::run(
            self.origin.clone(),
            query::Query::typed(text, format, limit),
        )
    }

    /// Does what a word with a full stop says.
    fn set(&mut self, word: &str, values: &[&str]) -> anyhow::Result<Next> {
        match (word, values) {
            (".quit" | ".exit", []) => return Ok(Next::End),
            (".help", []) => output::print(&help())?,
            (".format", [name]) => {
                let Ok(format) = Format::from_str(name, true) else {
                    let names: Vec<String> = format_names().collect();
                    bail!(
                        "there is no format `{name}`; it is one of {}",
                        names.join(", ")
                    );
                };
                self.format = Some(format);
            }
            (".lang", [tag]) => {
                languages(&self.askable.graph, Some(tag))?;
                self.language = Some((*tag).to_owned());
            }
            (".limit", ["off"]) => self.limit = None,
            (".limit", [number]) => match number.parse() {
                Ok(limit) => self.limit = Some(limit),
                Err(_) => bail!("`{number}` is no number of rows; write .limit 20, or .limit off"),
            },
            (".prefixes", []) => output::print(&self.prefix_table())?,
            (".queries", []) => {
                let list = ["query", "--list", "--format", "table"];
                return self.command(&list).map(Next::Answered);
            }
            _ => bail!("{}", misused(word)),
        }
        Ok(Next::Answered(Outcome::Fine))
    }

    fn prefix_table(&self) -> String {
        let rows = self.prefixes.iter();
        let rows = rows.map(|(prefix, iri)| [format!("{prefix}:"), iri.to_owned()]);
        Grid::new(["prefix", "namespace"], rows.collect()).table()
    }
}

/// Whether `word` is a command that does something else than ask.
fn asks_nothing(word: &str) -> bool {
    Arguments::command().find_subcommand(word).is_some()
        && Line::command().find_subcommand(word).is_none()
}

fn format_names() -> impl Iterator<Item = String> {
    let formats = Format::value_variants().iter();
    let values = formats.filter_map(ValueEnum::to_possible_value);
    values.map(|it| it.get_name().to_owned())
}

/// Every command and setting, with what it does.
fn help() -> String {
    let commands = Line::command();
    let commands = commands.get_subcommands().map(|command| {
        let about = command.get_about().map(ToString::to_string);
        [command.get_name().to_owned(), about.unwrap_or_default()]
    });
    let sparql = [
        "SELECT …".to_owned(),
        "SPARQL; it ends where it is complete, or at an empty line".to_owned(),
    ];
    let settings = SETTINGS.iter().map(|(word, does)| [word, does]);
    let settings = settings.map(|it| it.map(|text| (*text).to_owned()));
    let rows = commands.chain([sparql]).chain(settings).collect();
    let table = Grid::new(["", ""], rows).table();
    format!("{}\nCOMMAND --help shows examples.\n", table.trim_start())
}

/// Why a word with a full stop does nothing.
fn misused(word: &str) -> String {
    let name = |it: &&'static str| it.split(' ').next().unwrap_or_default();
    let usages = SETTINGS.iter().map(|(usage, _)| usage);
    if let Some(usage) = usages.clone().find(|it| name(it) == word) {
        return format!("write {usage}");
    }
    match suggest::nearest(word, usages.map(name)) {
        Some(near) => format!("there is no `{word}`; did you mean `{near}`?"),
        None => format!("there is no `{word}`; .help lists what there is"),
    }
}

/// Asks every question of a script called `name`, up to the first that could not run.
pub(crate) fn run_script(session: &mut Session, name: &str, text: &str) -> anyhow::Result<Outcome> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut worst = Outcome::Fine;
    for (line, question) in question::questions(text, &session.prefixes) {
        let place = format!("{name}:{line}");
        match session.ask(&question, line) {
            Ok(Next::End) => break,
            Ok(Next::Answered(Outcome::Fine)) => {}
            Ok(Next::Answered(Outcome::No)) => {
                report::note(&format!("{place}: nothing found"));
                worst = Outcome::No;
            }
            Ok(Next::Answered(Outcome::Failed)) => {
                report::note(&format!("{place}: could not run"));
                return Ok(Outcome::Failed);
            }
            Err(error) => return Err(error.context(place)),
        }
    }
    Ok(worst)
}
