//! Subject identifiers (OpenID Connect Core, section 8).

use grant_state::payload::SpeaksFor;
use grant_state::resolved::ResolvedGrant;
use model::Uuid;
use model::entities::{GrantKind, TrustedApplication};
use token::digest;

use crate::{Client, ClientMetadata, Ctx, RedirectUri, SubjectType};

/// Returns the subject identifier of a user for a client (OpenID Connect Core, section 8): public, or pairwise per sector.
pub fn subject(ctx: &Ctx, application: &Client, user: Uuid) -> String {
    match application.metadata.subject_type {
        SubjectType::Public => user.to_string(),
        SubjectType::Pairwise => {
            let named = format!("{}\n{user}", sector(application));
            digest::base64url(&digest::hmac_sha256(&ctx.authority().pairwise_secret, named.as_bytes()))
        }
    }
}

/// Returns whether the subject of a token is its user or its client.
pub fn speaks_for(live: &ResolvedGrant) -> SpeaksFor {
    let grant = &live.grant;
    // A token of a client without a parent is of the client itself.
    let for_itself = grant.kind == GrantKind::ReferenceToken && grant.parent_id.is_none();
    live.payload.speaks_for.clone().unwrap_or_else(|| match &live.application {
        Some(application) if for_itself => SpeaksFor::Application(application.application_uri.clone()),
        _ => SpeaksFor::User,
    })
}

/// Returns the `sub` of a token.
pub fn subject_of(ctx: &Ctx, live: &ResolvedGrant) -> String {
    match (speaks_for(live), &live.user, &live.application) {
        (SpeaksFor::Application(client_id), ..) => client_id,
        (SpeaksFor::User, Some(user), Some(application)) => subject(ctx, application, user.id),
        _ => live.grant.client.clone().unwrap_or_default(),
    }
}

/// Returns the sector of a client.
fn sector(application: &Client) -> String {
    sector_of(&application.application, &application.metadata)
}

/// Returns the sector of a client: the one that was fixed at the registration; for a registration of an older program, the host
/// of the first redirect URI.
pub(crate) fn sector_of(application: &TrustedApplication, metadata: &ClientMetadata) -> String {
    let first = RedirectUri::stored(application.impersonate_login_url.as_deref()).into_iter().next();
    let host = first.as_ref().and_then(RedirectUri::host).map(str::to_owned);
    metadata.sector_identifier.clone().or(host).unwrap_or_else(|| application.application_uri.clone())
}
