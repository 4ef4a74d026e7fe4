use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authority::Ctx;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use model::Timestamp;

use super::Trouble;

/// For how long a provider that does not answer is left alone, in seconds.
const REST: i64 = 5;

/// A request that is under way; everyone who needs its answer waits for the same one.
type Asking<T> = Shared<BoxFuture<'static, Result<T, Arc<Trouble>>>>;

/// A cached response of a provider. Its times are those after the waits: a request that waited for long must not make an old
/// response look new, or a new failure look old.
pub(super) struct Remembered<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    value: Option<(T, Timestamp)>,
    failed_at: Option<Timestamp>,
    asking: Option<Asking<T>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State { value: None, failed_at: None, asking: None }) }
    }
}

impl<T: Clone + Send + Sync + 'static> Remembered<T> {
    /// Returns the cached value if it is at most `seconds` old. Otherwise it is requested once for all concurrent callers.
    pub(super) async fn get<F>(&self, ctx: &Ctx, seconds: i64, ask: F) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        let asking = {
            let mut state = self.lock();
            if let Some(known) = state.recent(ctx.at_present().now, seconds)? {
                return Ok(known);
            }
            state
                .asking
                .get_or_insert_with(|| ask.map(|told| told.map_err(Arc::new)).boxed().shared())
                .clone()
        };
        let told = asking.clone().await;
        let mut state = self.lock();
        // The first who has the answer keeps it.
        if state.asking.take_if(|own| own.ptr_eq(&asking)).is_some() {
            state.keep(ctx.at_present().now, &told);
        }
        told.map_err(Trouble::Shared)
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> State<T> {
    /// What is remembered, unless it is older than `seconds`.
    fn recent(&self, now: Timestamp, seconds: i64) -> Result<Option<T>, Trouble> {
        let recent = self.value.as_ref().filter(|(_, at)| at.plus_seconds(seconds) > now);
        let rests = self.failed_at.is_some_and(|at| at.plus_seconds(REST) > now);
        if recent.is_none() && self.asking.is_none() && rests {
            return Err(Trouble::StillAway);
        }
        Ok(recent.map(|(value, _)| value.clone()))
    }

    fn keep(&mut self, now: Timestamp, told: &Result<T, Arc<Trouble>>) {
        match told {
            Ok(value) => (self.value, self.failed_at) = (Some((value.clone(), now)), None),
            Err(_) => self.failed_at = Some(now),
        }
    }
}
