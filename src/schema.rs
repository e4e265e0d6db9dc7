//! Classes, slots and enums of a graph project, in [LinkML](https://linkml.io/linkml-model/)'s words.
//!
//! Plain data: [`load`](crate::load) reads it from `schema.toml`, and whoever knows the classes
//! and slots of a graph by other means fills it in directly.

use std::collections::BTreeMap;

/// Texts by language tag.
pub type LangText = BTreeMap<String, String>;

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            pub struct $name(pub u16);

            impl $name {
                /// Its place in the list of the schema.
                pub fn index(self) -> usize {
                    usize::from(self.0)
                }
            }
        )+
    };
}

ids! {
    /// A class of a [`Schema`].
    ClassId,
    /// A slot of a [`Schema`].
    SlotId,
    /// An enum of a [`Schema`].
    EnumId,
}

/// What a slot takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Range {
    /// Any entity.
    Any,
    /// Entities of one of these classes, or of a class below.
    Classes(Vec<ClassId>),
    /// A permissible value of an enum.
    Enum(EnumId),
    /// A literal.
    Literal(LiteralType),
}

/// Type of a literal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LiteralType {
    /// A string without language.
    String,
    /// A text in each of the project's languages.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// True or false.
    Boolean,
    /// A day, month, year, or an interval of these.
    Date,
    /// An absolute IRI.
    Uri,
    /// A number with unit, scale, comparator and time.
    Quantity,
}

impl LiteralType {
    /// Every type, with the name that `range` calls it by.
    pub const ALL: &[(&str, Self)] = &[
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("decimal", Self::Decimal),
        ("integer", Self::Integer),
        ("quantity", Self::Quantity),
        ("string", Self::String),
        ("text", Self::Text),
        ("uri", Self::Uri),
    ];

    /// The name that `range` calls it by.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, literal)| *literal == self)
            .map_or("", |(name, _)| name)
    }
}

/// How close a term is to one of another vocabulary; LinkML's mapping slots.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum MappingKind {
    /// `exact_mappings`
    Exact,
    /// `close_mappings`
    Close,
    /// `broad_mappings`: the other term is broader
    Broad,
    /// `narrow_mappings`: the other term is narrower
    Narrow,
    /// `related_mappings`
    Related,
}

/// A term of another vocabulary that a class or slot corresponds to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Mapping {
    /// How close.
    pub kind: MappingKind,
    /// The other term.
    pub iri: String,
}

/// How entities of a class are drawn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Style {
    /// Fill colour, `#rrggbb`.
    pub fill: Option<String>,
    /// Outline.
    pub shape: Option<Shape>,
}

macro_rules! shapes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Outline of a node, by the name that Graphviz has for it.
        #[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Shape {
            #[default]
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Shape {
            /// Every shape there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, in the schema and in DOT.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The shape called `name`.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|shape| shape.name() == name)
            }
        }
    };
}

shapes! {
    /// A rectangle.
    Box = "box",
    /// A sheet of paper with a folded corner.
    Note = "note",
    /// An ellipse.
    Ellipse = "ellipse",
    /// A hexagon.
    Hexagon = "hexagon",
    /// A folder.
    Folder = "folder",
    /// A sheet with a tab.
    Tab = "tab",
    /// A component of a system.
    Component = "component",
}

/// A class.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// Name, such as `Agreement`.
    pub name: String,
    /// IRI (`class_uri`).
    pub iri: String,
    /// Names in the project's languages.
    pub label: LangText,
    /// What the class means.
    pub description: LangText,
    /// The class above (`is_a`).
    pub parent: Option<ClassId>,
    /// Further classes above (`mixins`).
    pub mixins: Vec<ClassId>,
    /// Cannot have entities of its own (`mixin` or `abstract`).
    pub is_abstract: bool,
    /// Its entities stand for a relation among others (`represents_relationship`).
    pub represents_relationship: bool,
    /// Slots declared here (`slots`), without those of the classes above.
    pub own_slots: Vec<SlotId>,
    /// Slots that an entity of this class must have.
    pub required_slots: Vec<SlotId>,
    /// Terms of other vocabularies.
    pub mappings: Vec<Mapping>,
    /// How its entities are drawn.
    pub style: Style,
}

/// A slot: what LinkML calls so, RDF a property.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a slot of LinkML's own"
)]
pub struct Slot {
    /// Name, such as `signatory`.
    pub name: String,
    /// IRI (`slot_uri`).
    pub iri: String,
    /// Names in the project's languages.
    pub label: LangText,
    /// What the slot means.
    pub description: LangText,
    /// The slot above (`is_a`).
    pub parent: Option<SlotId>,
    /// What it takes.
    pub range: Range,
    /// Takes several values.
    pub is_multivalued: bool,
    /// The order of the values means something (`list_elements_ordered`).
    pub is_ordered: bool,
    /// Holds both ways (`symmetric`).
    pub is_symmetric: bool,
    /// An entity may be its own value (`reflexive`).
    pub is_reflexive: bool,
    /// Speaks of plans itself, so that its edge stands even where it is only planned.
    pub is_prospective: bool,
    /// Its texts stand in the source word for word, in the source's language.
    pub is_verbatim: bool,
    /// Terms of other vocabularies.
    pub mappings: Vec<Mapping>,
}

