//! Triple stores in a folder, which a load replaces as a whole.

#[cfg(feature = "rocksdb")]
mod manifest;
#[cfg(feature = "rocksdb")]
mod open;
#[cfg(feature = "rocksdb")]
mod place;

#[cfg(feature = "rocksdb")]
pub(crate) use self::{
    manifest::{Load, Manifest},
    open::Opened,
    place::Workplace,
};

#[cfg(all(feature = "rocksdb", not(unix)))]
compile_error!("the feature `rocksdb` needs the locks of Unix");

/// Why a build without stores in a folder does not do what it was asked.
#[cfg(not(feature = "rocksdb"))]
pub(crate) fn unavailable() -> anyhow::Error {
    anyhow::anyhow!(
        "this tupu was built without stores in a folder, which RocksDB keeps:
  `cargo install --path . --features rocksdb` builds one with them; it needs libclang and a C++20 compiler
  `--graph FILE` asks an RDF file in memory
  `tupu push URL` fills a store by HTTP"
    )
}
