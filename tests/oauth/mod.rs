//! The Identity Server, mostly through the unmodified crate `oauth2`.

mod authorization;
mod client_authentication;
mod client_credentials;
mod clients;
mod consent;
mod device;
mod discovery;
mod dpop;
mod introspection;
pub mod open_id;
mod pushed;
mod refresh;
mod rust_client;
mod signed;
