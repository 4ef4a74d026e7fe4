//! The end of sessions: the grants that depend on the session are revoked, and its clients are notified by the browser (OpenID
//! Connect Front-Channel Logout 1.0) and by the server (OpenID Connect Back-Channel Logout 1.0).

mod egress_policy;
mod end;
pub mod end_session;
mod outbox;

pub use egress_policy::EgressPolicy;
pub use end::{Ended, FrontChannel};
pub(crate) use end::{end, end_all_of, end_expired_sessions, end_now};
pub use outbox::{Delivery, Outcome, claim, record_delivery};
