//! A new secret for an application.

use input::scopes;
use model::entities::{AuditEventType, TrustedApplication};
use model::{Timestamp, Value};
use store::{Change, SealedSecret};
use token::client_secret::PlainSecret;

use super::create::{new_secret, seal_secret};
use crate::registry::audit::Event;
use crate::{Caller, ClientMetadata, Ctx, Fault};

/// Replaces the secret of a client; for administrators. Returns the new one. The former secret stays valid until a given time,
/// if any.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such client; [`Fault::BadField`] if it has no secret or the time has passed;
/// [`Fault::Conflict`] if the secret was replaced meanwhile.
pub async fn rotate_secret(
    ctx: &Ctx,
    caller: &Caller,
    client_id: &str,
    former_until: Option<Timestamp>,
) -> Result<PlainSecret, Fault> {
    caller.require(ctx, scopes::UPDATE)?;
    caller.require_administrator(ctx)?;
    if former_until.is_some_and(|end| end <= ctx.now) {
        return Err(bad("formerSecretValidUntil", "this moment has passed"));
    }
    let key = Value::Text(client_id.to_owned());
    let found = ctx.store().read(move |read| read.find_by(TrustedApplication::ApplicationUri, &key));
    let before: Option<TrustedApplication> = found.await?;
    let before = before.ok_or_else(|| Fault::NotFound("there is no such application".to_owned()))?;
    let method = ClientMetadata::stored(before.metadata.as_deref())?.token_endpoint_auth_method;
    let none = || bad("clientId", "this application proves who it is in another way than by a secret");
    let secret = new_secret(ctx, before.client_type, method)?.ok_or_else(none)?;
    let (hash, sealed) = (secret.hash().to_string(), seal_secret(ctx, &before, Some(&secret))?);
    let by = caller.clone();
    caller
        .transaction(ctx, move |ctx, tx| {
            let former = before.application_secret_hash.clone().filter(|_| former_until.is_some());
            let change = Change::new::<TrustedApplication>(before.id, ctx.now)
                .if_equal(TrustedApplication::ApplicationSecretHash, &before.application_secret_hash)
                .set(TrustedApplication::ApplicationSecretHash, &Some(hash.clone()))
                .set(TrustedApplication::FormerSecretHash, &former)
                .set(TrustedApplication::FormerSecretUntilUtc, &former_until);
            if !tx.change(change)? {
                return Err(Fault::Conflict("the application got another secret meanwhile".to_owned()));
            }
            Event::for_client(AuditEventType::ApplicationSecretRotated, &before).by(&by).note(ctx, tx)?;
            let Some(sealed) = &sealed else { return Ok(()) };
            match tx.find_client_secret(before.id)? {
                Some(kept) => {
                    let former = former_until.is_some().then(|| kept.sealed.clone());
                    let new = SealedSecret { sealed: sealed.clone(), former };
                    tx.change_client_secret(before.id, &kept.sealed, &new)?;
                }
                None => tx.insert_client_secret(before.id, sealed)?,
            }
            Ok(())
        })
        .await?;
    Ok(secret)
}

fn bad(field: &'static str, message: &str) -> Fault {
    Fault::BadField { field, message: message.to_owned() }
}
