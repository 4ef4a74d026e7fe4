//! What the surfaces have in common: the context of a request, credentials, forms, the log.

mod caller;
pub(crate) mod cookies;
mod credentials;
pub(crate) mod csrf;
pub(crate) mod etag;
mod fault;
mod form;
mod forwarded;
mod host;
mod log;
mod oauth_code;
pub(crate) mod paths;
pub(crate) mod policy;
pub(crate) mod protected;
mod protection;
mod proxies;
mod request;
mod sent_forms;
mod shown;

pub(crate) use caller::token_caller;
pub(crate) use credentials::presented_token;
pub(crate) use fault::{advise, api_code, challenge, refused, refused_for, wait};
pub(crate) use form::{BodyError, body, decode, encode_form, form_fields, form_pairs};
pub(crate) use forwarded::ForwardedHeader;
pub(crate) use host::one_host;
pub(crate) use log::{log, panicked};
pub(crate) use oauth_code::oauth_code;
pub(crate) use protection::protect;
pub(crate) use proxies::Proxies;
pub(crate) use request::{RequestCtx, patient};
pub(crate) use sent_forms::SentForms;
pub(crate) use shown::offer_nonce;
