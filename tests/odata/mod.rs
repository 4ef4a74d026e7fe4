//! The OData service from a client's point of view: complete exchanges, normalized between runs.

mod changes;
mod declared;
mod description;
mod domain;
mod exchange;
mod import;
mod language;
mod negotiation;
mod reading;
mod resources;
mod rows;
mod streams;
mod transactions;
mod writing;
