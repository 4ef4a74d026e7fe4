//! Creating personal and service access tokens.

use grant_state::state::check_user;
use input::scopes;
use model::entities::{AuditEventType, GrantKind, ReferenceTokens, TrustedApplication, User};
use model::{Field, Timestamp, Uuid};
use store::{Read, Tx};
use token::TokenKind;

use super::issue::NewGrant;
use super::lineage::Lineage;
use crate::registry::audit::Event;
use crate::{AllowedAddresses, Caller, Client, Ctx, Fault, Issued, Scopes, catalogue};

/// A token to create.
#[derive(Clone, Debug)]
pub struct CreateToken {
    /// Whether it is a service access token, which acts as the system user of the client; otherwise it acts as the caller.
    pub service: bool,
    /// The client_id of its client.
    pub client_id: String,
    /// The description.
    pub description: Option<String>,
    /// The scopes; all scopes of the client, if empty.
    pub scopes: Scopes,
    /// The expiry; that of the token that creates it, or never, if absent.
    pub expires: Option<Timestamp>,
    /// The addresses from which it may be used.
    pub allowed: AllowedAddresses,
}

/// Maximum number of listed clients of a policy.
const MAX_OFFERED: u64 = 500;

/// Creates a token by the policy of the client.
pub async fn create_token(ctx: &Ctx, caller: &Caller, asked: CreateToken) -> Result<Issued, Fault> {
    let new = NewToken::prepare(ctx, caller, asked.service).await?;
    let id = ctx.new_id()?;
    caller.transaction(ctx, move |ctx, tx| new.apply(ctx, tx, id, &asked)).await
}

/// A personal or service access token that is about to be made: what its maker may pass on to it.
pub struct NewToken {
    caller: Caller,
    lineage: Lineage,
}

impl NewToken {
    /// Checks that the caller may make tokens at all.
    pub async fn prepare(ctx: &Ctx, caller: &Caller, service: bool) -> Result<Self, Fault> {
        caller.require(ctx, scopes::UPDATE)?;
        catalogue::current(ctx).await?;
        // A service is to go on when the administrator's token ends: its token is a root, which names its maker.
        let lineage = if service { Lineage::root(caller)? } else { Lineage::for_caller(ctx, caller).await? };
        Ok(Self { caller: caller.clone(), lineage })
    }

    /// Makes the token in a transaction, for the application as it is there.
    pub fn apply(&self, ctx: &Ctx, tx: &mut Tx<'_>, id: Uuid, asked: &CreateToken) -> Result<Issued, Fault> {
        let Self { caller, lineage } = self;
        let found = tx.find_application(&asked.client_id)?.filter(|(found, _)| found.is_enabled);
        let no_application =
            || Fault::BadField { field: "client_id", message: "there is no such application".into() };
        let application = Client::new(found.ok_or_else(no_application)?.0, &ctx.catalogue())?;
        check_policy(&application, caller)?;
        let (kind, token_kind, user) = if asked.service {
            let user = system_user(ctx, tx, caller, &application)?;
            (GrantKind::ServiceAccessToken, TokenKind::ServiceAccess, user)
        } else {
            (GrantKind::PersonalAccessToken, TokenKind::PersonalAccess, caller.user.as_ref().clone())
        };
        let new = NewGrant {
            user: Some(&user),
            description: asked.description.clone(),
            expires: asked.expires,
            allowed: asked.allowed.clone(),
            authorized: Some((ctx.now, ctx.address)),
            ..NewGrant::new(kind, &application, granted(ctx, caller, &application, &user, &asked.scopes)?)
        };
        let prepared = lineage.apply(ctx, new)?.with_opaque_secret_as(ctx, id, token_kind)?;
        tx.insert_grant(&prepared.grant, &prepared.granted)?;
        lineage.check(ctx, tx)?;
        Event::for_grant(AuditEventType::TokenCreated, &prepared.grant).by(caller).note(ctx, tx)?;
        Ok(prepared.issued())
    }
}

/// Lists the clients for which the caller may create personal access tokens, by name.
pub async fn offered(ctx: &Ctx, caller: &Caller) -> Result<Vec<TrustedApplication>, Fault> {
    catalogue::current(ctx).await?;
    let policies = [ReferenceTokens::AuthenticatedUsers, ReferenceTokens::AdministratorsOnly];
    let found = ctx.store().read(move |read| {
        let mut found = Vec::new();
        for policy in policies {
            found.append(&mut read.list_by(
                TrustedApplication::ReferenceTokens,
                &policy.to_value(),
                MAX_OFFERED,
            )?);
        }
        Ok::<_, Fault>(found)
    });
    let mut offered: Vec<TrustedApplication> = found.await?;
    offered.retain(|application| application.is_enabled && check_policy(application, caller).is_ok());
    offered.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(offered)
}

/// Returns whether the caller may create tokens for a client.
pub(super) fn check_policy(application: &TrustedApplication, caller: &Caller) -> Result<(), Fault> {
    match application.reference_tokens {
        ReferenceTokens::None => Err(Fault::Forbidden(format!(
            "no tokens can be made for the application '{}': its policy for reference tokens is None",
            application.application_uri
        ))),
        ReferenceTokens::AdministratorsOnly if !caller.user.is_admin => Err(Fault::Forbidden(format!(
            "only administrators can make tokens for the application '{}'",
            application.application_uri
        ))),
        ReferenceTokens::AuthenticatedUsers | ReferenceTokens::AdministratorsOnly => Ok(()),
    }
}

/// Returns the user as which a service access token acts.
fn system_user(
    ctx: &Ctx,
    read: &Read<'_>,
    caller: &Caller,
    application: &TrustedApplication,
) -> Result<User, Fault> {
    caller.require_administrator(ctx)?;
    let id = application.system_user_id.filter(|_| application.system_user_allowed);
    let no_system_user = || Fault::Forbidden("the application has no active system user".into());
    let id = id.ok_or_else(no_system_user)?;
    let user: Option<User> = read.find(id)?;
    user.filter(|user| check_user(user).is_ok()).ok_or_else(no_system_user)
}

/// Returns the granted scopes: within those of the client, of the user, and of the caller's token.
fn granted(
    ctx: &Ctx,
    caller: &Caller,
    application: &Client,
    user: &User,
    asked: &Scopes,
) -> Result<Scopes, Fault> {
    application.scopes.grant(asked)?;
    let own = ctx.catalogue().effective(&application.scopes, Some(&application.application), Some(user));
    let limited = caller.limit(&own);
    if let Some(scope) = asked.iter().find(|scope| !limited.contains(scope)) {
        return Err(Fault::Forbidden(format!("the scope '{scope}' is not yours to give")));
    }
    Ok(limited.grant(asked)?)
}
