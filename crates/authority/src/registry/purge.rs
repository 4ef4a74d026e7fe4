//! Removing grants and events whose retention has passed.

use std::time::Duration;

use model::entities::{
    AccessToken, AccessTokenAddress, AccessTokenScope, AuditEvent, TrustedApplication,
    TrustedApplicationAuthorization, User, UserProviderLogin,
};
use model::{Column, Entity, Record, Timestamp, Uuid};
use store::{DeletedRow, END_COLUMNS, EndedGrant};

use super::changes;
use crate::{Ctx, Fault};

/// How many grants one transaction reads. Other writers wait for it, so it takes milliseconds.
const BATCH: u64 = 200;
/// The pause for other writers after each transaction.
pub const PAUSE: Duration = Duration::from_millis(50);
/// Maximum time until a removal is visible, with differences of clocks, in seconds.
const MARGIN: i64 = 60;
/// When grants were last removed, in microseconds. Change marks from before then would miss these removals.
const GRANTS_PURGED: &str = "grants_purged_at";
/// When clients and their consents were last removed.
const APPLICATIONS_PURGED: &str = "applications_purged_at";
/// When users were last removed, with what depends on them.
const USERS_PURGED: &str = "users_purged_at";
/// When events were last removed.
const EVENTS_PURGED: &str = "events_purged_at";

pub(crate) const DAY: i64 = 24 * 3600;

/// The progress of a purge. It processes grants in the order of their ends, and starts again after a removal, because the
/// parents of removed grants may be removable then.
#[derive(Debug)]
pub struct Purge {
    before: Timestamp,
    ends: usize,
    after: Option<EndedGrant>,
    removed_by_round: u64,
    removed: u64,
}

impl Purge {
    /// A purge of grants whose retention has passed; `None` if everything is kept.
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

    /// Removes the next grants. Returns whether there are more.
    ///
    /// A grant is removed if it has no descendants. Ancestors of valid grants stay, and so does the first grant of a family,
    /// which is needed to detect reuse.
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
            note_deleted::<AccessToken>(ctx, tx, &removed)?;
            let removed = removed.len() as u64;
            note(ctx, tx, GRANTS_PURGED, removed)?;
            Ok(removed)
        });
        let removed = removed.await?;
        self.removed += removed;
        self.removed_by_round += removed;
        Ok(true)
    }
}

/// Removes the next events whose retention has passed. Returns how many.
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

/// Records that a client was removed, with its authorizations.
pub(crate) fn note_application(ctx: &Ctx, tx: &mut store::Tx<'_>, id: Uuid) -> Result<(), Fault> {
    note_deleted::<TrustedApplication>(ctx, tx, &[DeletedRow { id, owner: None }])?;
    note_authorizations(ctx, tx)
}

/// Records that authorizations were removed.
pub(crate) fn note_authorizations(ctx: &Ctx, tx: &mut store::Tx<'_>) -> Result<(), Fault> {
    note(ctx, tx, APPLICATIONS_PURGED, 1)
}

/// Records that a user was removed.
pub(crate) fn note_user(ctx: &Ctx, tx: &mut store::Tx<'_>, id: Uuid) -> Result<(), Fault> {
    note_deleted::<User>(ctx, tx, &[DeletedRow { id, owner: Some(id) }])?;
    note(ctx, tx, USERS_PURGED, 1)
}

/// Records deleted rows as long as delta links are accepted.
fn note_deleted<R: Record>(ctx: &Ctx, tx: &mut store::Tx<'_>, rows: &[DeletedRow]) -> Result<(), Fault> {
    Ok(tx.note_deleted::<R>(rows, ctx.now, ctx.now.plus_seconds(changes::LIFETIME + DAY))?)
}

fn note(ctx: &Ctx, tx: &mut store::Tx<'_>, fact: &str, removed: u64) -> Result<(), Fault> {
    if removed > 0 {
        tx.replace_fact(fact, &ctx.now.plus_seconds(MARGIN).micros().to_string())?;
    }
    Ok(())
}

/// Returns when rows of an entity were last removed without a record of each, if ever: events, and rows that were removed
/// with the row to which they belong. Who could see a deleted application depended on grants that are detached then, so callers
/// who do not see all rows start again.
pub(crate) async fn last(ctx: &Ctx, entity: &Entity, sees_all: bool) -> Result<Option<Timestamp>, Fault> {
    let is = |other: &Entity| entity.table == other.table;
    let fact = if is(AccessTokenScope::entity()) || is(AccessTokenAddress::entity()) {
        GRANTS_PURGED
    } else if is(AuditEvent::entity()) {
        EVENTS_PURGED
    } else if is(TrustedApplicationAuthorization::entity()) || is(TrustedApplication::entity()) && !sees_all {
        APPLICATIONS_PURGED
    } else if is(UserProviderLogin::entity()) {
        USERS_PURGED
    } else {
        return Ok(None);
    };
    let fact = ctx.store().read(move |read| read.find_fact(fact)).await?;
    Ok(fact.and_then(|micros| micros.parse().ok()).map(Timestamp::from_micros))
}
