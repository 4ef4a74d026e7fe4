//! GraphQL over the registry: `POST /graphql`, and `GET /graphql` for queries.
//!
//! A request is authenticated and read in [`transport`]. Its document is measured and validated in [`document`], and
//! its input values are coerced in [`input`], before anything runs. Every resolver calls one verb of the authority or
//! one query.

mod answer;
mod caller;
#[cfg(test)]
mod check;
mod cost;
mod counts;
mod document;
mod documents;
mod error;
mod execute;
mod id;
mod input;
mod limits;
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

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(crate) use documents::Documents;
pub(crate) use limits::Limits;
pub(crate) use schema::Schema;

/// What answers: the schema, and how much of it at once.
pub(crate) struct Service {
    pub(crate) schema: Schema,
    pub(crate) limits: Limits,
    documents: Documents,
    places: places::Places,
}

impl Default for Service {
    fn default() -> Self {
        Self::new(Limits::default(), Documents::default())
    }
}

impl Service {
    /// Answers within these limits; the documents can be run by their hashes.
    pub(crate) fn new(limits: Limits, documents: Documents) -> Self {
        Self { schema: Schema::default(), limits, documents, places: places::Places::default() }
    }

    /// How many subscriptions are open.
    pub(crate) fn streams(&self) -> u64 {
        self.places.taken()
    }
}

/// The schema in the schema definition language, as programs and the reference read it.
pub(crate) fn sdl() -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(|| Schema::default().sdl());
    &SDL
}

/// What the schema says of itself, for the reference.
pub(crate) async fn introspect(query: &str) -> async_graphql::Response {
    Schema::default().introspect(query).await
}

/// The path of the API.
pub(crate) const PATH: &str = "/graphql";

/// `/graphql`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(transport::get).post(transport::post))
        .route("/graphql/schema.graphql", get(transport::schema))
}
