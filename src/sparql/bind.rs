//! Parameters of a query: variables that stand for a term before the query is asked.
//!
//! The term takes the variable's place in the algebra, never in the text, so that no value can change
//! what a query means.

use std::collections::BTreeMap;

use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, Variable};
use spareval::ExpressionTerm;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use crate::named_query::{Parameter, ParameterKind};
use crate::prefix::PrefixMap;

/// What a parameter stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value {
    /// An IRI.
    NamedNode(NamedNode),
    /// A literal.
    Literal(Literal),
}

/// Datatypes whose values are compared and counted with.
const COMPARABLE: [NamedNodeRef<'_>; 10] = [
    xsd::BOOLEAN,
    xsd::INTEGER,
    xsd::DECIMAL,
    xsd::FLOAT,
    xsd::DOUBLE,
    xsd::DATE,
    xsd::DATE_TIME,
    xsd::TIME,
    xsd::G_YEAR,
    xsd::G_YEAR_MONTH,
];

impl Value {
    /// Whether it is a literal that its datatype does not have, such as a thirteenth month: nothing
    /// would ever be equal to it, or more or less.
    pub fn is_ill_typed(&self) -> bool {
        match self {
            Self::NamedNode(_) => false,
            Self::Literal(literal) => {
                let term = ExpressionTerm::from(Term::from(literal.clone()));
                COMPARABLE.contains(&literal.datatype())
                    && matches!(term, ExpressionTerm::OtherTypedLiteral { .. })
            }
        }
    }

    fn expression(&self) -> Expression {
        match self {
            Self::NamedNode(node) => node.clone().into(),
            Self::Literal(literal) => literal.clone().into(),
        }
    }
}

/// A parameter that cannot have its value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// A literal where only an IRI can stand.
    #[error("the parameter `{0}` is a subject, predicate or graph, so its value is to be an IRI")]
    NotAnIri(String),
    /// The query itself gives the variable a value.
    #[error("the query gives `?{0}` a value itself, by BIND, VALUES or AS")]
    HasValue(String),
    /// The query does not mention the variable.
    #[error("the query has no variable `?{0}`")]
    Unknown(String),
}

/// A text that is no value of a parameter.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The datatype that the parameter takes has a prefix that nobody declares.
    #[error("the prefix of the datatype `{0}` is not declared")]
    Datatype(String),
    /// It is no literal of the datatype.
    #[error("`{text}` is no {datatype}, which `{parameter}` takes")]
    Literal {
        /// The text.
        text: String,
        /// What the parameter takes.
        datatype: String,
        /// The parameter's name.
        parameter: String,
    },
    /// It is no IRI.
    #[error("`{0}` is no IRI")]
    Iri(String),
}

/// The text as a value of the parameter. Of one that takes entities it must be an IRI or a CURIE.
///
/// # Errors
///
/// When the text is not what the parameter takes.
pub fn read_value(
    parameter: &Parameter,
    text: &str,
    prefixes: &PrefixMap,
) -> Result<Value, ValueError> {
    match &parameter.kind {
        ParameterKind::Entity | ParameterKind::Iri => read_iri(text, prefixes),
        ParameterKind::String => Ok(Value::Literal(text.into())),
        ParameterKind::Literal(name) => {
            let unknown = || ValueError::Datatype(name.clone());
            let datatype = parameter.datatype(prefixes).ok_or_else(unknown)?;
            let datatype = NamedNode::new(datatype).map_err(|_| unknown())?;
            let value = Value::Literal(Literal::new_typed_literal(text, datatype));
            if value.is_ill_typed() {
                return Err(ValueError::Literal {
                    text: text.to_owned(),
                    datatype: name.clone(),
                    parameter: parameter.name.clone(),
                });
            }
            Ok(value)
        }
    }
}

/// The IRI or CURIE `text`, which may stand in angle brackets.
///
/// # Errors
///
/// When it is neither.
pub fn read_iri(text: &str, prefixes: &PrefixMap) -> Result<Value, ValueError> {
    let inner = text.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    let wrong = || ValueError::Iri(text.to_owned());
    let iri = prefixes
        .expand(inner.unwrap_or(text))
        .map_err(|_| wrong())?;
    let node = NamedNode::new(iri.into_owned()).map_err(|_| wrong())?;
    Ok(Value::NamedNode(node))
}

