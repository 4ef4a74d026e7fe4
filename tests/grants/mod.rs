//! Personal and service access tokens: who may make which, and what they open.

mod addresses;
mod limits;
mod narrow;
mod personal;
mod secrets;
mod service;
