//! Users at other OpenID providers, as their ID tokens and UserInfo endpoints describe them.

use model::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use token::digest;
use token::jose::{Algorithm, JoseError, JwkSet, NumericDate, verify_foreign};

use crate::text::{Line, Login};
use crate::{Audience, EmailAddress};

/// Who signed in at a provider, as an ID token says it that was found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account, as the provider identifies it.
    pub subject: String,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
    /// Whether they showed more than one factor.
    pub second_factor: bool,
    /// The name, without the characters that a line may not have.
    pub name: Option<String>,
    /// The user name, as the login that it is.
    pub username: Option<String>,
    /// The e-mail address, as the provider wrote it.
    pub email: Option<String>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
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
    /// What is told about the person has another form than the specification gives it.
    #[error("a claim about the person has another type")]
    Unreadable,
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

/// What is told about the person, in the ID token or by the UserInfo endpoint. Null is what many providers write for a claim that
/// they do not have (OpenID Connect Core, section 5.3.2, would have it left out); any other type is refused.
#[derive(Deserialize)]
struct About {
    name: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
    email_verified: Option<Flag>,
}

/// True or false.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
struct Flag(bool);

impl TryFrom<Value> for Flag {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Bool(flag) => Ok(Self(flag)),
            // Some write it as a text.
            Value::String(text) if text == "true" => Ok(Self(true)),
            Value::String(text) if text == "false" => Ok(Self(false)),
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                Err("it is true or false")
            }
        }
    }
}

/// What an ID token has to answer.
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
    /// The present moment.
    pub now: Timestamp,
}

