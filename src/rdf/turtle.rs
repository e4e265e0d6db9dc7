//! Turtle and TriG that people can read and review.

use std::io::{self, Write};

use oxrdf::{GraphNameRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, TermRef, TripleRef};

use super::TripleSink;
use super::escape::append_quoted;
use super::ntriples::{BUFFER, append_blank_node, append_language, no_named_graphs};
use crate::prefix::PrefixMap;
use crate::vocab::{rdf, xsd};

/// Two texts in different languages share a line up to this many bytes.
const SHORT_TEXTS: usize = 120;

/// Announces RDF 1.2.
const RDF_12: &str = "VERSION \"1.2\"";

/// Writes [Turtle](https://www.w3.org/TR/turtle/), or [TriG](https://www.w3.org/TR/trig/) with named
/// graphs: one block a subject, `a` first where it
/// comes first, several objects each on its own line.
///
/// Triples of one subject, and of one predicate in it, must come together; they are written in the
/// order in which they come.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct TurtleSerializer {
    prefixes: PrefixMap,
    has_graphs: bool,
    is_rdf_12: bool,
    is_continued: bool,
}

impl TurtleSerializer {
    /// A serializer without prefixes.
    pub fn new() -> Self {
        Self::default()
    }

    /// With `prefixes`, all of which are declared at the beginning.
    pub fn with_prefixes(mut self, prefixes: PrefixMap) -> Self {
        self.prefixes = prefixes;
        self
    }

    /// Takes named graphs, and so writes TriG.
    pub fn with_graphs(mut self) -> Self {
        self.has_graphs = true;
        self
    }

    /// Announces RDF 1.2, which triple terms need.
    pub fn with_rdf_12(mut self) -> Self {
        self.is_rdf_12 = true;
        self
    }

    /// Goes on with a document at whose beginning the prefixes are declared.
    pub(super) fn continued(mut self) -> Self {
        self.is_continued = true;
        self
    }

    /// Writes to `writer`, through a buffer of its own.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn for_writer<W: Write>(self, mut writer: W) -> io::Result<TurtleWriter<W>> {
        if !self.is_continued {
            if self.is_rdf_12 {
                writeln!(writer, "{RDF_12}")?;
            }
            for (prefix, namespace) in self.prefixes.iter() {
                writeln!(writer, "@prefix {prefix}: <{namespace}> .")?;
            }
        }
        Ok(TurtleWriter {
            prefixes: self.prefixes,
            has_graphs: self.has_graphs,
            is_rdf_12: self.is_rdf_12,
            graph: Vec::new(),
            buffer: Vec::with_capacity(BUFFER + 1024),
            writer,
            subject: Subject::None,
            object: Vec::new(),
            predicate: String::new(),
            held: Vec::new(),
            held_is_text: false,
            list: List::One,
        })
    }
}

/// How the objects of the predicate at hand stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum List {
    /// There is one; it is held back until it is known whether more come.
    One,
    /// On one line.
    Line,
    /// Each on its own line.
    Column,
}

/// The subject of the block at hand.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Subject {
    /// There is no block.
    None,
    Named(String),
    Blank(String),
}

impl Subject {
    fn is(&self, subject: NamedOrBlankNodeRef<'_>) -> bool {
        match (self, subject) {
            (Self::Named(iri), NamedOrBlankNodeRef::NamedNode(node)) => iri == node.as_str(),
            (Self::Blank(label), NamedOrBlankNodeRef::BlankNode(node)) => label == node.as_str(),
            _ => false,
        }
    }
}

/// Takes triples and writes them as Turtle. Call [`finish`](Self::finish) at the end.
#[derive(Debug)]
#[must_use]
pub struct TurtleWriter<W: Write> {
    prefixes: PrefixMap,
    has_graphs: bool,
    is_rdf_12: bool,
    /// The graph at hand as written; empty for the default graph.
    graph: Vec<u8>,
    buffer: Vec<u8>,
    writer: W,
    subject: Subject,
    /// The object at hand as written.
    object: Vec<u8>,
    predicate: String,
    /// The first object of the predicate at hand, while it is the only one.
    held: Vec<u8>,
    held_is_text: bool,
    list: List,
}