/// The query with `values` in place of the variables of these names.
///
/// # Errors
///
/// When a value cannot stand where its variable does, or there is no such variable.
pub fn bind(query: &Query, values: &BTreeMap<String, Value>) -> Result<Query, BindError> {
    let mut query = query.clone();
    let mut binder = Binder {
        values,
        used: Vec::new(),
    };
    match &mut query {
        Query::Construct {
            template, pattern, ..
        } => {
            for triple in template {
                binder.triple(triple)?;
            }
            binder.pattern(pattern)?;
        }
        Query::Select { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => binder.pattern(pattern)?,
    }
    match values.keys().find(|name| !binder.used.contains(name)) {
        Some(name) => Err(BindError::Unknown(name.clone())),
        None => Ok(query),
    }
}

struct Binder<'v> {
    values: &'v BTreeMap<String, Value>,
    used: Vec<&'v String>,
}

impl<'v> Binder<'v> {
    fn value(&mut self, variable: &Variable) -> Option<&'v Value> {
        let (name, value) = self.values.get_key_value(variable.as_str())?;
        if !self.used.contains(&name) {
            self.used.push(name);
        }
        Some(value)
    }

    fn term(&mut self, term: &mut TermPattern, is_object: bool) -> Result<(), BindError> {
        match term {
            TermPattern::Variable(variable) => match self.value(variable) {
                Some(Value::NamedNode(node)) => *term = node.clone().into(),
                Some(Value::Literal(literal)) if is_object => *term = literal.clone().into(),
                Some(Value::Literal(_)) => {
                    return Err(BindError::NotAnIri(variable.as_str().to_owned()));
                }
                None => {}
            },
            TermPattern::Triple(triple) => self.triple(triple)?,
            TermPattern::NamedNode(_) | TermPattern::BlankNode(_) | TermPattern::Literal(_) => {}
        }
        Ok(())
    }

    fn name(&mut self, name: &mut NamedNodePattern) -> Result<(), BindError> {
        if let NamedNodePattern::Variable(variable) = name {
            match self.value(variable) {
                Some(Value::NamedNode(node)) => *name = node.clone().into(),
                Some(Value::Literal(_)) => {
                    return Err(BindError::NotAnIri(variable.as_str().to_owned()));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn triple(&mut self, triple: &mut TriplePattern) -> Result<(), BindError> {
        self.term(&mut triple.subject, false)?;
        self.name(&mut triple.predicate)?;
        self.term(&mut triple.object, true)
    }

    /// Refuses a parameter that the query gives a value itself.
    fn check_own(&self, variable: &Variable) -> Result<(), BindError> {
        if self.values.contains_key(variable.as_str()) {
            return Err(BindError::HasValue(variable.as_str().to_owned()));
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) -> Result<(), BindError> {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                for triple in patterns {
                    self.triple(triple)?;
                }
            }
            GraphPattern::Path {
                subject, object, ..
            } => {
                self.term(subject, false)?;
                self.term(object, true)?;
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left)?;
                self.pattern(right)?;
            }
            // Oxigraph's stores bring it along.
            #[cfg(feature = "rocksdb")]
            GraphPattern::Lateral { left, right } => {
                self.pattern(left)?;
                self.pattern(right)?;
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                self.pattern(left)?;
                self.pattern(right)?;
                if let Some(expression) = expression {
                    self.expression(expression)?;
                }
            }
            GraphPattern::Filter { expr, inner } => {
                self.pattern(inner)?;
                self.expression(expr)?;
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                self.name(name)?;
                self.pattern(inner)?;
            }
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => {
                self.check_own(variable)?;
                self.pattern(inner)?;
                self.expression(expression)?;
            }
            GraphPattern::Values { variables, .. } => {
                for variable in variables {
                    self.check_own(variable)?;
                }
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner)?;
                for order in expression {
                    let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) =
                        order;
                    self.expression(expression)?;
                }
            }
            GraphPattern::Project { inner, variables } => {
                self.pattern(inner)?;
                self.keep(inner, variables);
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner)?,
            GraphPattern::Group {
                inner,
                variables,
                aggregates,
            } => {
                self.pattern(inner)?;
                self.keep(inner, variables);
                for (variable, aggregate) in aggregates {
                    self.check_own(variable)?;
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Parameters among the variables that leave `inner` have their values there.
    fn keep(&mut self, inner: &mut GraphPattern, variables: &[Variable]) {
        for variable in variables {
            if let Some(value) = self.value(variable) {
                *inner = GraphPattern::Extend {
                    inner: Box::new(std::mem::take(inner)),
                    variable: variable.clone(),
                    expression: value.expression(),
                };
            }
        }
    }

    fn expression(&mut self, expression: &mut Expression) -> Result<(), BindError> {
        match expression {
            Expression::NamedNode(_) | Expression::Literal(_) => {}
            Expression::Variable(variable) => {
                if let Some(value) = self.value(variable) {
                    *expression = value.expression();
                }
            }
            Expression::Bound(variable) => {
                if self.value(variable).is_some() {
                    *expression = Literal::from(true).into();
                }
            }
            Expression::Or(a, b)
            | Expression::And(a, b)
            | Expression::Equal(a, b)
            | Expression::SameTerm(a, b)
            | Expression::Greater(a, b)
            | Expression::GreaterOrEqual(a, b)
            | Expression::Less(a, b)
            | Expression::LessOrEqual(a, b)
            | Expression::Add(a, b)
            | Expression::Subtract(a, b)
            | Expression::Multiply(a, b)
            | Expression::Divide(a, b) => {
                self.expression(a)?;
                self.expression(b)?;
            }
            Expression::UnaryPlus(inner)
            | Expression::UnaryMinus(inner)
            | Expression::Not(inner) => self.expression(inner)?,
            Expression::In(inner, list) => {
                self.expression(inner)?;
                self.expressions(list)?;
            }
            Expression::If(a, b, c) => {
                self.expression(a)?;
                self.expression(b)?;
                self.expression(c)?;
            }
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
                self.expressions(list)?;
            }
            Expression::Exists(pattern) => self.pattern(pattern)?,
        }
        Ok(())
    }

    fn expressions(&mut self, list: &mut [Expression]) -> Result<(), BindError> {
        for expression in list {
            self.expression(expression)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named_query::parse;
    use crate::rdf::RdfFormat;
    use crate::sparql::{CancellationToken, QueryResults, RdfGraphBuilder, evaluate};

    fn bound(query: &str, value: Value) -> Result<String, BindError> {
        let query = parse(query, &PrefixMap::new()).unwrap();
        let values = BTreeMap::from([("x".to_owned(), value)]);
        bind(&query, &values).map(|query| query.to_sse())
    }

    fn iri() -> Value {
        Value::NamedNode(NamedNode::new_unchecked("urn:x"))
    }

    fn literal() -> Value {
        Value::Literal("x".into())
    }

    /// The answer of a query on a small graph, as text.
    fn answer(query: &Query) -> Vec<String> {
        let turtle = b"<urn:x> <urn:p> <urn:x>, <urn:o> ; <urn:x> <urn:x> . \
                       <urn:s> <urn:p> <urn:x>, <urn:o>, 1 ; <urn:q> <urn:x> . <urn:o> <urn:p> 2 . \
                       <urn:x> { <urn:s> <urn:p> <urn:x> }";
        let mut builder = RdfGraphBuilder::new();
        builder.read(&turtle[..], RdfFormat::TriG).unwrap();
        let graph = builder.finish().unwrap();
        let mut rows: Vec<String> = match evaluate(&graph, query, CancellationToken::new()).unwrap()
        {
            QueryResults::Boolean(value) => vec![value.to_string()],
            QueryResults::Solutions(rows) => {
                rows.map(|row| format!("{:?}", row.unwrap())).collect()
            }
            QueryResults::Graph(triples) => triples.map(|it| it.unwrap().to_string()).collect(),
        };
        rows.sort();
        rows
    }

    /// Each with the term written where the variable stood: both have the same answer.
    #[test]
    fn the_term_stands_wherever_the_variable_stood() {
        for (with_variable, with_term) in [
            ("ASK { ?x ?x ?x }", "ASK { <urn:x> <urn:x> <urn:x> }"),
            (
                "SELECT ?s { GRAPH ?x { ?s <urn:p>+ ?x } }",
                "SELECT ?s { GRAPH <urn:x> { ?s <urn:p>+ <urn:x> } }",
            ),
            (
                "SELECT ?s ?o { ?s ?p ?o FILTER(?o = ?x || ?o IN (?x, 1) || !BOUND(?x)) }",
                "SELECT ?s ?o { ?s ?p ?o FILTER(?o = <urn:x> || ?o IN (<urn:x>, 1)) }",
            ),
            (
                "SELECT ?s ?p ?o ?q { ?s ?p ?o OPTIONAL { ?s ?q ?x FILTER(?o != ?x) } MINUS { ?x ?p ?o } }",
                "SELECT ?s ?p ?o ?q { ?s ?p ?o OPTIONAL { ?s ?q <urn:x> FILTER(?o != <urn:x>) } MINUS { <urn:x> ?p ?o } }",
            ),
            (
                "SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?x ?p ?o } }",
                "SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { <urn:x> ?p ?o } }",
            ),
            (
                "SELECT ?s ?y { ?s ?p ?o BIND(IF(?o = ?x, COALESCE(?x, 1), -1) AS ?y) } ORDER BY ?x",
                "SELECT ?s ?y { ?s ?p ?o BIND(IF(?o = <urn:x>, <urn:x>, -1) AS ?y) }",
            ),
            (
                "SELECT ?s (COUNT(?x) AS ?n) { ?s ?p ?o } GROUP BY ?s ?x",
                "SELECT ?s (COUNT(<urn:x>) AS ?n) { ?s ?p ?o } GROUP BY ?s",
            ),
            (
                "SELECT ?s { { SELECT ?s ?x { ?s ?p ?x } } UNION { ?x ?s ?x } }",
                "SELECT ?s { { SELECT ?s { ?s ?p <urn:x> } } UNION { <urn:x> ?s <urn:x> } }",
            ),
            (
                "CONSTRUCT { ?x ?p ?o } { ?s ?p ?o }",
                "CONSTRUCT { <urn:x> ?p ?o } { ?s ?p ?o }",
            ),
            ("DESCRIBE ?x { ?x ?p ?o }", "DESCRIBE <urn:x>"),
        ] {
            let values = BTreeMap::from([("x".to_owned(), iri())]);
            let query = parse(with_variable, &PrefixMap::new()).unwrap();
            let found = answer(&bind(&query, &values).unwrap());
            let mut wanted = answer(&parse(with_term, &PrefixMap::new()).unwrap());
            assert!(!wanted.is_empty() && wanted != ["false"], "{with_term}");
            if with_variable.starts_with("DESCRIBE") {
                // Once for each row that has the variable.
                wanted.dedup();
                assert!(found.iter().all(|it| wanted.contains(it)), "{found:?}");
            } else {
                assert_eq!(found, wanted, "{with_variable}");
            }
        }
    }

    #[test]
    fn a_variable_that_is_shown_is_shown_with_its_value() {
        let found = bound("SELECT ?x ?o { ?x <urn:p> ?o }", iri()).unwrap();
        assert!(
            found.contains("(extend ((?x <urn:x>)) (bgp (triple <urn:x>"),
            "{found}"
        );
    }

    #[test]
    fn what_cannot_be_bound_is_an_error() {
        let not_an_iri = Err(BindError::NotAnIri("x".to_owned()));
        assert_eq!(bound("ASK { ?x ?p ?o }", literal()), not_an_iri);
        assert_eq!(bound("ASK { ?s ?x ?o }", literal()), not_an_iri);
        assert_eq!(
            bound("ASK { GRAPH ?x { ?s ?p ?o } }", literal()),
            not_an_iri
        );
        assert!(bound("ASK { ?s ?p ?x }", literal()).is_ok());
        let has_value = Err(BindError::HasValue("x".to_owned()));
        assert_eq!(bound("SELECT * { BIND(1 AS ?x) }", iri()), has_value);
        assert_eq!(bound("SELECT * { VALUES ?x { 1 } }", iri()), has_value);
        assert_eq!(
            bound("SELECT (COUNT(*) AS ?x) { ?s ?p ?o }", iri()),
            has_value
        );
        let unknown = Err(BindError::Unknown("x".to_owned()));
        assert_eq!(bound("ASK { ?s ?p ?o }", iri()), unknown);
    }

    #[test]
    fn literals_that_their_datatype_does_not_have_are_told_apart() {
        let typed = |value: &str, datatype| {
            Value::Literal(Literal::new_typed_literal(value, datatype)).is_ill_typed()
        };
        assert!(typed("2027-13-01", xsd::DATE));
        assert!(typed("seven", xsd::INTEGER));
        assert!(!typed("2027-12-01", xsd::DATE));
        assert!(!typed("2027", xsd::G_YEAR));
        assert!(!typed("seven", xsd::STRING));
        assert!(!typed("x", NamedNodeRef::new_unchecked("urn:own")));
    }
}
