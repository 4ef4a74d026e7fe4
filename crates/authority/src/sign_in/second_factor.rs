//! Second factors: after the password, or later, if a stronger authentication is needed.

use input::Secret;
use model::Uuid;
use model::entities::User;
use store::{Factors, StoreError, TotpRow};
use token::recovery_code::RecoveryCode;
use token::totp::TotpSecret;

use super::guessing::{self, CodeKind};
use super::known_browsers::Known;
use super::proof::Proof;
use super::session::{BrowserContext, SignedIn, new_session, write_sign_in};
use crate::oidc::acr;
use crate::{Caller, Ctx, Fault, Needed, Reason};

/// A user who has shown one factor, and can show another.
pub struct PendingSignIn {
    /// The user.
    pub user: User,
    /// The factors of the user.
    pub factors: Factors,
    pub(crate) proof: Proof,
    /// Identifies the sign-in or the session in which the first factor was shown.
    shown_by: String,
}

/// The methods of a one-time code after a password (RFC 8176, section 2).
pub(crate) const ONE_TIME_CODE: &str = "otp mfa";
/// Maximum age of the authentication of a user who changes credentials, in seconds.
const FRESH: i64 = 900;

/// Finds the user who has shown one factor in this browser: in a pending sign-in, or in a session.
///
/// # Errors
/// [`Fault::Unauthenticated`] if there is none, or it was too long ago; [`Fault::InteractionNeeded`] if too many codes were
/// wrong, so that the password is needed again.
pub async fn find_pending(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    pending: Option<&str>,
) -> Result<PendingSignIn, Fault> {
    let missing = || Fault::Unauthenticated(Reason::Missing);
    let opened = pending.and_then(|pending| Some((Proof::open(ctx, place, pending)?, pending.to_owned())));
    let (proof, shown_by) = match opened {
        Some(opened) => opened,
        None => {
            let caller = place.before.ok_or_else(missing)?;
            let session = caller.session().ok_or_else(missing)?;
            (Proof::from_session(ctx, session, &caller.user), session.secret_hash.clone())
        }
    };
    if !guessing::may_enter_code(ctx, &shown_by).await? {
        return Err(Fault::InteractionNeeded(Needed::Login));
    }
    let id = proof.user;
    let found =
        ctx.store().read(move |read| Ok::<_, StoreError>((read.find::<User>(id)?, read.factors_of(id)?)));
    let (user, factors) = found.await?;
    let user = user.ok_or_else(missing)?;
    proof.check(&user)?;
    Ok(PendingSignIn { user, factors, proof, shown_by })
}

/// Completes a sign-in with a code of an authenticator app, or with a recovery code.
///
/// # Errors
/// [`Fault::Unauthenticated`] if the code is wrong or was used; [`Fault::TooManyAttempts`] if too many were wrong.
pub async fn prove_by_code(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    pending: &PendingSignIn,
    code: &Secret,
) -> Result<SignedIn, Fault> {
    let known = Known::find(ctx, place.known, &pending.user);
    let kind = Code::kind(code);
    let attempt = guessing::begin_code(ctx, pending.user.id, &pending.shown_by, kind, known.as_ref()).await?;
    let code = Code::read(ctx, &pending.user, code).await?;
    let proof = pending.proof.clone().with(ONE_TIME_CODE);
    let signed_in = new_session(ctx, place, &proof)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let (row, user) = (signed_in.session.clone(), pending.user.id);
    let used = ctx.transaction(move |ctx, tx| {
        // RFC 6238, section 5.2: a code is accepted once.
        let used = match &code {
            Code::Totp(step) => tx.consume_totp_step(user, *step)?,
            Code::Recovery(hash) => tx.consume_recovery_code(user, hash)?,
            Code::Wrong => false,
        };
        if used {
            write_sign_in(ctx, tx, &row, former, &proof)?;
        }
        Ok(used)
    });
    if !used.await? {
        guessing::note_failure(ctx, pending.user.id, &attempt).await?;
        return Err(Fault::Unauthenticated(Reason::WrongProof));
    }
    attempt.take_back(ctx).await?;
    Ok(signed_in)
}

/// A code that a user entered.
enum Code {
    Totp(i64),
    Recovery(String),
    Wrong,
}

impl Code {
    /// Returns the kind of a code, by its form.
    fn kind(typed: &Secret) -> CodeKind {
        if RecoveryCode::parse(typed.expose()).is_some() { CodeKind::Recovery } else { CodeKind::OneTime }
    }

    async fn read(ctx: &Ctx, user: &User, typed: &Secret) -> Result<Self, Fault> {
        if let Some(code) = RecoveryCode::parse(typed.expose()) {
            return Ok(Self::Recovery(code.hash().to_string()));
        }
        let id = user.id;
        let row = ctx.store().read(move |read| read.find_totp(id)).await?;
        let Some(row) = row.filter(|row| row.confirmed_at.is_some()) else { return Ok(Self::Wrong) };
        let step = open_secret(ctx, &row)?.matching_step(typed.expose(), ctx.now.seconds());
        Ok(step.map_or(Self::Wrong, Self::Totp))
    }
}

/// Decrypts the secret of an authenticator app.
pub(crate) fn open_secret(ctx: &Ctx, row: &TotpRow) -> Result<TotpSecret, Fault> {
    let bytes = ctx.authority().keyring.open(&row.sealed, secret_place(row.user_id).as_bytes())?;
    TotpSecret::from_bytes(&bytes).ok_or_else(|| Fault::Internal("a secret of another length".to_owned()))
}

/// Returns the associated data of the secret of a user's authenticator app.
pub(crate) fn secret_place(user: Uuid) -> String {
    format!("grantor_totp/{user}/sealed")
}

/// Returns the caller's factors besides the password.
pub async fn factors(ctx: &Ctx, caller: &Caller) -> Result<Factors, Fault> {
    let id = caller.user.id;
    Ok(ctx.store().read(move |read| read.factors_of(id)).await?)
}

/// Checks that the caller has authenticated recently, as strongly as possible. Required before a change of credentials.
/// Returns the factors.
///
/// # Errors
/// [`Fault::InteractionNeeded`] with the interaction that is needed.
pub async fn require_fresh(ctx: &Ctx, caller: &Caller) -> Result<Factors, Fault> {
    let session = caller.session().ok_or(Fault::Unauthenticated(Reason::Missing))?;
    if session.authenticated_at.plus_seconds(FRESH) <= ctx.now {
        return Err(Fault::InteractionNeeded(Needed::Login));
    }
    let factors = factors(ctx, caller).await?;
    if factors.any() && acr::reached(&session.methods) == acr::ONE_FACTOR {
        return Err(Fault::InteractionNeeded(Needed::SecondFactor));
    }
    Ok(factors)
}
