//! Mail: its contents, and the queue in which it waits to be sent.
//!
//! A mail is queued in the transaction that causes it. It is sealed, because it may contain the secret of a link. A sender
//! claims one at a time ([`claim_next`]) and records the result ([`record_delivery`]). Without a mail server nothing is queued.

mod delivery;
mod letter;
mod link;
mod outbox;

pub use delivery::{Claimed, Delivery, claim_next, record_delivery};
pub use input::EmailAddress;
pub use letter::{Letter, Message, Notice};
pub(crate) use letter::{Resetting, place};
pub use link::GivenLink;
pub(crate) use link::{Link, Purpose};
pub(crate) use outbox::{notice, queue, queue_reset_request};
