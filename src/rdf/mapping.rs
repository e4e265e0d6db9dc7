//! The graph as triples, in one order: the entities by class, the statements, the stretches of text
//! that they come from, the dataset.

use std::collections::BTreeSet;
use std::io;

use oxrdf::{GraphNameRef, Literal, NamedNode, NamedNodeRef, Term, TermRef, Triple, TripleRef};

use super::dataset::{Counting, Description};
use super::statement::{short_digest, statement_iri, stretch_iri};
use super::{ProvenanceProfile, TripleSink};
use crate::model::{
    Comparator, Date, KnowledgeGraph, NameKind, NodeId, Passage, Precision, Provenance,
    ProvenanceId, Quantity, Status, Value,
};
use crate::schema::{ClassId, LangText, Slot, SlotId, lower_camel_case};
use crate::vocab::{TUPU, dcat, dcterms, edtf, oa, prov, rdf, rdfs, schema, skos, tupu, void, xsd};

/// Hands every triple of the graph to `sink`, the triples of one subject together.
///
/// Sections, classes and slots come in the order of the schema, entities in the order of their
/// slugs, statements in the order of their subjects. There are no blank nodes.
///
/// # Errors
///
/// When `sink` fails.
pub fn write_triples<S: TripleSink + ?Sized>(
    graph: &KnowledgeGraph,
    profile: ProvenanceProfile,
    sink: &mut S,
) -> io::Result<()> {
    let mut counting = Counting::of(sink);
    let mut mapping = Mapping {
        graph,
        sink: &mut counting,
        profile,
        scope: Scope::All,
    };
    mapping.write()?;
    // Last, so that the counts that every change touches stand in one place, away from the rest.
    mapping.write_dataset()?;
    let mut counts = counting.counts;
    if profile == ProvenanceProfile::Graphs {
        // Counting does not fail.
        drop(write_article_graphs(graph, &mut counts));
    }
    Description::complete(graph.project(), &counts).write(sink)?;
    if profile == ProvenanceProfile::Graphs {
        write_article_graphs(graph, sink)?;
    }
    Ok(())
}

/// The facts of each article in a graph of its own, named like the article.
fn write_article_graphs<S: TripleSink + ?Sized>(
    graph: &KnowledgeGraph,
    sink: &mut S,
) -> io::Result<()> {
    for article in graph.articles().keys() {
        sink.section(&format!("From the article {}", graph.slug(*article)))?;
        let name = graph.iri(*article);
        sink.graph(NamedNodeRef::new_unchecked(&name).into())?;
        let mut mapping = Mapping {
            graph,
            sink: &mut *sink,
            profile: ProvenanceProfile::Graphs,
            scope: Scope::Article(*article),
        };
        for node in graph.nodes() {
            mapping.write_facts(node, &graph.iri(node))?;
        }
        sink.graph(GraphNameRef::DefaultGraph)?;
    }
    Ok(())
}

/// IRIs of the first and last day that a date in `slot` can mean, as properties of the subject.
///
/// A filter on `xsd:date` skips years and months; these two are days whatever the precision.
pub fn bound_iris(terms: &str, slot: &Slot) -> (String, String) {
    let name = lower_camel_case(&slot.name);
    (
        format!("{terms}{name}Earliest"),
        format!("{terms}{name}Latest"),
    )
}

/// The same for properties of tupu's own.
fn own_bounds(property: NamedNodeRef<'_>) -> (String, String) {
    let iri = property.as_str();
    (format!("{iri}Earliest"), format!("{iri}Latest"))
}

struct Mapping<'g, S: ?Sized> {
    graph: &'g KnowledgeGraph,
    sink: &'g mut S,
    profile: ProvenanceProfile,
    scope: Scope,
}

/// Which facts are written at the moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    /// All of them.
    All,
    /// Those that come from no article.
    NoArticle,
    /// Those that come from this article.
    Article(NodeId),
}

/// A fact as a triple, with what is known of it.
struct Fact {
    predicate: NamedNode,
    object: Term,
    status: Status,
    /// Whether the triple itself stands.
    is_plain: bool,
    source: FactSource,
}

