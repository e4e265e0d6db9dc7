//! `tupu convert --sort`: everything in one order, in as much memory as is allowed.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use tupu::diagram::DotWriter;
use tupu::prefix::PrefixMap;
use tupu::rdf::TripleSink as _;
use tupu::stream::{self, Sorted, Sorter};

use super::{Conversion, Format, described, split_prefix};
use crate::input::RdfStream;
use crate::output::Target;

/// The least that is allowed; with less, files of few lines would be merged over and over.
const LEAST_MEMORY: u64 = 1 << 20;

#[derive(Debug, Args)]
#[command(next_help_heading = "Sorting")]
pub(crate) struct SortOptions {
    /// Write graphs, subjects, predicates and objects in order, each statement once; so Turtle has one
    /// block a subject
    #[arg(long)]
    pub(super) sort: bool,

    /// What is held in memory, such as 64M or 2G; temporary files hold the rest
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = parse_size, requires = "sort")]
    memory: usize,

    /// Folder of the temporary files, which have no names and are never left; that of the output, where
    /// not given
    #[arg(long, value_name = "DIR", requires = "sort")]
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
    usize::try_from(size).map_err(|_| "this machine has no so much memory".to_owned())
}

impl SortOptions {
    /// Where the temporary files are.
    fn folder(&self, target: &Target) -> PathBuf {
        match &self.temp_dir {
            Some(folder) => folder.clone(),
            None => target.folder().unwrap_or_else(tempfile::env::temp_dir),
        }
    }
}

impl Conversion<'_> {
    /// Reads all and puts it into order.
    pub(super) fn sorted(
        &mut self,
        inputs: Vec<RdfStream>,
        prefixes: &PrefixMap,
        target: &Target,
    ) -> anyhow::Result<Sorted<File>> {
        let options = &self.options.sorting;
        let folder = options.folder(target);
        let mut sorter = Sorter::new(options.memory, prefixes, move || {
            tempfile::tempfile_in(&folder).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", folder.display()))
            })
        });
        for declared in &self.options.prefix {
            let (prefix, namespace) = split_prefix(declared)?;
            sorter.prefix(prefix, namespace)?;
        }
        if self.options.rejects.is_none() {
            self.read_all(inputs, &mut sorter)?;
        } else {
            for input in inputs {
                self.read_lines(input, &mut sorter)?;
            }
        }
        Ok(sorter.finish()?)
    }

    /// Reads lines, of which those that are not legal are set aside.
    fn read_lines(
        &mut self,
        input: RdfStream,
        sorter: &mut Sorter<'_, File>,
    ) -> anyhow::Result<()> {
        let RdfStream {
            name,
            reader,
            format,
            ..
        } = input;
        stream::read_lines(reader, format, sorter, |fault| {
            self.reject(&name, &fault);
            Ok(())
        })
        .map_err(|error| described(&name, format, error))
    }

    /// Writes what is sorted.
    pub(super) fn write_sorted(
        &mut self,
        sorted: Sorted<File>,
        to: Format,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let Some(format) = to.rdf() else {
            let mut dot = DotWriter::new(sorted.prefixes().clone(), out);
            sorted.give(&mut dot)?;
            self.left_out = dot.finish()?.1;
            return Ok(());
        };
        Ok(sorted.write(format, out)?)
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
