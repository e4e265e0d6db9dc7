//! How a new store takes the place of an old one, whatever happens meanwhile.
//!
//! It is made in `.NAME.tupu-loading`, beside the folder `NAME` that it is for. Whoever works there has
//! that folder locked; who finds it unlocked finds what a load left that was ended by force. When the new
//! store is complete it is marked by a file in it, and then the two change places in one step. So the
//! mark says which of the two stands where.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rustix::fs::{FlockOperation, fcntl_lock};

use crate::report;

/// In the folder where a store is made: the store, the one before it where they cannot change places
/// in one step, and who makes it.
const NEW: &str = "store";
const OLD: &str = "old";
const OWNER: &str = "process";

/// In a store that is complete, but perhaps not in its place.
const MARK: &str = "tupu-loading";

/// What each store of RocksDB has, and what whoever writes in it has locked.
const CURRENT: &str = "CURRENT";
const WRITERS_LOCK: &str = "LOCK";

/// A folder that is locked until this is dropped.
pub(super) type FolderLock = File;

/// Where a store is made.
#[derive(Debug)]
pub(crate) struct Workplace {
    target: PathBuf,
    folder: PathBuf,
    _lock: FolderLock,
}

/// What an earlier load left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Left {
    Nothing,
    /// It had not ended: the store is the one before it, if there was one.
    Before,
    /// It had only to clean up: the store is the one that it loaded.
    After,
}

impl Workplace {
    /// Begins to make a store for the folder `target`, of which nothing is changed. Says what an earlier
    /// load left, and removes it.
    pub(crate) fn enter(target: &Path) -> anyhow::Result<Self> {
        let place = Self::lock(&resolved(target)?)?;
        let shown = target.display();
        match place.recover()? {
            Left::Nothing => {}
            Left::Before if place.target.exists() => report::note(&format!(
                "{shown}: an earlier load did not come to its end; the store is the one before it"
            )),
            Left::Before => report::note(&format!(
                "{shown}: an earlier load did not come to its end, and left no store"
            )),
            Left::After => report::note(&format!(
                "{shown}: an earlier load was ended when all was done; the store is the one that it loaded"
            )),
        }
        place.check_target()?;
        let owner = std::process::id().to_string();
        fs::write(place.folder.join(OWNER), owner).with_context(|| place.failed())?;
        Ok(place)
    }

    /// The folder of the new store.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    /// The store that is there, if there is one.
    pub(crate) fn existing(&self) -> Option<&Path> {
        is_store(&self.target).then_some(&self.target)
    }

