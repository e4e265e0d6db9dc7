//! One side of one graph, and what of it is still to be said.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Node, Triple, Triples};
use super::lexicon::{Lexicon, printable};
use super::view::{Role, STATEMENT, Statement, TIMES, View, last_part};
use super::{Details, Shown};
use crate::model::{Date, Status};
use crate::vocab::{dcterms, oa, rdf, rdfs, schema, skos, tupu, xsd};

/// A fact that a change is about.
#[derive(Clone, Copy)]
pub(super) struct Fact<'a> {
    pub(super) subject: &'a Node,
    pub(super) slot: &'a str,
    pub(super) object: &'a Node,
}

/// One side of one graph.
pub(super) struct Half<'a> {
    pub(super) words: &'a Lexicon<'a>,
    pub(super) view: View<'a>,
    /// Triples that stand on this side only and are not said yet.
    pub(super) only: BTreeSet<Triple<'a>>,
    /// All that stand on this side only.
    pub(super) all_only: BTreeSet<Triple<'a>>,
}

impl<'a> Half<'a> {
    pub(super) fn new(words: &'a Lexicon<'a>, triples: &'a Triples) -> Self {
        Self {
            words,
            view: View::new(triples),
            only: BTreeSet::new(),
            all_only: BTreeSet::new(),
        }
    }

    /// Takes the triple as said; whether it stands on this side only.
    pub(super) fn said(&mut self, subject: &'a Node, predicate: &'a str, object: &'a Node) -> bool {
        self.only.remove(&(subject, predicate, object))
    }

    pub(super) fn shown(&self, node: &'a Node) -> Shown {
        self.words.shown(&self.view, node)
    }

    pub(super) fn exact(&self, node: &'a Node) -> Shown {
        self.words.exact(&self.view, node)
    }

    /// Takes what a quantity holds as said; the rest of it is said by itself.
    pub(super) fn quantity_said(&mut self, node: &'a Node, is_consistent: bool) {
        if !self.view.is_quantity(node) {
            return;
        }
        let mut core = vec![
            rdf::TYPE.as_str(),
            schema::VALUE.as_str(),
            schema::UNIT_TEXT.as_str(),
            tupu::COMPARATOR.as_str(),
        ];
        core.extend(TIMES.map(|(predicate, _)| predicate));
        if is_consistent {
            core.extend([tupu::ABSOLUTE_VALUE.as_str(), tupu::BASE_UNIT.as_str()]);
        }
        self.said_of(node, &core, schema::QUANTITATIVE_VALUE.as_str());
    }

