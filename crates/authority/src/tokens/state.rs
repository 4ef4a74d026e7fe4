use model::entities::User;

use crate::Reason;

/// Returns why a user may not act, where an administrator decided so. What strangers can cause, such as many wrong
/// passwords, is no reason: see `guessing.rs`.
pub(crate) fn check_user(user: &User) -> Result<(), Reason> {
    if user.active { Ok(()) } else { Err(Reason::UserInactive) }
}
