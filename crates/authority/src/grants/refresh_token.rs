use model::entities::RevocationReason;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use store::StoreError;
use token::TokenKind;

use super::family::{Family, Target, Tokens};
use super::{GrantType, Redeemed, TokenRequest, use_up};
use crate::actions::revoke::end;
use crate::audit::note_revoked;
use crate::live::{self, Live};
use crate::{AccessSecret, Contents, Ctx, Fault, Issued, Reason, Scopes, asked_scopes};

/// An application goes on acting for a person who is not there (RFC 6749, section 6).
pub(super) const GRANT: GrantType = GrantType {
    name: "refresh_token",
    description: "An application goes on acting for a person, by a token that works once and gives the next one.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let found = request.presented(&ctx, "refresh_token", TokenKind::Refresh).await?;
    check_binding(&request, &found)?;
    let refreshing = Refreshing::of(&ctx, &request, &found)?;
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

/// Whether the request shows what the token is bound to (RFC 9449, section 5).
fn check_binding(request: &TokenRequest, found: &Live) -> Result<(), Fault> {
    let shown = found.binding.is_none() || found.binding == request.binding;
    if shown { Ok(()) } else { Err(Fault::InvalidGrant(Reason::WrongProof)) }
}

struct Refreshing<'a> {
    ctx: &'a Ctx,
    family: Family<'a>,
    /// What the access token is for: perhaps less than the family may.
    scopes: Scopes,
    id: Uuid,
    /// The token in whose place this one came.
    before: Option<Uuid>,
}

/// What a refresh gave, kept under seal until its refresh token is used: the answer may have been lost.
#[derive(Serialize, Deserialize)]
struct Kept {
    access: KeptToken,
    refresh: KeptToken,
}

#[derive(Serialize, Deserialize)]
struct KeptToken {
    id: Uuid,
    secret: String,
}

impl<'a> Refreshing<'a> {
    fn of(ctx: &'a Ctx, request: &'a TokenRequest, found: &'a Live) -> Result<Self, Fault> {
        let grant = &found.grant;
        let contents = Contents::open(ctx, grant.id, grant.data.as_deref())?;
        let agreed = Target::of(&contents);
        let known = contents.refresh.ok_or(Fault::InvalidGrant(Reason::WrongKind))?;
        let all = found.scopes.clone();
        Ok(Self {
            ctx,
            scopes: asked_scopes::granted(ctx, &all, &request.params)?,
            family: Family {
                application: &request.application,
                user: found.user.as_ref().ok_or(Fault::InvalidGrant(Reason::UserInactive))?,
                root: grant.parent_id.ok_or(Fault::InvalidGrant(Reason::WrongKind))?,
                scopes: all,
                session: grant.session.clone(),
                authorized: found.authorized(),
                sign_in: contents.sign_in,
                asked: agreed.narrowed(ctx, request)?,
                agreed,
                ends: Timestamp::from_seconds(known.ends),
                before: Some(grant.id),
                idle: known.idle,
                description: grant.description.clone(),
                binding: request.binding.clone(),
            },
            id: grant.id,
            before: known.before,
        })
    }

    /// Uses the token up for a new one: one row changes and two are added, however old the family is.
    async fn rotate(&self) -> Result<Redeemed, Fault> {
        let ctx = self.ctx;
        let tokens = self.family.prepare(ctx, self.scopes.clone())?;
        let keep = self.keep(&tokens)?;
        let (root, id, before, insert) = (self.family.root, self.id, self.before, tokens.rows());
        ctx.transaction(move |ctx, tx| {
            tx.hold(root)?;
            use_up(ctx, tx, id)?;
            insert(ctx, tx)?;
            keep.write(tx)?;
            // This token has arrived: whatever it came as an answer to need not be answered again.
            before.map_or(Ok(()), |before| Ok(tx.remove_refresh_answer(before)?))
        })
        .await?;
        self.finish(tokens)
    }

    /// Another access token, where the application is set to keep its refresh token.
    async fn renew(&self) -> Result<Redeemed, Fault> {
        let tokens =
            Tokens { access: self.family.access(self.ctx, self.scopes.clone(), self.id)?, refresh: None };
        let insert = tokens.rows();
        self.ctx.transaction(move |ctx, tx| insert(ctx, tx)).await?;
        self.finish(tokens)
    }

    fn finish(&self, tokens: Tokens) -> Result<Redeemed, Fault> {
        let id_token = self.family.id_token(self.ctx, tokens.access.expose(), None)?;
        Ok(Redeemed { details: self.family.asked.details.clone(), ..tokens.redeemed(id_token) })
    }

