//! One open transaction.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use authority::{Caller, Ctx, Fault};
use model::{Timestamp, Uuid};
use serde_json::{Map, Value};
use tokio::sync::Notify;
use writing::{Operation, Outcome, Rejected, Unit, pending};

/// Maximum age of a transaction, in seconds.
pub(super) const MAX_AGE: i64 = 25 * 60;
/// Maximum number of operations. Each request of the transaction applies all of them.
const MAX_OPERATIONS: usize = 1000;
/// Maximum size of the values of a transaction, in bytes.
const MAX_SIZE: usize = 1024 * 1024;

/// The rows that changes were reported of, as they were reported; `None` for a row that is not there.
pub(super) type Reported = HashMap<(String, Uuid), Option<Map<String, Value>>>;

/// An open transaction.
pub(crate) struct Open {
    pub(super) id: String,
    /// The grant of the token that began it.
    pub(super) owner: Uuid,
    pub(super) begun: Timestamp,
    /// Whether its changes can be asked for.
    pub(super) tracks: bool,
    unit: Mutex<Arc<Unit>>,
    /// Requests that change the transaction or report its changes take turns.
    pub(super) turn: tokio::sync::Mutex<Reported>,
    has_ended: AtomicBool,
    /// Notified of every change, and of the end.
    pub(super) changed: Notify,
}

impl Open {
    pub(super) fn new(id: String, owner: Uuid, begun: Timestamp, tracks: bool) -> Self {
        Self {
            id,
            owner,
            begun,
            tracks,
            unit: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            has_ended: AtomicBool::default(),
            changed: Notify::new(),
        }
    }

    /// Returns the operations.
    pub(super) fn unit(&self) -> Arc<Unit> {
        Arc::clone(&self.unit.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether it can no longer be used at a time.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.has_ended.load(Ordering::Acquire) || self.begun.plus_seconds(MAX_AGE) <= now
    }

    /// Ends it, after which no operation is added.
    pub(super) fn end(&self) {
        self.has_ended.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }

    /// Returns the context of a request of the transaction: its queries see the changes.
    pub(crate) fn seen_by(self: &Arc<Self>, ctx: &Ctx) -> Ctx {
        let open = Arc::clone(self);
        ctx.with_pending(pending(move || open.unit()))
    }

    /// Checks that a caller began it.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] as for an unknown identifier.
    pub(crate) fn check_owner(&self, caller: &Caller) -> Result<(), Fault> {
        if owner(caller) == self.owner { Ok(()) } else { Err(unknown(&self.id)) }
    }

    /// Adds operations, after they were applied behind the others and rolled back. Secrets of new rows are not in the
    /// outcomes: they are known at the end.
    ///
    /// # Errors
    /// [`Rejected`]; no operation is added then.
    pub(crate) async fn add(
        &self,
        ctx: &Ctx,
        caller: &Caller,
        operations: Vec<Operation>,
    ) -> Result<Vec<Outcome>, Rejected> {
        let _turn = self.turn.lock().await;
        let last = operations.len().saturating_sub(1);
        if self.is_over(ctx.now) {
            return Err(Rejected { at: 0, fault: unknown(&self.id) });
        }
        let (unit, places) = self.unit().with(ctx, caller, operations).await?;
        check_size(&unit).map_err(|fault| Rejected { at: last, fault })?;
        let mut outcomes = unit.rehearse(ctx).await.map_err(|Rejected { at, fault }| {
            // Where an earlier operation fails, it is the last new one that is refused.
            let at = places.iter().position(|place| *place == at).unwrap_or(last);
            Rejected { at, fault }
        })?;
        *self.unit.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(unit);
        self.changed.notify_waiters();
        let own = places.into_iter().map(|place| {
            let mut outcome = outcomes.get_mut(place).map(std::mem::take).unwrap_or_default();
            outcome.secret = None;
            outcome
        });
        Ok(own.collect())
    }
}

/// Returns what a transaction of a caller belongs to: the grant of its token.
pub(super) fn owner(caller: &Caller) -> Uuid {
    caller.token().map_or_else(Uuid::nil, |live| live.grant.id)
}

/// Returns the error for an identifier that is unknown, ended or too old.
pub(super) fn unknown(id: &str) -> Fault {
    Fault::InvalidRequest(format!("Invalid TransactionId {id}."))
}

fn check_size(unit: &Unit) -> Result<(), Fault> {
    let refused = |message: String| Err(Fault::InvalidRequest(message));
    if unit.len() > MAX_OPERATIONS {
        return refused(format!("a transaction has at most {MAX_OPERATIONS} operations"));
    }
    if unit.size() > MAX_SIZE {
        return refused(format!("the values of a transaction have at most {MAX_SIZE} bytes"));
    }
    Ok(())
}
