//! What is known of one fact on both sides.

use std::collections::BTreeSet;

use super::compare::Comparison;
use super::graph::Node;
use super::half::Fact;
use super::half::{Half, statuses};
use super::view::Statement;
use super::{Change, ChangeKind, Shown};
use crate::model::Status;

impl<'a> Comparison<'a> {
    /// What is known of a fact on both sides: status, evidence, wording, inference.
    pub(super) fn compare_statements(&mut self, was: Fact<'a>, is: Fact<'a>) {
        let mut old = self.old.take_statements(was);
        let mut new = self.new.take_statements(is);
        let mut pairs = Vec::new();
        let mut pair = |same: &dyn Fn(&Statement<'a>, &Statement<'a>) -> bool| {
            let mut at = 0;
            while at < old.len() {
                match new.iter().position(|it| same(&old[at], it)) {
                    Some(other) => pairs.push((old.remove(at), new.remove(other))),
                    None => at += 1,
                }
            }
        };
        pair(&|a, b| a.node == b.node);
        pair(&|a, b| a.status == b.status);
        pair(&|_, _| true);
        let mut is_expected = false;
        for (old, new) in &pairs {
            self.compare_statement(is, old, new, was.object == is.object);
            is_expected |= old.status != new.status;
        }
        for statement in &old {
            let change = Change {
                details: self.old.details(&[statement]),
                ..self.about(is, ChangeKind::StatementRemoved)
            };
            self.push(is.subject, change);
        }
        for statement in &new {
            let change = Change {
                details: self.new.details(&[statement]),
                ..self.about(is, ChangeKind::StatementAdded)
            };
            self.push(is.subject, change);
        }
        is_expected |= !old.is_empty() || !new.is_empty();
        self.compare_plain(was, is, is_expected);
    }

    /// Whether the fact itself stands as a triple; where its status changed that goes without
    /// saying, if it changed as statuses do.
    fn compare_plain(&mut self, was: Fact<'a>, is: Fact<'a>, is_expected: bool) {
        let stood = self
            .old
            .view
            .triples
            .contains((was.subject, was.slot, was.object));
        let stands = self
            .new
            .view
            .triples
            .contains((is.subject, is.slot, is.object));
        let had = self.old.said(was.subject, was.slot, was.object);
        let has = self.new.said(is.subject, is.slot, is.object);
        if stood == stands || !(had || has) {
            return;
        }
        let factual = |half: &Half<'a>, fact: Fact<'a>| {
            let statements = half.view.statements(fact.subject, fact.slot);
            statements
                .iter()
                .filter(|statement| statement.object == fact.object)
                .any(|statement| {
                    Status::named(&statuses(statement)).is_some_and(Status::is_factual)
                })
        };
        if is_expected && factual(&self.old, was) == stood && factual(&self.new, is) == stands {
            return;
        }
        let kind = if stands {
            ChangeKind::Plain
        } else {
            ChangeKind::NotPlain
        };
        let change = self.about(is, kind);
        self.push(is.subject, change);
    }

    fn about(&self, fact: Fact<'a>, kind: ChangeKind) -> Change {
        Change {
            slot: Some(self.new.words.slot(fact.slot)),
            language: Some(fact.object.language().to_owned()).filter(|tag| !tag.is_empty()),
            value: Some(self.new.shown(fact.object)),
            ..Change::new(kind)
        }
    }

