use std::collections::BTreeSet;
use std::sync::Arc;

use input::{ClaimsRequest, Params};
use token::digest::from_base64url;
use token::pkce::{CodeChallenge, METHOD};

use super::answer::ReturnAddress;
use authority::catalogue::requested;
use authority::oidc::{claims, id_token};
use authority::tokens::audience;
use authority::{AuthorizationDetails, Client, Ctx, Fault, RedirectUri, Scopes};

/// A validated authorization request.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// The client.
    pub application: Arc<Client>,
    /// The destination of the response.
    pub return_to: ReturnAddress,
    /// The requested scopes that the client may be granted.
    pub scopes: Scopes,
    /// The `prompt`.
    pub prompts: Vec<Prompt>,
    /// The maximum age of the sign-in, in seconds.
    pub max_age: Option<i64>,
    /// The login hint.
    pub login_hint: Option<String>,
    /// The requested levels of authentication (see [`authority::oidc::acr`]).
    pub acr_values: Vec<String>,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<String>,
    /// The thumbprint of the key to which the code is bound.
    pub(super) key: Option<String>,
    pub(super) claims: ClaimsRequest,
    /// The subjects of which one has to sign in, by `id_token_hint` and the claim `sub`; any user, if `None`.
    pub(super) subjects: Option<BTreeSet<String>>,
    /// The requested resource servers (RFC 8707).
    pub resources: Vec<String>,
    /// The requested `authorization_details`.
    pub details: AuthorizationDetails,
    /// The hash of the secret of a pushed request.
    pub(super) pushed: Option<String>,
}

/// The interaction that the client requests (OpenID Connect Core, section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing.
    None,
    /// The sign-in page, even if the user is signed in.
    Login,
    /// The consent page, even if the user has given the consent.
    Consent,
    /// The choice between accounts.
    SelectAccount,
}

/// The values of `prompt`.
pub const PROMPTS: [(&str, Prompt); 4] = [
    ("none", Prompt::None),
    ("login", Prompt::Login),
    ("consent", Prompt::Consent),
    ("select_account", Prompt::SelectAccount),
];

/// The refusal of a request, and its recipient.
#[derive(Debug)]
pub enum RequestError {
    /// Shown to the user: the redirect URI is not verified (RFC 6749, section 4.1.2.1).
    Shown(Fault),
    /// Returned to the client.
    Returned(Box<ReturnAddress>, Fault),
}

impl From<Fault> for RequestError {
    fn from(fault: Fault) -> Self {
        Self::Shown(fault)
    }
}

pub(super) fn read_of(
    ctx: &Ctx,
    application: Arc<Client>,
    params: &Params,
    pushed: Option<String>,
) -> Result<AuthorizationRequest, RequestError> {
    let redirect_uri = registered(&application, params.get("redirect_uri"))?;
    let mut return_to = ReturnAddress::new(&application, redirect_uri, params.get("state"));
    match read_into(ctx, application, &mut return_to, params, pushed) {
        Ok(request) => Ok(request),
        Err(fault) => Err(RequestError::Returned(Box::new(return_to), fault)),
    }
}

/// Returns the redirect URI of a request, if it is exactly one that the client registered (RFC 9700, section 2.1).
fn registered(application: &Client, asked: Option<&str>) -> Result<String, Fault> {
    let own = RedirectUri::stored(application.impersonate_login_url.as_deref());
    let refused = |message: &str| Err(Fault::InvalidRequest(message.to_owned()));
    match (asked, own.as_slice()) {
        (Some(asked), own) if own.iter().any(|uri| uri.matches(asked)) => Ok(asked.to_owned()),
        (Some(_), _) => refused("the redirect_uri is not one of those that the application registered"),
        (None, [only]) => Ok(only.to_string()),
        (None, _) => refused("the parameter 'redirect_uri' is missing"),
    }
}

/// Maximum length of `state` and `nonce`, in bytes.
const MAX_ECHO: usize = 2048;

