//! The comparison: triples that stand on one side only, said entity by entity.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{BlankLabels, Node, Side, Triple, Triples, graphs};
use super::half::{Fact, Half, leave_out_consequences};
use super::lexicon::Lexicon;
use super::view::{Role, last_part};
use super::{Change, ChangeKind, EntityDifference, Options, Shown, blank, links};
use crate::vocab::{dcat, prov, rdf, tupu};

/// What differs between the two sides, sorted by the names of the entities, the dataset first;
/// nothing if they hold the same triples.
pub fn compare(old: &Side, new: &Side, options: &Options) -> Vec<EntityDifference> {
    let [old_labels, new_labels] = blank::labels([&old.quads, &new.quads]);
    let (old_graphs, new_graphs) = (graphs(old, &old_labels), graphs(new, &new_labels));
    let old_words = Lexicon::new(old, new, old_graphs.values(), options);
    let new_words = Lexicon::new(new, old, new_graphs.values(), options);
    let names: BTreeSet<&Option<Node>> = old_graphs.keys().chain(new_graphs.keys()).collect();
    let empty = Triples::default();
    let mut found = Vec::new();
    for name in names {
        let comparison = Comparison::new(
            Half::new(&old_words, old_graphs.get(name).unwrap_or(&empty)),
            Half::new(&new_words, new_graphs.get(name).unwrap_or(&empty)),
        );
        let graph = name.as_ref().map(|node| match node {
            Node::Iri(iri) => new_words.compact(iri),
            Node::Blank(label) => format!("_:{label}"),
            Node::Literal { value, .. } => value.clone(),
        });
        found.extend(comparison.run(graph.as_ref()));
    }
    found.extend(blank_nodes(
        [old, new],
        [&old_labels, &new_labels],
        found.is_empty(),
    ));
    found.sort_by(|a, b| {
        let key = |it: &EntityDifference| {
            let (graph, label) = (it.graph.clone(), it.label.clone());
            (!it.is_dataset, label, it.short.clone(), graph)
        };
        key(a).cmp(&key(b))
    });
    found
}

/// Blank nodes that hold the same are one to the comparison; here they are counted.
fn blank_nodes(
    sides: [&Side; 2],
    labels: [&BlankLabels; 2],
    is_equal_so_far: bool,
) -> Option<EntityDifference> {
    let [old, new] = labels.map(blank::copies);
    let mut changes = Vec::new();
    for (label, was) in &old {
        if let Some(is) = new.get(label).filter(|is| *is != was) {
            let mut change = Change::new(ChangeKind::BlankNodes);
            change.value = Some(Shown::words(format!("that hold the same as _:{label}:")));
            change.old = Some(Shown::words(was.to_string()));
            change.new = Some(Shown::words(is.to_string()));
            changes.push(change);
        }
    }
    let mut copied = old.values().chain(new.values());
    if is_equal_so_far && changes.is_empty() && copied.any(|count| *count > 1) {
        let words = match links::are_alike(&sides[0].quads, &sides[1].quads) {
            Some(true) => None,
            Some(false) => Some("that hold the same are linked otherwise:"),
            None => Some("are so entangled that they may be linked otherwise:"),
        };
        changes.extend(words.map(|words| Change {
            value: Some(Shown::words(words)),
            old: Some(Shown::words("one way")),
            new: Some(Shown::words("another")),
            ..Change::new(ChangeKind::BlankNodes)
        }));
    }
    (!changes.is_empty()).then(|| EntityDifference {
        iri: None,
        short: String::new(),
        label: "blank nodes".to_owned(),
        class: String::new(),
        graph: None,
        is_dataset: false,
        changes,
    })
}

/// The comparison of one graph.
pub(super) struct Comparison<'a> {
    pub(super) old: Half<'a>,
    pub(super) new: Half<'a>,
    changes: BTreeMap<&'a Node, Vec<Change>>,
}

impl<'a> Comparison<'a> {
    fn new(mut old: Half<'a>, mut new: Half<'a>) -> Self {
        old.only = difference(old.view.triples, new.view.triples);
        new.only = difference(new.view.triples, old.view.triples);
        old.all_only.clone_from(&old.only);
        new.all_only.clone_from(&new.only);
        leave_out_consequences(&mut old, &mut new);
        Self {
            old,
            new,
            changes: BTreeMap::new(),
        }
    }

