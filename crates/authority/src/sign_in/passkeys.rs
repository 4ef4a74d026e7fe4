//! Passkeys: adding, signing in, removing (Web Authentication Level 3).

use grant_state::state::check_user;
use input::text::Line;
use model::entities::{AuditEventType, User};
use model::{Timestamp, Uuid};
use store::{PasskeyRow, StoreError};
use token::digest::{base64url, from_base64url, same};
use token::passkey::{Ceremony, PasskeyError};
use token::{TokenHash, random};

use super::attempts::PASSKEYS;
use super::authenticator::{Added, follow};
use super::proof::Proof;
use super::provider_logins::{hold, require_credential};
use super::recovery_codes;
use super::second_factor::require_fresh;
use super::session::{BrowserContext, SignedIn, new_session, renew_session, write_sign_in};
use crate::endings::{self, Occasion, Whose};
use crate::mail::{self, Notice};
use crate::registry::audit::{Actor, Event};
use crate::{Caller, Ctx, Fault, Reason, Settings};

/// The methods of a passkey with user verification (RFC 8176, section 2).
const PASSKEY: &str = "hwk user";
/// The lifetime of a challenge, in seconds.
const LIFETIME: i64 = 900;
const PURPOSE: &str = "passkey challenge";
/// Maximum number of passkeys of a user.
const MAX_PASSKEYS: i64 = 20;
/// Maximum length of the name of a passkey, in characters.
const MAX_NAME: usize = 64;

/// The response of a passkey to a challenge. All fields except `challenge` are base64url.
pub struct Answer<'a> {
    /// The challenge.
    pub challenge: &'a str,
    /// The identifier of the passkey.
    pub credential: &'a str,
    /// The client data of the browser.
    pub client_data: &'a str,
    /// The authenticator data.
    pub authenticator_data: &'a str,
    /// The signature; empty at a registration.
    pub signature: &'a str,
}

/// Returns the domain to which passkeys are bound: the host of the public URL. `None` for an IP address, for which browsers
/// have no passkeys.
pub fn rp_id(settings: &Settings) -> Option<&str> {
    let (_, rest) = settings.public_url.split_once("://")?;
    let host = rest.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = host.map_or(rest, |(host, _)| host);
    let is_address = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    (!is_address).then_some(host)
}

/// Returns a challenge that is valid once, in this browser, for some minutes. It is not stored.
pub fn challenge(ctx: &Ctx, place: BrowserContext<'_>) -> Result<String, Fault> {
    let nonce = random::bytes::<16>(ctx.random())?;
    let made = [&ctx.now.micros().to_be_bytes()[..], nonce.as_slice()].concat();
    Ok(base64url(&[&made[..], &mark(ctx, place, &made)].concat()))
}

fn mark(ctx: &Ctx, place: BrowserContext<'_>, made: &[u8]) -> [u8; 32] {
    ctx.authenticate(PURPOSE, &[made, place.cookie.as_bytes()].concat())
}

/// Returns when a challenge expires, if it is one of this browser and has not expired.
fn expires(ctx: &Ctx, place: BrowserContext<'_>, challenge: &str) -> Option<Timestamp> {
    let bytes = from_base64url(challenge)?;
    let (made, given) = bytes.split_at_checked(24)?;
    let (time, _) = made.split_first_chunk::<8>()?;
    let expires = Timestamp::from_micros(i64::from_be_bytes(*time)).plus_seconds(LIFETIME);
    (same(given, &mark(ctx, place, made)) && expires > ctx.now).then_some(expires)
}

/// Returns whether an origin is ours. If the public URL has the scheme `http`, any port is accepted.
fn is_own_origin(settings: &Settings, origin: &str) -> bool {
    let local = settings.public_url.starts_with("http://").then(|| rp_id(settings)).flatten();
    let host = origin.strip_prefix("http://").map(|rest| rest.split(':').next().unwrap_or_default());
    origin == settings.public_url || (local.is_some() && host == local)
}

fn refused(error: PasskeyError) -> Fault {
    tracing::info!(%error, "a passkey was refused");
    Fault::Unauthenticated(Reason::WrongProof)
}

fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    from_base64url(text).ok_or_else(|| refused(PasskeyError::Malformed))
}

