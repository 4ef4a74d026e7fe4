use grant_state::payload::CodePayload;
use grant_state::resolved::ResolvedGrant;
use model::entities::RevocationReason;
use token::TokenKind;
use token::pkce::CodeChallenge;

use super::family::Family;
use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::registry::audit::{Actor, note_revoked};
use authority::tokens::revoke::end;
use authority::{Binding, Ctx, Fault, GrantPayload, Reason};

/// A client signs a user in with the browser and exchanges the code that it receives (RFC 6749, section 4.1).
pub(super) const GRANT: GrantType = GrantType {
    name: "authorization_code",
    description: "An application acts for a person who signed in in a browser and agreed to it.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let found = request.presented(&ctx, "code", TokenKind::AuthorizationCode).await?;
    match found.check(ctx.now) {
        Err(Reason::Consumed) => return Err(used_twice(&ctx, &request, &found).await?),
        valid => valid.map_err(Fault::InvalidGrant)?,
    }
    match exchange(&ctx, &request, &found).await {
        Err(Fault::InvalidGrant(Reason::Consumed)) => Err(used_twice(&ctx, &request, &found).await?),
        exchanged => exchanged,
    }
}

/// RFC 6749, section 4.1.2: a second use of a code revokes the tokens of the first one.
async fn used_twice(ctx: &Ctx, request: &TokenRequest, code: &ResolvedGrant) -> Result<Fault, Fault> {
    let (id, by) = (code.grant.id, Actor::application(request.application.id));
    let revoked = ctx.transaction(move |ctx, tx| {
        let revoked = end(ctx, tx, id, RevocationReason::Reused)?;
        note_revoked(ctx, tx, by, id, &revoked)?;
        Ok::<_, Fault>(revoked)
    });
    let revoked = revoked.await?;
    tracing::warn!(code = %id, revoked = revoked.len(), "an authorization code was presented a second time");
    Ok(Fault::InvalidGrant(Reason::Reused))
}

async fn exchange(ctx: &Ctx, request: &TokenRequest, code: &ResolvedGrant) -> Result<Redeemed, Fault> {
    let payload = GrantPayload::open(ctx.keyring(), code.grant.id, code.grant.data.as_deref())?;
    let bound = payload.code.as_ref().ok_or(Fault::InvalidGrant(Reason::WrongKind))?;
    check_proof(bound, request)?;
    let family = Family::new(ctx, request, code, &payload, code.grant.session.clone())?;
    family.begin(ctx, bound.nonce.as_deref()).await
}

/// Checks that the code was sent to this redirect URI, and that this client requested it.
fn check_proof(bound: &CodePayload, request: &TokenRequest) -> Result<(), Fault> {
    let params = &request.params;
    let same_address = params.get("redirect_uri").is_none_or(|uri| uri == bound.redirect_uri);
    // RFC 9449, section 10: the key that the authorization request named.
    let same_key = bound.key.as_ref().is_none_or(|key| request.binding == Some(Binding::Key(key.clone())));
    let proven = match (&bound.code_challenge, params.get("code_verifier")) {
        (Some(challenge), Some(verifier)) => {
            CodeChallenge::parse(challenge).is_ok_and(|challenge| challenge.verify(verifier))
        }
        // Without PKCE, the redirect URI binds the code (RFC 6749, section 4.1.3).
        (None, None) => params.get("redirect_uri").is_some(),
        // RFC 9700, section 2.1.1: a verifier without a challenge is refused, as is a challenge without a verifier.
        _ => false,
    };
    if same_address && same_key && proven { Ok(()) } else { Err(Fault::InvalidGrant(Reason::WrongProof)) }
}
