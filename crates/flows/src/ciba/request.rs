use grant_state::client::check_may_sign_in;
use grant_state::state::check_user;
use input::text::Line;
use input::{Params, scopes};
use model::Uuid;
use model::entities::{GrantKind, User};

use authority::catalogue::requested;
use authority::oidc::id_token::{self, Hint};
use authority::oidc::subject::subject;
use authority::registry::names::find_user;
use authority::tokens::audience;
use authority::{AuthorizationDetails, Client, Ctx, Fault, Scopes, SubjectType};

/// The parameters of a request (OpenID CIBA, section 7.1).
pub(super) struct Asked {
    pub(super) scopes: Scopes,
    pub(super) binding_message: Option<String>,
    pub(super) acr_values: Vec<String>,
    /// The lifetime, in seconds.
    pub(super) expires_in: i64,
    pub(super) resources: Vec<String>,
    pub(super) details: AuthorizationDetails,
    who: Who,
}

/// The hint of the user.
enum Who {
    Login(String),
    Earlier(Hint),
}

/// Maximum length of a binding message, in characters.
const MAX_MESSAGE_LENGTH: usize = 100;
/// Maximum number of requested levels.
const MAX_LEVELS: usize = 10;

impl Asked {
    pub(super) fn read(ctx: &Ctx, application: &Client, params: &Params) -> Result<Self, Fault> {
        params.required("scope")?;
        let scopes = requested::granted(ctx, &application.scopes, params)?;
        if !scopes.contains(scopes::OPENID) {
            return Err(Fault::InvalidScope("the scope 'openid' is missing".to_owned()));
        }
        let named = params.get("acr_values").unwrap_or_default();
        let named: Vec<String> =
            named.split(' ').filter(|word| !word.is_empty()).take(MAX_LEVELS).map(str::to_owned).collect();
        Ok(Self {
            scopes,
            binding_message: binding_message(params)?,
            acr_values: if named.is_empty() {
                application.metadata.default_acr_values.clone()
            } else {
                named
            },
            expires_in: expires_in(ctx, params)?,
            resources: audience::asked(ctx, application, params)?,
            details: AuthorizationDetails::asked(&application.metadata, params)?,
            who: who(ctx, application, params)?,
        })
    }

    /// Finds the user of the hint, if a request for this user is allowed. The fault does not contain the reason why not: a
    /// client learns no more than whether the user can be asked.
    ///
    /// # Errors
    /// [`Fault::UnknownUserId`].
    pub(super) async fn find_user(&self, ctx: &Ctx, application: &Client) -> Result<User, Fault> {
        let found = match &self.who {
            Who::Login(login) => {
                let typed = login.clone();
                ctx.store().read(move |read| find_user(read, &typed)).await?
            }
            Who::Earlier(hint) => find_earlier(ctx, application, hint).await?,
        };
        let can_be_asked = |user: &User| {
            user.user_type.can_sign_in()
                && check_user(user).is_ok()
                && check_may_sign_in(application, user).is_ok()
        };
        found.filter(can_be_asked).ok_or(Fault::UnknownUserId)
    }
}

/// Reads the hint. Exactly one is required (section 7.1).
fn who(ctx: &Ctx, application: &Client, params: &Params) -> Result<Who, Fault> {
    let bad = |message: &str| Fault::InvalidRequest(message.to_owned());
    if params.get("login_hint_token").is_some() {
        return Err(bad("login_hint_token is not supported: use login_hint or id_token_hint"));
    }
    match (params.get("login_hint"), params.get("id_token_hint")) {
        (Some(login), None) => Ok(Who::Login(login.trim().to_owned())),
        (None, Some(hint)) => {
            let hint = id_token::read_hint(ctx, hint)?;
            if hint.aud == application.application_uri {
                Ok(Who::Earlier(hint))
            } else {
                Err(bad("the id_token_hint is of another application"))
            }
        }
        _ => Err(bad("one of login_hint and id_token_hint says who is asked")),
    }
}

/// Returns the user of an `id_token_hint`. A pairwise subject cannot be reversed: the user is that of the session.
async fn find_earlier(ctx: &Ctx, application: &Client, hint: &Hint) -> Result<Option<User>, Fault> {
    let id = match application.metadata.subject_type {
        SubjectType::Public => Uuid::parse_str(&hint.sub).ok(),
        SubjectType::Pairwise => {
            let Some(session) = hint.sid.clone() else { return Ok(None) };
            let codes =
                ctx.store().read(move |read| read.list_of_session(&session, GrantKind::AuthorizationCode));
            let own =
                codes.await?.into_iter().find(|code| code.trusted_application_id == Some(application.id));
            own.and_then(|code| code.user_id).filter(|user| subject(ctx, application, *user) == hint.sub)
        }
    };
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.store().read(move |read| read.find::<User>(id)).await?)
}

fn binding_message(params: &Params) -> Result<Option<String>, Fault> {
    let Some(text) = params.get("binding_message") else { return Ok(None) };
    let line = Line::parse(text)
        .map_err(|unfit| Fault::InvalidBindingMessage(format!("the binding_message: {unfit}")))?;
    if line.as_str().is_empty() || text.chars().count() > MAX_MESSAGE_LENGTH {
        return Err(Fault::InvalidBindingMessage(format!(
            "the binding_message has at most {MAX_MESSAGE_LENGTH} characters, in one line"
        )));
    }
    Ok(Some(line.into()))
}

/// Reads the requested lifetime, which can only shorten the configured one.
fn expires_in(ctx: &Ctx, params: &Params) -> Result<i64, Fault> {
    let usual = ctx.settings().lifetimes.backchannel_request_lifetime;
    let Some(text) = params.get("requested_expiry") else { return Ok(usual) };
    let asked = text.parse::<u32>().ok().filter(|seconds| *seconds > 0);
    let bad = || Fault::InvalidRequest("'requested_expiry' is a number of seconds above 0".to_owned());
    asked.map(|seconds| usual.min(i64::from(seconds))).ok_or_else(bad)
}
