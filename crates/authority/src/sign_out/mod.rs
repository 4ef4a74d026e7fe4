//! What follows where a session ends: what was meant for while the person is there is revoked, and the applications
//! that were signed in to are told, by the browser (OpenID Connect Front-Channel Logout 1.0) and behind its back
//! (OpenID Connect Back-Channel Logout 1.0).

mod egress_policy;
mod end;
pub mod end_session;
mod outbox;

pub use egress_policy::EgressPolicy;
pub use end::{Ended, FrontChannel};
pub(crate) use end::{end, end_all_of, end_now, end_what_is_over};
pub use outbox::{Delivery, Outcome, claim, record_delivery};
