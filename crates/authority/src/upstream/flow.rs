use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use token::random_id::RandomId;
use token::{TokenHash, digest};

use super::Provider;
use crate::{Caller, Ctx, Fault};

/// A pending sign-in at a provider. The browser keeps it in a sealed cookie. It has no `Debug`, because it contains secrets.
#[derive(Serialize, Deserialize)]
pub struct Flow {
    provider: String,
    state: String,
    pub(super) nonce: String,
    /// The verifier of PKCE (RFC 7636).
    pub verifier: String,
    /// The path of this site to return to.
    pub return_to: String,
    /// The user to whom the account is to be linked, if any.
    pub(crate) link: Option<Uuid>,
    /// The maximum age of the authentication, in seconds.
    pub(super) max_age: Option<i64>,
    /// When it began, in microseconds.
    began: i64,
}

/// The options of a sign-in at a provider.
#[derive(Clone, Copy, Default)]
pub struct SignInOptions<'a> {
    /// The path of this site to return to.
    pub return_to: &'a str,
    /// The login hint.
    pub login_hint: Option<&'a str>,
    /// The maximum age of the authentication, in seconds; zero requires a new one.
    pub max_age: Option<i64>,
    /// Whether the user wants to choose an account.
    pub select_account: bool,
    /// The user to whom the account is to be linked.
    pub link: Option<&'a Caller>,
}

/// A sign-in that begins.
pub struct Begun {
    /// The `state` that the provider returns, which identifies the cookie.
    pub state: String,
    /// The value of the cookie.
    pub cookie: String,
    /// The parameters for the authorization endpoint of the provider.
    pub parameters: Vec<(&'static str, String)>,
}

/// Maximum duration of a sign-in at a provider, in seconds.
pub const LIFETIME: i64 = 900;
const PLACE: &[u8] = b"a sign-in at a provider";
/// Maximum length of a login hint, in characters.
const MAX_HINT: usize = 254;

/// Begins a sign-in: a code, bound to this browser by `state`, to its ID token by `nonce` and to us by PKCE (RFC 9700,
/// section 2.1).
pub fn begin(ctx: &Ctx, provider: &Provider, options: SignInOptions<'_>) -> Result<Begun, Fault> {
    let secret = || Ok::<_, Fault>(RandomId::generate(ctx.random())?.expose().to_owned());
    let flow = Flow {
        provider: provider.name.clone(),
        state: secret()?,
        nonce: secret()?,
        verifier: secret()?,
        return_to: options.return_to.to_owned(),
        link: options.link.map(|caller| caller.user.id),
        max_age: options.max_age,
        began: ctx.now.micros(),
    };
    let mut parameters = vec![
        ("response_type", "code".to_owned()),
        ("client_id", provider.client_id.clone()),
        ("redirect_uri", provider.redirect_uri(ctx.settings())),
        ("scope", provider.scopes.clone()),
        ("state", flow.state.clone()),
        ("nonce", flow.nonce.clone()),
        ("code_challenge", digest::base64url(&digest::sha256(flow.verifier.as_bytes()))),
        ("code_challenge_method", token::pkce::METHOD.to_owned()),
    ];
    let prompts = [(options.max_age == Some(0), "login"), (options.select_account, "select_account")];
    let prompts: Vec<_> = prompts.iter().filter(|(wanted, _)| *wanted).map(|(_, prompt)| *prompt).collect();
    if !prompts.is_empty() {
        parameters.push(("prompt", prompts.join(" ")));
    }
    if let Some(seconds) = options.max_age {
        parameters.push(("max_age", seconds.to_string()));
    }
    if let Some(hint) = options.login_hint.filter(|hint| !hint.is_empty()) {
        parameters.push(("login_hint", hint.chars().take(MAX_HINT).collect()));
    }
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(&flow)?);
    Ok(Begun {
        state: flow.state,
        cookie: ctx.authority().keyring.seal(&plain, PLACE, ctx.random())?,
        parameters,
    })
}

/// Returns when the sign-in of a cookie began; `None` if it cannot be completed any more.
pub fn began(ctx: &Ctx, cookie: &str) -> Option<Timestamp> {
    let plain = ctx.authority().keyring.open(cookie, PLACE).ok()?;
    let flow: Flow = serde_json::from_slice(&plain).ok()?;
    (flow.ends() > ctx.now).then(|| flow.began())
}

/// Continues the sign-in of a response of a provider.
///
/// # Errors
/// [`Fault::InvalidRequest`] if it began in another browser, at another provider, or too long ago.
pub fn resume(ctx: &Ctx, provider: &Provider, cookie: Option<&str>, state: &str) -> Result<Flow, Fault> {
    let foreign =
        || Fault::InvalidRequest("this sign-in was not begun in this browser, or too long ago".to_owned());
    let sealed = cookie.ok_or_else(foreign)?;
    let plain = ctx.authority().keyring.open(sealed, PLACE).map_err(|_| foreign())?;
    let flow: Flow = serde_json::from_slice(&plain).map_err(|_| foreign())?;
    let own = flow.provider == provider.name && digest::same(flow.state.as_bytes(), state.as_bytes());
    if own && flow.ends() > ctx.now { Ok(flow) } else { Err(foreign()) }
}

/// Checks the `iss` of a response (RFC 9207, section 2.4); `says_always` is whether the provider always sends it.
///
/// # Errors
/// [`Fault::InvalidRequest`] if it is that of another provider, or is missing.
pub fn check_issuer(provider: &Provider, says: Option<&str>, says_always: bool) -> Result<(), Fault> {
    let right = says.map_or(!says_always, |issuer| issuer == provider.issuer);
    if right { Ok(()) } else { Err(Fault::InvalidRequest("another provider answered".to_owned())) }
}

impl Flow {
    pub(super) const fn began(&self) -> Timestamp {
        Timestamp::from_micros(self.began)
    }

    /// Returns until when it can be completed.
    pub(crate) const fn ends(&self) -> Timestamp {
        self.began().plus_seconds(LIFETIME)
    }

    /// Returns the one-time identifier of its completion.
    pub(crate) fn used_name(&self) -> String {
        TokenHash::new(&format!("sign-in at a provider {}", self.state)).to_string()
    }
}
