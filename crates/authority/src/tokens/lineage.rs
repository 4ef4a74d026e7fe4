//! What a token inherits from the token that creates it: its parent, and the limits of scopes, networks and lifetime.

use grant_state::binding::Binding;
use grant_state::resolved::ResolvedGrant;
use input::scopes;
use model::entities::{AccessToken, GrantKind};
use model::{Timestamp, Uuid};
use store::Tx;

use super::issue::NewGrant;
use crate::principal::check_token;
use crate::{AllowedAddresses, Caller, Ctx, Fault, GrantPayload};

/// What tokens that a caller creates inherit.
#[derive(Default)]
pub(crate) struct Lineage {
    /// The grant on which they depend; `None` for a root.
    pub(crate) parent: Option<Uuid>,
    /// Their latest expiry.
    pub(crate) ends: Option<Timestamp>,
    binding: Option<Binding>,
    session: Option<String>,
    /// Their resource servers and details, if the caller's token is limited to some.
    pub(crate) payload: Option<GrantPayload>,
    allowed: AllowedAddresses,
    created_by: Option<Uuid>,
    /// The caller's token, as it was looked up.
    maker: Option<Box<AccessToken>>,
}

impl Lineage {
    /// The lineage of a token that a caller creates. A session creates roots, and so does a token with the scope `tokens`. A
    /// token that another token creates is its child, or a child of its family.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] if the token has an actor, because the new token would not name it.
    pub(crate) async fn for_caller(ctx: &Ctx, caller: &Caller) -> Result<Self, Fault> {
        let root = Self::root(caller)?;
        match caller.token() {
            Some(live) if !caller.may(scopes::TOKENS) => {
                let place = Parent::for_token(ctx, live).await?;
                let session = live.grant.session.clone();
                Ok(Self { parent: Some(place.id), ends: place.ends, session, ..root })
            }
            _ => Ok(root),
        }
    }

    /// The lineage of a root: it has the limits of the caller's token, but neither its parent nor its expiry.
    ///
    /// # Errors
    /// Those of [`for_caller`](Self::for_caller).
    pub(crate) fn root(caller: &Caller) -> Result<Self, Fault> {
        let created_by = Some(caller.user.id);
        let Some(live) = caller.token() else {
            let session = caller.session().map(|session| session.id.to_string());
            return Ok(Self { session, created_by, ..Self::default() });
        };
        if live.payload.act.is_some() {
            return Err(Fault::Forbidden("a token with an actor cannot create tokens".to_owned()));
        }
        let (resources, details) = (live.payload.resources.clone(), live.payload.details.clone());
        let withholds_user = !live.may_identify_user();
        let payload = GrantPayload { resources, details, withholds_user, ..GrantPayload::default() };
        Ok(Self {
            binding: live.binding.clone(),
            payload: (payload != GrantPayload::default()).then_some(payload),
            allowed: live.allowed.clone(),
            created_by,
            maker: Some(Box::new(live.grant.clone())),
            ..Self::default()
        })
    }

    /// Returns the expiry of a token for which `asked` is requested.
    ///
    /// # Errors
    /// [`Fault::BadField`] if that is in the past, or later than the expiry of the caller's token.
    pub(crate) fn end(&self, ctx: &Ctx, asked: Option<Timestamp>) -> Result<Option<Timestamp>, Fault> {
        let bad = |message: String| Err(Fault::BadField { field: "expires", message });
        match (asked, self.ends) {
            (Some(asked), _) if asked <= ctx.now => bad("the time of expiry lies in the past".to_owned()),
            (Some(asked), Some(ends)) if asked > ends => bad(format!(
                "a token that another token makes ends with that one, at {ends}; make it at the page, or with a token \
                 that has the scope 'tokens'"
            )),
            (asked, ends) => Ok(asked.or(ends)),
        }
    }