enum FactSource {
    Provenance(ProvenanceId),
    /// A short form, of which only the article is known.
    Article(NodeId),
}

/// A quantity that hangs on an entity.
struct QuantityNode<'g> {
    iri: String,
    quantity: &'g Quantity,
}

impl<'g, S: TripleSink + ?Sized> Mapping<'g, S> {
    fn write(&mut self) -> io::Result<()> {
        if self.profile == ProvenanceProfile::Graphs {
            self.scope = Scope::NoArticle;
        }
        self.write_title()?;
        for class in self.graph.schema().class_ids() {
            self.write_class(class)?;
        }
        self.write_enum_values()?;
        if self.profile != ProvenanceProfile::None {
            self.write_statements()?;
            self.write_passages()?;
        }
        Ok(())
    }

    fn write_title(&mut self) -> io::Result<()> {
        let project = self.graph.project();
        let title: Vec<&str> = project
            .languages
            .iter()
            .filter_map(|it| project.title.get(it).map(String::as_str))
            .collect();
        self.sink.section(&title.join(" · "))
    }

    fn is_in_scope(&self, provenance: ProvenanceId) -> bool {
        let mut articles = self
            .graph
            .provenance(provenance)
            .passages
            .iter()
            .filter_map(|passage| passage.article);
        match self.scope {
            Scope::All => true,
            Scope::NoArticle => articles.next().is_none(),
            Scope::Article(wanted) => articles.any(|article| article == wanted),
        }
    }

