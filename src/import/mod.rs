//! RDF and tables of any origin → a graph to ask.
//!
//! Subjects and the IRIs that they lead to become entities, `rdf:type` their classes, labels their
//! names, other properties slots. What our own export says of facts – evidence, status, quantities –
//! is turned back into what it was, so that an exported file answers as its project does.

mod name;
mod role;
mod term;
mod triples;
mod value;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use oxrdf::{GraphNameRef, LiteralRef, NamedNodeRef, TripleRef};
use oxrdfio::RdfFormat;

use self::name::{Label, Labels, NameProperties, language_of, languages};
use self::role::{Role, Roles, Stretch};
use self::term::Terms;
use self::triples::{Id, TripleCollector, Triples};
use self::value::{date, value};
use crate::model::{
    Date, GraphBuilder, KnowledgeGraph, NameKind, NodeId, Passage, Project, ProvenanceId,
    SourceDocument, Status, Value,
};
use crate::prefix::PrefixMap;
use crate::rdf::TripleSink;
use crate::schema::LangText;
use crate::stream::{self, StreamError};
use crate::table::{Counts, Mapping, Report, TableError, TableSource};
use crate::vocab::{dcat, dcterms, prov, rdf, schema, tupu};

/// RDF that does not become a graph.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// More terms of a kind than the graph can number.
    #[error("it has more {0} than a graph can hold")]
    TooMany(&'static str),
}

/// Reads RDF and tables as one graph. Named graphs are one with the rest; equal input gives an equal graph.
///
/// An entity's slug is what follows the dataset's IRI, or the namespace that most entities share;
/// others go by CURIE, else by IRI, blank nodes by `_:` and a number.
///
/// ```
/// use tupu::import::GraphReader;
/// use tupu::rdf::RdfFormat;
///
/// let turtle = "
///     @prefix ex: <https://kg.example/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
///     ex:jia a foaf:Person ; foaf:name '甲'@zh ; foaf:knows ex:yi .
///     ex:yi a foaf:Person ; foaf:name '乙'@zh .";
/// let mut reader = GraphReader::new();
/// reader.read(turtle.as_bytes(), RdfFormat::Turtle)?;
/// let graph = reader.finish()?;
/// let jia = graph.node("jia").unwrap();
/// assert_eq!(graph.label(jia, "zh"), "甲");
/// assert_eq!(graph.iri(jia), "https://kg.example/jia");
/// assert_eq!(graph.edge_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct GraphReader {
    triples: TripleCollector,
    prefixes: PrefixMap,
}

impl GraphReader {
    /// A reader that has read nothing.
    pub fn new() -> Self {
        Self {
            triples: TripleCollector::default(),
            prefixes: PrefixMap::well_known(),
        }
    }

    /// Adds what one file holds, whose text is not held. A prefix keeps what it meant in the last file that
    /// declares it.
    ///
    /// # Errors
    ///
    /// When reading fails, what is read is not of `format`, or there are too many terms.
    pub fn read<R: Read>(&mut self, reader: R, format: RdfFormat) -> Result<(), StreamError> {
        self.triples.begin();
        stream::read(reader, format, None, self)
    }

    /// Adds the triples that tables say, edges without what else their rows say. Faulty rows go to
    /// `report` and are left out.
    ///
    /// # Errors
    ///
    /// When a table cannot be read, has no usable header, or `report` stops.
    pub fn read_tables(
        &mut self,
        tables: &[&dyn TableSource],
        mapping: &Mapping,
        report: &mut dyn Report,
    ) -> Result<Counts, TableError> {
        self.prefixes.merge(&mapping.prefixes);
        self.triples.read_tables(tables, mapping, report)
    }

    /// The graph.
    ///
    /// # Errors
    ///
    /// When it has more than 65,535 classes or properties.
    pub fn finish(self) -> Result<KnowledgeGraph, ImportError> {
        graph(self.triples.finish(), &self.prefixes)
    }
}

impl TripleSink for GraphReader {
    fn section(&mut self, title: &str) -> io::Result<()> {
        self.triples.section(title)
    }

