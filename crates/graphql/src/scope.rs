//! What a field needs: said in the schema, and asked for from there.

use async_graphql::TypeDirective;

/// The token that a request presents needs this scope for the field; somebody who is signed in to the pages needs none
#[TypeDirective(location = "FieldDefinition", name = "requiresScope")]
pub(super) fn requires_scope(#[graphql(desc = "The scope")] scope: String) {}
