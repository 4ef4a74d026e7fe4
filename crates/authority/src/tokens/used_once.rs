//! What works once: proofs of keys, and the identifiers of assertions and of signed requests.

use model::Timestamp;
use token::digest;
use token::dpop::Proof;

use super::pending_proof::{entry, used_before};
use super::seen_proofs::SHOWN_FACT;
use crate::{Ctx, Fault};

/// Uses up at once, in the registry, what may be used once: of several requests that show it, one succeeds.
pub(crate) async fn use_once(ctx: &Ctx, name: &[&str], expires: i64) -> Result<bool, Fault> {
    let (hash, expires) = entry(name, expires)?;
    ctx.transaction(move |_, tx| Ok(tx.consume_id(&hash, expires)?)).await
}

/// Uses a proof up.
///
/// # Errors
/// [`Fault::InvalidDpopProof`] where it was used before, or could have been.
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

/// Notes in the registry, before the first proof is taken, that proofs are shown.
async fn note_shown(ctx: &Ctx) -> Result<(), Fault> {
    ctx.transaction(|_, tx| Ok(tx.add_fact(SHOWN_FACT, "yes").map(|_| ())?)).await
}
