//! What the commands that speak to a triple store share.

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use tupu::oxrdf::{GraphName, NamedNode};
use tupu::prefix::PrefixMap;
use tupu::store::{Credentials, PROFILES, Profile, Store};

use crate::report;

/// The variable of the environment that holds credentials.
const AUTH_VARIABLE: &str = "TUPU_STORE_AUTH";

/// Which store, which graph in it, and who asks.
#[derive(Debug, Args)]
pub(crate) struct Connection {
    /// Kind of the store
    #[arg(long, value_name = "STORE", value_parser = profile_parser())]
    profile: Option<&'static Profile>,

    /// Named graph for what is in the default graph
    #[arg(long, value_name = "IRI", conflicts_with = "default")]
    graph_iri: Option<String>,

    /// The store's default graph, as where --graph-iri is not given
    #[arg(long)]
    default: bool,

    /// File with the credentials in one line: basic USER:PASSWORD, digest USER:PASSWORD or
    /// bearer TOKEN; otherwise the environment's TUPU_STORE_AUTH, if it is set
    #[arg(long, value_name = "FILE")]
    auth_file: Option<PathBuf>,

    /// File with certificates of authorities as PEM, to trust in place of the public ones
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Seconds that one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

fn profile_parser() -> impl TypedValueParser<Value = &'static Profile> {
    let values = PROFILES.iter().map(|profile| {
        PossibleValue::new(profile.name).help(format!(
            "URL is that of the {}; {}",
            profile.base, profile.quirk
        ))
    });
    PossibleValuesParser::new(values)
        .try_map(|name| Profile::named(&name).ok_or("there is no such profile"))
}

impl Connection {
    /// The store at `url`.
    pub(crate) fn store(&self, url: &str) -> anyhow::Result<Store> {
        let Some(profile) = self.profile else {
            let known: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
            bail!(
                "which kind of store is it? say --profile with one of {}",
                known.join(", ")
            );
        };
        let credentials = self.credentials()?;
        if credentials.is_some() && !is_private(url) {
            report::note("the credentials go unencrypted, since the address is not https");
        }
        let timeout = Duration::from_secs(self.timeout.into());
        let store = Store::new(url, profile, credentials, timeout)?;
        let Some(path) = &self.ca_file else {
            return Ok(store);
        };
        let shown = path.display();
        let pem = fs::read(path).with_context(|| format!("cannot read `{shown}`"))?;
        let store = store.with_authorities(&pem);
        store.with_context(|| format!("`{shown}`"))
    }

    /// The graph that takes the place of the default graph.
    pub(crate) fn graph(&self, prefixes: &PrefixMap) -> anyhow::Result<GraphName> {
        graph_named(self.graph_iri.as_deref(), prefixes)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "secrets belong into the environment or a file, not into the command line"
    )]
    fn credentials(&self) -> anyhow::Result<Credentials> {
        if let Some(path) = &self.auth_file {
            let shown = path.display();
            let text =
                fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
            return Credentials::parse(&text).with_context(|| format!("`{shown}`"));
        }
        match std::env::var(AUTH_VARIABLE) {
            Ok(text) => Credentials::parse(&text).context(AUTH_VARIABLE),
            Err(std::env::VarError::NotPresent) => Ok(Credentials::none()),
            // The other error shows what the variable holds.
            Err(std::env::VarError::NotUnicode(_)) => bail!("{AUTH_VARIABLE} is not Unicode"),
        }
    }
}

/// The graph that `iri` names, the default graph where there is none.
pub(crate) fn graph_named(iri: Option<&str>, prefixes: &PrefixMap) -> anyhow::Result<GraphName> {
    let Some(iri) = iri else {
        return Ok(GraphName::DefaultGraph);
    };
    let iri = prefixes
        .expand(iri)
        .with_context(|| format!("`{iri}` is no IRI of a graph"))?;
    Ok(NamedNode::new(iri)?.into())
}

/// Whether nobody on the way can read along.
fn is_private(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return true;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    let host = host.unwrap_or_default();
    let is_loopback = |address: IpAddr| address.is_loopback();
    host == "localhost" || host.parse().is_ok_and(is_loopback)
}

/// Whether the argument is an address, and not a file.
pub(crate) fn is_url(text: &str) -> bool {
    text.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_https_are_private() {
        for url in [
            "https://kg.example",
            "http://localhost:7878/ds",
            "http://127.0.0.1",
            "http://[::1]:7878",
        ] {
            assert!(is_private(url), "{url}");
        }
        for url in [
            "http://kg.example",
            "http://localhost.example/",
            "http://127.0.0.1.example",
            "http://[2001:db8::1]/",
        ] {
            assert!(!is_private(url), "{url}");
        }
    }
}
