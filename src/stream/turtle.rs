//! Turtle, statement by statement.

use std::io::{self, Read};

use memchr::{memchr_iter, memchr2, memrchr2};
use oxiri::Iri;
use oxrdf::{NamedOrBlankNode, Term, Triple};
use oxttl::{TurtleParseError, TurtleParser};

use super::blank::BlankNodes;
use super::cursor::{Cursor, Stop};
use super::statement::{Part, Parts, Span, Statement};
use super::term::{Languages, SeenIris, is_iri, unescape};
use super::{StreamError, StreamFault};
use crate::rdf::TripleSink;
use crate::vocab::{rdf, xsd};

/// Bytes that are read at once.
const READ: usize = 256 * 1024;

/// A statement that is longer is read by oxttl, which holds no statements.
const LONGEST_STATEMENT: usize = 4 * 1024 * 1024;

/// Brackets within brackets, at most.
const DEEPEST: usize = 64;

/// Reads [Turtle](https://www.w3.org/TR/turtle/); see [`read`](super::read).
///
/// Statements are read in a buffer of some MiB. From the first one on that has anything unusual, such as
/// an error or what is new in RDF 1.2, the text is read by oxttl, which so decides what is legal.
pub(super) fn read_turtle<R: Read, S: TripleSink + ?Sized>(
    mut reader: R,
    base: Option<&str>,
    sink: &mut S,
) -> Result<(), StreamError> {
    let mut turtle = TurtleReader::new(base)?;
    let mut held: Vec<u8> = Vec::new();
    let mut at = 0;
    let mut is_at_end = false;
    let mut wanted = READ;
    loop {
        match turtle.statement(&held[at..]) {
            Ok(length) => {
                turtle.hand_over(sink).map_err(StreamError::Write)?;
                turtle.count(&held[at..at + length]);
                at += length;
                continue;
            }
            Err(Stop::More) if is_at_end && turtle.is_blank(&held[at..]) => return Ok(()),
            Err(Stop::More) if !is_at_end && held.len() - at < LONGEST_STATEMENT => {}
            Err(_) => {
                let added = usize::from(is_at_end);
                let rest = held.get(at..held.len() - added).unwrap_or_default();
                return turtle.leave_to_oxttl(rest.chain(reader), sink);
            }
        }
        held.drain(..at);
        at = 0;
        // Twice as much, so that a long statement is not begun too often.
        wanted = READ.max(held.len() * 2).max(wanted / 2);
        let missing = wanted - held.len();
        let read = (&mut reader)
            .take(missing as u64)
            .read_to_end(&mut held)
            .map_err(StreamError::Read)?;
        if read < missing {
            is_at_end = true;
            // So that every token ends before the text does.
            held.push(b'\n');
        }
    }
}

struct TurtleReader {
    base: Option<Iri<String>>,
    /// Prefixes and their namespaces.
    prefixes: Vec<(String, String)>,
    seen: SeenIris,
    languages: Languages,
    blank: BlankNodes,
    statement: Statement,
    /// The prefix that the statement declares.
    declared: Option<usize>,
    /// Lines and, on the one at hand, code points before the statement.
    before: (u64, u64),
}

impl TurtleReader {
    fn new(base: Option<&str>) -> Result<Self, StreamError> {
        let base = base.map(|base| Iri::parse(base.to_owned())).transpose();
        Ok(Self {
            base: base.map_err(|error| StreamError::Base(error.to_string()))?,
            prefixes: Vec::new(),
            seen: SeenIris::default(),
            languages: Languages::default(),
            blank: BlankNodes::default(),
            statement: Statement::default(),
            declared: None,
            before: (0, 0),
        })
    }

    /// Reads the statement with which `text` begins, after blanks and comments, and gives its length.
    fn statement(&mut self, text: &[u8]) -> Result<usize, Stop> {
        self.statement.clear();
        self.declared = None;
        let anonymous = self.blank.count();
        let mut cursor = Cursor::new(text);
        let result = self.read_statement(&mut cursor);
        if result.is_err() || !self.statement.is_legal() {
            self.blank.set_count(anonymous);
            result?;
            return Err(Stop::Unusual);
        }
        Ok(cursor.at())
    }

