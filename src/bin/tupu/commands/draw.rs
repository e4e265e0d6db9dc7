//! `tupu draw`: views of the graph as figures.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use tupu::diagram::{self, Figure, FigureError};
use tupu::view::View;

use super::{Outcome, Question, load_sound, read_graph};
use crate::args::Origin;
use crate::graphviz;
use crate::output::{self, Compression, Target, Written};
use crate::report;
use crate::views::{self, Beginning, Narrowing, NoView};

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum DrawFormat {
    /// SVG, made for documents
    Svg,
    /// Graphviz DOT
    Dot,
    /// PNG, for where SVG does not go
    Png,
    /// Mermaid, which GitHub draws
    Mermaid,
    /// GraphML, for Gephi, yEd and Cytoscape
    Graphml,
    /// JSON of Cytoscape.js
    Cytoscape,
}

impl DrawFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Dot => "dot",
            Self::Png => "png",
            Self::Mermaid => "mmd",
            Self::Graphml => "graphml",
            Self::Cytoscape => "cyjs",
        }
    }

    /// The format that a file's extension names, before one of a compression.
    fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = Compression::strip_extension(&name);
        let extension = Path::new(name).extension()?.to_str()?;
        let mut formats = Self::value_variants().iter().copied();
        formats.find(|format| format.extension() == extension)
    }

    fn write(self, figure: &Figure, options: &Draw, out: &mut dyn Write) -> anyhow::Result<()> {
        match self {
            Self::Svg => out.write_all(diagram::to_svg(figure).as_bytes())?,
            Self::Dot => diagram::write_figure_dot(figure, out)?,
            Self::Png => write_png(&diagram::to_svg(figure), options, out)?,
            Self::Mermaid => diagram::write_mermaid(figure, out)?,
            Self::Graphml => diagram::write_graphml(figure, out)?,
            Self::Cytoscape => diagram::write_cytoscape(figure, out)?,
        }
        Ok(())
    }
}

/// What lays a figure out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Engine {
    /// tupu itself
    Builtin,
    /// An installed Graphviz
    Dot,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu draw                                  every view of data/views, as SVG and DOT
  tupu draw agreements                       one view, into out/diagrams
  tupu draw --around 金凤实验室 > lab.svg      what is near an entity
  tupu draw --around cd-drc --depth 2 --class Agreement --class Organization -o drc.svg
  tupu draw --path 金凤实验室 成都市 -o path.dot
  tupu draw --graph other.ttl --around ALICE -o alice.svg   any RDF file
  tupu draw agreements --lang en --direction down -o agreements.png

A figure of more than 60 nodes (or what its view says) is refused; --atlas splits it.")]
pub(crate) struct Draw {
    /// Views to draw; all where none is given
    #[arg(value_name = "VIEW", conflicts_with_all = ["around", "path"])]
    views: Vec<String>,

    /// Draw what is near an entity: its name or slug; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with = "path")]
    around: Vec<String>,

    /// Draw the shortest ways from one entity to another
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    path: Vec<String>,

    #[command(flatten)]
    narrowing: Narrowing,

    /// Split what is too large into an overview and a figure for each hub
    #[arg(long)]
    atlas: bool,

    /// Pixels of a PNG for each of the SVG's
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0)]
    scale: f32,

    /// Font file for the text of a PNG, where the machine has none; may be given several times
    #[arg(long = "font", value_name = "FILE")]
    fonts: Vec<PathBuf>,

    /// Format; SVG and DOT where not given, or what the extension of -o says
    #[arg(long, short, value_enum, value_delimiter = ',')]
    format: Vec<DrawFormat>,

    /// What lays out SVG and PNG
    #[arg(long, value_enum, default_value_t = Engine::Builtin)]
    engine: Engine,

    /// Folder to write into, made if it does not exist (out/diagrams, if views are drawn)
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    output: Option<PathBuf>,

    /// One file to write instead (- is standard output)
    #[arg(short = 'o', value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(crate) fn run(origin: &Origin, options: &Draw) -> anyhow::Result<Outcome> {
    let target = target(origin, options);
    let formats = formats(target.as_ref(), options)?;
    let (graph, known) = if origin.graph.is_empty() {
        match load_sound(&origin.project)? {
            Some(loaded) => (loaded.graph, loaded.views),
            None => return Ok(Outcome::No),
        }
    } else {
        // A graph without views is one view.
        match read_graph(&origin.graph, &origin.tables, &[])? {
            Some(graph) => (graph, vec![View::new("graph")]),
            None => return Ok(Outcome::No),
        }
    };
    let question = Question::of(graph);
    let beginning = beginning(options);
    let views = match views::views(&question, &known, beginning, &options.narrowing) {
        Ok(views) => views,
        Err(NoView::Nothing(text)) => {
            report::note(&text);
            return Ok(Outcome::No);
        }
        Err(NoView::Wrong(error)) => return Err(error),
    };
    let graph = &question.graph;
    let mut figures = Vec::new();
    let mut is_sound = true;
    for view in &views {
        let drawn = if options.atlas {
            diagram::atlas(graph, view)
        } else {
            diagram::figure(graph, view).map(|figure| vec![figure])
        };
        match drawn {
            Ok(drawn) => figures.extend(drawn),
            Err(error) => {
                is_sound = false;
                report::note(&format!("{}: {error}{}", view.name, advice(&error)));
            }
        }
    }
    if !is_sound {
        return Ok(Outcome::No);
    }
    match target {
        Some(target) => {
            let ([figure], [format]) = (figures.as_slice(), formats.as_slice()) else {
                bail!(
                    "{} figures in {} formats do not go into one file; --output DIR takes them all",
                    figures.len(),
                    formats.len()
                );
            };
            write(figure, *format, options, &target)?.publish()?;
        }
        None => write_all(&figures, &formats, options)?,
    }
    Ok(Outcome::Fine)
}

