//! Answers of SPARQL in the formats of the W3C, and for people.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use tupu::oxrdf::{GraphName, Quad, Term, Triple};
use tupu::prefix::PrefixMap;
use tupu::rdf::{JsonLdProfileSet, RdfFormat, write_quads};
use tupu::sparql::{
    QueryEvaluationError, QueryResultsFormat, QueryResultsSerializer, QuerySolutionIter,
};

use crate::table::Grid;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SolutionFormat {
    /// Rows for people
    Table,
    /// Rows as a Markdown table
    Markdown,
    /// Rows as SPARQL Query Results JSON
    Json,
    /// Rows as JSON, one object a line, terms as in SPARQL Query Results JSON
    Ndjson,
    /// Rows as SPARQL Query Results XML
    Xml,
    /// Rows as SPARQL Query Results CSV
    Csv,
    /// Rows as SPARQL Query Results TSV
    Tsv,
    /// Triples as RDF Turtle
    Turtle,
    /// Triples as RDF N-Triples
    Ntriples,
    /// Triples as RDF TriG
    Trig,
    /// Triples as RDF N-Quads
    Nquads,
    /// Triples as RDF/XML
    Rdfxml,
    /// Triples as JSON-LD
    Jsonld,
}

/// How rows are written.
enum Rows {
    /// For people, all at once.
    Table,
    Markdown,
    /// One after the other.
    Ndjson,
    Standard(QueryResultsFormat),
}

impl SolutionFormat {
    /// The format of rows, if it is one.
    fn rows(self) -> Option<Rows> {
        match self {
            Self::Table => Some(Rows::Table),
            Self::Markdown => Some(Rows::Markdown),
            Self::Ndjson => Some(Rows::Ndjson),
            Self::Json => Some(Rows::Standard(QueryResultsFormat::Json)),
            Self::Xml => Some(Rows::Standard(QueryResultsFormat::Xml)),
            Self::Csv => Some(Rows::Standard(QueryResultsFormat::Csv)),
            Self::Tsv => Some(Rows::Standard(QueryResultsFormat::Tsv)),
            _ => None,
        }
    }

    /// The format of triples, if it is one.
    fn triples(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::Ntriples => Some(RdfFormat::NTriples),
            Self::Trig => Some(RdfFormat::TriG),
            Self::Nquads => Some(RdfFormat::NQuads),
            Self::Rdfxml => Some(RdfFormat::RdfXml),
            Self::Jsonld => Some(RdfFormat::JsonLd {
                profile: JsonLdProfileSet::empty(),
            }),
            _ => None,
        }
    }
}

/// Why an answer is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("cannot write to standard output")]
    Io(#[from] io::Error),
    #[error("the query cannot be answered")]
    Evaluation(#[from] QueryEvaluationError),
    #[error(
        "SELECT and ASK give rows; take --format table, markdown, json, ndjson, xml, csv or tsv"
    )]
    NotTriples,
    #[error(
        "CONSTRUCT and DESCRIBE give triples; take --format turtle, ntriples, trig, nquads, rdfxml or jsonld"
    )]
    NotRows,
}

/// Where an answer goes, and how.
pub(crate) struct AnswerWriter<'a, W: Write> {
    pub(crate) out: W,
    pub(crate) format: Option<SolutionFormat>,
    pub(crate) prefixes: &'a PrefixMap,
    /// Most rows or triples.
    pub(crate) limit: usize,
}

