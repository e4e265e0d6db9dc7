//! `tupu diff`: what changed between two graphs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use tupu::diff::{self, Change, EntityDifference, Options, Shown, Side};

use super::{Outcome, load_sound};
use crate::input::RdfFile;
use crate::output;
use crate::report;
use crate::table::escape_markdown;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    Text,
    /// For people, as a page
    Markdown,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu diff ../before/data data                two versions of a project
  tupu diff out/NAME.ttl data                  what the next export will change
  tupu diff old.nt new.jsonld --format json    any RDF files
  tupu diff v1.ttl v2.ttl --format markdown > changes.md

RDF files are known by extension: ttl, nt, nq, trig, rdf, owl, xml, jsonld, json, each also with
.gz or .zst. The order of triples, the labels of blank nodes and prefixes mean nothing.
Exit status: 0 no difference, 1 different, 2 could not run.")]
pub(crate) struct Diff {
    /// The older graph: folder of a graph project, or RDF file
    old: PathBuf,

    /// The newer graph: folder of a graph project, or RDF file
    new: PathBuf,

    /// How to show the changes
    #[arg(long, short, value_enum, default_value_t = DiffFormat::Text)]
    format: DiffFormat,

    /// Language of names and slots (the project's first, else the first that has a name)
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
}

pub(crate) fn run(options: &Diff) -> anyhow::Result<Outcome> {
    let (old, new) = (read(&options.old)?, read(&options.new)?);
    let mut speech = Options::default();
    if let Some(language) = &options.lang {
        check_language(language, [&old, &new])?;
        speech = speech.with_language(language);
    }
    let differences = diff::compare(&old, &new, &speech);
    let text = match options.format {
        DiffFormat::Text => text(&differences),
        DiffFormat::Markdown => markdown(options, &differences),
        DiffFormat::Json => {
            let entities = differences.iter().map(EntityView::of).collect();
            let view = DiffView {
                equal: differences.is_empty(),
                entities,
            };
            serde_json::to_string_pretty(&view)? + "\n"
        }
    };
    output::print(&text)?;
    report::note(&summary(&differences));
    Ok(Outcome::found(differences.is_empty()))
}

/// Reads one side: a folder is a graph project, a file is RDF.
fn read(path: &Path) -> anyhow::Result<Side> {
    let shown = path.display();
    let metadata = fs::metadata(path).with_context(|| format!("cannot read `{shown}`"))?;
    if metadata.is_dir() {
        let Some(loaded) = load_sound(path)? else {
            bail!("the graph project `{shown}` has errors, so it is not compared");
        };
        return Side::of_project(&loaded.graph)
            .with_context(|| format!("cannot compare `{shown}`"));
    }
    let file = RdfFile::read(path)?;
    Side::of_rdf(&file.bytes, file.format).map_err(|error| file.fault(&error))
}

/// Where both sides are projects, one of them must have the language.
fn check_language(language: &str, sides: [&Side; 2]) -> anyhow::Result<()> {
    let known = || sides.iter().flat_map(|side| side.languages());
    if sides.iter().any(|side| side.languages().is_empty())
        || known().any(|it| it.eq_ignore_ascii_case(language))
    {
        return Ok(());
    }
    let mut known: Vec<&str> = known().map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    bail!(
        "neither project has the language `{language}`; they have {}",
        known.join(", ")
    );
}

fn summary(differences: &[EntityDifference]) -> String {
    if differences.is_empty() {
        return "no difference".to_owned();
    }
    let changes: usize = differences.iter().map(|it| it.changes.len()).sum();
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    format!(
        "{} in {}",
        count(changes, "change", "changes"),
        count(differences.len(), "entity", "entities")
    )
}

