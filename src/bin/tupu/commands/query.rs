//! `tupu query`: the graph is asked in SPARQL.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::{ArgGroup, Args};
use serde::Serialize;
use tupu::named_query::{self, NamedQuery, Parameter, ParameterKind};
use tupu::oxrdf::{NamedNode, Term};
use tupu::prefix::PrefixMap;
use tupu::query::shown;
use tupu::schema::LangText;
use tupu::sparql::{self, CancellationToken, QueryResults, Value};
use tupu::suggest;
use tupu::vocab::rdf;

use super::export::Provenance;
use super::{Outcome, Question, languages};
use crate::args::{Format, Origin};
use crate::asked::Asked;
use crate::interrupt;
use crate::output;
use crate::report;
use crate::rows::{json, ndjson};
use crate::solutions::{AnswerWriter, SolutionFormat};
use crate::table::{Grid, wrapped};

#[derive(Clone, Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).multiple(false),
    after_help = "Examples:
  tupu query --list                               questions that have a name
  tupu query signatories --lang en                one of them
  tupu query targets-due --set before=2025-12-31  one with a parameter
  tupu query 'SELECT ?o { cy:bid-agreement cyo:signatory ?o }'
  tupu query 'ASK { ?s a schema:City }' --graph other.ttl
  tupu query signatories --store kg.store         a store that tupu load filled
  tupu query --file q.rq --format csv > answer.csv
  tupu query signatories --sparql                 what to ask a triple store

The prefixes of the project, or of the files, need no PREFIX lines.
Exit status: 0 rows or true, 1 no rows or false, 2 could not run."
)]
pub(crate) struct Query {
    /// SPARQL query, or the name of one in queries/ of the project
    #[arg(group = "what")]
    query: Option<String>,

    /// Read the query from a file (- is standard input)
    #[arg(long, value_name = "FILE", group = "what")]
    file: Option<PathBuf>,

    /// List the queries that have a name
    #[arg(long, group = "what")]
    list: bool,

    /// Folder of a store that is asked in place of a project
    #[arg(long, value_name = "DIR", conflicts_with = "list")]
    store: Option<PathBuf>,

    /// Give a parameter of the query its value; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    values: Vec<String>,

    /// How the evidence of the project's facts is asked
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    provenance: Provenance,

    /// How to show the answer: rows as a table, triples as Turtle where not given
    #[arg(long, short, value_enum)]
    format: Option<SolutionFormat>,

    /// Language of the list and of the parameter `lang`, one of the project's
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,

    /// Most rows or triples to show
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u32>,

    /// Print the query as any store takes it, with prefixes and values filled in, and do not ask it
    #[arg(long, conflicts_with_all = ["list", "format", "limit", "timeout"])]
    sparql: bool,
}

/// Reading and evaluating follow the nesting of a query on the stack.
pub(crate) const STACK: usize = 256 << 20;

/// What a cancelled query may take to end.
const GRACE: Duration = Duration::from_millis(500);

/// The parameter that `--lang` gives its value.
const LANGUAGE: &str = "lang";

impl Query {
    /// A query that is typed, not named.
    pub(crate) fn typed(
        text: String,
        format: Option<SolutionFormat>,
        limit: Option<usize>,
    ) -> Self {
        Self {
            query: Some(text),
            file: None,
            list: false,
            store: None,
            values: Vec::new(),
            provenance: Provenance::Reified,
            format,
            sparql: false,
            lang: None,
            limit,
            timeout: None,
        }
    }
}

pub(crate) fn run(origin: Origin, options: Query) -> anyhow::Result<Outcome> {
    let timeout = options
        .timeout
        .map(|seconds| Duration::from_secs(seconds.into()));
    let cancellation = CancellationToken::new();
    interrupt::cancels(&cancellation);
    let (sender, receiver) = mpsc::channel();
    let token = cancellation.clone();
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            // The receiver is gone only when nobody waits any more.
            drop(sender.send(answer(&origin, &options, token)));
        })
        .context("cannot start a thread")?;
    let outcome = match timeout {
        None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        Some(timeout) => receiver.recv_timeout(timeout),
    };
    match (outcome, timeout) {
        (Ok(Err(_)), _) if cancellation.is_cancelled() => bail!("the query was broken off"),
        (Ok(outcome), _) => outcome,
        (Err(RecvTimeoutError::Timeout), Some(timeout)) => {
            cancellation.cancel();
            // Lets it finish the line that it writes; what it found so far stands.
            drop(receiver.recv_timeout(GRACE));
            bail!(
                "the query took longer than {} (--timeout)",
                seconds(timeout)
            )
        }
        (Err(_), _) => bail!("the query ended unexpectedly"),
    }
}

