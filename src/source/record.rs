//! What stands in the tables of a project, field by field, before anything is made of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// A text in several languages.
pub type Text = BTreeMap<Spanned<String>, Spanned<String>>;

/// `project.toml`; what is needed is optional here, so that the lack of one key does not cost the others.
#[derive(Clone, Debug, Deserialize)]
pub struct ProjectRecord {
    /// Names the files that are made.
    pub name: Option<Spanned<String>>,
    /// Version of the data.
    pub version: Option<Spanned<String>>,
    /// Namespace of the entities.
    pub base: Option<Spanned<String>>,
    /// Namespace of own classes and slots.
    pub terms: Option<Spanned<String>>,
    /// Language tags.
    pub languages: Option<Vec<Spanned<String>>>,
    /// IRI of the licence.
    pub license: Option<Spanned<String>>,
    /// Title by language.
    pub title: Option<Text>,
    /// Description by language.
    #[serde(default)]
    pub description: Text,
    /// Namespaces by prefix.
    #[serde(default)]
    pub prefixes: Text,
    /// What units are called in languages that the sources are not in, by unit.
    #[serde(default)]
    pub units: BTreeMap<Spanned<String>, Text>,
}

/// A class of `schema.toml`, without its names by language.
#[derive(Clone, Debug, Deserialize)]
pub struct ClassRecord {
    /// The class above.
    pub is_a: Option<Spanned<String>>,
    /// Further classes above.
    #[serde(default)]
    pub mixins: Vec<Spanned<String>>,
    /// IRI or CURIE.
    pub class_uri: Option<Spanned<String>>,
    /// What it means, by language.
    #[serde(default)]
    pub description: Text,
    /// Is only there to be mixed in.
    #[serde(default)]
    pub mixin: bool,
    /// Has no entities of its own.
    #[serde(default, rename = "abstract")]
    pub is_abstract: bool,
    /// Its entities stand for a relation.
    #[serde(default)]
    pub represents_relationship: bool,
    /// Slots that it has.
    #[serde(default)]
    pub slots: Vec<Spanned<String>>,
    /// How it uses them.
    #[serde(default)]
    pub slot_usage: BTreeMap<Spanned<String>, SlotUsageRecord>,
    /// How it is drawn.
    #[serde(default)]
    pub draw: DrawRecord,
}

/// Terms elsewhere that a class or slot is mapped to: IRIs or CURIEs.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MappingsRecord {
    /// Terms that mean the same.
    #[serde(default)]
    pub exact_mappings: Vec<Spanned<String>>,
    /// Terms that mean nearly the same.
    #[serde(default)]
    pub close_mappings: Vec<Spanned<String>>,
    /// Broader terms.
    #[serde(default)]
    pub broad_mappings: Vec<Spanned<String>>,
    /// Narrower terms.
    #[serde(default)]
    pub narrow_mappings: Vec<Spanned<String>>,
    /// Related terms.
    #[serde(default)]
    pub related_mappings: Vec<Spanned<String>>,
}

/// How a class uses a slot.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotUsageRecord {
    /// An entity must have it.
    #[serde(default)]
    pub required: bool,
}

/// How a class is drawn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawRecord {
    /// Fill colour, `#rrggbb`.
    pub fill: Option<Spanned<String>>,
    /// Graphviz node shape.
    pub shape: Option<Spanned<String>>,
}

