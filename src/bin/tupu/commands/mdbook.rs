//! `tupu mdbook`: a preprocessor of mdBook.

use std::io::{self, IsTerminal};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Map, Value};
use tupu::{diagram, markdown, suggest};

use super::Outcome;
use crate::fences::Illustrator;
use crate::output;
use crate::report;

#[derive(Debug, Args)]
#[command(after_help = "mdBook runs this itself, once its book.toml says so:

  [preprocessor.tupu]
  command = \"tupu mdbook\"
  project = \"../data\"        # the graph project, from the folder of book.toml

In a chapter, a fence stands for a figure:

  ```tupu view=\"agreements\"
  ```

Keys are those of `tupu draw`: view, around, path (twice), depth, class, slot, article, cluster, lang,
direction, no-labels, no-literals, no-legend, max-nodes, link; and alt and caption.
The figure is SVG in HTML, so that only the renderer html is supported; for all others
`tupu markdown` writes the figures as files.

Examples:
  tupu mdbook < context-and-book.json > book.json      what mdBook runs
  tupu mdbook supports html                            whether it may")]
pub(crate) struct Mdbook {
    #[command(subcommand)]
    question: Option<MdbookQuestion>,
}

#[derive(Debug, Subcommand)]
enum MdbookQuestion {
    /// Say by the exit status whether figures can be put into what this renderer makes
    #[command(after_help = "Examples:
  tupu mdbook supports html")]
    Supports {
        /// Name of the renderer
        renderer: String,
    },
}

/// What of mdBook's context matters here.
#[derive(Debug, Deserialize)]
struct Context {
    root: PathBuf,
    #[serde(default)]
    config: Config,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Config {
    book: BookConfig,
    preprocessor: Preprocessors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BookConfig {
    src: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Preprocessors {
    tupu: Map<String, Value>,
}

/// Keys of the table `[preprocessor.tupu]`: ours, then those that mdBook itself reads.
const KEYS: &[&str] = &[
    PROJECT,
    "command",
    "before",
    "after",
    "renderer",
    "renderers",
    "optional",
];
const PROJECT: &str = "project";

pub(crate) fn run(project: &Path, options: &Mdbook) -> anyhow::Result<Outcome> {
    if let Some(MdbookQuestion::Supports { renderer }) = &options.question {
        return Ok(Outcome::found(renderer == "html"));
    }
    if io::stdin().is_terminal() {
        bail!(
            "mdBook runs this and gives it the book; `tupu mdbook --help` shows how to set it up"
        );
    }
    let (context, mut book): (Context, Value) = serde_json::from_reader(io::stdin().lock())
        .context("standard input is not what mdBook gives a preprocessor")?;
    let settings = &context.config.preprocessor.tupu;
    let project = match folder(settings)? {
        Some(folder) => context.root.join(folder),
        None => project.to_owned(),
    };
    let Some(illustrator) = Illustrator::load(&project)? else {
        return Ok(Outcome::No);
    };
    let mut pass = Pass {
        illustrator,
        source: context.config.book.src,
        is_sound: true,
    };
    // `sections` until mdBook 0.4, `items` since.
    for name in ["items", "sections"] {
        if let Some(items) = book.get_mut(name) {
            pass.items(items);
        }
    }
    if !pass.is_sound {
        return Ok(Outcome::No);
    }
    output::print(&serde_json::to_string(&book)?)?;
    Ok(Outcome::Fine)
}

/// The folder of the project that `book.toml` names, from its own.
fn folder(settings: &Map<String, Value>) -> anyhow::Result<Option<&str>> {
    for key in settings.keys() {
        if !KEYS.contains(&key.as_str()) {
            let hint = match suggest::nearest(key, KEYS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is `{PROJECT}`, the folder of the graph project"),
            };
            bail!("`[preprocessor.tupu]` in book.toml has no key `{key}`; {hint}");
        }
    }
    match settings.get(PROJECT) {
        None => Ok(None),
        Some(Value::String(folder)) => Ok(Some(folder)),
        Some(_) => {
            bail!("`{PROJECT}` in `[preprocessor.tupu]` of book.toml is the name of a folder")
        }
    }
}

/// How the dark colours of a figure begin that follows the system.
const SYSTEM_DARK: &str = "@media (prefers-color-scheme:dark){";
/// How they begin in a figure that follows the theme of the page: the dark themes of mdBook.
const THEME_DARK: &str = ":is(.coal,.navy,.ayu){";

/// The figure with its dark colours in the dark themes of mdBook, whatever the system has.
fn in_theme(svg: String) -> String {
    match svg.split_once("</style>") {
        Some((head, rest)) => match head.rsplit_once(SYSTEM_DARK) {
            Some((before, rules)) => format!("{before}{THEME_DARK}{rules}</style>{rest}"),
            None => svg,
        },
        None => svg,
    }
}

/// One pass over a book.
struct Pass {
    illustrator: Illustrator,
    /// Folder of the chapters, from the book's.
    source: PathBuf,
    is_sound: bool,
}

impl Pass {
    /// Draws what the chapters among these items ask for, and those below them.
    fn items(&mut self, items: &mut Value) {
        for item in items.as_array_mut().into_iter().flatten() {
            if let Some(chapter) = item.get_mut("Chapter") {
                self.chapter(chapter);
            }
        }
    }

    fn chapter(&mut self, chapter: &mut Value) {
        if let Some(Value::String(content)) = chapter.get("content") {
            let found = markdown::fences(content);
            let mut faults = Vec::new();
            let figures = self.illustrator.draw(&found, &mut faults, |illustration| {
                let svg = in_theme(diagram::to_svg(&illustration.figure));
                Ok(markdown::inline_figure(illustration, &svg))
            });
            let content = markdown::replace(content, &figures);
            let path = self.path(chapter);
            for (line, fault) in faults {
                self.is_sound = false;
                report::note(&format!("{}:{line}: {fault}", path.display()));
            }
            if let Some(place) = chapter.get_mut("content") {
                *place = Value::String(content);
            }
        }
        if let Some(items) = chapter.get_mut("sub_items") {
            self.items(items);
        }
    }

    /// Where the chapter stands, from the book's folder.
    fn path(&self, chapter: &Value) -> PathBuf {
        let path = ["source_path", "path", "name"]
            .iter()
            .find_map(|key| chapter.get(key)?.as_str())
            .unwrap_or_default();
        let source = self.source.components();
        let source = source.filter(|part| *part != Component::CurDir);
        source.collect::<PathBuf>().join(path)
    }
}