/// Reads a value that is returned to the client unchanged.
fn echo(params: &Params, name: &str) -> Result<Option<String>, Fault> {
    match params.get(name) {
        Some(value) if value.len() > MAX_ECHO => {
            Err(Fault::InvalidRequest(format!("'{name}' has at most {MAX_ECHO} bytes")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

/// Reads the nonce for the ID token.
pub(crate) fn nonce(params: &Params) -> Result<Option<String>, Fault> {
    echo(params, "nonce")
}

fn read_into(
    ctx: &Ctx,
    application: Arc<Client>,
    return_to: &mut ReturnAddress,
    params: &Params,
    pushed: Option<String>,
) -> Result<AuthorizationRequest, Fault> {
    if let Some(mode) = params.get("response_mode") {
        return_to.answer_by(mode)?;
    }
    echo(params, "state")?;
    if params.required("response_type")? != "code" {
        return Err(Fault::UnsupportedResponseType);
    }
    // OpenID Connect Core, section 3.1.2.6.
    if params.get("request_uri").is_some() {
        return Err(Fault::RequestUriNotSupported);
    }
    if params.get("registration").is_some() {
        return Err(Fault::RegistrationNotSupported);
    }
    let claims = params.get("claims").map(ClaimsRequest::parse).transpose()?.unwrap_or_default();
    let hint = params.get("id_token_hint");
    let hinted = hint.map(|hint| id_token::hinted_subject(ctx, hint, &application)).transpose()?;
    let hinted = hinted.map(|subject| BTreeSet::from([subject]));
    Ok(AuthorizationRequest {
        scopes: requested::granted(ctx, &application.scopes, params)?,
        prompts: prompts(params)?,
        max_age: max_age(params)?.or(application.metadata.default_max_age),
        login_hint: params.get("login_hint").map(str::to_owned),
        acr_values: acr_values(&application, params, &claims),
        nonce: nonce(params)?,
        code_challenge: code_challenge(&application, params)?,
        key: key(params)?,
        subjects: claims::narrowed(hinted, claims.subjects.clone())?,
        claims,
        resources: audience::asked(ctx, &application, params)?,
        details: AuthorizationDetails::asked(&application.metadata, params)?,
        return_to: return_to.clone(),
        application,
        pushed,
    })
}

fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the requested levels: of the parameter, of a voluntary claim (OpenID Connect Core, section 5.5.1.1), or of the
/// registration of the client.
fn acr_values(application: &Client, params: &Params, claims: &ClaimsRequest) -> Vec<String> {
    let by_parameter = words(params.get("acr_values"));
    let usual = &application.metadata.default_acr_values;
    let all = [by_parameter, claims.voluntary_acr.clone(), usual.clone()];
    all.into_iter().find(|levels| !levels.is_empty()).unwrap_or_default()
}

fn prompts(params: &Params) -> Result<Vec<Prompt>, Fault> {
    let known = |word: &String| PROMPTS.iter().find(|(name, _)| name == word).map(|(_, prompt)| *prompt);
    let prompts: Option<Vec<_>> = words(params.get("prompt")).iter().map(known).collect();
    let prompts = prompts.ok_or_else(|| {
        Fault::InvalidRequest("'prompt' knows none, login, consent and select_account".to_owned())
    })?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(Fault::InvalidRequest("'prompt' is none alone".to_owned()));
    }
    Ok(prompts)
}

fn max_age(params: &Params) -> Result<Option<i64>, Fault> {
    let Some(text) = params.get("max_age") else { return Ok(None) };
    let seconds = text.parse::<u32>().map(|seconds| Some(i64::from(seconds)));
    seconds.map_err(|_| Fault::InvalidRequest("'max_age' is a number of seconds".to_owned()))
}

/// The parameter with the thumbprint of a key (RFC 9449, section 10).
pub(super) const KEY: &str = "dpop_jkt";

fn key(params: &Params) -> Result<Option<String>, Fault> {
    let Some(thumbprint) = params.get(KEY) else { return Ok(None) };
    if from_base64url(thumbprint).is_some_and(|hash| hash.len() == 32) {
        return Ok(Some(thumbprint.to_owned()));
    }
    Err(Fault::InvalidRequest(format!("'{KEY}' is the thumbprint of a key: the base64url of a SHA-256")))
}

/// Reads the code challenge. PKCE is required of all clients (OAuth 2.1, section 4.1.1), with S256 only.
fn code_challenge(application: &Client, params: &Params) -> Result<Option<String>, Fault> {
    let bad = |message: &str| Err(Fault::InvalidRequest(message.to_owned()));
    let Some(challenge) = params.get("code_challenge") else {
        if application.metadata.require_pkce {
            return bad("a code_challenge is required (PKCE)");
        }
        return Ok(None);
    };
    if params.get("code_challenge_method") != Some(METHOD) {
        return bad("the code_challenge_method is S256");
    }
    match CodeChallenge::parse(challenge) {
        Ok(challenge) => Ok(Some(challenge.to_string())),
        Err(error) => bad(&error.to_string()),
    }
}
