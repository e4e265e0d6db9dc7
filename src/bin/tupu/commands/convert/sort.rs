//! `tupu convert --sort`: everything in one order, in as much memory as is allowed.

use std::fs::File;
use std::io::Write;

use tupu::diagram::DotWriter;
use tupu::prefix::PrefixMap;
use tupu::rdf::TripleSink as _;
use tupu::stream::{self, Sorted, Sorter};

use super::{Conversion, ExportFormat, described, split_prefix};
use crate::input::RdfStream;
use crate::output::Target;

impl Conversion<'_> {
    /// Reads all and puts it into order.
    pub(super) fn sorted(
        &mut self,
        inputs: Vec<RdfStream>,
        prefixes: &PrefixMap,
        target: &Target,
    ) -> anyhow::Result<Sorted<File>> {
        let mut sorter = self.options.sorting.sorter(prefixes, target);
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
        to: ExportFormat,
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
