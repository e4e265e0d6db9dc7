//! `tupu markdown`: figures in Markdown files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use tupu::diagram;
use tupu::markdown::{self, Illustration};

use super::Outcome;
use crate::fences::Illustrator;
use crate::output::{self, Target};
use crate::report;

/// Folder of the figures, beside the document.
const FOLDER: &str = "figures";

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum FigureFormat {
    /// Images in the folder figures/ beside the file
    Svg,
    /// Mermaid in the file itself, which GitHub draws
    Mermaid,
}

#[derive(Debug, Args)]
#[command(after_help = "In a file, a fence stands for a figure:

  ```tupu view=\"agreements\"
  ```

Behind it comes the figure, between <!-- tupu:begin … --> and <!-- tupu:end -->: an image, a caption, and
the facts as a table. A second run replaces it. Keys are those of `tupu draw`: view, around, path (twice),
depth, class, slot, article, cluster, lang, direction, no-labels, no-literals, no-legend, max-nodes,
link; and alt and caption.

Examples:
  tupu markdown README.md docs/*.md           write the figures, and what stands behind each fence
  tupu markdown --check README.md docs/*.md   list the files that are stale, and exit with 1 if there are
  tupu markdown --format mermaid README.md    Mermaid instead of images")]
pub(crate) struct Markdown {
    /// Markdown files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Write nothing; list the files that are not as they would be written
    #[arg(long)]
    check: bool,

    /// What figures are written as
    #[arg(long, short, value_enum, default_value_t = FigureFormat::Svg)]
    format: FigureFormat,
}

/// A file as it should be.
struct Wanted {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Wanted {
    fn is_there(&self) -> anyhow::Result<bool> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(bytes == self.bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => {
                Err(error).with_context(|| format!("cannot read `{}`", self.path.display()))
            }
        }
    }
}

pub(crate) fn run(project: &Path, options: &Markdown) -> anyhow::Result<Outcome> {
    let Some(mut illustrator) = Illustrator::load(project)? else {
        return Ok(Outcome::No);
    };
    let mut wanted = Vec::new();
    let mut is_sound = true;
    for path in &options.files {
        let faults = document(&mut illustrator, path, options.format, &mut wanted)?;
        for (line, fault) in faults {
            is_sound = false;
            report::note(&format!("{}:{line}: {fault}", path.display()));
        }
    }
    if !is_sound {
        return Ok(Outcome::No);
    }
    let mut stale = Vec::new();
    for file in wanted {
        if !file.is_there()? {
            stale.push(file);
        }
    }
    if options.check {
        let lines = stale
            .iter()
            .map(|file| format!("{}\n", file.path.display()));
        output::print(&lines.collect::<String>())?;
        return Ok(Outcome::found(stale.is_empty()));
    }
    write(&stale)?;
    Ok(Outcome::Fine)
}

/// Adds to `wanted` the document with its figures, and their files; gives what is wrong in it.
fn document(
    illustrator: &mut Illustrator,
    path: &Path,
    format: FigureFormat,
    wanted: &mut Vec<Wanted>,
) -> anyhow::Result<Vec<(usize, String)>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut faults = Vec::new();
    let found = markdown::fences(&text);
    illustrator.forget_names();
    let figures = illustrator.draw(&found, &mut faults, |illustration| match format {
        FigureFormat::Svg => {
            let name = format!("{stem}.{}.svg", illustration.figure.name);
            wanted.push(Wanted {
                path: path.with_file_name(FOLDER).join(&name),
                bytes: diagram::to_svg(&illustration.figure).into_bytes(),
            });
            let path = format!("{FOLDER}/{name}");
            Ok(markdown::image_figure(illustration, &path))
        }
        FigureFormat::Mermaid => mermaid(illustration),
    });
    wanted.push(Wanted {
        path: path.to_owned(),
        bytes: markdown::update(&text, &figures).into_bytes(),
    });
    Ok(faults)
}

fn mermaid(illustration: &Illustration) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    diagram::write_mermaid(&illustration.figure, &mut bytes)?;
    let text = String::from_utf8(bytes)?;
    Ok(markdown::mermaid_figure(illustration, &text))
}

/// Writes all files, or none.
fn write(files: &[Wanted]) -> anyhow::Result<()> {
    let mut written = Vec::new();
    for file in files {
        if let Some(folder) = file.path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        }
        let target = Target::File(file.path.clone());
        written.push(output::write(&target, |out| out.write_all(&file.bytes))?);
    }
    for file in written {
        file.publish()?;
    }
    for file in files {
        report::note(&format!("{} written", file.path.display()));
    }
    Ok(())
}