/// Adds a passkey for the caller.
///
/// # Errors
/// [`Fault::Unauthenticated`] if the response to the challenge is invalid; [`Fault::Conflict`] if the passkey exists already
/// or there are too many.
pub async fn add(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    caller: &Caller,
    name: &str,
    answer: &Answer<'_>,
) -> Result<Added, Fault> {
    let factors = require_fresh(ctx, caller).await?;
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    if factors.passkeys >= MAX_PASSKEYS {
        return Err(Fault::Conflict(format!("there are {MAX_PASSKEYS} passkeys already")));
    }
    let (expires, settings) = (used_at(ctx, place, answer)?, ctx.settings());
    let own = |origin: &str| is_own_origin(settings, origin);
    let ceremony = ceremony(settings, answer, &own)?;
    let new = ceremony.register(&bytes(answer.client_data)?, &bytes(answer.authenticator_data)?);
    let new = new.map_err(refused)?;
    let name = String::from(Line::cleaned(name, MAX_NAME));
    let row = PasskeyRow {
        id: ctx.new_id()?,
        user_id: caller.user.id,
        credential_id: new.credential_id,
        public_key: new.public_key,
        sign_count: i64::from(new.sign_count),
        name: if name.is_empty() { "Passkey".to_owned() } else { name },
        created_at: ctx.now,
        last_used_at: None,
    };
    let codes = if factors.recovery_codes == 0 { recovery_codes::generate(ctx)? } else { Vec::new() };
    let hashes: Vec<String> = codes.iter().map(|code| code.hash().to_string()).collect();
    // The device has just verified the user, so the session has the methods of the passkey as well.
    let proof = Proof::from_session(ctx, session, &caller.user).with(PASSKEY);
    let signed_in = new_session(ctx, place, &proof)?;
    let (session, used) = (signed_in.session.clone(), used_name(answer));
    let notice = mail::notice(ctx, &caller.user, Notice::PasskeyAdded(row.name.clone()))?;
    caller
        .transaction(ctx, move |ctx, tx| {
            if !tx.consume_id(&used, expires)? {
                return Err(Fault::Unauthenticated(Reason::Reused));
            }
            tx.insert_passkey(&row).map_err(|error| match error {
                StoreError::Duplicate => Fault::Conflict("this passkey is known already".to_owned()),
                other => other.into(),
            })?;
            if !hashes.is_empty() {
                tx.replace_recovery_codes(row.user_id, &hashes)?;
            }
            follow(ctx, tx, row.user_id)?;
            mail::queue(tx, notice.as_ref())?;
            let event =
                Event::for_user(AuditEventType::FactorAdded, row.user_id).by(Actor::user(row.user_id));
            event.with("factor", "passkey").with("name", row.name.as_str()).note(ctx, tx)?;
            renew_session(ctx, tx, &session, &proof)
        })
        .await?;
    Ok(Added { signed_in, codes })
}

fn ceremony<'a>(
    settings: &'a Settings,
    answer: &'a Answer<'_>,
    is_own_origin: &'a (dyn Fn(&str) -> bool + Sync),
) -> Result<Ceremony<'a>, Fault> {
    let rp_id = rp_id(settings).ok_or(Fault::Unauthenticated(Reason::WrongProof))?;
    Ok(Ceremony { challenge: answer.challenge, rp_id, is_own_origin })
}

fn used_at(ctx: &Ctx, place: BrowserContext<'_>, answer: &Answer<'_>) -> Result<Timestamp, Fault> {
    expires(ctx, place, answer.challenge).ok_or(Fault::Unauthenticated(Reason::Expired))
}

fn used_name(answer: &Answer<'_>) -> String {
    TokenHash::new(&format!("passkey {}", answer.challenge)).to_string()
}

