use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::{Timestamp, Uuid};
use token::TokenKind;

use super::family::Family;
use super::{GrantType, Redeemed, TokenRequest};
use crate::live::Live;
use crate::{Contents, Ctx, Fault, Reason};

/// A device or command-line tool acts for the person who approved it (RFC 8628, section 3.4).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:ietf:params:oauth:grant-type:device_code",
    description: "A device or command-line tool acts for the person who approved it in a browser.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let code = request.presented(&ctx, "device_code", TokenKind::DeviceCode).await?;
    check_decided(&ctx, &code)?;
    let contents = Contents::open(&ctx, code.grant.id, code.grant.data.as_deref())?;
    // The session of the browser in which somebody approves says nothing about the device, as with requests by the back channel.
    let family = Family {
        idle: Some(ctx.settings().device_token_lifetime),
        ..Family::of(&ctx, &request, &code, &contents, None)?
    };
    let redeemed = family.begin(&ctx, contents.nonce.as_deref()).await?;
    ctx.authority().polls.forget(code.grant.id);
    Ok(redeemed)
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
