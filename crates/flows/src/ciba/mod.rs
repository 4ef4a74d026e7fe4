//! Back-channel authentication requests (OpenID Connect Client-Initiated Backchannel Authentication 1.0): a client names a
//! user, the user decides on a page, and the client polls for the result (poll mode).

mod request;

use std::net::IpAddr;

use grant_state::client::check_may_sign_in;
use grant_state::payload::{BackchannelPayload, SignInPayload};
use input::Params;
use model::entities::{AccessToken, AuditEventType, ClientType, GrantKind, RevocationReason, User};
use model::{Timestamp, Uuid};
use store::{GrantParties, SessionRow, StoreError};
use token::{PlainToken, TokenKind};

use self::request::Asked;
use crate::authorization::request_object;
use crate::device::pending;
use authority::clients::authenticate::authenticate;
use authority::oidc::acr;
use authority::registry::audit::{Actor, Event};
use authority::tokens::issue::{AccessSecret, NewGrant, Prepared};
use authority::{Caller, Client, ClientCredentials, Ctx, Fault, GrantPayload, Needed, Scopes};

/// The response to a request (section 7.3).
pub struct Started {
    /// The code that the client exchanges.
    pub auth_req_id: PlainToken,
    /// Its lifetime, in seconds.
    pub expires_in: i64,
    /// The polling interval, in seconds.
    pub interval: i64,
}

/// A request, as the user sees it.
pub struct BackchannelRequest {
    /// The grant.
    pub grant: AccessToken,
    /// The client.
    pub application: Client,
    /// The requested scopes.
    pub scopes: Scopes,
    /// The payload of the grant.
    pub payload: GrantPayload,
}

/// Maximum number of pending requests of one client for one user.
const MAX_PENDING_PER_CLIENT: usize = 3;
/// Maximum number of pending requests for one user.
const MAX_PENDING: usize = 10;
/// Maximum number of requests of one client for one user within [`RECENTLY`], including decided ones.
const MAX_RECENT: u64 = 10;
/// A period, in seconds.
const RECENTLY: i64 = 600;

/// Starts a request.
///
/// # Errors
/// [`Fault::UnauthorizedClient`] if the client may not send such requests; [`Fault::UnknownUserId`];
/// [`Fault::InvalidBindingMessage`]; [`Fault::TooManyAttempts`] if the user has too many requests already.
pub async fn start(ctx: &Ctx, credentials: &ClientCredentials, params: &Params) -> Result<Started, Fault> {
    let (acting, application) = authenticate(ctx, credentials).await?;
    let confidential = application.client_type == ClientType::Confidential;
    if !confidential || application.metadata.backchannel_token_delivery_mode.is_none() {
        let message = "the application is not registered for back-channel requests";
        return Err(Fault::UnauthorizedClient(message.to_owned()));
    }
    let params = request_object::by_back_channel(ctx, &application, params).await?;
    let asked = Asked::read(ctx, &application, &params)?;
    let user = asked.find_user(ctx, &application).await?;
    let prepared = prepare(ctx, &application, &user, &asked)?;
    let (grant, granted) = prepared.rows();
    let (application, user) = (application.id, user.id);
    acting
        .transaction(move |ctx, tx| {
            check_not_flooded(ctx, tx, user, application)?;
            Ok(tx.insert_grant(&grant, &granted)?)
        })
        .await?;
    match prepared.issued().secret {
        AccessSecret::Opaque(auth_req_id) => Ok(Started {
            auth_req_id,
            expires_in: asked.expires_in,
            interval: ctx.settings().device_interval,
        }),
        AccessSecret::Signed(_) => Err(Fault::Internal("such requests are opaque".to_owned())),
    }
}

fn prepare(ctx: &Ctx, application: &Client, user: &User, asked: &Asked) -> Result<Prepared, Fault> {
    let payload = GrantPayload {
        asked_from: ctx.address.text(),
        backchannel: Some(BackchannelPayload {
            binding_message: asked.binding_message.clone(),
            acr_values: asked.acr_values.clone(),
        }),
        resources: asked.resources.clone(),
        details: asked.details.clone(),
        ..GrantPayload::default()
    };
    let new = NewGrant {
        user: Some(user),
        expires: Some(ctx.now.plus_seconds(asked.expires_in)),
        payload: Some(payload),
        ..NewGrant::new(GrantKind::BackchannelRequest, application, asked.scopes.clone())
    };
    new.with_opaque_secret(ctx, TokenKind::AuthenticationRequest)
}

/// Limits the requests for a user, so that a flood of them cannot obtain an approval.
fn check_not_flooded(ctx: &Ctx, tx: &store::Tx<'_>, user: Uuid, application: Uuid) -> Result<(), Fault> {
    let waiting = tx.list_undecided(user, GrantKind::BackchannelRequest, ctx.now)?;
    let of_one = waiting.iter().filter(|grant| grant.trusted_application_id == Some(application)).count();
    let since = ctx.now.plus_seconds(-RECENTLY);
    let recent = tx.count_since(user, application, GrantKind::BackchannelRequest, since)?;
    if waiting.len() < MAX_PENDING && of_one < MAX_PENDING_PER_CLIENT && recent < MAX_RECENT {
        return Ok(());
    }
    Err(Fault::TooManyAttempts(RECENTLY))
}

