//! When things are: what happened and what is due, in order of time; what is to be reached.

use crate::model::{Date, KnowledgeGraph, Literal, NodeId, Quantity, Value};
use crate::schema::SlotId;
use crate::vocab::schema;

/// What a date means for its entity.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum DateKind {
    /// When something is or was.
    Event,
    /// When something is to be.
    Deadline,
    /// When a number held.
    AsOf,
    /// From when on a number counts.
    Since,
    /// The time that a number covers.
    Period,
}

impl DateKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Deadline => "deadline",
            Self::AsOf => "as-of",
            Self::Since => "since",
            Self::Period => "period",
        }
    }
}

/// A date that the graph holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dated<'g> {
    /// The date.
    pub date: Date,
    /// What it means.
    pub kind: DateKind,
    /// Whose date it is.
    pub node: NodeId,
    /// The fact that says so: a date, or a quantity that has one.
    pub literal: &'g Literal,
}

/// Every date of the graph in order of time: by the first day that it can mean, then by the last.
///
/// With `from` and `to`, only dates that can lie in the time between, both included.
///
/// ```
/// # use std::path::Path;
/// use tupu::model::Date;
/// use tupu::query::{DateKind, timeline};
///
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let late = timeline(&graph, Some(Date::parse("2027-06").unwrap()), None);
/// assert!(late.iter().any(|dated| dated.kind == DateKind::Deadline));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn timeline(graph: &KnowledgeGraph, from: Option<Date>, to: Option<Date>) -> Vec<Dated<'_>> {
    let mut dates: Vec<Dated<'_>> = graph
        .nodes()
        .flat_map(|node| dates_of(graph, node))
        .filter(|dated| is_between(&dated.date, from, to))
        .collect();
    dates.sort_by_key(|dated| (dated.date.earliest(), dated.date.latest()));
    dates
}

/// The dates of an entity's facts, without deadlines that one of its numbers has too.
fn dates_of(graph: &KnowledgeGraph, node: NodeId) -> Vec<Dated<'_>> {
    let literals = graph.literals(node).iter();
    let mut dates: Vec<Dated<'_>> = literals
        .flat_map(|literal| dates_in(graph, node, literal))
        .collect();
    let all = dates.clone();
    dates.retain(|dated| {
        let repeats = |other: &Dated<'_>| {
            other.kind == dated.kind && other.date == dated.date && !is_date(other.literal)
        };
        !is_date(dated.literal) || !all.iter().any(repeats)
    });
    dates
}

fn is_date(literal: &Literal) -> bool {
    matches!(literal.value, Value::Date(_))
}

/// Whether `date` can lie in the time from `from` to `to`.
fn is_between(date: &Date, from: Option<Date>, to: Option<Date>) -> bool {
    from.is_none_or(|from| from.earliest() <= date.latest())
        && to.is_none_or(|to| date.earliest() <= to.latest())
}

fn dates_in<'g>(graph: &KnowledgeGraph, node: NodeId, literal: &'g Literal) -> Vec<Dated<'g>> {
    let dates = match &literal.value {
        Value::Date(date) if is_deadline(graph, literal) => vec![(DateKind::Deadline, *date)],
        Value::Date(date) => vec![(DateKind::Event, *date)],
        Value::Quantity(quantity) => [
            (DateKind::Deadline, quantity.by),
            (DateKind::AsOf, quantity.as_of),
            (DateKind::Since, quantity.since),
            (DateKind::Period, quantity.period),
        ]
        .into_iter()
        .filter_map(|(kind, date)| Some((kind, date?)))
        .collect(),
        _ => Vec::new(),
    };
    dates
        .into_iter()
        .map(|(kind, date)| Dated {
            date,
            kind,
            node,
            literal,
        })
        .collect()
}

/// Whether a date says by when something is to be: its slot speaks of plans itself, or it is not so
/// yet.
fn is_deadline(graph: &KnowledgeGraph, literal: &Literal) -> bool {
    graph.schema().slot(literal.slot).is_prospective || literal.status.is_ahead()
}

/// Something that is to be reached: a number, a deadline or both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target<'g> {
    /// The entity that it is said of.
    pub node: NodeId,
    /// The number to be reached, else the date by which something is to be.
    pub fact: &'g Literal,
    /// Of a number, the date by which its entity says it is to be.
    pub deadline: Option<&'g Literal>,
    /// By when: the number's own date, else the deadline.
    pub due: Option<Date>,
}

