//! Finding clients.

use std::sync::Arc;

use crate::{Client, Ctx, Fault, catalogue};

/// Finds a client by its client_id.
pub async fn find_application(ctx: &Ctx, client_id: &str) -> Result<Option<Arc<Client>>, Fault> {
    let cache = &ctx.authority().grant_cache;
    if let Some(cached) = cache.client(client_id) {
        return Ok(cached);
    }
    let epoch = cache.epoch();
    let named = client_id.to_owned();
    let found = match ctx.store().read(move |read| read.find_application(&named)).await? {
        Some((application, version)) => {
            let catalogue = catalogue::at(ctx, version).await?;
            Some(Arc::new(Client::new(application, &catalogue)?))
        }
        None => None,
    };
    // Longer client_ids do not exist; a cached one would let a stranger fill the memory.
    if ctx.store().is_exclusive() && client_id.len() <= MAX_CLIENT_ID {
        cache.insert_client(client_id, found.as_ref(), epoch);
    }
    Ok(found)
}

/// Maximum length of a client_id, in bytes (`ApplicationUri` of the model).
const MAX_CLIENT_ID: usize = 254;
