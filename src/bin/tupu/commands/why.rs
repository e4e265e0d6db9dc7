//! `tupu why`: the facts between two entities and where the source says so.

use clap::Args;
use serde::Serialize;
use tupu::as_sparql;
use tupu::model::{Edge, Status};
use tupu::query;
use tupu::table::EdgeRow;

use super::{Outcome, Question, print_sparql};
use crate::answer::{Entity, Fact, Speaker};
use crate::args::{Format, Naming, Origin, Rows};
use crate::output;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu why 金凤实验室 天府锦城实验室
  tupu why 金凤实验室 天府锦城实验室 --source page.txt      with the words
  tupu why 甲市 乙市 --graph nodes.tsv --graph edges.tsv     with the rows
  tupu why cq-drc cd-drc --format markdown")]
pub(crate) struct Why {
    /// One entity: a name or slug
    one: String,

    /// The other: a name or slug
    other: String,

    #[command(flatten)]
    naming: Naming,

    #[command(flatten)]
    rows: Rows,
}

#[derive(Debug, Serialize)]
struct LinkView {
    through: Option<Entity>,
    facts: Vec<Fact>,
}

pub(crate) fn run(origin: &Origin, options: &Why) -> anyhow::Result<Outcome> {
    let Some(mut question) = Question::load(origin, &options.rows.answer, &options.rows.source)?
    else {
        return Ok(Outcome::No);
    };
    let Some(scope) = question.scope(&options.naming)? else {
        return Ok(Outcome::No);
    };
    let Some((one, other)) = question.two(&options.one, &options.other, scope) else {
        return Ok(Outcome::No);
    };
    if options.rows.sparql {
        let query = as_sparql::why(&question.graph, one, other)?;
        return print_sparql(origin, &query);
    }
    let links = query::links(&question.graph, one, other);
    let facts = links.iter().flat_map(|link| link.facts.iter().copied());
    question.look_for_rows(&origin.tables, facts)?;
    let speaker = question.speaker();
    let is_found = !links.is_empty();
    let format = options.rows.answer.format;
    if matches!(format, Format::Json | Format::Ndjson) {
        question.rows(links).print(&options.rows, |link| LinkView {
            through: link.through.map(|node| speaker.entity(node)),
            facts: link.facts.iter().map(|fact| speaker.edge(*fact)).collect(),
        })?;
    } else if is_found {
        let facts: Vec<Edge> = links.into_iter().flat_map(|link| link.facts).collect();
        let reasons: String = facts.iter().filter_map(|it| reason(speaker, *it)).collect();
        let rows = question
            .rows(
                facts
                    .into_iter()
                    .flat_map(|it| by_row(speaker, it))
                    .collect(),
            )
            .cell("subject", |(it, _)| it.source)
            .cell("slot", |(it, _)| it.slot)
            .cell("object", |(it, _)| it.target)
            .status(|(it, _)| (it.status, it.provenance))
            .evidence(|(it, _)| vec![it.provenance])
            .table_rows(|(_, row)| row.iter().copied().collect())
            .limit(&options.rows);
        let mut text = rows.grid(format, true).text(format)?;
        if format == Format::Table {
            text.push_str(&reasons);
        }
        output::print(&text)?;
    }
    if !is_found {
        question.nothing(&format!(
            "no fact joins `{}` and `{}`; `tupu path` looks farther",
            speaker.label(one),
            speaker.label(other)
        ));
    }
    Ok(Outcome::found(is_found))
}

/// The fact with each of the rows of tables that say it, or by itself.
fn by_row<'g>(speaker: Speaker<'g>, fact: Edge) -> Vec<(Edge, Option<&'g EdgeRow>)> {
    let rows = speaker.rows_of(fact);
    if rows.is_empty() {
        return vec![(fact, None)];
    }
    rows.into_iter().map(|row| (fact, Some(row))).collect()
}

/// Why a fact follows that is not printed.
fn reason(speaker: Speaker<'_>, fact: Edge) -> Option<String> {
    Some(format!(
        "\n{} {}: {}: {}\n",
        speaker.label(fact.source),
        speaker.slot_label(fact.slot),
        speaker.reserve(Status::Asserted, fact.provenance),
        speaker.inference(fact.provenance)?
    ))
}
