//! Who we are to a store; and that nobody else learns it.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest as _, Md5};

use super::StoreError;

/// What we show to a store. `Debug` tells only which kind it is.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Credentials(Kind);

#[derive(Clone, Default, Eq, PartialEq)]
enum Kind {
    #[default]
    None,
    Basic(String),
    Digest {
        user: String,
        password: String,
    },
    Bearer(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::None => "Credentials(none)",
            Kind::Basic(_) => "Credentials(basic …)",
            Kind::Digest { .. } => "Credentials(digest …)",
            Kind::Bearer(_) => "Credentials(bearer …)",
        })
    }
}

impl Credentials {
    /// Nobody in particular.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads one line: `basic USER:PASSWORD`, `digest USER:PASSWORD` or `bearer TOKEN`.
    ///
    /// # Errors
    ///
    /// When it is none of these.
    ///
    /// ```
    /// use tupu::store::Credentials;
    ///
    /// let credentials = Credentials::parse("basic reader:open sesame\n")?;
    /// assert_eq!(format!("{credentials:?}"), "Credentials(basic …)");
    /// # Ok::<(), tupu::store::StoreError>(())
    /// ```
    pub fn parse(line: &str) -> Result<Self, StoreError> {
        const SHAPE: StoreError = StoreError::Credentials(
            "credentials are one line, `basic USER:PASSWORD`, `digest USER:PASSWORD` or `bearer TOKEN`",
        );
        let line = line.trim_end_matches(['\r', '\n']);
        let (kind, secret) = line.split_once(' ').ok_or(SHAPE)?;
        if secret.is_empty() || secret.chars().any(char::is_control) {
            return Err(SHAPE);
        }
        let kind = match (kind.to_ascii_lowercase().as_str(), secret.split_once(':')) {
            ("basic", Some(_)) => Kind::Basic(secret.to_owned()),
            // A user's name stands in quotes in the header.
            ("digest", Some((user, password))) if !user.contains(['"', '\\']) => Kind::Digest {
                user: user.to_owned(),
                password: password.to_owned(),
            },
            ("bearer", _) if secret.is_ascii() => Kind::Bearer(secret.to_owned()),
            _ => return Err(SHAPE),
        };
        Ok(Self(kind))
    }

    /// Whether there are any.
    pub fn is_some(&self) -> bool {
        self.0 != Kind::None
    }

    /// Whether a store has to be asked for a challenge first.
    pub(super) fn needs_challenge(&self) -> bool {
        matches!(self.0, Kind::Digest { .. })
    }

    /// The header `Authorization` of any request.
    pub(super) fn authorization(&self) -> Option<String> {
        match &self.0 {
            Kind::None | Kind::Digest { .. } => None,
            Kind::Basic(secret) => Some(format!("Basic {}", BASE64_STANDARD.encode(secret))),
            Kind::Bearer(token) => Some(format!("Bearer {token}")),
        }
    }

    /// The header of one request, as [digest authentication](https://www.rfc-editor.org/rfc/rfc7616)
    /// with MD5 answers a challenge; none where the challenge is of another kind.
    pub(super) fn answer(&self, challenge: &str, method: &str, target: &str) -> Option<String> {
        let Kind::Digest { user, password } = &self.0 else {
            return None;
        };
        let challenge = Challenge::read(challenge)?;
        let (realm, nonce) = (challenge.get("realm")?, challenge.get("nonce")?);
        let secret = hex(&format!("{user}:{realm}:{password}"));
        let request = hex(&format!("{method}:{target}"));
        let qop = challenge.get("qop").unwrap_or_default();
        let mut answer = format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{target}\""
        );
        if qop.split(',').any(|it| it.trim() == "auth") {
            // Each challenge is answered once, so one number serves as the client's.
            let (count, own) = ("00000001", hex(&format!("{nonce}:{target}")));
            let response = hex(&format!("{secret}:{nonce}:{count}:{own}:auth:{request}"));
            answer.push_str(&format!(
                ", qop=auth, nc={count}, cnonce=\"{own}\", response=\"{response}\""
            ));
        } else {
            let response = hex(&format!("{secret}:{nonce}:{request}"));
            answer.push_str(&format!(", response=\"{response}\""));
        }
        if let Some(opaque) = challenge.get("opaque") {
            answer.push_str(&format!(", opaque=\"{opaque}\""));
        }
        Some(answer)
    }

    /// The text with everything secret covered.
    pub(super) fn cover(&self, text: &str) -> String {
        let mut secrets: Vec<String> = self.authorization().into_iter().collect();
        match &self.0 {
            Kind::None => {}
            Kind::Basic(secret) => {
                secrets.push(BASE64_STANDARD.encode(secret));
                secrets.push(secret.clone());
                let (user, password) = secret.split_once(':').unwrap_or_default();
                secrets.extend([password.to_owned(), user.to_owned()]);
            }
            Kind::Digest { user, password } => {
                secrets.extend([password.clone(), user.clone()]);
            }
            Kind::Bearer(token) => secrets.push(token.clone()),
        }
        let mut text = text.to_owned();
        for secret in secrets.iter().filter(|it| !it.is_empty()) {
            text = text.replace(secret.as_str(), "***");
        }
        text
    }
}

/// The parameters of `WWW-Authenticate: Digest …`.
struct Challenge<'c>(Vec<(&'c str, &'c str)>);

impl<'c> Challenge<'c> {
    fn read(header: &'c str) -> Option<Self> {
        let (scheme, mut rest) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut parameters = Vec::new();
        while let Some((name, value)) = rest.split_once('=') {
            let value = value.trim_start();
            let (value, after) = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => value.split_at(value.find(',').unwrap_or(value.len())),
            };
            parameters.push((name.trim(), value));
            rest = after.trim_start().trim_start_matches(',');
        }
        let challenge = Self(parameters);
        let is_md5 = challenge
            .get("algorithm")
            .is_none_or(|it| it.eq_ignore_ascii_case("md5"));
        is_md5.then_some(challenge)
    }

    fn get(&self, name: &str) -> Option<&'c str> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

fn hex(text: &str) -> String {
    Md5::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_the_standard_has() {
        // RFC 2069 in the form without `qop`, with the numbers of its erratum.
        let credentials = Credentials::parse("digest Mufasa:CircleOfLife").unwrap();
        let answer = credentials.answer(
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
            "GET",
            "/dir/index.html",
        );
        assert!(
            answer
                .unwrap()
                .contains("response=\"1949323746fe6a43ef61f9606e7febea\"")
        );
    }

    #[test]
    fn other_challenges_have_no_answer() {
        let credentials = Credentials::parse("digest reader:secret").unwrap();
        for challenge in [
            "Basic realm=\"a\"",
            "Digest realm=\"a\"",
            "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256",
            "Digest realm=\"a",
            "",
        ] {
            assert_eq!(credentials.answer(challenge, "GET", "/"), None);
        }
    }

    #[test]
    fn what_is_no_line_of_credentials_is_refused_without_being_shown() {
        for line in [
            "",
            "basic",
            "basic secret",
            "secret",
            "basic a:b\nc",
            "bearer 密",
            "digest a\"b:secret",
        ] {
            let error = Credentials::parse(line).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn secrets_are_covered() {
        let credentials = Credentials::parse("basic reader:sesame").unwrap();
        let text = format!(
            "you sent {} as reader with sesame",
            credentials.authorization().unwrap()
        );
        assert_eq!(credentials.cover(&text), "you sent *** as *** with ***");
    }
}
