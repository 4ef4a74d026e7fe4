use std::sync::Arc;

use store::SigningKeyRow;
use token::jose::{Algorithm, SigningKey};

use super::signing::{Held, kept_after, published_after};
use crate::{Ctx, Fault};

pub(crate) fn place(kid: &str) -> Vec<u8> {
    format!("grantor_signing_keys/{kid}").into_bytes()
}

/// Generates keys that are due, removes keys that are no longer needed, and loads the others.
pub(crate) async fn maintain(ctx: &Ctx) -> Result<(), Fault> {
    let rows = ctx.store().read(|read| read.list_signing_keys()).await?;
    for algorithm in Algorithm::OWN {
        let newest = rows.iter().find(|row| row.algorithm == algorithm.name());
        let lifetime = ctx.settings().signing_key_lifetime;
        if newest.is_none_or(|row| row.created_at.plus_seconds(lifetime) <= ctx.now) {
            add(ctx, algorithm, newest.map(|row| row.id.clone())).await?;
        }
    }
    let gone = ctx.now.plus_seconds(-kept_after(ctx.settings()));
    ctx.transaction(move |_, tx| Ok(tx.remove_signing_keys(gone)?)).await?;
    load(ctx).await
}

/// Inserts a key, unless another program did. The former key signs until the new one has been published for the overlap.
async fn add(ctx: &Ctx, algorithm: Algorithm, before: Option<String>) -> Result<(), Fault> {
    let key = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm));
    let key = key.await.map_err(|error| Fault::Internal(error.to_string()))??;
    let id = key.kid().to_owned();
    let sealed = ctx.authority().keyring.seal(&key.to_pkcs8()?, &place(&id), ctx.random())?;
    let row = SigningKeyRow {
        id,
        algorithm: algorithm.name().to_owned(),
        sealed,
        created_at: ctx.now,
        retired_at: None,
    };
    ctx.transaction(move |ctx, tx| {
        let newest = tx.list_signing_keys()?.into_iter().find(|other| other.algorithm == row.algorithm);
        if newest.map(|newest| newest.id) == before {
            tx.insert_signing_key(&row)?;
            let retires = ctx.now.plus_seconds(ctx.settings().signing_key_overlap);
            tx.retire_signing_keys(&row.algorithm, &row.id, retires)?;
        }
        Ok(())
    })
    .await
}

async fn load(ctx: &Ctx) -> Result<(), Fault> {
    let rows = ctx.store().read(|read| read.list_signing_keys()).await?;
    let keys = rows.iter().map(|row| held(ctx, row).map(Arc::new)).collect::<Result<_, _>>()?;
    ctx.authority().signing.replace(keys);
    Ok(())
}

fn held(ctx: &Ctx, row: &SigningKeyRow) -> Result<Held, Fault> {
    let algorithm = Algorithm::OWN.into_iter().find(|algorithm| algorithm.name() == row.algorithm);
    let algorithm = algorithm
        .ok_or_else(|| Fault::Internal(format!("signing keys of {} are not known", row.algorithm)))?;
    let pkcs8 = ctx.authority().keyring.open(&row.sealed, &place(&row.id))?;
    let signs_from = row.created_at.plus_seconds(ctx.settings().signing_key_overlap);
    let published_until = row.retired_at.map(|end| end.plus_seconds(published_after(ctx.settings())));
    Ok(Held { key: SigningKey::from_pkcs8(algorithm, &pkcs8)?, signs_from, published_until })
}
