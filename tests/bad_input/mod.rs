//! Whatever is wrong with a request: a refusal of the documented sort, and nothing changed by it.

mod apis;
mod applications;
mod connections;
mod graphql;
mod oauth;
mod odata;
mod pages;
mod watch;
mod wire;

pub use watch::Watch;
