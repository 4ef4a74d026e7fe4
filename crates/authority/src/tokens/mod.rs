//! Access tokens: creating, resolving, changing and revoking them.

pub mod access_token;
pub(crate) mod adoption;
pub mod audience;
pub(crate) mod caller;
pub mod consents;
pub mod create;
mod hand_over;
pub mod introspect;
pub mod issue;
pub mod last_use;
pub mod leaks;
pub(crate) mod lineage;
pub mod narrow;
pub(crate) mod pending_proof;
pub mod proofs;
mod recent_addresses;
pub(crate) mod request_proofs;
pub mod resolve;
pub mod revoke;
pub mod revoke_matching;
pub mod rotate;
pub(crate) mod seen_proofs;
pub mod update;
pub mod used_once;
mod verify;

pub use grant_state::state::GrantState;

pub use create::{CreateToken, create_token, offered};
pub(crate) use hand_over::made_in;
pub use hand_over::{Made, find_recipient, hand_over, made_by};
pub use request_proofs::{PresentedToken, RequestProofs, Scheme};
pub use revoke::{count_descendants, revoke, revoke_own, revoke_presented};
pub use rotate::{RotateToken, rotate_token};
pub use update::{UpdateToken, update_token};
pub use verify::{Demand, Pass, verify};