impl<W: Write> TurtleWriter<W> {
    /// Ends the last block and gives the writer back.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_graph();
        self.writer.write_all(&self.buffer)?;
        Ok(self.writer)
    }

    fn end_graph(&mut self) {
        self.end_block();
        if !self.graph.is_empty() {
            self.buffer.extend_from_slice(b"}\n");
        }
    }

    fn begin_graph(&mut self) {
        if !self.graph.is_empty() {
            self.buffer.push(b'\n');
            self.buffer.extend_from_slice(&self.graph);
            self.buffer.extend_from_slice(b" {\n");
        }
    }

    /// Writes a line that stands in no graph and no block.
    fn declare(&mut self, line: &str) {
        let is_within = self.subject != Subject::None || !self.graph.is_empty();
        self.end_graph();
        if is_within {
            self.buffer.push(b'\n');
        }
        self.buffer.extend_from_slice(line.as_bytes());
        self.buffer.push(b'\n');
        self.begin_graph();
    }

    fn end_block(&mut self) {
        if self.subject != Subject::None {
            self.release();
            self.buffer.extend_from_slice(b" .\n");
            self.subject = Subject::None;
            self.predicate.clear();
        }
    }

    /// Writes the object that was held back.
    fn release(&mut self) {
        if self.list == List::One {
            self.buffer.push(b' ');
            self.buffer.append(&mut self.held);
        }
    }

    fn begin_block(&mut self, subject: NamedOrBlankNodeRef<'_>) -> io::Result<()> {
        self.end_block();
        if self.buffer.len() >= BUFFER {
            self.writer.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        self.buffer.push(b'\n');
        self.subject = match subject {
            NamedOrBlankNodeRef::NamedNode(node) => {
                append_node(&mut self.buffer, &self.prefixes, node.as_str());
                Subject::Named(node.as_str().to_owned())
            }
            NamedOrBlankNodeRef::BlankNode(node) => {
                append_blank_node(&mut self.buffer, node.as_str());
                Subject::Blank(node.as_str().to_owned())
            }
        };
        Ok(())
    }

    fn begin_predicate(&mut self, predicate: NamedNodeRef<'_>) {
        // A reified statement reads as one line: subject, predicate, object.
        let continues_line = (self.predicate == rdf::SUBJECT.as_str()
            && predicate == rdf::PREDICATE)
            || (self.predicate == rdf::PREDICATE.as_str() && predicate == rdf::OBJECT);
        let is_first = self.predicate.is_empty();
        if !is_first {
            self.release();
            self.buffer.extend_from_slice(b" ;");
        }
        if predicate == rdf::TYPE && is_first {
            self.buffer.extend_from_slice(b" a");
        } else {
            self.buffer
                .extend_from_slice(if continues_line { b" " } else { b"\n    " });
            if predicate == rdf::TYPE {
                self.buffer.push(b'a');
            } else {
                append_node(&mut self.buffer, &self.prefixes, predicate.as_str());
            }
        }
        self.predicate.clear();
        self.predicate.push_str(predicate.as_str());
        self.list = List::One;
        self.held.clear();
    }

    fn add_object(&mut self, object: &[u8], is_text: bool) {
        match self.list {
            List::One if self.held.is_empty() => {
                self.held.extend_from_slice(object);
                self.held_is_text = is_text;
                return;
            }
            List::One => {
                let is_short = self.held.len() + object.len() <= SHORT_TEXTS;
                self.list = if self.predicate == rdf::TYPE.as_str()
                    || (is_text && self.held_is_text && is_short)
                {
                    self.buffer.push(b' ');
                    List::Line
                } else {
                    self.buffer.extend_from_slice(b"\n        ");
                    List::Column
                };
                self.buffer.append(&mut self.held);
            }
            List::Line | List::Column => {}
        }
        self.buffer.extend_from_slice(if self.list == List::Line {
            b", "
        } else {
            b",\n        "
        });
        self.buffer.extend_from_slice(object);
    }
}

