//! Files that are read beside a project: RDF and tables, plain or compressed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use indicatif::ProgressBar;
use tupu::prefix::PrefixMap;
use tupu::rdf::{QuadReader, RdfError, RdfFormat};
use tupu::sparql::{RdfGraph, RdfGraphBuilder};
use tupu::stream::{StreamError, StreamFault};
#[cfg(feature = "parquet")]
use tupu::table::ParquetLines;
use tupu::table::TableSource;

use crate::output::Compression;
use crate::tables::TableOptions;
use crate::temporary::Temporary;

/// Extensions of RDF files.
const EXTENSIONS: &[&str] = &[
    "ttl", "nt", "nq", "trig", "rdf", "owl", "xml", "jsonld", "json",
];

/// Extensions of tables.
const TABLE_EXTENSIONS: &[&str] = &["tsv", "csv", "jsonl", "ndjson", "parquet"];

/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// What an RDF file holds, decompressed.
#[derive(Debug)]
pub(crate) struct RdfFile {
    path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: RdfFormat,
}

impl RdfFile {
    /// Reads the file; its extension says what it is.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let format = rdf_format(path)?;
        let failed = || format!("cannot read `{}`", path.display());
        let file = File::open(path).with_context(failed)?;
        let length = file.metadata().with_context(failed)?.len();
        let mut plain = Vec::with_capacity(usize::try_from(length)?);
        decompressed(path, file)
            .and_then(|mut reader| reader.read_to_end(&mut plain))
            .with_context(failed)?;
        Ok(Self {
            path: path.to_owned(),
            bytes: plain,
            format,
        })
    }

    /// The error of a file that is not what its extension says, with its place.
    pub(crate) fn fault(&self, error: &RdfError) -> anyhow::Error {
        let place = match error.place {
            Some((line, column)) => format!(":{line}:{column}"),
            None => String::new(),
        };
        let (shown, format) = (self.path.display(), self.format.name());
        anyhow::anyhow!("{shown}{place}: not valid {format}: {error}")
    }
}

/// Reads an RDF file with `read`, without holding its text; what is wrong in it is said with its place.
/// `bar` counts the bytes of the file that were read.
pub(crate) fn read_file(
    path: &Path,
    bar: &ProgressBar,
    read: impl FnOnce(Box<dyn Read>, RdfFormat) -> Result<(), StreamError>,
) -> anyhow::Result<()> {
    let file = RdfStream::open(path, None, bar)?;
    let format = file.format;
    read(file.reader, format).map_err(|error| match error {
        // The parser of RDF/XML does not say where it is.
        StreamError::Rdf(fault) if fault.line == 0 => {
            let text = RdfFile::read(path).map(|it| it.bytes).unwrap_or_default();
            let error = QuadReader::new(&text, format).find_map(Result::err);
            let (line, column) = error.and_then(|it| it.place).unwrap_or_default();
            let fault = StreamFault {
                line,
                column,
                ..fault
            };
            described(&file.name, format, StreamError::Rdf(fault))
        }
        error => described(&file.name, format, error),
    })
}

/// Input that is not of its format: file, place, and what is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Illegal(String);

/// The error with the file and place that it is about.
pub(crate) fn described(name: &str, format: RdfFormat, error: StreamError) -> anyhow::Error {
    match error {
        StreamError::Rdf(fault) => {
            let place = match fault.line {
                0 => String::new(),
                line => format!(":{line}:{}", fault.column),
            };
            Illegal(format!(
                "{name}{place}: not valid {}: {fault}",
                format.name()
            ))
            .into()
        }
        StreamError::Read(error) => {
            anyhow::Error::new(error).context(format!("cannot read `{name}`"))
        }
        StreamError::Write(error) => error.into(),
        error => error.into(),
    }
}

/// What `file` holds, which the extension of `path` says is compressed or not.
fn decompressed(path: &Path, file: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    Ok(match Compression::of_file(path) {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file)?),
    })
}

/// An RDF file that is read once, from beginning to end.
pub(crate) struct RdfStream {
    pub(crate) name: String,
    /// What it holds, decompressed.
    pub(crate) reader: Box<dyn Read>,
    pub(crate) format: RdfFormat,
    /// What of the reader was looked at before.
    beginning: Vec<u8>,
}