    fn put<'t>(
        &mut self,
        subject: &'t str,
        predicate: NamedNodeRef<'t>,
        object: impl Into<TermRef<'t>>,
    ) -> io::Result<()> {
        let subject = NamedNodeRef::new_unchecked(subject);
        self.sink.triple(TripleRef::new(subject, predicate, object))
    }

    fn put_node(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        object: &str,
    ) -> io::Result<()> {
        self.put(subject, predicate, NamedNodeRef::new_unchecked(object))
    }

    fn put_texts(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        texts: &LangText,
    ) -> io::Result<()> {
        for language in &self.graph.project().languages {
            if let Some(text) = texts.get(language) {
                let literal = Literal::new_language_tagged_literal_unchecked(text, language);
                self.put(subject, predicate, literal.as_ref())?;
            }
        }
        Ok(())
    }

    fn write_dataset(&mut self) -> io::Result<()> {
        let graph = self.graph;
        let project = graph.project();
        self.sink.section("The dataset, and what it comes to")?;
        let dataset = &project.base;
        self.put(dataset, rdf::TYPE, dcat::DATASET)?;
        self.put(dataset, rdf::TYPE, void::DATASET)?;
        self.put_texts(dataset, dcterms::TITLE, &project.title)?;
        self.put_texts(dataset, dcterms::DESCRIPTION, &project.description)?;
        self.put_node(dataset, dcterms::LICENSE, &project.license)?;
        for source in graph.sources().keys() {
            self.put_node(dataset, dcterms::SOURCE, &graph.iri(*source))?;
        }
        let version = Literal::new_simple_literal(&project.version);
        self.put(dataset, dcat::VERSION, version.as_ref())
    }

    fn write_class(&mut self, class: ClassId) -> io::Result<()> {
        let graph = self.graph;
        let mut nodes = graph
            .nodes()
            .filter(|node| graph.class(*node) == class)
            .peekable();
        if nodes.peek().is_none() {
            return Ok(());
        }
        let own = graph.schema().class(class);
        let languages = graph.project().languages.iter();
        let labels: Vec<&str> = languages
            .filter_map(|it| own.label.get(it).map(String::as_str))
            .collect();
        self.sink
            .section(&format!("{} ({})", own.name, labels.join(", ")))?;
        let mut types: Vec<&str> = Vec::new();
        for above in graph.schema().ancestors(class) {
            let iri = graph.schema().class(above).iri.as_str();
            if !types.contains(&iri) {
                types.push(iri);
            }
        }
        for node in nodes {
            self.write_entity(node, &types)?;
        }
        Ok(())
    }

    fn write_entity(&mut self, node: NodeId, types: &[&str]) -> io::Result<()> {
        let graph = self.graph;
        let subject = graph.iri(node);
        for class in types {
            self.put_node(&subject, rdf::TYPE, class)?;
        }
        let mut labels: BTreeSet<(&str, &str)> = BTreeSet::new();
        for property in [rdfs::LABEL, skos::PREF_LABEL] {
            for name in graph
                .names(node)
                .filter(|name| name.kind == NameKind::Canonical)
            {
                self.put(
                    &subject,
                    property,
                    name_literal(name.text, name.language).as_ref(),
                )?;
            }
        }
        for name in graph
            .names(node)
            .filter(|name| name.kind != NameKind::Canonical)
        {
            if labels.insert((name.text, name.language)) {
                self.put(
                    &subject,
                    skos::ALT_LABEL,
                    name_literal(name.text, name.language).as_ref(),
                )?;
            }
        }
        if let Some(position) = graph.position(node) {
            self.put(&subject, schema::POSITION, Literal::from(position).as_ref())?;
        }
        self.write_document(node, &subject)?;
        self.write_facts(node, &subject)
    }

    /// The facts in scope, then the quantities that hang on them.
    fn write_facts(&mut self, node: NodeId, subject: &str) -> io::Result<()> {
        let mut quantities = Vec::new();
        for slot in self.slots(node) {
            self.write_slot(node, subject, slot, &mut quantities)?;
        }
        for quantity in quantities {
            self.write_quantity(&quantity)?;
        }
        Ok(())
    }

    /// Slots of which the entity has a value, in the order of the schema.
    fn slots(&self, node: NodeId) -> BTreeSet<SlotId> {
        let literals = self.graph.literals(node).iter().map(|literal| literal.slot);
        let edges = self.graph.edges_out(node).map(|edge| edge.slot);
        literals.chain(edges).collect()
    }

    fn write_slot(
        &mut self,
        node: NodeId,
        subject: &str,
        slot: SlotId,
        quantities: &mut Vec<QuantityNode<'g>>,
    ) -> io::Result<()> {
        let graph = self.graph;
        for fact in self.facts(node, slot) {
            if fact.is_plain && self.is_fact_in_scope(&fact) {
                self.put(subject, fact.predicate.as_ref(), fact.object.as_ref())?;
            }
        }
        let bounds = bound_iris(&graph.project().terms, graph.schema().slot(slot));
        let literals = graph
            .literals(node)
            .iter()
            .filter(|literal| literal.slot == slot);
        for literal in literals.filter(|it| graph.is_plain(it.slot, it.status)) {
            if !self.is_in_scope(literal.provenance) {
                continue;
            }
            match &literal.value {
                Value::Date(date) => self.put_bounds(subject, &bounds, date)?,
                Value::Quantity(quantity) => quantities.push(QuantityNode {
                    iri: self.quantity_iri(node, slot, quantity),
                    quantity,
                }),
                _ => {}
            }
        }
        Ok(())
    }

    fn is_fact_in_scope(&self, fact: &Fact) -> bool {
        match fact.source {
            FactSource::Provenance(id) => self.is_in_scope(id),
            FactSource::Article(_) => true,
        }
    }

    fn put_bounds(
        &mut self,
        subject: &str,
        bounds: &(String, String),
        date: &Date,
    ) -> io::Result<()> {
        for (iri, day) in [(&bounds.0, date.earliest()), (&bounds.1, date.latest())] {
            let literal = Literal::new_typed_literal(day.to_string(), xsd::DATE);
            self.put(subject, NamedNodeRef::new_unchecked(iri), literal.as_ref())?;
        }
        Ok(())
    }

    /// Facts of `node` in `slot` as triples: first those with literals, then those with entities,
    /// which are sorted unless their order means something.
    fn facts(&self, node: NodeId, slot: SlotId) -> Vec<Fact> {
        let graph = self.graph;
        let definition = graph.schema().slot(slot);
        let predicate = || NamedNode::new_unchecked(&definition.iri);
        let literals = graph
            .literals(node)
            .iter()
            .filter(|it| it.slot == slot)
            .map(|it| Fact {
                predicate: predicate(),
                object: self.term(node, slot, &it.value),
                status: it.status,
                is_plain: graph.is_plain(slot, it.status),
                source: FactSource::Provenance(it.provenance),
            });
        let mut edges: Vec<_> = graph
            .edges_out(node)
            .filter(|edge| edge.slot == slot)
            .collect();
        if !definition.is_ordered {
            edges.sort_by_key(|edge| edge.target);
        }
        let edges = edges.into_iter().map(|edge| Fact {
            predicate: predicate(),
            object: NamedNode::new_unchecked(graph.iri(edge.target)).into(),
            status: edge.status,
            is_plain: graph.is_plain(slot, edge.status),
            source: FactSource::Provenance(edge.provenance),
        });
        literals.chain(edges).collect()
    }

    fn term(&self, node: NodeId, slot: SlotId, value: &Value) -> Term {
        match value {
            Value::String(text) => Literal::new_simple_literal(text).into(),
            Value::Text { language, text } => name_literal(text, language).into(),
            Value::Number(number) => {
                number_literal(&number.to_string(), number.is_integer()).into()
            }
            Value::Boolean(value) => Literal::from(*value).into(),
            Value::Date(date) => date_literal(date).into(),
            Value::Iri(iri) => NamedNode::new_unchecked(iri).into(),
            Value::Enum(id, at) => {
                let value =
                    &self.graph.schema().enumeration(*id).permissible_values[usize::from(*at)];
                NamedNode::new_unchecked(&value.iri).into()
            }
            Value::Quantity(quantity) => {
                NamedNode::new_unchecked(self.quantity_iri(node, slot, quantity)).into()
            }
        }
    }

    /// IRI of the node that a quantity becomes: the entity's and the slot's name, and a digest where
    /// the slot takes several.
    fn quantity_iri(&self, node: NodeId, slot: SlotId, quantity: &Quantity) -> String {
        let slot = self.graph.schema().slot(slot);
        let name = lower_camel_case(&slot.name);
        let iri = format!("{}.{name}", self.graph.iri(node));
        if slot.is_multivalued {
            format!(
                "{iri}.{}",
                short_digest(quantity_content(quantity).as_bytes())
            )
        } else {
            iri
        }
    }

    fn write_quantity(&mut self, node: &QuantityNode<'_>) -> io::Result<()> {
        let (subject, quantity) = (&node.iri, node.quantity);
        self.put(subject, rdf::TYPE, schema::QUANTITATIVE_VALUE)?;
        let number = number_literal(&quantity.number.to_string(), quantity.number.is_integer());
        self.put(subject, schema::VALUE, number.as_ref())?;
        let unit = quantity.unit_text();
        if !unit.is_empty() {
            self.put(
                subject,
                schema::UNIT_TEXT,
                Literal::new_simple_literal(unit).as_ref(),
            )?;
        }
        if let Some(absolute) = quantity.absolute() {
            let literal = number_literal(&absolute.to_string(), absolute.is_integer());
            self.put(subject, tupu::ABSOLUTE_VALUE, literal.as_ref())?;
        }
        if let Some(unit) = &quantity.unit {
            self.put(
                subject,
                tupu::BASE_UNIT,
                Literal::new_simple_literal(unit).as_ref(),
            )?;
        }
        if let Some(comparator) = quantity.comparator {
            self.put_node(subject, tupu::COMPARATOR, &comparator_iri(comparator))?;
        }
        for (property, date) in [
            (tupu::BY, &quantity.by),
            (tupu::AS_OF, &quantity.as_of),
            (tupu::SINCE, &quantity.since),
            (tupu::PERIOD, &quantity.period),
        ] {
            if let Some(date) = date {
                self.put(subject, property, date_literal(date).as_ref())?;
                self.put_bounds(subject, &own_bounds(property), date)?;
            }
        }
        Ok(())
    }

    /// What makes an entity a source document or an article.
    fn write_document(&mut self, node: NodeId, subject: &str) -> io::Result<()> {
        let graph = self.graph;
        if let Some(document) = graph.sources().get(&node) {
            let digest = Literal::new_simple_literal(&document.sha256);
            self.put(subject, tupu::SHA256, digest.as_ref())?;
            self.put(
                subject,
                tupu::CODE_POINTS,
                Literal::from(document.length).as_ref(),
            )?;
        }
        if let Some(article) = graph.articles().get(&node) {
            self.put_node(subject, dcterms::IS_PART_OF, &graph.iri(article.source))?;
            for range in &article.ranges {
                let stretch = stretch_iri(graph, article.source, range.start, range.end);
                self.put_node(subject, tupu::OCCUPIES, &stretch)?;
            }
        }
        Ok(())
    }

    /// The values of enums that the graph uses, with their names.
    fn write_enum_values(&mut self) -> io::Result<()> {
        let graph = self.graph;
        let used: BTreeSet<_> = graph
            .nodes()
            .flat_map(|node| graph.literals(node))
            .filter_map(|literal| match literal.value {
                Value::Enum(id, at) => Some((id, at)),
                _ => None,
            })
            .collect();
        if !used.is_empty() {
            self.sink.section("Values of enums")?;
        }
        for (id, at) in used {
            let enumeration = graph.schema().enumeration(id);
            let value = &enumeration.permissible_values[usize::from(at)];
            self.put_node(&value.iri, rdf::TYPE, &enumeration.iri)?;
            self.put_texts(&value.iri, rdfs::LABEL, &value.label)?;
        }
        Ok(())
    }

    fn write_statements(&mut self) -> io::Result<()> {
        let graph = self.graph;
        self.sink
            .section("Statements: where each fact comes from")?;
        for node in graph.nodes() {
            for fact in self.name_facts(node) {
                self.write_statement(node, &fact)?;
            }
            for slot in self.slots(node) {
                for fact in self.facts(node, slot) {
                    self.write_statement(node, &fact)?;
                }
            }
        }
        Ok(())
    }

    fn name_facts(&self, node: NodeId) -> Vec<Fact> {
        let names = self.graph.names(node);
        let mut facts: Vec<Fact> = Vec::new();
        for name in names {
            let predicate = match name.kind {
                NameKind::Canonical => skos::PREF_LABEL,
                NameKind::Alias | NameKind::Short => skos::ALT_LABEL,
            };
            let source = match (name.provenance, name.article) {
                (Some(id), _) => FactSource::Provenance(id),
                (None, Some(article)) => FactSource::Article(article),
                (None, None) => continue,
            };
            facts.push(Fact {
                predicate: predicate.into_owned(),
                object: name_literal(name.text, name.language).into(),
                status: Status::Asserted,
                is_plain: true,
                source,
            });
        }
        facts
    }

    fn write_statement(&mut self, node: NodeId, fact: &Fact) -> io::Result<()> {
        let graph = self.graph;
        let subject = NamedNode::new_unchecked(graph.iri(node));
        let triple = TripleRef::new(
            subject.as_ref(),
            fact.predicate.as_ref(),
            fact.object.as_ref(),
        );
        let iri = statement_iri(&graph.project().base, triple, fact.status);
        if self.profile == ProvenanceProfile::Rdf12 {
            let term = Triple::new(subject, fact.predicate.clone(), fact.object.clone());
            self.put(&iri, rdf::REIFIES, TermRef::Triple(&term))?;
        } else {
            self.put(&iri, rdf::TYPE, rdf::STATEMENT)?;
            self.put(&iri, rdf::SUBJECT, subject.as_ref())?;
            self.put(&iri, rdf::PREDICATE, fact.predicate.as_ref())?;
            self.put(&iri, rdf::OBJECT, fact.object.as_ref())?;
        }
        if fact.status != Status::Asserted {
            self.put_node(&iri, tupu::STATUS, &format!("{TUPU}{}", fact.status.name()))?;
        }
        match fact.source {
            FactSource::Article(article) => {
                self.put_node(&iri, prov::WAS_DERIVED_FROM, &graph.iri(article))
            }
            FactSource::Provenance(id) => self.write_provenance(&iri, graph.provenance(id)),
        }
    }

    fn write_provenance(&mut self, statement: &str, provenance: &Provenance) -> io::Result<()> {
        for passage in distinct(provenance) {
            let iri = stretch_iri(self.graph, passage.source, passage.start, passage.end);
            self.put_node(statement, prov::WAS_DERIVED_FROM, &iri)?;
        }
        for wording in &provenance.wording {
            let literal = Literal::new_simple_literal(wording);
            self.put(statement, tupu::WORDING, literal.as_ref())?;
        }
        match &provenance.inferred {
            Some(reason) => self.put_texts(statement, tupu::INFERENCE_REASON, reason),
            None => Ok(()),
        }
    }

    fn write_passages(&mut self) -> io::Result<()> {
        let graph = self.graph;
        let mut passages: BTreeSet<Passage> = graph
            .nodes()
            .flat_map(|node| graph.passages(node))
            .collect();
        for (article, it) in graph.articles() {
            passages.extend(it.ranges.iter().map(|range| Passage {
                source: it.source,
                start: range.start,
                end: range.end,
                article: Some(*article),
            }));
        }
        self.sink
            .section("Stretches of the sources, in code points")?;
        let mut last = None;
        for passage in passages {
            // One stretch may be noted with and without its article.
            let stretch = (passage.source, passage.start, passage.end);
            if last.replace(stretch) != Some(stretch) {
                self.write_passage(passage)?;
            }
        }
        Ok(())
    }

    fn write_passage(&mut self, passage: Passage) -> io::Result<()> {
        let graph = self.graph;
        let iri = stretch_iri(graph, passage.source, passage.start, passage.end);
        let selector = format!("{iri}.selector");
        self.put(&iri, rdf::TYPE, oa::SPECIFIC_RESOURCE)?;
        self.put_node(&iri, oa::HAS_SOURCE, &graph.iri(passage.source))?;
        self.put_node(&iri, oa::HAS_SELECTOR, &selector)?;
        if let Some(article) = passage.article {
            self.put_node(&iri, dcterms::IS_PART_OF, &graph.iri(article))?;
        }
        self.put(&selector, rdf::TYPE, oa::TEXT_POSITION_SELECTOR)?;
        self.put(&selector, oa::START, Literal::from(passage.start).as_ref())?;
        self.put(&selector, oa::END, Literal::from(passage.end).as_ref())
    }
}