    fn read_statement(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
        match cursor.token()? {
            b'@' => self.directive(cursor),
            b'P' | b'p' | b'B' | b'b' if cursor.is_sparql_directive()? => self.directive(cursor),
            _ => self.triples(cursor),
        }
    }

    /// `@prefix`, `@base` and their SPARQL forms.
    fn directive(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
        let is_sparql = cursor.token()? != b'@';
        cursor.skip(usize::from(!is_sparql));
        let word = cursor.word()?;
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        if !is_sparql && !word.iter().all(u8::is_ascii_lowercase) {
            return Err(Stop::Unusual);
        }
        if is("base") {
            let iri = self.declared_iri(cursor)?;
            end_of_directive(cursor, is_sparql)?;
            self.base = Some(Iri::parse(iri).map_err(|_| Stop::Unusual)?);
            return Ok(());
        }
        if !is("prefix") {
            return Err(Stop::Unusual);
        }
        cursor.token()?;
        let prefix = cursor.prefix()?;
        let namespace = self.declared_iri(cursor)?;
        if !ends_behind_host(&namespace) {
            return Err(Stop::Unusual);
        }
        end_of_directive(cursor, is_sparql)?;
        let prefix = String::from_utf8_lossy(prefix).into_owned();
        let known = self.prefixes.iter().position(|(it, _)| *it == prefix);
        let at = known.unwrap_or(self.prefixes.len());
        if known.is_none() {
            self.prefixes.push((prefix, String::new()));
        }
        self.prefixes[at].1 = namespace;
        self.declared = Some(at);
        Ok(())
    }

    /// The IRI of a base or namespace.
    fn declared_iri(&mut self, cursor: &mut Cursor<'_>) -> Result<String, Stop> {
        if cursor.token()? != b'<' {
            return Err(Stop::Unusual);
        }
        let iri = self.iri(cursor)?;
        String::from_utf8(self.statement.bytes(iri).to_vec()).map_err(|_| Stop::Unusual)
    }

