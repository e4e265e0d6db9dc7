//! Which entities and facts a view shows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::FigureError;
use crate::model::{Edge, KnowledgeGraph, NodeId, Status};
use crate::schema::{ClassId, Schema, SlotId};
use crate::view::{Follow, Relation, View};

/// The part of a graph that a view shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) nodes: BTreeSet<NodeId>,
    /// Each once, in the order of beginning, name and end.
    pub(super) links: Vec<Link>,
}

/// Something that is drawn as one edge.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) source: NodeId,
    pub(super) target: NodeId,
    pub(super) name: LinkName,
    /// The facts that it stands for, at least one.
    pub(super) facts: Vec<Edge>,
}

/// What a link is called.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum LinkName {
    /// It is a fact of this slot.
    Slot(SlotId),
    /// It is an entity that stands for a relation; with the place of the [`Relation`] in the view.
    Entity(NodeId, usize),
}

impl Link {
    /// The status of the fact that is nearest to being so.
    pub(super) fn status(&self) -> Status {
        let statuses = || self.facts.iter().map(|fact| fact.status);
        match self.name {
            LinkName::Slot(_) => statuses().min().unwrap_or(Status::Asserted),
            LinkName::Entity(..) => statuses().max().unwrap_or(Status::Asserted),
        }
    }

    /// Whether it only follows, but is not printed.
    pub(super) fn is_inferred(&self, graph: &KnowledgeGraph) -> bool {
        let is_inferred = |fact: &Edge| graph.provenance(fact.provenance).inferred.is_some();
        match self.name {
            LinkName::Slot(_) => self.facts.iter().all(is_inferred),
            LinkName::Entity(..) => self.facts.iter().any(is_inferred),
        }
    }
}

/// A view held against a graph.
pub(super) struct Selector<'g> {
    graph: &'g KnowledgeGraph,
    view: &'g View,
    roots: Vec<NodeId>,
    articles: Vec<NodeId>,
}