/// A slot of `schema.toml`, without its names by language.
#[derive(Clone, Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a slot of LinkML's own"
)]
pub struct SlotRecord {
    /// The slot above.
    pub is_a: Option<Spanned<String>>,
    /// IRI or CURIE.
    pub slot_uri: Option<Spanned<String>>,
    /// What it means, by language.
    #[serde(default)]
    pub description: Text,
    /// Class, enum or type that it takes.
    pub range: Option<Spanned<String>>,
    /// Classes of which it takes each.
    #[serde(default)]
    pub any_of: Vec<Spanned<String>>,
    /// Takes several values.
    #[serde(default)]
    pub multivalued: bool,
    /// Their order means something.
    #[serde(default)]
    pub list_elements_ordered: bool,
    /// Holds both ways.
    #[serde(default)]
    pub symmetric: bool,
    /// May hold of an entity and itself.
    #[serde(default)]
    pub reflexive: bool,
    /// Every entity of a class that has the slot must have a value.
    #[serde(default)]
    pub required: bool,
    /// Speaks of plans itself.
    #[serde(default)]
    pub prospective: bool,
    /// Its texts stand in the source word for word.
    #[serde(default)]
    pub verbatim: bool,
}

/// An enum of `schema.toml`, without its names by language and its values.
#[derive(Clone, Debug, Deserialize)]
pub struct EnumRecord {
    /// IRI or CURIE.
    pub enum_uri: Option<Spanned<String>>,
    /// What it lists, by language.
    #[serde(default)]
    pub description: Text,
}

/// A permissible value of an enum, without its names by language.
#[derive(Clone, Debug, Deserialize)]
pub struct PermissibleValueRecord {
    /// IRI or CURIE.
    pub meaning: Option<Spanned<String>>,
    /// What it means, by language.
    #[serde(default)]
    pub description: Text,
}

/// A file of `views/`.
#[derive(Clone, Debug, Deserialize)]
pub struct ViewRecord {
    /// Title by language.
    pub title: Option<Text>,
    /// What it shows, by language.
    #[serde(default)]
    pub description: Text,
    /// What is drawn.
    pub show: Option<Spanned<String>>,
    /// Slugs to begin with.
    #[serde(default)]
    pub roots: Vec<Spanned<String>>,
    /// Steps from the roots.
    pub depth: Option<u32>,
    /// Which way the steps go.
    pub follow: Option<Spanned<String>>,
    /// Only entities of these classes.
    #[serde(default)]
    pub classes: Vec<Spanned<String>>,
    /// No entities of these classes.
    #[serde(default)]
    pub except_classes: Vec<Spanned<String>>,
    /// Only facts of these slots.
    #[serde(default)]
    pub slots: Vec<Spanned<String>>,
    /// No facts of these slots.
    #[serde(default)]
    pub except_slots: Vec<Spanned<String>>,
    /// Only facts of these articles.
    #[serde(default)]
    pub articles: Vec<Spanned<String>>,
    /// What nodes are grouped by, outermost first.
    #[serde(default)]
    pub cluster: OneOrMany,
    /// Classes whose entities are drawn as edges.
    #[serde(default)]
    pub relations: BTreeMap<Spanned<String>, RelationRecord>,
    /// Languages of the names.
    #[serde(default)]
    pub languages: Vec<Spanned<String>>,
    /// Where edges lead.
    pub direction: Option<Spanned<String>>,
    /// Whether edges are labelled.
    pub labels: Option<bool>,
    /// Whether, or of which slots, literals are shown.
    pub literals: Option<LiteralsRecord>,
    /// Whether there is a legend.
    pub legend: Option<bool>,
    /// Most nodes.
    pub max_nodes: Option<usize>,
    /// Where nodes link to.
    pub link: Option<Spanned<String>>,
}

/// How the entities of a class become edges.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationRecord {
    /// Slot at whose value the edge begins.
    pub from: Spanned<String>,
    /// Slot at whose value it ends.
    pub to: Spanned<String>,
    /// Slot whose value names it.
    pub label: Option<Spanned<String>>,
}

/// All literals, none, or those of some slots.
#[derive(Clone, Debug)]
pub enum LiteralsRecord {
    /// All or none.
    Switch(bool),
    /// Those of these slots.
    Slots(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for LiteralsRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LiteralsVisitor;

        impl<'de> Visitor<'de> for LiteralsVisitor {
            type Value = LiteralsRecord;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or an array of slots")
            }

            fn visit_bool<E>(self, switch: bool) -> Result<LiteralsRecord, E> {
                Ok(LiteralsRecord::Switch(switch))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<LiteralsRecord, A::Error> {
                let mut slots = Vec::new();
                while let Some(slot) = seq.next_element()? {
                    slots.push(slot);
                }
                Ok(LiteralsRecord::Slots(slots))
            }
        }

        deserializer.deserialize_any(LiteralsVisitor)
    }
}

