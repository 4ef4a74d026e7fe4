//! Authorizations of applications to act for a user: administrators add, change and remove them.

use model::entities::{
    AuditEventType, GrantKind, RevocationReason, TrustedApplication, TrustedApplicationAuthorization, User,
};
use model::{Timestamp, Uuid};
use store::{Change, Tx};

use crate::registry::audit::{Event, note_revoked};
use crate::registry::purge::note_authorizations;
use crate::tokens::revoke;
use crate::validate::{checked, checked_change};
use crate::{Caller, Ctx, Fault};

/// An authorization that is about to be added.
#[derive(Clone, Debug)]
pub struct NewAuthorization {
    /// Its identifier.
    pub id: Uuid,
    /// The client.
    pub application: Uuid,
    /// The user.
    pub user: Uuid,
    /// Its values.
    pub values: AuthorizationValues,
}

/// The values of an authorization that can change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationValues {
    /// Whether it is revoked.
    pub is_revoked: bool,
    /// Remarks.
    pub notes: Option<String>,
    /// Its beginning; `None` if it is valid already.
    pub valid_from: Option<Timestamp>,
    /// Its end; `None` if it does not end.
    pub valid_until: Option<Timestamp>,
}

impl From<&TrustedApplicationAuthorization> for AuthorizationValues {
    fn from(row: &TrustedApplicationAuthorization) -> Self {
        Self {
            is_revoked: row.is_revoked,
            notes: row.notes.clone(),
            valid_from: row.valid_from_utc,
            valid_until: row.valid_until_utc,
        }
    }
}

impl AuthorizationValues {
    fn check(&self) -> Result<(), Fault> {
        if self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| until <= from) {
            let message = "the validity ends before it starts".to_owned();
            return Err(Fault::BadField { field: "ValidUntilUtc", message });
        }
        Ok(())
    }
}

/// Adds an authorization that the caller grants.
///
/// # Errors
/// [`Fault::BadField`] for a user or an application that does not exist, or an empty period.
pub fn insert_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    new: &NewAuthorization,
) -> Result<TrustedApplicationAuthorization, Fault> {
    let bad = |field, message: &str| Fault::BadField { field, message: message.to_owned() };
    new.values.check()?;
    if tx.find::<User>(new.user)?.is_none() {
        return Err(bad("ContextUser", "there is no such user"));
    }
    let row = checked(TrustedApplicationAuthorization {
        id: new.id,
        object_version: 1,
        external_id: None,
        external_system: None,
        updated_at: Some(ctx.now),
        grant_time_utc: ctx.now,
        is_revoked: new.values.is_revoked,
        notes: new.values.notes.clone(),
        valid_from_utc: new.values.valid_from,
        valid_until_utc: new.values.valid_until,
        context_user_id: new.user,
        granting_user_id: by.user.id,
        trusted_application_id: new.application,
    })?;
    let no_application = || bad("TrustedApplication", "there is no such application");
    if tx.find::<TrustedApplication>(new.application)?.is_none() {
        return Err(no_application());
    }
    tx.insert(&row)?;
    note(ctx, tx, by, &row, "created")?;
    Ok(row)
}

/// Changes an authorization. If it becomes revoked, the user's consents to the application end, with the tokens that came
/// from them.
///
/// # Errors
/// [`Fault::BadField`] for an empty period.
pub fn update_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    before: &TrustedApplicationAuthorization,
    values: AuthorizationValues,
) -> Result<TrustedApplicationAuthorization, Fault> {
    values.check()?;
    let after = checked_change(
        before,
        TrustedApplicationAuthorization {
            object_version: before.object_version + 1,
            updated_at: Some(ctx.now),
            is_revoked: values.is_revoked,
            notes: values.notes,
            valid_from_utc: values.valid_from,
            valid_until_utc: values.valid_until,
            ..before.clone()
        },
    )?;
    let change = Change::new::<TrustedApplicationAuthorization>(before.id, ctx.now)
        .set(TrustedApplicationAuthorization::IsRevoked, &after.is_revoked)
        .set(TrustedApplicationAuthorization::Notes, &after.notes)
        .set(TrustedApplicationAuthorization::ValidFromUtc, &after.valid_from_utc)
        .set(TrustedApplicationAuthorization::ValidUntilUtc, &after.valid_until_utc);
    tx.change(change)?;
    let is_revoked = !before.is_revoked && after.is_revoked;
    if is_revoked {
        end_consents(ctx, tx, by, &after)?;
    }
    note(ctx, tx, by, &after, if is_revoked { "revoked" } else { "changed" })?;
    Ok(after)
}

/// Removes an authorization, and ends what a revocation ends.
pub fn delete_in(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    row: &TrustedApplicationAuthorization,
) -> Result<(), Fault> {
    if !row.is_revoked {
        end_consents(ctx, tx, by, row)?;
    }
    tx.remove::<TrustedApplicationAuthorization>(row.id)?;
    note_authorizations(ctx, tx)?;
    note(ctx, tx, by, row, "deleted")
}

fn end_consents(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    row: &TrustedApplicationAuthorization,
) -> Result<(), Fault> {
    loop {
        let consents =
            tx.list_between(row.context_user_id, row.trusted_application_id, GrantKind::UserConsent)?;
        if consents.is_empty() {
            return Ok(());
        }
        for consent in consents {
            let revoked = revoke::end(ctx, tx, consent.id, RevocationReason::ConsentWithdrawn)?;
            note_revoked(ctx, tx, by, consent.id, &revoked)?;
        }
    }
}

/// Records what happened, and counts it as a change of the application.
fn note(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    by: &Caller,
    row: &TrustedApplicationAuthorization,
    what: &str,
) -> Result<(), Fault> {
    let root = Change::new::<TrustedApplication>(row.trusted_application_id, ctx.now);
    tx.change(root.without_invalidation())?;
    let Some(application) = tx.find::<TrustedApplication>(row.trusted_application_id)? else { return Ok(()) };
    let event = Event::for_client(AuditEventType::ApplicationUpdated, &application).by(by);
    event.about(row.context_user_id).with("authorization", what).note(ctx, tx)
}
