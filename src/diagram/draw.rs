//! A view becomes a figure.

use std::collections::BTreeMap;

use super::FigureError;
use super::cluster::cluster;
use super::figure::{Detail, Edge, Fact, Figure, Legend, LegendClass, Line, Node};
use super::select::{Link, LinkName, Part, Selector};
use super::words::{Words, words};
use crate::model::{KnowledgeGraph, NodeId, ProvenanceId, Status, Value};
use crate::schema::{ClassId, LangText};
use crate::view::{Literals, View, is_page_link};

/// Most places that a tooltip lists.
const MOST_PLACES: usize = 4;

/// Stands for the slug in a link.
const SLUG: &str = "{slug}";

/// Entities and the facts between them.
pub(super) fn entities(graph: &KnowledgeGraph, view: &View) -> Result<Figure, FigureError> {
    let part = Selector::new(graph, view)?.part();
    part_figure(graph, view, part)
}

/// Every entity and every fact between two, whatever their number.
pub(super) fn whole(graph: &KnowledgeGraph) -> Figure {
    let project = graph.project();
    let mut view = View::new(project.name.clone());
    view.title.clone_from(&project.title);
    view.description.clone_from(&project.description);
    view.literals = Literals::None;
    view.most_nodes = usize::MAX;
    let part = Selector::new(graph, &view).map(|selector| selector.whole());
    part.and_then(|part| part_figure(graph, &view, part))
        .unwrap_or_else(|_| Drawer::new(graph, &view).frame())
}

/// A part of the graph, drawn as `view` says.
pub(super) fn part_figure(
    graph: &KnowledgeGraph,
    view: &View,
    mut part: Part,
) -> Result<Figure, FigureError> {
    let clusters = cluster(graph, view, &mut part);
    check_size(view, part.nodes.len())?;
    let drawer = Drawer::new(graph, view);
    let mut order: Vec<NodeId> = part.nodes.iter().copied().collect();
    order.sort_by_key(|node| (clusters.of_node.get(node), graph.position(*node), *node));
    let places: BTreeMap<NodeId, usize> = order.iter().copied().zip(0..).collect();
    let mut figure = drawer.frame();
    figure.clusters = clusters.to_figure(&drawer);
    let said = clusters.said.iter();
    figure.boxed = said.map(|link| drawer.fact(link)).collect();
    figure.nodes = order
        .iter()
        .map(|node| Node {
            details: drawer.details(*node),
            cluster: clusters.of_node.get(node).copied(),
            ..drawer.entity(*node)
        })
        .collect();
    figure.edges = part
        .links
        .iter()
        .filter_map(|link| drawer.edge(link, &places))
        .collect();
    if view.has_legend {
        figure.legend = drawer.legend(&order, &figure.edges);
    }
    drawer.count(&mut figure);
    Ok(figure)
}

/// Refuses what nobody could read, or what shows nothing.
pub(super) fn check_size(view: &View, nodes: usize) -> Result<(), FigureError> {
    if nodes == 0 {
        return Err(FigureError::Empty);
    }
    if nodes > view.most_nodes {
        return Err(FigureError::TooLarge {
            nodes,
            most: view.most_nodes,
        });
    }
    Ok(())
}

/// A graph, the way a view draws it.
pub(super) struct Drawer<'g> {
    pub(super) graph: &'g KnowledgeGraph,
    pub(super) view: &'g View,
    pub(super) languages: Vec<&'g str>,
    pub(super) words: &'static Words,
}

