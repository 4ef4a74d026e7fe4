//! The progress of a connection: whether it has sent a request, and whether one is being answered.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// The progress of a connection. Its own task writes it; the task that accepts connections reads it.
pub(super) struct Progress {
    opened: Instant,
    /// Whether a request head has ever arrived.
    has_begun: AtomicBool,
    /// The number of requests being answered: from the request head to the end of the response.
    under_way: AtomicUsize,
    /// Whether a part of a response is not sent yet.
    unsent: AtomicBool,
    /// The start of the idle time, in milliseconds after `opened`.
    idle_since: AtomicU64,
    /// Whether the connection has switched to another protocol.
    is_handed_over: AtomicBool,
    close: Notify,
}

impl Progress {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            has_begun: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
            unsent: AtomicBool::new(false),
            idle_since: AtomicU64::new(0),
            is_handed_over: AtomicBool::new(false),
            close: Notify::new(),
        })
    }

    /// Notes that a request head has arrived.
    pub(super) fn begin(this: &Arc<Self>) -> UnderWay {
        this.has_begun.store(true, Ordering::Relaxed);
        this.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(this))
    }

    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Returns whether the connection is idle: no request is being answered, and every response is sent.
    pub(super) fn is_idle(&self) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        self.under_way.load(Ordering::Relaxed) == 0 && !is_set(&self.unsent) && !is_set(&self.is_handed_over)
    }

    /// Returns the start of the idle time.
    pub(super) fn idle_since(&self) -> Instant {
        self.opened + std::time::Duration::from_millis(self.idle_since.load(Ordering::Relaxed))
    }

    /// Notes whether a part of a response is not sent yet.
    pub(super) fn note_unsent(&self, unsent: bool) {
        self.unsent.store(unsent, Ordering::Relaxed);
    }

    /// Asks the connection to close.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Waits until the connection has to close.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }
}

/// A request that is being answered, until it is dropped.
pub(super) struct UnderWay(Arc<Progress>);

impl UnderWay {
    /// Notes that the connection has switched to another protocol, so it is never idle again.
    pub(super) fn for_good(self) {
        self.0.is_handed_over.store(true, Ordering::Relaxed);
    }

    /// Returns the body of the response, whose end is the end of the request.
    pub(super) const fn with(self, body: Body) -> Answer {
        Answer { body, _under_way: self }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let millis = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.idle_since.store(millis, Ordering::Relaxed);
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of a response.
pub(super) struct Answer {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
