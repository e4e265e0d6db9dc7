//! What the fences of a document ask for, drawn.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Parser;
use tupu::diagram::{self, Figure, FigureError};
use tupu::markdown::{Fence, Fences, Illustration};
use tupu::view::View;

use crate::commands::{Question, load_sound};
use crate::views::{self, Beginning, Narrowing, NoView};

/// The keys of a fence.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Keys {
    #[arg(long, conflicts_with_all = ["around", "path"])]
    view: Option<String>,

    #[arg(long, conflicts_with = "path")]
    around: Vec<String>,

    #[arg(long)]
    path: Vec<String>,

    #[command(flatten)]
    narrowing: Narrowing,

    #[arg(long)]
    alt: Option<String>,

    #[arg(long)]
    caption: Option<String>,
}

/// Draws the figures of documents.
pub(crate) struct Illustrator {
    question: Question,
    views: Vec<View>,
    /// How often each name was given to a figure.
    names: BTreeMap<String, usize>,
}

impl Illustrator {
    /// Reads the project; `None` if it has errors, which are reported.
    pub(crate) fn load(project: &Path) -> anyhow::Result<Option<Self>> {
        let loaded = load_sound(project)?;
        Ok(loaded.map(|loaded| Self {
            question: Question::of(loaded.graph),
            views: loaded.views,
            names: BTreeMap::new(),
        }))
    }

    /// Begins a document in which names of figures may be those of another.
    pub(crate) fn forget_names(&mut self) {
        self.names.clear();
    }

    /// What each fence asks for, made by `make`; faults, each with the number of its line, are added
    /// to `faults`.
    pub(crate) fn draw<'f>(
        &mut self,
        fences: &'f Fences,
        faults: &mut Vec<(usize, String)>,
        mut make: impl FnMut(&Illustration) -> anyhow::Result<String>,
    ) -> Vec<(&'f Fence, String)> {
        let known = fences.faults.iter();
        let mut found: Vec<_> = known.map(|(line, it)| (*line, it.to_string())).collect();
        let mut figures = Vec::new();
        for fence in &fences.fences {
            let figure = self
                .illustration(fence)
                .and_then(|illustration| make(&illustration).map_err(|error| format!("{error:#}")));
            match figure {
                Ok(figure) => figures.push((fence, figure)),
                Err(text) => found.push((fence.line, text)),
            }
        }
        found.sort();
        faults.append(&mut found);
        figures
    }

    fn illustration(&mut self, fence: &Fence) -> Result<Illustration, String> {
        let words = fence.words.iter().map(|word| format!("--{word}"));
        let keys = Keys::try_parse_from(words).map_err(|error| fault(&error))?;
        let beginning = match (&keys.view, keys.around.as_slice(), keys.path.as_slice()) {
            (Some(view), _, _) => Beginning::Views(std::slice::from_ref(view)),
            (None, [], [from, to]) => Beginning::Path(from, to),
            (None, [_, ..], _) => Beginning::Around(&keys.around),
            (None, [], []) => return Err("say what to draw, with view=… or around=…".to_owned()),
            (None, [], _) => return Err("`path` is given twice, from and to".to_owned()),
        };
        let views = views::views(&self.question, &self.views, beginning, &keys.narrowing);
        let view = match views {
            Ok(views) => views.into_iter().next().unwrap_or_else(|| View::new("")),
            Err(NoView::Nothing(text)) => return Err(text),
            Err(NoView::Wrong(error)) => return Err(format!("{error:#}")),
        };
        let figure = diagram::figure(&self.question.graph, &view);
        let figure = figure.map_err(|error| format!("{error}{}", advice(&error)))?;
        let description = self.description(&view);
        Ok(self.illustrate(figure, description, keys))
    }

    /// What the view says of itself, in the languages of its figure.
    fn description(&self, view: &View) -> String {
        let languages = if view.languages.is_empty() {
            &self.question.graph.project().languages
        } else {
            &view.languages
        };
        let texts = languages.iter().filter_map(|it| view.description.get(it));
        texts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    fn illustrate(&mut self, mut figure: Figure, description: String, keys: Keys) -> Illustration {
        let times = self.names.entry(figure.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            figure.name = format!("{}-{times}", figure.name);
        }
        let title = figure.title.join(" · ");
        let (title, caption) = match keys.caption {
            Some(caption) => (String::new(), caption),
            None => (title, description),
        };
        let alt = match keys.alt {
            Some(alt) => {
                figure.description.clone_from(&alt);
                alt
            }
            None => format!("{}. {}", figure.title.join(" · "), figure.description),
        };
        Illustration {
            figure,
            title,
            caption,
            alt,
        }
    }
}

/// What to do about a view that cannot be drawn.
fn advice(error: &FigureError) -> &'static str {
    match error {
        FigureError::TooLarge { .. } => {
            "; narrow it by roots, classes, slots or articles, or raise max-nodes"
        }
        _ => "",
    }
}

/// What is wrong about the keys, in the words of a fence rather than of a command line.
fn fault(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .collect();
    let text = lines.join("; ");
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    text.replace("'--", "'").replace("argument", "key")
}