impl<'g> Selector<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph, view: &'g View) -> Result<Self, FigureError> {
        let find = |slug: &String| {
            graph
                .node(slug)
                .ok_or_else(|| FigureError::UnknownEntity(slug.clone()))
        };
        let selection = &view.selection;
        Ok(Self {
            graph,
            view,
            roots: selection.roots.iter().map(find).collect::<Result<_, _>>()?,
            articles: selection
                .articles
                .iter()
                .map(find)
                .collect::<Result<_, _>>()?,
        })
    }

    /// What the view shows.
    pub(super) fn part(&self) -> Part {
        let nodes = if self.roots.is_empty() {
            self.linked()
        } else {
            self.reached()
        };
        self.with_links(nodes)
    }

    /// Every entity, linked or not.
    pub(super) fn whole(&self) -> Part {
        self.with_links(self.graph.nodes().collect())
    }

    fn with_links(&self, nodes: BTreeSet<NodeId>) -> Part {
        let mut links: Vec<Link> = nodes
            .iter()
            .flat_map(|node| self.links_of(*node))
            .filter(|link| nodes.contains(&link.target))
            .collect();
        links.retain(|link| !self.is_reciprocal_repeat(link));
        Part { nodes, links }
    }

    /// Every entity that has a link which is shown.
    fn linked(&self) -> BTreeSet<NodeId> {
        let mut linked = BTreeSet::new();
        for node in self.graph.nodes().filter(|node| self.shows_node(*node)) {
            for link in self.links_of(node) {
                if self.shows_node(link.target) {
                    linked.extend([link.source, link.target]);
                }
            }
        }
        linked
    }

    /// What can be reached from the roots.
    fn reached(&self) -> BTreeSet<NodeId> {
        let mut reached: BTreeMap<NodeId, u32> = self.roots.iter().map(|it| (*it, 0)).collect();
        let mut queue: VecDeque<NodeId> = self.roots.iter().copied().collect();
        while let Some(node) = queue.pop_front() {
            let steps = reached.get(&node).copied().unwrap_or_default() + 1;
            if steps > self.view.selection.depth {
                continue;
            }
            for next in self.neighbors(node) {
                if self.shows_node(next) && !reached.contains_key(&next) {
                    reached.insert(next, steps);
                    queue.push_back(next);
                }
            }
        }
        reached.into_keys().collect()
    }

    /// Where one step from `node` leads.
    fn neighbors(&self, node: NodeId) -> Vec<NodeId> {
        let follow = self.view.selection.follow;
        let mut neighbors = Vec::new();
        if follow != Follow::In {
            neighbors.extend(self.links_of(node).into_iter().map(|link| link.target));
        }
        if follow != Follow::Out {
            neighbors.extend(self.links_to(node));
        }
        neighbors
    }

    /// Links that begin at `node`, each once, in the order of name and end.
    fn links_of(&self, node: NodeId) -> Vec<Link> {
        if self.relation(node).is_some() {
            return Vec::new();
        }
        let mut links: BTreeMap<(LinkName, NodeId), Link> = BTreeMap::new();
        for fact in self.graph.edges_out(node).filter(|fact| self.shows(fact)) {
            if self.relation(fact.target).is_none() {
                let name = LinkName::Slot(fact.slot);
                let link = links.entry((name, fact.target)).or_insert_with(|| Link {
                    source: node,
                    target: fact.target,
                    name,
                    facts: Vec::new(),
                });
                link.facts.push(fact);
            }
        }
        for fact in self.graph.edges_in(node).filter(|fact| self.shows(fact)) {
            let Some((place, relation)) = self.relation(fact.source) else {
                continue;
            };
            if fact.slot != relation.from {
                continue;
            }
            let name = LinkName::Entity(fact.source, place);
            for end in self.values(fact.source, relation.to) {
                links.entry((name, end.target)).or_insert_with(|| Link {
                    source: node,
                    target: end.target,
                    name,
                    facts: vec![fact, end],
                });
            }
        }
        links.into_values().collect()
    }

    /// Where the links begin that end at `node`.
    fn links_to(&self, node: NodeId) -> Vec<NodeId> {
        let mut sources = Vec::new();
        for fact in self.graph.edges_in(node).filter(|fact| self.shows(fact)) {
            match self.relation(fact.source) {
                None => sources.push(fact.source),
                Some((_, relation)) if fact.slot == relation.to => {
                    let begins = self.values(fact.source, relation.from);
                    sources.extend(begins.map(|begin| begin.target));
                }
                Some(_) => {}
            }
        }
        sources
    }

    fn values(&self, node: NodeId, slot: SlotId) -> impl Iterator<Item = Edge> {
        self.graph
            .edges_out(node)
            .filter(move |edge| edge.slot == slot && self.is_stated(edge))
    }

    /// The relation that `node` is drawn as, if it is drawn as an edge.
    fn relation(&self, node: NodeId) -> Option<(usize, &'g Relation)> {
        let class = self.graph.class(node);
        let schema = self.graph.schema();
        let mut relations = self.view.relations.iter().enumerate();
        let found = relations.find(|(_, it)| schema.is_subclass(class, it.class))?;
        let has = |slot| self.values(node, slot).next().is_some();
        (has(found.1.from) && has(found.1.to) && !self.roots.contains(&node)).then_some(found)
    }

    pub(super) fn shows_node(&self, node: NodeId) -> bool {
        self.roots.contains(&node)
            || (self.relation(node).is_none()
                && shows_class(self.graph.schema(), self.view, self.graph.class(node)))
    }

    fn shows(&self, fact: &Edge) -> bool {
        self.shows_slot(fact.slot) && self.is_stated(fact)
    }

    /// Whether facts of `slot` are shown; those of an entity that is drawn as an edge always are.
    fn shows_slot(&self, slot: SlotId) -> bool {
        let mut relations = self.view.relations.iter();
        shows_slot(self.graph.schema(), self.view, slot)
            || relations.any(|it| it.from == slot || it.to == slot)
    }

    /// Whether one of the view's articles states the fact.
    fn is_stated(&self, fact: &Edge) -> bool {
        let passages = &self.graph.provenance(fact.provenance).passages;
        self.articles.is_empty()
            || passages
                .iter()
                .filter_map(|passage| passage.article)
                .any(|article| self.articles.contains(&article))
    }

    /// Whether the same symmetric fact is shown already, the other way round.
    fn is_reciprocal_repeat(&self, link: &Link) -> bool {
        let LinkName::Slot(slot) = link.name else {
            return false;
        };
        self.graph.schema().slot(slot).is_symmetric
            && link.source > link.target
            && self
                .links_of(link.target)
                .iter()
                .any(|back| back.target == link.source && back.name == link.name)
    }
}

/// Whether the view asks for facts of `slot`.
pub(super) fn shows_slot(schema: &Schema, view: &View, slot: SlotId) -> bool {
    let is_in = |list: &[SlotId]| list.iter().any(|it| schema.is_subslot(slot, *it));
    let selection = &view.selection;
    (selection.slots.is_empty() || is_in(&selection.slots)) && !is_in(&selection.except_slots)
}

/// Whether the view asks for entities of `class`.
pub(super) fn shows_class(schema: &Schema, view: &View, class: ClassId) -> bool {
    let is_in = |list: &[ClassId]| list.iter().any(|it| schema.is_subclass(class, *it));
    let selection = &view.selection;
    (selection.classes.is_empty() || is_in(&selection.classes)) && !is_in(&selection.except_classes)
}
