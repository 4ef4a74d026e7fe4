//! What the surfaces have in common: the context of a request, credentials, forms, the log.

mod caller;
pub mod cookies;
mod credentials;
mod cross_origin;
pub mod csrf;
pub mod etag;
mod fault;
mod form;
mod forwarded;
mod host;
mod log;
mod oauth_code;
pub mod paths;
pub mod policy;
pub mod protected;
mod protection;
mod proxies;
mod request;
mod sent_forms;
mod shown;

pub use caller::{token_caller, token_or_password_caller};
pub use credentials::{presented_token, presented_token_or_password};
pub use cross_origin::{CrossOrigin, cross_origin, parse_origin};
pub use fault::{advise, api_code, challenge, refused, refused_for, wait};
pub use form::{BodyError, body, decode, encode_form, form_fields, form_pairs};
pub use forwarded::ForwardedHeader;
pub use host::one_host;
pub use log::{log, panicked};
pub use oauth_code::oauth_code;
pub use protection::protect;
pub use proxies::Proxies;
pub use request::{RequestCtx, patient};
pub use sent_forms::SentForms;
pub use shown::offer_nonce;
