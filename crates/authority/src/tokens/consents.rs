//! The rows of consents: whether a user consented to a client at all.

use model::Uuid;
use model::entities::{AccessToken, GrantKind, TrustedApplicationAuthorization as Authorization};
use store::{Change, Tx};

use crate::{Ctx, Fault};

/// Lists the valid consents of a user to a client.
pub fn authorizations(tx: &Tx<'_>, user: Uuid, application: Uuid) -> Result<Vec<Authorization>, Fault> {
    let of_user = model::Value::Guid(user);
    let mut found: Vec<Authorization> = tx.list_by(Authorization::ContextUser, &of_user, 1000)?;
    found.retain(|row| row.trusted_application_id == application && !row.is_revoked);
    Ok(found)
}

/// Records that a user withdrew a consent.
pub(crate) fn withdraw(ctx: &Ctx, tx: &mut Tx<'_>, consent: Uuid) -> Result<(), Fault> {
    let Some(AccessToken { user_id: Some(user), trusted_application_id: Some(application), .. }) =
        tx.find(consent)?
    else {
        return Ok(());
    };
    if !tx.list_between(user, application, GrantKind::UserConsent)?.is_empty() {
        return Ok(());
    }
    for row in authorizations(tx, user, application)? {
        tx.change(Change::new::<Authorization>(row.id, ctx.now).set(Authorization::IsRevoked, &true))?;
    }
    Ok(())
}
