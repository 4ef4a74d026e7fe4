//! Who may be granted what.
//!
//! The rules of grants, applications, users and sessions, without HTTP and without SQL. A surface
//! makes a [`Ctx`] for its request, parses what it received into the types here, and calls one verb of
//! [`actions`] or [`grants`]; the verb runs its transaction and gives an answer or a [`Fault`].
//!
//! [`live`] is the only room that decides whether a grant is valid.

pub mod acr;
pub mod actions;
mod addresses;
mod applications;
mod asked_scopes;
mod assertions;
mod attempts;
mod audience;
mod audit;
mod authority;
pub mod authorization;
mod authorization_details;
mod binding;
mod caller;
pub mod catalogue;
pub mod claims;
mod client_metadata;
mod contents;
mod ctx;
pub mod demo;
pub mod endings;
mod fault;
pub mod form;
pub mod grants;
mod guessing;
mod id_token;
mod issue;
pub mod json;
mod keys;
pub mod known_browsers;
mod last_seen;
mod last_use;
mod lineage;
pub mod live;
pub mod mail;
pub mod names;
mod outbox;
mod passwords;
pub mod proofs;
pub mod purge;
mod readiness;
mod redirect_uri;
pub mod scopes;
mod settings;
pub mod sign_out;
mod step_up;
mod subject;
#[cfg(test)]
mod testing;
pub mod text;
pub mod upstream;
mod used_once;
mod validate;

pub use addresses::{AllowedAddresses, ClientAddress};
pub use applications::{Client, ClientCredentials, ClientProof};
pub use assertions::ASSERTION_TYPE;
pub use authority::{Authority, Opening};
pub use authorization_details::AuthorizationDetails;
pub use binding::Binding;
pub use caller::{Caller, Means};
pub use catalogue::Catalogue;
pub use client_metadata::{
    AssertionAlgorithm, AuthMethod, ClientMetadata, ConsentPolicy, DeliveryMode, Jwks, Schema, SubjectType,
    TokenExchange,
};
pub use contents::{Acting, Contents};
pub use ctx::Ctx;
pub use fault::{Fault, Needed, Reason};
pub use issue::{AccessSecret, Issued};
pub use passwords::BreachList;
pub use redirect_uri::RedirectUri;
pub use scopes::Scopes;
pub use settings::{Administration, ClientCertificates, SecondFactorPolicy, Settings};
