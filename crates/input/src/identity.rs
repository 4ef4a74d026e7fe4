//! Users at other OpenID providers, as their ID tokens and UserInfo endpoints describe them.

mod claims;

use model::Timestamp;
use serde::Deserialize as _;
use serde_json::{Map, Value};
use token::digest;
use token::jose::{Algorithm, JoseError, JwkSet, NumericDate, verify_foreign};

use self::claims::{About, Claims, Flag};
use crate::EmailAddress;
use crate::text::{Line, Login};

/// The user who signed in at a provider, by a verified ID token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The subject: the account at the provider.
    pub subject: String,
    /// When the user was authenticated.
    pub authenticated_at: Timestamp,
    /// Whether more than one factor was shown.
    pub second_factor: bool,
    /// The name, without the characters that a line may not have.
    pub name: Option<String>,
    /// The user name, if it is a valid login.
    pub username: Option<String>,
    /// The e-mail address, as the provider wrote it.
    pub email: Option<String>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
}

/// The reason to refuse the response of a provider. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistrust {
    /// The signature of the ID token is invalid.
    #[error("the ID token: {0}")]
    Jose(#[from] JoseError),
    /// Its issuer is another one.
    #[error("the ID token is of another issuer")]
    Issuer,
    /// Its audience is another client.
    #[error("the ID token is for another application")]
    Audience,
    /// It has expired, or is not yet valid.
    #[error("the ID token has expired, or is from the future")]
    Time,
    /// Its nonce is not that of the request.
    #[error("the nonce of the ID token is not the one of the request")]
    Nonce,
    /// Its subject is missing or malformed, or is not that of the UserInfo response.
    #[error("the subject is missing, malformed or another one")]
    Subject,
    /// A claim about the user has another type than specified.
    #[error("a claim about the user has another type")]
    Unreadable,
    /// The authentication is older than requested.
    #[error("the user was not authenticated recently enough, or auth_time is missing")]
    NotFresh,
}

/// Accepted difference between clocks, in seconds.
const LEEWAY: i64 = 60;
/// OpenID Connect Core, section 2: `sub` has at most 255 ASCII characters.
const MAX_SUBJECT: usize = 255;
/// Maximum length of a stored name, in characters (`Name` of the model).
const MAX_NAME: usize = 254;

/// The expected values of an ID token.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer of the provider.
    pub issuer: &'a str,
    /// The client_id at the provider.
    pub client_id: &'a str,
    /// The nonce of the request.
    pub nonce: &'a str,
    /// The `max_age` of the request, in seconds.
    pub max_age: Option<i64>,
    /// When the sign-in began.
    pub began: Timestamp,
    /// The current time.
    pub now: Timestamp,
}

/// Verifies the ID token of a sign-in (OpenID Connect Core, section 3.1.3.7). Only the asymmetric `algorithms` are accepted.
///
/// # Errors
/// [`Mistrust`]; with [`JoseError::UnknownKey`] newer keys may help.
pub fn read_id_token(
    expected: &Expected<'_>,
    keys: &JwkSet,
    algorithms: &[Algorithm],
    id_token: &str,
) -> Result<Identity, Mistrust> {
    let claims: Claims = verify_foreign(id_token, keys, algorithms, &["JWT", ""])?.claims;
    if claims.iss != expected.issuer {
        return Err(Mistrust::Issuer);
    }
    if !claims.is_for(expected.client_id) {
        return Err(Mistrust::Audience);
    }
    let now = expected.now.seconds();
    let begins = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
    if claims.exp.seconds() + LEEWAY <= now || begins.seconds() - LEEWAY > now {
        return Err(Mistrust::Time);
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !digest::same(nonce.as_bytes(), expected.nonce.as_bytes()) {
        return Err(Mistrust::Nonce);
    }
    let is_subject = (1..=MAX_SUBJECT).contains(&claims.sub.len()) && !claims.sub.trim().is_empty();
    if !is_subject || !claims.sub.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(Mistrust::Subject);
    }
    let mut identity = Identity {
        authenticated_at: authenticated_at(expected, claims.auth_time.map(NumericDate::seconds))?,
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

/// Returns when the user was authenticated: now, if the provider does not send it and it was not requested.
fn authenticated_at(expected: &Expected<'_>, auth_time: Option<i64>) -> Result<Timestamp, Mistrust> {
    let auth_time = auth_time.map(|auth_time| auth_time.min(expected.now.seconds()));
    match (expected.max_age, auth_time) {
        (None, auth_time) => Ok(auth_time.map_or(expected.now, Timestamp::from_seconds)),
        (Some(0), Some(auth_time)) if auth_time.saturating_add(LEEWAY) >= expected.began.seconds() => {
            Ok(expected.now)
        }
        (Some(most), Some(auth_time))
            if most > 0 && auth_time.saturating_add(most) >= expected.now.seconds() =>
        {
            Ok(Timestamp::from_seconds(auth_time))
        }
        (Some(_), _) => Err(Mistrust::NotFresh),
    }
}

impl Identity {
    /// Returns whether claims are missing that a UserInfo response may have.
    pub const fn is_sparse(&self) -> bool {
        self.email.is_none() || self.name.is_none()
    }

    /// Adds the claims of a UserInfo response (OpenID Connect Core, section 5.3.2).
    ///
    /// # Errors
    /// [`Mistrust::Subject`] if its subject is another one; [`Mistrust::Unreadable`] if a claim has another type.
    pub fn complete(&mut self, response: Map<String, Value>) -> Result<(), Mistrust> {
        if response.get("sub").and_then(Value::as_str) != Some(self.subject.as_str()) {
            return Err(Mistrust::Subject);
        }
        let about = About::deserialize(Value::Object(response)).map_err(|_| Mistrust::Unreadable)?;
        self.learn(&about);
        Ok(())
    }

    /// Takes over missing claims. The name is cleaned, because it identifies no one. Identifiers are not, because a cleaned one
    /// may be that of another user: an invalid identifier is dropped, and does not prevent the sign-in.
    fn learn(&mut self, about: &About) {
        let name = |text: &String| String::from(Line::cleaned(text, MAX_NAME));
        let name = || about.name.as_ref().map(name).filter(|name| !name.is_empty());
        self.name = self.name.take().or_else(name);
        let username = || about.preferred_username.as_deref().and_then(|text| Login::parse(text).ok());
        self.username = self.username.take().or_else(|| username().map(String::from));
        if self.email.is_none() {
            let address = about.email.as_deref().and_then(|text| EmailAddress::parse(text).ok());
            self.email = address.map(|address| address.to_string());
            self.email_verified = self.email.is_some() && about.email_verified.is_some_and(|Flag(flag)| flag);
        }
    }
}

#[cfg(test)]
mod tests;
