//! The views that a command line or a fence in a document asks for.

use anyhow::anyhow;
use clap::Args;
use tupu::query::{self, Scope};
use tupu::suggest;
use tupu::view::{Direction, Grouping, Literals, View, is_page_link};

use crate::commands::Question;

/// Shortest paths whose entities are drawn.
const MOST_PATHS: usize = 12;

/// What a view begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Beginning<'a> {
    /// Views of the project by name; all where none is given.
    Views(&'a [String]),
    /// What is near these entities.
    Around(&'a [String]),
    /// The shortest ways from one entity to another.
    Path(&'a str, &'a str),
}

/// Changes of a view.
#[derive(Debug, Args)]
pub(crate) struct Narrowing {
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
    #[arg(long = "article", value_name = "ARTICLE")]
    articles: Vec<String>,

    /// Boxes around nodes: class, article, a slot, ^SLOT or a class; may be given several times
    #[arg(long = "cluster", value_name = "BY")]
    clusters: Vec<String>,

    /// Languages of the names, such as en,zh, the most prominent first; or both
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    lang: Vec<String>,

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

    /// Where nodes link to; {slug} stands for the slug
    #[arg(long, value_name = "URL")]
    link: Option<String>,
}

/// Why there is no view.
#[derive(Debug)]
pub(crate) enum NoView {
    /// The graph has no such thing; says what was looked for.
    Nothing(String),
    /// What was asked for means nothing.
    Wrong(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for NoView {
    fn from(error: E) -> Self {
        Self::Wrong(error.into())
    }
}

/// The views that are asked for; `known` are those of the project.
pub(crate) fn views(
    question: &Question,
    known: &[View],
    beginning: Beginning<'_>,
    narrowing: &Narrowing,
) -> Result<Vec<View>, NoView> {
    let mut views = match beginning {
        Beginning::Views(names) => named(known, names)?,
        Beginning::Around(names) => vec![around(question, names)?],
        Beginning::Path(from, to) => vec![path(question, from, to)?],
    };
    for view in &mut views {
        narrowing.apply(view, question)?;
    }
    Ok(views)
}

fn named(views: &[View], names: &[String]) -> anyhow::Result<Vec<View>> {
    if views.is_empty() {
        return Err(anyhow!(
            "the project has no views; put some into its folder views/, or draw --around NAME"
        ));
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

fn around(question: &Question, names: &[String]) -> Result<View, NoView> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut view = rooted(question, &names, " · ")?;
    view.selection.depth = 1;
    Ok(view)
}

fn path(question: &Question, from: &str, to: &str) -> Result<View, NoView> {
    let graph = &question.graph;
    let mut view = rooted(question, &[from, to], " → ")?;
    let (from, to) = (
        question.find(from, Scope::default()),
        question.find(to, Scope::default()),
    );
    let (from, to) = (from.map_err(NoView::Nothing)?, to.map_err(NoView::Nothing)?);
    let paths = query::shortest_paths(graph, from, to, MOST_PATHS);
    if paths.is_empty() {
        let nothing = "no facts lead from one to the other";
        return Err(NoView::Nothing(nothing.to_owned()));
    }
    for step in paths.iter().flatten() {
        let slug = graph.slug(step.to);
        if !view.selection.roots.iter().any(|known| known == slug) {
            view.selection.roots.push(slug.to_owned());
        }
    }
    Ok(view)
}

/// A view of nothing but the entities of these names, which title it.
fn rooted(question: &Question, names: &[&str], between: &str) -> Result<View, NoView> {
    let graph = &question.graph;
    let roots = names
        .iter()
        .map(|name| question.find(name, Scope::default()));
    let roots: Vec<_> = roots.collect::<Result<_, _>>().map_err(NoView::Nothing)?;
    let slugs: Vec<&str> = roots.iter().map(|node| graph.slug(*node)).collect();
    let mut view = View::new(slugs.join("-"));
    view.selection.roots = slugs.iter().map(|slug| (*slug).to_owned()).collect();
    for language in &graph.project().languages {
        let labels = roots.iter().map(|node| graph.label(*node, language));
        let title = labels.collect::<Vec<_>>().join(between);
        view.title.insert(language.clone(), title);
    }
    Ok(view)
}

impl Narrowing {
    fn apply(&self, view: &mut View, question: &Question) -> Result<(), NoView> {
        let schema = question.graph.schema();
        if !self.lang.is_empty() {
            view.languages = self.languages(question)?;
        }
        view.selection.depth = self.depth.unwrap_or(view.selection.depth);
        if !self.classes.is_empty() {
            let classes = self.classes.iter();
            view.selection.classes = classes
                .map(|name| query::class_named(schema, name))
                .collect::<Result<_, _>>()?;
        }
        if !self.slots.is_empty() {
            let slots = self.slots.iter();
            view.selection.slots = slots
                .map(|name| query::slot_named(schema, name))
                .collect::<Result<_, _>>()?;
        }
        if !self.articles.is_empty() {
            view.selection.articles.clear();
            for name in &self.articles {
                let node = question
                    .find(name, Scope::default())
                    .map_err(NoView::Nothing)?;
                let slug = question.graph.slug(node).to_owned();
                view.selection.articles.push(slug);
            }
        }
        if !self.clusters.is_empty() {
            let grouping = |word: &String| {
                Grouping::named(schema, word).ok_or_else(|| {
                    anyhow!("nothing can be grouped by `{word}`; take class, article, or a slot or class of the schema")
                })
            };
            view.groupings = self
                .clusters
                .iter()
                .map(grouping)
                .collect::<Result<_, _>>()?;
        }
        match self.direction.as_deref() {
            Some("down") => view.direction = Direction::Down,
            Some(_) => view.direction = Direction::Right,
            None => {}
        }
        view.has_labels &= !self.no_labels;
        view.has_legend &= !self.no_legend;
        if self.no_literals {
            view.literals = Literals::None;
        }
        view.most_nodes = self.max_nodes.unwrap_or(view.most_nodes);
        if let Some(link) = &self.link {
            if !is_page_link(link) {
                let fault =
                    anyhow!("`{link}` does not lead to a page; take https://… or a relative path");
                return Err(fault.into());
            }
            view.link = Some(link.clone());
        }
        Ok(())
    }

    fn languages(&self, question: &Question) -> anyhow::Result<Vec<String>> {
        let known = &question.graph.project().languages;
        if self.lang == ["both"] {
            return Ok(known.clone());
        }
        match self.lang.iter().find(|tag| !known.contains(tag)) {
            None => Ok(self.lang.clone()),
            Some(tag) => Err(anyhow!(
                "the project has no language `{tag}`; take {} or both",
                known.join(", ")
            )),
        }
    }
}