/// Class, IRI and graph of an entity, those that it has.
fn attributes(entity: &EntityDifference, iri: &str) -> Vec<String> {
    let mut parts = Vec::new();
    if !entity.class.is_empty() {
        parts.push(entity.class.clone());
    }
    if !iri.is_empty() {
        parts.push(iri.to_owned());
    }
    if let Some(graph) = &entity.graph {
        parts.push(format!("in graph {graph}"));
    }
    parts
}

fn text(differences: &[EntityDifference]) -> String {
    let mut text = String::new();
    for (at, entity) in differences.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let mut heading = vec![entity.label.clone()];
        heading.extend(attributes(entity, &entity.short));
        text.push_str(&format!("{}\n", heading.join(" · ")));
        for change in &entity.changes {
            text.push_str(&format!("  {}\n", change.words()));
        }
    }
    text
}

fn markdown(options: &Diff, differences: &[EntityDifference]) -> String {
    let path = |path: &Path| escape_markdown(&path.display().to_string());
    let mut text = format!(
        "# Changes from {} to {}\n",
        path(&options.old),
        path(&options.new)
    );
    if differences.is_empty() {
        text.push_str("\nNo difference.\n");
    }
    for entity in differences {
        text.push_str(&format!("\n## {}\n\n", escape_markdown(&entity.label)));
        let attributes = attributes(entity, &entity.short);
        if !attributes.is_empty() {
            text.push_str(&format!("{}\n\n", escape_markdown(&attributes.join(" · "))));
        }
        for change in &entity.changes {
            text.push_str(&format!("- {}\n", escape_markdown(&change.words())));
        }
    }
    text
}

#[derive(Debug, Serialize)]
struct DiffView<'d> {
    equal: bool,
    entities: Vec<EntityView<'d>>,
}

#[derive(Debug, Serialize)]
struct EntityView<'d> {
    iri: Option<&'d str>,
    label: &'d str,
    class: &'d str,
    graph: Option<&'d str>,
    dataset: bool,
    changes: Vec<ChangeView<'d>>,
}

#[derive(Debug, Serialize)]
struct ChangeView<'d> {
    kind: &'static str,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<SlotView<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ValueView<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<ValueView<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<ValueView<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status: Vec<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<ValueView<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wording: Vec<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inferred: Vec<ValueView<'d>>,
}

#[derive(Debug, Serialize)]
struct SlotView<'d> {
    iri: &'d str,
    label: &'d str,
}

#[derive(Debug, Serialize)]
struct ValueView<'d> {
    text: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iri: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datatype: Option<&'d str>,
}

impl<'d> EntityView<'d> {
    fn of(entity: &'d EntityDifference) -> Self {
        Self {
            iri: entity.iri.as_deref(),
            label: &entity.label,
            class: &entity.class,
            graph: entity.graph.as_deref(),
            dataset: entity.is_dataset,
            changes: entity.changes.iter().map(ChangeView::of).collect(),
        }
    }
}

impl<'d> ChangeView<'d> {
    fn of(change: &'d Change) -> Self {
        let details = &change.details;
        Self {
            kind: change.kind.name(),
            words: change.words(),
            part: change.part.as_deref(),
            slot: change.slot.as_ref().map(|slot| SlotView {
                iri: &slot.iri,
                label: &slot.label,
            }),
            language: change.language.as_deref(),
            value: change.value.as_ref().map(ValueView::of),
            old: change.old.as_ref().map(ValueView::of),
            new: change.new.as_ref().map(ValueView::of),
            status: details.status.iter().map(String::as_str).collect(),
            evidence: details.evidence.iter().map(ValueView::of).collect(),
            wording: details.wording.iter().map(String::as_str).collect(),
            inferred: details.inferred.iter().map(ValueView::of).collect(),
        }
    }
}

impl<'d> ValueView<'d> {
    fn of(shown: &'d Shown) -> Self {
        Self {
            text: &shown.text,
            iri: shown.iri.as_deref(),
            language: shown.language.as_deref(),
            datatype: shown.datatype.as_deref(),
        }
    }
}
