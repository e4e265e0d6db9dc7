//! JSON-LD that people can read: one object an entity, the names of the schema as keys.
//!
//! The document carries its context, and quantities stand inside the entities that they belong to. It
//! is made as a whole in memory, as JSON is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use oxrdf::{GraphName, GraphNameRef, Literal, NamedNode, NamedOrBlankNode, Term, TripleRef};
use serde_json::{Map, Value, json};

use super::context::context;
use super::{ProvenanceProfile, TripleSink, write_triples};
use crate::model::KnowledgeGraph;
use crate::vocab::{rdf, schema, xsd};

/// Writes the graph as [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/).
pub(super) fn write<W: Write>(
    graph: &KnowledgeGraph,
    profile: ProvenanceProfile,
    mut writer: W,
) -> io::Result<W> {
    let mut document = Document::default();
    write_triples(graph, profile, &mut document)?;
    let mut context = context(graph);
    if let Value::Object(terms) = &mut context {
        document.add_prefixes(graph, terms);
    }
    let compactor = Compactor::new(&context);
    let mut objects = Vec::new();
    for (name, blocks) in &document.graphs {
        let of_graph = blocks.objects(&compactor);
        match name {
            GraphName::NamedNode(node) => objects.push(json!({
                "id": compactor.iri(node.as_str()),
                "@graph": of_graph,
            })),
            _ => objects.extend(of_graph),
        }
    }
    let text = json!({ "@context": context, "@graph": objects });
    serde_json::to_writer_pretty(&mut writer, &text)?;
    writer.write_all(b"\n")?;
    Ok(writer)
}

/// All triples, by graph and subject, in the order in which they came.
#[derive(Default)]
struct Document {
    graphs: Vec<(GraphName, Blocks)>,
}

#[derive(Default)]
struct Blocks {
    subjects: Vec<String>,
    facts: BTreeMap<String, Vec<(NamedNode, Term)>>,
}

impl Document {
    /// Adds the prefixes of the classes and properties that the context has no word for.
    fn add_prefixes(&self, graph: &KnowledgeGraph, context: &mut Map<String, Value>) {
        let facts = self
            .graphs
            .iter()
            .flat_map(|(_, blocks)| blocks.facts.values().flatten());
        let mut prefixes = BTreeMap::new();
        for (predicate, object) in facts {
            let iri = match object {
                Term::NamedNode(class) if *predicate == rdf::TYPE => class.as_str(),
                _ => predicate.as_str(),
            };
            if let Some((prefix, _)) = graph.project().prefixes.shorten(iri) {
                let namespace = graph.project().prefixes.namespace(prefix);
                prefixes.extend(namespace.map(|namespace| (prefix, namespace)));
            }
        }
        for (prefix, namespace) in prefixes {
            if namespace.ends_with(['/', '#']) && !context.contains_key(prefix) {
                context.insert(prefix.to_owned(), json!(namespace));
            }
        }
    }
}

impl TripleSink for Document {
    fn section(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.graphs.push((name.into_owned(), Blocks::default()));
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if self.graphs.is_empty() {
            self.graphs
                .push((GraphName::DefaultGraph, Blocks::default()));
        }
        let refused =
            |what: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, what.to_owned()));
        let NamedOrBlankNode::NamedNode(subject) = triple.subject.into_owned() else {
            return refused("our JSON-LD has no blank nodes");
        };
        let object = match triple.object.into_owned() {
            Term::Triple(_) => return refused("JSON-LD has no triple terms; Turtle has"),
            Term::BlankNode(_) => return refused("our JSON-LD has no blank nodes"),
            object => object,
        };
        let Some((_, blocks)) = self.graphs.last_mut() else {
            return Ok(());
        };
        let subject = subject.into_string();
        let facts = blocks.facts.entry(subject.clone()).or_default();
        if facts.is_empty() {
            blocks.subjects.push(subject);
        }
        facts.push((triple.predicate.into_owned(), object));
        Ok(())
    }
}

impl Blocks {
    /// One object a subject; a quantity stands where it is referred to.
    fn objects(&self, compactor: &Compactor<'_>) -> Vec<Value> {
        let mut inside = BTreeSet::new();
        let mut objects = Vec::new();
        for subject in self.subjects.iter().filter(|it| !self.is_quantity(it)) {
            objects.push(compactor.object(subject, self, &mut inside));
        }
        // A quantity that nothing here refers to stands by itself.
        for subject in self.subjects.iter().filter(|it| self.is_quantity(it)) {
            if !inside.contains(subject) {
                objects.push(compactor.object(subject, self, &mut BTreeSet::new()));
            }
        }
        objects
    }

