use grant_state::state::check_user;
use model::entities::{ClientType, GrantKind, TrustedApplication, User};

use super::grant_type::{GrantType, Redeemed, TokenRequest};
use authority::catalogue::requested;
use authority::registry::audit::{Actor, note_issued};
use authority::tokens::issue::NewGrant;
use authority::tokens::{access_token, audience};
use authority::{AuthorizationDetails, Ctx, Fault, GrantPayload};

/// A client acts for itself, as its system user (RFC 6749, section 4.4).
pub(super) const GRANT: GrantType = GrantType {
    name: "client_credentials",
    description: "An application acts for itself, as its system user.",
    redeem: |ctx, request| Box::pin(redeem(ctx, request)),
};

async fn redeem(ctx: Ctx, request: TokenRequest) -> Result<Redeemed, Fault> {
    let application = &request.application;
    let user = system_user(&ctx, application).await?;
    let scopes = requested::granted(&ctx, &application.scopes, &request.params)?;
    let details = AuthorizationDetails::asked(&application.metadata, &request.params)?;
    let prepared = access_token::prepare(
        &ctx,
        application,
        NewGrant {
            user: Some(&user),
            payload: payload(audience::asked(&ctx, application, &request.params)?, details.clone()),
            expires: Some(ctx.now.plus_seconds(ctx.settings().lifetimes.access_token_lifetime)),
            binding: request.binding.clone(),
            ..NewGrant::new(GrantKind::ReferenceToken, application, scopes)
        },
        &application.application_uri,
    )?;
    let ((grant, granted), by) = (prepared.rows(), Actor::application(application.id));
    ctx.transaction(move |ctx, tx| {
        tx.insert_grant(&grant, &granted)?;
        note_issued(ctx, tx, by, &grant)
    })
    .await?;
    Ok(Redeemed { details, ..Redeemed::from(prepared.issued()) })
}

/// Reads the description of the token.
fn payload(resources: Vec<String>, details: AuthorizationDetails) -> Option<GrantPayload> {
    let named = !resources.is_empty() || !details.is_empty();
    named.then(|| GrantPayload { resources, details, ..GrantPayload::default() })
}

/// Returns the system user of a client.
async fn system_user(ctx: &Ctx, application: &TrustedApplication) -> Result<User, Fault> {
    let refused = |why: &str| Fault::UnauthorizedClient(why.to_owned());
    if application.client_type != ClientType::Confidential {
        return Err(refused("only a confidential application can act for itself"));
    }
    let id = application.system_user_id.filter(|_| application.system_user_allowed);
    let id = id.ok_or_else(|| refused("the application has no system user"))?;
    let user: Option<User> = ctx.store().read(move |read| read.find(id)).await?;
    let user = user.filter(|user| check_user(user).is_ok());
    user.ok_or_else(|| refused("the application's system user is not active"))
}
