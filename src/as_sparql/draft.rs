//! A query while it is written: the prefixes that it uses, and the patterns that many share.

use std::collections::BTreeSet;

use oxrdf::{Literal, NamedNode, NamedNodeRef};

use super::Unsayable;
use crate::model::{Date, KnowledgeGraph, NodeId};
use crate::query::shown;
use crate::schema::{ClassId, SlotId};
use crate::vocab::{TUPU, dcterms, edtf, oa, prov, rdf, skos, tupu, xsd};

/// A query while it is written.
pub(super) struct Draft<'g> {
    pub(super) graph: &'g KnowledgeGraph,
    prefixes: BTreeSet<&'g str>,
}

impl<'g> Draft<'g> {
    pub(super) fn new(graph: &'g KnowledgeGraph) -> Self {
        Self {
            graph,
            prefixes: BTreeSet::new(),
        }
    }

    /// An IRI as it stands in the query.
    pub(super) fn iri(&mut self, iri: &str) -> String {
        match self.graph.project().prefixes.shorten(iri) {
            Some((prefix, local)) => {
                self.prefixes.insert(prefix);
                format!("{prefix}:{local}")
            }
            None => NamedNode::new_unchecked(iri).to_string(),
        }
    }

    pub(super) fn term(&mut self, term: NamedNodeRef<'_>) -> String {
        self.iri(term.as_str())
    }

    pub(super) fn entity(&mut self, node: NodeId) -> String {
        self.iri(&self.graph.iri(node))
    }

    /// IRIs between separators.
    pub(super) fn iris(&mut self, iris: &[String], between: &str) -> String {
        let iris: Vec<String> = iris.iter().map(|iri| self.iri(iri)).collect();
        iris.join(between)
    }

    /// The IRI that entities of the class, and of those below, have as a type.
    pub(super) fn class_iri(&self, class: ClassId) -> Result<String, Unsayable> {
        let schema = self.graph.schema();
        let iri = &schema.class(class).iri;
        let mut others = schema
            .class_ids()
            .filter(|it| schema.class(*it).iri == *iri);
        match others.find(|it| !schema.is_subclass(*it, class)) {
            None => Ok(iri.clone()),
            Some(other) => Err(Unsayable(format!(
                "the classes `{}` and `{}` have one IRI",
                schema.class(class).name,
                schema.class(other).name
            ))),
        }
    }

    /// That `variable` is of one of the classes; nothing where there are none.
    pub(super) fn is_of(
        &mut self,
        variable: &str,
        classes: &[ClassId],
    ) -> Result<String, Unsayable> {
        let iris: Vec<String> = classes
            .iter()
            .map(|class| self.class_iri(*class))
            .collect::<Result<_, _>>()?;
        Ok(match iris.as_slice() {
            [] => String::new(),
            [iri] => format!("{variable} a {} .\n", self.iri(iri)),
            several => self.is_any(variable, several),
        })
    }

    /// That `variable` has one of these types.
    pub(super) fn is_any(&mut self, variable: &str, types: &[String]) -> String {
        format!(
            "FILTER EXISTS {{\n  {variable} a ?class .\n  VALUES ?class {{ {} }}\n}}\n",
            self.iris(types, " ")
        )
    }

    /// IRIs of the classes whose entities stand for relations.
    pub(super) fn relations(&self) -> Result<Vec<String>, Unsayable> {
        let schema = self.graph.schema();
        let is_relation = |class: &ClassId| schema.class(*class).represents_relationship;
        let relations: Vec<ClassId> = schema.class_ids().filter(is_relation).collect();
        let is_below = |it: &ClassId| {
            relations
                .iter()
                .any(|above| schema.is_subclass(*it, *above))
        };
        let mut others = schema.class_ids().filter(|it| !is_relation(it));
        if let Some(other) = others.find(is_below) {
            return Err(Unsayable(format!(
                "the class `{}` stands for no relation, though one above it does",
                schema.class(other).name
            )));
        }
        relations.iter().map(|it| self.class_iri(*it)).collect()
    }

