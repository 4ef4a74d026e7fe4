//! Device logins (RFC 8628): a device or command-line tool requests a login, and a user decides on a page.

mod request;

use std::net::IpAddr;

use grant_state::client::check_may_sign_in;
use grant_state::payload::SignInPayload;
use grant_state::state::{GrantState, ended, if_not_ended};
use input::{Params, Secret};
use model::entities::{AccessToken, AuditEventType, GrantKind, RevocationReason, TrustedApplication};
use model::{Timestamp, Uuid};
use store::{Change, GrantParties, StoreError};
use token::user_code::UserCode;
use token::{PlainToken, TokenKind};

use self::request::Asked;
use authority::clients::authenticate::authenticate;
use authority::registry::audit::{Actor, Event};
use authority::sign_in::attempts::{DEVICE_STARTS, USER_CODES};
use authority::tokens::issue::{AccessSecret, NewGrant};
use authority::{AuthorizationDetails, Caller, ClientCredentials, Ctx, Fault, GrantPayload, Scopes};

/// The response to a device (RFC 8628, section 3.2).
pub struct DeviceStarted {
    /// The code that the device exchanges.
    pub device_code: PlainToken,
    /// The code that the user enters or compares.
    pub user_code: UserCode,
    /// The lifetime of both, in seconds.
    pub expires_in: i64,
    /// The polling interval, in seconds.
    pub interval: i64,
}

/// A request, as the user sees it.
#[derive(Clone)]
pub struct DeviceRequest {
    /// The grant.
    pub grant: AccessToken,
    /// The client.
    pub application: TrustedApplication,
    /// The code to compare.
    pub user_code: Secret,
    /// The requested scopes.
    pub scopes: Scopes,
    /// The requested resource servers (RFC 8707).
    pub resources: Vec<String>,
    /// The requested `authorization_details` (RFC 9396).
    pub details: AuthorizationDetails,
    /// The address of the request.
    pub asked_from: Option<IpAddr>,
}

/// The state of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// It is pending.
    Pending,
    /// It was approved, and perhaps exchanged.
    Approved,
    /// It was denied, or revoked.
    Denied,
    /// It has expired.
    Expired,
}

/// How many user codes are generated until one is unused.
const CODE_ATTEMPTS: usize = 5;

/// Starts a request (RFC 8628, section 3.1), with the extension parameters `description` and `nonce`.
pub async fn start(
    ctx: &Ctx,
    credentials: &ClientCredentials,
    params: &Params,
) -> Result<DeviceStarted, Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    DEVICE_STARTS.begin(ctx).await?;
    if !application.impersonate_as_internal_user_allowed && !application.impersonate_as_community_user_allowed
    {
        return Err(Fault::UnauthorizedClient("the application may not sign users in".to_owned()));
    }
    let asked = Asked::read(ctx, &application, params)?;
    for _ in 0..CODE_ATTEMPTS {
        let user_code = UserCode::generate(ctx.random())?;
        match add(&acting, &application, asked.clone(), &user_code).await {
            Err(Fault::Conflict(_)) => {}
            other => {
                return other.map(|device_code| DeviceStarted {
                    device_code,
                    user_code,
                    expires_in: ctx.settings().lifetimes.device_code_lifetime,
                    interval: ctx.settings().device_interval,
                });
            }
        }
    }
    Err(Fault::Unavailable("too many requests are pending".to_owned()))
}

