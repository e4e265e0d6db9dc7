//! HTTP: one request after the other, each with an end.

use std::io::{self, Read as _, Write as _};
use std::thread;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{self, Response, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::{Credentials, StoreError};

/// What is read of an answer that says no.
const LONGEST_COMPLAINT: u64 = 4096;

/// What is shown of it.
const SHOWN_COMPLAINT: usize = 300;

/// How long a store may take to be reached.
const CONNECT: Duration = Duration::from_secs(10);

/// The waits between attempts.
const WAITS: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1000)];

/// Methods that are used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// Asks for a challenge.
    Get,
    /// Adds to a graph, or asks.
    Post,
    /// Replaces a graph.
    Put,
}

impl Method {
    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// What is sent to a store, all but credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Address, with parameters.
    pub url: String,
    /// Headers by name.
    pub headers: Vec<(&'static str, &'static str)>,
    /// Body, compressed where a header says so.
    pub body: Vec<u8>,
    /// Whether sending it twice is the same as sending it once.
    pub is_repeatable: bool,
}

impl Request {
    pub(super) fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Vec::new(),
            is_repeatable: method != Method::Post,
        }
    }

    pub(super) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// With the body as gzip.
    pub(super) fn compressed(mut self) -> io::Result<Self> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&self.body)?;
        self.body = encoder.finish()?;
        Ok(self.with_header("Content-Encoding", "gzip"))
    }

    /// For a request that changes nothing, whatever its method.
    pub(super) fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }
}

/// Sends requests.
#[derive(Clone, Debug)]
pub(super) struct Client {
    agent: Agent,
    credentials: Credentials,
    timeout: Duration,
}

impl Client {
    pub(super) fn new(credentials: Credentials, timeout: Duration) -> Self {
        Self {
            agent: agent(timeout, RootCerts::WebPki),
            credentials,
            timeout,
        }
    }

    /// Trusts servers with a certificate by one of `authorities`, and no others.
    pub(super) fn trusting(self, authorities: &[Certificate<'static>]) -> Self {
        Self {
            agent: agent(self.timeout, RootCerts::new_with_certs(authorities)),
            ..self
        }
    }

    /// Sends the request, again where that is safe, and gives the body of the answer, of which there
    /// may be `limit` bytes.
    pub(super) fn send(&self, request: &Request, limit: u64) -> Result<Vec<u8>, StoreError> {
        for wait in WAITS {
            match self.attempt(request, limit) {
                Err(Failure { error, again }) if again.allows(request) => {
                    drop(error);
                    thread::sleep(wait);
                }
                other => return other.map_err(|failure| failure.error),
            }
        }
        self.attempt(request, limit)
            .map_err(|failure| failure.error)
    }

    fn attempt(&self, request: &Request, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut authorization = self.credentials.authorization();
        if self.credentials.needs_challenge() {
            // Asked by GET, which changes nothing even where nobody has to say who they are.
            let question = Request::new(Method::Get, request.url.clone());
            let response = self.exchange(&question, None)?;
            authorization = challenge(&response).and_then(|challenge| {
                let target = target_of(&request.url);
                self.credentials
                    .answer(&challenge, request.method.name(), target)
            });
        }
        let mut response = self.exchange(request, authorization.as_deref())?;
        let status = response.status();
        if status.is_redirection() {
            return Err(Failure::for_good(self.moved(request, &response)));
        }
        if !status.is_success() {
            return Err(self.refusal(request, &mut response));
        }
        self.read(request, &mut response, limit)
    }

    fn exchange(
        &self,
        request: &Request,
        authorization: Option<&str>,
    ) -> Result<Response<ureq::Body>, Failure> {
        let mut builder = http::Request::builder()
            .method(request.method.name())
            .uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(*name, *value);
        }
        if let Some(authorization) = authorization {
            builder = builder.header(header::AUTHORIZATION, authorization);
        }
        let answer = if request.method == Method::Get {
            let sent = builder.body(()).map_err(ureq::Error::from);
            sent.and_then(|it| self.agent.run(it))
        } else {
            let sent = builder.body(request.body.as_slice());
            sent.map_err(ureq::Error::from)
                .and_then(|it| self.agent.run(it))
        };
        answer.map_err(|error| self.failure(request, error))
    }

