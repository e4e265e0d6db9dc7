//! What stands behind the triples of one graph: entities, facts, quantities, evidence.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Node, Triples};
use crate::model::{Decimal, Scale};
use crate::vocab::{dcterms, oa, prov, rdf, schema, tupu};

/// Predicates that a statement's lines are read from.
pub(super) const STATEMENT: [&str; 8] = [
    rdf::TYPE.as_str(),
    rdf::SUBJECT.as_str(),
    rdf::PREDICATE.as_str(),
    rdf::OBJECT.as_str(),
    tupu::STATUS.as_str(),
    prov::WAS_DERIVED_FROM.as_str(),
    tupu::WORDING.as_str(),
    tupu::INFERENCE_REASON.as_str(),
];

/// Predicates of the times of a quantity, with the word that is said before them.
pub(super) const TIMES: [(&str, &str); 4] = [
    (tupu::BY.as_str(), "by"),
    (tupu::AS_OF.as_str(), "as of"),
    (tupu::SINCE.as_str(), "since"),
    (tupu::PERIOD.as_str(), "in"),
];

/// A fact that is spoken of: `rdf:Statement`.
#[derive(Clone, Debug)]
pub(super) struct Statement<'a> {
    pub(super) node: &'a Node,
    pub(super) object: &'a Node,
    pub(super) status: BTreeSet<&'a Node>,
    pub(super) evidence: BTreeSet<&'a Node>,
    pub(super) wording: BTreeSet<&'a Node>,
    pub(super) inferred: BTreeSet<&'a Node>,
}

/// A stretch of a source document.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) source: &'a Node,
    pub(super) selector: &'a Node,
    pub(super) article: Option<&'a Node>,
    pub(super) start: &'a str,
    pub(super) end: &'a str,
}

/// One graph, with what is recognised in it.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) triples: &'a Triples,
    /// Statements by subject and predicate of what they state.
    statements: BTreeMap<&'a Node, BTreeMap<&'a str, Vec<Statement<'a>>>>,
    /// Subject and predicate of what each statement states.
    stated: BTreeMap<&'a Node, (&'a Node, &'a str)>,
    pub(super) passages: BTreeMap<&'a Node, Passage<'a>>,
    selectors: BTreeMap<&'a Node, &'a Node>,
    /// Quantities, with the entity and slot that they belong to.
    quantities: BTreeMap<&'a Node, (&'a Node, &'a str)>,
}

/// What a node is part of, where it is no entity of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role<'a> {
    Entity,
    /// A statement about a slot of the entity.
    Statement(&'a Node, &'a str),
    /// A value of a slot of the entity.
    Quantity(&'a Node, &'a str),
    /// A stretch of the source, or its selector.
    Passage(&'a Node),
}

impl<'a> View<'a> {
    pub(super) fn new(triples: &'a Triples) -> Self {
        let mut view = Self {
            triples,
            statements: BTreeMap::new(),
            stated: BTreeMap::new(),
            passages: BTreeMap::new(),
            selectors: BTreeMap::new(),
            quantities: BTreeMap::new(),
        };
        for node in triples.subjects() {
            view.read_statement(node);
            view.read_passage(node);
        }
        for (subject, predicate, object) in triples.iter() {
            view.read_quantity(subject, predicate, object);
        }
        view
    }

    fn has_type(&self, node: &Node, class: &str) -> bool {
        let mut types = self.triples.objects(node, rdf::TYPE.as_str());
        types.any(|it| it.as_iri() == Some(class))
    }

    fn read_statement(&mut self, node: &'a Node) {
        if !self.has_type(node, rdf::STATEMENT.as_str()) {
            return;
        }
        let only = |predicate: &str| self.triples.only(node, predicate);
        let (Some(subject), Some(Node::Iri(predicate)), Some(object)) = (
            only(rdf::SUBJECT.as_str()),
            only(rdf::PREDICATE.as_str()),
            only(rdf::OBJECT.as_str()),
        ) else {
            return;
        };
        if subject == node {
            return;
        }
        let all = |predicate: &str| self.triples.objects(node, predicate).collect();
        let statement = Statement {
            node,
            object,
            status: all(tupu::STATUS.as_str()),
            evidence: all(prov::WAS_DERIVED_FROM.as_str()),
            wording: all(tupu::WORDING.as_str()),
            inferred: all(tupu::INFERENCE_REASON.as_str()),
        };
        self.stated.insert(node, (subject, predicate));
        self.statements
            .entry(subject)
            .or_default()
            .entry(predicate)
            .or_default()
            .push(statement);
    }

    fn read_passage(&mut self, node: &'a Node) {
        if !self.has_type(node, oa::SPECIFIC_RESOURCE.as_str()) {
            return;
        }
        let only = |node: &Node, predicate: &str| self.triples.only(node, predicate);
        let (Some(source), Some(selector)) = (
            only(node, oa::HAS_SOURCE.as_str()),
            only(node, oa::HAS_SELECTOR.as_str()),
        ) else {
            return;
        };
        let (Some(Node::Literal { value: start, .. }), Some(Node::Literal { value: end, .. })) = (
            only(selector, oa::START.as_str()),
            only(selector, oa::END.as_str()),
        ) else {
            return;
        };
        if source == node || selector == node {
            return;
        }
        let passage = Passage {
            source,
            selector,
            article: only(node, dcterms::IS_PART_OF.as_str()),
            start,
            end,
        };
        self.selectors.insert(selector, node);
        self.passages.insert(node, passage);
    }