/// Lists the pending requests of the caller, the oldest first.
///
/// # Errors
/// [`Fault::Forbidden`] unless the caller is signed in to the pages.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<BackchannelRequest>, Fault> {
    signed_in(caller)?;
    let (user, now) = (caller.user.id, ctx.now);
    let found = ctx.store().read(move |read| {
        let waiting = read.list_undecided(user, GrantKind::BackchannelRequest, now)?;
        let parties = waiting.iter().map(|grant| read.find_grant_by_id(grant.id));
        parties.collect::<Result<Vec<_>, StoreError>>()
    });
    found.await?.into_iter().flatten().map(|found| request(ctx, found)).collect()
}

fn request(ctx: &Ctx, found: GrantParties) -> Result<BackchannelRequest, Fault> {
    let application = found.application.ok_or_else(unknown)?;
    Ok(BackchannelRequest {
        payload: GrantPayload::open(ctx.keyring(), found.grant.id, found.grant.data.as_deref())?,
        application: Client::new(application, &ctx.catalogue())?,
        scopes: Scopes::stored(found.grant.scopes.as_deref()),
        grant: found.grant,
    })
}

impl BackchannelRequest {
    /// Returns the message that the user sees on both devices.
    pub fn binding_message(&self) -> Option<&str> {
        self.payload.backchannel.as_ref()?.binding_message.as_deref()
    }

    /// Returns the address of the request.
    pub fn asked_from(&self) -> Option<IpAddr> {
        self.payload.asked_from.as_deref()?.parse().ok()
    }

    /// Returns until when the user may decide.
    pub fn valid_until(&self) -> Timestamp {
        self.grant.expire_timestamp.unwrap_or(self.grant.creation_timestamp)
    }
}

/// Approves a request of the caller. Of several decisions, one counts.
///
/// # Errors
/// [`Fault::Forbidden`] unless the caller is signed in to the pages: no token approves a request;
/// [`Fault::NotFound`] if the request is for another user; [`Fault::InteractionNeeded`] if a stronger authentication is
/// needed; [`Fault::Conflict`] if it was decided already or has expired.
pub async fn approve(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<BackchannelRequest, Fault> {
    let session = signed_in(caller)?;
    let request = own(ctx, caller, id).await?;
    check_may_sign_in(&request.application, &caller.user)?;
    check_strength(ctx, session, &request).await?;
    let payload =
        GrantPayload { sign_in: Some(SignInPayload::from_session(session)), ..request.payload.clone() };
    let (data, session) = (payload.seal(ctx.keyring(), ctx.random(), id)?, session.id);
    let (grant, user) = (request.grant.clone(), caller.user.id);
    caller
        .transaction(ctx, move |ctx, tx| {
            let approve = pending(ctx, id)
                .set(AccessToken::AuthorizedTimestamp, &Some(ctx.now))
                .set(AccessToken::AuthorizedIPAddress, &ctx.address.text())
                .set(AccessToken::Session, &Some(session.to_string()))
                .set(AccessToken::Data, &Some(data.clone()));
            if !tx.change(approve)? {
                return Err(too_late());
            }
            Event::for_grant(AuditEventType::CodeAuthorized, &grant).by(Actor::user(user)).note(ctx, tx)
        })
        .await?;
    Ok(request)
}

/// Denies a request of the caller.
///
/// # Errors
/// Those of [`approve`].
pub async fn deny(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<BackchannelRequest, Fault> {
    signed_in(caller)?;
    let request = own(ctx, caller, id).await?;
    let (grant, user) = (request.grant.clone(), caller.user.id);
    caller
        .transaction(ctx, move |ctx, tx| {
            let deny = pending(ctx, id)
                .set(AccessToken::RevokedTimestamp, &Some(ctx.now))
                .set(AccessToken::RevocationReason, &Some(RevocationReason::Denied));
            if !tx.change(deny)? {
                return Err(too_late());
            }
            Event::for_grant(AuditEventType::CodeDenied, &grant).by(Actor::user(user)).note(ctx, tx)
        })
        .await?;
    Ok(request)
}

/// Requires the requested authentication level if the user can reach it, as at the authorization endpoint.
async fn check_strength(ctx: &Ctx, session: &SessionRow, request: &BackchannelRequest) -> Result<(), Fault> {
    let asked = request.payload.backchannel.as_ref().map_or(&[][..], |asked| &asked.acr_values);
    let user = session.user_id;
    let factors = ctx.store().read(move |read| read.factors_of(user)).await?;
    if acr::is_within_reach(&session.methods, &factors, asked) {
        return Err(Fault::InteractionNeeded(Needed::SecondFactor));
    }
    Ok(())
}

/// Returns the request if it is for the caller. Administrators do not decide for other users either.
async fn own(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<BackchannelRequest, Fault> {
    let found = ctx.store().read(move |read| read.find_grant_by_id(id)).await?;
    let is_own = |found: &GrantParties| {
        found.grant.kind == GrantKind::BackchannelRequest && found.grant.user_id == Some(caller.user.id)
    };
    request(ctx, found.filter(is_own).ok_or_else(unknown)?)
}

fn unknown() -> Fault {
    Fault::NotFound("there is no such request".to_owned())
}

fn too_late() -> Fault {
    Fault::Conflict("this request was decided already, or has expired".to_owned())
}

fn signed_in(caller: &Caller) -> Result<&SessionRow, Fault> {
    let refused =
        || Fault::Forbidden("only a user who is signed in to the pages can decide on a request".to_owned());
    caller.session().ok_or_else(refused)
}
