//! A store that is asked.

use std::path::Path;

use tupu::store::{Difference, Disk};

use super::Manifest;
use super::place::{FolderLock, find_store};
use crate::progress::progress;
use crate::report;

/// A store that no load replaces while it is open.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) disk: Disk,
    pub(crate) manifest: Option<Manifest>,
    _lock: FolderLock,
}

impl Opened {
    /// Opens the store in the folder, which stays as it is.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let (folder, lock) = find_store(path)?;
        Ok(Self {
            disk: Disk::open(&folder)?,
            manifest: Manifest::read(&folder)?,
            _lock: lock,
        })
    }

    /// What is not as it was loaded; with `is_full` the indexes are held to each other, too.
    pub(crate) fn differences(&self, is_full: bool) -> anyhow::Result<Vec<Difference>> {
        let Some(manifest) = &self.manifest else {
            report::note(
                "tupu load has not filled this store, so there is no manifest to hold it to",
            );
            return Ok(Vec::new());
        };
        let bar = progress(manifest.triples, "reading");
        let found = self.disk.contents(&mut || bar.inc(1));
        bar.finish_and_clear();
        let differences = manifest.graphs.differences(&found?);
        if is_full {
            let bar = progress(manifest.triples, "comparing indexes");
            let is_valid = self.disk.validate(&mut || bar.inc(1));
            bar.finish_and_clear();
            is_valid?;
        }
        Ok(differences)
    }
}
