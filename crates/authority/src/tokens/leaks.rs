//! Reports of leaked secrets: revoking them, and listing the reports.

use std::sync::Arc;

use grant_state::resolved::ResolvedGrant;
use input::text::Line;
use model::entities::{AuditEventType, GrantKind, RevocationReason, TrustedApplication, User};
use model::{Timestamp, Uuid, Value};
use store::{CLIENT_SECRET, Change, LeakReport, Leaked};
use token::TokenHash;
use token::client_secret::{SecretHash, has_generated_form};
use token::opaque::redact_tokens;

use super::hand_over::{Made, made_by};
use super::resolve::{self, hash_presented};
use super::revoke::{end, end_with_made};
use crate::mail::{self, Notice};
use crate::registry::audit::Event;
use crate::sign_in::attempts::LEAK_REPORTS;
use crate::{Caller, Ctx, Fault, Reason};
pub use input::leak_report::Found;

/// The result of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The secret was valid and is now revoked.
    Revoked,
    /// The secret was not valid: unknown, expired or revoked before.
    Inactive,
    /// The text does not have the form of a secret of this instance.
    NotOurs,
}

/// Maximum length of the texts of a report, in characters.
const MAX_TEXT_LENGTH: usize = 1024;
/// How many tokens of a client one statement lists. All of them end.
const AT_ONCE: u64 = 500;
/// How long a report is listed, in seconds.
const LISTED_FOR: i64 = 30 * 24 * 3600;
/// Maximum number of listed reports.
const MAX_LISTED: u64 = 20;

/// Revokes leaked secrets. The report needs no authentication: its sender has the secret, and could use it as well.
///
/// # Errors
/// [`Fault::TooManyAttempts`] for a network that reports too often.
pub async fn report_leaks(ctx: &Ctx, found: &[Found]) -> Result<Vec<Outcome>, Fault> {
    LEAK_REPORTS.begin(ctx).await?;
    let mut outcomes = Vec::with_capacity(found.len());
    for found in found {
        outcomes.push(end_one(ctx, found).await?);
    }
    Ok(outcomes)
}

/// Lists recent reports of the caller's secrets; for administrators, also those of secrets without a user. Also lists the
/// service access tokens that the owner of a reported token created: they are still valid, and may have leaked as well.
pub async fn list_leaks(ctx: &Ctx, caller: &Caller) -> Result<(Vec<LeakReport>, Vec<Made>), Fault> {
    let (user, sees_all, since) = (caller.user.id, caller.sees_all(), ctx.now.plus_seconds(-LISTED_FOR));
    let reports = ctx.store().read(move |read| read.list_leak_reports(user, sees_all, since, MAX_LISTED));
    let reports = reports.await?;
    let is_token = reports.iter().any(|report| report.grant.is_some());
    Ok((reports, if is_token { made_by(ctx, user).await? } else { Vec::new() }))
}

async fn end_one(ctx: &Ctx, found: &Found) -> Result<Outcome, Fault> {
    if let Ok(hash) = hash_presented(ctx, found.secret.expose()) {
        return end_grant(ctx, hash, found).await;
    }
    if has_generated_form(found.secret.expose()) {
        return end_client_secret(ctx, &SecretHash::new(found.secret.expose()), found).await;
    }
    Ok(Outcome::NotOurs)
}

async fn end_grant(ctx: &Ctx, hash: TokenHash, found: &Found) -> Result<Outcome, Fault> {
    let Some(live) = resolve::find(ctx, hash).await? else { return Ok(Outcome::Inactive) };
    if is_over(&live, ctx.now) {
        return note_expired(ctx, &live, found).await;
    }
    let id = live.grant.id;
    let kind = live.grant.kind.code();
    let name = live.grant.description.clone().or_else(|| live.grant.client.clone()).unwrap_or_default();
    let owner = live.user.as_ref().filter(|user| user.user_type.can_sign_in());
    let notice = owner.map(|owner| mail::notice(ctx, owner, Notice::TokenLeaked(name.clone())));
    let (notice, owner) = (notice.transpose()?.flatten(), owner.map(|user: &User| user.id));
    let report = report(ctx, found, kind, name)?;
    let revoked = ctx.transaction(move |ctx, tx| {
        let revoked = count(end_with_made(ctx, tx, &live.grant, RevocationReason::Leaked)?.len());
        if revoked > 0 {
            tx.insert_leak_report(&LeakReport { revoked, ..report.clone() }, Leaked::Grant(id), owner)?;
            mail::queue(tx, notice.as_ref())?;
            let event = Event::for_grant(AuditEventType::LeakReported, &live.grant);
            event.with("revoked", revoked).with("url", report.url.as_str()).note(ctx, tx)?;
        }
        Ok(revoked)
    });
    Ok(outcome(ctx, kind, id, revoked.await?))
}