/// Everything that is to be reached: of each entity its numbers that are targets, planned or required
/// or have a date by which they are to be, each with its deadline; of an entity without such numbers
/// its deadlines. The earliest come first, what is not dated last, then by slug.
///
/// ```
/// # use std::path::Path;
/// let project = Path::new("tests/cases/good/two-cities/in");
/// let graph = tupu::load::load_project(project)?.graph;
/// let targets = tupu::query::targets(&graph);
/// assert_eq!(targets[0].due.unwrap().to_string(), "2027-06");
/// assert!(targets.iter().any(|target| target.due.is_none()));
/// # Ok::<(), tupu::source::SourceError>(())
/// ```
pub fn targets(graph: &KnowledgeGraph) -> Vec<Target<'_>> {
    let mut targets: Vec<Target<'_>> = graph.nodes().flat_map(|it| targets_of(graph, it)).collect();
    targets.sort_by_key(|it| {
        let due = it.due.map(|due| (due.latest(), due.earliest()));
        (due.is_none(), due)
    });
    targets
}

fn targets_of(graph: &KnowledgeGraph, node: NodeId) -> Vec<Target<'_>> {
    let deadline = deadlines(graph, node).next();
    let literals = graph.literals(node);
    let numbers: Vec<Target<'_>> = literals
        .iter()
        .filter_map(|it| {
            let by = by_when(it)?;
            Some(Target {
                node,
                fact: it,
                deadline: deadline.map(|(literal, _)| literal),
                due: by.or(deadline.map(|(_, date)| date)),
            })
        })
        .collect();
    if !numbers.is_empty() {
        return numbers;
    }
    deadlines(graph, node)
        .map(|(literal, date)| Target {
            node,
            fact: literal,
            deadline: None,
            due: Some(date),
        })
        .collect()
}

/// The dates by which something of the entity is to be, in the order of the slots.
pub(crate) fn deadlines(
    graph: &KnowledgeGraph,
    node: NodeId,
) -> impl Iterator<Item = (&Literal, Date)> {
    let literals = graph.literals(node).iter();
    literals.filter_map(|it| match &it.value {
        Value::Date(date) if is_deadline(graph, it) => Some((it, *date)),
        _ => None,
    })
}

/// Of a number that is to be reached, by when, if it says so itself.
fn by_when(literal: &Literal) -> Option<Option<Date>> {
    match &literal.value {
        Value::Quantity(quantity) if quantity.by.is_some() => Some(quantity.by),
        Value::Quantity(quantity) if literal.status.is_ahead() => Some(quantity.period),
        Value::Number(_) if literal.status.is_ahead() => Some(None),
        _ => None,
    }
}

/// What an entity that has a number says of it, by the terms of schema.org for observations.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Subject {
    /// What is measured: `schema:measuredProperty`.
    pub indicators: Vec<NodeId>,
    /// Of what: `schema:observationAbout`.
    pub of: Vec<NodeId>,
}

/// What the numbers of `node` are about, where it is an observation or a target.
///
/// ```
/// use tupu::import::GraphReader;
/// use tupu::rdf::RdfFormat;
/// use tupu::query::subject;
///
/// let turtle = "
///     @prefix schema: <https://schema.org/> .
///     @prefix ex: <https://kg.example/> .
///     ex:count a schema:Observation ; schema:measuredProperty ex:population ;
///         schema:observationAbout ex:jia ; schema:value 280 .";
/// let mut reader = GraphReader::new();
/// reader.read(turtle.as_bytes(), RdfFormat::Turtle)?;
/// let graph = reader.finish()?;
/// let about = subject(&graph, graph.node("count").unwrap());
/// assert_eq!(about.indicators, [graph.node("population").unwrap()]);
/// assert_eq!(about.of, [graph.node("jia").unwrap()]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn subject(graph: &KnowledgeGraph, node: NodeId) -> Subject {
    let objects = |iri: &str| -> Vec<NodeId> {
        let is_slot = |slot: SlotId| graph.schema().slot(slot).iri == iri;
        let edges = graph.edges_out(node).filter(|edge| is_slot(edge.slot));
        edges.map(|edge| edge.target).collect()
    };
    Subject {
        indicators: objects(schema::MEASURED_PROPERTY.as_str()),
        of: objects(schema::OBSERVATION_ABOUT.as_str()),
    }
}

/// The dates of a number: its own, else those of the observation that it belongs to.
pub(super) fn when(graph: &KnowledgeGraph, node: NodeId, quantity: &Quantity) -> Vec<Date> {
    let own = [quantity.by, quantity.as_of, quantity.since, quantity.period];
    let own: Vec<Date> = own.into_iter().flatten().collect();
    let class = graph.schema().class(graph.class(node));
    if !own.is_empty() || !class.represents_relationship {
        return own;
    }
    let literals = graph.literals(node).iter();
    literals
        .filter_map(|it| match &it.value {
            Value::Date(date) => Some(*date),
            _ => None,
        })
        .collect()
}