    /// Keeps everybody else from writing in the store that is there, until the answer is dropped.
    pub(crate) fn keep_writers_out(&self) -> anyhow::Result<Option<File>> {
        let lock = match File::options()
            .write(true)
            .open(self.target.join(WRITERS_LOCK))
        {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| self.failed()),
        };
        match fcntl_lock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(lock)),
            Err(rustix::io::Errno::ACCESS | rustix::io::Errno::AGAIN) => bail!(
                "another process has the store `{}` open to write in it",
                self.target.display()
            ),
            Err(error) => Err(io::Error::from(error)).with_context(|| self.failed()),
        }
    }

    /// Puts the new store, which is complete, in the place of the old one.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let new = self.store();
        let prepared = File::create(new.join(MARK))
            .and_then(|mark| mark.sync_all())
            .and_then(|()| File::open(&new)?.sync_all());
        prepared.with_context(|| self.failed())?;
        let _old = if self.target.exists() {
            let readers = self.wait_for_readers()?;
            let permissions = readers.metadata()?.permissions();
            fs::set_permissions(&new, permissions).with_context(|| self.failed())?;
            Some(readers)
        } else {
            None
        };
        self.exchange().with_context(|| self.failed())?;
        for folder in std::iter::once(self.folder.as_path()).chain(self.folder.parent()) {
            File::open(folder).and_then(|it| it.sync_all())?;
        }
        let mark = self.target.join(MARK);
        // What cannot be removed is found by the next load.
        drop(self);
        drop(fs::remove_file(mark));
        Ok(())
    }

    fn exchange(&self) -> io::Result<()> {
        let new = self.store();
        if !self.target.exists() || is_empty(&self.target)? {
            return fs::rename(&new, &self.target);
        }
        match exchange(&new, &self.target) {
            Err(error) if is_unsupported(&error) => self.exchange_in_two_steps(),
            other => other,
        }
    }

    /// Between the steps there is no store. Who finds it so takes the second step.
    fn exchange_in_two_steps(&self) -> io::Result<()> {
        let old = self.folder.join(OLD);
        fs::rename(&self.target, &old)?;
        fs::rename(self.store(), &self.target).inspect_err(|_| {
            // If this fails too, the next load takes the second step.
            drop(fs::rename(&old, &self.target));
        })
    }

    /// Nobody asks the store, and nobody can until the answer is dropped.
    fn wait_for_readers(&self) -> anyhow::Result<FolderLock> {
        let folder = File::open(&self.target).with_context(|| self.failed())?;
        match folder.try_lock() {
            Ok(()) => return Ok(folder),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| self.failed()),
        }
        let shown = self.target.display();
        report::note(&format!(
            "{shown}: loaded; waiting for those who ask the store that is there"
        ));
        folder.lock().with_context(|| self.failed())?;
        Ok(folder)
    }

    fn failed(&self) -> String {
        format!("cannot put a store at `{}`", self.target.display())
    }

    /// Locks the folder where the store for `target` is made.
    fn lock(target: &Path) -> anyhow::Result<Self> {
        let folder = beside(target)?;
        let shown = target.display();
        let failed = || format!("cannot make a store beside `{shown}`");
        loop {
            match fs::create_dir(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error).with_context(failed);
                }
                _ => {}
            }
            let lock = match File::open(&folder) {
                // Whoever had it has just left.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other.with_context(failed)?,
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let owner = fs::read_to_string(folder.join(OWNER)).unwrap_or_default();
                    let process = if owner.is_empty() {
                        "another process".to_owned()
                    } else {
                        format!("process {owner}")
                    };
                    bail!("{process} is loading into `{shown}`; wait until it has ended");
                }
                Err(TryLockError::Error(error)) => return Err(error).with_context(failed),
            }
            if !is_at(&lock, &folder) {
                continue;
            }
            if !folder.join(OWNER).exists() && !is_empty(&folder)? {
                bail!("`{}` is in the way", folder.display());
            }
            return Ok(Self {
                target: target.to_owned(),
                folder,
                _lock: lock,
            });
        }
    }

    /// Brings what an earlier load left to its end.
    fn recover(&self) -> anyhow::Result<Left> {
        if !self.target.exists() && self.folder.join(OLD).exists() {
            let whole = [self.store(), self.folder.join(OLD)];
            let whole = whole.iter().find(|it| is_store(it));
            let whole = whole.with_context(|| self.failed())?;
            fs::rename(whole, &self.target).with_context(|| self.failed())?;
        }
        let mark = self.target.join(MARK);
        let left = if mark.exists() {
            Left::After
        } else if self.store().exists() {
            Left::Before
        } else {
            Left::Nothing
        };
        self.clean().with_context(|| self.failed())?;
        if left == Left::After {
            fs::remove_file(mark).with_context(|| self.failed())?;
        }
        Ok(left)
    }

    /// Removes all that was made, but never the only store there is.
    fn clean(&self) -> io::Result<()> {
        if self.folder.join(OLD).exists() && !self.target.exists() {
            return Ok(());
        }
        for name in [NEW, OLD] {
            let path = self.folder.join(name);
            if path.exists() {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }

    /// Refuses what is no store, so that nothing of somebody's is ever replaced.
    fn check_target(&self) -> anyhow::Result<()> {
        let shown = self.target.display();
        if self.target.exists() && !self.target.is_dir() {
            bail!("`{shown}` is a file; a store is a folder");
        }
        if self.target.exists() && !is_store(&self.target) && !is_empty(&self.target)? {
            bail!(
                "`{shown}` is no store and not empty; name a folder that is one of these, or none"
            );
        }
        Ok(())
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // What cannot be removed is found by the next load.
        if self.clean().is_ok() && !self.folder.join(OLD).exists() {
            drop(fs::remove_file(self.folder.join(OWNER)));
            drop(fs::remove_dir(&self.folder));
        }
    }
}

/// The folder of the store at `path`, which stays where it is until the lock is dropped.
pub(super) fn find_store(path: &Path) -> anyhow::Result<(PathBuf, FolderLock)> {
    let target = resolved(path)?;
    let shown = path.display();
    if !target.exists() && beside(&target)?.join(OLD).exists() {
        // A load was ended between the two steps.
        Workplace::lock(&target)?.recover()?;
    }
    let failed = || format!("cannot open the store `{shown}`");
    loop {
        let folder = match File::open(&target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("there is no store `{shown}`; `tupu load {shown}` makes one")
            }
            other => other.with_context(failed)?,
        };
        folder.lock_shared().with_context(failed)?;
        if is_at(&folder, &target) {
            if !is_store(&target) {
                bail!("`{shown}` is no store");
            }
            return Ok((target, folder));
        }
    }
}

/// The path without links, of which the last part may be missing.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let failed = || format!("cannot find `{}`", path.display());
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            let name = path.file_name().with_context(failed)?;
            Ok(parent.canonicalize().with_context(failed)?.join(name))
        }
        other => other.with_context(failed),
    }
}