    /// Sets the parent and the limits of a new token. Its scopes are limited by [`Caller::limit`].
    ///
    /// # Errors
    /// [`Fault::Forbidden`] for networks from which the caller's token cannot be used; those of [`end`](Self::end).
    pub(crate) fn apply<'a>(&self, ctx: &Ctx, new: NewGrant<'a>) -> Result<NewGrant<'a>, Fault> {
        Ok(NewGrant {
            parent: self.parent,
            created_by: self.created_by,
            expires: self.end(ctx, new.expires)?,
            allowed: new.allowed.within(&self.allowed)?,
            payload: new.payload.or_else(|| self.payload.clone()),
            binding: self.binding.clone(),
            session: self.session.clone(),
            ..new
        })
    }

    /// Checks in the transaction that inserts a token that the limits of the caller's token are unchanged: expiry, networks,
    /// scopes, successor. Locks it until the transaction ends, so a concurrent change of it finds the new token. Call this
    /// after the insertion: locks are taken from the top of the tree downwards.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the caller's token has ended; [`Fault::Conflict`] if it was restricted.
    pub(crate) fn check(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let Some(maker) = &self.maker else { return Ok(()) };
        let now = tx.find_shared::<AccessToken>(maker.id)?;
        check_token(ctx, tx, maker, now.as_ref())
    }

    /// Returns whether an existing token is within the limits of this lineage: networks, resource servers, details and key.
    pub(crate) fn covers(&self, token: &AccessToken, payload: &GrantPayload) -> Result<bool, Fault> {
        let allowed = AllowedAddresses::parse(token.allowed_ip_addresses.as_deref().unwrap_or_default())?;
        let reachable = allowed.clone().within(&self.allowed);
        let binding = token.confirmation.as_deref().map(Binding::stored).transpose()?;
        let is_for = |own: &GrantPayload| {
            (&own.resources, &own.details) == (&payload.resources, &payload.details)
                && own.withholds_user <= payload.withholds_user
        };
        Ok(reachable.is_ok_and(|reachable| reachable == allowed)
            && self.payload.as_ref().is_none_or(is_for)
            && (self.binding.is_none() || self.binding == binding))
    }
}

/// The parent of tokens that a token creates.
struct Parent {
    id: Uuid,
    ends: Option<Timestamp>,
}

impl Parent {
    /// For a token of a family (code, device, back-channel request) the parent is the first grant of the family, so that
    /// neither a refresh nor the end of an access token ends the child. Otherwise it is the token itself.
    async fn for_token(ctx: &Ctx, live: &ResolvedGrant) -> Result<Self, Fault> {
        let own = Self { id: live.grant.id, ends: live.grant.expire_timestamp };
        let Some(parent) = live.grant.parent_id.filter(|_| live.grant.kind == GrantKind::ReferenceToken)
        else {
            return Ok(own);
        };
        let parent: Option<AccessToken> = ctx.store().read(move |read| read.find(parent)).await?;
        let Some(parent) = parent else { return Ok(own) };
        match (parent.kind, parent.parent_id) {
            (kind, _) if kind.starts_family() => Ok(Self { id: parent.id, ..own }),
            (GrantKind::RefreshToken, Some(root)) => {
                let payload = GrantPayload::open(ctx.keyring(), parent.id, parent.data.as_deref())?;
                let ends = payload.refresh.map(|refresh| Timestamp::from_seconds(refresh.ends));
                Ok(Self { id: root, ends: ends.or(own.ends) })
            }
            _ => Ok(own),
        }
    }
}

/// Returns whether a grant is the caller's token, or a descendant of that or of its family.
pub(crate) async fn is_below(ctx: &Ctx, caller: &Caller, grant: Uuid) -> Result<bool, Fault> {
    let Some(live) = caller.token() else { return Ok(false) };
    let places = [live.grant.id, Parent::for_token(ctx, live).await?.id];
    Ok(ctx.store().read(move |read| read.is_in_tree(grant, &places)).await?)
}

#[cfg(test)]
mod tests {
    use token::TokenKind;

    use super::*;
    use crate::Scopes;
    use crate::seed::{self, SeedGrant};
    use crate::testing::{People, World};

    /// A token that does not identify its user cannot rotate one that does.
    #[test]
    fn a_token_that_withholds_its_user_covers_no_token_that_tells_it() {
        World::with(|_| ()).run(async |world| {
            let (ctx, people) = (&world.at(0), People::new(world).await);
            let seed = SeedGrant {
                kind: GrantKind::PersonalAccessToken,
                secret: TokenKind::PersonalAccess,
                client: &people.client,
                user: &people.user,
                scopes: Scopes::parse("update").unwrap(),
                description: None,
                expires: None,
                parent: None,
            };
            let token = seed::grant(ctx, seed).unwrap().0;
            let payload = |withholds_user| GrantPayload { withholds_user, ..GrantPayload::default() };
            for (own, others, covers) in
                [(false, false, true), (true, true, true), (false, true, true), (true, false, false)]
            {
                let lineage = Lineage { payload: Some(payload(own)), ..Lineage::default() };
                assert_eq!(lineage.covers(&token, &payload(others)).unwrap(), covers, "{own} {others}");
            }
        });
    }
}
