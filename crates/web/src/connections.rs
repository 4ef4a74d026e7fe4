//! The connections: how many there are, which of them are closed to make room, and how long a client may take to send a request.

mod places;
mod progress;
mod settings;
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

use self::places::{Place, Places};
use self::progress::Progress;
pub use self::settings::ConnectionSettings;
use self::unread::{Received, Rest};
use self::watched::Watched;
use crate::http::paths;

/// How long to wait before connections are accepted again, where the system refused one.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a connection in a reserved place may take to send its first request head.
const RESERVED_HEAD: Duration = Duration::from_secs(2);
/// How long a client that finds no place may take to receive the answer.
const TURN_AWAY: Duration = Duration::from_secs(1);

/// The place of a connection among those that may be open at once. What goes on with the connection after the answer to its
/// request, as a WebSocket does, keeps this, and ends when the program is told to stop.
#[derive(Clone)]
pub struct ConnectionGuard(Arc<Holding>);

struct Holding {
    place: Place,
    stopping: watch::Receiver<bool>,
}

impl ConnectionGuard {
    /// Waits until the program is told to stop; where nothing is held, for ever.
    pub async fn stop(held: Option<&Self>) {
        let Some(Self(holding)) = held else { return std::future::pending().await };
        // Where the sender is gone, the program has stopped.
        let _ = holding.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    /// Whether the connection has one of the places that are reserved for health checks and metrics.
    fn is_reserved(&self) -> bool {
        self.0.place.is_reserved()
    }
}

/// Accepts connections and answers what comes through them, in HTTP/1.1: a proxy in front speaks HTTP/2 and TLS.
pub struct Connections {
    places: Arc<Places>,
    first_head: Duration,
    http: http1::Builder,
}

impl Connections {
    /// Creates the places for connections. The limit per address does not apply to `proxies`.
    pub fn new(settings: &ConnectionSettings, proxies: Vec<IpNet>) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(settings.idle());
        let (most, most_of_one) = (settings.max_connections, settings.max_connections_per_address);
        let places = Arc::new(Places::new(most.into(), most_of_one.into(), proxies));
        Self { places, first_head: settings.first_head(), http }
    }

    /// How many are open.
    pub fn open(&self) -> Arc<AtomicU64> {
        self.places.open()
    }

    /// Accepts until told to stop; gives what waits for the connections that are still open.
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

    /// Answers what comes through a connection, in a task of its own.
    fn begin(&self, stream: TcpStream, peer: SocketAddr, router: &Router, stopping: &watch::Receiver<bool>) {
        let Some(place) = self.places.take(peer.ip()) else {
            tokio::spawn(turn_away(stream));
            return;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let first_head = if place.is_reserved() { RESERVED_HEAD } else { self.first_head };
        let held = ConnectionGuard(Arc::new(Holding { place, stopping: stopping.clone() }));
        let connection =
            Connection { stream, peer, held, first_head, router: router.clone(), http: self.http.clone() };
        tokio::spawn(async move {
            if let Err(error) = connection.serve().await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

/// A connection that was accepted.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    held: ConnectionGuard,
    first_head: Duration,
    router: Router,
    http: http1::Builder,
}

impl Connection {
    /// Answers until the client hangs up, the program stops, or another connection needs the place. A connection that has no
    /// request under way is closed at once then; another one when its request is answered.
    async fn serve(self) -> hyper::Result<()> {
        let Self { stream, peer, held, first_head, router, http } = self;
        let progress = Arc::clone(held.0.place.progress());
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&progress)));
        let own = held.clone();
        let service = service_fn(move |request| answer(router.clone(), request, peer, own.clone()));
        let mut connection = std::pin::pin!(http.serve_connection(io, service).with_upgrades());
        let mut first_head = std::pin::pin!(tokio::time::sleep(first_head));
        loop {
            // The connection comes first: a head that has arrived counts as a request.
            tokio::select! {
                biased;
                ended = connection.as_mut() => return ended,
                () = ConnectionGuard::stop(Some(&held)) => break,
                () = progress.told_to_close() => break,
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
    held: ConnectionGuard,
) -> Result<Response<Body>, std::convert::Infallible> {
    let under_way = Progress::begin(held.0.place.progress());
    let closes = held.is_reserved();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(held);
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

/// Refuses requests that come through a place that is reserved for health checks and metrics, but for those.
pub async fn keep_reserved(request: Request) -> Result<Request, axum::response::Response> {
    let is_reserved = request.extensions().get::<ConnectionGuard>().is_some_and(ConnectionGuard::is_reserved);
    let path = request.uri().path();
    if is_reserved && path != paths::METRICS && !path.starts_with(paths::HEALTH) {
        let message = "too many connections are open, or too many from this address; try again later\n";
        return Err((StatusCode::SERVICE_UNAVAILABLE, message).into_response());
    }
    Ok(request)
}

/// Tells a client for which there is not even a reserved place to come again.
async fn turn_away(mut stream: TcpStream) {
    let answer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nX-Content-Type-Options: nosniff\r\n\
                  Cache-Control: no-store\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    // A client that does not receive it sees that the connection is closed.
    let _ = tokio::time::timeout(TURN_AWAY, stream.write_all(answer.as_bytes())).await;
}

/// The connections that are still open.
pub struct Open(watch::Sender<bool>);

impl Open {
    /// Closes each one that has no request under way, and each other one once its request is answered; ends what lasts longer.
    /// Waits for all.
    pub async fn shutdown(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}
