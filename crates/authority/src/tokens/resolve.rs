//! The one lookup that decides whether a grant is valid.
//!
//! Nobody else asks whether a grant was revoked, has expired, or belongs to somebody who left. Where this
//! program alone writes to the registry, grants that were looked up stay in memory until a transaction touches
//! them; a transaction is acknowledged only after they were forgotten, so what was revoked is refused at once.

use std::sync::Arc;

use store::GrantParties;
use token::{PlainToken, TokenHash};

use super::resolved::ResolvedGrant;
use crate::{Ctx, Fault, Reason, catalogue};

/// The hash of a secret that somebody presented; a string that cannot be one of ours is refused without a lookup.
pub fn hash_presented(ctx: &Ctx, presented: &str) -> Result<TokenHash, Reason> {
    let is_jwt = presented.starts_with("eyJ") && presented.len() <= token::jose::MAX_TOKEN_LENGTH;
    if is_jwt {
        // A signed token is looked up like every other: only the very string that was issued has this hash.
        return Ok(TokenHash::new(presented));
    }
    let opaque = PlainToken::parse(&ctx.authority().prefix, presented).map_err(|_| Reason::Malformed)?;
    Ok(opaque.hash())
}

/// Finds a grant by its secret, valid or not; surfaces that may say why use this one.
pub(crate) async fn find(ctx: &Ctx, hash: TokenHash) -> Result<Option<Arc<ResolvedGrant>>, Fault> {
    let live = &ctx.authority().grant_cache;
    if let Some(found) = live.get(&hash) {
        return Ok(Some(found));
    }
    let epoch = live.epoch();
    let key = hash.to_string();
    let found = ctx.store().read(move |read| read.find_grant(&key)).await?;
    let Some(found) = found else { return Ok(None) };
    let catalogue = catalogue::at(ctx, found.catalogue).await?;
    let found = Arc::new(ResolvedGrant::new(ctx.keyring(), &catalogue, found)?);
    if ctx.store().is_exclusive() {
        live.remember(hash, &found, epoch);
    }
    Ok(Some(found))
}

/// A grant that was found by its identifier, if it is valid.
///
/// # Errors
/// [`Fault::InvalidGrant`] with the reason why it is not.
pub(crate) fn check_parties(ctx: &Ctx, found: Option<GrantParties>) -> Result<ResolvedGrant, Fault> {
    let found = found.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
    let live = ResolvedGrant::new(ctx.keyring(), &ctx.catalogue(), found)?;
    live.check(ctx.now).map_err(Fault::InvalidGrant)?;
    Ok(live)
}

/// The one way in: the valid grant behind a secret that somebody presented.
///
/// # Errors
/// [`Fault::Unauthenticated`] with the reason why it is not valid.
pub async fn resolve_valid(ctx: &Ctx, presented: &str) -> Result<Arc<ResolvedGrant>, Fault> {
    let hash = hash_presented(ctx, presented).map_err(Fault::Unauthenticated)?;
    let found = find(ctx, hash).await?.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    found.check(ctx.now).map_err(Fault::Unauthenticated)?;
    Ok(found)
}
