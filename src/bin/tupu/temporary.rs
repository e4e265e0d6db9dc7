//! Temporary files that have a name, and are gone all the same however the program ends.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// A file that is gone when this is dropped, and when SIGINT or SIGTERM ends the program.
#[derive(Debug)]
pub(crate) struct Temporary {
    file: NamedTempFile,
    _watched: Watched,
}

impl Temporary {
    /// A new file in `folder`.
    pub(crate) fn new_in(folder: &Path) -> io::Result<Self> {
        // Held until the file is watched, so that no signal comes between.
        let mut watch = Watch::lock();
        watch.listen()?;
        let file = tempfile::Builder::new()
            .prefix(".tupu-")
            .tempfile_in(folder)?;
        let path = file.path().to_owned();
        watch.paths.insert(path.clone());
        Ok(Self {
            file,
            _watched: Watched(path),
        })
    }

    pub(crate) fn as_file(&self) -> &File {
        self.file.as_file()
    }

    pub(crate) fn as_file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// The file from its beginning, a second time.
    pub(crate) fn reopen(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// Gives the file a name for good, in place of one that has it.
    pub(crate) fn persist(self, path: &Path) -> io::Result<()> {
        self.file.persist(path)?;
        Ok(())
    }
}

/// A file that goes when a signal comes.
#[derive(Debug)]
struct Watched(PathBuf);

impl Drop for Watched {
    fn drop(&mut self) {
        Watch::lock().paths.remove(&self.0);
    }
}

/// The files that are there.
struct Watch {
    paths: BTreeSet<PathBuf>,
    listens: bool,
}

static WATCH: Mutex<Watch> = Mutex::new(Watch {
    paths: BTreeSet::new(),
    listens: false,
});

impl Watch {
    fn lock() -> MutexGuard<'static, Self> {
        WATCH.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on signals remove the files before they end the program as they would have without.
    fn listen(&mut self) -> io::Result<()> {
        if self.listens {
            return Ok(());
        }
        self.listens = true;
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGINT, SIGTERM};
            use signal_hook::low_level::emulate_default_handler;

            let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
            std::thread::spawn(move || {
                for signal in signals.forever() {
                    // No file is made after this.
                    let watch = Self::lock();
                    for path in &watch.paths {
                        drop(fs::remove_file(path));
                    }
                    drop(emulate_default_handler(signal));
                }
            });
        }
        Ok(())
    }
}
