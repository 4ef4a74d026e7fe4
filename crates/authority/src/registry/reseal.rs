//! Sealing all stored values under the current key, after the keys were rotated.

use grant_state::payload;
use model::entities::AccessToken;
use store::{Sealed, SealedKey};

use super::places;
use crate::clients::assertion::secret_place;
use crate::oidc::keys;
use crate::sign_in::second_factor;
use crate::{Ctx, Fault, mail, opening};

/// How many values one transaction seals.
const BATCH: u64 = 500;

/// Seals every stored value that is not under the current key under it. Calls `progress` with the number of grants
/// read and the number of grants. Returns how many values were sealed.
///
/// # Errors
/// [`Fault`] if a value cannot be decrypted with any key of the ring.
pub async fn reseal(ctx: &Ctx, mut progress: impl FnMut(u64, u64)) -> Result<u64, Fault> {
    let grants = ctx.store().read(|read| read.count_rows::<AccessToken>()).await?;
    let mut resealed = 0;
    for sealed in Sealed::ALL {
        let (mut after, mut read) = (None, 0);
        loop {
            let batch = batch(ctx, sealed, after).await?;
            resealed += batch.resealed;
            read += batch.read;
            if sealed == Sealed::GrantData {
                progress(read, grants);
            }
            match batch.last {
                Some(last) => after = Some(last),
                None => break,
            }
        }
    }
    Ok(resealed)
}

#[derive(Default)]
struct Batch {
    read: u64,
    resealed: u64,
    last: Option<SealedKey>,
}

/// Seals the values of a column after a key.
async fn batch(ctx: &Ctx, sealed: Sealed, after: Option<SealedKey>) -> Result<Batch, Fault> {
    ctx.transaction(move |ctx, tx| {
        let keyring = &ctx.authority().keyring;
        let mut batch = Batch::default();
        for (key, was) in tx.list_sealed(sealed, after.as_ref(), BATCH)? {
            if !keyring.is_current(&was) {
                let place = place(sealed, &key)?;
                let new = keyring.seal(&keyring.open(&was, &place)?, &place, ctx.random())?;
                batch.resealed += u64::from(tx.reseal(sealed, &key, &was, &new)?);
            }
            batch.read += 1;
            batch.last = Some(key);
        }
        Ok(batch)
    })
    .await
}

/// Returns the associated data of a value.
fn place(sealed: Sealed, key: &SealedKey) -> Result<Vec<u8>, Fault> {
    match (sealed, key) {
        (Sealed::Fact, SealedKey::Text(name)) => Ok(opening::place(name)),
        (Sealed::SigningKey, SealedKey::Text(id)) => Ok(keys::place(id)),
        (Sealed::ClientSecret | Sealed::FormerClientSecret, SealedKey::Id(id)) => Ok(secret_place(*id)),
        (Sealed::Authenticator, SealedKey::Id(id)) => Ok(second_factor::secret_place(*id).into_bytes()),
        (Sealed::Mail, SealedKey::Id(id)) => Ok(mail::place(*id)),
        (Sealed::PushedRequest, SealedKey::Text(hash)) => Ok(places::pushed_request(hash)),
        (Sealed::RefreshAnswer, SealedKey::Id(id)) => Ok(places::refresh_answer(*id)),
        (Sealed::GrantData, SealedKey::Id(id)) => Ok(payload::place(*id)),
        (sealed, key) => Err(Fault::Internal(format!("the key of {sealed:?} is not {key:?}"))),
    }
}
