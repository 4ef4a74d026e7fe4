//! GraphQL over the registry: `POST /graphql`, and `GET /graphql` for queries.
//!
//! A request is authenticated and read in [`transport`]. Its document is measured and validated in [`document`], and
//! its input values are coerced in [`input`], before anything runs. Every resolver calls one verb of the authority or
//! one query.

mod anonymous;
mod authenticate;
mod blast_radius;
mod check;
mod connection;
mod context;
mod cost;
mod counts;
mod date_time;
mod document;
mod documents;
mod endpoints;
mod error;
mod executable;
mod execute;
mod executor;
mod id;
mod input;
mod input_error;
mod limits;
mod line_index;
mod loaders;
mod media;
mod model_types;
mod mutation;
mod query;
mod rejection;
mod request;
mod requester;
mod response;
mod row;
mod run;
mod schema;
mod schema_index;
mod scope;
mod service;
mod shape;
mod sse;
mod streams;
mod subscription;
mod subscription_slots;
#[cfg(test)]
mod tests;
mod transport;
mod types;
mod user_error;
mod web_socket;

use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::handler::Handler;
use web::App;
use web::http::Endpoints;

pub use check::{check_document, check_filter};
pub use documents::{DocumentSettings, Documents};
pub use limits::Limits;
pub use schema::{introspect, sdl};
pub use service::Service;

/// Returns the endpoints of the API. `page` answers a browser that opens its address without a query.
pub fn endpoints<H, T>(service: Arc<Service>, page: H) -> Endpoints
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
    Endpoints::default()
        .add(&endpoints::QUERY, read)
        .add(&endpoints::EXECUTE, transport::post)
        .add(&endpoints::SCHEMA, transport::schema)
        .layer(Extension(service))
}
