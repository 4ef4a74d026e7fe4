//! Which applications know people by the same names (OpenID Connect Core, section 8.1): fixed where an application is registered.

use std::collections::BTreeSet;

use model::entities::TrustedApplication;

use crate::oidc::subject::sector_of;
use crate::{ClientMetadata, Fault, RedirectUri, SubjectType};

fn bad(message: &str) -> Fault {
    Fault::BadField { field: "metadata", message: message.to_owned() }
}

fn hosts(redirect_uris: &[RedirectUri]) -> BTreeSet<&str> {
    redirect_uris.iter().filter_map(RedirectUri::host).collect()
}

/// Fixes the sector of a new application, where its subjects are pairwise: other redirect URIs do not change it later.
///
/// # Errors
/// [`Fault::BadField`] where the redirect URIs have several hosts and no sector is named.
pub(super) fn fix(metadata: &mut ClientMetadata, redirect_uris: &[RedirectUri]) -> Result<(), Fault> {
    if metadata.subject_type != SubjectType::Pairwise || metadata.sector_identifier.is_some() {
        return Ok(());
    }
    let hosts = hosts(redirect_uris);
    if hosts.len() > 1 {
        return Err(bad("pairwise subjects with redirect URIs of several hosts need a sector_identifier"));
    }
    metadata.sector_identifier = hosts.first().map(|host| host.to_ascii_lowercase());
    Ok(())
}

/// Keeps the sector of an application that changes. Another one changes every subject, so it has to be named.
///
/// # Errors
/// [`Fault::BadField`] where a redirect URI has a host outside of the sector and none is named.
pub(super) fn keep(
    before: &TrustedApplication,
    metadata: &mut ClientMetadata,
    is_named: bool,
    redirect_uris: &[RedirectUri],
) -> Result<(), Fault> {
    let known = ClientMetadata::stored(before.metadata.as_deref())?;
    let is_pairwise = |metadata: &ClientMetadata| metadata.subject_type == SubjectType::Pairwise;
    if !is_pairwise(metadata) || !is_pairwise(&known) {
        return fix(metadata, redirect_uris);
    }
    if is_named {
        return Ok(());
    }
    let own = RedirectUri::stored(before.impersonate_login_url.as_deref());
    let (sector, own) = (sector_of(before, &known), hosts(&own));
    if hosts(redirect_uris).iter().any(|host| !own.contains(host) && !host.eq_ignore_ascii_case(&sector)) {
        return Err(bad(
            "redirect URIs of another host need a sector_identifier: every subject depends on it",
        ));
    }
    metadata.sector_identifier = Some(sector);
    Ok(())
}
