use std::sync::Arc;

use super::Catalogue;
use crate::{Ctx, Fault};

/// The catalogue as the registry has it now.
pub async fn current(ctx: &Ctx) -> Result<Arc<Catalogue>, Fault> {
    let read = ctx.store().read(|read| read.catalogue()).await?;
    Ok(ctx.authority().catalogue.set(read))
}

/// The catalogue in a state that is not older than the one with this number. It is read only where it changed.
pub(crate) async fn at(ctx: &Ctx, version: i64) -> Result<Arc<Catalogue>, Fault> {
    let known = ctx.catalogue();
    if known.version() >= version { Ok(known) } else { current(ctx).await }
}
