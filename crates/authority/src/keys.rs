//! The keys that sign tokens: made at the first start, published, rotated with overlap.

use std::sync::{Arc, PoisonError, RwLock};

use model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use store::SigningKeyRow;
use token::jose::{Algorithm, JoseError, SigningKey};

use crate::{Ctx, Fault};

/// The published keys; parsed once.
#[derive(Default)]
pub(crate) struct SigningKeys {
    keys: RwLock<Vec<Arc<Held>>>,
}

struct Held {
    key: SigningKey,
    /// From when on it signs: others have seen it published by then.
    signs_from: Timestamp,
}

impl SigningKeys {
    /// The public keys (RFC 7517, section 5).
    pub(crate) fn jwks(&self) -> serde_json::Value {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        json!({ "keys": keys.iter().map(|held| held.key.public_jwk()).collect::<Vec<_>>() })
    }

    /// Signs claims with the key whose turn it is: the newest that has been published for long enough.
    pub(crate) fn sign(
        &self,
        algorithm: Algorithm,
        typ: &str,
        claims: &impl Serialize,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let held = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let mut of_algorithm = keys.iter().filter(|held| held.key.algorithm() == algorithm);
            // The keys stand newest first; at the first start there is no older one to wait with.
            let oldest = of_algorithm.clone().next_back();
            let turn = of_algorithm.find(|held| held.signs_from <= now).or(oldest);
            turn.cloned().ok_or_else(|| Fault::Internal("no signing key".to_owned()))?
        };
        Ok(held.key.sign(typ, claims)?)
    }

    /// Reads what one of the published keys signed.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &str, types: &[&str]) -> Result<T, JoseError> {
        let keys: Vec<_> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            keys.iter().map(|held| held.key.verify_key().clone()).collect()
        };
        token::jose::verify(token, &keys, types).map(|verified| verified.claims)
    }

    fn replace(&self, keys: Vec<Arc<Held>>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}

fn place(kid: &str) -> Vec<u8> {
    format!("grantor_signing_keys/{kid}").into_bytes()
}

/// Makes keys that are due, removes those that are no longer needed, and loads what is published.
pub(crate) async fn maintain(ctx: &Ctx) -> Result<(), Fault> {
    let rows = ctx.store().read(|read| read.list_signing_keys()).await?;
    for algorithm in Algorithm::OWN {
        let newest = rows.iter().find(|row| row.algorithm == algorithm.name());
        let lifetime = ctx.settings().signing_key_lifetime;
        if newest.is_none_or(|row| row.created_at.plus_seconds(lifetime) <= ctx.now) {
            add(ctx, algorithm, newest.map(|row| row.id.clone())).await?;
        }
    }
    let gone = ctx.now.plus_seconds(-ctx.settings().signing_key_overlap);
    ctx.transaction(move |_, tx| Ok(tx.remove_signing_keys(gone)?)).await?;
    load(ctx).await
}

/// Adds a key, unless another program did so meanwhile. The one before signs until the new one has been published for the overlap.
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
    Ok(Held { key: SigningKey::from_pkcs8(algorithm, &pkcs8)?, signs_from })
}

/// Seals the signing keys anew under the current key.
pub(crate) async fn reseal(ctx: &Ctx) -> Result<u64, Fault> {
    let rows = ctx.store().read(|read| read.list_signing_keys()).await?;
    let mut resealed = 0;
    for row in rows.into_iter().filter(|row| !ctx.authority().keyring.is_current(&row.sealed)) {
        let plain = ctx.authority().keyring.open(&row.sealed, &place(&row.id))?;
        let sealed = ctx.authority().keyring.seal(&plain, &place(&row.id), ctx.random())?;
        let done =
            ctx.transaction(move |_, tx| Ok(tx.reseal_signing_key(&row.id, &row.sealed, &sealed)?)).await?;
        resealed += u64::from(done);
    }
    Ok(resealed)
}