    /// Takes what these predicates say of `node` as said, and of its types this class.
    fn said_of(&mut self, node: &'a Node, predicates: &[&'a str], class: &str) {
        for predicate in predicates {
            for object in self.view.triples.objects(node, predicate) {
                if *predicate != rdf::TYPE.as_str() || object.as_iri() == Some(class) {
                    self.only.remove(&(node, *predicate, object));
                }
            }
        }
    }

    /// The statements of a fact, which are said now.
    pub(super) fn take_statements(&mut self, fact: Fact<'a>) -> Vec<Statement<'a>> {
        let statements: Vec<Statement<'a>> = self
            .view
            .statements(fact.subject, fact.slot)
            .iter()
            .filter(|statement| statement.object == fact.object)
            .cloned()
            .collect();
        for statement in &statements {
            self.said_of(statement.node, &STATEMENT, rdf::STATEMENT.as_str());
        }
        statements
    }

    /// Takes what a stretch and its selector hold as said.
    pub(super) fn stretch_said(&mut self, node: &'a Node, selector: &'a Node) {
        let of_stretch = [
            rdf::TYPE.as_str(),
            oa::HAS_SOURCE.as_str(),
            oa::HAS_SELECTOR.as_str(),
            dcterms::IS_PART_OF.as_str(),
        ];
        let of_selector = [rdf::TYPE.as_str(), oa::START.as_str(), oa::END.as_str()];
        self.said_of(node, &of_stretch, oa::SPECIFIC_RESOURCE.as_str());
        self.said_of(selector, &of_selector, oa::TEXT_POSITION_SELECTOR.as_str());
    }

    /// Whether something that says this fact stands on this side only.
    pub(super) fn is_news(&self, subject: &'a Node, predicate: &'a str, object: &'a Node) -> bool {
        let statements = self.view.statements(subject, predicate);
        self.only.contains(&(subject, predicate, object))
            || statements.iter().any(|statement| {
                statement.object == object
                    && STATEMENT.iter().any(|known| {
                        let mut objects = self.view.triples.objects(statement.node, known);
                        objects.any(|it| self.only.contains(&(statement.node, *known, it)))
                    })
            })
    }

    pub(super) fn details(&self, statements: &[&Statement<'a>]) -> Details {
        let mut details = Details::default();
        for statement in statements {
            let status = statuses(statement);
            if status != Status::Asserted.name() {
                details.status.push(status);
            }
            for evidence in &statement.evidence {
                details.evidence.push(self.place(evidence));
            }
            for wording in &statement.wording {
                details.wording.push(self.shown(wording).text);
            }
            for reason in &statement.inferred {
                details.inferred.push(self.shown(reason));
            }
        }
        details
    }

    /// A stretch with what it stands in: the article, else the source.
    pub(super) fn place(&self, node: &'a Node) -> Shown {
        let mut shown = self.shown(node);
        if let Some(passage) = self.view.passages.get(node) {
            let stands_in = passage.article.unwrap_or(passage.source);
            let name = match stands_in {
                Node::Iri(iri) => last_part(iri).to_owned(),
                Node::Blank(_) | Node::Literal { .. } => self.shown(stands_in).text,
            };
            shown.text = format!("{name} {}", shown.text);
        }
        shown
    }

    pub(super) fn types(&self, entity: &Node) -> Vec<&'a Node> {
        self.view
            .triples
            .objects(entity, rdf::TYPE.as_str())
            .collect()
    }

    pub(super) fn exists(&self, entity: &Node) -> bool {
        self.view.triples.has_subject(entity)
    }

    /// Whether the node's labels repeat its names, and nothing else.
    fn repeats_names(&self, subject: &Node) -> bool {
        let texts = |predicate| self.view.triples.objects(subject, predicate);
        texts(rdfs::LABEL.as_str()).eq(texts(skos::PREF_LABEL.as_str()))
    }

    /// Whether `predicate` gives the first or last days of the dates of a slot, and nothing else.
    fn is_bound(&self, subject: &Node, predicate: &str) -> bool {
        let Some((slot, is_first)) = self.words.bound(predicate) else {
            return false;
        };
        let mut days = BTreeSet::new();
        let triples = self.view.triples;
        let slots = triples
            .predicates(subject)
            .filter(|it| *it == slot || last_part(it) == last_part(&slot));
        for date in slots.flat_map(|it| triples.objects(subject, it)) {
            let Node::Literal { value, .. } = date else {
                return false;
            };
            let Ok(date) = Date::parse(value) else {
                return false;
            };
            let day = if is_first {
                date.earliest()
            } else {
                date.latest()
            };
            days.insert(Node::Literal {
                value: day.to_string(),
                language: String::new(),
                datatype: xsd::DATE.as_str().to_owned(),
            });
        }
        triples.objects(subject, predicate).eq(days.iter())
    }

    fn follows(&self, subject: &Node, predicate: &str) -> bool {
        if predicate == rdfs::LABEL.as_str() {
            self.repeats_names(subject)
        } else {
            self.is_bound(subject, predicate)
        }
    }

    /// What hangs on a value that will be said is said with it. Blank nodes that hang on nothing
    /// are entities; of a circle the first one is.
    fn leave_out_blanks(&mut self) {
        let is_inner = |node: &Node, view: &View<'a>| {
            node.is_blank() && matches!(view.role(node), Role::Entity)
        };
        let mut inner: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
        let mut reached: BTreeSet<&Node> = BTreeSet::new();
        let mut ready: Vec<&Node> = Vec::new();
        let mut pointed: BTreeSet<&Node> = BTreeSet::new();
        for (subject, _, object) in &self.only {
            let inner_object = is_inner(object, &self.view).then_some(*object);
            if is_inner(subject, &self.view) {
                inner.entry(subject).or_default().extend(inner_object);
                pointed.extend(inner_object.filter(|object| object != subject));
            } else {
                ready.extend(inner_object);
            }
        }
        let mut roots: Vec<&Node> = inner
            .keys()
            .filter(|node| !pointed.contains(*node))
            .copied()
            .collect();
        roots.extend(inner.keys());
        let mut entities: BTreeSet<&Node> = BTreeSet::new();
        let mut roots = roots.into_iter();
        loop {
            while let Some(node) = ready.pop() {
                if reached.insert(node) {
                    ready.extend(inner.get(node).into_iter().flatten());
                }
            }
            let Some(root) = roots.find(|root| !reached.contains(root)) else {
                break;
            };
            entities.insert(root);
            ready.push(root);
        }
        self.only
            .retain(|(subject, _, _)| !inner.contains_key(subject) || entities.contains(subject));
    }
}

pub(super) fn statuses(statement: &Statement<'_>) -> String {
    let names: Vec<&str> = statement
        .status
        .iter()
        .map(|node| match node {
            Node::Iri(iri) => last_part(iri),
            Node::Literal { value, .. } => value,
            Node::Blank(_) => "[]",
        })
        .collect();
    if names.is_empty() {
        Status::Asserted.name().to_owned()
    } else {
        printable(&names.join(", "))
    }
}

/// Leaves out what follows from other triples on both sides, since saying these says it: labels
/// that repeat names, first and last days of dates, what blank nodes hold.
pub(super) fn leave_out_consequences<'a>(old: &mut Half<'a>, new: &mut Half<'a>) {
    let follows: Vec<Triple<'a>> = old
        .only
        .union(&new.only)
        .filter(|(subject, predicate, _)| {
            old.follows(subject, predicate) && new.follows(subject, predicate)
        })
        .copied()
        .collect();
    for triple in follows {
        old.only.remove(&triple);
        new.only.remove(&triple);
    }
    old.leave_out_blanks();
    new.leave_out_blanks();
}
