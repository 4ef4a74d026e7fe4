use model::entities::TrustedApplication;

use crate::applications::find_application;
use crate::{Ctx, Fault};

/// The redirect URI of a request, if it is one of the application's (RFC 9700, section 2.1: exactly).
///
/// # Errors
/// [`Fault::InvalidRequest`] where it is not, or is left out though there are several.
pub(crate) fn registered(application: &TrustedApplication, asked: Option<&str>) -> Result<String, Fault> {
    let own = application.impersonate_login_url.as_deref().unwrap_or_default();
    let mut own = own.split(',').filter(|uri| !uri.is_empty());
    let refused = |message: &str| Err(Fault::InvalidRequest(message.to_owned()));
    match asked {
        Some(asked) if own.any(|uri| uri == asked) => Ok(asked.to_owned()),
        Some(_) => refused("the redirect_uri is not one of those that the application registered"),
        None => match (own.next(), own.next()) {
            (Some(only), None) => Ok(only.to_owned()),
            _ => refused("the parameter 'redirect_uri' is missing"),
        },
    }
}

/// Where an application's sign-ins may lead to.
pub async fn redirect_uris(ctx: &Ctx, client_id: &str) -> Result<Vec<String>, Fault> {
    let application = find_application(ctx, client_id).await?;
    let uris =
        application.and_then(|application| application.impersonate_login_url.clone()).unwrap_or_default();
    Ok(uris.split(',').filter(|uri| !uri.is_empty()).map(str::to_owned).collect())
}
