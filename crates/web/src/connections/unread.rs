//! What is left of a request's body when its response is ready. A client that still sends when the connection is closed sees a
//! broken pipe instead of the response, because TCP drops what was received with it (RFC 9112, section 9.6).

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};

/// Time for which the rest of a body is received and dropped.
const LINGER: Duration = Duration::from_secs(5);
/// Rest of a body, in bytes, that is received without closing the connection after the response.
const SMALL_REST: u64 = 64 * 1024;
/// Bytes of the rest of a body that are received and dropped.
const MAX_REST: usize = 16 * 1024 * 1024;

/// The body of a request. If it is dropped before its end, the rest is in [`Rest`].
pub(super) struct Received {
    body: Option<Incoming>,
    has_ended: bool,
    rest: Rest,
}

/// The rest of a body that was dropped before its end.
#[derive(Clone, Default)]
pub(super) struct Rest(Arc<Mutex<Option<Incoming>>>);

impl Received {
    pub(super) fn new(body: Incoming, rest: &Rest) -> Self {
        let has_ended = body.is_end_stream();
        Self { body: Some(body), has_ended, rest: rest.clone() }
    }
}

impl HttpBody for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(&mut *body).poll_frame(cx));
        self.has_ended = !matches!(frame, Some(Ok(_))) || body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        if !self.has_ended {
            *self.rest.0.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
        }
    }
}

impl Rest {
    /// Receives and drops what is left, for at most [`LINGER`] and [`MAX_REST`] bytes, while the response is sent. Returns whether
    /// the connection has to be closed after the response. `is_awaited` is whether the client waits for `100 Continue` before it
    /// sends the body (RFC 9110, section 10.1.1): then nothing is received.
    pub(super) fn drain(&self, is_awaited: bool) -> bool {
        let Some(mut body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return false;
        };
        if is_awaited {
            return true;
        }
        let is_small = body.size_hint().upper().is_some_and(|length| length <= SMALL_REST);
        tokio::spawn(tokio::time::timeout(LINGER, async move {
            let mut left = MAX_REST;
            while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                let length = frame.data_ref().map_or(0, Bytes::len);
                let Some(less) = left.checked_sub(length) else { break };
                left = less;
            }
        }));
        !is_small
    }
}