    fn read(
        &self,
        request: &Request,
        response: &mut Response<ureq::Body>,
        limit: u64,
    ) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        // One more than allowed tells a body that is too long from one that just fits.
        response
            .body_mut()
            .as_reader()
            .take(limit + 1)
            .read_to_end(&mut body)
            .map_err(|error| self.failure(request, error.into()))?;
        if body.len() as u64 > limit {
            return Err(Failure::for_good(StoreError::TooLong {
                url: request.url.clone(),
                limit,
            }));
        }
        Ok(body)
    }

    fn refusal(&self, request: &Request, response: &mut Response<ureq::Body>) -> Failure {
        let status = response.status();
        let mut said = Vec::new();
        let mut reader = response.body_mut().as_reader().take(LONGEST_COMPLAINT);
        // What it says is a help, not a need.
        drop(reader.read_to_end(&mut said));
        let text = self.credentials.cover(&String::from_utf8_lossy(&said));
        let hint = match status.as_u16() {
            401 if self.credentials.is_some() => ", the credentials are not those it wants",
            401 => ", it wants credentials (see --auth-file)",
            403 => ", these credentials may not do that",
            404 => ", there is no such dataset, or another kind of store (--profile)",
            413 => ", too much at once (a smaller --batch)",
            _ => "",
        };
        Failure {
            error: StoreError::Refused {
                url: request.url.clone(),
                status: status.to_string(),
                hint,
                text: one_line(&text),
            },
            again: match status.as_u16() {
                429 | 502..=504 => Again::IfRepeatable,
                _ => Again::No,
            },
        }
    }

    fn moved(&self, request: &Request, response: &Response<ureq::Body>) -> StoreError {
        let target = response.headers().get(header::LOCATION);
        let target = target
            .and_then(|it| it.to_str().ok())
            .unwrap_or("another place");
        StoreError::Moved {
            url: request.url.clone(),
            target: one_line(&self.credentials.cover(target)),
        }
    }

    fn failure(&self, request: &Request, error: ureq::Error) -> Failure {
        let url = request.url.clone();
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                let reason = "no connection in time".to_owned();
                Failure {
                    error: StoreError::Unreachable { url, reason },
                    again: Again::Always,
                }
            }
            ureq::Error::Timeout(_) => Failure::for_good(StoreError::TimedOut {
                url,
                after: self.timeout,
            }),
            ureq::Error::Io(error) => connection_failure(url, &error),
            ureq::Error::HostNotFound => Failure::for_good(StoreError::Unreachable {
                url,
                reason: "there is no such host".to_owned(),
            }),
            ureq::Error::BadUri(_) => Failure::for_good(StoreError::Address("has no host")),
            error @ (ureq::Error::Rustls(_) | ureq::Error::Tls(_)) => {
                Failure::for_good(StoreError::Unreachable {
                    url,
                    reason: one_line(&error.to_string()),
                })
            }
            error => Failure::for_good(StoreError::Garbled {
                url,
                reason: one_line(&self.credentials.cover(&error.to_string())),
            }),
        }
    }
}

fn connection_failure(url: String, error: &io::Error) -> Failure {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidData,
        UnexpectedEof,
    };

    let said = one_line(&error.to_string());
    let (reason, again) = match error.kind() {
        ConnectionRefused => ("nobody listens there".to_owned(), Again::Always),
        // So rustls says that it does not trust the other side, or that this does not speak TLS.
        InvalidData => (format!("no secure connection: {said}"), Again::No),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof => {
            return Failure {
                error: StoreError::Broken { url, reason: said },
                again: Again::IfRepeatable,
            };
        }
        _ => (said, Again::IfRepeatable),
    };
    Failure {
        error: StoreError::Unreachable { url, reason },
        again,
    }
}

fn agent(timeout: Duration, roots: RootCerts) -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(CONNECT.min(timeout)))
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(concat!("tupu/", env!("CARGO_PKG_VERSION")))
        // A store closes connections when it likes, and a POST on one that it just closed is lost.
        .max_idle_connections(0)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build();
    config.new_agent()
}

/// Why an attempt failed, and whether another makes sense.
struct Failure {
    error: StoreError,
    again: Again,
}

impl Failure {
    fn for_good(error: StoreError) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }
}

#[derive(Clone, Copy)]
enum Again {
    No,
    /// The store may have done what it was asked, or half of it.
    IfRepeatable,
    /// The store has not seen the request.
    Always,
}

impl Again {
    fn allows(self, request: &Request) -> bool {
        match self {
            Self::No => false,
            Self::IfRepeatable => request.is_repeatable,
            Self::Always => true,
        }
    }
}

fn challenge(response: &Response<ureq::Body>) -> Option<String> {
    response
        .headers()
        .get_all(header::WWW_AUTHENTICATE)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .find(|it| it.to_ascii_lowercase().starts_with("digest "))
        .map(str::to_owned)
}

/// Path and query of an address.
fn target_of(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let path = url[after..].find('/').map(|at| after + at);
    path.map_or("/", |at| &url[at..])
}

/// What somebody else wrote, fit for a line of ours.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.chars().count() > SHOWN_COMPLAINT {
        line = line.chars().take(SHOWN_COMPLAINT).collect();
        line.push('…');
    }
    line
}