    fn triples(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Stop> {
        let mut block = Vec::new();
        let mut nested = Vec::new();
        let is_bracketed = cursor.token()? == b'[';
        let subject = match cursor.token()? {
            b'[' | b'(' => self.bracket(cursor, &mut nested, 0)?,
            b'"' | b'\'' | b'0'..=b'9' | b'+' | b'-' | b'.' => return Err(Stop::Unusual),
            _ => self.resource(cursor)?,
        };
        // What stands in brackets may be all that is said.
        if !(is_bracketed && !nested.is_empty() && cursor.token()? == b'.') {
            self.properties(cursor, subject, &mut block, &mut nested, 0)?;
        }
        if cursor.token()? != b'.' {
            return Err(Stop::Unusual);
        }
        cursor.skip(1);
        self.statement.add(&mut block);
        self.statement.add(&mut nested);
        Ok(())
    }

    /// A predicate–object list, without what ends it.
    fn properties(
        &mut self,
        cursor: &mut Cursor<'_>,
        subject: Part,
        block: &mut Vec<Parts>,
        nested: &mut Vec<Parts>,
        depth: usize,
    ) -> Result<(), Stop> {
        loop {
            let predicate = self.predicate(cursor)?;
            loop {
                let object = self.object(cursor, nested, depth)?;
                block.push((subject, predicate, object));
                if cursor.token()? != b',' {
                    break;
                }
                cursor.skip(1);
            }
            if cursor.token()? != b';' {
                return Ok(());
            }
            while cursor.token()? == b';' {
                cursor.skip(1);
            }
            if matches!(cursor.token()?, b'.' | b']') {
                return Ok(());
            }
        }
    }

    fn predicate(&mut self, cursor: &mut Cursor<'_>) -> Result<Span, Stop> {
        if cursor.token()? == b'a' && cursor.peek(1)?.is_ascii_whitespace() {
            cursor.skip(1);
            return Ok(self.statement.keep(&[rdf::TYPE.as_str().as_bytes()]));
        }
        match self.resource(cursor)? {
            Part::Iri(span) => Ok(span),
            _ => Err(Stop::Unusual),
        }
    }

    fn object(
        &mut self,
        cursor: &mut Cursor<'_>,
        nested: &mut Vec<Parts>,
        depth: usize,
    ) -> Result<Part, Stop> {
        match cursor.token()? {
            b'[' | b'(' => self.bracket(cursor, nested, depth),
            quote @ (b'"' | b'\'') => self.literal(cursor, quote),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(cursor),
            _ => match cursor.boolean()? {
                Some(value) => {
                    let value = self.statement.keep(&[value]);
                    let datatype = self.statement.keep(&[xsd::BOOLEAN.as_str().as_bytes()]);
                    Ok(Part::Typed(value, datatype))
                }
                None => self.resource(cursor),
            },
        }
    }

    /// A blank node with its properties, or a collection.
    fn bracket(
        &mut self,
        cursor: &mut Cursor<'_>,
        nested: &mut Vec<Parts>,
        depth: usize,
    ) -> Result<Part, Stop> {
        if depth == DEEPEST {
            return Err(Stop::Unusual);
        }
        let is_collection = cursor.token()? == b'(';
        cursor.skip(1);
        if is_collection {
            return self.collection(cursor, nested, depth);
        }
        let node = self.fresh();
        if cursor.token()? != b']' {
            let mut block = Vec::new();
            let mut inner = Vec::new();
            self.properties(cursor, node, &mut block, &mut inner, depth + 1)?;
            nested.append(&mut block);
            nested.append(&mut inner);
        }
        if cursor.token()? != b']' {
            return Err(Stop::Unusual);
        }
        cursor.skip(1);
        Ok(node)
    }

    fn collection(
        &mut self,
        cursor: &mut Cursor<'_>,
        nested: &mut Vec<Parts>,
        depth: usize,
    ) -> Result<Part, Stop> {
        let keep = |it: &mut Self, iri: oxrdf::NamedNodeRef<'_>| {
            it.statement.keep(&[iri.as_str().as_bytes()])
        };
        let nil = Part::Iri(keep(self, rdf::NIL));
        let (first, rest) = (keep(self, rdf::FIRST), keep(self, rdf::REST));
        let mut inner = Vec::new();
        let mut items = Vec::new();
        while cursor.token()? != b')' {
            items.push(self.object(cursor, &mut inner, depth + 1)?);
        }
        cursor.skip(1);
        let nodes: Vec<Part> = items.iter().map(|_| self.fresh()).collect();
        for (at, (node, item)) in nodes.iter().zip(items).enumerate() {
            nested.push((*node, first, item));
            nested.push((*node, rest, nodes.get(at + 1).copied().unwrap_or(nil)));
        }
        nested.append(&mut inner);
        Ok(nodes.first().copied().unwrap_or(nil))
    }

    fn fresh(&mut self) -> Part {
        let label = self.blank.fresh();
        Part::Blank(self.statement.keep(&[label.as_bytes()]))
    }

    /// An IRI, a prefixed name or a labelled blank node.
    fn resource(&mut self, cursor: &mut Cursor<'_>) -> Result<Part, Stop> {
        match cursor.token()? {
            b'<' => Ok(Part::Iri(self.iri(cursor)?)),
            b'_' if cursor.peek(1)? == b':' => self.blank_node(cursor),
            _ => Ok(Part::Iri(self.prefixed_name(cursor)?)),
        }
    }

