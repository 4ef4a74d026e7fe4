use std::sync::Arc;

use input::Params;
use model::Timestamp;
use model::entities::ClientType;

use super::request::{AuthorizationRequest, RequestError, read_of};
use super::{pushed, request_object};
use authority::clients::find::find_application;
use authority::{Client, Ctx, Fault};

/// Reads a request. Until client and redirect URI are verified, errors are shown to the user.
///
/// `arrived` is when the request first came to the authorization endpoint, if the browser proves that. The request must have
/// been valid then, no matter how long the user takes.
pub async fn read(
    ctx: &Ctx,
    params: &Params,
    arrived: Option<Timestamp>,
) -> Result<AuthorizationRequest, RequestError> {
    let arrived = arrived.unwrap_or(ctx.now);
    let application = application(ctx, params).await?;
    let (params, pushed) = pushed::effective(ctx, &application, params, arrived).await?;
    // A pushed request was validated and parsed when it was pushed.
    let params = match &pushed {
        None => request_object::effective(ctx, &application, &params, arrived)?.into_owned(),
        Some(_) => params.into_owned(),
    };
    if application.metadata.require_pushed_authorization_requests && pushed.is_none() {
        let message = "the application has to push its requests ahead (RFC 9126)";
        return Err(Fault::InvalidRequest(message.to_owned()).into());
    }
    read_of(ctx, application, &params, pushed)
}

async fn application(ctx: &Ctx, params: &Params) -> Result<Arc<Client>, Fault> {
    let found = find_application(ctx, params.required("client_id")?).await?;
    let signs_in =
        |application: &Client| application.is_enabled && application.client_type != ClientType::None;
    let unknown = || Fault::InvalidRequest("there is no application with this client_id".to_owned());
    found.filter(|application| signs_in(application)).ok_or_else(unknown)
}