    fn run(mut self, graph: Option<&String>) -> Vec<EntityDifference> {
        for entity in self.entities() {
            self.compare_entity(entity);
        }
        self.say_stretches(ChangeKind::Removed);
        self.say_stretches(ChangeKind::Added);
        self.say_the_rest();
        let changes = std::mem::take(&mut self.changes);
        changes
            .into_iter()
            .map(|(entity, changes)| self.heading(entity, changes, graph))
            .collect()
    }

    fn heading(
        &self,
        entity: &'a Node,
        changes: Vec<Change>,
        graph: Option<&String>,
    ) -> EntityDifference {
        let half = if self.new.exists(entity) {
            &self.new
        } else {
            &self.old
        };
        let types = half.types(entity);
        let is_dataset = types
            .iter()
            .any(|node| node.as_iri() == Some(dcat::DATASET.as_str()));
        let shown = half.shown(entity);
        let short = match entity {
            Node::Iri(iri) => half.words.compact(iri),
            Node::Blank(label) => format!("_:{label}"),
            Node::Literal { .. } => shown.text.clone(),
        };
        EntityDifference {
            iri: shown.iri,
            short,
            label: match (entity, half.words.name(entity)) {
                (Node::Iri(iri), None) => last_part(iri).to_owned(),
                _ => shown.text,
            },
            class: half.words.class(&types),
            graph: graph.cloned(),
            is_dataset,
            changes,
        }
    }

