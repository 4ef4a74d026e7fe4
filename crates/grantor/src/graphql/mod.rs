//! GraphQL over the registry.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// The schema.
pub(crate) type Schema = ();

pub(crate) fn schema() -> Schema {}

/// `/graphql`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}