impl<'g> Drawer<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph, view: &'g View) -> Self {
        let languages = if view.languages.is_empty() {
            &graph.project().languages
        } else {
            &view.languages
        };
        let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
        Self {
            graph,
            view,
            words: words(languages.first().copied().unwrap_or_default()),
            languages,
        }
    }

    pub(super) fn language(&self) -> &'g str {
        self.languages.first().copied().unwrap_or_default()
    }

    /// The figure with what surrounds its nodes and edges.
    pub(super) fn frame(&self) -> Figure {
        let all = |text: &LangText| {
            distinct(
                self.languages
                    .iter()
                    .filter_map(|language| text.get(*language).map(String::as_str)),
            )
        };
        let (title, description) = (all(&self.view.title), all(&self.view.description));
        Figure {
            name: self.view.name.clone(),
            language: self.language().to_owned(),
            title,
            description: description.join(" "),
            direction: self.view.direction,
            ..Figure::default()
        }
    }

    /// Adds to the description how much there is to see.
    pub(super) fn count(&self, figure: &mut Figure) {
        if !figure.description.is_empty() {
            figure.description.push(' ');
        }
        figure.description.push_str(&format!(
            "({}: {}; {}: {})",
            self.words.entities,
            figure.nodes.len(),
            self.words.facts,
            figure.edges.len() + figure.boxed.len()
        ));
    }

    /// An entity without its literals, in no cluster.
    pub(super) fn entity(&self, node: NodeId) -> Node {
        let graph = self.graph;
        let mut drawn = self.of_class(graph.class(node));
        drawn.id = graph.slug(node).to_owned();
        drawn.iri = graph.iri(node);
        drawn.names = names(graph, node, &self.languages);
        drawn.link = link(self.view.link.as_deref(), graph.slug(node));
        drawn.tooltip = vec![format!(
            "{} · {}",
            drawn.names.join(" · "),
            drawn.class_label
        )];
        let provenance = graph.names(node).filter_map(|name| name.provenance);
        drawn
            .tooltip
            .extend(self.evidence(&provenance.collect::<Vec<_>>()));
        drawn
    }

    /// A class.
    pub(super) fn class(&self, class: ClassId) -> Node {
        let definition = self.graph.schema().class(class);
        let description = definition.description.get(self.language());
        Node {
            id: definition.name.clone(),
            iri: definition.iri.clone(),
            names: self.class_names(class),
            link: link(self.view.link.as_deref(), &definition.name),
            tooltip: description.cloned().into_iter().collect(),
            ..self.of_class(class)
        }
    }

    /// What all nodes of a class have in common.
    fn of_class(&self, class: ClassId) -> Node {
        let schema = self.graph.schema();
        let style = schema.style(class);
        Node {
            class: schema.class(class).name.clone(),
            class_label: self.graph.class_label(class, self.language()).to_owned(),
            fill: style.fill,
            shape: style.shape.unwrap_or_default(),
            ..Node::default()
        }
    }

    pub(super) fn class_names(&self, class: ClassId) -> Vec<String> {
        let labels = self.languages.iter();
        distinct(labels.map(|language| self.graph.class_label(class, language)))
    }

    /// How a fact of this kind is drawn.
    pub(super) fn line(status: Status, is_inferred: bool) -> Line {
        match status {
            _ if is_inferred => Line::Dotted,
            Status::Planned | Status::Target | Status::Required => Line::Dashed,
            Status::Asserted | Status::Ongoing | Status::Reported => Line::Solid,
        }
    }

    fn details(&self, node: NodeId) -> Vec<Detail> {
        let is_shown = |slot| match &self.view.literals {
            Literals::All => true,
            Literals::None => false,
            Literals::Of(slots) => slots.contains(&slot),
        };
        let mut details: Vec<Detail> = Vec::new();
        for literal in self.graph.literals(node) {
            if !is_shown(literal.slot) || self.is_of_other_language(&literal.value) {
                continue;
            }
            let detail = Detail {
                slot: self.graph.schema().slot(literal.slot).name.clone(),
                label: self
                    .graph
                    .slot_label(literal.slot, self.language())
                    .to_owned(),
                value: self.graph.value_in_words(&literal.value, self.language()),
                status: literal.status.name().to_owned(),
                evidence: self.places(&[literal.provenance]),
            };
            if !details.contains(&detail) {
                details.push(detail);
            }
        }
        details
    }

    fn is_of_other_language(&self, value: &Value) -> bool {
        matches!(value, Value::Text { language, .. } if language != self.language())
    }

    fn edge(&self, link: &Link, places: &BTreeMap<NodeId, usize>) -> Option<Edge> {
        let graph = self.graph;
        let (slot, label, is_symmetric) = match link.name {
            LinkName::Slot(slot) => (
                graph.schema().slot(slot).name.clone(),
                graph.slot_label(slot, self.language()).to_owned(),
                graph.schema().slot(slot).is_symmetric,
            ),
            LinkName::Entity(node, place) => (
                graph.schema().class(graph.class(node)).name.clone(),
                self.relation_label(node, place),
                false,
            ),
        };
        let (source, target) = (graph.slug(link.source), graph.slug(link.target));
        let id = match link.name {
            LinkName::Slot(_) => format!("{source}--{slot}--{target}"),
            LinkName::Entity(node, _) => {
                format!("{source}--{}--{target}", graph.slug(node))
            }
        };
        let status = link.status();
        let mut tooltip = vec![format!(
            "{} — {label} → {}",
            graph.label(link.source, self.language()),
            graph.label(link.target, self.language())
        )];
        if status != Status::Asserted {
            tooltip.push(format!("{}: {}", self.words.status, status.name()));
        }
        let provenance: Vec<_> = link.facts.iter().map(|fact| fact.provenance).collect();
        tooltip.extend(self.evidence(&provenance));
        Some(Edge {
            id,
            source: *places.get(&link.source)?,
            target: *places.get(&link.target)?,
            slot,
            label: self.edge_label(&label),
            name: label,
            line: Self::line(status, link.is_inferred(graph)),
            is_symmetric,
            status: status.name().to_owned(),
            evidence: self.places(&provenance),
            tooltip,
        })
    }

    /// A link that is not drawn.
    fn fact(&self, link: &Link) -> Fact {
        let provenance: Vec<_> = link.facts.iter().map(|fact| fact.provenance).collect();
        let name = |node| names(self.graph, node, &self.languages).join(" · ");
        Fact {
            subject: name(link.source),
            slot: match link.name {
                LinkName::Slot(slot) => self.graph.slot_label(slot, self.language()).to_owned(),
                LinkName::Entity(node, place) => self.relation_label(node, place),
            },
            object: name(link.target),
            status: link.status().name().to_owned(),
            evidence: self.places(&provenance),
        }
    }

    /// What is written beside an edge of this name.
    pub(super) fn edge_label(&self, name: &str) -> String {
        if self.view.has_labels {
            name.to_owned()
        } else {
            String::new()
        }
    }

    /// The value that names a relation; otherwise its class.
    fn relation_label(&self, node: NodeId, place: usize) -> String {
        let graph = self.graph;
        let slot = self.view.relations.get(place).and_then(|it| it.label);
        let mut values: Vec<String> = Vec::new();
        if let Some(slot) = slot {
            let literals = graph.literals(node).iter().filter(|it| it.slot == slot);
            values.extend(literals.map(|it| graph.value_in_words(&it.value, self.language())));
            let edges = graph.edges_out(node).filter(|edge| edge.slot == slot);
            values.extend(edges.map(|edge| graph.label(edge.target, self.language()).to_owned()));
        }
        if values.is_empty() {
            values.push(
                graph
                    .class_label(graph.class(node), self.language())
                    .to_owned(),
            );
        }
        values.join(self.words.comma)
    }

    /// Where facts stand and why they are inferred, a line each.
    pub(super) fn evidence(&self, provenance: &[ProvenanceId]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut places = self.places(provenance);
        for id in provenance {
            let provenance = self.graph.provenance(*id);
            let reason = provenance
                .inferred
                .as_ref()
                .and_then(|reason| reason.get(self.language()));
            if let Some(reason) = reason {
                lines.push(format!("{}: {reason}", self.words.inferred));
            }
        }
        let more = places.len().saturating_sub(MOST_PLACES);
        places.truncate(MOST_PLACES);
        if !places.is_empty() {
            let more = if more > 0 {
                format!(" +{more}")
            } else {
                String::new()
            };
            lines.push(format!(
                "{}: {}{more}",
                self.words.evidence,
                places.join(", ")
            ));
        }
        lines
    }

    /// Where facts stand, each place once.
    pub(super) fn places(&self, provenance: &[ProvenanceId]) -> Vec<String> {
        let mut places: Vec<String> = Vec::new();
        let provenance = provenance.iter().map(|id| self.graph.provenance(*id));
        for passage in provenance.flat_map(|it| &it.passages) {
            let place = self.graph.place(*passage);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    pub(super) fn legend(&self, nodes: &[NodeId], edges: &[Edge]) -> Legend {
        let graph = self.graph;
        let mut classes: Vec<_> = nodes.iter().map(|node| graph.class(*node)).collect();
        classes.sort_unstable();
        classes.dedup();
        let class = |id| {
            let style = graph.schema().style(id);
            LegendClass {
                class: graph.schema().class(id).name.clone(),
                names: self.class_names(id),
                fill: style.fill,
                shape: style.shape.unwrap_or_default(),
            }
        };
        Legend {
            title: self.words.legend.to_owned(),
            classes: classes.into_iter().map(class).collect(),
            lines: self.legend_lines(edges),
        }
    }

    /// What the lines mean, if they are not all of the plain kind.
    fn legend_lines(&self, edges: &[Edge]) -> Vec<(Line, String)> {
        let all = [
            (Line::Solid, self.words.so),
            (Line::Dashed, self.words.planned),
            (Line::Dotted, self.words.inferred),
        ];
        if edges.iter().all(|edge| edge.line == Line::Solid) {
            return Vec::new();
        }
        all.into_iter()
            .filter(|(line, _)| edges.iter().any(|edge| edge.line == *line))
            .map(|(line, word)| (line, word.to_owned()))
            .collect()
    }
}

/// Names of an entity, one a language, each once.
pub(super) fn names(graph: &KnowledgeGraph, node: NodeId, languages: &[&str]) -> Vec<String> {
    distinct(languages.iter().map(|language| graph.label(node, language)))
}

/// Each text once, the first time that it comes.
pub(super) fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.iter().any(|known| known == text) {
            distinct.push(text.to_owned());
        }
    }
    distinct
}

/// The link of an entity, made of the view's.
pub(super) fn link(template: Option<&str>, slug: &str) -> Option<String> {
    let link = template?.replace(SLUG, slug);
    is_page_link(&link).then_some(link)
}
