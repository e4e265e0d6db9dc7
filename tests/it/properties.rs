//! Any string survives, as literal, name and label.

use oxttl::{NTriplesParser, TurtleParser};
use proptest::prelude::*;
use tupu::diagram::{escape_xml, quote_dot, quote_mermaid};
use tupu::oxrdf::{LiteralRef, NamedNode, NamedNodeRef, Triple, TripleRef};
use tupu::prefix::PrefixMap;
use tupu::rdf::{NTriplesSerializer, TripleSink, TurtleSerializer, quote_yaml};

const SUBJECT: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://a.example/s");
const PREDICATE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://a.example/p");

fn through_turtle(triple: TripleRef<'_>, prefixes: PrefixMap) -> Vec<Triple> {
    let mut writer = TurtleSerializer::new()
        .with_prefixes(prefixes)
        .for_writer(Vec::new())
        .unwrap();
    writer.section("a section\n<with> a line break .").unwrap();
    writer.triple(triple).unwrap();
    let text = writer.finish().unwrap();
    TurtleParser::new()
        .for_slice(&text)
        .map(Result::unwrap)
        .collect()
}

fn through_ntriples(triple: TripleRef<'_>) -> Vec<Triple> {
    let mut writer = NTriplesSerializer::new().for_writer(Vec::new());
    writer.triple(triple).unwrap();
    let text = writer.finish().unwrap();
    NTriplesParser::new()
        .for_slice(&text)
        .map(Result::unwrap)
        .collect()
}

/// Reads a quoted DOT string as Graphviz does: escapes first, then entities.
fn read_dot(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        assert_ne!(c, '"', "an unescaped quotation mark ends the string");
        if c == '\\' {
            match chars.next().unwrap() {
                'n' => text.push('\n'),
                c @ ('"' | '\\') => text.push(c),
                c => panic!("`\\{c}` means something else to Graphviz"),
            }
        } else {
            text.push(c);
        }
    }
    text.replace("&amp;", "&")
}

/// Reads a quoted Mermaid string: entity codes, line breaks, and the joiner that keeps marks apart.
fn read_mermaid(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
    let mut text = String::new();
    let mut parts = inner.split('#');
    text.push_str(parts.next().unwrap());
    for part in parts {
        let (code, rest) = part.split_once(';').unwrap();
        let code: u32 = code.parse().unwrap();
        text = text.replace("<br/>", "\n");
        text.push(char::from_u32(code).unwrap());
        text.push_str(rest);
    }
    text.replace("<br/>", "\n").replace('\u{2060}', "")
}

/// `text` with what is a control character in the way of `is_kept` replaced.
fn without_controls(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let shown = text
        .chars()
        .map(|c| if is_kept(c) { c } else { '\u{FFFD}' });
    shown.collect()
}

proptest! {
    #[test]
    fn any_string_survives_in_xml(text in any::<String>()) {
        let escaped = escape_xml(&text);
        let document = format!("<a b=\"{escaped}\" c='{escaped}'>{escaped}</a>");
        let document = roxmltree::Document::parse(&document).unwrap();
        let element = document.root_element();
        let is_legal = |c: char| !(c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
        let expected = without_controls(&text, is_legal);
        prop_assert_eq!(element.attribute("b"), Some(expected.as_str()));
        prop_assert_eq!(element.attribute("c"), Some(expected.as_str()));
        prop_assert_eq!(element.text().unwrap_or(""), expected.as_str());
    }

    #[test]
    fn any_string_survives_as_a_mermaid_label(text in "([\\PCﬂ°¶ß#;<>\"`%\n\t]|ﬂ°|¶ß|:f|[$][$]|\\\\n)*") {
        let quoted = quote_mermaid(&text);
        let expected = without_controls(&text, |c| !c.is_control() || c == '\n');
        prop_assert_eq!(read_mermaid(&quoted), expected.replace('\u{2060}', ""));
        let marks = quoted.trim_matches('"').replace("<br/>", "");
        let is_harmless = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || " ,#;".contains(c);
        prop_assert!(marks.chars().all(is_harmless), "{}", quoted);
    }

    #[test]
    fn any_string_survives_as_a_yaml_scalar(text in any::<String>()) {
        let quoted = quote_yaml(&text);
        // A JSON string is a double-quoted YAML scalar.
        let read: String = serde_json::from_str(&quoted).unwrap();
        prop_assert_eq!(read, text);
        // What stands in it as it is, is printable to YAML 1.1 and 1.2 and breaks no line.
        let is_plain = |c: char| matches!(c, ' '..='~' | '\u{A0}'..='\u{2027}' | '\u{202A}'..='\u{D7FF}'
            | '\u{E000}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}' | '\u{10000}'..);
        prop_assert!(quoted.chars().all(is_plain), "{}", quoted);
    }

    #[test]
    fn any_string_survives_as_a_literal(text in any::<String>(), language in "[a-z]{2}(-[a-z]{4})?") {
        for literal in [
            LiteralRef::new_simple_literal(&text),
            LiteralRef::new_language_tagged_literal_unchecked(&text, &language),
            LiteralRef::new_typed_literal(&text, PREDICATE),
        ] {
            let triple = TripleRef::new(SUBJECT, PREDICATE, literal);
            prop_assert_eq!(through_turtle(triple, PrefixMap::new()), [triple.into_owned()]);
            prop_assert_eq!(through_ntriples(triple), [triple.into_owned()]);
        }
    }

    #[test]
    fn any_number_like_string_keeps_its_datatype(text in "[+-]?[0-9]{0,3}[.]?[0-9]{0,3}(e[0-9])?|true|false|1|0") {
        for datatype in [
            tupu::vocab::xsd::INTEGER,
            tupu::vocab::xsd::DECIMAL,
            tupu::vocab::xsd::BOOLEAN,
        ] {
            let triple = TripleRef::new(SUBJECT, PREDICATE, LiteralRef::new_typed_literal(&text, datatype));
            prop_assert_eq!(through_turtle(triple, PrefixMap::well_known()), [triple.into_owned()]);
        }
    }

    #[test]
    fn any_local_name_survives_shortening(local in "[a-zA-Z0-9_.~%()/:#é中-]{0,12}") {
        let mut prefixes = PrefixMap::new();
        prefixes.insert("a", "https://a.example/").unwrap();
        prefixes.insert("b", "https://a.example/b").unwrap();
        let iri = format!("https://a.example/{local}");
        if let Ok(node) = NamedNode::new(&iri) {
            let triple = TripleRef::new(node.as_ref(), PREDICATE, node.as_ref());
            prop_assert_eq!(through_turtle(triple, prefixes), [triple.into_owned()]);
        }
    }

    #[test]
    fn any_string_survives_as_a_dot_label(text in any::<String>()) {
        let shown = read_dot(&quote_dot(&text));
        let expected: String = text
            .chars()
            .map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c })
            .collect();
        prop_assert_eq!(shown, expected);
    }

    #[test]
    fn no_name_breaks_the_dot_file(text in any::<String>()) {
        let dot = format!("digraph {{ a [label={}]; }}", quote_dot(&text));
        prop_assert!(tupu_dot_parses(&dot), "{}", dot);
    }
}

/// Whether a DOT parser that is not our printer takes the text.
fn tupu_dot_parses(dot: &str) -> bool {
    graphviz_rust::parse(dot).is_ok()
}
