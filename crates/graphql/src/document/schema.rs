//! The schema as the validation reads it: the public text of the schema, parsed once.

use std::sync::LazyLock;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;

/// The field of `__Type` that is newer than the October 2021 specification. Code generators and GraphiQL select it.
const ADDITIONS: &str = "extend type __Type { isOneOf: Boolean }";

/// The schema.
pub(crate) fn schema() -> &'static Valid<Schema> {
    static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
        let text = format!("{}\n{ADDITIONS}\n", crate::schema::sdl());
        // A test parses the same text: with an empty schema every document is refused.
        Schema::parse_and_validate(text, "schema.graphql").unwrap_or_else(|invalid| {
            tracing::error!(errors = %invalid.errors, "the GraphQL schema is invalid");
            Valid::assume_valid(Schema::new())
        })
    });
    &SCHEMA
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_valid() {
        for root in ["Query", "Mutation", "Subscription"] {
            assert!(schema().get_object(root).is_some(), "{root}");
        }
    }
}