    fn is_quantity(&self, subject: &str) -> bool {
        self.facts.get(subject).is_some_and(|facts| {
            facts.iter().any(|(predicate, object)| {
                *predicate == rdf::TYPE
                    && matches!(object, Term::NamedNode(class) if *class == schema::QUANTITATIVE_VALUE)
            })
        })
    }
}

/// A term of a context, as far as writing needs it.
struct Definition<'c> {
    term: &'c str,
    /// What values are taken for: `@id`, `@vocab`, a datatype, or nothing.
    coercion: Option<String>,
    is_language_map: bool,
    is_set: bool,
    /// The context of what stands below, if it has one.
    scoped: Option<&'c Map<String, Value>>,
}

/// Gives IRIs and values the names that a context has for them.
struct Compactor<'c> {
    prefixes: Vec<(&'c str, &'c str)>,
    by_iri: BTreeMap<String, Vec<Definition<'c>>>,
}

impl<'c> Compactor<'c> {
    fn new(context: &'c Value) -> Self {
        let mut prefixes: Vec<(&str, &str)> = Vec::new();
        let mut terms: Vec<(&'c String, &'c Value)> = Vec::new();
        for (term, definition) in context.as_object().into_iter().flatten() {
            match definition.as_str() {
                Some(iri) if iri.ends_with(['/', '#']) => prefixes.push((term, iri)),
                _ if !term.starts_with('@') => terms.push((term, definition)),
                _ => {}
            }
        }
        prefixes.sort_by_key(|(_, namespace)| std::cmp::Reverse(namespace.len()));
        Self {
            by_iri: by_iri(&prefixes, terms.into_iter()),
            prefixes,
        }
    }

    /// The same below a term that has a context of its own.
    fn scoped(&self, scope: &'c Map<String, Value>) -> Self {
        Self {
            prefixes: self.prefixes.clone(),
            by_iri: by_iri(&self.prefixes, scope.iter()),
        }
    }

    /// An IRI as a CURIE, where the context has a prefix for it.
    fn iri(&self, iri: &str) -> String {
        let short = self.prefixes.iter().find_map(|(prefix, namespace)| {
            let local = iri.strip_prefix(namespace)?;
            (!local.starts_with("//")).then(|| format!("{prefix}:{local}"))
        });
        short.unwrap_or_else(|| iri.to_owned())
    }

    fn definitions(&self, iri: &str) -> &[Definition<'c>] {
        self.by_iri.get(iri).map_or(&[], Vec::as_slice)
    }

    /// The term that means just this IRI, if there is one, else the CURIE.
    fn word(&self, iri: &str) -> String {
        let plain = self.definitions(iri).iter().find(|it| {
            it.coercion.is_none() && !it.is_language_map && it.scoped.is_none() && !it.is_set
        });
        plain.map_or_else(|| self.iri(iri), |it| it.term.to_owned())
    }

