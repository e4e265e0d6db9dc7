//! `tupu draw`: views of the graph as figures.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, ValueEnum};
use tupu::diagram::{self, Figure, FigureError};
use tupu::model::KnowledgeGraph;
use tupu::query;
use tupu::suggest;
use tupu::view::{Direction, Grouping, Literals, View};

use super::{Outcome, Question, load_sound};
use crate::graphviz;
use crate::output::{self, Compression, Target, Written};
use crate::report;

/// Shortest paths whose entities are drawn.
const MOST_PATHS: usize = 12;

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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(after_help = "Examples:
  tupu draw                                  every view of data/views, as SVG and DOT
  tupu draw agreements                       one view, into out/diagrams
  tupu draw --around 金凤实验室 > lab.svg      what is near an entity
  tupu draw --around cd-drc --depth 2 --class Agreement --class Organization -o drc.svg
  tupu draw --path 金凤实验室 成都市 -o path.dot
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

    /// Steps from the entities that are begun with
    #[arg(long, value_name = "N")]
    depth: Option<u32>,

    /// Only entities of this class and those below; may be given several times
    #[arg(long = "class", value_name = "CLASS")]
    classes: Vec<String>,

    /// Only facts of this slot and those below; may be given several times
    #[arg(long = "slot", value_name = "SLOT")]
    slots: Vec<String>,

    /// Only facts that this article states; may be given several times
    #[arg(long = "article", value_name = "NAME")]
    articles: Vec<String>,

    /// Boxes around nodes: class, article, a slot, ^SLOT or a class; may be given several times
    #[arg(long = "cluster", value_name = "BY")]
    clusters: Vec<String>,

    /// Language of the names, one of the project's, or both
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,

    /// Where edges lead
    #[arg(long, value_name = "WAY", value_parser = ["right", "down"])]
    direction: Option<String>,

    /// Leave the names of the edges out
    #[arg(long)]
    no_labels: bool,

    /// Leave dates, numbers and texts out
    #[arg(long)]
    no_literals: bool,

    /// Leave the legend out
    #[arg(long)]
    no_legend: bool,

    /// Most nodes of a figure
    #[arg(long, value_name = "N")]
    max_nodes: Option<usize>,

    /// Split what is too large into an overview and a figure for each hub
    #[arg(long)]
    atlas: bool,

    /// Where nodes link to; {slug} stands for the slug
    #[arg(long, value_name = "URL")]
    link: Option<String>,

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

    /// Folder to write into, made if it does not exist
    #[arg(
        long,
        value_name = "DIR",
        default_value = "out/diagrams",
        conflicts_with = "file"
    )]
    output: PathBuf,

    /// One file to write instead (- is standard output)
    #[arg(short = 'o', value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(crate) fn run(project: &Path, options: &Draw) -> anyhow::Result<Outcome> {
    let formats = formats(options)?;
    let Some(loaded) = load_sound(project)? else {
        return Ok(Outcome::No);
    };
    let languages = &loaded.graph.project().languages;
    let language = languages.first().cloned().unwrap_or_default();
    let question = Question::new(loaded.graph, language, Vec::new());
    let Some(views) = views(&question, &loaded.views, options)? else {
        return Ok(Outcome::No);
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
    match target(options) {
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
fn target(options: &Draw) -> Option<Target> {
    match &options.file {
        Some(path) => Some(Target::named(path.clone())),
        None if is_made_up(options) => Some(Target::Stdout),
        None => None,
    }
}

fn formats(options: &Draw) -> anyhow::Result<Vec<DrawFormat>> {
    if !options.format.is_empty() {
        return Ok(options.format.clone());
    }
    match target(options) {
        None => Ok(vec![DrawFormat::Svg, DrawFormat::Dot]),
        Some(Target::Stdout) => Ok(vec![DrawFormat::Svg]),
        Some(Target::File(path)) => match DrawFormat::of_file(&path) {
            Some(format) => Ok(vec![format]),
            None => bail!(
                "the extension of `{}` names no format; give one with --format (svg, dot, …)",
                path.display()
            ),
        },
    }
}

/// What is to be drawn; `None` if a name means nothing, which is said.
fn views(question: &Question, views: &[View], options: &Draw) -> anyhow::Result<Option<Vec<View>>> {
    let languages = languages(&question.graph, options)?;
    let mut views = if is_made_up(options) {
        match made_up(question, options) {
            Some(view) => vec![view],
            None => return Ok(None),
        }
    } else {
        named(views, &options.views)?
    };
    for view in &mut views {
        if !languages.is_empty() {
            view.languages.clone_from(&languages);
        }
        if !narrow(view, question, options)? {
            return Ok(None);
        }
    }
    Ok(Some(views))
}

fn named(views: &[View], names: &[String]) -> anyhow::Result<Vec<View>> {
    if views.is_empty() {
        bail!("the project has no views; put some into its folder views/, or draw --around NAME");
    }
    if names.is_empty() {
        return Ok(views.to_vec());
    }
    let find = |name: &String| {
        let known = || views.iter().map(|view| view.name.as_str());
        let found = views.iter().find(|view| view.name == *name).cloned();
        found.ok_or_else(|| match suggest::nearest(name, known()) {
            Some(near) => anyhow!("there is no view `{name}`; did you mean `{near}`?"),
            None => anyhow!(
                "there is no view `{name}`; there are {}",
                known().collect::<Vec<_>>().join(", ")
            ),
        })
    };
    names.iter().map(find).collect()
}

/// The languages of the names; none where the view's own are taken.
fn languages(graph: &KnowledgeGraph, options: &Draw) -> anyhow::Result<Vec<String>> {
    let known = &graph.project().languages;
    match options.lang.as_deref() {
        None => Ok(Vec::new()),
        Some("both") => Ok(known.clone()),
        Some(tag) if known.iter().any(|it| it == tag) => Ok(vec![tag.to_owned()]),
        Some(tag) => bail!(
            "the project has no language `{tag}`; take {} or both",
            known.join(", ")
        ),
    }
}

/// The view that `--around` or `--path` asks for.
fn made_up(question: &Question, options: &Draw) -> Option<View> {
    let graph = &question.graph;
    let names = if options.path.is_empty() {
        &options.around
    } else {
        &options.path
    };
    let mut roots = Vec::new();
    for name in names {
        roots.push(question.resolve(name)?);
    }
    let slugs: Vec<&str> = roots.iter().map(|node| graph.slug(*node)).collect();
    let mut view = View::new(slugs.join("-"));
    view.selection.depth = 1;
    view.selection.roots = slugs.iter().map(|slug| (*slug).to_owned()).collect();
    for language in &graph.project().languages {
        let labels: Vec<&str> = roots
            .iter()
            .map(|node| graph.label(*node, language))
            .collect();
        let dash = if options.path.is_empty() {
            " · "
        } else {
            " → "
        };
        view.title.insert(language.clone(), labels.join(dash));
    }
    if let [from, to] = roots.as_slice()
        && !options.path.is_empty()
    {
        let paths = query::shortest_paths(graph, *from, *to, MOST_PATHS);
        if paths.is_empty() {
            question.nothing("no facts lead from one to the other");
            return None;
        }
        view.selection.depth = 0;
        for step in paths.iter().flatten() {
            let slug = graph.slug(step.to);
            if !view.selection.roots.iter().any(|known| known == slug) {
                view.selection.roots.push(slug.to_owned());
            }
        }
    }
    Some(view)
}

/// Changes the view as the options say; false if a name means nothing, which is said.
fn narrow(view: &mut View, question: &Question, options: &Draw) -> anyhow::Result<bool> {
    let graph = &question.graph;
    let schema = graph.schema();
    if let Some(depth) = options.depth {
        view.selection.depth = depth;
    }
    if !options.classes.is_empty() {
        let classes = options.classes.iter();
        view.selection.classes = classes
            .map(|name| query::class_named(schema, name))
            .collect::<Result<_, _>>()?;
    }
    if !options.slots.is_empty() {
        let slots = options.slots.iter();
        view.selection.slots = slots
            .map(|name| query::slot_named(schema, name))
            .collect::<Result<_, _>>()?;
    }
    if !options.articles.is_empty() {
        view.selection.articles.clear();
        for name in &options.articles {
            match question.resolve(name) {
                Some(node) => view.selection.articles.push(graph.slug(node).to_owned()),
                None => return Ok(false),
            }
        }
    }
    if !options.clusters.is_empty() {
        let grouping = |word: &String| {
            Grouping::named(schema, word).ok_or_else(|| {
                anyhow!("nothing can be grouped by `{word}`; take class, article, or a slot or class of the schema")
            })
        };
        view.groupings = options
            .clusters
            .iter()
            .map(grouping)
            .collect::<Result<_, _>>()?;
    }
    match options.direction.as_deref() {
        Some("down") => view.direction = Direction::Down,
        Some(_) => view.direction = Direction::Right,
        None => {}
    }
    view.has_labels &= !options.no_labels;
    view.has_legend &= !options.no_legend;
    if options.no_literals {
        view.literals = Literals::None;
    }
    view.most_nodes = options.max_nodes.unwrap_or(view.most_nodes);
    if options.link.is_some() {
        view.link.clone_from(&options.link);
    }
    Ok(true)
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
    let folder = &options.output;
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
