//! The open transactions of this program.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use authority::{Caller, Ctx, Fault};
use axum::http::StatusCode;

use super::super::answer::Refusal;
use super::id::{self, Node};
use super::open::{Open, owner, unknown};

/// Maximum number of open transactions of a program.
const MAX_OPEN: usize = 256;

/// The open transactions.
#[derive(Default)]
pub(crate) struct Transactions {
    open: Mutex<HashMap<String, Arc<Open>>>,
    node: OnceLock<Node>,
}

impl Transactions {
    /// Returns the open transactions, without those that are too old.
    fn open(&self, ctx: &Ctx) -> MutexGuard<'_, HashMap<String, Arc<Open>>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, transaction| {
            let is_over = transaction.is_over(ctx.now);
            if is_over {
                transaction.end();
            }
            !is_over
        });
        open
    }

    /// Finds a transaction.
    ///
    /// # Errors
    /// [`Fault::InvalidRequest`] for an identifier that is unknown, ended or too old, and [`Fault::Conflict`] for one that
    /// this program did not make.
    pub(crate) fn find(&self, ctx: &Ctx, id: &str) -> Result<Arc<Open>, Fault> {
        let id = id.to_ascii_lowercase();
        if let Some(found) = self.open(ctx).get(&id) {
            return Ok(Arc::clone(found));
        }
        let own = self.node.get().map(id::digits);
        if own.is_none_or(|own| !id.starts_with(&own)) && id::is_authentic(ctx, &id) {
            return Err(Fault::Conflict(format!(
                "Invalid TransactionId {id}. It was begun on another node, or before the program was restarted"
            )));
        }
        Err(unknown(&id))
    }

    /// Begins a transaction, and returns its identifier.
    ///
    /// # Errors
    /// 429 if the token has as many open transactions as it may have, 503 if the program has.
    pub(super) fn begin(&self, ctx: &Ctx, caller: &Caller, tracks: bool) -> Result<String, Refusal> {
        let node = match self.node.get() {
            Some(node) => *node,
            None => {
                let new = id::node(ctx)?;
                *self.node.get_or_init(|| new)
            }
        };
        let (id, owner) = (id::new(ctx, node)?, owner(caller));
        let mut open = self.open(ctx);
        let limit = ctx.settings().odata.odata_transactions_per_token;
        let own = open.values().filter(|transaction| transaction.owner == owner).count();
        if u32::try_from(own).is_ok_and(|own| own >= limit) {
            let message = format!("a token has at most {limit} open transactions; end them first");
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Err(Refusal::Unread(status, "TOO_MANY_ATTEMPTS", message));
        }
        if open.len() >= MAX_OPEN {
            return Err(Fault::Unavailable("too many transactions are open".to_owned()).into());
        }
        open.insert(id.clone(), Arc::new(Open::new(id.clone(), owner, ctx.now, tracks)));
        Ok(id)
    }

    /// Removes a transaction; of several requests that do so, one succeeds.
    ///
    /// # Errors
    /// As for an unknown identifier.
    pub(super) fn remove(&self, ctx: &Ctx, transaction: &Open) -> Result<(), Fault> {
        self.open(ctx).remove(&transaction.id).map(drop).ok_or_else(|| unknown(&transaction.id))
    }
}
