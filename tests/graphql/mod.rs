//! GraphQL as clients see it.

mod batches;
mod changes;
mod clients;
mod events;
mod rows;
mod streams;
