//! The refusals of mutations as data, for documents that select `userErrors`. Otherwise a refusal is an error, so that
//! it cannot go unnoticed.

use async_graphql::{Context, SimpleObject};
use authority::Fault;
use web::http;

use super::error::{Nullable, field_of, message};

/// The reason for which a change was refused, if another input could be accepted
#[derive(SimpleObject)]
pub(super) struct UserError {
    /// The code for programs, as in the extensions of errors
    code: String,
    /// The message for people
    message: String,
    /// The field of the input, if the refusal is about one
    field: Option<String>,
}

/// The payload of a mutation.
pub(super) trait MutationPayload: Sized {
    /// Returns the payload of a refused change; nothing where the payload has no `userErrors`.
    fn refused(error: UserError) -> Option<Self>;
    /// Returns the member for the `clientMutationId` of the input.
    fn client_mutation_id(&mut self) -> &mut Option<String>;
}

/// Implements [`MutationPayload`] for a payload with `user_errors`, whose other members are optional.
macro_rules! refusable {
    ($payload:ty) => {
        impl $crate::user_error::MutationPayload for $payload {
            fn refused(error: $crate::user_error::UserError) -> Option<Self> {
                Some(Self { user_errors: vec![error], ..Self::default() })
            }

            fn client_mutation_id(&mut self) -> &mut Option<String> {
                &mut self.client_mutation_id
            }
        }
    };
}
pub(super) use refusable;

/// Completes the payload of a mutation with the `clientMutationId` of its input. A refusal becomes a payload if the
/// document selects `userErrors`.
pub(super) fn payload_or_error<P: MutationPayload>(
    context: &Context<'_>,
    client_mutation_id: Option<String>,
    outcome: Result<P, Fault>,
) -> Nullable<P> {
    let payload = outcome.or_else(|fault| {
        let is_payload = is_correctable(&fault) && context.look_ahead().field("userErrors").exists();
        let refused = is_payload.then(|| UserError {
            code: http::api_code(&fault).1.to_owned(),
            message: message(&fault),
            field: field_of(&fault),
        });
        refused.and_then(P::refused).ok_or(fault)
    });
    Some(payload.map_err(Into::into).map(|mut payload| {
        *payload.client_mutation_id() = client_mutation_id;
        payload
    }))
}

/// Whether another input could be accepted from the same sender.
const fn is_correctable(fault: &Fault) -> bool {
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
