//! Verification of DPoP proofs (RFC 9449) and client certificates (RFC 8705).

use grant_state::resolved::ResolvedGrant;
use model::Timestamp;
use token::digest;
use token::dpop::{self, Expected, Proof};

use super::pending_proof::PendingProof;
use super::request_proofs::{PresentedToken, RequestProofs, Scheme};
use super::used_once::take_proof;
use crate::{Binding, Client, Ctx, Fault, Reason};

/// How long a nonce is issued, in seconds. It is accepted for the same time again.
const NONCE_WINDOW: i64 = 300;

/// Returns the key or certificate to which the tokens of a token request are bound, and a context whose first transaction
/// consumes the proof.
///
/// # Errors
/// [`Fault::InvalidDpopProof`], [`Fault::UseDpopNonce`]; [`Fault::InvalidRequest`] if the client requires a proof and the
/// request has none.
pub fn bind(ctx: &Ctx, client: &Client) -> Result<(Ctx, Option<Binding>), Fault> {
    let metadata = &client.metadata;
    if let Some((ctx, key)) = proven_key(ctx, client)? {
        return Ok((ctx, Some(Binding::Key(key))));
    }
    if metadata.dpop_bound_access_tokens {
        return Err(Fault::InvalidRequest("the application has to send a DPoP proof".to_owned()));
    }
    if !metadata.tls_client_certificate_bound_access_tokens {
        return Ok((ctx.clone(), None));
    }
    let refused = || Fault::InvalidRequest("the application has to show its certificate".to_owned());
    let certificate = ctx.shown().and_then(RequestProofs::thumbprint).ok_or_else(refused)?;
    Ok((ctx.clone(), Some(Binding::Certificate(digest::base64url(&certificate)))))
}

/// Returns the thumbprint of the key of a request without a token, and a context whose first transaction consumes the proof.
///
/// # Errors
/// [`Fault::InvalidDpopProof`], [`Fault::UseDpopNonce`].
pub fn proven_key(ctx: &Ctx, client: &Client) -> Result<Option<(Ctx, String)>, Fault> {
    let Some(proof) = presented_proof(ctx, None)? else { return Ok(None) };
    check_nonce(ctx, &proof, client.metadata.require_dpop_nonce)?;
    Ok(Some((ctx.clone().proving(PendingProof::new(&proof)?), proof.thumbprint)))
}

/// Checks that a request proves the key or certificate to which its token is bound.
///
/// # Errors
/// [`Fault::Unauthenticated`], [`Fault::InvalidDpopProof`] or [`Fault::UseDpopNonce`].
pub(crate) async fn check_bound(
    ctx: &Ctx,
    live: &ResolvedGrant,
    presented: &PresentedToken,
) -> Result<(), Fault> {
    let refused = |reason| Err(Fault::Unauthenticated(reason));
    match (&live.binding, presented.scheme) {
        (None, Scheme::Bearer | Scheme::Basic) => Ok(()),
        (None | Some(Binding::Certificate(_)), Scheme::Dpop) => refused(Reason::NotBound),
        (Some(Binding::Key(_)), Scheme::Bearer | Scheme::Basic) => refused(Reason::ProofMissing),
        (Some(Binding::Certificate(own)), Scheme::Bearer | Scheme::Basic) => {
            let shown = ctx.shown().and_then(RequestProofs::thumbprint);
            let shown = shown.map(|certificate| digest::base64url(&certificate));
            if shown.as_ref() == Some(own) { Ok(()) } else { refused(Reason::WrongCertificate) }
        }
        (Some(Binding::Key(own)), Scheme::Dpop) => {
            let Some(proof) = presented_proof(ctx, Some(presented.token.expose()))? else {
                return refused(Reason::ProofMissing);
            };
            if proof.thumbprint != *own {
                return refused(Reason::WrongKey);
            }
            let always = live.application.as_ref().is_some_and(|client| client.metadata.require_dpop_nonce);
            check_nonce(ctx, &proof, always)?;
            take_proof(ctx, &proof).await
        }
    }
}

/// Verifies the single DPoP proof of a request (RFC 9449, section 4.3).
fn presented_proof(ctx: &Ctx, access_token: Option<&str>) -> Result<Option<Proof>, Fault> {
    let Some(shown) = ctx.shown() else { return Ok(None) };
    let proof = match shown.proofs.as_slice() {
        [] => return Ok(None),
        [proof] => proof,
        _ => return Err(Fault::InvalidDpopProof("a request has one DPoP proof".to_owned())),
    };
    let expected = Expected { method: &shown.method, url: &shown.url, access_token, now: ctx.now.seconds() };
    let proof = dpop::verify(proof.expose(), &expected);
    proof.map(Some).map_err(|error| Fault::InvalidDpopProof(error.to_string()))
}

/// Checks the nonce of a proof, which the settings or the client may require.
fn check_nonce(ctx: &Ctx, proof: &Proof, always: bool) -> Result<(), Fault> {
    let fits = |nonce: &str| {
        let windows = [window(ctx.now), window(ctx.now) - 1];
        windows.iter().any(|window| digest::same(nonce.as_bytes(), nonce_of(ctx, *window).as_bytes()))
    };
    match proof.nonce.as_deref() {
        Some(nonce) if fits(nonce) => Ok(()),
        None if !always && !ctx.settings().clients.require_dpop_nonce => Ok(()),
        _ => Err(Fault::UseDpopNonce),
    }
}

/// Returns the current nonce for proofs (RFC 9449, sections 8 and 9).
pub fn nonce(ctx: &Ctx) -> String {
    nonce_of(ctx, window(ctx.now))
}

/// Computes the nonce of a period from the keys, so that nothing is stored and all programs accept it.
fn nonce_of(ctx: &Ctx, window: i64) -> String {
    digest::base64url(&ctx.authenticate("dpop nonce", &window.to_be_bytes()))
}

const fn window(now: Timestamp) -> i64 {
    now.seconds() / NONCE_WINDOW
}
