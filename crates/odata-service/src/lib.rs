//! The registry as OData under `/api/domain/odata/`, and the description of its model.

mod about;
mod answer;
mod batch;
mod conditional;
mod domain;
mod endpoints;
mod extent;
mod grouped;
mod headers;
mod import;
mod operations;
mod page;
mod posted_query;
mod prefer;
mod read;
mod references;
mod respond;
mod roots;
mod service;
mod stream;
mod transactions;
mod write;

use std::sync::Arc;

use axum::Extension;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use web::http::Endpoints;
use web::http::paths::ODATA;

/// Returns the endpoints of the service and of the model's description. The `odata` crate parses the path below the root,
/// so one handler answers every path.
pub fn endpoints() -> Endpoints {
    Endpoints::default()
        .add_tree(ODATA, &[endpoints::ENDPOINTS, &operations::endpoints()].concat(), service::answer)
        .merge(domain::endpoints())
        .layer(Extension(Arc::new(transactions::Transactions::default())))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(may_wait)))
}

/// Returns whether a response may be collected: compression holds parts of it back.
fn may_wait(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<import::Immediate>().is_none()
}
