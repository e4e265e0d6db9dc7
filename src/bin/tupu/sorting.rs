//! How much memory sorting may take, and where the rest goes.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use clap::Args;
use tupu::prefix::PrefixMap;
use tupu::stream::Sorter;

use crate::output::Target;

/// The least that is allowed; with less, files of few lines would be merged over and over.
const LEAST_MEMORY: u64 = 1 << 20;

#[derive(Debug, Args)]
#[command(next_help_heading = "Sorting")]
pub(crate) struct SortOptions {
    /// What sorting holds in memory, such as 64M or 2G; temporary files hold the rest
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = parse_size)]
    memory: usize,

    /// Folder of the temporary files, which have no names and are never left; that of the output, where
    /// not given
    #[arg(long, value_name = "DIR")]
    temp_dir: Option<PathBuf>,
}

/// A number of bytes: digits, and K, M or G for the powers of 1024.
fn parse_size(text: &str) -> Result<usize, String> {
    let number = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let shift = match text[number.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        _ => return Err("write it as 64M or 2G".to_owned()),
    };
    let size = number.parse::<u64>().ok();
    let size = size.and_then(|size| size.checked_mul(1 << shift));
    let size = size.ok_or("write it as 64M or 2G")?;
    if size < LEAST_MEMORY {
        return Err("at least 1M is needed".to_owned());
    }
    usize::try_from(size).map_err(|_| "no machine of this kind has so much".to_owned())
}

impl SortOptions {
    /// Sorts what goes to `target`, where those of `prefixes` are declared that are used.
    pub(crate) fn sorter<'p>(&self, prefixes: &'p PrefixMap, target: &Target) -> Sorter<'p, File> {
        let folder = match &self.temp_dir {
            Some(folder) => folder.clone(),
            None => target.folder().unwrap_or_else(tempfile::env::temp_dir),
        };
        Sorter::new(self.memory, prefixes, move || {
            tempfile::tempfile_in(&folder).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", folder.display()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_units() {
        for (text, size) in [
            ("1048576", 1 << 20),
            ("1M", 1 << 20),
            ("64MiB", 64 << 20),
            ("2g", 2 << 30),
            ("2048K", 2 << 20),
        ] {
            assert_eq!(parse_size(text), Ok(size), "{text}");
        }
        for text in ["", "M", "64X", "-1M", "1.5G", "1023K", "99999999999G"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
