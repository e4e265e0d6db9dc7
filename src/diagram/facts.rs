//! What a figure says, as rows of a table: for those who cannot see it, and for search.

use super::figure::{Figure, Node};
use super::words::words;

/// One thing that a figure says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub subject: String,
    /// Name of the slot.
    pub slot: String,
    /// The other entity, or the value.
    pub object: String,
    /// How far it is from being asserted; empty where the figure says no fact of the graph.
    pub status: String,
    /// Where it stands: article and position, one each.
    pub evidence: Vec<String>,
}

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

/// Everything that `figure` says, node by node: its values, then the arrows that begin there. A node
/// of which there is nothing to say is listed with its class.
pub fn facts(figure: &Figure) -> Facts {
    let words = words(&figure.language);
    let mut rows = Vec::new();
    for (place, node) in figure.nodes.iter().enumerate() {
        let mut is_named = figure.edges.iter().any(|edge| edge.target == place);
        let subject = name(node);
        for detail in &node.details {
            is_named = true;
            rows.push(Fact {
                subject: subject.clone(),
                slot: detail.label.clone(),
                object: detail.value.clone(),
                status: detail.status.clone(),
                evidence: detail.evidence.clone(),
            });
        }
        for edge in figure.edges.iter().filter(|edge| edge.source == place) {
            is_named = true;
            rows.push(Fact {
                subject: subject.clone(),
                slot: edge.name.clone(),
                object: figure.nodes.get(edge.target).map(name).unwrap_or_default(),
                status: edge.status.clone(),
                evidence: edge.evidence.clone(),
            });
        }
        if !is_named {
            rows.push(Fact {
                subject,
                slot: words.is_a.to_owned(),
                object: node.class_label.clone(),
                ..Fact::default()
            });
        }
    }
    Facts {
        title: words.facts,
        heads: words.heads,
        rows,
    }
}

fn name(node: &Node) -> String {
    node.names.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Detail, Edge};
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
        let figure = Figure {
            nodes: vec![a, node("b"), node("c")],
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
                "A|area|2 km²||",
                "A|twin|B|planned|gazette char=1,9",
                "C|is a|city||"
            ]
        );
    }
}
