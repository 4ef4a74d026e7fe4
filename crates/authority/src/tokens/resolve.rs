//! Finds a grant by its secret.
//!
//! If this program alone writes to the registry, grants that were found stay in memory until a transaction changes them.
//! A transaction is acknowledged after they were removed from memory, so a revoked grant is refused at once.

use std::sync::Arc;

use grant_state::resolved::ResolvedGrant;
use store::GrantParties;
use token::{PlainToken, TokenHash};

use crate::{Ctx, Fault, Reason, catalogue};

/// Returns the hash of a presented secret. A string that cannot be a token of this issuer is refused without a look-up.
pub fn hash_presented(ctx: &Ctx, presented: &str) -> Result<TokenHash, Reason> {
    let is_jwt = presented.starts_with("eyJ") && presented.len() <= token::jose::MAX_TOKEN_LENGTH;
    if is_jwt {
        // A JWT is looked up as well: only the exact string that was issued has this hash.
        return Ok(TokenHash::new(presented));
    }
    let opaque = PlainToken::parse(&ctx.authority().prefix, presented).map_err(|_| Reason::Malformed)?;
    Ok(opaque.hash())
}

/// Finds a grant by the hash of its secret, whether it is valid or not.
pub async fn find(ctx: &Ctx, hash: TokenHash) -> Result<Option<Arc<ResolvedGrant>>, Fault> {
    let cache = &ctx.authority().grant_cache;
    if let Some(found) = cache.get(&hash) {
        return Ok(Some(found));
    }
    let epoch = cache.epoch();
    let key = hash.to_string();
    let found = ctx.store().read(move |read| read.find_grant(&key)).await?;
    let Some(found) = found else { return Ok(None) };
    let catalogue = catalogue::at(ctx, found.catalogue).await?;
    let found = Arc::new(ResolvedGrant::new(ctx.keyring(), &catalogue, found)?);
    if ctx.store().is_exclusive() {
        cache.insert(hash, &found, epoch);
    }
    Ok(Some(found))
}

/// Returns a grant that was found by its identifier, if it is valid.
///
/// # Errors
/// [`Fault::InvalidGrant`] with the reason why it is not.
pub fn check_parties(ctx: &Ctx, found: Option<GrantParties>) -> Result<ResolvedGrant, Fault> {
    let found = found.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
    let live = ResolvedGrant::new(ctx.keyring(), &ctx.catalogue(), found)?;
    live.check(ctx.now).map_err(Fault::InvalidGrant)?;
    Ok(live)
}

/// Finds the valid grant of a presented secret.
///
/// # Errors
/// [`Fault::Unauthenticated`] with the reason, if there is none.
pub async fn resolve_valid(ctx: &Ctx, presented: &str) -> Result<Arc<ResolvedGrant>, Fault> {
    let hash = hash_presented(ctx, presented).map_err(Fault::Unauthenticated)?;
    let found = find(ctx, hash).await?.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    found.check(ctx.now).map_err(Fault::Unauthenticated)?;
    Ok(found)
}