    fn read_quantity(&mut self, subject: &'a Node, predicate: &'a str, object: &'a Node) {
        if !self.has_type(object, schema::QUANTITATIVE_VALUE.as_str())
            || self.quantities.contains_key(object)
            || self.stated.contains_key(object)
        {
            return;
        }
        // One that is only planned hangs on its statement alone.
        let owner = match self.stated.get(subject) {
            Some((owner, slot)) if predicate == rdf::OBJECT.as_str() => (*owner, *slot),
            Some(_) => return,
            None => (subject, predicate),
        };
        if owner.0 != object {
            self.quantities.insert(object, owner);
        }
    }

    pub(super) fn role(&self, node: &Node) -> Role<'a> {
        if let Some((subject, predicate)) = self.stated.get(node) {
            Role::Statement(subject, predicate)
        } else if let Some((subject, predicate)) = self.quantities.get(node) {
            Role::Quantity(subject, predicate)
        } else if let Some((node, _)) = self.passages.get_key_value(node) {
            Role::Passage(node)
        } else if let Some(passage) = self.selectors.get(node) {
            Role::Passage(passage)
        } else {
            Role::Entity
        }
    }

    /// The entity that `node` belongs to; itself, where it is one.
    pub(super) fn owner<'n>(&self, node: &'n Node) -> &'n Node
    where
        'a: 'n,
    {
        let mut node = node;
        // A statement about a statement's quantity is as deep as it gets; a circle ends too.
        for _ in 0..4 {
            node = match self.role(node) {
                Role::Entity => return node,
                Role::Statement(subject, _) | Role::Quantity(subject, _) => subject,
                Role::Passage(passage) => self.passages[passage].source,
            };
        }
        node
    }

    pub(super) fn is_quantity(&self, node: &Node) -> bool {
        self.quantities.contains_key(node)
            || node.is_blank() && self.has_type(node, schema::QUANTITATIVE_VALUE.as_str())
    }

    pub(super) fn statements(&self, subject: &Node, predicate: &str) -> &[Statement<'a>] {
        self.statements
            .get(subject)
            .and_then(|slots| slots.get(predicate))
            .map_or(&[], Vec::as_slice)
    }

    /// Predicates of the facts of `subject`, stated or not.
    pub(super) fn slots(&self, subject: &'a Node) -> BTreeSet<&'a str> {
        let stated = self.statements.get(subject).into_iter();
        let stated = stated.flat_map(|slots| slots.keys().copied());
        self.triples.predicates(subject).chain(stated).collect()
    }

    /// Values of a slot, with and without statements.
    pub(super) fn values(&self, subject: &Node, predicate: &str) -> BTreeSet<&'a Node> {
        let stated = self.statements(subject, predicate);
        self.triples
            .objects(subject, predicate)
            .chain(stated.iter().map(|statement| statement.object))
            .collect()
    }

    /// A quantity in words: comparator, number, unit, times.
    pub(super) fn quantity(&self, node: &Node) -> String {
        let texts = |predicate: &str| -> String {
            let texts: Vec<&str> = self
                .triples
                .objects(node, predicate)
                .map(|object| match object {
                    Node::Literal { value, .. } => value.as_str(),
                    Node::Iri(iri) => last_part(iri),
                    Node::Blank(_) => "[]",
                })
                .collect();
            texts.join(" | ")
        };
        let mut words = texts(tupu::COMPARATOR.as_str()).replace('-', " ");
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&texts(schema::VALUE.as_str()));
        let unit = texts(schema::UNIT_TEXT.as_str());
        if unit.starts_with(|c: char| c.is_ascii_alphabetic()) {
            words.push(' ');
        }
        words.push_str(&unit);
        for (predicate, word) in TIMES {
            let time = texts(predicate);
            if !time.is_empty() {
                words.push_str(&format!(", {word} {time}"));
            }
        }
        words
    }

    /// Whether the absolute value and base unit of a quantity are what number and unit make them,
    /// so that they need no words of their own.
    pub(super) fn is_consistent(&self, node: &Node) -> bool {
        let text = |predicate: &str| match self.triples.only(node, predicate) {
            Some(Node::Literal { value, .. }) => Some(value.as_str()),
            _ => None,
        };
        let unit = text(schema::UNIT_TEXT.as_str()).unwrap_or("");
        let base = text(tupu::BASE_UNIT.as_str()).unwrap_or("");
        let Some(scale) = unit.strip_suffix(base).map(str::trim_end) else {
            return false;
        };
        let exponent = match (scale, Scale::named(scale)) {
            ("", _) => 0,
            (_, Some(scale)) => scale.exponent(),
            (_, None) => return false,
        };
        let number = text(schema::VALUE.as_str()).and_then(|it| Decimal::parse(it).ok());
        let absolute = text(tupu::ABSOLUTE_VALUE.as_str());
        match number.and_then(|number| number.scaled(exponent)) {
            Some(number) => absolute == Some(number.to_string().as_str()),
            None => absolute.is_none(),
        }
    }
}

/// The part of an IRI after the last `#`, `/` or `:`; the whole where there is none.
pub(super) fn last_part(iri: &str) -> &str {
    let end = iri.trim_end_matches(['#', '/', ':']);
    match end.rsplit(['#', '/', ':']).next() {
        Some(part) if !part.is_empty() => part,
        _ => iri,
    }
}