fn seconds(timeout: Duration) -> String {
    match timeout.as_secs() {
        1 => "1 second".to_owned(),
        number => format!("{number} seconds"),
    }
}

/// A question, and what it is called.
struct Asking {
    /// For messages: the name of the query or of its file.
    origin: String,
    query: NamedQuery,
}

fn answer(
    origin: &Origin,
    options: &Query,
    cancellation: CancellationToken,
) -> anyhow::Result<Outcome> {
    let name = options.query.as_deref().filter(|it| is_name(it));
    if options.store.is_some() && !origin.graph.is_empty() {
        bail!("either --graph or --store is asked");
    }
    let is_of_project = origin.graph.is_empty() && options.store.is_none();
    let project = if options.list || name.is_some() || is_of_project {
        match Project::load(origin, options.lang.as_deref())? {
            Some(project) => Some(project),
            None => return Ok(Outcome::No),
        }
    } else {
        None
    };
    let language = match &project {
        Some(project) => project.question.language(),
        None => options.lang.as_deref().unwrap_or_default(),
    };
    if let (true, Some(project)) = (options.list, &project) {
        return list(&project.queries, language, options.format);
    }
    let asking = match (name, &project) {
        (Some(name), Some(project)) => project.named(name)?,
        _ => written(options)?,
    };
    if options.lang.is_some()
        && project
            .as_ref()
            .is_some_and(|it| it.question.speaks_several())
    {
        report::note(&format!("a query has one language, here `{language}`"));
    }
    let graph = project.as_ref().map(|it| &*it.question.graph);
    let asked = match &options.store {
        Some(folder) => Asked::folder(folder)?,
        None => match origin.triples(graph, options.provenance.into())? {
            Some(triples) => Asked::Memory(triples),
            None => return Ok(Outcome::No),
        },
    };
    let prefixes = prefixes(asked.prefixes()?, project.as_ref())?;
    let query = match named_query::parse(&asking.query.text, &prefixes) {
        Ok(query) => query,
        Err(fault) => {
            report::query_fault(&asking.origin, &asking.query.text, &fault);
            return Ok(Outcome::Failed);
        }
    };
    let values = Values {
        project: project.as_ref(),
        prefixes: &prefixes,
        language,
    };
    let Some(values) = values.read(&asking.query, &options.values)? else {
        return Ok(Outcome::No);
    };
    let query = sparql::bind(&query, &values)?;
    if options.sparql {
        output::print(&named_query::write(&query, &prefixes))?;
        return Ok(Outcome::Fine);
    }

    let writer = AnswerWriter {
        out: BufWriter::new(io::stdout().lock()),
        format: options.format,
        prefixes: &prefixes,
        limit: options.limit.unwrap_or(usize::MAX),
    };
    let answer = || write_answer(&asked, &query, cancellation, writer);
    let found = sparql::until_stopped(answer)??;
    if !found && is_of_project && asks_statements(&query) {
        let without = match options.provenance {
            Provenance::None => Some("none"),
            Provenance::Rdf12 => Some("rdf12"),
            Provenance::Reified | Provenance::Graphs => None,
        };
        if let Some(profile) = without {
            report::note(&format!(
                "the query asks for rdf:Statements, which --provenance {profile} does not have"
            ));
        }
    }
    Ok(Outcome::found(found))
}

/// Whether the query asks what a statement says.
fn asks_statements(query: &sparql::Query) -> bool {
    let text = query.to_string();
    let terms = [rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT];
    terms.iter().any(|term| text.contains(&term.to_string()))
}

/// Whether there is a row, a triple, or it is true.
fn write_answer(
    asked: &Asked,
    query: &sparql::Query,
    cancellation: CancellationToken,
    writer: AnswerWriter<'_, impl io::Write>,
) -> anyhow::Result<bool> {
    let answer = asked.evaluate(query, cancellation);
    match answer.context("the query cannot be answered")? {
        QueryResults::Boolean(value) => {
            writer.boolean(value)?;
            Ok(value)
        }
        QueryResults::Solutions(rows) => Ok(writer.rows(rows)? > 0),
        QueryResults::Graph(triples) => {
            writer.check_triples()?;
            let is_known = |label: &str| asked.has_blank_node(label);
            let triples = sparql::collect_triples(is_known, triples, writer.limit)?;
            let found = !triples.is_empty();
            if found {
                writer.triples(triples)?;
            }
            Ok(found)
        }
    }
}

/// Whether the argument names a query; SPARQL has white space and brackets.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A graph project that is asked, or whose queries are.
struct Project {
    question: Question,
    queries: Arc<[NamedQuery]>,
}

