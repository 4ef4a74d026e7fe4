use std::sync::Arc;

use super::Catalogue;
use crate::{Ctx, Fault};

/// Reads the current catalogue.
pub async fn current(ctx: &Ctx) -> Result<Arc<Catalogue>, Fault> {
    let read = ctx.store().read(|read| read.catalogue()).await?;
    Ok(ctx.authority().catalogue.set(read))
}

/// Returns a catalogue whose state is not older than this number. It is read only if it has changed.
pub(crate) async fn at(ctx: &Ctx, version: i64) -> Result<Arc<Catalogue>, Fault> {
    let known = ctx.catalogue();
    if known.version() >= version { Ok(known) } else { current(ctx).await }
}
