//! Which address the page of an IRI has.

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

/// What a path cannot hold. What is encoded already stays.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Addresses that have a meaning of their own.
const OWN: [&str; 7] = [
    "/",
    "/class",
    "/entity",
    "/search",
    "/sparql",
    "/store",
    "/style.css",
];

/// IRIs as addresses of their pages, and back.
#[derive(Debug)]
pub(super) struct Links {
    /// Scheme and authority of the project's names, such as `https://kg.example`.
    origin: Option<String>,
}

impl Links {
    pub(super) fn new(base: &str) -> Self {
        let origin = base.find("://").map(|at| {
            let authority = at + 3;
            let end = base[authority..]
                .find('/')
                .unwrap_or(base.len() - authority);
            base[..authority + end].to_owned()
        });
        Self { origin }
    }

    /// The address of the page of `iri`, which is its own path where that can be.
    pub(super) fn page(&self, iri: &str) -> String {
        let path = self.origin.as_deref().and_then(|it| iri.strip_prefix(it));
        match path.filter(|path| is_path(path)) {
            Some(path) => utf8_percent_encode(path, PATH).to_string(),
            None => format!("/entity?id={}", utf8_percent_encode(iri, NON_ALPHANUMERIC)),
        }
    }

    /// Whether the IRI begins as the project's own do.
    pub(super) fn is_own(&self, iri: &str) -> bool {
        self.origin.as_deref().is_some_and(|it| iri.starts_with(it))
    }

    /// The IRIs whose page may have this path.
    pub(super) fn iris(&self, path: &str) -> Vec<String> {
        let Some(origin) = &self.origin else {
            return Vec::new();
        };
        let mut iris = vec![format!("{origin}{path}")];
        if let Ok(plain) = percent_decode_str(path).decode_utf8()
            && plain != path
        {
            iris.push(format!("{origin}{plain}"));
        }
        iris
    }
}

/// Whether a page may have this path.
fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/queries/")
        && !OWN.contains(&path)
        && !path.contains(['?', '#'])
        && !path.split('/').any(|part| matches!(part, "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_path_of_its_iri() {
        let links = Links::new("https://kg.example/a/");
        for (iri, address) in [
            ("https://kg.example/a/b", "/a/b"),
            ("https://kg.example/a/市", "/a/%E5%B8%82"),
            ("https://kg.example/a/%E5%B8%82", "/a/%E5%B8%82"),
            (
                "https://kg.example/a#b",
                "/entity?id=https%3A%2F%2Fkg%2Eexample%2Fa%23b",
            ),
            (
                "https://kg.example/sparql",
                "/entity?id=https%3A%2F%2Fkg%2Eexample%2Fsparql",
            ),
            (
                "https://kg.example//x",
                "/entity?id=https%3A%2F%2Fkg%2Eexample%2F%2Fx",
            ),
            (
                "https://kg.example/a/../b",
                "/entity?id=https%3A%2F%2Fkg%2Eexample%2Fa%2F%2E%2E%2Fb",
            ),
            ("urn:x", "/entity?id=urn%3Ax"),
        ] {
            assert_eq!(links.page(iri), address);
            if let Some(path) = address.strip_prefix("/a/") {
                let iris = links.iris(&format!("/a/{path}"));
                assert!(iris.iter().any(|it| it == iri), "{iris:?}");
            }
        }
        assert_eq!(
            Links::new("urn:kg:").page("urn:kg:a"),
            "/entity?id=urn%3Akg%3Aa"
        );
        assert!(Links::new("").iris("/a").is_empty());
        assert_eq!(
            Links::new("https://kg.example").iris("/a"),
            ["https://kg.example/a"]
        );
    }
}