async fn add(
    ctx: &Ctx,
    application: &TrustedApplication,
    asked: Asked,
    user_code: &UserCode,
) -> Result<PlainToken, Fault> {
    let expires = ctx.now.plus_seconds(ctx.settings().lifetimes.device_code_lifetime);
    let payload = GrantPayload {
        user_code: Some(user_code.to_string().into()),
        asked_from: ctx.address.text(),
        nonce: asked.nonce,
        resources: asked.resources,
        details: asked.details,
        ..GrantPayload::default()
    };
    let prepared = NewGrant {
        description: asked.description,
        expires: Some(expires),
        payload: Some(payload),
        ..NewGrant::new(GrantKind::DeviceCode, application, asked.scopes)
    }
    .with_opaque_secret(ctx, TokenKind::DeviceCode)?;
    let (grant, granted) = prepared.rows();
    let code_hash = user_code.hash().to_string();
    ctx.transaction(move |_, tx| {
        tx.insert_grant(&grant, &granted)?;
        Ok(tx.insert_user_code(&code_hash, grant.id, expires)?)
    })
    .await?;
    match prepared.issued().secret {
        AccessSecret::Opaque(code) => Ok(code),
        AccessSecret::Signed(_) => Err(Fault::Internal("device codes are opaque".to_owned())),
    }
}

/// Finds a pending request by its user code.
///
/// # Errors
/// [`Fault::NotFound`] if there is none; [`Fault::TooManyAttempts`] if too many codes of the network were wrong.
pub async fn find_by_code(ctx: &Ctx, typed: &str) -> Result<DeviceRequest, Fault> {
    let attempt = USER_CODES.begin(ctx).await?;
    let found = look_up(ctx, typed).await?;
    let found = found.ok_or_else(|| Fault::NotFound("this code is not known, or has expired".to_owned()))?;
    attempt.take_back(ctx).await?;
    request(ctx, found)
}

async fn look_up(ctx: &Ctx, typed: &str) -> Result<Option<GrantParties>, Fault> {
    let Ok(code) = UserCode::parse(typed) else { return Ok(None) };
    let (code_hash, now) = (code.hash().to_string(), ctx.now);
    let found = ctx.store().read(move |read| {
        let id = read.find_user_code(&code_hash, now)?;
        Ok::<_, StoreError>(id.map(|id| read.find_grant_by_id(id)).transpose()?.flatten())
    });
    Ok(found.await?)
}

