//! The OData service as a client sees it: whole exchanges, with what differs from run to run made the same.

mod description;
mod domain;
mod exchange;
mod language;
mod negotiation;
mod rows;
