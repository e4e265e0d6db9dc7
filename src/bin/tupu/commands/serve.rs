//! `tupu serve`: the graph by HTTP.

use std::net::{TcpListener, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::Args;
use http::HeaderValue;
use tupu::serve::Site;
use tupu::sparql::RdfGraph;

use super::export::Provenance;
use super::query::STACK;
use super::{Outcome, load_sound, read_graph};
use crate::args::Origin;
use crate::input::read_rdf;
use crate::report;
use crate::server::{Limits, serve};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tupu serve                              http://127.0.0.1:7878/, pages and /sparql
  tupu serve --address 127.0.0.1:0        any free port
  tupu serve --graph other.ttl
  curl -H 'Accept: text/turtle' http://127.0.0.1:7878/tupu/chengyu/cq-drc
  curl --data-urlencode 'query=ASK { ?s ?p ?o }' http://127.0.0.1:7878/sparql

Everything is read only. Ctrl-C or SIGTERM ends it, once what is being answered is answered.")]
pub(crate) struct Serve {
    /// Address and port to listen at; who can reach it can read the graph
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7878")]
    address: String,

    /// How the evidence of the project's facts is written
    #[arg(long, value_enum, default_value_t = Provenance::Reified)]
    provenance: Provenance,

    /// Let scripts of this web site read the answers (* is any)
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    cors: Option<HeaderValue>,

    /// Seconds that a query may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,

    /// Requests that are answered at the same time; others wait
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=512))]
    requests: u16,

    /// Mebibytes that a request may have
    #[arg(long, value_name = "MIB", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    max_request: u16,

    /// Mebibytes that an answer may have
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    max_answer: u16,

    /// Write no line for each request
    #[arg(long)]
    quiet: bool,
}

const MIB: usize = 1 << 20;

pub(crate) fn run(origin: &Origin, options: Serve) -> anyhow::Result<Outcome> {
    let addresses = options.address.to_socket_addrs();
    let addresses: Vec<_> = addresses
        .with_context(|| format!("`{}` is no address such as 127.0.0.1:7878", options.address))?
        .collect();
    let most = usize::from(options.max_answer) * MIB;
    let Some(mut site) = site(origin, options.provenance, most)? else {
        return Ok(Outcome::No);
    };
    if let Some(cors) = options.cors {
        site = site.with_cors(cors);
    }
    let listener = TcpListener::bind(addresses.as_slice())
        .with_context(|| format!("cannot listen at {}", options.address))?;
    let address = listener.local_addr()?;
    report::note(&format!("serving at http://{address}/"));
    if !address.ip().is_loopback() {
        report::note(
            "others than this machine can reach it: there is no password and no encryption",
        );
    }
    let limits = Limits {
        timeout: Duration::from_secs(options.timeout.into()),
        requests: options.requests.into(),
        body: usize::from(options.max_request) * MIB,
        stack: STACK,
    };
    serve(site, listener, limits, options.quiet)?;
    report::note("stopped");
    Ok(Outcome::Fine)
}

/// The site of a project or of files, unless they have errors.
fn site(origin: &Origin, provenance: Provenance, most: usize) -> anyhow::Result<Option<Site>> {
    if !origin.graph.is_empty() {
        let Some(graph) = read_graph(&origin.graph, &origin.tables, &[])? else {
            return Ok(None);
        };
        let Some((rdf, prefixes)) = read_rdf(&origin.graph, &origin.tables)? else {
            return Ok(None);
        };
        return Ok(Some(Site::new(graph, rdf, prefixes, Vec::new(), most)));
    }
    let Some(loaded) = load_sound(&origin.project)? else {
        return Ok(None);
    };
    let rdf = RdfGraph::of_project(&loaded.graph, provenance.into())?;
    let prefixes = loaded.graph.project().prefixes.clone();
    Ok(Some(Site::new(
        loaded.graph,
        rdf,
        prefixes,
        loaded.queries,
        most,
    )))
}

/// `*`, or scheme, host and port, as browsers send them.
fn origin(text: &str) -> anyhow::Result<HeaderValue> {
    let is_origin = text == "*"
        || text.split_once("://").is_some_and(|(scheme, host)| {
            matches!(scheme, "http" | "https")
                && !host.is_empty()
                && !host.contains(['/', ' ', ','])
        });
    if !is_origin {
        return Err(anyhow!(
            "an origin is like https://kg.example, without a path, or *"
        ));
    }
    Ok(HeaderValue::from_str(text)?)
}