    fn object(&self, subject: &str, blocks: &Blocks, inside: &mut BTreeSet<String>) -> Value {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(self.iri(subject)));
        for (predicate, value) in blocks.facts.get(subject).into_iter().flatten() {
            if *predicate == rdf::TYPE {
                if let Term::NamedNode(class) = value {
                    add(&mut object, "type", json!(self.word(class.as_str())), false);
                }
                continue;
            }
            self.put(&mut object, predicate.as_str(), value, blocks, inside);
        }
        Value::Object(object)
    }

    /// Adds one value under the term that fits it best.
    fn put(
        &self,
        object: &mut Map<String, Value>,
        predicate: &str,
        value: &Term,
        blocks: &Blocks,
        inside: &mut BTreeSet<String>,
    ) {
        let definitions = self.definitions(predicate);
        let untyped = definitions
            .iter()
            .find(|it| it.coercion.is_none() && !it.is_language_map);
        match value {
            Term::NamedNode(node) => {
                let iri = node.as_str();
                let is_reference =
                    |it: &&Definition<'_>| matches!(it.coercion.as_deref(), Some("@id" | "@vocab"));
                let nests = blocks.is_quantity(iri);
                // Of terms that fit alike the first counts: the last of the reversed.
                let candidates = definitions.iter().rev().filter(is_reference);
                let best = candidates.max_by_key(|it| {
                    (
                        it.coercion.as_deref() == Some("@id"),
                        nests == it.scoped.is_some(),
                    )
                });
                match (best, untyped) {
                    (Some(it), _) => {
                        let written = match it.scoped {
                            Some(scope) if nests => {
                                inside.insert(iri.to_owned());
                                self.scoped(scope).object(iri, blocks, inside)
                            }
                            Some(scope) => json!(self.scoped(scope).word(iri)),
                            None => json!(self.iri(iri)),
                        };
                        add(object, it.term, written, it.is_set);
                    }
                    (None, Some(it)) => {
                        add(object, it.term, json!({ "id": self.iri(iri) }), it.is_set);
                    }
                    (None, None) => {
                        add(
                            object,
                            &self.iri(predicate),
                            json!({ "id": self.iri(iri) }),
                            false,
                        );
                    }
                }
            }
            Term::Literal(literal) => {
                let language_map = definitions.iter().find(|it| it.is_language_map);
                if let (Some(language), Some(it)) = (literal.language(), language_map) {
                    let map = object.entry(it.term).or_insert_with(|| json!({}));
                    if let Value::Object(map) = map {
                        add(map, language, json!(literal.value()), it.is_set);
                    }
                    return;
                }
                let coerced = definitions
                    .iter()
                    .find(|it| it.coercion.as_deref() == Some(literal.datatype().as_str()));
                match (coerced, untyped) {
                    (Some(it), _) => add(
                        object,
                        it.term,
                        native(literal).unwrap_or_else(|| json!(literal.value())),
                        it.is_set,
                    ),
                    (None, Some(it)) => add(object, it.term, self.literal(literal), it.is_set),
                    (None, None) => add(object, &self.iri(predicate), self.literal(literal), false),
                }
            }
            // Refused when they came.
            Term::BlankNode(_) | Term::Triple(_) => {}
        }
    }

    /// A literal that says by itself what it is.
    fn literal(&self, literal: &Literal) -> Value {
        if let Some(value) = native(literal) {
            return value;
        }
        if let Some(language) = literal.language() {
            return json!({ "@value": literal.value(), "@language": language });
        }
        if literal.datatype() == xsd::STRING {
            return json!(literal.value());
        }
        json!({ "@value": literal.value(), "@type": self.iri(literal.datatype().as_str()) })
    }
}

/// Booleans and whole numbers, where JSON says the same as RDF.
fn native(literal: &Literal) -> Option<Value> {
    let text = literal.value();
    if literal.datatype() == xsd::BOOLEAN {
        return text.parse::<bool>().ok().map(Value::from);
    }
    // Larger numbers than these do not survive every reader of JSON.
    const EXACT: i64 = 1 << 53;
    let number: i64 = (literal.datatype() == xsd::INTEGER).then(|| text.parse().ok())??;
    (number.abs() < EXACT && number.to_string() == text).then(|| Value::from(number))
}

/// Adds a value under a key, as an array where there are several or it is to be one.
fn add(object: &mut Map<String, Value>, key: &str, value: Value, is_set: bool) {
    match object.get_mut(key) {
        Some(Value::Array(values)) => values.push(value),
        Some(present) => {
            let first = present.take();
            *present = json!([first, value]);
        }
        None => {
            let value = if is_set { json!([value]) } else { value };
            object.insert(key.to_owned(), value);
        }
    }
}

/// Definitions by the IRI that they stand for, in the order of the context.
fn by_iri<'c>(
    prefixes: &[(&str, &str)],
    terms: impl Iterator<Item = (&'c String, &'c Value)>,
) -> BTreeMap<String, Vec<Definition<'c>>> {
    let expand = |curie: &str| {
        let expanded = curie.split_once(':').and_then(|(prefix, local)| {
            let (_, namespace) = prefixes.iter().find(|(known, _)| *known == prefix)?;
            Some(format!("{namespace}{local}"))
        });
        expanded.unwrap_or_else(|| curie.to_owned())
    };
    let mut found: BTreeMap<String, Vec<Definition<'c>>> = BTreeMap::new();
    for (term, definition) in terms {
        let Some(id) = definition
            .as_str()
            .or_else(|| definition.get("@id")?.as_str())
        else {
            continue;
        };
        if id.starts_with('@') {
            continue;
        }
        let containers: Vec<&str> = match definition.get("@container") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let coercion = definition.get("@type").and_then(Value::as_str);
        found.entry(expand(id)).or_default().push(Definition {
            term,
            coercion: coercion.map(|it| {
                if it.starts_with('@') {
                    it.to_owned()
                } else {
                    expand(it)
                }
            }),
            is_language_map: containers.contains(&"@language"),
            is_set: containers.contains(&"@set"),
            scoped: definition.get("@context").and_then(Value::as_object),
        });
    }
    found
}
