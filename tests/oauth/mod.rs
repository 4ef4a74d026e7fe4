//! The Identity Server, mostly through the unmodified crate `oauth2`.

mod client_authentication;
mod client_credentials;
mod device;
mod discovery;
mod dpop;
mod introspection;
mod signed;
