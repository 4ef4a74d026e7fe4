//! The registry on disk: SQLite or PostgreSQL behind one [`Store`].
//!
//! No other crate knows SQL. Work runs in a closure inside one transaction: [`Store::write`] passes it a
//! [`Tx`], [`Store::read`] a [`Read`]. When a write returns, it is committed durably. Statements are built
//! once as syntax trees and rendered for the engine in use, so both engines share the same code; only
//! [`engine`] knows which one it is.

mod addresses;
mod application_removal;
mod attempts;
mod catalogue;
mod cell;
mod change;
mod client_secrets;
mod created_tokens;
mod deleted_rows;
mod deleted_users;
pub mod engine;
mod error;
mod expand;
mod expiring;
mod expr;
mod factors;
mod facts;
mod families;
mod grant_tree;
mod grants;
mod groups;
mod leaks;
mod location;
mod logouts;
mod mail;
mod mail_links;
mod migrate;
mod names;
mod origins;
mod outbox;
mod pages;
mod proofs;
mod provider_logins;
mod purge;
mod records;
mod requests;
mod revocations;
mod sealed;
mod sessions;
mod signing_keys;
mod sql;
mod state;
mod user_codes;
mod users_seen;

pub use addresses::UsedAddress;
pub use attempts::{AttemptOutcome, Counter};
pub use catalogue::CatalogueRows;
pub use change::Change;
pub use client_secrets::SealedSecret;
pub use deleted_rows::DeletedRow;
pub use engine::{ChangedRow, OnCommit, Read, SharedProofs, Store, StoreStats, Tx};
pub use error::StoreError;
pub use factors::{Factors, PasskeyRow, TotpRow};
pub use grant_tree::RevokedGrant;
pub use grants::{GrantParties, LastUse};
pub use leaks::{CLIENT_SECRET, LeakReport, Leaked};
pub use location::Location;
pub use logouts::LogoutRow;
pub use mail::MailRow;
pub use mail_links::{LinkLimit, MailLink};
pub use names::NameKind;
pub use outbox::{DeliveryState, Outbox, OutboxRow};
pub use purge::{END_COLUMNS, EndedGrant};
pub use requests::PushedRequest;
pub use revocations::RevocationMember;
pub use sealed::{Sealed, SealedKey};
pub use sessions::SessionRow;
pub use signing_keys::SigningKeyRow;
