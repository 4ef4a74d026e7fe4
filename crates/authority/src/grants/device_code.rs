use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::entities::GrantKind;
use model::{Timestamp, Uuid};
use token::TokenKind;

use super::{GrantType, Redeemed, TokenRequest, access_token, use_up};
use crate::audit::{Actor, note_issued};
use crate::issue::NewGrant;
use crate::live::{Live, check_user};
use crate::subject::subject;
use crate::{AllowedAddresses, Contents, Ctx, Fault, Issued, Reason, audience};

/// A device or command-line tool acts for the person who approved it (RFC 8628, section 3.4).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:ietf:params:oauth:grant-type:device_code",
    description: "A device or command-line tool acts for the person who approved it in a browser.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let found = request.presented(&ctx, "device_code", TokenKind::DeviceCode).await?;
    check_decided(&ctx, &found)?;
    exchange(&ctx, &request, &found).await.map(Redeemed::from)
}

/// Where a request stands: nothing more can be asked of one that was denied, used or has expired.
pub(super) fn check_decided(ctx: &Ctx, found: &Live) -> Result<(), Fault> {
    let grant = &found.grant;
    match found.check(ctx.now) {
        Err(Reason::Revoked) => return Err(Fault::AccessDenied),
        Err(Reason::Expired) => return Err(Fault::ExpiredToken),
        Err(reason) => return Err(Fault::InvalidGrant(reason)),
        Ok(()) => {}
    }
    if grant.authorized_timestamp.is_some() {
        return Ok(());
    }
    let in_time = ctx.authority().polls.note(grant.id, ctx.now, ctx.settings().device_interval);
    Err(if in_time { Fault::AuthorizationPending } else { Fault::SlowDown })
}

async fn exchange(ctx: &Ctx, request: &TokenRequest, code: &Live) -> Result<Issued, Fault> {
    let user = code.user.as_ref().ok_or(Fault::InvalidGrant(Reason::UserInactive))?;
    check_user(user).map_err(Fault::InvalidGrant)?;
    let resources = audience::asked(ctx, &request.application, &request.params)?;
    let sign_in = Contents::open(ctx, code.grant.id, code.grant.data.as_deref())?.sign_in;
    let prepared = access_token::prepare(
        ctx,
        &request.application,
        NewGrant {
            user: Some(user),
            contents: Some(Contents { resources, sign_in, ..Contents::default() }),
            description: code.grant.description.clone(),
            expires: Some(ctx.now.plus_seconds(ctx.settings().device_token_lifetime)),
            allowed: AllowedAddresses::default(),
            parent: Some(code.grant.id),
            binding: request.binding.clone(),
            session: code.grant.session.clone(),
            authorized: code.authorized(),
            ..NewGrant::of(GrantKind::ReferenceToken, &request.application, code.scopes.clone())
        },
        &subject(ctx, &request.application, user.id),
    )?;
    let id = code.grant.id;
    let ((grant, granted), by) = (prepared.rows(), Actor::application(request.application.id));
    ctx.transaction(move |ctx, tx| {
        use_up(ctx, tx, id)?;
        tx.insert_grant(&grant, &granted)?;
        note_issued(ctx, tx, by, &grant)
    })
    .await?;
    ctx.authority().polls.forget(id);
    Ok(prepared.issued())
}

/// When devices last asked, and how long they have to wait.
pub(crate) struct DevicePolls(Mutex<HashMap<Uuid, Poll>>);

struct Poll {
    last: Timestamp,
    interval: i64,
}

/// How much longer a device has to wait after each question that came too early (RFC 8628, section 3.5).
const SLOW_DOWN: i64 = 5;
/// Longer than any code lives, in seconds.
const REMEMBERED: i64 = 3600;

impl DevicePolls {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Notes a question. Gives whether it came late enough after the one before.
    fn note(&self, id: Uuid, now: Timestamp, interval: i64) -> bool {
        let mut polls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(poll) = polls.get_mut(&id) else {
            polls.insert(id, Poll { last: now, interval });
            return true;
        };
        // Clocks and networks are not exact: half a second early is in time.
        let waited = now.millis() - poll.last.millis();
        let in_time = waited + 500 >= poll.interval * 1000;
        poll.last = now;
        if !in_time {
            poll.interval += SLOW_DOWN;
        }
        in_time
    }

    pub(super) fn forget(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Forgets what no code needs any more.
    pub(crate) fn forget_before(&self, now: Timestamp) {
        let oldest = now.plus_seconds(-REMEMBERED);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, poll| poll.last > oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_asks_too_often_waits_longer() {
        let polls = DevicePolls::new();
        let ask = |seconds| polls.note(Uuid::nil(), Timestamp::from_seconds(seconds), 5);
        assert!(ask(0));
        assert!(ask(5));
        assert!(!ask(6), "too early: the interval is ten seconds from now on");
        assert!(!ask(14));
        assert!(ask(29), "fifteen by now");
        polls.forget_before(Timestamp::from_seconds(29 + REMEMBERED));
        assert!(ask(30), "forgotten");
    }
}
