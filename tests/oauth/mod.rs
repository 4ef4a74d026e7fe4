//! The Identity Server, mostly through the unmodified crate `oauth2`.

mod authorization;
mod client_authentication;
mod client_credentials;
mod consent;
mod device;
mod discovery;
mod dpop;
mod introspection;
mod jwt_bearer;
pub mod open_id;
mod pushed;
mod refresh;
mod registration;
mod requests;
mod resources;
mod rust_client;
mod signed;
mod token_exchange;
