mod answer;

use grant_state::resolved::ResolvedGrant;
use model::entities::{AccessToken, RevocationReason};
use model::{Timestamp, Uuid};
use store::Tx;
use token::{PlainToken, TokenKind};

use self::answer::Keep;
use super::consume::consume;
use super::family::{Family, Target, Tokens};
use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::catalogue::requested;
use authority::registry::audit::{Actor, note_revoked};
use authority::tokens::revoke::end;
use authority::{Ctx, Fault, GrantPayload, Reason, Scopes};

/// A client acts for a user who is absent (RFC 6749, section 6).
pub(super) const GRANT: GrantType = GrantType {
    name: "refresh_token",
    description: "An application goes on acting for a person, by a token that works once and gives the next one.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let found = match request.presented(&ctx, "refresh_token", TokenKind::Refresh).await {
        Err(Fault::InvalidGrant(Reason::Unknown)) => return Err(removed(&ctx, &request).await?),
        found => found?,
    };
    check_binding(&request, &found)?;
    let refreshing = Refreshing::new(&ctx, &request, &found)?;
    match found.check(ctx.now) {
        Ok(()) if !request.application.metadata.refresh_token_rotation => refreshing.renew().await,
        Ok(()) => match refreshing.rotate().await {
            Err(Fault::InvalidGrant(Reason::Consumed)) => refreshing.repeat().await,
            rotated => rotated,
        },
        Err(Reason::Consumed) => refreshing.repeat().await,
        Err(reason) => Err(Fault::InvalidGrant(reason)),
    }
}

/// Checks that the request proves the key or certificate of the token (RFC 9449, section 5).
fn check_binding(request: &TokenRequest, found: &ResolvedGrant) -> Result<(), Fault> {
    let shown = found.binding.is_none() || found.binding == request.binding;
    if shown { Ok(()) } else { Err(Fault::InvalidGrant(Reason::WrongProof)) }
}

/// Handles a token without a row: it may have been consumed and removed, while its family is still valid.
async fn removed(ctx: &Ctx, request: &TokenRequest) -> Result<Fault, Fault> {
    let presented = PlainToken::parse(ctx.authority().prefix(), request.params.required("refresh_token")?);
    let key = presented.map_err(|_| Fault::InvalidGrant(Reason::Malformed))?.hash().to_string();
    let root = ctx.store().read(move |read| match read.find_used_refresh_token(&key)? {
        Some(family) => read.find::<AccessToken>(family),
        None => Ok(None),
    });
    let root = root.await?.filter(|root| root.trusted_application_id == Some(request.application.id));
    match root {
        Some(root) => reused(ctx, request.application.id, root.id).await,
        None => Ok(Fault::InvalidGrant(Reason::Unknown)),
    }
}

/// Ends the family of a refresh token that was reused (RFC 9700, section 4.14.2).
async fn reused(ctx: &Ctx, application: Uuid, root: Uuid) -> Result<Fault, Fault> {
    ctx.transaction(move |ctx, tx| end_reused(ctx, tx, application, root)).await?;
    Ok(Fault::InvalidGrant(Reason::Reused))
}

fn end_reused(ctx: &Ctx, tx: &mut Tx<'_>, application: Uuid, root: Uuid) -> Result<(), Fault> {
    let ended = end(ctx, tx, root, RevocationReason::Reused)?;
    note_revoked(ctx, tx, Actor::application(application), root, &ended)?;
    tracing::warn!(family = %root, revoked = ended.len(), "a refresh token was reused");
    Ok(())
}

struct Refreshing<'a> {
    ctx: &'a Ctx,
    family: Family<'a>,
    /// The target of the access token, within that of the family.
    scopes: Scopes,
    /// The presented refresh token.
    grant: &'a AccessToken,
    /// The token that it replaced.
    before: Option<Uuid>,
}

impl<'a> Refreshing<'a> {
    fn new(ctx: &'a Ctx, request: &'a TokenRequest, found: &'a ResolvedGrant) -> Result<Self, Fault> {
        let grant = &found.grant;
        let payload = GrantPayload::open(ctx.keyring(), grant.id, grant.data.as_deref())?;
        let agreed = Target::from_payload(&payload);
        let known = payload.refresh.ok_or(Fault::InvalidGrant(Reason::WrongKind))?;
        let all = found.scopes.clone();
        Ok(Self {
            ctx,
            scopes: requested::narrowed(ctx, &all, &request.params)?,
            family: Family {
                application: &request.application,
                user: found.user.as_ref().ok_or(Fault::InvalidGrant(Reason::UserInactive))?,
                root: grant.parent_id.ok_or(Fault::InvalidGrant(Reason::WrongKind))?,
                scopes: all,
                session: grant.session.clone(),
                authorized: found.authorized(),
                sign_in: payload.sign_in,
                asked: agreed.narrowed(ctx, request)?,
                agreed,
                ends: Timestamp::from_seconds(known.ends),
                before: Some(grant.id),
                idle: known.idle,
                description: grant.description.clone(),
                binding: request.binding.clone(),
            },
            grant,
            before: known.before,
        })
    }

    /// Consumes the token and issues a new one: one row changes and two are inserted, regardless of the age of the family.
    async fn rotate(&self) -> Result<Redeemed, Fault> {
        let ctx = self.ctx;
        let tokens = self.family.prepare(ctx, self.scopes.clone())?;
        let keep = Keep::new(ctx, self.grant.id, &tokens)?;
        let (root, id, before, insert) = (self.family.root, self.grant.id, self.before, tokens.rows());
        ctx.transaction(move |ctx, tx| {
            tx.lock_for_share(root)?;
            consume(ctx, tx, id)?;
            insert(ctx, tx)?;
            keep.iter().try_for_each(|keep| keep.write(tx))?;
            // The client has received this token, so the response that contained it need not be repeated.
            before.map_or(Ok(()), |before| Ok(tx.remove_refresh_answer(before)?))
        })
        .await?;
        self.finish(tokens)
    }

    /// Issues an access token only, if the client is configured to keep its refresh token.
    async fn renew(&self) -> Result<Redeemed, Fault> {
        let tokens = Tokens {
            access: self.family.access(self.ctx, self.scopes.clone(), self.grant.id)?,
            refresh: None,
        };
        let insert = tokens.rows();
        self.ctx.transaction(move |ctx, tx| insert(ctx, tx)).await?;
        self.finish(tokens)
    }

    fn finish(&self, tokens: Tokens) -> Result<Redeemed, Fault> {
        let id_token = self.family.id_token(self.ctx, tokens.access.expose(), None)?;
        Ok(Redeemed { details: self.family.asked.details.clone(), ..tokens.redeemed(id_token) })
    }
}
