//! Decides who can be granted what.
//!
//! The rules of grants, clients, users and sessions, without HTTP and without SQL. A surface creates a [`Ctx`] for its
//! request, parses the input into the types of [`input`], and calls one verb of a subject. The verb runs its transaction
//! and returns a result or a [`Fault`].
//!
//! [`tokens::resolve`] is the only module that finds a grant by its secret, and [`grant_state::state`] the only one that
//! decides its state.

mod authority;
pub mod catalogue;
pub mod clients;
mod ctx;
pub mod endings;
pub mod mail;
mod maintenance;
pub mod oidc;
mod opening;
mod outbox;
mod pending;
mod polls;
pub mod principal;
pub mod registry;
pub mod revocations;
pub mod seed;
mod settings;
pub mod sign_in;
pub mod sign_out;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod upstream;
pub mod users;
pub mod validate;

pub use authority::Authority;
pub use catalogue::Catalogue;
pub use clients::{ASSERTION_TYPE, Client, ClientCredentials, ClientProof};
pub use ctx::Ctx;
pub use grant_state::binding::Binding;
pub use grant_state::payload::{Acting, GrantPayload};
pub use grant_state::{Fault, Needed, Reason};
pub use input::addresses::{AllowedAddresses, ClientAddress};
pub use input::client_metadata::{
    AssertionAlgorithm, AuthMethod, ClientCertificates, ClientMetadata, ConsentPolicy, DeliveryMode, Jwks,
    Schema, SubjectType, TokenExchange,
};
pub use input::{
    AuthorizationDetails, Invalid, Params, RedirectUri, Scopes, Secret, form, json, scopes, text,
};
pub use opening::AuthorityOptions;
pub use pending::Pending;
pub use settings::{
    ClientSettings, DynamicRegistration, Lifetimes, PageSizes, Retention, SecondFactorPolicy, Settings,
    SignInSettings,
};
pub use sign_in::password_slots::BreachList;
pub use tokens::caller::{Caller, Credential};
pub use tokens::issue::{AccessSecret, Issued};
