//! What the surfaces have in common: the context of a request, credentials, forms, the log.

mod credentials;
mod form;
mod log;
mod request;

pub(crate) use credentials::{Presented, presented_token};
pub(crate) use form::{body, decode, form_fields};
pub(crate) use log::{log, panicked};
pub(crate) use request::RequestCtx;
