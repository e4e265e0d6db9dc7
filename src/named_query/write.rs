//! A query in the words that any store takes.

use std::collections::{BTreeMap, BTreeSet};

use spargebra::Query;

use super::token::{iri_end, string_end};
use crate::prefix::PrefixMap;

/// Names of so many hexadecimal digits are made up by the parser, which takes 128 random bits.
const MADE_UP: usize = 24;

/// The query as SPARQL that declares every prefix it uses, one triple a line.
///
/// What the parser makes up for `[]`, paths and counts is numbered, so that the same query gives the
/// same text.
pub fn write(query: &Query, prefixes: &PrefixMap) -> String {
    let text = query.to_string();
    let mut writer = Writer {
        prefixes,
        used: BTreeSet::new(),
        names: BTreeMap::new(),
        text: &text,
        depth: 0,
        out: String::new(),
    };
    writer.query();
    let mut head = String::new();
    for prefix in &writer.used {
        let namespace = prefixes.namespace(prefix).unwrap_or_default();
        head.push_str(&format!("PREFIX {prefix}: <{namespace}>\n"));
    }
    head + writer.out.trim_end() + "\n"
}

struct Writer<'w> {
    prefixes: &'w PrefixMap,
    used: BTreeSet<&'w str>,
    /// Our names for those that the parser made up.
    names: BTreeMap<&'w str, String>,
    /// The query as one line.
    text: &'w str,
    /// Brackets that are open.
    depth: usize,
    out: String,
}

impl<'w> Writer<'w> {
    fn query(&mut self) {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let start = at;
            at = match byte {
                b'"' => string_end(bytes, at).unwrap_or_else(|end| end),
                b'<' => iri_end(bytes, at).unwrap_or(at + 1),
                b'?' | b'_' => name_end(bytes, at),
                _ => text.ceil_char_boundary(at + 1),
            };
            self.part(&text[start..at]);
        }
    }

    fn part(&mut self, part: &'w str) {
        match part {
            "{" => {
                self.out.push('{');
                self.depth += 1;
                self.line();
            }
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.line();
                self.out.push('}');
                self.line();
            }
            // Literals are written with quotes, so a full stop ends a triple.
            "." => {
                self.out.push('.');
                self.line();
            }
            " " if self.out.ends_with([' ', '\n']) => {}
            part if part.len() > 1 && part.starts_with('<') => self.iri(part),
            part if part.len() > 1 && part.starts_with(['?', '_']) => self.name(part),
            part => self.out.push_str(part),
        }
    }

    /// Begins a new line, unless one has just begun.
    fn line(&mut self) {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(self.depth));
    }

    fn iri(&mut self, part: &str) {
        match self.prefixes.shorten(&part[1..part.len() - 1]) {
            Some((prefix, local)) => {
                self.used.insert(prefix);
                self.out.push_str(&format!("{prefix}:{local}"));
            }
            None => self.out.push_str(part),
        }
    }

    fn name(&mut self, part: &'w str) {
        let name = part.trim_start_matches(['?', '_', ':']);
        if name.len() < MADE_UP || !name.bytes().all(|it| it.is_ascii_hexdigit()) {
            self.out.push_str(part);
            return;
        }
        let (number, text) = (self.names.len(), self.text);
        let ours = self.names.entry(part).or_insert_with(|| {
            let mut ours = format!("n{number}");
            while text.contains(&ours) {
                ours.push('_');
            }
            part.replace(name, &ours)
        });
        self.out.push_str(ours);
    }
}

/// Where the variable or the blank node's label that begins at `at` ends.
fn name_end(bytes: &[u8], at: usize) -> usize {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | 0x80..);
    at + 1 + bytes[at + 1..].iter().take_while(is_name).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named_query::parse;

    fn written(text: &str) -> String {
        let prefixes = PrefixMap::well_known();
        write(&parse(text, &prefixes).unwrap(), &prefixes)
    }

    #[test]
    fn a_query_is_written_with_what_it_needs() {
        assert_eq!(
            written("SELECT ?s { ?s a [ schema:name '市. {\\n' ] FILTER(?s<1.5) } # end"),
            "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?s WHERE {
  _:n0 schema:name \"市. {\\n\" .
  ?s rdf:type _:n0 .
  FILTER((?s < \"1.5\"^^xsd:decimal))
}
"
        );
    }

    #[test]
    fn names_that_are_made_up_are_no_one_elses() {
        let text = written("SELECT (COUNT(*) AS ?n0) { ?s ?p [] }");
        assert!(text.starts_with("SELECT (?n0_ AS ?n0) WHERE {"), "{text}");
    }

    #[test]
    fn what_is_written_means_the_same() {
        for text in [
            "ASK { <urn:a> (<urn:p>/^<urn:q>*)|!<urn:r> '''a\"b'''@en }",
            "CONSTRUCT { ?s ?p ?o } FROM <urn:g> { GRAPH ?g { ?s ?p ?o } } LIMIT 3",
            "DESCRIBE <urn:a>",
            "SELECT DISTINCT * { VALUES (?a ?b) { (UNDEF \"<x>\") (1 true) } MINUS { ?a ?b ?c } }",
        ] {
            let plain = parse(text, &PrefixMap::new()).unwrap().to_string();
            assert_eq!(written(&written(text)), written(&plain), "{text}");
        }
    }
}
