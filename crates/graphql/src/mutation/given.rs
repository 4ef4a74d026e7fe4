//! The optional fields of a change: a new value, or none.

use async_graphql::{InputType, MaybeUndefined};
use authority::Fault;

/// Returns the new value of a field; nothing where it is left out.
///
/// # Errors
/// [`Fault::BadField`] for null, which could be read as "leave it" or as "remove it".
pub(super) fn given<T: InputType>(field: &'static str, value: MaybeUndefined<T>) -> Result<Option<T>, Fault> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => {
            let message = "null is not allowed; leave the field out to keep its value".to_owned();
            Err(Fault::BadField { field, message })
        }
    }
}
