//! `tupu convert`: RDF of one format as another, in one pass.

mod sort;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use tupu::diagram::DotWriter;
use tupu::oxrdf::GraphNameRef;
use tupu::prefix::PrefixMap;
use tupu::rdf::{PartSerializer, RdfFormat, TripleSink};
use tupu::stream::{self, OfFile, StreamError, StreamFault};

use super::Outcome;
use super::export::ExportFormat;
use crate::input::{self, Illegal, RdfStream, described, format_of};
use crate::output::{self, Target};
use crate::progress::writing;
use crate::report;
use crate::sorting::SortOptions;

#[derive(Debug, Args)]
#[command(
    mut_arg("memory", |it| it.requires("sort")),
    mut_arg("temp_dir", |it| it.requires("sort")),
    after_help = "Examples:
  tupu convert graph.nt -o graph.ttl          Turtle, grouped by subject as its lines are
  tupu convert graph.ttl.gz -o graph.nt.zst   also compressed, by the file's extension
  tupu convert a.ttl b.ttl --to ntriples      several as one, to standard output
  tupu convert --from ntriples --to turtle -  from standard input
  tupu convert dump.nt -o clean.nt --rejects faulty.txt
                                              what is legal, and apart from it what is not
  tupu convert graph.nt -o graph.ttl --sort   one block a subject, each statement once, in order
  tupu convert graph.nt -o graph.dot          for Graphviz

No graph is held: memory stays the same for any size, also where it is sorted. N-Triples, N-Quads and Turtle are quickest to
read; blank nodes without a label are called anon1, anon2, …."
)]
pub(crate) struct Convert {
    /// RDF files, plain, .gz or .zst; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// File to write (- is standard output); .gz and .zst compress
    #[arg(short = 'o', long, value_name = "FILE", default_value = "-")]
    output: PathBuf,

    /// Format of the input, where its extension does not say
    #[arg(long, value_parser = formats(false))]
    from: Option<ExportFormat>,

    /// Format of the output, where its extension does not say
    #[arg(long, value_parser = formats(true))]
    to: Option<ExportFormat>,

    /// IRI that relative ones are resolved against
    #[arg(long, value_name = "IRI")]
    base: Option<String>,

    /// Prefix to shorten IRIs with, beside those that the input declares
    #[arg(long, value_name = "PREFIX=IRI")]
    prefix: Vec<String>,

    /// File for the lines of N-Triples and N-Quads that are not legal, with reasons; without it the first
    /// one ends the run
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,

    /// Threads; as many as the machine has cores, where not given
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Write graphs, subjects, predicates and objects in order, each statement once; so Turtle has one
    /// block a subject
    #[arg(long, help_heading = "Sorting")]
    sort: bool,

    #[command(flatten)]
    sorting: SortOptions,
}

