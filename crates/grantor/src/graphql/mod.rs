//! GraphQL over the registry.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// The schema.
pub(crate) type Schema = async_graphql::Schema<
    async_graphql::EmptyMutation,
    async_graphql::EmptyMutation,
    async_graphql::EmptySubscription,
>;

pub(crate) fn schema() -> Schema {
    unreachable!()
}

/// `/graphql`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}
