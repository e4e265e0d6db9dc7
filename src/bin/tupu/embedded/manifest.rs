//! What was loaded into a store, kept beside its files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tupu::prefix::PrefixMap;
use tupu::store::Contents;

/// The file in the folder of the store.
const FILE: &str = "tupu.json";

/// What a store holds, and where that came from. Equal loads make equal manifests.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Manifest {
    /// All triples.
    pub(crate) triples: u64,
    /// What each graph holds.
    pub(crate) graphs: Contents,
    /// What was loaded, one after the other.
    pub(crate) loads: Vec<Load>,
    /// Namespaces of the prefixes that queries need not declare.
    prefixes: BTreeMap<String, String>,
}

/// One load.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Load {
    /// The project with its version, or the file.
    pub(crate) source: String,
    /// How the evidence of facts was written, of a project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provenance: Option<String>,
    /// What was read, each triple as often as it came.
    pub(crate) read: Contents,
}

impl Manifest {
    /// That of the store in `folder`; `None` if it was not filled by a load.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(FILE);
        let shown = path.display();
        match fs::read(&path) {
            Ok(bytes) => {
                let manifest = serde_json::from_slice(&bytes);
                manifest
                    .map(Some)
                    .with_context(|| format!("`{shown}` is not what tupu load wrote"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read `{shown}`")),
        }
    }

    pub(crate) fn prefixes(&self) -> anyhow::Result<PrefixMap> {
        let mut prefixes = PrefixMap::well_known();
        for (prefix, namespace) in &self.prefixes {
            prefixes.insert(prefix, namespace)?;
        }
        Ok(prefixes)
    }

    /// Adds those of what was loaded.
    pub(crate) fn add_prefixes(&mut self, prefixes: &PrefixMap) {
        for (prefix, namespace) in prefixes.iter() {
            self.prefixes
                .insert(prefix.to_owned(), namespace.to_owned());
        }
    }

    /// Writes it into `folder`, in which nobody looks yet.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self)? + "\n";
        File::create(&path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .with_context(|| format!("cannot write `{}`", path.display()))
    }
}
