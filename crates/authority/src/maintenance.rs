//! What an authority does by itself: maintenance, and writing what is gathered in memory.

use std::sync::Arc;

use model::Timestamp;

use crate::{Authority, Fault};

/// How many rows of what expired are removed in one transaction, of each table.
const REMOVED_AT_ONCE: u64 = 500;
/// For how long links that ended are remembered, in seconds: how many somebody was sent lately stands beside them.
const ENDED_LINKS: i64 = 24 * 3600;

impl Authority {
    /// Writes what was gathered about last uses, of grants and of sessions.
    pub async fn write_last_uses(&self) -> Result<(), Fault> {
        self.write_last_seen().await?;
        let taken = self.last_uses.take();
        if taken.uses.is_empty() {
            return Ok(());
        }
        let uses = Arc::clone(&taken.uses);
        self.store.write(move |tx| tx.note_last_uses(&uses)).await?;
        taken.written();
        Ok(())
    }

    async fn write_last_seen(&self) -> Result<(), Fault> {
        let seen = self.last_seen.take();
        if seen.is_empty() {
            return Ok(());
        }
        // What is lost here is noted again with the next request of the session.
        Ok(self.store.write(move |tx| tx.note_sessions_seen(&seen)).await?)
    }

    /// Does what is due from time to time: rotates signing keys, ends sessions whose time is over, removes ended codes.
    pub async fn maintain(self: &Arc<Self>, now: Timestamp) -> Result<(), Fault> {
        crate::sign_out::end_what_is_over(&self.own_ctx(now)).await?;
        crate::endings::end_for_disabled(&self.own_ctx(now)).await?;
        crate::oidc::keys::maintain(&self.own_ctx(now)).await?;
        self.store.write(move |tx| tx.remove_mail_links(now.plus_seconds(-ENDED_LINKS))).await?;
        // A few at a time: whoever else writes gets their turn in between.
        while self.store.write(move |tx| tx.remove_expired_rows(now, REMOVED_AT_ONCE)).await?
            == REMOVED_AT_ONCE
        {}
        self.polls.forget_before(now);
        self.seen_proofs.forget_before(&self.store, now).await?;
        Ok(())
    }

    /// Writes what is still in memory and closes the registry.
    pub async fn close(&self) {
        if let Err(fault) = self.write_last_uses().await {
            tracing::warn!(?fault, "the last uses of the last seconds are lost");
        }
        self.store.close().await;
    }
}
