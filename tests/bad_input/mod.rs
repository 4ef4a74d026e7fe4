//! Every invalid request gets a documented refusal and changes nothing.

mod apis;
mod applications;
mod connections;
mod graphql;
mod oauth;
mod odata;
mod pages;
mod slow;
mod watch;
mod wire;

pub use watch::Watch;