    /// A prefix that we do not write is not needed for showing either.
    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        drop(self.prefixes.insert(prefix, namespace));
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        self.triples.graph(name)
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        self.triples.triple(triple)
    }
}

fn graph(read: Triples, prefixes: &PrefixMap) -> Result<KnowledgeGraph, ImportError> {
    let triples = &read;
    let roles = Roles::of(triples);
    let entities = entities(triples, &roles);
    let names = NameProperties::of(triples);
    let project = Project {
        languages: languages(triples, &names, &entities),
        ..project(triples, &roles, &entities, prefixes)
    };
    let terms = Terms::of(triples, &roles, &project.prefixes)?;
    let mut builder = GraphBuilder::new(project.clone(), terms.schema.clone());
    let mut types = Vec::new();
    let mut nodes: Vec<NodeId> = triples.ids().map(|_| NO_NODE).collect();
    for id in &entities {
        let identifier = triples.identifier(*id);
        let slug = slug(&project, &identifier);
        let class = terms.class(triples, *id, &mut types);
        let position = position(triples, &roles, *id);
        nodes[id.index()] = builder.add_node(&slug, class, position);
    }
    let mut import = Import {
        triples,
        roles: &roles,
        terms: &terms,
        names: &names,
        nodes,
        special: special_predicates(triples, &terms, &names),
        statements: statements(triples, &roles),
        no_provenance: builder.add_provenance(Vec::new(), Vec::new(), None),
        builder,
    };
    let documents = [tupu::CODE_POINTS, tupu::OCCUPIES];
    let has_documents = documents.iter().any(|it| triples.id(*it).is_some());
    let mut labels = Labels::new(triples, &names);
    for id in entities {
        if let Some(node) = import.node(id) {
            for label in labels.of(id) {
                import.add_name(id, node, label);
            }
            import.add_facts(id, node);
            if has_documents {
                import.add_document(id, node);
            }
        }
    }
    // What was read goes before the graph takes its room.
    let builder = import.builder;
    drop((read, roles, terms, names));
    Ok(builder.finish())
}

/// What is an entity: what something is said of, and what is no value that facts lead to.
fn entities(triples: &Triples, roles: &Roles) -> Vec<Id> {
    let mut is_found: Vec<bool> = triples.ids().map(|_| false).collect();
    let statements = roles.statements.iter();
    let stated = statements.filter_map(|it| triples.only(*it, rdf::SUBJECT));
    for id in stated.filter(|id| roles.role(*id) == Role::Entity) {
        is_found[id.index()] = true;
    }
    for id in triples.ids() {
        if roles.role(id) != Role::Entity || triples.of(id).is_empty() {
            continue;
        }
        is_found[id.index()] = true;
        for (predicate, object) in triples.of(id) {
            if !triples.is_type(*predicate) && is_link(triples, roles, *object) {
                is_found[object.index()] = true;
            }
        }
    }
    triples.ids().filter(|id| is_found[id.index()]).collect()
}

/// Whether a fact with this object leads to an entity. A dataset like ours says something of each of
/// its entities, so an IRI of which it says nothing is a value.
fn is_link(triples: &Triples, roles: &Roles, object: Id) -> bool {
    roles.role(object) == Role::Entity
        && (roles.dataset.is_none() || !triples.of(object).is_empty())
}

