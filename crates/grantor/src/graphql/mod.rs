//! GraphQL over the registry: `POST /graphql`, and `GET /graphql` for queries.
//!
//! A request is authenticated and read in [`transport`], its document is measured in [`document`] before it is
//! validated, and every resolver calls one verb of the authority or one query.

mod caller;
mod document;
mod error;
mod execute;
mod id;
mod media;
mod mutation;
mod query;
#[cfg(test)]
mod tests;
mod transport;
mod types;

use std::sync::{Arc, LazyLock};

use async_graphql::{EmptySubscription, SDLExportOptions};
use axum::Router;
use axum::routing::get;

use crate::app::App;

/// The schema.
pub(crate) type Schema = async_graphql::Schema<query::Query, mutation::Mutation, EmptySubscription>;

/// Makes the schema.
pub(crate) fn schema() -> Schema {
    Schema::build(query::Query, mutation::Mutation, EmptySubscription).finish()
}

/// The schema in the schema definition language, as programs and the reference read it.
pub(crate) fn sdl() -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(|| {
        let options = SDLExportOptions::new()
            .prefer_single_line_descriptions()
            .include_specified_by()
            .use_space_ident();
        schema().sdl_with_options(options)
    });
    &SDL
}

/// What the schema says of itself, for the reference.
pub(crate) async fn introspect(query: &str) -> async_graphql::Response {
    schema().execute(query).await
}

/// The path of the API.
pub(crate) const PATH: &str = "/graphql";

/// `/graphql`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(transport::get).post(transport::post))
        .route("/graphql/schema.graphql", get(transport::schema))
}