    /// Entities of which something differs.
    fn entities(&self) -> BTreeSet<&'a Node> {
        let mut entities = BTreeSet::new();
        for half in [&self.old, &self.new] {
            for (subject, _, _) in &half.only {
                let owner = half.view.owner(subject);
                if !matches!(half.view.role(subject), Role::Passage(_)) {
                    entities.insert(owner);
                }
            }
        }
        entities
    }

    pub(super) fn push(&mut self, entity: &'a Node, change: Change) {
        self.changes.entry(entity).or_default().push(change);
    }

    fn compare_entity(&mut self, entity: &'a Node) {
        self.compare_class(entity);
        let slots: BTreeSet<&str> = self
            .old
            .view
            .slots(entity)
            .into_iter()
            .chain(self.new.view.slots(entity))
            .collect();
        let mut slots: Vec<&str> = slots
            .into_iter()
            .filter(|slot| *slot != rdf::TYPE.as_str())
            .collect();
        slots.sort_by_cached_key(|slot| self.new.words.slot_order(slot));
        for slot in slots {
            self.compare_slot(entity, slot);
        }
    }

    fn compare_class(&mut self, entity: &'a Node) {
        let (was, is) = (self.old.types(entity), self.new.types(entity));
        let mut differs = false;
        for class in &was {
            differs |= self.old.said(entity, rdf::TYPE.as_str(), class);
        }
        for class in &is {
            differs |= self.new.said(entity, rdf::TYPE.as_str(), class);
        }
        let (old, new) = (&self.old, &self.new);
        let change = match (old.exists(entity), new.exists(entity)) {
            (false, true) => Change {
                value: Some(Shown::words(new.words.class(&is))),
                ..Change::new(ChangeKind::EntityAdded)
            },
            (true, false) => Change {
                value: Some(Shown::words(old.words.class(&was))),
                ..Change::new(ChangeKind::EntityRemoved)
            },
            _ if differs => {
                let mut texts = (old.words.class(&was), new.words.class(&is));
                if texts.0 == texts.1 {
                    texts = (old.words.types(&was), new.words.types(&is));
                }
                if texts.0 == texts.1 {
                    let iris = |half: &Half<'a>, types: &[&'a Node]| {
                        let texts: Vec<_> = types.iter().map(|it| half.exact(it).text).collect();
                        texts.join(", ")
                    };
                    texts = (iris(old, &was), iris(new, &is));
                }
                Change {
                    slot: Some(new.words.slot(rdf::TYPE.as_str())),
                    old: Some(Shown::words(texts.0)).filter(|_| !was.is_empty()),
                    new: Some(Shown::words(texts.1)).filter(|_| !is.is_empty()),
                    ..Change::new(ChangeKind::Class)
                }
            }
            _ => return,
        };
        self.push(entity, change);
    }

    fn compare_slot(&mut self, entity: &'a Node, slot: &'a str) {
        let was = self.old.view.values(entity, slot);
        let is = self.new.view.values(entity, slot);
        for object in was.intersection(&is) {
            let fact = Fact {
                subject: entity,
                slot,
                object,
            };
            self.compare_quantity(fact);
            self.compare_statements(fact, fact);
        }
        let mut gone: Vec<&Node> = was.difference(&is).copied().collect();
        let mut came: Vec<&Node> = is.difference(&was).copied().collect();
        gone.retain(|object| self.old.is_news(entity, slot, object));
        came.retain(|object| self.new.is_news(entity, slot, object));
        let languages: BTreeSet<&str> = gone.iter().chain(&came).map(|it| it.language()).collect();
        for language in languages {
            let of = |nodes: &[&'a Node]| -> Vec<&'a Node> {
                let nodes = nodes.iter().filter(|node| node.language() == language);
                nodes.copied().collect()
            };
            let all = |nodes: &BTreeSet<&'a Node>| {
                nodes
                    .iter()
                    .filter(|node| node.language() == language)
                    .count()
            };
            let is_single = match self.new.words.is_multivalued(slot) {
                Some(is_multivalued) => !is_multivalued,
                None => all(&was) <= 1 && all(&is) <= 1,
            };
            self.compare_values(entity, slot, &of(&gone), &of(&came), is_single);
        }
    }

    /// The same quantity's node, holding something else.
    fn compare_quantity(&mut self, fact: Fact<'a>) {
        let (old, new) = (&self.old, &self.new);
        if !old.view.is_quantity(fact.object) || !new.view.is_quantity(fact.object) {
            return;
        }
        if old.view.quantity(fact.object) == new.view.quantity(fact.object) {
            return;
        }
        let change = Change {
            slot: Some(new.words.slot(fact.slot)),
            old: Some(old.shown(fact.object)),
            new: Some(new.shown(fact.object)),
            ..Change::new(ChangeKind::Value)
        };
        self.quantities_said(fact.object, fact.object);
        self.push(fact.subject, change);
    }

    fn quantities_said(&mut self, was: &'a Node, is: &'a Node) {
        let is_consistent = |half: &Half<'a>, node: &Node| {
            !half.view.is_quantity(node) || half.view.is_consistent(node)
        };
        let are = is_consistent(&self.old, was) && is_consistent(&self.new, is);
        self.old.quantity_said(was, are);
        self.new.quantity_said(is, are);
    }

    /// Values of one slot, and of one language, that stand on one side only.
    fn compare_values(
        &mut self,
        entity: &'a Node,
        slot: &'a str,
        gone: &[&'a Node],
        came: &[&'a Node],
        is_single: bool,
    ) {
        let language = gone.iter().chain(came).map(|node| node.language()).next();
        let language = language.filter(|tag| !tag.is_empty()).map(str::to_owned);
        let fact = |object| Fact {
            subject: entity,
            slot,
            object,
        };
        if let ([was], [is]) = (gone, came) {
            let are_quantities = self.old.view.is_quantity(was) && self.new.view.is_quantity(is);
            if is_single || are_quantities {
                let (old, new) = self.two(was, is);
                let change = Change {
                    slot: Some(self.new.words.slot(slot)),
                    language,
                    old: Some(old),
                    new: Some(new),
                    ..Change::new(ChangeKind::Value)
                };
                self.push(entity, change);
                self.quantities_said(was, is);
                self.compare_statements(fact(was), fact(is));
                self.old.said(entity, slot, was);
                self.new.said(entity, slot, is);
                return;
            }
        }
        let is_ambiguous = self.are_ambiguous(gone, came);
        let name = self.new.words.slot(slot);
        for (kind, objects) in [(ChangeKind::Removed, gone), (ChangeKind::Added, came)] {
            for object in objects {
                let half = if kind == ChangeKind::Removed {
                    &mut self.old
                } else {
                    &mut self.new
                };
                let statements = half.take_statements(fact(object));
                let change = Change {
                    slot: Some(name.clone()),
                    language: language.clone(),
                    value: Some(half.words.show(&half.view, object, is_ambiguous)),
                    details: half.details(&statements.iter().collect::<Vec<_>>()),
                    ..Change::new(kind)
                };
                let is_consistent = half.view.is_consistent(object);
                half.quantity_said(object, is_consistent);
                half.said(entity, slot, object);
                self.push(entity, change);
            }
        }
    }

    /// Whether two of the nodes would be said in the same words.
    fn are_ambiguous(&self, gone: &[&'a Node], came: &[&'a Node]) -> bool {
        let old = gone.iter().map(|node| self.old.shown(node).text);
        let new = came.iter().map(|node| self.new.shown(node).text);
        let texts: BTreeSet<String> = old.chain(new).collect();
        texts.len() < gone.len() + came.len()
    }

    /// Two nodes in words that tell them apart.
    pub(super) fn two(&self, was: &'a Node, is: &'a Node) -> (Shown, Shown) {
        let (old, new) = (self.old.shown(was), self.new.shown(is));
        if old.text == new.text {
            (self.old.exact(was), self.new.exact(is))
        } else {
            (old, new)
        }
    }

    /// Stretches that only one side has: they are said with the evidence that points to them there,
    /// else by themselves.
    fn say_stretches(&mut self, kind: ChangeKind) {
        let (half, other) = if kind == ChangeKind::Removed {
            (&mut self.old, self.new.view.triples)
        } else {
            (&mut self.new, self.old.view.triples)
        };
        let links = [prov::WAS_DERIVED_FROM.as_str(), tupu::OCCUPIES.as_str()];
        let linked: BTreeSet<&Node> = half
            .all_only
            .iter()
            .filter(|(_, predicate, _)| links.contains(predicate))
            .map(|(_, _, object)| *object)
            .collect();
        let stretches: Vec<_> = half
            .view
            .passages
            .iter()
            .map(|(node, passage)| (*node, passage.source, passage.selector))
            .filter(|(node, _, selector)| !other.has_subject(node) && !other.has_subject(selector))
            .collect();
        let mut changes = Vec::new();
        for (node, source, selector) in stretches {
            half.stretch_said(node, selector);
            if !linked.contains(node) {
                let change = Change {
                    slot: Some(half.words.slot(tupu::OCCUPIES.as_str())),
                    value: Some(half.place(node)),
                    ..Change::new(kind)
                };
                changes.push((source, change));
            }
        }
        for (source, change) in changes {
            self.push(source, change);
        }
    }

    /// Triples that no rule knows, as they stand.
    fn say_the_rest(&mut self) {
        let mut rest: BTreeMap<(&Node, &str), [Vec<&Node>; 2]> = BTreeMap::new();
        for (subject, predicate, object) in std::mem::take(&mut self.old.only) {
            rest.entry((subject, predicate)).or_default()[0].push(object);
        }
        for (subject, predicate, object) in std::mem::take(&mut self.new.only) {
            rest.entry((subject, predicate)).or_default()[1].push(object);
        }
        for ((subject, predicate), [gone, came]) in rest {
            let half = if self.new.exists(subject) {
                &self.new
            } else {
                &self.old
            };
            let owner = half.view.owner(subject);
            let part = match half.view.role(subject) {
                Role::Entity => None,
                Role::Statement(_, slot) => {
                    Some(format!("statement about {}", half.words.slot(slot).label))
                }
                Role::Quantity(_, slot) => Some(half.words.slot(slot).label),
                Role::Passage(node) => Some(format!("stretch {}", half.shown(node).text)),
            };
            let new = |kind| Change {
                part: part.clone(),
                slot: Some(half.words.slot(predicate)),
                ..Change::new(kind)
            };
            let mut changes = Vec::new();
            if let ([was], [is]) = (&gone[..], &came[..]) {
                let (was, is) = self.two(was, is);
                changes.push(Change {
                    old: Some(was),
                    new: Some(is),
                    ..new(ChangeKind::Value)
                });
            } else {
                let is_exact = self.are_ambiguous(&gone, &came);
                let removed = gone.iter().map(|it| Change {
                    value: Some(self.old.words.show(&self.old.view, it, is_exact)),
                    ..new(ChangeKind::Removed)
                });
                let added = came.iter().map(|it| Change {
                    value: Some(self.new.words.show(&self.new.view, it, is_exact)),
                    ..new(ChangeKind::Added)
                });
                changes.extend(removed.chain(added));
            }
            self.changes.entry(owner).or_default().extend(changes);
        }
    }
}

fn difference<'a>(one: &'a Triples, other: &Triples) -> BTreeSet<Triple<'a>> {
    one.iter()
        .filter(|triple| !other.contains(*triple))
        .collect()
}