    fn iri(&mut self, cursor: &mut Cursor<'_>) -> Result<Span, Stop> {
        let rest = &cursor.rest()[1..];
        let end = memchr2(b'>', b'\\', rest).ok_or(Stop::More)?;
        let iri = std::str::from_utf8(&rest[..end]).map_err(|_| Stop::Unusual)?;
        if rest[end] == b'\\' {
            return Err(Stop::Unusual);
        }
        cursor.skip(end + 2);
        // An absolute IRI means itself, but for dots between slashes.
        if let Some(base) = self.base.as_ref() {
            let is_as_it_stands = !iri.contains("/.") && self.seen.is_iri(iri);
            if !is_as_it_stands {
                let resolved = base.resolve(iri).map_err(|_| Stop::Unusual)?;
                return Ok(self.statement.keep(&[resolved.as_str().as_bytes()]));
            }
        } else if !self.seen.is_iri(iri) {
            return Err(Stop::Unusual);
        }
        Ok(self.statement.keep(&[iri.as_bytes()]))
    }

    fn blank_node(&mut self, cursor: &mut Cursor<'_>) -> Result<Part, Stop> {
        cursor.skip(2);
        let label = cursor.name()?;
        let is_label = !label.is_empty();
        let text = std::str::from_utf8(label).map_err(|_| Stop::Unusual)?;
        if !is_label {
            return Err(Stop::Unusual);
        }
        let suffix = BlankNodes::suffix(text);
        Ok(Part::Blank(
            self.statement.keep(&[label, suffix.as_bytes()]),
        ))
    }

    fn prefixed_name(&mut self, cursor: &mut Cursor<'_>) -> Result<Span, Stop> {
        let prefix = cursor.prefix()?;
        let known = self.prefixes.iter();
        let namespace = known
            .rev()
            .find(|(it, _)| it.as_bytes() == prefix)
            .map(|(_, namespace)| namespace.as_bytes());
        let namespace = namespace.ok_or(Stop::Unusual)?;
        let local = cursor.name()?;
        let span = self.statement.keep(&[namespace, local]);
        if !local.is_ascii() {
            // Not every letter of a name may stand in an IRI.
            let iri = std::str::from_utf8(self.statement.bytes(span));
            if !iri.is_ok_and(is_iri) {
                return Err(Stop::Unusual);
            }
        }
        Ok(span)
    }

    fn literal(&mut self, cursor: &mut Cursor<'_>, quote: u8) -> Result<Part, Stop> {
        let (value, has_escapes) = cursor.string(quote)?;
        let value = if has_escapes {
            let value = std::str::from_utf8(value).map_err(|_| Stop::Unusual)?;
            let mut unescaped = String::with_capacity(value.len());
            unescape(value, &mut unescaped).ok_or(Stop::Unusual)?;
            self.statement.keep(&[unescaped.as_bytes()])
        } else {
            self.statement.keep(&[value])
        };
        match cursor.peek(0)? {
            b'@' => {
                cursor.skip(1);
                let rest = cursor.rest();
                let end = rest
                    .iter()
                    .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
                let written = &rest[..end.ok_or(Stop::More)?];
                let written = std::str::from_utf8(written).map_err(|_| Stop::Unusual)?;
                if written.contains("--") {
                    return Err(Stop::Unusual);
                }
                if !self.languages.is_tag(written) {
                    return Err(Stop::Unusual);
                }
                cursor.skip(written.len());
                let tag = self.statement.keep(&[written.as_bytes()]);
                Ok(Part::Tagged(value, tag))
            }
            b'^' => {
                if cursor.peek(1)? != b'^' {
                    return Err(Stop::Unusual);
                }
                cursor.skip(2);
                match self.resource(cursor)? {
                    Part::Iri(datatype) => Ok(Part::Typed(value, datatype)),
                    _ => Err(Stop::Unusual),
                }
            }
            _ => Ok(Part::Text(value)),
        }
    }

    fn number(&mut self, cursor: &mut Cursor<'_>) -> Result<Part, Stop> {
        let (value, datatype) = cursor.number()?;
        let value = self.statement.keep(&[value]);
        let datatype = self.statement.keep(&[datatype.as_str().as_bytes()]);
        Ok(Part::Typed(value, datatype))
    }

