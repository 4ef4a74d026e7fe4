//! Strict readers of what comes from outside: forms, JSON, names, addresses, scopes and the parameters of OAuth.
//!
//! Each type has one reader, which accepts what its specification allows and returns [`Invalid`] for anything else. The
//! crate has no state, no I/O and no clock.

pub mod addresses;
mod audience;
mod authorization_details;
pub mod claims;
pub mod client_metadata;
mod email_address;
pub mod form;
pub mod identity;
mod invalid;
pub mod json;
pub mod leak_report;
mod params;
mod redirect_uri;
pub mod request_object;
pub mod scopes;
mod secret;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;

pub use addresses::{AllowedAddresses, ClientAddress};
pub use audience::Audience;
pub use authorization_details::AuthorizationDetails;
pub use claims::ClaimsRequest;
pub use client_metadata::{ClientCertificates, ClientMetadata, SubjectType};
pub use email_address::EmailAddress;
pub use invalid::Invalid;
pub use params::Params;
pub use redirect_uri::RedirectUri;
pub use scopes::Scopes;
pub use secret::Secret;