/// What the graph is called, and where its names live.
fn project(triples: &Triples, roles: &Roles, entities: &[Id], declared: &PrefixMap) -> Project {
    let iris = || entities.iter().filter_map(|id| triples.iri(*id));
    // Such a prefix would make an IRI look like a CURIE.
    let mut schemes: BTreeSet<&str> = BTreeSet::new();
    let mut last = "";
    for (scheme, _) in iris().filter_map(|iri| iri.split_once(':')) {
        // Mostly that of the one before.
        if scheme != last {
            schemes.insert(scheme);
            last = scheme;
        }
    }
    let mut prefixes = PrefixMap::new();
    for (prefix, namespace) in declared
        .iter()
        .filter(|(prefix, _)| !schemes.contains(prefix))
    {
        // They were legal before.
        drop(prefixes.insert(prefix, namespace));
    }
    let base = match roles.dataset.and_then(|id| triples.iri(id)) {
        Some(iri) => iri.to_owned(),
        None => commonest_namespace(iris()),
    };
    let texts = |predicate| {
        let dataset = roles.dataset.into_iter();
        let texts = dataset.flat_map(|id| triples.objects(id, predicate));
        let texts = texts.filter_map(|it| triples.literal(it));
        texts
            .map(|it| (language_of(it).to_owned(), it.value().to_owned()))
            .collect::<LangText>()
    };
    let dataset_text = |predicate| roles.dataset.and_then(|id| triples.text(id, predicate));
    Project {
        base,
        title: texts(dcterms::TITLE),
        description: texts(dcterms::DESCRIPTION),
        version: dataset_text(dcat::VERSION).unwrap_or("").to_owned(),
        prefixes,
        ..Project::default()
    }
}

/// The namespace of most of the IRIs; of equal ones the first in the alphabet.
fn commonest_namespace<'i>(iris: impl Iterator<Item = &'i str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last = ("", 0);
    for iri in iris {
        let end = iri.rfind(['#', '/']).map_or(0, |at| at + 1);
        let namespace = &iri[..end];
        // Mostly that of the one before.
        if namespace != last.0 {
            *counts.entry(last.0).or_default() += last.1;
            last = (namespace, 0);
        }
        last.1 += 1;
    }
    *counts.entry(last.0).or_default() += last.1;
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or_else(String::new, |(namespace, _)| namespace.to_owned())
}

/// What the entity with this IRI is called, so that [`KnowledgeGraph::iri`] gives the IRI again.
fn slug<'i>(project: &Project, iri: &'i str) -> Cow<'i, str> {
    let below_base = iri.strip_prefix(project.base.as_str());
    if let Some(rest) = below_base.filter(|rest| !rest.is_empty() && !rest.contains(':')) {
        return Cow::Borrowed(rest);
    }
    project.prefixes.compact(iri)
}

/// Our export numbers the items of ordered lists; elsewhere a position is a fact like others.
fn position(triples: &Triples, roles: &Roles, id: Id) -> Option<u16> {
    roles.dataset?;
    triples.text(id, schema::POSITION)?.parse().ok()
}

/// The statements about each fact.
fn statements(triples: &Triples, roles: &Roles) -> BTreeMap<Id, Vec<(Id, Id, Id)>> {
    let mut statements: BTreeMap<Id, Vec<(Id, Id, Id)>> = BTreeMap::new();
    for statement in &roles.statements {
        let part = |part| triples.only(*statement, part);
        if let (Some(subject), Some(predicate), Some(object)) =
            (part(rdf::SUBJECT), part(rdf::PREDICATE), part(rdf::OBJECT))
        {
            let facts = statements.entry(subject).or_default();
            facts.push((predicate, object, *statement));
        }
    }
    statements
}

/// The predicates of triples that [`Import::is_fact`] has to look at.
fn special_predicates(triples: &Triples, terms: &Terms, names: &NameProperties) -> Vec<Id> {
    const SPECIAL: &[NamedNodeRef<'static>] = &[
        rdf::TYPE,
        tupu::SHA256,
        tupu::CODE_POINTS,
        tupu::OCCUPIES,
        dcterms::IS_PART_OF,
        schema::POSITION,
    ];
    let mut special: Vec<Id> = SPECIAL.iter().filter_map(|it| triples.id(*it)).collect();
    special.extend(names.predicates());
    let is_bound = |id: &Id| {
        let iri = triples.iri(*id).unwrap_or_default();
        iri.ends_with("Earliest") || iri.ends_with("Latest")
    };
    special.extend(terms.predicates().filter(is_bound));
    special
}

/// Stands for the node of a term that is none.
const NO_NODE: NodeId = NodeId(u32::MAX);

