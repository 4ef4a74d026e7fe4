//! Removing clients periodically: incomplete deletions, and clients that registered themselves and were never used.

use input::scopes;

use super::delete::{delete, step};
use crate::registry::purge::DAY;
use crate::{ClientMetadata, Ctx, Fault};

/// How many clients are read in one transaction.
const BATCH: u64 = 200;
/// How many clients one call removes.
const FEW: u64 = 20;

/// Removes the next clients. Call it before ended grants are purged: they show that a client was used. Returns whether there
/// are more.
///
/// # Errors
/// If the registry cannot be read or written.
pub async fn remove_applications(ctx: &Ctx) -> Result<bool, Fault> {
    if let Some(begun) = ctx.store().read(|read| read.find_deletion()).await? {
        step(ctx, begun).await?;
        return Ok(true);
    }
    let noted = ctx.transaction(|_, tx| Ok(tx.note_used_applications(scopes::REGISTRATION, BATCH)?));
    if noted.await? > 0 {
        return Ok(true);
    }
    let days = i64::from(ctx.settings().clients.unused_registration_days);
    if days == 0 {
        return Ok(false);
    }
    let before = ctx.now.plus_seconds(-days * DAY);
    let unused =
        ctx.store().read(move |read| read.list_unused_applications(scopes::REGISTRATION, before, FEW));
    let mut is_any = false;
    for application in unused.await? {
        // Another program may have added one of an administrator without its name.
        if ClientMetadata::stored(application.metadata.as_deref())?.registered_itself {
            delete(ctx, application.id, |event| event.with("reason", "unused")).await?;
            is_any = true;
        }
    }
    Ok(is_any)
}
