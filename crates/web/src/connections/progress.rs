//! How far a connection is: whether it has sent a request, and whether one is under way.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// How far a connection is. The task that serves it writes this; the one that accepts connections reads it.
pub(super) struct Progress {
    opened: Instant,
    /// Whether a whole request head has arrived at any time.
    has_begun: AtomicBool,
    /// How many requests are under way: from the whole head to the end of the answer.
    under_way: AtomicUsize,
    /// Whether a part of an answer waits for the client to receive it.
    unsent: AtomicBool,
    /// Since when nothing is under way, in milliseconds after `opened`.
    idle_since: AtomicU64,
    /// Whether the connection goes on with something other than HTTP.
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

    /// A whole request head has arrived.
    pub(super) fn begin(this: &Arc<Self>) -> UnderWay {
        this.has_begun.store(true, Ordering::Relaxed);
        this.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(this))
    }

    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Whether nothing is under way: there is no request whose whole head has arrived and whose answer has not been sent.
    pub(super) fn is_idle(&self) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        self.under_way.load(Ordering::Relaxed) == 0 && !is_set(&self.unsent) && !is_set(&self.is_handed_over)
    }

    /// Since when nothing is under way.
    pub(super) fn idle_since(&self) -> Instant {
        self.opened + std::time::Duration::from_millis(self.idle_since.load(Ordering::Relaxed))
    }

    /// Notes whether a part of an answer waits for the client.
    pub(super) fn note_unsent(&self, unsent: bool) {
        self.unsent.store(unsent, Ordering::Relaxed);
    }

    /// Tells the connection to make room.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Waits until the connection is to make room.
    pub(super) async fn told_to_close(&self) {
        self.close.notified().await;
    }
}

/// A request that is under way, until this is dropped.
pub(super) struct UnderWay(Arc<Progress>);

impl UnderWay {
    /// The connection goes on with something other than HTTP, and is not idle again.
    pub(super) fn for_good(self) {
        self.0.is_handed_over.store(true, Ordering::Relaxed);
    }

    /// The body of the answer, with whose end the request is no longer under way.
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

/// The body of an answer.
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
