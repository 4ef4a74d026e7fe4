//! Changing the name, address and rights of a user by login.

use input::scopes;
use model::entities::User;

use super::change::{UpdateUser, changes_nothing, update_in};
use super::manage::find;
use crate::{Caller, Ctx, Fault};

/// Changes a user; for administrators. A change to the present values changes nothing and has no event.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such user; those of [`update_in`].
pub async fn update(ctx: &Ctx, caller: &Caller, login: &str, asked: UpdateUser) -> Result<User, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    let id = find(ctx, caller, login).await?.id;
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let gone = || Fault::NotFound("there is no user with this login".to_owned());
            let before: User = tx.find_exclusive(id)?.ok_or_else(gone)?;
            if changes_nothing(ctx, &before, &asked)? {
                return Ok(before);
            }
            update_in(ctx, tx, &by, &before, &asked)
        })
        .await
}

#[cfg(test)]
mod tests;
