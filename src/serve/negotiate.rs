//! Which of the formats that there are is wanted
//! ([RFC 9110, section 12](https://www.rfc-editor.org/rfc/rfc9110#section-12)).

use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

use super::reply::Fault;
use super::request::Asked;
use crate::rdf::{JsonLdProfileSet, RdfFormat};
use crate::sparql::QueryResultsFormat;
use crate::suggest;

/// A format of answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Format {
    Html,
    Rows(QueryResultsFormat),
    Triples(RdfFormat),
}

/// A format, the media types that ask for it, and the word that does (`?format=`).
pub(super) struct Offer {
    pub(super) format: Format,
    pub(super) word: &'static str,
    media_types: &'static [&'static str],
}

const fn offer(format: Format, word: &'static str, media_types: &'static [&'static str]) -> Offer {
    Offer {
        format,
        word,
        media_types,
    }
}

const PAGE: Offer = offer(Format::Html, "html", &["text/html"]);

const JSON_LD: RdfFormat = RdfFormat::JsonLd {
    profile: JsonLdProfileSet::empty(),
};

/// Formats of rows and of yes or no. The first is what is sent where anything will do.
pub(super) const ROWS: &[Offer] = &[
    offer(
        Format::Rows(QueryResultsFormat::Json),
        "json",
        &["application/sparql-results+json", "application/json"],
    ),
    offer(
        Format::Rows(QueryResultsFormat::Xml),
        "xml",
        &[
            "application/sparql-results+xml",
            "application/xml",
            "text/xml",
        ],
    ),
    offer(Format::Rows(QueryResultsFormat::Csv), "csv", &["text/csv"]),
    offer(
        Format::Rows(QueryResultsFormat::Tsv),
        "tsv",
        &["text/tab-separated-values"],
    ),
    PAGE,
];

/// Formats of triples. The first is what is sent where anything will do.
pub(super) const TRIPLES: &[Offer] = &[
    offer(
        Format::Triples(RdfFormat::Turtle),
        "turtle",
        &["text/turtle", "application/x-turtle"],
    ),
    offer(
        Format::Triples(JSON_LD),
        "jsonld",
        &["application/ld+json", "application/json"],
    ),
    offer(
        Format::Triples(RdfFormat::NTriples),
        "ntriples",
        &["application/n-triples", "text/plain"],
    ),
    offer(
        Format::Triples(RdfFormat::RdfXml),
        "rdfxml",
        &["application/rdf+xml", "application/xml", "text/xml"],
    ),
    offer(
        Format::Triples(RdfFormat::TriG),
        "trig",
        &["application/trig"],
    ),
    offer(
        Format::Triples(RdfFormat::NQuads),
        "nquads",
        &["application/n-quads"],
    ),
    PAGE,
];

impl Format {
    /// What the answer says that it is.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Html => super::HTML,
            Self::Rows(format) => format.media_type(),
            Self::Triples(RdfFormat::Turtle) => "text/turtle; charset=utf-8",
            Self::Triples(format) => format.media_type(),
        }
    }
}

/// The offer that is wanted: the one that `format` among the parameters names, else the one that the
/// request accepts most.
pub(super) fn choose(
    asked: &Asked<'_>,
    word: Option<&str>,
    offers: &[Offer],
) -> Result<Format, Fault> {
    if let Some(word) = word {
        let words = || offers.iter().map(|offer| offer.word);
        let found = offers.iter().find(|offer| offer.word == word);
        return found.map(|offer| offer.format).ok_or_else(|| {
            let hint = match suggest::nearest(word, words()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", words().collect::<Vec<_>>().join(", ")),
            };
            Fault::bad(format!("there is no format `{word}` for this; {hint}"))
        });
    }
    let ranges = ranges(asked.headers);
    best(&ranges, offers).ok_or_else(|| {
        let types: Vec<&str> = offers
            .iter()
            .filter_map(|it| it.media_types.first())
            .copied()
            .collect();
        Fault::new(
            StatusCode::NOT_ACCEPTABLE,
            format!(
                "none of the accepted formats can be had; there are {}",
                types.join(", ")
            ),
        )
    })
}

