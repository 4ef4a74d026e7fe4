//! OpenID Connect: ID tokens, claims, subjects, signing keys and UserInfo.

pub mod acr;
pub(crate) mod id_token;
pub(crate) mod keys;
pub(crate) mod step_up;
pub(crate) mod subject;
pub mod user_info;

pub use input::claims;
