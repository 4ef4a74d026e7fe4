//! What the surfaces have in common: the context of a request, credentials, forms, the log.

mod caller;
mod credentials;
mod fault;
mod form;
mod forwarded;
mod host;
mod log;
pub(crate) mod protected;
mod protection;
mod proxies;
mod request;
mod shown;

pub(crate) use caller::token_caller;
pub(crate) use credentials::presented_token;
pub(crate) use fault::{advise, api_code, challenge, refused, refused_for, wait};
pub(crate) use form::{BodyError, body, decode, encode_form, form_fields, form_pairs};
pub(crate) use forwarded::ForwardedHeader;
pub(crate) use host::one_host;
pub(crate) use log::{log, panicked};
pub(crate) use protection::protect;
pub(crate) use proxies::Proxies;
pub(crate) use request::{RequestCtx, patient};
pub(crate) use shown::offer_nonce;
