//! The values that a form gives to the parameters of a named query.

use std::collections::BTreeMap;

use oxrdf::NamedNode;

use super::Site;
use super::request::Parameters;
use crate::named_query::{NamedQuery, Parameter, ParameterKind};
use crate::query::{Resolution, Scope, shown};
use crate::sparql::{Value, read_value};

/// The parameter that has the graph's first language where nothing is typed.
const LANGUAGE: &str = "lang";

/// What a form gives.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Values of those that have one, by name.
    pub(super) values: BTreeMap<String, Value>,
    /// What was typed, or the default.
    pub(super) texts: BTreeMap<String, String>,
    /// What is wrong with the value, by name.
    pub(super) faults: BTreeMap<String, String>,
    /// Whether one that the query needs has no value.
    pub(super) is_incomplete: bool,
}

impl Site {
    /// The values for the parameters of `query`.
    pub(super) fn given(&self, query: &NamedQuery, form: &Parameters) -> Given {
        let mut given = Given::default();
        for parameter in &query.parameters {
            let name = &parameter.name;
            let typed = form.all(name).next().map(str::trim);
            let text = typed
                .or_else(|| self.default(parameter))
                .unwrap_or_default();
            given.texts.insert(name.clone(), text.to_owned());
            if text.is_empty() {
                given.is_incomplete |= !parameter.is_optional;
                continue;
            }
            match self.value(parameter, text) {
                Ok(value) => drop(given.values.insert(name.clone(), value)),
                Err(fault) => drop(given.faults.insert(name.clone(), fault)),
            }
        }
        given
    }

    /// What is taken where nothing is typed.
    fn default<'s>(&'s self, parameter: &'s Parameter) -> Option<&'s str> {
        let language = || self.graph.project().languages.first();
        match &parameter.default {
            None if parameter.name == LANGUAGE => language().map(String::as_str),
            default => default.as_deref(),
        }
    }

    fn value(&self, parameter: &Parameter, text: &str) -> Result<Value, String> {
        if parameter.kind != ParameterKind::Entity {
            return read_value(parameter, text, &self.prefixes).map_err(|error| error.to_string());
        }
        let node = match self.names.resolve(&self.graph, text, Scope::default()) {
            Resolution::Found(hit) => hit.node,
            Resolution::Ambiguous(hits) | Resolution::Unknown(hits) => {
                let slugs: Vec<&str> = hits.iter().map(|hit| self.graph.slug(hit.node)).collect();
                return Err(match slugs.as_slice() {
                    [] => format!("no entity is called {}", shown(text)),
                    slugs => format!("which is meant: {}?", slugs.join(", ")),
                });
            }
        };
        NamedNode::new(self.graph.iri(node))
            .map(Value::NamedNode)
            .map_err(|_| format!("{} has no IRI", shown(text)))
    }
}