    /// Leaves out a class in `variable` if `below` holds for one that stands right below it, as
    /// `?below`, and is one of `classes`.
    pub(super) fn not_above(
        &mut self,
        variable: &str,
        classes: impl IntoIterator<Item = ClassId>,
        below: &str,
    ) -> String {
        let schema = self.graph.schema();
        let mut pairs = String::new();
        for class in classes {
            let class = schema.class(class);
            for above in class.parent.iter().chain(&class.mixins) {
                let above = &schema.class(*above).iri;
                if *above != class.iri {
                    pairs += &format!("  ({} {})\n", self.iri(above), self.iri(&class.iri));
                }
            }
        }
        if pairs.is_empty() {
            return pairs;
        }
        let values = format!("VALUES ({variable} ?below) {{\n{pairs}}}\n{below}");
        format!("MINUS {{\n{}}}\n", indented(&values, 2))
    }

    /// That the term in `variable` is a date; an expression.
    pub(super) fn is_date(&mut self, variable: &str) -> String {
        let types = [xsd::DATE, xsd::G_YEAR_MONTH, xsd::G_YEAR, edtf::EDTF];
        let types = types.map(|it| self.term(it));
        format!("DATATYPE({variable}) IN ({})", types.join(", "))
    }

    /// That a fact comes from a stretch of an article.
    pub(super) fn comes_from(&mut self, fact: &str, stretch: &str, article: &str) -> String {
        format!(
            "{fact} {} {stretch} .\n{stretch} {} {article} ; a {} .\n",
            self.term(prov::WAS_DERIVED_FROM),
            self.term(dcterms::IS_PART_OF),
            self.term(oa::SPECIFIC_RESOURCE)
        )
    }

    /// IRIs of the slots and of those below, each once.
    pub(super) fn slot_iris(&self, slots: &[SlotId]) -> Result<Vec<String>, Unsayable> {
        let schema = self.graph.schema();
        let is_meant = |slot: SlotId| slots.iter().any(|above| schema.is_subslot(slot, *above));
        let iri = |slot: SlotId| schema.slot(slot).iri.as_str();
        let meant: BTreeSet<&str> = schema
            .slot_ids()
            .filter(|it| is_meant(*it))
            .map(iri)
            .collect();
        let mut others = schema.slot_ids().filter(|it| !is_meant(*it));
        match others.find(|it| meant.contains(iri(*it))) {
            None => Ok(meant.into_iter().map(str::to_owned).collect()),
            Some(other) => Err(Unsayable(format!(
                "the slot `{}` has the IRI of one that is asked for",
                schema.slot(other).name
            ))),
        }
    }

    /// A fact: its statement, subject, slot and object.
    pub(super) fn fact(&mut self, fact: &str, subject: &str, slot: &str, object: &str) -> String {
        format!(
            "{fact} {} {subject} ; {} {slot} ; {} {object} .\n",
            self.term(rdf::SUBJECT),
            self.term(rdf::PREDICATE),
            self.term(rdf::OBJECT)
        )
    }

    /// That a variable is one of these slots; nothing where there are none.
    pub(super) fn is_slot(&mut self, variable: &str, slots: &[String]) -> String {
        if slots.is_empty() {
            return String::new();
        }
        format!("VALUES {variable} {{ {} }}\n", self.iris(slots, " "))
    }

    /// That a slot is none of those that names stand in.
    pub(super) fn is_no_name(&mut self, slot: &str) -> String {
        format!(
            "FILTER({slot} NOT IN ({}, {}))\n",
            self.term(skos::PREF_LABEL),
            self.term(skos::ALT_LABEL)
        )
    }

    /// That a term is an entity: enum values, quantities and literals have no preferred label.
    pub(super) fn is_entity(&mut self, term: &str) -> String {
        format!(
            "FILTER EXISTS {{ {term} {} [] }}\n",
            self.term(skos::PREF_LABEL)
        )
    }

    /// The status of `?fact`, as `?status`, by its name.
    pub(super) fn status(&mut self) -> String {
        let term = self.term(tupu::STATUS);
        format!("OPTIONAL {{ ?fact {term} ?term }}\n") + &self.bind_status()
    }

    /// The name of the status that `?term` says, as `?status`.
    pub(super) fn bind_status(&mut self) -> String {
        format!(
            "BIND(COALESCE(STRAFTER(STR(?term), STR({})), \"asserted\") AS ?status)\n",
            self.iri(TUPU)
        )
    }

