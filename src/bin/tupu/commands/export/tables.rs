//! `tupu export NODES EDGES`: tables to RDF, without a graph in between.

use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use tupu::diagnostic::FileId;
use tupu::prefix::PrefixMap;
use tupu::rdf::ProvenanceProfile;
use tupu::source::{ProjectFiles, Role, SourceFile};
use tupu::table::{
    Counts, Fault, LineProfile, Mapping, Report, TableError, TableSource, write_lines, write_turtle,
};

use super::{ExportFormat, Outcome};
use crate::input::TableFile;
use crate::output::{self, Target};
use crate::report;

/// Faults that are shown and after which reading stops, where none are set aside.
const MOST_ERRORS: u64 = 20;

/// Threads that convert rows; more find no work.
const MOST_WORKERS: usize = 8;

#[derive(Debug, Args)]
#[command(next_help_heading = "Tables")]
pub(crate) struct TableOptions {
    /// Tables of nodes and edges to export in place of a project: KGX as TSV or JSON Lines, CSV; plain,
    /// gzip or zstd; - is standard input
    #[arg(value_name = "TABLE")]
    pub(super) tables: Vec<PathBuf>,

    /// What columns mean that are not KGX's
    #[arg(long, value_name = "FILE", requires = "tables")]
    mapping: Option<PathBuf>,

    /// A prefix of CURIEs and the beginning of IRIs that it stands for
    #[arg(long, value_name = "PREFIX=IRI", requires = "tables")]
    prefix: Vec<String>,

    /// Faulty rows after which to stop (20; with --rejects none)
    #[arg(long, value_name = "N", requires = "tables")]
    max_errors: Option<u64>,

    /// File to put faulty rows into, with reasons; the others are exported
    #[arg(long, value_name = "FILE", requires = "tables")]
    rejects: Option<PathBuf>,
}

pub(super) fn run(
    options: TableOptions,
    format: ExportFormat,
    profile: ProvenanceProfile,
    target: &Target,
) -> anyhow::Result<Outcome> {
    let has_graphs = format == ExportFormat::Nquads;
    match format {
        ExportFormat::Ntriples | ExportFormat::Nquads => {}
        ExportFormat::Turtle if profile == ProvenanceProfile::None => {}
        ExportFormat::Turtle => {
            bail!("tables become Turtle without provenance only; take --format ntriples or nquads")
        }
        _ => bail!("tables are exported as --format ntriples, nquads or turtle"),
    }
    let Some(mapping) = read_mapping(options.mapping.as_deref(), &options.prefix)? else {
        return Ok(Outcome::No);
    };
    if options
        .tables
        .iter()
        .filter(|it| it.as_os_str() == "-")
        .count()
        > 1
    {
        bail!("standard input can be one table only");
    }
    let mut tables = Vec::new();
    for path in &options.tables {
        tables.push(TableFile::open(path, format == ExportFormat::Turtle)?);
    }
    let sources: Vec<&dyn TableSource> = tables.iter().map(|it| it as &dyn TableSource).collect();
    let profile = LineProfile {
        provenance: profile,
        has_graphs,
    };
    let convert = |out: &mut dyn Write, report: &mut dyn Report| match format {
        ExportFormat::Turtle => write_turtle(&sources, &mapping, out, report),
        _ => write_lines(&sources, &mapping, profile, workers(), out, report),
    };

    let Some(rejects) = options.rejects else {
        let mut shown = Shown {
            left: options.max_errors.unwrap_or(MOST_ERRORS),
        };
        return match write(target, |out| convert(out, &mut shown))? {
            End::Stopped => {
                report::note("stopped; docs/tables.md explains the codes");
                Ok(Outcome::No)
            }
            End::Counted(counts, _) if counts.faulty > 0 => {
                let plural = if counts.faulty == 1 { "" } else { "s" };
                let of = counts.nodes + counts.edges + counts.faulty;
                report::note(&format!(
                    "{} faulty row{plural} of {of}, nothing exported; --rejects FILE sets them aside; docs/tables.md explains the codes",
                    counts.faulty
                ));
                Ok(Outcome::No)
            }
            End::Counted(counts, written) => {
                written.publish()?;
                say(target, &counts);
                Ok(Outcome::Fine)
            }
        };
    };
    let mut end = None;
    let set_aside = output::write(&Target::named(rejects.clone()), |file| {
        let mut aside = SetAside {
            file,
            left: options.max_errors,
        };
        aside.file.write_all(b"place\tcode\treason\trow\n")?;
        end = Some(write(target, |out| convert(out, &mut aside)));
        Ok(())
    })?;
    match end.context("nothing was converted")?? {
        End::Stopped => {
            set_aside.publish()?;
            report::note(&format!("too many faulty rows; see {}", rejects.display()));
            Ok(Outcome::No)
        }
        End::Counted(counts, written) => {
            written.publish()?;
            set_aside.publish()?;
            say(target, &counts);
            if counts.faulty > 0 {
                let plural = if counts.faulty == 1 { "" } else { "s" };
                report::note(&format!(
                    "{}: {} faulty row{plural}",
                    rejects.display(),
                    counts.faulty
                ));
            }
            Ok(Outcome::Fine)
        }
    }
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(MOST_WORKERS))
}

