//! The schema.

use std::sync::LazyLock;

use async_graphql::{Response, SDLExportOptions, ValidationMode};

use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Events;

/// The schema.
#[derive(Clone)]
pub(super) struct Schema(pub(super) async_graphql::Schema<Query, Mutation, Events>);

impl Default for Schema {
    fn default() -> Self {
        // Documents are validated before the executor gets them (`super::document`).
        let schema = async_graphql::Schema::build(Query, Mutation, Events);
        Self(schema.validation_mode(ValidationMode::Fast).finish())
    }
}

impl Schema {
    /// The schema in the schema definition language.
    fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .prefer_single_line_descriptions()
            .include_specified_by()
            .use_space_ident();
        self.0.sdl_with_options(options)
    }

    /// Runs an introspection query.
    async fn introspect(&self, query: &str) -> Response {
        self.0.execute(query).await
    }
}

/// The schema in the schema definition language, as programs and the reference read it.
pub fn sdl() -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(|| Schema::default().sdl());
    &SDL
}

/// Runs an introspection query, for the reference.
pub async fn introspect(query: &str) -> async_graphql::Response {
    Schema::default().introspect(query).await
}
