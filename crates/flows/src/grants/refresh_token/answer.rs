//! The response to a refresh, which is repeated if it may have been lost: for a short time, a few times, and until one of its
//! tokens is used.

use grant_state::resolved::ResolvedGrant;
use model::entities::AuditEventType;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

use super::{Refreshing, end_reused, reused};
use crate::grants::family::{Target, Tokens};
use crate::grants::grant_type::Redeemed;
use authority::registry::audit::{Actor, Event};
use authority::registry::places;
use authority::tokens::issue::Prepared;
use authority::tokens::resolve;
use authority::{AccessSecret, Ctx, Fault, Issued, Reason};

/// Maximum number of repetitions.
const MAX_REPEATS: i64 = 3;

/// The tokens of a response.
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

impl KeptToken {
    fn from_prepared(prepared: &Prepared) -> Self {
        Self { id: prepared.grant.id, secret: prepared.expose().to_owned() }
    }
}

/// A sealed response, not yet written.
pub(super) struct Keep {
    id: Uuid,
    sealed: String,
    until: Timestamp,
}

impl Keep {
    /// Seals the response to the refresh token `id`. Returns `None` if responses are never repeated.
    pub(super) fn new(ctx: &Ctx, id: Uuid, tokens: &Tokens) -> Result<Option<Self>, Fault> {
        let seconds = ctx.settings().lifetimes.refresh_repeat_seconds;
        if seconds == 0 {
            return Ok(None);
        }
        let refresh = tokens.refresh.as_ref().ok_or(Fault::InvalidGrant(Reason::WrongKind))?;
        let kept = Kept {
            access: KeptToken::from_prepared(&tokens.access),
            refresh: KeptToken::from_prepared(refresh),
        };
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&kept)?);
        let sealed = ctx.keyring().seal(&plain, &places::refresh_answer(id), ctx.random())?;
        Ok(Some(Self { id, sealed, until: ctx.now.plus_seconds(seconds) }))
    }

    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        Ok(tx.keep_refresh_answer(self.id, &self.sealed, self.until)?)
    }
}

impl Refreshing<'_> {
    /// Responds to a consumed token. If a token of its response was used, or the time or the number of repetitions is exceeded,
    /// two parties have the token, one of which stole it (RFC 9700, section 4.14.2): the family ends.
    pub(super) async fn repeat(&self) -> Result<Redeemed, Fault> {
        let (ctx, id) = (self.ctx, self.grant.id);
        let sealed = ctx.store().read(move |read| read.find_refresh_answer(id)).await?;
        let Some(sealed) = sealed else {
            return Err(reused(ctx, self.family.application.id, self.family.root).await?);
        };
        let plain = ctx.keyring().open(&sealed, &places::refresh_answer(id))?;
        let kept: Kept = serde_json::from_slice(&plain)?;
        let (access, refresh) = (kept.access.id, kept.refresh.id);
        let found = ctx.store().read(move |read| {
            Ok::<_, StoreError>((read.find_grant_by_id(access)?, read.find_grant_by_id(refresh)?))
        });
        let (access, refresh) = found.await?;
        resolve::check_parties(ctx, refresh)?;
        match resolve::check_parties(ctx, access) {
            Ok(access) if self.is_what_is_asked(&access) => {
                self.count(kept.refresh.id, |_, _| Ok(())).await?;
                self.again(access, kept)
            }
            Ok(_) | Err(Fault::InvalidGrant(_)) => self.with_new_access(kept).await,
            Err(fault) => Err(fault),
        }
    }

    /// Counts a repetition, in the transaction that inserts its new tokens.
    ///
    /// # Errors
    /// [`Fault::InvalidGrant`] if the response is not repeated any more, because the family has ended.
    async fn count(
        &self,
        successor: Uuid,
        insert: impl Fn(&Ctx, &mut Tx<'_>) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        let (ctx, token, root) = (self.ctx, self.grant.clone(), self.family.root);
        let application = self.family.application.id;
        let given = ctx.store().read(move |read| read.list_seen(successor)).await?;
        // Uses that this program has not written yet, and uses that any program has written.
        let is_noted = given.iter().any(|(id, _)| ctx.authority().last_uses().is_noted(*id));
        let is_repeated = ctx.transaction(move |ctx, tx| {
            let repeat = tx.repeat_refresh_answer(token.id, ctx.now, MAX_REPEATS)?;
            let is_seen = is_noted || tx.list_seen(successor)?.into_iter().any(|(_, seen)| seen);
            let Some(repeat) = repeat.filter(|_| !is_seen) else {
                end_reused(ctx, tx, application, root)?;
                return Ok(false);
            };
            insert(ctx, tx)?;
            let event = Event::for_grant(AuditEventType::RefreshRepeated, &token);
            event.by(Actor::application(application)).with("repeat", repeat).note(ctx, tx)?;
            Ok(true)
        });
        if is_repeated.await? { Ok(()) } else { Err(Fault::InvalidGrant(Reason::Reused)) }
    }

    /// Returns whether the former access token has the requested scopes, resource servers and binding.
    fn is_what_is_asked(&self, given: &ResolvedGrant) -> bool {
        let Target { resources, details } = &self.family.asked;
        let (application, user) = (&self.family.application.application, self.family.user);
        let catalogue = self.ctx.catalogue();
        let scopes = catalogue.effective(&self.scopes, Some(application), Some(user));
        given.scopes == catalogue.accepted_by(&scopes, resources)
            && (&given.payload.resources, &given.payload.details) == (resources, details)
            && given.binding == self.family.binding
    }

    fn again(&self, given: ResolvedGrant, kept: Kept) -> Result<Redeemed, Fault> {
        let id_token = self.family.id_token(self.ctx, &kept.access.secret, None)?;
        Ok(Redeemed {
            issued_token_type: None,
            details: given.payload.details,
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

    /// Repeats the refresh token with a new access token, if the former one has ended or does not match the request.
    async fn with_new_access(&self, kept: Kept) -> Result<Redeemed, Fault> {
        let tokens = Tokens {
            access: self.family.access(self.ctx, self.scopes.clone(), kept.refresh.id)?,
            refresh: None,
        };
        self.count(kept.refresh.id, tokens.rows()).await?;
        Ok(Redeemed { refresh_token: Some(self.secret(kept.refresh.secret)?), ..self.finish(tokens)? })
    }

    fn secret(&self, text: String) -> Result<AccessSecret, Fault> {
        AccessSecret::kept(self.ctx, text)
    }
}
