//! Showing a second factor: after the password, or later, where more is asked for.

use model::Uuid;
use model::entities::User;
use store::{Factors, StoreError, TotpRow};
use token::recovery_code::RecoveryCode;
use token::totp::TotpSecret;

use super::guessing::{self, CodeKind};
use super::known_browsers::Known;
use super::session::{BrowserContext, Proof, SignedIn, enter, new_session};
use crate::oidc::acr;
use crate::{Caller, Ctx, Fault, Needed, Reason};

/// Somebody who has shown one factor, and may show another.
pub struct PendingSignIn {
    /// The user.
    pub user: User,
    /// What they have.
    pub factors: Factors,
    pub(crate) proof: Proof,
    /// Names the sign-in, or the session, in which the factor was shown.
    shown_by: String,
}

/// The methods of whoever enters a one-time code after a password (RFC 8176, section 2).
pub(crate) const ONE_TIME_CODE: &str = "otp mfa";
/// How long ago somebody may have proved who they are to change how they prove it, in seconds.
const FRESH: i64 = 900;

/// Finds whoever has shown one factor here: by the password of a moment ago, or by being signed in.
///
/// # Errors
/// [`Fault::Unauthenticated`] where there is nobody, or too long ago; [`Fault::InteractionNeeded`] where too many codes
/// were wrong, so that the password is needed again.
pub async fn find_pending(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    half: Option<&str>,
) -> Result<PendingSignIn, Fault> {
    let missing = || Fault::Unauthenticated(Reason::Missing);
    let opened = half.and_then(|half| Some((Proof::open(ctx, place, half)?, half.to_owned())));
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

/// Finishes a sign-in with the code of an authenticator app, or with a recovery code.
///
/// # Errors
/// [`Fault::Unauthenticated`] where the code does not fit or was used; [`Fault::TooManyAttempts`] where too many were
/// wrong.
pub async fn prove_by_code(
    ctx: &Ctx,
    place: BrowserContext<'_>,
    half: &PendingSignIn,
    code: &str,
) -> Result<SignedIn, Fault> {
    let known = Known::find(ctx, place.known, &half.user);
    let kind = Code::kind(code);
    let attempt = guessing::begin_code(ctx, half.user.id, &half.shown_by, kind, known.as_ref()).await?;
    let code = Code::read(ctx, &half.user, code).await?;
    let proof = half.proof.clone().with(ONE_TIME_CODE);
    let signed_in = new_session(ctx, place, &proof)?;
    let former = place.before.and_then(Caller::session).map(|former| (former.id, former.user_id));
    let (row, user) = (signed_in.session.clone(), half.user.id);
    let used = ctx.transaction(move |ctx, tx| {
        // RFC 6238, section 5.2: a code is accepted once.
        let used = match &code {
            Code::Totp(step) => tx.consume_totp_step(user, *step)?,
            Code::Recovery(hash) => tx.consume_recovery_code(user, hash)?,
            Code::Wrong => false,
        };
        if used {
            enter(ctx, tx, &row, former, &proof)?;
        }
        Ok(used)
    });
    if !used.await? {
        guessing::note_failure(ctx, half.user.id, &attempt).await?;
        return Err(Fault::Unauthenticated(Reason::WrongProof));
    }
    attempt.take_back(ctx).await?;
    Ok(signed_in)
}

/// What somebody typed.
enum Code {
    Totp(i64),
    Recovery(String),
    Wrong,
}

impl Code {
    /// What somebody enters, by its form.
    fn kind(typed: &str) -> CodeKind {
        if RecoveryCode::parse(typed).is_some() { CodeKind::Recovery } else { CodeKind::OneTime }
    }

    async fn read(ctx: &Ctx, user: &User, typed: &str) -> Result<Self, Fault> {
        if let Some(code) = RecoveryCode::parse(typed) {
            return Ok(Self::Recovery(code.hash().to_string()));
        }
        let id = user.id;
        let row = ctx.store().read(move |read| read.find_totp(id)).await?;
        let Some(row) = row.filter(|row| row.confirmed_at.is_some()) else { return Ok(Self::Wrong) };
        let step = open_secret(ctx, &row)?.matching_step(typed, ctx.now.seconds());
        Ok(step.map_or(Self::Wrong, Self::Totp))
    }
}

/// The secret of an authenticator app.
pub(crate) fn open_secret(ctx: &Ctx, row: &TotpRow) -> Result<TotpSecret, Fault> {
    let bytes = ctx.authority().keyring.open(&row.sealed, secret_place(row.user_id).as_bytes())?;
    TotpSecret::from_bytes(&bytes).ok_or_else(|| Fault::Internal("a secret of another length".to_owned()))
}

/// Where the secret of a user's authenticator app lives.
pub(crate) fn secret_place(user: Uuid) -> String {
    format!("grantor_totp/{user}/sealed")
}

/// What somebody has besides a password.
pub async fn factors(ctx: &Ctx, caller: &Caller) -> Result<Factors, Fault> {
    let id = caller.user.id;
    Ok(ctx.store().read(move |read| read.factors_of(id)).await?)
}

/// Asks that somebody proved lately who they are, as strongly as they can: they are about to change how they do it.
/// Gives what they have.
///
/// # Errors
/// [`Fault::InteractionNeeded`] says what is missing.
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
