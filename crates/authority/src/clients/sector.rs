//! Sectors of pairwise subjects (OpenID Connect Core, section 8.1). A sector is fixed when a client is registered.

use std::collections::BTreeSet;

use model::entities::TrustedApplication;
use serde_json::{Map, Value};

use crate::oidc::subject::sector_of;
use crate::{ClientMetadata, Fault, RedirectUri, SubjectType};

fn bad(message: &str) -> Fault {
    Fault::BadField { field: "metadata", message: message.to_owned() }
}

fn hosts(redirect_uris: &[RedirectUri]) -> BTreeSet<&str> {
    redirect_uris.iter().filter_map(RedirectUri::host).collect()
}

/// Sets the sector of a new client with pairwise subjects. Later changes of the redirect URIs do not change it.
///
/// # Errors
/// [`Fault::BadField`] if the redirect URIs have several hosts and no sector is named.
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

/// Which of the members that determine the subjects a change contains.
#[derive(Clone, Copy, Default)]
pub(super) struct Named {
    /// `subject_type`.
    pub(super) subject_type: bool,
    /// `sector_identifier`.
    pub(super) sector: bool,
}

impl Named {
    pub(super) fn from_members(members: &Map<String, Value>) -> Self {
        let has = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
        Self { subject_type: has("subject_type"), sector: has("sector_identifier") }
    }
}

/// Keeps the subjects of a changed client, unless the change names another type or sector. The sector is kept while the subjects
/// are public, so that a return to pairwise subjects restores them.
///
/// # Errors
/// [`Fault::BadField`] if a redirect URI has a host outside of the sector and none is named.
pub(super) fn keep(
    before: &TrustedApplication,
    metadata: &mut ClientMetadata,
    named: Named,
    redirect_uris: &[RedirectUri],
) -> Result<(), Fault> {
    let known = ClientMetadata::stored(before.metadata.as_deref())?;
    let is_pairwise = |metadata: &ClientMetadata| metadata.subject_type == SubjectType::Pairwise;
    if !named.subject_type {
        metadata.subject_type = known.subject_type;
    }
    let kept =
        is_pairwise(&known).then(|| sector_of(before, &known)).or_else(|| known.sector_identifier.clone());
    match kept {
        _ if named.sector => return Ok(()),
        None => return fix(metadata, redirect_uris),
        Some(sector) if !is_pairwise(metadata) || !is_pairwise(&known) => {
            metadata.sector_identifier = Some(sector);
            return Ok(());
        }
        Some(_) => {}
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
