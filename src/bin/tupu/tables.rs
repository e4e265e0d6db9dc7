//! Tables of nodes and edges, as every command reads them: the options, and what is said of faulty rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use indicatif::ProgressBar;
use tupu::diagnostic::FileId;
use tupu::prefix::PrefixMap;
use tupu::rdf::ProvenanceProfile;
use tupu::source::{ProjectFiles, Role, SourceFile};
use tupu::table::{
    Counts, EdgeIris, EdgeRow, Fault, Mapping, Report, TableError, TableKind, TableReader,
    TableSource, edge_rows, strict,
};

use crate::input::{TableFile, length};
use crate::output::{self, Target};
use crate::progress::{reading, waiting};
use crate::report;

/// Faults that are shown and after which reading stops, where none are set aside.
const MOST_ERRORS: u64 = 20;

/// Threads that convert rows; more find no work.
const MOST_WORKERS: usize = 8;

/// How tables are read.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tables")]
pub(crate) struct TableOptions {
    /// What columns of tables mean that are not KGX's
    #[arg(long, global = true, value_name = "FILE")]
    mapping: Option<PathBuf>,

    /// A prefix of CURIEs and the beginning of IRIs that it stands for
    #[arg(long, global = true, value_name = "PREFIX=IRI")]
    prefix: Vec<String>,

    /// Faulty rows after which to stop (20; with --rejects none)
    #[arg(long, global = true, value_name = "N")]
    max_errors: Option<u64>,

    /// File to put faulty rows into, with reasons; the others are read
    #[arg(long, global = true, value_name = "FILE")]
    rejects: Option<PathBuf>,

    /// Ids that stand twice and edges to nodes without a row are faults; tables are read twice
    #[arg(long, global = true)]
    strict: bool,

    /// Whether nothing is said or set aside, and any fault is one too many.
    #[arg(skip)]
    is_quiet: bool,
}

impl TableOptions {
    /// The same for where there is nobody to tell.
    pub(crate) fn quiet(self) -> Self {
        let is_quiet = true;
        Self { is_quiet, ..self }
    }

    /// Refuses options of tables where there is no table.
    pub(crate) fn refuse(&self) -> anyhow::Result<()> {
        let is_given = self.mapping.is_some()
            || !self.prefix.is_empty()
            || self.max_errors.is_some()
            || self.rejects.is_some()
            || self.strict;
        if is_given {
            bail!(
                "--mapping, --prefix, --max-errors, --rejects and --strict say how tables are read, and none is"
            );
        }
        Ok(())
    }

    /// The columns of KGX and what the mapping file and the command line say; `None` where the file has
    /// faults, which are shown.
    pub(crate) fn mapping(&self) -> anyhow::Result<Option<Mapping>> {
        read_mapping(self.mapping.as_deref(), &self.prefix)
    }

    /// Does `work`, which reads tables, and shows the faults of rows or sets them aside. `None` where they
    /// are too many; `consequence` says what does not happen then. `bar` shows how far `work` is.
    pub(crate) fn report(
        &self,
        consequence: &str,
        bar: &ProgressBar,
        work: impl FnOnce(&mut dyn Report) -> anyhow::Result<Counts>,
    ) -> anyhow::Result<Option<Counts>> {
        let Some(rejects) = &self.rejects else {
            let mut shown = Shown {
                left: self.max_errors.unwrap_or(MOST_ERRORS),
                bar,
            };
            let counts = work(&mut shown);
            bar.finish_and_clear();
            let Some(counts) = unless_stopped(counts)? else {
                report::note("stopped; docs/tables.md explains the codes");
                return Ok(None);
            };
            if counts.faulty > 0 {
                let of = counts.nodes + counts.edges + counts.faulty;
                report::note(&format!(
                    "{} of {of}, {consequence}; --rejects FILE sets them aside; docs/tables.md explains the codes",
                    faulty_rows(counts.faulty)
                ));
                return Ok(None);
            }
            return Ok(Some(counts));
        };
        let mut end = None;
        let set_aside = output::write(&Target::named(rejects.clone()), |file| {
            let mut aside = SetAside {
                file,
                left: self.max_errors,
            };
            aside.file.write_all(b"place\tcode\treason\trow\n")?;
            let counts = work(&mut aside);
            bar.finish_and_clear();
            end = Some(unless_stopped(counts));
            Ok(())
        })?;
        let end = end.context("nothing was read")??;
        set_aside.publish()?;
        match &end {
            None => report::note(&format!("too many faulty rows; see {}", rejects.display())),
            Some(counts) if counts.faulty > 0 => report::note(&format!(
                "{}: {}",
                rejects.display(),
                faulty_rows(counts.faulty)
            )),
            Some(_) => {}
        }
        Ok(end)
    }

    /// The tables at `paths`, of which one may be standard input.
    pub(crate) fn open(
        &self,
        paths: &[impl AsRef<Path>],
        are_read_twice: bool,
    ) -> anyhow::Result<Vec<TableFile>> {
        let stdin = paths.iter().filter(|it| it.as_ref().as_os_str() == "-");
        if stdin.count() > 1 {
            bail!("standard input can be one table only");
        }
        paths
            .iter()
            .map(|path| TableFile::open(path.as_ref(), are_read_twice || self.strict))
            .collect()
    }

    /// How many bytes are read where all tables are read once, and before that held against each other if that
    /// was asked for.
    pub(crate) fn length(&self, tables: &[TableFile]) -> u64 {
        let readings = if self.strict { 2 } else { 1 };
        tables.iter().map(|it| it.length * readings).sum()
    }

