use std::sync::Arc;

use crate::{Client, Ctx, Fault, catalogue};

/// Finds an application by its client_id.
pub(crate) async fn find_application(ctx: &Ctx, client_id: &str) -> Result<Option<Arc<Client>>, Fault> {
    let live = &ctx.authority().grant_cache;
    if let Some(remembered) = live.application(client_id) {
        return Ok(remembered);
    }
    let epoch = live.epoch();
    let named = client_id.to_owned();
    let found = match ctx.store().read(move |read| read.find_application(&named)).await? {
        Some((application, version)) => {
            let catalogue = catalogue::at(ctx, version).await?;
            Some(Arc::new(Client::new(application, &catalogue)?))
        }
        None => None,
    };
    // No client_id is longer; what a stranger makes up does not fill the memory.
    if ctx.store().is_exclusive() && client_id.len() <= MAX_CLIENT_ID {
        live.remember_application(client_id, found.as_ref(), epoch);
    }
    Ok(found)
}

/// The longest client_id, in bytes (`ApplicationUri` of the model).
const MAX_CLIENT_ID: usize = 254;
