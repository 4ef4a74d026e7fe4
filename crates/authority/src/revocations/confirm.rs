use std::collections::BTreeSet;

use model::entities::{AuditEventType, Revocation, RevocationState};
use model::query::Condition;
use model::{Timestamp, Uuid};
use store::{Change, Read, StoreError};

use super::pace::Pace;
use super::prepare::add;
use super::receipt::members_hash;
use super::{BATCH, Matching, finish};
use crate::registry::audit::Event;
use crate::{Caller, Ctx, Fault};

/// Revokes what a prepared revocation showed and what still matches its filter. When this returns, every member is refused and
/// every row is revoked.
///
/// # Errors
/// [`Fault::NotFound`] for a revocation of another user; [`Fault::Conflict`] if it was confirmed before, has expired, was
/// prepared with another token, or had another filter.
pub async fn confirm(
    ctx: &Ctx,
    caller: &Caller,
    id: Uuid,
    condition: &Condition,
    text: &str,
) -> Result<Revocation, Fault> {
    let matching = Matching::bind(ctx, caller, condition)?;
    let found = ctx.store().read(move |read| read.find::<Revocation>(id)).await?;
    let found = found.filter(|row| row.created_by_id == caller.user.id);
    let found = found.ok_or_else(|| Fault::NotFound("there is no such revocation".to_owned()))?;
    check(ctx, caller, &found, text)?;
    claim(ctx, caller, id).await?;
    let (dropped, came_since) = compare(ctx, id, &matching).await?;
    switch(ctx, caller, id, dropped, came_since).await?;
    finish::finish(ctx, id).await?;
    let row = ctx.store().read(move |read| read.find::<Revocation>(id)).await?;
    row.ok_or_else(|| Fault::NotFound("there is no such revocation".to_owned()))
}

/// Claims a preview: of several confirmations, one continues. After a failure, a new preview is needed.
async fn claim(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Fault> {
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<Revocation>(id, ctx.now)
                .if_equal(Revocation::State, &RevocationState::Prepared)
                .set(Revocation::State, &RevocationState::Preparing);
            if tx.change(change)? { Ok(()) } else { Err(confirmed_before()) }
        })
        .await
}

/// Switches a revocation on, in one commit.
async fn switch(ctx: &Ctx, caller: &Caller, id: Uuid, dropped: u64, came_since: u64) -> Result<(), Fault> {
    let hash = members_hash(ctx, id).await?;
    let total = ctx.store().read(move |read| read.count_members(id)).await?;
    let count = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
    let by = caller.clone();
    caller
        .transaction(&ctx.at_present(), move |ctx, tx| {
            let change = Change::new::<Revocation>(id, ctx.now)
                .if_equal(Revocation::State, &RevocationState::Preparing)
                .set(Revocation::State, &RevocationState::Open)
                .set(Revocation::ConfirmedTimestamp, &Some(ctx.now))
                .set(Revocation::MembersHash, &Some(hash.clone()))
                .set(Revocation::Dropped, &count(dropped))
                .set(Revocation::CameSince, &count(came_since))
                .set(Revocation::Total, &count(total));
            if !tx.change(change)? {
                return Err(confirmed_before());
            }
            let event = Event::for_revocation(AuditEventType::RevocationConfirmed).by(&by);
            event.with("revocation", id.to_string()).with("count", total).note(ctx, tx)
        })
        .await
}

fn confirmed_before() -> Fault {
    Fault::Conflict(
        "the revocation was confirmed before, or its members are still being collected".to_owned(),
    )
}

fn check(ctx: &Ctx, caller: &Caller, found: &Revocation, text: &str) -> Result<(), Fault> {
    let conflict = |message: &str| Err(Fault::Conflict(message.to_owned()));
    if found.state != RevocationState::Prepared {
        return Err(confirmed_before());
    }
    if is_over(found.expire_timestamp, ctx.now) {
        return conflict("the preview has expired; look at it once more");
    }
    if found.token_id != caller.token().map(|live| live.grant.id) {
        return conflict("the preview was made with another token");
    }
    if found.filter != text {
        return conflict("the preview had another filter");
    }
    Ok(())
}

fn is_over(expires: Timestamp, now: Timestamp) -> bool {
    expires <= now
}

/// Makes the members those that were shown and still match, with what was issued below them since. Returns how many were
/// dropped, and how many grants match and were not shown.
async fn compare(ctx: &Ctx, id: Uuid, matching: &Matching) -> Result<(u64, u64), Fault> {
    let known = list(ctx, move |read, after| read.list_all_members(id, after, BATCH)).await?;
    let shown = list(ctx, move |read, after| read.list_members(id, after, BATCH)).await?;
    let (still, came_since) = matching_still(ctx, matching, &known).await?;
    remove_roots(ctx, id, &still).await?;
    uncount_ended(ctx, id).await?;
    // With what was issued below them since, and grants that match by themselves below one that does not any more.
    add(ctx, id, still.into_iter().collect()).await?;
    let kept = list(ctx, move |read, after| read.list_members(id, after, BATCH)).await?;
    Ok((shown.difference(&kept).count() as u64, came_since))
}

/// Returns which of the known grants still match, and how many others match.
async fn matching_still(
    ctx: &Ctx,
    matching: &Matching,
    known: &BTreeSet<Uuid>,
) -> Result<(BTreeSet<Uuid>, u64), Fault> {
    let (mut still, mut came_since, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let (found, next) = matching.next(ctx, after).await?;
        for matched in found {
            // A grant can be a member with one above it.
            if known.contains(&matched.root) {
                still.insert(matched.root);
            } else {
                came_since += 1;
            }
        }
        after = next;
        if after.is_none() {
            return Ok((still, came_since));
        }
    }
}

/// Removes the members below roots that do not match any more.
async fn remove_roots(ctx: &Ctx, id: Uuid, still: &BTreeSet<Uuid>) -> Result<(), Fault> {
    let roots = list(ctx, move |read, after| read.list_roots(id, after, BATCH)).await?;
    let mut pace = Pace::new();
    for root in roots.into_iter().filter(|root| !still.contains(root)) {
        pace.step(ctx, move |_, tx| Ok(tx.remove_members(id, root).map(drop)?)).await?;
    }
    Ok(())
}

/// Stops counting the members that have ended since.
async fn uncount_ended(ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
    let mut pace = Pace::new();
    loop {
        let (now, limit) = (ctx.now, pace.size() as u64);
        let some = ctx.store().read(move |read| read.list_ended_members(id, now, limit)).await?;
        if some.is_empty() {
            return Ok(());
        }
        pace.step(ctx, move |_, tx| some.iter().try_for_each(|member| Ok(tx.uncount_member(id, *member)?)))
            .await?;
    }
}

/// Collects the pages of a list in the order of identifiers.
async fn list(
    ctx: &Ctx,
    page: impl Fn(&Read<'_>, Option<Uuid>) -> Result<Vec<Uuid>, StoreError> + Copy + Send + 'static,
) -> Result<BTreeSet<Uuid>, Fault> {
    let (mut all, mut after) = (BTreeSet::new(), None);
    loop {
        let some = ctx.store().read(move |read| page(read, after)).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = Some(*last);
        all.extend(some);
    }
}
