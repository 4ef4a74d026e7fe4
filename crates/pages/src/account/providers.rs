use authority::sign_in::provider_logins::{list, unlink};
use authority::upstream::Provider;
use authority::{Caller, Fault};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Uuid;
use token::digest;
use web::http::encode_form;

use super::super::forms::Body;
use super::super::views::providers::{LinkedAccount, ProviderLink};
use super::super::visitor::Visitor;
use super::PAGE;

const PURPOSE: &str = "link an account at a provider";

/// Returns the linked accounts of the user.
pub(super) async fn linked(visitor: &Visitor, caller: &Caller) -> Result<Vec<LinkedAccount>, Fault> {
    let logins = list(&visitor.ctx, caller).await?;
    let line = |login: model::entities::UserProviderLogin| LinkedAccount {
        id: login.id.to_string(),
        provider: login.provider,
        name: login.email.or(login.display_name).unwrap_or(login.subject),
        added: login.creation_time_utc,
        used: login.last_used_timestamp,
    };
    Ok(logins.into_iter().map(line).collect())
}

/// The ways to link others.
pub(super) fn offered(visitor: &Visitor, caller: &Caller) -> Vec<ProviderLink> {
    let link = |provider: &Provider| ProviderLink {
        label: provider.label.clone(),
        href: format!(
            "/signin/provider/{}?{}",
            provider.name,
            encode_form([("link", &*mark(visitor, caller, provider))])
        ),
    };
    visitor.ctx.settings().providers.iter().map(link).collect()
}

/// Returns whether a link is from a page that this browser showed to the user: no other site can link an account.
fn mark(visitor: &Visitor, caller: &Caller, provider: &Provider) -> String {
    digest::base64url(&visitor.ctx.authenticate(PURPOSE, &marked(visitor, caller, provider)))
}

fn marked(visitor: &Visitor, caller: &Caller, provider: &Provider) -> Vec<u8> {
    format!("{}\n{}\n{}", visitor.browser_context().cookie, caller.user.id, provider.name).into_bytes()
}

/// Returns whether a mark shows that.
pub(crate) fn is_own_link(visitor: &Visitor, caller: &Caller, provider: &Provider, shown: &str) -> bool {
    let code = digest::from_base64url(shown).unwrap_or_default();
    visitor.ctx.is_authentic(PURPOSE, &marked(visitor, caller, provider), &code)
}

/// Unlinks an account.
pub(crate) async fn remove(visitor: Visitor, body: Body) -> Result<Response, Response> {
    let (caller, form) = visitor.sent(PAGE, body)?;
    let unlinked = match Uuid::parse_str(form.get("account")) {
        Ok(id) => unlink(&visitor.ctx, caller, id).await,
        Err(_) => Err(Fault::NotFound("there is no such linked account".to_owned())),
    };
    unlinked.map_err(|fault| visitor.sign_in_or_reject(&fault, PAGE))?;
    Ok(Redirect::to("/account?done=unlinked").into_response())
}
