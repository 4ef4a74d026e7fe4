use token::TokenKind;

use super::device_code::check_decided;
use super::family::Family;
use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::{Ctx, Fault, GrantPayload};

/// A client acts for a user who approved a back-channel request (OpenID CIBA, section 10.1).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:openid:params:grant-type:ciba",
    description: "An application acts for a person whom it asked on a device of their own, and who approved it there.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let asked = request.presented(&ctx, "auth_req_id", TokenKind::AuthenticationRequest).await?;
    check_decided(&ctx, &asked)?;
    let payload = GrantPayload::open(ctx.keyring(), asked.grant.id, asked.grant.data.as_deref())?;
    // The user approves in a browser and signs in on another device, so the tokens do not depend on the session of the
    // browser. The ID token has no `auth_req_id`: only a pushed token needs it (section 10.3.1).
    let redeemed = Family::new(&ctx, &request, &asked, &payload, None)?.begin(&ctx, None).await?;
    ctx.authority().polls().forget(asked.grant.id);
    Ok(redeemed)
}
