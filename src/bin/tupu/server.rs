//! Sockets, limits and signals around a [`Site`].

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tupu::serve::Site;
use tupu::sparql::CancellationToken;

use crate::report;

/// What nobody may exceed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For a query.
    pub(crate) timeout: Duration,
    /// That are answered at the same time.
    pub(crate) requests: usize,
    /// Bytes of a request's body.
    pub(crate) body: usize,
    /// Bytes of stack for a query.
    pub(crate) stack: usize,
}

/// Connections at the same time; others wait to be accepted.
const CONNECTIONS: usize = 256;

/// Bytes of path and parameters. Longer queries are sent by POST.
const ADDRESS: usize = 16 << 10;

/// Bytes of request line and headers together.
const HEAD: usize = 32 << 10;

/// For a client to send its request's head, then its body; to take the next part of an answer; and to
/// send another request by the same connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// For a stopped query to end, and for open connections when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until SIGINT or SIGTERM.
pub(crate) fn serve(
    site: Site,
    listener: TcpListener,
    limits: Limits,
    is_quiet: bool,
) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_stack_size(limits.stack)
        .max_blocking_threads(limits.requests)
        .build()
        .context("cannot start the server")?;
    let server = Arc::new(Server {
        site: Arc::new(site),
        limits,
        is_quiet,
        requests: Arc::new(Semaphore::new(limits.requests)),
    });
    let served = runtime.block_on(listen(server, listener));
    // A query that does not stop does not keep the program.
    runtime.shutdown_timeout(GRACE);
    served
}

async fn listen(server: Arc<Server>, listener: TcpListener) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop_signal());
    loop {
        let permit = Arc::clone(&connections).acquire_owned();
        let accepted = async {
            let permit = permit.await;
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            accepted = accepted => accepted,
            stopped = &mut stop => {
                stopped.context("cannot wait for signals")?;
                break;
            }
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(Arc::clone(&server), stream, peer, &graceful);
                tokio::spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
            // Too many open files, say: they may become fewer.
            Err(error) => {
                report::note(&format!("cannot accept a connection: {error}"));
                sleep(GRACE).await;
            }
        }
    }
    drop(listener);
    // What still runs then is cut off.
    drop(timeout(server.limits.timeout + GRACE, graceful.shutdown()).await);
    Ok(())
}

/// The connection, until its client or the server has enough of it.
fn connection(
    server: Arc<Server>,
    stream: TcpStream,
    peer: SocketAddr,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Answers go out at once.
    drop(stream.set_nodelay(true));
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(PATIENCE));
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(server.handle(request, peer).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = graceful.watch(connection);
    async move {
        // Clients go away as they please.
        drop(connection.await);
    }
}

#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

struct Server {
    site: Arc<Site>,
    limits: Limits,
    is_quiet: bool,
    requests: Arc<Semaphore>,
}

/// Ends a query whose answer nobody waits for any more.
struct Cancelled(CancellationToken);

impl Drop for Cancelled {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Server {
    async fn handle(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Full<Bytes>> {
        let start = Instant::now();
        let what = format!("{} {}", request.method(), request.uri());
        let response = match self.answer(request).await {
            Ok(response) => response,
            Err((status, message)) => self.site.refusal(status, &message),
        };
        if !self.is_quiet {
            report::note(&format!(
                "{peer} {} {} {} bytes {} ms",
                shown(&what),
                response.status().as_u16(),
                response.body().len(),
                start.elapsed().as_millis()
            ));
        }
        response.map(|body| Full::new(body.into()))
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Vec<u8>>, (StatusCode, String)> {
        let length = request
            .uri()
            .path_and_query()
            .map_or(0, |it| it.as_str().len());
        if length > ADDRESS {
            return Err((
                StatusCode::URI_TOO_LONG,
                format!("an address has {ADDRESS} bytes at most; send the query by POST"),
            ));
        }
        let request = self.whole(request).await?;
        let waiting = Arc::clone(&self.requests).acquire_owned();
        let Ok(Ok(permit)) = timeout(self.limits.timeout, waiting).await else {
            return Err((
                StatusCode::SERVICE_UNAVAILABLE,
                "too many requests at the same time; try again later".to_owned(),
            ));
        };
        self.answer_whole(request, permit).await
    }

    /// The request with its body.
    async fn whole(
        &self,
        request: Request<Incoming>,
    ) -> Result<Request<Vec<u8>>, (StatusCode, String)> {
        let (head, body) = request.into_parts();
        let body = timeout(PATIENCE, Limited::new(body, self.limits.body).collect());
        match body.await {
            Ok(Ok(body)) => Ok(Request::from_parts(head, body.to_bytes().into())),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err((
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("a request has {} bytes at most", self.limits.body),
            )),
            Ok(Err(error)) => Err((
                StatusCode::BAD_REQUEST,
                format!("the request is not whole: {error}"),
            )),
            Err(_) => Err((
                StatusCode::REQUEST_TIMEOUT,
                "the request took too long to arrive".to_owned(),
            )),
        }
    }

    async fn answer_whole(
        &self,
        request: Request<Vec<u8>>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Response<Vec<u8>>, (StatusCode, String)> {
        let cancelled = Cancelled(CancellationToken::new());
        let token = cancelled.0.clone();
        let site = Arc::clone(&self.site);
        let mut answer = spawn_blocking(move || {
            let response = site.answer(&request, &token);
            drop(permit);
            response
        });
        let limit = self.limits.timeout;
        let answered = match timeout(limit, &mut answer).await {
            Ok(answered) => answered,
            Err(_) => {
                drop(cancelled);
                match timeout(GRACE, answer).await {
                    Ok(answered) => answered,
                    Err(_) => {
                        let message = format!("no answer within {} seconds", limit.as_secs());
                        return Err((StatusCode::SERVICE_UNAVAILABLE, message));
                    }
                }
            }
        };
        answered.map_err(|_| {
            let message = "the server failed to answer".to_owned();
            (StatusCode::INTERNAL_SERVER_ERROR, message)
        })
    }
}

/// The request in one line of the log.
fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
