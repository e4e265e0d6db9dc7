//! N-Triples and N-Quads, line by line.

use std::io;

use memchr::memchr;
use oxrdf::{
    BlankNodeRef, GraphName, GraphNameRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, Quad,
    TermRef, TripleRef,
};
use oxrdfio::RdfFormat;
use oxttl::{NQuadsParser, NTriplesParser};

use super::StreamFault;
use super::term::{Languages, SeenIris, is_iri, name_length, string_end, typed, unescape};
use crate::rdf::TripleSink;

/// Reads lines of [N-Triples](https://www.w3.org/TR/n-triples/) or
/// [N-Quads](https://www.w3.org/TR/n-quads/).
///
/// Ordinary lines are read in place, with nothing allocated; any other is oxttl's, which so decides
/// what is legal.
#[derive(Clone, Debug)]
pub struct LineReader {
    has_graphs: bool,
    /// Graph of the last statement.
    graph: GraphName,
    /// The last subject that was an IRI, with its brackets.
    subject: String,
    seen: SeenIris,
    languages: Languages,
    /// The literal at hand, where it has escapes.
    unescaped: String,
}

/// What a line says.
struct Statement<'l> {
    triple: TripleRef<'l>,
    graph: GraphNameRef<'l>,
}

impl LineReader {
    /// A reader of N-Triples.
    pub fn new() -> Self {
        Self {
            has_graphs: false,
            graph: GraphName::DefaultGraph,
            subject: String::new(),
            seen: SeenIris::default(),
            languages: Languages::default(),
            unescaped: String::new(),
        }
    }

    /// A reader of N-Quads if that is the format, else of N-Triples.
    pub(super) fn of_format(format: RdfFormat) -> Self {
        match format {
            RdfFormat::NQuads => Self::new().with_graphs(),
            _ => Self::new(),
        }
    }

    /// Takes names of graphs, and so reads N-Quads.
    #[must_use]
    pub fn with_graphs(mut self) -> Self {
        self.has_graphs = true;
        self
    }

    /// Hands to `sink` what the lines of `text` say, which begin with line `first_line` of the whole;
    /// faulty lines go to `on_fault` and are otherwise left out. What is read next goes on in the graph of
    /// the last line.
    ///
    /// # Errors
    ///
    /// When `sink` or `on_fault` fails.
    pub fn read<S: TripleSink + ?Sized>(
        &mut self,
        text: &[u8],
        first_line: u64,
        sink: &mut S,
        mut on_fault: impl FnMut(StreamFault) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut graph = std::mem::take(&mut self.graph);
        let valid = simdutf8::compat::from_utf8(text);
        let has_returns = memchr(b'\r', text).is_some();
        let mut rest = text;
        let mut number = first_line;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest);
            let at = text.len() - rest.len();
            let length = end.unwrap_or(rest.len());
            let line = match valid {
                Ok(valid) => Ok(&valid[at..at + length]),
                Err(_) => std::str::from_utf8(&rest[..length]),
            };
            rest = rest.get(length + 1..).unwrap_or_default();
            let line = line.map(|line| line.strip_suffix('\r').unwrap_or(line));
            let plain = line
                .ok()
                .filter(|line| !has_returns || !line.contains('\r'));
            let read = plain.is_some_and(is_nothing);
            if !read {
                let statement = plain.and_then(|line| self.statement(line));
                match statement {
                    Some(statement) => {
                        if graph.as_ref() != statement.graph {
                            sink.graph(statement.graph)?;
                            graph = statement.graph.into_owned();
                        }
                        sink.triple(statement.triple)?;
                    }
                    None => {
                        let bytes = &text[at..at + length];
                        if let Err(fault) = self.read_unusual(bytes, &mut graph, sink)? {
                            on_fault(StreamFault {
                                line: number,
                                ..fault
                            })?;
                        }
                    }
                }
            }
            number += 1;
        }
        self.graph = graph;
        Ok(())
    }

    /// Has oxttl read a line.
    fn read_unusual<S: TripleSink + ?Sized>(
        &self,
        line: &[u8],
        graph: &mut GraphName,
        sink: &mut S,
    ) -> io::Result<Result<(), StreamFault>> {
        let quads: Result<Vec<Quad>, _> = if self.has_graphs {
            NQuadsParser::new().for_slice(line).collect()
        } else {
            let triples = NTriplesParser::new().for_slice(line);
            triples
                .map(|triple| triple.map(|it| it.in_graph(GraphName::DefaultGraph)))
                .collect()
        };
        let quads = match quads {
            Ok(quads) => quads,
            Err(error) => {
                return Ok(Err(StreamFault {
                    line: 1,
                    column: error.location().start.column + 1,
                    message: error.message().to_owned(),
                    text: line.to_owned(),
                }));
            }
        };
        for mut quad in quads {
            quad.object = self.languages.as_written(quad.object);
            if *graph != quad.graph_name {
                sink.graph(quad.graph_name.as_ref())?;
                *graph = quad.graph_name.clone();
            }
            sink.triple(quad.as_ref().into())?;
        }
        Ok(Ok(()))
    }

    /// The statement of an ordinary line.
    fn statement<'l>(&'l mut self, line: &'l str) -> Option<Statement<'l>> {
        let Self {
            has_graphs,
            graph: _,
            subject: last_subject,
            seen,
            languages,
            unescaped,
        } = self;
        let line = line.trim_start_matches([' ', '\t']);
        let (subject, rest) = if let Some(rest) = line
            .strip_prefix(last_subject.as_str())
            .filter(|_| !last_subject.is_empty())
        {
            let iri = last_subject.get(1..last_subject.len() - 1)?;
            (NamedNodeRef::new_unchecked(iri).into(), rest)
        } else {
            match line.as_bytes().first()? {
                b'<' => {
                    let (iri, rest) = bracketed(line)?;
                    if !is_iri(iri) {
                        return None;
                    }
                    last_subject.clear();
                    last_subject.push_str(&line[..iri.len() + 2]);
                    (NamedNodeRef::new_unchecked(iri).into(), rest)
                }
                _ => {
                    let (label, rest) = blank_node(line)?;
                    let node = BlankNodeRef::new_unchecked(label);
                    (NamedOrBlankNodeRef::from(node), rest)
                }
            }
        };
        let (predicate, rest) = bracketed(skip_blanks(rest))?;
        if !seen.is_iri(predicate) {
            return None;
        }
        let rest = skip_blanks(rest);
        let (object, rest) = match rest.as_bytes().first()? {
            b'<' => {
                let (iri, rest) = bracketed(rest)?;
                if !is_iri(iri) {
                    return None;
                }
                (TermRef::from(NamedNodeRef::new_unchecked(iri)), rest)
            }
            b'"' => {
                let (literal, rest) = literal(&rest[1..], seen, languages, unescaped)?;
                (literal.into(), rest)
            }
            _ => {
                let (label, rest) = blank_node(rest)?;
                (BlankNodeRef::new_unchecked(label).into(), rest)
            }
        };
        let mut rest = skip_blanks(rest);
        let mut graph = GraphNameRef::DefaultGraph;
        if *has_graphs && !rest.starts_with('.') {
            let (name, after) = bracketed(rest)?;
            if !is_iri(name) {
                return None;
            }
            graph = NamedNodeRef::new_unchecked(name).into();
            rest = skip_blanks(after);
        }
        let end = skip_blanks(rest.strip_prefix('.')?);
        end.is_empty().then(|| Statement {
            triple: TripleRef::new(subject, NamedNodeRef::new_unchecked(predicate), object),
            graph,
        })
    }
}