impl Project {
    /// Reads the project, unless it has errors.
    fn load(origin: &Origin, language: Option<&str>) -> anyhow::Result<Option<Self>> {
        let Some(askable) = origin.askable_project()? else {
            return Ok(None);
        };
        let languages = languages(&askable.graph, language)?;
        let queries = Arc::clone(&askable.queries);
        Ok(Some(Self {
            question: Question::new(askable, languages, Vec::new()),
            queries,
        }))
    }

    fn prefixes(&self) -> &PrefixMap {
        &self.question.graph.project().prefixes
    }

    fn named(&self, name: &str) -> anyhow::Result<Asking> {
        if let Some(query) = self.queries.iter().find(|it| it.name == name) {
            return Ok(Asking {
                origin: format!("queries/{name}.rq"),
                query: query.clone(),
            });
        }
        let names = self.queries.iter().map(|it| it.name.as_str());
        let typed = shown(name);
        match suggest::nearest(name, names) {
            Some(near) => bail!("no query is called `{typed}`; did you mean `{near}`?"),
            None => bail!("no query is called `{typed}`; tupu query --list has all names"),
        }
    }
}

/// The query of the argument, of a file or of standard input.
fn written(options: &Query) -> anyhow::Result<Asking> {
    let (origin, bytes) = match (&options.query, &options.file) {
        (Some(text), _) => ("query".to_owned(), text.clone().into_bytes()),
        (None, Some(path)) if path.as_os_str() == "-" => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            ("standard input".to_owned(), bytes)
        }
        (None, Some(path)) => {
            let shown = path.display().to_string();
            let bytes = fs::read(path).with_context(|| format!("cannot read `{shown}`"))?;
            (shown, bytes)
        }
        (None, None) => bail!("there is no query"),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        anyhow!("{origin}:{line}: the query is not UTF-8 from here on")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    // What a header of ours does not say is a remark in other people's queries.
    let (query, _) = NamedQuery::read("", text);
    Ok(Asking { origin, query })
}

/// The prefixes that need not be declared: those of the graph, and of the project.
fn prefixes(mut prefixes: PrefixMap, project: Option<&Project>) -> anyhow::Result<PrefixMap> {
    for (prefix, namespace) in project.iter().flat_map(|it| it.prefixes().iter()) {
        prefixes.insert(prefix, namespace)?;
    }
    Ok(prefixes)
}

/// What the values of parameters are read with.
struct Values<'a> {
    project: Option<&'a Project>,
    prefixes: &'a PrefixMap,
    language: &'a str,
}

impl Values<'_> {
    /// The values of all parameters; `None` where a name means no entity, or several, which is said.
    fn read(
        &self,
        query: &NamedQuery,
        given: &[String],
    ) -> anyhow::Result<Option<BTreeMap<String, Value>>> {
        let mut texts = BTreeMap::new();
        for parameter in &query.parameters {
            if let Some(default) = &parameter.default {
                texts.insert(parameter.name.as_str(), default.as_str());
            }
        }
        if query.parameter(LANGUAGE).is_some() && !self.language.is_empty() {
            texts.insert(LANGUAGE, self.language);
        }
        for value in given {
            let Some((name, value)) = value.split_once('=') else {
                bail!("`--set {value}` has no value; write --set {value}=…");
            };
            let name = name.trim().trim_start_matches('?');
            if !query.parameters.is_empty() && query.parameter(name).is_none() {
                let typed = shown(name);
                let known = query.parameters.iter().map(|it| it.name.as_str());
                match suggest::nearest(name, known.clone()) {
                    Some(near) => {
                        bail!("the query has no parameter `{typed}`; did you mean `{near}`?")
                    }
                    None => bail!(
                        "the query has no parameter `{typed}`; it has {}",
                        known.collect::<Vec<_>>().join(", ")
                    ),
                }
            }
            texts.insert(name, value);
        }
        let missing = query
            .parameters
            .iter()
            .find(|it| !it.is_optional && !texts.contains_key(it.name.as_str()));
        if let Some(parameter) = missing {
            bail!(
                "the query needs --set {}={}, {}",
                parameter.name,
                parameter.kind.name().to_uppercase(),
                words(&parameter.label, self.language)
            );
        }
        let mut values = BTreeMap::new();
        for (name, text) in texts {
            let value = match query.parameter(name) {
                Some(parameter) => self.value(parameter, text)?,
                None => self.undeclared(text)?,
            };
            let Some(value) = value else { return Ok(None) };
            values.insert(name.to_owned(), value);
        }
        Ok(Some(values))
    }

    fn value(&self, parameter: &Parameter, text: &str) -> anyhow::Result<Option<Value>> {
        match &parameter.kind {
            ParameterKind::Entity => self.entity(text),
            _ => Ok(Some(sparql::read_value(parameter, text, self.prefixes)?)),
        }
    }

    /// A value that nobody has declared a type of: a term as N-Triples has it, or an entity.
    fn undeclared(&self, text: &str) -> anyhow::Result<Option<Value>> {
        if text.starts_with(['<', '"']) {
            return match text.parse::<Term>() {
                Ok(Term::NamedNode(node)) => Ok(Some(Value::NamedNode(node))),
                Ok(Term::Literal(literal)) => Ok(Some(Value::Literal(literal))),
                _ => bail!("`{text}` is neither an IRI nor a literal as N-Triples has it"),
            };
        }
        self.entity(text)
    }

    fn entity(&self, text: &str) -> anyhow::Result<Option<Value>> {
        let Some(project) = self.project else {
            return Ok(Some(sparql::read_iri(text, self.prefixes)?));
        };
        let Some(node) = project.question.resolve(text) else {
            return Ok(None);
        };
        let iri = project.question.graph.iri(node);
        Ok(Some(Value::NamedNode(NamedNode::new(iri)?)))
    }
}