pub(crate) fn run(options: &Convert) -> anyhow::Result<Outcome> {
    let target = Target::named(options.output.clone());
    let bar = writing("converting", &target);
    let inputs = options.inputs(&bar)?;
    let to = options.output_format()?;
    if options.rejects.is_some() {
        let is_of_lines = |input: &RdfStream| !declares_prefixes(input.format);
        let stands_alone = options.sort || to.rdf().is_some_and(is_divisible);
        if inputs.len() != 1 || !inputs.iter().all(is_of_lines) || !stands_alone {
            bail!(
                "--rejects is for one file of N-Triples or N-Quads that becomes Turtle, TriG, N-Triples or N-Quads, or is sorted"
            );
        }
    }
    let mut prefixes = PrefixMap::new();
    if inputs.iter().any(|input| !declares_prefixes(input.format)) {
        prefixes = PrefixMap::well_known();
    }
    for declared in &options.prefix {
        let (prefix, namespace) = split_prefix(declared)?;
        prefixes
            .insert(prefix, namespace)
            .with_context(|| format!("--prefix {declared}"))?;
    }
    let mut conversion = Conversion {
        options,
        rejected: Vec::new(),
        rejected_count: 0,
        left_out: 0,
    };
    let mut failure = None;
    let written = output::write(&target, |out| {
        let converted = if options.sort {
            let sorted = conversion.sorted(inputs, &prefixes, &target);
            sorted.and_then(|sorted| conversion.write_sorted(sorted, to, out))
        } else {
            conversion.write(inputs, to, prefixes, out)
        };
        converted.map_err(|error| {
            let write = error.downcast_ref::<io::Error>().map(io::Error::kind);
            // What it says is shown without the name of the output, which is not at fault.
            failure = Some(error);
            write.unwrap_or(io::ErrorKind::InvalidData).into()
        })
    });
    bar.finish_and_clear();
    if let Some(error) = failure {
        if error.is::<Illegal>() {
            report::error(&error);
            return Ok(Outcome::No);
        }
        return Err(error);
    }
    let written = written?;
    if let Some(path) = &options.rejects {
        let lines = &conversion.rejected;
        output::write(&Target::named(path.clone()), |out| out.write_all(lines))?.publish()?;
    }
    written.publish()?;
    if conversion.left_out > 0 {
        let count = conversion.left_out;
        report::note(&match count {
            1 => "1 literal that is no name is not drawn".to_owned(),
            _ => format!("{count} literals that are no names are not drawn"),
        });
    }
    if conversion.rejected_count > 0 {
        let count = conversion.rejected_count;
        report::note(&match count {
            1 => "1 line is not legal and was left out".to_owned(),
            _ => format!("{count} lines are not legal and were left out"),
        });
        return Ok(Outcome::No);
    }
    Ok(Outcome::Fine)
}

/// The two parts of `PREFIX=IRI`.
fn split_prefix(declared: &str) -> anyhow::Result<(&str, &str)> {
    let Some(parts) = declared.split_once('=') else {
        bail!("--prefix {declared}: write it as PREFIX=IRI, such as ex=https://kg.example/");
    };
    Ok(parts)
}

fn is_divisible(format: RdfFormat) -> bool {
    PartSerializer::new(format, PrefixMap::new()).is_divisible()
}

/// Whether documents of the format say what their prefixes are.
fn declares_prefixes(format: RdfFormat) -> bool {
    !matches!(format, RdfFormat::NTriples | RdfFormat::NQuads)
}

impl Convert {
    fn inputs(&self, bar: &ProgressBar) -> anyhow::Result<Vec<RdfStream>> {
        let mut inputs = Vec::new();
        for path in &self.files {
            let named = self.from.and_then(ExportFormat::rdf);
            inputs.push(RdfStream::open(path, named, bar)?);
            bar.inc_length(input::length(path));
        }
        Ok(inputs)
    }

    fn output_format(&self) -> anyhow::Result<ExportFormat> {
        if let Some(format) = self.to {
            return Ok(format);
        }
        let named = match format_of(&self.output) {
            Some(format) => ExportFormat::of_rdf(format),
            None => ExportFormat::of_file(&self.output).filter(|it| *it == ExportFormat::Dot),
        };
        named.context("which format? say --to, or -o with a file whose extension says it")
    }
}

/// The names of the formats of `tupu export` that are RDF, and that of DOT if it `has_dot`.
fn formats(has_dot: bool) -> impl TypedValueParser<Value = ExportFormat> {
    let names = ExportFormat::value_variants()
        .iter()
        .filter(|it| it.rdf().is_some() || has_dot && **it == ExportFormat::Dot)
        .filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(names).try_map(|name| ExportFormat::from_str(&name, false))
}

struct Conversion<'o> {
    options: &'o Convert,
    /// What goes into the file of rejects.
    rejected: Vec<u8>,
    rejected_count: u64,
    /// Literals that DOT does not show.
    left_out: u64,
}