/// What makes an entity a source document.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceRecord {
    /// Digest of its plain text.
    pub sha256: Spanned<String>,
    /// Length of its plain text in code points.
    pub length: Spanned<u32>,
}

/// What makes an entity an article.
#[derive(Clone, Debug, Deserialize)]
pub struct ArticleRecord {
    /// The source document that it stands in.
    pub source: Spanned<String>,
    /// The stretches that it occupies.
    pub range: OneOrMany,
}

/// What every entity may have beside its names by language and its slots.
#[derive(Clone, Debug, Deserialize)]
pub struct EntityRecord {
    /// Its class; a table without it adds to an entity that stands elsewhere.
    pub is: Option<Spanned<String>>,
    /// Other names.
    #[serde(default)]
    pub alias: Names,
    /// Names in this article only.
    #[serde(default)]
    pub short: Names,
}

/// The slug of an entity that is defined where it is used.
#[derive(Clone, Debug, Deserialize)]
pub struct NestedRecord {
    /// Its slug.
    pub id: Spanned<String>,
}

/// Evidence of a fact or a name.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EvidenceRecord {
    /// Positions in the source.
    #[serde(default)]
    pub at: OneOrMany,
    /// The printed wordings.
    #[serde(default, rename = "as")]
    pub wording: OneOrMany,
    /// How far from plainly asserted.
    pub status: Option<Spanned<String>>,
    /// Why it follows, by language.
    #[serde(default)]
    pub inferred: Text,
}

/// Reference to one or several entities.
#[derive(Clone, Debug, Deserialize)]
pub struct FactRecord {
    /// Their slugs.
    pub to: OneOrMany,
}

/// A quantity, without its number.
#[derive(Clone, Debug, Deserialize)]
pub struct QuantityRecord {
    /// Scale as printed.
    pub scale: Option<Spanned<String>>,
    /// Unit without scale.
    pub unit: Option<Spanned<String>>,
    /// How the number relates to the quantity.
    pub comparator: Option<Spanned<String>>,
}

/// One string, or an array of them.
#[derive(Clone, Debug, Default)]
pub struct OneOrMany(pub Vec<Spanned<String>>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A lone string has a span only as a `Spanned`, an array's strings have their own.
        struct Lone(Vec<Spanned<String>>, bool);

        impl<'de> Deserialize<'de> for Lone {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(LoneVisitor)
            }
        }

        struct LoneVisitor;

        impl<'de> Visitor<'de> for LoneVisitor {
            type Value = Lone;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Lone, E> {
                Ok(Lone(vec![Spanned::new(0..0, text.to_owned())], true))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lone, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(Lone(all, false))
            }
        }

        let lone = Spanned::<Lone>::deserialize(deserializer)?;
        let span = lone.span();
        let Lone(all, is_lone) = lone.into_inner();
        Ok(Self(if is_lone {
            all.into_iter()
                .map(|one| Spanned::new(span.clone(), one.into_inner()))
                .collect()
        } else {
            all
        }))
    }
}

/// Names: in the first language of the project, or by language.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Names in the first language.
    pub plain: Vec<Spanned<String>>,
    /// Names by language.
    pub by_language: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;

        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of names, or a table of such arrays by language")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
                let mut names = Names::default();
                while let Some(name) = seq.next_element()? {
                    names.plain.push(name);
                }
                Ok(names)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Names::default();
                while let Some(entry) = map.next_entry()? {
                    names.by_language.push(entry);
                }
                Ok(names)
            }
        }

        deserializer.deserialize_any(NamesVisitor)
    }
}
