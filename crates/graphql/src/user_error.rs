//! What the sender of a change got wrong, as data for whoever asks for it: a refusal that nobody asks for as data is an
//! error like any other, so none goes unnoticed.

use async_graphql::{Context, SimpleObject};
use authority::Fault;
use web::http;

use super::error::{Nullable, field_of, message};

/// Why a change was not made, by what the sender can do about it
#[derive(SimpleObject)]
pub(super) struct UserError {
    /// A stable word for programs, as in the extensions of errors
    code: String,
    /// What is wrong, for people
    message: String,
    /// The field of the input, where it is about one
    field: Option<String>,
}

/// A payload that can say why nothing was changed.
pub(super) trait Payload: Sized {
    fn refused(error: UserError, client_mutation_id: Option<String>) -> Self;
}

/// Lets a payload, all members of which can be missing, say why nothing was changed.
macro_rules! refusable {
    ($payload:ty) => {
        impl $crate::user_error::Payload for $payload {
            fn refused(error: $crate::user_error::UserError, client_mutation_id: Option<String>) -> Self {
                Self { user_errors: vec![error], client_mutation_id, ..Self::default() }
            }
        }
    };
}
pub(super) use refusable;

/// What became of a change, with the refusal as data where the document asks for `userErrors`.
pub(super) fn outcome<P: Payload>(
    context: &Context<'_>,
    client_mutation_id: Option<String>,
    outcome: Result<P, Fault>,
) -> Nullable<P> {
    let asked = || context.look_ahead().field("userErrors").exists();
    Some(match outcome {
        Ok(payload) => Ok(payload),
        Err(fault) if is_of_sender(&fault) && asked() => {
            let error = UserError {
                code: http::api_code(&fault).1.to_owned(),
                message: message(&fault),
                field: field_of(&fault),
            };
            Ok(P::refused(error, client_mutation_id))
        }
        Err(fault) => Err(fault.into()),
    })
}

/// Whether another input could be accepted from the same sender.
const fn is_of_sender(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::BadField { .. }
            | Fault::Conflict(_)
            | Fault::InvalidRequest(_)
            | Fault::InvalidScope(_)
            | Fault::InvalidTarget(_)
            | Fault::NotFound(_)
            | Fault::Query(_)
    )
}
