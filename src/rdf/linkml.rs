//! The schema as LinkML.

use std::collections::BTreeSet;
use std::io::{self, Write};

use oxrdf::NamedNodeRef;

use super::ontology::ontology_iri;
use crate::model::KnowledgeGraph;
use crate::schema::{Class, Enum, LangText, LiteralType, Mapping, MappingKind, Range, Slot};
use crate::vocab::{edtf, rdf, rdfs, schema, skos};

/// Writes the graph's schema as a [LinkML](https://linkml.io/linkml-model/) schema in YAML.
///
/// Descriptions and titles are in the project's second language, which is not the sources' own, and
/// in the others as alternatives and aliases. What our data have and LinkML does not is said in
/// types of its own: `text` (a language-tagged string), `quantity` (a number with its unit) and
/// `partial_date` (a day, month, year or interval).
///
/// # Errors
///
/// When `writer` fails.
pub fn write_linkml<W: Write>(graph: &KnowledgeGraph, mut writer: W) -> io::Result<W> {
    let languages = &graph.project().languages;
    let main = languages.get(1).or(languages.first());
    let schema = LinkMl {
        graph,
        main: main.map_or("en", String::as_str),
    };
    let mut text = String::new();
    append_map(&mut text, &schema.document(), 0);
    writer.write_all(text.as_bytes())?;
    Ok(writer)
}

/// A string as a double-quoted YAML scalar, which is a JSON string too.
///
/// Escaped are quotation marks and backslashes, and what YAML takes for a line break or does not
/// take at all: control characters, U+2028, U+2029, the byte order mark and the noncharacters U+FFFE
/// and U+FFFF.
pub fn quote_yaml(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
                ) =>
            {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A YAML document, as far as we need it.
enum Yaml {
    Text(String),
    True,
    List(Vec<Yaml>),
    Map(Vec<(Key, Yaml)>),
}

/// Key of a map: a word of LinkML's, or a name that may be anything.
enum Key {
    Word(&'static str),
    Name(String),
}

fn append_map(out: &mut String, map: &[(Key, Yaml)], indent: usize) {
    for (key, value) in map {
        out.push_str(&" ".repeat(indent));
        match key {
            Key::Word(word) => out.push_str(word),
            Key::Name(name) => out.push_str(&quote_yaml(name)),
        }
        out.push(':');
        append_value(out, value, indent);
    }
}

/// Appends what stands after a colon or a dash, and ends the line.
fn append_value(out: &mut String, value: &Yaml, indent: usize) {
    match value {
        Yaml::Text(text) => {
            out.push(' ');
            out.push_str(&quote_yaml(text));
            out.push('\n');
        }
        Yaml::True => out.push_str(" true\n"),
        Yaml::Map(map) if map.is_empty() => out.push_str(" {}\n"),
        Yaml::Map(map) => {
            out.push('\n');
            append_map(out, map, indent + 2);
        }
        Yaml::List(list) => {
            out.push('\n');
            for item in list {
                out.push_str(&" ".repeat(indent + 2));
                out.push('-');
                append_value(out, item, indent + 2);
            }
        }
    }
}

/// A map in the making.
#[derive(Default)]
struct Entries(Vec<(Key, Yaml)>);

impl Entries {
    fn text(mut self, key: &'static str, text: impl Into<String>) -> Self {
        self.0.push((Key::Word(key), Yaml::Text(text.into())));
        self
    }

    /// Only where there is one.
    fn maybe(self, key: &'static str, text: Option<String>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self,
        }
    }

    /// Only where it holds; everything is false in LinkML unless it is said.
    fn flag(mut self, key: &'static str, holds: bool) -> Self {
        if holds {
            self.0.push((Key::Word(key), Yaml::True));
        }
        self
    }

    /// Only where there is something in it.
    fn list(mut self, key: &'static str, items: Vec<String>) -> Self {
        if !items.is_empty() {
            let items = items.into_iter().map(Yaml::Text).collect();
            self.0.push((Key::Word(key), Yaml::List(items)));
        }
        self
    }

    /// Only where there is something in it.
    fn map(mut self, key: &'static str, map: Vec<(Key, Yaml)>) -> Self {
        if !map.is_empty() {
            self.0.push((Key::Word(key), Yaml::Map(map)));
        }
        self
    }

    fn done(self) -> Yaml {
        Yaml::Map(self.0)
    }
}

struct LinkMl<'g> {
    graph: &'g KnowledgeGraph,
    /// The language of titles and descriptions.
    main: &'g str,
}

