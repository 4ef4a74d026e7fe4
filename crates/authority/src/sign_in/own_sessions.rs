//! The caller's sessions: listing and ending them.

use model::Uuid;
use store::SessionRow;

use crate::endings::{self, Occasion, Whose};
use crate::sign_out::end_now;
use crate::{Caller, Ctx, Fault};

/// Lists the caller's sessions, the one used last first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<SessionRow>, Fault> {
    let (user, now, idle_since) = (caller.user.id, ctx.now, ctx.settings().idle_since(ctx.now));
    Ok(ctx.store().read(move |read| read.list_sessions(user, now, idle_since)).await?)
}

/// Ends one of them, with the grants that depend on it.
///
/// # Errors
/// [`Fault::NotFound`] if it is not the caller's.
pub async fn end_one(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Fault> {
    let own = list(ctx, caller).await?.iter().any(|session| session.id == id);
    if !own {
        return Err(Fault::NotFound("there is no such session".to_owned()));
    }
    // Front-channel logout needs the browser of that session, so its result is unused.
    end_now(&ctx.by(caller), Some(caller.into()), id).await.map(drop)
}

/// Signs the caller out everywhere else (see [`Occasion::SignedOutElsewhere`]). Returns how many sessions ended.
pub async fn end_others(ctx: &Ctx, caller: &Caller) -> Result<usize, Fault> {
    let whose = Whose::own(caller);
    caller.transaction(ctx, move |ctx, tx| endings::end(ctx, tx, Occasion::SignedOutElsewhere, whose)).await
}
