//! How nodes are called: names of entities, slots and classes, values in words.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::graph::{Node, Triples};
use super::view::{View, last_part};
use super::{Options, Shown, Side, SlotName};
use crate::prefix::PrefixMap;
use crate::schema::{ClassId, LangText, Schema, Slot};
use crate::vocab::{dcat, dcterms, rdf, rdfs, schema, skos, tupu};

const FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";

/// Properties that name things, the most telling first.
const NAMES: [&str; 5] = [
    skos::PREF_LABEL.as_str(),
    rdfs::LABEL.as_str(),
    dcterms::TITLE.as_str(),
    "https://schema.org/name",
    "http://xmlns.com/foaf/0.1/name",
];

/// Words for properties of well-known vocabularies, in the order in which they are said.
const WELL_KNOWN: [(&str, &str); 18] = [
    (rdf::TYPE.as_str(), "class"),
    (dcterms::TITLE.as_str(), "title"),
    (skos::PREF_LABEL.as_str(), "name"),
    (rdfs::LABEL.as_str(), "label"),
    (skos::ALT_LABEL.as_str(), "other name"),
    (dcterms::DESCRIPTION.as_str(), "description"),
    (dcterms::LICENSE.as_str(), "licence"),
    (dcterms::SOURCE.as_str(), "source"),
    (dcat::VERSION.as_str(), "version"),
    (schema::POSITION.as_str(), "position"),
    (dcterms::IS_PART_OF.as_str(), "part of"),
    (tupu::SHA256.as_str(), "SHA-256 of the text"),
    (tupu::CODE_POINTS.as_str(), "length of the text"),
    (tupu::OCCUPIES.as_str(), "stretch"),
    (schema::VALUE.as_str(), "value"),
    (schema::UNIT_TEXT.as_str(), "unit"),
    (tupu::ABSOLUTE_VALUE.as_str(), "absolute value"),
    (tupu::BASE_UNIT.as_str(), "base unit"),
];

/// Blank nodes in one value, before the rest is left to its label.
const MOST_NODES: usize = 200;

/// What one side calls things.
pub(super) struct Lexicon<'a> {
    schemas: Vec<&'a Schema>,
    /// Names of a node by language; under `""` those without.
    names: BTreeMap<&'a Node, BTreeMap<&'a str, &'a str>>,
    languages: Vec<String>,
    prefixes: Vec<&'a PrefixMap>,
}

impl<'a> Lexicon<'a> {
    /// What `side` calls things, whose triples `graphs` are; what it does not name goes by what
    /// the `other` side knows.
    pub(super) fn new(
        side: &'a Side,
        other: &'a Side,
        graphs: impl Iterator<Item = &'a Triples>,
        options: &Options,
    ) -> Self {
        let mut names: BTreeMap<&Node, BTreeMap<&str, &str>> = BTreeMap::new();
        for triples in graphs {
            for (node, predicate, object) in triples.iter() {
                if let Node::Literal {
                    value, language, ..
                } = object
                    && let Some(rank) = NAMES.iter().position(|name| *name == predicate)
                {
                    let known = names.entry(node).or_default();
                    let better = triples_with_better_name(triples, node, language, rank);
                    if !better {
                        known.entry(language).or_insert(value);
                    }
                }
            }
        }
        let languages = options
            .language
            .iter()
            .chain(&side.languages)
            .chain(&other.languages)
            .map(|tag| tag.to_ascii_lowercase())
            .collect();
        Self {
            schemas: [side, other]
                .into_iter()
                .filter_map(|side| side.schema.as_ref())
                .collect(),
            names,
            languages,
            prefixes: vec![&side.prefixes, &other.prefixes],
        }
    }