struct Import<'t> {
    triples: &'t Triples,
    roles: &'t Roles,
    terms: &'t Terms,
    names: &'t NameProperties,
    /// The node of each term; [`NO_NODE`] of those that are no entities.
    nodes: Vec<NodeId>,
    /// Predicates whose triples are not all facts of their own.
    special: Vec<Id>,
    /// Of each subject: predicate, object, statement.
    statements: BTreeMap<Id, Vec<(Id, Id, Id)>>,
    no_provenance: ProvenanceId,
    builder: GraphBuilder,
}

impl Import<'_> {
    fn node(&self, id: Id) -> Option<NodeId> {
        let node = self.nodes.get(id.index()).copied();
        node.filter(|node| *node != NO_NODE)
    }

    fn add_name(&mut self, id: Id, node: NodeId, label: &Label<'_>) {
        let about = self.about(id);
        let mut of_name = about.into_iter().filter(|(predicate, it, _)| {
            *it == label.term && self.names.is_name(self.triples, *predicate, label.term)
        });
        let statement = of_name.next().map(|(_, _, statement)| statement);
        let article = statement.and_then(|it| self.only_article(it));
        let provenance = match (statement, article) {
            (Some(statement), None) => Some(self.provenance(statement)),
            _ => None,
        };
        let kind = if article.is_some() {
            NameKind::Short
        } else {
            label.kind
        };
        let language = language_of(label.literal);
        let text = label.literal.value();
        self.builder
            .add_name(node, kind, language, text, article, provenance);
    }

    fn about(&self, subject: Id) -> Vec<(Id, Id, Id)> {
        self.statements.get(&subject).cloned().unwrap_or_default()
    }

    /// The article that a statement comes from as a whole: so are short forms noted.
    fn only_article(&self, statement: Id) -> Option<NodeId> {
        let source = self.triples.only(statement, prov::WAS_DERIVED_FROM)?;
        self.node(source)
    }

    /// The facts that stand, then those that only a statement says.
    fn add_facts(&mut self, id: Id, node: NodeId) {
        let about = self.about(id);
        for (predicate, object) in self.triples.of(id) {
            if !self.is_fact(id, *predicate, *object) {
                continue;
            }
            let mut has_statement = false;
            for (_, _, statement) in about
                .iter()
                .filter(|(p, o, _)| p == predicate && o == object)
            {
                has_statement = true;
                self.add_fact(node, *predicate, *object, Some(*statement));
            }
            if !has_statement {
                self.add_fact(node, *predicate, *object, None);
            }
        }
        let stands = self.triples.of(id);
        for (predicate, object, statement) in about {
            if !stands.contains(&(predicate, object))
                && !self.names.is_name(self.triples, predicate, object)
            {
                self.add_fact(node, predicate, object, Some(statement));
            }
        }
    }

    /// Whether a triple is a fact of its own: no name, class, and nothing that follows from others.
    fn is_fact(&self, id: Id, predicate: Id, object: Id) -> bool {
        if !self.special.contains(&predicate) {
            return true;
        }
        let triples = self.triples;
        let is = |node| triples.is(predicate, node);
        let has_statement = || {
            let about = self.statements.get(&id).into_iter().flatten();
            about
                .into_iter()
                .any(|(p, o, _)| *p == predicate && *o == object)
        };
        if triples.is_type(predicate) || self.names.is_name(triples, predicate, object) {
            return false;
        }
        if is(tupu::SHA256) || is(tupu::CODE_POINTS) || is(tupu::OCCUPIES) {
            return false;
        }
        let is_article = || triples.objects(id, tupu::OCCUPIES).next().is_some();
        if is(dcterms::IS_PART_OF) && is_article() {
            return has_statement();
        }
        if is(schema::POSITION) && self.roles.dataset.is_some() {
            return has_statement();
        }
        !self.is_bound(id, predicate, object)
    }

    /// Whether a triple says the first or last day that another date of the entity can mean.
    fn is_bound(&self, id: Id, predicate: Id, object: Id) -> bool {
        let triples = self.triples;
        let Some(iri) = triples.iri(predicate) else {
            return false;
        };
        let is_first = iri.ends_with("Earliest");
        if !is_first && !iri.ends_with("Latest") {
            return false;
        }
        let Some(day) = triples.literal(object).map(LiteralRef::value) else {
            return false;
        };
        triples.of(id).iter().any(|(other, value)| {
            let date = triples.literal(*value).and_then(date);
            let day_of = |date: Date| {
                if is_first {
                    date.earliest()
                } else {
                    date.latest()
                }
            };
            *other != predicate && date.is_some_and(|date| day_of(date).to_string() == day)
        })
    }

    fn add_fact(&mut self, node: NodeId, predicate: Id, object: Id, statement: Option<Id>) {
        let Some(slot) = self.terms.slot(predicate) else {
            return;
        };
        let (status, provenance) = match statement {
            Some(it) => (role::status(self.triples, it), self.provenance(it)),
            None => (Status::Asserted, self.no_provenance),
        };
        if let Some(target) = self.node(object) {
            self.builder
                .add_edge(node, slot, target, status, provenance);
        } else if let Some(value) = self.value(object) {
            self.builder
                .add_literal(node, slot, value, status, provenance);
        }
    }

    /// The value that an object is; none for a number of which only the name is left.
    fn value(&self, object: Id) -> Option<Value> {
        if let Some(literal) = self.triples.literal(object) {
            return Some(value(literal));
        }
        match self.roles.role(object) {
            Role::Quantity => {
                let quantity = self.roles.quantities.get(&object)?;
                Some(Value::Quantity(Box::new(quantity.clone())))
            }
            Role::EnumValue => {
                let (id, at) = self.terms.enum_values.get(&object)?;
                Some(Value::Enum(*id, *at))
            }
            _ => {
                let iri = self.triples.identifier(object);
                Some(Value::Iri(iri.into_owned()))
            }
        }
    }

    fn provenance(&mut self, statement: Id) -> ProvenanceId {
        let triples = self.triples;
        let sources = triples.objects(statement, prov::WAS_DERIVED_FROM);
        let stretches = sources.filter_map(|it| self.roles.stretches.get(&it));
        let passages = stretches.filter_map(|it| self.passage(*it)).collect();
        let texts = |predicate| {
            let objects = triples.objects(statement, predicate);
            objects.filter_map(|it| triples.literal(it))
        };
        let wording = texts(tupu::WORDING)
            .map(|it| it.value().to_owned())
            .collect();
        let reasons: LangText = texts(tupu::INFERENCE_REASON)
            .map(|it| (language_of(it).to_owned(), it.value().to_owned()))
            .collect();
        let inferred = (!reasons.is_empty()).then_some(reasons);
        self.builder.add_provenance(passages, wording, inferred)
    }

    fn passage(&self, stretch: Stretch) -> Option<Passage> {
        let article = stretch.article.and_then(|it| self.node(it));
        Some(Passage {
            source: self.node(stretch.source)?,
            start: stretch.start,
            end: stretch.end,
            article,
        })
    }

    /// What makes an entity a source document or an article.
    fn add_document(&mut self, id: Id, node: NodeId) {
        let triples = self.triples;
        let length = triples.text(id, tupu::CODE_POINTS);
        if let Some(sha256) = triples.text(id, tupu::SHA256)
            && let Some(length) = length.and_then(|it| it.parse().ok())
        {
            let sha256 = sha256.to_owned();
            self.builder
                .set_source(node, SourceDocument { sha256, length });
        }
        let stretches: Vec<Stretch> = triples
            .objects(id, tupu::OCCUPIES)
            .filter_map(|it| self.roles.stretches.get(&it).copied())
            .collect();
        let source = stretches.first().and_then(|it| self.node(it.source));
        if let Some(source) = source {
            let ranges = stretches.iter().map(|it| it.start..it.end).collect();
            self.builder.set_article(node, source, ranges);
        }
    }
}