    /// A bar for reading the tables once, and RDF files.
    pub(crate) fn bar(&self, tables: &[TableFile], rdf: &[&Path]) -> ProgressBar {
        if self.is_quiet {
            return ProgressBar::hidden();
        }
        let bar = reading("reading");
        let rdf: u64 = rdf.iter().map(|path| length(path)).sum();
        bar.set_length(self.length(tables) + rdf);
        bar
    }

    /// What moves while something is done that takes nobody knows how long.
    pub(crate) fn waiting(&self, what: &'static str) -> ProgressBar {
        if self.is_quiet {
            return ProgressBar::hidden();
        }
        waiting(what)
    }

    /// Does `work` with the tables, whose rows are held against each other if that was asked for. `bar` counts
    /// the bytes that are read.
    pub(crate) fn with_sources(
        &self,
        tables: &[TableFile],
        mapping: &Mapping,
        provenance: ProvenanceProfile,
        bar: &ProgressBar,
        work: impl FnOnce(&[&dyn TableSource]) -> Result<Counts, TableError>,
    ) -> Result<Counts, TableError> {
        let tables: Vec<_> = tables.iter().map(|it| it.counted_by(bar)).collect();
        let tables = sources(&tables);
        if self.strict {
            work(&sources(&strict(&tables, mapping, provenance)?))
        } else {
            work(&tables)
        }
    }

    /// The rows that say one of `edges`, for which the tables are read again.
    pub(crate) fn edge_rows(
        &self,
        tables: &[TableFile],
        edges: &BTreeSet<EdgeIris>,
    ) -> anyhow::Result<BTreeMap<EdgeIris, Vec<EdgeRow>>> {
        let mut found = BTreeMap::new();
        if edges.is_empty() {
            return Ok(found);
        }
        let Some(mapping) = self.mapping()? else {
            return Ok(found);
        };
        let bar = self.bar(tables, &[]);
        bar.dec_length(length_of_nodes(tables, &mapping));
        let mut shown = Shown {
            left: u64::MAX,
            bar: &bar,
        };
        let none = ProvenanceProfile::None;
        self.with_sources(tables, &mapping, none, &bar, |tables| {
            found = edge_rows(tables, &mapping, edges, &mut shown)?;
            Ok(Counts::default())
        })?;
        bar.finish_and_clear();
        Ok(found)
    }

    /// Reads the tables by `read`. Says whether they are sound enough to go on with. `bar` counts the bytes.
    pub(crate) fn read(
        &self,
        tables: &[TableFile],
        bar: &ProgressBar,
        read: impl FnOnce(&[&dyn TableSource], &Mapping, &mut dyn Report) -> Result<Counts, TableError>,
    ) -> anyhow::Result<bool> {
        if tables.is_empty() {
            self.refuse()?;
            return Ok(true);
        }
        let Some(mapping) = self.mapping()? else {
            return Ok(false);
        };
        let read = |report: &mut dyn Report| {
            let none = ProvenanceProfile::None;
            self.with_sources(tables, &mapping, none, bar, |tables| {
                read(tables, &mapping, report)
            })
        };
        if self.is_quiet {
            return Ok(read(&mut Silent).is_ok());
        }
        let counts = self.report("nothing read", bar, |report| Ok(read(report)?))?;
        if let Some(counts) = &counts {
            warn_of_unknown(counts);
        }
        Ok(counts.is_some())
    }
}

/// How many bytes the tables of nodes have. What is no table is an error as soon as it is read.
pub(crate) fn length_of_nodes(tables: &[TableFile], mapping: &Mapping) -> u64 {
    let hidden = ProgressBar::hidden();
    let is_of_nodes = |file: &&TableFile| {
        let table = file.counted_by(&hidden);
        let reader = table.open().ok();
        let reader = reader.and_then(|it| TableReader::open(table.name(), it, mapping).ok());
        reader.is_some_and(|it| it.layout.kind() == TableKind::Nodes)
    };
    let nodes = tables.iter().filter(is_of_nodes);
    nodes.map(|it| it.length).sum()
}

fn sources<T: TableSource>(tables: &[T]) -> Vec<&dyn TableSource> {
    tables.iter().map(|it| it as &dyn TableSource).collect()
}

/// How many threads convert rows.
pub(crate) fn workers() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(MOST_WORKERS))
}

/// Says how many nodes only edges have, if any.
pub(crate) fn warn_of_unknown(counts: &Counts) {
    if let Some(unknown) = counts.unknown_nodes.filter(|count| *count > 0) {
        let plural = if unknown == 1 { "" } else { "s" };
        report::note(&format!(
            "warning: edges name {unknown} node{plural} without a row"
        ));
    }
}

/// What was counted; `None` where reading stopped, which was said or asked for.
fn unless_stopped(counts: anyhow::Result<Counts>) -> anyhow::Result<Option<Counts>> {
    match counts.map_err(anyhow::Error::downcast) {
        Ok(counts) => Ok(Some(counts)),
        Err(Ok(TableError::Stopped)) => Ok(None),
        Err(Ok(TableError::Unsound { name, fault })) => {
            report::table_fault(&name, &fault);
            Ok(None)
        }
        Err(Ok(error)) => Err(error.into()),
        Err(Err(error)) => Err(error),
    }
}

fn faulty_rows(count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} faulty row{plural}")
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

/// Stops at the first fault.
struct Silent;

impl Report for Silent {
    fn fault(&mut self, _: &str, _: &Fault) -> io::Result<ControlFlow<()>> {
        Ok(ControlFlow::Break(()))
    }
}

/// Shows faults, above the bar.
struct Shown<'b> {
    left: u64,
    bar: &'b ProgressBar,
}

impl Report for Shown<'_> {
    fn fault(&mut self, name: &str, fault: &Fault) -> io::Result<ControlFlow<()>> {
        self.bar.suspend(|| report::table_fault(name, fault));
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