    fn keep(&self, tokens: &Tokens) -> Result<Keep, Fault> {
        let refresh = tokens.refresh.as_ref().ok_or(Fault::InvalidGrant(Reason::WrongKind))?;
        let kept = |prepared: &crate::issue::Prepared| KeptToken {
            id: prepared.grant.id,
            secret: prepared.expose().to_owned(),
        };
        let kept = Kept { access: kept(&tokens.access), refresh: kept(refresh) };
        Keep::seal(self.ctx, self.id, &kept, refresh.grant.expire_timestamp.unwrap_or(self.family.ends))
    }

    /// Answers a token that was used up: as before while the answer may have been lost. Once its successor was used,
    /// two parties hold it, one of whom stole it (RFC 9700, section 4.14.2).
    async fn repeat(&self) -> Result<Redeemed, Fault> {
        let id = self.id;
        let sealed = self.ctx.store().read(move |read| read.find_refresh_answer(id)).await?;
        let Some(sealed) = sealed else { return Err(self.reused().await?) };
        let plain = self.ctx.authority().keyring.open(&sealed, &place(id))?;
        let kept: Kept = serde_json::from_slice(&plain)?;
        let (access, refresh) = (kept.access.id, kept.refresh.id);
        let found = self.ctx.store().read(move |read| {
            Ok::<_, StoreError>((read.find_grant_by_id(access)?, read.find_grant_by_id(refresh)?))
        });
        let (access, refresh) = found.await?;
        live::check_parties(self.ctx, refresh)?;
        match live::check_parties(self.ctx, access) {
            Ok(access) if self.is_what_is_asked(&access) => self.again(access, kept),
            Ok(_) | Err(Fault::InvalidGrant(_)) => self.anew(kept).await,
            Err(fault) => Err(fault),
        }
    }

    /// Whether an access token that was given before is what is asked for now: with these scopes, for these services, bound to this.
    fn is_what_is_asked(&self, given: &Live) -> bool {
        let Target { resources, details } = &self.family.asked;
        let (application, user) = (&self.family.application.application, self.family.user);
        let catalogue = self.ctx.catalogue();
        let scopes = catalogue.effective(&self.scopes, Some(application), Some(user));
        given.scopes == catalogue.at_services(&scopes, resources)
            && (&given.contents.resources, &given.contents.details) == (resources, details)
            && given.binding == self.family.binding
    }

    fn again(&self, given: Live, kept: Kept) -> Result<Redeemed, Fault> {
        let id_token = self.family.id_token(self.ctx, &kept.access.secret, None)?;
        Ok(Redeemed {
            issued_token_type: None,
            details: given.contents.details,
            access: Issued {
                grant: given.grant,
                secret: self.secret(kept.access.secret)?,
                scopes: given.scopes,
                binding: given.binding,
            },
            refresh_token: Some(self.secret(kept.refresh.secret)?),
            id_token,
        })
    }

    /// The same refresh token with another access token, where the one before has come to its end or is not what is asked for.
    async fn anew(&self, kept: Kept) -> Result<Redeemed, Fault> {
        let tokens = Tokens {
            access: self.family.access(self.ctx, self.scopes.clone(), kept.refresh.id)?,
            refresh: None,
        };
        let insert = tokens.rows();
        self.ctx.transaction(move |ctx, tx| insert(ctx, tx)).await?;
        Ok(Redeemed { refresh_token: Some(self.secret(kept.refresh.secret)?), ..self.finish(tokens)? })
    }

    fn secret(&self, text: String) -> Result<AccessSecret, Fault> {
        AccessSecret::kept(self.ctx, text)
    }

    async fn reused(&self) -> Result<Fault, Fault> {
        let root = self.family.root;
        let ended = self.ctx.transaction(move |ctx, tx| {
            let ended = end(ctx, tx, root, RevocationReason::Reused)?;
            note_revoked(ctx, tx, None, root, &ended)?;
            Ok::<_, Fault>(ended)
        });
        let ended = ended.await?;
        tracing::warn!(token = %self.id, family = %root, revoked = ended.len(), "a refresh token was reused");
        Ok(Fault::InvalidGrant(Reason::Reused))
    }
}

/// A sealed answer that is about to be kept.
struct Keep {
    id: Uuid,
    sealed: String,
    until: Timestamp,
}

impl Keep {
    fn seal(ctx: &Ctx, id: Uuid, kept: &Kept, until: Timestamp) -> Result<Self, Fault> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(kept)?);
        Ok(Self { id, sealed: ctx.authority().keyring.seal(&plain, &place(id), ctx.random())?, until })
    }

    fn write(&self, tx: &mut store::Tx<'_>) -> Result<(), Fault> {
        Ok(tx.keep_refresh_answer(self.id, &self.sealed, self.until)?)
    }
}

pub(crate) fn place(id: Uuid) -> Vec<u8> {
    format!("grantor_refresh_answers/{id}").into_bytes()
}
