//! Files that are read beside a project: RDF, plain or compressed.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tupu::rdf::{RdfError, RdfFormat};

use crate::output::Compression;

/// Extensions of RDF files.
const EXTENSIONS: &[&str] = &[
    "ttl", "nt", "nq", "trig", "rdf", "owl", "xml", "jsonld", "json",
];

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
        let shown = path.display();
        let Some(format) = format(path) else {
            bail!(
                "the extension of `{shown}` names no RDF format; known are {}",
                EXTENSIONS.join(", ")
            );
        };
        let failed = || format!("cannot read `{shown}`");
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
        let place = match error.place {
            Some((line, column)) => format!(":{line}:{column}"),
            None => String::new(),
        };
        anyhow::anyhow!(
            "{}{place}: not valid {}: {error}",
            self.path.display(),
            self.format.name()
        )
    }
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
