use model::Uuid;
use model::entities::Revocation;
use serde_json::json;
use token::jose::Algorithm;

use super::BATCH;
use crate::oidc::keys::Purpose;
use crate::{Caller, Ctx, Fault};

/// Returns the signed receipt of a confirmed revocation (a JWS, RFC 7515): who revoked which grants, when, by which filter and
/// why. It is signed when it is read, so that its key is published at that time.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such revocation, the caller may not see it, or it is not confirmed.
pub async fn receipt(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<String, Fault> {
    let row = find(ctx, caller, id).await?;
    let confirmed = row.confirmed_timestamp.ok_or_else(missing)?;
    let claims = json!({
        "iss": ctx.settings().issuer(),
        "iat": ctx.now.seconds(),
        "jti": id,
        "sub": row.created_by_id,
        "token": row.token_id,
        "confirmed_at": confirmed.seconds(),
        "filter": row.filter,
        "reason": row.reason,
        "count": row.total,
        "dropped": row.dropped,
        "came_since": row.came_since,
        "members_sha256": row.members_hash,
    });
    ctx.authority().signing.sign(Algorithm::Rs256, Purpose::Receipt, &claims, ctx.now)
}

/// Lists the grants of a revocation after one of them, at most 500, in the order of their identifiers.
///
/// # Errors
/// As [`receipt`].
pub async fn members(ctx: &Ctx, caller: &Caller, id: Uuid, after: Option<Uuid>) -> Result<Vec<Uuid>, Fault> {
    find(ctx, caller, id).await?;
    Ok(ctx.store().read(move |read| read.list_members(id, after, BATCH)).await?)
}

async fn find(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<Revocation, Fault> {
    let row = ctx.store().read(move |read| read.find::<Revocation>(id)).await?;
    row.filter(|row| caller.may_manage(ctx, Some(row.created_by_id))).ok_or_else(missing)
}

fn missing() -> Fault {
    Fault::NotFound("there is no such revocation, or it is not confirmed".to_owned())
}

/// Returns the SHA-256 of the members: their identifiers in ascending order, one per line.
pub(super) async fn members_hash(ctx: &Ctx, id: Uuid) -> Result<String, Fault> {
    let (mut text, mut after) = (Vec::new(), None);
    loop {
        let some = ctx.store().read(move |read| read.list_members(id, after, BATCH)).await?;
        let Some(last) = some.last() else { break };
        after = Some(*last);
        some.iter().for_each(|member| text.extend_from_slice(format!("{member}\n").as_bytes()));
    }
    Ok(token::digest::base64url(&token::digest::sha256(&text)))
}
