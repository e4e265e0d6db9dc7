//! What was asked.

use std::borrow::Cow;

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Request};
use percent_encoding::percent_decode;

use super::reply::Fault;

/// A request with its parameters read.
#[derive(Debug)]
pub(super) struct Asked<'r> {
    pub(super) method: &'r Method,
    /// As it was sent, percent-encoded.
    pub(super) path: &'r str,
    /// Those behind the question mark.
    pub(super) parameters: Parameters,
    pub(super) headers: &'r HeaderMap,
    pub(super) body: &'r [u8],
}

impl<'r> Asked<'r> {
    pub(super) fn of(request: &'r Request<Vec<u8>>) -> Result<Self, Fault> {
        let query = request.uri().query().unwrap_or_default();
        Ok(Self {
            method: request.method(),
            path: request.uri().path(),
            parameters: Parameters::read(query.as_bytes())?,
            headers: request.headers(),
            body: request.body(),
        })
    }

    /// Type and subtype of the body in lower case, and its character set.
    pub(super) fn media_type(&self) -> Option<(String, Option<String>)> {
        let value = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let mut parts = value.split(';').map(|it| it.trim().to_ascii_lowercase());
        let kind = parts.next().unwrap_or_default();
        let charset = parts.find_map(|it| {
            let charset = it.strip_prefix("charset=")?;
            Some(charset.trim_matches('"').to_owned())
        });
        Some((kind, charset))
    }

    /// The address of the endpoint, as whoever asks knows it.
    pub(super) fn endpoint(&self) -> String {
        let host = self.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| host.parse::<http::uri::Authority>().is_ok());
        format!("http://{}/sparql", host.unwrap_or("localhost"))
    }
}

/// Names and values in their order, as
/// [HTML forms](https://url.spec.whatwg.org/#application/x-www-form-urlencoded) have them.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the parameters; what is not UTF-8 is refused rather than replaced.
    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        let pairs = text.split(|byte| *byte == b'&');
        let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match at {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            Ok((decoded(name)?, decoded(value)?))
        });
        pairs.collect::<Result<_, Fault>>().map(Self)
    }

    /// Every value of `name`.
    pub(super) fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of `name`, which may be given once only.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Fault> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Fault::bad(format!("`{name}` is given more than once"))),
        }
    }
}

fn decoded(text: &[u8]) -> Result<String, Fault> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| Fault::bad("the parameters are not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_forms_have_them() {
        let read = |text: &str| Parameters::read(text.as_bytes());
        let parameters = read("a=1+2&b=%E5%B8%82&&c&a=%2B&=x&d=%zz").unwrap();
        assert_eq!(parameters.all("a").collect::<Vec<_>>(), ["1 2", "+"]);
        assert_eq!(parameters.one("b").unwrap(), Some("市"));
        assert_eq!(parameters.one("c").unwrap(), Some(""));
        assert_eq!(parameters.one("").unwrap(), Some("x"));
        assert_eq!(parameters.one("d").unwrap(), Some("%zz"));
        assert_eq!(parameters.one("e").unwrap(), None);
        assert!(parameters.one("a").is_err());
        assert!(read("a=%FF").is_err());
    }
}
