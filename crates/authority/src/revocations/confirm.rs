use std::collections::BTreeSet;

use model::entities::{AuditEventType, Revocation, RevocationState};
use model::query::Condition;
use model::{Column, Timestamp, Uuid};
use store::Change;

use super::prepare::add;
use super::receipt::members_hash;
use super::{BATCH, Matching, STEP, finish};
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
    let shown = list_all(ctx, id).await?;
    let (still, came_since) = compare(ctx, id, &matching, &shown).await?;
    // With what was issued below them since, and grants that match by themselves below one that does not any more.
    add(ctx, id, still).await?;
    let kept = list_all(ctx, id).await?;
    let dropped = shown.difference(&kept).count() as u64;
    let hash = members_hash(ctx, id).await?;
    let total = ctx.store().read(move |read| read.count_members(id)).await?;
    let count = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
    let by = caller.clone();
    // The switch: one commit.
    caller
        .transaction(ctx, move |ctx, tx| {
            let change = Change::new::<Revocation>(id, ctx.now)
                .if_equal(Column(Revocation::State.0), &RevocationState::Prepared)
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
        .await?;
    finish::finish(ctx, id).await?;
    let row = ctx.store().read(move |read| read.find::<Revocation>(id)).await?;
    row.ok_or_else(|| Fault::NotFound("there is no such revocation".to_owned()))
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

/// Removes the members that do not match any more. Returns what still matches, and the number of grants that match and were not
/// shown.
async fn compare(
    ctx: &Ctx,
    id: Uuid,
    matching: &Matching,
    shown: &BTreeSet<Uuid>,
) -> Result<(Vec<Uuid>, u64), Fault> {
    let (mut still, mut came_since, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let (found, next) = matching.next(ctx, after).await?;
        for matched in found {
            // A grant can be a member with one above it.
            if shown.contains(&matched.root) {
                still.insert(matched.root);
            } else {
                came_since += 1;
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    let gone: Vec<Uuid> =
        list_roots(ctx, id).await?.into_iter().filter(|root| !still.contains(root)).collect();
    for some in gone.chunks(STEP) {
        let some = some.to_vec();
        ctx.transaction(move |_, tx| {
            some.iter().try_for_each(|root| Ok(tx.remove_members(id, *root).map(drop)?))
        })
        .await?;
    }
    Ok((still.into_iter().collect(), came_since))
}

async fn list_roots(ctx: &Ctx, id: Uuid) -> Result<Vec<Uuid>, Fault> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = ctx.store().read(move |read| read.list_roots(id, after, BATCH)).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = Some(*last);
        all.extend(some);
    }
}

/// Lists all members.
async fn list_all(ctx: &Ctx, id: Uuid) -> Result<BTreeSet<Uuid>, Fault> {
    let (mut all, mut after) = (BTreeSet::new(), None);
    loop {
        let some = ctx.store().read(move |read| read.list_members(id, after, BATCH)).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = Some(*last);
        all.extend(some);
    }
}
