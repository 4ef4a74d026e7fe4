//! The Identity Server, mostly through the unmodified crate `oauth2`.

mod authorization;
mod certificates;
pub mod ciba;
mod client_authentication;
mod client_credentials;
mod consent;
mod device;
mod discovery;
mod dpop;
mod dpop_once;
mod introspection;
mod jwt_bearer;
mod logout;
pub mod open_id;
mod pushed;
mod refresh;
mod registration;
mod requests;
mod resources;
mod rust_client;
mod secrets;
mod signed;
mod step_up;
mod token_exchange;