impl Default for LineReader {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a line says nothing: blanks and a comment.
fn is_nothing(line: &str) -> bool {
    let line = skip_blanks(line);
    line.is_empty() || line.starts_with('#')
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// What stands between the angle brackets with which `text` begins, and what follows them. Escapes are
/// left to oxttl, as a backslash is legal in no IRI.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('<')?;
    let end = memchr(b'>', text.as_bytes())?;
    Some((&text[..end], &text[end + 1..]))
}

/// Label of the blank node with which `text` begins, and what follows it.
fn blank_node(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("_:")?;
    let length = name_length(text.as_bytes());
    let (label, rest) = text.split_at(length);
    let is_label = !label.is_empty() && !label.starts_with('-');
    let ends = rest.starts_with([' ', '\t']) || rest == ".";
    (is_label && ends).then_some((label, rest))
}

/// The literal after whose first quotation mark `text` begins, and what follows it.
fn literal<'l>(
    text: &'l str,
    seen: &mut SeenIris,
    languages: &mut Languages,
    unescaped: &'l mut String,
) -> Option<(LiteralRef<'l>, &'l str)> {
    let (end, has_escapes) = string_end(text.as_bytes(), b'"')?;
    let mut value = &text[..end];
    let rest = &text[end + 1..];
    if has_escapes {
        unescaped.clear();
        unescape(value, unescaped)?;
        value = unescaped;
    }
    if let Some(tagged) = rest.strip_prefix('@') {
        let end = tagged
            .bytes()
            .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'-');
        let (written, rest) = tagged.split_at(end?);
        if written.contains("--") {
            return None;
        }
        let literal = LiteralRef::new_language_tagged_literal_unchecked(value, written);
        languages.is_tag(written).then_some((literal, rest))
    } else if let Some(typed_by) = rest.strip_prefix("^^") {
        let (datatype, rest) = bracketed(typed_by)?;
        if !seen.is_iri(datatype) {
            return None;
        }
        Some((typed(value, datatype)?, rest))
    } else {
        Some((LiteralRef::new_simple_literal(value), rest))
    }
}
