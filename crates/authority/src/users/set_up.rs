//! The first start: the built-in client, and the one-time link to create the first administrator.

use std::sync::Arc;

use grant_state::COMMAND_LINE;
use input::Secret;
use model::Value;
use model::entities::{
    AccessTokenFormat, AuditEventType, ClientType, ReferenceTokens, TrustedApplication, User, UserType,
};
use token::random_id::RandomId;

use super::create::{CreateUser, prepare as prepare_user};
use crate::clients::create::{CreateApplication, prepare as prepare_client};
use crate::registry::audit::Event;
use crate::registry::names::{insert_application, insert_user};
use crate::sign_in::proof::Proof;
use crate::sign_in::session::{BrowserContext, PASSWORD, SignedIn, open_session};
use crate::{Authority, Ctx, Fault, Scopes};

const LINK_FACT: &str = "setup_link";

/// Registers the command-line tool, unless it is registered.
pub async fn register_command_line(ctx: &Ctx) -> Result<(), Fault> {
    let asked = CreateApplication {
        client_id: COMMAND_LINE.to_owned(),
        name: "Grantor command line".to_owned(),
        description: Some("The grantor command on your own computer".to_owned()),
        client_type: ClientType::Public,
        scopes: Scopes::parse("read update sec tokens openid profile offline_access")?,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        metadata: serde_json::Map::new(),
        system_user: None,
        reference_tokens: ReferenceTokens::AuthenticatedUsers,
        access_token_format: AccessTokenFormat::Reference,
    };
    let (application, _) = prepare_client(ctx, asked, None)?;
    ctx.transaction(move |_, tx| {
        let key = Value::Text(COMMAND_LINE.to_owned());
        let found: Option<TrustedApplication> = tx.find_by(TrustedApplication::ApplicationUri, &key)?;
        if found.is_none() {
            insert_application(tx, &application)?;
        }
        Ok(())
    })
    .await
}

/// Returns whether the registry has no user yet.
pub async fn is_needed(authority: &Arc<Authority>) -> Result<bool, Fault> {
    let any = authority.store.read(|read| read.has_any::<User>()).await?;
    Ok(!any)
}

/// Creates a one-time link for the first administrator, and invalidates the former one. Returns its secret.
pub async fn new_link(ctx: &Ctx) -> Result<RandomId, Fault> {
    let secret = RandomId::generate(ctx.random())?;
    let hash = secret.hash().to_string();
    ctx.transaction(move |_, tx| {
        if let Some(former) = tx.find_fact(LINK_FACT)? {
            tx.remove_fact(LINK_FACT, &former)?;
        }
        tx.add_fact(LINK_FACT, &hash)?;
        Ok(())
    })
    .await?;
    Ok(secret)
}

/// Returns whether a secret is that of the valid link.
pub async fn link_is_valid(ctx: &Ctx, secret: &Secret) -> Result<bool, Fault> {
    let Ok(presented) = RandomId::parse(secret.expose()) else { return Ok(false) };
    let kept = ctx.store().read(|read| read.find_fact(LINK_FACT)).await?;
    Ok(kept.is_some_and(|kept| token::digest::same(kept.as_bytes(), presented.hash().to_string().as_bytes())))
}

/// Creates and signs in the first administrator, with the one-time link.
///
/// # Errors
/// [`Fault::NotFound`] if the link is not the valid one.
pub async fn create_administrator(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    secret: &Secret,
    asked: CreateUser,
) -> Result<SignedIn, Fault> {
    let used = || Fault::NotFound("this link was used already, or is not valid".to_owned());
    let hash = RandomId::parse(secret.expose()).map_err(|_| used())?.hash().to_string();
    if !link_is_valid(ctx, secret).await? {
        return Err(used());
    }
    let asked = CreateUser { is_admin: true, user_type: UserType::InternalUser, ..asked };
    let user = prepare_user(ctx, asked).await?;
    let row = user.clone();
    ctx.transaction(move |ctx, tx| {
        if !tx.remove_fact(LINK_FACT, &hash)? {
            return Err(Fault::NotFound("this link was used already, or is not valid".to_owned()));
        }
        insert_user(tx, &row)?;
        let event = Event::for_user(AuditEventType::UserCreated, row.id);
        event.with("login", row.login.as_str()).note(ctx, tx)
    })
    .await?;
    open_session(ctx, place, Proof::new(ctx, &user, PASSWORD)).await
}
