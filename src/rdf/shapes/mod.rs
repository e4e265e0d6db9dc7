//! The schema as SHACL shapes.

mod evidence;
mod rule;

use std::collections::BTreeSet;
use std::io::{self, Write};

use oxrdf::{Literal, NamedNode, NamedNodeRef, Term};

use self::rule::{Alternative, Rule, alternatives};
use super::mapping::bound_iris;
use super::ontology::is_chinese;
use super::sheet::Sheet;
use crate::model::KnowledgeGraph;
use crate::schema::{Class, ClassId, LangText, LiteralType, Range, Slot, SlotId};
use crate::vocab::{dcat, edtf, oa, rdf, rdfs, schema, sh, skos, tupu, xsd};

/// Writes what the graph's schema asks of the data as [SHACL](https://www.w3.org/TR/shacl/) in
/// Turtle, without blank nodes: property shapes, alternatives and lists have IRIs too.
///
/// Data that the loader accepts conform, whatever the profile. So what slots of one IRI take is
/// taken together, over every class whose entities carry the class of the shape; and a required
/// slot has a `sh:minCount` unless this graph has an entity whose only value is planned, and
/// therefore no plain edge.
///
/// # Errors
///
/// When `writer` fails.
pub fn write_shapes<W: Write>(graph: &KnowledgeGraph, writer: W) -> io::Result<W> {
    let project = graph.project();
    let mut shapes = Shapes {
        graph,
        root: format!("{}shapes.", project.terms),
        sheet: Sheet::new(&project.prefixes, &project.languages),
    };
    shapes.add_names();
    shapes.add_classes();
    shapes.add_values();
    shapes.add_evidence();
    shapes.sheet.write(writer)
}