/// Whether a view is made of options rather than named.
fn is_made_up(options: &Draw) -> bool {
    !options.around.is_empty() || !options.path.is_empty()
}

/// The one file that is written, if it is one.
fn target(origin: &Origin, options: &Draw) -> Option<Target> {
    let is_made_up = is_made_up(options) || !origin.graph.is_empty();
    match &options.file {
        Some(path) => Some(Target::named(path.clone())),
        None if is_made_up && options.output.is_none() => Some(Target::Stdout),
        None => None,
    }
}

fn formats(target: Option<&Target>, options: &Draw) -> anyhow::Result<Vec<DrawFormat>> {
    if !options.format.is_empty() {
        return Ok(options.format.clone());
    }
    match target {
        None => Ok(vec![DrawFormat::Svg, DrawFormat::Dot]),
        Some(Target::Stdout) => Ok(vec![DrawFormat::Svg]),
        Some(Target::File(path)) => match DrawFormat::of_file(path) {
            Some(format) => Ok(vec![format]),
            None => bail!(
                "the extension of `{}` names no format; give one with --format (svg, dot, …)",
                path.display()
            ),
        },
    }
}

fn beginning(options: &Draw) -> Beginning<'_> {
    match options.path.as_slice() {
        [from, to] => Beginning::Path(from, to),
        _ if options.around.is_empty() => Beginning::Views(&options.views),
        _ => Beginning::Around(&options.around),
    }
}

/// What to do about a view that cannot be drawn.
fn advice(error: &FigureError) -> &'static str {
    match error {
        FigureError::TooLarge { .. } => {
            "; narrow it by roots, classes, slots or articles, split it with --atlas, or raise max_nodes (--max-nodes N)"
        }
        _ => "",
    }
}

fn write(
    figure: &Figure,
    format: DrawFormat,
    options: &Draw,
    target: &Target,
) -> anyhow::Result<Written> {
    let mut bytes = Vec::new();
    match (options.engine, format) {
        (Engine::Dot, DrawFormat::Svg | DrawFormat::Png) => {
            diagram::write_figure_dot(figure, &mut bytes)?;
            bytes = graphviz::render(&bytes, format.extension())?;
        }
        _ => format.write(figure, options, &mut bytes)?,
    }
    output::write(target, |out| out.write_all(&bytes))
}

/// Writes every figure in every format into the folder, or none.
fn write_all(figures: &[Figure], formats: &[DrawFormat], options: &Draw) -> anyhow::Result<()> {
    let folder = options.output.as_deref();
    let folder = folder.unwrap_or_else(|| Path::new("out/diagrams"));
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let mut written = Vec::new();
    for figure in figures {
        for format in formats {
            let name = format!("{}.{}", figure.name, format.extension());
            let target = Target::File(folder.join(name));
            written.push(write(figure, *format, options, &target)?);
        }
    }
    for file in written {
        file.publish()?;
    }
    for figure in figures {
        let files: Vec<&str> = formats.iter().map(|format| format.extension()).collect();
        report::note(&format!(
            "{}.{}: {} nodes, {} edges",
            folder.join(&figure.name).display(),
            files.join(", ."),
            figure.nodes.len(),
            figure.edges.len()
        ));
    }
    Ok(())
}

/// Draws the SVG with the machine's fonts and those of `--font`.
#[cfg(feature = "png")]
fn write_png(svg: &str, options: &Draw, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut fonts = diagram::Fonts::system();
    for path in &options.fonts {
        let shown = path.display();
        let file = fs::read(path).with_context(|| format!("cannot read the font `{shown}`"))?;
        if fonts.add(file) == 0 {
            bail!("`{shown}` is no font: TrueType and OpenType files are read");
        }
    }
    Ok(diagram::write_png(svg, options.scale, &fonts, out)?)
}

#[cfg(not(feature = "png"))]
fn write_png(_: &str, _: &Draw, _: &mut dyn Write) -> anyhow::Result<()> {
    bail!("this tupu is built without PNG; build it with the feature `png`, or take SVG")
}
