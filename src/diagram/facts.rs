//! What a figure says, as rows of a table: for those who cannot see it, and for search.

use super::figure::{Fact, Figure};
use super::words::words;

/// A table of everything that a figure says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Facts {
    /// What the rows are, in the figure's language.
    pub title: &'static str,
    /// Heads of the columns, in the order of the fields of [`Fact`].
    pub heads: [&'static str; 5],
    /// The rows.
    pub rows: Vec<Fact>,
}

/// Everything that `figure` says: what its boxes say; then node by node its values, and the arrows that
/// begin there. A node of which there is nothing to say is listed with its class.
pub fn facts(figure: &Figure) -> Facts {
    let words = words(&figure.language);
    let in_box = |subject: &[String], cluster: Option<usize>| {
        let cluster = figure.clusters.get(cluster?)?;
        let (subject, object) = (joined(subject), joined(&cluster.label));
        let is_fact = figure.boxed.iter().any(|fact| {
            (&fact.subject, &fact.object) == (&subject, &object)
                || (&fact.subject, &fact.object) == (&object, &subject)
        });
        // An entity that is both a box and a node stands in its own box.
        (subject != object && !is_fact).then(|| said(subject, words.in_box, &object))
    };
    let boxes = figure.clusters.iter();
    let boxes = boxes.filter_map(|cluster| in_box(&cluster.label, cluster.parent));
    let mut rows: Vec<Fact> = figure.boxed.iter().cloned().chain(boxes).collect();
    for (place, node) in figure.nodes.iter().enumerate() {
        let subject = joined(&node.names);
        let before = rows.len();
        rows.extend(in_box(&node.names, node.cluster));
        rows.extend(node.details.iter().map(|detail| Fact {
            status: detail.status.clone(),
            evidence: detail.evidence.clone(),
            ..said(subject.clone(), &detail.label, &detail.value)
        }));
        let edges = figure.edges.iter().filter(|edge| edge.source == place);
        rows.extend(edges.filter_map(|edge| {
            let target = figure.nodes.get(edge.target)?;
            Some(Fact {
                status: edge.status.clone(),
                evidence: edge.evidence.clone(),
                ..said(subject.clone(), &edge.name, &joined(&target.names))
            })
        }));
        let is_target = figure.edges.iter().any(|edge| edge.target == place);
        let mut boxed = figure.boxed.iter();
        let is_said =
            is_target || boxed.any(|fact| fact.subject == subject || fact.object == subject);
        if rows.len() == before && !is_said {
            rows.push(said(subject, words.is_a, &node.class_label));
        }
    }
    Facts {
        title: words.facts,
        heads: words.heads,
        rows,
    }
}

fn said(subject: String, slot: &str, object: &str) -> Fact {
    Fact {
        subject,
        slot: slot.to_owned(),
        object: object.to_owned(),
        ..Fact::default()
    }
}

/// Names in several languages, as one.
fn joined(names: &[String]) -> String {
    names.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Cluster, Detail, Edge, Node};
    use super::*;

    fn node(id: &str) -> Node {
        Node {
            id: id.to_owned(),
            class_label: "city".to_owned(),
            names: vec![id.to_uppercase()],
            ..Node::default()
        }
    }

    #[test]
    fn everything_that_is_drawn_is_said() {
        let edge = Edge {
            target: 1,
            name: "twin".to_owned(),
            status: "planned".to_owned(),
            evidence: vec!["gazette char=1,9".to_owned()],
            ..Edge::default()
        };
        let detail = Detail {
            label: "area".to_owned(),
            value: "2 km²".to_owned(),
            ..Detail::default()
        };
        let a = Node {
            details: vec![detail],
            ..node("a")
        };
        let d = Node {
            cluster: Some(1),
            ..node("d")
        };
        let cluster = |label: &str, parent| Cluster {
            label: vec![label.to_owned()],
            parent,
            ..Cluster::default()
        };
        let boxed = Fact {
            subject: "bank".to_owned(),
            slot: "holds".to_owned(),
            object: "E".to_owned(),
            ..Fact::default()
        };
        let e = Node {
            cluster: Some(1),
            ..node("e")
        };
        let figure = Figure {
            boxed: vec![boxed],
            clusters: vec![cluster("valley", None), cluster("bank", Some(0))],
            nodes: vec![a, node("b"), node("c"), d, e],
            edges: vec![edge],
            ..Figure::default()
        };
        let rows: Vec<String> = facts(&figure)
            .rows
            .iter()
            .map(|row| {
                let evidence = row.evidence.join("; ");
                [&row.subject, &row.slot, &row.object, &row.status, &evidence]
                    .map(String::as_str)
                    .join("|")
            })
            .collect();
        assert_eq!(
            rows,
            [
                "bank|holds|E||",
                "bank|in the box|valley||",
                "A|area|2 km²||",
                "A|twin|B|planned|gazette char=1,9",
                "C|is a|city||",
                "D|in the box|bank||"
            ]
        );
    }
}