impl RdfStream {
    /// Opens the file; its extension says what it is, where `named` does not. `bar` counts the bytes of the
    /// file that were read.
    pub(crate) fn open(
        path: &Path,
        named: Option<RdfFormat>,
        bar: &ProgressBar,
    ) -> anyhow::Result<Self> {
        let is_stdin = path.as_os_str() == "-";
        let format = match named {
            Some(format) => format,
            None if is_stdin => bail!("which format has standard input? say --from"),
            None => rdf_format(path)?,
        };
        if is_stdin {
            return Ok(Self {
                name: "standard input".to_owned(),
                reader: Box::new(io::stdin().lock()),
                format,
                beginning: Vec::new(),
            });
        }
        let failed = || format!("cannot read `{}`", path.display());
        let file = File::open(path).with_context(failed)?;
        let metadata = file.metadata().with_context(failed)?;
        if metadata.is_dir() {
            bail!("cannot read `{}`: it is a folder", path.display());
        }
        let reader = decompressed(path, bar.wrap_read(file)).with_context(failed)?;
        Ok(Self {
            name: path.display().to_string(),
            reader,
            format,
            beginning: Vec::new(),
        })
    }

    /// The first bytes, which will be read all the same.
    pub(crate) fn beginning(&mut self, length: u64) -> anyhow::Result<&[u8]> {
        if self.beginning.is_empty() {
            let failed = || format!("cannot read `{}`", self.name);
            let mut rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
            let taken = rest.by_ref().take(length);
            let mut taken = taken;
            taken
                .read_to_end(&mut self.beginning)
                .with_context(failed)?;
            self.reader = Box::new(io::Cursor::new(self.beginning.clone()).chain(rest));
        }
        Ok(&self.beginning)
    }
}

/// The format of an RDF file, which its extension says.
fn rdf_format(path: &Path) -> anyhow::Result<RdfFormat> {
    let Some(format) = format_of(path) else {
        bail!(
            "the extension of `{}` names no RDF format; known are {}",
            path.display(),
            EXTENSIONS.join(", ")
        );
    };
    Ok(format)
}

/// How many bytes will be read of the files; of standard input, pipes and devices nobody knows.
pub(crate) fn length(path: &Path) -> u64 {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    metadata.map_or(0, |it| it.len())
}

/// Reads files as one graph that answers SPARQL, and the prefixes that they declare; `None` where tables
/// have errors, which are reported.
pub(crate) fn read_rdf(
    paths: &[PathBuf],
    options: &TableOptions,
) -> anyhow::Result<Option<(RdfGraph, PrefixMap)>> {
    let mut builder = RdfGraphBuilder::new();
    let (tables, rdf) = tables_and_rdf(paths)?;
    let tables = options.open(&tables, false)?;
    let bar = options.bar(&tables, &rdf);
    for path in rdf {
        read_file(path, &bar, |reader, format| builder.read(reader, format))?;
    }
    let are_sound = options.read(&tables, &bar, |tables, mapping, report| {
        builder.read_tables(tables, mapping, report)
    })?;
    bar.finish_and_clear();
    let prefixes = builder.prefixes().clone();
    if !are_sound {
        return Ok(None);
    }
    Ok(Some((builder.finish()?, prefixes)))
}

/// Which of the files are tables, and which are RDF; their extensions say it.
pub(crate) fn tables_and_rdf(paths: &[PathBuf]) -> anyhow::Result<(Vec<&Path>, Vec<&Path>)> {
    let (mut tables, mut rdf) = (Vec::new(), Vec::new());
    for path in paths {
        if is_table(path) {
            tables.push(path.as_path());
        } else if format_of(path).is_some() {
            rdf.push(path.as_path());
        } else {
            bail!(
                "the extension of `{}` names neither RDF nor a table; known are {}, {}",
                path.display(),
                EXTENSIONS.join(", "),
                TABLE_EXTENSIONS.join(", ")
            );
        }
    }
    Ok((tables, rdf))
}

/// Whether the extension names a table, that of a compression left out; standard input is one.
pub(crate) fn is_table(path: &Path) -> bool {
    let extension = plain_extension(path);
    path.as_os_str() == "-" || extension.is_some_and(|it| TABLE_EXTENSIONS.contains(&it.as_str()))
}

/// The extension in lower case, that of a compression left out.
fn plain_extension(path: &Path) -> Option<String> {
    let name = path.file_name().and_then(OsStr::to_str)?;
    let name = name.to_ascii_lowercase();
    let (_, extension) = Compression::strip_extension(&name).rsplit_once('.')?;
    Some(extension.to_owned())
}

/// The format that the extension names, that of a compression left out.
pub(crate) fn format_of(path: &Path) -> Option<RdfFormat> {
    let extension = plain_extension(path)?;
    if !EXTENSIONS.contains(&extension.as_str()) {
        return None;
    }
    match extension.as_str() {
        "owl" => Some(RdfFormat::RdfXml),
        extension => RdfFormat::from_extension(extension),
    }
}

