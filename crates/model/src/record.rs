use uuid::Uuid;

use crate::{DecodeError, Entity, Value};

/// The column behind a field of a record, so that code names fields and the compiler checks the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(pub &'static str);

/// A row of an entity as a typed struct; made by [`entity!`](crate::entity).
pub trait Record: Sized + Send + 'static {
    /// The entity whose rows these are.
    fn entity() -> &'static Entity;
    /// The identifier of the row.
    fn id(&self) -> Uuid;
    /// The values of all columns, in the order of [`Entity::columns`].
    fn to_values(&self) -> Vec<Value>;
    /// The record from the values of all columns, in the order of [`Entity::columns`].
    fn from_values(values: &mut dyn Iterator<Item = Value>) -> Result<Self, DecodeError>;
}
