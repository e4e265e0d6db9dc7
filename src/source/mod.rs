//! The files of a graph project as they are written: their text, and their tables with spans.
//!
//! The only module that reads files. What the tables mean is for [`load`](crate::load) to say.

mod record;
mod table;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::text::{SourceText, TextError};

pub use self::record::{
    ArticleRecord, ClassRecord, DrawRecord, EntityRecord, EnumRecord, EvidenceRecord, FactRecord,
    LiteralsRecord, MappingsRecord, Names, NestedRecord, OneOrMany, PermissibleValueRecord,
    ProjectRecord, QuantityRecord, RelationRecord, SlotRecord, SlotUsageRecord, SourceRecord, Text,
    ViewRecord,
};
pub use self::table::{Entry, Table, describe, parse, shorten};

/// A project that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is no such folder.
    #[error("there is no folder `{}`", .0.display())]
    NotFound(PathBuf),
    /// The path is a file.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder cannot be listed.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a file of a project is for, which its place says.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// `project.toml`
    Project,
    /// `schema.toml`
    Schema,
    /// `sources.toml`
    Sources,
    /// A file below `entities/`
    Entities,
    /// A file below `articles/`
    Article,
    /// A file below `views/`
    View,
    /// A `.rq` file below `queries/`
    Query,
    /// Anything else.
    Unexpected,
}

/// A file of a project.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the project, with `/` between its parts.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Its text without byte order mark; bytes that are no UTF-8 are replaced by U+FFFD.
    pub text: String,
}

/// The files of a project, ordered by name.
#[derive(Clone, Debug)]
pub struct ProjectFiles {
    /// The project's folder.
    pub root: PathBuf,
    /// The files; a [`FileId`] is a place in this list.
    pub files: Vec<SourceFile>,
}

/// A place in a file as people count: from one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl ProjectFiles {
    /// The file behind `id`.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// Line and column of the beginning of `span`.
    pub fn location(&self, span: Span) -> Location {
        let text = &self.file(span.file).text;
        let before = &text[..text.floor_char_boundary(span.start)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Location {
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Reads the TOML files and named queries of the project in the folder `root`.
///
/// Files that cannot be read are reported and count as empty, as are files that are no UTF-8, what is
/// none being replaced; hidden files are for others.
///
/// # Errors
///
/// When `root` is no folder or cannot be listed.
pub fn read_project(root: &Path) -> Result<(ProjectFiles, Vec<Diagnostic>), SourceError> {
    match fs::metadata(root) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(SourceError::NotAFolder(root.to_owned())),
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            return Err(SourceError::NotFound(root.to_owned()));
        }
        Err(source) => {
            return Err(SourceError::Io {
                path: root.to_owned(),
                source,
            });
        }
    }
    let mut names = Vec::new();
    list(root, "", &mut names)?;
    names.sort();

    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for (id, name) in (0..).map(FileId).zip(names) {
        let span = Span {
            file: id,
            start: 0,
            end: 0,
        };
        let text = match read_file(&root.join(&name)).map(String::from_utf8) {
            Ok(Ok(text)) => match text.strip_prefix('\u{FEFF}') {
                Some(without_mark) => without_mark.to_owned(),
                None => text,
            },
            Ok(Err(err)) => {
                let valid = err.utf8_error().valid_up_to();
                let at = Span {
                    start: valid,
                    end: valid + 1,
                    ..span
                };
                diagnostics.push(
                    Diagnostic::error(Code::InvalidUtf8, at, "the file is not UTF-8 from here on")
                        .with_hint("save the whole file as UTF-8; Chinese text is often in GBK"),
                );
                String::from_utf8_lossy(err.as_bytes()).into_owned()
            }
            Err(err) => {
                diagnostics.push(Diagnostic::error(
                    Code::UnreadableFile,
                    span,
                    format!("cannot read the file: {}", io_reason(&err)),
                ));
                String::new()
            }
        };
        let role = role(&name);
        files.push(SourceFile { name, role, text });
    }
    let root = root.to_owned();
    Ok((ProjectFiles { root, files }, diagnostics))
}

/// A plain text that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadTextError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What it holds is no text.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// Reads the plain text of a source document.
///
/// # Errors
///
/// When the file cannot be read, is not UTF-8 or is too long.
pub fn read_text(path: &Path) -> Result<SourceText, ReadTextError> {
    Ok(SourceText::new(&fs::read(path)?)?)
}

/// The bytes of a file; a pipe or device, which may never end, is refused.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        return fs::read(path);
    }
    Err(io::Error::other(
        "it is a folder behind a link, a pipe or a device",
    ))
}

/// The operating system's words without its error number.
fn io_reason(err: &io::Error) -> String {
    let text = err.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}

/// Adds the TOML files and queries of `root`/`below` to `names`, folders within folders included.
fn list(root: &Path, below: &str, names: &mut Vec<String>) -> Result<(), SourceError> {
    let folder = root.join(below);
    let failed = |source| SourceError::Io {
        path: folder.clone(),
        source,
    };
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let file_name = entry.file_name();
        let Some(name) = file_name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let path = format!("{below}{name}");
        let file_type = entry.file_type().map_err(failed)?;
        // Follows links, but not of folders, which could run in circles; one where data is expected
        // is listed, to be reported.
        if file_type.is_symlink() && root.join(&path).is_dir() {
            if ["entities", "articles", "queries", "views"].contains(&path.as_str()) {
                names.push(path);
            }
        } else if file_type.is_dir() {
            list(root, &format!("{path}/"), names)?;
        } else if is_toml(name) || is_query(&path) {
            names.push(path);
        }
    }
    Ok(())
}

fn is_toml(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

fn is_query(name: &str) -> bool {
    name.starts_with("queries/") && name.ends_with(".rq")
}

fn role(name: &str) -> Role {
    match name {
        "project.toml" => Role::Project,
        "schema.toml" => Role::Schema,
        "sources.toml" => Role::Sources,
        _ if name.starts_with("entities/") => Role::Entities,
        _ if name.starts_with("articles/") => Role::Article,
        _ if name.starts_with("views/") => Role::View,
        _ if is_query(name) => Role::Query,
        _ => Role::Unexpected,
    }
}