/// Prefixes that `linkml:types` declares, and what they stand for there.
const TAKEN_PREFIXES: &[(&str, &str)] = &[
    ("linkml", "https://w3id.org/linkml/"),
    ("schema", "http://schema.org/"),
    ("shex", "http://www.w3.org/ns/shex#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];
/// The slot that holds an entity's IRI; no slot of a project may be called so.
const IDENTIFIER: &str = "id";

impl LinkMl<'_> {
    fn document(&self) -> Vec<(Key, Yaml)> {
        let project = self.graph.project();
        let schema = self.graph.schema();
        let mut prefixes = project.prefixes.iter();
        let own_prefix = prefixes
            .find(|it| it.1 == project.terms)
            .and_then(|it| self.prefix(it.0, it.1));
        let default_prefix = own_prefix.unwrap_or(&project.terms);
        let head = self.texts(
            Entries::default()
                .text("id", ontology_iri(self.graph))
                .text("name", &project.name),
            &project.title,
            &project.description,
        );
        let named = |entries: Vec<(String, Yaml)>| {
            let named = entries.into_iter().map(|(name, it)| (Key::Name(name), it));
            named.collect::<Vec<_>>()
        };
        let names = self.name_slots();
        let roots: Vec<String> = std::iter::once(IDENTIFIER.to_owned())
            .chain(names.iter().map(|(name, _)| name.clone()))
            .collect();
        let mut classes: Vec<(String, Yaml)> = schema
            .classes
            .iter()
            .map(|class| (class.name.clone(), self.class(class, &roots)))
            .collect();
        let any = Entries::default()
            .text("description", "Whatever there is.")
            .text("class_uri", "linkml:Any");
        classes.push((self.any(), any.done()));
        let identifier = Entries::default()
            .text("description", "IRI of the entity.")
            .flag("identifier", true)
            .text("range", "uriorcurie");
        let mut slots = vec![(IDENTIFIER.to_owned(), identifier.done())];
        slots.extend(names);
        let own = schema.slots.iter();
        slots.extend(own.map(|slot| (slot.name.clone(), self.slot(slot))));
        let enums = schema.enums.iter();
        let enums = enums.map(|it| (it.name.clone(), self.enumeration(it)));
        head.text("version", &project.version)
            .text("license", &project.license)
            .map("prefixes", named(self.prefixes()))
            .text("default_prefix", default_prefix)
            .text("default_range", "string")
            .list("imports", vec!["linkml:types".to_owned()])
            .map("types", named(self.types()))
            .map("classes", named(classes))
            .map("slots", named(slots))
            .map("enums", named(enums.collect()))
            .0
    }

    /// Prefixes that a term of the schema uses.
    fn prefixes(&self) -> Vec<(String, Yaml)> {
        let (project, schema) = (self.graph.project(), self.graph.schema());
        let classes = schema.classes.iter().map(|it| (&it.iri, &it.mappings));
        let slots = schema.slots.iter().map(|it| (&it.iri, &it.mappings));
        let enums = schema.enums.iter();
        let values = enums.clone().flat_map(|it| &it.permissible_values);
        let used: BTreeSet<&str> = classes
            .chain(slots)
            .flat_map(|(iri, mappings)| {
                let others = mappings.iter().map(|it| it.iri.as_str());
                std::iter::once(iri.as_str()).chain(others)
            })
            .chain(enums.map(|it| it.iri.as_str()))
            .chain(values.map(|it| it.iri.as_str()))
            .chain(
                [rdf::TYPE, rdfs::LABEL, skos::ALT_LABEL, schema::VALUE].map(NamedNodeRef::as_str),
            )
            .filter_map(|iri| project.prefixes.shorten(iri).map(|it| it.0))
            .collect();
        let linkml = TAKEN_PREFIXES
            .iter()
            .filter(|it| it.0 == "linkml")
            .map(|it| (it.0.to_owned(), Yaml::Text(it.1.to_owned())));
        let others = project.prefixes.iter().filter_map(|(prefix, namespace)| {
            let is_used =
                used.contains(prefix) || namespace == project.base || namespace == project.terms;
            let prefix = self.prefix(prefix, namespace)?;
            (is_used && prefix != "linkml")
                .then(|| (prefix.to_owned(), Yaml::Text(namespace.to_owned())))
        });
        linkml.chain(others).collect()
    }

    fn types(&self) -> Vec<(String, Yaml)> {
        let kind = |description: &str, iri: &str| {
            Entries::default()
                .text("description", description)
                .text("typeof", "string")
                .text("uri", self.compact(iri))
                .done()
        };
        vec![
            (
                "text".to_owned(),
                kind("A text in one language.", rdf::LANG_STRING.as_str()),
            ),
            (
                "quantity".to_owned(),
                kind(
                    "A number with unit, scale, comparator and time; a node of its own in RDF.",
                    schema::QUANTITATIVE_VALUE.as_str(),
                ),
            ),
            (
                "partial_date".to_owned(),
                kind(
                    "A day, month or year, or an interval of two of these.",
                    edtf::EDTF.as_str(),
                ),
            ),
        ]
    }

    /// Name of the class of whatever there is, which no class of the project has.
    fn any(&self) -> String {
        let mut name = "Any".to_owned();
        while self.graph.schema().class_named(&name).is_some() {
            name.push('_');
        }
        name
    }

    /// Slots for the names that every entity has, but for those that the schema has itself.
    fn name_slots(&self) -> Vec<(String, Yaml)> {
        let slot = |description: &str, iri: &str, is_required| {
            Entries::default()
                .text("description", description)
                .text("slot_uri", self.compact(iri))
                .text("range", "text")
                .flag("multivalued", true)
                .flag("required", is_required)
                .done()
        };
        let names = [
            (
                "label",
                "Its name, one in each language.",
                rdfs::LABEL,
                true,
            ),
            ("alt_label", "A further name of it.", skos::ALT_LABEL, false),
        ];
        names
            .into_iter()
            .filter(|(name, ..)| self.graph.schema().slot_named(name).is_none())
            .map(|(name, description, iri, is_required)| {
                (
                    name.to_owned(),
                    slot(description, iri.as_str(), is_required),
                )
            })
            .collect()
    }

    /// Title and description in the main language, and what there is in others.
    fn texts(&self, entries: Entries, label: &LangText, description: &LangText) -> Entries {
        let others = |texts: &LangText| -> Vec<(String, String)> {
            let others = texts.iter().filter(|(language, _)| *language != self.main);
            others.map(|(a, b)| (a.clone(), b.clone())).collect()
        };
        let aliases: Vec<Yaml> = others(label)
            .into_iter()
            .map(|(language, text)| {
                Entries::default()
                    .text("literal_form", text)
                    .text("predicate", "EXACT_SYNONYM")
                    .text("in_language", language)
                    .done()
            })
            .collect();
        let descriptions = others(description)
            .into_iter()
            .map(|(language, text)| {
                let description = Entries::default().text("description", text).done();
                (Key::Name(language), description)
            })
            .collect();
        let mut entries = entries
            .maybe("title", label.get(self.main).cloned())
            .maybe("description", description.get(self.main).cloned())
            .map("alt_descriptions", descriptions);
        if !aliases.is_empty() {
            let aliases = Yaml::List(aliases);
            entries.0.push((Key::Word("structured_aliases"), aliases));
        }
        entries
    }

    fn compact(&self, iri: &str) -> String {
        let prefixes = &self.graph.project().prefixes;
        let short = prefixes.shorten(iri).and_then(|(prefix, local)| {
            let prefix = self.prefix(prefix, prefixes.namespace(prefix)?)?;
            Some(format!("{prefix}:{local}"))
        });
        short.unwrap_or_else(|| iri.to_owned())
    }

    /// What the prefix is called here: `linkml:types` takes some for itself, for all that import it.
    fn prefix<'p>(&self, prefix: &'p str, namespace: &str) -> Option<&'p str> {
        let taken = TAKEN_PREFIXES.iter().find(|it| it.0 == prefix);
        if taken.is_none_or(|it| it.1 == namespace) {
            return Some(prefix);
        }
        let is_free = self.graph.project().prefixes.namespace("sdo").is_none();
        (prefix == "schema" && is_free).then_some("sdo")
    }

    fn mappings(&self, mut entries: Entries, mappings: &[Mapping]) -> Entries {
        for (kind, key) in [
            (MappingKind::Exact, "exact_mappings"),
            (MappingKind::Close, "close_mappings"),
            (MappingKind::Broad, "broad_mappings"),
            (MappingKind::Narrow, "narrow_mappings"),
            (MappingKind::Related, "related_mappings"),
        ] {
            let of_kind = mappings.iter().filter(|it| it.kind == kind);
            entries = entries.list(key, of_kind.map(|it| self.compact(&it.iri)).collect());
        }
        entries
    }

    /// `root_slots` are the slots that every entity has.
    fn class(&self, class: &Class, root_slots: &[String]) -> Yaml {
        let schema = self.graph.schema();
        let is_mixin = schema.classes.iter().any(|it| {
            let mut mixins = it.mixins.iter();
            mixins.any(|id| schema.class(*id).name == class.name)
        });
        let mut slots: Vec<String> = Vec::new();
        if class.parent.is_none() && !(is_mixin && class.is_abstract) {
            slots.extend_from_slice(root_slots);
        }
        let own = class.own_slots.iter();
        slots.extend(own.map(|id| schema.slot(*id).name.clone()));
        let required: BTreeSet<_> = class.required_slots.iter().collect();
        let usage = required
            .into_iter()
            .map(|id| {
                let usage = Entries::default().flag("required", true).done();
                (Key::Name(schema.slot(*id).name.clone()), usage)
            })
            .collect();
        let parent = class.parent.map(|id| schema.class(id).name.clone());
        let mixins = class.mixins.iter();
        let entries = self
            .texts(Entries::default(), &class.label, &class.description)
            .maybe("is_a", parent)
            .list(
                "mixins",
                mixins.map(|id| schema.class(*id).name.clone()).collect(),
            )
            .flag("mixin", is_mixin)
            .flag("abstract", class.is_abstract && !is_mixin)
            .flag("represents_relationship", class.represents_relationship)
            .text("class_uri", self.compact(&class.iri))
            .list("slots", slots)
            .map("slot_usage", usage);
        self.mappings(entries, &class.mappings).done()
    }

    fn slot(&self, slot: &Slot) -> Yaml {
        let schema = self.graph.schema();
        let parent = slot.parent.map(|id| schema.slot(id).name.clone());
        let (range, any_of) = match &slot.range {
            Range::Any => (self.any(), Vec::new()),
            Range::Classes(classes) => match classes.as_slice() {
                [class] => (schema.class(*class).name.clone(), Vec::new()),
                several => (
                    self.any(),
                    several
                        .iter()
                        .map(|id| {
                            Entries::default()
                                .text("range", &schema.class(*id).name)
                                .done()
                        })
                        .collect(),
                ),
            },
            Range::Enum(id) => (schema.enumeration(*id).name.clone(), Vec::new()),
            Range::Literal(LiteralType::Date) => ("partial_date".to_owned(), Vec::new()),
            Range::Literal(literal) => (literal.name().to_owned(), Vec::new()),
        };
        let is_text = slot.range == Range::Literal(LiteralType::Text);
        let mut entries = self
            .texts(Entries::default(), &slot.label, &slot.description)
            .maybe("is_a", parent)
            .text("slot_uri", self.compact(&slot.iri))
            .text("range", range);
        if !any_of.is_empty() {
            entries.0.push((Key::Word("any_of"), Yaml::List(any_of)));
        }
        let entries = entries
            // A text stands once in each language.
            .flag("multivalued", slot.is_multivalued || is_text)
            .flag("list_elements_ordered", slot.is_ordered)
            .flag("symmetric", slot.is_symmetric)
            .flag("reflexive", slot.is_reflexive);
        self.mappings(entries, &slot.mappings).done()
    }

    fn enumeration(&self, enumeration: &Enum) -> Yaml {
        let values = enumeration
            .permissible_values
            .iter()
            .map(|value| {
                let value_entries =
                    self.texts(Entries::default(), &value.label, &value.description);
                let value_entries = value_entries.text("meaning", self.compact(&value.iri));
                (Key::Name(value.name.clone()), value_entries.done())
            })
            .collect();
        self.texts(
            Entries::default(),
            &enumeration.label,
            &enumeration.description,
        )
        .text("enum_uri", self.compact(&enumeration.iri))
        .map("permissible_values", values)
        .done()
    }
}

#[cfg(test)]
mod tests {
    use super::quote_yaml;

    #[test]
    fn what_yaml_takes_for_more_than_a_character_is_escaped() {
        for (text, quoted) in [
            ("", "\"\""),
            ("a: \"b\" \\", "\"a: \\\"b\\\" \\\\\""),
            ("a\nb\r\t", "\"a\\nb\\r\\t\""),
            ("\0\u{7f}\u{85}\u{2028}", "\"\\u0000\\u007f\\u0085\\u2028\""),
            ("成渝😀", "\"成渝😀\""),
        ] {
            assert_eq!(quote_yaml(text), quoted);
        }
    }
}
