//! Files that are read beside a project: RDF, plain or compressed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use indicatif::ProgressBar;
use tupu::oxrdf::Quad;
use tupu::prefix::PrefixMap;
use tupu::rdf::{QuadStream, RdfError, RdfFormat};
use tupu::sparql::{RdfGraph, RdfGraphBuilder, RdfGraphError};

use crate::output::Compression;

/// Extensions of RDF files.
const EXTENSIONS: &[&str] = &[
    "ttl", "nt", "nq", "trig", "rdf", "owl", "xml", "jsonld", "json",
];

/// Bytes that are read at once.
const BUFFER: usize = 1 << 20;

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
        let bytes = fs::read(path).with_context(failed)?;
        let mut plain = Vec::new();
        match Compression::of_file(path) {
            Compression::None => plain = bytes,
            Compression::Gzip => {
                flate2::read::MultiGzDecoder::new(bytes.as_slice())
                    .read_to_end(&mut plain)
                    .with_context(failed)?;
            }
            Compression::Zstd => {
                zstd::Decoder::new(bytes.as_slice())
                    .and_then(|mut decoder| decoder.read_to_end(&mut plain))
                    .with_context(failed)?;
            }
        }
        Ok(Self {
            path: path.to_owned(),
            bytes: plain,
            format,
        })
    }

    /// The error of a file that is not what its extension says, with its place.
    pub(crate) fn fault(&self, error: &RdfError) -> anyhow::Error {
        fault(&self.path, self.format, error)
    }
}

/// The error of a file that is not of `format`, with its place.
fn fault(path: &Path, format: RdfFormat, error: &RdfError) -> anyhow::Error {
    let place = match error.place {
        Some((line, column)) => format!(":{line}:{column}"),
        None => String::new(),
    };
    anyhow::anyhow!(
        "{}{place}: not valid {}: {error}",
        path.display(),
        format.name()
    )
}

/// The quads of an RDF file, which is never held whole. `bar` shows how many bytes of the file were read.
pub(crate) fn quads(
    path: &Path,
    bar: &ProgressBar,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Quad>>> {
    let format = rdf_format(path)?;
    let failed = || format!("cannot read `{}`", path.display());
    let file = File::open(path).with_context(failed)?;
    bar.set_length(file.metadata().with_context(failed)?.len());
    let file = bar.wrap_read(file);
    let plain: Box<dyn Read> = match Compression::of_file(path) {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file).with_context(failed)?),
    };
    let quads = QuadStream::new(BufReader::with_capacity(BUFFER, plain), format);
    Ok(quads.map(move |quad| quad.map_err(|error| fault(path, format, &error))))
}

/// The format of an RDF file, which its extension says.
fn rdf_format(path: &Path) -> anyhow::Result<RdfFormat> {
    let Some(format) = format(path) else {
        bail!(
            "the extension of `{}` names no RDF format; known are {}",
            path.display(),
            EXTENSIONS.join(", ")
        );
    };
    Ok(format)
}

/// Reads RDF files as one graph that answers SPARQL, and the prefixes that they declare.
pub(crate) fn read_rdf(paths: &[PathBuf]) -> anyhow::Result<(RdfGraph, PrefixMap)> {
    let mut builder = RdfGraphBuilder::new();
    for path in paths {
        let file = RdfFile::read(path)?;
        builder
            .read(&file.bytes, file.format)
            .map_err(|error| match error {
                RdfGraphError::Rdf(error) => file.fault(&error),
                error => error.into(),
            })?;
    }
    let prefixes = builder.prefixes().clone();
    Ok((builder.finish(), prefixes))
}

/// The format that the extension names, that of a compression left out.
fn format(path: &Path) -> Option<RdfFormat> {
    let name = path
        .file_name()
        .and_then(OsStr::to_str)?
        .to_ascii_lowercase();
    let (_, extension) = Compression::strip_extension(&name).rsplit_once('.')?;
    if !EXTENSIONS.contains(&extension) {
        return None;
    }
    match extension {
        "owl" => Some(RdfFormat::RdfXml),
        extension => RdfFormat::from_extension(extension),
    }
}