/// Whether a page is wanted more than anything else.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    let plain = offer(
        Format::Triples(RdfFormat::NTriples),
        "text",
        &["text/plain"],
    );
    best(&ranges(headers), &[plain, PAGE]) == Some(Format::Html)
}

/// A range of media types that is accepted, and how much, in thousandths.
#[derive(Debug, Eq, PartialEq)]
struct Range {
    kind: String,
    subtype: String,
    quality: u16,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts.find_map(|it| {
            let (name, value) = it.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then(|| thousandths(value.trim()))
        });
        Some(Self {
            kind: kind.trim().to_ascii_lowercase(),
            subtype: subtype.trim().to_ascii_lowercase(),
            quality: quality.unwrap_or(Some(1000))?,
        })
    }

    /// How closely it names the media type, if it does at all.
    fn closeness(&self, media_type: &str) -> Option<u8> {
        let (kind, subtype) = media_type.split_once('/')?;
        match (self.kind.as_str(), self.subtype.as_str()) {
            (a, b) if a == kind && b == subtype => Some(2),
            (a, "*") if a == kind => Some(1),
            ("*", "*") => Some(0),
            _ => None,
        }
    }
}

/// `0.75` as 750; nothing where it is no number from 0 to 1 with three decimals at most.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match (whole, part) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// What is accepted; anything, where that is not said. What cannot be read counts for nothing.
fn ranges(headers: &HeaderMap) -> Vec<Range> {
    let values = headers.get_all(ACCEPT).iter();
    let lines: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let text = lines.join(",");
    let text = if text.trim().is_empty() { "*/*" } else { &text };
    text.split(',').filter_map(Range::read).collect()
}

/// The offer of the highest quality, the first among equals.
fn best(ranges: &[Range], offers: &[Offer]) -> Option<Format> {
    let quality = |offer: &Offer| {
        // Its other names count only where they are said in full.
        let of_type = |(at, media_type): (usize, &&str)| {
            let matching = ranges.iter().filter_map(|range| {
                let closeness = range.closeness(media_type)?;
                (at == 0 || closeness == 2).then_some((closeness, range.quality))
            });
            matching.max().map_or(0, |(_, quality)| quality)
        };
        let media_types = offer.media_types.iter().enumerate();
        media_types.map(of_type).max().unwrap_or(0)
    };
    let mut best = None;
    for offer in offers {
        let quality = quality(offer);
        if quality > best.map_or(0, |(most, _)| most) {
            best = Some((quality, offer.format));
        }
    }
    best.map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, offers: &[Offer], word: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        let format = word.map(|word| offers.iter().find(|it| it.word == word).unwrap().format);
        assert_eq!(best(&ranges(&headers), offers), format, "{accept}");
    }

    #[test]
    fn the_most_wanted_format_is_chosen() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (accept, rows, triples) in [
            ("*/*", Some("json"), Some("turtle")),
            ("", Some("json"), Some("turtle")),
            (browser, Some("html"), Some("html")),
            ("application/json", Some("json"), Some("jsonld")),
            ("text/*", Some("csv"), Some("turtle")),
            (
                "text/csv;q=0.5, text/tab-separated-values;q=0.6",
                Some("tsv"),
                None,
            ),
            (
                "TEXT/TURTLE;q=0.1, application/n-triples ; Q=1.000",
                None,
                Some("ntriples"),
            ),
            (
                "*/*, application/sparql-results+json;q=0, application/json;q=0",
                Some("xml"),
                Some("turtle"),
            ),
            (
                "application/*;q=0.2, text/html;q=0.1",
                Some("json"),
                Some("jsonld"),
            ),
            (
                "application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"",
                None,
                Some("jsonld"),
            ),
            ("image/png", None, None),
            ("text/csv;q=0", None, None),
            ("text/csv;q=2, text/turtle;q=x", None, None),
            ("garbage", None, None),
            (",,;q=1,/", None, None),
        ] {
            check(accept, ROWS, rows);
            check(accept, TRIPLES, triples);
        }
    }
}
