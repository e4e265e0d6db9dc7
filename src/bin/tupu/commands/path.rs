//! `tupu path`: ways from one entity to another.

use std::num::NonZeroUsize;

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::NodeId;
use tupu::query::{self, Extent, PathQuery, Paths, Scope, Step};

use super::{Outcome, Question, print_sparql};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Format, Naming, Origin, Rows};
use crate::output;
use crate::report;
use crate::table::wrapped;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu path 重庆市发展和改革委员会 成都市发展和改革委员会
  tupu path 金凤实验室 成都 --k 3
  tupu path cq-drc cd-drc --all --max-length 3
  tupu path 金凤实验室 天府锦城实验室 --via 成渝地区双城经济圈
  tupu path 张剡 金凤实验室 --avoid-hubs --avoid 成都日报

Facts are followed in either direction; each step shows its fact in the fact's own.
--sparql asks for all ways of the least length, or with --all up to --max-length; SPARQL has no costs,
so not with --k or --avoid-hubs.")]
pub(crate) struct Path {
    /// Where to begin: a name or slug
    from: String,

    /// Where to arrive: a name or slug
    to: String,

    /// All ways up to --max-length, not only the shortest
    #[arg(long, conflicts_with_all = ["k", "avoid_hubs"])]
    all: bool,

    /// Most steps of the ways that --all finds
    #[arg(long, value_name = "N", default_value_t = 4, requires = "all")]
    max_length: usize,

    /// The N best ways, whatever their length
    #[arg(long, value_name = "N")]
    k: Option<NonZeroUsize>,

    /// An entity to pass through
    #[arg(long, value_name = "NAME")]
    via: Option<String>,

    /// An entity to keep away from; may be given several times
    #[arg(long, value_name = "NAME")]
    avoid: Vec<String>,

    /// Rather take a longer way than one through entities with many facts
    #[arg(long)]
    avoid_hubs: bool,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    rows: Rows,
}

/// Most shortest paths that are shown where nothing is said.
const MOST_SHOWN: usize = 5;

#[derive(Debug, Serialize)]
struct PathView {
    length: usize,
    steps: Vec<StepView>,
}

#[derive(Debug, Serialize)]
struct StepView {
    from: Entity,
    to: Entity,
    fact: Fact,
}

pub(crate) fn run(origin: &Origin, options: &Path) -> anyhow::Result<Outcome> {
    let Some(mut question) = Question::load(origin, &options.rows.answer, &options.rows.source)?
    else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let Some(query) = path_query(&question, scope, options) else {
        return Ok(Outcome::No);
    };
    if options.rows.sparql {
        let sparql = as_sparql::path(&question.graph, &query)?;
        return print_sparql(origin, &sparql);
    }
    let Paths {
        mut paths,
        is_cut_off,
    } = query::paths(&question.graph, &query);
    if is_cut_off {
        report::note("there are too many ways to try them all; others may be missing");
    }
    let is_found = !paths.is_empty();
    if options.rows.limit.is_none() && query.extent == Extent::Shortest && paths.len() > MOST_SHOWN
    {
        let left_out = paths.len() - MOST_SHOWN;
        report::note(&format!(
            "{left_out} more of this length left out (--limit shows more)"
        ));
        paths.truncate(MOST_SHOWN);
    }
    if options.rows.with_evidence() {
        let steps = paths.iter().flatten().map(|step| step.edge);
        question.look_for_rows(&origin.tables, steps)?;
    }
    print(&question, options, query.from, paths)?;
    if !is_found {
        question.nothing(&no_way(&question, &query));
    }
    Ok(Outcome::found(is_found))
}

/// The question in the graph's terms; `None` if a name means no entity.
fn path_query(question: &Question, scope: Scope, options: &Path) -> Option<PathQuery> {
    let (from, to) = (
        question.resolve_within(&options.from, scope)?,
        question.resolve_within(&options.to, scope)?,
    );
    let via = match &options.via {
        Some(name) => Some(question.resolve(name)?),
        None => None,
    };
    let avoid = options.avoid.iter().map(|name| question.resolve(name));
    Some(PathQuery {
        via,
        avoid: avoid.collect::<Option<Vec<NodeId>>>()?,
        avoids_hubs: options.avoid_hubs,
        extent: match (options.all, options.k) {
            (true, _) => Extent::UpTo(options.max_length),
            (false, Some(count)) => Extent::Best(count.get()),
            (false, None) => Extent::Shortest,
        },
        ..PathQuery::new(from, to)
    })
}