/// Reports an expired token to its owner, once: tokens that the owner created with it may still be valid.
async fn note_expired(ctx: &Ctx, live: &Arc<ResolvedGrant>, found: &Found) -> Result<Outcome, Fault> {
    let owner = live.user.as_ref().filter(|user| user.user_type.can_sign_in()).map(|user| user.id);
    let Some(owner) = owner.filter(|_| live.check(ctx.now) == Err(Reason::Expired) && live.is_access_token())
    else {
        return Ok(Outcome::Inactive);
    };
    if made_by(ctx, owner).await?.is_empty() {
        return Ok(Outcome::Inactive);
    }
    let name = live.grant.description.clone().or_else(|| live.grant.client.clone()).unwrap_or_default();
    let report = report(ctx, found, live.grant.kind.code(), name)?;
    let live = Arc::clone(live);
    ctx.transaction(move |ctx, tx| {
        if tx.consume_id(&format!("expired leak {}", live.grant.id), ctx.now.plus_seconds(LISTED_FOR))? {
            tx.insert_leak_report(&report, Leaked::Grant(live.grant.id), Some(owner))?;
            let event = Event::for_grant(AuditEventType::LeakReported, &live.grant);
            event.with("revoked", 0).with("url", report.url.as_str()).note(ctx, tx)?;
        }
        Ok(Outcome::Inactive)
    })
    .await
}

/// Returns whether a grant can never be used again. A consumed refresh token can still be, while its response is repeated.
fn is_over(live: &ResolvedGrant, now: Timestamp) -> bool {
    match live.check(now) {
        Err(Reason::Consumed) => live.grant.kind != GrantKind::RefreshToken,
        Err(Reason::Revoked | Reason::Expired) => true,
        // A grant whose client or user is disabled may become valid again.
        Ok(()) | Err(_) => live.grant.kind == GrantKind::UserConsent,
    }
}

/// Revokes the secret of a client, and the tokens that the client obtained for itself.
async fn end_client_secret(ctx: &Ctx, hash: &SecretHash, found: &Found) -> Result<Outcome, Fault> {
    let hash = hash.to_string();
    let key = Value::Text(hash.clone());
    let application = ctx.store().read(move |read| {
        match read.find_by::<TrustedApplication>(TrustedApplication::ApplicationSecretHash, &key)? {
            Some(current) => Ok(Some((current, TrustedApplication::ApplicationSecretHash))),
            None => read
                .find_by::<TrustedApplication>(TrustedApplication::FormerSecretHash, &key)
                .map(|found| found.map(|former| (former, TrustedApplication::FormerSecretHash))),
        }
    });
    let Some((application, which)) = application.await? else { return Ok(Outcome::Inactive) };
    let is_former = which == TrustedApplication::FormerSecretHash;
    if is_former && application.former_secret_until_utc.is_none_or(|end| end <= ctx.now) {
        return Ok(Outcome::Inactive);
    }
    let id = application.id;
    let report = report(ctx, found, CLIENT_SECRET, application.name.clone())?;
    let ended = ctx.transaction(move |ctx, tx| {
        let change = Change::new::<TrustedApplication>(id, ctx.now)
            .if_equal(which, &Some(hash.clone()))
            .set(which, &None::<String>)
            .set(TrustedApplication::FormerSecretUntilUtc, &None::<Timestamp>);
        if !tx.change(change)? {
            return Ok(0);
        }
        if !is_former {
            tx.remove_client_secret(id)?;
        }
        let mut revoked = 0;
        loop {
            let obtained = tx.list_client_tokens(id, ctx.now, AT_ONCE)?;
            if obtained.is_empty() {
                break;
            }
            for token in obtained {
                revoked += count(end(ctx, tx, token, RevocationReason::Leaked)?.len());
            }
        }
        tx.insert_leak_report(&LeakReport { revoked, ..report.clone() }, Leaked::ClientSecret(id), None)?;
        let event = Event::for_client(AuditEventType::LeakReported, &application);
        event.with("revoked", revoked).with("url", report.url.as_str()).note(ctx, tx)?;
        Ok(revoked + 1)
    });
    Ok(outcome(ctx, CLIENT_SECRET, id, ended.await?))
}

fn outcome(ctx: &Ctx, kind: &str, id: Uuid, ended: i64) -> Outcome {
    if ended == 0 {
        return Outcome::Inactive;
    }
    tracing::warn!(kind, %id, finder = %ctx.address, "a leaked secret was reported, and revoked");
    Outcome::Revoked
}

fn report(ctx: &Ctx, found: &Found, kind: &str, name: String) -> Result<LeakReport, Fault> {
    Ok(LeakReport {
        id: ctx.new_id()?,
        reported_at: ctx.now,
        finder_address: ctx.address.to_string(),
        url: clean(ctx, found.url.as_deref()),
        source: clean(ctx, found.source.as_deref()),
        kind: kind.to_owned(),
        name,
        revoked: 0,
        grant: None,
    })
}

/// Returns a text of a report as one line of limited length, without secrets and control characters.
fn clean(ctx: &Ctx, text: Option<&str>) -> String {
    let line = Line::cleaned(text.unwrap_or_default(), 4 * MAX_TEXT_LENGTH);
    redact_tokens(ctx.authority().prefix(), line.as_str()).chars().take(MAX_TEXT_LENGTH).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