impl<W: Write> AnswerWriter<'_, W> {
    fn rows_format(&self) -> Result<Rows, AnswerError> {
        let format = self.format.unwrap_or(SolutionFormat::Table);
        format.rows().ok_or(AnswerError::NotTriples)
    }

    /// Writes the answer of ASK.
    pub(crate) fn boolean(mut self, value: bool) -> Result<(), AnswerError> {
        match self.rows_format()? {
            Rows::Table | Rows::Markdown => writeln!(self.out, "{value}")?,
            Rows::Ndjson => writeln!(self.out, "{}", json!({ "boolean": value }))?,
            Rows::Standard(format) => {
                QueryResultsSerializer::from_format(format)
                    .serialize_boolean_to_writer(&mut self.out, value)?;
                writeln!(self.out)?;
            }
        }
        self.out.flush()?;
        Ok(())
    }

    /// Writes the answer of SELECT and says how many rows it has.
    pub(crate) fn rows(mut self, rows: QuerySolutionIter<'_>) -> Result<usize, AnswerError> {
        let variables = rows.variables().to_vec();
        let names = variables.iter().map(|it| it.as_str().to_owned());
        let limit = self.limit;
        let mut count = 0;
        let rows = rows.take(limit).inspect(|_| count += 1);
        match self.rows_format()? {
            format @ (Rows::Table | Rows::Markdown) => {
                let mut cells = Vec::new();
                for row in rows {
                    let row = row?;
                    let cell = |name| row.get(name).map(|term| shown(term, self.prefixes));
                    cells.push(
                        variables
                            .iter()
                            .map(|name| cell(name).unwrap_or_default())
                            .collect::<Vec<_>>(),
                    );
                }
                let grid = Grid {
                    heads: names.collect(),
                    rows: cells,
                    is_grouped: false,
                };
                let text = match format {
                    _ if grid.rows.is_empty() => String::new(),
                    Rows::Markdown => grid.markdown(),
                    _ => grid.table(),
                };
                self.out.write_all(text.as_bytes())?;
            }
            Rows::Ndjson => {
                for row in rows {
                    let row = row?;
                    let object: Map<String, Value> = row
                        .iter()
                        .map(|(name, term)| (name.as_str().to_owned(), binding(term)))
                        .collect();
                    writeln!(self.out, "{}", Value::Object(object))?;
                }
            }
            Rows::Standard(format) => {
                let mut serializer = QueryResultsSerializer::from_format(format)
                    .serialize_solutions_to_writer(&mut self.out, variables.clone())?;
                for row in rows {
                    serializer.serialize(row?.iter())?;
                }
                serializer.finish()?;
                if !matches!(format, QueryResultsFormat::Csv | QueryResultsFormat::Tsv) {
                    writeln!(self.out)?;
                }
            }
        }
        self.out.flush()?;
        Ok(count)
    }

    /// Refuses a format that has no triples, before they are collected.
    pub(crate) fn check_triples(&self) -> Result<RdfFormat, AnswerError> {
        let format = self.format.unwrap_or(SolutionFormat::Turtle);
        format.triples().ok_or(AnswerError::NotRows)
    }

    /// Writes the answer of CONSTRUCT or DESCRIBE.
    pub(crate) fn triples(mut self, triples: Vec<Triple>) -> Result<(), AnswerError> {
        let format = self.check_triples()?;
        let quads: Vec<Quad> = triples
            .into_iter()
            .map(|it| it.in_graph(GraphName::DefaultGraph))
            .collect();
        write_quads(&quads, format, self.prefixes, &mut self.out)?.flush()?;
        Ok(())
    }
}

/// A term as people read it: IRIs short, literals without quotes, tags and datatypes.
fn shown(term: &Term, prefixes: &PrefixMap) -> String {
    let text = match term {
        Term::NamedNode(node) => prefixes.compact(node.as_str()).into_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(_) | Term::Triple(_) => term.to_string(),
    };
    // Control characters would move the cursor, or worse.
    text.replace(|c: char| c.is_control(), " ")
}

/// A term as [SPARQL Query Results JSON](https://www.w3.org/TR/sparql11-results-json/) has it.
fn binding(term: &Term) -> Value {
    match term {
        Term::NamedNode(node) => json!({ "type": "uri", "value": node.as_str() }),
        Term::BlankNode(node) => json!({ "type": "bnode", "value": node.as_str() }),
        Term::Literal(literal) => {
            let mut binding = json!({ "type": "literal", "value": literal.value() });
            if let Some(language) = literal.language() {
                binding["xml:lang"] = language.into();
                if let Some(direction) = literal.direction() {
                    binding["its:dir"] = direction.to_string().into();
                }
            } else if literal.datatype() != tupu::vocab::xsd::STRING {
                binding["datatype"] = literal.datatype().as_str().into();
            }
            binding
        }
        Term::Triple(triple) => json!({
            "type": "triple",
            "value": {
                "subject": binding(&triple.subject.clone().into()),
                "predicate": binding(&triple.predicate.clone().into()),
                "object": binding(&triple.object),
            }
        }),
    }
}
