//! What can be done, one file each.

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
mod scope_list;
mod user_create;
mod user_second_factor_reset;
mod user_sign_out;
mod user_unlock;
mod viewer_token_revoke;

use async_graphql::{Context, Object};
use authority::scopes;

use self::{
    api_access_token_code_authorize as code_authorize, api_access_token_code_create as code_create,
    api_access_token_code_deny as code_deny, api_access_token_create as token_create,
    api_access_token_hand_over as token_hand_over, api_access_token_narrow as token_narrow,
    api_access_token_revoke as token_revoke, api_access_token_rotate as token_rotate,
    api_access_token_update as token_update, api_access_tokens_revoke as tokens_revoke,
    api_application_create as application_create, api_application_delete as application_delete,
    api_application_registration_token_create as registration_token_create,
    api_application_rotate_secret as secret_rotate, api_application_update as application_update,
    api_resource_create as resource_create, api_resource_update as resource_update,
    api_scope_create as scope_create, api_scope_update as scope_update,
};
use super::error::{Nullable, nullable};
use super::scope::requires_scope;
use super::user_error::outcome;

/// The root of mutations.
pub(crate) struct Mutation;

/// What can be done; every field but `apiAccessTokenCodeCreate` and `viewerTokenRevoke` needs the scope `update`
#[Object]
impl Mutation {
    /// Authorizes a code, for somebody who is signed in to the pages; with a token it is refused
    #[graphql(
        name = "apiAccessTokenCodeAuthorize",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_code_authorize(
        &self,
        context: &Context<'_>,
        input: code_authorize::Input,
    ) -> Nullable<code_authorize::Payload> {
        nullable(code_authorize::run(context, input).await.map(Some))
    }

