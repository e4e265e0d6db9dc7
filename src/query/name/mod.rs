//! Which entity a name means.

mod lookup;
mod similar;
mod spelling;
mod table;

use std::sync::OnceLock;

use self::lookup::Lookup;
use self::similar::Pairs;
use self::table::NameTable;
use crate::model::{KnowledgeGraph, NodeId};
use crate::schema::ClassId;

/// Most entities that are offered in place of an unknown name.
const SUGGESTIONS: usize = 5;

/// How a text names an entity, the surest way first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Matched {
    /// It is the slug, the IRI or a CURIE of it.
    Identifier,
    /// It is a canonical name.
    Canonical,
    /// It is an alias, or the slug written otherwise.
    Alias,
    /// It is a short form, which means the entity in one article.
    Short,
    /// It is a name in pinyin; every reading of a character counts.
    Pinyin,
    /// It is the first letters of a name's syllables in pinyin.
    Initials,
    /// Each of its words stands in a name; or, if there is no such name, it is part of one in
    /// pinyin.
    Partial,
    /// Its characters, or their initials, stand in a Chinese name of at most twice the length in
    /// the same order, the first at the beginning: 甲发委 or `jfw` for 甲市发展委. Or it has the
    /// words of a name in turn or their first letters, without short ones and one other: `Jia RC` or
    /// `JRC` for Jia Municipal Reform Commission.
    Abbreviation,
    /// It is like a name.
    Similar,
}

impl Matched {
    /// A word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Canonical => "canonical",
            Self::Alias => "alias",
            Self::Short => "short",
            Self::Pinyin => "pinyin",
            Self::Initials => "initials",
            Self::Partial => "partial",
            Self::Abbreviation => "abbreviation",
            Self::Similar => "similar",
        }
    }

    /// Whether the text is a name that the graph has, in this or another spelling.
    pub fn is_name(self) -> bool {
        self <= Self::Short
    }
}

/// An entity that a text may mean, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hit<'g> {
    /// The entity.
    pub node: NodeId,
    /// How the text names it.
    pub matched: Matched,
    /// The name that was found, or the slug.
    pub name: &'g str,
    /// The article in which that name means the entity, if it is a short form.
    pub article: Option<NodeId>,
}

/// What a text means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Resolution<'g> {
    /// One entity.
    Found(Hit<'g>),
    /// Each of several entities equally well, in the order of [`NameIndex::search`].
    Ambiguous(Vec<Hit<'g>>),
    /// None; these could have been meant, the likeliest first.
    Unknown(Vec<Hit<'g>>),
}

/// Which entities and names count.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Scope {
    /// Only entities of this class or of one below it.
    pub class: Option<ClassId>,
    /// Of the short forms only those of this article, and those before all other names.
    pub article: Option<NodeId>,
}

/// The names of a graph, made ready for being looked up in many spellings.
///
/// White space, punctuation, accents, full or half width, upper and lower case never make a
/// difference. Building takes time and memory in proportion to the length of all names; a lookup
/// needs nothing but the index and the graph that it was made from.
///
/// ```
/// # use tupu::model::{GraphBuilder, NameKind, Project};
/// # use tupu::schema::{Class, ClassId, Schema};
/// # let mut schema = Schema::default();
/// # schema.classes.push(Class {
/// #     name: "City".to_owned(),
/// #     iri: "https://schema.org/City".to_owned(),
/// #     label: Default::default(),
/// #     description: Default::default(),
/// #     parent: None,
/// #     mixins: Vec::new(),
/// #     is_abstract: false,
/// #     represents_relationship: false,
/// #     own_slots: Vec::new(),
/// #     required_slots: Vec::new(),
/// #     mappings: Vec::new(),
/// #     style: Default::default(),
/// # });
/// # let languages = vec!["zh".to_owned(), "en".to_owned()];
/// # let project = Project { languages, ..Project::default() };
/// # let mut builder = GraphBuilder::new(project, schema);
/// # for (slug, zh, en) in [
/// #     ("chongqing", "重庆市", "Chongqing Municipality"),
/// #     ("chengdu", "成都市", "Chengdu"),
/// # ] {
/// #     let node = builder.add_node(slug, ClassId(0), None);
/// #     builder.add_name(node, NameKind::Canonical, "zh", zh, None, None);
/// #     builder.add_name(node, NameKind::Canonical, "en", en, None, None);
/// # }
/// # let graph = builder.finish();
/// use tupu::query::{Matched, NameIndex, Resolution, Scope};
///
/// let names = NameIndex::new(&graph);
/// for text in ["重庆市", "chóngqìng shì", "cqs", "CHONGQING MUNICIPALITY", "重 庆"] {
///     let Resolution::Found(hit) = names.resolve(&graph, text, Scope::default()) else {
///         panic!("{text} is not found");
///     };
///     assert_eq!(graph.slug(hit.node), "chongqing");
/// }
///
/// let hits = names.search(&graph, "市", 10, Scope::default());
/// let found: Vec<_> = hits.iter().map(|hit| (hit.name, hit.matched)).collect();
/// assert_eq!(
///     found,
///     [("成都市", Matched::Partial), ("重庆市", Matched::Partial)]
/// );
/// ```
///
/// [`NameIndex::default`] is made when first a text is looked up that is no identifier.
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    table: OnceLock<NameTable>,
    pairs: Pairs,
}

