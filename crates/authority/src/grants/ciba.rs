use model::entities::AccessToken;
use store::Change;
use token::TokenKind;

use super::device_code::check_decided;
use super::family::{Family, Target};
use super::{GrantType, Redeemed, TokenRequest};
use crate::live::Live;
use crate::{Contents, Ctx, Fault, Reason, Scopes};

/// An application acts for a person whom it asked on a device of their own (OpenID CIBA, section 10.1).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:openid:params:grant-type:ciba",
    description: "An application acts for a person whom it asked on a device of their own, and who approved it there.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let found = request.presented(&ctx, "auth_req_id", TokenKind::AuthenticationRequest).await?;
    check_decided(&ctx, &found)?;
    exchange(&ctx, &request, &found).await
}

async fn exchange(ctx: &Ctx, request: &TokenRequest, asked: &Live) -> Result<Redeemed, Fault> {
    let contents = Contents::open(ctx, asked.grant.id, asked.grant.data.as_deref())?;
    let agreed = Target::of(&contents);
    let scopes = Scopes::stored(asked.grant.scopes.as_deref());
    let family = Family {
        application: &request.application,
        user: asked.user.as_ref().ok_or(Fault::InvalidGrant(Reason::UserInactive))?,
        root: asked.grant.id,
        scopes: scopes.clone(),
        // The browser in which somebody approves is not where they sign in: its session says nothing about the other device.
        session: None,
        authorized: asked.authorized(),
        sign_in: contents.sign_in,
        asked: agreed.narrowed(ctx, request)?,
        agreed,
        ends: Family::end(ctx, &request.application),
        before: None,
        binding: request.binding.clone(),
    };
    let tokens = family.prepare(ctx, scopes)?;
    // No `auth_req_id` in the ID token: only a token that is pushed has to say what it answers (section 10.3.1).
    let id_token = family.id_token(ctx, tokens.access.expose(), None)?;
    let (id, insert) = (asked.grant.id, tokens.rows());
    ctx.transaction(move |ctx, tx| {
        // Section 11: it is exchanged once; of several who try, one succeeds.
        let consume = Change::of::<AccessToken>(id, ctx.now)
            .set(AccessToken::ConsumedTimestamp, &Some(ctx.now))
            .if_null(AccessToken::ConsumedTimestamp)
            .if_null(AccessToken::RevokedTimestamp)
            .if_set(AccessToken::AuthorizedTimestamp)
            .if_after(AccessToken::ExpireTimestamp, ctx.now);
        if tx.change(consume)? { insert(ctx, tx) } else { Err(Fault::InvalidGrant(Reason::Consumed)) }
    })
    .await?;
    ctx.authority().polls.forget(id);
    Ok(Redeemed { details: family.asked.details, ..tokens.redeemed(id_token) })
}