    fn pick<'t>(&self, texts: &'t LangText) -> Option<&'t str> {
        let lower = |tag: &String| tag.to_ascii_lowercase();
        self.languages
            .iter()
            .find_map(|tag| texts.iter().find(|(it, _)| lower(it) == *tag))
            .or_else(|| texts.iter().next())
            .map(|(_, text)| text.as_str())
    }

    /// The name of a node in the language that is spoken, else in the first that has one.
    pub(super) fn name(&self, node: &Node) -> Option<&'a str> {
        let names = self.names.get(node)?;
        self.languages
            .iter()
            .find_map(|tag| names.get(tag.as_str()))
            .or_else(|| names.values().next())
            .copied()
    }

    /// The IRI with a prefix, where there is one.
    pub(super) fn compact(&self, iri: &str) -> String {
        let short = self.prefixes.iter().find_map(|map| map.shorten(iri));
        match short {
            Some((prefix, local)) => format!("{prefix}:{local}"),
            None => iri.to_owned(),
        }
    }

    fn slot_of(&self, iri: &str) -> Option<&'a Slot> {
        let mut slots = self.schemas.iter().flat_map(|schema| &schema.slots);
        slots.find(|slot| slot.iri == iri)
    }

    /// Whether the schema says that the slot takes several values; `None` where it knows nothing.
    pub(super) fn is_multivalued(&self, iri: &str) -> Option<bool> {
        self.slot_of(iri).map(|slot| slot.is_multivalued)
    }

    /// Slots in the order in which they are said: well-known ones, the schema's, others.
    pub(super) fn slot_order(&self, iri: &str) -> (usize, String) {
        let known = WELL_KNOWN.iter().position(|(known, _)| *known == iri);
        let declared = self
            .schemas
            .first()
            .and_then(|schema| schema.slots.iter().position(|slot| slot.iri == iri));
        let place = match (known, declared) {
            (Some(place), _) => place,
            (None, Some(place)) => WELL_KNOWN.len() + place,
            (None, None) => usize::MAX,
        };
        (place, iri.to_owned())
    }

    /// The slot's name: the schema's, the file's, a well-known one, else the IRI's last part.
    pub(super) fn slot(&self, iri: &str) -> SlotName {
        let declared = self
            .slot_of(iri)
            .map(|slot| self.pick(&slot.label).unwrap_or(&slot.name));
        let label = declared
            .or_else(|| self.name(&Node::iri(iri)))
            .or_else(|| {
                let known = WELL_KNOWN.iter().find(|(known, _)| *known == iri);
                known.map(|(_, word)| *word)
            })
            .unwrap_or_else(|| last_part(iri));
        SlotName {
            iri: iri.to_owned(),
            label: printable(label),
        }
    }

    /// Slots whose first and last days `iri` may hold, and whether it is the first.
    pub(super) fn bound(&self, iri: &str) -> Option<(String, bool)> {
        let (stem, is_first) = match (iri.strip_suffix("Earliest"), iri.strip_suffix("Latest")) {
            (Some(stem), _) => (stem, true),
            (None, Some(stem)) => (stem, false),
            (None, None) => return None,
        };
        let name = last_part(stem);
        let declared = self.schemas.iter().flat_map(|schema| &schema.slots);
        let slot = declared
            .filter(|slot| crate::schema::lower_camel_case(&slot.name) == name)
            .map(|slot| slot.iri.clone())
            .next();
        Some((slot.unwrap_or_else(|| stem.to_owned()), is_first))
    }

    /// The class that has these types, by name; where the schema knows none, all of them.
    pub(super) fn class(&self, types: &[&Node]) -> String {
        let iris: Vec<&str> = types.iter().filter_map(|node| node.as_iri()).collect();
        if iris.len() == types.len() {
            for schema in &self.schemas {
                let mut classes = schema.class_ids();
                if let Some(id) = classes.find(|id| is_class_of(schema, *id, &iris)) {
                    let class = schema.class(id);
                    return printable(self.pick(&class.label).unwrap_or(&class.name));
                }
                if let [iri] = iris[..]
                    && let Some(it) = schema.enums.iter().find(|it| it.iri == iri)
                {
                    return printable(self.pick(&it.label).unwrap_or(&it.name));
                }
            }
        }
        self.types(types)
    }

    /// All types, by name.
    pub(super) fn types(&self, types: &[&Node]) -> String {
        let mut names: Vec<String> = types
            .iter()
            .map(|node| match node {
                Node::Iri(iri) => printable(self.class_name(iri)),
                Node::Blank(_) | Node::Literal { .. } => "[]".to_owned(),
            })
            .collect();
        names.sort();
        names.join(", ")
    }

    fn class_name<'t>(&self, iri: &'t str) -> &'t str
    where
        'a: 't,
    {
        let mut classes = self.schemas.iter().flat_map(|schema| &schema.classes);
        classes
            .find(|class| class.iri == iri)
            .map(|class| self.pick(&class.label).unwrap_or(&class.name))
            .or_else(|| self.name(&Node::iri(iri)))
            .unwrap_or_else(|| last_part(iri))
    }

    /// A node in words.
    pub(super) fn shown(&self, view: &View<'_>, node: &Node) -> Shown {
        self.show(view, node, false)
    }

    /// The same, with all that tells it from others of the same words.
    pub(super) fn exact(&self, view: &View<'_>, node: &Node) -> Shown {
        self.show(view, node, true)
    }

    /// One or the other.
    pub(super) fn show(&self, view: &View<'_>, node: &Node, is_exact: bool) -> Shown {
        let budget = RefCell::new(MOST_NODES);
        let text = self.text(view, node, is_exact, &mut Vec::new(), &budget);
        let (language, datatype) = match node {
            Node::Literal {
                language, datatype, ..
            } => (
                Some(language.clone()).filter(|tag| !tag.is_empty()),
                Some(datatype.clone()),
            ),
            Node::Iri(_) | Node::Blank(_) => (None, None),
        };
        Shown {
            text,
            iri: node.as_iri().map(str::to_owned),
            language,
            datatype,
        }
    }

    fn text<'n>(
        &self,
        view: &View<'n>,
        node: &'n Node,
        is_exact: bool,
        path: &mut Vec<&'n Node>,
        budget: &RefCell<usize>,
    ) -> String
    where
        'a: 'n,
    {
        let in_brackets = |text: String, more: &str| {
            if is_exact {
                format!("{text} ({more})")
            } else {
                text
            }
        };
        match node {
            Node::Literal {
                value,
                language,
                datatype,
            } => {
                let text = match (value.trim() == value && !value.is_empty(), is_exact) {
                    (true, false) => printable(value),
                    _ => format!("“{}”", printable(value)),
                };
                let kind = if language.is_empty() {
                    self.compact(datatype)
                } else {
                    language.clone()
                };
                in_brackets(text, &kind)
            }
            _ if view.is_quantity(node) => {
                let more = node
                    .as_iri()
                    .map_or("[]".to_owned(), |iri| self.compact(iri));
                in_brackets(printable(&view.quantity(node)), &more)
            }
            Node::Iri(iri) => match (self.name(node), view.passages.get(node)) {
                (Some(name), _) => in_brackets(printable(name), &self.compact(iri)),
                (None, Some(passage)) => in_brackets(
                    format!("char={},{}", passage.start, passage.end),
                    &self.compact(iri),
                ),
                (None, None) => self.compact(iri),
            },
            Node::Blank(label) => {
                let Some(left) = budget.borrow().checked_sub(1) else {
                    return format!("_:{label}");
                };
                *budget.borrow_mut() = left;
                if path.contains(&node) {
                    return "…".to_owned();
                }
                if let Some(passage) = view.passages.get(node) {
                    return in_brackets(format!("char={},{}", passage.start, passage.end), label);
                }
                path.push(node);
                let text = self.content(view, node, is_exact, path, budget);
                path.pop();
                in_brackets(text, &format!("_:{label}"))
            }
        }
    }

    /// What a blank node holds: `(a b)` for a list, else `[slot value; slot value]`.
    fn content<'n>(
        &self,
        view: &View<'n>,
        node: &'n Node,
        is_exact: bool,
        path: &mut Vec<&'n Node>,
        budget: &RefCell<usize>,
    ) -> String
    where
        'a: 'n,
    {
        let triples = view.triples;
        if let Some(items) = list(triples, node) {
            let items: Vec<String> = items
                .into_iter()
                .map(|item| self.text(view, item, is_exact, path, budget))
                .collect();
            return format!("({})", items.join(" "));
        }
        let mut parts = Vec::new();
        for predicate in triples.predicates(node) {
            let values: Vec<String> = triples
                .objects(node, predicate)
                .map(|object| match object {
                    Node::Iri(iri) if predicate == rdf::TYPE.as_str() => {
                        printable(self.class_name(iri))
                    }
                    object => self.text(view, object, is_exact, path, budget),
                })
                .collect();
            parts.push(format!(
                "{} {}",
                self.slot(predicate).label,
                values.join(", ")
            ));
        }
        format!("[{}]", parts.join("; "))
    }
}