/// The passages, each once.
fn distinct(provenance: &Provenance) -> impl Iterator<Item = Passage> {
    let mut last = None;
    provenance.passages.iter().copied().filter(move |passage| {
        let stretch = (passage.source, passage.start, passage.end);
        last.replace(stretch) != Some(stretch)
    })
}

fn name_literal(text: &str, language: &str) -> Literal {
    // Not the checked constructor: it lower-cases, and the loader has checked the tag.
    Literal::new_language_tagged_literal_unchecked(text, language)
}

fn number_literal(text: &str, is_integer: bool) -> Literal {
    Literal::new_typed_literal(
        text,
        if is_integer {
            xsd::INTEGER
        } else {
            xsd::DECIMAL
        },
    )
}

fn date_literal(date: &Date) -> Literal {
    let datatype = match date.precision() {
        Precision::Year => xsd::G_YEAR,
        Precision::Month => xsd::G_YEAR_MONTH,
        Precision::Day => xsd::DATE,
        Precision::Interval => edtf::EDTF,
    };
    Literal::new_typed_literal(date.to_string(), datatype)
}

/// What tells a quantity from others: number, unit, comparator and dates, each on its own line.
fn quantity_content(quantity: &Quantity) -> String {
    let date = |date: &Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    [
        quantity.number.to_string(),
        quantity.unit_text(),
        quantity.comparator.map_or("", Comparator::name).to_owned(),
        date(&quantity.by),
        date(&quantity.as_of),
        date(&quantity.since),
        date(&quantity.period),
    ]
    .join("\n")
}

/// IRI of a comparator.
fn comparator_iri(comparator: Comparator) -> String {
    format!("{TUPU}{}", comparator.name())
}
