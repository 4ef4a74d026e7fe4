//! Sealing everything anew under the current key, after the keys were rotated.

use model::entities::AccessToken;
use model::{Record, Uuid};
use store::{Change, SealedSecret};

use super::second_factor::{self, open_secret};
use crate::assertions::secret_place;
use crate::authority::reseal_facts;
use crate::contents::reseal_text;
use crate::{Ctx, Fault, keys, mail};

/// How many grants are sealed anew per transaction.
const BATCH: u64 = 500;

/// Seals everything anew that is not sealed under the current key. `progress` is told how many grants were
/// looked at, and how many there are. Gives how many values were sealed anew.
pub async fn reseal(ctx: &Ctx, mut progress: impl FnMut(u64, u64)) -> Result<u64, Fault> {
    let mut resealed =
        keys::reseal(ctx).await? + reseal_client_secrets(ctx).await? + reseal_authenticators(ctx).await?;
    resealed += reseal_mail(ctx).await?;
    let all = ctx.store().read(|read| read.count_rows::<AccessToken>()).await?;
    let (mut looked_at, mut after) = (0, None);
    loop {
        let (count, last, done) = batch(ctx, after).await?;
        looked_at += count;
        resealed += done;
        progress(looked_at, all);
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    reseal_facts(ctx).await?;
    Ok(resealed)
}

/// Applications are few, and those among them whose secret is kept fewer.
async fn reseal_client_secrets(ctx: &Ctx) -> Result<u64, Fault> {
    ctx.transaction(|ctx, tx| {
        let keyring = &ctx.authority().keyring;
        let mut done = 0;
        for (id, secret) in tx.list_client_secrets()? {
            let anew = |sealed: &String| {
                let plain = keyring.open(sealed, &secret_place(id))?;
                Ok::<_, Fault>(keyring.seal(&plain, &secret_place(id), ctx.random())?)
            };
            if [Some(&secret.sealed), secret.former.as_ref()]
                .into_iter()
                .flatten()
                .any(|one| !keyring.is_current(one))
            {
                let former = secret.former.as_ref().map(anew).transpose()?;
                let resealed = SealedSecret { sealed: anew(&secret.sealed)?, former };
                done += u64::from(tx.change_client_secret(id, &secret.sealed, &resealed)?);
            }
        }
        Ok(done)
    })
    .await
}

/// Seals the secrets of authenticator apps anew. Gives how many.
async fn reseal_authenticators(ctx: &Ctx) -> Result<u64, Fault> {
    ctx.transaction(|ctx, tx| {
        let keyring = &ctx.authority().keyring;
        let mut done = 0;
        for row in tx.list_totp()?.iter().filter(|row| !keyring.is_current(&row.sealed)) {
            let (secret, place) = (open_secret(ctx, row)?, second_factor::secret_place(row.user_id));
            let sealed = keyring.seal(secret.expose(), place.as_bytes(), ctx.random())?;
            done += u64::from(tx.reseal_totp(row.user_id, &row.sealed, &sealed)?);
        }
        Ok(done)
    })
    .await
}

/// Mail waits for minutes, or for as long as its server is away.
async fn reseal_mail(ctx: &Ctx) -> Result<u64, Fault> {
    ctx.transaction(|ctx, tx| {
        let keyring = &ctx.authority().keyring;
        let mut done = 0;
        for row in tx.list_mail()?.iter().filter(|row| !keyring.is_current(&row.sealed)) {
            let (id, place) = (row.waiting.id, mail::place(row.waiting.id));
            let plain = keyring.open(&row.sealed, &place)?;
            let sealed = keyring.seal(&plain, &place, ctx.random())?;
            done += u64::from(tx.reseal_mail(id, &row.sealed, &sealed)?);
        }
        Ok(done)
    })
    .await
}

/// The grants behind an identifier: how many, the last one's identifier, and how many were sealed anew.
async fn batch(ctx: &Ctx, after: Option<Uuid>) -> Result<(u64, Option<Uuid>, u64), Fault> {
    ctx.transaction(move |ctx, tx| {
        let grants: Vec<AccessToken> = tx.list_after(after, BATCH)?;
        let mut done = 0;
        for grant in &grants {
            done += u64::from(reseal_grant(ctx, tx, grant)?);
        }
        Ok((grants.len() as u64, grants.last().map(Record::id), done))
    })
    .await
}

fn reseal_grant(ctx: &Ctx, tx: &mut store::Tx<'_>, grant: &AccessToken) -> Result<bool, Fault> {
    let Some(sealed) = grant.data.as_deref().filter(|sealed| !ctx.authority().keyring.is_current(sealed))
    else {
        return Ok(false);
    };
    let anew = reseal_text(ctx, grant.id, sealed)?;
    let change = Change::invisible::<AccessToken>(grant.id).set(AccessToken::Data, &Some(anew));
    Ok(tx.change(change.if_equal(AccessToken::Data, &grant.data))?)
}
