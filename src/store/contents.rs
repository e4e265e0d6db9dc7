//! What a store holds, told shortly enough to be kept beside it.

use std::collections::BTreeMap;

use oxrdf::QuadRef;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::expected::{graph_key, object};
use super::profile::OXIGRAPH;
use super::{Counted, Difference, Fault};

/// How many triples each graph of a store has, and a digest of them; by the IRI of the graph, which is
/// empty for the default graph.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Contents(BTreeMap<String, GraphContents>);

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct GraphContents {
    triples: u64,
    digest: Sum,
}

/// The sum, modulo 2^128, of the first 128 bits of the SHA-256 of each triple, as N-Triples writes it.
/// It is the same in whatever order the triples come. As JSON it has 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Sum(u128);

impl Contents {
    /// Counts a triple, literals as Oxigraph gives them back.
    pub fn insert(&mut self, quad: QuadRef<'_>) {
        let key = graph_key(quad.graph_name);
        let graph = match self.0.get_mut(key) {
            Some(graph) => graph,
            None => self.0.entry(key.to_owned()).or_default(),
        };
        graph.triples += 1;
        let object = object(quad.object, &OXIGRAPH).term;
        let line = format!("{} {} {object} .", quad.subject, quad.predicate);
        graph.digest.add(&line);
    }

    /// The triples of all graphs.
    pub fn triples(&self) -> u64 {
        self.0.values().map(|graph| graph.triples).sum()
    }

    /// How many graphs there are, the default graph among them if there is a triple in it.
    pub fn graphs(&self) -> usize {
        self.0.len()
    }

    /// Both together, a triple that both have as often as in both.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (name, more) in &other.0 {
            let graph = sum.0.entry(name.clone()).or_default();
            graph.triples += more.triples;
            graph.digest.0 = graph.digest.0.wrapping_add(more.digest.0);
        }
        sum
    }

    /// What is otherwise in `found`.
    pub fn differences(&self, found: &Self) -> Vec<Difference> {
        let mut names: Vec<&String> = self.0.keys().chain(found.0.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let difference = |name: &String| {
            let none = GraphContents::default();
            let expected = self.0.get(name).unwrap_or(&none);
            let there = found.0.get(name).unwrap_or(&none);
            let what = if expected.triples != there.triples {
                Fault::Count {
                    of: Counted::Triples,
                    expected: expected.triples,
                    found: there.triples,
                }
            } else if expected != there {
                Fault::Others
            } else {
                return None;
            };
            let graph = Some(name.clone()).filter(|it| !it.is_empty());
            Some(Difference { graph, what })
        };
        names.into_iter().filter_map(difference).collect()
    }
}

impl Sum {
    fn add(&mut self, line: &str) {
        let number = Sha256::digest(line)
            .iter()
            .take(16)
            .fold(0, |number, byte| number << 8 | u128::from(*byte));
        self.0 = self.0.wrapping_add(number);
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16)
            .map(Self)
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use oxrdf::{GraphName, GraphNameRef, Literal, LiteralRef, NamedNode, NamedNodeRef};

    use super::*;

    fn contents(triples: &[(&str, &str)]) -> Contents {
        let mut contents = Contents::default();
        for (graph, object) in triples {
            let graph = match *graph {
                "" => GraphName::DefaultGraph,
                name => NamedNode::new_unchecked(name).into(),
            };
            let node = NamedNodeRef::new_unchecked("urn:s");
            let object = LiteralRef::new_simple_literal(object);
            contents.insert(QuadRef::new(node, node, object, graph.as_ref()));
        }
        contents
    }

    #[test]
    fn the_order_does_not_matter_and_everything_else_does() {
        let all = contents(&[("", "市"), ("", "县"), ("urn:g", "市")]);
        assert_eq!(all, contents(&[("urn:g", "市"), ("", "县"), ("", "市")]));
        assert_eq!((all.triples(), all.graphs()), (3, 2));
        let fewer = contents(&[("", "市"), ("urn:g", "市")]);
        let others = contents(&[("", "市"), ("", "县"), ("urn:g", "州")]);
        let faults = |found: &Contents| {
            let differences = all.differences(found).into_iter();
            differences
                .map(|it| (it.graph, it.what))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(&all), []);
        let count = Fault::Count {
            of: Counted::Triples,
            expected: 2,
            found: 1,
        };
        assert_eq!(faults(&fewer), [(None, count)]);
        assert_eq!(faults(&others), [(Some("urn:g".to_owned()), Fault::Others)]);
    }

    #[test]
    fn parts_make_the_whole() {
        let one = contents(&[("", "市"), ("urn:g", "市")]);
        let other = contents(&[("", "县")]);
        let whole = contents(&[("", "市"), ("", "县"), ("urn:g", "市")]);
        assert_eq!(one.plus(&other), whole);
        assert_eq!(other.plus(&one), whole);
    }

    #[test]
    fn literals_count_by_what_is_kept_of_them() {
        let insert = |value: &str| {
            let mut contents = Contents::default();
            let literal = Literal::new_typed_literal(value, oxrdf::vocab::xsd::DECIMAL);
            let node = NamedNodeRef::new_unchecked("urn:s");
            contents.insert(QuadRef::new(
                node,
                node,
                &literal,
                GraphNameRef::DefaultGraph,
            ));
            contents
        };
        assert_eq!(insert("1.50"), insert("1.5"));
        assert_ne!(insert("1.50"), insert("1.51"));
    }

    #[test]
    fn what_is_written_is_read() {
        let all = contents(&[("", "市"), ("urn:g", "市")]);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Contents>(&text).unwrap(), all);
        for text in [
            "{\"\":{\"triples\":1}}",
            "{\"\":{\"triples\":1,\"digest\":\"x\"}}",
        ] {
            assert!(serde_json::from_str::<Contents>(text).is_err(), "{text}");
        }
    }
}
