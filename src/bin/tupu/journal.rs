//! How far a push came, kept in a file, so that the next one goes on from there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tupu::store::Batch;

use crate::output::{self, Target};

/// The batches that a store has taken.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    /// What was taken before.
    before: Entry,
    now: Entry,
}

/// What the file holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Where they were sent, and how they were cut.
    to: String,
    batches: u64,
    triples: u64,
    /// SHA-256 over all of them: of the digest before each, its graph and its triples.
    digest: String,
}

impl Journal {
    /// The journal in the file, which may be missing. `to` says where batches go, and how they are cut.
    pub(crate) fn open(path: &Path, to: String) -> anyhow::Result<Self> {
        let shown = path.display();
        let now = Entry {
            to,
            batches: 0,
            triples: 0,
            digest: String::new(),
        };
        let before = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("`{shown}` is not what --resume wrote"))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => now.clone(),
            Err(error) => return Err(error).with_context(|| format!("cannot read `{shown}`")),
        };
        if before.to != now.to {
            bail!("`{shown}` is of another push: {}", before.to);
        }
        Ok(Self {
            path: path.to_owned(),
            before,
            now,
        })
    }

    /// How many triples were taken before.
    pub(crate) fn triples_before(&self) -> u64 {
        self.before.triples
    }

    /// Whether the store took this batch, the next one, before.
    pub(crate) fn has(&self) -> bool {
        self.now.batches < self.before.batches
    }

    /// Notes that the store has this batch.
    pub(crate) fn note(&mut self, batch: &Batch) -> anyhow::Result<()> {
        let had = self.has();
        let now = &mut self.now;
        let mut digest = Sha256::new();
        digest.update(&now.digest);
        digest.update(batch.graph.to_string());
        digest.update(&batch.body);
        now.digest = hex(&digest.finalize());
        now.batches += 1;
        now.triples += batch.triples;
        if !had {
            return self.save();
        }
        if self.now.batches == self.before.batches && self.now != self.before {
            self.differs()?;
        }
        Ok(())
    }

    /// Ends the journal: everything was sent.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        if self.has() {
            self.differs()?;
        }
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove `{}`", self.path.display()))
            }
            _ => Ok(()),
        }
    }

    fn differs(&self) -> anyhow::Result<()> {
        bail!(
            "what is to be sent is not what `{}` says was sent; remove that file to begin anew",
            self.path.display()
        )
    }

    fn save(&self) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(&self.now)? + "\n";
        let target = Target::File(self.path.clone());
        output::write(&target, |out| out.write_all(text.as_bytes()))?.publish()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
