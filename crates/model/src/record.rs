use uuid::Uuid;

use crate::{DecodeError, Entity, Value};

/// The column of a record's field. Code names fields through these constants, so that the compiler checks
/// the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(pub &'static str);

/// A row of an entity as a typed struct. Implemented by [`entity!`](crate::entity!).
///
/// ```
/// use model::entities::AccessToken;
/// use model::{Column, Record as _};
///
/// assert_eq!(AccessToken::entity().name, "AccessTokens");
/// assert_eq!(AccessToken::Kind, Column("kind"));
/// ```
pub trait Record: Sized + Send + 'static {
    /// Returns the entity of the row.
    fn entity() -> &'static Entity;
    /// Returns the identifier of the row.
    fn id(&self) -> Uuid;
    /// Returns the values of all columns, in the order of [`Entity::columns`].
    fn to_values(&self) -> Vec<Value>;
    /// Reads a record from the values of all columns, in the order of [`Entity::columns`].
    fn from_values(values: &mut dyn Iterator<Item = Value>) -> Result<Self, DecodeError>;
}
