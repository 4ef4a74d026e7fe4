//! GraphQL over the registry: `POST /graphql`, and `GET /graphql` for queries.
//!
//! A request is authenticated and read in [`transport`]. Its document is measured and validated in [`document`], and
//! its input values are coerced in [`input`], before anything runs. Every resolver calls one verb of the authority or
//! one query.

mod answer;
mod authenticate;
mod caller;
mod check;
mod cost;
mod counts;
mod document;
mod documents;
mod error;
mod execute;
mod executor;
mod id;
mod input;
mod limits;
mod lines;
mod media;
mod mutation;
mod open;
mod outline;
mod places;
mod query;
mod question;
mod reading;
mod refusal;
mod run;
mod runnable;
mod schema;
mod scope;
mod sender;
mod service;
mod shape;
mod sse;
mod streams;
mod subscription;
#[cfg(test)]
mod tests;
mod transport;
mod types;
mod user_error;
mod web_socket;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::handler::Handler;
use axum::routing::get;
use web::App;
use web::http::paths;

pub use check::{check_document, check_filter};
pub use documents::{DocumentSettings, Documents};
pub use limits::Limits;
pub use schema::{introspect, sdl};
pub use service::Service;

/// Returns the routes of the API. `page` answers a browser that opens its address without a query.
pub fn router<H, T>(service: Arc<Service>, page: H) -> Router<Arc<App>>
where
    H: Handler<T, Arc<App>> + Sync,
    T: 'static,
{
    let read = async move |State(app): State<Arc<App>>, request: Request| {
        if transport::is_for_page(&request) {
            page.clone().call(request, app).await
        } else {
            transport::get.call(request, app).await
        }
    };
    Router::new()
        .route(paths::GRAPHQL, get(read).post(transport::post))
        .route(paths::GRAPHQL_SCHEMA, get(transport::schema))
        .layer(Extension(service))
}
