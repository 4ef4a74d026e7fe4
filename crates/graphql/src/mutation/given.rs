//! The optional fields of a change: a new value, or none.

use async_graphql::{InputType, MaybeUndefined};
use authority::Fault;
use model::entities::AccessToken;

use crate::model_types::Filter;

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

/// Checks that a filter of grants to revoke has no empty part: a forgotten operator must not select every grant.
///
/// # Errors
/// [`Fault::BadField`] with the path of the first empty part.
pub(super) fn named_filter(filter: &Filter<AccessToken>) -> Result<(), Fault> {
    match &filter.empty {
        None => Ok(()),
        Some(empty) => {
            let message = format!("name the tokens to revoke: '{empty}' is empty");
            Err(Fault::BadField { field: "filter", message })
        }
    }
}
