use grant_state::client::check_may_sign_in;
use grant_state::payload::SpeaksFor;
use grant_state::state::check_user;
use input::scopes;
use model::Uuid;
use model::entities::{GrantKind, User};

use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::catalogue::requested;
use authority::clients::assertion::verify_grant;
use authority::oidc::subject::subject;
use authority::registry::audit::{Actor, note_issued};
use authority::registry::names::find_user;
use authority::tokens::issue::NewGrant;
use authority::tokens::{access_token, audience};
use authority::{Client, Ctx, Fault, GrantPayload, Reason};

/// A client acts for a user by its own signature, if its policy allows it (RFC 7523, section 2.1).
pub(super) const GRANT: GrantType = GrantType {
    name: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    description: "An application that may do so acts for a person whom it names in a token that it signs.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

/// The policy that names all users except administrators.
const ALL_USERS: &str = "*";

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let application = &request.application;
    if application.metadata.jwt_bearer_subjects.is_empty() {
        let message = "the application may not act for users by its own signature";
        return Err(Fault::UnauthorizedClient(message.to_owned()));
    }
    let assertion = request.params.required("assertion")?;
    let claims = verify_grant(&ctx, application, assertion).await?;
    let claims = claims.ok_or(Fault::InvalidGrant(Reason::WrongProof))?;
    let user = find_named(&ctx, &claims.sub).await?.ok_or(Fault::InvalidGrant(Reason::Unknown))?;
    if !may_act_for(application, &user) {
        return Err(Fault::InvalidGrant(Reason::WrongApplication));
    }
    check_user(&user).map_err(Fault::InvalidGrant)?;
    let own = application.scopes.clone().without(scopes::OFFLINE_ACCESS);
    let payload = GrantPayload {
        resources: audience::asked(&ctx, application, &request.params)?,
        speaks_for: Some(SpeaksFor::User),
        ..GrantPayload::default()
    };
    let new = NewGrant {
        user: Some(&user),
        payload: Some(payload),
        expires: Some(ctx.now.plus_seconds(ctx.settings().lifetimes.access_token_lifetime)),
        binding: request.binding.clone(),
        ..NewGrant::new(
            GrantKind::ReferenceToken,
            application,
            requested::granted(&ctx, &own, &request.params)?,
        )
    };
    let prepared = access_token::prepare(&ctx, application, new, &subject(&ctx, application, user.id))?;
    let ((grant, granted), by) = (prepared.rows(), Actor::application(application.id));
    ctx.transaction(move |ctx, tx| {
        tx.insert_grant(&grant, &granted)?;
        note_issued(ctx, tx, by, &grant)
    })
    .await?;
    Ok(prepared.issued().into())
}

async fn find_named(ctx: &Ctx, named: &str) -> Result<Option<User>, Fault> {
    let (id, login) = (named.parse::<Uuid>().ok(), named.to_owned());
    let found = ctx.store().read(move |read| match id {
        Some(id) => read.find(id),
        None => find_user(read, &login),
    });
    Ok(found.await?)
}

/// Returns whether the policy of the client includes a user. Administrators must be named explicitly.
fn may_act_for(application: &Client, user: &User) -> bool {
    let id = user.id.to_string();
    let named = |name: &String| *name == user.login || *name == id;
    let policy = &application.metadata.jwt_bearer_subjects;
    let among_all = || policy.iter().any(|name| name == ALL_USERS) && !user.is_admin;
    (policy.iter().any(named) || among_all()) && check_may_sign_in(application, user).is_ok()
}