fn print(
    question: &Question,
    options: &Path,
    from: NodeId,
    paths: Vec<Vec<Step>>,
) -> anyhow::Result<()> {
    let speaker = question.speaker();
    let format = options.rows.answer.format;
    let rows = question.rows(paths);
    match format {
        Format::Json | Format::Ndjson => {
            rows.print(&options.rows, |path| view(speaker, path))?;
        }
        Format::Table => {
            let paths = rows.limit(&options.rows).into_rows();
            let texts: Vec<String> = paths.iter().map(|it| text(speaker, from, it)).collect();
            output::print(&texts.join("\n"))?;
        }
        Format::Csv | Format::Tsv | Format::Markdown => {
            let paths = rows.limit(&options.rows).into_rows();
            let steps = paths.iter().enumerate().flat_map(|(path, steps)| {
                let steps = steps.iter().enumerate();
                steps.map(move |(at, step)| (path + 1, at + 1, *step))
            });
            let grid = question
                .rows(steps.collect())
                .text("path", |(path, _, _)| path.to_string())
                .text("step", |(_, at, _)| at.to_string())
                .cell("from", |(_, _, step)| step.from)
                .step("slot", |(_, _, step)| {
                    (step.edge.slot, step.edge.source == step.from)
                })
                .cell("to", |(_, _, step)| step.to)
                .status(|(_, _, step)| (step.edge.status, step.edge.provenance))
                .evidence(|(_, _, step)| vec![step.edge.provenance])
                .table_rows(move |(_, _, step)| speaker.rows_of(step.edge))
                .grid(format, options.rows.with_evidence());
            output::print(&grid.text(format)?)?;
        }
    }
    Ok(())
}

fn view(speaker: Speaker<'_>, path: &[Step]) -> PathView {
    PathView {
        length: path.len(),
        steps: path
            .iter()
            .map(|step| StepView {
                from: speaker.entity(step.from),
                to: speaker.entity(step.to),
                fact: speaker.edge(step.edge),
            })
            .collect(),
    }
}

/// A path in words: where it leads, then the fact of each step as its subject has it.
fn text(speaker: Speaker<'_>, from: NodeId, path: &[Step]) -> String {
    let mut stops = vec![speaker.label(from)];
    stops.extend(path.iter().map(|step| speaker.label(step.to)));
    let mut text = wrapped(&stops.join(" → "), 4) + "\n";
    for step in path {
        let edge = step.edge;
        let reserve = speaker.reserve(edge.status, edge.provenance);
        let reserve = if reserve.is_empty() {
            reserve
        } else {
            format!(" ({reserve})")
        };
        let mut places = vec![speaker.places(edge.provenance), speaker.origin(edge)];
        places.retain(|it| !it.is_empty());
        let places = if places.is_empty() {
            String::new()
        } else {
            format!("   [{}]", places.join("; "))
        };
        let fact = format!(
            "  {} ─ {} → {}{reserve}{places}",
            speaker.label(edge.source),
            speaker.slot_label(edge.slot),
            speaker.label(edge.target)
        );
        text.push_str(&(wrapped(&fact, 4) + "\n"));
    }
    text
}

/// Why there is no path.
fn no_way(question: &Question, query: &PathQuery) -> String {
    let speaker = question.speaker();
    let (from, to) = (speaker.label(query.from), speaker.label(query.to));
    let joined = query::paths(speaker.graph, &PathQuery::new(query.from, query.to));
    match joined.paths.first() {
        None => format!(
            "nothing joins `{from}` and `{to}`: they lie in different components of the graph"
        ),
        Some(shortest) => format!(
            "no way from `{from}` to `{to}` is of this kind; without --via, --avoid and --max-length \
             there is one of {} steps",
            shortest.len()
        ),
    }
}
