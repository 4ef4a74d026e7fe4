use model::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use token::digest;
use token::jose::{Algorithm, JoseError, JwkSet, NumericDate, verify_foreign};

use super::{Flow, Provider};
use crate::Ctx;
use crate::mail::EmailAddress;
use crate::text::Line;

/// Who signed in at a provider, as an ID token says it that was found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account, as the provider identifies it.
    pub(crate) subject: String,
    /// When the person proved who they are.
    pub(crate) authenticated_at: Timestamp,
    /// Whether they showed more than one factor.
    pub(crate) second_factor: bool,
    pub(crate) name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
}

/// Why what a provider says is not believed. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistrust {
    /// The ID token is not signed as it should be.
    #[error("the ID token: {0}")]
    Jose(#[from] JoseError),
    /// It is of another issuer.
    #[error("the ID token is of another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("the ID token is for another application")]
    Audience,
    /// It has expired, or is not yet valid.
    #[error("the ID token has expired, or is from the future")]
    Time,
    /// It answers another request.
    #[error("the nonce of the ID token is not the one of the request")]
    Nonce,
    /// It names nobody, or the UserInfo endpoint speaks of somebody else.
    #[error("the subject is missing, malformed or another one")]
    Subject,
    /// The person did not prove anew who they are.
    #[error("the person did not prove lately enough who they are, or it is not said when")]
    NotFresh,
}

/// By how much clocks may differ, in seconds.
const LEEWAY: i64 = 60;
/// OpenID Connect Core, section 2: `sub` has at most 255 ASCII characters.
const MAX_SUBJECT: usize = 255;
/// The longest name that is kept, in characters (`Name` of the model).
const MAX_NAME: usize = 254;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    nonce: Option<String>,
    auth_time: Option<NumericDate>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(flatten)]
    about: About,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What is told about the person, in the ID token or by the UserInfo endpoint. What is of another type is not told.
#[derive(Deserialize)]
struct About {
    name: Option<Value>,
    preferred_username: Option<Value>,
    email: Option<Value>,
    email_verified: Option<Value>,
}

/// Reads the ID token that answers a sign-in (OpenID Connect Core, section 3.1.3.7). Only signatures with public keys
/// count, by `algorithms`.
///
/// # Errors
/// [`Mistrust`]; with [`JoseError::UnknownKey`] newer keys may help.
pub fn read_id_token(
    ctx: &Ctx,
    provider: &Provider,
    flow: &Flow,
    keys: &JwkSet,
    algorithms: &[Algorithm],
    id_token: &str,
) -> Result<Identity, Mistrust> {
    let claims: Claims = verify_foreign(id_token, keys, algorithms, &["JWT", ""])?.claims;
    if claims.iss != provider.issuer {
        return Err(Mistrust::Issuer);
    }
    claims.check_audience(&provider.client_id)?;
    let now = ctx.now.seconds();
    let begins = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
    if claims.exp.seconds() + LEEWAY <= now || begins.seconds() - LEEWAY > now {
        return Err(Mistrust::Time);
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !digest::same(nonce.as_bytes(), flow.nonce.as_bytes()) {
        return Err(Mistrust::Nonce);
    }
    let is_subject = (1..=MAX_SUBJECT).contains(&claims.sub.len());
    if !is_subject || !claims.sub.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(Mistrust::Subject);
    }
    let mut identity = Identity {
        authenticated_at: authenticated_at(ctx, flow, claims.auth_time.map(NumericDate::seconds))?,
        second_factor: claims.amr.iter().any(|method| matches!(method.as_str(), "mfa" | "hwk" | "swk")),
        subject: claims.sub,
        name: None,
        username: None,
        email: None,
        email_verified: false,
    };
    identity.learn(&claims.about);
    Ok(identity)
}

impl Claims {
    fn check_audience(&self, client_id: &str) -> Result<(), Mistrust> {
        let (own, alone) = match &self.aud {
            Audience::One(aud) => (aud == client_id, true),
            Audience::Many(aud) => (aud.iter().any(|aud| aud == client_id), aud.len() == 1),
        };
        let party = self.azp.as_ref().map_or(alone, |azp| azp == client_id);
        if own && party { Ok(()) } else { Err(Mistrust::Audience) }
    }
}

/// When the person proved who they are; now, where the provider does not say and nobody asked.
fn authenticated_at(ctx: &Ctx, flow: &Flow, said: Option<i64>) -> Result<Timestamp, Mistrust> {
    let said = said.map(|said| said.min(ctx.now.seconds()));
    match (flow.max_age, said) {
        (None, said) => Ok(said.map_or(ctx.now, Timestamp::from_seconds)),
        (Some(0), Some(said)) if said.saturating_add(LEEWAY) >= flow.began().seconds() => Ok(ctx.now),
        (Some(most), Some(said)) if most > 0 && said.saturating_add(most) >= ctx.now.seconds() => {
            Ok(Timestamp::from_seconds(said))
        }
        (Some(_), _) => Err(Mistrust::NotFresh),
    }
}

impl Identity {
    /// Whether the ID token left out what the UserInfo endpoint may tell.
    pub const fn is_sparse(&self) -> bool {
        self.email.is_none() || self.name.is_none()
    }

    /// Adds what the UserInfo endpoint tells (OpenID Connect Core, section 5.3.2).
    ///
    /// # Errors
    /// [`Mistrust::Subject`] where it speaks of somebody else.
    pub fn complete(&mut self, told: &Value) -> Result<(), Mistrust> {
        if told.get("sub").and_then(Value::as_str) != Some(self.subject.as_str()) {
            return Err(Mistrust::Subject);
        }
        let about = About::deserialize(told).map_err(|_| Mistrust::Subject)?;
        self.learn(&about);
        Ok(())
    }

    fn learn(&mut self, about: &About) {
        let text = |value: &Option<Value>| {
            let line = Line::cleaned(value.as_ref()?.as_str()?, MAX_NAME);
            Some(String::from(line)).filter(|text| !text.is_empty())
        };
        self.name = self.name.take().or_else(|| text(&about.name));
        self.username = self.username.take().or_else(|| text(&about.preferred_username));
        if self.email.is_none() {
            let address = text(&about.email).and_then(|address| EmailAddress::parse(&address).ok());
            self.email = address.map(|address| address.to_string());
            // Some write it as a text.
            let says_so = |value: &Value| value == &Value::Bool(true) || value == "true";
            self.email_verified = self.email.is_some() && about.email_verified.as_ref().is_some_and(says_so);
        }
    }
}
