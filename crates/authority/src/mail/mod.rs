//! Mail: what people are told by it, and how it waits until it was sent.
//!
//! A mail is queued in the transaction that causes it, sealed, for it may hold the secret of a link. Whoever sends takes
//! one on at a time ([`claim_next`]) and says what became of it ([`record_delivery`]). Without a mail server nothing is queued.

mod delivery;
mod letter;
mod link;
mod outbox;

pub use delivery::{Claimed, Delivery, claim_next, record_delivery};
pub use input::EmailAddress;
pub use letter::{Letter, Message, Notice};
pub(crate) use letter::{Resetting, place};
pub(crate) use link::{Link, Purpose};
pub(crate) use outbox::{notice, queue, queue_for_nobody};
