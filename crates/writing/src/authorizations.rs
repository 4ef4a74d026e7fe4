//! Authorizations: children of applications, which administrators add, change and remove.

use model::entities::TrustedApplicationAuthorization;
use model::writing::{FieldError, Given, Intent};
use model::{Record as _, Uuid};
use store::Tx;

use super::fields::{Fields, renamed};
use super::row::{self, Asked};
use super::{Action, Outcome, Step, not_writable};
use authority::clients::authorizations::{
    AuthorizationValues, NewAuthorization, delete_in, insert_in, update_in,
};
use authority::{Caller, Ctx, Fault};

pub(super) fn prepare(ctx: &Ctx, caller: &Caller, id: Uuid, action: Action) -> Result<Step, Fault> {
    caller.require_administrator(ctx)?;
    let by = caller.clone();
    match action {
        Action::Create(given) => {
            let new = NewRow::read(id, None, given)?;
            Ok(Box::new(move |ctx, tx| insert(ctx, tx, &by, &new)))
        }
        Action::Update { given, replaces, condition } => {
            let asked = Asked { given, replaces, condition };
            Ok(Box::new(move |ctx, tx| update(ctx, tx, &by, id, &asked)))
        }
        Action::Delete(condition) => Ok(Box::new(move |ctx, tx| {
            let row = row::find(tx, id, &condition, version, |_| true)?;
            delete_in(ctx, tx, &by, &row)?;
            Ok(Outcome::default())
        })),
        Action::Call { .. } => Err(not_writable(TrustedApplicationAuthorization::entity())),
    }
}

fn version(row: &TrustedApplicationAuthorization) -> i32 {
    row.object_version
}

/// An authorization that was read.
pub(super) struct NewRow {
    new: NewAuthorization,
    given: Given,
    /// Path of the row in the body of its application.
    place: Option<String>,
}

impl NewRow {
    /// Reads a row in the body of a new application.
    pub(super) fn below(ctx: &Ctx, application: Uuid, place: &str, given: Given) -> Result<Self, Fault> {
        let read = Self::read(ctx.new_id()?, Some(application), given);
        Ok(Self { place: Some(place.to_owned()), ..read.map_err(|fault| at(fault, Some(place)))? })
    }

    fn read(id: Uuid, application: Option<Uuid>, given: Given) -> Result<Self, Fault> {
        let owner = application.map(|_| "TrustedApplication");
        let fields =
            Fields::check(TrustedApplicationAuthorization::entity(), Intent::Create { owner }, &given);
        let new = NewAuthorization {
            id,
            application: application.or_else(|| fields.row("TrustedApplication")).unwrap_or_default(),
            user: fields.row("ContextUser").unwrap_or_default(),
            values: values(&fields, AuthorizationValues::default()),
        };
        fields.end()?;
        Ok(Self { new, given, place: None })
    }
}

/// Reads the values that can change; those that are not given stay as they are.
fn values(fields: &Fields<'_>, before: AuthorizationValues) -> AuthorizationValues {
    let time = |name: &str, own| if fields.has(name) { fields.time(name) } else { own };
    AuthorizationValues {
        is_revoked: fields.value("IsRevoked").unwrap_or(before.is_revoked),
        notes: fields.given_text("Notes").unwrap_or(before.notes),
        valid_from: time("ValidFromUtc", before.valid_from),
        valid_until: time("ValidUntilUtc", before.valid_until),
    }
}

pub(super) fn insert(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, row: &NewRow) -> Result<Outcome, Fault> {
    let inserted = insert_in(ctx, tx, by, &row.new);
    let inserted = inserted.map_err(|fault| at(renamed(fault, name_of), row.place.as_deref()))?;
    row::set_external::<TrustedApplicationAuthorization>(tx, inserted.id, &row.given)?;
    Ok(Outcome::of_version(inserted.object_version))
}

/// Moves the targets of a fault to the place of the row.
fn at(fault: Fault, place: Option<&str>) -> Fault {
    match (fault, place) {
        (Fault::BadFields(errors), Some(place)) => {
            Fault::BadFields(errors.into_iter().map(|error: FieldError| error.below(place)).collect())
        }
        (fault, _) => fault,
    }
}

fn update(ctx: &Ctx, tx: &mut Tx<'_>, by: &Caller, id: Uuid, asked: &Asked) -> Result<Outcome, Fault> {
    let before = row::find_locked(tx, id, &asked.condition, version, |_| true)?;
    let changes = row::changes(ctx, &before, asked)?;
    if changes.values.is_empty() {
        return Ok(Outcome::of_version(before.object_version));
    }
    let values = values(&Fields::checked(&changes), AuthorizationValues::from(&before));
    update_in(ctx, tx, by, &before, values).map_err(|fault| renamed(fault, name_of))?;
    row::set_external::<TrustedApplicationAuthorization>(tx, id, &changes)?;
    // A revocation that ends consents counts as a second change.
    let after = tx.find::<TrustedApplicationAuthorization>(id)?.unwrap_or(before);
    Ok(Outcome::of_version(after.object_version))
}

fn name_of(field: &str) -> Option<&'static str> {
    TrustedApplicationAuthorization::entity().property(field).map(model::Property::name)
}
