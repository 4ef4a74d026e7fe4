//! ID tokens (OpenID Connect Core, section 2).

use grant_state::claims;
use grant_state::payload::SignInPayload;
use model::entities::User;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use token::digest;

use super::acr;
use super::keys::Purpose;
use super::subject::subject;
use crate::{Client, Ctx, Fault, Scopes};

/// The data of an ID token.
pub struct IdToken<'a> {
    /// The client.
    pub application: &'a Client,
    /// The user.
    pub user: &'a User,
    /// The session at which the client signs out.
    pub session: Option<&'a str>,
    /// How the user signed in.
    pub sign_in: &'a SignInPayload,
    /// The granted scopes.
    pub scopes: &'a Scopes,
    /// The `nonce` of the request.
    pub nonce: Option<&'a str>,
    /// The access token that is issued with it.
    pub access_token: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: String,
    sub: String,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    acr: &'static str,
    amr: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idp: Option<&'a str>,
    at_hash: String,
    #[serde(flatten)]
    about: Map<String, Value>,
}

impl IdToken<'_> {
    /// Signs the token.
    pub fn sign(&self, ctx: &Ctx) -> Result<String, Fault> {
        let claims = Claims {
            iss: ctx.settings().issuer(),
            sub: subject(ctx, self.application, self.user.id),
            aud: &self.application.application_uri,
            exp: ctx.now.plus_seconds(Purpose::IdToken.lifetime(ctx.settings())).seconds(),
            iat: ctx.now.seconds(),
            auth_time: self.sign_in.auth_time,
            nonce: self.nonce,
            acr: acr::reached(&self.sign_in.methods),
            amr: self.sign_in.methods.split(' ').collect(),
            sid: self.session,
            idp: self.sign_in.provider.as_deref(),
            at_hash: access_token_hash(self.access_token),
            about: claims::without_login(
                self.application.metadata.subject_type,
                self.sign_in.claims.for_id_token(&ctx.catalogue(), self.user, self.scopes),
            ),
        };
        let algorithm = self.application.metadata.id_token_signed_response_alg;
        ctx.authority().signing.sign(algorithm, Purpose::IdToken, &claims, ctx.now)
    }
}

/// Returns the subject of an `id_token_hint`, which may have expired (OpenID Connect Core, section 3.1.2.1).
///
/// # Errors
/// [`Fault::InvalidRequest`] if it is not an ID token of this issuer for this client.
pub fn hinted_subject(ctx: &Ctx, hint: &str, application: &Client) -> Result<String, Fault> {
    let hint = read_hint(ctx, hint)?;
    if hint.aud == application.application_uri { Ok(hint.sub) } else { Err(not_ours()) }
}

/// The claims of an `id_token_hint`.
#[derive(Deserialize)]
pub struct Hint {
    iss: String,
    /// The subject.
    pub sub: String,
    /// The client to which the token was issued.
    pub aud: String,
    /// The session.
    pub sid: Option<String>,
}

/// Verifies an `id_token_hint`.
pub fn read_hint(ctx: &Ctx, hint: &str) -> Result<Hint, Fault> {
    let read: Hint = ctx.authority().signing.verify(hint, &["JWT"]).map_err(|_| not_ours())?;
    if read.iss == ctx.settings().issuer() { Ok(read) } else { Err(not_ours()) }
}

fn not_ours() -> Fault {
    Fault::InvalidRequest("the id_token_hint is no ID token of this issuer for this application".to_owned())
}

/// Returns the `at_hash` of a token: the left half of its hash, base64url (section 3.1.3.6).
fn access_token_hash(text: &str) -> String {
    let hash = digest::sha256(text.as_bytes());
    digest::base64url(hash.split_at(16).0)
}
