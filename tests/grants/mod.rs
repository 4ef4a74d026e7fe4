//! Personal and service access tokens: who can create them, and the access that they give.

mod addresses;
mod limits;
pub mod lineage;
mod narrow;
mod personal;
mod secrets;
mod service;

pub use limits::make;
