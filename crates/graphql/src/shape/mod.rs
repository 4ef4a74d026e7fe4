//! The shape of an answer (GraphQL, sections 6.3.2, 6.4.3, 6.4.4 and 7.1).
//!
//! The executor of async-graphql answers fields in the order in which they are resolved, resolves a field as often as
//! the document selects it, gives null for an object of which nothing is selected, and leaves a field out where its
//! resolver fails. So [`plan`] merges a document's selections before it runs: each field once, in the order of the
//! request, without fragments and directives. [`complete`] gives the data the shape of that plan.

mod complete;
mod plan;
#[cfg(test)]
mod tests;
mod types;

pub(super) use complete::complete;
pub(super) use plan::{Plan, plan};
