//! The Identity Server, mostly through the unmodified crate `oauth2`.

mod arrival;
mod authorization;
mod certificates;
pub mod ciba;
mod client_authentication;
mod client_credentials;
mod consent;
mod device;
mod discovery;
mod dpop;
mod introspection;
mod jwt_bearer;
mod logout;
mod nobody;
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
mod terms;
mod token_exchange;
mod unknown_scopes;
