use grant_state::payload::{CodePayload, SignInPayload};
use model::Uuid;
use model::entities::GrantKind;
use token::TokenKind;

use super::answer::Answer;
use super::consent::{self, Agreement};
use super::request::AuthorizationRequest;
use super::terms::{Agreed, Terms};
use authority::tokens::issue::NewGrant;
use authority::{Caller, Ctx, Fault, GrantPayload, Reason};

/// Issues the code for a request with a former consent (see [`step`](super::step())).
///
/// # Errors
/// [`Fault::InvalidRequest`] if the request was pushed and has been used meanwhile.
pub async fn grant(ctx: &Ctx, request: &AuthorizationRequest, caller: &Caller) -> Result<Answer, Fault> {
    let terms = request.terms(ctx, caller);
    if terms.scopes.is_empty() {
        return Err(Fault::InvalidScope("none of the scopes can be granted to this user".to_owned()));
    }
    let consent = consent::find(ctx, request, caller, &terms).await?;
    give(ctx, request, caller, terms, Basis { consent, agreement: None }).await
}

/// Stores the consent of the user and issues the code.
///
/// # Errors
/// Those of [`grant`]; [`Fault::AccessDenied`] if the user agreed to nothing.
pub async fn agree(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    agreed: &Agreed,
) -> Result<Answer, Fault> {
    let terms = request.terms(ctx, caller).narrowed(agreed)?;
    // A user who is asked each time repeats the same consent; it is stored once.
    let basis = match consent::find_same(ctx, request, caller, &terms).await? {
        Some(known) => Basis { consent: Some(known), agreement: None },
        None => {
            let agreement = Agreement::prepare(ctx, request, caller, &terms)?;
            Basis { consent: Some(agreement.id()), agreement: Some(agreement) }
        }
    };
    give(ctx, request, caller, terms, basis).await
}

/// The basis of a code.
struct Basis {
    /// Its consent; `None` if the client needs none.
    consent: Option<Uuid>,
    /// The consent, if it is new.
    agreement: Option<Agreement>,
}

async fn give(
    ctx: &Ctx,
    request: &AuthorizationRequest,
    caller: &Caller,
    terms: Terms,
    basis: Basis,
) -> Result<Answer, Fault> {
    let Basis { consent, agreement } = basis;
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    let payload = GrantPayload {
        code: Some(CodePayload {
            redirect_uri: request.return_to.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            nonce: request.nonce.clone(),
            key: request.key.clone(),
        }),
        sign_in: Some(SignInPayload {
            claims: terms.granted_claims(request),
            ..SignInPayload::from_session(session)
        }),
        resources: terms.resources,
        details: terms.details,
        ..GrantPayload::default()
    };
    let new = NewGrant {
        user: Some(&caller.user),
        expires: Some(ctx.now.plus_seconds(ctx.settings().lifetimes.authorization_code_lifetime)),
        payload: Some(payload),
        parent: consent,
        session: Some(session.id.to_string()),
        authorized: Some((ctx.now, ctx.address)),
        ..NewGrant::new(GrantKind::AuthorizationCode, &request.application, terms.scopes)
    };
    let prepared = new.with_opaque_secret(ctx, TokenKind::AuthorizationCode)?;
    let (grant, granted) = prepared.rows();
    let pushed = request.pushed.clone();
    // The transaction locks the session: a request that ends it finds this code, and notifies its client.
    caller
        .transaction(ctx, move |ctx, tx| {
            // RFC 9126, section 4: a pushed request is used once; of concurrent requests, one succeeds.
            if let Some(hash) = &pushed
                && !tx.remove_pushed_request(hash)?
            {
                return Err(Fault::InvalidRequest("this request was used already".to_owned()));
            }
            if let Some(agreement) = &agreement {
                agreement.add(ctx, tx)?;
            }
            Ok(tx.insert_grant(&grant, &granted)?)
        })
        .await?;
    Answer::new(ctx, &request.return_to, [("code", prepared.issued().secret.expose().to_owned())])
}
