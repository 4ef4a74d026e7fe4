//! The registry on disk: SQLite or PostgreSQL behind one [`Store`].
//!
//! Nothing outside this crate knows SQL. Work runs inside a closure, on one
//! transaction: [`Store::write`] gives it a [`Tx`], [`Store::read`] a [`Read`]; what a
//! write returned has been committed durably when the call returns. Statements are
//! built once as a syntax tree and rendered for the engine at hand, so both engines
//! take the same path; [`engine`] is the only room that knows which one it is.

mod apply;
mod attempts;
mod catalogue;
mod cell;
mod change;
mod client_secrets;
pub mod engine;
mod error;
mod expand;
mod expr;
mod factors;
mod families;
mod grants;
mod internal;
mod leaks;
mod location;
mod logouts;
mod mail;
mod mail_links;
mod makers;
mod migrate;
mod names;
mod narrow;
mod origins;
mod outbox;
mod pages;
mod provider_logins;
mod purge;
mod records;
mod removed_applications;
mod requests;
mod sealed;
mod sessions;
mod sql;

pub use attempts::{Counted, Counter};
pub use catalogue::CatalogueRows;
pub use change::Change;
pub use client_secrets::SealedSecret;
pub use engine::{Commit, Read, Store, Touched, Tx, Written};
pub use error::StoreError;
pub use factors::{Factors, PasskeyRow, TotpRow};
pub use grants::{GrantParties, LastUse, RevokedGrant};
pub use internal::SigningKeyRow;
pub use leaks::{CLIENT_SECRET, LeakReport, Leaked};
pub use location::Location;
pub use logouts::LogoutRow;
pub use mail::MailRow;
pub use mail_links::{MailLink, Often};
pub use names::NameKind;
pub use outbox::{Outbox, Queued, Waiting};
pub use purge::{ENDS, Ended};
pub use requests::PushedRequest;
pub use sealed::{Sealed, SealedKey};
pub use sessions::SessionRow;