    /// Denies a code, for somebody who is signed in to the pages; with a token it is refused
    #[graphql(
        name = "apiAccessTokenCodeDeny",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_code_deny(
        &self,
        context: &Context<'_>,
        input: code_deny::Input,
    ) -> Nullable<code_deny::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, code_deny::run(context, input).await)
    }

    /// Begins a device login for an application, which proves in the input who it is; this alone is done without a token
    #[graphql(name = "apiAccessTokenCodeCreate")]
    async fn api_access_token_code_create(
        &self,
        context: &Context<'_>,
        input: code_create::Input,
    ) -> Nullable<code_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, code_create::run(context, input).await)
    }

    /// Creates a personal or a service access token; a service access token needs an administrator with the scope `sec`
    #[graphql(
        name = "apiAccessTokenCreate",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_create(
        &self,
        context: &Context<'_>,
        input: token_create::Input,
    ) -> Nullable<token_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_create::run(context, input).await)
    }

    /// Changes what a token is called, until when and from where it may be used; never to more than before
    #[graphql(
        name = "apiAccessTokenUpdate",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_update(
        &self,
        context: &Context<'_>,
        input: token_update::Input,
    ) -> Nullable<token_update::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_update::run(context, input).await)
    }

    /// Gives a token a successor with a new secret; the former ends at once, or after an overlap
    #[graphql(
        name = "apiAccessTokenRotate",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_rotate(
        &self,
        context: &Context<'_>,
        input: token_rotate::Input,
    ) -> Nullable<token_rotate::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_rotate::run(context, input).await)
    }

    /// Names another administrator as the maker of a token, such as one of a service; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_access_token_hand_over(
        &self,
        context: &Context<'_>,
        input: token_hand_over::Input,
    ) -> Nullable<token_hand_over::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_hand_over::run(context, input).await)
    }

    /// Takes from a token what it has not used, or all but some scopes
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_access_token_narrow(
        &self,
        context: &Context<'_>,
        input: token_narrow::Input,
    ) -> Nullable<token_narrow::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_narrow::run(context, input).await)
    }

    /// Revokes a token or another grant, with all that came from it
    #[graphql(
        name = "apiAccessTokenRevoke",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_access_token_revoke(
        &self,
        context: &Context<'_>,
        input: token_revoke::Input,
    ) -> Nullable<token_revoke::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, token_revoke::run(context, input).await)
    }

    /// Revokes the tokens that a filter means, in one step and only those that a dry run has shown
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_access_tokens_revoke(
        &self,
        context: &Context<'_>,
        input: tokens_revoke::Input,
    ) -> Nullable<tokens_revoke::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, tokens_revoke::run(context, input).await)
    }

    /// Registers an application; for administrators with the scope `sec`
    #[graphql(
        name = "apiApplicationCreate",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_application_create(
        &self,
        context: &Context<'_>,
        input: application_create::Input,
    ) -> Nullable<application_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, application_create::run(context, input).await)
    }

    /// Changes the registration of an application; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_application_update(
        &self,
        context: &Context<'_>,
        input: application_update::Input,
    ) -> Nullable<application_update::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, application_update::run(context, input).await)
    }

    /// Deletes an application with all that it was given; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_application_delete(
        &self,
        context: &Context<'_>,
        input: application_delete::Input,
    ) -> Nullable<application_delete::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, application_delete::run(context, input).await)
    }

    /// Makes a token with which applications register themselves, and which does nothing else; for administrators with the scope `sec`
    #[graphql(
        name = "apiApplicationRegistrationTokenCreate",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_application_registration_token_create(
        &self,
        context: &Context<'_>,
        input: registration_token_create::Input,
    ) -> Nullable<registration_token_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, registration_token_create::run(context, input).await)
    }

    /// Gives an application a new secret; for administrators with the scope `sec`
    #[graphql(
        name = "apiApplicationRotateSecret",
        directive = requires_scope::apply(scopes::UPDATE.to_owned())
    )]
    async fn api_application_rotate_secret(
        &self,
        context: &Context<'_>,
        input: secret_rotate::Input,
    ) -> Nullable<secret_rotate::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, secret_rotate::run(context, input).await)
    }

    /// Adds a service for which tokens can be asked for; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_resource_create(
        &self,
        context: &Context<'_>,
        input: resource_create::Input,
    ) -> Nullable<resource_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, resource_create::run(context, input).await)
    }

    /// Changes or retires a service; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_resource_update(
        &self,
        context: &Context<'_>,
        input: resource_update::Input,
    ) -> Nullable<resource_update::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, resource_update::run(context, input).await)
    }

    /// Adds a scope to the catalogue; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_scope_create(
        &self,
        context: &Context<'_>,
        input: scope_create::Input,
    ) -> Nullable<scope_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, scope_create::run(context, input).await)
    }

    /// Changes or retires a scope; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn api_scope_update(
        &self,
        context: &Context<'_>,
        input: scope_update::Input,
    ) -> Nullable<scope_update::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, scope_update::run(context, input).await)
    }

    /// Removes the second factors of a user who lost theirs, and signs them out; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn user_second_factor_reset(
        &self,
        context: &Context<'_>,
        input: user_second_factor_reset::Input,
    ) -> Nullable<user_second_factor_reset::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, user_second_factor_reset::run(context, input).await)
    }

    /// Signs a user out of the pages; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn user_sign_out(
        &self,
        context: &Context<'_>,
        input: user_sign_out::Input,
    ) -> Nullable<user_sign_out::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, user_sign_out::run(context, input).await)
    }

    /// Lets a user try passwords and codes again at once, after too many were wrong; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn user_unlock(
        &self,
        context: &Context<'_>,
        input: user_unlock::Input,
    ) -> Nullable<user_unlock::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, user_unlock::run(context, input).await)
    }

    /// Adds a user; for administrators with the scope `sec`
    #[graphql(directive = requires_scope::apply(scopes::UPDATE.to_owned()))]
    async fn user_create(
        &self,
        context: &Context<'_>,
        input: user_create::Input,
    ) -> Nullable<user_create::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, user_create::run(context, input).await)
    }
    /// Revokes the token that was presented, with all that came from it; a token ends itself without any scope
    async fn viewer_token_revoke(
        &self,
        context: &Context<'_>,
        input: viewer_token_revoke::Input,
    ) -> Nullable<viewer_token_revoke::Payload> {
        let id = input.client_mutation_id.clone();
        outcome(context, id, viewer_token_revoke::run(context, input).await)
    }
}
