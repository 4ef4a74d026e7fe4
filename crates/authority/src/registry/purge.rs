//! Removing what ended so long ago that nobody asks for it any more.

use std::time::Duration;

use model::entities::{
    AccessToken, AccessTokenScope, AuditEvent, TrustedApplication, TrustedApplicationAuthorization, User,
    UserProviderLogin,
};
use model::{Column, Entity, Record, Timestamp};
use store::{END_COLUMNS, EndedGrant};

use crate::{Ctx, Fault};

/// How many grants are looked at in one transaction: others who write wait for it, so it takes milliseconds.
const BATCH: u64 = 200;
/// How long the others have the registry to themselves after each.
pub const PAUSE: Duration = Duration::from_millis(50);
/// How many seconds a removal may take to be seen, and clocks may differ.
const MARGIN: i64 = 60;
/// When grants were last removed, in microseconds: whoever follows changes since before then is not told of them.
const GRANTS_PURGED: &str = "grants_purged_at";
/// The same of applications, and of what people agreed to with them.
const APPLICATIONS_PURGED: &str = "applications_purged_at";
/// The same of users, with what depends on them.
const USERS_PURGED: &str = "users_purged_at";
/// The same of events.
const EVENTS_PURGED: &str = "events_purged_at";

pub(crate) const DAY: i64 = 24 * 3600;

/// Where a purge stands. It goes through the ends of grants from the earliest on, and begins anew where something was removed:
/// what that came from may now be removed as well.
#[derive(Debug)]
pub struct Purge {
    before: Timestamp,
    ends: usize,
    after: Option<EndedGrant>,
    removed_by_round: u64,
    removed: u64,
}

impl Purge {
    /// Of what ended longer ago than the operator keeps it; nothing where everything is kept.
    pub fn begin(ctx: &Ctx) -> Option<Self> {
        let days = ctx.settings().retention.retention_days;
        let before = ctx.now.plus_seconds(-i64::from(days) * DAY);
        (days > 0).then_some(Self { before, ends: 0, after: None, removed_by_round: 0, removed: 0 })
    }

    /// How many grants were removed so far.
    pub const fn removed(&self) -> u64 {
        self.removed
    }

    fn end(&self) -> Option<Column> {
        END_COLUMNS.get(self.ends).copied()
    }

    /// Removes the next few. Gives whether there is more to do.
    ///
    /// A grant is removed where nothing came from it that is still there: neither what a living grant hangs on, nor the start of a
    /// family whose reuse would otherwise go unnoticed.
    pub async fn step(&mut self, ctx: &Ctx) -> Result<bool, Fault> {
        let Some(end) = self.end() else {
            let again = self.removed_by_round > 0;
            (self.ends, self.after, self.removed_by_round) = (0, None, 0);
            return Ok(again);
        };
        let (before, after) = (self.before, self.after);
        let found = ctx.store().read(move |read| read.list_ended(end, before, after, BATCH)).await?;
        self.after = found.last().copied();
        if self.after.is_none() {
            self.ends += 1;
            return Ok(true);
        }
        let ids: Vec<_> = found.into_iter().map(|(_, id)| id).collect();
        let removed = ctx.transaction(move |ctx, tx| {
            let removed = tx.remove_grants(&ids)?;
            note(ctx, tx, GRANTS_PURGED, removed)?;
            Ok(removed)
        });
        let removed = removed.await?;
        self.removed += removed;
        self.removed_by_round += removed;
        Ok(true)
    }
}

/// Removes the next few events that are older than the operator keeps them. Gives how many.
pub async fn remove_events(ctx: &Ctx) -> Result<u64, Fault> {
    let days = i64::from(ctx.settings().retention.audit_retention_days);
    if days == 0 {
        return Ok(0);
    }
    ctx.transaction(move |ctx, tx| {
        let removed = tx.remove_events(ctx.now.plus_seconds(-days * DAY), BATCH)?;
        note(ctx, tx, EVENTS_PURGED, removed)?;
        Ok(removed)
    })
    .await
}

/// Notes that an application was removed.
pub(crate) fn note_applications(ctx: &Ctx, tx: &mut store::Tx<'_>) -> Result<(), Fault> {
    note(ctx, tx, APPLICATIONS_PURGED, 1)
}

/// Notes that a user was removed.
pub(crate) fn note_users(ctx: &Ctx, tx: &mut store::Tx<'_>) -> Result<(), Fault> {
    note(ctx, tx, USERS_PURGED, 1)
}

fn note(ctx: &Ctx, tx: &mut store::Tx<'_>, fact: &str, removed: u64) -> Result<(), Fault> {
    if removed > 0 {
        tx.replace_fact(fact, &ctx.now.plus_seconds(MARGIN).micros().to_string())?;
    }
    Ok(())
}

/// When rows of an entity were last removed, where any ever were.
pub(crate) async fn last(ctx: &Ctx, entity: &Entity) -> Result<Option<Timestamp>, Fault> {
    let is = |other: &Entity| entity.table == other.table;
    let fact = if is(AccessToken::entity()) || is(AccessTokenScope::entity()) {
        GRANTS_PURGED
    } else if is(AuditEvent::entity()) {
        EVENTS_PURGED
    } else if is(TrustedApplication::entity()) || is(TrustedApplicationAuthorization::entity()) {
        APPLICATIONS_PURGED
    } else if is(User::entity()) || is(UserProviderLogin::entity()) {
        USERS_PURGED
    } else {
        return Ok(None);
    };
    let fact = ctx.store().read(move |read| read.find_fact(fact)).await?;
    Ok(fact.and_then(|micros| micros.parse().ok()).map(Timestamp::from_micros))
}
