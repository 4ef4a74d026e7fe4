//! The OData service as a client sees it: whole exchanges, with what differs from run to run made the same.

mod changes;
mod description;
mod domain;
mod exchange;
mod language;
mod negotiation;
mod resources;
mod rows;
mod streams;