    fn hand_over<S: TripleSink + ?Sized>(&self, sink: &mut S) -> io::Result<()> {
        if let Some((prefix, namespace)) = self.declared.and_then(|at| self.prefixes.get(at)) {
            sink.prefix(prefix, namespace)?;
        }
        self.statement.hand_over(sink)
    }

    /// Counts the lines of a text that was read, which end with LF, CRLF or CR, as they do for oxttl.
    fn count(&mut self, text: &[u8]) {
        let lone_returns = memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n'));
        self.before.0 += (memchr_iter(b'\n', text).count() + lone_returns.count()) as u64;
        let last = memrchr2(b'\n', b'\r', text);
        let line = &text[last.map_or(0, |at| at + 1)..];
        if last.is_some() {
            self.before.1 = 0;
        }
        // Code points begin with every byte but those that continue one.
        self.before.1 += line.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
    }

    /// Whether nothing but blanks and comments is left.
    fn is_blank(&self, text: &[u8]) -> bool {
        matches!(Cursor::new(text).token(), Err(Stop::More))
    }

    fn leave_to_oxttl<R: Read, S: TripleSink + ?Sized>(
        self,
        rest: R,
        sink: &mut S,
    ) -> Result<(), StreamError> {
        let (lines, bytes) = self.before;
        let mut parser = TurtleParser::new();
        // What was declared is legal.
        if let Some(base) = &self.base
            && let Ok(with_base) = parser.clone().with_base_iri(base.as_str())
        {
            parser = with_base;
        }
        for (prefix, namespace) in &self.prefixes {
            if let Ok(with_prefix) = parser.clone().with_prefix(prefix, namespace) {
                parser = with_prefix;
            }
        }
        let mut blank = self.blank;
        let mut known = self.prefixes;
        let mut reader = parser.for_reader(rest);
        while let Some(triple) = reader.next() {
            let triple = triple.map_err(|error| match error {
                TurtleParseError::Io(error) => StreamError::Read(error),
                TurtleParseError::Syntax(error) => {
                    let place = error.location().start;
                    let column = if place.line == 0 { bytes } else { 0 };
                    StreamError::Rdf(StreamFault {
                        line: lines + place.line + 1,
                        column: column + place.column + 1,
                        message: error.message().to_owned(),
                        text: Vec::new(),
                    })
                }
            })?;
            let declared: Vec<_> = reader
                .prefixes()
                .filter(|(prefix, namespace)| {
                    let same = |(it, to): &(String, String)| it == prefix && to == namespace;
                    !known.iter().any(same)
                })
                .map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned()))
                .collect();
            for (prefix, namespace) in declared {
                sink.prefix(&prefix, &namespace)
                    .map_err(StreamError::Write)?;
                known.retain(|(it, _)| *it != prefix);
                known.push((prefix, namespace));
            }
            let mut triple = renamed(triple, &mut blank);
            triple.object = self.languages.as_written(triple.object);
            sink.triple(triple.as_ref()).map_err(StreamError::Write)?;
        }
        Ok(())
    }
}

pub(super) fn renamed(triple: Triple, blank: &mut BlankNodes) -> Triple {
    Triple {
        subject: match triple.subject {
            NamedOrBlankNode::BlankNode(node) => blank.renamed(node).into(),
            subject => subject,
        },
        predicate: triple.predicate,
        object: match triple.object {
            Term::BlankNode(node) => blank.renamed(node).into(),
            Term::Triple(triple) => renamed(*triple, blank).into(),
            object => object,
        },
    }
}

/// Whether names go on behind the host and port of `namespace`, where any of them makes an IRI.
fn ends_behind_host(namespace: &str) -> bool {
    let behind_scheme = namespace.split_once("://");
    behind_scheme.is_none_or(|(_, rest)| rest.contains(['/', '#', '?']))
}

fn end_of_directive(cursor: &mut Cursor<'_>, is_sparql: bool) -> Result<(), Stop> {
    if is_sparql {
        return Ok(());
    }
    if cursor.token()? != b'.' {
        return Err(Stop::Unusual);
    }
    cursor.skip(1);
    Ok(())
}
