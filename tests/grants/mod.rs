//! Personal and service access tokens: who may make which, and what they open.

mod addresses;
mod limits;
pub mod lineage;
mod narrow;
mod personal;
mod secrets;
mod service;