/// Reads the ID token that answers a sign-in (OpenID Connect Core, section 3.1.3.7). Only signatures with public keys
/// count, by `algorithms`.
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
    claims.check_audience(expected.client_id)?;
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
fn authenticated_at(expected: &Expected<'_>, said: Option<i64>) -> Result<Timestamp, Mistrust> {
    let said = said.map(|said| said.min(expected.now.seconds()));
    match (expected.max_age, said) {
        (None, said) => Ok(said.map_or(expected.now, Timestamp::from_seconds)),
        (Some(0), Some(said)) if said.saturating_add(LEEWAY) >= expected.began.seconds() => Ok(expected.now),
        (Some(most), Some(said)) if most > 0 && said.saturating_add(most) >= expected.now.seconds() => {
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
    /// [`Mistrust::Subject`] where it speaks of somebody else, [`Mistrust::Unreadable`] where a claim has another type.
    pub fn complete(&mut self, told: Map<String, Value>) -> Result<(), Mistrust> {
        if told.get("sub").and_then(Value::as_str) != Some(self.subject.as_str()) {
            return Err(Mistrust::Subject);
        }
        let about = About::deserialize(Value::Object(told)).map_err(|_| Mistrust::Unreadable)?;
        self.learn(&about);
        Ok(())
    }

    /// Only the name is cleaned, which decides nothing. A cleaned identifier would be another one, which can be another
    /// user's; what does not parse as it is, is dropped: it is no reason to refuse the sign-in.
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::kinds;

    fn told() -> Value {
        json!({
            "iss": "https://login.example", "sub": "s", "aud": "us", "azp": "us", "exp": 2, "iat": 1, "nbf": 1, "nonce": "n",
            "auth_time": 1, "amr": ["pwd"], "name": "Ada", "preferred_username": "ada", "email": "ada@example.org",
            "email_verified": true,
        })
    }

    /// Every kind of JSON at every claim: what has another type refuses the token, and is never read as if it were not there.
    #[test]
    fn every_kind_at_every_claim_is_read_or_refused() {
        assert!(Claims::deserialize(told()).is_ok());
        let is_moment = |kind: &Value| kind.as_f64().is_some_and(|seconds| (0.0..=1e11).contains(&seconds));
        let texts = |kind: &Value| kind.as_array().is_some_and(|all| all.iter().all(Value::is_string));
        for name in told().as_object().unwrap().keys() {
            for kind in kinds() {
                let is_right = match name.as_str() {
                    "iss" | "sub" => kind.is_string(),
                    "aud" => kind.is_string() || texts(&kind),
                    "exp" | "iat" => is_moment(&kind),
                    "nbf" | "auth_time" => kind.is_null() || is_moment(&kind),
                    "amr" => texts(&kind),
                    "email_verified" => kind.is_null() || kind.is_boolean(),
                    _ => kind.is_null() || kind.is_string(),
                };
                let mut claims = told();
                claims[name] = kind.clone();
                assert_eq!(Claims::deserialize(claims).is_ok(), is_right, "{name}: {kind}");
            }
        }
    }

    /// A login or an address with characters that nobody sees is that of nobody, not that of the one whom it looks like.
    #[test]
    fn names_count_as_they_are_written() {
        let hidden = ["be\u{200b}n", "be\u{ad}n", "\u{202e}ben", "be\r\nn", "ben\u{feff}", " ben"];
        for (login, is_kept) in hidden.map(|login| (login, false)).into_iter().chain([("ben", true)]) {
            let address = format!("{login}@example.com");
            let about = json!({"preferred_username": login, "email": address, "email_verified": true});
            let mut identity = identity();
            identity.learn(&About::deserialize(about).unwrap());
            let kept = (identity.username.is_some(), identity.email.is_some(), identity.email_verified);
            assert_eq!(kept, (is_kept, is_kept, is_kept), "{login:?}");
        }
    }

    fn identity() -> Identity {
        Identity {
            subject: "s".to_owned(),
            authenticated_at: Timestamp::from_seconds(0),
            second_factor: false,
            name: None,
            username: None,
            email: None,
            email_verified: false,
        }
    }

    #[test]
    fn what_the_userinfo_endpoint_tells_is_read_or_refused() {
        for name in ["name", "preferred_username", "email", "email_verified"] {
            for kind in kinds() {
                let flag = name == "email_verified" && kind.is_boolean();
                let is_right = kind.is_null() || flag || (kind.is_string() && name != "email_verified");
                let told = Map::from_iter([("sub".to_owned(), json!("s")), (name.to_owned(), kind.clone())]);
                let read = identity().complete(told);
                assert_eq!(read, if is_right { Ok(()) } else { Err(Mistrust::Unreadable) }, "{name}: {kind}");
            }
        }
        for (name, value, kept) in [
            ("name", "A\u{200b}da \n", json!(["Ada", null, null])),
            ("preferred_username", "Ada", json!([null, "ada", null])),
            ("preferred_username", "bo\u{200b}ss", json!([null, null, null])),
            ("preferred_username", "the\u{202e}boss", json!([null, null, null])),
            ("preferred_username", " boss", json!([null, null, null])),
            ("email", "Ada@EXAMPLE.org", json!([null, null, "Ada@example.org"])),
            ("email", "be\u{200b}n@example.com", json!([null, null, null])),
            ("email", "be\u{ad}n@example.com", json!([null, null, null])),
            ("email", "e\nlif@example.com", json!([null, null, null])),
            ("email", "ben@example.com\r\nx", json!([null, null, null])),
            ("email", " ben@example.com", json!([null, null, null])),
        ] {
            let told = Map::from_iter([("sub".to_owned(), json!("s")), (name.to_owned(), json!(value))]);
            let mut identity = identity();
            identity.complete(told).unwrap();
            assert_eq!(json!([identity.name, identity.username, identity.email]), kept, "{name}: {value:?}");
        }
        for (flag, verified) in [("true", true), ("false", false)] {
            let told = json!({"sub": "s", "email": "ada@example.org", "email_verified": flag});
            let Value::Object(told) = told else { panic!("an object") };
            let mut identity = identity();
            identity.complete(told).unwrap();
            assert_eq!(identity.email_verified, verified);
        }
        let other = Map::from_iter([("sub".to_owned(), json!(["s"]))]);
        assert_eq!(identity().complete(other), Err(Mistrust::Subject));
    }
}
