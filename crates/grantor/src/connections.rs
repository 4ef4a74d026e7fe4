//! The connections: how many there are, and how long a client may take to say what it wants.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::Layer as _;

/// How long to wait before connections are accepted again, where the system refused one.
const PAUSE: Duration = Duration::from_millis(200);

/// The place of a connection among those that may be open at once. Whoever goes on with it when its request is answered,
/// as WebSockets do, keeps this, and ends when the program is told to stop.
#[derive(Clone)]
pub(crate) struct Held(Arc<Place>);

struct Place {
    _permit: OwnedSemaphorePermit,
    stopping: watch::Receiver<bool>,
    open: Arc<AtomicU64>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Held {
    /// Waits until the program is told to stop; where nothing is held, for ever.
    pub(crate) async fn stop(held: Option<&Self>) {
        let Some(Self(place)) = held else { return std::future::pending().await };
        // Where nobody can say so any more, the program has stopped.
        let _ = place.stopping.clone().wait_for(|stopping| *stopping).await;
    }
}

/// Accepts connections and answers what comes through them, in HTTP/1.1: a proxy in front speaks HTTP/2 and TLS.
pub(crate) struct Connections {
    places: Arc<Semaphore>,
    open: Arc<AtomicU64>,
    http: http1::Builder,
}

impl Connections {
    /// At most so many at once; one that has sent no whole request head for so many seconds is closed.
    pub(crate) fn new(most: u16, idle_timeout: u16) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(idle_timeout.into()));
        Self { places: Arc::new(Semaphore::new(most.into())), open: Arc::default(), http }
    }

    /// How many are open.
    pub(crate) fn open(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.open)
    }

    /// Accepts until told to stop; gives what waits for the connections that are still open.
    pub(crate) async fn accept(
        self,
        listener: TcpListener,
        router: Router,
        stop: impl Future<Output = ()>,
    ) -> Open {
        let (open, stopping) = watch::channel(false);
        let accepting = async {
            loop {
                // Where there is no place, clients wait in the system's queue.
                let Ok(permit) = Arc::clone(&self.places).acquire_owned().await else { return };
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        let (stopping, open) = (stopping.clone(), Arc::clone(&self.open));
                        open.fetch_add(1, Ordering::Relaxed);
                        let held = Held(Arc::new(Place { _permit: permit, stopping, open }));
                        let connection = self.connection(stream, peer, held.clone(), &router);
                        tokio::spawn(async move {
                            if let Err(error) = finish(connection, &held).await {
                                tracing::debug!(%error, "a connection ended early");
                            }
                        });
                    }
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

    fn connection(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        held: Held,
        router: &Router,
    ) -> http1::UpgradeableConnection<TokioIo<TcpStream>, Service> {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let service = Extension(held).layer(Extension(ConnectInfo(peer)).layer(router.clone()));
        self.http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).with_upgrades()
    }
}

/// The connections that are still open.
pub(crate) struct Open(watch::Sender<bool>);

impl Open {
    /// Has each one closed once its request is answered, and what lasts longer end; waits for all.
    pub(crate) async fn shutdown(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

/// Answers what comes through a connection, until it ends or the program stops.
async fn finish(
    connection: http1::UpgradeableConnection<TokioIo<TcpStream>, Service>,
    held: &Held,
) -> hyper::Result<()> {
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = Held::stop(Some(held)) => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await
}

/// The router, for requests that come from one address through one connection.
type Service = TowerToHyperService<With<Held, With<ConnectInfo<SocketAddr>, Router>>>;
type With<T, S> = <Extension<T> as tower::Layer<S>>::Service;