impl NameIndex {
    /// The index of all names and slugs of `graph`.
    pub fn new(graph: &KnowledgeGraph) -> Self {
        Self {
            table: OnceLock::from(NameTable::new(graph)),
            pairs: Pairs::default(),
        }
    }

    /// The entity that `text` means; `graph` must be the one that the index was made from.
    ///
    /// The ways of [`Matched`] are tried in their order up to [`Matched::Abbreviation`], and the
    /// first in which `text` means anything decides: one entity is found, several are ambiguous, or,
    /// if just one of them has the name exactly as it is typed, that one is found. What is only
    /// [`Matched::Similar`] is never taken to be meant.
    pub fn resolve<'g>(
        &self,
        graph: &'g KnowledgeGraph,
        text: &str,
        scope: Scope,
    ) -> Resolution<'g> {
        let lookup = Lookup::new(self, graph, text, scope);
        for way in Lookup::ways() {
            let mut hits = lookup.hits(way);
            let Some(first) = hits.first().copied() else {
                continue;
            };
            hits.retain(|hit| hit.matched == first.matched);
            let mut as_typed = hits.iter().filter(|hit| hit.name == lookup.typed);
            return match (hits.len(), as_typed.next(), as_typed.next()) {
                (1, _, _) => Resolution::Found(first),
                (_, Some(only), None) => Resolution::Found(*only),
                _ => Resolution::Ambiguous(hits),
            };
        }
        let mut hits = lookup.likely();
        hits.truncate(SUGGESTIONS);
        Resolution::Unknown(hits)
    }

    /// Up to `limit` entities that `text` may mean, each once, by its surest name; `graph` must be
    /// the one that the index was made from.
    ///
    /// They come in the order of [`Matched`]; of names found in part, first those that begin with
    /// the text, then those that have it in one piece, then shorter ones. Similar names come only if
    /// there are no others.
    pub fn search<'g>(
        &self,
        graph: &'g KnowledgeGraph,
        text: &str,
        limit: usize,
        scope: Scope,
    ) -> Vec<Hit<'g>> {
        let lookup = Lookup::new(self, graph, text, scope);
        let mut found: Vec<Hit<'g>> = Vec::new();
        let mut is_known = vec![false; graph.node_count()];
        for way in Lookup::ways() {
            if found.len() >= limit {
                break;
            }
            let new = lookup.hits(way).into_iter();
            found.extend(new.filter(|hit| !is_known[hit.node.0 as usize]));
            for hit in &found {
                is_known[hit.node.0 as usize] = true;
            }
        }
        if found.is_empty() {
            found = lookup.likely();
        }
        found.truncate(limit);
        found
    }
}
