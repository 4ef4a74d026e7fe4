//! OpenID Connect: ID tokens, claims, subjects, signing keys and UserInfo.

pub mod acr;
pub mod claims;
pub(crate) mod id_token;
pub(crate) mod keys;
pub(crate) mod step_up;
pub(crate) mod subject;
pub mod user_info;