/// One of the values that an enum lists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PermissibleValue {
    /// The value as written in data files.
    pub name: String,
    /// IRI (`meaning`).
    pub iri: String,
    /// Names in the project's languages.
    pub label: LangText,
    /// What the value means.
    pub description: LangText,
}

/// An enum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Enum {
    /// Name, such as `AttendanceKind`.
    pub name: String,
    /// IRI.
    pub iri: String,
    /// Names in the project's languages.
    pub label: LangText,
    /// What the values have in common.
    pub description: LangText,
    /// What it lists.
    pub permissible_values: Vec<PermissibleValue>,
}

/// Classes, slots and enums.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Schema {
    /// Classes, as declared; a [`ClassId`] is a place in this list.
    pub classes: Vec<Class>,
    /// Slots, as declared; a [`SlotId`] is a place in this list.
    pub slots: Vec<Slot>,
    /// Enums, as declared; an [`EnumId`] is a place in this list.
    pub enums: Vec<Enum>,
}

impl Schema {
    /// The class behind `id`, which must be of this schema.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The slot behind `id`, which must be of this schema.
    pub fn slot(&self, id: SlotId) -> &Slot {
        &self.slots[id.index()]
    }

    /// The enum behind `id`, which must be of this schema.
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.index()]
    }

    /// The class called `name`.
    pub fn class_named(&self, name: &str) -> Option<ClassId> {
        self.class_ids().find(|id| self.class(*id).name == name)
    }

    /// The slot called `name`.
    pub fn slot_named(&self, name: &str) -> Option<SlotId> {
        self.slot_ids().find(|id| self.slot(*id).name == name)
    }

    /// All classes, as declared.
    pub fn class_ids(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..id_count(self.classes.len())).map(ClassId)
    }

    /// All slots, as declared.
    pub fn slot_ids(&self) -> impl Iterator<Item = SlotId> + use<> {
        (0..id_count(self.slots.len())).map(SlotId)
    }

    /// `class` and the classes above it, nearest first, each once.
    pub fn ancestors(&self, class: ClassId) -> Vec<ClassId> {
        let mut found = vec![class];
        let mut at = 0;
        while let Some(&id) = found.get(at) {
            let class = self.class(id);
            for above in class.parent.iter().chain(&class.mixins) {
                if !found.contains(above) {
                    found.push(*above);
                }
            }
            at += 1;
        }
        found
    }

    /// Whether `class` is `above` or below it.
    pub fn is_subclass(&self, class: ClassId, above: ClassId) -> bool {
        self.ancestors(class).contains(&above)
    }

    /// Whether `slot` is `above` or below it.
    pub fn is_subslot(&self, slot: SlotId, above: SlotId) -> bool {
        let mut seen = vec![slot];
        while let Some(&id) = seen.last() {
            if id == above {
                return true;
            }
            match self.slot(id).parent {
                Some(parent) if !seen.contains(&parent) => seen.push(parent),
                _ => return false,
            }
        }
        false
    }

    /// Slots that an entity of `class` may have, in the order in which they are declared.
    pub fn slots_of(&self, class: ClassId) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self
            .ancestors(class)
            .into_iter()
            .flat_map(|id| self.class(id).own_slots.iter().copied())
            .collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Whether an entity of `class` may have `slot`.
    pub fn has_slot(&self, class: ClassId, slot: SlotId) -> bool {
        let mut classes = self.ancestors(class).into_iter();
        classes.any(|id| self.class(id).own_slots.contains(&slot))
    }

    /// Slots that an entity of `class` must have, in the order in which they are declared.
    pub fn required_slots(&self, class: ClassId) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self
            .ancestors(class)
            .into_iter()
            .flat_map(|id| self.class(id).required_slots.iter().copied())
            .collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Whether `range` takes an entity of `class`.
    pub fn takes(&self, range: &Range, class: ClassId) -> bool {
        match range {
            Range::Any => true,
            Range::Classes(classes) => {
                let above = self.ancestors(class);
                classes.iter().any(|id| above.contains(id))
            }
            Range::Enum(_) | Range::Literal(_) => false,
        }
    }

    /// Style of the entities of `class`, each part from the nearest class that sets it.
    pub fn style(&self, class: ClassId) -> Style {
        let mut style = Style::default();
        for id in self.ancestors(class) {
            let own = &self.class(id).style;
            style.fill = style.fill.or_else(|| own.fill.clone());
            style.shape = style.shape.or(own.shape);
        }
        style
    }
}

/// Number of ids for a list of this length; `load` refuses longer lists.
fn id_count(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// `cooperation_area` as the local name `cooperationArea`.
pub(crate) fn lower_camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    for word in name.split('_').filter(|word| !word.is_empty()) {
        if camel.is_empty() {
            camel.push_str(word);
        } else {
            let (first, rest) = word.split_at(1);
            camel.push_str(&first.to_ascii_uppercase());
            camel.push_str(rest);
        }
    }
    camel
}
