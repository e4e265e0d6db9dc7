//! Files that appear whole or not at all, and standard output.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::temporary::Temporary;

/// Where one output goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// The target that a command line names: `-` is standard output.
    pub(crate) fn named(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdout
        } else {
            Self::File(path)
        }
    }

    /// The folder of the file, if there is or will be a file.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let Self::File(path) = self else {
            return None;
        };
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let is_file = fs::metadata(&path).map_or(true, |metadata| metadata.is_file());
        is_file.then(|| folder_of(&path).to_owned())
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// How a file is compressed, which its extension says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    const EXTENSIONS: &[(&str, Self)] = &[(".gz", Self::Gzip), (".zst", Self::Zstd)];

    pub(crate) fn of_file(path: &Path) -> Self {
        let name = path.to_string_lossy().to_ascii_lowercase();
        Self::EXTENSIONS
            .iter()
            .find(|(extension, _)| name.ends_with(extension))
            .map_or(Self::None, |(_, compression)| *compression)
    }

    /// How what begins with `bytes` is compressed.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        match bytes {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The file's name without the extension of a compression.
    pub(crate) fn strip_extension(name: &str) -> &str {
        Self::EXTENSIONS
            .iter()
            .find_map(|(extension, _)| name.strip_suffix(extension))
            .unwrap_or(name)
    }

    /// Writes with `write` through the compression; equal input gives equal bytes.
    fn write(
        self,
        out: &mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::None => write(out),
            Self::Gzip => {
                let mut encoder =
                    flate2::write::GzEncoder::new(out, flate2::Compression::default());
                write(&mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Zstd => {
                let mut encoder = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                write(&mut encoder)?;
                encoder.finish().map(drop)
            }
        }
    }
}

/// An output that is written but not yet in its place.
#[derive(Debug)]
pub(crate) enum Written {
    /// It went where it belongs already.
    InPlace,
    /// A file beside the one that it replaces.
    Beside(Temporary, PathBuf),
}

/// Writes one output with `write`. A file takes its place only with [`Written::publish`], so that
/// of several outputs none appears if one fails.
pub(crate) fn write(
    target: &Target,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<Written> {
    let path = match target {
        Target::Stdout => {
            let mut out = io::stdout().lock();
            write(&mut out)
                .and_then(|()| out.flush())
                .context("cannot write to standard output")?;
            return Ok(Written::InPlace);
        }
        Target::File(path) => path,
    };
    let failed = || format!("cannot write `{}`", path.display());
    let compression = Compression::of_file(path);
    let write = |out: &mut dyn Write| compression.write(out, write);
    // A link keeps being one: what it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        // A device or pipe is written into; replacing it would be wrong.
        let mut file = File::options()
            .write(true)
            .open(&path)
            .with_context(failed)?;
        write(&mut file)
            .and_then(|()| file.flush())
            .with_context(failed)?;
        return Ok(Written::InPlace);
    }
    let folder = folder_of(&path);
    let mut beside = Temporary::new_in(folder)
        .map_err(|error| without_path(folder, &error))
        .with_context(failed)?;
    write(beside.as_file_mut()).with_context(failed)?;
    beside.as_file().sync_all().with_context(failed)?;
    Ok(Written::Beside(beside, path))
}

/// The reason without the name of the temporary file, which means nothing to anybody.
fn without_path(folder: &Path, error: &io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(
            error.kind(),
            format!("there is no folder `{}`", folder.display()),
        ),
        kind => io::Error::from(kind),
    }
}

impl Written {
    /// Puts the output in its place.
    pub(crate) fn publish(self) -> anyhow::Result<()> {
        let Self::Beside(file, path) = self else {
            return Ok(());
        };
        let failed = || format!("cannot write `{}`", path.display());
        set_permissions(file.as_file(), &path).with_context(failed)?;
        file.persist(&path).with_context(failed)
    }
}

/// Temporary files are for their owner only; the output is for everybody, or as it was.
fn set_permissions(file: &File, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let permissions = match fs::metadata(path) {
            Ok(metadata) => metadata.permissions(),
            Err(_) => fs::Permissions::from_mode(0o644),
        };
        file.set_permissions(permissions)
    }
    #[cfg(not(unix))]
    {
        let (_, _) = (file, path);
        Ok(())
    }
}

/// Prints an answer.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}