    fn compare_statement(
        &mut self,
        fact: Fact<'a>,
        old: &Statement<'a>,
        new: &Statement<'a>,
        is_same_fact: bool,
    ) {
        if old.status != new.status {
            let mut texts = (statuses(old), statuses(new));
            if texts.0 == texts.1 {
                let all = |half: &Half<'a>, nodes: &BTreeSet<&'a Node>| {
                    let texts: Vec<String> = nodes.iter().map(|it| half.exact(it).text).collect();
                    if texts.is_empty() {
                        "none".to_owned()
                    } else {
                        texts.join(", ")
                    }
                };
                texts = (all(&self.old, &old.status), all(&self.new, &new.status));
            }
            let change = Change {
                old: Some(Shown::words(texts.0)),
                new: Some(Shown::words(texts.1)),
                ..self.about(fact, ChangeKind::Status)
            };
            self.push(fact.subject, change);
        }
        self.compare_evidence(fact, old, new);
        self.compare_texts(fact, ChangeKind::Wording, &old.wording, &new.wording);
        self.compare_texts(fact, ChangeKind::Inference, &old.inferred, &new.inferred);
        if let (Node::Iri(was), Node::Iri(is)) = (old.node, new.node)
            && was != is
            && is_same_fact
            && old.status == new.status
        {
            let change = Change {
                old: Some(Shown::words(self.old.words.compact(was))),
                new: Some(Shown::words(self.new.words.compact(is))),
                ..self.about(fact, ChangeKind::StatementRenamed)
            };
            self.push(fact.subject, change);
        }
    }

    fn compare_evidence(&mut self, fact: Fact<'a>, old: &Statement<'a>, new: &Statement<'a>) {
        let gone: Vec<&Node> = old.evidence.difference(&new.evidence).copied().collect();
        let came: Vec<&Node> = new.evidence.difference(&old.evidence).copied().collect();
        if let ([was], [is]) = (&gone[..], &came[..]) {
            let stands_in = |half: &Half<'a>, node: &Node| {
                let passage = half.view.passages.get(node);
                passage.map(|passage| (passage.source, passage.article))
            };
            let is_near = stands_in(&self.old, was) == stands_in(&self.new, is);
            let (mut from, mut to) = if is_near {
                (self.old.shown(was), self.new.shown(is))
            } else {
                (self.old.place(was), self.new.place(is))
            };
            if from.text == to.text {
                (from, to) = (self.old.exact(was), self.new.exact(is));
            }
            let change = Change {
                old: Some(from),
                new: Some(to),
                ..self.about(fact, ChangeKind::EvidenceMoved)
            };
            self.push(fact.subject, change);
            return;
        }
        for node in gone {
            let change = Change {
                old: Some(self.old.place(node)),
                ..self.about(fact, ChangeKind::EvidenceRemoved)
            };
            self.push(fact.subject, change);
        }
        for node in came {
            let change = Change {
                new: Some(self.new.place(node)),
                ..self.about(fact, ChangeKind::EvidenceAdded)
            };
            self.push(fact.subject, change);
        }
    }

    /// Wordings, or reasons by language.
    fn compare_texts(
        &mut self,
        fact: Fact<'a>,
        kind: ChangeKind,
        old: &BTreeSet<&'a Node>,
        new: &BTreeSet<&'a Node>,
    ) {
        let gone: Vec<&Node> = old.difference(new).copied().collect();
        let came: Vec<&Node> = new.difference(old).copied().collect();
        let languages: BTreeSet<&str> = gone.iter().chain(&came).map(|it| it.language()).collect();
        for language in languages {
            let of = |nodes: &[&'a Node]| -> Vec<&'a Node> {
                let nodes = nodes.iter().filter(|node| node.language() == language);
                nodes.copied().collect()
            };
            let (gone, came) = (of(&gone), of(&came));
            let mut pairs: Vec<(Option<Shown>, Option<Shown>)> = Vec::new();
            if let ([was], [is]) = (&gone[..], &came[..]) {
                let (was, is) = self.two(was, is);
                pairs.push((Some(was), Some(is)));
            } else {
                pairs.extend(gone.iter().map(|it| (Some(self.old.exact(it)), None)));
                pairs.extend(came.iter().map(|it| (None, Some(self.new.exact(it)))));
            }
            for (old, new) in pairs {
                let mut change = Change {
                    old,
                    new,
                    ..self.about(fact, kind)
                };
                if kind == ChangeKind::Inference {
                    change.language = Some(language.to_owned()).filter(|tag| !tag.is_empty());
                }
                self.push(fact.subject, change);
            }
        }
    }
}