impl Conversion<'_> {
    fn write(
        &mut self,
        inputs: Vec<RdfStream>,
        to: ExportFormat,
        prefixes: PrefixMap,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let Some(format) = to.rdf() else {
            let mut dot = DotWriter::new(prefixes, out);
            self.read_all(inputs, &mut dot)?;
            self.left_out = dot.finish()?.1;
            return Ok(());
        };
        let mut inputs = inputs;
        let used = used_prefixes(&mut inputs, &prefixes, &self.options.prefix)?;
        let serializer = PartSerializer::new(format, used);
        serializer.write_head(out)?;
        match <[RdfStream; 1]>::try_from(inputs) {
            Ok([input]) if !declares_prefixes(input.format) && serializer.is_divisible() => {
                self.convert_lines(input, &serializer, out)
            }
            Ok([input]) => serializer.write_part(out, |sink| self.read(input, sink)),
            Err(inputs) => serializer.write_part(out, |sink| self.read_all(inputs, sink)),
        }
    }

    /// Reads several files as one; equal labels of blank nodes in two of them are two nodes.
    fn read_all<S: TripleSink + ?Sized>(
        &mut self,
        inputs: Vec<RdfStream>,
        sink: &mut S,
    ) -> anyhow::Result<()> {
        let is_one = inputs.len() == 1;
        for (at, input) in inputs.into_iter().enumerate() {
            if is_one {
                self.read(input, sink)?;
            } else {
                self.read(input, &mut OfFile::new(&mut *sink, format!(".{}", at + 1)))?;
            }
        }
        Ok(())
    }

    /// Reads one file in this thread.
    fn read<S: TripleSink + ?Sized>(
        &mut self,
        input: RdfStream,
        sink: &mut S,
    ) -> anyhow::Result<()> {
        let RdfStream {
            name,
            reader,
            format,
            ..
        } = input;
        sink.graph(GraphNameRef::DefaultGraph)?;
        stream::read(reader, format, self.options.base.as_deref(), sink)
            .map_err(|error| described(&name, format, error))
    }

    /// Reads lines and converts them in several threads.
    fn convert_lines(
        &mut self,
        input: RdfStream,
        serializer: &PartSerializer,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let RdfStream {
            name,
            reader,
            format,
            ..
        } = input;
        let workers = self.options.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            NonZeroUsize::get,
        );
        let keeps = self.options.rejects.is_some();
        stream::convert_lines(reader, format, serializer, workers, |converted| {
            for fault in &converted.faults {
                if !keeps {
                    return Err(StreamError::Rdf(fault.clone()));
                }
                self.reject(&name, fault);
            }
            out.write_all(&converted.bytes)?;
            Ok(())
        })
        .map_err(|error| described(&name, format, error))
    }

    /// Sets a line of the file `name` aside.
    fn reject(&mut self, name: &str, fault: &StreamFault) {
        self.rejected_count += 1;
        append_reject(&mut self.rejected, name, fault);
    }
}

/// A line that is not legal, after the reason as a comment.
fn append_reject(out: &mut Vec<u8>, name: &str, fault: &StreamFault) {
    let StreamFault {
        line,
        column,
        message,
        ..
    } = fault;
    let reason = message.replace(['\n', '\r'], " ");
    out.extend_from_slice(format!("# {name}:{line}:{column}: {reason}\n").as_bytes());
    out.extend_from_slice(&fault.text);
    out.push(b'\n');
}

/// The prefixes that the beginning of the input uses, and those that were asked for.
fn used_prefixes(
    inputs: &mut [RdfStream],
    prefixes: &PrefixMap,
    asked: &[String],
) -> anyhow::Result<PrefixMap> {
    /// How far it is looked.
    const BEGINNING: u64 = 1024 * 1024;
    let mut used = PrefixMap::new();
    for (prefix, namespace) in prefixes.iter() {
        let mut is_wanted = asked.iter().any(|it| {
            it.strip_prefix(prefix)
                .is_some_and(|it| it.starts_with('='))
        });
        if !is_wanted {
            for input in &mut *inputs {
                let beginning = input.beginning(BEGINNING)?;
                let start = format!("<{namespace}");
                is_wanted |= memchr::memmem::find(beginning, start.as_bytes()).is_some();
            }
        }
        if is_wanted {
            used.insert(prefix, namespace)?;
        }
    }
    Ok(used)
}
