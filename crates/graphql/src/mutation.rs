//! The mutations: one module for each, and one entry in the list below.

mod api_access_token_code_authorize;
mod api_access_token_code_create;
mod api_access_token_code_deny;
mod api_access_token_create;
mod api_access_token_hand_over;
mod api_access_token_narrow;
mod api_access_token_revoke;
mod api_access_token_rotate;
mod api_access_token_update;
mod api_access_tokens_revoke;
mod api_application_create;
mod api_application_delete;
mod api_application_registration_token_create;
mod api_application_rotate_secret;
mod api_application_update;
mod api_resource_create;
mod api_resource_update;
mod api_scope_create;
mod api_scope_update;
mod given;
mod revocation_confirm;
mod revocation_preview;
mod scope_list;
mod user_create;
mod user_delete;
mod user_disable;
mod user_enable;
mod user_invite;
mod user_link_create;
mod user_second_factor_reset;
mod user_sign_out;
mod user_unlock;
mod user_update;
mod viewer_token_revoke;

use async_graphql::{Context, Object};
use authority::scopes;

use super::error::Nullable;
use super::scope::requires_scope;
use super::user_error::payload_or_error;

/// The root of mutations.
pub(crate) struct Mutation;

/// Declares the fields of [`Mutation`]. An entry has the name of its module, which has an `Input`, a `Payload` and the
/// function `run`, and the scope that a token needs for it, if any.
macro_rules! mutations {
    ($($(#[$doc:meta])* $name:ident $(needs $scope:ident)?;)+) => {
        /// The mutations; every field but `apiAccessTokenCodeCreate` and `viewerTokenRevoke` needs the scope `update`
        #[Object]
        impl Mutation {
            $(
                $(#[$doc])*
                $(#[graphql(directive = requires_scope::apply(scopes::$scope.to_owned()))])?
                async fn $name(&self, context: &Context<'_>, input: $name::Input) -> Nullable<$name::Payload> {
                    let id = input.client_mutation_id.clone();
                    payload_or_error(context, id, $name::run(context, input).await)
                }
            )+
        }
    };
}

mutations! {
    /// Authorizes a code; needs a session of the pages, and is refused with a token
    api_access_token_code_authorize needs UPDATE;
    /// Denies a code; needs a session of the pages, and is refused with a token
    api_access_token_code_deny needs UPDATE;
    /// Begins a device login for an application, which authenticates itself in the input; needs no token
    api_access_token_code_create;
    /// Creates a personal or a service access token; a service access token needs an administrator with the scope `sec`
    api_access_token_create needs UPDATE;
    /// Changes the description, expiry and networks of a token; never to more rights than before
    api_access_token_update needs UPDATE;
    /// Replaces a token by a successor with a new secret; the old token ends at once, or after an overlap
    api_access_token_rotate needs UPDATE;
    /// Changes the creator of a token, such as a service access token, to another administrator; for administrators with the scope `sec`
    api_access_token_hand_over needs UPDATE;
    /// Removes from a token the scopes that it has not used, or all but the given ones
    api_access_token_narrow needs UPDATE;
    /// Revokes a token or another grant, with all that came from it
    api_access_token_revoke needs UPDATE;
    /// Revokes the tokens that a filter means, in one step and only those that a dry run has shown
    api_access_tokens_revoke needs UPDATE;
    /// Shows the grants that a filter means, to be revoked by `revocationConfirm` within 15 minutes; nothing is revoked
    revocation_preview needs UPDATE;
    /// Revokes the grants of a preview that still match, in one step, whatever their number
    revocation_confirm needs UPDATE;
    /// Registers an application; for administrators with the scope `sec`
    api_application_create needs UPDATE;
    /// Changes the registration of an application; for administrators with the scope `sec`
    api_application_update needs UPDATE;
    /// Deletes an application with all its grants; for administrators with the scope `sec`
    api_application_delete needs UPDATE;
    /// Creates a token with which applications can only register themselves; for administrators with the scope `sec`
    api_application_registration_token_create needs UPDATE;
    /// Creates a new secret for an application; for administrators with the scope `sec`
    api_application_rotate_secret needs UPDATE;
    /// Adds a resource server for which clients can request tokens; for administrators with the scope `sec`
    api_resource_create needs UPDATE;
    /// Changes or retires a service; for administrators with the scope `sec`
    api_resource_update needs UPDATE;
    /// Adds a scope to the catalogue; for administrators with the scope `sec`
    api_scope_create needs UPDATE;
    /// Changes or retires a scope; for administrators with the scope `sec`
    api_scope_update needs UPDATE;
    /// Removes the second factors of a user, for example after their loss, and signs the user out; for administrators with the scope `sec`
    user_second_factor_reset needs UPDATE;
    /// Signs a user out of the pages; for administrators with the scope `sec`
    user_sign_out needs UPDATE;
    /// Adds a user who sets the first password with a link; for administrators with the scope `sec`
    user_invite needs UPDATE;
    /// Creates a link with which a user sets a new password; for administrators with the scope `sec`
    user_link_create needs UPDATE;
    /// Deletes a user, and ends the user's sessions, tokens and consents; a pseudonym replaces login and name where rows refer to the user; for administrators with the scope `sec`
    user_delete needs UPDATE;
    /// Disables a user, and ends the user's sessions, tokens and consents; for administrators with the scope `sec`
    user_disable needs UPDATE;
    /// Enables a user; nothing that ended comes back; for administrators with the scope `sec`
    user_enable needs UPDATE;
    /// Unlocks a user after too many wrong passwords or codes; for administrators with the scope `sec`
    user_unlock needs UPDATE;
    /// Changes the name, e-mail address or rights of a user; for administrators with the scope `sec`
    user_update needs UPDATE;
    /// Adds a user; for administrators with the scope `sec`
    user_create needs UPDATE;
    /// Revokes the presented token and the grants that were created from it; needs no scope
    viewer_token_revoke;
}
