//! OpenID Connect: ID tokens, claims, subjects, signing keys and UserInfo.

pub mod acr;
pub mod id_token;
pub mod keys;
pub(crate) mod step_up;
pub mod subject;
pub mod user_info;

pub use input::claims;
