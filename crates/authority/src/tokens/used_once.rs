//! One-time identifiers: of DPoP proofs, assertions and request objects.

use model::Timestamp;
use token::digest;
use token::dpop::Proof;

use super::pending_proof::{entry, used_before};
use super::seen_proofs::SHOWN_FACT;
use crate::{Ctx, Fault};

/// Consumes a one-time identifier in the registry. Of concurrent requests, one succeeds.
pub async fn use_once(ctx: &Ctx, name: &[&str], expires: i64) -> Result<bool, Fault> {
    let (hash, expires) = entry(name, expires)?;
    ctx.transaction(move |_, tx| Ok(tx.consume_id(&hash, expires)?)).await
}

/// Consumes a DPoP proof.
///
/// # Errors
/// [`Fault::InvalidDpopProof`] if it was used before, or may have been.
pub(crate) async fn take_proof(ctx: &Ctx, proof: &Proof) -> Result<(), Fault> {
    let seen = &ctx.authority().seen_proofs;
    let hash = digest::sha256(format!("{} {}", proof.thumbprint, proof.id).as_bytes());
    if let Some(shared) = ctx.store().shared_proofs() {
        let expires = Timestamp::from_seconds(proof.expires + 1);
        return if shared.insert_proof(hash, expires).await? { Ok(()) } else { Err(used_before()) };
    }
    if seen.start.is_some_and(|start| proof.issued() <= start) {
        let message = "the DPoP proof was made before the server started; make another";
        return Err(Fault::InvalidDpopProof(message.to_owned()));
    }
    seen.noted.get_or_try_init(|| note_shown(ctx)).await?;
    seen.remember(hash, proof.expires, ctx.now)?;
    if seen.may_outlive_a_restart(proof, ctx.now)
        && !use_once(ctx, &["api proof", &proof.thumbprint, &proof.id], proof.expires).await?
    {
        return Err(used_before());
    }
    Ok(())
}

/// Stores the fact that proofs are used, before the first one is accepted.
async fn note_shown(ctx: &Ctx) -> Result<(), Fault> {
    ctx.transaction(|_, tx| Ok(tx.add_fact(SHOWN_FACT, "yes").map(|_| ())?)).await
}