const DATES: [NamedNodeRef<'static>; 4] = [xsd::DATE, xsd::G_YEAR_MONTH, xsd::G_YEAR, edtf::EDTF];
/// Classes of nodes that are no entities: the program writes them itself.
const OWN_CLASSES: [NamedNodeRef<'static>; 5] = [
    dcat::DATASET,
    oa::SPECIFIC_RESOURCE,
    oa::TEXT_POSITION_SELECTOR,
    rdf::STATEMENT,
    schema::QUANTITATIVE_VALUE,
];
/// Properties of entities that the program writes itself, whatever their slots say.
const OWN_PROPERTIES: [NamedNodeRef<'static>; 8] = [
    rdf::TYPE,
    rdfs::LABEL,
    schema::POSITION,
    skos::ALT_LABEL,
    skos::PREF_LABEL,
    tupu::CODE_POINTS,
    tupu::OCCUPIES,
    tupu::SHA256,
];
const NUMBERS: [NamedNodeRef<'static>; 2] = [xsd::INTEGER, xsd::DECIMAL];

struct Shapes<'g> {
    graph: &'g KnowledgeGraph,
    /// What the IRIs of shapes begin with.
    root: String,
    sheet: Sheet<'g>,
}

/// A message: in Chinese, and in every other language.
struct Message {
    zh: String,
    en: String,
}

impl Message {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

impl<'g> Shapes<'g> {
    /// IRI of a shape that is no class's; no class has a hyphen in its name.
    fn general(&self, name: &str) -> String {
        format!("{}tupu-{name}", self.root)
    }

    fn node_shape(&mut self, iri: &str) {
        self.sheet.put(iri, rdf::TYPE, sh::NODE_SHAPE.into_owned());
    }

    /// A node shape for the nodes that `target` and `of` pick.
    fn target_shape(&mut self, name: &str, target: NamedNodeRef<'_>, of: &str) -> String {
        let iri = self.general(name);
        self.node_shape(&iri);
        self.sheet.put_node(&iri, target, of);
        iri
    }

    /// A property shape of `shape` for `path`, whose violation says `message`.
    fn property(
        &mut self,
        shape: &str,
        name: &str,
        path: NamedNodeRef<'_>,
        message: &Message,
    ) -> String {
        let iri = format!("{shape}.{name}");
        self.sheet.put_node(shape, sh::PROPERTY, &iri);
        self.sheet
            .put(&iri, rdf::TYPE, sh::PROPERTY_SHAPE.into_owned());
        self.sheet.put_node(&iri, sh::PATH, path.as_str());
        self.put_message(&iri, message);
        iri
    }

    fn put_message(&mut self, iri: &str, message: &Message) {
        let languages = &self.graph.project().languages;
        for language in languages.iter().filter(|it| is_chinese(it)) {
            self.sheet.put_text(iri, sh::MESSAGE, &message.zh, language);
        }
        let is_english = |it: &&String| *it == "en" || it.starts_with("en-");
        for language in languages.iter().filter(is_english) {
            self.sheet.put_text(iri, sh::MESSAGE, &message.en, language);
        }
        if !languages.iter().any(|it| is_chinese(it) || is_english(&it)) {
            self.sheet.put_text(iri, sh::MESSAGE, &message.en, "en");
        }
        self.sheet
            .put(iri, sh::SEVERITY, sh::VIOLATION.into_owned());
    }

    fn put_count(&mut self, iri: &str, predicate: NamedNodeRef<'_>, count: usize) {
        let count = Literal::new_typed_literal(count.to_string(), xsd::INTEGER);
        self.sheet.put(iri, predicate, count);
    }

    fn exactly_one(&mut self, iri: &str) {
        self.put_count(iri, sh::MIN_COUNT, 1);
        self.put_count(iri, sh::MAX_COUNT, 1);
    }

    /// Puts an RDF list whose nodes are called `iri` and `iri` with a number.
    fn put_list(
        &mut self,
        subject: &str,
        predicate: NamedNodeRef<'_>,
        iri: &str,
        members: Vec<Term>,
    ) {
        let name = |at: usize| match at {
            0 => iri.to_owned(),
            _ => format!("{iri}.{}", at + 1),
        };
        let count = members.len();
        if count == 0 {
            self.sheet.put(subject, predicate, rdf::NIL.into_owned());
            return;
        }
        self.sheet.put_node(subject, predicate, iri);
        for (at, member) in members.into_iter().enumerate() {
            self.sheet.put(&name(at), rdf::FIRST, member);
            if at + 1 == count {
                self.sheet.put(&name(at), rdf::REST, rdf::NIL.into_owned());
            } else {
                self.sheet.put_node(&name(at), rdf::REST, &name(at + 1));
            }
        }
    }

    fn put_languages(&mut self, iri: &str) {
        let languages = self.graph.project().languages.iter();
        let members = languages.map(|it| Literal::new_simple_literal(it).into());
        let members = members.collect();
        let list = self.general("languages");
        self.put_list(iri, sh::LANGUAGE_IN, &list, members);
    }

    /// Every entity has a name in every language.
    fn add_names(&mut self) {
        let graph = self.graph;
        self.sheet.section("Every entity");
        let shape = self.general("entity");
        self.node_shape(&shape);
        let schema = graph.schema();
        let is_root = |id: &ClassId| {
            let mut above = schema.ancestors(*id).into_iter().skip(1);
            above.all(|up| is_own_class(&schema.class(up).iri))
        };
        let roots: BTreeSet<&str> = schema
            .class_ids()
            .filter(is_root)
            .map(|id| schema.class(id).iri.as_str())
            .filter(|iri| !is_own_class(iri))
            .collect();
        for root in roots {
            self.sheet.put_node(&shape, sh::TARGET_CLASS, root);
        }
        for (path, name) in [(rdfs::LABEL, "label"), (skos::PREF_LABEL, "prefLabel")] {
            if self.is_slot(path) {
                continue;
            }
            let message = Message::new(
                "名称须注明语言，每种语言只有一个。",
                "A name has a language, and there is one in each.",
            );
            let iri = self.property(&shape, name, path, &message);
            self.sheet
                .put(&iri, sh::DATATYPE, rdf::LANG_STRING.into_owned());
            self.sheet.put(&iri, sh::UNIQUE_LANG, Literal::from(true));
            self.put_languages(&iri);
            for language in &graph.project().languages {
                let message = Message::new(
                    format!("缺少语言“{language}”的名称。"),
                    format!("There is no name in the language “{language}”."),
                );
                let iri = self.property(&shape, &format!("{name}.{language}"), path, &message);
                let one = self.general(&format!("language.{language}"));
                self.sheet.put_node(&iri, sh::QUALIFIED_VALUE_SHAPE, &one);
                self.put_count(&iri, sh::QUALIFIED_MIN_COUNT, 1);
            }
        }
        if !self.is_slot(skos::ALT_LABEL) {
            let message = Message::new("别名须注明语言。", "A further name has a language.");
            let iri = self.property(&shape, "altLabel", skos::ALT_LABEL, &message);
            self.sheet
                .put(&iri, sh::DATATYPE, rdf::LANG_STRING.into_owned());
        }
        if !self.is_slot(schema::POSITION) {
            let message = Message::new(
                "次序是一个从 1 起的整数。",
                "The position is one whole number, from 1 on.",
            );
            let iri = self.property(&shape, "position", schema::POSITION, &message);
            self.put_count(&iri, sh::MAX_COUNT, 1);
            self.sheet
                .put(&iri, sh::DATATYPE, xsd::INTEGER.into_owned());
            self.sheet.put(&iri, sh::MIN_INCLUSIVE, Literal::from(1));
        }
        for language in &graph.project().languages {
            let one = self.general(&format!("language.{language}"));
            self.node_shape(&one);
            let member = Literal::new_simple_literal(language).into();
            self.put_list(&one, sh::LANGUAGE_IN, &format!("{one}.list"), vec![member]);
        }
    }

    /// Whether a slot of the schema has this IRI.
    fn is_slot(&self, property: NamedNodeRef<'_>) -> bool {
        let mut slots = self.graph.schema().slots.iter();
        slots.any(|slot| slot.iri == property.as_str())
    }

    /// Whether a class of the schema has this IRI.
    fn is_class(&self, class: NamedNodeRef<'_>) -> bool {
        let mut classes = self.graph.schema().classes.iter();
        classes.any(|it| it.iri == class.as_str())
    }

    fn add_classes(&mut self) {
        let graph = self.graph;
        self.sheet.section("Classes");
        for id in graph.schema().class_ids() {
            let class = graph.schema().class(id);
            if is_own_class(&class.iri) {
                continue;
            }
            let shape = format!("{}{}", self.root, class.name);
            self.node_shape(&shape);
            self.sheet.put_node(&shape, sh::TARGET_CLASS, &class.iri);
            self.sheet.put_texts(&shape, rdfs::LABEL, &class.label);
            self.put_message(
                &shape,
                &Message::new(
                    format!("不符合对“{}”的要求。", chinese(&class.label, &class.name)),
                    format!(
                        "This does not meet what is asked of “{}”.",
                        english(&class.label, &class.name)
                    ),
                ),
            );
            for (path, slot) in self.own_paths(id) {
                if OWN_PROPERTIES.iter().any(|it| it.as_str() == path) {
                    continue;
                }
                let rule = self.rule(class, path);
                let is_said_above = graph.schema().ancestors(id).into_iter().skip(1).any(|up| {
                    self.own_paths(up).contains_key(path)
                        && self.rule(graph.schema().class(up), path) == rule
                });
                if !is_said_above {
                    self.add_rule(&shape, path, graph.schema().slot(slot), &rule);
                }
            }
            for slot in graph.schema().slots_of(id) {
                self.add_bounds(&shape, class, slot);
            }
        }
    }

    fn add_rule(&mut self, shape: &str, path: &str, slot: &Slot, rule: &Rule) {
        let message = self.message(slot, rule);
        let path = NamedNodeRef::new_unchecked(path);
        let iri = self.property(shape, &slot.name, path, &message);
        self.sheet.put_texts(&iri, sh::NAME, &slot.label);
        if rule.min > 0 {
            self.put_count(&iri, sh::MIN_COUNT, rule.min);
        }
        if let Some(max) = rule.max {
            self.put_count(&iri, sh::MAX_COUNT, max);
        }
        if rule.is_text {
            self.sheet.put(&iri, sh::UNIQUE_LANG, Literal::from(true));
        }
        if rule
            .alternatives
            .iter()
            .eq([&Alternative::Datatype(rdf::LANG_STRING)])
        {
            self.put_languages(&iri);
        }
        self.put_alternatives(&iri, &rule.alternatives);
    }

    fn put_alternatives(&mut self, iri: &str, alternatives: &BTreeSet<Alternative>) {
        let datatypes = |of: &[NamedNodeRef<'static>]| {
            let all: BTreeSet<_> = of.iter().copied().map(Alternative::Datatype).collect();
            all
        };
        let mut several = alternatives.iter();
        match (several.next(), several.next()) {
            (None, _) => {}
            (Some(one), None) => self.put_alternative(iri, one),
            _ if *alternatives == datatypes(&DATES) => {
                let list = self.general("date");
                self.put_list(iri, sh::OR, &list, self.named(alternatives));
            }
            _ if *alternatives == datatypes(&NUMBERS) => {
                let list = self.general("number");
                self.put_list(iri, sh::OR, &list, self.named(alternatives));
            }
            _ => self.put_list(iri, sh::OR, &format!("{iri}.or"), self.named(alternatives)),
        }
    }

    /// IRI of the node shape that says no more than the alternative.
    fn alternative_iri(&self, alternative: &Alternative) -> String {
        let schema = self.graph.schema();
        match alternative {
            Alternative::Node => self.general("node"),
            Alternative::Class(id) => self.general(&format!("class.{}", schema.class(*id).name)),
            Alternative::Enum(at) => {
                let name = &schema.enums[usize::from(*at)].name;
                self.general(&format!("enum.{name}"))
            }
            Alternative::Quantity => self.general("class-quantity"),
            Alternative::Datatype(datatype) => {
                let iri = datatype.as_str();
                let name = iri.rsplit(['#', '/']).next().unwrap_or(iri);
                self.general(&format!("datatype.{name}"))
            }
        }
    }

    fn named(&self, alternatives: &BTreeSet<Alternative>) -> Vec<Term> {
        alternatives
            .iter()
            .map(|it| NamedNode::new_unchecked(self.alternative_iri(it)).into())
            .collect()
    }

    fn put_alternative(&mut self, iri: &str, alternative: &Alternative) {
        let schema = self.graph.schema();
        match alternative {
            Alternative::Node => self.sheet.put(iri, sh::NODE_KIND, sh::IRI.into_owned()),
            Alternative::Class(id) => self.sheet.put_node(iri, sh::CLASS, &schema.class(*id).iri),
            Alternative::Enum(at) => {
                let enumeration = &schema.enums[usize::from(*at)];
                let values = enumeration.permissible_values.iter();
                let members = values
                    .map(|it| NamedNode::new_unchecked(&it.iri).into())
                    .collect();
                let list = format!("{}.list", self.alternative_iri(alternative));
                self.put_list(iri, sh::IN, &list, members);
            }
            Alternative::Quantity => {
                self.sheet
                    .put(iri, sh::CLASS, schema::QUANTITATIVE_VALUE.into_owned());
            }
            Alternative::Datatype(datatype) => {
                self.sheet.put(iri, sh::DATATYPE, datatype.into_owned());
            }
        }
    }

    /// First and last day of what a date slot of the class can mean.
    fn add_bounds(&mut self, shape: &str, class: &Class, id: SlotId) {
        let schema = self.graph.schema();
        let slot = schema.slot(id);
        let class_id = schema.class_named(&class.name);
        let is_own = class_id
            .into_iter()
            .all(|it| schema.class(it).own_slots.contains(&id));
        if slot.range != Range::Literal(LiteralType::Date) || !is_own {
            return;
        }
        let (earliest, latest) = bound_iris(&self.graph.project().terms, slot);
        for (path, name, other) in [
            (&earliest, "Earliest", Some(&latest)),
            (&latest, "Latest", None),
        ] {
            let message = Message::new(
                format!(
                    "“{}”的首末日须为日期，首日不晚于末日。",
                    chinese(&slot.label, &slot.name)
                ),
                format!(
                    "First and last day of “{}” are days, the first not after the last.",
                    english(&slot.label, &slot.name)
                ),
            );
            let name = format!("{}.{name}", slot.name);
            let iri = self.property(shape, &name, NamedNodeRef::new_unchecked(path), &message);
            self.sheet.put(&iri, sh::DATATYPE, xsd::DATE.into_owned());
            if slot.is_multivalued {
                continue;
            }
            self.put_count(&iri, sh::MAX_COUNT, 1);
            if let Some(other) = other {
                self.sheet.put_node(&iri, sh::LESS_THAN_OR_EQUALS, other);
            }
        }
    }

    fn message(&self, slot: &Slot, rule: &Rule) -> Message {
        let mut zh = format!("“{}”", chinese(&slot.label, &slot.name));
        let mut en = format!("“{}” takes ", english(&slot.label, &slot.name));
        let mut words: Vec<(String, String)> = Vec::new();
        for alternative in &rule.alternatives {
            let word = self.words(alternative);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let (in_chinese, in_english): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        zh.push_str("的值须为");
        zh.push_str(&in_chinese.join("或"));
        en.push_str(&in_english.join(" or "));
        if rule.min > 0 {
            zh.push_str("，至少一个");
            en.push_str(", at least one");
        }
        if let Some(max) = rule.max {
            zh.push_str(&format!("，最多 {max} 个"));
            en.push_str(&format!(", at most {max}"));
        }
        Message::new(zh + "。", en + ".")
    }

    /// The alternative in Chinese and in English.
    fn words(&self, alternative: &Alternative) -> (String, String) {
        let schema = self.graph.schema();
        match alternative {
            Alternative::Node => (
                "有 IRI 的事物".to_owned(),
                "something with an IRI".to_owned(),
            ),
            Alternative::Class(id) => {
                let class = schema.class(*id);
                (
                    format!("“{}”", chinese(&class.label, &class.name)),
                    format!("one of the class “{}”", english(&class.label, &class.name)),
                )
            }
            Alternative::Enum(at) => {
                let it = &schema.enums[usize::from(*at)];
                (
                    format!("“{}”所列之一", chinese(&it.label, &it.name)),
                    format!("a value of “{}”", english(&it.label, &it.name)),
                )
            }
            Alternative::Quantity => ("带单位的数值".to_owned(), "a quantity".to_owned()),
            Alternative::Datatype(datatype) => {
                let (zh, en) = match *datatype {
                    xsd::STRING => ("字符串", "a string"),
                    rdf::LANG_STRING => ("注明语言的文字", "a text with its language"),
                    xsd::BOOLEAN => ("真或假", "true or false"),
                    xsd::INTEGER => ("整数", "a whole number"),
                    xsd::DECIMAL => ("小数", "a decimal number"),
                    _ => ("日期", "a day, month, year or interval"),
                };
                (zh.to_owned(), en.to_owned())
            }
        }
    }

    /// Shapes for alternatives that are named in lists, and for the nodes of quantities.
    fn add_values(&mut self) {
        self.sheet.section("Alternatives that the lists name");
        let schema = self.graph.schema();
        let mut all: BTreeSet<Alternative> = schema
            .slots
            .iter()
            .flat_map(|slot| alternatives(&slot.range))
            .collect();
        all.extend(
            DATES
                .iter()
                .chain(&NUMBERS)
                .map(|it| Alternative::Datatype(*it)),
        );
        for alternative in all {
            let iri = self.alternative_iri(&alternative);
            self.node_shape(&iri);
            self.put_alternative(&iri, &alternative);
        }
        if !self.is_class(schema::QUANTITATIVE_VALUE) {
            self.add_quantity();
        }
    }
}

/// Whether the class is of nodes that are no entities.
fn is_own_class(iri: &str) -> bool {
    OWN_CLASSES.iter().any(|class| class.as_str() == iri)
}

/// The first text in Chinese, else `name`.
fn chinese<'t>(texts: &'t LangText, name: &'t str) -> &'t str {
    let found = texts.iter().find(|(language, _)| is_chinese(language));
    found.map_or(name, |(_, text)| text)
}

/// The first text that is not in Chinese, English before others, else `name`.
fn english<'t>(texts: &'t LangText, name: &'t str) -> &'t str {
    let other = texts.iter().find(|(language, _)| !is_chinese(language));
    let found = texts.get("en").or(other.map(|(_, text)| text));
    found.map_or(name, String::as_str)
}
