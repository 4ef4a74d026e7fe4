//! GraphQL as clients see it.

mod batches;
mod carried_through;
mod changes;
mod clients;
mod events;
mod inputs;
mod rows;
mod streams;