    /// The query, with a remark that says what it asks.
    pub(super) fn finish(self, asks: &str, query: &str) -> String {
        let mut text = format!("# {}\n", one_line(asks));
        let prefixes = &self.graph.project().prefixes;
        for prefix in self.prefixes {
            let namespace = prefixes.namespace(prefix).unwrap_or_default();
            text.push_str(&format!("PREFIX {prefix}: <{namespace}>\n"));
        }
        text.push('\n');
        text.push_str(query.trim_end());
        text.push('\n');
        text
    }

    /// What an entity is called in a remark.
    pub(super) fn named(&self, node: NodeId) -> String {
        self.graph.slug(node).to_owned()
    }

    /// What classes are called in a remark.
    pub(super) fn classes_named(&self, classes: &[ClassId]) -> String {
        let schema = self.graph.schema();
        let names: Vec<&str> = classes
            .iter()
            .map(|it| schema.class(*it).name.as_str())
            .collect();
        match names.as_slice() {
            [] => String::new(),
            names => format!(" of the class {}", names.join(" or ")),
        }
    }
}

/// A text without line ends, as a remark must be.
fn one_line(text: &str) -> String {
    let lines: Vec<String> = text.split_whitespace().map(shown).collect();
    lines.join(" ")
}

/// A string literal; the Turtle in which it is written is SPARQL too.
pub(super) fn text(text: &str) -> String {
    Literal::new_simple_literal(text).to_string()
}

/// Lines, moved to the right.
pub(super) fn indented(lines: &str, by: usize) -> String {
    let margin = " ".repeat(by);
    let lines = lines.lines().map(|line| format!("{margin}{line}\n"));
    lines.collect()
}

/// Alternatives, each in braces.
pub(super) fn union(alternatives: &[String]) -> String {
    let parts: Vec<String> = alternatives
        .iter()
        .map(|it| format!("{{\n{}}}", indented(it, 2)))
        .collect();
    match parts.as_slice() {
        [_] => alternatives.concat(),
        _ => parts.join(" UNION ") + "\n",
    }
}

/// `SELECT` with its pattern.
pub(super) fn select(head: &str, pattern: &str) -> String {
    format!("SELECT {head}\nWHERE {{\n{}}}\n", indented(pattern, 2))
}

/// Binds the texts of the first and last day, month or year of the date in `variable`.
pub(super) fn bind_ends(variable: &str) -> String {
    format!(
        "BIND(IF(CONTAINS(STR({variable}), \"/\"), STRBEFORE(STR({variable}), \"/\"), STR({variable})) AS ?begin)\n\
         BIND(IF(CONTAINS(STR({variable}), \"/\"), STRAFTER(STR({variable}), \"/\"), STR({variable})) AS ?end)\n"
    )
}

/// The first day that it can mean.
const FIRST_DAY: &str = r#"CONCAT(?begin, SUBSTR("0000-01-01", STRLEN(?begin) + 1))"#;

/// The last day; that of every month is a day 31 here.
const LAST_DAY: &str = r#"CONCAT(?end, SUBSTR("0000-12-31", STRLEN(?end) + 1))"#;

/// That it lies wholly after the first day of `date`.
pub(super) fn begins_from(date: Date) -> String {
    format!("FILTER({FIRST_DAY} >= \"{}\")\n", date.earliest())
}

/// That it begins before the last day of `date`.
pub(super) fn begins_by(date: Date) -> String {
    format!("FILTER({FIRST_DAY} <= \"{}\")\n", date.latest())
}

/// That it ends after the first day of `date`.
pub(super) fn ends_from(date: Date) -> String {
    format!("FILTER({LAST_DAY} >= \"{}\")\n", date.earliest())
}

/// That it lies wholly before the last day of `date`. The month that `date` ends, if it ends with it,
/// has 31 days here too.
pub(super) fn ends_by(date: Date) -> String {
    let last = date.latest().to_string();
    let month = last.get(..7).unwrap_or(&last);
    let ends_month = Date::parse(month).is_ok_and(|month| month.latest() == date.latest());
    let last = if ends_month {
        format!("{month}-31")
    } else {
        last
    };
    format!("FILTER({LAST_DAY} <= \"{last}\")\n")
}
