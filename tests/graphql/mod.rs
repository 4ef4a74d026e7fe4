//! GraphQL as clients see it.

mod changes;
mod clients;
mod events;
mod rows;
mod streams;