/// How a conversion ended that nothing broke.
enum End {
    Stopped,
    Counted(Counts, output::Written),
}

/// Writes what `convert` gives to the target.
fn write(
    target: &Target,
    convert: impl FnOnce(&mut dyn Write) -> Result<Counts, TableError>,
) -> anyhow::Result<End> {
    let mut outcome = None;
    let written = output::write(target, |out| match convert(out) {
        Err(TableError::Write(error)) => Err(error),
        other => {
            outcome = Some(other);
            Ok(())
        }
    })?;
    match outcome.context("nothing was converted")? {
        Ok(counts) => Ok(End::Counted(counts, written)),
        Err(TableError::Stopped) => Ok(End::Stopped),
        Err(TableError::Header { name, fault }) => {
            report::table_fault(&name, &fault);
            Ok(End::Stopped)
        }
        Err(error) => Err(error.into()),
    }
}

/// The columns of KGX and what the mapping file and the command line say; `None` where the file has
/// faults, which are shown.
fn read_mapping(path: Option<&Path>, prefixes: &[String]) -> anyhow::Result<Option<Mapping>> {
    let mut mapping = match path {
        None => Mapping::kgx(),
        Some(path) => {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read the mapping `{}`", path.display()))?;
            let mut diagnostics = Vec::new();
            let mapping = Mapping::parse(FileId(0), &text, &mut diagnostics);
            diagnostics.sort_by_key(|diagnostic| diagnostic.span);
            let file = SourceFile {
                name: path.display().to_string(),
                role: Role::Unexpected,
                text,
            };
            let files = ProjectFiles {
                root: PathBuf::new(),
                files: vec![file],
            };
            report::diagnostics(&files, &diagnostics);
            if !diagnostics.is_empty() {
                return Ok(None);
            }
            mapping
        }
    };
    for declared in prefixes {
        declare(&mut mapping.prefixes, declared)?;
    }
    Ok(Some(mapping))
}

fn declare(prefixes: &mut PrefixMap, declared: &str) -> anyhow::Result<()> {
    let (prefix, namespace) = declared.split_once('=').ok_or_else(|| {
        anyhow!("`{declared}` is no prefix; write --prefix EX=https://kg.example/")
    })?;
    prefixes
        .insert(prefix, namespace)
        .with_context(|| format!("`--prefix {declared}` cannot be used"))
}

/// Shows faults.
struct Shown {
    left: u64,
}

impl Report for Shown {
    fn fault(&mut self, name: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        report::table_fault(name, fault);
        self.left = self.left.saturating_sub(1);
        Ok(if self.left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}

/// Writes faulty rows into a file.
struct SetAside<'f> {
    file: &'f mut dyn Write,
    left: Option<u64>,
}

impl Report for SetAside<'_> {
    fn fault(&mut self, name: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        writeln!(
            self.file,
            "{name}:{}:{}\t{}\t{}\t{}",
            fault.line,
            fault.column,
            fault.kind,
            fault.message,
            fault.row.replace('\n', "\\n")
        )?;
        let Some(left) = &mut self.left else {
            return Ok(ControlFlow::Continue(()));
        };
        *left = left.saturating_sub(1);
        Ok(if *left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}

fn say(target: &Target, counts: &Counts) {
    if let Target::File(path) = target {
        report::note(&format!(
            "{}: {} rows of nodes, {} of edges",
            path.display(),
            counts.nodes,
            counts.edges
        ));
    }
    if let Some(unknown) = counts.unknown_nodes.filter(|count| *count > 0) {
        let plural = if unknown == 1 { "" } else { "s" };
        report::note(&format!(
            "warning: edges name {unknown} node{plural} without a row"
        ));
    }
}
