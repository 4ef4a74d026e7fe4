//! The scope that a field needs: declared in the schema, and checked from there.

use async_graphql::TypeDirective;

/// The token of the request needs this scope for the field; a session of the pages needs no scope
#[TypeDirective(location = "FieldDefinition", name = "requiresScope")]
pub(super) fn requires_scope(#[graphql(desc = "The scope")] scope: String) {}