impl<W: Write> TripleSink for TurtleWriter<W> {
    fn section(&mut self, title: &str) -> io::Result<()> {
        self.end_block();
        self.buffer.extend_from_slice(b"\n# ");
        // A comment ends with its line.
        let title: String = title.chars().filter(|c| !c.is_control()).collect();
        self.buffer.extend_from_slice(title.as_bytes());
        self.buffer.push(b'\n');
        Ok(())
    }

    fn prefix(&mut self, prefix: &str, namespace: &str) -> io::Result<()> {
        if self.prefixes.namespace(prefix) == Some(namespace)
            || !self.prefixes.declare(prefix, namespace)
        {
            return Ok(());
        }
        self.declare(&format!("@prefix {prefix}: <{namespace}> ."));
        Ok(())
    }

    fn graph(&mut self, name: GraphNameRef<'_>) -> io::Result<()> {
        if !name.is_default_graph() && !self.has_graphs {
            return Err(no_named_graphs("Turtle"));
        }
        self.end_graph();
        self.graph.clear();
        match name {
            GraphNameRef::DefaultGraph => {}
            GraphNameRef::NamedNode(node) => {
                append_node(&mut self.graph, &self.prefixes, node.as_str());
            }
            GraphNameRef::BlankNode(node) => append_blank_node(&mut self.graph, node.as_str()),
        }
        self.begin_graph();
        Ok(())
    }

    fn triple(&mut self, triple: TripleRef<'_>) -> io::Result<()> {
        if !self.is_rdf_12 && needs_rdf_12(triple.object) {
            self.is_rdf_12 = true;
            self.declare(RDF_12);
        }
        if !self.subject.is(triple.subject) {
            self.begin_block(triple.subject)?;
        }
        if triple.predicate.as_str() != self.predicate {
            self.begin_predicate(triple.predicate);
        }
        let mut object = std::mem::take(&mut self.object);
        object.clear();
        let mut is_text = false;
        match triple.object {
            TermRef::NamedNode(node) => append_node(&mut object, &self.prefixes, node.as_str()),
            TermRef::BlankNode(node) => append_blank_node(&mut object, node.as_str()),
            TermRef::Literal(literal) => {
                append_literal(&mut object, &self.prefixes, literal);
                is_text = literal.language().is_some();
            }
            TermRef::Triple(triple) => {
                append_triple_term(&mut object, &self.prefixes, triple.as_ref());
            }
        }
        self.add_object(&object, is_text);
        self.object = object;
        Ok(())
    }
}

/// A triple as the object of another, as RDF 1.2 has it.
fn append_triple_term(out: &mut Vec<u8>, prefixes: &PrefixMap, triple: TripleRef<'_>) {
    out.extend_from_slice(b"<<( ");
    match triple.subject {
        NamedOrBlankNodeRef::NamedNode(node) => append_node(out, prefixes, node.as_str()),
        NamedOrBlankNodeRef::BlankNode(node) => append_blank_node(out, node.as_str()),
    }
    out.push(b' ');
    append_node(out, prefixes, triple.predicate.as_str());
    out.push(b' ');
    match triple.object {
        TermRef::NamedNode(node) => append_node(out, prefixes, node.as_str()),
        TermRef::BlankNode(node) => append_blank_node(out, node.as_str()),
        TermRef::Literal(literal) => append_literal(out, prefixes, literal),
        TermRef::Triple(triple) => append_triple_term(out, prefixes, triple.as_ref()),
    }
    out.extend_from_slice(b" )>>");
}

/// Appends an IRI, shortened where that is legal.
pub(crate) fn append_node(out: &mut Vec<u8>, prefixes: &PrefixMap, iri: &str) {
    if let Some((prefix, local)) = prefixes.shorten(iri) {
        out.extend_from_slice(prefix.as_bytes());
        out.push(b':');
        out.extend_from_slice(local.as_bytes());
    } else {
        out.push(b'<');
        out.extend_from_slice(iri.as_bytes());
        out.push(b'>');
    }
}

