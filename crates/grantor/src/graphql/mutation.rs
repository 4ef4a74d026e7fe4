//! What can be done, one file each.

mod api_access_token_code_authorize;
mod api_access_token_create;
mod api_access_token_revoke;
mod api_application_create;
mod user_create;
mod user_sessions_end;

use async_graphql::{Context, Object};

use self::{
    api_access_token_code_authorize as code_authorize, api_access_token_create as token_create,
    api_access_token_revoke as token_revoke, api_application_create as application_create,
};
use super::error::{Nullable, nullable};

/// The root of mutations.
pub(crate) struct Mutation;

/// What can be done; every field needs the scope `update`
#[Object]
impl Mutation {
    /// Authorizes a code, for somebody who is signed in to the pages; with a token it is refused
    #[graphql(name = "apiAccessTokenCodeAuthorize")]
    async fn api_access_token_code_authorize(
        &self,
        context: &Context<'_>,
        input: code_authorize::Input,
    ) -> Nullable<code_authorize::Payload> {
        nullable(code_authorize::run(context, input).await.map(Some))
    }

    /// Creates a personal or a service access token; a service access token needs an administrator with the scope `sec`
    #[graphql(name = "apiAccessTokenCreate")]
    async fn api_access_token_create(
        &self,
        context: &Context<'_>,
        input: token_create::Input,
    ) -> Nullable<token_create::Payload> {
        nullable(token_create::run(context, input).await.map(Some))
    }

    /// Revokes a token or another grant, with all that came from it
    #[graphql(name = "apiAccessTokenRevoke")]
    async fn api_access_token_revoke(
        &self,
        context: &Context<'_>,
        input: token_revoke::Input,
    ) -> Nullable<token_revoke::Payload> {
        nullable(token_revoke::run(context, input).await.map(Some))
    }

    /// Registers an application; for administrators with the scope `sec`
    #[graphql(name = "apiApplicationCreate")]
    async fn api_application_create(
        &self,
        context: &Context<'_>,
        input: application_create::Input,
    ) -> Nullable<application_create::Payload> {
        nullable(application_create::run(context, input).await.map(Some))
    }

    /// Adds a user; for administrators with the scope `sec`
    async fn user_create(
        &self,
        context: &Context<'_>,
        input: user_create::Input,
    ) -> Nullable<user_create::Payload> {
        nullable(user_create::run(context, input).await.map(Some))
    }

    /// Signs a user out wherever they are signed in, and tells the applications that they signed in to; for administrators
    /// with the scope `sec`
    async fn user_sessions_end(
        &self,
        context: &Context<'_>,
        input: user_sessions_end::Input,
    ) -> Nullable<user_sessions_end::Payload> {
        nullable(user_sessions_end::run(context, input).await.map(Some))
    }
}
