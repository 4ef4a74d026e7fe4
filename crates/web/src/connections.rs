//! The connections: their limits, and the timeouts of requests.

mod progress;
mod settings;
mod slots;
mod unread;
mod watched;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service as _;

use self::progress::Progress;
pub use self::settings::ConnectionSettings;
use self::slots::{Slot, Slots};
use self::unread::{Received, Rest};
use self::watched::Watched;
use crate::http::paths;

/// The wait after the system refused to accept a connection.
const PAUSE: Duration = Duration::from_millis(200);
/// The timeout of the first request head on a connection in a reserved slot.
const RESERVED_HEAD: Duration = Duration::from_secs(2);
/// The timeout of the response to a client without a slot.
const TURN_AWAY: Duration = Duration::from_secs(1);

/// The slot of a connection. A use of the connection that outlives the response, such as a WebSocket, keeps the guard and ends
/// when the program stops.
#[derive(Clone)]
pub struct ConnectionGuard(Arc<Inner>);

struct Inner {
    slot: Slot,
    stopping: watch::Receiver<bool>,
}

impl ConnectionGuard {
    /// Waits until the program stops; without a guard, forever.
    pub async fn stop(guard: Option<&Self>) {
        let Some(Self(inner)) = guard else { return std::future::pending().await };
        // If the sender is gone, the program has stopped.
        let _ = inner.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    /// Returns whether the connection has a slot reserved for health checks and metrics.
    fn is_reserved(&self) -> bool {
        self.0.slot.is_reserved()
    }
}

/// Accepts connections and answers their requests, in HTTP/1.1: HTTP/2 and TLS are up to a proxy.
pub struct Connections {
    slots: Arc<Slots>,
    first_head: Duration,
    http: http1::Builder,
}

impl Connections {
    /// Creates the slots of connections. The limit per address does not apply to `proxies`.
    pub fn new(settings: &ConnectionSettings, proxies: Vec<IpNet>) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(settings.idle());
        let (most, most_of_one) = (settings.max_connections, settings.max_connections_per_address);
        let slots = Arc::new(Slots::new(most.into(), most_of_one.into(), proxies));
        Self { slots, first_head: settings.first_head(), http }
    }

    /// Returns the number of open connections.
    pub fn open(&self) -> Arc<AtomicU64> {
        self.slots.open()
    }

    /// Accepts connections until `stop`. Returns the connections that are still open.
    pub async fn accept(self, listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> Open {
        let (open, stopping) = watch::channel(false);
        let accepting = async {
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => self.begin(stream, peer, &router, &stopping),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = accepting => {}
            () = stop => {}
        }
        Open(open)
    }

    /// Answers the requests of a connection in its own task.
    fn begin(&self, stream: TcpStream, peer: SocketAddr, router: &Router, stopping: &watch::Receiver<bool>) {
        let Some(slot) = self.slots.take(peer.ip()) else {
            tokio::spawn(turn_away(stream));
            return;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let first_head = if slot.is_reserved() { RESERVED_HEAD } else { self.first_head };
        let guard = ConnectionGuard(Arc::new(Inner { slot, stopping: stopping.clone() }));
        let connection =
            Connection { stream, peer, guard, first_head, router: router.clone(), http: self.http.clone() };
        tokio::spawn(async move {
            if let Err(error) = connection.serve().await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

/// An accepted connection.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    guard: ConnectionGuard,
    first_head: Duration,
    router: Router,
    http: http1::Builder,
}

impl Connection {
    /// Answers requests until the client closes the connection, the program stops, or another connection needs the slot. An idle
    /// connection is closed immediately then; a busy one after its response.
    async fn serve(self) -> hyper::Result<()> {
        let Self { stream, peer, guard, first_head, router, http } = self;
        let progress = Arc::clone(guard.0.slot.progress());
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&progress)));
        let own = guard.clone();
        let service = service_fn(move |request| answer(router.clone(), request, peer, own.clone()));
        let mut connection = std::pin::pin!(http.serve_connection(io, service).with_upgrades());
        let mut first_head = std::pin::pin!(tokio::time::sleep(first_head));
        loop {
            // The connection comes first: a head that has arrived counts as a request.
            tokio::select! {
                biased;
                ended = connection.as_mut() => return ended,
                () = ConnectionGuard::stop(Some(&guard)) => break,
                () = progress.closed() => break,
                () = first_head.as_mut(), if !progress.has_begun() => {
                    if !progress.has_begun() {
                        return Ok(());
                    }
                }
            }
        }
        if progress.is_idle() {
            return Ok(());
        }
        connection.as_mut().graceful_shutdown();
        connection.await
    }
}

/// Answers one request of a connection.
async fn answer(
    mut router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
    guard: ConnectionGuard,
) -> Result<Response<Body>, std::convert::Infallible> {
    let under_way = Progress::begin(guard.0.slot.progress());
    let closes = guard.is_reserved();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(guard);
    let is_awaited = request.headers().contains_key(header::EXPECT);
    let rest = Rest::default();
    let mut response = router.call(request.map(|body| Received::new(body, &rest))).await?;
    let closes = closes || rest.drain(is_awaited);
    if closes {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        under_way.for_good();
        return Ok(response);
    }
    Ok(response.map(|body| Body::new(under_way.with(body))))
}

/// Refuses requests on a reserved slot, except health checks and metrics.
pub async fn keep_reserved(request: Request) -> Result<Request, axum::response::Response> {
    let is_reserved = request.extensions().get::<ConnectionGuard>().is_some_and(ConnectionGuard::is_reserved);
    let path = request.uri().path();
    if is_reserved && path != paths::METRICS && !path.starts_with(paths::HEALTH) {
        let message = "too many connections are open, or too many from this address; try again later\n";
        return Err((StatusCode::SERVICE_UNAVAILABLE, message).into_response());
    }
    Ok(request)
}

/// Refuses a connection for which there is no slot.
async fn turn_away(mut stream: TcpStream) {
    let answer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nX-Content-Type-Options: nosniff\r\n\
                  Cache-Control: no-store\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    // A client that does not receive the response sees the closed connection.
    let _ = tokio::time::timeout(TURN_AWAY, stream.write_all(answer.as_bytes())).await;
}

/// The connections that are still open.
pub struct Open(watch::Sender<bool>);

impl Open {
    /// Closes idle connections immediately and busy ones after their response, ends WebSockets, and waits for all.
    pub async fn shutdown(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}
