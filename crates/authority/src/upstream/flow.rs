use model::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use token::random_id::RandomId;
use token::{TokenHash, digest};

use super::Provider;
use crate::{Caller, Ctx, Fault};

/// A sign-in at a provider that was begun. The browser keeps it, sealed, in a cookie; it has no `Debug`, for it holds secrets.
#[derive(Serialize, Deserialize)]
pub struct Flow {
    provider: String,
    state: String,
    pub(super) nonce: String,
    /// The verifier of PKCE (RFC 7636).
    pub verifier: String,
    /// The path on this site to go on to.
    pub return_to: String,
    /// To whom the account is to be linked, where that is wanted.
    pub(crate) link: Option<Uuid>,
    /// How long ago, in seconds, the person may have proved who they are; not at all for zero.
    pub(super) max_age: Option<i64>,
    /// When it began, in microseconds.
    began: i64,
}

/// What is wanted of a sign-in.
#[derive(Clone, Copy, Default)]
pub struct Wish<'a> {
    /// The path on this site to go on to.
    pub return_to: &'a str,
    /// Who it probably is.
    pub login_hint: Option<&'a str>,
    /// How long ago the person may have proved who they are; zero asks for it at any rate.
    pub max_age: Option<i64>,
    /// Whether the person wants to choose an account.
    pub select_account: bool,
    /// Who wants an account to be linked to theirs.
    pub link: Option<&'a Caller>,
}

/// A sign-in that is about to begin.
pub struct Begun {
    /// What the provider sends back, by which what the browser keeps is found.
    pub state: String,
    /// What the browser keeps.
    pub cookie: String,
    /// The parameters for the provider's authorization endpoint.
    pub parameters: Vec<(&'static str, String)>,
}

/// How long a sign-in at a provider may take, in seconds.
pub const LIFETIME: i64 = 900;
const PLACE: &[u8] = b"a sign-in at a provider";
/// The longest hint that is passed on, in characters.
const MAX_HINT: usize = 254;

/// Begins a sign-in: a code, bound to this browser by `state`, to its ID token by `nonce` and to us by PKCE (RFC 9700,
/// section 2.1).
pub fn begin(ctx: &Ctx, provider: &Provider, wish: Wish<'_>) -> Result<Begun, Fault> {
    let secret = || Ok::<_, Fault>(RandomId::generate(ctx.random())?.expose().to_owned());
    let flow = Flow {
        provider: provider.name.clone(),
        state: secret()?,
        nonce: secret()?,
        verifier: secret()?,
        return_to: wish.return_to.to_owned(),
        link: wish.link.map(|caller| caller.user.id),
        max_age: wish.max_age,
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
    let prompts = [(wish.max_age == Some(0), "login"), (wish.select_account, "select_account")];
    let prompts: Vec<_> = prompts.iter().filter(|(wanted, _)| *wanted).map(|(_, prompt)| *prompt).collect();
    if !prompts.is_empty() {
        parameters.push(("prompt", prompts.join(" ")));
    }
    if let Some(seconds) = wish.max_age {
        parameters.push(("max_age", seconds.to_string()));
    }
    if let Some(hint) = wish.login_hint.filter(|hint| !hint.is_empty()) {
        parameters.push(("login_hint", hint.chars().take(MAX_HINT).collect()));
    }
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(&flow)?);
    Ok(Begun {
        state: flow.state,
        cookie: ctx.authority().keyring.seal(&plain, PLACE, ctx.random())?,
        parameters,
    })
}

/// Returns when a sign-in was begun that a browser keeps; nothing where it cannot be finished any more.
pub fn began(ctx: &Ctx, cookie: &str) -> Option<Timestamp> {
    let plain = ctx.authority().keyring.open(cookie, PLACE).ok()?;
    let flow: Flow = serde_json::from_slice(&plain).ok()?;
    (flow.ends() > ctx.now).then(|| flow.began())
}

/// Goes on with a sign-in for which a provider sent the browser back.
///
/// # Errors
/// [`Fault::InvalidRequest`] where it was begun in another browser, at another provider, or too long ago.
pub fn resume(ctx: &Ctx, provider: &Provider, cookie: Option<&str>, state: &str) -> Result<Flow, Fault> {
    let foreign =
        || Fault::InvalidRequest("this sign-in was not begun in this browser, or too long ago".to_owned());
    let sealed = cookie.ok_or_else(foreign)?;
    let plain = ctx.authority().keyring.open(sealed, PLACE).map_err(|_| foreign())?;
    let flow: Flow = serde_json::from_slice(&plain).map_err(|_| foreign())?;
    let own = flow.provider == provider.name && digest::same(flow.state.as_bytes(), state.as_bytes());
    if own && flow.ends() > ctx.now { Ok(flow) } else { Err(foreign()) }
}

/// Checks which provider says that it answers (RFC 9207, section 2.4); `says_always` is whether it promised to say so.
///
/// # Errors
/// [`Fault::InvalidRequest`] where it is another one.
pub fn check_issuer(provider: &Provider, says: Option<&str>, says_always: bool) -> Result<(), Fault> {
    let right = says.map_or(!says_always, |issuer| issuer == provider.issuer);
    if right { Ok(()) } else { Err(Fault::InvalidRequest("another provider answered".to_owned())) }
}

impl Flow {
    pub(super) const fn began(&self) -> Timestamp {
        Timestamp::from_micros(self.began)
    }

    /// Until when it has to be finished.
    pub(crate) const fn ends(&self) -> Timestamp {
        self.began().plus_seconds(LIFETIME)
    }

    /// Under which name it is noted that it was finished: it is once.
    pub(crate) fn used_name(&self) -> String {
        TokenHash::new(&format!("sign-in at a provider {}", self.state)).to_string()
    }
}
