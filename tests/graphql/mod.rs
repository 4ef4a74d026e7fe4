//! GraphQL from a client's point of view.

mod batches;
mod carried_through;
mod changes;
mod clients;
mod events;
mod inputs;
mod rows;
mod streams;