/// Whether a property that tells more than that of this rank names the node in this language.
fn triples_with_better_name(triples: &Triples, node: &Node, language: &str, rank: usize) -> bool {
    NAMES[..rank].iter().any(|name| {
        let mut names = triples.objects(node, name);
        names.any(|it| matches!(it, Node::Literal { .. }) && it.language() == language)
    })
}

/// Whether an entity of the class has just these types.
fn is_class_of(schema: &Schema, class: ClassId, types: &[&str]) -> bool {
    let mut above: Vec<&str> = schema
        .ancestors(class)
        .into_iter()
        .map(|id| schema.class(id).iri.as_str())
        .collect();
    above.sort_unstable();
    above.dedup();
    above.len() == types.len() && types.iter().all(|iri| above.contains(iri))
}

/// The items of a well-formed list.
fn list<'t>(triples: &'t Triples, node: &'t Node) -> Option<Vec<&'t Node>> {
    let mut items = Vec::new();
    let mut at = node;
    let mut seen = std::collections::BTreeSet::new();
    while at.as_iri() != Some(NIL) {
        if !at.is_blank() || !seen.insert(at) || triples.predicates(at).count() != 2 {
            return None;
        }
        items.push(triples.only(at, FIRST)?);
        at = triples.only(at, REST)?;
    }
    Some(items)
}

/// The text on one line, without what could command a terminal.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if c.is_control() => shown.push('\u{FFFD}'),
            c => shown.push(c),
        }
    }
    shown
}
