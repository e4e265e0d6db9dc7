//! Triple stores, by HTTP or in a folder: filling them, and proving that everything arrived.
//!
//! This is the only module that speaks to the network. A [`Store`] is an address and a [`Profile`],
//! [`Batcher`] cuts triples into what goes in one request, [`Expected`] learns from the same triples what
//! a store should hold, and [`verify`] holds its answers to SPARQL against that.
//! With the feature `rocksdb` there are stores in a folder, too, `Disk`.

mod client;
#[cfg(feature = "rocksdb")]
mod contents;
mod credentials;
#[cfg(feature = "rocksdb")]
mod disk;
mod endpoint;
mod error;
mod expected;
mod profile;
mod push;
mod verify;

use std::time::Duration;

use oxrdf::GraphName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use ureq::tls::{PemItem, parse_pem};

use self::client::Client;
pub use self::client::{Method, Request};
#[cfg(feature = "rocksdb")]
pub use self::contents::Contents;
pub use self::credentials::Credentials;
#[cfg(feature = "rocksdb")]
pub use self::disk::{Disk, Filler, Placing, copy_store, fill_store};
pub use self::endpoint::{Endpoint, Memory, Row};
pub use self::error::StoreError;
pub use self::expected::Expected;
pub use self::profile::{DefaultGraph, PROFILES, Profile, UpdateBody, Values};
pub use self::push::{Batch, Batcher, Mode, Via};
pub use self::verify::{Counted, Depth, Difference, Fault, Report, verify};

/// What stands for itself in the value of a parameter.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A store at an address.
#[derive(Clone, Debug)]
pub struct Store {
    base: String,
    profile: &'static Profile,
    client: Client,
}

impl Store {
    /// The store at `url`, an address as its profile wants it. Each request may take `timeout`.
    ///
    /// # Errors
    ///
    /// When `url` is no address by http or https, or holds credentials, which are then not shown.
    pub fn new(
        url: &str,
        profile: &'static Profile,
        credentials: Credentials,
        timeout: Duration,
    ) -> Result<Self, StoreError> {
        let rest = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))
            .ok_or(StoreError::Address("begins with http:// or https://"))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(StoreError::Address(
                "holds no user or password; see --auth-file",
            ));
        }
        if authority.is_empty() {
            return Err(StoreError::Address("has a host"));
        }
        let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '"' | '<' | '>');
        if !rest.chars().all(is_plain) {
            return Err(StoreError::Address(
                "has neither parameters nor characters that are not ASCII",
            ));
        }
        Ok(Self {
            base: url.to_owned(),
            profile,
            client: Client::new(credentials, timeout),
        })
    }

    /// The store with a certificate by one of the authorities in `pem`, and by no other.
    ///
    /// # Errors
    ///
    /// When there is no certificate, or what there is cannot be read.
    pub fn with_authorities(self, pem: &[u8]) -> Result<Self, StoreError> {
        let mut authorities = Vec::new();
        for item in parse_pem(pem) {
            if let PemItem::Certificate(certificate) = item.map_err(|_| StoreError::Certificates)? {
                authorities.push(certificate);
            }
        }
        if authorities.is_empty() {
            return Err(StoreError::Certificates);
        }
        Ok(Self {
            client: self.client.trusting(&authorities),
            ..self
        })
    }

    /// What is known of its kind.
    pub fn profile(&self) -> &'static Profile {
        self.profile
    }

    fn client(&self) -> &Client {
        &self.client
    }

    /// The address of what is at `path` below that of the store. Where that is the store itself, its
    /// address stays as it was given: a final slash may matter to it.
    fn url(&self, path: &str) -> String {
        if path.is_empty() {
            return self.base.clone();
        }
        format!("{}{path}", self.base.trim_end_matches('/'))
    }

    /// The address of a graph by the Graph Store Protocol, if the store speaks it.
    fn graph_url(&self, graph: &GraphName) -> Option<String> {
        let path = self.profile.graph_store?;
        let parameter = match graph {
            GraphName::NamedNode(name) => {
                let value = percent_encode(name.as_str().as_bytes(), UNRESERVED);
                format!("{}={value}", self.profile.graph_parameter)
            }
            GraphName::DefaultGraph | GraphName::BlankNode(_) => "default".to_owned(),
        };
        Some(format!("{}?{parameter}", self.url(path)))
    }

    fn update(&self, update: &[u8]) -> Request {
        let request = Request::new(Method::Post, self.url(self.profile.update));
        match self.profile.update_body {
            UpdateBody::Form => form(request, "update", update),
            UpdateBody::Direct => request
                .with_header("Content-Type", "application/sparql-update")
                .with_body(update.to_vec()),
        }
    }
}

/// The request with one parameter as a form, which every store takes.
fn form(request: Request, name: &str, value: &[u8]) -> Request {
    let value = percent_encode(value, UNRESERVED);
    request
        .with_header("Content-Type", "application/x-www-form-urlencoded")
        .with_body(format!("{name}={value}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(url: &str) -> Result<Store, StoreError> {
        let profile = Profile::named("virtuoso").unwrap();
        Store::new(url, profile, Credentials::none(), Duration::from_secs(1))
    }

    #[test]
    fn addresses_that_are_none_are_refused_without_being_shown() {
        for url in [
            "localhost:7878",
            "ftp://kg.example",
            "http://",
            "http:///a",
            "http://reader:sesame@kg.example/",
            "http://kg.example/?password=sesame",
            "http://kg.example/ a",
        ] {
            let error = store(url).unwrap_err().to_string();
            assert!(!error.contains("sesame"), "{error}");
        }
    }

    #[test]
    fn what_holds_no_certificate_is_refused() {
        for pem in [
            "",
            "certificate",
            "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n",
        ] {
            let store = store("https://kg.example").unwrap();
            let error = store.with_authorities(pem.as_bytes()).unwrap_err();
            assert!(matches!(error, StoreError::Certificates), "{error}");
        }
    }

    #[test]
    fn a_final_slash_matters_only_to_the_store_itself() {
        for (profile, query) in [
            ("sparql", "http://kg.example/ds/"),
            ("fuseki", "http://kg.example/ds/sparql"),
        ] {
            let profile = Profile::named(profile).unwrap();
            let url = "http://kg.example/ds/";
            let store = Store::new(url, profile, Credentials::none(), Duration::from_secs(1));
            assert_eq!(store.unwrap().query_url(), query);
        }
    }

    #[test]
    fn a_graph_has_an_address() {
        let store = store("http://localhost:8890/").unwrap();
        let graph = oxrdf::NamedNode::new("https://kg.example/a&b=c#d").unwrap();
        assert_eq!(
            store.graph_url(&graph.into()).unwrap(),
            "http://localhost:8890/sparql-graph-crud-auth?graph-uri=https%3A%2F%2Fkg.example%2Fa%26b%3Dc%23d"
        );
    }

    #[test]
    fn profiles_have_names_of_their_own() {
        for profile in PROFILES {
            let same = PROFILES.iter().filter(|it| it.name == profile.name);
            assert_eq!(same.count(), 1, "{}", profile.name);
        }
    }
}