/// The folder in which the store for `target` is made.
fn beside(target: &Path) -> anyhow::Result<PathBuf> {
    let name = target
        .file_name()
        .with_context(|| format!("`{}` is no store", target.display()))?;
    let name = format!(".{}.tupu-loading", name.to_string_lossy());
    Ok(target.with_file_name(name))
}

fn is_store(folder: &Path) -> bool {
    folder.join(CURRENT).is_file()
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(folder.is_dir() && fs::read_dir(folder)?.next().is_none())
}

/// Whether what was opened still is what stands at `path`.
fn is_at(opened: &File, path: &Path) -> bool {
    match (opened.metadata(), fs::metadata(path)) {
        (Ok(opened), Ok(there)) => (opened.dev(), opened.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the system, or the file system, cannot exchange.
fn is_unsupported(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, Unsupported};

    matches!(error.kind(), InvalidInput | Unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a store that says `content`.
    fn make(folder: &Path, content: &str) {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join(CURRENT), content).unwrap();
    }

    fn content(folder: &Path) -> String {
        fs::read_to_string(folder.join(CURRENT)).unwrap()
    }

    /// A place where a new store was made for a folder with an old one.
    fn place() -> (tempfile::TempDir, PathBuf, Workplace) {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("kg");
        make(&target, "old");
        let place = Workplace::enter(&target).unwrap();
        make(&place.store(), "new");
        (folder, target, place)
    }

    /// What stands beside each other in the folder.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// As a process that is killed.
    fn killed(place: Workplace) {
        let place = std::mem::ManuallyDrop::new(place);
        rustix::fs::flock(&place._lock, FlockOperation::Unlock).unwrap();
    }

    #[test]
    fn the_new_takes_the_place_of_the_old() {
        let (folder, target, place) = place();
        place.finish().unwrap();
        assert_eq!(content(&target), "new");
        assert_eq!(names(folder.path()), ["kg"]);
        assert_eq!(names(&target), [CURRENT]);
    }

    #[test]
    fn who_gives_up_leaves_the_old() {
        let (folder, target, place) = place();
        drop(place);
        assert_eq!(content(&target), "old");
        assert_eq!(names(folder.path()), ["kg"]);
    }

    #[test]
    fn one_at_a_time() {
        let (_folder, target, _place) = place();
        let error = Workplace::enter(&target).unwrap_err().to_string();
        let owner = std::process::id();
        assert!(error.contains(&format!("process {owner} ")), "{error}");
    }

    #[test]
    fn what_was_killed_before_the_exchange_leaves_the_old() {
        let (folder, target, place) = place();
        killed(place);
        let again = Workplace::lock(&resolved(&target).unwrap()).unwrap();
        assert_eq!(again.recover().unwrap(), Left::Before);
        drop(again);
        assert_eq!(content(&target), "old");
        assert_eq!(names(folder.path()), ["kg"]);
    }

    #[test]
    fn what_was_killed_after_the_exchange_leaves_the_new() {
        let (folder, target, place) = place();
        fs::write(place.store().join(MARK), "").unwrap();
        place.exchange().unwrap();
        killed(place);
        let again = Workplace::lock(&resolved(&target).unwrap()).unwrap();
        assert_eq!(again.recover().unwrap(), Left::After);
        drop(again);
        assert_eq!(content(&target), "new");
        assert_eq!(names(folder.path()), ["kg"]);
        assert_eq!(names(&target), [CURRENT]);
    }

    #[test]
    fn where_nothing_can_be_exchanged_two_steps_do_it() {
        let (folder, target, place) = place();
        fs::write(place.store().join(MARK), "").unwrap();
        place.exchange_in_two_steps().unwrap();
        assert_eq!(content(&target), "new");
        drop(place);
        assert_eq!(names(folder.path()), ["kg"]);
    }

    #[test]
    fn who_was_killed_between_two_steps_is_brought_to_the_end_by_whoever_asks() {
        let (folder, target, place) = place();
        fs::write(place.store().join(MARK), "").unwrap();
        fs::rename(&target, place.folder.join(OLD)).unwrap();
        killed(place);
        let (found, _lock) = find_store(&target).unwrap();
        assert_eq!(content(&found), "new");
        assert_eq!(names(folder.path()), ["kg"]);
    }

    #[test]
    fn nothing_of_somebody_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("notes");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("text"), "").unwrap();
        for path in [&target, &target.join("text")] {
            Workplace::enter(path).unwrap_err();
            find_store(path).unwrap_err();
        }
        let beside = folder.path().join(".kg.tupu-loading");
        fs::create_dir(&beside).unwrap();
        fs::write(beside.join("text"), "").unwrap();
        Workplace::enter(&folder.path().join("kg")).unwrap_err();
        assert_eq!(names(folder.path()), [".kg.tupu-loading", "notes"]);
        assert_eq!(names(&target), ["text"]);
        assert_eq!(names(&beside), ["text"]);
    }
}