/// Signs in the user of a passkey. `pending` is the encrypted proof of the sign-in that it completes, if any.
///
/// # Errors
/// [`Fault::Unauthenticated`] if the response to the challenge is invalid, the passkey is unknown or was copied, or its user
/// is disabled; [`Fault::TooManyAttempts`] if the network sends too many.
pub async fn sign_in(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    pending: Option<&str>,
    answer: &Answer<'_>,
) -> Result<SignedIn, Fault> {
    let attempt = PASSKEYS.begin(ctx).await?;
    let (expires, settings) = (used_at(ctx, place, answer)?, ctx.settings());
    let credential = answer.credential.to_owned();
    let found = ctx.store().read(move |read| {
        let Some(passkey) = read.find_passkey(&credential)? else { return Ok(None) };
        let user: Option<User> = read.find(passkey.user_id)?;
        Ok::<_, StoreError>(user.map(|user| (passkey, user)))
    });
    let (passkey, user) = found.await?.ok_or(Fault::Unauthenticated(Reason::Unknown))?;
    if !user.user_type.can_sign_in() {
        return Err(Fault::Unauthenticated(Reason::UserInactive));
    }
    check_user(&user).map_err(Fault::Unauthenticated)?;
    let own = |origin: &str| is_own_origin(settings, origin);
    let (client_data, data) = (bytes(answer.client_data)?, bytes(answer.authenticator_data)?);
    let count = ceremony(settings, answer, &own)?
        .verify(&passkey.public_key, &client_data, &data, &bytes(answer.signature)?)
        .map_err(refused)?;
    let (was, count) = (passkey.sign_count, i64::from(count));
    // Section 7.2, step 22: a counter that does not increase indicates a copy.
    if (was > 0 || count > 0) && count <= was {
        tracing::warn!(passkey = %passkey.id, user = %user.id, "a passkey was used that seems to be a copy");
        return Err(Fault::Unauthenticated(Reason::Reused));
    }
    let proof = Proof::new(ctx, &user, PASSKEY)
        .completing(pending.and_then(|pending| Proof::open(ctx, place, pending)));
    let signed_in = new_session(ctx, place, &proof)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let (session, used) = (signed_in.session.clone(), used_name(answer));
    ctx.transaction(move |ctx, tx| {
        if !tx.consume_id(&used, expires)? || !tx.note_passkey_use(passkey.id, was, count, ctx.now)? {
            return Err(Fault::Unauthenticated(Reason::Reused));
        }
        write_sign_in(ctx, tx, &session, former, &proof)
    })
    .await?;
    attempt.take_back(ctx).await?;
    Ok(signed_in)
}

/// Lists the caller's passkeys.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<PasskeyRow>, Fault> {
    let user = caller.user.id;
    Ok(ctx.store().read(move |read| read.list_passkeys(user)).await?)
}

/// Removes a passkey, and ends what [`Occasion::FactorRemoved`] ends.
///
/// # Errors
/// [`Fault::NotFound`] if it is not the caller's; [`Fault::Conflict`] if it is the last credential.
pub async fn remove(ctx: &Ctx, caller: &Caller, id: Uuid) -> Result<(), Fault> {
    require_fresh(ctx, caller).await?;
    let (user, whose) = (caller.user.id, Whose::own(caller));
    let notice = mail::notice(ctx, &caller.user, Notice::PasskeyRemoved)?;
    caller
        .transaction(ctx, move |ctx, tx| {
            hold(tx, user)?;
            if !tx.remove_passkey(user, id)? {
                return Err(Fault::NotFound("there is no such passkey".to_owned()));
            }
            require_credential(ctx, tx, user)?;
            mail::queue(tx, notice.as_ref())?;
            let event = Event::for_user(AuditEventType::FactorRemoved, user).by(Actor::user(user));
            event.with("factor", "passkey").note(ctx, tx)?;
            follow(ctx, tx, user)?;
            endings::end(ctx, tx, Occasion::FactorRemoved, whose).map(drop)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_a_host() {
        for (url, host) in [
            ("https://id.example.org", Some("id.example.org")),
            ("https://id.example.org:8443", Some("id.example.org")),
            ("http://localhost:8080", Some("localhost")),
            ("http://127.0.0.1:8080", None),
            ("http://[::1]:8080", None),
        ] {
            assert_eq!(rp_id(&Settings::new(url)), host, "{url}");
        }
    }

    #[test]
    fn origins_are_exact_but_for_the_port_at_home() {
        let public = Settings::new("https://id.example.org");
        assert!(is_own_origin(&public, "https://id.example.org"));
        for other in
            ["http://id.example.org", "https://id.example.org:444", "https://id.example.org.evil.example"]
        {
            assert!(!is_own_origin(&public, other), "{other}");
        }
        let local = Settings::new("http://localhost:8080");
        assert!(is_own_origin(&local, "http://localhost:9090"));
        assert!(!is_own_origin(&local, "http://localhost.evil.example:8080"));
    }
}
