//! What holds for the rows of every entity: conditions, values that return to their defaults, external identifiers.

use model::writing::{Given, Intent, Settable};
use model::{Attribute, Column, Default as DefaultValue, Entity, Property, Record, Uuid, Value};
use store::{Change, StoreError, Tx};

use super::Condition;
use super::fields::{Fields, differing};
use authority::{Ctx, Fault};

/// A change of a row, as a client asks for it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) given: Given,
    pub(super) replaces: bool,
    pub(super) condition: Condition,
}

/// Finds a row that is about to be written, and checks the condition. The row is locked if there is one.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such row, or none that the caller may see; [`Fault::Stale`].
pub(super) fn find<R: Record>(
    tx: &mut Tx<'_>,
    id: Uuid,
    condition: &Condition,
    version: impl Fn(&R) -> i32,
    may_see: impl Fn(&R) -> bool,
) -> Result<R, Fault> {
    let found = if condition.is_any() { tx.find(id)? } else { tx.find_exclusive(id)? };
    checked(found, condition, version, may_see)
}

/// Finds and locks a row that is about to be changed: its other values stay as they are until the change is committed.
///
/// # Errors
/// As [`find`].
pub(super) fn find_locked<R: Record>(
    tx: &mut Tx<'_>,
    id: Uuid,
    condition: &Condition,
    version: impl Fn(&R) -> i32,
    may_see: impl Fn(&R) -> bool,
) -> Result<R, Fault> {
    checked(tx.find_exclusive(id)?, condition, version, may_see)
}

fn checked<R>(
    found: Option<R>,
    condition: &Condition,
    version: impl Fn(&R) -> i32,
    may_see: impl Fn(&R) -> bool,
) -> Result<R, Fault> {
    let none = || Fault::NotFound("there is no such row, or none that you may see".to_owned());
    let row = found.filter(may_see).ok_or_else(none)?;
    condition.check(version(&row))?;
    Ok(row)
}

/// Returns the values of a change that differ from those of the row, after all of them were checked.
///
/// # Errors
/// [`Fault::BadFields`].
pub(super) fn changes<R: Record>(ctx: &Ctx, row: &R, asked: &Asked) -> Result<Given, Fault> {
    let entity = R::entity();
    let present: Vec<_> = entity.columns().map(|(_, property)| property).zip(row.to_values()).collect();
    let mut given = asked.given.clone();
    if asked.replaces {
        given.values.extend(defaults(ctx, entity, &asked.given));
    }
    let mut fields = Fields::check(entity, Intent::Change { present: &present }, &given);
    for (collection, _) in &given.children {
        fields.refuse(collection.name, "children are written at their own addresses");
    }
    fields.end()?;
    Ok(differing(given, &present))
}

/// Returns the default of each value that clients may change and that is not given.
fn defaults(ctx: &Ctx, entity: &'static Entity, given: &Given) -> Vec<(Property, Value)> {
    let is_given = |property: &Property| {
        given.values.iter().any(|(other, _)| other.column() == property.column())
            || given.unreadable.iter().any(|error| error.target == property.name())
    };
    let missing =
        entity.properties().filter(|property| property.settable() == Settable::Always && !is_given(property));
    missing.map(|property| (property, default(ctx, property))).collect()
}

fn default(ctx: &Ctx, property: Property) -> Value {
    let Property::Attribute(Attribute { default: Some(default), data_type, .. }) = property else {
        return Value::Null;
    };
    match default {
        DefaultValue::NowUtc => Value::Time(ctx.now),
        DefaultValue::NewGuid => Value::Null,
        DefaultValue::Bool(value) => Value::Bool(*value),
        DefaultValue::Int(value) => Value::Int(*value),
        DefaultValue::Member(name) => match data_type {
            model::DataType::Enum(kind) => {
                kind.member(name).map_or(Value::Null, |member| member.code.value())
            }
            _ => Value::Null,
        },
    }
}

/// Returns whether an external identifier is given.
pub(super) fn has_external(given: &Given) -> bool {
    given.values.iter().any(|(property, _)| is_external(*property))
}

fn is_external(property: Property) -> bool {
    matches!(property.column(), Some(Attribute::EXTERNAL_ID_COLUMN | Attribute::EXTERNAL_SYSTEM_COLUMN))
}

/// Sets the external identifiers of a row that a verb of the same transaction created or changed.
///
/// # Errors
/// [`Fault::Conflict`] if another row has them.
pub(super) fn set_external<R: Record>(tx: &mut Tx<'_>, id: Uuid, given: &Given) -> Result<(), Fault> {
    let external = given.values.iter().filter(|(property, _)| is_external(*property));
    let mut change = None;
    for (property, value) in external {
        let Some(column) = property.column() else { continue };
        let text = value.as_text().filter(|text| !text.is_empty()).map(str::to_owned);
        let before = change.take().unwrap_or_else(|| Change::silent::<R>(id));
        change = Some(before.set(Column(column), &text));
    }
    let Some(change) = change else { return Ok(()) };
    let taken = || Fault::Conflict("another row has this ExternalId in this ExternalSystem".to_owned());
    match tx.change(change) {
        Ok(_) => Ok(()),
        Err(StoreError::Duplicate) => Err(taken()),
        Err(other) => Err(other.into()),
    }
}
