//! OData over the registry.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// `/api/domain/odata/…`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}
