//! Periodic work: maintenance, and writing the uses that are gathered in memory.

use std::sync::Arc;

use model::Timestamp;

use crate::{Authority, Fault};

/// How many expired rows of each table one transaction removes.
const REMOVED_AT_ONCE: u64 = 500;
/// How long ended links are kept, in seconds: their rows count the links of a user.
const ENDED_LINKS: i64 = 24 * 3600;

impl Authority {
    /// Writes the last uses of grants and sessions.
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
        // A lost value is noted again by the next request of the session.
        Ok(self.store.write(move |tx| tx.note_sessions_seen(&seen)).await?)
    }

    /// Rotates signing keys, ends expired sessions, and removes expired rows.
    pub async fn maintain(self: &Arc<Self>, now: Timestamp) -> Result<(), Fault> {
        crate::sign_out::end_expired_sessions(&self.own_ctx(now)).await?;
        crate::endings::end_for_disabled(&self.own_ctx(now)).await?;
        crate::revocations::finish_open(&self.own_ctx(now)).await?;
        crate::tokens::adoption::end_adopted(&self.own_ctx(now)).await?;
        crate::oidc::keys::maintain(&self.own_ctx(now)).await?;
        self.store.write(move |tx| tx.remove_mail_links(now.plus_seconds(-ENDED_LINKS))).await?;
        // Few at a time, so that other writers are not blocked.
        while self.store.write(move |tx| tx.remove_expired_rows(now, REMOVED_AT_ONCE)).await?
            == REMOVED_AT_ONCE
        {}
        self.polls.forget_before(now);
        self.seen_proofs.forget_before(&self.store, now).await?;
        Ok(())
    }

    /// Writes the uses in memory and closes the registry.
    pub async fn close(&self) {
        if let Err(fault) = self.write_last_uses().await {
            tracing::warn!(?fault, "the last uses of the last seconds are lost");
        }
        self.store.close().await;
    }
}