/// Appends a literal.
pub(crate) fn append_literal(out: &mut Vec<u8>, prefixes: &PrefixMap, literal: LiteralRef<'_>) {
    if is_bare(literal) {
        out.extend_from_slice(literal.value().as_bytes());
        return;
    }
    out.push(b'"');
    append_quoted(out, literal.value());
    out.push(b'"');
    if let Some(language) = literal.language() {
        append_language(out, language, literal.direction());
    } else if shows_datatype(literal) {
        out.extend_from_slice(b"^^");
        append_node(out, prefixes, literal.datatype().as_str());
    }
}

/// Whether only RDF 1.2 can say this.
pub(crate) fn needs_rdf_12(object: TermRef<'_>) -> bool {
    match object {
        TermRef::Triple(_) => true,
        TermRef::Literal(literal) => literal.direction().is_some(),
        _ => false,
    }
}

/// Whether the literal's datatype is written out.
pub(crate) fn shows_datatype(literal: LiteralRef<'_>) -> bool {
    literal.language().is_none() && literal.datatype() != xsd::STRING && !is_bare(literal)
}

/// Whether the literal stands without quotes and means the same.
fn is_bare(literal: LiteralRef<'_>) -> bool {
    let text = literal.value();
    let datatype = literal.datatype();
    if datatype == xsd::BOOLEAN {
        return matches!(text, "true" | "false");
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if datatype == xsd::INTEGER {
        return is_digits(unsigned);
    }
    // A decimal needs digits after the point, or the point would end the statement.
    datatype == xsd::DECIMAL
        && unsigned.split_once('.').is_some_and(|(whole, fraction)| {
            is_digits(fraction) && (whole.is_empty() || is_digits(whole))
        })
}

#[cfg(test)]
mod tests {
    use oxrdf::{Literal, NamedNode, Triple};

    use super::*;

    fn write(triples: &[Triple]) -> String {
        let mut prefixes = PrefixMap::new();
        prefixes.insert("a", "https://a.example/").unwrap();
        let mut writer = TurtleSerializer::new()
            .with_prefixes(prefixes)
            .for_writer(Vec::new())
            .unwrap();
        for triple in triples {
            writer.triple(triple.as_ref()).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    fn node(name: &str) -> NamedNode {
        NamedNode::new(format!("https://a.example/{name}")).unwrap()
    }

    fn text(text: &str, language: &str) -> Literal {
        Literal::new_language_tagged_literal_unchecked(text, language)
    }

    #[test]
    fn blocks_lists_and_short_texts() {
        let found = write(&[
            Triple::new(node("s"), rdf::TYPE.into_owned(), node("C")),
            Triple::new(node("s"), rdf::TYPE.into_owned(), node("D")),
            Triple::new(node("s"), node("name"), text("甲", "zh")),
            Triple::new(node("s"), node("name"), text("A", "en")),
            Triple::new(node("s"), node("p"), node("x")),
            Triple::new(node("s"), node("p"), node("y/z")),
            Triple::new(node("t"), node("p"), Literal::from(3)),
        ]);
        let expected = "@prefix a: <https://a.example/> .\n\
            \n\
            a:s a a:C, a:D ;\n    \
                a:name \"甲\"@zh, \"A\"@en ;\n    \
                a:p\n        \
                    a:x,\n        \
                    <https://a.example/y/z> .\n\
            \n\
            a:t\n    \
                a:p 3 .\n";
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_means_the_same_stands_bare() {
        let typed = |text: &str, datatype: NamedNodeRef<'_>| {
            is_bare(Literal::new_typed_literal(text, datatype).as_ref())
        };
        assert!(typed("1", xsd::INTEGER) && typed("-01", xsd::INTEGER));
        assert!(typed("2.8", xsd::DECIMAL) && typed(".5", xsd::DECIMAL));
        assert!(typed("true", xsd::BOOLEAN));
        for (text, datatype) in [
            ("", xsd::INTEGER),
            ("1.", xsd::DECIMAL),
            ("1", xsd::DECIMAL),
            ("1e3", xsd::DECIMAL),
            ("１", xsd::INTEGER),
            ("1", xsd::BOOLEAN),
            ("2024", xsd::G_YEAR),
        ] {
            assert!(!typed(text, datatype), "{text}");
        }
    }
}