/// The text in `language`, or in any.
fn words<'t>(texts: &'t LangText, language: &str) -> &'t str {
    texts
        .get(language)
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}

#[derive(Serialize)]
struct QueryView<'q> {
    name: &'q str,
    title: &'q LangText,
    description: &'q LangText,
    parameters: Vec<ParameterView<'q>>,
}

#[derive(Serialize)]
struct ParameterView<'q> {
    name: &'q str,
    #[serde(rename = "type")]
    kind: &'q str,
    optional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'q str>,
    label: &'q LangText,
}

fn list(
    queries: &[NamedQuery],
    language: &str,
    format: Option<SolutionFormat>,
) -> anyhow::Result<Outcome> {
    let views = || queries.iter().map(view);
    let text = match format.unwrap_or(SolutionFormat::Table) {
        SolutionFormat::Table => queries
            .iter()
            .map(|query| description(query, language))
            .collect::<Vec<_>>()
            .join("\n"),
        SolutionFormat::Json => json(&views().collect::<Vec<_>>())?,
        SolutionFormat::Ndjson => ndjson(views())?,
        SolutionFormat::Csv => grid(queries, language).text(Format::Csv)?,
        SolutionFormat::Tsv => grid(queries, language).text(Format::Tsv)?,
        SolutionFormat::Markdown => grid(queries, language).text(Format::Markdown)?,
        _ => bail!("the list is shown as --format table, json, ndjson, csv, tsv or markdown"),
    };
    output::print(&text)?;
    if queries.is_empty() {
        report::note("the project has no queries/");
    }
    Ok(Outcome::found(!queries.is_empty()))
}

fn view<'q>(query: &'q NamedQuery) -> QueryView<'q> {
    let parameter = |it: &'q Parameter| ParameterView {
        name: &it.name,
        kind: it.kind.name(),
        optional: it.is_optional,
        default: it.default.as_deref(),
        label: &it.label,
    };
    QueryView {
        name: &query.name,
        title: &query.title,
        description: &query.description,
        parameters: query.parameters.iter().map(parameter).collect(),
    }
}

/// The queries as a table.
fn grid(queries: &[NamedQuery], language: &str) -> Grid {
    let row = |query: &NamedQuery| {
        let settings: Vec<String> = settings(query).map(setting).collect();
        [
            query.name.clone(),
            words(&query.title, language).to_owned(),
            words(&query.description, language).to_owned(),
            settings.join(" "),
        ]
    };
    let heads = ["name", "title", "description", "parameters"];
    Grid::new(heads, queries.iter().map(row).collect())
}

/// Name and title, the description, and a line for each parameter that is given with `--set`.
fn description(query: &NamedQuery, language: &str) -> String {
    let title = format!("{}  {}", query.name, words(&query.title, language));
    let description = format!("    {}", words(&query.description, language));
    let mut lines = vec![wrapped(&title, 4), wrapped(&description, 4)];
    for parameter in settings(query) {
        let label = words(&parameter.label, language);
        lines.push(wrapped(&format!("    {}  {label}", setting(parameter)), 8));
    }
    lines.join("\n") + "\n"
}

/// The parameters that are given with `--set`.
fn settings(query: &NamedQuery) -> impl Iterator<Item = &Parameter> {
    let parameters = query.parameters.iter();
    parameters.filter(|it| it.name != LANGUAGE)
}

/// How a parameter is given: `--set place=ENTITY`; in brackets if it need not be.
fn setting(parameter: &Parameter) -> String {
    let name = &parameter.name;
    let kind = parameter.kind.name();
    let kind = kind.rsplit(':').next().unwrap_or(kind).to_uppercase();
    match (&parameter.default, parameter.is_optional) {
        (Some(default), _) => format!("[--set {name}={default}]"),
        (None, true) => format!("[--set {name}={kind}]"),
        (None, false) => format!("--set {name}={kind}"),
    }
}
