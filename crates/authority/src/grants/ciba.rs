use token::TokenKind;

use super::device_code::check_decided;
use super::family::Family;
use super::grant_type::{GrantType, Redeemed, TokenRequest};
use crate::{Ctx, Fault, GrantPayload};

/// An application acts for a person whom it asked on a device of their own (OpenID CIBA, section 10.1).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:openid:params:grant-type:ciba",
    description: "An application acts for a person whom it asked on a device of their own, and who approved it there.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let asked = request.presented(&ctx, "auth_req_id", TokenKind::AuthenticationRequest).await?;
    check_decided(&ctx, &asked)?;
    let payload = GrantPayload::open(ctx.keyring(), asked.grant.id, asked.grant.data.as_deref())?;
    // The browser in which somebody approves is not where they sign in: its session says nothing about the other device. And no
    // `auth_req_id` in the ID token: only a token that is pushed has to say what it answers (section 10.3.1).
    let redeemed = Family::new(&ctx, &request, &asked, &payload, None)?.begin(&ctx, None).await?;
    ctx.authority().polls.forget(asked.grant.id);
    Ok(redeemed)
}