/// Finds a request by its identifier: for the user who decided on it, and for administrators.
///
/// # Errors
/// [`Fault::NotFound`] if there is no such request, or the caller may not see it.
pub async fn find(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<DeviceRequest, Fault> {
    let found = ctx.store().read(move |read| read.find_grant_by_id(id)).await?;
    let found = found.filter(|found| {
        found.grant.kind == GrantKind::DeviceCode && caller.may_manage(ctx, found.grant.user_id)
    });
    request(ctx, found.ok_or_else(|| Fault::NotFound("there is no such code".to_owned()))?)
}

/// Finds a request by its identifier, for a caller who looked it up by its code before. A decided request is found only if the
/// caller may see it.
///
/// # Errors
/// [`Fault::Forbidden`] unless the caller is signed in to the pages; [`Fault::NotFound`] if there is no such request.
pub async fn find_to_decide(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<DeviceRequest, Fault> {
    signed_in(caller)?;
    let unknown = || Fault::NotFound("there is no such code".to_owned());
    let found = ctx.store().read(move |read| read.find_grant_by_id(id)).await?;
    let found = found.filter(|found| found.grant.kind == GrantKind::DeviceCode).ok_or_else(unknown)?;
    let request = request(ctx, found)?;
    let waits = request.state(ctx.now) == DeviceState::Pending;
    if waits || caller.may_manage(ctx, request.grant.user_id) { Ok(request) } else { Err(unknown()) }
}

fn request(ctx: &Ctx, found: GrantParties) -> Result<DeviceRequest, Fault> {
    let payload = GrantPayload::open(ctx.keyring(), found.grant.id, found.grant.data.as_deref())?;
    let application =
        found.application.ok_or_else(|| Fault::NotFound("the application is gone".to_owned()))?;
    let agreed = Scopes::stored(found.grant.scopes.as_deref());
    Ok(DeviceRequest {
        scopes: ctx.catalogue().effective(&agreed, Some(&application), None),
        application,
        user_code: payload.user_code.unwrap_or_default(),
        resources: payload.resources,
        details: payload.details,
        asked_from: payload.asked_from.and_then(|address| address.parse().ok()),
        grant: found.grant,
    })
}

impl DeviceRequest {
    /// Returns the state of the request.
    pub fn state(&self, now: Timestamp) -> DeviceState {
        match ended(&self.grant, now) {
            Some(GrantState::Revoked) => DeviceState::Denied,
            _ if self.grant.authorized_timestamp.is_some() => DeviceState::Approved,
            Some(_) => DeviceState::Expired,
            None => DeviceState::Pending,
        }
    }
}

/// Approves a request for the caller. Of several decisions, one counts.
///
/// # Errors
/// [`Fault::Forbidden`] unless the caller is signed in to the pages: no token approves a code; [`Fault::Conflict`] if the
/// request was decided already or the code has expired.
pub async fn approve(ctx: &Ctx, caller: &Caller, request: &DeviceRequest) -> Result<(), Fault> {
    let session = signed_in(caller)?;
    check_may_sign_in(&request.application, &caller.user)?;
    let (id, user, grant) = (request.grant.id, caller.user.clone(), request.grant.clone());
    let payload = GrantPayload::open(ctx.keyring(), id, request.grant.data.as_deref())?;
    let payload = GrantPayload { sign_in: Some(SignInPayload::from_session(session)), ..payload };
    let (data, session) = (payload.seal(ctx.keyring(), ctx.random(), id)?, session.id);
    caller
        .transaction(ctx, move |ctx, tx| {
            let approve = pending(ctx, id)
                .set(AccessToken::AuthorizedTimestamp, &Some(ctx.now))
                .set(AccessToken::AuthorizedIPAddress, &ctx.address.text())
                .set(AccessToken::User, &Some(user.id))
                .set(AccessToken::Actor, &Some(user.login.clone()))
                .set(AccessToken::Session, &Some(session.to_string()))
                .set(AccessToken::Data, &Some(data.clone()));
            decide(tx, id, approve)?;
            let event = Event::for_grant(AuditEventType::CodeAuthorized, &grant).by(Actor::user(user.id));
            event.about(user.id).note(ctx, tx)
        })
        .await
}

/// Denies a request for the caller.
///
/// # Errors
/// Those of [`approve`].
pub async fn deny(ctx: &Ctx, caller: &Caller, request: &DeviceRequest) -> Result<(), Fault> {
    signed_in(caller)?;
    let (id, user, grant) = (request.grant.id, caller.user.id, request.grant.clone());
    caller
        .transaction(ctx, move |ctx, tx| {
            let deny = pending(ctx, id)
                .set(AccessToken::RevokedTimestamp, &Some(ctx.now))
                .set(AccessToken::RevocationReason, &Some(RevocationReason::Denied));
            decide(tx, id, deny)?;
            Event::for_grant(AuditEventType::CodeDenied, &grant)
                .by(Actor::user(user))
                .about(user)
                .note(ctx, tx)
        })
        .await
}

fn signed_in(caller: &Caller) -> Result<&store::SessionRow, Fault> {
    let refused =
        || Fault::Forbidden("only a user who is signed in to the pages can decide on a code".to_owned());
    caller.session().ok_or_else(refused)
}

/// Returns a change of a request that requires it to be pending.
pub(super) fn pending(ctx: &Ctx, id: Uuid) -> Change {
    let undecided = Change::new::<AccessToken>(id, ctx.now).if_null(AccessToken::AuthorizedTimestamp);
    if_not_ended(undecided, ctx.now)
}

fn decide(tx: &mut store::Tx<'_>, id: Uuid, change: Change) -> Result<(), Fault> {
    if !tx.change(change)? {
        return Err(Fault::Conflict("this code was decided already, or has expired".to_owned()));
    }
    Ok(tx.remove_user_code(id)?)
}
