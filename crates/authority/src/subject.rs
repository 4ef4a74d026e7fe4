use model::Uuid;
use model::entities::GrantKind;
use token::digest;

use crate::live::Live;
use crate::{Client, Ctx, RedirectUri, SubjectType};

/// Under which name an application knows a user (OpenID Connect Core, section 8): all by the same, or each sector by
/// one of its own that says nothing about the others.
pub(crate) fn subject(ctx: &Ctx, application: &Client, user: Uuid) -> String {
    match application.metadata.subject_type {
        SubjectType::Public => user.to_string(),
        SubjectType::Pairwise => {
            let named = format!("{}\n{user}", sector(application));
            digest::base64url(&digest::hmac_sha256(&ctx.authority().pairwise_secret, named.as_bytes()))
        }
    }
}

/// The name of whom a token speaks for, as its application knows them: its `sub`.
pub(crate) fn subject_of(ctx: &Ctx, live: &Live) -> String {
    let for_itself = live.grant.kind == GrantKind::ReferenceToken && live.grant.parent_id.is_none();
    let parties = live.user.as_ref().filter(|_| !for_itself).zip(live.application.as_ref());
    let subject = parties.map(|(user, application)| subject(ctx, application, user.id));
    subject.unwrap_or_else(|| live.grant.client.clone().unwrap_or_default())
}

/// Which applications know a user by the same name: those of the same host.
fn sector(application: &Client) -> String {
    let first = RedirectUri::stored(application.impersonate_login_url.as_deref()).into_iter().next();
    let host = first.as_ref().and_then(RedirectUri::host).map(str::to_owned);
    application
        .metadata
        .sector_identifier
        .clone()
        .or(host)
        .unwrap_or_else(|| application.application_uri.clone())
}
