//! The proof of identity that a sign-in has so far.

use grant_state::state::check_user;
use model::entities::User;
use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use store::SessionRow;

use super::browser_context::BrowserContext;
use super::passwords::password_mark;
use super::pending_link::PendingLink;
use crate::{Ctx, Fault, Reason};

/// The proof of a user's identity. A browser keeps it encrypted until a second factor is shown.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Proof {
    pub(crate) user: Uuid,
    /// The authentication methods, separated by spaces (RFC 8176).
    pub(crate) methods: String,
    /// When the proof was given here, in microseconds.
    at: i64,
    /// The mark of the user's password at that time. Once the password is changed, the proof is void.
    pub(super) password: Option<String>,
    /// The name of the OpenID provider that authenticated the user.
    pub(super) provider: Option<String>,
    /// When the provider authenticated the user, if earlier than `at`; in microseconds.
    earlier: Option<i64>,
    /// The provider account that is linked to the user when the sign-in is complete.
    pub(super) link: Option<PendingLink>,
}

/// How long after the first factor a second factor is accepted, in seconds.
const PENDING_LIFETIME: i64 = 600;
/// The associated data of encrypted proofs, followed by the cookie of the browser.
const PENDING_PLACE: &str = "half of a sign-in at ";

impl Proof {
    /// A proof that the user gives now.
    pub(crate) fn new(ctx: &Ctx, user: &User, methods: &str) -> Self {
        Self {
            user: user.id,
            methods: methods.to_owned(),
            at: ctx.now.micros(),
            password: password_mark(user),
            provider: None,
            earlier: None,
            link: None,
        }
    }

    /// Returns the proof of a session.
    pub(crate) fn from_session(ctx: &Ctx, session: &SessionRow, user: &User) -> Self {
        // The end of the session was computed when the proof was given.
        let given = session.expires_at.plus_seconds(-ctx.settings().lifetimes.session_lifetime);
        let given = given.max(session.authenticated_at).min(ctx.now);
        let proof = Self { at: given.micros(), ..Self::new(ctx, user, &session.methods) };
        match &session.provider {
            Some(provider) => proof.by_provider(provider, session.authenticated_at),
            None => Self { at: session.authenticated_at.micros(), ..proof },
        }
    }

    /// Adds an account that is linked to the user when the sign-in is complete.
    pub(crate) fn linking(mut self, link: PendingLink) -> Self {
        self.link = Some(link);
        self
    }

    /// Takes over the account to link from the pending proof that this one completes, if it is of the same user.
    pub(crate) fn completing(mut self, pending: Option<Self>) -> Self {
        self.link = pending.filter(|pending| pending.user == self.user).and_then(|pending| pending.link);
        self
    }

    /// Sets the provider that authenticated the user, and when.
    pub(crate) fn by_provider(mut self, name: &str, authenticated_at: Timestamp) -> Self {
        self.provider = Some(name.to_owned());
        self.earlier = Some(authenticated_at.micros()).filter(|at| *at < self.at);
        self
    }

    /// Adds methods.
    pub(crate) fn with(mut self, methods: &str) -> Self {
        for method in methods.split(' ') {
            if !self.methods.split(' ').any(|own| own == method) {
                self.methods = format!("{} {method}", self.methods);
            }
        }
        self
    }

    /// Returns when the proof was given here.
    pub(super) fn given_at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }

    /// Returns when the user was authenticated, here or by the provider.
    pub(super) fn authenticated_at(&self) -> Timestamp {
        self.earlier.map_or(self.given_at(), Timestamp::from_micros)
    }

    /// Encrypts the proof for a browser.
    pub(crate) fn seal(&self, ctx: &Ctx, place: BrowserContext<'_>) -> Result<String, Fault> {
        let text = serde_json::to_vec(self)?;
        Ok(ctx.authority().keyring.seal(&text, pending_place(place).as_bytes(), ctx.random())?)
    }

    /// Decrypts a pending proof. Returns `None` if it is of another browser, or too old.
    pub(crate) fn open(ctx: &Ctx, place: BrowserContext<'_>, sealed: &str) -> Option<Self> {
        let text = ctx.authority().keyring.open(sealed, pending_place(place).as_bytes()).ok()?;
        let proof: Self = serde_json::from_slice(&text).ok()?;
        (proof.given_at().plus_seconds(PENDING_LIFETIME) > ctx.now).then_some(proof)
    }

    /// Checks that the proof still holds for the user's current row.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if the user is disabled or the password was changed.
    pub(crate) fn check(&self, user: &User) -> Result<(), Fault> {
        check_user(user).map_err(Fault::Unauthenticated)?;
        if password_mark(user) == self.password {
            Ok(())
        } else {
            Err(Fault::Unauthenticated(Reason::WrongProof))
        }
    }
}

fn pending_place(place: BrowserContext<'_>) -> String {
    format!("{PENDING_PLACE}{}", place.cookie)
}