/// A file that holds a table, or standard input; its first bytes say how it is compressed, and whether it is
/// Parquet.
#[derive(Debug)]
pub(crate) struct TableFile {
    name: String,
    /// In bytes, as it is stored; 0 where nobody knows.
    pub(crate) length: u64,
    origin: TableOrigin,
}

#[derive(Debug)]
enum TableOrigin {
    File(PathBuf),
    /// Standard input, a pipe or a device, which can be read once.
    Once(PathBuf),
    /// What such a one gave.
    Copy(Temporary),
}

impl TableFile {
    /// The table at `path`. What can be read only once is copied if it will be read twice.
    pub(crate) fn open(path: &Path, is_read_twice: bool) -> anyhow::Result<Self> {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let failed = || format!("cannot read `{name}`");
        let is_file = !is_stdin && fs::metadata(path).with_context(failed)?.is_file();
        let mut known = length(path);
        let origin = if is_file {
            TableOrigin::File(path.to_owned())
        } else if is_read_twice {
            let mut copy = Temporary::new_in(&tempfile::env::temp_dir())
                .context("cannot keep what is read twice")?;
            known = io::copy(&mut open(path).with_context(failed)?, copy.as_file_mut())
                .with_context(failed)?;
            TableOrigin::Copy(copy)
        } else {
            TableOrigin::Once(path.to_owned())
        };
        Ok(Self {
            name,
            length: known,
            origin,
        })
    }

    /// The table, each reading of which `bar` counts by bytes as they are stored.
    pub(crate) fn counted_by(&self, bar: &ProgressBar) -> CountedTable<'_> {
        CountedTable {
            file: self,
            bar: bar.clone(),
        }
    }
}

/// A table whose readings a bar shows.
#[derive(Debug)]
pub(crate) struct CountedTable<'f> {
    file: &'f TableFile,
    bar: ProgressBar,
}

impl TableSource for CountedTable<'_> {
    fn name(&self) -> &str {
        &self.file.name
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let origin = &self.file.origin;
        let mut reader = match origin {
            TableOrigin::File(path) | TableOrigin::Once(path) => open(path)?,
            TableOrigin::Copy(copy) => Box::new(copy.reopen()?),
        };
        let mut first = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut first)?;
        let compression = Compression::of_bytes(&first);
        let is_parquet = first == PARQUET;
        let mut all = io::Cursor::new(first).chain(reader);
        if is_parquet {
            let file = match origin {
                TableOrigin::File(path) => File::open(path)?,
                TableOrigin::Copy(copy) => copy.reopen()?,
                TableOrigin::Once(_) => {
                    // What it holds is said at its end.
                    let mut copy = tempfile::tempfile()?;
                    io::copy(&mut all, &mut copy)?;
                    copy
                }
            };
            return parquet_lines(file, self.file.length, &self.bar);
        }
        let all = self.bar.wrap_read(all);
        Ok(match compression {
            Compression::None => Box::new(all),
            Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(all)),
            Compression::Zstd => Box::new(zstd::Decoder::new(all)?),
        })
    }
}

#[cfg(feature = "parquet")]
fn parquet_lines(file: File, length: u64, bar: &ProgressBar) -> io::Result<Box<dyn Read + Send>> {
    use std::panic;
    use std::sync::Once;

    /// The library panics at damaged files; that becomes an error, of which more need not be said.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let say = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_library = |file: &str| file.contains("parquet-");
            if !panic.location().is_some_and(|it| is_library(it.file())) {
                say(panic);
            }
        }));
    });
    Ok(Box::new(CountedRows {
        lines: ParquetLines::new(file)?,
        length,
        counted: 0,
        bar: bar.clone(),
    }))
}

/// Rows of Parquet, each of which counts as an equal part of the bytes of the file.
#[cfg(feature = "parquet")]
struct CountedRows {
    lines: ParquetLines,
    length: u64,
    counted: u64,
    bar: ProgressBar,
}

#[cfg(feature = "parquet")]
impl Read for CountedRows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.lines.read(buffer)?;
        let (read, of) = self.lines.rows();
        let bytes = u128::from(self.length) * u128::from(read) / u128::from(of.max(1));
        let counted = u64::try_from(bytes).unwrap_or(self.length);
        self.bar.inc(counted.saturating_sub(self.counted));
        self.counted = counted;
        Ok(count)
    }
}

#[cfg(not(feature = "parquet"))]
fn parquet_lines(_: File, _: u64, _: &ProgressBar) -> io::Result<Box<dyn Read + Send>> {
    Err(io::Error::other(
        "this tupu is built without Parquet; build it with `--features parquet`",
    ))
}

fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path)?))
}
