use grant_state::resolved::ResolvedGrant;
use token::TokenKind;

use super::family::Family;
use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::{Ctx, Fault, GrantPayload, Reason};

/// A device or command-line tool acts for the user who approved it (RFC 8628, section 3.4).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:ietf:params:oauth:grant-type:device_code",
    description: "A device or command-line tool acts for the person who approved it in a browser.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let code = request.presented(&ctx, "device_code", TokenKind::DeviceCode).await?;
    check_decided(&ctx, &code)?;
    let payload = GrantPayload::open(ctx.keyring(), code.grant.id, code.grant.data.as_deref())?;
    // The tokens do not depend on the session of the browser in which the user approved, as with back-channel requests.
    let family = Family {
        idle: Some(ctx.settings().lifetimes.device_token_lifetime),
        ..Family::new(&ctx, &request, &code, &payload, None)?
    };
    let redeemed = family.begin(&ctx, payload.nonce.as_deref()).await?;
    ctx.authority().polls().forget(code.grant.id);
    Ok(redeemed)
}

/// Checks the state of a request, which may be pending, denied, used or expired.
pub(super) fn check_decided(ctx: &Ctx, found: &ResolvedGrant) -> Result<(), Fault> {
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
    let in_time = ctx.authority().polls().note(grant.id, ctx.now, ctx.settings().device_interval);
    Err(if in_time { Fault::AuthorizationPending } else { Fault::SlowDown })
}
